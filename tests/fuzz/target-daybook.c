/* target-daybook.c - the daybook: damaged bytes are noticed, and what is noted after them is there
 *
 * The input is changes to a file with one message and one lesson: three bytes of place, eight to write; the first byte
 * says whether the sum of the header is put right behind them, and whether the file is cut.
 */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "store/daybook-layout.h"

#define NOW INT64_C(1767225600)

static bool note(struct daybook *daybook, struct failure *failure)
{
    static const struct daybook_hit hits[] = { { "CHEAP_LOANS", 150 }, { "NO_DATE", 50 } };
    struct network_address relay;
    fuzz_require(network_read_address(span_of("192.0.2.1"), &relay));
    const struct daybook_message message = { .now = NOW, .verdict = DAYBOOK_SPAM, .bytes = 1000, .microseconds = 2000,
                                             .hits = hits, .hit_count = 2, .relay = &relay };
    const struct daybook_lesson lesson = { .now = NOW, .learned = true, .label = LABEL_SPAM, .by_user = true,
                                           .was = DAYBOOK_NO_CORRECTION, .is = DAYBOOK_HAM_WAS_SPAM,
                                           .rules = span_of("CHEAP_LOANS NO_DATE"), .relay = &relay };
    return daybook_note_message(daybook, &message, failure) && daybook_note_lesson(daybook, &lesson, failure);
}

static bool note_in_file(struct failure *failure)
{
    struct daybook *daybook = daybook_open(fuzz_scratch(), failure);
    if (!daybook)
        return false;
    bool noted = note(daybook, failure);
    daybook_close(&daybook);
    return noted;
}

static void change(struct span file, struct span changes, bool seal)
{
    char *bytes = (char *)(uintptr_t)file.data;
    for (; changes.length >= 11; changes = span_from(changes, 11)) {
        const unsigned char *at = (const unsigned char *)changes.data;
        size_t place = ((size_t)at[0] << 16 | (size_t)at[1] << 8 | at[2]) % (DAYBOOK_BYTES - 8);
        memcpy(bytes + place, at + 3, 8);
    }
    if (seal)
        slot_file_seal(&daybook_kind, bytes);
}

static void check_view(struct arena *arena, bool noted)
{
    struct daybook_view view;
    struct failure failure = { 0 };
    struct daybook_date today = daybook_date_of(NOW);
    bool read = daybook_read(fuzz_scratch(), today.day, today.day, arena, &view, &failure);
    fuzz_require(read || !noted);
    if (!read)
        return;
    fuzz_require(view.day_count <= 1 && view.rule_count <= DAYBOOK_RULES && view.relay_count <= DAYBOOK_RELAYS);
    fuzz_require(!noted || (view.day_count == 1 && view.days[0].counts.messages[DAYBOOK_SPAM] >= 1));
    for (size_t i = 0; i < view.rule_count; i++)
        fuzz_require(strnlen(view.rules[i].name, DAYBOOK_NAME) < DAYBOOK_NAME);
}

FUZZ_TARGET(daybook, "the daybook is read and added to, whatever is in it")
{
    unsigned kind = fuzz_take_byte(&input);
    struct failure failure = { 0 };
    fuzz_file_remove(DAYBOOK_FILE);
    fuzz_require(note_in_file(&failure));
    struct span file = fuzz_file_read(DAYBOOK_FILE, arena);
    fuzz_require(file.length == DAYBOOK_BYTES);
    change(file, input, kind & 1);
    fuzz_file(DAYBOOK_FILE, kind & 2 ? span_head(file, input.length * 100) : file, arena);
    check_view(arena, false);
    bool noted = note_in_file(&failure);
    fuzz_require(noted || failure.kind == FAILURE_DAMAGED); /* of a newer version */
    check_view(arena, noted);
}
