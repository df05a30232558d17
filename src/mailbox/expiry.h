/* expiry.h - which messages in Junk have been there too long, and their end
 *
 * What counts is the time in Junk (junk-age.h), from the first look on at the earliest.  Messages that the user
 * flagged, or marked as no junk, stay however old they are; so do, while the names of keywords cannot be read, all that
 * have a keyword.  A run whose clock is doubted deletes nothing.  One run deletes a limited number, the oldest, so that
 * a wrong setting does limited harm.
 *
 * A message is deleted by the very name it was listed with: when a mail program has changed its flags since (the user
 * flags it this moment), the name is gone and the message stays for the next run.
 */
#ifndef TAMIS_MAILBOX_EXPIRY_H
#define TAMIS_MAILBOX_EXPIRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/junk-age.h"
#include "util/arena.h"
#include "util/failure.h"

struct expiry_settings {
    int days; /* in Junk; 0: messages do not expire */
    int most; /* that one run deletes */
};

struct expiry_plan {
    const struct junk_message **due; /* the oldest first */
    size_t count;
    size_t waiting; /* due as well, but more than one run may delete */
    size_t kept;    /* old enough, but flagged or marked as no junk, or perhaps so */
};

/* Pure: what is due `now`; nothing where the clock of the list is doubted, nor before the first look is as long ago as
 * messages stay, and this is what sees to that.  `unlimited` lifts the limit of one run. */
void expiry_plan(const struct junk_list *list, const struct expiry_settings *settings, int64_t now, bool unlimited,
                 struct arena *arena, struct expiry_plan *plan);

struct expiry_done {
    size_t deleted;
    size_t changed;  /* renamed or gone meanwhile: left alone */
    int64_t bytes;   /* of those deleted, and how many of them count in the quota */
    int64_t counted;
};

/* Deletes the messages due, and keeps maildirsize right as it goes on.  False when one could not be deleted for a
 * reason that holds for the others too (no permission, read-only file system); `done` says what was done by then. */
bool expiry_delete(const struct opened_folder *folder, const struct expiry_plan *plan, struct expiry_done *done,
                   struct failure *failure);

#endif
