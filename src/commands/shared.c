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
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_QUIET };

static const struct command_option options[] = {
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("no summary line") },
    { NULL, 0, NULL, NULL },
};

/* --- show ------------------------------------------------------------------------------------------------------- */

static void print_facts(const struct invocation *invocation, const struct shared_facts *facts)
{
    const struct outside_settings *settings = &invocation->settings->outside;
    char made[RELAYS_TIME_TEXT];
    printf(_("folder  %s\nmade    %s of %u reports of %u users\n"), settings->shared_directory,
           relays_time(facts->made, made), facts->reports, facts->users);
    printf(_("known   %u prints of texts, %u relays, %u hosts that two users or more called spam\n"), facts->texts,
           facts->relays, facts->hosts);
    printf(_("counts  from %d users on, for %d days\n"), settings->shared_users, settings->shared_days);
}

static bool show(const struct invocation *invocation, struct failure *failure)
{
    struct shared_table table;
    if (!shared_table_open(invocation->settings->outside.shared_directory, &table, failure))
        return false;
    print_facts(invocation, &table.facts);
    shared_table_close(&table);
    return true;
}

/* --- collate ---------------------------------------------------------------------------------------------------- */

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

static bool collate(const struct invocation *invocation, struct failure *failure)
{
    const struct outside_settings *settings = &invocation->settings->outside;
    struct shared_collating collating = { .directory = settings->shared_directory, .now = (int64_t)time(NULL),
                                          .days = settings->shared_days, .subordinates = SUBORDINATES_FILE };
    struct shared_facts facts;
    if (!find_owner(settings->shared_owner, &collating, failure) || !shared_collate(&collating, &facts, failure))
        return false;
    if (!invocation->option_values[OPTION_QUIET])
        print_facts(invocation, &facts);
    return true;
}

/* --- setup ------------------------------------------------------------------------------------------------------ */

/* The table is made at once: a delivery that finds none says that it cannot tell. */
static bool set_up(const struct invocation *invocation, struct failure *failure)
{
    return shared_place_make(invocation->settings->outside.shared_directory, failure) && collate(invocation, failure);
}

/* ---------------------------------------------------------------------------------------------------------------- */

static const struct verb {
    const char *name;
    bool (*run)(const struct invocation *invocation, struct failure *failure);
} verbs[] = {
    { "show", show },
    { "collate", collate },
    { "setup", set_up },
};

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

static int run_shared(const struct invocation *invocation)
{
    const struct verb *verb = find_verb(invocation);
    struct failure failure = { 0 };
    if (!verb) {
        fprintf(stderr, _("tamis: shared takes one of show, collate and setup; `tamis shared --help` explains it\n"));
        return EX_USAGE;
    }
    if (!*invocation->settings->outside.shared_directory)
        return share_nothing(invocation, verb);
    if (shared_place_answers(invocation->settings->outside.shared_directory, &failure) &&
        verb->run(invocation, &failure))
        return fflush(stdout) == 0 ? EX_OK : EX_TEMPFAIL;
    log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    return failure_exit_status(failure.kind);
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
