/* outside.h - evidence from beyond the message and what this user has taught
 *
 * DNS lists, a virus scanner, other filters, what users of this host have reported: each is a part, one descriptor in
 * the table of part-table.c.  All are off until the settings name somebody to ask.
 *
 * Promises
 *  - None of it runs in the process that parses the message, nor in the one that delivers it: each part asks in a child
 *    of its own, under a deadline of its own; what it answers is checked (answer.h).
 *  - A part that dies, is late or answers nonsense fails open: no evidence, one line in the log, and nothing else is
 *    lost.  "Could not tell" is never taken for "listed", nor for "not listed".
 *  - What it finds are hits like those of rules, with points from the settings; they come after the learners, so that
 *    learning and forgetting do not depend on who answered when.
 *
 * To add a part: part-NAME.c with a descriptor, a line in the table, its settings (option-family.h in config), a test
 * with the real program it speaks to, alive, dead, slow and lying.
 */
#ifndef TAMIS_OUTSIDE_OUTSIDE_H
#define TAMIS_OUTSIDE_OUTSIDE_H

#include "outside/answer.h"
#include "outside/questions.h"
#include "outside/settings.h"
#include "util/sandbox.h"

/* What a part is asked: all of it belongs to the caller. */
struct outside_case {
    const struct questions *questions;
    struct span message; /* as it came; for those who hand it on, never to be parsed here */
    const struct outside_settings *settings;
    struct arena *arena;
    void *prepared; /* what prepare() of the part gave; NULL without one */
};

struct outside_part {
    const char *name; /* in the log */
    /* Do the settings name anybody? */
    bool (*is_configured)(const struct outside_settings *settings);
    /* How long it waits for those whom it asks, in milliseconds; its child gets a little more. */
    int (*patience)(const struct outside_settings *settings);
    /* Runs in the child before it goes into the sandbox: opens what `ask` reads.  NULL: there is nothing to open. */
    void *(*prepare)(const struct outside_case *asked, struct sandbox_limits *sandbox);
    /* Runs in the child; adds what it found to the answer. */
    void (*ask)(const struct outside_case *asked, struct outside_answer *answer);
    /* Does it ask about messages that a list has decided on already?  A virus from a friend is one. */
    bool asks_always;
    /* May it run programs and talk to others?  False: it only reads files. */
    bool reaches_out;
    /* What it may use of memory on top of what is mapped, programs it runs included; 0: as a child does. */
    size_t memory_bytes;
};

/* Does any part need the questions of a message? */
bool outside_is_configured(const struct outside_settings *settings);

/* Asks all parts that are configured, one after the other.  `decided`: only those that ask always.  `answer` is filled,
 * in memory of the arena of `asked`. */
void outside_ask(const struct outside_case *asked, bool decided, struct outside_answer *answer);

#endif
