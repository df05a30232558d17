/* subordinates.h - the numbers of users that belong to other users: subuid(5)
 *
 * Where containers run without root, each user of the host may take the identity of tens of thousands of further ones
 * and own files by them.  Who counts users must know them, or one user is as many as he likes.
 */
#ifndef TAMIS_OUTSIDE_SUBORDINATES_H
#define TAMIS_OUTSIDE_SUBORDINATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"

#define SUBORDINATES_FILE "/etc/subuid"

struct subordinates {
    struct subordinate_range {
        uint64_t first, behind; /* from the one on, up to before the other */
    } *ranges; /* rising, apart from each other */
    size_t count;
};

/* Reads such a file; none where there is none.  Lines that are not name:first:count are passed over, as those who grant
 * these numbers do. */
bool subordinates_read(const char *path, struct subordinates *subordinates, struct failure *failure);
void subordinates_free(struct subordinates *subordinates);

bool subordinates_have(const struct subordinates *subordinates, uint64_t user);

#endif
