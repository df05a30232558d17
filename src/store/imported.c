/* imported.c - word counts taken over from another filter: one small file beside the store, which fades away */
#include "config.h"

#include "store/imported.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/record.h"
#include "util/file.h"
#include "util/hash.h"

#define FILE_VERSION 1
#define MARK "tamis-im"

/* As drawn in imported.h. */
struct header {
    char mark[8];
    uint32_t version, rows;
    uint64_t key;
    uint64_t messages[2];
    uint32_t lessons[2];
    char from[32];
    uint8_t unused[40];
    uint64_t sum;
};
_Static_assert(sizeof(struct header) == 128, "as drawn in imported.h");

struct file {
    struct header header;
    struct pair_row rows[IMPORTED_ROWS];
};
_Static_assert(sizeof(struct file) == 128 + IMPORTED_ROWS * 64, "no holes");

struct imported {
    struct file *file;           /* in memory as it is on the disk */
    struct file_bytes bytes;     /* what it was read into; empty when it was made here */
    struct imported_about about;
};

static uint64_t header_sum(const struct header *header)
{
    return hash_bytes(header, offsetof(struct header, sum), FILE_VERSION);
}

static bool header_is_sound(const struct header *header)
{
    return memcmp(header->mark, MARK, sizeof header->mark) == 0 && header->version == FILE_VERSION &&
           header->rows == IMPORTED_ROWS && header->sum == header_sum(header) &&
           header->from[sizeof header->from - 1] == '\0' && header->lessons[LABEL_HAM] <= IMPORTED_LESSONS_MOST &&
           header->lessons[LABEL_SPAM] <= IMPORTED_LESSONS_MOST;
}

static bool row_is_sound(const struct file *file, uint32_t number)
{
    return record_is_sound(&file->rows[number], TABLE_PAIRS, number, file->header.key);
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static void take_about(struct imported *imported)
{
    const struct header *header = &imported->file->header;
    struct imported_about *about = &imported->about;
    memcpy(about->from, header->from, sizeof about->from);
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        about->messages[label] = header->messages[label];
        about->lessons[label] = header->lessons[label];
    }
}

/* A file of half a megabyte is read into memory and not mapped: who truncates it meanwhile does not kill a reader. */
struct imported *imported_open(const char *directory, uint64_t key, struct failure *failure)
{
    char path[PATH_MAX];
    struct failure why = { 0 };
    struct file_bytes bytes = { 0 };
    /* Nearly nobody has one: this is all that a delivery pays then. */
    if (!*directory || !file_join(path, sizeof path, directory, IMPORTED_FILE) ||
        (access(path, F_OK) != 0 && errno == ENOENT))
        return NULL;
    if (!file_read(path, sizeof(struct file), &bytes, &why)) {
        if (failure)
            *failure = why;
        return NULL;
    }
    struct imported *imported = calloc(1, sizeof *imported);
    if (!imported) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for %s", path);
        file_bytes_free(&bytes);
        return NULL;
    }
    *imported = (struct imported){ .bytes = bytes, .file = (void *)bytes.data };
    bool sound = bytes.length == sizeof(struct file) && header_is_sound(&imported->file->header);
    if (!sound || imported->file->header.key != key) {
        failure_set(failure, FAILURE_DAMAGED, sound ? "%s belongs to another store" : "%s is damaged", path);
        imported_close(&imported);
        return NULL;
    }
    take_about(imported);
    return imported;
}

void imported_close(struct imported **imported)
{
    if (!*imported)
        return;
    if ((*imported)->bytes.data)
        file_bytes_free(&(*imported)->bytes);
    else
        free((*imported)->file);
    free(*imported);
    *imported = NULL;
}

const struct imported_about *imported_about(const struct imported *imported)
{
    return &imported->about;
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static const struct pair_slot *find(const struct imported *imported, uint32_t feature)
{
    uint32_t number = pair_row_of(feature, IMPORTED_ROWS);
    const struct pair_slot *slot = pair_find(&imported->file->rows[number], pair_check_of(feature));
    return slot && row_is_sound(imported->file, number) ? slot : NULL;
}

static uint16_t sum(uint16_t own, uint64_t more)
{
    return (uint16_t)(own + more < UINT16_MAX ? own + more : UINT16_MAX);
}

void imported_add(const struct imported *imported, uint64_t own, const uint32_t *features, size_t count,
                  struct pair_counts *counts, uint64_t lessons[2])
{
    if (!imported || own >= IMPORTED_LESSONS_UNTIL_GONE)
        return;
    uint64_t left = IMPORTED_LESSONS_UNTIL_GONE - own, whole = IMPORTED_LESSONS_UNTIL_GONE;
    for (size_t i = 0; i < count; i++) {
        const struct pair_slot *slot = find(imported, features[i]);
        if (!slot)
            continue;
        counts[i].spam = sum(counts[i].spam, (slot->spam * left + whole / 2) / whole);
        counts[i].ham = sum(counts[i].ham, (slot->ham * left + whole / 2) / whole);
    }
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        lessons[label] += imported->about.lessons[label] * left / whole;
}

void imported_count(const struct imported *imported, uint64_t *words, uint64_t *bad_rows)
{
    *words = *bad_rows = 0;
    for (uint32_t number = 0; number < IMPORTED_ROWS; number++) {
        const struct pair_row *row = &imported->file->rows[number];
        bool sound = row_is_sound(imported->file, number);
        *bad_rows += !sound;
        for (int i = 0; sound && i < PAIR_SLOTS; i++)
            *words += pair_slot_used(&row->slots[i]);
    }
}

/* --- making ------------------------------------------------------------------------------------------------------- */

static void seal(struct file *file)
{
    file->header.sum = header_sum(&file->header);
    for (uint32_t number = 0; number < IMPORTED_ROWS; number++)
        record_seal(&file->rows[number], TABLE_PAIRS, number, file->header.key);
}

struct imported *imported_new(uint64_t key, const struct imported_about *about)
{
    struct imported *imported = calloc(1, sizeof *imported);
    struct file *file = calloc(1, sizeof *file);
    if (!imported || !file) {
        free(imported);
        free(file);
        return NULL;
    }
    file->header = (struct header){ .version = FILE_VERSION, .rows = IMPORTED_ROWS, .key = key };
    memcpy(file->header.mark, MARK, sizeof file->header.mark);
    memcpy(file->header.from, about->from, sizeof file->header.from);
    file->header.from[sizeof file->header.from - 1] = '\0';
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        file->header.messages[label] = about->messages[label];
        file->header.lessons[label] = about->lessons[label];
    }
    imported->file = file;
    take_about(imported);
    seal(file);
    return imported;
}

/* How much a word tells: how far apart its shares of ham and of spam are. */
static uint64_t worth(const struct imported *imported, const struct pair_slot *slot)
{
    int64_t spam = (int64_t)slot->spam * imported->about.lessons[LABEL_HAM];
    int64_t ham = (int64_t)slot->ham * imported->about.lessons[LABEL_SPAM];
    return (uint64_t)(spam > ham ? spam - ham : ham - spam);
}

/* The place that a word gets in a row that has no room: that of the word which tells least; -1: all tell more. */
static int make_room(const struct imported *imported, struct pair_row *row, const struct pair_slot *slot)
{
    int least = 0;
    for (int i = 1; i < PAIR_SLOTS; i++)
        if (worth(imported, &row->slots[i]) < worth(imported, &row->slots[least]))
            least = i;
    return worth(imported, &row->slots[least]) < worth(imported, slot) ? least : -1;
}

void imported_put(struct imported *imported, uint32_t feature, struct pair_counts counts)
{
    uint32_t number = pair_row_of(feature, IMPORTED_ROWS);
    struct pair_row *row = &imported->file->rows[number];
    struct pair_slot slot = { .check = pair_check_of(feature), .spam = counts.spam, .ham = counts.ham };
    int used = 0;
    while (used < PAIR_SLOTS && pair_slot_used(&row->slots[used]) && row->slots[used].check != slot.check)
        used++;
    int at = used < PAIR_SLOTS ? used : make_room(imported, row, &slot);
    if (at < 0 || !pair_slot_used(&slot))
        return;
    row->slots[at] = slot;
    /* Sorted by check, as rows are. */
    for (; at > 0 && row->slots[at - 1].check > row->slots[at].check; at--) {
        slot = row->slots[at - 1];
        row->slots[at - 1] = row->slots[at];
        row->slots[at] = slot;
    }
    for (; at + 1 < PAIR_SLOTS && pair_slot_used(&row->slots[at + 1]) &&
           row->slots[at + 1].check < row->slots[at].check; at++) {
        slot = row->slots[at + 1];
        row->slots[at + 1] = row->slots[at];
        row->slots[at] = slot;
    }
    record_seal(row, TABLE_PAIRS, number, imported->file->header.key);
}

bool imported_save(const struct imported *imported, const char *directory, struct failure *failure)
{
    char path[PATH_MAX];
    if (!file_join(path, sizeof path, directory, IMPORTED_FILE))
        return failure_set(failure, FAILURE_CONFIGURATION, "the path of %s is too long", IMPORTED_FILE);
    return file_replace(path, span_make((const char *)imported->file, sizeof *imported->file), 0600, failure);
}

bool imported_remove(const char *directory, bool *was_there, struct failure *failure)
{
    char path[PATH_MAX];
    *was_there = false;
    if (!file_join(path, sizeof path, directory, IMPORTED_FILE))
        return failure_set(failure, FAILURE_CONFIGURATION, "the path of %s is too long", IMPORTED_FILE);
    if (unlink(path) != 0)
        return errno == ENOENT || failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot remove %s", path);
    *was_there = true;
    return file_sync_directory_of(path, failure);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

void imported_write_text(const struct imported *imported, FILE *file)
{
    const struct header *header = &imported->file->header;
    uint64_t lines = 4;
    fprintf(file, "tamis-imported %d\nimported-key %016" PRIx64 "\nfrom %s %" PRIu64 " %" PRIu64 "\n", FILE_VERSION,
            header->key, header->from, header->messages[LABEL_HAM], header->messages[LABEL_SPAM]);
    fprintf(file, "lessons-for %" PRIu32 " %" PRIu32 "\n", header->lessons[LABEL_HAM], header->lessons[LABEL_SPAM]);
    for (uint32_t number = 0; number < IMPORTED_ROWS; number++) {
        const struct pair_row *row = &imported->file->rows[number];
        for (int i = 0; i < PAIR_SLOTS && pair_slot_used(&row->slots[i]) && row_is_sound(imported->file, number); i++) {
            fprintf(file, "word %" PRIu32 " %u %u %u\n", number, row->slots[i].check, row->slots[i].spam,
                    row->slots[i].ham);
            lines++;
        }
    }
    fprintf(file, "end %" PRIu64 "\n", lines);
}

static struct imported *read_head(struct text_lines *lines, struct failure *failure)
{
    struct imported_about about = { 0 };
    bool right = text_lines_next(lines) && strcmp(text_lines_word(lines), "imported-key") == 0;
    uint64_t key = text_lines_hexadecimal(lines, 16);
    right = right && text_lines_done(lines) && text_lines_next(lines) && strcmp(text_lines_word(lines), "from") == 0;
    snprintf(about.from, sizeof about.from, "%s", text_lines_word(lines));
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        about.messages[label] = (uint64_t)text_lines_number(lines, 0, INT64_MAX);
    right = right && text_lines_done(lines) && text_lines_next(lines) &&
            strcmp(text_lines_word(lines), "lessons-for") == 0;
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        about.lessons[label] = (uint32_t)text_lines_number(lines, 0, IMPORTED_LESSONS_MOST);
    struct imported *imported = right && text_lines_done(lines) ? imported_new(key, &about) : NULL;
    if (!imported)
        text_lines_fail(lines, "what was imported", failure);
    return imported;
}

/* Words come in their order, as they were written. */
static bool read_word(struct text_lines *lines, struct file *file)
{
    uint32_t number = (uint32_t)text_lines_number(lines, 0, IMPORTED_ROWS - 1);
    struct pair_row *row = &file->rows[number];
    struct pair_slot slot = { .check = (uint16_t)text_lines_number(lines, 0, UINT16_MAX),
                              .spam = (uint16_t)text_lines_number(lines, 0, UINT16_MAX),
                              .ham = (uint16_t)text_lines_number(lines, 0, UINT16_MAX) };
    int used = 0;
    while (used < PAIR_SLOTS && pair_slot_used(&row->slots[used]))
        used++;
    if (!text_lines_done(lines) || !pair_slot_used(&slot) || used == PAIR_SLOTS ||
        (used && row->slots[used - 1].check >= slot.check))
        return false;
    row->slots[used] = slot;
    return true;
}

struct imported *imported_read_text(struct text_lines *lines, struct failure *failure)
{
    uint64_t first = lines->number;
    struct imported *imported = read_head(lines, failure);
    bool good = imported != NULL, ended = false;
    while (good && !ended) {
        good = text_lines_next(lines);
        const char *word = text_lines_word(lines);
        ended = good && strcmp(word, "end") == 0;
        if (ended)
            good = (uint64_t)text_lines_number(lines, 0, INT64_MAX) == lines->number - first && text_lines_done(lines);
        else
            good = good && strcmp(word, "word") == 0 && read_word(lines, imported->file);
    }
    if (imported && !good) {
        text_lines_fail(lines, "what was imported", failure);
        imported_close(&imported);
    }
    if (imported)
        seal(imported->file);
    return imported;
}
