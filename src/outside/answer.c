/* answer.c - what those outside found, and how it crosses the pipe out of the child that asked them */
#include "outside/answer.h"

#include "util/utf8.h"
#include "util/wire.h"

#define FORM 1

/* "spamhaus-zen" -> "SPAMHAUS_ZEN" */
static const char *as_name(struct span text, struct arena *arena)
{
    char *name = arena_alloc(arena, OUTSIDE_NAME_MOST + 1);
    text = span_head(text, OUTSIDE_NAME_MOST);
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        bool is_lower = byte >= 'a' && byte <= 'z';
        bool fits = (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        name[i] = is_lower ? (char)(byte - 'a' + 'A') : fits ? byte : '_';
    }
    return name;
}

static struct span as_plain_text(struct span text, struct arena *arena)
{
    struct buffer plain = buffer_new(arena, OUTSIDE_TEXT_MOST);
    while (text.length) {
        size_t size = 1;
        uint32_t code = utf8_decode(text, &size);
        struct span bytes = span_head(text, size);
        if (utf8_is_control(code))
            buffer_append_byte(&plain, ' ');
        else if (!utf8_is_valid(bytes))
            buffer_append_byte(&plain, '?');
        else if (plain.length + size <= OUTSIDE_TEXT_MOST)
            buffer_append(&plain, bytes);
        else
            break;
        text = span_from(text, size);
    }
    return utf8_head(buffer_span(&plain), OUTSIDE_TEXT_MOST);
}

static int bounded(int points)
{
    if (points < -OUTSIDE_POINTS_MOST)
        return -OUTSIDE_POINTS_MOST;
    return points > OUTSIDE_POINTS_MOST ? OUTSIDE_POINTS_MOST : points;
}

void outside_answer_add(struct outside_answer *answer, const char *name, const char *description, struct span detail,
                        int points, bool danger)
{
    if (answer->count == OUTSIDE_HITS_MOST || !*name)
        return;
    answer->items[answer->count++] = (struct hit){
        .name = as_name(span_of(name), answer->arena),
        .description = arena_copy(answer->arena, as_plain_text(span_of(description), answer->arena)).data,
        .detail = arena_copy(answer->arena, as_plain_text(detail, answer->arena)),
        .points = bounded(points),
        .danger = danger,
    };
}

void outside_answer_encode(const struct outside_answer *answer, struct buffer *out)
{
    wire_put_number(out, FORM, 1);
    wire_put_number(out, answer->infected, 1);
    wire_put_number(out, answer->count, 1);
    for (size_t i = 0; i < answer->count; i++) {
        const struct hit *hit = &answer->items[i];
        wire_put_number(out, (uint32_t)hit->points, 4);
        wire_put_number(out, hit->danger, 1);
        wire_put_text(out, span_of(hit->name), OUTSIDE_NAME_MOST);
        wire_put_text(out, span_of(hit->description), OUTSIDE_TEXT_MOST);
        wire_put_text(out, hit->detail, OUTSIDE_TEXT_MOST);
    }
}

static struct hit take_hit(struct wire_reader *reader, struct arena *arena)
{
    struct hit hit = { .points = (int32_t)(uint32_t)wire_take_number(reader, 4) };
    uint64_t danger = wire_take_number(reader, 1);
    if (danger > 1 || hit.points != bounded(hit.points))
        reader->sound = false;
    hit.danger = danger == 1;
    hit.name = arena_copy(arena, wire_take_name(reader, OUTSIDE_NAME_MOST)).data;
    hit.description = arena_copy(arena, wire_take_text(reader, OUTSIDE_TEXT_MOST)).data;
    hit.detail = arena_copy(arena, wire_take_text(reader, OUTSIDE_TEXT_MOST));
    return hit;
}

bool outside_answer_decode(struct span bytes, struct outside_answer *answer)
{
    struct wire_reader reader = wire_read(bytes);
    uint64_t form = wire_take_number(&reader, 1), infected = wire_take_number(&reader, 1);
    uint64_t count = wire_take_number(&reader, 1);
    size_t before = answer->count;
    if (!reader.sound || form != FORM || infected > 1 || count > OUTSIDE_HITS_MOST - before)
        return false;
    for (uint64_t i = 0; i < count && reader.sound; i++)
        answer->items[answer->count++] = take_hit(&reader, answer->arena);
    if (!wire_is_whole(&reader)) {
        answer->count = before;
        return false;
    }
    answer->infected |= infected == 1;
    return true;
}
