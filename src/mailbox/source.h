/* source.h - messages to read: a file, an mbox, a Maildir, an MH folder, or stdin, told apart by looking
 *
 *   regular file whose first line is "From " and holds a second such line, or named *.mbox   mbox (mboxrd and mboxo: ">From " unquoted)
 *   other regular file                                                                  one message
 *   directory with cur/ and new/                                                        Maildir (tmp/ never; with folders when asked)
 *   directory with files named by numbers                                               MH folder
 *   other directory                                                                     every regular file in it, recursively, in name order
 *   "-"                                                                                 stdin: mbox or one message
 * Symbolic links to directories are not followed inside a tree; FIFOs and devices are refused.
 */
#ifndef TAMIS_MAILBOX_SOURCE_H
#define TAMIS_MAILBOX_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/failure.h"
#include "util/span.h"

enum source_kind { SOURCE_GUESS, SOURCE_FILE, SOURCE_MBOX, SOURCE_MAILDIR, SOURCE_MH, SOURCE_TREE, SOURCE_STDIN };

struct source;

/* Opens and counts (source_total() is for the progress bar). */
struct source *source_open(const char *path, enum source_kind kind, struct failure *failure);

size_t source_total(const struct source *source);

struct source_message {
    struct span bytes; /* valid until the next call */
    const char *name;  /* path, or path:number within an mbox */
};

/* 1 a message, 0 no more, -1 this one could not be read (failure says why; the next call goes on with the next). */
int source_next(struct source *source, struct source_message *message, struct failure *failure);

void source_close(struct source **source);

#endif
