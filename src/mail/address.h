/* address.h - mailboxes out of From, To, Reply-To and their like
 *
 * RFC 5322 section 3.4 read as loosely as senders write it; linear time, no recursion (nested groups are flattened:
 * GMime 3.2.13 overflows the stack on them), at most LIMIT_ADDRESSES.
 */
#ifndef TAMIS_MAIL_ADDRESS_H
#define TAMIS_MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/header.h"
#include "util/arena.h"
#include "util/span.h"

struct address {
    struct span name;   /* display name, decoded UTF-8, without quotes; may be empty */
    struct span local;  /* before the last '@'; the whole when there is none; empty where only a name stood */
    struct span domain; /* behind the last '@', without a final dot; empty when there is none */
    struct span mailbox; /* local@domain as written */
};

struct address_list {
    const struct address *items;
    size_t count;
    bool truncated;
    bool malformed; /* unbalanced quotes or brackets, text outside of any address, a name without mailbox */
};

/* Parses the raw value of a field (structure first, then the encoded-words in each display name: an encoded '@' or
 * ',' is text). */
void address_parse(struct span raw_value, struct arena *arena, struct address_list *list);

#endif
