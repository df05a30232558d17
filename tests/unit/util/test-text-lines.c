/* test-text-lines.c - files of words: what is read of a line, and why there is no further one */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "util/text-lines.h"

static void words_and_numbers_are_what_was_asked_for(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        { "ham 12 00ff\n", true },     { "ham 12 00ff", true },  { "ham 12 00ff \n", false }, { "ham 12 00FF\n", false },
        { "ham 100 00ff\n", false },   { "ham +1 00ff\n", false }, { "ham 12\n", false },      { "ham  12 00ff\n", false },
        { "eggs 12 00ff\n", false },   { "ham 12 00f\n", false },
    };
    static const char *const names[] = { "spam", "ham" };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FILE *file = fmemopen((void *)(uintptr_t)rows[i].text, strlen(rows[i].text), "r");
        struct text_lines lines = text_lines_from(file);
        assert_true(text_lines_next(&lines));
        text_lines_name(&lines, names, 2);
        text_lines_number(&lines, 0, 99);
        text_lines_hexadecimal(&lines, 4);
        if (text_lines_done(&lines) != rows[i].good)
            fail_msg("\"%s\" is %s", rows[i].text, rows[i].good ? "refused" : "taken");
        assert_int_equal(lines.number, 1);
        assert_false(text_lines_next(&lines));
        text_lines_free(&lines);
        fclose(file);
    }
}

/* A dump that was cut is no dump; one that the disk does not give is asked for again. */
static void an_end_is_not_a_failure_to_read(void **state)
{
    struct failure failure = { 0 };
    char one[] = "one\n";
    FILE *cut = fmemopen(one, strlen(one), "r"), *unreadable = fopen("/", "re");
    assert_non_null(cut);
    assert_non_null(unreadable);
    struct text_lines lines = text_lines_from(cut);
    assert_true(text_lines_next(&lines));
    assert_false(text_lines_next(&lines));
    assert_false(text_lines_ended(&lines, "end", &failure));
    assert_int_equal(failure.kind, FAILURE_INPUT);
    assert_string_equal(failure.reason, "the dump ends after line 1, without \"end\"");
    text_lines_free(&lines);
    fclose(cut);

    lines = text_lines_from(unreadable);
    assert_false(text_lines_next(&lines));
    assert_false(text_lines_ended(&lines, "end", &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_non_null(strstr(failure.reason, "cannot read the dump after line 0"));
    text_lines_free(&lines);
    fclose(unreadable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_numbers_are_what_was_asked_for),
        cmocka_unit_test(an_end_is_not_a_failure_to_read),
    };
    return cmocka_run_group_tests_name("text-lines", tests, NULL, NULL);
}
