/* target-sections.c - what a dump has beside the store: what is read is written again the same, once it was written */
#include "config.h"

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "senders/correspondents.h"
#include "store/history.h"
#include "store/imported.h"

typedef bool rewrite(struct text_lines *lines, FILE *out, struct failure *failure);

static bool rewrite_imported(struct text_lines *lines, FILE *out, struct failure *failure)
{
    struct imported *imported = imported_read_text(lines, failure);
    bool read = imported != NULL;
    if (read)
        imported_write_text(imported, out);
    imported_close(&imported);
    return read;
}

static bool rewrite_history(struct text_lines *lines, FILE *out, struct failure *failure)
{
    struct history_text *text = history_read_text(lines, failure);
    if (!text)
        return false;
    fuzz_require(history_save_text(text, fuzz_scratch(), failure));
    free(text);
    struct history *history = history_open(fuzz_scratch(), failure);
    fuzz_require(history && (text = history_text_of(history, failure)));
    history_write_text(text, out);
    history_close(&history);
    free(text);
    return true;
}

static bool rewrite_correspondents(struct text_lines *lines, FILE *out, struct failure *failure)
{
    struct correspondents_gathering *gathering = correspondents_read_text(lines, fuzz_scratch(), failure);
    bool read = gathering != NULL;
    if (read) {
        fuzz_require(correspondents_save(gathering, false, failure)); /* sorts */
        correspondents_write_text(gathering, out);
    }
    correspondents_gather_end(&gathering);
    return read;
}

/* Reads the section, and writes it again; empty when it is refused. */
static struct span read_and_write(rewrite *section, struct span text, struct arena *arena)
{
    char *bytes = NULL;
    size_t length = 0;
    struct failure failure = { 0 };
    FILE *in = fmemopen((void *)(uintptr_t)text.data, text.length, "r"), *out = open_memstream(&bytes, &length);
    fuzz_require(in && out);
    struct text_lines lines = text_lines_from(in);
    bool read = text_lines_next(&lines) && section(&lines, out, &failure);
    fuzz_require(read || fuzz_is_printable(span_of(failure.reason)));
    text_lines_free(&lines);
    fclose(in);
    fclose(out);
    struct span written = read ? arena_copy(arena, span_make(bytes, length)) : SPAN_EMPTY;
    free(bytes);
    return written;
}

FUZZ_TARGET(sections, "what lies beside a store is loaded")
{
    static rewrite *const sections[] = { rewrite_imported, rewrite_history, rewrite_correspondents };
    rewrite *section = sections[fuzz_take_byte(&input) % 3];
    struct span once = read_and_write(section, fuzz_counted_lines(input, arena), arena);
    fuzz_require(once.length == 0 || span_equal(read_and_write(section, once, arena), once));
}
