/* companion.h - a file that goes with a store on a server, so that every host has it
 *
 * What changes once a night and is asked in many places for each message is mapped from a file, also where the store
 * is on a server: no journey, and it is there when the server is not.  The store keeps the newest state of that file,
 * whole, and with what is read for each message comes a mark that says which it is; a host whose own file has another
 * fetches it, when nobody waits.  The mark is the beginning of the file, where it must have a sum of the rest.
 *
 * In the tables (record.h): rows of COMPANION_ROW_BYTES, the first for the length and the mark, the others for the
 * bytes.
 */
#ifndef TAMIS_STORE_COMPANION_H
#define TAMIS_STORE_COMPANION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "store/record.h"
#include "store/store.h"
#include "util/span.h"

#define COMPANION_MARK 64
#define COMPANION_BYTES_MOST ((size_t)(COMPANION_ROWS - 1) * COMPANION_ROW_BYTES)

/* Zeros: there is none. */
struct companion_mark {
    uint8_t bytes[COMPANION_MARK];
};

/* The mark of the file with this content. */
struct companion_mark companion_mark_of(struct span file);

static inline bool companion_is_same(const struct companion_mark *one, const struct companion_mark *other)
{
    return memcmp(one, other, sizeof *one) == 0;
}

static inline bool companion_is_none(const struct companion_mark *mark)
{
    static const struct companion_mark none;
    return companion_is_same(mark, &none);
}

/* What the open store says; zeros also for a store in files, which is beside its own. */
struct companion_mark companion_mark_in(struct store *store);

/* The file as the server has it, where it is another than that with `*mark`, which becomes the server's.  `*file` is to
 * be freed, and NULL where there is none or it is the same.  Not checked but for what the rows check. */
bool companion_read(const struct store_options *options, struct companion_mark *mark, char **file, size_t *length,
                    struct failure *failure);

/* Puts a file in the place of that with the mark `before`, and makes the store when it is not there.  FAILURE_TEMPORARY
 * when another host was faster. */
bool companion_write(const struct store_options *options, const struct companion_mark *before, struct span file,
                     struct failure *failure);

#endif
