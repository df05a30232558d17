/* test-entry.c - what a line of a list means, and whom */
#include "unit.h"

#include "senders/entry.h"

static const struct {
    const char *line;
    enum entry_kind want;
    const char *want_local, *want_domain;
} lines[] = {
    { "anna@example.org", ENTRY_ADDRESS, "anna", "example.org" },
    { "  anna@example.org\t", ENTRY_ADDRESS, "anna", "example.org" },
    { "anna@example.org\r", ENTRY_ADDRESS, "anna", "example.org" },
    { "anna@example.org # my aunt", ENTRY_ADDRESS, "anna", "example.org" },
    { "anna@example.org\t#my aunt", ENTRY_ADDRESS, "anna", "example.org" },
    { "a#b@example.org", ENTRY_ADDRESS, "a#b", "example.org" },
    { "\"odd@part\"@example.org", ENTRY_ADDRESS, "\"odd@part\"", "example.org" },
    { "@example.org", ENTRY_DOMAIN, "", "example.org" },
    { "*@example.org", ENTRY_DOMAIN, "", "example.org" },
    { "@.example.org", ENTRY_DOMAIN_BELOW, "", "example.org" },
    { "*@.example.org", ENTRY_DOMAIN_BELOW, "", "example.org" },
    { "@b\xC3\xBC" "cher.example", ENTRY_DOMAIN, "", "xn--bcher-kva.example" },
    { "list-id:news.example.org", ENTRY_LIST_ID, "", "news.example.org" },
    { "List-Id: <news.example.org>", ENTRY_LIST_ID, "", "news.example.org" },
    { "", ENTRY_NONE, "", "" },
    { " \t\r", ENTRY_NONE, "", "" },
    { "# anna@example.org", ENTRY_NONE, "", "" },
    { "  # anna@example.org", ENTRY_NONE, "", "" },
    { "example.org", ENTRY_MISTAKEN, "", "" },
    { "@", ENTRY_MISTAKEN, "", "" },
    { "anna@", ENTRY_MISTAKEN, "", "" },
    { "@.", ENTRY_MISTAKEN, "", "" },
    { "@example..org", ENTRY_MISTAKEN, "", "" },
    { "@example.org.", ENTRY_MISTAKEN, "", "" },
    { "an*@example.org", ENTRY_MISTAKEN, "", "" },
    { "@*.example.org", ENTRY_MISTAKEN, "", "" },
    { "anna@example.org bob@example.org", ENTRY_MISTAKEN, "", "" },
    { "anna@example.org,bob@example.org", ENTRY_MISTAKEN, "", "" },
    { "Anna <anna@example.org>", ENTRY_MISTAKEN, "", "" },
    { "list-id:", ENTRY_MISTAKEN, "", "" },
    { "list-id:News of us", ENTRY_MISTAKEN, "", "" },
};

static void lines_are_read(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct entry got = entry_read(span_of(lines[i].line), arena);
        if (got.kind != lines[i].want)
            fail_msg("\"%s\": got kind %d, want %d", lines[i].line, got.kind, lines[i].want);
        assert_span_is(got.local, lines[i].want_local);
        assert_span_is(got.domain, lines[i].want_domain);
        assert_true((got.kind == ENTRY_MISTAKEN) == (got.mistake != NULL));
    }
    arena_free(arena);
}

static void what_is_too_long_is_a_mistake(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    char line[ENTRY_LONGEST + 20];
    memset(line, 'a', sizeof line);
    memcpy(line + ENTRY_LONGEST - 11, "@example.org", 12);
    assert_int_equal(entry_read(span_make(line, ENTRY_LONGEST + 1), arena).kind, ENTRY_MISTAKEN);
    assert_int_equal(entry_read(span_make(line + 1, ENTRY_LONGEST), arena).kind, ENTRY_ADDRESS);
    arena_free(arena);
}

static const struct {
    const char *entry, *local, *domain;
    bool want;
} meanings[] = {
    { "anna@example.org", "anna", "example.org", true },
    { "anna@example.org", "Anna", "EXAMPLE.org", true },
    { "anna@example.org", "ann", "example.org", false },
    { "anna@example.org", "annab", "example.org", false },
    { "anna@example.org", "anna", "mail.example.org", false },
    { "@example.org", "anyone", "example.org", true },
    { "@example.org", "anyone", "Example.Org", true },
    { "@example.org", "anyone", "mail.example.org", false },
    { "@example.org", "anyone", "badexample.org", false },
    { "@.example.org", "anyone", "example.org", true },
    { "@.example.org", "anyone", "a.mail.example.org", true },
    { "@.example.org", "anyone", "badexample.org", false },
    { "@.example.org", "anyone", "org", false },
    { "list-id:example.org", "anyone", "example.org", false },
};

static void entries_mean_whom_they_say(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        struct entry entry = entry_read(span_of(meanings[i].entry), arena);
        bool got = entry_is_address(&entry, span_of(meanings[i].local), span_of(meanings[i].domain));
        if (got != meanings[i].want)
            fail_msg("%s and %s@%s: got %d", meanings[i].entry, meanings[i].local, meanings[i].domain, got);
    }
    struct entry list = entry_read(span_of("list-id:News.example.org"), arena);
    assert_true(entry_is_list(&list, span_of("news.example.org")));
    assert_false(entry_is_list(&list, span_of("old.news.example.org")));
    arena_free(arena);
}

static void a_text_is_read_with_its_line_numbers(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct entry_reader reader =
        entry_reader_new(span_of("\xEF\xBB\xBF" "a@example.org\r\n\n# no\nwhat is this\n@example.net"), arena);
    struct entry entry;
    assert_true(entry_next(&reader, &entry));
    assert_int_equal(reader.line, 1);
    assert_span_is(entry.text, "a@example.org");
    assert_true(entry_next(&reader, &entry));
    assert_int_equal(reader.line, 4);
    assert_int_equal(entry.kind, ENTRY_MISTAKEN);
    assert_true(entry_next(&reader, &entry));
    assert_int_equal(reader.line, 5);
    assert_int_equal(entry.kind, ENTRY_DOMAIN);
    assert_false(entry_next(&reader, &entry));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(what_is_too_long_is_a_mistake),
        cmocka_unit_test(entries_mean_whom_they_say),
        cmocka_unit_test(a_text_is_read_with_its_line_numbers),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
