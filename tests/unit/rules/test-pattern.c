/* test-pattern.c - expressions match, are refused with a reason, survive being written, and give up in time */
#include "unit.h"

#include "rules/pattern.h"
#include "util/buffer.h"

static const struct {
    const char *name, *flags, *expression, *text;
    const char *want; /* what matches; NULL: nothing does */
} cases[] = {
    { "plain", "", "viagra", "buy viagra now", "viagra" },
    { "case counts", "", "viagra", "VIAGRA", NULL },
    { "or does not", "i", "viagra", "VIAGRA", "VIAGRA" },
    { "case of other letters", "i", "\303\211T\303\211", "\303\251t\303\251", "\303\251t\303\251" },
    { "alternatives stay together", "", "b|viagra", "xyz viagra", "viagra" },
    { "lines", "m", "^b$", "a\nb\nc", "b" },
    { "no lines", "", "^b$", "a\nb\nc", NULL },
    { "dot and line ends", "s", "a.b", "a\nb", "a\nb" },
    { "white space and a comment at the end", "x", "via gra # medicine", "viagra", "viagra" },
    { "words of ASCII", "", "\\w+", "\303\251t", "t" },
    { "words of all languages", "u", "\\w+", "\303\251t", "\303\251t" },
    { "looks behind", "", "(?<=a)b", "ab", "b" },
    { "an empty text", "", "^$", "", "" },
};

static void expressions(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct failure failure = { 0 };
        struct pattern *pattern = pattern_compile(span_of(cases[i].expression), cases[i].flags, false, &failure);
        struct pattern_runs *runs = pattern_runs_start();
        struct span found = SPAN_EMPTY;
        size_t from = 0;
        assert_non_null(pattern);
        enum outcome got = pattern_find(runs, pattern, span_of(cases[i].text), &from, &found);
        if (got != (cases[i].want ? OUTCOME_HIT : OUTCOME_SILENT))
            fail_msg("%s: outcome %d", cases[i].name, (int)got);
        if (cases[i].want && !span_is(found, cases[i].want))
            fail_msg("%s: got \"%.*s\"", cases[i].name, (int)found.length, found.data);
        pattern_runs_end(&runs);
        pattern_free(&pattern);
    }
}

static void a_nul_byte_is_a_byte(void **state)
{
    struct pattern *pattern = pattern_compile(span_make("a\0b", 3), "", false, NULL);
    struct pattern_runs *runs = pattern_runs_start();
    struct span found;
    size_t from = 0;
    assert_non_null(pattern);
    assert_int_equal(pattern_find(runs, pattern, span_of("a"), &from, &found), OUTCOME_SILENT);
    from = 0;
    assert_int_equal(pattern_find(runs, pattern, span_make("xa\0b", 4), &from, &found), OUTCOME_HIT);
    pattern_runs_end(&runs);
    pattern_free(&pattern);
}

static void mistakes_have_a_reason(void **state)
{
    static const struct {
        const char *name, *expression;
    } wrong[] = {
        { "not closed", "(a" },
        { "closed too often", "a)(b" },
        { "nothing to repeat", "*a" },
        { "single bytes", "\\C" },
        { "limits lifted by the expression", "(*LIMIT_MATCH=4000000000)a" },
        { "another encoding", "(*UTF)a" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct failure failure = { 0 };
        struct pattern *pattern = pattern_compile(span_of(wrong[i].expression), "", false, &failure);
        if (pattern || failure.kind != FAILURE_CONFIGURATION || !strstr(failure.reason, "behind character"))
            fail_msg("%s: \"%s\"", wrong[i].name, failure.reason);
    }
}

static void matches_follow_each_other(void **state)
{
    struct pattern *pattern = pattern_compile(span_of("a*"), "", false, NULL);
    struct pattern_runs *runs = pattern_runs_start();
    struct span text = span_of("aa\303\251a"), found;
    size_t from = 0, count = 0;
    while (count < 20 && pattern_find(runs, pattern, text, &from, &found) == OUTCOME_HIT)
        count++;
    assert_int_equal(count, 4); /* "aa", "" before the e, "a", "" at the end */
    pattern_runs_end(&runs);
    pattern_free(&pattern);
}

static void written_ones_work_when_read_back(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct pattern *patterns[3], *copies[3];
    static const char *const expressions[] = { "viagra", "(a|b)+c", "^\\d{3}" };
    for (size_t i = 0; i < 3; i++)
        patterns[i] = pattern_compile(span_of(expressions[i]), "", false, NULL);
    struct span bytes = pattern_encode(patterns, 3, arena);
    assert_true(bytes.length > 0);
    for (size_t i = 0; i < 3; i++)
        pattern_free(&patterns[i]);
    assert_false(pattern_decode(bytes, copies, 2));
    assert_true(pattern_decode(bytes, copies, 3));
    struct pattern_runs *runs = pattern_runs_start();
    struct span found;
    size_t from = 0;
    assert_int_equal(pattern_find(runs, copies[1], span_of("xxabac"), &from, &found), OUTCOME_HIT);
    assert_span_is(found, "abac");
    pattern_runs_end(&runs);
    for (size_t i = 0; i < 3; i++)
        pattern_free(&copies[i]);
    arena_free(arena);
}

/* Each gives up, on text that is made for it, and says so. */
static void hostile_pairs_give_up(void **state)
{
    static const struct {
        const char *name, *expression, *piece;
    } pairs[] = {
        { "nested quantifiers", "(a+)+$", "a" },
        { "the same in every attempt", "(?:a|b|ab)*[cd]", "ab" },
        { "many attempts, none of which is too long", "(?:ab)*[cd]", "ab" },
        { "recursion", "(a(?1)?b?)*[cd]", "a" },
        { "back-references", "(.+)\\1+(.+)\\2+[xy]", "ab" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct arena *arena = arena_new(4 << 20);
        struct buffer text = buffer_new(arena, 300000);
        while (!text.truncated)
            buffer_append_string(&text, pairs[i].piece);
        struct pattern *pattern = pattern_compile(span_of(pairs[i].expression), "", false, NULL);
        struct pattern_runs *runs = pattern_runs_start();
        struct span found;
        size_t from = 0;
        enum outcome got = pattern_find(runs, pattern, span_make(text.data, text.length - 1), &from, &found);
        if (got == OUTCOME_SILENT)
            fail_msg("%s: said no without knowing", pairs[i].name);
        pattern_runs_end(&runs);
        pattern_free(&pattern);
        arena_free(arena);
    }
}

static void matches_across_windows(void **state)
{
    struct arena *arena = arena_new(4 << 20);
    struct buffer text = buffer_new(arena, 100000);
    while (text.length < PATTERN_WINDOW - 3)
        buffer_append_byte(&text, '.');
    buffer_append_string(&text, "vi\303\251gra at the border");
    while (text.length < 60000)
        buffer_append_byte(&text, '.');
    buffer_append_string(&text, "end");
    static const struct {
        const char *expression;
        enum outcome want;
    } looks[] = {
        { "vi\303\251gra", OUTCOME_HIT },
        { "end$", OUTCOME_HIT },
        { "\\.$", OUTCOME_SILENT }, /* the end of a window is no end */
        { "(?<=v)i\303\251gra", OUTCOME_HIT },
        { "\\A\\.", OUTCOME_HIT },
        { "\\Aend", OUTCOME_SILENT },
    };
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct pattern *pattern = pattern_compile(span_of(looks[i].expression), "", false, NULL);
        struct pattern_runs *runs = pattern_runs_start();
        struct span found;
        size_t from = 0;
        if (pattern_find(runs, pattern, buffer_span(&text), &from, &found) != looks[i].want)
            fail_msg("%s", looks[i].expression);
        pattern_runs_end(&runs);
        pattern_free(&pattern);
    }
    arena_free(arena);
}

static void all_runs_together_are_bounded(void **state)
{
    struct arena *arena = arena_new(4 << 20);
    struct span text = span_make(arena_alloc(arena, 1 << 20), 1 << 20);
    struct pattern *pattern = pattern_compile(span_of("x"), "", true, NULL);
    struct pattern_runs *runs = pattern_runs_start();
    struct span found;
    size_t count = 0;
    enum outcome got = OUTCOME_SILENT;
    for (; got == OUTCOME_SILENT && count < 100; count++) {
        size_t from = 0;
        got = pattern_find(runs, pattern, text, &from, &found);
    }
    assert_int_equal(got, OUTCOME_COULD_NOT_TELL);
    assert_true(count > 5 && count < 20);
    pattern_runs_end(&runs);
    pattern_free(&pattern);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions),
        cmocka_unit_test(a_nul_byte_is_a_byte),
        cmocka_unit_test(mistakes_have_a_reason),
        cmocka_unit_test(matches_follow_each_other),
        cmocka_unit_test(written_ones_work_when_read_back),
        cmocka_unit_test(hostile_pairs_give_up),
        cmocka_unit_test(matches_across_windows),
        cmocka_unit_test(all_runs_together_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
