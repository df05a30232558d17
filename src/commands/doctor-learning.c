/* doctor-learning.c - `tamis doctor`: what is learned, and can it be read */
#include "commands/doctor.h"
#include "learn/learn.h"
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
    store_close(&store);
}
