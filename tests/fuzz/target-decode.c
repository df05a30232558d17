/* target-decode.c - base64, quoted-printable, Q and uuencode: bounded, and what was encoded comes back */
#include "config.h"

#include "fuzz.h"

#include "encode.h"
#include "mail/decode.h"
#include "mail/uuencode.h"
#include "util/limits.h"

static const size_t room = 8 * 1024 * 1024;

static void check_base64(struct span input, struct arena *arena)
{
    struct buffer out = buffer_new(arena, room), written = buffer_new(arena, room), again = buffer_new(arena, room);
    decode_base64(input, &out);
    fuzz_require(out.length <= input.length / 4 * 3 + 3);
    encode_base64(input, 76, &written);
    decode_base64(buffer_span(&written), &again);
    fuzz_require(span_equal(buffer_span(&again), input));
}

static void check_quoted_printable(struct span input, struct arena *arena)
{
    struct buffer out = buffer_new(arena, room), written = buffer_new(arena, room), again = buffer_new(arena, room);
    decode_quoted_printable(input, &out);
    fuzz_require(out.length <= input.length);
    encode_quoted_printable(input, &written);
    decode_quoted_printable(buffer_span(&written), &again);
    fuzz_require(span_equal(buffer_span(&again), input));
}

static void check_q(struct span input, struct arena *arena)
{
    struct buffer out = buffer_new(arena, room), written = buffer_new(arena, room), again = buffer_new(arena, room);
    decode_q_encoding(input, &out);
    fuzz_require(out.length <= input.length);
    encode_q(input, &written);
    fuzz_require(decode_q_encoding(buffer_span(&written), &again));
    fuzz_require(span_equal(buffer_span(&again), input));
}

static void check_uuencode(struct span input, struct arena *arena)
{
    struct buffer out = buffer_new(arena, room), written = buffer_new(arena, room), again = buffer_new(arena, room);
    decode_uuencode(input, &out);
    /* A line cut short reads as zeros; the longest is 63 bytes and takes two, its length and its end. */
    fuzz_require(out.length <= 63 * (input.length / 2 + 1));
    encode_uuencode(input, &written);
    decode_uuencode(buffer_span(&written), &again);
    fuzz_require(span_equal(buffer_span(&again), input));
}

/* Files in text come one behind the other, and each lies within it. */
static void check_files(struct span text)
{
    struct uuencoded_file file;
    for (size_t at = 0; uuencode_find(text, at, &file); at = file.end) {
        fuzz_require(file.start >= at && file.end > file.start && file.end <= text.length);
        fuzz_require(fuzz_is_within(file.name, text) && fuzz_is_within(file.lines, text));
    }
}

/* What is cut at a limit is the start of what comes without it. */
static void check_limit(struct span input, struct arena *arena)
{
    struct buffer all = buffer_new(arena, room), some = buffer_new(arena, 7);
    decode_base64(input, &all);
    decode_base64(input, &some);
    fuzz_require(some.length <= 7);
    fuzz_require(span_equal(buffer_span(&some), span_head(buffer_span(&all), some.length)));
}

FUZZ_TARGET(decode, "transfer encodings are undone")
{
    check_base64(input, arena);
    check_quoted_printable(input, arena);
    check_q(input, arena);
    check_uuencode(input, arena);
    check_files(input);
    check_limit(input, arena);
}
