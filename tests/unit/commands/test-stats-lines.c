/* test-stats-lines.c - figures of users as lines: read with distrust, added up */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "commands/stats-lines.h"

#define NOW 1795348800 /* 22 November 2026, day 20779 */
#define HEAD "tamis-stats 1 20779 20779\n"
#define ZEROS " 0 0 0 0 0 0 0 0 0 0"
#define COUNTS(first) " " first " 2" ZEROS ZEROS ZEROS " 7\n"
#define RECORD(began, last, first) "times " began " " last "\nall" COUNTS(first) "day 20779" COUNTS(first)
#define RULE "rule NO_DATE 150 1 2 3 4 5\n"
#define RELAY "relay 192.0.2.1 1 2 20779\n"

static const struct {
    const char *name, *users[2]; /* what the process of each wrote */
    size_t want_users;
    const char *want; /* what the sum writes, behind its head */
} rows[] = {
    { "one user", { HEAD RECORD("100", "200", "1") RULE RELAY "junk 3 4000\nlearned 5 6 70 80\n" }, 1,
      RECORD("100", "200", "1") RULE RELAY "junk 3 4000\nlearned 5 6 70 80\n" },
    { "who has nothing", { HEAD }, 1, "" },
    { "two, added up",
      { HEAD "times 100 200\n" RULE RELAY "junk 3 4000\nlearned 5 6 70 80\n",
        HEAD "times 90 150\nrule NO_DATE 150 1 0 0 0 0\nrelay 192.0.2.1 1 1 20700\njunk 1 1\nlearned 1 1 90 1\n" },
      2,
      "times 90 200\nall" ZEROS ZEROS ZEROS " 0 0 0\nday 20779" ZEROS ZEROS ZEROS " 0 0 0\n"
      "rule NO_DATE 150 2 2 3 4 5\nrelay 192.0.2.1 2 3 20779\njunk 4 4001\nlearned 6 7 90 80\n" },
    { "who says it twice", { HEAD HEAD "junk 1 1\n" HEAD }, 1, "junk 1 1\n" },
    { "nothing at all", { "" }, 0, "" },
    { "no head", { "junk 1 1\n" HEAD }, 0, "" },
    { "a later form", { "tamis-stats 2 20779 20779\njunk 1 1\n" }, 0, "" },
    { "unknown lines", { HEAD "fish 3\n\n \njunk 1 1\n" }, 1, "junk 1 1\n" },
    { "no newline at the end", { HEAD "junk 1 1" }, 1, "junk 1 1\n" },
    { "a word for a number", { HEAD "junk many 1\n" }, 1, "" },
    { "less than nothing", { HEAD "junk -1 1\n" }, 1, "" },
    { "more than anybody has", { HEAD "junk 1 10000000000001\n" }, 1, "" },
    { "more than a number holds", { HEAD "junk 1 99999999999999999999999\n" }, 1, "" },
    { "too few", { HEAD "junk 1\n" RULE "rule X 1 2 3\nday 20779 1\n" }, 1, RULE },
    { "too many", { HEAD "junk 1 1 1\nlearned 1 1 1 1 1\n" RELAY }, 1, RELAY },
    { "points that none can have", { HEAD "rule NO_DATE 99999999999 1 2 3 4 5\n" }, 1, "" },
    { "points for ham", { HEAD "rule NO_DATE -150 1 2 3 4 5\n" }, 1, "rule NO_DATE -150 1 2 3 4 5\n" },
    { "names that no rule has", { HEAD "rule <b> 1 1 2 3 4 5\nrule no_date 1 1 2 3 4 5\nrule  1 1 2 3 4 5\n" }, 1, "" },
    { "a longer name than any", { HEAD "rule A2345678901234567890123456789012345678901234567 1 1 2 3 4 5\n"
                                       "rule A23456789012345678901234567890123456789012345678 1 1 2 3 4 5\n" }, 1,
      "rule A2345678901234567890123456789012345678901234567 1 1 2 3 4 5\n" },
    { "no address", { HEAD "relay example.org 1 2 20779\n" }, 1, "" },
    { "tomorrow", { HEAD "relay 192.0.2.1 1 2 20780\nday 20780" COUNTS("1") }, 1, "" },
    { "yesterday", { HEAD "day 20778" COUNTS("1") }, 1, "" },
};

static void start(struct stats *stats)
{
    stats_start(stats, STATS_DAY, NOW, arena_new((size_t)64 * 1024 * 1024));
}

static char *text_of(const struct stats *stats)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    stats_lines_write(stats, out);
    fclose(out);
    return text;
}

static void users_are_read_with_distrust_and_added_up(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stats stats;
        start(&stats);
        for (size_t user = 0; user < 2 && rows[i].users[user]; user++)
            stats_lines_add(&stats, span_of(rows[i].users[user]));
        char *got = text_of(&stats);
        if (stats.users != rows[i].want_users || strncmp(got, HEAD, strlen(HEAD)) != 0 ||
            strcmp(got + strlen(HEAD), rows[i].want) != 0)
            fail_msg("%s: %zu users, %s", rows[i].name, stats.users, got);
        free(got);
        arena_free(stats.arena);
    }
}

static void a_line_with_a_nul_byte_is_passed_over(void **state)
{
    static const char output[] = HEAD "junk 1 1\0\njunk 2 2\n";
    struct stats stats;
    start(&stats);
    stats_lines_add(&stats, span_make(output, sizeof output - 1));
    assert_int_equal(stats.junk_messages, 2);
    arena_free(stats.arena);
}

/* Who says five times that he met something is one of those who met it. */
static void what_too_few_users_met_is_hidden(void **state)
{
    static const char once[] = HEAD RULE "relay 192.0.2.1 0 1 20779\n";
    static const char many_times[] = HEAD RULE RULE RULE RULE RULE HEAD RULE HEAD RULE "relay 192.0.2.2 0 9 20779\n"
                                          "relay 192.0.2.2 0 9 20779\n" HEAD "relay 192.0.2.2 0 9 20779\n"
                                          "relay 192.0.2.2 0 9 20779\nrelay 192.0.2.2 0 9 20779\n";
    for (size_t users = 1; users <= STATS_FEWEST_USERS; users++) {
        struct stats stats;
        start(&stats);
        stats_lines_add(&stats, span_of(many_times));
        for (size_t i = 1; i < users; i++)
            stats_lines_add(&stats, span_of(once));
        stats_hide_few(&stats);
        assert_int_equal(stats.users, users);
        assert_int_equal(stats.rule_count, users == STATS_FEWEST_USERS);
        assert_int_equal(stats.relay_count, 0);
        assert_int_equal(stats.hidden_relays, users == 1 ? 1 : 2);
        arena_free(stats.arena);
    }
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_are_read_with_distrust_and_added_up),
        cmocka_unit_test(a_line_with_a_nul_byte_is_passed_over),
        cmocka_unit_test(what_too_few_users_met_is_hidden),
    };
    return cmocka_run_group_tests_name("figures of users", tests, NULL, NULL);
}
