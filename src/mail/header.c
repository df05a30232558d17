/* header.c - the header of a message or part, as it came and decoded
 *
 * Two steps: splitting, which only looks for line ends and colons, and decoding, which costs next to nothing for the
 * usual field (ASCII on one line without "=?"): its value is a stretch of the message itself.
 */
#include "config.h"

#include "mail/header.h"

#include <stdint.h>

#include "mail/decode.h"
#include "util/buffer.h"
#include "util/limits.h"
#include "util/utf8.h"

/* --- encoded-words (RFC 2047) ------------------------------------------------------------------------------------ */

/* Longest charset name we look at, with its language (RFC 2231 section 5). */
#define CHARSET_NAME_MOST 64

enum word_kind {
    WORD_NONE,   /* a "=?" in the text that begins no word */
    WORD_BROKEN, /* begins like a word and is not closed */
    WORD_WHOLE
};

struct word {
    struct span charset;
    struct span text;
    bool base64;
    const char *end; /* behind its "?=" */
};

struct word_decoder {
    struct buffer out;
    /* Adjacent words of one charset are joined here before they are converted: some senders cut a character in two,
     * which RFC 2047 section 5 forbids and mail programs mend. */
    struct buffer joined;
    struct span charset;
    const char *next_end; /* the first "?=" from some place on, NULL when there is none; keeps the search linear */
    bool next_end_known;
    bool decoded;
    bool broken;
};

/* The first "?=" in `text`. */
static const char *find_word_end(struct word_decoder *decoder, struct span text)
{
    if (!text.length) /* its data may be NULL, and then says nothing about the place */
        return NULL;
    if (!decoder->next_end_known || (decoder->next_end && decoder->next_end < text.data)) {
        decoder->next_end = memmem(text.data, text.length, "?=", 2);
        decoder->next_end_known = true;
    }
    return decoder->next_end;
}

/* Where "=?" first stands in `text`; its length when it does not.  Question marks are rarer than equal signs. */
static size_t find_word_start(struct span text)
{
    size_t at = 0;
    while (at < text.length) {
        at += span_find_byte(span_from(text, at), '?');
        if (at > 0 && at < text.length && text.data[at - 1] == '=')
            return at - 1;
        at++;
    }
    return text.length;
}

/* Reads the word at the start of `text`, which is "=?".  A word reaches to the first "?=", blanks in it are tolerated;
 * with another "=?" before that, the first was never closed. */
static enum word_kind read_word(struct word_decoder *decoder, struct span text, struct word *word)
{
    struct span rest = span_from(text, 2);
    size_t name = span_find_byte(span_head(rest, CHARSET_NAME_MOST), '?');
    if (name == 0 || name + 3 > rest.length || rest.data[name] != '?' || rest.data[name + 2] != '?')
        return WORD_NONE;
    char encoding = rest.data[name + 1];
    word->base64 = encoding == 'B' || encoding == 'b';
    if (!word->base64 && encoding != 'Q' && encoding != 'q')
        return WORD_BROKEN;
    word->charset = span_head(rest, span_find_byte(span_head(rest, name), '*'));
    rest = span_from(rest, name + 3);
    const char *end = find_word_end(decoder, rest);
    if (!end)
        return WORD_BROKEN;
    word->text = span_head(rest, (size_t)(end - rest.data));
    word->end = end + 2;
    return find_word_start(word->text) < word->text.length ? WORD_BROKEN : WORD_WHOLE;
}

/* Converts what the last words joined; line ends and NULs that were hidden in them become spaces. */
static void end_words(struct word_decoder *decoder)
{
    if (!decoder->joined.length)
        return;
    size_t before = decoder->out.length;
    if (!decode_charset(buffer_span(&decoder->joined), decoder->charset, &decoder->out))
        decoder->broken = true;
    for (size_t i = before; i < decoder->out.length; i++)
        if (strchr("\n\r", decoder->out.data[i])) /* or NUL */
            decoder->out.data[i] = ' ';
    decoder->joined.length = 0;
}

static void add_word(struct word_decoder *decoder, const struct word *word)
{
    if (!span_equal_nocase(decoder->charset, word->charset))
        end_words(decoder);
    decoder->charset = word->charset;
    decoder->decoded = true;
    if (word->base64)
        decode_base64(word->text, &decoder->joined);
    else if (!decode_q_encoding(word->text, &decoder->joined))
        decoder->broken = true;
}

static void add_text(struct word_decoder *decoder, struct span text)
{
    if (!text.length)
        return;
    end_words(decoder);
    decode_charset(text, SPAN_EMPTY, &decoder->out);
}

/* Everything in `text`: words wherever they stand (quoted or glued to text as well: so do mail programs), white space
 * between two of them dropped (RFC 2047 section 6.2). */
static void decode_words(struct word_decoder *decoder, struct span text)
{
    bool after_word = false;
    while (text.length && !decoder->out.truncated) {
        size_t start = find_word_start(text);
        struct span before = span_head(text, start);
        struct word word;
        enum word_kind kind = start < text.length ? read_word(decoder, span_from(text, start), &word) : WORD_NONE;
        if (kind == WORD_WHOLE) {
            if (!after_word || span_trim(before).length)
                add_text(decoder, before);
            add_word(decoder, &word);
            text = span_from(text, (size_t)(word.end - text.data));
        } else {
            add_text(decoder, span_head(text, start + 2));
            decoder->broken |= kind == WORD_BROKEN;
            text = span_from(text, start + 2);
        }
        after_word = kind == WORD_WHOLE;
    }
    end_words(decoder);
}

/* --- one value --------------------------------------------------------------------------------------------------- */

/* RFC 5322 section 2.2.3, except that the white space around a fold, which relays change at will, becomes one space. */
static struct span unfold(struct span raw, struct arena *arena)
{
    struct buffer out = buffer_new(arena, LIMIT_FIELD_BYTES);
    while (raw.length && !out.truncated) {
        size_t newline = span_find_byte(raw, '\n');
        struct span line = span_trim(span_head(raw, newline));
        if (line.length && out.length)
            buffer_append_byte(&out, ' ');
        buffer_append(&out, line);
        raw = span_from(raw, newline + 1);
    }
    return buffer_span(&out);
}

/* NUL bytes are spaces, as those are that encoded-words hide: no text that is read from a message has one. */
static struct span without_nul(struct span text, struct arena *arena)
{
    if (span_find_byte(text, '\0') == text.length)
        return text;
    struct span copy = arena_copy(arena, text);
    for (char *at = (char *)(uintptr_t)copy.data; at < copy.data + copy.length; at++)
        if (*at == '\0')
            *at = ' ';
    return copy;
}

/* What header_decode() gives, and the facts found on the way. */
struct decoded {
    struct span value;
    bool has_raw_8bit, has_encoded_word, has_broken_encoded_word;
};

static struct decoded decode_value(struct span raw, struct arena *arena)
{
    struct span text = span_trim(without_nul(span_head(raw, LIMIT_HEADER_BYTES), arena));
    struct decoded result = { .has_raw_8bit = !utf8_is_ascii(text) };
    if (span_find_byte(text, '\n') < text.length)
        text = unfold(text, arena);
    else
        text = span_head(text, LIMIT_FIELD_BYTES);
    bool has_words = find_word_start(text) < text.length;
    if (!has_words && (!result.has_raw_8bit || utf8_is_valid(text))) {
        result.value = text;
        return result;
    }
    struct word_decoder decoder = { .out = buffer_new(arena, LIMIT_FIELD_BYTES),
                                    .joined = buffer_new(arena, LIMIT_FIELD_BYTES) };
    decode_words(&decoder, text);
    result.value = span_trim(buffer_span(&decoder.out));
    result.has_encoded_word = decoder.decoded;
    result.has_broken_encoded_word = decoder.broken;
    return result;
}

struct span header_decode(struct span raw, struct arena *arena, bool *broken)
{
    struct decoded decoded = decode_value(raw, arena);
    if (broken)
        *broken = decoded.has_broken_encoded_word;
    return decoded.value;
}

/* --- splitting --------------------------------------------------------------------------------------------------- */

struct splitter {
    struct arena *arena;
    struct header *header;
    struct header_field *fields;
    size_t capacity;
    struct header_field *current; /* what a continuation line continues; NULL: nothing */
    const char *fields_end;       /* no field starts at or behind this */
    const char *first_bad_line;   /* NULL: there is none */
    const char *first_odd_line;   /* the same, and fields are odd too that no mail has; NULL: there is none */
    bool was_sent;                /* there is a field that tells a header from the first lines of a text */
};

/* The line at the start of `text`: all of it in `whole`, and without its end, which is LF with any CRs before it. */
static struct span first_line(struct span text, struct span *whole)
{
    size_t newline = span_find_byte(text, '\n');
    *whole = span_head(text, newline + 1);
    struct span line = span_head(text, newline);
    if (newline < text.length)
        while (line.length && line.data[line.length - 1] == '\r')
            line.length--;
    return line;
}

static struct header_field *new_field(struct splitter *splitter)
{
    struct header *header = splitter->header;
    if (header->count == splitter->capacity) {
        size_t capacity = splitter->capacity ? 2 * splitter->capacity : 64;
        struct header_field *fields = arena_new_array(splitter->arena, struct header_field, capacity);
        if (header->count)
            memcpy(fields, splitter->fields, header->count * sizeof *fields);
        splitter->fields = fields;
        splitter->capacity = capacity;
    }
    return &splitter->fields[header->count++];
}

/* The field name that `line` begins with, up to its colon: printable ASCII, and blanks before the colon (RFC 5322
 * sections 2.2 and 4.5.8).  Empty when the line is no field. */
static struct span field_name(struct span line, size_t *colon)
{
    size_t at = 0;
    while (at < line.length && line.data[at] > ' ' && line.data[at] < 0x7F && line.data[at] != ':')
        at++;
    struct span name = span_head(line, at);
    while (at < line.length && (line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    *colon = at;
    return at < line.length && line.data[at] == ':' ? name : SPAN_EMPTY;
}

/* Before the first line that is no field all that mail has, and text hardly ever; behind it only what no text has. */
static bool is_of_sent_mail(struct span name, bool behind_bad_line)
{
    static const char *const names[] = { "Received", "Return-Path", "Message-ID", "MIME-Version",
                                         "From", "To", "Date", "Reply-To", "Sender", "Delivered-To", "Content-Type" };
    size_t count = behind_bad_line ? 4 : sizeof names / sizeof *names;
    for (size_t i = 0; i < count; i++)
        if (span_equal_nocase(name, span_of(names[i])))
            return true;
    return false;
}

static void note_odd_line(struct splitter *splitter, struct span line)
{
    if (!splitter->first_odd_line)
        splitter->first_odd_line = line.data;
}

static void note_bad_line(struct splitter *splitter, struct span line)
{
    if (!splitter->header->has_bad_line)
        splitter->first_bad_line = line.data;
    splitter->header->has_bad_line = true;
    note_odd_line(splitter, line);
}

static void take_line(struct splitter *splitter, struct span line)
{
    struct header *header = splitter->header;
    if (line.data[0] == ' ' || line.data[0] == '\t') {
        if (splitter->current)
            splitter->current->raw.length = (size_t)(line.data + line.length - splitter->current->raw.data);
        else if (!header->truncated)
            note_bad_line(splitter, line);
        return;
    }
    splitter->current = NULL;
    if (header->count == LIMIT_HEADER_FIELDS || line.data >= splitter->fields_end)
        header->truncated = true;
    if (header->truncated)
        return;
    size_t colon;
    struct span name = field_name(line, &colon);
    if (!name.length) {
        note_bad_line(splitter, line);
        return;
    }
    splitter->was_sent = splitter->was_sent || is_of_sent_mail(name, header->has_bad_line);
    if (!splitter->was_sent && !span_equal_nocase(name, span_of("Subject")) && !span_starts_nocase(name, "X-"))
        note_odd_line(splitter, line);
    splitter->current = new_field(splitter);
    splitter->current->name = name;
    splitter->current->raw = span_make(line.data + colon + 1, line.length - colon - 1);
}

/* "From " of an mbox, but not the field "From :" of RFC 5322 section 4.5.8. */
static bool is_mbox_line(struct span line)
{
    size_t colon;
    return line.length >= 5 && memcmp(line.data, "From ", 5) == 0 && !field_name(line, &colon).length;
}

/* See header.h.  Of a text of one paragraph a line may look like a field: "Note: see you at noon". */
static struct span find_loose(const struct splitter *splitter, struct span message)
{
    bool ended = splitter->header->separator.length > 0;
    const char *start = ended || splitter->was_sent ? splitter->first_bad_line : splitter->first_odd_line;
    bool is_text = start && !(ended && splitter->was_sent);
    return is_text ? span_from(message, (size_t)(start - message.data)) : SPAN_EMPTY;
}

static void split(struct splitter *splitter, struct span message)
{
    struct header *header = splitter->header;
    struct span whole, rest = message, line = first_line(rest, &whole);
    if (is_mbox_line(line)) {
        header->mbox_line = whole;
        rest = span_make(rest.data + whole.length, rest.length - whole.length);
    }
    struct span block = rest;
    splitter->fields_end = rest.data + (rest.length < LIMIT_HEADER_BYTES ? rest.length : LIMIT_HEADER_BYTES);
    while (rest.length) {
        line = first_line(rest, &whole);
        if (!line.length) {
            header->separator = whole;
            header->body = span_make(rest.data + whole.length, rest.length - whole.length);
            break;
        }
        take_line(splitter, line);
        rest = span_from(rest, whole.length);
    }
    header->block = span_head(block, block.length - rest.length);
    header->loose = find_loose(splitter, message);
}

void header_parse(struct span message, struct arena *arena, struct header *header)
{
    *header = (struct header){ 0 };
    struct splitter splitter = { .arena = arena, .header = header };
    if (message.length)
        split(&splitter, message);
    for (size_t i = 0; i < header->count; i++) {
        struct header_field *field = &splitter.fields[i];
        struct decoded decoded = decode_value(field->raw, arena);
        field->value = decoded.value;
        field->has_raw_8bit = decoded.has_raw_8bit;
        field->has_encoded_word = decoded.has_encoded_word;
        field->has_broken_encoded_word = decoded.has_broken_encoded_word;
    }
    header->fields = splitter.fields;
}

/* --- looking up -------------------------------------------------------------------------------------------------- */

const struct header_field *header_find(const struct header *header, const char *name)
{
    struct span wanted = span_of(name);
    for (size_t i = 0; i < header->count; i++)
        if (span_equal_nocase(header->fields[i].name, wanted))
            return &header->fields[i];
    return NULL;
}

struct span header_value(const struct header *header, const char *name)
{
    const struct header_field *field = header_find(header, name);
    return field ? field->value : SPAN_EMPTY;
}

size_t header_count(const struct header *header, const char *name)
{
    struct span wanted = span_of(name);
    size_t count = 0;
    for (size_t i = 0; i < header->count; i++)
        count += span_equal_nocase(header->fields[i].name, wanted);
    return count;
}
