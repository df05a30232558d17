/* test-log.c - no text forges a log line or moves a cursor */
#include "config.h"

#include "unit.h"

#include <stdio.h>

#include "util/log.h"

#define TEXT(bytes) bytes, sizeof(bytes) - 1

static const struct {
    const char *name, *text;
    size_t length;
    const char *want;
} cases[] = {
    { "plain", TEXT("lunch"), "lunch" },
    { "newline", TEXT("a\ntamis: forged"), "a\\x0Atamis: forged" },
    { "carriage return", TEXT("a\rb"), "a\\x0Db" },
    { "NUL", TEXT("a\0b"), "a\\x00b" },
    { "escape", TEXT("\33[2J"), "\\x1B[2J" },
    { "DEL", TEXT("a\177"), "a\\x7F" },
    { "C1 control, which terminals obey", TEXT("\302\2332J"), "\\xC2\\x9B2J" },
    { "C1 as a byte", TEXT("\2332J"), "\\x9B2J" },
    { "UTF-8 stays", TEXT("caf\303\251 \344\275\240"), "caf\303\251 \344\275\240" },
    { "cut UTF-8", TEXT("\344\275"), "\\xE4\\xBD" },
    { "wrong UTF-8", TEXT("\377\376"), "\\xFF\\xFE" },
    { "too long for a line", TEXT("0123456789012345678901234567890123456789"), "0123456789012345678901234567890" },
};

static void control_characters_are_escaped(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[32];
        log_escape(cases[i].text, cases[i].length, out, sizeof out);
        if (strcmp(out, cases[i].want) != 0)
            fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name, out, cases[i].want);
    }
}

static char line[LOG_LINE_MOST];

static void keep_line(void *context, enum log_severity severity, const char *text)
{
    snprintf(line, sizeof line, "%d %s", severity, text);
}

static void every_line_is_escaped(void **state)
{
    log_divert(keep_line, NULL);
    log_line(LOG_SEVERITY_ERROR, "subject \"%s\"", "a\nb\33c");
    log_divert(NULL, NULL);
    assert_string_equal(line, "0 subject \"a\\x0Ab\\x1Bc\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(every_line_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
