/* moves.h - what the user has done with messages since they were delivered, out of hooks and scans
 *
 * Remembers for each message where it lay and what is believed of it (decision.h), and for each file which message it
 * holds.  moves_reported() takes what a hook saw, moves_scan() looks at the folders; both lead to the same lessons, in
 * any order and however often, because a lesson changes the belief and what agrees with the belief teaches nothing.
 *
 * A life of it, under the lock of `tamis relearn`:
 *     moves_open(), moves_reported() for each queued event, moves_scan(), moves_save(),
 *     moves_visit_lessons() with moves_lesson_done() for each that is learned, moves_save(), moves_close()
 * A lesson is saved before it is learned and is forgotten after: who dies in between learns it again, which the ledger
 * of the learners makes harmless.
 *
 * Cost follows what changed.  A folder whose directories and dovecot-keywords have the times they had is not looked
 * into; in one that changed only new names are opened, and of these the first FINGERPRINT_READS bytes.  A mailbox of
 * 100,000 messages takes 49 bytes each in the file and some 60 in memory.
 *
 * The file has a checksum and a version.  When it is damaged or of another version, the mailbox is seen for the first
 * time again: lessons that stand are in the ledger, and X-Tamis tells of most messages where delivery put them.
 */
#ifndef TAMIS_MAILBOX_MOVES_H
#define TAMIS_MAILBOX_MOVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/decision.h"
#include "mailbox/fingerprint.h"
#include "mailbox/folders.h"
#include "util/failure.h"

/* Its file in the state directory. */
#define MOVES_FILE "moves"

struct moves;

/* Reads the file at `path`; one that is missing or of no use gives an empty memory, with a reason in `failure` when
 * there was something that could not be used.  Never NULL. */
struct moves *moves_open(const char *path, struct failure *failure);

/* Replaces the file when anything changed. */
bool moves_save(struct moves *moves, struct failure *failure);

/* Closes and sets the caller's pointer to NULL. */
void moves_close(struct moves **moves);

/* What a hook saw: a message that came from a folder (`from_known`; otherwise it was uploaded) into another. */
struct move {
    struct fingerprint message;
    bool from_known;
    enum folder_use from, to;
};

void moves_reported(struct moves *moves, const struct move *move);

/* For whoever files messages later than at delivery (tamis sort).  May it put this one into Junk?  Not when the user
 * has said something about it, nor when it was in Junk before and came back. */
bool moves_may_file(const struct moves *moves, const struct fingerprint *message);

/* It has put the message into Junk: the belief is spam, and that it lies there is no word of the user's. */
void moves_filed_into_junk(struct moves *moves, const struct fingerprint *message);

struct moves_scan_result {
    size_t folders, looked_into; /* of these, how many had changed */
    size_t files, opened;        /* in the mailbox; of these, how many were new */
    size_t unreadable;           /* files, folders, and folders with keywords that could not be read */
    struct failure unread_keywords; /* why those of the last of these could not; FAILURE_NONE: they could */
};

/* Looks at all folders.  `now`: seconds since 1970.  False when the system lacked something for the moment
 * (descriptors, memory): then `moves` knows half of what has changed, and must be closed without being saved.  What
 * cannot be read for good is counted in `unreadable`, and the rest holds; the next scan looks into that folder again.
 * While it cannot be read what keywords mean, messages have the marks they had, and nothing follows from new ones. */
bool moves_scan(struct moves *moves, const struct folders *folders, int64_t now, struct moves_scan_result *result,
                struct failure *failure);

/* What is known of a message that nobody has moved or marked, and of which no lesson waits. */
struct moves_left_alone {
    enum said said;   /* at delivery */
    enum place place;
    bool seen;        /* read */
    bool used;        /* answered, flagged, or filed into another folder than delivery did */
    bool junk_opened; /* after it came to lie there, the user was seen to have been in Junk */
    int64_t days;     /* since a scan first saw it where it lies */
};

/* Asks of each of them, after a scan, what that says.  BELIEF_HAM and BELIEF_SPAM make a lesson (moves_lesson.implicit)
 * that is asked for once while the message lies there; what the user says replaces it. */
typedef enum belief moves_ask(void *context, const struct moves_left_alone *left_alone);
void moves_visit_left_alone(struct moves *moves, int64_t now, moves_ask *ask, void *context);

/* How many lessons wait to be learned. */
size_t moves_lesson_count(const struct moves *moves);

/* One lesson: `spam` or ham, of the message with this number. */
struct moves_lesson {
    size_t number;
    uint8_t fingerprint[16];
    bool spam;
    bool implicit;    /* not the user's word, but that he left the message alone */
    const char *path; /* a file that holds the message; NULL when no folder has it any more */
};

/* Visits them, messages that are in a folder first, until `visit` returns false. */
void moves_visit_lessons(struct moves *moves, bool (*visit)(void *context, const struct moves_lesson *lesson),
                         void *context);

/* Is it to be learned still, and as what: BELIEF_NONE, BELIEF_HAM, BELIEF_SPAM. */
enum belief moves_lesson_wanted(const struct moves *moves, size_t number);

/* Is the lesson of that kind that moves_visit_left_alone() makes? */
bool moves_lesson_is_implicit(const struct moves *moves, size_t number);

void moves_lesson_done(struct moves *moves, size_t number);

/* An implicit lesson that is not to be learned now: moves_visit_left_alone() asks again another time. */
void moves_lesson_put_off(struct moves *moves, size_t number);

#endif
