/* ruling.h - what the lists of the user and of the site decide about a message
 *
 * Lists come before the filter and decide alone.  Their files are plain text (entry.h), looked for in two folders, the
 * user's and the site's:
 *
 *     allow          senders whose mail is never spam
 *     deny           senders whose mail always is
 *     trap           addresses of ours that no honest person writes to: mail to them is spam, and is learned as such
 *     internal_only  addresses of ours that only people inside write to: mail to them from outside is spam
 *
 * Which one decides
 *  - Of all entries of allow and deny that mean the sender, the most specific counts: an address before a mailing list,
 *    that before a domain, that before "and all below it".  Among equals the user's own list counts before the site's,
 *    and deny before allow.
 *  - An entry of allow counts only when the message is shown to be the sender's: authenticated by our own servers, from
 *    inside beyond doubt, or from a network that mail of this sender has come from before (known_relays).  Else it is
 *    as if it were not there, and the ruling says so.  deny needs no proof: who forges a denied sender is welcome to be
 *    denied.
 *  - Allowed comes before trap, that before denied, that before internal_only.
 *  - Where no list decides, whom the user has written to (correspondents.h) is not junked by rules alone, when the
 *    message is shown to be the sender's.  That is less than an entry of allow: what the user has taught can still call
 *    it spam, and it may be unsure.
 *  - Mail to postmaster and abuse (RFC 2142) is never junked, whatever lists and filter say of it: these two must be
 *    reachable for who is filtered wrongly (RFC 5321 section 4.5.1).
 *
 * Allowed senders are looked for in From alone, which is what the reader sees; denied ones in From, Sender and
 * Return-Path; a mailing list's in List-Id.
 *
 * Pure but for reading the lists, which comes first: who finds a ruling need not be able to open files.  Without any
 * list file the cost is an access(2) for each.
 */
#ifndef TAMIS_SENDERS_RULING_H
#define TAMIS_SENDERS_RULING_H

#include <stdbool.h>

#include "mail/message.h"
#include "senders/correspondents.h"
#include "senders/origin.h"
#include "util/arena.h"
#include "util/file.h"

#define LIST_ALLOW "allow"
#define LIST_DENY "deny"
#define LIST_TRAP "trap"
#define LIST_INTERNAL_ONLY "internal_only"

/* Beside the user's lists; the program writes them when mail comes to a trap (dated-list.h). */
#define LIST_BAD_HOSTS "bad_hosts"
#define LIST_BAD_RELAYS "bad_relays"
/* In the state directory: "ADDRESS NETWORK" of allowed senders that were authenticated. */
#define LIST_KNOWN_RELAYS "known_relays"
#define MARK_TRAP "trap"
#define MARK_KNOWN "mail"

enum ruling_list { RULING_LIST_ALLOW, RULING_LIST_DENY, RULING_LIST_TRAP, RULING_LIST_INTERNAL_ONLY };
#define RULING_LISTS 4

/* The text of all lists. */
struct ruling_lists {
    struct file_bytes own[RULING_LISTS], of_site[RULING_LISTS];
    struct file_bytes known_relays; /* read only where there is a list `allow` */
};

struct senders_settings {
    const char *directory;        /* of the user's lists; "" none */
    const char *system_directory; /* of the site's; "" none */
    const char *state_directory;  /* where known_relays is; "" none */
    const char *trap_addresses;   /* more traps, apart by blanks or commas; NULL none */
    const struct ruling_lists *lists; /* read before; NULL: ruling_find() reads them */
    struct correspondents_book *sent_mail; /* whom the user knows; NULL nobody */
    struct site site;
    int64_t now; /* seconds since 1970 */
};

enum ruling_kind { RULING_NONE, RULING_ALLOWED, RULING_DENIED, RULING_TRAP, RULING_INTERNAL_ONLY };

struct ruling {
    enum ruling_kind kind;
    struct span detail;         /* one plain sentence: which entry where, and what proves the sender */
    struct span allow_refused;  /* why an entry of allow was not applied; empty when none was refused */
    struct span role;           /* "postmaster" or "abuse" when the message is for one of them, else empty */
    struct span correspondent;  /* RULING_NONE: how the user knows the sender, and what proves it; empty: neither */
    bool remember;              /* RULING_ALLOWED: authenticated, and its network is not in known_relays of late */
};

/* Reads the lists that there are; one that cannot be read is empty, and the log says why. */
void ruling_lists_read(const struct senders_settings *settings, struct ruling_lists *lists);
void ruling_lists_free(struct ruling_lists *lists);

void ruling_find(const struct message *message, const struct senders_settings *settings, struct arena *arena,
                 struct ruling *ruling);

/* The key under which a sender's network stands in known_relays; empty when either is not known. */
struct span ruling_relay_key(const struct origin *origin, struct arena *arena);

#endif
