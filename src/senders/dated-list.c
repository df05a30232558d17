/* dated-list.c - lists that the program writes: one key a line, when it was last met, and how often */
#include "senders/dated-list.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "senders/list-file.h"
#include "util/arena.h"
#include "util/buffer.h"
#include "util/file.h"

#define SECONDS_A_DAY 86400
#define COUNT_MOST 1000000000u
#define MARK_BYTES 48 /* "  # trap 2026-11-22 1000000000", and marks that are longer */

struct line {
    struct span text; /* as it stands */
    struct span key;  /* empty: a comment, or nothing */
    bool ours;
    bool dropped;
    int64_t day; /* ours only */
    unsigned count;
};

/* --- days ------------------------------------------------------------------------------------------------------- */

/* "2026-11-22" as the day since 1970; false when it is none. */
static bool read_day(struct span text, int64_t *day)
{
    struct tm date = { 0 };
    char string[11];
    if (text.length != 10)
        return false;
    memcpy(string, text.data, 10);
    string[10] = '\0';
    int end = 0;
    if (sscanf(string, "%4d-%2d-%2d%n", &date.tm_year, &date.tm_mon, &date.tm_mday, &end) != 3 || end != 10)
        return false;
    date.tm_year -= 1900;
    date.tm_mon -= 1;
    *day = (int64_t)timegm(&date) / SECONDS_A_DAY;
    return true;
}

static void write_day(int64_t day, struct buffer *out)
{
    time_t seconds = (time_t)(day * SECONDS_A_DAY);
    struct tm date;
    if (gmtime_r(&seconds, &date))
        buffer_append_format(out, "%04d-%02d-%02d", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

/* --- lines ------------------------------------------------------------------------------------------------------ */

static bool read_count(struct span text, unsigned *count)
{
    *count = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || *count > COUNT_MOST / 10)
            return false;
        *count = *count * 10 + (unsigned)(text.data[i] - '0');
    }
    return text.length > 0;
}

static struct line read_line(struct span text, const char *mark)
{
    struct line line = { .text = text };
    size_t hash = span_find_byte(text, '#');
    line.key = span_trim(span_head(text, hash));
    struct span comment = span_from(text, hash + 1);
    line.ours = span_is(span_take_word(&comment, " \t\r"), mark) &&
                read_day(span_take_word(&comment, " \t\r"), &line.day) &&
                read_count(span_take_word(&comment, " \t\r"), &line.count) && span_trim(comment).length == 0;
    return line;
}

static bool take_line(struct span *rest, const char *mark, struct line *line)
{
    if (rest->length == 0)
        return false;
    size_t length = span_find_byte(*rest, '\n');
    *line = read_line(span_head(*rest, length), mark);
    *rest = span_from(*rest, length + 1);
    return true;
}

bool dated_list_has(struct span text, const char *mark, struct span key, int64_t *day_r)
{
    struct line line;
    while (take_line(&text, mark, &line))
        if (key.length && span_equal_nocase(line.key, key)) {
            if (day_r)
                *day_r = line.ours ? line.day : 0;
            return true;
        }
    return false;
}

/* --- a whole list, while it is changed -------------------------------------------------------------------------- */

struct lines {
    struct line *items;
    size_t count;
    bool changed;
};

static size_t count_lines(struct span text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.length; i++)
        count += text.data[i] == '\n';
    return count;
}

static bool is_key(struct span key)
{
    for (size_t i = 0; i < key.length; i++)
        if ((unsigned char)key.data[i] < ' ' || key.data[i] == 0x7F || key.data[i] == '#')
            return false;
    return key.length > 0 && key.length <= DATED_LIST_KEY && span_equal(key, span_trim(key));
}

static void note_key(struct lines *lines, struct span key, int64_t day)
{
    if (!is_key(key))
        return;
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        if (!span_equal_nocase(line->key, key))
            continue;
        if (line->ours) {
            line->day = day;
            line->count += line->count < COUNT_MOST;
            lines->changed = true;
        }
        return;
    }
    lines->items[lines->count++] = (struct line){ .key = key, .ours = true, .day = day, .count = 1 };
    lines->changed = true;
}

static int by_day(const void *left, const void *right)
{
    const struct line *a = *(const struct line *const *)left, *b = *(const struct line *const *)right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return a < b ? -1 : a > b; /* the upper line is the older one */
}

/* The most that a line takes: its text or its key, mark, day and count. */
static size_t line_bytes(const struct line *line)
{
    return (line->ours ? line->key.length + MARK_BYTES : line->text.length) + 1;
}

/* Drops the program's lines from the oldest on until there are no more than `most` and all of the file fits. */
static void drop_oldest(struct lines *lines, size_t most, struct arena *arena)
{
    struct line **ours = arena_new_array(arena, struct line *, lines->count);
    size_t count = 0, bytes = 0;
    for (size_t i = 0; i < lines->count; i++) {
        bytes += line_bytes(&lines->items[i]);
        if (lines->items[i].ours)
            ours[count++] = &lines->items[i];
    }
    if (count <= most && bytes <= DATED_LIST_BYTES)
        return;
    qsort(ours, count, sizeof *ours, by_day);
    for (size_t i = 0; i < count && (count - i > most || bytes > DATED_LIST_BYTES); i++) {
        ours[i]->dropped = true;
        bytes -= line_bytes(ours[i]);
    }
}

static struct span written(const struct lines *lines, const char *mark, struct arena *arena)
{
    struct buffer out = buffer_new(arena, DATED_LIST_BYTES);
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (line->dropped)
            continue;
        if (line->ours) {
            buffer_append(&out, line->key);
            buffer_append_format(&out, "  # %s ", mark);
            write_day(line->day, &out);
            buffer_append_format(&out, " %u", line->count);
        } else {
            buffer_append(&out, line->text);
        }
        buffer_append_byte(&out, '\n');
    }
    return out.truncated ? SPAN_EMPTY : buffer_span(&out);
}

static bool change(const struct dated_list *list, const char *path, struct span text, const struct span *keys,
                   size_t count, int64_t now, struct failure *failure)
{
    struct arena *arena = arena_new(DATED_LIST_BYTES * 128); /* at worst every byte is a line */
    struct lines lines = { .items = arena_new_array(arena, struct line, count_lines(text) + count) };
    while (take_line(&text, list->mark, &lines.items[lines.count]))
        lines.count++;
    for (size_t i = 0; i < count; i++)
        note_key(&lines, keys[i], now / SECONDS_A_DAY);
    drop_oldest(&lines, list->most, arena);
    bool done = true;
    if (lines.changed) {
        struct span bytes = written(&lines, list->mark, arena);
        done = bytes.length ? list_file_replace(path, bytes, failure)
                            : failure_set(failure, FAILURE_INPUT, "%s is full: it holds %zu bytes", path,
                                          DATED_LIST_BYTES);
    }
    arena_free(arena);
    return done;
}

bool dated_list_note(const struct dated_list *list, const struct span *keys, size_t count, int64_t now,
                     struct failure *failure)
{
    char path[PATH_MAX];
    if (!file_join(path, sizeof path, list->directory, list->name))
        return failure_set(failure, FAILURE_CONFIGURATION, "the path of %s is too long", list->name);
    int lock = list_directory_lock(list->directory, failure);
    if (lock < 0)
        return false;
    struct file_bytes bytes = { 0 };
    bool done = list_file_read(path, &bytes, failure) &&
                change(list, path, span_make(bytes.data, bytes.length), keys, count, now, failure);
    file_bytes_free(&bytes);
    list_directory_unlock(lock);
    return done;
}
