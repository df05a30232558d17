/* test-rule-file.c - rule files as people write them: what is read, and what is said of mistakes */
#include "unit.h"

#include <stdio.h>

#include "rules/rule-compile.h"
#include "util/buffer.h"
#include "util/limits.h"

static const uint8_t no_stamp[IMAGE_STAMP_SIZE];

#define GOOD "rule GOOD\n  describe Is good\n  points 1\n  subject words lottery\n"

/* What a text makes: names of the rules in the image, and the first mistake. */
struct outcome_of_text {
    char names[200];
    char mistake[700];
    size_t mistake_count;
};

static void read_text(struct span text, struct outcome_of_text *got)
{
    struct rule_list list = rule_list_new(arena_new(LIMIT_RULE_ARENA));
    struct rule_compiled compiled;
    struct rule_set set;
    size_t used = 0;
    rule_file_read(&list, "f", text);
    assert_true(rule_compile(&list, no_stamp, &compiled, NULL));
    assert_true(rule_set_view(compiled.image, no_stamp, &set));
    *got = (struct outcome_of_text){ .mistake_count = list.mistake_count };
    for (size_t i = 0; i < set.rule_count && used < sizeof got->names; i++)
        used += (size_t)snprintf(got->names + used, sizeof got->names - used, "%s%s", i ? " " : "",
                                 rule_set_text(&set, set.rules[i].name));
    if (list.mistakes)
        snprintf(got->mistake, sizeof got->mistake, "%s", list.mistakes->text);
    arena_free(list.arena);
}

static const struct {
    const char *name, *text, *want; /* names of the rules */
} sound[] = {
    { "nothing", "", "" },
    { "comments and empty lines", "# a\n\n   # b\n" GOOD, "GOOD" },
    { "CRLF and a byte order mark", "\xEF\xBB\xBFrule A\r\n  describe d\r\n  points 1\r\n  text /x/\r\n", "A" },
    { "tabs", "rule A\n\tdescribe\td\n\tpoints\t-1.25\n\tfolded phrases\n\t\tone two\n\t\tthree\n", "A" },
    { "no line end at the end", "rule A\n describe d\n points 1\n text exists", "A" },
    { "a part needs neither points nor description", "rule _P\n  text /x/\n", "_P" },
    { "all places",
      "rule A\n describe d\n points 1\n need any\n header From /x/\n raw-header To: /x/\n"
      " subject words a\n text exists\n"
      " folded phrases a b\n hidden missing\n url /x/\n url-host domains a.example\n attachment words *.exe\n"
      " mime /x/\n",
      "A" },
    { "all properties",
      "rule A\n describe d\n points +2\n danger\n language pt-BR\n need 1\n not count 2 of text words a b\n",
      "A" },
    { "slashes inside", "rule A\n describe d\n points 1\n url /https?://a/b/i\n", "A" },
    { "a rule and a check referred to",
      "rule A\n describe d\n points 1\n hit _P\n not hit HIDDEN_TEXT\nrule _P\n text /x/\n",
      "A _P" },
};

static void sound_files(void **state)
{
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        struct outcome_of_text got;
        read_text(span_of(sound[i].text), &got);
        if (got.mistake_count || strcmp(got.names, sound[i].want) != 0)
            fail_msg("%s: got \"%s\", %s", sound[i].name, got.names, got.mistake);
    }
}

#define HEAD "rule A\n describe d\n points 1\n"

/* Each leaves GOOD, which stands behind it, alone. */
static const struct {
    const char *name, *text;
    const char *want; /* somewhere in the mistake */
} mistaken[] = {
    { "a slip in a place", HEAD " foldet words a\n", "f:4: \"foldet\": describe, points" },
    { "says what was meant", HEAD " foldet words a\n", "did you mean \"folded\"?" },
    { "a slip in a matcher", HEAD " text phrase a\n", "f:4: \"phrase\": /expression/flags, words, phrases" },
    { "what is indented under a mistake is not told of",
      HEAD " text phrase\n   one two\n   text three\n", "did you mean" },
    { "no name", "rule\n  text /x/\n", "f:1: \"rule\": \"rule NAME\" is accepted" },
    { "small letters in a name", "rule good\n  text /x/\n", "f:1: \"rule good\"" },
    { "a line before all rules", "  text /x/\n", "f:1: this line belongs to no rule" },
    { "no points", "rule A\n  describe d\n  text /x/\n", "f:1: rule A lacks a line \"points NUMBER\"" },
    { "no description", "rule A\n  points 1\n  text /x/\n", "lacks a line \"describe TEXT\"" },
    { "no condition", HEAD, "f:1: rule A lacks a condition" },
    { "points that are none", "rule A\n points lots\n", "f:2: points \"lots\": a number from -100 to 100" },
    { "too many points", "rule A\n points 101\n", "a number from -100 to 100" },
    { "points with a comma", "rule A\n points 1,5\n", "a number from -100 to 100" },
    { "points of a part", "rule _A\n points 1\n text /x/\n", "f:2: _A is a part" },
    { "an expression without end", HEAD " text /x\n", "f:4: the expression does not end" },
    { "a flag that is none", HEAD " text /x/g\n", "f:4: \"g\" behind the expression: flags out of imsxu" },
    { "an empty expression", HEAD " text //\n", "the expression is empty" },
    { "an expression PCRE2 refuses", HEAD " text /a(b/\n", "f:4: the expression is wrong behind character 3" },
    { "an empty list", HEAD " text words\n", "f:4: the list has 0 entries: 1 are asked for" },
    { "a list too short", HEAD " count 3 of text words a b\n", "f:4: the list has 2 entries: 3 are asked for" },
    { "a count that is none", HEAD " count many of text words a b\n", "\"count N of PLACE MATCHER\" is accepted" },
    { "needs too many", HEAD " need 2\n text /x/\n", "lacks as many conditions as it needs" },
    { "a header without name", HEAD " header /x/\n", "\"/x/\" is no name of a header field" },
    { "an entry of nothing", HEAD " text words * a\n", "\"*\": a word or phrase of 1 to 200 bytes" },
    { "bytes that are no UTF-8", HEAD " text words \xE9t\xE9\n", "f:4: the line is not valid UTF-8" },
    { "twice the same name", HEAD " text /x/\n" HEAD " text /y/\n",
      "f:5: rule A: there is one of that name in line 1" },
    { "the name of a check", "rule HIDDEN_TEXT\n describe d\n points 1\n text /x/\n", "HIDDEN_TEXT is a check" },
    { "refers to nothing", HEAD " hit HIDDEN_TEXTS\n", "there is no such check or rule; did you mean HIDDEN_TEXT?" },
    { "refers to itself", HEAD " hit A\n", "f:1: rule A refers to itself" },
    { "refers to itself through another", HEAD " hit _B\nrule _B\n hit A\n", "refers to itself" },
    { "refers to a rule with a mistake", HEAD " hit _B\nrule _B\n text\n", "" },
    { "existence with a count", HEAD " count 2 of text exists\n", "\"exists\" stands alone" },
    { "control characters are shown as such", HEAD " te\x1Bxt /x/\n", "\"te\\x1Bxt\"" },
};

static void mistakes_leave_out_one_rule(void **state)
{
    for (size_t i = 0; i < sizeof mistaken / sizeof *mistaken; i++) {
        char text[1000];
        struct outcome_of_text got;
        snprintf(text, sizeof text, "%s" GOOD, mistaken[i].text);
        read_text(span_of(text), &got);
        bool rest_works = strcmp(got.names, "GOOD") == 0 || strcmp(got.names, "A GOOD") == 0;
        if (got.mistake_count == 0 || !rest_works || !strstr(got.mistake, mistaken[i].want))
            fail_msg("%s: got \"%s\", \"%s\"", mistaken[i].name, got.names, got.mistake);
    }
}

/* That there are more is said where there are, and once. */
static void mistakes_are_listed_up_to_a_limit(void **state)
{
    static const struct {
        size_t made, listed;
    } counts[] = {
        { LIMIT_RULE_MISTAKES - 1, LIMIT_RULE_MISTAKES - 1 },
        { LIMIT_RULE_MISTAKES, LIMIT_RULE_MISTAKES },
        { LIMIT_RULE_MISTAKES + 1, LIMIT_RULE_MISTAKES + 1 },
        { LIMIT_RULE_MISTAKES * 4, LIMIT_RULE_MISTAKES + 1 },
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct rule_list list = rule_list_new(arena_new(LIMIT_RULE_ARENA));
        size_t listed = 0;
        for (size_t made = 0; made < counts[i].made; made++)
            rule_list_complain(&list, "f", 1, "wrong");
        for (const struct rule_mistake *mistake = list.mistakes; mistake; mistake = mistake->next)
            listed++;
        if (listed != counts[i].listed)
            fail_msg("%zu mistakes: got %zu, want %zu", counts[i].made, listed, counts[i].listed);
        assert_int_equal(strstr(list.last_mistake->text, "there are more mistakes") != NULL,
                         counts[i].made > LIMIT_RULE_MISTAKES);
        arena_free(list.arena);
    }
}

/* A rule of a later file takes the place of an earlier one, when it has no mistake. */
static void later_files_win(void **state)
{
    struct rule_list list = rule_list_new(arena_new(LIMIT_RULE_ARENA));
    struct rule_compiled compiled;
    struct rule_set set;
    static const char *const files[] = { "shipped", "own" };
    rule_file_read(&list, files[0], span_of(HEAD " text /x/\nrule B\n describe d\n points 1\n text /x/\n"));
    rule_file_read(&list, files[1], span_of("rule A\n describe d\n points 4\n text /y/\nrule B\n points x\n"));
    assert_true(rule_compile(&list, no_stamp, &compiled, NULL));
    assert_true(rule_set_view(compiled.image, no_stamp, &set));
    assert_int_equal(set.rule_count, 2);
    assert_int_equal(rule_set_find(&set, "A")->points, 400);
    assert_int_equal(rule_set_find(&set, "B")->points, 100);
    arena_free(list.arena);
}

/* Whatever is in a file, reading it ends, and says a limited number of things. */
static void hostile_files_end(void **state)
{
    static const struct {
        const char *name, *head, *piece;
    } files[] = {
        { "100,000 rules", "", "rule A\n describe d\n points 1\n text /x/\n" },
        { "one line", HEAD " text words", " word" },
        { "one word", HEAD " text words ", "w" },
        { "an endless list", HEAD " text words\n", "  a\n" },
        { "endless conditions", HEAD, " text /x/\n" },
        { "endless parts that need each other", "", "rule _A\n hit _A\n" },
        { "mistakes only", "", "x\n" },
        { "mistakes in a rule", HEAD, " x\n" },
        { "brackets", HEAD " text /", "(" },
        { "bytes", "", "\xFF\xFE\n" },
        { "indented more and more", HEAD " text words\n", "                                       a\n" },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct arena *arena = arena_new(8 << 20);
        struct buffer text = buffer_new(arena, LIMIT_RULE_FILE_BYTES);
        struct outcome_of_text got;
        buffer_append_string(&text, files[i].head);
        while (!text.truncated)
            buffer_append_string(&text, files[i].piece);
        read_text(buffer_span(&text), &got);
        if (got.mistake_count == 0)
            fail_msg("%s: no mistake", files[i].name);
        arena_free(arena);
    }
    struct outcome_of_text got;
    read_text(span_make("rule\0A\n", 7), &got);
    assert_string_equal(got.mistake, "f: this is no text file, it holds a NUL byte: it is ignored");
}

/* Names of many rules, in a chain of references. */
static void long_chains_are_cut(void **state)
{
    struct arena *arena = arena_new(4 << 20);
    struct buffer text = buffer_new(arena, 1 << 20);
    struct rule_list list = rule_list_new(arena_new(LIMIT_RULE_ARENA));
    struct rule_compiled compiled;
    struct rule_set set;
    for (unsigned i = 0; i < 4000; i++)
        buffer_append_format(&text, "rule _P%u\n hit _P%u\n", i, i + 1);
    buffer_append_string(&text, "rule _P4000\n text /x/\n");
    rule_file_read(&list, "f", buffer_span(&text));
    assert_true(rule_compile(&list, no_stamp, &compiled, NULL));
    assert_true(rule_set_view(compiled.image, no_stamp, &set));
    assert_int_equal(set.rule_count, LIMIT_RULE_DEPTH);
    arena_free(list.arena);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_files),
        cmocka_unit_test(mistakes_leave_out_one_rule),
        cmocka_unit_test(mistakes_are_listed_up_to_a_limit),
        cmocka_unit_test(later_files_win),
        cmocka_unit_test(hostile_files_end),
        cmocka_unit_test(long_chains_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
