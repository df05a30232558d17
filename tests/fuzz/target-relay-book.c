/* target-relay-book.c - the relay book: damaged bytes are noticed, and a lesson that is noted after them is there
 *
 * The input is changes to a file with two relays: three bytes of place, eight to write.  The first byte says whether
 * the sums of the header (1) and of all slots (4) are put right behind them, and whether the file is cut (2).
 */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "store/relay-book.h"
#include "store/slot-file.h"
#include "util/hash.h"

#define NOW INT64_C(1795348800)
#define HEADER_BYTES 32
#define SLOT_BYTES 40
#define SUMMED_BYTES 36

/* As drawn in relay-book.h. */
static const struct slot_file_kind kind = {
    .name = RELAY_BOOK_FILE,
    .mark = { 't', 'a', 'm', 'i', 's', '-', 'r', 'b' },
    .version = 1,
    .header_bytes = HEADER_BYTES,
    .bytes = HEADER_BYTES + RELAY_BOOK_SLOTS * SLOT_BYTES,
};

static bool note(const char *relay, enum label label, bool retract, struct failure *failure)
{
    struct network_address address;
    fuzz_require(network_read_address(span_of(relay), &address));
    struct relay_lesson lesson = { &address, NOW - 60, label, SOURCE_USER, retract };
    return relay_book_note(fuzz_scratch(), &lesson, NOW, failure);
}

static void seal_slots(char *bytes)
{
    uint64_t key;
    memcpy(&key, bytes + 16, sizeof key);
    for (size_t place = 0; place < RELAY_BOOK_SLOTS; place++) {
        char *slot = bytes + HEADER_BYTES + place * SLOT_BYTES;
        uint32_t sum = (uint32_t)hash_bytes(slot, SUMMED_BYTES, key + place);
        memcpy(slot + SUMMED_BYTES, &sum, sizeof sum);
    }
}

static void change(struct span file, struct span changes, unsigned how)
{
    char *bytes = (char *)(uintptr_t)file.data;
    for (; changes.length >= 11; changes = span_from(changes, 11)) {
        const unsigned char *at = (const unsigned char *)changes.data;
        size_t place = ((size_t)at[0] << 16 | (size_t)at[1] << 8 | at[2]) % (kind.bytes - 8);
        memcpy(bytes + place, at + 3, 8);
    }
    if (how & 4)
        seal_slots(bytes);
    if (how & 1)
        slot_file_seal(&kind, bytes);
}

/* Of one relay, which a file that somebody made up may have in several places. */
struct seen {
    size_t count;
    struct network wanted;
    unsigned called_spam;
    int64_t last_spam;
};

static void visit(void *context, const struct relay_record *record)
{
    struct seen *seen = context;
    char text[NETWORK_TEXT];
    fuzz_require(record->called_spam <= UINT16_MAX && record->trapped <= UINT16_MAX && record->ham <= UINT16_MAX);
    fuzz_require(record->first_spam >= 0 && record->last_spam >= 0 && record->last_ham >= 0);
    fuzz_require(fuzz_is_printable(span_of(network_write(&record->network, text))));
    if (memcmp(&record->network, &seen->wanted, sizeof seen->wanted) == 0) {
        seen->called_spam += record->called_spam;
        seen->last_spam = record->last_spam > seen->last_spam ? record->last_spam : seen->last_spam;
    }
    seen->count++;
}

static bool look(const char *relay, struct seen *seen)
{
    struct network_address address;
    struct failure failure = { 0 };
    *seen = (struct seen){ 0 };
    fuzz_require(network_read_address(span_of(relay), &address));
    seen->wanted = relay_book_network(&address);
    bool read = relay_book_visit(fuzz_scratch(), visit, seen, &failure);
    fuzz_require(read == (failure.kind == FAILURE_NONE));
    fuzz_require(seen->count <= RELAY_BOOK_SLOTS);
    return read;
}

FUZZ_TARGET(relay_book, "the relay book is read and added to, whatever is in it")
{
    static const char relay[] = "192.0.2.1", other[] = "2001:db8::7";
    unsigned how = fuzz_take_byte(&input);
    struct failure failure = { 0 };
    struct seen seen;
    fuzz_file_remove(RELAY_BOOK_FILE);
    fuzz_require(note(relay, LABEL_SPAM, false, &failure) && note(other, LABEL_HAM, false, &failure));
    struct span file = fuzz_file_read(RELAY_BOOK_FILE, arena);
    fuzz_require(file.length == kind.bytes);
    change(file, input, how);
    fuzz_file(RELAY_BOOK_FILE, how & 2 ? span_head(file, input.length * 100) : file, arena);
    look(relay, &seen);
    bool noted = note(relay, LABEL_SPAM, false, &failure);
    fuzz_require(noted || failure.kind == FAILURE_DAMAGED); /* of a newer version */
    if (!noted)
        return;
    fuzz_require(look(relay, &seen) && seen.called_spam > 0 && seen.last_spam > 0);
    unsigned before = seen.called_spam;
    fuzz_require(note(relay, LABEL_SPAM, true, &failure) && look(relay, &seen));
    fuzz_require(seen.called_spam < before);
}
