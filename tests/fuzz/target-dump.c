/* target-dump.c - a store as text: what is read is written again the same, once it was written */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "store/text.h"

/* Reads the text, and writes it again; empty when it is refused. */
static struct span read_and_write(struct span text, struct arena *arena)
{
    struct meta_row meta;
    struct failure failure = { 0 };
    FILE *in = fopen(fuzz_file("text", text, arena), "re");
    fuzz_require(in != NULL);
    struct text_lines lines = text_lines_from(in);
    struct tables *tables = text_read(&lines, &meta, &failure);
    text_lines_free(&lines);
    fclose(in);
    fuzz_require(tables || failure.kind != FAILURE_NONE);
    fuzz_require(tables || fuzz_is_printable(span_of(failure.reason)));
    if (!tables)
        return SPAN_EMPTY;
    int out = open(fuzz_file("text", SPAN_EMPTY, arena), O_WRONLY | O_CLOEXEC);
    fuzz_require(text_write(out, tables, &meta, &failure));
    close(out);
    tables_close(&tables);
    return fuzz_file_read("text", arena);
}

FUZZ_TARGET(dump, "dumps of a store are loaded")
{
    read_and_write(input, arena);
    struct span once = read_and_write(fuzz_counted_lines(input, arena), arena);
    fuzz_require(once.length == 0 || span_equal(read_and_write(once, arena), once));
}
