/* source.h - messages to read: a file, an mbox, a Maildir, an MH folder, or stdin, told apart by looking
 *
 *   regular file whose first line is a "From " line and that holds a second one, or named *.mbox
 *                                         mbox (see mbox-reader.h)
 *   other regular file                    one message, byte for byte
 *   directory with cur/ and new/          Maildir in order of delivery (tmp/ never; its Maildir++ folders when asked)
 *   directory with files named by numbers and no others
 *                                         MH folder, in number order
 *   other directory                       all of these that are in it, recursively, in name order (numbers by value)
 *   "-"                                   stdin: mbox or one message
 *
 * Hidden files and directories are passed over, as are FIFOs and devices inside a directory; named directly they are
 * refused.  Symbolic links to directories are not followed inside a tree.
 *
 * What is packed (packing.h) cannot be read.  An mbox is streamed: memory holds one message, at most
 * SOURCE_MESSAGE_AT_MOST; a larger one cannot be read.
 */
#ifndef TAMIS_MAILBOX_SOURCE_H
#define TAMIS_MAILBOX_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/failure.h"
#include "util/span.h"

/* Mail servers take 10 to 150 MB; what is larger is no message. */
#define SOURCE_MESSAGE_AT_MOST ((size_t)256 * 1024 * 1024)

enum source_kind {
    SOURCE_GUESS,
    SOURCE_FILE,
    SOURCE_MBOX,
    SOURCE_MAILDIR,
    SOURCE_MH,
    SOURCE_TREE,
    SOURCE_STDIN,
    SOURCE_MAILDIR_FOLDERS /* the Maildir and all Maildir++ folders in it */
};

struct source;

/* Opens and counts.  NULL on failure: nothing there, or not of that kind. */
struct source *source_open(const char *path, enum source_kind kind, struct failure *failure);

/* How many messages there are, for the progress bar: 0 when that is not known before (stdin); in a tree a file that
 * turns out to be an mbox without being called so counts as one. */
size_t source_total(const struct source *source);

/* Puts the files that have not been read yet into an order that has nothing to do with when they came, the same each
 * time: by a hash of their paths.  What is inside an mbox stays as it is. */
void source_shuffle(struct source *source);

struct source_message {
    struct span bytes; /* valid until the next call */
    const char *name;  /* path, or path:number within an mbox; valid until the next call */
};

/* 1 a message, 0 no more, -1 this one could not be read (failure says why; the next call goes on with the next). */
int source_next(struct source *source, struct source_message *message, struct failure *failure);

/* Closes and sets the caller's pointer to NULL; NULL is allowed. */
void source_close(struct source **source);

#endif
