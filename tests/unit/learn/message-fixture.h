/* message-fixture.h - messages for the tests of src/learn, parsed in an arena that ends with the test */
#ifndef TAMIS_TESTS_LEARN_MESSAGE_FIXTURE_H
#define TAMIS_TESTS_LEARN_MESSAGE_FIXTURE_H

#include "learn/features.h"
#include "mail/message.h"
#include "util/limits.h"

static inline struct arena *fixture_arena(void)
{
    return arena_new(LIMIT_MESSAGE_ARENA);
}

static inline const struct message *fixture_message(const char *text, struct arena *arena)
{
    return message_parse(span_of(text), arena);
}

static inline struct features fixture_features(const char *text, struct arena *arena)
{
    struct features features;
    features_extract(fixture_message(text, arena), 7, NULL, arena, &features);
    return features;
}

#endif
