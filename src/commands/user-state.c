/* user-state.c - what of a user's state judging asks for, opened before a message is looked at */
#include "commands/user-state.h"

#include <string.h>
#include <time.h>

#include "util/complaints.h"
#include "util/limits.h"

/* In files it does not need the store, which others may have locked.  A damaged history is one hint less. */
static void open_history(struct user_state *user)
{
    struct failure failure = { 0 };
    const struct settings *settings = user->settings;
    if (!store_is_remote(&settings->store))
        user->history = (user->again ? history_open_as_it_is : history_open)(settings->state_directory, &failure);
    else if (user->store)
        user->history = store_history(user->store, &failure);
    if (failure.kind != FAILURE_NONE)
        complain_daily(settings->state_directory, LOG_SEVERITY_WARNING,
                       "judging without the history of relays and hosts: %s", failure.reason);
}

static void open_store(struct user_state *user)
{
    struct failure failure = { 0 };
    struct store_options options = user->settings->store;
    options.lock_wait_milliseconds = LIMIT_LOCK_WAIT_MILLISECONDS;
    user->store = store_open(&options, STORE_READ, &user->store_state, &failure);
    if (!user->store && user->store_state == STORE_EMPTY)
        return;
    bool ready = user->store && (!user->mend || store_mend(user->store, &failure)) &&
                 store_make_ready(user->store, &failure);
    if (user->store && !ready) {
        user->store_state = store_state_after(user->store, &failure);
        store_close(&user->store);
    }
    if (!ready)
        complain_daily(user->settings->state_directory, LOG_SEVERITY_WARNING, "judging without learned evidence: %s",
                       failure.reason);
}

/* May starter knowledge still say something?  Where lessons cannot be counted, it keeps silent: they may be many. */
static bool needs_starter(struct user_state *user)
{
    struct totals totals = { 0 };
    struct failure failure = { 0 };
    if (!user->settings->starter || !*user->settings->starter_file)
        return false;
    if (!user->store)
        return user->store_state == STORE_EMPTY;
    return store_read_totals(user->store, &totals, &failure) && starter_share(totals.lessons) > 0;
}

static void open_starter(struct user_state *user)
{
    struct failure failure = { 0 };
    if (!needs_starter(user))
        return;
    user->starter = starter_open(user->settings->starter_file, &failure);
    if (failure.kind != FAILURE_NONE)
        complain_daily(user->settings->state_directory, LOG_SEVERITY_WARNING, "judging without starter knowledge: %s",
                       failure.reason);
}

void user_state_open(struct user_state *user, struct span message, struct child *child,
                     struct sandbox_limits *sandbox)
{
    user->child = child;
    user->now = (int64_t)time(NULL);
    user->store_state = STORE_UNUSABLE;
    user->sent_mail.directory = user->settings->state_directory;
    if (!user->without_store) {
        child_stage(child, STAGE_LEARNED);
        open_store(user);
        open_history(user);
        open_starter(user);
        sandbox_allow(sandbox, store_descriptor(user->store), SANDBOX_READ | SANDBOX_WRITE);
    }
    child_stage(child, STAGE_MESSAGE);
    correspondents_open(&user->sent_mail);
    user->old_sent_mail = user->store && correspondents_are_old(&user->sent_mail, user->store);
    ruling_lists_read(&user->settings->senders, &user->lists);
    converters_open(&user->converters, message);
}
