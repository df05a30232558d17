/* history-text.c - the history of relays, hosts and scripts as text, exactly */
#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "store/history-layout.h"
#include "util/file.h"

/* --- writing ------------------------------------------------------------------------------------------------------ */

static uint64_t write_header(const struct history_header *header, FILE *out)
{
    uint64_t lines = 3;
    fprintf(out, "tamis-history %d\nhistory-key %016" PRIx64 "\nham %" PRIu32 "\n", HISTORY_VERSION, header->key,
            header->ham);
    for (int i = 0; i < HISTORY_SCRIPTS; i++)
        if (header->by_script[i]) {
            fprintf(out, "script %d %" PRIu32 "\n", i, header->by_script[i]);
            lines++;
        }
    return lines;
}

/* A slot whose sum is wrong is an empty one. */
static uint64_t write_slots(const struct history_text *text, FILE *out)
{
    uint64_t lines = 0;
    for (size_t place = 0; place < HISTORY_SLOTS; place++) {
        const struct history_slot *slot = &text->slots[place];
        if (slot->name == 0 || slot->sum != history_slot_sum(slot, text->header.key, place))
            continue;
        fprintf(out, "slot %zu %016" PRIx64 " %" PRIu32 " %u %u %" PRIu32, place, slot->name, slot->seen, slot->ham,
                slot->spam, slot->cell);
        for (int i = 0; i < HISTORY_CELLS; i++)
            fprintf(out, " %u", slot->arrivals[i]);
        fputc('\n', out);
        lines++;
    }
    return lines;
}

void history_write_text(const struct history_text *text, FILE *out)
{
    uint64_t lines = write_header(&text->header, out);
    lines += write_slots(text, out);
    fprintf(out, "end %" PRIu64 "\n", lines);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void read_slot(struct text_lines *lines, struct history_text *text)
{
    size_t place = (size_t)text_lines_number(lines, 0, HISTORY_SLOTS - 1);
    struct history_slot slot = { .name = text_lines_hexadecimal(lines, 16) };
    slot.seen = (uint32_t)text_lines_number(lines, 0, UINT32_MAX);
    slot.ham = (uint16_t)text_lines_number(lines, 0, UINT16_MAX);
    slot.spam = (uint16_t)text_lines_number(lines, 0, UINT16_MAX);
    slot.cell = (uint32_t)text_lines_number(lines, 0, UINT32_MAX);
    for (int i = 0; i < HISTORY_CELLS; i++)
        slot.arrivals[i] = (uint8_t)text_lines_number(lines, 0, UINT8_MAX);
    lines->good = lines->good && slot.name != 0 && text->slots[place].name == 0;
    slot.sum = history_slot_sum(&slot, text->header.key, place);
    text->slots[place] = slot;
}

/* One line; `*ended` behind the last. */
static bool read_line(struct text_lines *lines, uint64_t first, struct history_text *text, bool *ended)
{
    struct history_header *header = &text->header;
    const char *word = text_lines_word(lines);
    if (strcmp(word, "history-key") == 0) {
        history_new_header(header, text_lines_hexadecimal(lines, 16));
    } else if (strcmp(word, "ham") == 0) {
        header->ham = (uint32_t)text_lines_number(lines, 0, UINT32_MAX);
    } else if (strcmp(word, "script") == 0) {
        int64_t script = text_lines_number(lines, 0, HISTORY_SCRIPTS - 1);
        header->by_script[script] = (uint32_t)text_lines_number(lines, 1, UINT32_MAX);
    } else if (strcmp(word, "slot") == 0) {
        read_slot(lines, text);
    } else if (strcmp(word, "end") == 0) {
        *ended = (uint64_t)text_lines_number(lines, 0, INT64_MAX) == lines->number - first;
        return *ended && header->version == HISTORY_VERSION && text_lines_done(lines);
    } else {
        return false;
    }
    /* Slots are sealed with the key, which therefore comes first. */
    return header->version == HISTORY_VERSION && text_lines_done(lines);
}

struct history_text *history_read_text(struct text_lines *lines, struct failure *failure)
{
    struct history_text *text = calloc(1, sizeof *text);
    uint64_t first = lines->number;
    bool good = true, ended = false;
    if (!text) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the history of relays and hosts");
        return NULL;
    }
    while (good && !ended)
        good = text_lines_next(lines) && read_line(lines, first, text, &ended);
    if (!good) {
        text_lines_fail(lines, "a history", failure);
        free(text);
        return NULL;
    }
    slot_file_seal(&history_kind, &text->header);
    return text;
}

bool history_save_text(const struct history_text *text, const char *directory, struct failure *failure)
{
    char path[PATH_MAX];
    if (!file_join(path, sizeof path, directory, HISTORY_FILE))
        return failure_set(failure, FAILURE_CONFIGURATION, "the path of %s is too long", HISTORY_FILE);
    return file_replace(path, span_make((const char *)text, sizeof *text), 0600, failure);
}
