/* test-anchors.c - what must stand in a text for an expression to match, and when nothing is known */
#include "unit.h"

#include "rules/anchors.h"
#include "util/buffer.h"

static const struct {
    const char *name, *flags, *expression, *want; /* the anchors, apart by '|'; "" when nothing is known */
} cases[] = {
    { "plain text", "", "viagra", "viagra" },
    { "capitals are small, white space is one space", "", "Buy  NOW", "buy now" },
    { "too short", "", "ab", "" },
    { "alternatives", "", "viagra|cialis", "viagra|cialis" },
    { "one alternative without text", "", "viagra|\\d+", "" },
    { "a group between", "", "buy (?:cheap|free) pills", " pills" },
    { "a group is better than a short run", "", "a(?:cheap|free)b", "cheap|free" },
    { "a question mark makes the last character optional", "", "colou?rs", "colo" },
    { "a star does too", "", "viagrax*", "viagra" },
    { "a plus keeps it, on both sides", "", "gooo+gle", "gooo" },
    { "behind a plus", "", "o+gleeee", "ogleeee" },
    { "least number 0 in braces", "", "abcd{0,3}", "abc" },
    { "least number 2 in braces", "", "abcd{2}", "abcd" },
    { "an optional group proves nothing", "", "(?:viagra)?", "" },
    { "a group that may be repeated", "", "(viagra)+", "viagra" },
    { "a class ends a run", "", "v[i1]agra", "agra" },
    { "a class that begins with a bracket", "", "x[]a]agra", "agra" },
    { "a class with a name in it", "", "x[[:alpha:]]agra", "agra" },
    { "a dot", "", "million.dollars", "million" },
    { "escaped signs are text", "", "\\$\\$\\$", "$$$" },
    { "an escaped letter ends a run", "", "next\\s+of\\s+kin", "next" },
    { "a word boundary does not", "", "next\\b of", "next of" },
    { "anchors do not", "", "^from me$", "from me" },
    { "what is looked ahead at need not be in the match", "", "(?=viagra)", "" },
    { "nor what must not be there", "", "abc(?!viagra)", "abc" },
    { "flags inside are beyond it", "", "(?i)viagra", "" },
    { "a condition is beyond it", "", "(a)?(?(1)viagra|cialis)", "" },
    { "quoting is beyond it", "", "\\Qviagra\\E", "" },
    { "braces that are no quantifier are beyond it", "", "viagra{,3}", "" },
    { "a name", "", "(?<word>viagra)", "viagra" },
    { "an atomic group", "", "(?>viagra)", "viagra" },
    { "hexadecimal", "", "\\x41\\x{42}gra", "gra" },
    { "a property", "", "\\p{Lu}\\pLviagra", "viagra" },
    { "a property in small letters", "", "\\pcviagra", "viagra" },
    { "a property of another letter is beyond it", "", "\\pqviagra", "" },
    { "a reference back", "", "(.)\\1viagra", "viagra" },
    { "white space under x", "x", "via gra # medicine", "viagra" },
    { "a quantifier behind white space under x", "x", "viagra ?", "viagr" },
    { "escaped white space under x", "x", "via\\ gra", "via gra" },
    { "letters with accents", "", "m\303\251dicament", "m\303\251dicament" },
    { "which have other forms when case does not count", "i", "m\303\251dicament", "dicament" },
    { "a curved apostrophe is a straight one", "", "l\342\200\231argent", "l'argent" },
    { "not closed", "", "(viagra", "" },
    { "closed too often", "", "viagra)", "" },
    { "ends with a backslash", "", "viagra\\", "" },
    { "nothing", "", "", "" },
};

static void known_anchors(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct anchors anchors;
        struct buffer got = buffer_new(arena, 1000);
        anchors_find(span_of(cases[i].expression), cases[i].flags, arena, &anchors);
        for (size_t a = 0; a < anchors.count; a++) {
            if (a)
                buffer_append_byte(&got, '|');
            buffer_append(&got, anchors.items[a]);
        }
        if (!span_is(buffer_span(&got), cases[i].want))
            fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].name, (int)got.length, got.data ? got.data : "",
                     cases[i].want);
        arena_free(arena);
    }
}

/* Deep and long expressions end, and are not believed in. */
static void hostile_expressions_end(void **state)
{
    static const char *const pieces[] = { "(", "(a|", "[", "a{", "\\", "(?<", "|", "a+", "(?:a)" };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *arena = arena_new(16 << 20);
        struct buffer expression = buffer_new(arena, 8000);
        while (!expression.truncated)
            buffer_append_string(&expression, pieces[i]);
        struct anchors anchors;
        anchors_find(buffer_span(&expression), "", arena, &anchors);
        assert_true(anchors.count <= ANCHORS_MOST);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_anchors),
        cmocka_unit_test(hostile_expressions_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
