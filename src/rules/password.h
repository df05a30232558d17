/* password.h - a password given away in the text of a message */
#ifndef TAMIS_RULES_PASSWORD_H
#define TAMIS_RULES_PASSWORD_H

#include <stdbool.h>

#include "util/span.h"

/* The first thing in `text` (valid UTF-8) that is said to be a password: behind the word for it in one of a dozen
 * languages, and a colon, an equals sign, "is" or the like in between ("Das Passwort lautet 4711").  Linear. */
bool password_find(struct span text, struct span *password);

#endif
