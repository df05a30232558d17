/* decode.c - transfer encodings and charsets, read as a mail program would
 *
 * Decoders stop at the first piece that did not fit into their buffer: the price of a huge part is that of the limit.
 * The only file that includes iconv.
 */
#include "mail/decode.h"

#include <endian.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>

#include "mail/charset.h"
#include "mail/charset-guess.h"
#include "util/limits.h"
#include "util/utf8.h"

#define CHUNK_SIZE 1024
/* Input of iconv at a time. */
#define SLICE_SIZE 2048

/* --- base64 ------------------------------------------------------------------------------------------------------ */

/* RFC 2045 section 6.8, table 1. */
#define BASE64_ALPHABET(X)                                                                                             \
    X('A', 0) X('B', 1) X('C', 2) X('D', 3) X('E', 4) X('F', 5) X('G', 6) X('H', 7) X('I', 8) X('J', 9) X('K', 10)     \
    X('L', 11) X('M', 12) X('N', 13) X('O', 14) X('P', 15) X('Q', 16) X('R', 17) X('S', 18) X('T', 19) X('U', 20)      \
    X('V', 21) X('W', 22) X('X', 23) X('Y', 24) X('Z', 25) X('a', 26) X('b', 27) X('c', 28) X('d', 29) X('e', 30)      \
    X('f', 31) X('g', 32) X('h', 33) X('i', 34) X('j', 35) X('k', 36) X('l', 37) X('m', 38) X('n', 39) X('o', 40)      \
    X('p', 41) X('q', 42) X('r', 43) X('s', 44) X('t', 45) X('u', 46) X('v', 47) X('w', 48) X('x', 49) X('y', 50)      \
    X('z', 51) X('0', 52) X('1', 53) X('2', 54) X('3', 55) X('4', 56) X('5', 57) X('6', 58) X('7', 59) X('8', 60)      \
    X('9', 61) X('+', 62) X('/', 63)

/* Four bytes become three with four look-ups and three ORs: table N holds the bits of an Nth byte at their place in the
 * little-endian word of the result.  Bit 24 + N says that the byte is of the alphabet at all. */
#define BASE64_FIRST(byte, value) [byte] = (value) << 2 | 1 << 24,
#define BASE64_SECOND(byte, value) [byte] = (value) >> 4 | ((value)&15) << 12 | 1 << 25,
#define BASE64_THIRD(byte, value) [byte] = (value) >> 2 << 8 | ((value)&3) << 22 | 1 << 26,
#define BASE64_FOURTH(byte, value) [byte] = (value) << 16 | 1 << 27,
#define BASE64_ALL_VALID 0xF

static const uint32_t base64_bits[4][256] = {
    { BASE64_ALPHABET(BASE64_FIRST) },
    { BASE64_ALPHABET(BASE64_SECOND) },
    { BASE64_ALPHABET(BASE64_THIRD) },
    { BASE64_ALPHABET(BASE64_FOURTH) },
};

/* Decodes whole groups of four for as long as nothing else stands in between and `room` (a multiple of 3) lasts.  May
 * write one byte past what it gives as written. */
static size_t decode_base64_groups(struct span *text, char *out, size_t room)
{
    const unsigned char *at = (const unsigned char *)text->data;
    size_t groups = text->length / 4 < room / 3 ? text->length / 4 : room / 3;
    char *start = out;
    for (; groups; groups--, at += 4, out += 3) {
        uint32_t word = base64_bits[0][at[0]] | base64_bits[1][at[1]] | base64_bits[2][at[2]] | base64_bits[3][at[3]];
        if (word >> 24 != BASE64_ALL_VALID)
            break;
        word = htole32(word);
        memcpy(out, &word, 4);
    }
    *text = span_from(*text, (size_t)((const char *)at - text->data));
    return (size_t)(out - start);
}

/* A group that foreign bytes or '=' stand in.  Gives how many bytes it decoded to; moves `text` past it. */
static size_t decode_base64_slowly(struct span *text, char *out)
{
    uint32_t word = 0;
    size_t digits = 0, at = 0;
    while (at < text->length && digits < 4) {
        unsigned char byte = (unsigned char)text->data[at++];
        if (base64_bits[0][byte])
            word |= base64_bits[digits++][byte];
        else if (byte == '=')
            break;
    }
    *text = span_from(*text, at);
    size_t bytes = digits ? digits - 1 : 0;
    for (size_t i = 0; i < bytes; i++)
        out[i] = (char)(word >> (8 * i));
    return bytes;
}

void decode_base64(struct span text, struct buffer *out)
{
    char chunk[CHUNK_SIZE];
    while (text.length && !out->truncated) {
        size_t used = 0;
        while (text.length && used + 4 <= CHUNK_SIZE) {
            used += decode_base64_groups(&text, chunk + used, (CHUNK_SIZE - used - 1) / 3 * 3);
            if (used + 4 <= CHUNK_SIZE)
                used += decode_base64_slowly(&text, chunk + used);
        }
        buffer_append(out, span_make(chunk, used));
    }
}

/* --- quoted-printable -------------------------------------------------------------------------------------------- */

static int hex_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    if (byte >= 'a' && byte <= 'f') /* RFC 2045 6.7 forbids them, and "robust implementations" read them */
        return byte - 'a' + 10;
    return -1;
}

/* The byte that the escape at the start of `text` ("=XX") stands for, or -1. */
static int escaped_byte(struct span text)
{
    if (text.length < 3)
        return -1;
    int high = hex_value(text.data[1]), low = hex_value(text.data[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Text without line ends.  A broken escape stays as it is (RFC 2045 6.7, note (2)). */
static void decode_quoted_line(struct span line, struct buffer *out)
{
    while (line.length) {
        size_t literal = span_find_byte(line, '=');
        if (literal)
            buffer_append(out, span_head(line, literal));
        line = span_from(line, literal);
        if (!line.length)
            break;
        int byte = escaped_byte(line);
        buffer_append_byte(out, byte < 0 ? '=' : (char)byte);
        line = span_from(line, byte < 0 ? 1 : 3);
    }
}

void decode_quoted_printable(struct span text, struct buffer *out)
{
    while (text.length && !out->truncated) {
        size_t newline = span_find_byte(text, '\n');
        struct span line = span_head(text, newline);
        text = span_from(text, newline);
        /* White space at the end of a line is not the sender's (rule 3); the line end stays as it came. */
        bool carriage_return = text.length && line.length && line.data[line.length - 1] == '\r';
        while (line.length && strchr(" \t\r", line.data[line.length - 1]) && line.data[line.length - 1])
            line.length--;
        bool soft = line.length && line.data[line.length - 1] == '=';
        line.length -= soft;
        decode_quoted_line(line, out);
        if (text.length && !soft)
            buffer_append_string(out, carriage_return ? "\r\n" : "\n");
        text = span_from(text, 1);
    }
}

/* One byte at a time: an encoded-word has 75 of them. */
bool decode_q_encoding(struct span text, struct buffer *out)
{
    bool whole = true;
    while (text.length && !out->truncated) {
        int byte = text.data[0] == '=' ? escaped_byte(text) : -1;
        whole = whole && (text.data[0] != '=' || byte >= 0);
        if (byte >= 0)
            buffer_append_byte(out, (char)byte);
        else
            buffer_append_byte(out, text.data[0] == '_' ? ' ' : text.data[0]);
        text = span_from(text, byte >= 0 ? 3 : 1);
    }
    return whole;
}

/* --- uuencode ---------------------------------------------------------------------------------------------------- */

/* Takes the next line off `text`, without its end. */
static struct span take_line(struct span *text)
{
    size_t newline = span_find_byte(*text, '\n');
    struct span line = span_head(*text, newline);
    *text = span_from(*text, newline + 1);
    while (line.length && line.data[line.length - 1] == '\r')
        line.length--;
    return line;
}

/* POSIX.1-2017 uuencode: a length byte, then four bytes for three.  Blanks cut from the line's end count as zeros. */
static void decode_uu_line(struct span line, struct buffer *out)
{
    size_t length = ((unsigned char)line.data[0] - 32U) & 63U;
    for (size_t i = 0; i < length; i++) {
        size_t at = 1 + i / 3 * 4 + i % 3;
        unsigned first = at < line.length ? ((unsigned char)line.data[at] - 32U) & 63U : 0;
        unsigned second = at + 1 < line.length ? ((unsigned char)line.data[at + 1] - 32U) & 63U : 0;
        unsigned shift = 2 * (unsigned)(i % 3) + 2;
        buffer_append_byte(out, (char)(first << shift | second >> (6 - shift)));
    }
}

static bool is_uu_line(struct span line)
{
    if (!line.length || line.data[0] < 32 || line.data[0] > 96)
        return false;
    size_t length = ((unsigned char)line.data[0] - 32U) & 63U;
    return line.length <= 1 + (length + 2) / 3 * 4 + 2; /* some encoders add a check character */
}

void decode_uuencode(struct span text, struct buffer *out)
{
    struct span rest = text;
    while (rest.length)
        if (span_starts_nocase(take_line(&rest), "begin ")) {
            text = rest;
            break;
        }
    while (text.length && !out->truncated) {
        struct span line = take_line(&text);
        if (span_is(line, "end"))
            break;
        if (is_uu_line(line))
            decode_uu_line(line, out);
    }
}

/* --- charsets: iconv --------------------------------------------------------------------------------------------- */

/* One round of conversion.  The input goes in slices so small that their UTF-8 always fits (one byte gives three at
 * most): glibc converts a slice all over again when its output does not.  A byte that cannot be converted is skipped
 * and becomes U+FFFD; a character cut at the end of a slice is left for the next. */
static bool convert_slice(iconv_t converter, char **from, size_t *left, struct buffer *out)
{
    char chunk[4 * SLICE_SIZE];
    char *to = chunk;
    size_t room = sizeof chunk, slice = *left < SLICE_SIZE ? *left : SLICE_SIZE, rest = slice;
    size_t result = iconv(converter, from, &rest, &to, &room);
    int error = result == (size_t)-1 ? errno : 0;
    *left -= slice - rest;
    utf8_append_repaired(out, span_make(chunk, (size_t)(to - chunk)));
    if (error == 0 || error == E2BIG || (error == EINVAL && rest < slice && rest < *left))
        return true;
    utf8_append(out, UTF8_REPLACEMENT);
    ++*from;
    --*left;
    return false;
}

/* What converters_open() has opened, once it was called: a fact of the process, as the sandbox is that it prepares for,
 * in which the attempt to load one more ends the process. */
static struct converters loaded;
static bool only_loaded;

static bool is_open(const struct converters *converters, const char *name)
{
    for (size_t i = 0; i < converters->count; i++)
        if (strcmp(converters->names[i], name) == 0)
            return true;
    return false;
}

/* False: there is no such converter, or none can be loaded any more; nothing was appended. */
static bool convert(struct span bytes, const char *charset, struct buffer *out, bool *well_formed)
{
    if (only_loaded && !is_open(&loaded, charset))
        return false;
    iconv_t converter = iconv_open("UTF-8", charset);
    if (converter == (iconv_t)-1)
        return false;
    char *from = (char *)bytes.data;
    size_t left = bytes.length;
    *well_formed = true;
    while (left && !out->truncated)
        *well_formed &= convert_slice(converter, &from, &left, out);
    iconv_close(converter);
    return true;
}

/* --- charsets: own readers --------------------------------------------------------------------------------------- */

/* More ill-formed bytes than well-formed sequences: this is some eight-bit charset, with sequences by chance. */
static bool is_hardly_utf8(struct span bytes)
{
    size_t sequences = 0, ill_formed = 0;
    for (size_t at = utf8_ascii_length(bytes); at < bytes.length; at += utf8_ascii_length(span_from(bytes, at))) {
        size_t size;
        utf8_decode(span_from(bytes, at), &size);
        if (size == 1)
            ill_formed++;
        else
            sequences++;
        at += size;
    }
    return ill_formed > sequences;
}

/* Text of East Asia that says nothing of it.  False: it is something else. */
static bool append_unnamed(struct span bytes, struct buffer *out)
{
    bool well_formed;
    const char *charset = charset_guess(bytes);
    return charset && convert(bytes, charset, out, &well_formed);
}

/* What fits no charset: UTF-8 where it is that, a charset of East Asia where it looks like one, else windows-1252. */
static void append_guessed(struct span bytes, struct buffer *out)
{
    bool hardly_utf8 = is_hardly_utf8(bytes);
    if (hardly_utf8 && append_unnamed(bytes, out))
        return;
    while (bytes.length && !out->truncated) {
        size_t valid = hardly_utf8 ? utf8_ascii_length(bytes) : utf8_valid_length(bytes);
        utf8_append_valid(out, span_head(bytes, valid));
        if (valid < bytes.length)
            utf8_append(out, charset_windows_1252((unsigned char)bytes.data[valid]));
        bytes = span_from(bytes, valid + 1);
    }
}

static bool append_utf8(struct span bytes, struct buffer *out)
{
    bool valid = utf8_is_valid(bytes);
    if (valid)
        utf8_append_valid(out, bytes);
    else
        append_guessed(bytes, out);
    return valid;
}

static bool append_single_byte(struct span bytes, const uint16_t high[128], struct buffer *out)
{
    bool defined = true;
    while (bytes.length && !out->truncated) {
        size_t ascii = utf8_ascii_length(bytes);
        buffer_append(out, span_head(bytes, ascii));
        bytes = span_from(bytes, ascii);
        char chunk[CHUNK_SIZE];
        size_t used = 0, at = 0;
        for (; at < bytes.length && used + 4 <= CHUNK_SIZE; at++) {
            unsigned char byte = (unsigned char)bytes.data[at];
            if (byte < 0x80) {
                chunk[used++] = (char)byte;
                continue;
            }
            defined = defined && high[byte - 0x80] != UTF8_REPLACEMENT;
            used += utf8_encode(high[byte - 0x80], chunk + used);
        }
        utf8_append_valid(out, span_make(chunk, used));
        bytes = span_from(bytes, at);
    }
    return defined;
}

/* Code units of UTF-16 on their way to UTF-8. */
struct utf16 {
    struct buffer *out;
    uint32_t high; /* the first half of a pair, or 0 */
    bool well_formed;
};

static void utf16_broken_pair(struct utf16 *state)
{
    state->well_formed = false;
    state->high = 0;
    utf8_append(state->out, UTF8_REPLACEMENT);
}

static void utf16_add(struct utf16 *state, uint32_t unit)
{
    bool is_high = unit >= 0xD800 && unit <= 0xDBFF, is_low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (state->high && is_low) {
        utf8_append(state->out, 0x10000 + ((state->high - 0xD800) << 10) + (unit - 0xDC00));
        state->high = 0;
        return;
    }
    if (state->high || is_low)
        utf16_broken_pair(state);
    if (is_high)
        state->high = unit;
    else if (!is_low)
        utf8_append(state->out, unit);
}

static bool utf16_end(struct utf16 *state)
{
    if (state->high)
        utf16_broken_pair(state);
    return state->well_formed;
}

/* Without a byte order mark: RFC 2781 says big-endian, Windows writes little-endian; the zero bytes of the letters of
 * most texts tell.  Looks at 512 bytes. */
static bool looks_little_endian(struct span bytes)
{
    size_t zeros[2] = { 0, 0 };
    for (size_t i = 0; i < bytes.length && i < 512; i++)
        zeros[i % 2] += bytes.data[i] == 0;
    return zeros[1] > zeros[0];
}

static bool append_utf16(struct span bytes, enum charset_kind kind, struct buffer *out)
{
    bool little = kind == CHARSET_UTF16_LITTLE || (kind == CHARSET_UTF16 && looks_little_endian(bytes));
    if (bytes.length >= 2 && (memcmp(bytes.data, "\xFF\xFE", 2) == 0 || memcmp(bytes.data, "\xFE\xFF", 2) == 0)) {
        little = bytes.data[0] == '\xFF';
        bytes = span_from(bytes, 2);
    }
    struct utf16 state = { .out = out, .well_formed = bytes.length % 2 == 0 };
    for (size_t i = 0; i + 1 < bytes.length && !out->truncated; i += 2) {
        uint32_t first = (unsigned char)bytes.data[i], second = (unsigned char)bytes.data[i + 1];
        utf16_add(&state, little ? second << 8 | first : first << 8 | second);
    }
    return utf16_end(&state);
}

/* RFC 2152: runs of base64 of UTF-16 between '+' and '-' (or any byte that is not base64). */
static size_t append_utf7_run(struct span bytes, struct utf16 *state)
{
    uint32_t bits = 0, bit_count = 0;
    size_t at = 0;
    for (; at < bytes.length; at++) {
        uint32_t digit = base64_bits[3][(unsigned char)bytes.data[at]];
        if (!digit)
            break;
        bits = bits << 6 | (digit >> 16 & 63);
        bit_count += 6;
        if (bit_count >= 16) {
            bit_count -= 16;
            utf16_add(state, bits >> bit_count & 0xFFFF);
        }
    }
    utf16_end(state);
    return at < bytes.length && bytes.data[at] == '-' ? at + 1 : at;
}

static bool append_utf7(struct span bytes, struct buffer *out)
{
    struct utf16 state = { .out = out, .well_formed = utf8_is_ascii(bytes) };
    while (bytes.length && !out->truncated) {
        size_t literal = span_find_byte(bytes, '+');
        append_guessed(span_head(bytes, literal), out);
        bytes = span_from(bytes, literal + 1);
        if (bytes.length && bytes.data[0] == '-') {
            buffer_append_byte(out, '+');
            bytes = span_from(bytes, 1);
        } else {
            bytes = span_from(bytes, append_utf7_run(bytes, &state));
        }
    }
    return state.well_formed;
}

/* --- charsets: by iconv ------------------------------------------------------------------------------------------ */

static bool append_iconv(struct span bytes, const char *charset, struct buffer *out)
{
    bool well_formed;
    if (convert(bytes, charset, out, &well_formed))
        return well_formed;
    append_guessed(bytes, out);
    return false;
}

/* Text in UTF-8 that claims another multi-byte charset is common (forwarded by programs that relabel); it almost never
 * happens to be right in that charset, nor text of that charset valid UTF-8. */
static bool append_multi_byte(struct span bytes, const char *charset, struct buffer *out)
{
    if (!utf8_is_ascii(bytes) && utf8_is_valid(bytes)) {
        utf8_append_valid(out, bytes);
        return false;
    }
    return append_iconv(bytes, charset, out);
}

/* RFC 1843: between "~{" and "~}" pairs of seven-bit bytes of GB 2312, which with their high bit set are GB18030. */
static bool append_hz(struct span bytes, struct buffer *out)
{
    struct buffer eight_bit = buffer_new(out->arena, bytes.length);
    bool chinese = false;
    for (size_t i = 0; i < bytes.length; i++) {
        char byte = bytes.data[i], next = i + 1 < bytes.length ? bytes.data[i + 1] : '\0';
        if (byte == '~' && (next == '{' || next == '}' || next == '\n' || next == '~')) {
            chinese = next == '{' || (chinese && next != '}');
            if (next == '~')
                buffer_append_byte(&eight_bit, '~');
            i++;
        } else {
            chinese = chinese && byte != '\n';
            buffer_append_byte(&eight_bit, (char)(chinese && byte > ' ' ? byte | 0x80 : byte));
        }
    }
    return append_iconv(buffer_span(&eight_bit), "GB18030", out);
}

bool decode_charset(struct span bytes, struct span charset, struct buffer *out)
{
    struct charset known = charset_find(charset);
    switch (known.kind) {
    case CHARSET_UTF8:
        return append_utf8(bytes, out);
    case CHARSET_SINGLE_BYTE:
        return (known.named_by_default && append_unnamed(bytes, out)) || append_single_byte(bytes, known.high, out);
    case CHARSET_UTF7:
        return append_utf7(bytes, out);
    case CHARSET_UTF16:
    case CHARSET_UTF16_BIG:
    case CHARSET_UTF16_LITTLE:
        return append_utf16(bytes, known.kind, out);
    case CHARSET_HZ:
        return append_hz(bytes, out);
    case CHARSET_ICONV:
        return append_multi_byte(bytes, known.iconv_name, out);
    case CHARSET_ASCII:
    case CHARSET_UNKNOWN:
        break;
    }
    append_guessed(bytes, out);
    return span_trim(charset).length == 0 || (known.kind == CHARSET_ASCII && utf8_is_ascii(bytes));
}

/* --- converters, before files can no longer be opened ------------------------------------------------------------ */

#define CHARSET_NAME_MOST 40

/* The converter is never closed: an open one keeps its module in the process. */
static void open_converter(struct converters *converters, const char *name)
{
    if (!name || converters->count == CONVERTERS_MOST || is_open(converters, name))
        return;
    iconv_open("UTF-8", name);
    converters->names[converters->count++] = name;
}

static void open_named(struct converters *converters, struct span charset)
{
    struct charset known = charset_find(charset);
    open_converter(converters, known.kind == CHARSET_HZ ? "GB18030" : known.iconv_name);
}

/* Does the text before the '=' at `at` end with "charset", or with the '*' of RFC 2231, behind which one is named? */
static bool is_behind_charset(struct span text, size_t at)
{
    if (at > 0 && text.data[at - 1] == '*')
        return true;
    static const char key[] = "charset";
    size_t length = sizeof key - 1, floor = at > CHARSET_NAME_MOST ? at - CHARSET_NAME_MOST : 0;
    while (at > floor && text.data[at - 1] && strchr(" \t\r\n*0123456789", text.data[at - 1]))
        at--;
    return at >= length && span_starts_nocase(span_from(text, at - length), key);
}

/* The name that begins with `rest`, behind quotes, a fold and the "3D" of quoted-printable. */
static struct span name_ahead(struct span rest)
{
    size_t length = 0;
    rest = span_starts_nocase(rest, "3D") ? span_from(rest, 2) : rest;
    while (rest.length && rest.data[0] && strchr(" \t\r\n\"'", rest.data[0]))
        rest = span_from(rest, 1);
    while (length < rest.length && length < CHARSET_NAME_MOST && !strchr(" \t\r\n\"';?>*/", rest.data[length]))
        length++;
    return span_head(rest, length);
}

void converters_open(struct converters *converters, struct span message)
{
    message = span_head(message, LIMIT_MIME_BYTES);
    open_converter(converters, charset_guess(message));
    for (size_t at = span_find_byte(message, '='); at + 1 < message.length;) {
        struct span rest = span_from(message, at + 1);
        if (rest.data[0] == '?')
            open_named(converters, name_ahead(span_from(rest, 1)));
        else if (is_behind_charset(message, at))
            open_named(converters, name_ahead(rest));
        at += 1 + span_find_byte(rest, '=');
    }
    loaded = *converters;
    only_loaded = true;
}
