/* test-stats-summary.c - what follows from figures: as corrected, what rules are worth, bars, order */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "commands/stats-summary.h"

#define NOW 1795348800 /* 22 November 2026, day 20779 */
#define TODAY 20779

static void start(struct stats *stats, enum stats_period period)
{
    stats_start(stats, period, NOW, arena_new((size_t)64 * 1024 * 1024));
}

static void periods_have_names_and_end_today(void **state)
{
    static const struct {
        const char *name;
        enum stats_period period;
        uint32_t first;
    } rows[] = {
        { "day", STATS_DAY, TODAY },
        { "week", STATS_WEEK, TODAY - 6 },
        { "month", STATS_MONTH, TODAY - 29 },
        { "year", STATS_YEAR, TODAY - 364 },
        { "decade", STATS_PERIODS, 0 },
        { "", STATS_PERIODS, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats stats;
        assert_int_equal(stats_period_named(rows[i].name), rows[i].period);
        if (rows[i].period == STATS_PERIODS)
            continue;
        assert_string_equal(stats_period_name(rows[i].period), rows[i].name);
        start(&stats, rows[i].period);
        assert_int_equal(stats.first, rows[i].first);
        assert_int_equal(stats.last, TODAY);
        arena_free(stats.arena);
    }
}

static void ham_and_spam_are_as_corrected(void **state)
{
    static const struct {
        const char *name;
        struct daybook_counts counts;
        uint64_t ham, spam;
    } rows[] = {
        { "nothing", { .messages = { 0 } }, 0, 0 },
        { "unsure is ham, infected and unchecked are neither", { .messages = { 5, 2, 3, 7, 9 } }, 7, 3 },
        { "missed", { .messages = { 5, 2, 3 }, .corrected = { [DAYBOOK_HAM_WAS_SPAM] = 1 } }, 6, 4 },
        { "unsure that was spam", { .messages = { 5, 2, 3 }, .corrected = { [DAYBOOK_UNSURE_WAS_SPAM] = 2 } }, 5, 5 },
        { "unsure that was ham", { .messages = { 5, 2, 3 }, .corrected = { [DAYBOOK_UNSURE_WAS_HAM] = 1 } }, 7, 3 },
        { "lost", { .messages = { 5, 2, 3 }, .corrected = { [DAYBOOK_SPAM_WAS_HAM] = 1 } }, 8, 2 },
        { "taken back",
          { .messages = { 5, 2, 3 }, .corrected = { 1, 1, 1, 2 }, .taken_back = { 1, 1, 1, 1 } }, 8, 2 },
        { "of messages that were not counted", { .messages = { 0, 0, 1 }, .corrected = { 2, 0, 0, 9 } }, 7, 0 },
        { "taken back in another time", { .messages = { 5, 2, 3 }, .taken_back = { 4, 4, 4, 4 } }, 7, 3 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t ham = stats_true_ham(&rows[i].counts), spam = stats_true_spam(&rows[i].counts);
        if (ham != rows[i].ham || spam != rows[i].spam)
            fail_msg("%s: %d ham, %d spam", rows[i].name, (int)ham, (int)spam);
    }
}

static void rules_are_worth_what_they_hit(void **state)
{
    static const struct {
        const char *name;
        struct stats_rule rule;
        uint64_t messages; /* of the period */
        enum stats_worth want;
    } rows[] = {
        { "spam alone", { .counted = { .points = 100, .spam = 5 } }, 200, STATS_USEFUL },
        { "both", { .counted = { .points = 100, .spam = 1, .ham = 4 } }, 200, STATS_USEFUL },
        { "ham alone", { .counted = { .points = 100, .ham = 3, .unsure = 2 } }, 200, STATS_ONLY_HAM },
        { "ham alone, once corrected", { .counted = { .points = 100, .ham = 3, .spam = 2, .called_ham = 2 } }, 200,
          STATS_ONLY_HAM },
        { "spam, once corrected", { .counted = { .points = 100, .ham = 5, .called_spam = 5 } }, 200, STATS_USEFUL },
        { "ham alone, for which it speaks", { .counted = { .points = -100, .ham = 5 } }, 200, STATS_USEFUL },
        { "spam alone, though for ham", { .counted = { .points = -100, .spam = 5 } }, 200, STATS_ONLY_SPAM },
        { "without points", { .counted = { .points = 0, .ham = 5 } }, 200, STATS_USEFUL },
        { "seldom", { .counted = { .points = 100, .ham = 4 } }, 200, STATS_TOO_FEW },
        { "never", { .counted = { .points = 100 }, .is_known = true }, 200, STATS_NEVER },
        { "never, of few", { .counted = { .points = 100 }, .is_known = true }, 199, STATS_TOO_FEW },
        { "never, and worth nothing", { .counted = { .points = 0 }, .is_known = true }, 200, STATS_TOO_FEW },
        { "never, and gone", { .counted = { .points = 100 } }, 200, STATS_TOO_FEW },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats stats = { .sum.messages[DAYBOOK_HAM] = rows[i].messages };
        enum stats_worth got = stats_worth_of(&stats, &rows[i].rule);
        if (got != rows[i].want)
            fail_msg("%s: got %d", rows[i].name, (int)got);
    }
}

/* Steps: 1, 2, 5, 10 ms and so on; what took longer than all of them has none. */
static void milliseconds_are_enough_for_a_share(void **state)
{
    static const struct {
        uint64_t took[DAYBOOK_STEPS];
        unsigned percent, want;
    } rows[] = {
        { { 0 }, 50, 0 },
        { { [2] = 1 }, 50, 5 },
        { { [0] = 5, [1] = 5 }, 50, 1 },
        { { [0] = 4, [1] = 6 }, 50, 2 },
        { { [0] = 95, [3] = 5 }, 95, 1 },
        { { [0] = 94, [3] = 6 }, 95, 10 },
        { { [0] = 1, [1] = 0, [2] = 2 }, 50, 5 },
        { { [0] = 1, [DAYBOOK_STEPS - 1] = 9 }, 50, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct daybook_counts counts = { .microseconds = 1 };
        for (size_t step = 0; step < DAYBOOK_STEPS; step++) {
            counts.took[step] = rows[i].took[step];
            counts.messages[DAYBOOK_HAM] += rows[i].took[step];
        }
        assert_int_equal(stats_enough_milliseconds(&counts, rows[i].percent), rows[i].want);
    }
}

static void bars_are_days_or_months(void **state)
{
    static const struct {
        enum stats_period period;
        size_t count;
        uint32_t second;     /* day the second bar begins on */
        uint64_t last, most; /* messages, one a day */
    } rows[] = {
        { STATS_DAY, 1, 0, 1, 0 },
        { STATS_WEEK, 7, TODAY - 5, 1, 1 },
        { STATS_MONTH, 30, TODAY - 28, 1, 1 },
        { STATS_YEAR, 13, 20423, 22, 31 }, /* from 23 November 2025: 1 December; to 22 November */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats stats;
        struct stats_bar bars[STATS_BARS_MOST];
        start(&stats, rows[i].period);
        for (uint32_t day = 0; day <= stats.last - stats.first; day++)
            stats.days[day].messages[DAYBOOK_SPAM] = 1;
        size_t count = stats_bars(&stats, bars);
        assert_int_equal(count, rows[i].count);
        assert_int_equal(bars[0].first, stats.first);
        assert_int_equal(bars[count - 1].last, stats.last);
        assert_int_equal(stats_messages(&bars[count - 1].counts), rows[i].last);
        assert_int_equal(stats_highest(bars, count), rows[i].most);
        if (count > 1)
            assert_int_equal(bars[1].first, rows[i].second);
        arena_free(stats.arena);
    }
}

static void what_has_most_spam_comes_first(void **state)
{
    static const struct daybook_rule rules[] = {
        { .name = "LITTLE", .spam = 1 },
        { .name = "MUCH_B", .spam = 9 },
        { .name = "CORRECTED", .spam = 20, .called_ham = 20 },
        { .name = "MUCH_A", .spam = 9 },
        { .name = "MUCH_HAM", .spam = 9, .ham = 1 },
    };
    static const char *const want[] = { "MUCH_HAM", "MUCH_A", "MUCH_B", "LITTLE", "CORRECTED" };
    struct network_address addresses[2] = { { .bytes = { [15] = 1 } }, { .bytes = { [15] = 2 } } };
    struct stats stats;
    start(&stats, STATS_DAY);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        stats_rule_named(&stats, rules[i].name)->counted = rules[i];
    for (size_t i = 0; i < 2; i++)
        stats_relay_of(&stats, &addresses[i])->counted.spam = i;
    assert_ptr_equal(stats_rule_named(&stats, "MUCH_B"), &stats.rules[1]);
    stats_sort(&stats);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(stats.rules[i].counted.name, want[i]);
    assert_int_equal(stats.relays[0].counted.address.bytes[15], 2);
    arena_free(stats.arena);
}

/* Lists of many users end: what finds no room is left out, what is there is still found. */
static void lists_are_bounded(void **state)
{
    struct stats stats;
    start(&stats, STATS_DAY);
    size_t taken = 0;
    for (size_t i = 0; i < 70000; i++) {
        struct network_address address = { .bytes = { [13] = (unsigned char)(i >> 16), [14] = (unsigned char)(i >> 8),
                                                      [15] = (unsigned char)i } };
        taken += stats_relay_of(&stats, &address) != NULL;
    }
    assert_int_equal(taken, 65536);
    assert_int_equal(stats.relay_count, 65536);
    assert_ptr_equal(stats_relay_of(&stats, &(struct network_address){ .bytes = { 0 } }), &stats.relays[0]);
    assert_null(stats_rule_named(&stats, ""));
    arena_free(stats.arena);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_have_names_and_end_today),
        cmocka_unit_test(ham_and_spam_are_as_corrected),
        cmocka_unit_test(rules_are_worth_what_they_hit),
        cmocka_unit_test(milliseconds_are_enough_for_a_share),
        cmocka_unit_test(bars_are_days_or_months),
        cmocka_unit_test(what_has_most_spam_comes_first),
        cmocka_unit_test(lists_are_bounded),
    };
    return cmocka_run_group_tests_name("figures of tamis stats", tests, NULL, NULL);
}
