/* dated-list.h - lists that the program writes: one key a line, when it was last met, and how often
 *
 *     spam.example.net  # trap 2026-11-22 3
 *     anna@example.org 192.0.2.0/24  # mail 2026-11-22 14
 *
 * To a reader of lists with comments such a line is its key.  The word behind the '#' tells the program's lines from
 * those a person wrote into the same file: these are kept as they are, for ever, and a key that a person wrote is not
 * written again.  The file is bounded: when it has more of the program's lines than `most`, or is too large, those met
 * longest ago go.
 *
 * Changing is one step (file_replace), under a lock on the folder, so that two deliveries at once lose nothing.
 */
#ifndef TAMIS_SENDERS_DATED_LIST_H
#define TAMIS_SENDERS_DATED_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"
#include "util/span.h"

struct dated_list {
    const char *directory; /* made when it is missing (0700) */
    const char *name;      /* of the file in it */
    const char *mark;      /* "trap" */
    size_t most;           /* of the program's lines */
};

/* No list is written beyond this: five thousand lines take some 200 KB.  Not more than what reads such a list takes. */
#define DATED_LIST_BYTES ((size_t)512 * 1024)

/* The longest key; longer ones, and those with a '#', a control character or no byte at all, are left out. */
#define DATED_LIST_KEY 400

/* Notes that these keys were met at `now` (seconds since 1970), in UTC.  Keys are compared without regard to ASCII
 * case. */
bool dated_list_note(const struct dated_list *list, const struct span *keys, size_t count, int64_t now,
                     struct failure *failure);

/* Does the text of such a file have the key?  `day_r` (may be NULL) gets the day it was last met, since 1970, or 0
 * where a person wrote the line. */
bool dated_list_has(struct span text, const char *mark, struct span key, int64_t *day_r);

#endif
