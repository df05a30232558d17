/* failure.c - errors are values that carry a reason a user can act on */
#include "util/failure.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "util/translate.h"

static const int exit_statuses[] = {
    [FAILURE_NONE] = EX_OK,
    [FAILURE_USAGE] = EX_USAGE,
    [FAILURE_INPUT] = EX_NOINPUT,
    [FAILURE_CONFIGURATION] = EX_CONFIG,
    [FAILURE_TEMPORARY] = EX_TEMPFAIL,
    [FAILURE_DAMAGED] = EX_TEMPFAIL,
    [FAILURE_PERMISSION] = EX_NOPERM,
    [FAILURE_DEFECT] = EX_SOFTWARE,
};

/* What the machine may have again in a minute. */
static const int temporary_errors[] = { ENOSPC, EDQUOT, EIO,   ENOMEM, EMFILE, ENFILE,
                                        EAGAIN, EINTR,  ENOLCK, EBUSY,  EROFS,  ETIMEDOUT };

static void __attribute__((format(printf, 2, 0)))
set_reason(struct failure *failure, const char *format, va_list arguments, const char *behind)
{
    size_t size = sizeof failure->reason;
    int length = vsnprintf(failure->reason, size, format, arguments);
    size_t at = length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
    if (behind) {
        int more = snprintf(failure->reason + at, size - at, ": %s", behind);
        at += more < 0 ? 0 : (size_t)more;
    }
    if (at >= size - 1)
        memcpy(failure->reason + size - 4, "...", 4);
}

bool failure_set(struct failure *failure, enum failure_kind kind, const char *format, ...)
{
    if (!failure)
        return false;
    failure->kind = kind;
    failure->error = 0;
    va_list arguments;
    va_start(arguments, format);
    set_reason(failure, translate_reason(format), arguments, NULL);
    va_end(arguments);
    return false;
}

bool failure_set_errno(struct failure *failure, enum failure_kind kind, int error, const char *format, ...)
{
    if (!failure)
        return false;
    failure->kind = kind;
    failure->error = error;
    for (size_t i = 0; i < sizeof temporary_errors / sizeof temporary_errors[0]; i++)
        if (error == temporary_errors[i])
            failure->kind = FAILURE_TEMPORARY;
    va_list arguments;
    va_start(arguments, format);
    set_reason(failure, translate_reason(format), arguments, strerror(error));
    va_end(arguments);
    return false;
}

int failure_exit_status(enum failure_kind kind)
{
    return exit_statuses[kind];
}

static void die_temporarily(int signal_number)
{
    (void)signal_number;
    _exit(EX_TEMPFAIL);
}

void failure_make_death_temporary(void)
{
    static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };
    struct sigaction action = { .sa_handler = die_temporarily };
    for (size_t i = 0; i < sizeof fatal_signals / sizeof fatal_signals[0]; i++)
        sigaction(fatal_signals[i], &action, NULL);
}
