/* target-history.c - the history of relays and hosts: damaged bytes, and lessons that are taken back
 *
 * The input is changes to a file of this program's own: two bytes of place (times 8), eight to write; the first byte
 * says whether the sum of the header is put right behind them.
 */
#include "config.h"

#include "fuzz.h"

#include <stdint.h>

#include "store/history.h"
#include "util/hash.h"

#define HEADER_BYTES 128
#define FILE_BYTES (HEADER_BYTES + HISTORY_SLOTS * 32)

static const struct trace trace = { .relay = 77, .hosts = { 5, 6 }, .host_count = 2, .scripts = 3, .arrived = 1000000 };

/* A file in which one message was learned. */
static struct span sound_file(struct arena *arena)
{
    struct failure failure = { 0 };
    fuzz_file_remove(HISTORY_FILE);
    struct history *history = history_open_to_write(fuzz_scratch(), true, &failure);
    fuzz_require(history && history_learn(history, &trace, LABEL_SPAM, false, 1000000, &failure));
    history_close(&history);
    return fuzz_file_read(HISTORY_FILE, arena);
}

static void change(struct span file, struct span changes, bool seal)
{
    char *bytes = (char *)(uintptr_t)file.data;
    for (; changes.length >= 10; changes = span_from(changes, 10)) {
        size_t place = ((unsigned char)changes.data[0] << 8 | (unsigned char)changes.data[1]) * 8u % FILE_BYTES;
        memcpy(bytes + place, changes.data + 2, 8);
    }
    if (seal) {
        uint64_t sum = hash_bytes(bytes, HEADER_BYTES - 8, 1);
        memcpy(bytes + HEADER_BYTES - 8, &sum, sizeof sum);
    }
}

FUZZ_TARGET(history, "histories of relays and hosts are read and changed")
{
    unsigned kind = fuzz_take_byte(&input);
    struct failure failure = { 0 };
    struct history_entry entry = { 0 };
    struct span file = sound_file(arena);
    fuzz_require(file.length == FILE_BYTES);
    change(file, input, kind & 1);
    fuzz_file(HISTORY_FILE, kind & 2 ? span_head(file, input.length * 100) : file, arena);
    struct history *history = history_open(fuzz_scratch(), &failure);
    fuzz_require(history || failure.kind != FAILURE_NONE);
    if (history)
        history_find(history, trace.relay, 1000100, &entry);
    history_close(&history);
    history = history_open_to_write(fuzz_scratch(), true, &failure);
    fuzz_require(history || failure.kind == FAILURE_DAMAGED);
    if (history) {
        fuzz_require(history_learn(history, &trace, LABEL_HAM, false, 1000200, &failure));
        fuzz_require(history_find(history, trace.hosts[0], 0, &entry) && entry.ham >= 1);
        fuzz_require(history_learn(history, &trace, LABEL_HAM, true, 1000200, &failure));
    }
    history_close(&history);
}
