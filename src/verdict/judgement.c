/* judgement.c - a judgement to and from bytes, for the pipe out of the child
 *
 *   u8 form (5), u8 verdict, u8 learned state, u8 follow-up, u8 held
 *   i32 score, i32 required, i32 unsure
 *   u64 bits of probability, u64 bits of learned probability
 *   u64 lessons[2], 16 bytes identity, u64 relay, i64 arrived, 16 bytes address
 *   questions as u16 length and bytes
 *   u32 count, then for each reason: i32 points; name, description, detail as u16 length and bytes
 *
 * All numbers little-endian.  The child has read hostile mail and may be in its hands: decoding believes nothing.  It
 * refuses what verdict.c could not have made: lengths past the end, trailing bytes, names that are no names, text
 * that is not UTF-8 or has control characters, a score that is not the sum of its reasons, a verdict that is not the
 * score's, reasons out of order.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/wire.h"
#include "verdict/verdict.h"

#define FORM 5
#define NAME_MOST 64 /* bytes of a rule's name */
#define DESCRIPTION_MOST 300
#define DETAIL_MOST 300 /* as evaluate.h promises */

void judgement_encode(const struct judgement *judgement, struct buffer *out)
{
    wire_put_number(out, FORM, 1);
    wire_put_number(out, judgement->verdict, 1);
    wire_put_number(out, judgement->learned, 1);
    wire_put_number(out, judgement->follow_up, 1);
    wire_put_number(out, judgement->held, 1);
    wire_put_number(out, (uint32_t)judgement->score, 4);
    wire_put_number(out, (uint32_t)judgement->required, 4);
    wire_put_number(out, (uint32_t)judgement->unsure, 4);
    wire_put_double(out, judgement->probability);
    wire_put_double(out, judgement->learned_probability);
    wire_put_number(out, judgement->lessons[0], 8);
    wire_put_number(out, judgement->lessons[1], 8);
    buffer_append(out, span_make((const char *)judgement->identity, sizeof judgement->identity));
    wire_put_number(out, judgement->relay, 8);
    wire_put_number(out, (uint64_t)judgement->arrived, 8);
    buffer_append(out, span_make((const char *)judgement->from.bytes, sizeof judgement->from.bytes));
    wire_put_text(out, judgement->questions, VERDICT_QUESTIONS_MOST);
    wire_put_number(out, judgement->reason_count, 4);
    for (size_t i = 0; i < judgement->reason_count; i++) {
        const struct reason *reason = &judgement->reasons[i];
        wire_put_number(out, (uint32_t)reason->points, 4);
        wire_put_text(out, span_of(reason->name), NAME_MOST);
        wire_put_text(out, span_of(reason->description), DESCRIPTION_MOST);
        wire_put_text(out, reason->detail, DETAIL_MOST);
    }
}

static int take_points(struct wire_reader *reader)
{
    int32_t value = (int32_t)(uint32_t)wire_take_number(reader, 4);
    if (value < -VERDICT_SUM_MOST || value > VERDICT_SUM_MOST)
        reader->sound = false;
    return reader->sound ? value : 0;
}

static double take_probability(struct wire_reader *reader)
{
    double value = wire_take_double(reader);
    if (!(value >= 0 && value <= 1)) /* NaN fails both */
        reader->sound = false;
    return value;
}

static void take_reason(struct wire_reader *reader, struct arena *arena, struct reason *reason)
{
    reason->points = take_points(reader);
    struct span name = wire_take_name(reader, NAME_MOST);
    struct span description = wire_take_text(reader, DESCRIPTION_MOST);
    struct span detail = wire_take_text(reader, DETAIL_MOST);
    if (!reader->sound)
        return;
    reason->name = arena_copy(arena, name).data;
    reason->description = arena_copy(arena, description).data;
    reason->detail = arena_copy(arena, detail);
}

static void take_reasons(struct wire_reader *reader, struct arena *arena, struct judgement *judgement)
{
    size_t count = (size_t)wire_take_number(reader, 4);
    if (!reader->sound || count > VERDICT_REASONS_MOST) {
        reader->sound = false;
        return;
    }
    struct reason *reasons = arena_new_array(arena, struct reason, count);
    for (size_t i = 0; i < count && reader->sound; i++) {
        take_reason(reader, arena, &reasons[i]);
        if (i > 0 && abs(reasons[i].points) > abs(reasons[i - 1].points))
            reader->sound = false;
    }
    judgement->reasons = reasons;
    judgement->reason_count = count;
}

static bool adds_up(const struct judgement *judgement)
{
    int64_t sum = 0;
    for (size_t i = 0; i < judgement->reason_count; i++)
        sum += judgement->reasons[i].points;
    return sum == judgement->score &&
           judgement->verdict == verdict_of(judgement->score, judgement->required, judgement->unsure) &&
           fabs(judgement->probability - verdict_probability(judgement->score)) < 1e-9;
}

bool judgement_decode(struct span bytes, struct arena *arena, struct judgement *judgement)
{
    struct wire_reader reader = wire_read(bytes);
    struct judgement read = { 0 };
    uint64_t form = wire_take_number(&reader, 1), verdict = wire_take_number(&reader, 1);
    uint64_t learned = wire_take_number(&reader, 1);
    uint64_t follow_up = wire_take_number(&reader, 1), held = wire_take_number(&reader, 1);
    if (!reader.sound || form != FORM || verdict > VERDICT_SPAM || learned > STORE_UNUSABLE ||
        follow_up > (FOLLOW_UP_TRAP | FOLLOW_UP_REMEMBER | FOLLOW_UP_FETCH) ||
        held > (HELD_BY_LIST | HELD_FOR_ROLE | HELD_FOR_SENDER))
        return false;
    read.verdict = (enum verdict)verdict;
    read.learned = (enum store_state)learned;
    read.follow_up = (uint8_t)follow_up;
    read.held = (uint8_t)held;
    read.score = take_points(&reader);
    read.required = take_points(&reader);
    read.unsure = take_points(&reader);
    read.probability = take_probability(&reader);
    read.learned_probability = take_probability(&reader);
    read.lessons[0] = wire_take_number(&reader, 8);
    read.lessons[1] = wire_take_number(&reader, 8);
    struct span identity = wire_take(&reader, sizeof read.identity);
    read.relay = wire_take_number(&reader, 8);
    read.arrived = (int64_t)wire_take_number(&reader, 8);
    struct span from = wire_take(&reader, sizeof read.from.bytes);
    struct span questions = wire_take(&reader, (size_t)wire_take_number(&reader, 2));
    if (!reader.sound || questions.length > VERDICT_QUESTIONS_MOST)
        return false;
    read.questions = arena_copy(arena, questions);
    memcpy(read.identity, identity.data, sizeof read.identity);
    memcpy(read.from.bytes, from.data, sizeof read.from.bytes);
    take_reasons(&reader, arena, &read);
    if (!wire_is_whole(&reader) || !adds_up(&read))
        return false;
    *judgement = read;
    return true;
}
