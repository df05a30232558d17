/* db.c - `tamis db`: care for the learned state */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "store/store.h"
#include "util/log.h"

struct action {
    const char *name;
    const char *summary;
    bool (*run)(const char *directory, struct failure *failure);
};

static bool run_check(const char *directory, struct failure *failure)
{
    struct store_check_result result = { 0 };
    if (!store_check(directory, &result, failure))
        return false;
    printf("state            %s\n"
           "rows             %" PRIu64 ", %" PRIu64 " of them bad\n"
           "messages learned %" PRIu64 "\n"
           "pairs            %" PRIu64 " of %" PRIu64 " slots used\n"
           "journal          %" PRIu64 " records, %" PRIu64 " bytes\n"
           "on disk          %" PRIu64 " bytes\n",
           store_state_name(result.state), result.rows, result.bad_rows, result.ledger_entries, result.pairs_used,
           result.pair_slots, result.journal_records, result.journal_bytes, result.bytes);
    if (result.rebuild_needed || result.bad_rows)
        return failure_set(failure, FAILURE_DAMAGED, "%s needs `tamis db rebuild`", directory);
    return true;
}

static bool run_rebuild(const char *directory, struct failure *failure)
{
    uint64_t lost = 0;
    if (!store_rebuild(directory, &lost, failure))
        return false;
    if (lost)
        printf("rebuilt; %" PRIu64 " lessons of the journal could not be read\n", lost);
    else
        printf("rebuilt, nothing lost\n");
    return true;
}

static bool run_dump(const char *directory, struct failure *failure)
{
    return store_dump(directory, STDOUT_FILENO, failure);
}

static bool run_load(const char *directory, struct failure *failure)
{
    return store_load(directory, STDIN_FILENO, failure);
}

static bool run_compact(const char *directory, struct failure *failure)
{
    return store_compact(directory, failure);
}

static const struct action actions[] = {
    { "check", "read everything and say what is wrong; change nothing", run_check },
    { "dump", "write the whole state to stdout as text", run_dump },
    { "load", "read a dump from stdin into an empty state", run_load },
    { "rebuild", "make the tables again from snapshot and journal", run_rebuild },
    { "compact", "take a snapshot and empty the journal", run_compact },
};

static int run_db(const struct invocation *invocation)
{
    const char *name = invocation->operand_count == 1 ? invocation->operands[0] : "";
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, name) != 0)
            continue;
        struct failure failure = { 0 };
        bool done = actions[i].run(invocation->settings->state_directory, &failure);
        if (fflush(stdout) != 0 && done)
            done = failure_set(&failure, FAILURE_TEMPORARY, "cannot write to stdout");
        if (!done)
            log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
        return done ? EX_OK : failure_exit_status(failure.kind);
    }
    fprintf(stderr, "tamis: db takes one of check, dump, load, rebuild and compact\n");
    return EX_USAGE;
}

const struct command command_db = {
    .name = "db",
    .summary = "Care for the learned state: check, dump, load, rebuild, compact",
    .operands = "check|dump|load|rebuild|compact",
    .details = "  check     read everything and say what is wrong; change nothing\n"
               "  dump      write the whole state to stdout as text\n"
               "  load      read a dump from stdin into an empty state\n"
               "  rebuild   make the tables again from snapshot and journal\n"
               "  compact   take a snapshot and empty the journal\n\n"
               "Exit status: 0 done; 75 damaged, locked or not writable; 64 usage.\n",
    .run = run_db,
};
