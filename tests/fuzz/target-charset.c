/* target-charset.c - bytes in any charset become valid UTF-8 of bounded length; the first line names the charset */
#include "config.h"

#include "fuzz.h"

#include "mail/charset.h"
#include "mail/decode.h"
#include "util/utf8.h"

static const size_t room = 4 * 1024 * 1024;

/* How a name is quoted or cased does not matter. */
static void check_name(struct span name, struct arena *arena)
{
    struct buffer other = buffer_new(arena, 1024);
    buffer_append_string(&other, " \"");
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        buffer_append_byte(&other, byte >= 'a' && byte <= 'z' ? (char)(byte & ~0x20) : byte);
    }
    buffer_append_string(&other, "\"");
    fuzz_require(name.length > 100 || charset_find(name).kind == charset_find(buffer_span(&other)).kind);
}

FUZZ_TARGET(charset, "bytes in a charset become UTF-8")
{
    struct span name = fuzz_take_line(&input);
    struct buffer out = buffer_new(arena, room), cut = buffer_new(arena, 10), again = buffer_new(arena, room);
    bool sound = decode_charset(input, name, &out);
    fuzz_require(utf8_is_valid(buffer_span(&out)));
    /* One byte of a table is at most three of UTF-8; a few in Big5 and Shift_JIS 0213 are two characters. */
    fuzz_require(out.length <= 3 * input.length + 8);
    fuzz_require(sound || charset_find(name).kind != CHARSET_SINGLE_BYTE || out.length >= input.length);
    decode_charset(input, name, &cut);
    fuzz_require(utf8_is_valid(buffer_span(&cut)));
    /* Valid UTF-8 read as UTF-8 is itself. */
    fuzz_require(decode_charset(buffer_span(&out), span_of("utf-8"), &again));
    fuzz_require(span_equal(buffer_span(&again), buffer_span(&out)));
    check_name(name, arena);
}
