/* text-lines.h - files of lines of words with one blank between them, read word by word
 *
 * For dumps: everything that is not exactly what was asked for makes the line bad (`good`), so that a reader asks
 * for all words of a line and looks once.  Lines are numbered from 1; a line may be of any length that memory has
 * room for.
 */
#ifndef TAMIS_UTIL_TEXT_LINES_H
#define TAMIS_UTIL_TEXT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/failure.h"

struct text_lines {
    FILE *file;      /* borrowed */
    uint64_t number; /* of the line that was read last */
    bool good;       /* every word of it was what was asked for, up to now */
    char *line;      /* its buffer */
    size_t size;
    char *rest;      /* of the line; NULL: nothing is left */
    bool again;      /* text_lines_again() */
    int error;       /* errno of what kept the next line from being read; 0: the file ended */
};

struct text_lines text_lines_from(FILE *file);
void text_lines_free(struct text_lines *lines);

/* Goes to the next line, whatever is left of this one; false at the end of the file, or when it could not be read
 * (text_lines_fail() and text_lines_ended() tell which).  A line with a NUL byte is bad. */
bool text_lines_next(struct text_lines *lines);

/* The next text_lines_next() stays on this line.  Only before the first of its words was asked for. */
void text_lines_again(struct text_lines *lines);

/* The next word; "" when none is left. */
const char *text_lines_word(struct text_lines *lines);

/* The next word as a number from `least` to `most`, in digits without leading signs but '-'; else bad, and `least`. */
int64_t text_lines_number(struct text_lines *lines, int64_t least, int64_t most);

/* The next word as just so many hexadecimal digits (16 at most), in lower case. */
uint64_t text_lines_hexadecimal(struct text_lines *lines, size_t digits);

/* The next word as the place of one of `names`. */
int text_lines_name(struct text_lines *lines, const char *const *names, int count);

/* Was every word good, and is none left? */
bool text_lines_done(const struct text_lines *lines);

/* "line 12: not a line of WHAT, or not in its place", or that the line could not be read; false. */
bool text_lines_fail(const struct text_lines *lines, const char *what, struct failure *failure);

/* After text_lines_next() gave false: "the dump ends after line 12, without "WORD"", or that it could not be read any
 * further, which is the file's fault or, with a disk that fails, for now (failure_set_errno()); false. */
bool text_lines_ended(const struct text_lines *lines, const char *word, struct failure *failure);

#endif
