/* target-encoded-word.c - values of header fields with encoded-words: bounded, valid, and what was encoded comes
 * back */
#include "config.h"

#include "fuzz.h"

#include "encode.h"
#include "mail/header.h"
#include "util/limits.h"
#include "util/utf8.h"

/* One encoded-word of RFC 2047, in UTF-8. */
static struct span encoded(struct span text, bool in_base64, struct arena *arena)
{
    struct buffer word = buffer_new(arena, LIMIT_FIELD_BYTES * 4);
    buffer_append_string(&word, in_base64 ? "=?utf-8?B?" : "=?UTF-8?q?");
    if (in_base64)
        encode_base64(text, 0, &word);
    else
        encode_q(text, &word);
    buffer_append_string(&word, "?=");
    return buffer_span(&word);
}

static bool is_without_controls(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] < ' ')
            return false;
    return true;
}

static void check_round_trip(struct span text, struct arena *arena)
{
    if (text.length > 1000 || text.length == 0 || !utf8_is_valid(text) || !is_without_controls(text)
        || !span_equal(text, span_trim(text)))
        return;
    for (int in_base64 = 0; in_base64 < 2; in_base64++) {
        bool broken = false;
        fuzz_require(span_equal(header_decode(encoded(text, in_base64, arena), arena, &broken), text));
        fuzz_require(!broken);
    }
}

FUZZ_TARGET(encoded_word, "values of header fields are unfolded and decoded")
{
    bool broken = false;
    struct span value = header_decode(input, arena, &broken);
    fuzz_require(utf8_is_valid(value));
    fuzz_require(value.length <= LIMIT_FIELD_BYTES);
    check_round_trip(input, arena);
}
