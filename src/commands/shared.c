/* shared.c - `tamis shared`: what users of this host tell each other of spam: its folder, its table, its figures */
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "commands/command.h"
#include "commands/relays-export.h"
#include "outside/shared-collation.h"
#include "outside/shared-place.h"
#include "outside/shared-table.h"
#include "outside/subordinates.h"
#include "util/child.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_QUIET };

static const struct command_option options[] = {
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("no summary line") },
    { NULL, 0, NULL, NULL },
};

/* --- in a process of its own -------------------------------------------------------------------------------------- */

static bool show(const struct outside_settings *settings, struct shared_facts *facts, struct failure *failure)
{
    struct shared_table table;
    if (!shared_table_open(settings->shared_directory, &table, failure))
        return false;
    *facts = table.facts;
    shared_table_close(&table);
    return true;
}

static bool find_owner(const char *name, struct shared_collating *collating, struct failure *failure)
{
    if (!*name)
        return true;
    const struct passwd *owner = getpwnam(name);
    if (!owner)
        return failure_set(failure, FAILURE_CONFIGURATION, "shared_owner = %s: there is no such user", name);
    collating->virtual_owner = owner->pw_uid;
    collating->has_virtual_owner = true;
    return true;
}

static bool collate(const struct outside_settings *settings, struct shared_facts *facts, struct failure *failure)
{
    struct shared_collating collating = { .directory = settings->shared_directory, .now = (int64_t)time(NULL),
                                          .days = settings->shared_days, .subordinates = SUBORDINATES_FILE };
    return find_owner(settings->shared_owner, &collating, failure) && shared_collate(&collating, facts, failure);
}

/* The table is made at once: a delivery that finds none says that it cannot tell. */
static bool set_up(const struct outside_settings *settings, struct shared_facts *facts, struct failure *failure)
{
    return shared_place_make(settings->shared_directory, failure) && collate(settings, facts, failure);
}

/* ---------------------------------------------------------------------------------------------------------------- */

/* Counting takes seconds; but what else the night has to do waits for it. */
#define COLLATING_MILLISECONDS (3600 * 1000)
/* The names of a million files and what so many users reported are 300 MB, and once more that while they grow. */
#define MEMORY_BYTES ((size_t)1024 * 1024 * 1024)

static const struct verb {
    const char *name;
    bool (*run)(const struct outside_settings *settings, struct shared_facts *facts, struct failure *failure);
    int milliseconds; /* that it may take */
} verbs[] = {
    { "show", show, SHARED_ANSWER_MILLISECONDS },
    { "collate", collate, COLLATING_MILLISECONDS },
    { "setup", set_up, COLLATING_MILLISECONDS },
};

struct shared_work {
    const struct verb *verb;
    const struct outside_settings *settings;
};

/* What came of it, by the pipe. */
struct shared_outcome {
    struct shared_facts facts;
    struct failure failure; /* FAILURE_NONE: done */
};

static int run_in_child(struct child *child, void *context)
{
    const struct shared_work *work = context;
    struct shared_outcome outcome = { .failure.kind = FAILURE_NONE };
    work->verb->run(work->settings, &outcome.facts, &outcome.failure);
    return child_write(child, &outcome, sizeof outcome) ? 0 : 1;
}

/* A folder on a server that answered at first can stop at any file. */
static bool run_verb(const struct verb *verb, const struct outside_settings *settings, struct shared_facts *facts,
                     struct failure *failure)
{
    struct shared_work work = { verb, settings };
    const struct child_limits limits = { .wall_milliseconds = verb->milliseconds,
                                         .cpu_seconds = verb->milliseconds / 1000,
                                         .memory_bytes = MEMORY_BYTES, .reaches_out = true };
    struct shared_outcome outcome;
    struct child_answer answer = child_run(NULL, run_in_child, &work, &limits);
    bool told = answer.end == CHILD_ANSWERED && answer.length == sizeof outcome;
    if (told)
        memcpy(&outcome, answer.bytes, sizeof outcome);
    told = told && outcome.failure.kind <= FAILURE_DEFECT;
    if (told)
        *facts = outcome.facts;
    else if (answer.end == CHILD_LATE)
        failure_set(failure, FAILURE_TEMPORARY, "the shared folder %s does not answer", settings->shared_directory);
    else
        failure_set(failure, FAILURE_TEMPORARY, "%s: %s", settings->shared_directory, answer.why.reason);
    child_answer_free(&answer);
    return told && (outcome.failure.kind == FAILURE_NONE ||
                    failure_set(failure, outcome.failure.kind, "%.*s", (int)sizeof outcome.failure.reason - 1,
                                outcome.failure.reason));
}

static void print_facts(const struct outside_settings *settings, const struct shared_facts *facts)
{
    char made[RELAYS_TIME_TEXT];
    printf(_("folder  %s\nmade    %s of %u reports of %u users\n"), settings->shared_directory,
           relays_time(facts->made, made), facts->reports, facts->users);
    printf(_("known   %u prints of texts, %u relays, %u hosts that two users or more called spam\n"), facts->texts,
           facts->relays, facts->hosts);
    printf(_("counts  from %d users on, for %d days\n"), settings->shared_users, settings->shared_days);
}

static const struct verb *find_verb(const struct invocation *invocation)
{
    const char *name = invocation->operand_count ? invocation->operands[0] : "show";
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(name, verbs[i].name) == 0 && invocation->operand_count <= 1)
            return &verbs[i];
    return NULL;
}

/* That nothing is to be shared is no mistake of who runs this every night. */
static int share_nothing(const struct invocation *invocation, const struct verb *verb)
{
    if (!invocation->option_values[OPTION_QUIET])
        puts(_("shared_dir is not set: nothing is shared"));
    return verb->run == set_up ? EX_CONFIG : EX_OK;
}

/* What may take an hour is not begun where nothing answers; the rest finds that out by itself, in the same time. */
static bool answers(const struct verb *verb, const struct outside_settings *settings, struct failure *failure)
{
    return verb->milliseconds <= SHARED_ANSWER_MILLISECONDS ||
           shared_place_answers(settings->shared_directory, failure);
}

static int run_shared(const struct invocation *invocation)
{
    const struct verb *verb = find_verb(invocation);
    const struct outside_settings *settings = &invocation->settings->outside;
    struct failure failure = { 0 };
    struct shared_facts facts;
    if (!verb) {
        fprintf(stderr, _("tamis: shared takes one of show, collate and setup; `tamis shared --help` explains it\n"));
        return EX_USAGE;
    }
    if (!*settings->shared_directory)
        return share_nothing(invocation, verb);
    if (!answers(verb, settings, &failure) || !run_verb(verb, settings, &facts, &failure)) {
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
        return failure_exit_status(failure.kind);
    }
    if (verb->run == show || !invocation->option_values[OPTION_QUIET])
        print_facts(settings, &facts);
    return fflush(stdout) == 0 ? EX_OK : EX_TEMPFAIL;
}

const struct command command_shared = {
    .name = "shared",
    .summary = N_("Let users of this host share what they call spam"),
    .operands = "[show|collate|setup]",
    .details =
        N_("  show      what is shared, in figures (the default)\n"
           "  collate   count the reports of all users, and make the table anew that deliveries ask: every night,\n"
           "            as root, or as the owner of virtual mailboxes\n"
           "  setup     make the folder that the setting shared_dir names\n\n"
           "Exit status: 0 done, or nothing is shared; 64 usage; 75 try again, or the folder is damaged; 77 not\n"
           "allowed; 78 a setting is wrong.\n"),
    .options = options,
    .of_no_user = true,
    .without_rules = true,
    .run = run_shared,
};
