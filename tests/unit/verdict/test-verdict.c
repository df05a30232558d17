/* test-verdict.c - reasons add up, and what may overrule whom */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "verdict/verdict.h"

#define NO_LEARNER -1 /* lessons: the store was not there */

static const struct {
    const char *name;
    int rules, danger; /* points of an ordinary hit and of a danger; 0: no such hit */
    double log_odds;
    int lessons;                   /* of each label */
    enum verdict want;
    int want_score;
} cases[] = {
    { "nothing at all is unsure", 0, 0, 0, NO_LEARNER, VERDICT_UNSURE, 0 },
    { "nearly three to one for ham is unsure", -110, 0, 0, NO_LEARNER, VERDICT_UNSURE, -110 },
    { "three to one for ham is ham", -111, 0, 0, NO_LEARNER, VERDICT_HAM, -111 },
    { "just under required is unsure", 499, 0, 0, NO_LEARNER, VERDICT_UNSURE, 499 },
    { "required is spam", 500, 0, 0, NO_LEARNER, VERDICT_SPAM, 500 },
    { "nothing learned: little is taken from rules", 700, 0, -8, 0, VERDICT_UNSURE, 450 },
    { "nor is much given", 100, 0, 40, 0, VERDICT_UNSURE, 350 },
    { "with twelve lessons the learners alone can call spam", 0, 0, 80, 12, VERDICT_SPAM, 626 },
    { "with few they cannot", 0, 0, 80, 2, VERDICT_UNSURE, 447 },
    { "what both say is what the fusion says", 200, 0, 6, 4000, VERDICT_SPAM, 600 },
    { "the fusion believes rules less than they claim", 900, 0, 3, 4000, VERDICT_UNSURE, 300 },
    { "beyond the cap only the order is kept", 0, 0, 80, 4000, VERDICT_SPAM, 1207 },
    { "for ham as well", 0, 0, -80, 4000, VERDICT_HAM, -1207 },
    { "rules cannot overrule a trained learner certain of ham", 1000, 0, -2, 100000, VERDICT_HAM, -200 },
    { "rules for ham cannot pull certain spam to ham", -400, 0, 6, 100000, VERDICT_SPAM, 600 },
    { "no number at all counts nothing", 0, 0, NAN, 4000, VERDICT_UNSURE, 0 },
    { "a danger stands outside and can overrule", 0, 1300, -5, 4000, VERDICT_SPAM, 800 },
    { "beside a danger other rules weigh what they are worth", 1000, 100, -4, 100000, VERDICT_HAM, -300 },
    { "no message collects more than thirty points from rules", 9000, 0, 0, NO_LEARNER, VERDICT_SPAM, 3000 },
};

static struct judgement judge(size_t i, struct arena *arena)
{
    struct hit items[2];
    struct hits hits = { .items = items };
    if (cases[i].rules)
        items[hits.count++] = (struct hit){ "RULE", "a rule", SPAN_EMPTY, cases[i].rules, false, false };
    if (cases[i].danger)
        items[hits.count++] = (struct hit){ "DANGER", "a danger", SPAN_EMPTY, cases[i].danger, true, false };
    bool has_learner = cases[i].lessons != NO_LEARNER;
    uint64_t lessons = has_learner ? (uint64_t)cases[i].lessons : 0;
    struct opinion opinion = { .state = has_learner ? STORE_READY : STORE_BUSY,
                               .log_odds = cases[i].log_odds,
                               .probability = 0.5,
                               .lessons = { lessons, lessons } };
    struct judgement judgement;
    verdict_reach(&hits, &opinion, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &judgement);
    return judgement;
}

static void verdicts_are_as_tabled(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct judgement got = judge(i, arena);
        if (got.verdict != cases[i].want || got.score != cases[i].want_score)
            fail_msg("%s: got %s %d, want %s %d", cases[i].name, verdict_name(got.verdict), got.score,
                     verdict_name(cases[i].want), cases[i].want_score);
        arena_free(arena);
    }
}

static void reasons_add_up_and_are_in_order(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct judgement got = judge(i, arena);
        int sum = 0;
        for (size_t r = 0; r < got.reason_count; r++) {
            sum += got.reasons[r].points;
            if (r > 0 && abs(got.reasons[r].points) > abs(got.reasons[r - 1].points))
                fail_msg("%s: reason %zu is out of order", cases[i].name, r);
        }
        if (sum != got.score)
            fail_msg("%s: the reasons' sum is %d, the score %d", cases[i].name, sum, got.score);
        arena_free(arena);
    }
}

static void random_evidence_adds_up_as_well(void **state)
{
    srand(1); /* the same every time */
    for (int round = 0; round < 2000; round++) {
        struct arena *arena = arena_new(1 << 20);
        struct hit items[20];
        struct hits hits = { .items = items, .count = (size_t)(rand() % 21) };
        for (size_t i = 0; i < hits.count; i++)
            items[i] = (struct hit){ "RULE", "a rule", SPAN_EMPTY, rand() % 1500 - 500, rand() % 5 == 0, false };
        struct opinion opinion = { .state = STORE_READY,
                                   .log_odds = (rand() % 2000 - 1000) / 50.0,
                                   .probability = 0.5,
                                   .lessons = { (uint64_t)rand() % 5000, (uint64_t)rand() % 5000 } };
        struct judgement got;
        verdict_reach(&hits, &opinion, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &got);
        int sum = 0;
        for (size_t i = 0; i < got.reason_count; i++)
            sum += got.reasons[i].points;
        assert_int_equal(sum, got.score);
        assert_true(got.reason_count >= hits.count + 1);
        arena_free(arena);
    }
}

/* A list against what the filter found, under settings of all kinds. */
static const struct {
    const char *name;
    int rules, danger, required, unsure;
    enum ruling_kind kind;
    const char *role;
    enum verdict want;
    int want_score;
} rulings[] = {
    { "no ruling changes nothing", 700, 0, 500, 250, RULING_NONE, "", VERDICT_SPAM, 700 },
    { "allowed outweighs the rules", 2000, 0, 500, 250, RULING_ALLOWED, "", VERDICT_HAM, -8000 },
    { "allowed outweighs any danger", 0, 90000, 500, 250, RULING_ALLOWED, "", VERDICT_HAM, 249 },
    { "allowed where nearly all is spam", 0, 0, -10000, -10000, RULING_ALLOWED, "", VERDICT_HAM, -10001 },
    { "denied outweighs the rules", -2000, 0, 500, 250, RULING_DENIED, "", VERDICT_SPAM, 8000 },
    { "denied outweighs whatever speaks for it", 0, -90000, 500, 250, RULING_DENIED, "", VERDICT_SPAM, 500 },
    { "denied where nearly nothing is spam", -100, 0, 10000, 250, RULING_DENIED, "", VERDICT_SPAM, 10000 },
    { "a trap is spam", 0, 0, 500, 250, RULING_TRAP, "", VERDICT_SPAM, 10000 },
    { "internal only is spam", 0, 0, 500, 250, RULING_INTERNAL_ONLY, "", VERDICT_SPAM, 10000 },
    { "postmaster gets spam as unsure", 700, 0, 500, 250, RULING_NONE, "postmaster", VERDICT_UNSURE, 499 },
    { "whatever a list says", 0, 0, 500, 250, RULING_TRAP, "abuse", VERDICT_UNSURE, 499 },
    { "postmaster gets the rest as it is", 300, 0, 500, 250, RULING_NONE, "postmaster", VERDICT_UNSURE, 300 },
    { "postmaster where nothing is unsure", 700, 0, 500, 500, RULING_NONE, "postmaster", VERDICT_HAM, 499 },
};

static void lists_decide_alone_and_add_up(void **state)
{
    for (size_t i = 0; i < sizeof rulings / sizeof *rulings; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct hit items[] = { { "RULE", "a rule", SPAN_EMPTY, rulings[i].rules, false, false },
                               { "DANGER", "a danger", SPAN_EMPTY, rulings[i].danger, true, false } };
        struct hits hits = { .items = items, .count = 2 };
        struct verdict_settings settings = { .required = rulings[i].required, .unsure = rulings[i].unsure };
        struct ruling ruling = { .kind = rulings[i].kind,
                                 .detail = span_of("why"),
                                 .role = span_of(rulings[i].role),
                                 .remember = rulings[i].kind == RULING_ALLOWED };
        struct judgement got, decoded;
        verdict_reach(&hits, NULL, NULL, &settings, arena, &got);
        verdict_apply_ruling(&ruling, arena, &got);
        if (got.verdict != rulings[i].want || got.score != rulings[i].want_score)
            fail_msg("%s: got %s %d, want %s %d", rulings[i].name, verdict_name(got.verdict), got.score,
                     verdict_name(rulings[i].want), rulings[i].want_score);
        struct buffer bytes = buffer_new(arena, 1 << 16);
        judgement_encode(&got, &bytes);
        if (!judgement_decode(buffer_span(&bytes), arena, &decoded))
            fail_msg("%s: does not add up", rulings[i].name);
        assert_int_equal(decoded.follow_up, (rulings[i].kind == RULING_TRAP ? FOLLOW_UP_TRAP : 0) |
                                                (rulings[i].kind == RULING_ALLOWED ? FOLLOW_UP_REMEMBER : 0));
        arena_free(arena);
    }
}

/* CORRESPONDENT_KEPT: whom the user has written to, and has proven it, against rules and against what has been
 * learned. */
static void a_correspondent_is_not_junked_by_rules_alone(void **state)
{
    static const struct {
        const char *name;
        int rules;
        double learned; /* the fused log-odds; NAN: nothing has been learned */
        bool is_known;
        enum ruling_kind kind;
        enum verdict want;
        int want_score;
        bool is_danger;
    } known[] = {
        { "rules alone", 900, NAN, true, RULING_NONE, VERDICT_UNSURE, 499, false },
        { "of a stranger", 900, NAN, false, RULING_NONE, VERDICT_SPAM, 900, false },
        { "below the bound", 300, NAN, true, RULING_NONE, VERDICT_UNSURE, 300, false },
        { "ham stays ham", -200, NAN, true, RULING_NONE, VERDICT_HAM, -200, false },
        { "the learners only take back", 900, 7.0, true, RULING_NONE, VERDICT_UNSURE, 499, false },
        { "the learners say so", 300, 7.0, true, RULING_NONE, VERDICT_SPAM, 700, false },
        { "a danger from a friend is one", 900, NAN, true, RULING_NONE, VERDICT_SPAM, 900, true },
        { "the user has denied the sender", 0, NAN, true, RULING_DENIED, VERDICT_SPAM, 10000, false },
        { "to a trap", 0, NAN, true, RULING_TRAP, VERDICT_SPAM, 10000, false },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct hit item = { "RULE", "a rule", SPAN_EMPTY, known[i].rules, known[i].is_danger, false };
        struct hits hits = { .items = &item, .count = 1 };
        struct opinion opinion = { .state = isnan(known[i].learned) ? STORE_EMPTY : STORE_READY,
                                   .log_odds = known[i].learned, .probability = 0.5, .lessons = { 5000, 5000 } };
        struct ruling ruling = { .kind = known[i].kind, .detail = span_of("why"),
                                 .correspondent = known[i].is_known ? span_of("you have written") : SPAN_EMPTY };
        struct judgement got, decoded;
        verdict_reach(&hits, &opinion, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &got);
        verdict_apply_ruling(&ruling, arena, &got);
        if (got.verdict != known[i].want || got.score != known[i].want_score)
            fail_msg("%s: got %s %d, want %s %d", known[i].name, verdict_name(got.verdict), got.score,
                     verdict_name(known[i].want), known[i].want_score);
        struct buffer bytes = buffer_new(arena, 1 << 16);
        judgement_encode(&got, &bytes);
        if (!judgement_decode(buffer_span(&bytes), arena, &decoded))
            fail_msg("%s: does not add up", known[i].name);
        arena_free(arena);
    }
}

/* What those outside say is added to what was judged, and holds to what lists and roles decide. */
static void evidence_from_outside_is_added(void **state)
{
    static const struct {
        const char *name;
        int rules, outside;
        bool is_danger;
        enum ruling_kind kind;
        const char *role, *correspondent;
        enum verdict want;
        int want_score;
    } said[] = {
        { "a listing makes spam of unsure", 300, 250, false, RULING_NONE, "", "", VERDICT_SPAM, 550 },
        { "a good word makes ham of spam", 550, -700, false, RULING_NONE, "", "", VERDICT_HAM, -150 },
        { "nothing is added to what a list decided", 0, 900, false, RULING_ALLOWED, "", "", VERDICT_HAM, -10000 },
        { "mail to postmaster stays out of Junk", 300, 900, false, RULING_NONE, "postmaster", "", VERDICT_UNSURE, 499 },
        { "as before, when it had been held already", 900, 900, true, RULING_NONE, "abuse", "", VERDICT_UNSURE, 499 },
        { "a correspondent is kept", 300, 900, false, RULING_NONE, "", "you wrote", VERDICT_UNSURE, 499 },
        { "and goes on to be", 900, 100, false, RULING_NONE, "", "you wrote", VERDICT_UNSURE, 499 },
        { "but not with a danger", 900, 100, true, RULING_NONE, "", "you wrote", VERDICT_SPAM, 1000 },
        { "a good word for whom is kept counts from where it stood", 900, -1050, false, RULING_NONE, "", "you wrote",
          VERDICT_HAM, -150 },
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct hit rule = { "RULE", "a rule", SPAN_EMPTY, said[i].rules, false, false };
        struct hit listing = { "DNS_LIST", "a list", span_of("listed"), said[i].outside, said[i].is_danger, false };
        struct hits hits = { .items = &rule, .count = 1 }, outside = { .items = &listing, .count = 1 };
        struct ruling ruling = { .kind = said[i].kind, .detail = span_of("why"), .role = span_of(said[i].role),
                                 .correspondent = span_of(said[i].correspondent) };
        struct judgement judged, got, decoded;
        verdict_reach(&hits, NULL, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &judged);
        verdict_apply_ruling(&ruling, arena, &judged);
        struct buffer bytes = buffer_new(arena, 1 << 16), after = buffer_new(arena, 1 << 16);
        judgement_encode(&judged, &bytes);
        assert_true(judgement_decode(buffer_span(&bytes), arena, &got));
        verdict_add_evidence(&outside, arena, &got);
        if (got.verdict != said[i].want || got.score != said[i].want_score)
            fail_msg("%s: got %s %d, want %s %d", said[i].name, verdict_name(got.verdict), got.score,
                     verdict_name(said[i].want), said[i].want_score);
        judgement_encode(&got, &after);
        if (!judgement_decode(buffer_span(&after), arena, &decoded))
            fail_msg("%s: does not add up", said[i].name);
        arena_free(arena);
    }
}

static void a_refused_allow_is_a_reason_without_points(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct hits none = { 0 };
    struct ruling ruling = { .allow_refused = span_of("not hers") };
    struct judgement got;
    verdict_reach(&none, NULL, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &got);
    verdict_apply_ruling(&ruling, arena, &got);
    assert_int_equal(got.reason_count, 1);
    assert_string_equal(got.reasons[0].name, "ALLOW_NOT_APPLIED");
    assert_int_equal(got.reasons[0].points, 0);
    assert_span_is(got.reasons[0].detail, "not hers");
    assert_int_equal(got.verdict, VERDICT_UNSURE);
    arena_free(arena);
}

static void probability_goes_with_the_score(void **state)
{
    assert_true(fabs(verdict_probability(0) - 0.5) < 1e-12);
    assert_true(fabs(verdict_probability(500) - 0.99330714907) < 1e-9);
    assert_true(fabs(verdict_probability(-500) + verdict_probability(500) - 1) < 1e-12);
    assert_true(verdict_probability(100000) < 1);
    assert_true(verdict_probability(-100000) > 0);
}

static void no_opinion_is_told_from_an_undecided_one(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct hits none = { 0 };
    struct judgement got;
    verdict_reach(&none, NULL, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &got);
    assert_int_equal(got.learned, STORE_EMPTY);
    assert_int_equal(got.reason_count, 0);
    struct opinion undecided = { .state = STORE_READY, .probability = 0.5, .lessons = { 7, 9 } };
    struct features features = { .identity = { 1, 2, 3 } };
    verdict_reach(&none, &undecided, &features, &VERDICT_SETTINGS_DEFAULT, arena, &got);
    assert_int_equal(got.learned, STORE_READY);
    assert_int_equal(got.reason_count, 1);
    assert_string_equal(got.reasons[0].name, "LEARNED");
    assert_span_is(got.reasons[0].detail, "learned from 7 ham and 9 spam");
    assert_int_equal(got.identity[2], 3);
    assert_int_equal(got.lessons[LABEL_SPAM], 9);
    arena_free(arena);
}

/* As many rules as files may hold, all of them hitting: what crosses the pipe and stands in the header stays short. */
static void more_reasons_than_anybody_reads_are_one(void **state)
{
    struct arena *arena = arena_new(1 << 22);
    struct hit *items = arena_new_array(arena, struct hit, 5000);
    for (size_t i = 0; i < 5000; i++)
        items[i] = (struct hit){ i % 2 ? "LIGHT" : "LIGHTER", "a rule", SPAN_EMPTY, i < 60 ? 40 : -(int)(i % 2), false,
                                 false };
    struct hits hits = { .items = items, .count = 5000 };
    struct judgement got, read;
    verdict_reach(&hits, NULL, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &got);
    assert_true(got.reason_count < VERDICT_REASONS_MOST);
    assert_int_equal(got.score, 60 * 40 - 2470);
    assert_string_equal(got.reasons[0].name, "LIGHTER_REASONS");
    assert_true(span_is(got.reasons[0].detail, "4904 reasons that weigh less than the others"));
    assert_int_equal(got.reasons[0].points, -(2470 - 36));
    struct buffer bytes = buffer_new(arena, 1 << 20);
    judgement_encode(&got, &bytes);
    assert_true(judgement_decode(buffer_span(&bytes), arena, &read));
    arena_free(arena);
}

static void starter_knowledge_is_one_reason_and_bounded(void **state)
{
    static const struct {
        const char *name;
        double log_odds, starter, share;
        uint64_t ham, spam;
        int want_starter, want_score;
    } rows[] = {
        { "nothing learned: all of it", 0, 1.5, 1, 0, 0, 150, 150 },
        { "for ham as well", 0, -0.8, 1, 0, 0, -80, -80 },
        { "half of it", 0, 1.5, 0.5, 500, 500, 75, 75 },
        { "none of it is no reason", 3, 1.5, 0, 1000, 1000, 0, 300 },
        { "no ham known: learned and starter share one cap", 2, 2, 1, 0, 40, 50, 250 },
        { "what is learned may fill the cap alone", 9, 2, 1, 0, 40, 0, 250 },
        { "no number at all counts nothing", 0, NAN, 1, 0, 0, 0, 0 },
        { "nor does infinity", 0, INFINITY, 1, 0, 0, 0, 0 },
        { "no file makes it more than a bound", 0, -1e9, 1, 0, 0, -1000, -1000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct opinion opinion = { .state = rows[i].ham + rows[i].spam ? STORE_READY : STORE_EMPTY,
                                   .log_odds = rows[i].log_odds,
                                   .probability = 0.5,
                                   .starter = rows[i].starter,
                                   .starter_share = rows[i].share,
                                   .lessons = { rows[i].ham, rows[i].spam } };
        struct hits none = { 0 };
        struct judgement got;
        verdict_reach(&none, &opinion, NULL, &VERDICT_SETTINGS_DEFAULT, arena, &got);
        int starter = 0, sum = 0;
        bool named = false;
        for (size_t j = 0; j < got.reason_count; j++) {
            bool is_starter = strcmp(got.reasons[j].name, "STARTER") == 0;
            starter += is_starter ? got.reasons[j].points : 0;
            named = named || is_starter;
            sum += got.reasons[j].points;
        }
        if (named != (rows[i].share > 0) || starter != rows[i].want_starter || got.score != rows[i].want_score ||
            sum != got.score)
            fail_msg("%s: STARTER %d, score %d, sum %d", rows[i].name, starter, got.score, sum);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_are_as_tabled),
        cmocka_unit_test(reasons_add_up_and_are_in_order),
        cmocka_unit_test(random_evidence_adds_up_as_well),
        cmocka_unit_test(more_reasons_than_anybody_reads_are_one),
        cmocka_unit_test(lists_decide_alone_and_add_up),
        cmocka_unit_test(a_correspondent_is_not_junked_by_rules_alone),
        cmocka_unit_test(evidence_from_outside_is_added),
        cmocka_unit_test(a_refused_allow_is_a_reason_without_points),
        cmocka_unit_test(probability_goes_with_the_score),
        cmocka_unit_test(no_opinion_is_told_from_an_undecided_one),
        cmocka_unit_test(starter_knowledge_is_one_reason_and_bounded),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
