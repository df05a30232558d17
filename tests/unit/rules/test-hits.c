/* test-hits.c - hits cross the pipe out of a child, and no other bytes pass for any */
#include "unit.h"

#include "rules/evaluate.h"
#include "util/limits.h"

#define ONE "\x01\0" "\x64\0\0\0" "\0" "\x03\0" "ONE"

static const struct {
    const char *name, *bytes;
    size_t length;
    bool sound; /* and the count that is said */
    size_t count;
} answers[] = {
    { "none", "\0\0", 2, true, 0 },
    { "one", ONE, 12, true, 1 },
    { "nothing", "", 0, false, 0 },
    { "cut", ONE, 11, false, 0 },
    { "fewer than it says", "\x02\0" "\x64\0\0\0" "\0" "\x03\0" "ONE", 12, false, 0 },
    { "many, and nothing follows", "\xFF\xFF", 2, false, 0 },
    { "half a danger", "\x01\0" "\x64\0\0\0" "\x02" "\x03\0" "ONE", 12, false, 0 },
    { "no name", "\x01\0" "\x64\0\0\0" "\0" "\0\0", 9, false, 0 },
    { "a name that is none", "\x01\0" "\x64\0\0\0" "\0" "\x03\0" "o e", 12, false, 0 },
};

static void answers_are_not_trusted(void **state)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct wire_reader reader = wire_read(span_make(answers[i].bytes, answers[i].length));
        struct hits hits;
        hits_decode(&reader, arena, &hits);
        if (reader.sound != answers[i].sound || hits.count != answers[i].count)
            fail_msg("%s: sound %d, %zu hits", answers[i].name, reader.sound, hits.count);
        arena_free(arena);
    }
}

static void names_points_and_dangers_come_through(void **state)
{
    static const struct hit items[] = {
        { .name = "FIRST", .points = 250, .danger = true },
        { .name = "SECOND_2", .points = -100000 },
    };
    const struct hits hits = { items, 2, 0 };
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer bytes = buffer_new(arena, 1024);
    struct hits read;
    hits_encode(&hits, &bytes);
    struct wire_reader reader = wire_read(buffer_span(&bytes));
    hits_decode(&reader, arena, &read);
    assert_true(wire_is_whole(&reader));
    assert_int_equal(read.count, hits.count);
    for (size_t i = 0; i < hits.count; i++) {
        assert_string_equal(read.items[i].name, items[i].name);
        assert_int_equal(read.items[i].points, items[i].points);
        assert_int_equal(read.items[i].danger, items[i].danger);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_not_trusted),
        cmocka_unit_test(names_points_and_dangers_come_through),
    };
    return cmocka_run_group_tests_name("hits", tests, NULL, NULL);
}
