/* shape.h - is a made-up identifier made the way a certain program makes it?
 *
 * Message-IDs and boundaries are written by a few lines of code that hardly change in decades.  A shape says what those
 * lines write, item by item:
 *
 *   x h X d U w b   a lower-case hexadecimal digit, one of any case, an upper-case one, a decimal digit, an upper-case
 *                   letter, a letter or digit, a digit of base64 as URLs and addresses have it (with %, _ and -); each
 *                   with how many of them behind it: "x8", or "d5-8", or "d1+"
 *   *               at the end: and anything after that
 *   'text'          that text; anything else stands for itself
 *
 *   "x12$x8$x8@*"       000401c25b3a$7a4d3f20$0200a8c0@host
 *   "------------X24"   ------------0A1B...
 */
#ifndef TAMIS_RULES_SHAPE_H
#define TAMIS_RULES_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/span.h"

/* Does the whole of `text` have that shape?  Runs are greedy: what follows one must not begin with a byte that belongs
 * to it.  Linear in `text`. */
bool shape_matches(const char *shape, struct span text);

/* Does it have one of `count` shapes?  NULL ends the list early. */
bool shape_matches_any(const char *const shapes[], size_t count, struct span text);

#endif
