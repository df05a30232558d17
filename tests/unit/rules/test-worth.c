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
        assert_true(worth_add_message(sheet, true, spam, i % 2 ? 3 : 2));
        assert_true(worth_add_message(sheet, false, ham + (i % 2 ? 0 : 1), i % 2 ? 2 : 1));
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
        if (worths[i].ham != want[i].ham || worths[i].spam != want[i].spam || worths[i].spam_lost != want[i].spam_lost ||
            worths[i].companion != want[i].companion || worths[i].remark != want[i].remark)
            fail_msg("%s: got ham %zu spam %zu lost %zu companion %zu remark %d", worths[i].name, worths[i].ham, worths[i].spam,
                     worths[i].spam_lost, worths[i].companion, (int)worths[i].remark);
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
    struct worth_sheet *sheet = sheet_of(100);
    struct worth_result now = worth_now(sheet, 500), crossed;
    assert_int_equal(now.spam_caught, 0);
    int points[RULES];
    assert_true(worth_propose(sheet, 500, points, &crossed));
    assert_int_equal(crossed.ham, 200);
    assert_int_equal(crossed.spam, 200);
    assert_int_equal(crossed.ham_lost, 0);
    assert_int_equal(crossed.spam_caught, 200);
    assert_true(points[GOOD] > 100 && points[TWIN] > 100);
    assert_true(points[TRAP] >= 0 && points[HONEST] <= 0);
    assert_int_equal(points[NEVER], 300); /* nothing is known of it: what people gave stays */
    worth_free(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_remarked_on),
        cmocka_unit_test(a_twin_that_decides_nothing_is_redundant),
        cmocka_unit_test(proposal_improves_and_keeps_signs),
    };
    return cmocka_run_group_tests_name("worth", tests, NULL, NULL);
}
