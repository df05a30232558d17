/* test-judgement.c - a judgement survives the pipe, and nothing else gets through it */
#include "unit.h"

#include <stdlib.h>

#include "util/utf8.h"
#include "verdict/verdict.h"

#define SAID(text)            \
    {                         \
        text, sizeof text - 1 \
    }

static const struct reason some_reasons[] = {
    { "PROGRAM_ATTACHED", "has a program attached", SAID("the attachment \"r\xC3\xA9sum\xC3\xA9.exe\" would run"),
      500 },
    { "LEARNED", "what you have taught", { NULL, 0 }, -300 },
    { "NO_DATE", "has no Date field", { NULL, 0 }, 100 },
};

static struct judgement some_judgement(void)
{
    struct judgement judgement = {
        .verdict = VERDICT_UNSURE,
        .score = 300,
        .required = 500,
        .unsure = 250,
        .probability = verdict_probability(300),
        .reasons = some_reasons,
        .reason_count = 3,
        .learned = STORE_READY,
        .learned_probability = 0.0474,
        .lessons = { 120, 80 },
        .relay = UINT64_C(0xFEDCBA9876543210),
        .arrived = 1795348800,
        .from = { { [10] = 0xFF, [11] = 0xFF, [12] = 192, [13] = 0, [14] = 2, [15] = 7 } },
        .held = HELD_FOR_ROLE,
        .questions = span_of("relay 203.0.113.7\n"),
    };
    for (size_t i = 0; i < sizeof judgement.identity; i++)
        judgement.identity[i] = (uint8_t)(17 * i);
    return judgement;
}

static struct span encoded(const struct judgement *judgement, struct arena *arena)
{
    struct buffer out = buffer_new(arena, 1 << 16);
    judgement_encode(judgement, &out);
    return buffer_span(&out);
}

static void what_goes_in_comes_out(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct judgement want = some_judgement(), got;
    assert_true(judgement_decode(encoded(&want, arena), arena, &got));
    assert_int_equal(got.verdict, want.verdict);
    assert_int_equal(got.score, want.score);
    assert_int_equal(got.required, want.required);
    assert_int_equal(got.unsure, want.unsure);
    assert_true(got.probability == want.probability);
    assert_true(got.learned_probability == want.learned_probability);
    assert_int_equal(got.learned, want.learned);
    assert_int_equal(got.lessons[0], 120);
    assert_int_equal(got.lessons[1], 80);
    assert_true(got.relay == want.relay);
    assert_true(got.arrived == want.arrived);
    assert_memory_equal(&got.from, &want.from, sizeof got.from);
    assert_int_equal(got.held, want.held);
    assert_true(span_equal(got.questions, want.questions));
    assert_memory_equal(got.identity, want.identity, sizeof want.identity);
    assert_int_equal(got.reason_count, want.reason_count);
    for (size_t i = 0; i < want.reason_count; i++) {
        assert_string_equal(got.reasons[i].name, want.reasons[i].name);
        assert_string_equal(got.reasons[i].description, want.reasons[i].description);
        assert_true(span_equal(got.reasons[i].detail, want.reasons[i].detail));
        assert_int_equal(got.reasons[i].points, want.reasons[i].points);
    }
    arena_free(arena);
}

/* Each change makes a judgement that verdict_reach() could not have made. */
static void lie_verdict(struct judgement *j)
{
    j->verdict = VERDICT_SPAM;
}
static void lie_score(struct judgement *j)
{
    j->score = 301;
    j->probability = verdict_probability(301);
}
static void lie_probability(struct judgement *j)
{
    j->probability = 0.5;
}
static void lie_learned(struct judgement *j)
{
    j->learned_probability = 1.5;
}
static void lie_state(struct judgement *j)
{
    j->learned = (enum store_state)99;
}
static void lie_count(struct judgement *j)
{
    j->reason_count = 2;
}

static void lie_text(struct judgement *j, struct reason changed)
{
    static struct reason reasons[3];
    memcpy(reasons, some_reasons, sizeof reasons);
    reasons[0] = changed;
    j->reasons = reasons;
}
static void lie_name(struct judgement *j)
{
    lie_text(j, (struct reason){ "X\r\nBcc: a", "d", SPAN_EMPTY, 500 });
}
static void lie_no_name(struct judgement *j)
{
    lie_text(j, (struct reason){ "", "d", SPAN_EMPTY, 500 });
}
static void lie_control(struct judgement *j)
{
    lie_text(j, (struct reason){ "A", "d", span_of("\x1B[2J"), 500 });
}
static void lie_c1(struct judgement *j)
{
    lie_text(j, (struct reason){ "A", "d",
                                 span_of("\xC2\x9B"
                                         "2J"),
                                 500 });
}
static void lie_utf8(struct judgement *j)
{
    lie_text(j, (struct reason){ "A", "d", span_of("caf\xE9 x"), 500 });
}
static void lie_order(struct judgement *j)
{
    static struct reason reasons[3];
    reasons[0] = some_reasons[1], reasons[1] = some_reasons[0], reasons[2] = some_reasons[2];
    j->reasons = reasons;
}

static void lies_are_refused(void **state)
{
    static const struct {
        const char *name;
        void (*lie)(struct judgement *judgement);
    } lies[] = {
        { "verdict", lie_verdict }, { "score", lie_score },     { "probability", lie_probability },
        { "learned", lie_learned }, { "state", lie_state },     { "count", lie_count },
        { "name", lie_name },       { "no name", lie_no_name }, { "control", lie_control },
        { "C1 control", lie_c1 },   { "UTF-8", lie_utf8 },      { "order", lie_order },
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct judgement judgement = some_judgement(), got;
        assert_true(judgement_decode(encoded(&judgement, arena), arena, &got));
        lies[i].lie(&judgement);
        if (judgement_decode(encoded(&judgement, arena), arena, &got))
            fail_msg("a lie about the %s was believed", lies[i].name);
        arena_free(arena);
    }
}

static void every_truncation_and_extension_is_refused(void **state)
{
    struct arena *arena = arena_new(1 << 22);
    struct judgement judgement = some_judgement(), got;
    struct span whole = encoded(&judgement, arena);
    assert_true(judgement_decode(whole, arena, &got));
    for (size_t length = 0; length < whole.length; length++) {
        /* A copy of exactly that size on the heap, so that a look past its end is seen by the sanitizers. */
        char *copy = malloc(length ? length : 1);
        memcpy(copy, whole.data, length);
        if (judgement_decode(span_make(copy, length), arena, &got))
            fail_msg("the first %zu of %zu bytes were believed", length, whole.length);
        free(copy);
    }
    struct buffer longer = buffer_new(arena, 1 << 16);
    buffer_append(&longer, whole);
    buffer_append_byte(&longer, 0);
    assert_false(judgement_decode(buffer_span(&longer), arena, &got));
    arena_free(arena);
}

/* What was decoded out of damaged bytes must hold every promise of a judgement, whatever it says. */
static void assert_holds_its_promises(const struct judgement *got)
{
    int64_t sum = 0;
    assert_in_range(got->verdict, VERDICT_HAM, VERDICT_SPAM);
    assert_in_range(got->learned, STORE_READY, STORE_UNUSABLE);
    assert_true(got->probability >= 0 && got->probability <= 1);
    for (size_t i = 0; i < got->reason_count; i++) {
        sum += got->reasons[i].points;
        assert_true(strlen(got->reasons[i].name) > 0);
        assert_true(utf8_is_valid(got->reasons[i].detail));
        assert_true(utf8_is_valid(span_of(got->reasons[i].description)));
    }
    assert_int_equal(sum, got->score);
}

static void flipped_bits_never_break_a_promise(void **state)
{
    struct arena *first = arena_new(1 << 20);
    struct judgement judgement = some_judgement();
    struct span whole = encoded(&judgement, first);
    size_t refused = 0, tried = 0;
    char *copy = malloc(whole.length);
    for (size_t bit = 0; bit < whole.length * 8; bit++) {
        struct arena *arena = arena_new(1 << 20);
        struct judgement got;
        memcpy(copy, whole.data, whole.length);
        copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << (bit % 8)));
        if (judgement_decode(span_make(copy, whole.length), arena, &got))
            assert_holds_its_promises(&got);
        else
            refused++;
        tried++;
        arena_free(arena);
    }
    assert_true(refused > tried / 4
                && refused
                       < tried); /* flips inside free text, counts of lessons and the identity pass, and do no harm */
    free(copy);
    arena_free(first);
}

static void random_bytes_never_break_a_promise(void **state)
{
    srand(7);
    struct arena *first = arena_new(1 << 20);
    struct judgement judgement = some_judgement();
    struct span whole = encoded(&judgement, first);
    char *copy = malloc(whole.length);
    for (int round = 0; round < 20000; round++) {
        struct arena *arena = arena_new(1 << 20);
        struct judgement got;
        memcpy(copy, whole.data, whole.length);
        for (int changes = rand() % 8; changes >= 0; changes--)
            copy[(size_t)rand() % whole.length] = (char)rand();
        if (judgement_decode(span_make(copy, whole.length), arena, &got))
            assert_holds_its_promises(&got);
        arena_free(arena);
    }
    free(copy);
    arena_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(lies_are_refused),
        cmocka_unit_test(every_truncation_and_extension_is_refused),
        cmocka_unit_test(flipped_bits_never_break_a_promise),
        cmocka_unit_test(random_bytes_never_break_a_promise),
    };
    return cmocka_run_group_tests_name("judgement", tests, NULL, NULL);
}
