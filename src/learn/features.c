/* features.c - a message as the learners see it: numbers, no text */
#include "learn/features.h"

#include "learn/canonical.h"
#include "learn/grams.h"
#include "learn/tokens.h"
#include "store/store.h"
#include "util/hash.h"

/* More than canonical text can hold; the bound for bytes that are not trusted. */
#define FEATURES_MOST 65536

#define NAME_BYTES_MOST 4000

/* Least-significant-digit radix sort, a byte at a time, then repetitions out: some 40 instructions a feature where
 * qsort() takes 200.  `spare` has room for as many. */
#define DIGITS 256

/* How often each digit occurs in each of the four bytes. */
static void count_digits(const uint32_t *values, size_t count, uint32_t digits[4][DIGITS])
{
    for (size_t i = 0; i < count; i++) {
        uint32_t value = values[i];
        digits[0][value & 0xFF]++;
        digits[1][value >> 8 & 0xFF]++;
        digits[2][value >> 16 & 0xFF]++;
        digits[3][value >> 24]++;
    }
}

/* `places` is how often each digit occurs, and becomes where the next value with it goes. */
static void sort_by_byte(const uint32_t *from, uint32_t *to, size_t count, unsigned shift, uint32_t places[DIGITS])
{
    uint32_t sum = 0;
    for (size_t digit = 0; digit < DIGITS; digit++) {
        uint32_t here = places[digit];
        places[digit] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

/* Sorts in place and drops repetitions; gives how many are left. */
static size_t sort_distinct(uint32_t *values, uint32_t *spare, size_t count)
{
    uint32_t digits[4][DIGITS] = { { 0 } };
    count_digits(values, count, digits);
    sort_by_byte(values, spare, count, 0, digits[0]);
    sort_by_byte(spare, values, count, 8, digits[1]);
    sort_by_byte(values, spare, count, 16, digits[2]);
    sort_by_byte(spare, values, count, 24, digits[3]);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || values[kept - 1] != values[i])
            values[kept++] = values[i];
    return kept;
}

static uint32_t checksum(const struct features *features)
{
    uint64_t hash = hash_bytes(features->grams, features->gram_count * sizeof *features->grams,
                               features->canon_version);
    return (uint32_t)hash_bytes(features->pairs, features->pair_count * sizeof *features->pairs, hash);
}

/* What learner A reads: the short text, and names of rules that hit, a line each. */
static struct span text_for_grams(const struct canonical *canonical, const struct features_extra *extra,
                                  struct arena *arena)
{
    struct span text = span_head(canonical->text, canonical->short_length);
    if (!extra || extra->count == 0)
        return text;
    struct buffer with_names = buffer_new(arena, text.length + NAME_BYTES_MOST);
    buffer_append(&with_names, text);
    for (size_t i = 0; i < extra->count; i++) {
        buffer_append_byte(&with_names, '\n');
        buffer_append_string(&with_names, extra->names[i]);
    }
    return buffer_span(&with_names);
}

void features_extract(const struct message *message, uint64_t key, const struct features_extra *extra,
                      struct arena *arena, struct features *features)
{
    struct canonical canonical;
    canonical_make(message, arena, &canonical);
    *features = (struct features){ .canon_version = CANON_VERSION };
    memcpy(features->identity, canonical.identity, sizeof features->identity);

    features->grams = grams_draw(text_for_grams(&canonical, extra, arena), key, arena, &features->gram_count);

    struct token_sink sink;
    tokens_draw(&canonical, extra, key, false, arena, &sink);
    features->pair_count = sort_distinct(sink.features, arena_new_list(arena, uint32_t, sink.count), sink.count);
    features->pairs = sink.features;
    features->check = checksum(features);
    features->rule_points = extra ? extra->points : 0;
}

/* --- as bytes ----------------------------------------------------------------------------------------------------- */

/* Identity, rule points, trace, what was found, names of rules, prints, version, check, two counts, the numbers; in the
 * machine's byte order, for they never leave it. */

static void append(struct buffer *out, const void *data, size_t length)
{
    buffer_append(out, span_make(data, length));
}

/* u8 verdict, 0 for none, u16 length, names */
static void append_found(const struct features *features, struct buffer *out)
{
    struct span rules = span_head(features->rules, FEATURES_RULES_MOST);
    uint16_t length = (uint16_t)rules.length;
    buffer_append_byte(out, (char)(features->judged ? 1 + features->verdict : 0));
    append(out, &length, sizeof length);
    buffer_append(out, rules);
}

/* u8 count, the prints */
static void append_prints(const struct features *features, struct buffer *out)
{
    buffer_append_byte(out, (char)features->print_count);
    append(out, features->prints, features->print_count * sizeof *features->prints);
}

void features_encode(const struct features *features, struct buffer *out)
{
    uint32_t counts[2] = { (uint32_t)features->gram_count, (uint32_t)features->pair_count };
    append(out, features->identity, sizeof features->identity);
    append(out, &features->rule_points, sizeof features->rule_points);
    append(out, &features->trace, sizeof features->trace);
    append_found(features, out);
    append_prints(features, out);
    append(out, &features->canon_version, sizeof features->canon_version);
    append(out, &features->check, sizeof features->check);
    append(out, counts, sizeof counts);
    append(out, features->grams, features->gram_count * sizeof *features->grams);
    append(out, features->pairs, features->pair_count * sizeof *features->pairs);
}

static bool take(struct span *bytes, void *into, size_t length)
{
    if (bytes->length < length)
        return false;
    memcpy(into, bytes->data, length);
    *bytes = span_from(*bytes, length);
    return true;
}

static bool are_names(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (!((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == ' '))
            return false;
    }
    return true;
}

static bool take_found(struct span *bytes, struct arena *arena, struct features *features)
{
    uint8_t found;
    uint16_t length;
    if (!take(bytes, &found, sizeof found) || found > DAYBOOK_VERDICTS || !take(bytes, &length, sizeof length) ||
        length > FEATURES_RULES_MOST || length > bytes->length || !are_names(span_head(*bytes, length)))
        return false;
    features->judged = found > 0;
    features->verdict = (enum daybook_verdict)(found ? found - 1 : 0);
    features->rules = arena_copy(arena, span_head(*bytes, length));
    *bytes = span_from(*bytes, length);
    return true;
}

static bool take_prints(struct span *bytes, struct features *features)
{
    uint8_t count;
    if (!take(bytes, &count, sizeof count) || count > TEXT_PRINTS ||
        !take(bytes, features->prints, count * sizeof *features->prints))
        return false;
    features->print_count = count;
    for (size_t i = 1; i < count; i++)
        if (features->prints[i] <= features->prints[i - 1])
            return false;
    return true;
}

/* Takes `count` numbers that must rise and stay below `bound`. */
static const uint32_t *take_rising(struct span *bytes, size_t count, uint64_t bound, struct arena *arena)
{
    if (count > FEATURES_MOST || bytes->length / sizeof(uint32_t) < count)
        return NULL;
    uint32_t *numbers = arena_new_array(arena, uint32_t, count);
    take(bytes, numbers, count * sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        if (numbers[i] >= bound || (i && numbers[i] <= numbers[i - 1]))
            return NULL;
    return numbers;
}

bool features_decode(struct span *bytes, struct arena *arena, struct features *features)
{
    uint32_t counts[2];
    *features = (struct features){ 0 };
    if (!take(bytes, features->identity, sizeof features->identity) ||
        !take(bytes, &features->rule_points, sizeof features->rule_points) ||
        !take(bytes, &features->trace, sizeof features->trace) || features->trace.host_count > HISTORY_HOSTS ||
        !take_found(bytes, arena, features) || !take_prints(bytes, features) ||
        !take(bytes, &features->canon_version, sizeof features->canon_version) ||
        !take(bytes, &features->check, sizeof features->check) || !take(bytes, counts, sizeof counts))
        return false;
    features->gram_count = counts[0];
    features->pair_count = counts[1];
    features->grams = take_rising(bytes, counts[0], STORE_WEIGHT_SLOTS, arena);
    features->pairs = features->grams ? take_rising(bytes, counts[1], UINT64_C(1) << 32, arena) : NULL;
    return features->pairs && features->check == checksum(features);
}
