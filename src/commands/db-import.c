/* db-import.c - `tamis db import`: words from another filter's dump */
#include "commands/db-import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands/progress.h"
#include "learn/import.h"
#include "mailbox/source.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"

/* --- words for hashes --------------------------------------------------------------------------------------------- */

/* Words are taken from messages as they lie there: nothing in them is decoded, so nothing in them can do harm. */
static bool offer_words(struct import *import, const char *path, struct failure *failure)
{
    struct source *source = source_open(path, SOURCE_GUESS, failure);
    struct source_message message;
    struct failure unread;
    struct progress progress;
    if (!source)
        return false;
    progress_start(&progress, _("looking for words"), source_total(source));
    for (int got; (got = source_next(source, &message, &unread)) != 0;) {
        progress_step(&progress);
        if (got > 0)
            import_offer_words(import, message.bytes);
        else
            log_line(LOG_SEVERITY_WARNING, "%s", unread.reason);
    }
    progress_end(&progress);
    source_close(&source);
    return true;
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static void step(void *context, uint64_t lines)
{
    struct progress *progress = context;
    progress->done = (size_t)lines - 1;
    progress_step(progress);
}

static struct import *read_dump(const char *path, uint64_t key, struct failure *failure)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "re");
    struct progress progress;
    if (!file) {
        failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read %s", path);
        return NULL;
    }
    progress_start(&progress, _("reading lines"), 0);
    struct import *import = import_read(file, key, step, &progress, failure);
    progress_end(&progress);
    if (!is_stdin)
        fclose(file);
    return import;
}

static void print_summary(const struct import_summary *summary, bool dry_run)
{
    printf(_("%s: %" PRIu64 " words from %" PRIu64 " ham and %" PRIu64 " spam in %" PRIu64 " lines; %s %" PRIu64 "\n"),
           summary->from, summary->words, summary->messages[LABEL_HAM], summary->messages[LABEL_SPAM], summary->lines,
           dry_run ? _("would keep") : _("kept"), summary->kept);
}

/* Without the store's lock: reading may wait for a pipe or go through a large mailbox, and mail is judged meanwhile. */
static bool import_into(const struct settings *settings, const struct import_order *order, uint64_t key,
                        struct failure *failure)
{
    struct import_summary summary = { 0 };
    struct import *import = read_dump(order->path, key, failure);
    bool done = import != NULL;
    if (done && import_wants_words(import))
        done = offer_words(import, order->words ? order->words : settings->maildir.path, failure);
    struct imported *imported = done ? import_finish(import, &summary, failure) : NULL;
    done = imported && (order->dry_run || imported_save(imported, settings->state_directory, failure));
    if (done && !order->quiet)
        print_summary(&summary, order->dry_run);
    imported_close(&imported);
    import_free(&import);
    return done;
}

bool import_dump(const struct settings *settings, const struct import_order *order, struct failure *failure)
{
    struct store_options options = settings->store;
    enum store_state state;
    options.lock_wait_milliseconds = LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS;
    if (order->dry_run)
        return import_into(settings, order, 0, failure);
    /* Makes the store where there is none; its key stays. */
    struct store *store = store_open(&options, STORE_WRITE, &state, failure);
    uint64_t key = store ? store_key(store) : 0;
    bool made = store != NULL;
    store_close(&store);
    return made && import_into(settings, order, key, failure);
}
