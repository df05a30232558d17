/* doctor.h - the checks of `tamis doctor`, and how to add one
 *
 * A check looks at one thing as it is and at when it last changed.  It changes nothing, says what it found, with
 * doctor_find(), and of what is not as it should be also what is to be done, with doctor_advise():
 *
 *     fine      as it should be
 *     note      worth knowing; nobody need do anything
 *     problem   learning has stopped, or will: a remedy, and exit status 1
 *
 * What another check tells already is passed over.  To add one:
 *   1. write `void doctor_check_NAME(struct doctor *doctor)` in the doctor-*.c of its kind, and declare it below;
 *   2. add one line to the table in doctor.c: findings are told in its order;
 *   3. give it an item in doc/tamis-doctor.1 (tests/delivery/doctor.t wants one), and a row in that test.
 */
#ifndef TAMIS_COMMANDS_DOCTOR_H
#define TAMIS_COMMANDS_DOCTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "util/arena.h"
#include "util/buffer.h"
#include "verdict/terminal.h"

#define DOCTOR_DAY ((int64_t)24 * 60 * 60) /* seconds */
/* What runs every night, with a random delay, and one night the machine was off. */
#define DOCTOR_NIGHTLY_DAYS 3

enum finding_state { STATE_FINE, STATE_NOTE, STATE_PROBLEM };

#define FINDING_BYTES 400
struct finding {
    enum finding_state state;
    const char *subject;
    char text[FINDING_BYTES], remedy[FINDING_BYTES]; /* the remedy may be empty */
};

#define FINDINGS_AT_MOST 64
struct doctor {
    const struct settings *settings;
    const struct config *config;
    struct arena *arena;
    const char *subject; /* of the check that runs */
    int64_t now;         /* seconds since 1970 */
    struct finding findings[FINDINGS_AT_MOST];
    size_t count;
};

/* --- for checks --------------------------------------------------------------------------------------------------- */

/* Says what was found.  The format is translated (translate.h). */
void doctor_find(struct doctor *doctor, enum finding_state state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says what is to be done about what was found last.  The format is translated. */
void doctor_advise(struct doctor *doctor, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "3 days ago", in `out`. */
#define DOCTOR_AGO 40
const char *doctor_ago(const struct doctor *doctor, int64_t when, char out[DOCTOR_AGO]);

/* Did `tamis WHAT` run in the future?  If so, that is a finding. */
bool doctor_ran_in_future(struct doctor *doctor, const char *what, int64_t when);

/* When the mail server last reported a move, in seconds since 1970; 0: never. */
int64_t doctor_last_reported(const struct doctor *doctor);

/* The path of a file of the state directory; false when it is too long. */
bool doctor_in_state(const struct doctor *doctor, const char *name, char path[PATH_MAX]);

/* --- the checks --------------------------------------------------------------------------------------------------- */

/* doctor-system.c: settings, and what systemd and the kernel do */
void doctor_check_settings(struct doctor *doctor);
void doctor_check_timer(struct doctor *doctor);
void doctor_check_sandbox(struct doctor *doctor);

/* doctor-files.c: whose state directory and Maildir are */
void doctor_check_state(struct doctor *doctor);
void doctor_check_maildir(struct doctor *doctor);

/* doctor-folders.c: the folders of the Maildir, the marks in them, and whether their files are mail as it was sent */
void doctor_check_folders(struct doctor *doctor);
void doctor_check_keywords(struct doctor *doctor);
void doctor_check_packing(struct doctor *doctor);

/* doctor-learning.c: what is learned, and what is known besides */
void doctor_check_learning(struct doctor *doctor);
void doctor_check_history(struct doctor *doctor);
void doctor_check_senders(struct doctor *doctor);

/* doctor-runs.c: what has to run again and again */
void doctor_check_relearn(struct doctor *doctor);
void doctor_check_hook(struct doctor *doctor);
void doctor_check_expire(struct doctor *doctor);

/* doctor-shared.c: what users of this host share */
void doctor_check_shared(struct doctor *doctor);

/* --- telling ------------------------------------------------------------------------------------------------------ */

/* doctor-report.c: the findings for people, all or (below the path of the Maildir) problems alone; and for programs.
 * `terminal` NULL: a line each, however long. */
void doctor_write_text(const struct doctor *doctor, bool problems_only, const struct terminal *terminal,
                       struct buffer *out);
void doctor_write_json(const struct doctor *doctor, bool fine, struct buffer *out);

#endif
