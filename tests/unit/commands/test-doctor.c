/* test-doctor.c - what the doctor says of a shared folder in each state, and when a table is too old */
#include "outside/shared-folder.h"

#include "commands/doctor.h"
#include "outside/shared-collation.h"

#define DAYS DOCTOR_DAY

/* What is done to a sound folder, by the shell, in it; how long after it was made; and the first that is said. */
static const struct {
    const char *done;
    int64_t later; /* seconds */
    enum finding_state want;
    const char *says;
} cases[] = {
    { "true", 0, STATE_FINE, "what 0 users share was last counted 0 minutes ago" },
    { "true", 3 * DAYS, STATE_FINE, "what 0 users share was last counted 3 days ago" },
    { "true", 3 * DAYS + 1, STATE_PROBLEM, "what users share was last counted 3 days ago" },
    { "true", -DAYS - 1, STATE_PROBLEM, "tamis shared collate ran in the future" },
    { "rm -r ../shared", 0, STATE_PROBLEM, "cannot be looked at: No such file or directory" },
    { "chmod 775 .", 0, STATE_PROBLEM, "is open to others (mode 775)" },
    { "chmod 757 .", 0, STATE_PROBLEM, "is open to others (mode 757)" },
    { "chmod 0733 reports", 0, STATE_PROBLEM, "users can list or remove what others report (mode 0733)" },
    { "chmod 1777 reports", 0, STATE_PROBLEM, "users can list or remove what others report (mode 1777)" },
    { "chmod 1730 reports", 0, STATE_FINE, "what 0 users share" }, /* to a group */
    { "rm -r reports", 0, STATE_PROBLEM, "/reports: No such file or directory" },
    { "rm key", 0, STATE_PROBLEM, "cannot open the shared file key" },
    { "echo garbage >key", 0, STATE_PROBLEM, "the key of the shared folder is damaged" },
    { "rm table", 0, STATE_PROBLEM, "cannot open the shared file table" },
    { "echo garbage >table", 0, STATE_PROBLEM, "the shared table is damaged" },
    { "mkfifo fifo && mv fifo table", 0, STATE_PROBLEM, "is no regular file" },
};

static void make_table(void)
{
    const struct shared_collating collating = { .directory = folder, .now = NOW, .days = 30,
                                                .subordinates = path_in("subuid") };
    struct shared_facts facts;
    struct failure failure = { 0 };
    if (!shared_collate(&collating, &facts, &failure))
        fail_msg("%s", failure.reason);
}

static void shared_folders(void **state)
{
    static struct doctor doctor;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char command[200];
        const struct settings settings = { .outside = { .shared_directory = folder, .shared_owner = "" } };
        assert_int_equal(make_folder(state), 0);
        make_table();
        snprintf(command, sizeof command, "cd '%s' && %s", folder, cases[i].done);
        assert_int_equal(system(command), 0); /* our own, from the table above */
        doctor = (struct doctor){ .settings = &settings, .now = NOW + cases[i].later };
        doctor_check_shared(&doctor);
        const struct finding *first = &doctor.findings[0];
        if (doctor.count == 0 || first->state != cases[i].want || !strstr(first->text, cases[i].says))
            fail_msg("%s: %zu findings, first \"%s\"", cases[i].done, doctor.count, first->text);
        for (size_t j = 0; j < doctor.count; j++)
            if ((doctor.findings[j].state == STATE_PROBLEM) != (doctor.findings[j].remedy[0] != '\0'))
                fail_msg("%s: \"%s\" and to do: \"%s\"", cases[i].done, first->text, first->remedy);
        remove_folder(state);
    }
}

static void nothing_shared(void **state)
{
    static struct doctor doctor;
    const struct settings settings = { .outside = { .shared_directory = "", .shared_owner = "" } };
    (void)state;
    doctor.settings = &settings;
    doctor_check_shared(&doctor);
    assert_int_equal(doctor.count, 0);
}

/* In a pipe a line each; at a terminal none is wider than that, and each text goes on below itself. */
static void findings_fit_the_terminal(void **state)
{
    static struct doctor doctor = {
        .findings = { { .state = STATE_FINE, .subject = "maildir", .text = "there" },
                      { .state = STATE_PROBLEM,
                        .subject = "relearn",
                        .text = "has never run \033[2J here",
                        .remedy = "run it every night with a timer" } },
        .count = 2,
    };
    static const struct {
        struct terminal terminal; /* width 0: a pipe */
        const char *want;
    } rows[] = {
        { { .width = 0 }, "ok       maildir   there\n"
                          "problem  relearn   has never run \\u{001B}[2J here\n"
                          "                   to do: run it every night with a timer\n" },
        { { .width = 44 }, "ok       maildir   there\n"
                           "problem  relearn   has never run \\u{001B}[2J\n"
                           "                   here\n"
                           "                   to do: run it every night\n"
                           "                          with a timer\n" },
        { { .width = 110, .colour = true }, "\033[36mok\033[0m       maildir   there\n"
                                            "\033[31mproblem\033[0m  relearn   has never run \\u{001B}[2J here\n"
                                            "                   to do: run it every night with a timer\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new((size_t)1 << 20);
        struct buffer out = buffer_new(arena, 4096);
        doctor_write_text(&doctor, false, rows[i].terminal.width ? &rows[i].terminal : NULL, &out);
        assert_span_is(buffer_span(&out), rows[i].want);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_folders),
        cmocka_unit_test(nothing_shared),
        cmocka_unit_test(findings_fit_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
