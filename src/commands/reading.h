/* reading.h - many messages read in processes of their own, a batch each, into features
 *
 * Training reads old mail by the thousand, and one hostile message among it must neither stop nor crash the training.
 * Messages are collected into batches; a child reads a batch and answers with features; when it dies, the message it
 * died of is named and left out and the rest goes on in a new child.  When no process can be started, that is not the
 * message's fault: the reading stops, and the caller tells its own caller to try again.
 *
 * While a child reads one batch, the features of the batch before are handed out and the next is collected, so that
 * reading and learning keep two processors busy: what is known of relays and hosts is, for a batch, what it was a batch
 * earlier.
 */
#ifndef TAMIS_COMMANDS_READING_H
#define TAMIS_COMMANDS_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "learn/features.h"
#include "mailbox/source.h"

struct reading;

/* Called for each message in order; `features` is NULL when it could not be read.  False stops the reading. */
typedef bool reading_visit(void *context, const char *name, const struct features *features);

/* `key`: store_key().  Never NULL. */
struct reading *reading_new(const struct settings *settings, uint64_t key, reading_visit *visit, void *context);

/* At most this many messages were added and not yet handed out. */
#define READING_WAITING 128

/* Begins to read the batch when a message of `length` bytes finds no room in it.  False: `visit` said stop. */
bool reading_make_room(struct reading *reading, size_t length);

/* Adds a message, for which there is room.  A small one is copied; one larger than a batch is read at once, so that it is in memory only
 * once. */
void reading_add(struct reading *reading, const struct source_message *message);

/* Reads what is left.  False: `visit` said stop. */
bool reading_finish(struct reading *reading);

void reading_free(struct reading **reading);

#endif
