/* origin.h - who a message says it is from, by which host it came, for whom, and what proves any of it
 *
 * Everything in a header can be forged but what our own servers wrote into it.  These are the Received fields from the
 * top down to the one by which the message came in from outside, and what stands above and between them.
 */
#ifndef TAMIS_SENDERS_ORIGIN_H
#define TAMIS_SENDERS_ORIGIN_H

#include <stdbool.h>

#include "mail/authentication.h"
#include "mail/message.h"
#include "util/arena.h"
#include "util/network.h"

/* What the settings say of this site.  All may be NULL. */
struct site {
    const struct network_list *trusted_networks; /* of our own servers; private networks always are */
    const char *const *authserv_ids;             /* NULL-terminated: how they sign Authentication-Results */
};

enum way {
    WAY_UNKNOWN, /* no Received field at all */
    WAY_INSIDE,  /* it never left our own networks, or one of our people handed it in with a password */
    WAY_OUTSIDE
};

/* Domain by IDNA (entry_domain()), neither part empty. */
struct correspondent {
    struct span local, domain;
};

struct correspondents {
    const struct correspondent *items;
    size_t count;
};

struct origin {
    const struct message *message;
    enum way way;
    bool is_surely_inside;     /* WAY_INSIDE, by loopback, trusted_networks or a password all along.  A private address
                                * alone proves nothing: behind a translating router or container it may be anybody's */
    struct correspondent sender;     /* the one that From names; empty when there is none, or several */
    struct span list_id;       /* of List-Id, without brackets; empty when there is none */
    size_t own_hops;           /* Received fields our own servers wrote */
    const struct relay *outside; /* WAY_OUTSIDE: the last of them, when it has the address of who handed it over */
    struct authentication authentication;

    struct correspondents senders;  /* every mailbox that From, Sender or Return-Path names */
    struct correspondents recorded; /* for whom the message was handed to our servers: Delivered-To, X-Original-To and
                                * Envelope-To above the first Received field, "for" of those that our servers wrote */
    struct correspondents named;    /* in To and Cc: what the sender claims */
};

void origin_find(const struct message *message, const struct site *site, struct arena *arena, struct origin *origin);

/* What shows that a message is from a domain: a signature, a permitted host, or both (the DMARC of RFC 7489 section 3.1
 * is satisfied in any of these cases: relaxed alignment). */
enum proof {
    PROOF_NONE,
    PROOF_FAILED, /* our servers checked, and found it forged */
    PROOF_INSIDE, /* surely so: no stranger had it in hand */
    PROOF_DMARC,
    PROOF_DKIM,
    PROOF_SPF
};

enum proof origin_proof(const struct origin *origin, struct span domain);
const char *proof_name(enum proof proof); /* "dkim=pass" */

/* The network of the host outside, as it is remembered: its IPv4 /24 or IPv6 /48, "192.0.2.0/24"; empty when there is
 * none.  Mail services send from many neighbouring addresses; strangers seldom sit that close. */
struct span origin_network(const struct origin *origin, struct arena *arena);

#endif
