/* page-message.c - who wrote a message, its text and its attachments, as sections of an HTML page
 *
 * The other sections are in page-links.c and page-path.c.
 */
#include "verdict/page-message.h"

#include "rules/files.h"
#include "util/translate.h"
#include "verdict/figures.h"
#include "verdict/message-facts.h"
#include "verdict/padding.h"
#include "verdict/page.h"
#include "verdict/uncovered.h"

/* As much of each as a person reads; 60 KB of text are some thirty pages of paper. */
#define VISIBLE_BYTES_SHOWN ((size_t)40 * 1024)
#define HIDDEN_BYTES_SHOWN ((size_t)16 * 1024)
#define FIELD_SHOWN 400
#define MAILBOXES_SHOWN 8
#define HOST_SHOWN 255
#define ATTACHMENTS_SHOWN 40

/* --- who wrote ---------------------------------------------------------------------------------------------------- */

static void row_start(const char *name, struct buffer *out)
{
    buffer_append_format(out, "<dt>%s</dt><dd>", name);
}

static void row_end(struct buffer *out)
{
    buffer_append_string(out, "</dd>\n");
}

static void put_mailbox(const struct address *address, struct buffer *out)
{
    if (address->name.length) {
        buffer_append_string(out, "<b>");
        page_excerpt(address->name, FIELD_SHOWN, out);
        buffer_append_string(out, "</b> ");
    }
    buffer_append_string(out, "<span class=\"code\">");
    page_excerpt(address->mailbox, FIELD_SHOWN, out);
    buffer_append_string(out, "</span>");
}

static void put_mailboxes(const char *name, const struct address_list *list, struct buffer *out)
{
    if (list->count == 0)
        return;
    row_start(name, out);
    for (size_t i = 0; i < list->count && i < MAILBOXES_SHOWN; i++) {
        if (i)
            buffer_append_string(out, "<br>");
        put_mailbox(&list->items[i], out);
    }
    if (list->count > MAILBOXES_SHOWN)
        page_more(list->count - MAILBOXES_SHOWN, out);
    row_end(out);
}

static void put_field(const char *name, struct span value, struct buffer *out)
{
    if (value.length == 0)
        return;
    row_start(name, out);
    page_excerpt(value, FIELD_SHOWN, out);
    row_end(out);
}

static void put_result(const char *method, enum authentication_result result, struct span domain, struct buffer *out)
{
    static const struct {
        const char *name;
        enum page_colour colour;
    } results[] = {
        [AUTHENTICATION_UNKNOWN] = { NULL, PAGE_PLAIN },
        [AUTHENTICATION_NONE] = { N_("nothing to check"), PAGE_PLAIN },
        [AUTHENTICATION_PASS] = { N_("pass"), PAGE_HAM },
        [AUTHENTICATION_NEUTRAL] = { N_("neutral"), PAGE_PLAIN },
        [AUTHENTICATION_SOFTFAIL] = { N_("soft fail"), PAGE_UNSURE },
        [AUTHENTICATION_FAIL] = { N_("fail"), PAGE_SPAM },
        [AUTHENTICATION_ERROR] = { N_("error"), PAGE_UNSURE },
    };
    if (result == AUTHENTICATION_UNKNOWN)
        return;
    buffer_append_format(out, "<span class=\"result\">%s <b class=\"%s\">%s</b>", method,
                         page_colour_class(results[result].colour), _(results[result].name));
    if (domain.length) {
        buffer_append_string(out, " ");
        page_excerpt(domain, HOST_SHOWN, out);
    }
    buffer_append_string(out, "</span> ");
}

/* What our servers found, and what follows from it. */
static void put_proof(struct inspection *inspection, struct buffer *out)
{
    const struct authentication *found = inspection_authentication(inspection);
    const struct address *sender = inspection_sender(inspection);
    row_start(_("Proof"), out);
    put_result("SPF", found->spf, found->spf_domain, out);
    put_result("DKIM", found->dkim, found->dkim_domain, out);
    put_result("DMARC", found->dmarc, found->dmarc_domain, out);
    put_result("ARC", found->arc, SPAN_EMPTY, out);
    if (found->server.length == 0)
        buffer_append_string(out, _("no report of your mail servers; "));
    if (sender) {
        buffer_append_format(out, "%s ", sender_proof(inspection));
        page_excerpt(sender->domain, HOST_SHOWN, out);
    } else {
        buffer_append_string(out, _("it names no sender"));
    }
    row_end(out);
}

static void put_acquaintance(const struct explanation *explanation, struct buffer *out)
{
    if (!inspection_sender(explanation->inspection))
        return;
    row_start(_("Known"), out);
    buffer_append(out, sender_acquaintance(explanation->written_to, out->arena));
    row_end(out);
}

void page_sender(const struct explanation *explanation, struct buffer *out)
{
    const struct message *message = explanation->message;
    page_section_start(_("Who wrote"), NULL, out);
    buffer_append_string(out, "<dl>\n");
    put_field(_("Subject"), message->subject, out);
    put_mailboxes(_("From"), &message->from, out);
    put_mailboxes(_("Reply to"), &message->reply_to, out);
    put_mailboxes(_("To"), &message->to, out);
    put_mailboxes(_("Copy to"), &message->cc, out);
    put_field(_("Date"), header_value(&message->header, "Date"), out);
    put_proof(explanation->inspection, out);
    put_acquaintance(explanation, out);
    buffer_append_string(out, "</dl>\n");
    page_section_end(out);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* Puts a piece behind `last`; what is hidden on a line of its own is shown on one. */
static void put_piece(const struct uncovered_piece *piece, const struct uncovered_piece *last, struct buffer *out)
{
    bool is_apart = piece->starts_line || last->starts_line;
    bool ends = last->text.length == 0 || last->text.data[last->text.length - 1] == '\n';
    if (is_apart && !ends && piece->text.data[0] != '\n')
        buffer_append_byte(out, '\n');
    if (!piece->hidden) {
        page_escape(piece->text, out);
        return;
    }
    buffer_append_format(out, "<span class=\"hidden\"><b>%s%s</b> ",
                         piece->is_nowhere ? _("in a part not shown, ") : "", uncovered_reason(piece->reason));
    page_text(padding_shortened(piece->text, out->arena), out);
    buffer_append_string(out, "</span>");
}

void page_message_text(const struct message *message, struct buffer *out)
{
    struct uncovered walk = uncovered_start(message, VISIBLE_BYTES_SHOWN, HIDDEN_BYTES_SHOWN);
    struct uncovered_piece piece, last = { .text = SPAN_EMPTY };
    bool hides = message->html && message->html->stretch_count;
    page_section_start(_("Text"), _("As its reader sees it."), out);
    if (hides)
        buffer_append_format(out, "<p class=\"note\">%s <span class=\"hidden\"><b>%s</b> %s</span></p>\n",
                             _("What the reader does not see is uncovered in its place:"), _("with the reason"),
                             _("like this"));
    buffer_append_string(out, "<div class=\"text\" dir=\"auto\">");
    for (; uncovered_next(&walk, &piece); last = piece)
        put_piece(&piece, &last, out);
    buffer_append_string(out, "</div>\n");
    if (message->visible_text.length == 0)
        buffer_append_format(out, "<p class=\"note\">%s</p>\n", _("It shows no text at all."));
    if (walk.omitted) {
        buffer_append_string(out, "<p class=\"note\">");
        buffer_append_format(out, _("... and %zu bytes more"), walk.omitted);
        buffer_append_string(out, "</p>\n");
    }
    page_section_end(out);
}

/* --- attachments -------------------------------------------------------------------------------------------------- */

static void put_size(const struct part *part, struct buffer *out)
{
    char figure[FIGURE_SIZE];
    size_t bytes = part->raw.length;
    if (span_is(part->encoding, "base64"))
        bytes = bytes / 4 * 3; /* and some line ends: near enough */
    buffer_append_format(out, _("about %s"), figure_bytes(bytes, figure));
}

static void put_attachment(const struct part *part, struct buffer *out)
{
    enum file_kind kind = file_kind(part->head);
    const char *danger = part_danger(part);
    buffer_append_string(out, "<li><b>");
    page_excerpt(part->file_name.length ? part->file_name : span_of(_("without a name")), FIELD_SHOWN, out);
    buffer_append_string(out, "</b> <span class=\"quiet\">");
    page_excerpt(part->type, FIELD_SHOWN, out);
    buffer_append_string(out, ", ");
    put_size(part, out);
    buffer_append_string(out, "</span>");
    if (kind != FILE_KIND_UNKNOWN)
        buffer_append_format(out, "<br>%s %s", _("by its first bytes"), file_kind_name(kind));
    if (danger)
        buffer_append_format(out, " <b class=\"spam\">%s</b>", danger);
    buffer_append_string(out, "</li>\n");
}

void page_attachments(const struct message *message, struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < message->part_count; i++)
        count += part_is_attachment(&message->parts[i]);
    if (count == 0)
        return;
    page_section_start(_("Attachments"), NULL, out);
    buffer_append_string(out, "<ul class=\"attachments\">\n");
    size_t shown = 0;
    for (size_t i = 0; i < message->part_count && shown < ATTACHMENTS_SHOWN; i++) {
        if (!part_is_attachment(&message->parts[i]))
            continue;
        put_attachment(&message->parts[i], out);
        shown++;
    }
    buffer_append_string(out, "</ul>\n");
    if (count > shown)
        page_more(count - shown, out);
    page_section_end(out);
}
