/* junk-age.h - what lies in Junk, and since when: the arrival in Junk, not the date of the message
 *
 * A message that is moved into Junk is often old already; whoever counts its days from its Date field or its delivery
 * deletes it in the night after the move.  The time when a file came into a folder stands nowhere in a Maildir, so we
 * keep a record (name-record.h) of when each message was first seen there.  The record goes by these rules:
 *
 *   in the record                         the time in the record, whatever has become of the file's name since
 *   new, status changed since last time   the change time (st_ctime): delivery, link and rename set it, and changes
 *                                         of flags only make it later
 *   new, and yet no change since          now: a file system on which rename leaves the change time alone
 *   no record yet                         the change time
 *   a record that is damaged              now
 *
 * Whatever it says, a message came no earlier than its file shows: than the time in front of its name, at which it was
 * delivered or, by Dovecot, moved, and than its modification time.  Changes of flags leave both alone, copying and
 * restoring keep them or make them later.  The modification time may be anything, since programs that fetch mail set it
 * to the sender's date; so neither counts past the change time.  A time in the future, or before this program was made
 * (a clock that begins in 1970), is no time: then the message came now.
 *
 * Nor is the clock believed without a witness.  A look through the folder agrees with the last one when the clock went
 * on since, by no more than a few nights and no more than messages stay (so what came since cannot be due); anything
 * else (enum junk_clock) is noted as a doubt, and the record keeps what it said.  A doubt ends with the first look that
 * agrees with the last good one, which is when one night's clock was wrong; or with one of another night that agrees
 * with the doubted one, which is when the host was off for long.  Longer pauses agree when they are like the leap
 * before them, for those who expire once a month.
 *
 * A host that was off for long and a clock that stays wrong look alike, and no cheap witness knows them apart: whatever
 * the host writes has its clock, and whatever mail says somebody else wrote.  So of the time between the last good look
 * and the doubted one nothing counts: what was there before ages on from where it was, and what came meanwhile came
 * with the doubted look.  However long a clock stays wrong, a night adds a day.
 *
 * A clock that is wrong from the first look on has nothing to leap from, and what lay there before may have its times
 * by another: mail of yesterday would be years old.  So days count from the first look (junk_list.began) for all that
 * lay there then.  Its change times say when it came nonetheless, to whoever does not delete by them.
 *
 * So a record that is lost, old or wrong errs towards a later time.  Earlier than it was is a time only where the
 * record says so and the file does not gainsay it.  What has left the folder leaves the record, so a message that comes
 * back begins anew.
 */
#ifndef TAMIS_MAILBOX_JUNK_AGE_H
#define TAMIS_MAILBOX_JUNK_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/opened-folder.h"
#include "util/arena.h"
#include "util/failure.h"

/* The records' names in the user's state directory: of Junk, and of the quarantine. */
#define JUNK_RECORD "junk-seen"
#define QUARANTINE_RECORD "quarantine-seen"

/* No clock that is right says less: 2026-01-01, before the first version. */
#define JUNK_EARLIEST_TIME INT64_C(1767225600)

struct junk_message {
    const char *name; /* of the file, in new/ or cur/ */
    int64_t arrived;  /* in Junk, seconds since 1970 */
    bool is_new;      /* in new/: no mail program has opened the folder since it arrived */
    bool is_flagged;  /* F: the user marked it */
    bool is_trashed;  /* T: deleted, not yet expunged; such messages do not count in the quota */
    bool is_not_junk; /* the user marked it as no junk ($NotJunk, NonJunk), whatever else it is marked as */
    bool is_unclear;  /* has keywords, and whether one of them says no junk could not be read */
};

enum junk_clock {
    JUNK_CLOCK_AGREES,
    JUNK_CLOCK_FIRST,  /* no record, or a damaged one: nothing to hold the clock against */
    JUNK_CLOCK_BEHIND, /* before the last look, or before this program was made */
    JUNK_CLOCK_LEAPT,
};

struct junk_list {
    struct junk_message *messages;
    size_t count;
    enum junk_clock clock; /* by any but JUNK_CLOCK_AGREES nothing may be deleted */
    int64_t began;         /* the first look: whatever came before has been there since then, for whoever deletes;
                              0: not known, from a time when all that is recorded was noted day by day */
    struct failure unread; /* why the names of keywords could not be read; FAILURE_NONE: they could */
};

/* Lists the folder, with the help of the record at `record_path`, and renews the record unless `look_only`.  Messages
 * stay for `days`, which says what leap of the clock would do harm.  The list holds whenever it comes back true;
 * `unsaved` is set when it could not be recorded, and failure says why. */
bool junk_age_list(const struct opened_folder *folder, const char *record_path, int64_t now, int days, bool look_only,
                   struct arena *arena, struct junk_list *list, bool *unsaved, struct failure *failure);

#endif
