/* decision.h - what is learned from where a message lies: the table
 *
 * tamis filed the message somewhere, and the user may have said otherwise since.  What stands so far (the user's last
 * word, or else where delivery put it) is the *belief*; a message that has come to lie where the belief does not put
 * it, or was marked against it, is a lesson.  So the same table serves the move that a hook reports and the state that
 * a scan finds, in any order and as often as one likes: what agrees with the belief teaches nothing.
 *
 *     into Junk from anywhere                       spam
 *     out of Junk to anything but Trash             ham
 *     Junk to Trash, or expunged                    nothing
 *     Junk to a folder below Junk                   nothing
 *     between ordinary folders                      nothing
 *     Sent and Drafts, and the user's own mail      nothing
 *     marked $Junk or $NotJunk, mark taken back     spam, ham, what the place says
 *     filed into Junk by the filter                 nothing: nothing is learned from a verdict alone
 */
#ifndef TAMIS_MAILBOX_DECISION_H
#define TAMIS_MAILBOX_DECISION_H

#include <stdbool.h>

#include "mailbox/fingerprint.h"
#include "mailbox/folders.h"
#include "mailbox/keywords.h"

/* What is believed of a message, and what is to be learned of it. */
enum belief { BELIEF_NONE, BELIEF_HAM, BELIEF_UNSURE, BELIEF_SPAM };

/* Where a message lies, all its files taken together. */
enum place {
    PLACE_NOWHERE,  /* not seen, expunged, or marked for it */
    PLACE_ORDINARY, /* the inbox, an archive, any folder that is none of the others */
    PLACE_JUNK,
    PLACE_TRASH,
    PLACE_OWN       /* Sent or Drafts */
};

struct sight {
    enum place place;
    enum junk_keyword keyword;
};

struct decision {
    enum belief lesson; /* BELIEF_NONE: nothing is learned; else BELIEF_HAM or BELIEF_SPAM */
    const char *why;    /* "moved into Junk"; the row that decided */
};

/* `own`: mail of the user's own.  `before`, `now`: what was and what is. */
struct decision decision_make(bool own, enum belief belief, struct sight before, struct sight now);

/* Where delivery put a message that is seen for the first time, as a belief.
 *   `put`          there are signs that somebody put it there (moves-scan.c)
 *   `files_spam`   delivery does put spam into Junk here.  Where it only tags, spam in the inbox was not moved there.
 * A message without a verdict (delivered past the filter, other people's filters) was filed where it is first seen. */
enum belief decision_filed(enum said said, enum place place, bool put, bool files_spam);

enum place decision_place(enum folder_use use);

#endif
