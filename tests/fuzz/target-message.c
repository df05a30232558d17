/* target-message.c - a whole message: its view holds what message.h promises */
#include "config.h"

#include "fuzz.h"

#include "mail/message.h"
#include "util/limits.h"
#include "util/utf8.h"

static void check_parts(const struct message *message)
{
    fuzz_require(message->part_count >= 1);
    for (size_t i = 0; i < message->part_count; i++) {
        const struct part *part = &message->parts[i];
        fuzz_require(part->depth <= message->depth);
        fuzz_require(part->depth <= LIMIT_MIME_DEPTH);
        fuzz_require(utf8_is_valid(part->file_name));
        fuzz_require(part->file_name.length <= LIMIT_FILE_NAME);
        fuzz_require(part->head.length <= LIMIT_ATTACHMENT_PEEK);
        fuzz_require(!part->is_html || part->is_text);
    }
}

static void check_text(const struct message *message)
{
    const struct span texts[] = { message->visible_text, message->hidden_text, message->plain_text,
                                  message->html_text, message->subject, message->message_id };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        fuzz_require(utf8_is_valid(texts[i]));
    fuzz_require(message->visible_text.length <= LIMIT_VISIBLE_TEXT);
    fuzz_require(message->hidden_text.length <= LIMIT_HIDDEN_TEXT);
    fuzz_require(!memchr(message->visible_text.data ? message->visible_text.data : "", 0,
                         message->visible_text.length));
}

/* Each hidden stretch stands between two characters of the visible text, or nowhere, and none before another. */
static void check_stretches(const struct message *message)
{
    const struct html_view *view = message->html;
    size_t at = 0, end = 0;
    fuzz_require(view->stretch_count <= LIMIT_HIDDEN_STRETCHES);
    for (size_t i = 0; i < view->stretch_count; i++) {
        const struct html_stretch *stretch = &view->stretches[i];
        fuzz_require(stretch->start >= end);
        end = stretch->start + stretch->length;
        if (stretch->at == HTML_NOWHERE)
            continue;
        fuzz_require(stretch->at >= at && stretch->at <= message->visible_text.length);
        at = stretch->at;
        fuzz_require(utf8_is_valid(span_head(message->visible_text, at)));
    }
}

static void check_links(const struct message *message)
{
    fuzz_require(message->url_count <= LIMIT_URLS);
    for (size_t i = 0; i < message->url_count; i++) {
        fuzz_require(message->urls[i].text.length <= LIMIT_URL_BYTES);
        for (size_t j = 0; j < i && i < 50; j++)
            fuzz_require(!span_equal(message->urls[i].text, message->urls[j].text));
    }
    if (message->html) {
        fuzz_require(message->html->link_count <= LIMIT_LINKS);
        fuzz_require(message->html->image_count <= LIMIT_IMAGES);
        check_stretches(message);
    }
}

static bool addresses_equal(const struct address_list *a, const struct address_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!span_equal(a->items[i].mailbox, b->items[i].mailbox) || !span_equal(a->items[i].name, b->items[i].name))
            return false;
    return true;
}

/* The view depends on the bytes alone: not on where they lie, nor on what was read before. */
static void check_again(const struct message *message, struct arena *arena)
{
    const struct message *again = message_parse(arena_copy(arena, message->bytes), arena);
    fuzz_require(span_equal(message->visible_text, again->visible_text));
    fuzz_require(span_equal(message->hidden_text, again->hidden_text));
    fuzz_require(message->oddities == again->oddities);
    fuzz_require(message->part_count == again->part_count);
    fuzz_require(message->url_count == again->url_count);
    fuzz_require(addresses_equal(&message->from, &again->from));
}

FUZZ_TARGET(message, "a whole message becomes text, hidden text, links and attachments")
{
    const struct message *message = message_parse(input, arena);
    fuzz_require(message->relay_count <= LIMIT_RELAYS);
    check_parts(message);
    check_text(message);
    check_links(message);
    check_again(message, arena);
}
