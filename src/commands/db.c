/* db.c - `tamis db`: care for the learned state */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "store/store.h"
#include "util/log.h"
#include "util/translate.h"

struct action {
    const char *name;
    const char *summary;
    bool names_engine; /* takes the name of an engine behind its own */
    bool (*run)(const struct store_options *options, const char *engine, struct failure *failure);
};

static bool run_check(const struct store_options *options, const char *engine, struct failure *failure)
{
    struct store_check_result result = { 0 };
    if (!store_check(options, &result, failure))
        return false;
    printf(_("state            %s\n"
             "rows             %" PRIu64 ", %" PRIu64 " of them bad\n"
             "messages learned %" PRIu64 "\n"
             "pairs            %" PRIu64 " of %" PRIu64 " slots used\n"),
           store_state_name(result.state), result.rows, result.bad_rows, result.ledger_entries, result.pairs_used,
           result.pair_slots);
    /* Of files; a server keeps no journal of ours. */
    if (result.bytes)
        printf(_("journal          %" PRIu64 " records, %" PRIu64 " bytes\n"
                 "on disk          %" PRIu64 " bytes\n"),
               result.journal_records, result.journal_bytes, result.bytes);
    if (result.rebuild_needed || result.bad_rows)
        return failure_set(failure, FAILURE_DAMAGED, "%s needs `tamis db rebuild`", options->directory);
    return true;
}

static bool run_rebuild(const struct store_options *options, const char *engine, struct failure *failure)
{
    uint64_t lost = 0;
    if (!store_rebuild(options, &lost, failure))
        return false;
    if (lost)
        printf(_("rebuilt; %" PRIu64 " lessons of the journal could not be read\n"), lost);
    else
        printf(_("rebuilt, nothing lost\n"));
    return true;
}

static bool run_dump(const struct store_options *options, const char *engine, struct failure *failure)
{
    return store_dump(options, STDOUT_FILENO, failure);
}

static bool run_load(const struct store_options *options, const char *engine, struct failure *failure)
{
    return store_load(options, STDIN_FILENO, failure);
}

static bool run_compact(const struct store_options *options, const char *engine, struct failure *failure)
{
    return store_compact(options, failure);
}

static bool run_copy(const struct store_options *options, const char *engine, struct failure *failure)
{
    struct store_options to = *options;
    to.engine = strcmp(engine, "tokyocabinet") == 0 ? NULL : engine;
    bool to_redis = to.engine != NULL;
    if ((to_redis && strcmp(engine, "redis") != 0) || to_redis == (options->engine != NULL))
        return failure_set(failure, FAILURE_USAGE,
                           "copy to what? It takes the one of tokyocabinet and redis that \"store\" does not say");
    return store_copy(options, &to, failure);
}

static const struct action actions[] = {
    { "check", "read everything and say what is wrong; change nothing", false, run_check },
    { "dump", "write the whole state to stdout as text", false, run_dump },
    { "load", "read a dump from stdin into an empty state", false, run_load },
    { "rebuild", "make the tables again from snapshot and journal", false, run_rebuild },
    { "compact", "take a snapshot and empty the journal", false, run_compact },
    { "copy", "copy the state into an empty one of the other engine", true, run_copy },
};

static const struct action *find_action(const struct invocation *invocation)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (invocation->operand_count == (actions[i].names_engine ? 2 : 1) &&
            strcmp(actions[i].name, invocation->operands[0]) == 0)
            return &actions[i];
    return NULL;
}

static int run_db(const struct invocation *invocation)
{
    const struct action *action = find_action(invocation);
    if (!action) {
        fprintf(stderr, _("tamis: db takes one of check, dump, load, rebuild, compact, and copy with an engine\n"));
        return EX_USAGE;
    }
    struct failure failure = { 0 };
    const char *engine = action->names_engine ? invocation->operands[1] : NULL;
    bool done = action->run(&invocation->settings->store, engine, &failure);
    if (fflush(stdout) != 0 && done)
        done = failure_set(&failure, FAILURE_TEMPORARY, "cannot write to stdout");
    if (!done)
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    return done ? EX_OK : failure_exit_status(failure.kind);
}

const struct command command_db = {
    .name = "db",
    .summary = N_("Care for the learned state: check, dump, load, rebuild, compact, copy"),
    .operands = "check|dump|load|rebuild|compact|copy ENGINE",
    .details = N_("  check     read everything and say what is wrong; change nothing\n"
                  "  dump      write the whole state to stdout as text\n"
                  "  load      read a dump from stdin into an empty state\n"
                  "  rebuild   make the tables again from snapshot and journal\n"
                  "  compact   take a snapshot and empty the journal\n"
                  "  copy      copy the state into an empty one of the other engine (tokyocabinet or redis)\n\n"
                  "Exit status: 0 done; 75 damaged, locked or not writable; 64 usage.\n"),
    .run = run_db,
};
