/* db.c - `tamis db`: care for the learned state; dumps, imports and forgetting are in files of their own */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/correspondents-run.h"
#include "commands/db-dump.h"
#include "commands/db-forget.h"
#include "commands/db-import.h"
#include "store/imported.h"
#include "store/store.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_DRY_RUN, OPTION_WORDS, OPTION_IMPORTED, OPTION_SINCE, OPTION_REPLACE, OPTION_QUIET };

static const struct command_option db_options[] = {
    [OPTION_DRY_RUN] = { "dry-run", 'n', NULL, N_("import, forget: say what would be done, and do nothing") },
    [OPTION_WORDS] = { "words", 'w', "FILE",
                       N_("import: words in this file or mailbox are looked for (SpamAssassin)") },
    [OPTION_IMPORTED] = { "imported", 'I', NULL, N_("forget: what was imported") },
    [OPTION_SINCE] = { "since", 'S', "DATE", N_("forget: what was learned from that day on (2026-11-22)") },
    [OPTION_REPLACE] = { "replace", 'r', NULL, N_("load: in the place of what has been learned") },
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("import, forget: no summary line") },
    { NULL, 0, NULL, NULL },
};

struct action {
    const char *name;
    int operands_least, operands_most; /* behind its own name */
    bool (*run)(const struct invocation *invocation, struct failure *failure);
};

static bool is_given(const struct invocation *invocation, int option)
{
    return invocation->option_values[option] != NULL;
}

/* What lies beside the store. */
static bool check_imported(const struct store_options *options, struct failure *failure)
{
    struct failure why = { 0 };
    enum store_state state;
    uint64_t words, bad_rows;
    struct store *store = store_open(options, STORE_READ, &state, &why);
    struct imported *imported = store ? imported_open(options->directory, store_key(store), &why) : NULL;
    store_close(&store);
    if (!imported && why.kind == FAILURE_DAMAGED)
        return failure_set(failure, FAILURE_DAMAGED, "%s: `tamis db forget --imported` takes it away", why.reason);
    if (!imported && why.kind != FAILURE_NONE && state != STORE_EMPTY) {
        *failure = why;
        return false;
    }
    if (!imported)
        return true;
    imported_count(imported, &words, &bad_rows);
    printf(_("imported         %" PRIu64 " words of %s, %" PRIu64 " rows bad\n"), words, imported_about(imported)->from,
           bad_rows);
    imported_close(&imported);
    return true;
}

static bool run_check(const struct invocation *invocation, struct failure *failure)
{
    const struct store_options *options = &invocation->settings->store;
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
    return check_imported(options, failure);
}

static bool run_rebuild(const struct invocation *invocation, struct failure *failure)
{
    const struct store_options *options = &invocation->settings->store;
    uint64_t lost = 0;
    if (!store_rebuild(options, &lost, failure))
        return false;
    if (lost)
        printf(_("rebuilt; %" PRIu64 " lessons of the journal could not be read\n"), lost);
    else
        printf(_("rebuilt, nothing lost\n"));
    return true;
}

static bool run_dump(const struct invocation *invocation, struct failure *failure)
{
    return dump_write(invocation->settings, stdout, failure);
}

static bool run_load(const struct invocation *invocation, struct failure *failure)
{
    return dump_load(invocation->settings, stdin, is_given(invocation, OPTION_REPLACE), failure);
}

static bool run_import(const struct invocation *invocation, struct failure *failure)
{
    const struct import_order order = {
        .path = invocation->operand_count > 1 ? invocation->operands[1] : "-",
        .words = invocation->option_values[OPTION_WORDS],
        .dry_run = is_given(invocation, OPTION_DRY_RUN),
        .quiet = is_given(invocation, OPTION_QUIET),
    };
    return import_dump(invocation->settings, &order, failure);
}

static bool run_forget(const struct invocation *invocation, struct failure *failure)
{
    const char *since = invocation->option_values[OPTION_SINCE];
    bool imported = is_given(invocation, OPTION_IMPORTED), dry_run = is_given(invocation, OPTION_DRY_RUN);
    const struct forget_order order = { .since = since,
                                        .paths = invocation->operands + 1,
                                        .dry_run = dry_run,
                                        .quiet = is_given(invocation, OPTION_QUIET) };
    if (imported == (since != NULL) || (imported && invocation->operand_count > 1))
        return failure_set(failure, FAILURE_USAGE, "db forget takes --imported, or --since DATE and paths of messages");
    return imported ? forget_imported(invocation->settings, &order, failure)
                    : forget_since(invocation->settings, &order, failure);
}

static bool run_compact(const struct invocation *invocation, struct failure *failure)
{
    const struct store_options *options = &invocation->settings->store;
    return store_compact(options, failure);
}

static bool run_copy(const struct invocation *invocation, struct failure *failure)
{
    const struct store_options *options = &invocation->settings->store;
    const char *engine = invocation->operands[1];
    struct store_options to = *options;
    to.engine = strcmp(engine, "tokyocabinet") == 0 ? NULL : engine;
    bool to_redis = to.engine != NULL;
    if ((to_redis && strcmp(engine, "redis") != 0) || to_redis == (options->engine != NULL))
        return failure_set(failure, FAILURE_USAGE,
                           "copy to what? It takes the one of tokyocabinet and redis that \"store\" does not say");
    const struct companion_mark none = { { 0 } }; /* the store is new */
    return correspondents_run_fetch(invocation->settings, failure) && store_copy(options, &to, failure) &&
           correspondents_share(&to, &none, failure);
}

#define ANY_NUMBER 1000000

static const struct action actions[] = {
    { "check", 0, 0, run_check },
    { "dump", 0, 0, run_dump },
    { "load", 0, 0, run_load },
    { "import", 0, 1, run_import },
    { "forget", 0, ANY_NUMBER, run_forget },
    { "rebuild", 0, 0, run_rebuild },
    { "compact", 0, 0, run_compact },
    { "copy", 1, 1, run_copy },
};

static const struct action *find_action(const struct invocation *invocation)
{
    int count = invocation->operand_count - 1;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (count >= actions[i].operands_least && count <= actions[i].operands_most &&
            strcmp(actions[i].name, invocation->operands[0]) == 0)
            return &actions[i];
    return NULL;
}

static int run_db(const struct invocation *invocation)
{
    const struct action *action = find_action(invocation);
    if (!action) {
        fprintf(stderr, _("tamis: db takes one of check, dump, load, import, forget, rebuild, compact, and copy "
                          "with an engine\n"));
        return EX_USAGE;
    }
    struct failure failure = { 0 };
    bool done = action->run(invocation, &failure);
    if (!done)
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    return done ? EX_OK : failure_exit_status(failure.kind);
}

const struct command command_db = {
    .name = "db",
    .summary = N_("Care for the learned state: check, dump, load, import, forget, rebuild, compact, copy"),
    .operands = "check|dump|load|import [FILE]|forget [PATH...]|rebuild|compact|copy ENGINE",
    .details = N_("  check     read everything and say what is wrong; change nothing\n"
                  "  dump      write all that has been learned to stdout as text\n"
                  "  load      read a dump from stdin into an empty state, or with --replace in the place of another\n"
                  "  import    take over words from a dump of bogofilter, spamprobe or SpamAssassin (FILE, or stdin)\n"
                  "  forget    what was imported, or with --since what was learned of messages in PATH or the Maildir\n"
                  "  rebuild   make the tables again from snapshot and journal\n"
                  "  compact   take a snapshot and empty the journal\n"
                  "  copy      copy the state into an empty one of the other engine (tokyocabinet or redis)\n\n"
                  "Exit status: 0 done; 66 the input is not what it should be; 75 damaged, locked or not writable;\n"
                  "64 usage.\n"),
    .options = db_options,
    .run = run_db,
};
