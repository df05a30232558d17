/* starter-building.h - starter knowledge made from labelled mail (starter.h says what it is)
 *
 * Logistic regression in several passes over all messages, in an order that depends on nothing but their number, with
 * steps that shrink by slot (AdaGrad: Duchi, Hazan and Singer 2011), both classes weighing the same, and the rules'
 * points as a part of the log-odds that is given.  A slot takes part only when it stood in at least
 * STARTER_MESSAGES_LEAST messages of so many groups.  A group is a sender: then a name, an account number or a secret
 * that one correspondent wrote is in no weight.  Or it is a user of a host whose users share what they know: then no
 * word is in it that fewer than so many of them have, and no user weighs more than the median one, however much mail
 * he has.
 *
 * The same messages give the same bytes.
 */
#ifndef TAMIS_LEARN_STARTER_BUILDING_H
#define TAMIS_LEARN_STARTER_BUILDING_H

#include "mail/message.h"
#include "store/store.h"
#include "util/buffer.h"
#include "util/failure.h"

#define STARTER_MESSAGES_LEAST 4
#define STARTER_SENDERS_LEAST 3
#define STARTER_GROUPS_MOST 8 /* as many can be asked for */

struct starter_building;

/* `groups`: how many a word must stand in, from 1 to STARTER_GROUPS_MOST.  `even`: no group weighs more than the median
 * one.  NULL without memory. */
struct starter_building *starter_building_new(unsigned groups, bool even);
void starter_building_free(struct starter_building **building);

/* What is made of a message: plain data that crosses a pipe. */
struct starter_example {
    uint64_t sender;       /* its group by its sender, who is told from others by the domain of his address */
    int points;            /* what rules say of it, in hundredths, as struct features_extra has it */
    const uint32_t *slots; /* distinct, below STARTER_SLOTS */
    size_t count;
};

struct starter_example starter_example_of(const struct message *message, int points, struct arena *arena);

/* To and from bytes, for the pipe out of the child that has read the message.  The bytes are not trusted: false when
 * they are no example, or more than one. */
void starter_example_encode(const struct starter_example *example, struct buffer *out);
bool starter_example_decode(struct span bytes, struct arena *arena, struct starter_example *example);

/* Adds a message of a group.  False without memory. */
bool starter_building_add(struct starter_building *building, const struct starter_example *example, uint64_t group,
                          enum label label, struct failure *failure);

/* Appends the file to `out`, which has room for STARTER_BYTES.  False when a class is missing or there is no memory. */
bool starter_building_finish(struct starter_building *building, struct buffer *out, struct failure *failure);

#endif
