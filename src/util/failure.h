/* failure.h - errors are values that carry a reason a user can act on
 *
 * A function that can fail for a reason outside the program takes a `struct failure *failure`, returns
 * false (or another stated value) and has filled it in.  On success it leaves it alone.  The kind decides the
 * exit status in one table (failure_exit_status), the reason is one line without a newline, which names the file or
 * setting concerned, English or in the reader's language (translate.h).  Message content is never a reason to fail:
 * limits are reported as facts of the message.
 */
#ifndef TAMIS_UTIL_FAILURE_H
#define TAMIS_UTIL_FAILURE_H

#include <stdbool.h>

enum failure_kind {
    FAILURE_NONE,          /* nothing failed                                           exit 0  */
    FAILURE_USAGE,         /* the command line is wrong                                exit 64 EX_USAGE */
    FAILURE_INPUT,         /* an input file is missing, unreadable or not what it says exit 66 EX_NOINPUT */
    FAILURE_CONFIGURATION, /* a setting or rule file is wrong: file:line and remedy    exit 78 EX_CONFIG */
    FAILURE_TEMPORARY,     /* disk full, lock held, I/O error: try again later         exit 75 EX_TEMPFAIL */
    FAILURE_DAMAGED,       /* learned state damaged, foreign or newer than this build  exit 75 EX_TEMPFAIL */
    FAILURE_PERMISSION,    /* not allowed: wrong owner, wrong mode                     exit 77 EX_NOPERM */
    FAILURE_DEFECT         /* a defect of this program                                 exit 70 EX_SOFTWARE */
};

struct failure {
    enum failure_kind kind;
    int error;        /* errno, where failure_set_errno() was told one; else 0 */
    char reason[400]; /* cut with "..." when longer */
};

/* Fills `failure` and returns false, so that callers can `return failure_set(...)`.  NULL `failure` is allowed. */
bool failure_set(struct failure *failure, enum failure_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As failure_set(), with ": " and the text of errno `error` behind the reason; ENOSPC, EDQUOT, EIO, ENOMEM, EMFILE,
 * EAGAIN and their like make the kind FAILURE_TEMPORARY whatever `kind` says. */
bool failure_set_errno(struct failure *failure, enum failure_kind kind, int error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The sysexits(3) status for a kind: the one table in the program. */
int failure_exit_status(enum failure_kind kind);

/* Installs handlers that turn a fatal signal of this process (SEGV, BUS, ABRT, ILL, FPE) into exit status 75, so that a
 * caller that handed us a message keeps it.  A child that parses messages restores the defaults. */
void failure_make_death_temporary(void);

#endif
