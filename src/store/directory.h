/* directory.h - the directory of a store: whose it is, who may work in it now, and which version wrote it
 *
 * Learned state tells a lot about somebody's mail.  A directory that others can look into, or that belongs to somebody
 * else, is refused (STORE_FORBIDDEN) with the command that mends it; so are symbolic links, FIFOs and the like in the
 * place of a file. The directory itself may be reached through a symbolic link of the user's own
 * (util/trusted-path.h, which config_load() asks).
 *
 * Lock order: the store's lock is taken first; the database library's own locks, which cannot be busy then, after it.
 */
#ifndef TAMIS_STORE_DIRECTORY_H
#define TAMIS_STORE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"
#include "util/failure.h"

#define STORE_FILE_LOCK "lock"
#define STORE_FILE_SNAPSHOT "snapshot"
#define STORE_FILE_JOURNAL "journal"
#define STORE_FILE_WEIGHTS "weights.tcf"
#define STORE_FILE_PAIRS "pairs.tcf"
#define STORE_FILE_LEDGER "ledger.tcf"

struct directory {
    const char *path; /* borrowed */
    int fd;
    int lock_fd;
};

#define DIRECTORY_CLOSED ((struct directory){ .fd = -1, .lock_fd = -1 })

/* Opens and checks the directory and its version.  `make`: makes what is missing.  On failure `*state` says why;
 * STORE_EMPTY when there is no store in it. */
bool directory_open(struct directory *directory, const char *path, bool make, enum store_state *state,
                    struct failure *failure);

/* Empties the lock file of a store that names no version, whatever it says instead; directory_open() then writes ours.
 * False when there is no such file.  Only for somebody who says that this is a store and wants it mended. */
bool directory_empty_lock(const char *path);

/* Unlocks and closes.  Safe to call twice. */
void directory_close(struct directory *directory);

/* Waits for the lock until `milliseconds` have passed; a lock that is held is changed (not in one step: look again at
 * everything).  On failure nothing is locked. */
bool directory_lock(struct directory *directory, bool exclusive, int milliseconds, enum store_state *state,
                    struct failure *failure);

/* Opens a file of the store; -1 and `failure`, with errno as open() left it, or 0 when it is refused. */
int directory_open_file(const struct directory *directory, const char *name, int flags, struct failure *failure);

/* Is it a regular file of our own that nobody else can look into? */
bool directory_check_file(int fd, const char *name, struct failure *failure);

/* Size of a file of the store; -1 and errno when it is not there, or cannot be told. */
int64_t directory_file_size(const struct directory *directory, const char *name);

/* Is there surely no such file?  Not when it cannot be told: what is made in the place of a state must not rest on a
 * disk that does not answer. */
bool directory_lacks(const struct directory *directory, const char *name);

/* "PATH/NAME"; false and `failure` when it is too long. */
bool directory_join(const struct directory *directory, const char *name, char *out, size_t size,
                    struct failure *failure);

/* The kernel's name for the time since it started (16 bytes), read once: no process outlives that.  False, and zeros,
 * with errno, when it cannot be had. */
bool directory_boot(uint8_t boot[16]);

#endif
