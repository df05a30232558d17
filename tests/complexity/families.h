/* families.h - inputs that grow, one family for each way a parser might come to cost more than it was given
 *
 * An input is head, `count` times piece, middle, `count` times second piece, tail.  "%" in a piece stands for the
 * number of the repetition in six digits, so that pieces can differ.
 */
#ifndef TAMIS_TESTS_COMPLEXITY_FAMILIES_H
#define TAMIS_TESTS_COMPLEXITY_FAMILIES_H

#include <stddef.h>

#include "util/span.h"

enum work {
    WORK_MESSAGE,      /* view, rules and features: what a delivery does with it */
    WORK_PASS_THROUGH, /* written out again */
    WORK_RULES,        /* read and compiled as a rule file, and the image checked as one out of the cache */
    WORK_LIST,         /* an allow list that is read and changed */
    WORK_MAILBOX,      /* keywords, names, fingerprints */
    WORK_CONFIGURATION,
    WORK_MBOX,
    WORK_NAMES,        /* the record of when messages came into Junk; its sum is put behind it */
    WORK_MOVES_QUEUE,
    WORK_DUMP,         /* of a store; "end N" is put behind it */
    WORK_IMPORT,       /* of another filter */
    WORK_MOVES,        /* a move for each line, in the memory of moves, which is read again and asked for lessons */
    WORK_CORRESPONDENTS, /* a message for each line, gathered, written, read again, and as text of a dump */
    WORK_DATED_LIST,   /* a list that the program writes, and adds to */
    WORK_SUBORDINATES, /* subuid(5) */
    WORK_STORE,        /* a lesson for each line, in the journal, read again, and put into a snapshot that is read */
};

struct family {
    const char *name;
    enum work work;
    size_t count; /* of the smallest input; the others have ten and a hundred times as many */
    struct span head, piece, middle, second, tail;
};

extern const struct family families[];
extern const size_t family_count;

/* The input with `count` repetitions, on the heap. */
struct span family_input(const struct family *family, size_t count);

#endif
