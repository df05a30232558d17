/* progress.h - one line on a terminal that says how far long work is; silent everywhere else */
#ifndef TAMIS_COMMANDS_PROGRESS_H
#define TAMIS_COMMANDS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
    const char *what;      /* "learning" */
    size_t done, total;    /* total 0: unknown */
    bool shown;            /* stderr is a terminal */
    struct timespec started, drawn;
};

void progress_start(struct progress *progress, const char *what, size_t total);
void progress_step(struct progress *progress);

/* Clears the line. */
void progress_end(struct progress *progress);

#endif
