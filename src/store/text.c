/* text.c - a whole store as text, exactly */
#include "config.h"

#include "store/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/array.h"

static const char *const label_names[] = { [LABEL_HAM] = "ham", [LABEL_SPAM] = "spam" };
static const char *const source_names[] = { [SOURCE_USER] = "user", [SOURCE_IMPLICIT] = "implicit",
                                            [SOURCE_TRAP] = "trap", [SOURCE_IMPORT] = "import" };

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct writing {
    FILE *file;
    uint64_t lines;
    struct ledger_slot *entries;
    size_t entry_count, entry_room;
};

static void write_weights(struct writing *writing, const struct weight_row *row, uint32_t number)
{
    for (uint32_t i = 0; i < WEIGHTS_PER_ROW; i++)
        if (row->weights[i]) {
            fprintf(writing->file, "weight %u %d\n", number * WEIGHTS_PER_ROW + i, row->weights[i]);
            writing->lines++;
        }
}

static void write_scale(struct writing *writing, const struct scale_row *row, uint32_t learner)
{
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        for (int bin = 0; bin < STORE_SCALE_BINS; bin++)
            if (row->counts[label][bin]) {
                fprintf(writing->file, "scale %u %s %d %u\n", learner, label_names[label], bin,
                        row->counts[label][bin]);
                writing->lines++;
            }
}

static void write_pairs(struct writing *writing, const struct pair_row *row, uint32_t number)
{
    for (int i = 0; i < PAIR_SLOTS && pair_slot_used(&row->slots[i]); i++) {
        const struct pair_slot *slot = &row->slots[i];
        fprintf(writing->file, "pair %u %u %u %u %u\n", number, slot->check, slot->spam, slot->ham, slot->day);
        writing->lines++;
    }
}

/* Entries are kept for sorting: their place in the ledger depends on its size. */
static bool keep_entries(struct writing *writing, const struct ledger_row *row, struct failure *failure)
{
    for (int i = 0; i < LEDGER_SLOTS && row->slots[i].flags & LEDGER_USED; i++) {
        struct ledger_slot *entries =
            array_grow(writing->entries, writing->entry_count, &writing->entry_room, sizeof *entries);
        if (!entries)
            return failure_set(failure, FAILURE_TEMPORARY, "no memory for the entries of the ledger");
        writing->entries = entries;
        writing->entries[writing->entry_count++] = row->slots[i];
    }
    return true;
}

static bool write_row(void *context, enum table table, uint32_t number, const void *row, bool sound,
                      struct failure *failure)
{
    struct writing *writing = context;
    if (!sound)
        return tables_fail_damaged(table, number, failure);
    if (table == TABLE_PAIRS)
        write_pairs(writing, row, number);
    else if (table == TABLE_LEDGER)
        return keep_entries(writing, row, failure);
    else if (number < META_ROW)
        write_weights(writing, row, number);
    else if (number >= SCALE_ROW)
        write_scale(writing, row, number - SCALE_ROW);
    return true;
}

static int by_identity(const void *a, const void *b)
{
    const struct ledger_slot *first = a, *second = b;
    return memcmp(first->identity, second->identity, LEDGER_IDENTITY);
}

static void write_entry(struct writing *writing, const struct ledger_slot *slot)
{
    struct ledger_entry entry;
    ledger_unpack(slot, &entry);
    fputs("entry ", writing->file);
    for (int i = 0; i < LEDGER_IDENTITY; i++)
        fprintf(writing->file, "%02x", slot->identity[i]);
    fprintf(writing->file, " %s %s %d %u", label_names[entry.label], source_names[entry.source], entry.weight_step,
            entry.pair_step);
    for (int i = 0; i < STORE_LEARNERS; i++)
        fprintf(writing->file, " %u", entry.bins[i]);
    fprintf(writing->file, " %u %08" PRIx32 " %" PRId64 "\n", entry.canon_version, entry.feature_check, entry.when);
    writing->lines++;
}

static void write_head(struct writing *writing, const struct meta_row *meta)
{
    fprintf(writing->file, "tamis-store %u\nkey %016" PRIx64 "\ntables %u\n", RECORD_VERSION, meta->key,
            meta->pair_rows);
    fprintf(writing->file, "lessons %" PRIu64 " %" PRIu64 "\npair-lessons %" PRIu64 " %" PRIu64 "\n",
            meta->lessons[LABEL_HAM], meta->lessons[LABEL_SPAM], meta->pair_lessons[LABEL_HAM],
            meta->pair_lessons[LABEL_SPAM]);
    writing->lines += 5;
}

bool text_write(int fd, struct tables *tables, const struct meta_row *meta, struct failure *failure)
{
    int copy = dup(fd);
    struct writing writing = { .file = copy < 0 ? NULL : fdopen(copy, "w") };
    if (!writing.file) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the dump");
        if (copy >= 0)
            close(copy);
        return false;
    }
    write_head(&writing, meta);
    bool done = tables_each(tables, meta->key, write_row, &writing, failure);
    if (done && writing.entry_count)
        qsort(writing.entries, writing.entry_count, sizeof *writing.entries, by_identity);
    for (size_t i = 0; done && i < writing.entry_count; i++)
        write_entry(&writing, &writing.entries[i]);
    if (done)
        fprintf(writing.file, "end %" PRIu64 "\n", writing.lines);
    free(writing.entries);
    bool failed = ferror(writing.file);
    if ((fclose(writing.file) != 0 || failed) && done)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the dump");
    return done;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

#define IDENTITY_DIGITS_OF_VERSION_1 32 /* of which the first 16 are what is kept now */

struct reading {
    int64_t version;
    struct tables *tables;
    struct meta_row *meta;
    struct text_lines *lines;
    uint64_t first; /* number of the line before the first */
    bool ended;
};

static bool read_scale(struct reading *reading, struct failure *failure)
{
    struct scale_row row;
    uint32_t number = SCALE_ROW + (uint32_t)text_lines_number(reading->lines, 0, STORE_LEARNERS - 1);
    int label = text_lines_name(reading->lines, label_names, 2);
    int64_t bin = text_lines_number(reading->lines, 0, STORE_SCALE_BINS - 1);
    int64_t count = text_lines_number(reading->lines, 1, UINT32_MAX);
    if (!reading->lines->good || !tables_read(reading->tables, TABLE_WEIGHTS, number, &row, failure))
        return false;
    row.counts[label][bin] = (uint32_t)count;
    return tables_write(reading->tables, TABLE_WEIGHTS, number, &row, failure);
}

static bool read_weight(struct reading *reading, struct failure *failure)
{
    struct weight_row row;
    uint32_t slot = (uint32_t)text_lines_number(reading->lines, 0, STORE_WEIGHT_SLOTS - 1);
    int64_t value = text_lines_number(reading->lines, -INT16_MAX, INT16_MAX);
    if (!reading->lines->good || !tables_read(reading->tables, TABLE_WEIGHTS, slot / WEIGHTS_PER_ROW, &row, failure))
        return false;
    row.weights[slot % WEIGHTS_PER_ROW] = (int16_t)value;
    return tables_write(reading->tables, TABLE_WEIGHTS, slot / WEIGHTS_PER_ROW, &row, failure);
}

/* Slots come in their order, as they were written. */
static bool read_pair(struct reading *reading, struct failure *failure)
{
    struct pair_row row;
    uint32_t number = (uint32_t)text_lines_number(reading->lines, 0, reading->meta->pair_rows - 1);
    struct pair_slot slot = { .check = (uint16_t)text_lines_number(reading->lines, 0, UINT16_MAX),
                              .spam = (uint16_t)text_lines_number(reading->lines, 0, UINT16_MAX),
                              .ham = (uint16_t)text_lines_number(reading->lines, 0, UINT16_MAX),
                              .day = (uint16_t)text_lines_number(reading->lines, 0, UINT16_MAX) };
    if (!reading->lines->good || !pair_slot_used(&slot) ||
        !tables_read(reading->tables, TABLE_PAIRS, number, &row, failure))
        return false;
    int used = 0;
    while (used < PAIR_SLOTS && pair_slot_used(&row.slots[used]))
        used++;
    if (used == PAIR_SLOTS || (used && row.slots[used - 1].check >= slot.check))
        return false;
    row.slots[used] = slot;
    return tables_write(reading->tables, TABLE_PAIRS, number, &row, failure);
}

static void read_identity(struct reading *reading, uint8_t identity[LEDGER_IDENTITY])
{
    const char *word = text_lines_word(reading->lines);
    size_t digits = reading->version == 1 ? IDENTITY_DIGITS_OF_VERSION_1 : 2 * LEDGER_IDENTITY;
    if (strlen(word) != digits || strspn(word, "0123456789abcdef") != digits) {
        reading->lines->good = false;
        return;
    }
    for (int i = 0; i < LEDGER_IDENTITY; i++) {
        char byte[3] = { word[2 * i], word[2 * i + 1], '\0' };
        identity[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
}

static bool read_entry(struct reading *reading, struct failure *failure)
{
    struct meta_row *meta = reading->meta;
    uint8_t identity[LEDGER_IDENTITY] = { 0 };
    struct ledger_entry entry = { 0 };
    read_identity(reading, identity);
    entry.label = (enum label)text_lines_name(reading->lines, label_names, 2);
    entry.source = (enum label_source)text_lines_name(reading->lines, source_names, 4);
    entry.weight_step = (int16_t)text_lines_number(reading->lines, INT16_MIN, INT16_MAX);
    entry.pair_step = (uint8_t)text_lines_number(reading->lines, 0, 1);
    for (int i = 0; i < STORE_LEARNERS; i++)
        entry.bins[i] = (uint8_t)text_lines_number(reading->lines, 0, STORE_SCALE_BINS - 1);
    entry.canon_version = (uint8_t)text_lines_number(reading->lines, 0, UINT8_MAX);
    entry.feature_check = (uint32_t)text_lines_hexadecimal(reading->lines, 8);
    entry.when = text_lines_number(reading->lines, 0, UINT32_MAX);
    struct ledger_row row;
    uint32_t number = ledger_row_of(identity, meta->key, meta->ledger_rows);
    if (!reading->lines->good || !tables_read(reading->tables, TABLE_LEDGER, number, &row, failure) ||
        ledger_find(&row, identity))
        return false;
    struct ledger_slot slot;
    ledger_pack(identity, &entry, &slot);
    meta->ledger_used += ledger_add(&row, &slot);
    if (entry.when > meta->last_lesson[entry.label])
        meta->last_lesson[entry.label] = entry.when;
    return tables_write(reading->tables, TABLE_LEDGER, number, &row, failure);
}

static bool read_lessons(struct reading *reading, struct failure *failure)
{
    (void)failure;
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        reading->meta->lessons[label] = (uint64_t)text_lines_number(reading->lines, 0, INT64_MAX);
    return reading->lines->good;
}

static bool read_pair_lessons(struct reading *reading, struct failure *failure)
{
    (void)failure;
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        reading->meta->pair_lessons[label] = (uint64_t)text_lines_number(reading->lines, 0, INT64_MAX);
    return reading->lines->good;
}

static bool read_end(struct reading *reading, struct failure *failure)
{
    (void)failure;
    reading->ended = true;
    uint64_t before = reading->lines->number - reading->first - 1;
    return (uint64_t)text_lines_number(reading->lines, 0, INT64_MAX) == before && reading->lines->good;
}

static const struct {
    const char *word;
    bool (*read)(struct reading *reading, struct failure *failure);
} line_kinds[] = {
    { "weight", read_weight },   { "pair", read_pair },       { "entry", read_entry },
    { "scale", read_scale },     { "lessons", read_lessons }, { "pair-lessons", read_pair_lessons },
    { "end", read_end },
};

static bool read_line(struct reading *reading, struct failure *failure)
{
    const char *word = text_lines_word(reading->lines);
    for (size_t i = 0; i < sizeof line_kinds / sizeof line_kinds[0]; i++)
        if (strcmp(word, line_kinds[i].word) == 0)
            return line_kinds[i].read(reading, failure) && text_lines_done(reading->lines);
    return false;
}

/* One word and one number, alone on the next line. */
static bool read_head_line(struct text_lines *lines, const char *word, int64_t most, int64_t *number)
{
    bool right = text_lines_next(lines) && strcmp(text_lines_word(lines), word) == 0;
    *number = right ? text_lines_number(lines, 0, most) : 0;
    return right && text_lines_done(lines);
}

/* The first three lines, without which there are no tables to read into. */
static bool read_head(struct text_lines *lines, int64_t *version, struct meta_row *meta, struct failure *failure)
{
    int64_t rows = 0;
    if (!read_head_line(lines, "tamis-store", INT32_MAX, version))
        return failure_set(failure, FAILURE_INPUT, "line %" PRIu64 ": not the dump of a store",
                           lines->number + (lines->number == 0));
    if (*version < 1 || *version > RECORD_VERSION)
        return failure_set(failure, FAILURE_INPUT,
                           "line %" PRIu64 ": a dump of version %" PRId64 ", this program knows %u", lines->number,
                           *version, RECORD_VERSION);
    bool right = text_lines_next(lines) && strcmp(text_lines_word(lines), "key") == 0;
    uint64_t key = right ? text_lines_hexadecimal(lines, 16) : 0;
    right = right && text_lines_done(lines) && read_head_line(lines, "tables", UINT32_MAX, &rows);
    if (!right || !record_rows_are_possible((uint32_t)rows, LEDGER_ROWS_MOST))
        return failure_set(failure, FAILURE_INPUT, "line %" PRIu64 ": not a key, or not the size of a store",
                           lines->number);
    record_new_meta(meta, key, (uint32_t)rows, LEDGER_ROWS_MOST);
    return true;
}

static bool read_lines(struct reading *reading, struct failure *failure)
{
    while (!reading->ended && text_lines_next(reading->lines)) {
        struct failure why = { 0 };
        if (read_line(reading, &why))
            continue;
        if (why.kind && failure)
            *failure = why;
        return why.kind ? false : text_lines_fail(reading->lines, "a dump", failure);
    }
    return reading->ended || text_lines_ended(reading->lines, "end", failure);
}

struct tables *text_read(struct text_lines *lines, struct meta_row *meta, struct failure *failure)
{
    struct reading reading = { .meta = meta, .lines = lines, .first = lines->number - lines->again };
    if (read_head(lines, &reading.version, meta, failure))
        reading.tables = tables_new_in_memory(meta, failure);
    if (reading.tables && (!read_lines(&reading, failure) || !tables_put_meta(reading.tables, meta, failure)))
        tables_close(&reading.tables);
    return reading.tables;
}
