/* target-shared.c - what users of a host share: prints of texts, reports, and the table made of them
 *
 * The input is a text; it is the bytes of a report, whose sum is made sound; and it is the entries of a table, of which
 * one byte is then changed, at a place that the first bytes choose.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"

#include "mail/text-prints.h"
#include "outside/shared-place.h"
#include "outside/shared-spool.h"
#include "outside/shared-table.h"
#include "util/utf8.h"

#define ENTRIES_MOST 40

static void take(struct span *input, void *into, size_t size)
{
    struct span bytes = span_head(*input, size);
    memset(into, 0, size);
    if (bytes.length)
        memcpy(into, bytes.data, bytes.length);
    *input = span_from(*input, size);
}

/* Numbers and links that come with a text change nothing; but letters may, since it depends on those around it whether
 * a foreign letter poses as a Latin one (fold.h). */
static void check_prints(struct span input, struct arena *arena)
{
    uint64_t prints[TEXT_PRINTS], again[TEXT_PRINTS];
    struct buffer text = buffer_new(arena, input.length * 3 + 40);
    utf8_append_repaired(&text, input);
    size_t count = text_prints(buffer_span(&text), 1, arena, prints);
    fuzz_require(count == 0 || count == TEXT_PRINTS);
    for (size_t i = 1; i < count; i++)
        fuzz_require(prints[i] > prints[i - 1]);
    if (text.length > 16384)
        return;
    buffer_append_string(&text, " 42 //192.0.2.1/1");
    fuzz_require(text_prints(buffer_span(&text), 1, arena, again) == count);
    fuzz_require(memcmp(prints, again, count * sizeof *prints) == 0);
}

static void check_report(struct span input)
{
    unsigned char slot[SHARED_SLOT_BYTES];
    struct shared_report report = { 0 }, read;
    take(&input, slot, sizeof slot);
    if (shared_slot_read(slot, 1, 2, &read))
        fuzz_require(read.print_count <= TEXT_PRINTS && read.host_count <= SHARED_REPORT_HOSTS && read.message);
    memcpy(&report.message, slot, sizeof report.message);
    report.called = (enum shared_called)(slot[12] % (SHARED_LEFT_ALONE + 1));
    report.print_count = slot[13] % (TEXT_PRINTS + 1);
    report.host_count = slot[14] % (SHARED_REPORT_HOSTS + 1);
    memcpy(report.prints, slot + 24, report.print_count * sizeof *report.prints);
    memcpy(report.hosts, slot + 152, report.host_count * sizeof *report.hosts);
    unsigned char changed = slot[15], at = slot[16];
    shared_slot_write(&report, 1, 2, slot);
    bool sound = shared_slot_read(slot, 1, 2, &read);
    fuzz_require(sound == (report.message && report.called != SHARED_TAKEN_BACK));
    if (!sound)
        return;
    fuzz_require(memcmp(&read, &report, sizeof read) == 0);
    fuzz_require(!shared_slot_read(slot, 1, 3, &read) && !shared_slot_read(slot, 2, 2, &read));
    slot[at] ^= changed;
    fuzz_require(!changed || !shared_slot_read(slot, 1, 2, &read));
}

/* What is known is found as it was or cannot be told, whatever byte is another one. */
static void check_table(struct span input, const char *folder, uint64_t key, struct arena *arena)
{
    struct shared_entry entries[ENTRIES_MOST], found;
    struct shared_facts facts = { .made = 1 };
    struct shared_table table;
    struct failure failure = { 0 };
    unsigned char where[4];
    size_t count = 0;
    take(&input, where, sizeof where);
    for (; input.length && count < ENTRIES_MOST; count++) {
        take(&input, &entries[count], sizeof *entries);
        entries[count].name = (entries[count].name & ~UINT64_C(0xFF00)) | (count + 1) << 8;
        entries[count].kind = SHARED_TEXT;
    }
    fuzz_require(shared_table_write(folder, key, &facts, entries, count, &failure));
    struct span file = fuzz_file_read("shared/table", arena);
    char *bytes = arena_alloc(arena, file.length);
    memcpy(bytes, file.data, file.length);
    bytes[(where[0] | (size_t)where[1] << 8) % file.length] ^= (char)where[2];
    fuzz_file("shared/table", span_make(bytes, file.length), arena);
    if (!shared_table_open(folder, &table, &failure))
        return;
    for (size_t i = 0; i < count; i++)
        if (shared_table_find(&table, SHARED_TEXT, entries[i].name, &found) == SHARED_FOUND)
            fuzz_require(memcmp(&found, &entries[i], sizeof found) == 0);
    shared_table_close(&table);
}

FUZZ_TARGET(shared, "what users of a host share: prints, reports and their table")
{
    struct failure failure = { 0 };
    uint64_t key;
    struct buffer folder = buffer_new(arena, 4096);
    buffer_append_format(&folder, "%s/shared", fuzz_scratch());
    buffer_append_byte(&folder, '\0');
    fuzz_require(shared_place_make(folder.data, &failure) && shared_place_key(folder.data, &key, &failure));
    check_prints(input, arena);
    check_report(input);
    check_table(input, folder.data, key, arena);
}
