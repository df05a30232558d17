/* judgement.c - a judgement to and from bytes, for the pipe out of the child
 *
 *   u8 form (3), u8 verdict, u8 learned state, u8 follow-up
 *   i32 score, i32 required, i32 unsure
 *   u64 bits of probability, u64 bits of learned probability
 *   u64 lessons[2], 16 bytes identity, u64 relay, i64 arrived
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

#include "util/utf8.h"
#include "verdict/verdict.h"

#define FORM 3
#define NAME_MOST 64 /* bytes of a rule's name */
#define DESCRIPTION_MOST 300
#define DETAIL_MOST 300 /* as evaluate.h promises */

static void put_number(struct buffer *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_append_byte(out, (char)(value >> (8 * i)));
}

static void put_double(struct buffer *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_number(out, bits, 8);
}

static void put_text(struct buffer *out, struct span text, size_t most)
{
    text = utf8_head(text, most);
    put_number(out, text.length, 2);
    buffer_append(out, text);
}

void judgement_encode(const struct judgement *judgement, struct buffer *out)
{
    put_number(out, FORM, 1);
    put_number(out, judgement->verdict, 1);
    put_number(out, judgement->learned, 1);
    put_number(out, judgement->follow_up, 1);
    put_number(out, (uint32_t)judgement->score, 4);
    put_number(out, (uint32_t)judgement->required, 4);
    put_number(out, (uint32_t)judgement->unsure, 4);
    put_double(out, judgement->probability);
    put_double(out, judgement->learned_probability);
    put_number(out, judgement->lessons[0], 8);
    put_number(out, judgement->lessons[1], 8);
    buffer_append(out, span_make((const char *)judgement->identity, sizeof judgement->identity));
    put_number(out, judgement->relay, 8);
    put_number(out, (uint64_t)judgement->arrived, 8);
    put_number(out, judgement->reason_count, 4);
    for (size_t i = 0; i < judgement->reason_count; i++) {
        const struct reason *reason = &judgement->reasons[i];
        put_number(out, (uint32_t)reason->points, 4);
        put_text(out, span_of(reason->name), NAME_MOST);
        put_text(out, span_of(reason->description), DESCRIPTION_MOST);
        put_text(out, reason->detail, DETAIL_MOST);
    }
}

/* What is left to read.  Once something is missing `sound` is false and everything read is 0. */
struct reader {
    struct span rest;
    bool sound;
};

static struct span take(struct reader *reader, size_t length)
{
    if (!reader->sound || reader->rest.length < length) {
        reader->sound = false;
        return SPAN_EMPTY;
    }
    struct span taken = span_make(reader->rest.data, length);
    reader->rest = span_from(reader->rest, length);
    return taken;
}

static uint64_t take_number(struct reader *reader, size_t size)
{
    struct span bytes = take(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.length; i++)
        value |= (uint64_t)(unsigned char)bytes.data[i] << (8 * i);
    return value;
}

static int take_points(struct reader *reader)
{
    int32_t value = (int32_t)(uint32_t)take_number(reader, 4);
    if (value < -VERDICT_SUM_MOST || value > VERDICT_SUM_MOST)
        reader->sound = false;
    return reader->sound ? value : 0;
}

static double take_probability(struct reader *reader)
{
    uint64_t bits = take_number(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!(value >= 0 && value <= 1)) /* NaN fails both */
        reader->sound = false;
    return value;
}

/* No control characters, C1 included: this goes to terminals, logs and header fields. */
static bool is_plain_text(struct span text)
{
    if (!utf8_is_valid(text))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20 || byte == 0x7F || (byte == 0xC2 && (unsigned char)text.data[i + 1] < 0xA0))
            return false;
    }
    return true;
}

static bool is_name(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (!((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_'))
            return false;
    }
    return text.length > 0;
}

static struct span take_text(struct reader *reader, size_t most)
{
    size_t length = (size_t)take_number(reader, 2);
    struct span text = take(reader, length);
    if (length > most || !is_plain_text(text))
        reader->sound = false;
    return reader->sound ? text : SPAN_EMPTY;
}

static void take_reason(struct reader *reader, struct arena *arena, struct reason *reason)
{
    reason->points = take_points(reader);
    struct span name = take_text(reader, NAME_MOST);
    struct span description = take_text(reader, DESCRIPTION_MOST);
    struct span detail = take_text(reader, DETAIL_MOST);
    if (!is_name(name))
        reader->sound = false;
    if (!reader->sound)
        return;
    reason->name = arena_copy(arena, name).data;
    reason->description = arena_copy(arena, description).data;
    reason->detail = arena_copy(arena, detail);
}

static void take_reasons(struct reader *reader, struct arena *arena, struct judgement *judgement)
{
    size_t count = (size_t)take_number(reader, 4);
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
    enum verdict verdict = judgement->score >= judgement->required ? VERDICT_SPAM
                         : judgement->score >= judgement->unsure   ? VERDICT_UNSURE
                                                                   : VERDICT_HAM;
    return sum == judgement->score && verdict == judgement->verdict
        && fabs(judgement->probability - verdict_probability(judgement->score)) < 1e-9;
}

bool judgement_decode(struct span bytes, struct arena *arena, struct judgement *judgement)
{
    struct reader reader = { bytes, true };
    struct judgement read = { 0 };
    uint64_t form = take_number(&reader, 1), verdict = take_number(&reader, 1), learned = take_number(&reader, 1);
    uint64_t follow_up = take_number(&reader, 1);
    if (!reader.sound || form != FORM || verdict > VERDICT_SPAM || learned > STORE_UNUSABLE ||
        follow_up > (FOLLOW_UP_TRAP | FOLLOW_UP_REMEMBER))
        return false;
    read.verdict = (enum verdict)verdict;
    read.learned = (enum store_state)learned;
    read.follow_up = (uint8_t)follow_up;
    read.score = take_points(&reader);
    read.required = take_points(&reader);
    read.unsure = take_points(&reader);
    read.probability = take_probability(&reader);
    read.learned_probability = take_probability(&reader);
    read.lessons[0] = take_number(&reader, 8);
    read.lessons[1] = take_number(&reader, 8);
    struct span identity = take(&reader, sizeof read.identity);
    read.relay = take_number(&reader, 8);
    read.arrived = (int64_t)take_number(&reader, 8);
    if (!reader.sound)
        return false;
    memcpy(read.identity, identity.data, sizeof read.identity);
    take_reasons(&reader, arena, &read);
    if (!reader.sound || reader.rest.length || !adds_up(&read))
        return false;
    *judgement = read;
    return true;
}
