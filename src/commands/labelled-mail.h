/* labelled-mail.h - mail whose label is known: a directory with a file `index` of lines "ham PATH" or "spam PATH"
 *
 * In order of arrival, paths relative to the directory: the form of the TREC spam tracks.
 */
#ifndef TAMIS_COMMANDS_LABELLED_MAIL_H
#define TAMIS_COMMANDS_LABELLED_MAIL_H

#include <stddef.h>
#include <stdint.h>

#include "commands/batches.h"
#include "mail/message.h"
#include "store/store.h"
#include "util/failure.h"

struct labelled {
    enum label label;
    char *path;            /* below the directory */
    const char *directory; /* the caller's */
};

struct labelled_list {
    struct labelled *items;
    size_t count, capacity;
};

/* Adds the messages of one directory; one without any is a failure. */
bool labelled_read_index(struct labelled_list *list, const char *directory, struct failure *failure);

/* Reads one of them and adds it to `batches`, with its number as the note.  False: it could not be read, and `failure`
 * says why, or the reading was stopped. */
bool labelled_add(const struct labelled_list *list, size_t number, struct batches *batches, struct failure *failure);

/* When it came: mail is judged on that day, not on the day of the measurement.  0: not known. */
int64_t labelled_arrival(const struct message *message);

void labelled_free(struct labelled_list *list);

#endif
