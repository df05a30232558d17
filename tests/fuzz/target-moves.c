/* target-moves.c - the memory of moves, and the record of when messages came into Junk
 *
 * First byte odd: magic, numbers and checksum of the file of moves are put right.  All of it is the other record's
 * text, as it is and with its sum put behind it.
 */
#include "config.h"

#include "fuzz.h"

#include <inttypes.h>

#include "mailbox/moves-records.h"
#include "mailbox/name-record.h"
#include "util/buffer.h"
#include "util/hash.h"

static struct span seal(struct span input, struct arena *arena)
{
    struct moves_header header;
    if (input.length < sizeof header)
        return input;
    char *bytes = arena_alloc(arena, input.length + sizeof(uint64_t));
    memcpy(bytes, input.data, input.length);
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, MOVES_MAGIC, sizeof header.magic);
    header.order = MOVES_ORDER;
    header.version = MOVES_VERSION;
    header.messages %= 64;
    header.folders %= 64;
    memcpy(bytes, &header, sizeof header);
    uint64_t sum = hash_bytes(bytes, input.length, 0);
    memcpy(bytes + input.length, &sum, sizeof sum);
    return span_make(bytes, input.length + sizeof sum);
}

static bool take_lesson(void *context, const struct moves_lesson *lesson)
{
    struct moves *moves = context;
    fuzz_require(lesson->number < moves->count);
    return true;
}

static enum belief ask(void *context, const struct moves_left_alone *left_alone)
{
    (void)context;
    return left_alone->seen ? BELIEF_HAM : BELIEF_NONE;
}

static void check_moves(struct span file, struct arena *arena)
{
    struct failure failure = { 0 };
    const char *path = fuzz_file("moves", file, arena);
    struct moves *moves = moves_open(path, &failure);
    if (!moves)
        return;
    struct move move = { .from_known = true, .from = FOLDER_JUNK, .to = FOLDER_ORDINARY };
    moves_reported(moves, &move);
    moves_visit_left_alone(moves, 1767225600, ask, NULL);
    moves_visit_lessons(moves, take_lesson, moves);
    size_t count = moves->count;
    moves->changed = true;
    fuzz_require(moves_save(moves, &failure));
    moves_close(&moves);
    moves = moves_open(path, &failure);
    fuzz_require(moves && moves->count == count);
    moves_close(&moves);
}

static struct span with_sum(struct span text, struct arena *arena)
{
    struct buffer summed = buffer_new(arena, text.length + 64);
    buffer_append(&summed, text);
    buffer_append_format(&summed, "sum %016" PRIx64 "\n", hash_bytes(text.data, text.length, 0));
    return buffer_span(&summed);
}

static void check_names(struct span text, struct arena *arena)
{
    struct name_record record = { 0 };
    struct failure failure = { 0 };
    if (!name_record_load(fuzz_file("names", text, arena), arena, &record, &failure))
        return;
    for (size_t i = 0; i < record.count; i++) {
        struct name_entry *entry = name_record_find(&record, record.entries[i].key);
        fuzz_require(entry && span_equal(entry->key, record.entries[i].key));
    }
}

FUZZ_TARGET(moves, "the memory of moves and the record of Junk are read")
{
    check_names(input, arena);
    check_names(with_sum(input, arena), arena);
    unsigned kind = fuzz_take_byte(&input);
    check_moves(kind & 1 ? seal(input, arena) : input, arena);
}
