/* test-stats-figures.c - what one sentence says of how long messages took */
#include "unit.h"

#include "commands/stats-report.h"

static void cost_is_told_in_steps_below_the_slowest(void **state)
{
    static const struct {
        const char *name;
        struct daybook_counts counts;
        const char *want;
    } rows[] = {
        { "no message", { .slowest = 0 }, "the slowest 0.0 ms; 0.0 ms on average" },
        { "far below the slowest",
          { .messages = { 4 }, .took = { 0, 0, 2, 1, 0, 1 }, .microseconds = 50800, .slowest = 31240 },
          "half of the messages took at most 5 ms, the slowest 31.2 ms; 12.7 ms on average" },
        { "half and nearly all",
          { .messages = { 20 }, .took = { 0, 0, 12, 7, 1 }, .microseconds = 100000, .slowest = 19960 },
          "half of the messages took at most 5 ms, 95 % at most 10 ms, the slowest 20.0 ms; 5.0 ms on average" },
        { "a step that no message reached",
          { .messages = { 2 }, .took = { 0, 0, 2 }, .microseconds = 8000, .slowest = 4200 },
          "the slowest 4.2 ms; 4.0 ms on average" },
        { "a hair over the step, and shown as the step",
          { .messages = { 2 }, .took = { 0, 0, 1, 1 }, .microseconds = 9000, .slowest = 5049 },
          "the slowest 5.0 ms; 4.5 ms on average" },
        { "a tenth over the step",
          { .messages = { 2 }, .took = { 0, 0, 1, 1 }, .microseconds = 9000, .slowest = 5050 },
          "half of the messages took at most 5 ms, the slowest 5.1 ms; 4.5 ms on average" },
        { "slower than the last step",
          { .messages = { 1 }, .took = { [DAYBOOK_STEPS - 1] = 1 }, .microseconds = 9000000, .slowest = 9000000 },
          "the slowest 9000.0 ms; 9000.0 ms on average" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new((size_t)1024 * 1024);
        struct buffer out = buffer_new(arena, 4096);
        stats_cost_sentence(&rows[i].counts, &out);
        struct span got = buffer_span(&out);
        if (!span_is(got, rows[i].want))
            fail_msg("%s: %.*s, want %s", rows[i].name, (int)got.length, got.data, rows[i].want);
        arena_free(arena);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cost_is_told_in_steps_below_the_slowest),
    };
    return cmocka_run_group_tests_name("figures in words", tests, NULL, NULL);
}
