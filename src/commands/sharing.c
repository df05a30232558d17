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

#define DEADLINE_MILLISECONDS 3000

/* As many as a user's file has places for: of a run that has more, the last. */
struct sharing {
    const struct settings *settings;
    uint64_t user, key;
    size_t added;
    struct shared_report reports[SHARED_SPOOL_SLOTS];
};

struct sharing *sharing_start(const struct settings *settings, uint64_t user)
{
    const char *directory = settings->outside.shared_directory;
    struct failure failure = { 0 };
    uint64_t key;
    if (!*directory)
        return NULL;
    if (!shared_place_key(directory, &key, &failure)) {
        complain_daily(settings->state_directory, LOG_SEVERITY_WARNING, "nothing is shared with other users: %s",
                       failure.reason);
        return NULL;
    }
    struct sharing *sharing = calloc(1, sizeof *sharing);
    if (sharing) {
        sharing->settings = settings;
        sharing->user = user;
        sharing->key = key;
    }
    return sharing;
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
    int told = sharing ? called(label, source, result) : -1;
    if (told < 0)
        return;
    const struct trace *trace = &features->trace;
    struct shared_report *report = &sharing->reports[sharing->added++ % SHARED_SPOOL_SLOTS];
    *report = (struct shared_report){ .when = (int64_t)time(NULL), .called = (enum shared_called)told,
                                      .print_count = features->print_count };
    report->message = hash_bytes(features->identity, sizeof features->identity, sharing->key) | UINT64_C(1) << 63;
    if (trace->relay && !trace->relay_of_everybody)
        report->relay = shared_place_name(sharing->key, 'R', trace->relay);
    memcpy(report->prints, features->prints, features->print_count * sizeof *report->prints);
    for (size_t i = 0; i < trace->host_count && report->host_count < SHARED_REPORT_HOSTS; i++)
        report->hosts[report->host_count++] = shared_place_name(sharing->key, 'H', trace->hosts[i]);
}

/* --- in a process of its own ------------------------------------------------------------------------------------- */

static int write_reports(struct child *child, void *context)
{
    const struct sharing *sharing = context;
    const struct settings *settings = sharing->settings;
    struct failure failure = { 0 };
    size_t count = sharing->added < SHARED_SPOOL_SLOTS ? sharing->added : SHARED_SPOOL_SLOTS;
    (void)child;
    if (!shared_spool_note(settings->outside.shared_directory, sharing->key, sharing->user, sharing->reports, count,
                           &failure))
        complain_daily(settings->state_directory, LOG_SEVERITY_WARNING, "nothing is shared with other users: %s",
                       failure.reason);
    return 0;
}

void sharing_finish(struct sharing **sharing)
{
    const struct child_limits limits = { .wall_milliseconds = DEADLINE_MILLISECONDS, .reaches_out = true };
    if (!*sharing)
        return;
    if ((*sharing)->added) {
        struct child_answer answer = child_run(NULL, write_reports, *sharing, &limits);
        if (answer.end != CHILD_ANSWERED)
            complain_daily((*sharing)->settings->state_directory, LOG_SEVERITY_WARNING,
                           "nothing is shared with other users: the process that reports: %s", answer.why.reason);
        child_answer_free(&answer);
    }
    free(*sharing);
    *sharing = NULL;
}
