/* doctor.c - `tamis doctor`: does learning work, and what is to be done when it does not
 *
 * Learning that stopped makes no noise: the hook of a mail server that is not called, a timer that nobody started, a
 * state directory that belongs to root since somebody tried something.  doctor.h says how to add a check.
 */
#include "commands/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/terminal-look.h"
#include "mailbox/name-record.h"
#include "util/file.h"
#include "util/translate.h"

enum { OPTION_JSON, OPTION_QUIET, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_JSON] = { "json", 'j', NULL, N_("one JSON object") },
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("only problems; nothing when there is none") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

enum { STATUS_FINE = 0, STATUS_SOMETHING_TO_DO = 1 };

/* In the order of what they say: what others rest on comes first. */
static const struct {
    const char *subject;
    void (*run)(struct doctor *doctor);
} checks[] = {
    { "settings", doctor_check_settings },
    { "state", doctor_check_state },
    { "maildir", doctor_check_maildir },
    { "folders", doctor_check_folders },
    { "keywords", doctor_check_keywords },
    { "packing", doctor_check_packing },
    { "learning", doctor_check_learning },
    { "history", doctor_check_history },
    { "senders", doctor_check_senders },
    { "relearn", doctor_check_relearn },
    { "hook", doctor_check_hook },
    { "expire", doctor_check_expire },
    { "shared", doctor_check_shared },
    { "timer", doctor_check_timer },
    { "sandbox", doctor_check_sandbox },
};

/* --- for checks --------------------------------------------------------------------------------------------------- */

void doctor_find(struct doctor *doctor, enum finding_state state, const char *format, ...)
{
    /* A table this long has been overrun by one check; its last line is then as good as another. */
    doctor->count += doctor->count < FINDINGS_AT_MOST;
    struct finding *finding = &doctor->findings[doctor->count - 1];
    *finding = (struct finding){ .state = state, .subject = doctor->subject };
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, translate(format), arguments);
    va_end(arguments);
}

void doctor_advise(struct doctor *doctor, const char *format, ...)
{
    struct finding *finding = &doctor->findings[doctor->count - 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->remedy, sizeof finding->remedy, translate(format), arguments);
    va_end(arguments);
}

const char *doctor_ago(const struct doctor *doctor, int64_t when, char out[DOCTOR_AGO])
{
    int64_t seconds = doctor->now - when;
    if (seconds < 2 * 60 * 60)
        snprintf(out, DOCTOR_AGO, _("%lld minutes ago"), (long long)(seconds < 0 ? 0 : seconds / 60));
    else if (seconds < 2 * DOCTOR_DAY)
        snprintf(out, DOCTOR_AGO, _("%lld hours ago"), (long long)(seconds / 3600));
    else
        snprintf(out, DOCTOR_AGO, _("%lld days ago"), (long long)(seconds / DOCTOR_DAY));
    return out;
}

bool doctor_ran_in_future(struct doctor *doctor, const char *what, int64_t when)
{
    if (when <= doctor->now + DOCTOR_DAY)
        return false;
    doctor_find(doctor, STATE_PROBLEM, "tamis %s ran in the future: the clock was, or is, wrong", what);
    doctor_advise(doctor, "set the clock, then run tamis %s", what);
    return true;
}

bool doctor_in_state(const struct doctor *doctor, const char *name, char path[PATH_MAX])
{
    return file_join(path, PATH_MAX, doctor->settings->state_directory, name);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

/* Runs all checks; true: no problem. */
static bool look(struct doctor *doctor)
{
    bool fine = true;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        doctor->subject = checks[i].subject;
        checks[i].run(doctor);
    }
    for (size_t i = 0; i < doctor->count; i++)
        fine = fine && doctor->findings[i].state != STATE_PROBLEM;
    return fine;
}

static void write_text(const struct doctor *doctor, bool problems_only, struct buffer *out)
{
    struct terminal_look look;
    terminal_look_find(NULL, &look);
    doctor_write_text(doctor, problems_only, look.for_people ? &look.terminal : NULL, out);
}

static int run_doctor(const struct invocation *invocation)
{
    const char *const *given = invocation->option_values;
    if (given[OPTION_ALL_USERS])
        return each_user_run(invocation, given[OPTION_ALL_USERS]);
    if (invocation->operand_count) {
        fprintf(stderr, _("tamis: doctor takes no operands\n"));
        return EX_USAGE;
    }
    struct arena *arena = arena_new(NAME_RECORD_ARENA);
    struct doctor *doctor = arena_new_object(arena, struct doctor);
    *doctor = (struct doctor){ .settings = invocation->settings, .config = invocation->config, .arena = arena,
                               .now = (int64_t)time(NULL) };
    bool fine = look(doctor);
    struct buffer out = buffer_new(arena, (size_t)1024 * 1024);
    if (given[OPTION_JSON])
        doctor_write_json(doctor, fine, &out);
    else if (!fine || !given[OPTION_QUIET])
        write_text(doctor, given[OPTION_QUIET] != NULL, &out);
    fwrite(out.data, 1, out.length, stdout);
    arena_free(arena);
    return fine ? STATUS_FINE : STATUS_SOMETHING_TO_DO;
}

static bool always(const struct invocation *invocation)
{
    (void)invocation;
    return true;
}

const struct command command_doctor = {
    .name = "doctor",
    .summary = N_("Say whether learning works, and what to do when it does not"),
    .operands = "",
    .details = N_("Looks and changes nothing.\n\n"
                  "Exit status: 0 all is well; 1 there is something to do, and the lines \"to do\" say what.\n"),
    .options = options,
    .without_places = true,
    .without_state = true,
    .says_mistakes = always,
    .run = run_doctor,
};
