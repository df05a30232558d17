/* test-words.c - what is accepted as an address of a service, as a command, and as points of exit statuses */
#include "unit.h"

#include "outside/check-answers.h"
#include "outside/program.h"
#include "outside/stream.h"

struct word {
    const char *text;
    bool sound;
};

static void hold(bool (*is_sound)(const char *text), const struct word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_sound(words[i].text) != words[i].sound)
            fail_msg("\"%.60s\" is %s", words[i].text, words[i].sound ? "refused" : "accepted");
}

#define HOLD(function, words) hold(function, words, sizeof(words) / sizeof *(words))

static void addresses_are_as_tabled(void **state)
{
    static const struct word words[] = {
        { "", true },
        { "unix:/run/clamav/clamd.ctl", true },
        { "/run/clamav/clamd.ctl", true },
        { "127.0.0.1:3310", true },
        { "[::1]:3310", true },
        { "unix:", false },
        { "unix:clamd.ctl", false },
        { "clamd.ctl", false },
        { "127.0.0.1", false },
        { "127.0.0.1:", false },
        { "127.0.0.1:0", false },
        { "127.0.0.1:65536", false },
        { "127.0.0.1:33x0", false },
        { "localhost:3310", false },
        { "::1:3310", false },
        { "[::1]", false },
        { "[::1]3310", false },
        { "[::1", false },
        { "/01234567890123456789012345678901234567890123456789"
          "01234567890123456789012345678901234567890123456789012345678",
          false },
    };
    HOLD(stream_address_is_sound, words);
}

static void commands_are_as_tabled(void **state)
{
    static const struct word words[] = {
        { "/usr/bin/razor-check", true },
        { "/usr/bin/dccproc -Q -C", true },
        { "\"/opt/my filter/run\" \"two words\"", true },
        { "/bin/x \"\"", true },
        { "", false },
        { "  ", false },
        { "razor-check", false },
        { "./razor-check", false },
        { "/", false },
        { "/bin/x \"unclosed", false },
        { "/bin/x 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0", true },
        { "/bin/x 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1", false },
    };
    HOLD(program_command_is_sound, words);
}

static void exits_are_as_tabled(void **state)
{
    static const struct word words[] = {
        { "", true },     { "0=3", true },    { "0=3, 1=-0.25", true }, { "255=1", true },   { "256=1", false },
        { "-1=1", false }, { "0=", false },   { "=3", false },          { "0=3=4", false }, { "0=101", false },
        { "0=100.01", false }, { "0=-100", true },
    };
    static const struct {
        const char *exits;
        int status;
        bool says;
        int points;
    } cases[] = {
        { "0=3 1=-0.25", 0, true, 300 },
        { "0=3 1=-0.25", 1, true, -25 },
        { "0=3 1=-0.25", 2, false, 0 },
        { "1=2 1=4", 1, true, 200 },
        { "", 0, false, 0 },
    };
    HOLD(check_exits_are_sound, words);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int points = 0;
        assert_int_equal(check_exits_points(cases[i].exits, cases[i].status, &points), cases[i].says);
        if (cases[i].says)
            assert_int_equal(points, cases[i].points);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_as_tabled),
        cmocka_unit_test(commands_are_as_tabled),
        cmocka_unit_test(exits_are_as_tabled),
    };
    return cmocka_run_group_tests_name("words of the settings outside", tests, NULL, NULL);
}
