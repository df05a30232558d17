/* hits.c - what checks and rules have found: its points, and to and from bytes, for the pipe out of the child
 *
 *   u16 count, then for each hit: i32 points, u8 danger, name as u16 length and bytes
 */
#include "rules/hits.h"

#include <string.h>

#include "util/limits.h"

int rules_points(const struct rules_settings *settings, const char *name, int points)
{
    for (size_t i = settings ? settings->override_count : 0; i > 0; i--)
        if (strcmp(settings->overrides[i - 1].name, name) == 0)
            return settings->overrides[i - 1].points;
    return points;
}

void hits_encode(const struct hits *hits, struct buffer *out)
{
    wire_put_number(out, hits->count, 2);
    for (size_t i = 0; i < hits->count; i++) {
        wire_put_number(out, (uint32_t)hits->items[i].points, 4);
        wire_put_number(out, hits->items[i].danger, 1);
        wire_put_text(out, span_of(hits->items[i].name), LIMIT_RULE_NAME);
    }
}

static struct hit take_hit(struct wire_reader *reader, struct arena *arena)
{
    struct hit hit = { .description = "", .points = (int32_t)(uint32_t)wire_take_number(reader, 4) };
    uint64_t danger = wire_take_number(reader, 1);
    if (danger > 1)
        reader->sound = false;
    hit.danger = danger == 1;
    hit.name = arena_copy(arena, wire_take_name(reader, LIMIT_RULE_NAME)).data;
    return hit;
}

void hits_decode(struct wire_reader *reader, struct arena *arena, struct hits *hits)
{
    size_t count = (size_t)wire_take_number(reader, 2);
    struct hit *items = arena_new_array(arena, struct hit, count);
    *hits = (struct hits){ .items = items };
    while (hits->count < count && reader->sound)
        items[hits->count++] = take_hit(reader, arena);
    if (!reader->sound)
        hits->count = 0;
}
