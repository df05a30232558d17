/* uncovered.h - the text of a message with what it hides put back into its place
 *
 * For people who look at a message: the visible text as their mail program shows it, and between its characters each
 * stretch that the program does not show (mail/html.h), with the reason.  Stretches around which nothing is shown, as
 * in an edition that the reader does not see, come behind the text.
 */
#ifndef TAMIS_VERDICT_UNCOVERED_H
#define TAMIS_VERDICT_UNCOVERED_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/message.h"

struct uncovered_piece {
    struct span text; /* valid UTF-8, never empty */
    bool hidden;
    enum html_hiding reason; /* of a hidden piece */
    bool starts_line;        /* a hidden piece that stands on a line of its own: a line end belongs before it */
    bool is_nowhere;         /* a hidden piece behind all of the text */
};

/* A walk through the pieces. */
struct uncovered {
    const struct message *message;
    size_t visible_left, hidden_left; /* bytes that may still be shown */
    size_t at;                        /* of the visible text, what has been shown */
    size_t stretch;                   /* the next one */
    bool behind;                      /* the text is at its end: now those that stand nowhere */
    size_t omitted;                   /* bytes, visible and hidden, that the limits left out; known at the end */
};

/* Starts a walk that shows at most so many bytes of each kind. */
struct uncovered uncovered_start(const struct message *message, size_t visible_most, size_t hidden_most);

/* The next piece; false at the end. */
bool uncovered_next(struct uncovered *walk, struct uncovered_piece *piece);

/* Why it cannot be seen, in words that follow "hidden: ". */
const char *uncovered_reason(enum html_hiding reason);

#endif
