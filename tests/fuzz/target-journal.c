/* target-journal.c - journals: raw bytes, and records whose checksums hold whatever is in them
 *
 * First byte even: the input is the file.  Odd: each line becomes the body of a sealed record, numbered from 1, between
 * sound header and sums.
 */
#include "config.h"

#include "fuzz.h"

#include "store/change.h"
#include "store/journal.h"
#include "stores.h"

#define FILE_BYTES ((size_t)1024 * 1024)

struct visited {
    uint64_t last;
    struct tables *tables;
    struct meta_row *meta;
    size_t file_bytes;
};

/* Lessons come in order; what change_check() lets pass can be applied. */
static bool visit(void *context, uint64_t sequence, const struct lesson *lessons, size_t count, struct failure *failure)
{
    struct visited *visited = context;
    fuzz_require(sequence > visited->last);
    fuzz_require(count >= 1 && count <= JOURNAL_LESSONS_MOST);
    for (size_t i = 0; i < count; i++)
        fuzz_require(lessons[i].gram_count + lessons[i].pair_count <= visited->file_bytes);
    visited->last = sequence;
    if (!change_check(visited->tables, visited->meta, lessons, count, failure))
        return false;
    fuzz_require(change_apply(visited->tables, visited->meta, lessons, count, failure));
    return true;
}

static struct span sealed_journal(struct span input, struct arena *arena)
{
    struct buffer file = buffer_new(arena, FILE_BYTES);
    buffer_append_string(&file, "tamisjnl");
    stores_put(&file, RECORD_VERSION, 4);
    stores_put(&file, RECORD_BYTE_ORDER, 4);
    stores_put(&file, STORES_KEY, 8);
    stores_put(&file, 0, 8);
    stores_put(&file, hash_bytes(file.data, file.length, 0), 8);
    for (uint64_t sequence = 1; input.length; sequence++) {
        struct span body = fuzz_take_line(&input);
        size_t start = file.length;
        stores_put(&file, 0x4C53534E, 4);
        stores_put(&file, body.length, 4);
        stores_put(&file, sequence, 8);
        uint64_t sum = hash_bytes(body.data, body.length, hash_bytes(file.data + start, 16, STORES_KEY));
        stores_put(&file, sum, 8);
        buffer_append(&file, body);
    }
    return buffer_span(&file);
}

FUZZ_TARGET(journal, "journals of lessons are read again")
{
    unsigned kind = fuzz_take_byte(&input);
    struct span file = kind & 1 ? sealed_journal(input, arena) : input;
    fuzz_file(STORE_FILE_JOURNAL, file, arena);
    struct directory directory = stores_open();
    struct meta_row meta;
    struct failure failure = { 0 };
    struct journal_found found;
    record_new_meta(&meta, STORES_KEY, 1u << 10, LEDGER_ROWS_FIRST);
    struct visited visited = { .tables = tables_new_in_memory(&meta, &failure), .meta = &meta,
                               .file_bytes = file.length };
    fuzz_require(visited.tables);
    if (journal_replay(&directory, STORES_KEY, 0, visit, &visited, &found, &failure))
        fuzz_require(found.bytes == file.length && found.records + found.lost >= (visited.last > 0));
    else
        fuzz_require(failure.kind != FAILURE_NONE);
    tables_close(&visited.tables);
    directory_close(&directory);
}
