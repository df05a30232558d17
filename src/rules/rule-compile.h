/* rule-compile.h - from rules as they were read to the image that is run (rule-set.h)
 *
 * What can only be said of all rules together is found here: names that are taken, references that lead nowhere or in
 * a circle, expressions that PCRE2 refuses.  Each is a mistake of its rule, which is left out; so is, in turn, a rule
 * that refers to it.
 */
#ifndef TAMIS_RULES_RULE_COMPILE_H
#define TAMIS_RULES_RULE_COMPILE_H

#include <stdint.h>

#include "rules/rule-file.h"
#include "rules/rule-set.h"
#include "util/failure.h"

/* Both in the arena of the list. */
struct rule_compiled {
    struct span image;         /* aligned to 8 */
    struct rule_mistake *slow; /* expressions that are tried on every message: no mistakes, but dear */
};

/* Makes the image of all rules of `list` that have no mistake; mistakes it finds go into the list.  `stamp` is written
 * into it as it is.  False: the rules are too many for an image. */
bool rule_compile(struct rule_list *list, const uint8_t stamp[IMAGE_STAMP_SIZE], struct rule_compiled *compiled,
                  struct failure *failure);

#endif
