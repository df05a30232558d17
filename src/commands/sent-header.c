/* sent-header.c - what the header of a sent message says, from the child that reads it to the parent that keeps it
 *
 * The answer about a message is lines: a letter, and what it stands for.  A line with a dot ends it.
 */
#include "commands/sent-header.h"

#include "mail/address.h"
#include "mail/header.h"
#include "mail/relay.h"
#include "senders/entry.h"
#include "util/hash.h"
#include "util/utf8.h"

enum line { LINE_IDENTITY = 'I', LINE_TIME = 'D', LINE_FROM = 'F', LINE_TO = 'T', LINE_FOREIGN = 'X', LINE_END = '.' };

/* --- in the child ----------------------------------------------------------------------------------------------- */

struct mailboxes {
    struct arena *arena;
    struct span items[CORRESPONDENTS_OF_ONE_MESSAGE];
    size_t count, most;
};

static void put_line(struct buffer *out, enum line line, struct span text)
{
    buffer_append_byte(out, (char)line);
    buffer_append(out, text);
    buffer_append_byte(out, '\n');
}

static bool is_plain(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] <= ' ' || text.data[i] == 0x7F)
            return false;
    return text.length > 0 && utf8_is_valid(text);
}

static void add_mailbox(struct mailboxes *mailboxes, const struct address *address)
{
    struct span domain = address->domain.length ? entry_domain(address->domain, mailboxes->arena) : SPAN_EMPTY;
    struct buffer mailbox = buffer_new(mailboxes->arena, ENTRY_LONGEST);
    if (domain.length == 0 || mailboxes->count == mailboxes->most || !is_plain(address->local))
        return;
    buffer_append(&mailbox, address->local);
    buffer_append_byte(&mailbox, '@');
    buffer_append(&mailbox, domain);
    for (size_t i = 0; i < mailboxes->count; i++)
        if (span_equal_nocase(mailboxes->items[i], buffer_span(&mailbox)))
            return;
    if (!mailbox.truncated)
        mailboxes->items[mailboxes->count++] = buffer_span(&mailbox);
}

static void add_field(struct mailboxes *mailboxes, const struct header *header, const char *name)
{
    for (size_t i = 0; i < header->count && mailboxes->count < mailboxes->most; i++) {
        struct address_list list;
        if (!span_is_nocase(header->fields[i].name, name))
            continue;
        address_parse(header->fields[i].raw, mailboxes->arena, &list);
        for (size_t k = 0; k < list.count; k++)
            add_mailbox(mailboxes, &list.items[k]);
    }
}

/* Is Return-Path, which a server writes at delivery, somebody else than From? */
static bool came_from_elsewhere(const struct header *header, const struct mailboxes *from)
{
    struct mailboxes path = { .arena = from->arena, .most = 1 };
    if (!header_find(header, "Return-Path"))
        return false;
    add_field(&path, header, "Return-Path");
    for (size_t i = 0; path.count && i < from->count; i++)
        if (span_equal_nocase(path.items[0], from->items[i]))
            return false;
    return true;
}

static bool is_foreign(const struct header *header, const struct mailboxes *from)
{
    const struct header_field *automatic = header_find(header, "Auto-Submitted");
    return from->count == 0 || header_find(header, "X-Tamis") || header_find(header, "Delivered-To") ||
           (automatic && !span_starts_nocase(automatic->value, "no")) || came_from_elsewhere(header, from);
}

/* The Message-ID, or what stands for it: a name made of all of the header. */
static void put_identity(const struct header *header, struct buffer *out)
{
    struct span identity = header_value(header, "Message-ID");
    if (is_plain(identity) && identity.length <= CORRESPONDENTS_IDENTIFIER) {
        put_line(out, LINE_IDENTITY, identity);
        return;
    }
    unsigned long long hash = hash_bytes(header->block.data, header->block.length, 0);
    buffer_append_format(out, "%cheader:%016llx\n", LINE_IDENTITY, hash);
}

void sent_header_write(struct span message, struct arena *arena, struct buffer *out)
{
    struct header header;
    struct mailboxes from = { .arena = arena, .most = SENT_HEADER_FROM };
    struct mailboxes to = { .arena = arena, .most = CORRESPONDENTS_OF_ONE_MESSAGE };
    header_parse(message, arena, &header);
    add_field(&from, &header, "From");
    if (is_foreign(&header, &from)) {
        put_line(out, LINE_FOREIGN, SPAN_EMPTY);
        put_line(out, LINE_END, SPAN_EMPTY);
        return;
    }
    add_field(&to, &header, "To");
    add_field(&to, &header, "Cc");
    add_field(&to, &header, "Bcc");
    int64_t time = relay_parse_date(header_value(&header, "Date"));
    put_identity(&header, out);
    buffer_append_format(out, "%c%lld\n", LINE_TIME, time == RELAY_NO_DATE ? 0LL : (long long)time);
    for (size_t i = 0; i < from.count; i++)
        put_line(out, LINE_FROM, from.items[i]);
    for (size_t i = 0; i < to.count; i++)
        put_line(out, LINE_TO, to.items[i]);
    put_line(out, LINE_END, SPAN_EMPTY);
}

/* --- in the parent ---------------------------------------------------------------------------------------------- */

static int64_t read_time(struct span text)
{
    int64_t time = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || time > INT64_MAX / 100)
            return 0;
        time = time * 10 + (text.data[i] - '0');
    }
    return time;
}

static void take_mailbox(struct span mailbox, struct span *items, size_t most, size_t *count)
{
    size_t at = span_find_byte(mailbox, '@');
    if (*count < most && is_plain(mailbox) && mailbox.length <= ENTRY_LONGEST && at > 0 && at + 1 < mailbox.length)
        items[(*count)++] = mailbox;
}

static void take_line(struct sent_header *header, char letter, struct span text)
{
    struct sent_message *message = &header->message;
    if (letter == LINE_FOREIGN)
        header->is_foreign = true;
    else if (letter == LINE_IDENTITY && is_plain(text))
        message->identity = text;
    else if (letter == LINE_TIME)
        message->time = read_time(text);
    else if (letter == LINE_FROM)
        take_mailbox(text, header->from, SENT_HEADER_FROM, &message->from_count);
    else if (letter == LINE_TO)
        take_mailbox(text, header->to, CORRESPONDENTS_OF_ONE_MESSAGE, &message->to_count);
}

bool sent_header_read(struct span *bytes, struct sent_header *header)
{
    *header = (struct sent_header){ .message = { .from = header->from, .to = header->to } };
    while (bytes->length) {
        size_t length = span_find_byte(*bytes, '\n');
        struct span line = span_head(*bytes, length);
        if (length == bytes->length || line.length == 0)
            return false;
        *bytes = span_from(*bytes, length + 1);
        if (line.data[0] == LINE_END)
            return true;
        take_line(header, line.data[0], span_from(line, 1));
    }
    return false;
}
