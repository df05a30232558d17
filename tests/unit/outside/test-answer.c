/* test-answer.c - what others said survives the pipe, and nothing else gets through it */
#include "unit.h"

#include <stdlib.h>

#include "outside/answer.h"
#include "util/utf8.h"

static const struct {
    const char *name, *description, *detail;
    int points;
    const char *want_name, *want_detail;
    int want_points;
} added[] = {
    { "DNS_ZEN", "a list", "203.0.113.7 is listed", 300, "DNS_ZEN", "203.0.113.7 is listed", 300 },
    { "check-razor.2", "a check", "", -100, "CHECK_RAZOR_2", "", -100 },
    { "A", "", "two\nlines\x1b[2J", 1, "A", "two lines [2J", 1 },
    { "A", "", "caf\xE9!", 1, "A", "caf?!", 1 },
    { "A", "", "C1 \xC2\x9B" "2J", 1, "A", "C1  2J", 1 },
    { "A", "", "x", 2000000000, "A", "x", OUTSIDE_POINTS_MOST },
    { "A", "", "x", -2000000000, "A", "x", -OUTSIDE_POINTS_MOST },
};

static struct outside_answer *answer_in(struct arena *arena)
{
    struct outside_answer *answer = arena_new_object(arena, struct outside_answer);
    answer->arena = arena;
    return answer;
}

static struct span encoded(const struct outside_answer *answer, struct arena *arena)
{
    struct buffer bytes = buffer_new(arena, 1 << 17);
    outside_answer_encode(answer, &bytes);
    return buffer_span(&bytes);
}

static void what_is_added_is_plain_and_comes_through(void **state)
{
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct outside_answer *answer = answer_in(arena), *got = answer_in(arena);
        outside_answer_add(answer, added[i].name, added[i].description, span_of(added[i].detail), added[i].points,
                           i == 0);
        answer->infected = i == 1;
        assert_true(outside_answer_decode(encoded(answer, arena), got));
        assert_int_equal(got->count, 1);
        assert_string_equal(got->items[0].name, added[i].want_name);
        assert_string_equal(got->items[0].description, added[i].description);
        assert_span_is(got->items[0].detail, added[i].want_detail);
        assert_int_equal(got->items[0].points, added[i].want_points);
        assert_int_equal(got->items[0].danger, i == 0);
        assert_int_equal(got->infected, i == 1);
        arena_free(arena);
    }
}

static void long_texts_are_cut_between_characters(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct outside_answer *answer = answer_in(arena), *got = answer_in(arena);
    struct buffer text = buffer_new(arena, 2000);
    for (int i = 0; i < 500; i++)
        buffer_append_string(&text, "\xC3\xA9");
    buffer_append_byte(&text, '\0');
    outside_answer_add(answer, "A", text.data, buffer_span(&text), 1, false);
    assert_true(outside_answer_decode(encoded(answer, arena), got));
    assert_true(got->items[0].detail.length <= OUTSIDE_TEXT_MOST);
    assert_true(utf8_is_valid(got->items[0].detail));
    arena_free(arena);
}

static void answers_add_up_to_the_limit(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct outside_answer *answer = answer_in(arena), *got = answer_in(arena);
    for (int i = 0; i < OUTSIDE_HITS_MOST + 5; i++)
        outside_answer_add(answer, "A", "d", SPAN_EMPTY, 1, false);
    assert_int_equal(answer->count, OUTSIDE_HITS_MOST);
    struct span bytes = encoded(answer, arena);
    assert_true(outside_answer_decode(bytes, got));
    assert_false(outside_answer_decode(bytes, got)); /* no room for as many again */
    assert_int_equal(got->count, OUTSIDE_HITS_MOST);
    arena_free(arena);
}

/* Every truncation, extension and changed byte: refused, or an answer that holds what it promises. */
static void damaged_bytes_are_refused_or_harmless(void **state)
{
    struct arena *arena = arena_new(1 << 24);
    struct outside_answer *answer = answer_in(arena);
    outside_answer_add(answer, "DNS_ZEN", "a list in the DNS", span_of("203.0.113.7 is listed"), 300, true);
    outside_answer_add(answer, "CHECK_X", "caf\xC3\xA9", span_of("said so"), -50, false);
    struct span whole = encoded(answer, arena);
    for (size_t length = 0; length < whole.length; length++) {
        char *copy = malloc(length ? length : 1);
        memcpy(copy, whole.data, length);
        struct outside_answer *got = answer_in(arena);
        assert_false(outside_answer_decode(span_make(copy, length), got));
        assert_int_equal(got->count, 0);
        free(copy);
    }
    for (size_t i = 0; i < whole.length * 8; i++) {
        struct span copy = arena_copy(arena, whole);
        ((char *)copy.data)[i / 8] ^= (char)(1 << (i % 8));
        struct outside_answer *got = answer_in(arena);
        if (!outside_answer_decode(copy, got))
            continue;
        for (size_t hit = 0; hit < got->count; hit++) {
            assert_true(utf8_is_valid(got->items[hit].detail));
            assert_true(abs(got->items[hit].points) <= OUTSIDE_POINTS_MOST);
            assert_true(strlen(got->items[hit].name) > 0);
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_is_plain_and_comes_through),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(answers_add_up_to_the_limit),
        cmocka_unit_test(damaged_bytes_are_refused_or_harmless),
    };
    return cmocka_run_group_tests_name("answers from outside", tests, NULL, NULL);
}
