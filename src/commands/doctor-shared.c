/* doctor-shared.c - `tamis doctor`: the folder in which users of this host share what they call spam */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/doctor.h"
#include "outside/shared-place.h"
#include "outside/shared-table.h"
#include "util/child.h"
#include "util/file.h"
#include "util/translate.h"

/* Whoever owns the folder can make the table say anything to everybody. */
static bool may_own(const struct doctor *doctor, uid_t user)
{
    const char *name = doctor->settings->outside.shared_owner;
    const struct passwd *virtual_owner = *name ? getpwnam(name) : NULL;
    return user == 0 || user == geteuid() || (virtual_owner && user == virtual_owner->pw_uid);
}

/* Is the folder there?  Whose it is, and who may write it. */
static bool check_folder(struct doctor *doctor, const char *folder)
{
    struct stat status;
    const char *what = _("the shared folder");
    if (stat(folder, &status) != 0) {
        doctor_find(doctor, STATE_PROBLEM, "%s %s cannot be looked at: %s", what, folder, strerror(errno));
        doctor_advise(doctor, "tamis shared setup, as root");
        return false;
    }
    if (!may_own(doctor, status.st_uid)) {
        doctor_find(doctor, STATE_PROBLEM, "%s %s belongs to user %lu, who is neither root nor shared_owner", what,
                    folder, (unsigned long)status.st_uid);
        doctor_advise(doctor, "chown it to root, or name that user as shared_owner");
    }
    if (status.st_mode & (S_IWGRP | S_IWOTH)) {
        doctor_find(doctor, STATE_PROBLEM, "%s %s is open to others (mode %03o)", what, folder,
                    (unsigned)(status.st_mode & 0777));
        doctor_advise(doctor, "chmod %s %s", "go-w", folder);
    }
    return true;
}

/* Can this user report, and nobody see or remove what another one reports? */
static void check_reports(struct doctor *doctor, const char *folder)
{
    char path[PATH_MAX];
    struct stat status;
    if (!file_join(path, sizeof path, folder, SHARED_REPORTS))
        return;
    if (stat(path, &status) != 0) {
        doctor_find(doctor, STATE_PROBLEM, "%s: %s", path, strerror(errno));
        doctor_advise(doctor, "tamis shared setup, as the owner of %s", folder);
    } else if (faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) != 0) {
        doctor_find(doctor, STATE_PROBLEM, "user %lu cannot report anything in %s: %s", (unsigned long)geteuid(), path,
                    strerror(errno));
        doctor_advise(doctor, "chmod %04o %s", SHARED_REPORTS_MODE, path);
    } else if (!(status.st_mode & S_ISVTX) || status.st_mode & (S_IRGRP | S_IROTH)) {
        doctor_find(doctor, STATE_PROBLEM, "in %s users can list or remove what others report (mode %04o)", path,
                    (unsigned)(status.st_mode & 07777));
        doctor_advise(doctor, "chmod %04o %s", SHARED_REPORTS_MODE, path);
    }
}

static bool check_key(struct doctor *doctor, const char *folder)
{
    uint64_t key;
    struct failure failure = { 0 };
    if (shared_place_key(folder, &key, &failure))
        return true;
    doctor_find(doctor, STATE_PROBLEM, "%s", failure.reason);
    if (failure.kind == FAILURE_DAMAGED)
        doctor_advise(doctor, "as its owner: rm %s/%s; tamis shared setup.  What was reported before is lost", folder,
                      SHARED_KEY);
    else
        doctor_advise(doctor, "as its owner: tamis shared setup; chmod a+r %s/%s", folder, SHARED_KEY);
    return false;
}

static void check_last_count(struct doctor *doctor, const char *folder)
{
    struct shared_table table;
    struct failure failure = { 0 };
    char when[DOCTOR_AGO];
    if (!shared_table_open(folder, &table, &failure)) {
        doctor_find(doctor, STATE_PROBLEM, "%s", failure.reason);
        doctor_advise(doctor, "tamis shared collate, as root or shared_owner, makes it anew");
        return;
    }
    int64_t made = table.facts.made;
    shared_table_close(&table);
    if (doctor_ran_in_future(doctor, "shared collate", made))
        return;
    if (doctor->now - made > DOCTOR_NIGHTLY_DAYS * DOCTOR_DAY) {
        doctor_find(doctor, STATE_PROBLEM, "what users share was last counted %s", doctor_ago(doctor, made, when));
        doctor_advise(doctor, "see that tamis shared collate runs every night, as root or shared_owner");
    } else {
        doctor_find(doctor, STATE_FINE, "what %u users share was last counted %s", table.facts.users,
                    doctor_ago(doctor, made, when));
    }
}

/* --- in a process of its own -------------------------------------------------------------------------------------- */

static int look(struct child *child, void *context)
{
    struct doctor *doctor = context;
    const char *folder = doctor->settings->outside.shared_directory;
    doctor->count = 0;
    if (check_folder(doctor, folder)) {
        check_reports(doctor, folder);
        if (check_key(doctor, folder))
            check_last_count(doctor, folder);
    }
    return child_write(child, doctor->findings, doctor->count * sizeof *doctor->findings) ? 0 : 1;
}

/* The table is made of what others reported: what was read in it may say anything, but in no more than its room. */
static void take_findings(struct doctor *doctor, const struct child_answer *answer)
{
    struct finding finding;
    for (size_t at = 0; at + sizeof finding <= answer->length; at += sizeof finding) {
        memcpy(&finding, answer->bytes + at, sizeof finding);
        int text = (int)strnlen(finding.text, sizeof finding.text);
        int remedy = (int)strnlen(finding.remedy, sizeof finding.remedy);
        doctor_find(doctor, finding.state <= STATE_PROBLEM ? finding.state : STATE_PROBLEM, "%.*s", text, finding.text);
        doctor_advise(doctor, "%.*s", remedy, finding.remedy);
    }
}

/* A server that does not answer is waited for as long as a delivery does, and not as long as the system would. */
void doctor_check_shared(struct doctor *doctor)
{
    const char *folder = doctor->settings->outside.shared_directory;
    const struct child_limits limits = { .wall_milliseconds = SHARED_ANSWER_MILLISECONDS, .reaches_out = true };
    if (!*folder)
        return;
    struct child_answer answer = child_run(NULL, look, doctor, &limits);
    if (answer.end == CHILD_ANSWERED) {
        take_findings(doctor, &answer);
    } else if (answer.end == CHILD_LATE) {
        doctor_find(doctor, STATE_PROBLEM, "the shared folder %s does not answer", folder);
        doctor_advise(doctor, "see to the server it is on; until then mail is judged without what others report");
    } else {
        doctor_find(doctor, STATE_PROBLEM, "%s %s cannot be looked at: %s", _("the shared folder"), folder,
                    answer.why.reason);
        doctor_advise(doctor, "mend that, then tamis doctor again");
    }
    child_answer_free(&answer);
}
