/* user-state.h - what of a user's state judging asks for, opened before a message is looked at
 *
 * A child that reads a message may open nothing any more (sandbox.h).  So its preparation (child.h) opens the learned
 * state, the history, starter knowledge, the lists, the correspondents, and the charset converters that the message
 * names.  The end of the process closes all of it.
 */
#ifndef TAMIS_COMMANDS_USER_STATE_H
#define TAMIS_COMMANDS_USER_STATE_H

#include "config/config.h"
#include "learn/starter.h"
#include "mail/decode.h"
#include "senders/correspondents.h"
#include "senders/ruling.h"
#include "store/history.h"
#include "store/store.h"
#include "util/child.h"

/* What the process is at, for its parent (child_stage()). */
enum user_stage {
    STAGE_MESSAGE = 'M',
    STAGE_LEARNED = 'L', /* opens or reads learned state: what it dies of now is the state's fault */
    STAGE_DAMAGED = 'D'  /* learned state was found to be damaged */
};

struct user_state {
    const struct settings *settings;
    struct child *child;
    int64_t now; /* when the state was opened: seconds since 1970 */
    bool again;         /* set by the caller: a process died of this message, so nothing is taken for granted */
    bool without_store; /* set by the caller: judge without learned state and history */
    bool mend;          /* set by the caller: make the tables of the store again first */
    struct store *store; /* NULL: `store_state` says why */
    enum store_state store_state;
    struct history *history; /* NULL: none */
    struct starter *starter; /* NULL: none, or not needed any more */
    struct ruling_lists lists;
    struct correspondents_book sent_mail;
    bool old_sent_mail; /* another host has gathered since */
    struct converters converters;
};

/* What cannot be opened is one hint less, and a line in the log. */
void user_state_open(struct user_state *user, struct span message, struct child *child,
                     struct sandbox_limits *sandbox);

#endif
