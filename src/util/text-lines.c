/* text-lines.c - files of lines of words with one blank between them, read word by word */
#include "config.h"

#include "util/text-lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct text_lines text_lines_from(FILE *file)
{
    return (struct text_lines){ .file = file, .good = true };
}

void text_lines_free(struct text_lines *lines)
{
    free(lines->line);
    *lines = (struct text_lines){ 0 };
}

void text_lines_again(struct text_lines *lines)
{
    lines->again = true;
}

/* The rest of a line in the middle of which reading was interrupted; gives the length of the whole, or -1. */
static ssize_t go_on(struct text_lines *lines, ssize_t length)
{
    char *rest = NULL, *whole = NULL;
    size_t size = 0, before = length > 0 ? (size_t)length : 0;
    clearerr(lines->file);
    ssize_t more = getline(&rest, &size, lines->file);
    if (more > 0)
        whole = realloc(lines->line, before + (size_t)more + 1);
    if (whole) {
        memcpy(whole + before, rest, (size_t)more + 1);
        lines->line = whole;
        lines->size = before + (size_t)more + 1;
        length = (ssize_t)before + more;
    } else if (more > 0) {
        errno = ENOMEM;
        length = -1;
    }
    free(rest);
    return length;
}

/* getline() gives a part of a line when reading fails in its middle, as if the line were whole. */
static ssize_t read_line(struct text_lines *lines)
{
    ssize_t length = getline(&lines->line, &lines->size, lines->file);
    while (ferror(lines->file) && errno == EINTR)
        length = go_on(lines, length);
    return ferror(lines->file) ? -1 : length;
}

bool text_lines_next(struct text_lines *lines)
{
    if (lines->again) {
        lines->again = false;
        return true;
    }
    ssize_t length = read_line(lines);
    lines->rest = NULL;
    if (length <= 0) {
        lines->error = feof(lines->file) ? 0 : errno;
        return false;
    }
    lines->number++;
    lines->good = memchr(lines->line, '\0', (size_t)length) == NULL;
    if (lines->line[length - 1] == '\n')
        lines->line[length - 1] = '\0';
    lines->rest = lines->line;
    return true;
}

const char *text_lines_word(struct text_lines *lines)
{
    char *word = lines->rest ? strsep(&lines->rest, " ") : NULL;
    return word ? word : "";
}

int64_t text_lines_number(struct text_lines *lines, int64_t least, int64_t most)
{
    const char *word = text_lines_word(lines);
    char *end;
    errno = 0;
    long long number = strtoll(word, &end, 10);
    bool plain = (word[0] >= '0' && word[0] <= '9') || (word[0] == '-' && word[1] >= '1' && word[1] <= '9');
    if (!plain || *end || errno || number < least || number > most) {
        lines->good = false;
        return least;
    }
    return number;
}

uint64_t text_lines_hexadecimal(struct text_lines *lines, size_t digits)
{
    const char *word = text_lines_word(lines);
    if (strlen(word) != digits || strspn(word, "0123456789abcdef") != digits) {
        lines->good = false;
        return 0;
    }
    return strtoull(word, NULL, 16);
}

int text_lines_name(struct text_lines *lines, const char *const *names, int count)
{
    const char *word = text_lines_word(lines);
    for (int i = 0; i < count; i++)
        if (strcmp(word, names[i]) == 0)
            return i;
    lines->good = false;
    return 0;
}

bool text_lines_done(const struct text_lines *lines)
{
    return lines->good && !lines->rest;
}

static bool fail_to_read(const struct text_lines *lines, struct failure *failure)
{
    return failure_set_errno(failure, FAILURE_INPUT, lines->error, "cannot read the dump after line %" PRIu64,
                             lines->number);
}

bool text_lines_fail(const struct text_lines *lines, const char *what, struct failure *failure)
{
    if (lines->error)
        return fail_to_read(lines, failure);
    return failure_set(failure, FAILURE_INPUT, "line %" PRIu64 ": not a line of %s, or not in its place", lines->number,
                       what);
}

bool text_lines_ended(const struct text_lines *lines, const char *word, struct failure *failure)
{
    if (lines->error)
        return fail_to_read(lines, failure);
    return failure_set(failure, FAILURE_INPUT, "the dump ends after line %" PRIu64 ", without \"%s\"", lines->number,
                       word);
}
