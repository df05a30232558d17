/* words.h - how the words of a text are written: disguises that the reader does not notice and a filter trips over
 *
 * One pass, linear; ASCII text costs only the look that finds it to be ASCII.
 */
#ifndef TAMIS_RULES_WORDS_H
#define TAMIS_RULES_WORDS_H

#include "util/span.h"

struct word_marks;

/* Adds what is found in `text` (valid UTF-8) to `marks`. */
void words_mark(struct span text, struct word_marks *marks);

#endif
