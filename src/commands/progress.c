/* progress.c - one line on a terminal that says how far long work is */
#include "commands/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/translate.h"

#define BAR_WIDTH 30
#define REDRAW_SECONDS 0.1

static double seconds_between(const struct timespec *from, const struct timespec *to)
{
    return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

void progress_start(struct progress *progress, const char *what, size_t total)
{
    *progress = (struct progress){ .what = what, .total = total, .shown = isatty(STDERR_FILENO) == 1 };
    clock_gettime(CLOCK_MONOTONIC, &progress->started);
}

static void draw(const struct progress *progress, double elapsed)
{
    char bar[BAR_WIDTH + 1], line[200];
    size_t filled = progress->total ? progress->done * BAR_WIDTH / progress->total : 0;
    if (filled > BAR_WIDTH)
        filled = BAR_WIDTH;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = '\0';
    double rate = elapsed > 0 ? (double)progress->done / elapsed : 0;
    if (progress->total)
        snprintf(line, sizeof line, _("%s [%s] %zu of %zu, %.0f a second"), progress->what, bar, progress->done,
                 progress->total, rate);
    else
        snprintf(line, sizeof line, _("%s %zu, %.0f a second"), progress->what, progress->done, rate);
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
}

void progress_step(struct progress *progress)
{
    progress->done++;
    if (!progress->shown)
        return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (progress->done != progress->total && seconds_between(&progress->drawn, &now) < REDRAW_SECONDS)
        return;
    progress->drawn = now;
    draw(progress, seconds_between(&progress->started, &now));
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
}
