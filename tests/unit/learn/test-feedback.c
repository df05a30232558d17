/* test-feedback.c - the imagined user corrects what lies wrong, the share that was asked for, always the same */
#include "unit.h"

#include <stdio.h>

#include "learn/feedback.h"

#define DRAWS 10000

static const struct measure_case ham_lost = { .judged_spam = true, .truth = LABEL_HAM };
static const struct measure_case spam_missed = { .truth = LABEL_SPAM };

static void only_what_lies_wrong_is_moved(void **state)
{
    static const struct feedback all = { .way = FEEDBACK_MOVES, .corrected = 1 };
    static const struct {
        const char *name;
        struct measure_case judged;
        bool moved;
        enum confirmation left_alone;
    } rows[] = {
        { "ham in the inbox", { .truth = LABEL_HAM }, false, CONFIRM_HAM },
        { "ham in Junk", { .judged_spam = true, .truth = LABEL_HAM }, true, CONFIRM_SPAM },
        { "ham that is unsure", { .judged_unsure = true, .truth = LABEL_HAM }, false, CONFIRM_HAM },
        { "spam in Junk", { .judged_spam = true, .truth = LABEL_SPAM }, false, CONFIRM_SPAM },
        { "spam in the inbox", { .truth = LABEL_SPAM }, true, CONFIRM_HAM },
        { "spam that is unsure", { .judged_unsure = true, .truth = LABEL_SPAM }, true, CONFIRM_HAM },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (feedback_corrects(&all, &rows[i].judged, "mail/1") != rows[i].moved
            || feedback_left_alone(&rows[i].judged, FEEDBACK_GRACE) != rows[i].left_alone
            || feedback_left_alone(&rows[i].judged, FEEDBACK_GRACE - 1) == CONFIRM_HAM
            || feedback_left_alone(&rows[i].judged, FEEDBACK_GRACE - 1) == CONFIRM_SPAM)
            fail_msg("%s", rows[i].name);
}

static size_t corrected(double share, uint64_t seed, const bool *within, bool *which)
{
    struct feedback feedback = { .way = FEEDBACK_MOVES, .corrected = share, .seed = seed };
    size_t count = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        char path[32];
        snprintf(path, sizeof path, "mail/%zu", i);
        which[i] = feedback_corrects(&feedback, &spam_missed, path);
        assert_int_equal(which[i], feedback_corrects(&feedback, &ham_lost, path));
        assert_true(!within || !which[i] || within[i]);
        count += which[i];
    }
    return count;
}

/* 10,000 draws: four standard deviations are 120 at 0.9 and 183 at 0.7. */
static void the_share_is_kept(void **state)
{
    static bool many[DRAWS], fewer[DRAWS], others[DRAWS];
    size_t count = corrected(0.9, 0, NULL, many);
    assert_in_range(count, 9000 - 120, 9000 + 120);
    assert_in_range(corrected(0.7, 0, many, fewer), 7000 - 183, 7000 + 183);
    assert_in_range(corrected(0.9, 1, NULL, others), 9000 - 120, 9000 + 120);
    assert_memory_not_equal(many, others, sizeof many);
    assert_int_equal(corrected(0.9, 0, NULL, others), count);
    assert_memory_equal(many, others, sizeof many);
    assert_int_equal(corrected(0, 0, NULL, others), 0);
    assert_int_equal(corrected(1, 0, NULL, others), DRAWS);
}

/* 10,000 draws: four standard deviations are 87 at 0.05. */
static void labels_are_wrong_as_often_as_asked(void **state)
{
    static const struct {
        const char *name;
        double noise;
        enum label truth;
        size_t least, most;
    } rows[] = {
        { "never", 0, LABEL_SPAM, 0, 0 },
        { "spam, one in twenty", 0.05, LABEL_SPAM, 500 - 87, 500 + 87 },
        { "ham, one in twenty", 0.05, LABEL_HAM, 500 - 87, 500 + 87 },
        { "always", 1, LABEL_HAM, DRAWS, DRAWS },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct feedback feedback = { .noise = rows[i].noise };
        size_t wrong = 0;
        for (size_t j = 0; j < DRAWS; j++) {
            char path[32];
            snprintf(path, sizeof path, "mail/%zu", j);
            enum label told = feedback_label(&feedback, rows[i].truth, path);
            assert_int_equal(told, feedback_label(&feedback, rows[i].truth, path));
            wrong += told != rows[i].truth;
        }
        if (wrong < rows[i].least || wrong > rows[i].most)
            fail_msg("%s: %zu of %d", rows[i].name, wrong, DRAWS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_lies_wrong_is_moved),
        cmocka_unit_test(the_share_is_kept),
        cmocka_unit_test(labels_are_wrong_as_often_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
