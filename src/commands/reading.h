/* reading.h - many messages read in processes of their own into features, for learning
 *
 * Batches (batches.h) whose records are features.  What is known of relays and hosts is, for a batch, what it was a
 * batch earlier.
 */
#ifndef TAMIS_COMMANDS_READING_H
#define TAMIS_COMMANDS_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "commands/batches.h"
#include "config/config.h"
#include "learn/features.h"
#include "mailbox/source.h"
#include "store/store.h"

struct reading;

/* Called for each message in order; `features` is NULL when it could not be read.  False stops the reading. */
typedef bool reading_visit(void *context, const struct batched_message *message, const struct features *features);

/* The user's store for many lessons, which are on the disk after store_sync() and not before; waits for whoever else
 * writes it.  NULL: `state` and `failure` say why. */
struct store *reading_open_store(const struct settings *settings, enum store_state *state, struct failure *failure);

/* For lessons of `store`, which must outlive it.  Never NULL. */
struct reading *reading_new(const struct settings *settings, struct store *store, reading_visit *visit, void *context);

/* Before anything is added: features are to have prints of the text under that key (sharing_key()); 0: none. */
void reading_take_prints(struct reading *reading, uint64_t key);

/* As batches_add() and batches_finish(). */
bool reading_add(struct reading *reading, const struct source_message *message, uint64_t note);
bool reading_finish(struct reading *reading);

void reading_free(struct reading **reading);

#endif
