/* learn-maildir.h - what `tamis learn --maildir DIR` learns: the messages of a mailbox, by the folders they lie in
 *
 * What lies in a Junk folder is spam; what lies elsewhere and has been read is ham.  Left out: Trash, Drafts, Sent
 * (`tamis senders import` knows what to do with it), the quarantine, and messages that are marked as deleted or drafts.
 *
 * The newest of each are taken, at most so many, and of the more frequent kind no more than CHOICE_RATIO times as many
 * as of the other and CHOICE_FREE besides: what is known of one kind alone teaches what mail of that kind is like and
 * not what sets it apart.
 */
#ifndef TAMIS_COMMANDS_LEARN_MAILDIR_H
#define TAMIS_COMMANDS_LEARN_MAILDIR_H

#include <stddef.h>

#include "config/config.h"
#include "util/arena.h"

#define CHOICE_MOST 3000 /* of a kind, unless the user says otherwise */
#define CHOICE_RATIO 5
#define CHOICE_FREE 100

struct chosen {
    size_t taken, found;
};

struct choice {
    const char **paths[2]; /* [label], in no order of time; on the heap */
    size_t count[2];
    struct folders folders;
    struct chosen *of_folder; /* [folder], of the label that its use says */
    struct arena *arena;
};

/* Looks through the Maildir of the settings.  Always end with choice_free(). */
bool choice_make(const struct settings *settings, size_t most, struct choice *choice, struct failure *failure);

/* Says for each folder what it is taken for and how many messages of it were chosen. */
void choice_print(const struct choice *choice);

void choice_free(struct choice *choice);

#endif
