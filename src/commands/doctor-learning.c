/* doctor-learning.c - `tamis doctor`: what is learned and what is known besides, and can it be read */
#include <unistd.h>

#include "commands/doctor.h"
#include "learn/learn.h"
#include "senders/correspondents.h"
#include "store/history.h"
#include "store/store.h"
#include "util/limits.h"
#include "util/translate.h"

#define FEW_LESSONS 10

static void check_class(struct doctor *doctor, const struct totals *totals, enum label label)
{
    static const char *const names[] = { [LABEL_HAM] = "ham", [LABEL_SPAM] = "spam" };
    char when[DOCTOR_AGO];
    uint64_t count = totals->lessons[label];
    if (count) {
        doctor_find(doctor, count < FEW_LESSONS ? STATE_NOTE : STATE_FINE, "%llu messages learned as %s, the last %s",
                    (unsigned long long)count, names[label], doctor_ago(doctor, totals->last_lesson[label], when));
        return;
    }
    doctor_find(doctor, STATE_PROBLEM, "nothing is learned as %s", names[label]);
    doctor_advise(doctor, "tamis learn --%s FOLDER, with a folder of your own that holds only such mail",
                  names[label]);
}

static void check_balance(struct doctor *doctor, unsigned long long ham, unsigned long long spam)
{
    const char *scarce = ham > spam ? "spam" : "ham";
    if (!ham || !spam || (ham <= spam * LEARN_LOPSIDED && spam <= ham * LEARN_LOPSIDED))
        return;
    doctor_find(doctor, STATE_PROBLEM, "the lessons are lopsided: %llu ham and %llu spam", ham, spam);
    doctor_advise(doctor, "learn more %s: tamis learn --%s FOLDER", scarce, scarce);
}

static const char *remedy_for(enum store_state state)
{
    switch (state) {
    case STORE_BUSY:
        return _("see which tamis runs for so long");
    case STORE_NEWER:
        return _("use the newer tamis that wrote it");
    case STORE_OLDER:
        return _("carry it over: tamis db dump with the older tamis, tamis db load with this one");
    case STORE_DAMAGED:
        return "tamis db rebuild";
    default:
        return _("mend that, then tamis db check");
    }
}

/* The store for reading; NULL: `state` and `failure` say why. */
static struct store *open_store(const struct doctor *doctor, enum store_state *state, struct failure *failure)
{
    struct store_options options = doctor->settings->store;
    options.lock_wait_milliseconds = LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS;
    return store_open(&options, STORE_READ, state, failure);
}

/* What the tables would be made again from after a restart. */
static void check_files(struct doctor *doctor)
{
    struct store_check_result result;
    struct failure failure = { 0 };
    if (store_is_remote(&doctor->settings->store) || store_check(&doctor->settings->store, &result, &failure))
        return;
    doctor_find(doctor, STATE_PROBLEM, "what was learned is not whole on the disk: %s", failure.reason);
    bool from_tables = !result.rebuild_needed && (result.state == STORE_DAMAGED || result.state == STORE_EMPTY);
    doctor_advise(doctor, "%s", from_tables ? "tamis db compact" : remedy_for(result.state));
}

void doctor_check_learning(struct doctor *doctor)
{
    enum store_state state;
    struct failure failure = { 0 };
    struct totals totals = { .sequence = 0 };
    struct store *store = open_store(doctor, &state, &failure);
    if (!store && state != STORE_EMPTY) {
        doctor_find(doctor, STATE_PROBLEM, "the database is %s: %s", store_state_name(state), failure.reason);
        doctor_advise(doctor, "%s", remedy_for(state));
    } else if (store && !store_read_totals(store, &totals, &failure)) {
        doctor_find(doctor, STATE_PROBLEM, "the database is damaged: %s", failure.reason);
        doctor_advise(doctor, "tamis db rebuild");
    } else {
        check_class(doctor, &totals, LABEL_HAM);
        check_class(doctor, &totals, LABEL_SPAM);
        check_balance(doctor, totals.lessons[LABEL_HAM], totals.lessons[LABEL_SPAM]);
    }
    bool is_open = store != NULL;
    store_close(&store);
    if (is_open)
        check_files(doctor);
}

/* --- relays and sites --------------------------------------------------------------------------------------------- */

/* Of the time before the history went to the server with what is learned. */
static void check_history_left_behind(struct doctor *doctor)
{
    char path[PATH_MAX];
    if (!doctor_in_state(doctor, HISTORY_FILE, path) || access(path, F_OK) != 0)
        return;
    doctor_find(doctor, STATE_NOTE, "%s is not asked any more: relays and sites are in Redis, with what is learned",
                path);
    doctor_advise(doctor, "rm %s", path);
}

static void tell_of_history(struct doctor *doctor, const struct history *history, const struct failure *failure)
{
    if (history) {
        doctor_find(doctor, STATE_FINE, "relays and sites that mail had before are known");
    } else if (failure->kind == FAILURE_NONE) {
        doctor_find(doctor, STATE_NOTE, "no relays and sites are known yet; the next lesson notes them");
    } else if (failure->kind == FAILURE_DAMAGED) {
        doctor_find(doctor, STATE_NOTE, "%s; the next lesson begins it anew", failure->reason);
    } else {
        doctor_find(doctor, STATE_PROBLEM, "judging without relays and sites: %s", failure->reason);
        doctor_advise(doctor, "mend that, then tamis db check");
    }
}

void doctor_check_history(struct doctor *doctor)
{
    enum store_state state;
    struct failure failure = { 0 };
    if (!store_is_remote(&doctor->settings->store)) {
        struct history *history = history_open(doctor->settings->state_directory, &failure);
        tell_of_history(doctor, history, &failure);
        history_close(&history);
        return;
    }
    check_history_left_behind(doctor);
    struct store *store = open_store(doctor, &state, &failure);
    if (store) /* otherwise doctor_check_learning() has told */
        tell_of_history(doctor, store_history(store, &failure), &failure);
    store_close(&store);
}

/* --- whom the user writes to -------------------------------------------------------------------------------------- */

static bool others_know_more(const struct doctor *doctor, struct correspondents_book *book)
{
    enum store_state state;
    struct failure failure = { 0 };
    if (!store_is_remote(&doctor->settings->store))
        return false;
    struct store *store = open_store(doctor, &state, &failure);
    bool more = store && correspondents_are_old(book, store);
    store_close(&store);
    return more;
}

void doctor_check_senders(struct doctor *doctor)
{
    char path[PATH_MAX];
    struct correspondents_book book = { .directory = doctor->settings->state_directory };
    bool there = doctor_in_state(doctor, CORRESPONDENTS_FILE, path) && access(path, F_OK) == 0;
    correspondents_open(&book);
    if (there && !book.bytes) {
        doctor_find(doctor, STATE_PROBLEM, "%s is damaged: nobody is known whom the user writes to", path);
        doctor_advise(doctor, "tamis senders import makes it anew");
    } else if (others_know_more(doctor, &book)) {
        doctor_find(doctor, STATE_NOTE,
                    "another host has gathered whom the user writes to; the next delivery here fetches it");
    } else if (!there) {
        doctor_find(doctor, STATE_NOTE, "nobody is known yet whom the user writes to");
        doctor_advise(doctor, "run tamis senders import every night");
    } else {
        doctor_find(doctor, STATE_FINE, "it is known whom the user writes to");
    }
    correspondents_close(&book);
}
