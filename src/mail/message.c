/* message.c - what a message says: the view every judge of it works from */
#include "mail/message.h"

#include "mail/message-text.h"
#include "mail/mime.h"
#include "util/limits.h"

void message_library_start(void)
{
    mime_library_start();
}

/* Content-Type: multipart/... or message/..., in whatever field it may be. */
bool message_may_have_structure(struct span bytes)
{
    struct span head = span_head(bytes, LIMIT_HEADER_BYTES);
    for (size_t at = span_find_byte(head, '/'); at < head.length;
         at += 1 + span_find_byte(span_from(head, at + 1), '/'))
        if (span_ends_nocase(span_head(head, at), "multipart") || span_ends_nocase(span_head(head, at), "message"))
            return true;
    return false;
}

static void read_addresses(struct message *message, const char *name, struct arena *arena, struct address_list *list)
{
    const struct header_field *field = header_find(&message->header, name);
    if (!field)
        return;
    if (field->raw.length > LIMIT_FIELD_BYTES)
        message->oddities |= ODDITY_LONG_ADDRESSES;
    address_parse(span_head(field->raw, LIMIT_FIELD_BYTES), arena, list);
    if (list->truncated)
        message->oddities |= ODDITY_LONG_ADDRESSES;
}

static void note_header(struct message *message)
{
    const struct header *header = &message->header;
    struct span seen = span_head(header->block, LIMIT_HEADER_BYTES);
    if (header->truncated)
        message->oddities |= ODDITY_HEADER_LIMIT;
    if (header->has_bad_line)
        message->oddities |= ODDITY_BAD_HEADER_LINE;
    if (header->count == 0)
        message->oddities |= ODDITY_NO_HEADER;
    if (header->separator.length == 0 && header->body.length == 0)
        message->oddities |= ODDITY_NO_BODY;
    if (span_find_byte(seen, '\0') < seen.length)
        message->oddities |= ODDITY_NUL_BYTES;
}

static void read_header(struct message *message, struct arena *arena)
{
    header_parse(message->bytes, arena, &message->header);
    note_header(message);
    message->relays = relay_parse(&message->header, arena, &message->relay_count);
    read_addresses(message, "From", arena, &message->from);
    read_addresses(message, "Reply-To", arena, &message->reply_to);
    read_addresses(message, "To", arena, &message->to);
    read_addresses(message, "Cc", arena, &message->cc);
    message->subject = header_value(&message->header, "Subject");
    message->message_id = header_value(&message->header, "Message-ID");
    message->date = relay_parse_date(header_value(&message->header, "Date"));
}

/* Links first: a flood of images or text must not push them out. */
static void collect_urls(struct message *message, struct arena *arena)
{
    struct url_set *set = url_set_new(arena);
    const struct html_view *html = message->html;
    for (size_t i = 0; html && i < html->link_count; i++)
        url_set_add(set, html->links[i].target);
    url_set_find(set, message->plain_text);
    url_set_find(set, message->html_text);
    for (size_t i = 0; html && i < html->image_count; i++)
        url_set_add(set, html->images[i].source);
    message->urls = url_set_items(set, &message->url_count);
}

const struct message *message_parse(struct span bytes, struct arena *arena)
{
    struct message *message = arena_new_object(arena, struct message);
    message->bytes = bytes;
    read_header(message, arena);
    message_text_read(message, arena);
    collect_urls(message, arena);
    return message;
}
