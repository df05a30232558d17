/* sharing.c - what a user calls spam or ham, reported to the other users of the host */
#include "commands/sharing.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "outside/shared-place.h"
#include "outside/shared-spool.h"
#include "util/child.h"
#include "util/complaints.h"
#include "util/hash.h"

struct sharing {
    const struct settings *settings;
    uint64_t user, key;
    bool given_up; /* the folder did not answer: a long run does not wait for it again and again */
    size_t count;
    struct shared_report reports[SHARED_SPOOL_SLOTS];
};

/* --- in processes of their own ------------------------------------------------------------------------------------ */

static void say_why_not(const struct settings *settings, const struct failure *why)
{
    complain_daily(settings->state_directory, LOG_SEVERITY_WARNING, "nothing is shared with other users: %s",
                   why->reason);
}

static int read_key(struct child *child, void *context)
{
    struct sharing *sharing = context;
    struct failure failure = { 0 };
    if (shared_place_key(sharing->settings->outside.shared_directory, &sharing->key, &failure))
        return child_write(child, &sharing->key, sizeof sharing->key) ? 0 : 1;
    say_why_not(sharing->settings, &failure);
    return 0;
}

static int write_reports(struct child *child, void *context)
{
    const struct sharing *sharing = context;
    struct failure failure = { 0 };
    (void)child;
    if (!shared_spool_note(sharing->settings->outside.shared_directory, sharing->key, sharing->user, sharing->reports,
                           sharing->count, &failure))
        say_why_not(sharing->settings, &failure);
    return 0;
}

static struct child_answer reach_folder(child_work *work, struct sharing *sharing)
{
    const struct child_limits limits = { .wall_milliseconds = SHARED_ANSWER_MILLISECONDS, .reaches_out = true };
    struct child_answer answer = child_run(NULL, work, sharing, &limits);
    if (answer.end != CHILD_ANSWERED)
        say_why_not(sharing->settings, &answer.why);
    return answer;
}

static void report_all(struct sharing *sharing)
{
    struct child_answer answer = reach_folder(write_reports, sharing);
    sharing->given_up = answer.end != CHILD_ANSWERED;
    sharing->count = 0;
    child_answer_free(&answer);
}

/* ---------------------------------------------------------------------------------------------------------------- */

struct sharing *sharing_start(const struct settings *settings, uint64_t user)
{
    struct sharing *sharing = *settings->outside.shared_directory ? calloc(1, sizeof *sharing) : NULL;
    if (!sharing)
        return NULL;
    sharing->settings = settings;
    sharing->user = user;
    struct child_answer answer = reach_folder(read_key, sharing);
    if (answer.end == CHILD_ANSWERED && answer.length == sizeof sharing->key)
        memcpy(&sharing->key, answer.bytes, sizeof sharing->key);
    child_answer_free(&answer);
    if (!sharing->key) {
        free(sharing);
        return NULL;
    }
    return sharing;
}

uint64_t sharing_key(const struct sharing *sharing)
{
    return sharing ? sharing->key : 0;
}

/* What the others are told of a lesson; -1: nothing.  Ham that is imported lies, read, in a folder of the user's.  What
 * was known already may have been learned by a run that was killed before it could report. */
static int called(enum label label, enum label_source source, enum learn_result result)
{
    if (result == LEARN_FORGOTTEN)
        return SHARED_TAKEN_BACK;
    if (result != LEARN_DONE && result != LEARN_ALREADY && result != LEARN_CHANGED)
        return -1;
    if (source == SOURCE_TRAP)
        return SHARED_TRAPPED;
    if (source != SOURCE_USER)
        return label == LABEL_HAM ? SHARED_LEFT_ALONE : -1;
    return label == LABEL_SPAM ? SHARED_SPAM : SHARED_HAM;
}

void sharing_add(struct sharing *sharing, const struct features *features, enum label label, enum label_source source,
                 enum learn_result result)
{
    int told = sharing && !sharing->given_up ? called(label, source, result) : -1;
    if (told < 0)
        return;
    const struct trace *trace = &features->trace;
    struct shared_report *report = &sharing->reports[sharing->count++];
    *report = (struct shared_report){ .when = (int64_t)time(NULL), .called = (enum shared_called)told,
                                      .print_count = features->print_count };
    report->message = hash_bytes(features->identity, sizeof features->identity, sharing->key) | UINT64_C(1) << 63;
    if (trace->relay && !trace->relay_of_everybody)
        report->relay = shared_place_name(sharing->key, 'R', trace->relay);
    memcpy(report->prints, features->prints, features->print_count * sizeof *report->prints);
    for (size_t i = 0; i < trace->host_count && report->host_count < SHARED_REPORT_HOSTS; i++)
        report->hosts[report->host_count++] = shared_place_name(sharing->key, 'H', trace->hosts[i]);
    if (sharing->count == SHARED_SPOOL_SLOTS)
        report_all(sharing);
}

void sharing_finish(struct sharing **sharing)
{
    if (!*sharing)
        return;
    if ((*sharing)->count)
        report_all(*sharing);
    free(*sharing);
    *sharing = NULL;
}
