/* test-worth.c - what a rule is worth: counts, companions, what hinges on it, and a proposal that keeps its promises */
#include "unit.h"

#include "rules/worth.h"

enum { GOOD, TWIN, TRAP, NEVER, HONEST, RULES };

/* GOOD hits spam, TWIN always beside it, TRAP hits ham as often as spam, NEVER nothing, HONEST (minus) ham. */
static struct worth_sheet *sheet_of(int good_points)
{
    struct worth_sheet *sheet = worth_new();
    worth_add_rule(sheet, "GOOD", good_points);
    worth_add_rule(sheet, "TWIN", 100);
    worth_add_rule(sheet, "TRAP", 200);
    worth_add_rule(sheet, "NEVER", 300);
    worth_add_rule(sheet, "HONEST", -100);
    for (size_t i = 0; i < 200; i++) {
        size_t spam[3] = { GOOD, TWIN, TRAP }, ham[2] = { TRAP, HONEST };
        assert_true(worth_add_message(sheet, true, false, spam, i % 2 ? 3 : 2));
        assert_true(worth_add_message(sheet, false, false, ham + (i % 2 ? 0 : 1), i % 2 ? 2 : 1));
    }
    return sheet;
}

static void each_rule_is_remarked_on(void **state)
{
    struct worth_sheet *sheet = sheet_of(400);
    struct worth worths[RULES];
    worth_of_rules(sheet, 500, worths);
    static const struct {
        size_t ham, spam, spam_lost, companion;
        enum worth_remark remark;
    } want[RULES] = {
        [GOOD] = { 0, 200, 200, TWIN, WORTH_GOOD },
        [TWIN] = { 0, 200, 100, GOOD, WORTH_GOOD },
        [TRAP] = { 100, 100, 0, GOOD, WORTH_DANGEROUS },
        [NEVER] = { 0, 0, 0, SIZE_MAX, WORTH_NEVER },
        [HONEST] = { 200, 0, 0, TRAP, WORTH_GOOD },
    };
    for (size_t i = 0; i < RULES; i++) {
        if (worths[i].ham != want[i].ham || worths[i].spam != want[i].spam ||
            worths[i].spam_lost != want[i].spam_lost ||
            worths[i].companion != want[i].companion || worths[i].remark != want[i].remark)
            fail_msg("%s: got ham %zu spam %zu lost %zu companion %zu remark %d", worths[i].name, worths[i].ham,
                     worths[i].spam, worths[i].spam_lost, worths[i].companion, (int)worths[i].remark);
    }
    worth_free(&sheet);
}

static void a_twin_that_decides_nothing_is_redundant(void **state)
{
    struct worth_sheet *sheet = sheet_of(900);
    struct worth worths[RULES];
    worth_of_rules(sheet, 500, worths);
    assert_int_equal(worths[TWIN].remark, WORTH_REDUNDANT);
    assert_int_equal(worth_find_rule(sheet, "HONEST"), HONEST);
    assert_int_equal(worth_find_rule(sheet, "ELSE"), SIZE_MAX);
    worth_free(&sheet);
}

static void proposal_improves_and_keeps_signs(void **state)
{
    struct worth_sheet *sheet = sheet_of(350);
    struct worth_result now = worth_judge(sheet, 500, NULL, false, WORTH_ALL_PLACES), crossed;
    assert_int_equal(now.spam_caught, 100); /* where TRAP helps */
    int points[RULES];
    assert_true(worth_propose(sheet, 500, points, &crossed));
    assert_int_equal(crossed.ham, 200);
    assert_int_equal(crossed.spam, 200);
    assert_int_equal(crossed.ham_lost, 0);
    assert_int_equal(crossed.spam_caught, 200);
    assert_true(points[GOOD] > 350 && points[TWIN] >= 100);
    assert_true(points[TRAP] >= 0 && points[TRAP] <= 200 && points[HONEST] <= 0);
    assert_int_equal(points[NEVER], 300); /* nothing is known of it: what people gave stays */
    worth_free(&sheet);
}

/* A rule alone on all spam and no ham asks for as many points as it may have. */
static void no_rule_leaves_its_class(void **state)
{
    static const struct {
        const char *name;
        int points, least, most;
        size_t hits;
    } rows[] = {
        { "a trace", 5, 10, 10, 200 },
        { "a hint", 30, 50, 50, 200 },
        { "the uppermost hint", 50, 50, 50, 200 },
        { "a sign", 60, 150, 150, 200 },
        { "a trick", 160, 300, 300, 200 },
        { "a danger", 400, 401, 1000, 200 },
        { "for ham, which it never hits", -60, -55, -50, 200 },
        { "hardly ever", 200, 200, 200, WORTH_HITS_LEAST - 1 },
        { "off", 0, 0, 0, 200 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct worth_sheet *sheet = worth_new();
        size_t rule = worth_add_rule(sheet, "RULE", rows[i].points);
        for (size_t j = 0; j < 400; j++)
            assert_true(worth_add_message(sheet, j % 2, false, &rule, j % 2 && j / 2 < rows[i].hits));
        int points;
        struct worth_result crossed;
        assert_true(worth_propose(sheet, 500, &points, &crossed));
        if (points < rows[i].least || points > rows[i].most)
            fail_msg("%s: %d, want %d to %d", rows[i].name, points, rows[i].least, rows[i].most);
        worth_free(&sheet);
    }
}

/* Two places with 100 ham and 100 spam each; the rule hits all spam of both, and so much ham of the second. */
static void a_rule_that_fails_in_one_place_is_not_raised(void **state)
{
    static const struct {
        size_t ham;
        bool raised;
    } rows[] = { { 0, true }, { 60, false } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct worth_sheet *sheet = worth_new();
        size_t rule = worth_add_rule(sheet, "RULE", 100);
        for (size_t place = 0; place < 2; place++) {
            worth_start_place(sheet);
            for (size_t j = 0; j < 200; j++)
                assert_true(worth_add_message(sheet, j % 2, false, &rule, j % 2 || (place && j / 2 < rows[i].ham)));
        }
        int points;
        struct worth_result crossed;
        assert_true(worth_propose(sheet, 500, &points, &crossed));
        assert_int_equal(points > 100, rows[i].raised);
        worth_free(&sheet);
    }
}

static void what_is_held_out_is_judged_and_nothing_else(void **state)
{
    struct worth_sheet *sheet = worth_new();
    size_t rule = worth_add_rule(sheet, "RULE", 500);
    for (size_t place = 0; place < 2; place++) {
        worth_start_place(sheet);
        for (size_t j = 0; j < 50; j++)
            assert_true(worth_add_message(sheet, true, j >= 30, &rule, j >= 30));
        assert_true(worth_add_message(sheet, false, true, &rule, place));
    }
    struct worth worth;
    worth_of_rules(sheet, 500, &worth);
    assert_int_equal(worth.spam + worth.ham, 0);
    struct worth_result tuned = worth_judge(sheet, 500, NULL, false, WORTH_ALL_PLACES);
    struct worth_result first = worth_judge(sheet, 500, NULL, true, 0), second = worth_judge(sheet, 500, NULL, true, 1);
    assert_int_equal(tuned.spam, 60);
    assert_int_equal(tuned.spam_caught + tuned.ham, 0);
    assert_true(first.spam == 20 && first.spam_caught == 20 && first.ham == 1 && first.ham_lost == 0);
    assert_true(second.spam == 20 && second.ham == 1 && second.ham_lost == 1);
    int points = 400;
    assert_int_equal(worth_judge(sheet, 500, &points, true, 0).spam_caught, 0);
    struct worth_result crossed;
    assert_true(worth_propose(sheet, 500, &points, &crossed));
    assert_int_equal(points, 500); /* all it hits is held out */
    assert_int_equal(crossed.spam, 60);
    worth_free(&sheet);
}

/* A wave of spam that a rule of its own knows, all within one fold: no other fold shows what that rule is worth. */
static void a_wave_does_not_judge_itself(void **state)
{
    struct worth_sheet *sheet = worth_new();
    size_t rule = worth_add_rule(sheet, "WAVE", 301);
    for (size_t i = 0; i < 1000; i++)
        assert_true(worth_add_message(sheet, i % 2, false, &rule, i % 2 && i < 200));
    int points;
    struct worth_result crossed;
    assert_true(worth_propose(sheet, 500, &points, &crossed));
    assert_true(points >= 500);
    assert_int_equal(crossed.spam_caught, 0);
    worth_free(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_remarked_on),
        cmocka_unit_test(a_twin_that_decides_nothing_is_redundant),
        cmocka_unit_test(proposal_improves_and_keeps_signs),
        cmocka_unit_test(no_rule_leaves_its_class),
        cmocka_unit_test(a_rule_that_fails_in_one_place_is_not_raised),
        cmocka_unit_test(what_is_held_out_is_judged_and_nothing_else),
        cmocka_unit_test(a_wave_does_not_judge_itself),
    };
    return cmocka_run_group_tests_name("worth", tests, NULL, NULL);
}
