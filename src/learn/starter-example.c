/* starter-example.c - what starter knowledge is made from, of one message: in the child that reads it, and as bytes
 *
 *   u64 sender, i32 points, u32 count, then as many u32 slots
 */
#include "learn/starter-building.h"

#include <ctype.h>

#include "learn/starter.h"
#include "util/hash.h"
#include "util/wire.h"

static uint64_t sender_of(const struct message *message)
{
    struct span domain = message->from.count ? message->from.items[0].domain : SPAN_EMPTY;
    uint64_t hash = 1;
    for (size_t i = 0; i < domain.length; i++)
        hash = hash_mix(hash ^ (uint64_t)tolower((unsigned char)domain.data[i]));
    return hash;
}

struct starter_example starter_example_of(const struct message *message, int points, struct arena *arena)
{
    struct starter_example example = { .sender = sender_of(message), .points = points };
    example.slots = starter_slots(message, arena, &example.count);
    return example;
}

void starter_example_encode(const struct starter_example *example, struct buffer *out)
{
    wire_put_number(out, example->sender, 8);
    wire_put_number(out, (uint32_t)example->points, 4);
    wire_put_number(out, example->count, 4);
    for (size_t i = 0; i < example->count; i++)
        wire_put_number(out, example->slots[i], 4);
}

/* Takes `count` slots that are distinct. */
static const uint32_t *take_slots(struct wire_reader *reader, size_t count, struct arena *arena)
{
    uint32_t *slots = arena_new_array(arena, uint32_t, count);
    uint8_t *seen = arena_alloc(arena, STARTER_SLOTS / 8);
    for (size_t i = 0; i < count && reader->sound; i++) {
        uint32_t slot = slots[i] = (uint32_t)wire_take_number(reader, 4);
        if (slot >= STARTER_SLOTS || (seen[slot / 8] & 1u << slot % 8))
            reader->sound = false;
        else
            seen[slot / 8] = (uint8_t)(seen[slot / 8] | 1u << slot % 8);
    }
    return slots;
}

bool starter_example_decode(struct span bytes, struct arena *arena, struct starter_example *example)
{
    struct wire_reader reader = wire_read(bytes);
    example->sender = wire_take_number(&reader, 8);
    example->points = (int32_t)(uint32_t)wire_take_number(&reader, 4);
    example->count = (size_t)wire_take_number(&reader, 4);
    if (!reader.sound || example->count != reader.rest.length / sizeof(uint32_t))
        return false;
    example->slots = take_slots(&reader, example->count, arena);
    return wire_is_whole(&reader);
}
