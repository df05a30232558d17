/* name-record.c - a time remembered for each message of a folder, under what stays of its file's name */
#include "config.h"

#include "mailbox/name-record.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/log.h"

#define FIRST_WORDS "tamis-names 2 "
#define DOUBTED_WORD "doubted "
#define BEGAN_WORD "began "
#define SUM_WORD "sum "
#define SUM_LINE (sizeof SUM_WORD - 1 + 16 + 1) /* with 16 digits and the end of the line */
/* A line takes some 60 bytes, so this is a folder of two million messages. */
#define RECORD_AT_MOST ((size_t)128 * 1024 * 1024)

struct span name_record_key(const char *file_name)
{
    return span_make(file_name, strcspn(file_name, ",:"));
}

static int by_key(const void *a, const void *b)
{
    const struct span *left = &((const struct name_entry *)a)->key, *right = &((const struct name_entry *)b)->key;
    size_t shorter = left->length < right->length ? left->length : right->length;
    int order = shorter ? memcmp(left->data, right->data, shorter) : 0;
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

static void append(struct name_record *record, struct name_entry entry)
{
    record->entries =
        arena_grow(record->arena, record->entries, record->count, &record->capacity, sizeof *record->entries);
    record->entries[record->count++] = entry;
}

/* A number and the separator behind it off the front of `text`. */
static bool take_number(struct span *text, char separator, int64_t *number)
{
    size_t length = span_find_byte(*text, separator);
    if (length == 0 || length > 18 || length == text->length)
        return false;
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
        *number = *number * 10 + (text->data[i] - '0');
    }
    *text = span_from(*text, length + 1);
    return true;
}

static void sum_line(struct span text, char line[SUM_LINE + 1])
{
    snprintf(line, SUM_LINE + 1, SUM_WORD "%016" PRIx64 "\n", hash_bytes(text.data, text.length, 0));
}

/* Takes the last line off the text, which says what is before it; false when it is another. */
static bool take_sum(struct span *text)
{
    char line[SUM_LINE + 1];
    if (text->length < SUM_LINE)
        return false;
    text->length -= SUM_LINE;
    sum_line(*text, line);
    return memcmp(text->data + text->length, line, SUM_LINE) == 0;
}

/* A line of a word and a number off the front of `text`, where it stands there; false when the number is none. */
static bool take_line(struct span *text, const char *word, int64_t *number)
{
    if (!span_starts_nocase(*text, word))
        return true;
    *text = span_from(*text, strlen(word));
    return take_number(text, '\n', number);
}

static bool parse(struct span text, struct name_record *record)
{
    size_t prefix = strlen(FIRST_WORDS);
    if (!take_sum(&text) || !span_starts_nocase(text, FIRST_WORDS))
        return false;
    text = span_from(text, prefix);
    if (!take_number(&text, '\n', &record->scanned) || !take_line(&text, DOUBTED_WORD, &record->doubted) ||
        !take_line(&text, BEGAN_WORD, &record->began))
        return false;
    while (text.length) {
        struct name_entry entry = { .present = false };
        size_t line = span_find_byte(text, '\n');
        struct span rest = span_head(text, line);
        if (line == text.length || !take_number(&rest, ' ', &entry.time) || rest.length < 3 || rest.data[1] != ' ')
            return false;
        entry.note = rest.data[0];
        entry.key = arena_copy(record->arena, span_from(rest, 2));
        append(record, entry);
        text = span_from(text, line + 1);
    }
    return true;
}

bool name_record_load(const char *path, struct arena *arena, struct name_record *record, struct failure *failure)
{
    *record = (struct name_record){ .arena = arena };
    struct file_bytes bytes;
    if (!file_read_own(path, RECORD_AT_MOST, &bytes, failure))
        return errno == ENOENT;
    if (!parse(span_make(bytes.data, bytes.length), record)) {
        log_line(LOG_SEVERITY_WARNING, "%s is damaged or of another version; it begins anew", path);
        *record = (struct name_record){ .arena = arena, .damaged = true };
    }
    file_bytes_free(&bytes);
    if (record->count)
        qsort(record->entries, record->count, sizeof *record->entries, by_key);
    record->sorted = record->count;
    return true;
}

struct name_entry *name_record_find(struct name_record *record, struct span key)
{
    struct name_entry wanted = { .key = key };
    return record->sorted ? bsearch(&wanted, record->entries, record->sorted, sizeof wanted, by_key) : NULL;
}

void name_record_add(struct name_record *record, struct span key, int64_t time, char note)
{
    if (key.length == 0 || key.length > NAME_MAX || span_find_byte(key, '\n') < key.length || time < 0)
        return;
    append(record, (struct name_entry){ arena_copy(record->arena, key), time, note, true });
}

bool name_record_save(struct name_record *record, const char *path, int64_t scanned, struct failure *failure)
{
    struct buffer text = buffer_new(record->arena, RECORD_AT_MOST);
    buffer_append_format(&text, FIRST_WORDS "%" PRId64 "\n", scanned < 0 ? 0 : scanned);
    if (record->doubted > 0)
        buffer_append_format(&text, DOUBTED_WORD "%" PRId64 "\n", record->doubted);
    if (record->began > 0)
        buffer_append_format(&text, BEGAN_WORD "%" PRId64 "\n", record->began);
    for (size_t i = 0; i < record->count; i++) {
        const struct name_entry *entry = &record->entries[i];
        if (!entry->present)
            continue;
        buffer_append_format(&text, "%" PRId64 " %c ", entry->time, entry->note);
        buffer_append(&text, entry->key);
        buffer_append_byte(&text, '\n');
    }
    char line[SUM_LINE + 1];
    sum_line(buffer_span(&text), line);
    buffer_append(&text, span_of(line));
    if (text.truncated)
        return failure_set(failure, FAILURE_TEMPORARY, "%s would grow past %zu bytes", path, RECORD_AT_MOST);
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    char *slash = strrchr(directory, '/');
    if (slash)
        *slash = '\0';
    return (!slash || file_make_directories(directory, 0700, failure))
           && file_replace(path, buffer_span(&text), 0600, failure);
}
