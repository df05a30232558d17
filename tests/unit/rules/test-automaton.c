/* test-automaton.c - the automaton finds what a plain search finds, everywhere and nothing else */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules/automaton.h"
#include "util/buffer.h"

struct tally {
    struct span text;
    const struct span *literals;
    size_t found;
};

/* As a caller does: the prefix was found, the rest is compared. */
static void count_found(void *context, uint32_t literal, size_t end)
{
    struct tally *tally = context;
    struct span wanted = tally->literals[literal];
    size_t start = end - automaton_prefix(wanted.length);
    assert_true(end <= tally->text.length);
    assert_memory_equal(tally->text.data + start, wanted.data, automaton_prefix(wanted.length));
    if (span_equal(span_head(span_from(tally->text, start), wanted.length), wanted))
        tally->found++;
}

static size_t plainly_found(const struct span *literals, size_t count, struct span text)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at + literals[i].length <= text.length; at++)
            found += memcmp(text.data + at, literals[i].data, literals[i].length) == 0;
    return found;
}

static void compare(const struct span *literals, size_t count, struct span text, struct arena *arena)
{
    struct automaton automaton;
    struct tally tally = { text, literals, 0 };
    assert_true(automaton_build(literals, count, arena, &automaton));
    automaton_scan(&automaton, text, count_found, &tally);
    assert_int_equal(tally.found, plainly_found(literals, count, text));
}

static void classic_example(void **state)
{
    static const char *const words[] = { "he", "she", "his", "hers", "h", "abcdefghij", "abcdefghkl", "bcdefghk" };
    struct span literals[8];
    struct arena *arena = arena_new(1 << 24);
    for (size_t i = 0; i < 8; i++)
        literals[i] = span_of(words[i]);
    compare(literals, 8, span_of("ushers and his hehe shhers abcdefghij abcdefghkl abcdefgh"), arena);
    compare(literals, 8, span_of(""), arena);
    compare(literals, 0, span_of("nothing is looked for"), arena);
    arena_free(arena);
}

static bool is_there(const struct span *literals, size_t count, struct span text)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(literals[i], text))
            return true;
    return false;
}

/* Few different letters, so that literals begin and end with one another. */
static struct span random_text(size_t length, unsigned letters, struct arena *arena)
{
    char *text = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(rand() % 20 == 0 ? rand() % 256 : 'a' + rand() % (int)letters);
    return span_make(text, length);
}

static void random_literals(void **state)
{
    srand(20021);
    for (unsigned round = 0; round < 60; round++) {
        struct arena *arena = arena_new(1 << 24);
        struct span literals[200];
        size_t count = 0;
        for (unsigned i = 0; i < 200; i++) {
            struct span text = random_text(1 + (size_t)rand() % 14, 1 + round % 4, arena);
            if (!is_there(literals, count, text))
                literals[count++] = text;
        }
        compare(literals, count, random_text(2000, 1 + round % 4, arena), arena);
        arena_free(arena);
    }
}

/* Nodes with many children, at many places. */
static void crowded_alphabet(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct span *literals = arena_new_array(arena, struct span, 10000);
    for (unsigned i = 0; i < 10000; i++) {
        char text[8];
        snprintf(text, sizeof text, "%c%c%c", (int)(1 + i % 200), (int)(1 + i / 200 % 50), (int)(1 + i % 97));
        literals[i] = arena_copy(arena, span_of(text));
    }
    compare(literals, 10000, random_text(300, 26, arena), arena);
    arena_free(arena);
}

static void too_much_is_refused(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    size_t count = AUTOMATON_MOST_BYTES / AUTOMATON_PREFIX + 1;
    struct span *literals = arena_new_array(arena, struct span, count);
    for (size_t i = 0; i < count; i++) {
        char text[16];
        snprintf(text, sizeof text, "%08zu", i);
        literals[i] = arena_copy(arena, span_of(text));
    }
    struct automaton automaton;
    assert_false(automaton_build(literals, count, arena, &automaton));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classic_example),
        cmocka_unit_test(random_literals),
        cmocka_unit_test(crowded_alphabet),
        cmocka_unit_test(too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
