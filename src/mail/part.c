/* part.c - one MIME part: what it says it is, what it is shown as, and its content decoded */
#include "mail/part.h"

#include "mail/charset.h"
#include "mail/decode.h"
#include "mail/parameter.h"
#include "util/limits.h"
#include "util/utf8.h"

#define MAGIC_BYTES ((size_t)512)
/* Of an encoded text this much is looked at to tell whether it is encoded at all. */
#define ENCODING_SAMPLE ((size_t)2048)
/* A page says its charset within its first kilobyte (HTML standard, 13.2.3.2). */
#define META_SAMPLE ((size_t)1024)

struct reading {
    const char *name;
    enum part_text kind;
};

static const struct reading types[] = {
    { "text/html", PART_TEXT_HTML },
    { "application/xhtml+xml", PART_TEXT_HTML },
    { "image/svg+xml", PART_TEXT_HTML },
    { "text/calendar", PART_TEXT_CALENDAR },
    { "text/x-amp-html", PART_TEXT_NONE },
    { "text/css", PART_TEXT_NONE },
    { "text/javascript", PART_TEXT_NONE },
    { "text/rtf", PART_TEXT_NONE },
    { "text/xml", PART_TEXT_NONE },
    { "message/partial", PART_TEXT_PLAIN },
    { "message/delivery-status", PART_TEXT_PLAIN },
    { "message/disposition-notification", PART_TEXT_PLAIN },
};

static const struct reading extensions[] = {
    { ".html", PART_TEXT_HTML },  { ".htm", PART_TEXT_HTML }, { ".shtml", PART_TEXT_HTML },
    { ".xhtml", PART_TEXT_HTML }, { ".xht", PART_TEXT_HTML }, { ".svg", PART_TEXT_HTML },
    { ".txt", PART_TEXT_PLAIN },  { ".ics", PART_TEXT_CALENDAR },
};

/* What a page or drawing begins with. */
static const char *const page_starts[] = { "<!doctype html", "<html", "<head", "<body", "<script", "<svg", "<meta" };

/* First bytes of what has a table of contents worth reading. */
static const char *const deep_magics[] = { "PK\003\004", "%PDF", "{\\rt",        "\320\317\021\340",
                                            "Rar!",       "7z\274\257", "\037\213" };

static struct span lower_token(struct span raw, struct arena *arena)
{
    struct parameter_list list;
    parameter_parse(span_head(raw, 256), arena, &list);
    return list.value;
}

static bool is_base64(struct span encoding)
{
    return span_is(encoding, "base64");
}

static bool is_quoted_printable(struct span encoding)
{
    return span_is(encoding, "quoted-printable");
}

static bool is_uuencode(struct span encoding)
{
    return span_is(encoding, "x-uuencode") || span_is(encoding, "uuencode") || span_is(encoding, "x-uue");
}

static bool is_identity(struct span encoding)
{
    return encoding.length == 0 || span_is(encoding, "7bit") || span_is(encoding, "8bit") ||
           span_is(encoding, "binary");
}

static bool is_base64_byte(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '+' || byte == '/' || byte == '=';
}

/* Text with blanks between its words, or more foreign than base64 bytes in ten, is no base64. */
static bool looks_like_base64(struct span raw)
{
    size_t foreign = 0, own = 0;
    raw = span_head(span_trim(raw), ENCODING_SAMPLE);
    for (size_t i = 0; i < raw.length; i++) {
        char byte = raw.data[i];
        if (is_base64_byte(byte))
            own++;
        else if (byte != '\r' && byte != '\n')
            foreign++;
    }
    return foreign * 10 <= own;
}

static bool is_hex(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'F') || (byte >= 'a' && byte <= 'f');
}

/* More '=' that are no escape than ones that are. */
static bool looks_like_quoted_printable(struct span raw)
{
    size_t good = 0, bad = 0;
    raw = span_head(raw, ENCODING_SAMPLE);
    for (size_t i = 0; i + 2 < raw.length; i++) {
        if (raw.data[i] != '=')
            continue;
        bool is_soft_break = memchr("\n\r \t", raw.data[i + 1], 4) != NULL;
        bool is_escape = is_hex(raw.data[i + 1]) && is_hex(raw.data[i + 2]);
        good += is_soft_break || is_escape;
        bad += !is_soft_break && !is_escape;
    }
    return bad <= good;
}

/* Appends the content without its transfer encoding. */
static void decode_content(struct span raw, struct span encoding, struct buffer *out)
{
    if (is_base64(encoding))
        decode_base64(raw, out);
    else if (is_quoted_printable(encoding))
        decode_quoted_printable(raw, out);
    else if (is_uuencode(encoding))
        decode_uuencode(raw, out);
    else
        buffer_append(out, span_head(raw, out->limit));
}

static struct span decoded_start(const struct part *part, size_t length, struct arena *arena)
{
    if (is_identity(part->encoding))
        return span_head(part->raw, length);
    struct buffer head = buffer_new(arena, length);
    decode_content(part->raw, part->encoding, &head);
    return buffer_span(&head);
}

static void read_head(struct part *part, struct arena *arena, struct part_budget *budget)
{
    if (budget->attachments == 0)
        return;
    budget->attachments--;
    part->head = decoded_start(part, MAGIC_BYTES, arena);
    for (size_t i = 0; i < sizeof deep_magics / sizeof deep_magics[0]; i++) {
        if (part->head.length < 4 || memcmp(part->head.data, deep_magics[i], strlen(deep_magics[i])) != 0)
            continue;
        size_t length = budget->peek_bytes < LIMIT_ATTACHMENT_PEEK ? budget->peek_bytes : LIMIT_ATTACHMENT_PEEK;
        if (length > MAGIC_BYTES)
            part->head = decoded_start(part, length, arena);
        budget->peek_bytes -= length;
        return;
    }
}

static bool starts_like_a_page(struct span head)
{
    if (span_starts_nocase(head, "\xEF\xBB\xBF"))
        head = span_from(head, 3);
    head = span_trim(head);
    for (size_t i = 0; i < sizeof page_starts / sizeof page_starts[0]; i++)
        if (span_starts_nocase(head, page_starts[i]))
            return true;
    return false;
}

/* Types that senders give to what they do not want looked at; the name and the first bytes tell what it opens as. */
static bool is_vague_type(struct span type)
{
    return span_starts_nocase(type, "application/") || span_find_byte(type, '/') == type.length;
}

static enum part_text kind_of(const struct part *part, struct arena *arena)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (span_is(part->type, types[i].name))
            return types[i].kind;
    if (span_starts_nocase(part->type, "text/"))
        return PART_TEXT_PLAIN;
    if (!is_vague_type(part->type))
        return PART_TEXT_NONE;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
        if (span_ends_nocase(part->file_name, extensions[i].name))
            return extensions[i].kind;
    bool is_page = starts_like_a_page(decoded_start(part, MAGIC_BYTES, arena));
    return is_page ? PART_TEXT_HTML : PART_TEXT_NONE;
}

/* RFC 2045 section 5.2: without a type, or with one that is none, it is text/plain.  Of two differing types one that
 * says HTML wins, since some mail program will show it so. */
static void read_type(const struct mime_part *source, struct arena *arena, struct parameter_list *list,
                      struct part *part)
{
    parameter_parse(source->fields.type, arena, list);
    if (source->fields.other_type.length) {
        struct parameter_list other;
        parameter_parse(source->fields.other_type, arena, &other);
        if (span_is(other.value, "text/html"))
            *list = other;
    }
    part->type = list->value;
    if (source->is_message && list->value.length == 0)
        part->type = span_of("message/rfc822");
    else if (span_find_byte(part->type, '/') == part->type.length || source->is_broken)
        part->type = span_of("text/plain");
    part->charset = parameter_bytes(list, "charset", arena);
}

static void read_names(const struct parameter_list *type, const struct parameter_list *disposition, struct arena *arena,
                       struct part *part)
{
    struct span name = parameter_decode(type, "name", arena);
    struct span file_name = parameter_decode(disposition, "filename", arena);
    part->file_name = file_name.length ? file_name : name;
    part->file_names_differ = name.length && file_name.length && !span_equal(name, file_name);
    part->file_name_stands_once = (name.length == 0) != (file_name.length == 0);
    part->file_name_is_ambiguous =
        parameter_is_ambiguous(type, "name", arena) || parameter_is_ambiguous(disposition, "filename", arena);
}

static void note_type(const struct part *part, uint32_t *oddities)
{
    if (span_is(part->type, "message/partial"))
        *oddities |= ODDITY_PARTIAL;
    if (span_is(part->type, "message/external-body"))
        *oddities |= ODDITY_EXTERNAL_BODY;
    if (!is_identity(part->encoding) && !is_base64(part->encoding) && !is_quoted_printable(part->encoding) &&
        !is_uuencode(part->encoding))
        *oddities |= ODDITY_BAD_TRANSFER_ENCODING;
}

enum part_text part_read(const struct mime_part *source, struct arena *arena, struct part_budget *budget,
                         struct part *part, uint32_t *oddities)
{
    struct parameter_list type, disposition;
    *part = (struct part){ .raw = source->content, .depth = source->depth };
    read_type(source, arena, &type, part);
    parameter_parse(source->fields.disposition, arena, &disposition);
    part->disposition = disposition.value;
    part->encoding = lower_token(source->fields.encoding, arena);
    part->content_id = span_trim(source->fields.id);
    read_names(&type, &disposition, arena, part);
    note_type(part, oddities);
    if (source->is_message)
        return PART_TEXT_NONE;
    if (source->lost_its_type && starts_like_a_page(decoded_start(part, MAGIC_BYTES, arena)))
        part->type = span_of("text/html");
    enum part_text kind = kind_of(part, arena);
    part->is_text = kind != PART_TEXT_NONE;
    part->is_html = kind == PART_TEXT_HTML;
    if (!part->is_text)
        read_head(part, arena, budget);
    return kind;
}

/* Base64 ends with a whole group of four (RFC 4648 section 4), so groups are counted from the end. */
struct span part_decode_tail(const struct part *part, size_t length, struct arena *arena)
{
    struct span raw = part->raw;
    if (is_identity(part->encoding))
        return span_from(raw, raw.length > length ? raw.length - length : 0);
    if (!is_base64(part->encoding))
        return SPAN_EMPTY;
    size_t start = raw.length, wanted = length / 3 * 4, seen = 0, group = raw.length;
    size_t floor = raw.length > 2 * wanted ? raw.length - 2 * wanted : 0; /* whatever stands between its bytes */
    while (start > floor && seen < wanted) {
        start--;
        if (is_base64_byte(raw.data[start]) && ++seen % 4 == 0)
            group = start;
    }
    struct buffer tail = buffer_new(arena, length);
    decode_base64(span_from(raw, group), &tail);
    return buffer_span(&tail);
}

/* --- text ------------------------------------------------------------------------------------------------------- */

/* The transfer encoding taken off; content that is not encoded as it says is read as it stands. */
static struct span decode_transfer(const struct part *part, size_t limit, struct arena *arena, uint32_t *oddities)
{
    bool is_none = (is_base64(part->encoding) && !looks_like_base64(part->raw)) ||
                   (is_quoted_printable(part->encoding) && !looks_like_quoted_printable(part->raw));
    if (is_none)
        *oddities |= ODDITY_BAD_TRANSFER_ENCODING;
    bool is_plain = is_identity(part->encoding) || (is_none && is_base64(part->encoding));
    if (is_plain && part->raw.length > limit)
        *oddities |= ODDITY_TEXT_LIMIT;
    if (is_plain)
        return span_head(part->raw, limit);
    struct buffer bytes = buffer_new(arena, limit);
    decode_content(part->raw, part->encoding, &bytes);
    if (bytes.truncated)
        *oddities |= ODDITY_TEXT_LIMIT;
    return buffer_span(&bytes);
}

/* What a page says about its charset: the value behind the first "charset=". */
static struct span meta_charset(struct span page)
{
    static const char key[] = "charset=";
    page = span_head(page, META_SAMPLE);
    for (size_t at = 0; at + sizeof key - 1 < page.length; at++) {
        if (!span_starts_nocase(span_from(page, at), key))
            continue;
        at += sizeof key - 1;
        at += page.data[at] == '"' || page.data[at] == '\'';
        size_t end = at;
        while (end < page.length && !strchr("\"'>; /", page.data[end]) && page.data[end])
            end++;
        return span_head(span_from(page, at), end - at);
    }
    return SPAN_EMPTY;
}

/* Charsets in which ASCII bytes mean something else than ASCII. */
static bool is_stateful(struct span charset)
{
    return span_starts_nocase(charset, "utf-7") || span_starts_nocase(charset, "utf7") ||
           span_starts_nocase(charset, "unicode-") || span_starts_nocase(charset, "utf-16") ||
           span_starts_nocase(charset, "utf-32") || span_starts_nocase(charset, "iso-2022") ||
           span_starts_nocase(charset, "csiso2022") || span_starts_nocase(charset, "hz") ||
           span_starts_nocase(charset, "ucs") || span_starts_nocase(charset, "iso-10646") ||
           span_starts_nocase(charset, "ebcdic") || span_starts_nocase(charset, "ibm037") ||
           span_starts_nocase(charset, "cp037");
}

/* The charset of a page that names one only inside itself.  One in which that very name could not have been read is
 * taken for UTF-8, as browsers do with UTF-16 (HTML standard, 13.2.3.2); they know no UTF-7 and no UTF-32 at all.
 * Otherwise such a name would keep the text from us, and from no reader. */
static struct span charset_of_page(struct span page)
{
    struct span charset = meta_charset(page);
    struct charset known = charset_find(charset);
    switch (known.kind) {
    case CHARSET_UTF7:
    case CHARSET_UTF16:
    case CHARSET_UTF16_BIG:
    case CHARSET_UTF16_LITTLE:
        return span_of("utf-8");
    default:
        return known.iconv_name && span_starts_nocase(span_of(known.iconv_name), "UTF-32") ? span_of("utf-8") : charset;
    }
}

/* Drops NUL bytes (the words they split read whole in many mail programs) and the CR of CRLF. */
static struct span without_nul_and_cr(struct span text, struct arena *arena, uint32_t *oddities)
{
    bool has_nul = memchr(text.data, '\0', text.length) != NULL;
    if (has_nul)
        *oddities |= ODDITY_NUL_BYTES;
    if (!has_nul && span_find_byte(text, '\r') == text.length)
        return text;
    struct span copy = arena_copy(arena, text);
    char *bytes = (char *)copy.data;
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] != '\0' && !(text.data[i] == '\r' && i + 1 < text.length && text.data[i + 1] == '\n'))
            bytes[length++] = text.data[i];
    return span_make(bytes, length);
}

struct span part_decode_text(const struct part *part, enum part_text kind, size_t limit, struct arena *arena,
                             uint32_t *oddities)
{
    struct span bytes = decode_transfer(part, limit, arena, oddities);
    if (bytes.length == 0)
        return SPAN_EMPTY;
    struct span charset = part->charset;
    bool is_ascii = utf8_is_ascii(bytes);
    bool was_encoded = bytes.data != part->raw.data;
    if (is_ascii && was_encoded && is_base64(part->encoding))
        *oddities |= ODDITY_BASE64_ASCII_TEXT;
    if (charset.length == 0 && kind == PART_TEXT_HTML && !is_ascii)
        charset = charset_of_page(bytes);
    struct span text = bytes;
    if (!is_ascii || is_stateful(charset)) {
        struct buffer utf8 = buffer_new(arena, limit);
        if (!decode_charset(bytes, charset, &utf8))
            *oddities |= ODDITY_BAD_CHARSET;
        if (utf8.truncated)
            *oddities |= ODDITY_TEXT_LIMIT;
        text = utf8_head(buffer_span(&utf8), limit);
    }
    return text.length ? without_nul_and_cr(text, arena, oddities) : SPAN_EMPTY;
}

/* --- calendars -------------------------------------------------------------------------------------------------- */

static const char *const calendar_names[] = { "SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "URL" };

static bool is_read_by_people(struct span line)
{
    for (size_t i = 0; i < sizeof calendar_names / sizeof calendar_names[0]; i++) {
        size_t length = strlen(calendar_names[i]);
        if (span_starts_nocase(line, calendar_names[i]) && line.length > length &&
            (line.data[length] == ':' || line.data[length] == ';'))
            return true;
    }
    return false;
}

/* Over line ends with a blank behind them, which are where a long line was folded (RFC 5545 section 3.1). */
static size_t over_folds(struct span line, size_t at)
{
    while (at + 1 < line.length && line.data[at] == '\n' && (line.data[at + 1] == ' ' || line.data[at + 1] == '\t'))
        at += 2;
    return at;
}

/* Behind the colon that ends the name and its parameters.  A quoted parameter may have colons in it:
 * DESCRIPTION;ALTREP="data:text/html,...":text is what Thunderbird writes.  A quote that never ends is none. */
static struct span value_of(struct span line)
{
    bool is_quoted = false;
    for (size_t i = 0; i < line.length; i++) {
        is_quoted ^= line.data[i] == '"';
        if (line.data[i] == ':' && !is_quoted)
            return span_from(line, i + 1);
    }
    return span_from(line, span_find_byte(line, ':') + 1);
}

/* Appends a value without its folds, with "\n" as line end and "\," as comma (RFC 5545 section 3.3.11). */
static void append_unescaped(struct span value, struct buffer *out)
{
    for (size_t i = over_folds(value, 0); i < value.length; i = over_folds(value, i + 1)) {
        char byte = value.data[i];
        size_t next = over_folds(value, i + 1);
        if (byte == '\\' && next < value.length) {
            i = next;
            byte = value.data[i] == 'n' || value.data[i] == 'N' ? '\n' : value.data[i];
        }
        if (byte != '\r')
            buffer_append_byte(out, byte);
    }
}

void part_append_calendar(struct span text, struct buffer *out)
{
    for (size_t at = 0; at < text.length;) {
        size_t end = mime_line_end(text, at);
        while (end < text.length && (text.data[end] == ' ' || text.data[end] == '\t'))
            end = mime_line_end(text, end);
        struct span line = span_make(text.data + at, end - at);
        if (line.data[line.length - 1] == '\n')
            line.length--;
        if (is_read_by_people(line)) {
            append_unescaped(value_of(line), out);
            buffer_append_byte(out, '\n');
        }
        at = end;
    }
}
