/* follow-up.h - what a judgement asks for once the message is where it belongs
 *
 * The message is safe by then, and nothing here can fail it.
 *
 * Every message is counted, for `tamis stats` (store/daybook.h), unless the setting `statistics` says no; and that of a
 * user who has taught tamis something leaves the time at which a message of its relay arrived, in the history
 * (store/history.h).  Both write in place with pwrite(2), to which a full disk is an error and no signal.
 *
 * Few messages ask for more.  Mail to a trap is learned as spam, and its relay and the hosts of its links go into the
 * user's bad_relays and bad_hosts; of an allowed sender that was authenticated the network is noted.  That is done in
 * a process of its own, since a full disk kills whoever writes learned state (SIGBUS), and a delivery that is done
 * must not end with the status that asks for another.  The message is read once more, in a child of that process; what
 * it answers is checked before any of it is written into a file.
 */
#ifndef TAMIS_COMMANDS_FOLLOW_UP_H
#define TAMIS_COMMANDS_FOLLOW_UP_H

#include "commands/judge.h"

void follow_up(struct span message, const struct judge_result *result, const struct settings *settings);

/* Reads a message the user vouches for in a child, and gives its sender's address and the line for known_relays; either
 * may be empty.  False when it could not be read. */
struct vouched {
    struct span sender, relay_key;
};
bool follow_up_read_sender(struct span message, const struct settings *settings, struct arena *arena,
                           struct vouched *vouched);

/* Notes a line of known_relays. */
bool follow_up_remember(struct span relay_key, const struct settings *settings, struct failure *failure);

#endif
