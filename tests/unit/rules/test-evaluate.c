/* test-evaluate.c - points by the user's settings, details that are safe to show, giving up that is counted */
#include "unit.h"

#include <stdlib.h>

#include "rules/detail.h"
#include "rules/evaluate.h"
#include "util/limits.h"
#include "util/utf8.h"

static const char bare[] =
    "Received: from localhost (localhost [127.0.0.1]) by mx.example.net; Sun, 22 Nov 2026 10:00:00 +0000\n"
    "From: Anna <anna@example.org>\nTo: user@example.net\nSubject: lunch\nMessage-ID: <1@example.org>\n\nAt noon?\n";

static const struct hit *find(const struct hits *hits, const char *name)
{
    for (size_t i = 0; i < hits->count; i++)
        if (strcmp(hits->items[i].name, name) == 0)
            return &hits->items[i];
    return NULL;
}

static int default_points(const char *name)
{
    for (size_t i = 0; i < check_count; i++)
        if (strcmp(check_table[i]->name, name) == 0)
            return check_table[i]->points;
    return 0;
}

static void the_users_points_replace_the_defaults(void **state)
{
    static const struct {
        const char *name;
        struct score_override overrides[2];
        size_t count;
        int want; /* 0: the default */
    } cases[] = {
        { "another check's setting", { { "NO_SUBJECT", 5 } }, 1, 0 },
        { "raised", { { "NO_DATE", 730 } }, 1, 730 },
        { "turned around", { { "NO_DATE", -20 } }, 1, -20 },
        { "the last one wins", { { "NO_DATE", 1 }, { "NO_DATE", 2 } }, 2, 2 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        const struct message *message = message_parse(span_of(bare), arena);
        struct rules_settings settings = { .overrides = cases[i].overrides, .override_count = cases[i].count };
        struct hits hits;
        rules_evaluate(message, NULL, &settings, arena, &hits);
        const struct hit *hit = find(&hits, "NO_DATE");
        assert_non_null(hit);
        int want = cases[i].want ? cases[i].want : default_points("NO_DATE");
        if (hit->points != want)
            fail_msg("%s: got %d, want %d", cases[i].name, hit->points, want);
        arena_free(arena);
    }
}

static void a_host_met_seldom_is_a_hint(void **state)
{
    static const struct {
        const char *name, *list;
        int override, want; /* override 0: none */
        bool danger;
    } cases[] = {
        { "a person wrote it", "evil.example\n", 0, 500, true },
        { "met once", "evil.example  # trap 2026-11-22 1\n", 0, 150, false },
        { "met three times", "evil.example  # trap 2026-11-22 3\n", 0, 375, false },
        { "met often", "evil.example  # trap 2026-11-22 40\n", 0, 500, true },
        { "under the user's points", "evil.example  # trap 2026-11-22 1\n", 1000, 300, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        const struct message *message = message_parse(span_of("\nhttps://evil.example/ and more\n"), arena);
        struct score_override override = { "BAD_HOST", cases[i].override };
        struct rules_settings settings = { .overrides = &override, .override_count = cases[i].override != 0 };
        struct rule_context context = { .bad_hosts = span_of(cases[i].list) };
        struct hits hits;
        rules_evaluate(message, &context, &settings, arena, &hits);
        const struct hit *hit = find(&hits, "BAD_HOST");
        if (!hit || hit->points != cases[i].want || hit->danger != cases[i].danger)
            fail_msg("%s: got %d, want %d", cases[i].name, hit ? hit->points : 0, cases[i].want);
        arena_free(arena);
    }
}

static void no_points_turn_a_check_off(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct message *message = message_parse(span_of(bare), arena);
    struct score_override *overrides = calloc(check_count, sizeof *overrides);
    for (size_t i = 0; i < check_count; i++)
        overrides[i].name = check_table[i]->name;
    struct rules_settings settings = { .overrides = overrides, .override_count = check_count };
    struct hits hits;
    rules_evaluate(message, NULL, &settings, arena, &hits);
    assert_int_equal(hits.count, 0);
    free(overrides);
    arena_free(arena);
}

static void what_could_not_be_told_is_counted(void **state)
{
    /* A ZIP archive in streaming form: its members cannot be listed. */
    static const char message_text[] =
        "Date: Sun, 22 Nov 2026 10:00:00 +0000\nContent-Type: application/zip; name=\"a.zip\"\n"
        "Content-Transfer-Encoding: base64\n\n"
        "UEsDBBQACAAIAAAAAAAAAAAAAAAAAAAAAAAFAAAAYS50eHRoZWxsbw==\n";
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct hits hits;
    rules_evaluate(message_parse(span_of(message_text), arena), NULL, NULL, arena, &hits);
    assert_int_equal(hits.gave_up, 1);
    assert_null(find(&hits, "PROGRAM_IN_ARCHIVE"));
    arena_free(arena);
}

static void every_check_is_well_described(void **state)
{
    for (size_t i = 0; i < check_count; i++) {
        const struct check *check = check_table[i];
        assert_true(strspn(check->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(check->name));
        assert_true(strlen(check->name) <= 40);
        assert_true(strlen(check->description) >= 10 && strlen(check->description) <= 150);
        if (check->points == 0 || abs(check->points) > 1000)
            fail_msg("%s has %d points", check->name, check->points);
        if (check->description[strlen(check->description) - 1] == '.')
            fail_msg("%s: a description is no sentence of its own", check->name);
        assert_true(rules_known(NULL, check->name));
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(check->name, check_table[other]->name);
    }
    assert_false(rules_known(NULL, "NO_SUCH_CHECK"));
    assert_false(rules_known(NULL, ""));
}

static void quotations_are_safe_and_short(void **state)
{
    static const struct {
        const char *name, *input, *want;
    } cases[] = {
        { "plain", "r\xC3\xA9sum\xC3\xA9", "r\xC3\xA9sum\xC3\xA9" },
        { "controls", "a\x1B[2J\r\nb", "a\\u{001B}[2J\\u{000D}\\u{000A}b" },
        { "C1", "\xC2\x9B", "\\u{009B}" },
        { "direction",
          "a\xE2\x80\xAE"
          "b",
          "a\\u{202E}b" },
        { "ill-formed", "a\xFF", "a\xEF\xBF\xBD" },
        { "cut at eighty bytes", "12345678901234567890123456789012345678901234567890123456789012345678901234567890123",
          "12345678901234567890123456789012345678901234567890123456789012345678901234567890..." },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 16);
        struct buffer detail = buffer_new(arena, DETAIL_BYTES);
        detail_quote(&detail, span_of(cases[i].input));
        assert_span_is(buffer_span(&detail), cases[i].want);
        arena_free(arena);
    }
}

static void details_say_two_things_at_most(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    struct buffer detail = buffer_new(arena, DETAIL_BYTES);
    detail_say(&detail, "%s at 100% of %s, %s", span_of("%s%n"), span_of("b"));
    assert_span_is(buffer_span(&detail), "%s%n at 100% of b, %s");
    arena_free(arena);
}

/* Hostile names everywhere: whatever a check quotes is valid UTF-8 and within its size. */
static void details_hold_their_promise_for_hostile_text(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer text = buffer_new(arena, 1 << 20);
    buffer_append_string(&text, "From: \"paypal \xE2\x80\xAE\x1B[2J");
    for (int i = 0; i < 5000; i++)
        buffer_append_string(&text, "\xF0\x9F\x98\x80");
    buffer_append_string(&text, "\" <x@\xFF.example>\nSubject: AAAA BBBB CCCC \xFF\nMessage-ID: \x01\nDate: \x9B\n"
                                "Content-Type: application/pdf; name=\"a\xE2\x80\xAE.pdf.exe\"\n\nMZ\n");
    struct hits hits;
    rules_evaluate(message_parse(buffer_span(&text), arena), NULL, NULL, arena, &hits);
    assert_true(hits.count > 3);
    for (size_t i = 0; i < hits.count; i++) {
        struct span detail = hits.items[i].detail;
        assert_true(detail.length <= DETAIL_BYTES);
        assert_true(utf8_is_valid(detail));
        for (size_t at = 0; at < detail.length; at++)
            assert_true((unsigned char)detail.data[at] >= ' ' && detail.data[at] != 0x7F);
    }
    arena_free(arena);
}

static int start(void **state)
{
    message_library_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_users_points_replace_the_defaults),
        cmocka_unit_test(a_host_met_seldom_is_a_hint),
        cmocka_unit_test(no_points_turn_a_check_off),
        cmocka_unit_test(what_could_not_be_told_is_counted),
        cmocka_unit_test(every_check_is_well_described),
        cmocka_unit_test(quotations_are_safe_and_short),
        cmocka_unit_test(details_say_two_things_at_most),
        cmocka_unit_test(details_hold_their_promise_for_hostile_text),
    };
    return cmocka_run_group_tests_name("evaluate", tests, start, NULL);
}
