/* target-features.c - features of a message: those it gives cross the pipe unchanged, and no other bytes pass for
 * any */
#include "config.h"

#include "fuzz.h"

#include "commands/sent-header.h"
#include "learn/features.h"
#include "util/limits.h"

#define ROOM ((size_t)4 * 1024 * 1024)

static bool rises(const uint32_t *numbers, size_t count, uint64_t bound)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] >= bound || (i && numbers[i] <= numbers[i - 1]))
            return false;
    return true;
}

static void check_features(const struct features *features)
{
    fuzz_require(rises(features->grams, features->gram_count, STORE_WEIGHT_SLOTS));
    fuzz_require(rises(features->pairs, features->pair_count, UINT64_C(1) << 32));
    fuzz_require(features->trace.host_count <= HISTORY_HOSTS);
}

static void check_round_trip(const struct features *features, struct arena *arena)
{
    struct buffer bytes = buffer_new(arena, ROOM), again = buffer_new(arena, ROOM);
    struct features read;
    features_encode(features, &bytes);
    struct span rest = buffer_span(&bytes);
    fuzz_require(features_decode(&rest, arena, &read) && rest.length == 0);
    features_encode(&read, &again);
    fuzz_require(span_equal(buffer_span(&again), buffer_span(&bytes)));
}

FUZZ_TARGET(features, "what learning takes from a message crosses the pipe")
{
    struct features features;
    struct sent_header header;
    struct span rest = input;
    if (features_decode(&rest, arena, &features))
        check_features(&features);
    rest = input;
    if (sent_header_read(&rest, &header) && !header.is_foreign)
        fuzz_require(header.message.to_count <= CORRESPONDENTS_OF_ONE_MESSAGE);
    features_extract(message_parse(input, arena), 7, NULL, arena, &features);
    check_features(&features);
    check_round_trip(&features, arena);
    struct buffer answer = buffer_new(arena, ROOM);
    sent_header_write(input, arena, &answer);
    rest = buffer_span(&answer);
    fuzz_require(sent_header_read(&rest, &header) && rest.length == 0);
}
