/* message-facts.c - what is told of sender, links and attachments, in a terminal and on a page alike */
#include "verdict/message-facts.h"

#include "rules/files.h"
#include "util/translate.h"

#define ACQUAINTANCE_MOST 200

const char *sender_proof(struct inspection *inspection)
{
    return inspection_is_authenticated(inspection) ? _("your servers found it to be from")
                                                   : _("nothing proves that it is from");
}

struct span sender_acquaintance(unsigned written_to, struct arena *arena)
{
    if (written_to == 0)
        return span_of(_("no mail that you sent to this address is known"));
    struct buffer text = buffer_new(arena, ACQUAINTANCE_MOST);
    buffer_append_format(&text, translate_count("you have sent %u message to this address",
                                                "you have sent %u messages to this address", written_to), written_to);
    return buffer_span(&text);
}

const char *link_without_words(const struct html_link *link)
{
    switch (link->kind) {
    case HTML_LINK_FORM:
        return _("a form sends what is typed");
    case HTML_LINK_REFRESH:
        return _("a page that opens by itself");
    case HTML_LINK_FRAME:
        return _("a page inside the page");
    case HTML_LINK_AREA:
        return _("a part of a picture");
    case HTML_LINK_DRAWING:
        return _("a drawing");
    case HTML_LINK_ANCHOR:
        break;
    }
    if (link->hidden)
        return _("a link that cannot be seen");
    return link->has_image ? _("a picture") : _("a link without words");
}

static bool same_link(const struct html_link *a, const struct html_link *b)
{
    return a->kind == b->kind && a->hidden == b->hidden && span_equal(a->target, b->target) &&
           span_equal(a->text, b->text);
}

bool link_stood_before(const struct html_link *links, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_link(&links[i], &links[index]))
            return true;
    return false;
}

bool part_is_attachment(const struct part *part)
{
    return part->file_name.length || span_is(part->disposition, "attachment") ||
           (!part->is_text && !span_starts_nocase(part->type, "message/"));
}

const char *part_danger(const struct part *part)
{
    if (file_kind(part->head) == FILE_KIND_PROGRAM)
        return _("is a program");
    switch (file_ending(file_extension(part->file_name))) {
    case FILE_ENDING_PROGRAM:
        return _("runs when opened");
    case FILE_ENDING_UNSAFE:
        return _("can change the system when opened");
    case FILE_ENDING_MACROS:
        return _("may bring programs along (macros)");
    case FILE_ENDING_DISK:
        return _("opens as a drive");
    case FILE_ENDING_PAGE:
        return _("opens as a page in the browser");
    case FILE_ENDING_OTHER:
    case FILE_ENDING_ARCHIVE:
    case FILE_ENDING_DOCUMENT:
        break;
    }
    return NULL;
}
