/* batches.h - many messages read in processes of their own, a batch each, into records
 *
 * Old mail is read by the thousand, and one hostile message among it must neither stop nor crash what is done with the
 * rest, nor do anything with the rights of the process that learns or measures.  So messages are collected into
 * batches; a child in the sandbox (child.h) reads a batch and writes a record for each message, and this process
 * believes a record as far as its user has checked it.  When the child dies, the message it died of is named and left
 * out, and the rest goes on in a new child.  When no process can be started, or there is no memory for its answer, that
 * is not the message's fault: the reading stops, and the caller tells its own caller to try again.
 *
 * While two children read a batch each, the records of the batch before are handed out and the next is collected, which
 * keeps processors busy that else would wait.  What a child finds in memory is therefore what this process knew some
 * batches earlier.
 */
#ifndef TAMIS_COMMANDS_BATCHES_H
#define TAMIS_COMMANDS_BATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/source.h"
#include "util/arena.h"
#include "util/buffer.h"

/* Room for one record.  A message's features, the longest, take some 20 KB and at most 40; those of a whole batch fit
 * the answer of a child. */
#define BATCH_RECORD_MOST ((size_t)256 * 1024)

struct batched_message {
    struct span bytes;
    const char *name;
    uint64_t note; /* what who added it wants to be told again */
};

enum batch_step {
    BATCH_GO_ON,
    BATCH_MALFORMED, /* this is no record: as if the child had died of the message */
    BATCH_STOP
};

/* How a batch is read, and what is done with the records. */
struct batch_reader {
    /* In this process, before each child is forked; may be NULL.  What it opens here the child finds as it is now. */
    void (*begin)(void *context);
    /* In the child: reads a message and appends its record. */
    void (*read)(void *context, struct span message, struct arena *arena, struct buffer *record);
    /* In this process, for each message in order.  `record` is not trusted; NULL when the message could not be read,
     * and then what is returned is to go on or to stop.  `arena` lives as long as the call. */
    enum batch_step (*visit)(void *context, const struct batched_message *message, const struct span *record,
                             struct arena *arena);
};

struct batches;

/* Never NULL. */
struct batches *batches_new(const struct batch_reader *reader, void *context);

/* Adds a message, after the batch has begun to be read where there is no room in it.  A small message is copied; one
 * larger than a batch is read at once, so that it is in memory only once.  False: the reading was stopped, and nothing
 * that was not handed out will be. */
bool batches_add(struct batches *batches, const struct source_message *message, uint64_t note);

/* Reads what is left.  False: the reading was stopped, now or before. */
bool batches_finish(struct batches *batches);

/* NULL inside is allowed. */
void batches_free(struct batches **batches);

#endif
