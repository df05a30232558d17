/* target-pass-through.c - a message written out again: without our fields it is what came in, byte for byte */
#include "config.h"

#include "fuzz.h"

#include "mailbox/pass-through.h"
#include "util/buffer.h"
#include "verdict/header-fields.h"

#define ROOM ((size_t)8 * 1024 * 1024)

static struct span written(const struct tagged_message *tagged, struct arena *arena)
{
    struct buffer out = buffer_new(arena, ROOM);
    struct tagged_walk walk = { .message = tagged };
    struct span piece;
    while (tagged_walk_next(&walk, &piece)) {
        fuzz_require(piece.length > 0);
        buffer_append(&out, piece);
    }
    fuzz_require(out.length == tagged->size);
    return buffer_span(&out);
}

/* The message with `fields` in, and what is forged out. */
static struct span rewritten(struct span message, const char *fields, unsigned *forged, struct arena *arena)
{
    struct tagged_message tagged;
    struct failure failure = { 0 };
    fuzz_require(tagged_message_make(message, span_of(fields), header_fields_owned, &tagged, &failure));
    *forged = tagged.forged;
    struct span out = written(&tagged, arena);
    size_t line_ends = 0;
    for (size_t i = 0; i < out.length; i++)
        line_ends += out.data[i] == '\n' && (i == 0 || out.data[i - 1] != '\r');
    fuzz_require(tagged_message_crlf_size(&tagged) == out.length + line_ends);
    tagged_message_free(&tagged);
    return out;
}

FUZZ_TARGET(pass_through, "messages are written out again with our fields")
{
    static const char fields[] =
        "X-Spam-Status: No, score=-0.50 required=5.00 tests=none\n\tlearned=none\nX-Tamis: id=1\n";
    unsigned forged = 0, ours = 0, none = 0;
    /* What the sender forged goes first; then nothing of it is left to remove. */
    struct span clean = rewritten(input, "", &forged, arena);
    fuzz_require(forged > 0 || span_equal(clean, input));
    fuzz_require(span_equal(rewritten(clean, "", &none, arena), clean) && none == 0);
    /* Our fields in and out again. */
    struct span tagged = rewritten(clean, fields, &none, arena);
    fuzz_require(none == 0);
    struct span back = rewritten(tagged, "", &ours, arena);
    fuzz_require(span_equal(back, clean));
    /* They have a place but where all there is is a fold without line end. */
    fuzz_require(ours == 2 || (span_equal(tagged, clean) && clean.length && clean.data[clean.length - 1] != '\n'));
    /* Adding and removing at once removes as much. */
    rewritten(input, fields, &none, arena);
    fuzz_require(none == forged);
}
