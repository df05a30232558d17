/* json.h - a small writer of JSON (RFC 8259)
 *
 * Writes into a buffer as it goes; what comes out is valid UTF-8 whatever goes in, and one line: newlines in strings
 * are escaped. Commas are put by the writer.  Depth is at most 32; numbers are written the same in every locale.
 */
#ifndef TAMIS_VERDICT_JSON_H
#define TAMIS_VERDICT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/span.h"

struct json {
    struct buffer *out;
    unsigned depth;
    uint32_t has_items; /* bit d: the object or array at depth d has a member already */
};

struct json json_new(struct buffer *out);

/* In an object every member has a `name`; in an array, and outermost, it is NULL. */
void json_open_object(struct json *json, const char *name);
void json_close_object(struct json *json);
void json_open_array(struct json *json, const char *name);
void json_close_array(struct json *json);

void json_text(struct json *json, const char *name, struct span value); /* ill-formed bytes become U+FFFD */
void json_boolean(struct json *json, const char *name, bool value);
void json_integer(struct json *json, const char *name, int64_t value);
void json_points(struct json *json, const char *name, int hundredths);    /* 7.31 */
void json_probability(struct json *json, const char *name, double value); /* 6 decimals */
void json_null(struct json *json, const char *name);

#endif
