/* labelled-mail.h - mail whose label is known: a directory with a file `index` of lines "ham PATH" or "spam PATH"
 *
 * In order of arrival: the form of the TREC spam tracks.  Between label and path stand blanks or tabs; the path is
 * absolute or relative to the directory, and may hold any byte but a newline.  Blank lines count for nothing.
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
    char *path;            /* as in the index */
    const char *directory; /* the caller's */
};

struct labelled_list {
    struct labelled *items;
    size_t count, capacity;
};

/* Adds the messages of one directory; one without any is a failure. */
bool labelled_read_index(struct labelled_list *list, const char *directory, struct failure *failure);

/* Where the message is, into `out`.  False: the name is too long. */
bool labelled_join(char *out, size_t size, const struct labelled *labelled);

/* Reads one of them and adds it to `batches`, with its number as the note.  False: it could not be read, and `failure`
 * says why, or the reading was stopped. */
bool labelled_add(const struct labelled_list *list, size_t number, struct batches *batches, struct failure *failure);

/* When it came: mail is judged on that day, not on the day of the measurement.  0: not known. */
int64_t labelled_arrival(const struct message *message);

void labelled_free(struct labelled_list *list);

#endif
