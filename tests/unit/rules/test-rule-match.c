/* test-rule-match.c - rules meet messages: places, matchers, combinations, and what is told of a hit */
#include "unit.h"

#include <stdio.h>

#include "rules/evaluate.h"
#include "rules/rule-compile.h"
#include "rules/rule-match.h"
#include "util/buffer.h"
#include "util/limits.h"

static const uint8_t no_stamp[IMAGE_STAMP_SIZE];

/* The message of most cases. */
static const char letter[] =
    "From: \"Bank of Africa\" <a@free.example>\n"
    "To: user@example.net\n"
    "X-Twice: one\n"
    "X-Twice: two\n"
    "Subject: =?utf-8?q?Un_m=C3=A9dicament?= for YOU\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n"
    "\n"
    "--b\n"
    "Content-Type: text/html; charset=utf-8\n"
    "\n"
    "<p>Dear friend, the next\n of   KIN has <b>million</b> dollars.</p><p>L\342\200\231argent: cash, cashiers.</p>\n"
    "<p>\xD0\xA1lick <a href=\"https://pay.login.example/a?b=1\">here</a></p>\n"
    "<p>\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97</p>\n"
    "<div style=\"display:none\">secret words</div>\n"
    "--b\n"
    "Content-Type: application/zip; name=\"Invoice.PDF.exe\"\n"
    "Content-Disposition: attachment; filename=\"Invoice.PDF.exe\"\n"
    "\n"
    "x\n"
    "--b--\n";

struct set_up {
    struct rule_list list;
    struct rule_set set;
    struct arena *arena;
    const struct message *message;
    struct hits hits;
};

/* Runs the rules; `rules` is the body of a rule file. */
static void set_up(struct set_up *up, const char *rules, struct span message, const struct score_override *overrides,
                   size_t override_count)
{
    struct rule_compiled compiled;
    up->list = rule_list_new(arena_new(LIMIT_RULE_ARENA));
    up->arena = arena_new(LIMIT_MESSAGE_ARENA);
    rule_file_read(&up->list, "f", span_of(rules));
    assert_true(rule_compile(&up->list, no_stamp, &compiled, NULL));
    if (up->list.mistakes)
        fail_msg("%s", up->list.mistakes->text);
    assert_true(rule_set_view(compiled.image, no_stamp, &up->set));
    up->message = message_parse(message, up->arena);
    struct rules_settings settings = { .overrides = overrides, .override_count = override_count, .rules = &up->set };
    rules_evaluate(up->message, NULL, &settings, up->arena, &up->hits);
}

static void tear_down(struct set_up *up)
{
    arena_free(up->list.arena);
    arena_free(up->arena);
}

static const struct hit *find(const struct set_up *up, const char *name)
{
    for (size_t i = 0; i < up->hits.count; i++)
        if (strcmp(up->hits.items[i].name, name) == 0)
            return &up->hits.items[i];
    return NULL;
}

#define RULE "rule R\n describe Is so\n points 1\n "

static const struct {
    const char *name, *rules;
    const char *want; /* the detail; NULL: no hit */
} cases[] = {
    /* lists */
    { "a word", RULE "folded words dollars", "Is so: \"dollars\"" },
    { "a word is no part of another", RULE "folded words cashier", NULL },
    { "a star lets it go on", RULE "folded words cashier*", "Is so: \"cashier\"" },
    { "and begin earlier", RULE "folded words *shiers", "Is so: \"shiers\"" },
    { "case, white space and line ends of phrases", RULE "folded phrases\n  NEXT OF  kin", "Is so: \"next of kin\"" },
    { "across elements of one line", RULE "folded phrases\n  million dollars", "Is so: \"million dollars\"" },
    { "the subject belongs to it", RULE "folded words m\303\251dicament", "Is so: \"m\303\251dicament\"" },
    { "and is no part of the text", RULE "text words m\303\251dicament", NULL },
    { "a look-alike letter", RULE "folded phrases\n  click here", "Is so: \"click here\"" },
    { "a curved apostrophe", RULE "folded words l'argent", "Is so: \"l'argent\"" },
    { "a script without spaces", RULE "folded words \xE6\x96\x87", "Is so: \"\xE6\x96\x87\"" },
    { "as many as asked for", RULE "count 2 of folded words cash dollars lottery", "Is so: \"dollars\", \"cash\"" },
    { "fewer", RULE "count 3 of folded words cash dollars lottery", NULL },
    { "the same twice counts once", RULE "count 2 of folded words cash Cash", NULL },
    { "three findings are told", RULE "folded words cash dollars million friend",
      "Is so: \"friend\", \"million\", \"dollars\"" },
    { "lists fold every place", RULE "header From words \"bank\"", "Is so: \"bank\"" },
    { "what only begins alike", RULE "folded phrases\n  next of king\n  dear friends", NULL },
    { "domains", RULE "url-host domains login.example", "Is so: \"login.example\"" },
    { "domains with a dot", RULE "url-host domains .login.example", "Is so: \"login.example\"" },
    { "domains end where a name does", RULE "url-host domains ogin.example", NULL },
    { "and where the host does", RULE "url-host domains pay.login", NULL },
    /* expressions */
    { "an expression", RULE "text /mill(ion|iard)s?/", "Is so: \"million\"" },
    { "with an anchor that is not there", RULE "text /lottery|jackpot/", NULL },
    { "without anchors", RULE "text /[Dd]o[l]+ars/", "Is so: \"dollars\"" },
    { "folded text is in small letters", RULE "folded /KIN/", NULL },
    { "number of matches", RULE "count 2 of text /cash/", "Is so: \"cash\"" },
    { "not so many", RULE "count 3 of text /cash/", NULL },
    { "in all fields of a name", RULE "header X-Twice /^two$/", "Is so: \"two\"" },
    { "matches of all of them", RULE "count 2 of header x-twice /^.../", "Is so: \"two\"" },
    { "decoded header", RULE "header Subject /M\303\211dicament/i", "Is so: \"m\303\251dicament\"" },
    { "raw header", RULE "raw-header Subject /=C3=A9/", "Is so: \"=C3=A9\"" },
    { "subject", RULE "subject /YOU$/", "Is so: \"YOU\"" },
    { "hidden text", RULE "hidden /secret/", "Is so: \"secret\"" },
    { "is not seen", RULE "text /secret/", NULL },
    { "links", RULE "url /\\?b=\\d/", "Is so: \"?b=1\"" },
    { "hosts", RULE "url-host /^pay\\./", "Is so: \"pay.\"" },
    { "files", RULE "attachment /\\.pdf\\.exe$/i", "Is so: \".PDF.exe\"" },
    { "types", RULE "mime /zip/", "Is so: \"zip\"" },
    /* existence */
    { "a field is there", RULE "header X-Twice exists", "" },
    { "or not", RULE "header X-Thrice exists", NULL },
    { "is missing", RULE "header X-Thrice missing", "" },
    { "is not missing", RULE "attachment missing", NULL },
    /* combinations */
    { "all, when nothing is said", RULE "text /cash/\n text /lottery/", NULL },
    { "any", RULE "need any\n text /lottery/\n text /cash/", "Is so: \"cash\"" },
    { "a number", RULE "need 2\n text /lottery/\n text /cash/\n subject exists", "Is so: \"cash\"" },
    { "too few", RULE "need 2\n text /lottery/\n text /cash/\n subject missing", NULL },
    { "not", RULE "text /cash/\n not text /lottery/", "Is so: \"cash\"" },
    { "not, and it is so", RULE "text /million/\n not text /cash/", NULL },
    { "a part", RULE "hit _P\nrule _P\n text /cash/", "" },
    { "a part that stands first", "rule _P\n text /lottery/\n" RULE "hit _P", NULL },
    { "not a part", RULE "not hit _P\nrule _P\n text /lottery/", "" },
    { "a check", RULE "hit HIDDEN_TEXT", NULL },
    { "another check", RULE "hit DOUBLE_EXTENSION", "" },
};

static void rules_hit_or_not(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct set_up up;
        set_up(&up, cases[i].rules, span_of(letter), NULL, 0);
        const struct hit *hit = find(&up, "R");
        if (!hit != !cases[i].want)
            fail_msg("%s: %s", cases[i].name, hit ? "hits" : "does not hit");
        if (hit && !span_is(hit->detail, cases[i].want))
            fail_msg("%s: got \"%.*s\"", cases[i].name, (int)hit->detail.length, hit->detail.data);
        if (find(&up, "_P"))
            fail_msg("%s: a part is told of", cases[i].name);
        assert_int_equal(up.hits.gave_up, 0);
        tear_down(&up);
    }
}

static void the_users_points_count(void **state)
{
    static const struct score_override overrides[] = { { "R", 250 }, { "OFF", 0 } };
    struct set_up up;
    set_up(&up,
           RULE "text /cash/\nrule OFF\n describe d\n points 1\n danger\n text /cash/\n"
                "rule D\n describe d\n points -1\n danger\n text /cash/\nrule H\n describe d\n points 1\n hit OFF\n",
           span_of(letter), overrides, 2);
    assert_int_equal(find(&up, "R")->points, 250);
    assert_false(find(&up, "R")->danger);
    assert_int_equal(find(&up, "D")->points, -100);
    assert_true(find(&up, "D")->danger);
    assert_null(find(&up, "OFF"));
    assert_null(find(&up, "H"));
    assert_true(rules_known(&up.set, "R"));
    assert_true(rules_known(&up.set, "HIDDEN_TEXT"));
    assert_false(rules_known(&up.set, "S"));
    tear_down(&up);
}

/* 100 KB of one piece. */
static struct span long_letter(struct arena *arena, const char *piece)
{
    struct buffer text = buffer_new(arena, 100000);
    buffer_append_string(&text, "Subject: x\n\n");
    while (!text.truncated)
        buffer_append_string(&text, piece);
    return buffer_span(&text);
}

/* Not to know is neither yes nor no, unless the rest decides. */
static void giving_up_is_no_answer(void **state)
{
    static const struct {
        const char *name, *rules;
        bool hits;
        size_t gave_up;
    } looks[] = {
        { "alone", RULE "text /(a+)+[cd]/", false, 1 },
        { "turned round", RULE "not text /(a+)+[cd]/", false, 1 },
        { "another condition fails", RULE "text /(a+)+[cd]/\n subject missing", false, 0 },
        { "another condition is enough", RULE "need any\n text /(a+)+[cd]/\n subject exists", true, 0 },
        { "through a part", RULE "not hit _P\nrule _P\n text /(a+)+[cd]/", false, 1 },
    };
    struct arena *arena = arena_new(1 << 20);
    struct span message = long_letter(arena, "a");
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct set_up up;
        set_up(&up, looks[i].rules, message, NULL, 0);
        if ((find(&up, "R") != NULL) != looks[i].hits || up.hits.gave_up != looks[i].gave_up)
            fail_msg("%s: %s, gave up %zu times", looks[i].name, find(&up, "R") ? "hits" : "does not hit",
                     up.hits.gave_up);
        tear_down(&up);
    }
    arena_free(arena);
}

/* Text that is written against lists: it ends, and what is there is found. */
static void hostile_text_is_read(void **state)
{
    static const char *const pieces[] = { "a",        "next of ki", " \t", "\xE2\x80",
                                          "aaaaaaa ", "n e x t",    "\xF0\x9F\x92\xB0" };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct span message = long_letter(arena, pieces[i]);
        struct set_up up;
        set_up(&up,
               RULE "folded phrases\n  next of kin\n  aaaaaaaa*\n"
                    "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n"
                    "rule S\n describe d\n points 1\n subject words x\n",
               message, NULL, 0);
        assert_non_null(find(&up, "S"));
        assert_int_equal(find(&up, "R") != NULL, i == 0);
        tear_down(&up);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_hit_or_not),
        cmocka_unit_test(the_users_points_count),
        cmocka_unit_test(giving_up_is_no_answer),
        cmocka_unit_test(hostile_text_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
