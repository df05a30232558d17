/* entity.h - character references of HTML: &eacute; &#233; &#xE9;
 *
 * All 2,231 names of the WHATWG HTML standard (section 13.5) and the numeric forms with their repairs (section
 * 13.2.5.80): 0x80 to 0x9F are read as windows-1252, NUL, surrogates and what lies past U+10FFFF become U+FFFD.
 * Constant time for each reference, however long the run of letters or digits behind '&'.
 */
#ifndef TAMIS_MAIL_ENTITY_H
#define TAMIS_MAIL_ENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

#define ENTITY_BYTES 8 /* the longest replacement has 6 bytes of UTF-8 */

/* Reads the reference at the start of `text`, whose first byte is '&'.  Gives how many bytes it takes and writes what
 * it stands for to `out`, `*length` bytes of UTF-8; gives 0 when this is only an ampersand.  In an attribute a name
 * without its semicolon is not read before '=', a letter or a digit: "?a=1&copy=2" stays as it is. */
size_t entity_decode(struct span text, bool in_attribute, char out[ENTITY_BYTES], size_t *length);

/* `text` with every reference replaced: itself when it has no '&', else a copy in `arena`. */
struct span entity_decode_all(struct span text, bool in_attribute, struct arena *arena);

#endif
