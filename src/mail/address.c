/* address.c - mailboxes out of From, To, Reply-To and their like
 *
 * One pass over the raw value that moves forward only; an opening quote, bracket or parenthesis that is never closed is
 * found out once and from then on taken for text.  What is not yet complete stands in `struct reader`.
 */
#include "config.h"

#include "mail/address.h"

#include "mail/decode.h"
#include "util/buffer.h"
#include "util/limits.h"
#include "util/utf8.h"

struct reader {
    struct arena *arena;
    struct span text;
    size_t at;
    struct address_list *list;
    struct address *items;
    size_t capacity;

    /* The address being read. */
    struct buffer phrase;  /* words and quoted strings, one space between them */
    struct buffer comment; /* the last comment: the name in "a@b (name)" */
    struct buffer mailbox; /* between '<' and '>', or the word with an '@' */
    bool has_angle;
    bool has_sign;         /* an '@' among the words of the phrase */
    bool glue;             /* nothing stands between the last word and the next */

    bool quotes_are_text, comments_are_text;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* --- one address out of its pieces ------------------------------------------------------------------------------- */

/* What is shown of a name: decoded, and without a comma left at its end or the apostrophes that Outlook puts around
 * it. */
static struct span decode_name(struct reader *reader, const struct buffer *raw)
{
    if (!raw->length)
        return SPAN_EMPTY;
    struct span name = header_decode(arena_copy(reader->arena, buffer_span(raw)), reader->arena, NULL);
    while (name.length && name.data[name.length - 1] == ',')
        name.length--;
    if (name.length >= 2 && name.data[0] == '\'' && name.data[name.length - 1] == '\'')
        name = span_trim(span_make(name.data + 1, name.length - 2));
    return name;
}

static void set_mailbox(struct reader *reader, struct address *address, struct span written)
{
    struct span text = span_trim(written);
    if (text.length > 2 && text.data[0] == '\'' && text.data[text.length - 1] == '\'')
        text = span_make(text.data + 1, text.length - 2);
    if (!utf8_is_valid(text)) {
        struct buffer decoded = buffer_new(reader->arena, LIMIT_FIELD_BYTES);
        decode_charset(text, SPAN_EMPTY, &decoded);
        text = buffer_span(&decoded);
    }
    text = arena_copy(reader->arena, text);
    const char *sign = text.length ? memrchr(text.data, '@', text.length) : NULL;
    size_t local = sign ? (size_t)(sign - text.data) : text.length;
    address->mailbox = text;
    address->local = span_head(text, local);
    address->domain = span_from(text, local + 1);
    while (address->domain.length && address->domain.data[address->domain.length - 1] == '.')
        address->domain.length--;
}

/* The last word with an '@' in "John Doe john@example.com", or in `"John Doe"@example.com` with its quotes. */
static struct span find_bare_mailbox(struct span words)
{
    const char *sign = words.length ? memrchr(words.data, '@', words.length) : NULL;
    if (!sign)
        return SPAN_EMPTY;
    const char *start = sign, *end = sign;
    if (start > words.data + 1 && start[-1] == '"') {
        const char *quote = memrchr(words.data, '"', (size_t)(start - 1 - words.data));
        start = quote ? quote : start;
    }
    while (start > words.data && start[-1] != ' ')
        start--;
    while (end < words.data + words.length && *end != ' ')
        end++;
    return span_make(start, (size_t)(end - start));
}

static struct address *new_item(struct reader *reader)
{
    struct address_list *list = reader->list;
    if (list->count == LIMIT_ADDRESSES) {
        list->truncated = true;
        return NULL;
    }
    if (list->count == reader->capacity) {
        size_t capacity = reader->capacity ? 2 * reader->capacity : 4;
        struct address *items = arena_new_array(reader->arena, struct address, capacity);
        if (list->count)
            memcpy(items, reader->items, list->count * sizeof *items);
        reader->items = items;
        reader->capacity = capacity;
    }
    return &reader->items[list->count++];
}

static void start_address(struct reader *reader)
{
    reader->phrase.length = reader->comment.length = reader->mailbox.length = 0;
    reader->has_angle = reader->has_sign = reader->glue = false;
}

/* "Supermarket Team,(<john@example.com>)": what some senders make of a name and a mailbox. */
static void take_mailbox_from_comment(struct reader *reader)
{
    struct span comment = buffer_span(&reader->comment);
    if (reader->has_angle || reader->has_sign || comment.length < 3 || comment.data[0] != '<' ||
        comment.data[comment.length - 1] != '>' || span_find_byte(comment, '@') == comment.length)
        return;
    buffer_append(&reader->mailbox, span_make(comment.data + 1, comment.length - 2));
    reader->has_angle = true;
    reader->comment.length = 0;
    reader->list->malformed = true;
}

/* The words outside of brackets, where there were no brackets: a mailbox, or a name with no mailbox at all. */
static void finish_bare(struct reader *reader, struct address *address)
{
    struct span words = buffer_span(&reader->phrase);
    struct span mailbox = find_bare_mailbox(words);
    if (!mailbox.length && span_find_byte(words, ' ') == words.length && !span_starts_nocase(words, "=?"))
        mailbox = words; /* "root" */
    set_mailbox(reader, address, mailbox);
    struct buffer rest = buffer_new(reader->arena, LIMIT_FIELD_BYTES);
    if (mailbox.length) {
        buffer_append(&rest, span_trim(span_head(words, (size_t)(mailbox.data - words.data))));
        struct span behind = span_trim(span_from(words, (size_t)(mailbox.data - words.data) + mailbox.length));
        if (rest.length && behind.length)
            buffer_append_byte(&rest, ' ');
        buffer_append(&rest, behind);
    } else {
        buffer_append(&rest, words);
    }
    reader->list->malformed |= rest.length > 0 || !mailbox.length;
    address->name = decode_name(reader, rest.length ? &rest : &reader->comment);
}

/* A separator or the end of the field. */
static void finish_address(struct reader *reader)
{
    take_mailbox_from_comment(reader);
    bool empty = !reader->phrase.length && !reader->comment.length && !reader->mailbox.length;
    struct address *address = empty ? NULL : new_item(reader);
    if (address && reader->has_angle) {
        set_mailbox(reader, address, buffer_span(&reader->mailbox));
        address->name = decode_name(reader, reader->phrase.length ? &reader->phrase : &reader->comment);
    } else if (address) {
        finish_bare(reader, address);
    }
    start_address(reader);
}

/* --- pieces ------------------------------------------------------------------------------------------------------ */

/* Begins a new word of the phrase.  No space where none stood, nor around the '@' and the dots of an address
 * (obs-addr-spec of RFC 5322 section 4.4: "john @ example . com"). */
static void begin_word(struct reader *reader, char first)
{
    struct buffer *phrase = &reader->phrase;
    char last = phrase->length ? phrase->data[phrase->length - 1] : '\0';
    bool in_address = first == '@' || last == '@' || (reader->has_sign && (first == '.' || last == '.'));
    if (phrase->length && !reader->glue && !in_address)
        buffer_append_byte(phrase, ' ');
    reader->glue = true;
}

/* The content of the quoted string at `reader->at`, its escapes undone, or as written where it is a local part or
 * `as_written`.  False when it is never closed: then nothing was read. */
static bool read_quoted(struct reader *reader, struct buffer *out, bool as_written)
{
    size_t end = reader->at + 1;
    while (end < reader->text.length && reader->text.data[end] != '"')
        end += reader->text.data[end] == '\\' ? 2 : 1;
    if (end >= reader->text.length) {
        reader->quotes_are_text = true;
        reader->list->malformed = true;
        return false;
    }
    bool is_local_part = end + 1 < reader->text.length && reader->text.data[end + 1] == '@';
    as_written = as_written || is_local_part;
    if (as_written)
        buffer_append_byte(out, '"');
    for (size_t i = reader->at + 1; i < end; i++) {
        if (reader->text.data[i] == '\\' && !as_written)
            i++;
        buffer_append_byte(out, reader->text.data[i]);
    }
    if (as_written)
        buffer_append_byte(out, '"');
    reader->at = end + 1;
    return true;
}

/* Skips the comment at `reader->at` (they nest), keeping its content; stays there when it is never closed. */
static void read_comment(struct reader *reader)
{
    size_t depth = 1, end = reader->at + 1;
    while (end < reader->text.length && depth) {
        char byte = reader->text.data[end];
        depth += byte == '(';
        depth -= byte == ')';
        end += byte == '\\' ? 2 : 1;
    }
    if (depth || end > reader->text.length) {
        reader->comments_are_text = true;
        reader->list->malformed = true;
        return;
    }
    reader->comment.length = 0;
    buffer_append(&reader->comment, span_trim(span_make(reader->text.data + reader->at + 1, end - reader->at - 2)));
    reader->at = end;
    reader->glue = false;
}

/* "<" route ":" addr-spec ">" (RFC 5322 sections 3.4 and 4.4).  Without ">" it ends at the next separator or '<'. */
static void read_angle(struct reader *reader)
{
    if (reader->has_angle) {
        reader->list->malformed = true;
        finish_address(reader);
    }
    struct buffer *mailbox = &reader->mailbox;
    mailbox->length = 0;
    reader->has_angle = true;
    reader->glue = false;
    for (reader->at++; reader->at < reader->text.length;) {
        char byte = reader->text.data[reader->at];
        bool in_route = mailbox->length && mailbox->data[0] == '@';
        if (byte == '>') {
            reader->at++;
            return;
        }
        if ((byte == '<' && mailbox->length) || byte == ';' || (byte == ',' && !in_route))
            break;
        if (byte == '"' && !reader->quotes_are_text && read_quoted(reader, mailbox, true))
            continue;
        if (byte == '(' && !reader->comments_are_text) {
            read_comment(reader);
            continue;
        }
        if (byte == ':' && in_route)
            mailbox->length = 0;
        else if (byte == '<')
            reader->list->malformed = true;
        else if (!is_blank(byte))
            buffer_append_byte(mailbox, byte);
        reader->at++;
    }
    reader->list->malformed = true;
}

/* The size of the encoded-word at the start of `text`, or 0.  Senders leave ',' ':' and '(' bare in them, though RFC
 * 2047 section 5 forbids it.  Looks at 256 bytes (RFC 2047 section 2 allows a word 75). */
static size_t encoded_word_size(struct span text)
{
    if (!span_starts_nocase(text, "=?"))
        return 0;
    text = span_head(text, 256);
    size_t marks = 1;
    for (size_t i = 2; i < text.length && !is_blank(text.data[i]); i++) {
        marks += text.data[i] == '?';
        if (marks >= 4 && text.data[i] == '=' && text.data[i - 1] == '?')
            return i + 1;
    }
    return 0;
}

static bool ends_word(const struct reader *reader, char byte, bool in_literal)
{
    return is_blank(byte) || byte == '<' || byte == ',' || byte == ';' || (byte == ':' && !in_literal) ||
           (byte == '"' && !reader->quotes_are_text) || (byte == '(' && !reader->comments_are_text);
}

/* Anything else: a word up to the next special or blank.  A domain literal keeps its colons. */
static void read_word(struct reader *reader)
{
    struct span rest = span_from(reader->text, reader->at);
    size_t length = encoded_word_size(rest);
    bool in_literal = false;
    while (length < rest.length && !ends_word(reader, rest.data[length], in_literal)) {
        in_literal = rest.data[length] == '[' || (in_literal && rest.data[length] != ']');
        length++;
    }
    struct span word = span_head(rest, length);
    begin_word(reader, word.data[0]);
    buffer_append(&reader->phrase, word);
    reader->has_sign = reader->has_sign || span_find_byte(word, '@') < word.length;
    reader->at += length;
}

/* A group's name ends with ':' and is no address; nor is the "mailto" that some put before one. */
static void end_group_name(struct reader *reader)
{
    reader->list->malformed |= reader->has_angle;
    start_address(reader);
}

/* Several words without an '@' are no address: the comma behind them belongs to a name that lacks its quotes ("Doe and
 * Sons, Ltd <john@example.com>"), which would otherwise come first in From with no mailbox at all. */
static bool comma_is_in_name(const struct reader *reader)
{
    struct span words = buffer_span(&reader->phrase);
    return !reader->has_angle && !reader->has_sign && span_find_byte(words, ' ') < words.length;
}

static void read_piece(struct reader *reader)
{
    char byte = reader->text.data[reader->at];
    if (byte == ',' && comma_is_in_name(reader)) {
        reader->list->malformed = true;
        buffer_append_byte(&reader->phrase, ',');
        reader->glue = false;
        reader->at++;
    } else if (byte == ',' || byte == ';') {
        finish_address(reader);
        reader->at++;
    } else if (byte == ':') {
        end_group_name(reader);
        reader->at++;
    } else if (is_blank(byte)) {
        reader->glue = false;
        reader->at++;
    } else if (byte == '>') {
        reader->list->malformed = true;
        reader->at++;
    } else if (byte == '<') {
        read_angle(reader);
    } else if (byte == '(' && !reader->comments_are_text) {
        read_comment(reader);
    } else if (byte == '"' && !reader->quotes_are_text) {
        begin_word(reader, byte);
        read_quoted(reader, &reader->phrase, false);
    } else {
        read_word(reader);
    }
}

void address_parse(struct span raw_value, struct arena *arena, struct address_list *list)
{
    *list = (struct address_list){ .truncated = raw_value.length > LIMIT_FIELD_BYTES };
    struct reader reader = {
        .arena = arena,
        .text = span_trim(span_head(raw_value, LIMIT_FIELD_BYTES)),
        .list = list,
        .phrase = buffer_new(arena, LIMIT_FIELD_BYTES),
        .comment = buffer_new(arena, LIMIT_FIELD_BYTES),
        .mailbox = buffer_new(arena, LIMIT_FIELD_BYTES),
    };
    while (reader.at < reader.text.length && !list->truncated)
        read_piece(&reader);
    finish_address(&reader);
    list->items = reader.items;
}
