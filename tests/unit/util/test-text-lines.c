/* test-text-lines.c - files of words: what is read of a line, and why there is no further one */
#include "config.h" /* fopencookie */

#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/text-lines.h"

static void words_and_numbers_are_what_was_asked_for(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        { "ham 12 00ff\n", true },     { "ham 12 00ff", true },  { "ham 12 00ff \n", false },
        { "ham 12 00FF\n", false },
        { "ham 100 00ff\n", false },   { "ham +1 00ff\n", false }, { "ham 12\n", false },
        { "ham  12 00ff\n", false },
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

static ssize_t fail_to_read(void *cookie, char *buffer, size_t size)
{
    (void)buffer, (void)size;
    errno = *(const int *)cookie;
    return errno ? -1 : 0;
}

/* A dump that was cut is no dump, nor is a folder; one that the disk does not give is asked for again. */
static void an_end_is_not_a_failure_to_read(void **state)
{
    static const struct {
        int error; /* behind no line at all */
        enum failure_kind kind;
        const char *ended, *fail;
    } rows[] = {
        { 0, FAILURE_INPUT, "the dump ends after line 0, without \"end\"", "line 0: not a line of pairs" },
        { EISDIR, FAILURE_INPUT, "cannot read the dump after line 0: ", "cannot read the dump after line 0: " },
        { EIO, FAILURE_TEMPORARY, "cannot read the dump after line 0: ", "cannot read the dump after line 0: " },
        { ENOMEM, FAILURE_TEMPORARY, "cannot read the dump after line 0: ", "cannot read the dump after line 0: " },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int error = rows[i].error;
        struct failure ended = { 0 }, failed = { 0 };
        FILE *file = fopencookie(&error, "r", (cookie_io_functions_t){ .read = fail_to_read });
        struct text_lines lines = text_lines_from(file);
        assert_false(text_lines_next(&lines));
        assert_false(text_lines_ended(&lines, "end", &ended));
        assert_false(text_lines_fail(&lines, "pairs", &failed));
        if (ended.kind != rows[i].kind || failed.kind != rows[i].kind || !strstr(ended.reason, rows[i].ended) ||
            !strstr(failed.reason, rows[i].fail))
            fail_msg("%s: got \"%s\" and \"%s\"", strerror(error), ended.reason, failed.reason);
        text_lines_free(&lines);
        fclose(file);
    }
}

/* What the file gives, one piece a read: bytes, or an error where there is none. */
struct pieces {
    const struct {
        const char *text;
        int error;
    } items[6];
    size_t at;
};

static ssize_t read_piece(void *cookie, char *buffer, size_t size)
{
    struct pieces *pieces = cookie;
    const char *text = pieces->items[pieces->at].text;
    int error = pieces->items[pieces->at].error;
    if (!text && !error)
        return 0;
    pieces->at++;
    if (error) {
        errno = error;
        return -1;
    }
    assert_true(strlen(text) <= size);
    memcpy(buffer, text, strlen(text));
    return (ssize_t)strlen(text);
}

static void a_line_is_read_whole_or_not_at_all(void **state)
{
    static const struct {
        struct pieces pieces;
        const char *lines[3];
        int error;
    } rows[] = {
        { { { { "one\ntw", 0 }, { "o\n", 0 } }, 0 }, { "one", "two" }, 0 },
        { { { { "one\ntw", 0 }, { NULL, EINTR }, { "o\n", 0 } }, 0 }, { "one", "two" }, 0 },
        { { { { "one\nt", 0 }, { NULL, EINTR }, { "w", 0 }, { NULL, EINTR }, { "o\n", 0 } }, 0 }, { "one", "two" }, 0 },
        { { { { NULL, EINTR }, { "one\n", 0 }, { NULL, EINTR } }, 0 }, { "one" }, 0 },
        { { { { "one\ntw", 0 }, { NULL, EINTR } }, 0 }, { "one", "tw" }, 0 },
        { { { { "one\ntw", 0 }, { NULL, EIO } }, 0 }, { "one" }, EIO },
        { { { { "one\ntw", 0 }, { NULL, EINTR }, { NULL, EIO } }, 0 }, { "one" }, EIO },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pieces pieces = rows[i].pieces;
        FILE *file = fopencookie(&pieces, "r", (cookie_io_functions_t){ .read = read_piece });
        struct text_lines lines = text_lines_from(file);
        for (size_t j = 0; rows[i].lines[j]; j++) {
            assert_true(text_lines_next(&lines));
            assert_string_equal(text_lines_word(&lines), rows[i].lines[j]);
        }
        assert_false(text_lines_next(&lines));
        assert_int_equal(lines.error, rows[i].error);
        text_lines_free(&lines);
        fclose(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_numbers_are_what_was_asked_for),
        cmocka_unit_test(an_end_is_not_a_failure_to_read),
        cmocka_unit_test(a_line_is_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests_name("text-lines", tests, NULL, NULL);
}
