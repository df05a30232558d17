/* wire.h - numbers and texts as bytes between a process and its child
 *
 * Numbers are little-endian, texts are a u16 length and bytes.  Who reads trusts nothing: once something is missing,
 * too long, or not what it should be, `sound` is false for good and everything read from then on is 0 or empty.  So a
 * decoder reads on without asking, and asks once at its end.
 */
#ifndef TAMIS_UTIL_WIRE_H
#define TAMIS_UTIL_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/span.h"

void wire_put_number(struct buffer *out, uint64_t value, size_t size);
void wire_put_double(struct buffer *out, double value);
/* At most `most` bytes of it, cut between characters. */
void wire_put_text(struct buffer *out, struct span text, size_t most);

struct wire_reader {
    struct span rest;
    bool sound;
};

static inline struct wire_reader wire_read(struct span bytes)
{
    return (struct wire_reader){ bytes, true };
}

/* True when all was sound and nothing is left over. */
static inline bool wire_is_whole(const struct wire_reader *reader)
{
    return reader->sound && reader->rest.length == 0;
}

struct span wire_take(struct wire_reader *reader, size_t length);
uint64_t wire_take_number(struct wire_reader *reader, size_t size);
double wire_take_double(struct wire_reader *reader);

/* A text of at most `most` bytes that may go to terminals, logs and header fields: valid UTF-8 without control
 * characters, C1 included. */
struct span wire_take_text(struct wire_reader *reader, size_t most);

/* A name of evidence: letters A-Z, digits and '_', at least one, at most `most`. */
struct span wire_take_name(struct wire_reader *reader, size_t most);

#endif
