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
    WORK_ANSWER,       /* of a child, a record for each line, that is no judgement */
    WORK_JUDGEMENT,    /* a reason for each line, sent by a child and made into header fields */
    WORK_QUESTIONS,    /* sent with a judgement */
    WORK_STARTER_FILE, /* the input is in the place of it */
    WORK_STARTER_WORDS, /* of a message, looked up in the shipped knowledge */
    WORK_STARTER_BUILDING, /* a message for each line; what is made of them is written and read again */
    WORK_SHARED,       /* "USER MESSAGE" for each report; all are collated, and what several say is looked up */
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
