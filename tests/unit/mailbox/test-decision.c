/* test-decision.c - the decision table, row by row, and as a life of moves */
#include "unit.h"

#include "mailbox/decision.h"

#define NONE BELIEF_NONE
#define HAM BELIEF_HAM
#define UNSURE BELIEF_UNSURE
#define SPAM BELIEF_SPAM
#define NOWHERE PLACE_NOWHERE
#define INBOX PLACE_ORDINARY
#define JUNK PLACE_JUNK
#define TRASH PLACE_TRASH
#define OWN PLACE_OWN
#define NO KEYWORD_NONE
#define J KEYWORD_JUNK
#define N KEYWORD_NOT_JUNK

static const struct {
    const char *name;
    bool own;
    enum belief belief;
    struct sight before, now;
    enum belief want;
} rows[] = {
    { "into Junk", false, HAM, { INBOX, NO }, { JUNK, NO }, SPAM },
    { "unsure into Junk", false, UNSURE, { INBOX, NO }, { JUNK, NO }, SPAM },
    { "from Trash into Junk", false, HAM, { TRASH, NO }, { JUNK, NO }, SPAM },
    { "nobody knows, into Junk", false, NONE, { NOWHERE, NO }, { JUNK, NO }, SPAM },
    { "filed into Junk", false, SPAM, { NOWHERE, NO }, { JUNK, NO }, NONE },
    { "filed into the inbox", false, HAM, { NOWHERE, NO }, { INBOX, NO }, NONE },
    { "unsure, in the inbox", false, UNSURE, { NOWHERE, NO }, { INBOX, NO }, NONE },
    { "nobody knows, in the inbox", false, NONE, { TRASH, NO }, { INBOX, NO }, NONE },
    { "out of Junk", false, SPAM, { JUNK, NO }, { INBOX, NO }, HAM },
    { "Junk to Trash", false, SPAM, { JUNK, NO }, { TRASH, NO }, NONE },
    { "the inbox to Trash", false, HAM, { INBOX, NO }, { TRASH, NO }, NONE },
    { "expunged", false, SPAM, { JUNK, NO }, { NOWHERE, NO }, NONE },
    { "stays in Junk", false, SPAM, { JUNK, NO }, { JUNK, NO }, NONE },
    { "stays in Junk against the belief", false, HAM, { JUNK, NO }, { JUNK, NO }, NONE },
    { "moved to Sent", false, SPAM, { JUNK, NO }, { OWN, NO }, NONE },
    { "own mail into Junk", true, NONE, { NOWHERE, NO }, { JUNK, NO }, NONE },
    { "own mail, marked", true, HAM, { INBOX, NO }, { INBOX, J }, NONE },
    { "marked as junk", false, HAM, { INBOX, NO }, { INBOX, J }, SPAM },
    { "junk, marked as junk", false, SPAM, { JUNK, NO }, { JUNK, J }, NONE },
    { "Junk, marked as not junk", false, SPAM, { JUNK, NO }, { JUNK, N }, HAM },
    { "unsure, marked as not junk", false, UNSURE, { INBOX, NO }, { INBOX, N }, HAM },
    { "ham, marked as not junk", false, HAM, { INBOX, NO }, { INBOX, N }, NONE },
    { "unknown, marked as not junk", false, NONE, { INBOX, NO }, { INBOX, N }, NONE },
    { "mark turned round", false, SPAM, { INBOX, J }, { INBOX, N }, HAM },
    { "junk mark taken back", false, SPAM, { INBOX, J }, { INBOX, NO }, HAM },
    { "junk mark taken back, in Junk", false, SPAM, { JUNK, J }, { JUNK, NO }, NONE },
    { "good mark taken back, in Junk", false, HAM, { JUNK, N }, { JUNK, NO }, SPAM },
    { "marked and moved into Junk", false, HAM, { INBOX, NO }, { JUNK, J }, SPAM },
    { "marked as not junk and moved out", false, SPAM, { JUNK, J }, { INBOX, N }, HAM },
    { "moved out, the mark came along", false, SPAM, { JUNK, J }, { INBOX, J }, HAM },
    { "marked as junk, in Trash", false, HAM, { TRASH, NO }, { TRASH, J }, NONE },
};

static void rows_decide(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct decision got = decision_make(rows[i].own, rows[i].belief, rows[i].before, rows[i].now);
        if (got.lesson != rows[i].want)
            fail_msg("%s: got %d (%s), want %d", rows[i].name, (int)got.lesson, got.why, (int)rows[i].want);
    }
}

/* Whatever is asked, what is learned is not what is believed already: so the same move twice teaches once. */
static void what_agrees_teaches_nothing(void **state)
{
    for (int i = 0; i < 2 * 4 * 5 * 3 * 5 * 3; i++) {
        int rest = i;
        bool own = rest % 2;
        enum belief belief = (enum belief)((rest /= 2) % 4);
        struct sight before = { .place = (enum place)((rest /= 4) % 5) };
        before.keyword = (enum junk_keyword)((rest /= 5) % 3);
        struct sight now = { .place = (enum place)((rest /= 3) % 5) };
        now.keyword = (enum junk_keyword)((rest / 5) % 3);
        struct decision got = decision_make(own, belief, before, now);
        assert_non_null(got.why);
        assert_int_not_equal(got.lesson, UNSURE);
        if (got.lesson != NONE) {
            assert_int_not_equal(got.lesson, belief);
            assert_int_equal(decision_make(own, got.lesson, now, now).lesson, NONE);
        }
        if (before.place == now.place && before.keyword == now.keyword)
            assert_int_equal(got.lesson, NONE);
    }
}

static const struct {
    const char *name;
    enum said said;
    enum place place;
    bool put, files_spam;
    enum belief want;
} filed[] = {
    { "ham in the inbox", SAID_HAM, INBOX, false, true, HAM },
    { "ham in Junk was moved there", SAID_HAM, JUNK, false, true, HAM },
    { "unsure in Junk was moved there", SAID_UNSURE, JUNK, true, true, UNSURE },
    { "spam in Junk", SAID_SPAM, JUNK, false, false, SPAM },
    { "spam put elsewhere", SAID_SPAM, INBOX, true, true, SPAM },
    { "spam delivered elsewhere", SAID_SPAM, INBOX, false, true, UNSURE },
    { "spam put elsewhere, where delivery only tags", SAID_SPAM, INBOX, true, false, UNSURE },
    { "spam in Trash", SAID_SPAM, TRASH, false, true, SPAM },
    { "spam in Trash, where delivery only tags", SAID_SPAM, TRASH, false, false, UNSURE },
    { "no verdict, in Junk", SAID_NOTHING, JUNK, true, true, SPAM },
    { "no verdict, in the inbox", SAID_NOTHING, INBOX, true, true, HAM },
    { "no verdict, in Trash", SAID_NOTHING, TRASH, false, true, NONE },
};

static void first_sights_are_filed(void **state)
{
    for (size_t i = 0; i < sizeof filed / sizeof *filed; i++) {
        enum belief got = decision_filed(filed[i].said, filed[i].place, filed[i].put, filed[i].files_spam);
        if (got != filed[i].want)
            fail_msg("%s: got %d, want %d", filed[i].name, (int)got, (int)filed[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_decide),
        cmocka_unit_test(what_agrees_teaches_nothing),
        cmocka_unit_test(first_sights_are_filed),
    };
    return cmocka_run_group_tests_name("decision", tests, NULL, NULL);
}
