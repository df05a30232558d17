/* inspection.h - one message under inspection: what several checks need, computed once, when first asked for
 *
 * Lives for one rules_evaluate().  Nothing here changes the message.
 */
#ifndef TAMIS_RULES_INSPECTION_H
#define TAMIS_RULES_INSPECTION_H

#include "mail/authentication.h"
#include "rules/archives.h"
#include "rules/check.h"
#include "rules/trace.h"
#include "util/arena.h"

/* How the words of a text are written.  Counted over letters only; a word is a run of letters, with what hides inside
 * it. */
struct word_marks {
    unsigned split;  /* words with an invisible character between two ASCII letters */
    unsigned mixed;  /* words of Latin letters with Cyrillic or Greek ones that look the same */
    unsigned slips;  /* the same, but a slip of the keyboard or an ending may have made them */
    unsigned styled; /* words in letters made for formulas and signs: bold, script, squared... */
    struct span first_split, first_mixed, first_slip, first_styled; /* an example of each */
};

/* A link whose text shows an address the link does not go to.  That a newsletter's link shows the sender's own address
 * and goes through a counting host is common and honest; anything else is not. */
struct link_lie {
    struct span shown_host; /* empty: there is no such link */
    struct span target_host;
};
struct link_lies {
    struct link_lie of_sender;   /* the first that shows the sender's own host */
    struct link_lie of_stranger; /* the first that shows another, as an address: with a scheme, "www." or a path */
    struct link_lie of_name;     /* the first that shows another as a bare name ("Dilbert.com"), perhaps of a firm */
};

/* Where the host stands that handed the message to us. */
enum network_kind {
    NETWORK_NONE,   /* there is none: the message never left our own hosts, or its way cannot be told */
    NETWORK_OWN,    /* its name in the DNS is below one of our own domains, or it logged in to our server */
    NETWORK_FRIEND, /* its address is in one of friend_networks */
    NETWORK_UNKNOWN
};

struct inspection {
    const struct message *message;
    const struct rule_context *context;
    struct arena *arena;

    /* How much of its points the hit is worth, in percent: 100 when a check is called, and it may set less.  A hit of
     * less than 100 is no danger, whatever the check is. */
    unsigned share;

    /* What the functions below have found; not for checks. */
    bool border_known, from_site_known, marks_known, lies_known, archives_known, authentication_known;
    const unsigned *url_marks;
    const struct relay *border;
    struct authentication authentication;
    struct span from_site;
    struct word_marks marks;
    struct link_lies lies;
    struct archives archives;
    const struct message_trace *trace;
};

void inspection_start(struct inspection *inspection, const struct message *message, const struct rule_context *context,
                      struct arena *arena);

/* Was it ever under way: is there a Received field?  A message without one was handed in on this host, or somebody cut
 * its header down before it came to us; what else its header lacks then says nothing about who wrote it. */
bool inspection_was_relayed(struct inspection *inspection);

/* The hop by which a strange host handed the message to one of ours: the topmost whose sender has a public address that
 * is not in trusted_networks.  Hops within one machine or a private network, and fetches by POP or IMAP, are passed
 * over.  NULL when there is none. */
const struct relay *inspection_border(struct inspection *inspection);

/* Where the sender of that hop stands. */
enum network_kind inspection_network(struct inspection *inspection);

/* The border hop when its sender is a stranger, and may be asked what strangers are asked; else NULL. */
const struct relay *inspection_stranger(struct inspection *inspection);

/* What our own servers found out about the sender. */
const struct authentication *inspection_authentication(struct inspection *inspection);

/* Does a method that holds speak for the domain in From (RFC 7489 section 3.1, relaxed)? */
bool inspection_is_authenticated(struct inspection *inspection);

/* Is `domain` one of the site's own, or below one?  Without any in the settings: that of the user's own address, unless
 * everybody can have an address there. */
bool inspection_is_own_domain(struct inspection *inspection, struct span domain);

/* Did the message pass, by what any Received field says, a host at or below `domain`? */
bool inspection_passed(struct inspection *inspection, const char *domain);

/* The sender: the first mailbox of From that has a domain ("Team, Support <x@y>" names two without quotes); NULL when
 * there is none. */
const struct address *inspection_sender(struct inspection *inspection);

/* The registrable domain of the sender's address, in ASCII as those of links are; empty when there is none. */
struct span inspection_from_site(struct inspection *inspection);

/* Has `host` the sender's registrable domain?  Domains in letters outside ASCII are written as they are or with "xn--",
 * and one message may do both: in From so, in its links, relays and signature otherwise. */
bool inspection_is_senders(struct inspection *inspection, struct span host);

/* How the words of the subject, the From field and the visible text are written. */
const struct word_marks *inspection_word_marks(struct inspection *inspection);

/* The links that lie about their target. */
const struct link_lies *inspection_link_lies(struct inspection *inspection);

/* What one of them shows, and where it goes; shown_host is empty for a link that does not lie. */
struct link_lie inspection_link_lie(struct inspection *inspection, const struct html_link *link);

/* What the lists say of the host of each URL of the message, in their order: bits of enum host_mark. */
const unsigned *inspection_url_marks(struct inspection *inspection);

/* What learning the message leaves in the history. */
const struct message_trace *inspection_trace(struct inspection *inspection);

/* What the attached archives hold. */
const struct archives *inspection_archives(struct inspection *inspection);

#endif
