/* doctor-runs.c - `tamis doctor`: what has to run again and again, by a timer or by the mail server */
#include <sys/stat.h>

#include "commands/doctor.h"
#include "commands/last-run.h"
#include "mailbox/moves-queue.h"
#include "mailbox/moves.h"
#include "mailbox/opened-folder.h"

/* A queue that is drained by a timer or at once. */
#define QUEUE_DAYS 2

/* --- at night ----------------------------------------------------------------------------------------------------- */

static void check_nightly(struct doctor *doctor, const char *what)
{
    char when[DOCTOR_AGO];
    int64_t last = last_run_time(doctor->settings->state_directory, what);
    if (!last) {
        doctor_find(doctor, STATE_PROBLEM, "tamis %s has never run", what);
        doctor_advise(doctor, "run it every night: the examples for systemd and cron show how");
    } else if (doctor_ran_in_future(doctor, what, last)) {
        return;
    } else if (doctor->now - last > DOCTOR_NIGHTLY_DAYS * DOCTOR_DAY) {
        doctor_find(doctor, STATE_PROBLEM, "tamis %s last ran %s", what, doctor_ago(doctor, last, when));
        doctor_advise(doctor, "see why its timer or cron line does not start it any more");
    } else {
        doctor_find(doctor, STATE_FINE, "tamis %s last ran %s", what, doctor_ago(doctor, last, when));
    }
}

void doctor_check_relearn(struct doctor *doctor)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    check_nightly(doctor, "relearn");
    if (!doctor_in_state(doctor, MOVES_FILE, path))
        return;
    struct moves *moves = moves_open(path, &failure);
    size_t waiting = moves_lesson_count(moves);
    moves_close(&moves);
    if (failure.kind != FAILURE_NONE)
        doctor_find(doctor, STATE_NOTE, "%s", failure.reason);
    if (waiting) {
        doctor_find(doctor, STATE_PROBLEM, "%zu lessons wait to be learned: the last run failed", waiting);
        doctor_advise(doctor, "tamis relearn -v says why");
    }
}

void doctor_check_expire(struct doctor *doctor)
{
    struct opened_folder folder;
    const struct settings *settings = doctor->settings;
    if (!settings->expiry.days) {
        doctor_find(doctor, STATE_NOTE, "junk_days = 0: Junk grows without end");
        return;
    }
    if (opened_folder_open(settings->maildir.path, settings->maildir.junk, &folder, NULL) != FOLDER_OPENED)
        return;
    opened_folder_close(&folder);
    check_nightly(doctor, "expire");
}

/* --- the hook of a mail server ------------------------------------------------------------------------------------ */

/* Of the moves in the queue. */
struct waiting {
    size_t count;
    int64_t oldest; /* seconds since 1970; 0: not known */
};

static void count_move(void *context, const struct queued_move *move)
{
    struct waiting *waiting = context;
    waiting->count++;
    if (move->when > 0 && (!waiting->oldest || move->when < waiting->oldest))
        waiting->oldest = move->when;
}

/* When a hook last put a text into the queue; 0: never. */
int64_t doctor_last_reported(const struct doctor *doctor)
{
    char path[PATH_MAX];
    struct stat status;
    return doctor_in_state(doctor, QUEUE_TEXTS, path) && stat(path, &status) == 0 ? (int64_t)status.st_mtime : 0;
}

void doctor_check_hook(struct doctor *doctor)
{
    char when[DOCTOR_AGO];
    struct waiting waiting = { .count = 0 };
    size_t bad;
    int64_t seen = doctor_last_reported(doctor);
    if (!seen) {
        doctor_find(doctor, STATE_NOTE, "no mail server has ever reported a move; tamis relearn finds them at night");
        doctor_advise(doctor, "with Dovecot, examples/dovecot/tamis-imap.conf makes learning immediate");
        return;
    }
    queue_look(doctor->settings->state_directory, count_move, &waiting, &bad, NULL);
    if (waiting.oldest && doctor->now - waiting.oldest > QUEUE_DAYS * DOCTOR_DAY) {
        doctor_find(doctor, STATE_PROBLEM, "%zu reported moves wait, the oldest since %s", waiting.count,
                    doctor_ago(doctor, waiting.oldest, when));
        doctor_advise(doctor, "tamis relearn -v, and see that it runs by itself");
    } else {
        doctor_find(doctor, STATE_FINE, "the mail server last reported a move %s; %zu wait",
                    doctor_ago(doctor, seen, when), waiting.count);
    }
}
