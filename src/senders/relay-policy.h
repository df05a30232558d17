/* relay-policy.h - which relays the mail server is to refuse, and for how long
 *
 * Short at first and longer for who goes on: many a relay is an honest server with one account broken into, which
 * its owner mends within the hour; a machine that only sends spam comes again, and each time doubles its absence.
 *
 *     offences = messages called spam + 2 * messages to traps
 *     time     = minutes * 2^(offences - least), at most days_most, from the last offence on
 *
 * Spared whatever they sent are: this site's own and trusted networks, friends, what is no address of the open
 * Internet, and who sent ham within RELAY_HAM_SECONDS, unless its offences are spam_per_ham times as many.
 */
#ifndef TAMIS_SENDERS_RELAY_POLICY_H
#define TAMIS_SENDERS_RELAY_POLICY_H

#include "store/relay-book.h"
#include "util/network.h"

#define RELAY_HAM_SECONDS ((int64_t)30 * 86400)

struct relay_policy {
    int offences;     /* the least */
    int minutes;
    int days_most;
    int spam_per_ham;
    int users;        /* so many different ones must have told of it */
    const struct network_list *trusted_networks, *friend_networks; /* may be NULL */
};

enum relay_standing {
    RELAY_REFUSED,
    RELAY_TOO_FEW,       /* offences */
    RELAY_TOO_FEW_USERS,
    RELAY_SENT_HAM,
    RELAY_OURS,          /* own, trusted, friend or private */
    RELAY_OVER           /* its time is over */
};

struct relay_sentence {
    enum relay_standing standing;
    unsigned offences;
    int64_t until; /* seconds since 1970; of RELAY_REFUSED and RELAY_OVER */
};

/* `users`: how many have told of it. */
struct relay_sentence relay_judge(const struct relay_policy *policy, const struct relay_record *record, unsigned users,
                                  int64_t now);

#endif
