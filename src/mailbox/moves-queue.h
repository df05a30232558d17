/* moves-queue.h - moves that a hook reports, kept until `tamis relearn` takes them
 *
 * The hook runs inside somebody's IMAP session, once for each moved message, so it decides nothing and opens no
 * database: it takes the fingerprint, appends one line with one write, and is gone.  A move of 1,000 messages leaves
 * 1,000 lines.
 *
 *     1 SECONDS FINGERPRINT SAID FROM TO        from and to as folder names, %-escaped; FROM "-" for an upload
 *
 * Beside the line the message's text is kept (moved.d/FINGERPRINT, once for each message), so that it can be learned
 * even when it is expunged at once, and when the mailbox is no Maildir.  What is larger than QUEUE_TEXT_AT_MOST is
 * looked for in its folder.  Behind the text stands its sum (8 bytes in the machine's byte order, XXH3 seeded with the
 * fingerprint's first 8): what is not whole is no text.  Texts go when all that was taken has been learned and no other
 * move waits (queue_remove_texts()): that may be of a message that the user has moved on meanwhile, and that has no
 * text but this.
 *
 * Writers lock the file while they keep the text and write the line.  The reader renames it under the same lock; a
 * writer that waited meanwhile sees that its file has another name and opens the new one.  So no line is lost, and none
 * is read twice but by a reader that died before queue_taken(), which is harmless (moves.h).  Nothing is synced: what a
 * power cut takes of lines and texts is found by the next scan of the folders; what it leaves of them harms nothing.
 */
#ifndef TAMIS_MAILBOX_MOVES_QUEUE_H
#define TAMIS_MAILBOX_MOVES_QUEUE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/fingerprint.h"
#include "util/failure.h"
#include "util/file.h"
#include "util/span.h"

/* A learner reads the first kilobytes; what is larger carries attachments and waits in its folder. */
#define QUEUE_TEXT_AT_MOST ((size_t)1024 * 1024)
/* 100,000 moves; a hook that nobody reads after must not fill the disk. */
#define QUEUE_AT_MOST ((size_t)16 * 1024 * 1024)

/* The folder of the texts; its time is that of the last hook that kept one, or of who removed one. */
#define QUEUE_TEXTS "moved.d"

/* Appends a move of `message` to the queue in `directory`, which is made when missing.  `from` NULL: an upload. */
bool queue_append(const char *directory, struct span message, const char *from, const char *to,
                  struct failure *failure);

/* One line that was taken. */
struct queued_move {
    struct fingerprint message;
    const char *from; /* NULL: an upload */
    const char *to;
    int64_t when;     /* it was reported: seconds since 1970 */
};

/* Takes all lines; damaged ones are left out and counted.  False when the queue cannot be read.  Nothing waiting is
 * success. */
bool queue_take(const char *directory, void (*visit)(void *context, const struct queued_move *move), void *context,
                size_t *bad_r, struct failure *failure);

/* As queue_take(), but leaves everything where it is. */
bool queue_look(const char *directory, void (*visit)(void *context, const struct queued_move *move), void *context,
                size_t *bad_r, struct failure *failure);

/* What was taken is safe elsewhere, and goes. */
void queue_taken(const char *directory);

/* Does anything wait? */
bool queue_is_empty(const char *directory);

/* The text that is kept of a message, and its path for people: 1 read, 0 when none is there, or not all of it, -1 when
 * that cannot be told just now (an I/O error, no descriptor or memory left). */
int queue_read_text(const char *directory, const uint8_t fingerprint[16], struct file_bytes *bytes,
                    char path[PATH_MAX]);

/* What was taken needs no text any more: removes all of them while no hook can report anything, unless a move waits. */
void queue_remove_texts(const char *directory);

/* Removes texts older than a week: of messages that were never learned. */
void queue_remove_old_texts(const char *directory, int64_t now);

#endif
