/* sorting.h - messages that wait in a folder to be judged, and the move of one into Junk
 *
 * What waits: files in new/, and files in cur/ that nobody has seen, flagged, answered, deleted or drafted.  What has
 * been judged once is in a record (name-record.h; note: first letter of the verdict) and does not wait any more.
 *
 * A message is moved by one rename within the Maildir, so it is always in one of the folders and never in both, and not
 * a byte of it changes.  It goes into Junk's new/, so that mail programs announce it there and junk-age.h knows that
 * nobody has seen it; with flags it goes into cur/.  System flags stay; a keyword's letter stays where it names the
 * same keyword in both folders (`dovecot-keywords`), elsewhere it would become another one and is left out.  Where one
 * of these files cannot be read, a message with keywords stays.  Left out is also the number that mbsync(1) writes into
 * the name (",U=7"): it holds for one folder only.
 */
#ifndef TAMIS_MAILBOX_SORTING_H
#define TAMIS_MAILBOX_SORTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/name-record.h"
#include "mailbox/opened-folder.h"
#include "util/arena.h"
#include "util/failure.h"

struct waiting_message {
    const char *name;
    bool is_new; /* in new/ */
};

struct waiting_list {
    struct waiting_message *messages;
    size_t count;
};

/* Lists what waits in the folder.  `record` was loaded and keeps what still waits of what was judged. */
bool sorting_list(const struct opened_folder *folder, struct name_record *record, struct arena *arena,
                  struct waiting_list *list, struct failure *failure);

enum sorting_moved { SORTING_MOVED, SORTING_CHANGED, SORTING_FAILED };

/* Moves a message into `junk`.  SORTING_CHANGED: a mail program has touched it meanwhile, it stays. */
enum sorting_moved sorting_move(const struct opened_folder *folder, const struct waiting_message *message,
                                const struct opened_folder *junk, struct failure *failure);

/* The flags and keyword letters (":2," not included) that a message keeps on its way between two folders whose
 * `dovecot-keywords` have these texts; `out` has room for 64. */
void sorting_flags(struct span flags, struct span from_keywords, struct span to_keywords, char out[64]);

#endif
