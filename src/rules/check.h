/* check.h - the shape of a check, and how to add one
 *
 * A check is evidence written by people in C, for what needs structure.  To add one:
 *   1. write it in the file of its family (check-*.c, one small file a family), as a `const struct check` with a
 *      function;
 *   2. add one line to the list in check-table.c;
 *   3. add a message that fires it and an honest near-miss that does not to the table in the family's test.
 * Default points stand only in the descriptor, with a comment saying what they were measured on.
 */
#ifndef TAMIS_RULES_CHECK_H
#define TAMIS_RULES_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/message.h"
#include "store/history.h"
#include "util/buffer.h"
#include "util/network.h"

enum outcome {
    OUTCOME_SILENT,        /* looked, and it is not so */
    OUTCOME_HIT,           /* it is so */
    OUTCOME_COULD_NOT_TELL /* gave up (limit, missing input): never taken for either */
};

static inline enum outcome hit_if(bool so)
{
    return so ? OUTCOME_HIT : OUTCOME_SILENT;
}

/* What the user has sent, as a table of questions: those who answer stand outside this layer
 * (senders/correspondents.h). */
struct rule_sent_mail {
    void *context;
    /* How many messages the user has written to this mailbox; 0 for the user's own as well. */
    unsigned (*written_to)(void *context, struct span local, struct span domain);
    /* Is this the Message-ID of a message the user wrote? */
    bool (*wrote)(void *context, struct span message_id);
};

/* What a check may know besides the message.  Read only. */
struct rule_context {
    int64_t now;                    /* seconds since 1970; 0: not known */
    const char *user;               /* the mailbox owner's address when known, or NULL */
    const char *const *own_domains; /* NULL-terminated, may be NULL */

    /* All of these may be NULL: nothing set. */
    const struct network_list *trusted_networks; /* whose Received fields are as good as our own */
    const struct network_list *friend_networks;  /* whose hosts send no spam of their own */
    const char *const *internal_addresses;       /* NULL-terminated; mailboxes nobody outside writes to */
    const char *const *authserv_ids; /* NULL-terminated; what our servers sign Authentication-Results with */
    struct span bad_hosts;  /* the local list, as text (bad-hosts.h); may be empty */
    struct span bad_relays; /* the same of sending hosts: addresses and networks, one a line, '#' starts a comment */
    const struct rule_sent_mail *sent_mail; /* NULL: not known */
    bool note_relays;              /* learning notes addresses of relays (store/relay-book.h) */
    const struct history *history; /* which relays, hosts and scripts this user's mail had before; NULL: none */
};

/* The message, the context, and what several checks need of them, computed once (inspection.h). */
struct inspection;

struct check {
    const char *name;        /* HIDDEN_TEXT: upper case, digits, underscore; what users write in score.NAME */
    const char *description; /* one plain sentence without particulars, for `rules list` */
    int points;              /* default, in hundredths of a point; positive for spam */
    bool danger;             /* a named danger: may overrule a certain learner (executable attachment...) */
    bool of_history;         /* says something else once more mail has come, so that its name is never a token */
    /* Looks at the message.  On OUTCOME_HIT it writes what it found, as one plain sentence with its particulars ("the
     * link says paypal.com but goes to 203.0.113.7") to `detail`; an empty detail stands for the description.  Text out
     * of the message goes there through detail_quote() (detail.h) only.  A hit that is worth less than the check's
     * points sets inspection->share. */
    enum outcome (*evaluate)(struct inspection *inspection, struct buffer *detail);
};

/* All checks, in the order they are listed. */
extern const struct check *const check_table[];
extern const size_t check_count;

#endif
