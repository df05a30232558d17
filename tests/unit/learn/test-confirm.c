/* test-confirm.c - what it says that a message was left alone, row by row */
#include "unit.h"

#include "learn/confirm.h"

#define HAM .verdict = CONFIRM_JUDGED_HAM, .place = CONFIRM_IN_ORDINARY
#define SPAM .verdict = CONFIRM_JUDGED_SPAM, .place = CONFIRM_IN_JUNK

static void the_policy_holds(void **state)
{
    static const struct confirm_settings on = { true, 3, 7 };
    static const struct {
        const char *name;
        struct confirm_facts facts;
        enum confirmation want;
    } rows[] = {
        { "ham, read, old enough", { HAM, .seen = true, .days = 3 }, CONFIRM_HAM },
        { "ham, read, a day too young", { HAM, .seen = true, .days = 2 }, CONFIRM_NOT_YET },
        { "ham, not read", { HAM, .days = 10 }, CONFIRM_NOT_YET },
        { "ham, filed unread", { HAM, .used = true, .days = 3 }, CONFIRM_HAM },
        { "ham, Junk opened tells nothing", { HAM, .junk_opened = true, .days = 10 }, CONFIRM_NOT_YET },
        { "ham, last day of use", { HAM, .seen = true, .days = 33 }, CONFIRM_HAM },
        { "ham, too old", { HAM, .seen = true, .days = 34 }, CONFIRM_NEVER },
        { "ham, not read and too old", { HAM, .days = 34 }, CONFIRM_NEVER },
        { "a clock that went back", { HAM, .seen = true, .days = -5 }, CONFIRM_NOT_YET },
        { "spam, Junk opened, old enough", { SPAM, .junk_opened = true, .days = 7 }, CONFIRM_SPAM },
        { "spam, a day too young", { SPAM, .junk_opened = true, .days = 6 }, CONFIRM_NOT_YET },
        { "spam, nobody looked", { SPAM, .seen = true, .used = true, .days = 9 }, CONFIRM_NOT_YET },
        { "spam, too old", { SPAM, .junk_opened = true, .days = 38 }, CONFIRM_NEVER },
        { "ham in Junk", { .verdict = CONFIRM_JUDGED_HAM, .place = CONFIRM_IN_JUNK, .seen = true, .junk_opened = true,
                           .days = 9 }, CONFIRM_NEVER },
        { "spam in the inbox", { .verdict = CONFIRM_JUDGED_SPAM, .place = CONFIRM_IN_ORDINARY, .seen = true,
                                 .junk_opened = true, .days = 9 }, CONFIRM_NEVER },
        { "unsure in the inbox", { .verdict = CONFIRM_JUDGED_UNSURE, .place = CONFIRM_IN_ORDINARY, .seen = true,
                                   .days = 9 }, CONFIRM_HAM },
        { "unsure in the inbox, not read", { .verdict = CONFIRM_JUDGED_UNSURE, .place = CONFIRM_IN_ORDINARY,
                                             .days = 9 }, CONFIRM_NOT_YET },
        { "unsure in Junk", { .verdict = CONFIRM_JUDGED_UNSURE, .place = CONFIRM_IN_JUNK, .junk_opened = true,
                              .days = 9 }, CONFIRM_NEVER },
        { "never judged", { .verdict = CONFIRM_UNJUDGED, .place = CONFIRM_IN_ORDINARY, .seen = true, .used = true,
                            .days = 9 }, CONFIRM_NEVER },
        { "ham in Trash", { .verdict = CONFIRM_JUDGED_HAM, .place = CONFIRM_ELSEWHERE, .seen = true, .days = 9 },
          CONFIRM_NEVER },
        { "spam in Trash", { .verdict = CONFIRM_JUDGED_SPAM, .place = CONFIRM_ELSEWHERE, .junk_opened = true,
                             .days = 9 }, CONFIRM_NEVER },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct confirm_settings off = on;
        off.enabled = false;
        if (confirm_message(&on, &rows[i].facts) != rows[i].want)
            fail_msg("%s: got %d, want %d", rows[i].name, (int)confirm_message(&on, &rows[i].facts), (int)rows[i].want);
        if (confirm_message(&off, &rows[i].facts) != CONFIRM_NEVER)
            fail_msg("%s: confirmed although it is switched off", rows[i].name);
    }
}

static void classes_stay_within_two_to_one(void **state)
{
    static const struct {
        const char *name;
        enum label label;
        uint64_t lessons[2]; /* [LABEL_HAM], [LABEL_SPAM] */
        bool want;
    } rows[] = {
        { "a new user", LABEL_HAM, { [LABEL_HAM] = 0, [LABEL_SPAM] = 0 }, true },
        { "ham alone, 99", LABEL_HAM, { [LABEL_HAM] = 99, [LABEL_SPAM] = 0 }, true },
        { "ham alone, 100", LABEL_HAM, { [LABEL_HAM] = 100, [LABEL_SPAM] = 0 }, false },
        { "one spam makes room for two", LABEL_HAM, { [LABEL_HAM] = 101, [LABEL_SPAM] = 1 }, true },
        { "and not for three", LABEL_HAM, { [LABEL_HAM] = 102, [LABEL_SPAM] = 1 }, false },
        { "spam outweighs", LABEL_SPAM, { [LABEL_HAM] = 200, [LABEL_SPAM] = 500 }, false },
        { "spam just under", LABEL_SPAM, { [LABEL_HAM] = 200, [LABEL_SPAM] = 499 }, true },
        { "the smaller class may always", LABEL_HAM, { [LABEL_HAM] = 200, [LABEL_SPAM] = 50000 }, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (confirm_is_balanced(rows[i].label, rows[i].lessons) != rows[i].want)
            fail_msg("%s", rows[i].name);
}

static void the_opinion_of_today_must_agree(void **state)
{
    static const struct {
        const char *name;
        enum label label;
        double log_odds;
        bool want;
    } rows[] = {
        { "ham still", LABEL_HAM, -3, true },         { "ham below half way", LABEL_HAM, 2.49, true },
        { "ham, now half way", LABEL_HAM, 2.5, false }, { "ham, now spam", LABEL_HAM, 9, false },
        { "spam still", LABEL_SPAM, 5, true },        { "spam, now unsure", LABEL_SPAM, 4.99, false },
        { "spam, now ham", LABEL_SPAM, -1, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (confirm_agrees(rows[i].label, rows[i].log_odds, 500) != rows[i].want)
            fail_msg("%s", rows[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_policy_holds),
        cmocka_unit_test(classes_stay_within_two_to_one),
        cmocka_unit_test(the_opinion_of_today_must_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
