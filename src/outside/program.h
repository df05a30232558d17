/* program.h - other people's programs, run side by side on one message, each under a deadline
 *
 * No shell: the command is a list of words, the first an absolute path.  What it gets: the message on its standard
 * input, an environment of PATH, HOME, LANG=C and nothing else, /dev/null as standard error, no other descriptor, a
 * process group of its own, no core file, no rights by set-ID bits (sandbox.h).  It is killed with its group when its
 * time is over; what it left running in that group is killed when it ends, and what has begun a session of its own
 * (setsid(2)), as daemons do that a program starts for later, goes on.  The message is its input and never its
 * argument.
 */
#ifndef TAMIS_OUTSIDE_PROGRAM_H
#define TAMIS_OUTSIDE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"
#include "util/translate.h"

#define PROGRAM_OUTPUT ((size_t)64 * 1024) /* what is kept of it; the rest is read and dropped */
#define PROGRAM_WORDS 30

enum program_end {
    PROGRAM_NOT_STARTED, /* `status` is errno */
    PROGRAM_LATE,
    PROGRAM_DIED,  /* `status` is the signal */
    PROGRAM_EXITED /* `status` is what it exited with */
};

struct program {
    const char *command; /* words apart by blanks; "..." keeps blanks together, without escapes */
    int milliseconds;
    enum program_end end;
    int status;
    struct span output; /* in the arena */
};

/* Is `command` something that can be run: an absolute path, and at most PROGRAM_WORDS words? */
bool program_command_is_sound(const char *command);
#define PROGRAM_COMMAND_ACCEPTED N_("a program by its absolute path, and its arguments")

/* Runs all of them at the same time and waits for their ends. */
void programs_run(struct program *programs, size_t count, struct span input, struct arena *arena);

#endif
