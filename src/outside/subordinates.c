/* subordinates.c - the numbers of users that belong to other users: subuid(5) */
#include "outside/subordinates.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/file.h"

#define FILE_MOST ((size_t)16 * 1024 * 1024)
#define USERS_MOST (UINT64_C(1) << 32)

/* In any base, as newuidmap(1) reads it: "0100000" grants 32768. */
static bool read_number(const char **at, char end, uint64_t *number)
{
    char *behind;
    errno = 0;
    *number = strtoull(*at, &behind, 0);
    bool good = errno == 0 && behind > *at && *behind == end && *number <= USERS_MOST;
    *at = behind + 1;
    return good;
}

/* `line` ends with a NUL byte. */
static bool read_line(const char *line, struct subordinate_range *range)
{
    uint64_t count;
    const char *colon = strchr(line, ':'), *at = colon ? colon + 1 : NULL;
    if (!at || !read_number(&at, ':', &range->first) || !read_number(&at, '\0', &count))
        return false;
    range->behind = range->first + count;
    return true;
}

static int by_first(const void *left, const void *right)
{
    const struct subordinate_range *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

/* Ranges that meet become one. */
static void join(struct subordinates *all)
{
    size_t kept = 0;
    if (all->count)
        qsort(all->ranges, all->count, sizeof *all->ranges, by_first);
    for (size_t i = 0; i < all->count; i++) {
        struct subordinate_range *last = kept ? &all->ranges[kept - 1] : NULL, range = all->ranges[i];
        if (!last || last->behind < range.first)
            all->ranges[kept++] = range;
        else if (last->behind < range.behind)
            last->behind = range.behind;
    }
    all->count = kept;
}

static bool read_lines(char *text, size_t length, struct subordinates *all)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    all->ranges = calloc(lines, sizeof *all->ranges);
    if (!all->ranges)
        return false;
    for (char *line = text, *rest = text; line; line = rest) {
        rest = strchr(line, '\n');
        if (rest)
            *rest++ = '\0';
        all->count += read_line(line, &all->ranges[all->count]);
    }
    join(all);
    return true;
}

bool subordinates_read(const char *path, struct subordinates *subordinates, struct failure *failure)
{
    struct file_bytes bytes;
    *subordinates = (struct subordinates){ 0 };
    if (!file_read(path, FILE_MOST, &bytes, failure))
        return errno == ENOENT;
    bool good = read_lines(bytes.data, bytes.length, subordinates) ||
                failure_set(failure, FAILURE_TEMPORARY, "no memory for %s", path);
    file_bytes_free(&bytes);
    return good;
}

void subordinates_free(struct subordinates *subordinates)
{
    free(subordinates->ranges);
    *subordinates = (struct subordinates){ 0 };
}

bool subordinates_have(const struct subordinates *subordinates, uint64_t user)
{
    size_t low = 0, high = subordinates->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (subordinates->ranges[middle].behind <= user)
            low = middle + 1;
        else
            high = middle;
    }
    return low < subordinates->count && subordinates->ranges[low].first <= user;
}
