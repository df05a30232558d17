/* test-learn.c - learning, taking back, and honest opinions */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "learn/explain-tokens.h"
#include "learn/fusion.h"
#include "learn/learn.h"
#include "learn/pairs.h"
#include "learn/regression.h"
#include "message-fixture.h"

static struct store *new_store(void)
{
    struct store_options options = { .engine = "memory", .not_durable = true };
    enum store_state state;
    struct failure failure;
    struct store *store = store_open(&options, STORE_WRITE, &state, &failure);
    assert_non_null(store);
    return store;
}

/* The number-th message of a made-up correspondence: words of its class, words of both, and some of its own. */
static const char *made_up(enum label label, int number, char text[600])
{
    static const char *const topics[2][4] = {
        { "the meeting about the garden wall is on", "thanks for the photographs of aunt Clara and",
          "the build failed again on the branch of",
          "could you bring the keys of the boat on" },
        { "cheap watches and pills without prescription only", "you have won the lottery claim your prize of",
          "your account is suspended verify your password before", "earn money from home guaranteed income within" },
    };
    snprintf(text, 600,
             "From: %s%d@example.org\nMessage-ID: <%d.%d@example.org>\nSubject: %s %d\n\nHello,\n%s %d\nbest regards\n",
             label == LABEL_SPAM ? "offer" : "anna", number % 7, (int)label, number, topics[label][number % 4], number,
             topics[label][(number / 4) % 4], number * 37);
    return text;
}

static struct features made_up_features(enum label label, int number, struct arena *arena)
{
    char text[600];
    return fixture_features(made_up(label, number, text), arena);
}

static void teach(struct store *store, enum label label, int first, int count)
{
    struct failure failure;
    for (int i = first; i < first + count; i++) {
        struct arena *arena = fixture_arena();
        struct features features = made_up_features(label, i, arena);
        assert_int_equal(learn_message(store, &features, label, SOURCE_USER, 1000, &failure), LEARN_DONE);
        arena_free(arena);
    }
}

static struct opinion opinion_on(struct store *store, enum label label, int number)
{
    struct arena *arena = fixture_arena();
    struct features features = made_up_features(label, number, arena);
    struct opinion opinion;
    struct failure failure;
    learn_opinion(store, STORE_READY, &features, &opinion, &failure);
    arena_free(arena);
    return opinion;
}

static void without_a_store_there_is_no_opinion(void **state)
{
    static const enum store_state states[] = { STORE_EMPTY, STORE_BUSY, STORE_DAMAGED, STORE_NEWER, STORE_OLDER,
                                                STORE_FORBIDDEN };
    struct arena *arena = fixture_arena();
    struct features features = made_up_features(LABEL_HAM, 1, arena);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct opinion opinion;
        struct failure failure;
        learn_opinion(NULL, states[i], &features, &opinion, &failure);
        assert_int_equal(opinion.state, states[i]);
        assert_true(opinion.log_odds == 0 && opinion.probability == 0.5);
    }
    arena_free(arena);
}

static void an_empty_store_says_so(void **state)
{
    struct store *store = new_store();
    assert_int_equal(opinion_on(store, LABEL_SPAM, 1).state, STORE_EMPTY);
    store_close(&store);
}

static void what_was_taught_is_told_apart(void **state)
{
    struct store *store = new_store();
    for (int i = 0; i < 60; i++) {
        teach(store, LABEL_HAM, i, 1);
        teach(store, LABEL_SPAM, i, 1);
    }
    struct opinion ham = opinion_on(store, LABEL_HAM, 1001), spam = opinion_on(store, LABEL_SPAM, 1001);
    assert_true(ham.log_odds < -3 && ham.probability < 0.05);
    assert_true(spam.log_odds > 3 && spam.probability > 0.95);
    assert_int_equal(ham.lessons[LABEL_HAM], 60);
    store_close(&store);
}

/* All that can be seen of a store through its interface, for messages of both classes. */
struct snapshot {
    struct totals totals;
    struct scales scales;
    double members[20][3];
};

static struct snapshot snapshot_of(struct store *store)
{
    struct snapshot snapshot = { 0 };
    struct failure failure;
    assert_true(store_read_totals(store, &snapshot.totals, &failure));
    assert_true(store_read_scales(store, &snapshot.scales, &failure));
    snapshot.totals.sequence = 0; /* these two tell of the past, and taking back leaves them */
    snapshot.totals.run = 0;
    snapshot.totals.run_label = LABEL_HAM;
    for (int i = 0; i < 20; i++) {
        struct opinion opinion = opinion_on(store, i % 2 ? LABEL_SPAM : LABEL_HAM, 500 + i);
        memcpy(snapshot.members[i], opinion.member, sizeof snapshot.members[i]);
    }
    return snapshot;
}

static void forgetting_restores_every_bit(void **state)
{
    struct store *store = new_store();
    struct failure failure;
    teach(store, LABEL_HAM, 0, 25);
    teach(store, LABEL_SPAM, 0, 25);
    struct snapshot before = snapshot_of(store);
    struct arena *arena = fixture_arena();
    struct features features = made_up_features(LABEL_SPAM, 77, arena);
    assert_int_equal(learn_message(store, &features, LABEL_HAM, SOURCE_USER, 1000, &failure), LEARN_DONE);
    struct snapshot between = snapshot_of(store);
    assert_memory_not_equal(&before, &between, sizeof before);
    assert_int_equal(learn_forget(store, &features, 1000, &failure), LEARN_FORGOTTEN);
    struct snapshot after = snapshot_of(store);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(learn_forget(store, &features, 1000, &failure), LEARN_UNKNOWN);
    arena_free(arena);
    store_close(&store);
}

static void changing_a_label_equals_learning_it_right_at_once(void **state)
{
    struct store *one = new_store(), *two = new_store();
    struct failure failure;
    struct arena *arena = fixture_arena();
    struct features features = made_up_features(LABEL_SPAM, 77, arena);
    teach(one, LABEL_HAM, 0, 15);
    teach(two, LABEL_HAM, 0, 15);
    teach(one, LABEL_SPAM, 0, 15);
    teach(two, LABEL_SPAM, 0, 15);
    assert_int_equal(learn_message(one, &features, LABEL_HAM, SOURCE_USER, 1000, &failure), LEARN_DONE);
    assert_int_equal(learn_message(one, &features, LABEL_SPAM, SOURCE_USER, 1000, &failure), LEARN_CHANGED);
    assert_int_equal(learn_message(two, &features, LABEL_SPAM, SOURCE_USER, 1000, &failure), LEARN_DONE);
    struct snapshot first = snapshot_of(one), second = snapshot_of(two);
    assert_memory_equal(&first.scales, &second.scales, sizeof first.scales);
    assert_memory_equal(first.members, second.members, sizeof first.members);
    arena_free(arena);
    store_close(&one);
    store_close(&two);
}

static void who_said_it_decides(void **state)
{
    static const struct {
        const char *name;
        enum label first;
        enum label_source first_source;
        enum label second;
        enum label_source second_source;
        enum learn_result want;
    } rows[] = {
        { "the same twice", LABEL_SPAM, SOURCE_USER, LABEL_SPAM, SOURCE_USER, LEARN_ALREADY },
        { "the user confirms", LABEL_SPAM, SOURCE_IMPLICIT, LABEL_SPAM, SOURCE_USER, LEARN_ALREADY },
        { "the user changes his mind", LABEL_SPAM, SOURCE_USER, LABEL_HAM, SOURCE_USER, LEARN_CHANGED },
        { "the user corrects", LABEL_SPAM, SOURCE_IMPLICIT, LABEL_HAM, SOURCE_USER, LEARN_CHANGED },
        { "nobody overrules the user", LABEL_SPAM, SOURCE_USER, LABEL_HAM, SOURCE_IMPLICIT, LEARN_KEPT },
        { "not even a trap", LABEL_HAM, SOURCE_USER, LABEL_SPAM, SOURCE_TRAP, LEARN_KEPT },
        { "later inference wins", LABEL_HAM, SOURCE_IMPLICIT, LABEL_SPAM, SOURCE_IMPLICIT, LEARN_CHANGED },
    };
    struct arena *arena = fixture_arena();
    struct features features = made_up_features(LABEL_SPAM, 5, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store *store = new_store();
        struct failure failure;
        struct totals totals;
        learn_message(store, &features, rows[i].first, rows[i].first_source, 1, &failure);
        enum learn_result got = learn_message(store, &features, rows[i].second, rows[i].second_source, 2, &failure);
        if (got != rows[i].want)
            fail_msg("%s: got %d, want %d", rows[i].name, (int)got, (int)rows[i].want);
        store_read_totals(store, &totals, &failure);
        assert_int_equal(totals.lessons[LABEL_HAM] + totals.lessons[LABEL_SPAM], 1);
        store_close(&store);
    }
    arena_free(arena);
}

/* When a message comes back with a field more, its old lesson is not in these features: nothing may be taken from
 * them. */
static void a_changed_message_is_not_taken_back_from_the_wrong_places(void **state)
{
    struct store *store = new_store();
    struct failure failure;
    struct arena *arena = fixture_arena();
    struct features before = fixture_features("Message-ID: <1@x>\nSubject: one two\n\nthree four\n", arena);
    struct features after = fixture_features("X-New: field\nMessage-ID: <1@x>\nSubject: one two\n\nthree four\n",
                                             arena);
    assert_true(before.check != after.check);
    assert_int_equal(learn_message(store, &before, LABEL_SPAM, SOURCE_USER, 1, &failure), LEARN_DONE);
    assert_int_equal(learn_message(store, &after, LABEL_HAM, SOURCE_USER, 2, &failure), LEARN_CHANGED);
    struct totals totals;
    store_read_totals(store, &totals, &failure);
    assert_int_equal(totals.lessons[LABEL_HAM], 1);
    assert_int_equal(totals.lessons[LABEL_SPAM], 0);
    arena_free(arena);
    store_close(&store);
}

static void steps_are_bounded_and_point_the_right_way(void **state)
{
    static const uint64_t many[2] = { 1000, 1000 }, one_sided[2] = { 0, 500 };
    int step = regression_step(0, 800, LABEL_SPAM, SOURCE_USER, 1, many);
    assert_true(step > 0 && regression_step(0, 800, LABEL_HAM, SOURCE_USER, 1, many) == -step);
    assert_int_equal(regression_step(-50, 800, LABEL_SPAM, SOURCE_USER, 1, many),
                     step); /* clipped: no more than at P = 0.6 */
    assert_int_equal(regression_step(5, 800, LABEL_SPAM, SOURCE_USER, 1, many), 0);      /* known already */
    assert_int_equal(regression_step(0, 800, LABEL_SPAM, SOURCE_USER, 0, many), 0);   /* no share, no step */
    assert_true(abs(regression_step(0, 800, LABEL_SPAM, SOURCE_IMPLICIT, 1, many) * 2 - step) <= 1);
    assert_true(regression_step(0, 800, LABEL_SPAM, SOURCE_USER, 1, one_sided) * 4 < step);
    assert_true(regression_step(0, 0, LABEL_SPAM, SOURCE_USER, 1, many) > 0); /* no slots: nothing to divide by */
}

static void pairs_weigh_by_what_they_have_shown(void **state)
{
    static const uint64_t lessons[2] = { 100, 100 };
    static const struct {
        const char *name;
        struct pair_counts counts;
        double least, most;
    } rows[] = {
        { "never seen", { 0, 0 }, 0, 0 },
        { "seen once: says nothing", { 1, 0 }, 0, 0 },
        { "in spam only", { 20, 0 }, 2, 10 },
        { "in ham only", { 0, 20 }, -10, -2 },
        { "in both alike", { 50, 50 }, 0, 0 },
        { "a little more in spam", { 30, 20 }, 0, 0.2 },
        { "at the top of the counter", { 65535, 0 }, 2, 10 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = pairs_weight(0, rows[i].counts, lessons);
        if (!(got >= rows[i].least && got <= rows[i].most))
            fail_msg("%s: got %g, want %g to %g", rows[i].name, got, rows[i].least, rows[i].most);
    }
    static const uint64_t none[2] = { 0, 0 };
    assert_true(isfinite(pairs_weight(0, (struct pair_counts){ 3, 0 }, none)));
}

static void neither_length_nor_a_few_known_words_make_sure(void **state)
{
    const struct {
        const char *name;
        double score;
        size_t known, count;
        double want;
    } rows[] = {
        { "nothing known", 0, 0, 100, 0 },
        { "no features", 0, 0, 0, 0 },
        { "usual length, half of it known", 10, 500, 1000, 10 },
        { "sixteen times as long", 10, 8000, 8000, 2.5 },
        { "the same for ham", -10, 8000, 8000, -2.5 },
        { "short", 10, 125, 125, 20 },
        { "just familiar enough", 10, 500, 1250, 10 },
        { "three quarters of that", 10, 375, 1250, 10 * 0.75 * sqrt(500.0 / 375) },
        { "a few known words in a crowd of new ones", 10, 500, 100000, 5 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = pairs_evidence(rows[i].score, rows[i].known, rows[i].count);
        if (fabs(got - rows[i].want) > 1e-9)
            fail_msg("%s: got %g, want %g", rows[i].name, got, rows[i].want);
    }
}

static void members_add_up_by_their_usual_lines(void **state)
{
    const struct {
        const char *name;
        struct member_scores scores;
        double want;
    } rows[] = {
        { "nothing said", { 0, 0, 0 }, 0 },
        { "learner A", { 2, 0, 0 }, 2 },
        { "learner B", { 0, -60, 0 }, -2 },
        { "rules", { 0, 0, 4 }, 4 },
        { "more points than are believed", { 0, 0, 40 }, FUSION_RULES_MOST },
        { "fewer", { 0, 0, -40 }, FUSION_RULES_LEAST },
        { "all", { 1, 30, 1 }, 3 },
    };
    struct scales scales;
    (void)state;
    memset(&scales, 0, sizeof scales);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = fusion_sum(&scales, &rows[i].scores);
        if (fabs(got - rows[i].want) > 1e-9)
            fail_msg("%s: got %g, want %g", rows[i].name, got, rows[i].want);
    }
}

static void lines_keep_order_and_follow_the_lessons(void **state)
{
    struct scales scales;
    memset(&scales, 0, sizeof scales);
    double before = fusion_log_odds(&scales, 3);
    assert_true(before == 3); /* nothing known: the usual line */
    scales.counts[MEMBER_SUM][LABEL_HAM][fusion_bin(MEMBER_SUM, 3)] = 40000; /* ham scores 3, spam 6 */
    scales.counts[MEMBER_SUM][LABEL_SPAM][fusion_bin(MEMBER_SUM, 6)] = 40000;
    assert_true(fusion_log_odds(&scales, 3) < -0.5 && fusion_log_odds(&scales, 6) > 1);
    for (double score = -100; score < 100; score += 0.5)
        assert_true(fusion_log_odds(&scales, score) < fusion_log_odds(&scales, score + 0.5));
    scales.counts[MEMBER_SUM][LABEL_HAM][1] = UINT32_MAX;
    scales.counts[MEMBER_SUM][LABEL_SPAM][255] = UINT32_MAX;
    assert_true(isfinite(fusion_log_odds(&scales, 1e6)));
    assert_int_equal(fusion_bin(MEMBER_PAIRS, -1e9), FUSION_BIN_UNMEASURED + 1);
    assert_int_equal(fusion_bin(MEMBER_PAIRS, 1e9), 255);
}

static void explanation_names_the_words(void **state)
{
    struct store *store = new_store();
    struct failure failure;
    for (int i = 0; i < 80; i++) {
        struct arena *arena = fixture_arena();
        struct features features;
        char text[600];
        enum label label = i % 2 ? LABEL_SPAM : LABEL_HAM;
        features_extract(fixture_message(made_up(label, i / 2, text), arena), store_key(store), NULL, arena, &features);
        assert_int_equal(learn_message(store, &features, label, SOURCE_USER, 1000, &failure), LEARN_DONE);
        arena_free(arena);
    }
    struct arena *arena = fixture_arena();
    struct explained explained;
    const struct message *message = fixture_message("Subject: claim your prize\n\nthe garden wall\n", arena);
    assert_true(learn_explain(store, message, NULL, arena, &explained, &failure));
    assert_in_range(explained.count, 4, EXPLAIN_TOKENS_MOST);
    double prize = 0, garden = 0;
    for (size_t i = 0; i < explained.count; i++) {
        assert_true(i == 0 || fabs(explained.items[i - 1].weight) >= fabs(explained.items[i].weight));
        if (span_is(explained.items[i].text, "your prize"))
            prize = explained.items[i].weight;
        if (span_is(explained.items[i].text, "garden wall"))
            garden = explained.items[i].weight;
    }
    assert_true(prize > 0 && garden < 0);
    arena_free(arena);
    store_close(&store);
}

/* The history counts what the ledger counts: once, for the label that stands. */
static void the_history_counts_as_the_ledger_does(void **state)
{
    enum { FORGET = 2 };
    static const struct {
        const char *name;
        struct {
            int label; /* or FORGET */
            enum label_source source;
        } words[4];
        size_t count;
        unsigned ham, spam;
    } rows[] = {
        { "learned", { { LABEL_HAM, SOURCE_USER } }, 1, 1, 0 },
        { "learned again", { { LABEL_SPAM, SOURCE_USER }, { LABEL_SPAM, SOURCE_USER } }, 2, 0, 1 },
        { "confirmed", { { LABEL_SPAM, SOURCE_IMPLICIT }, { LABEL_SPAM, SOURCE_USER } }, 2, 0, 1 },
        { "changed", { { LABEL_SPAM, SOURCE_USER }, { LABEL_HAM, SOURCE_USER } }, 2, 1, 0 },
        { "kept", { { LABEL_HAM, SOURCE_USER }, { LABEL_SPAM, SOURCE_IMPLICIT } }, 2, 1, 0 },
        { "forgotten", { { LABEL_HAM, SOURCE_USER }, { FORGET, SOURCE_USER } }, 2, 0, 0 },
        { "forgotten when not known", { { FORGET, SOURCE_USER } }, 1, 0, 0 },
        { "changed and forgotten",
          { { LABEL_HAM, SOURCE_USER }, { LABEL_SPAM, SOURCE_USER }, { FORGET, SOURCE_USER } }, 3, 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store *store = new_store();
        struct arena *arena = fixture_arena();
        struct features features = made_up_features(LABEL_HAM, 1, arena);
        struct failure failure = { 0 };
        features.trace = (struct trace){ .relay = 7, .hosts = { 8 }, .host_count = 1, .scripts = 1 };
        for (size_t j = 0; j < rows[i].count; j++)
            if (rows[i].words[j].label == FORGET)
                learn_forget(store, &features, 1000, &failure);
            else
                learn_message(store, &features, (enum label)rows[i].words[j].label, rows[i].words[j].source, 1000,
                              &failure);
        const struct history *history = store_history(store, &failure);
        struct history_entry relay, host;
        uint32_t by_script[HISTORY_SCRIPTS];
        history_find(history, 7, 0, &relay);
        history_find(history, 8, 0, &host);
        if (relay.ham != rows[i].ham || relay.spam != rows[i].spam || host.ham != rows[i].ham ||
            host.spam != rows[i].spam || history_ham(history, by_script) != rows[i].ham || by_script[0] != rows[i].ham)
            fail_msg("%s: got %u ham, %u spam", rows[i].name, relay.ham, relay.spam);
        arena_free(arena);
        store_close(&store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_store_there_is_no_opinion),
        cmocka_unit_test(an_empty_store_says_so),
        cmocka_unit_test(what_was_taught_is_told_apart),
        cmocka_unit_test(forgetting_restores_every_bit),
        cmocka_unit_test(changing_a_label_equals_learning_it_right_at_once),
        cmocka_unit_test(who_said_it_decides),
        cmocka_unit_test(a_changed_message_is_not_taken_back_from_the_wrong_places),
        cmocka_unit_test(steps_are_bounded_and_point_the_right_way),
        cmocka_unit_test(pairs_weigh_by_what_they_have_shown),
        cmocka_unit_test(neither_length_nor_a_few_known_words_make_sure),
        cmocka_unit_test(members_add_up_by_their_usual_lines),
        cmocka_unit_test(lines_keep_order_and_follow_the_lessons),
        cmocka_unit_test(the_history_counts_as_the_ledger_does),
        cmocka_unit_test(explanation_names_the_words),
    };
    message_library_start();
    return cmocka_run_group_tests_name("learn", tests, NULL, NULL);
}
