/* db-forget.c - `tamis db forget`: what was imported, or what was learned from a day on */
#include "config.h"

#include "commands/db-forget.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/progress.h"
#include "commands/reading.h"
#include "commands/sharing.h"
#include "learn/learn.h"
#include "mailbox/source.h"
#include "store/imported.h"
#include "util/log.h"
#include "util/translate.h"

bool forget_imported(const struct settings *settings, const struct forget_order *order, struct failure *failure)
{
    char path[PATH_MAX];
    bool was_there;
    if (order->dry_run) {
        snprintf(path, sizeof path, "%s/%s", settings->state_directory, IMPORTED_FILE);
        printf(_("would remove %s\n"), path);
        return true;
    }
    if (!imported_remove(settings->state_directory, &was_there, failure))
        return false;
    if (!order->quiet)
        printf("%s\n", was_there ? _("what was imported is forgotten") : _("nothing was imported"));
    return true;
}

/* --- since a day -------------------------------------------------------------------------------------------------- */

struct forgetting {
    struct store *store;
    struct reading *reading;
    struct sharing *sharing; /* NULL: nothing is shared */
    struct progress progress;
    int64_t since;
    bool dry_run;
    size_t forgotten, unreadable;
    struct failure failure;
};

static bool read_date(const char *text, int64_t *when)
{
    static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S" };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm date = { .tm_isdst = -1 };
        const char *end = strptime(text, forms[i], &date);
        if (end && *end == '\0') {
            *when = (int64_t)mktime(&date);
            return *when >= 0;
        }
    }
    return false;
}

static bool visit_message(void *context, const struct batched_message *message, const struct features *features)
{
    struct forgetting *forgetting = context;
    struct ledger_entry entry;
    progress_step(&forgetting->progress);
    if (!features) {
        forgetting->unreadable++;
        return true;
    }
    int found = store_read_ledger(forgetting->store, features->identity, &entry, &forgetting->failure);
    if (found < 0)
        return false;
    if (!found || entry.when < forgetting->since)
        return true;
    forgetting->forgotten++;
    if (forgetting->dry_run) {
        printf(_("would forget %s: %s\n"), entry.label == LABEL_SPAM ? "spam" : "ham", message->name);
        return true;
    }
    int64_t now = (int64_t)time(NULL);
    enum learn_result result = learn_forget(forgetting->store, features, now, &forgetting->failure);
    sharing_add(forgetting->sharing, features, entry.label, SOURCE_USER, result);
    return result != LEARN_FAILED;
}

static bool read_source(struct forgetting *forgetting, struct source *source)
{
    struct source_message message;
    struct failure unread;
    for (int got; (got = source_next(source, &message, &unread)) != 0;) {
        if (got < 0) {
            log_line(LOG_SEVERITY_WARNING, "%s", unread.reason);
            forgetting->unreadable++;
            continue;
        }
        if (!reading_add(forgetting->reading, &message, 0))
            return false;
    }
    return true;
}

static bool forget_in(struct forgetting *forgetting, const char *path, enum source_kind kind)
{
    struct source *source = source_open(path, kind, &forgetting->failure);
    if (!source)
        return false;
    progress_start(&forgetting->progress, _("forgetting"), source_total(source));
    bool whole = read_source(forgetting, source);
    source_close(&source);
    return whole;
}

struct left {
    int64_t since;
    size_t count;
};

static bool count_left(void *context, const uint8_t identity[8], const struct ledger_entry *entry)
{
    struct left *left = context;
    (void)identity;
    left->count += entry->when >= left->since;
    return true;
}

static bool forget_with(struct forgetting *forgetting, const struct settings *settings,
                        const struct forget_order *order)
{
    bool whole = true;
    forgetting->reading = reading_new(settings, forgetting->store, visit_message, forgetting);
    if (!order->paths[0])
        whole = forget_in(forgetting, settings->maildir.path, SOURCE_MAILDIR_FOLDERS);
    for (char *const *path = order->paths; *path && whole; path++)
        whole = forget_in(forgetting, *path, SOURCE_GUESS);
    whole = reading_finish(forgetting->reading) && whole;
    progress_end(&forgetting->progress);
    reading_free(&forgetting->reading);
    whole = store_sync(forgetting->store, &forgetting->failure) && whole;
    if (!whole && forgetting->failure.kind == FAILURE_NONE)
        failure_set(&forgetting->failure, FAILURE_TEMPORARY, "messages could not be read just now");
    return whole;
}

bool forget_since(const struct settings *settings, const struct forget_order *order, struct failure *failure)
{
    struct forgetting forgetting = { .dry_run = order->dry_run };
    enum store_state state;
    if (!read_date(order->since, &forgetting.since))
        return failure_set(failure, FAILURE_USAGE,
                           "--since %.40s: a day is accepted, 2026-11-22, or \"2026-11-22 14:30\"", order->since);
    forgetting.store = reading_open_store(settings, &state, failure);
    if (!forgetting.store)
        return false;
    if (!order->dry_run)
        forgetting.sharing = sharing_start(settings, store_key(forgetting.store));
    struct left left = { .since = forgetting.since };
    bool done = forget_with(&forgetting, settings, order) &&
                store_scan_ledger(forgetting.store, count_left, &left, &forgetting.failure);
    store_close(&forgetting.store);
    sharing_finish(&forgetting.sharing);
    if (!done)
        return failure_set(failure, forgetting.failure.kind, "%s", forgetting.failure.reason);
    size_t remaining = left.count - (order->dry_run && left.count >= forgetting.forgotten ? forgetting.forgotten : 0);
    if (!order->quiet)
        printf(order->dry_run ? _("%zu would be forgotten; %zu learned since then were not found%s\n")
                              : _("%zu forgotten; %zu learned since then were not found%s\n"),
               forgetting.forgotten, remaining, remaining ? _(": name the folders where they are") : "");
    return !forgetting.unreadable || failure_set(failure, FAILURE_INPUT, "%zu messages could not be read; what they "
                                                 "taught, if anything, is kept", forgetting.unreadable);
}
