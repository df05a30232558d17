/* test-maildir.c - delivered whole or not at all, whatever fails and whenever we are killed (local.mk: --wrap) */
#include "config.h"

#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mailbox/maildir.h"
#include "mailbox/maildir-folder.h"
#include "util/file.h"
#include "util/log.h"

/* --- faults on demand ------------------------------------------------------------------------------------------- */

static struct faults {
    bool no_unnamed_files;       /* the file system has no O_TMPFILE */
    bool no_proc;                /* /proc is not mounted */
    int write_error;             /* after 10 bytes */
    int sync_error, sync_number; /* the sync with this number fails (1: the file, 2: new/) */
    int link_error, link_times;  /* 0 times: always */
    bool no_rename_noreplace;
    const char *unopenable; /* a directory that says EIO when it is opened */
    int list_end;           /* the listing that comes to its entry with this number breaks off there, with EIO */
    int syncs, links, listed;
    size_t written;
} faults;

int __real_openat(int directory_fd, const char *path, int flags, ...);
int __wrap_openat(int directory_fd, const char *path, int flags, ...);
ssize_t __real_writev(int fd, const struct iovec *vector, int count);
ssize_t __wrap_writev(int fd, const struct iovec *vector, int count);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_linkat(int from_fd, const char *from, int to_fd, const char *to, int flags);
int __wrap_linkat(int from_fd, const char *from, int to_fd, const char *to, int flags);
struct dirent *__real_readdir(DIR *directory);
struct dirent *__wrap_readdir(DIR *directory);
int __real_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int __wrap_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);

static int fail_with(int error)
{
    errno = error;
    return -1;
}

int __wrap_openat(int directory_fd, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (faults.no_unnamed_files && (flags & O_TMPFILE) == O_TMPFILE)
        return fail_with(EOPNOTSUPP);
    if (faults.unopenable && strcmp(path, faults.unopenable) == 0)
        return fail_with(EIO);
    return __real_openat(directory_fd, path, flags, mode);
}

ssize_t __wrap_writev(int fd, const struct iovec *vector, int count)
{
    if (!faults.write_error)
        return __real_writev(fd, vector, count);
    if (faults.written >= 10)
        return fail_with(faults.write_error);
    faults.written += 10;
    return write(fd, vector[0].iov_base, 10);
}

int __wrap_fsync(int fd)
{
    faults.syncs++;
    return faults.sync_error && faults.syncs == faults.sync_number ? fail_with(faults.sync_error) : __real_fsync(fd);
}

int __wrap_linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    faults.links++;
    if (faults.no_proc && from_fd == AT_FDCWD)
        return fail_with(ENOENT);
    if (faults.link_error && (faults.link_times == 0 || faults.links <= faults.link_times))
        return fail_with(faults.link_error);
    return __real_linkat(from_fd, from, to_fd, to, flags);
}

struct dirent *__wrap_readdir(DIR *directory)
{
    if (faults.list_end && ++faults.listed == faults.list_end) {
        errno = EIO;
        return NULL;
    }
    return __real_readdir(directory);
}

int __wrap_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    return faults.no_rename_noreplace ? fail_with(EINVAL) : __real_renameat2(from_fd, from, to_fd, to, flags);
}

/* --- a Maildir to fill ------------------------------------------------------------------------------------------ */

static char maildir[64];
static struct maildir_settings settings;
static const struct tagged_message message = { .fields = { "Subject: a\nX-Tamis: ham\n", 24 },
                                               .rest = { "\nb\0d\r\n", 6 },
                                               .size = 30 };
static const char whole[] = "Subject: a\nX-Tamis: ham\n\nb\0d\r\n";

static const char *in_maildir(const char *name)
{
    static char path[2][4096];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", maildir, name);
    return path[turn];
}

static int make_maildir(void **state)
{
    faults = (struct faults){ 0 };
    strcpy(maildir, "/tmp/test-maildir.XXXXXX");
    settings = (struct maildir_settings){ .path = maildir, .junk = "Junk" };
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    return !mkdtemp(maildir) || mkdir(in_maildir("cur"), 0700) || mkdir(in_maildir("new"), 0700)
           || mkdir(in_maildir("tmp"), 0700);
}

static int remove_maildir(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", maildir);
    return system(command);
}

static int files_in(const char *name)
{
    int count = 0;
    DIR *directory = opendir(in_maildir(name));
    if (!directory)
        return -1;
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void put(const char *name, const char *text)
{
    if (!file_replace(in_maildir(name), span_of(text), 0640, NULL))
        fail_msg("cannot write %s", name);
}

static void assert_file_is(const char *path, struct span want)
{
    struct file_bytes bytes;
    struct failure failure = { 0 };
    if (!file_read(path, 0, &bytes, &failure))
        fail_msg("%s", failure.reason);
    if (!span_equal(span_make(bytes.data, bytes.length), want))
        fail_msg("%s: got \"%s\", want \"%.*s\"", path, bytes.data, (int)want.length, want.data);
    file_bytes_free(&bytes);
}

static enum maildir_result deliver(const char *folder, char path[PATH_MAX], struct failure *failure)
{
    *failure = (struct failure){ 0 };
    return maildir_deliver(&settings, folder, &message, path, failure);
}

static void assert_delivered(const char *folder)
{
    char path[PATH_MAX];
    struct failure failure;
    if (deliver(folder, path, &failure) != MAILDIR_DELIVERED)
        fail_msg("%s: %s", folder ? folder : "inbox", failure.reason);
    assert_file_is(path, span_make(whole, sizeof whole - 1));
}

/* --- delivering ------------------------------------------------------------------------------------------------- */

static const struct way {
    const char *name;
    struct faults faults;
} ways[] = {
    { "by a file without a name", { 0 } },
    { "by tmp/", { .no_unnamed_files = true } },
    { "by tmp/, because there is no /proc", { .no_proc = true } },
    { "by tmp/ and rename", { .no_unnamed_files = true, .link_error = EPERM } },
    { "by tmp/ and plain rename", { .no_unnamed_files = true, .link_error = EOPNOTSUPP, .no_rename_noreplace = true } },
};

static void every_way_delivers_whole_and_private(void **state)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        for (mode_t mask = 0; mask <= 0777; mask += 0777) {
            faults = ways[i].faults;
            char path[PATH_MAX];
            struct failure failure;
            mode_t before = umask(mask);
            enum maildir_result result = deliver(NULL, path, &failure);
            umask(before);
            if (result != MAILDIR_DELIVERED)
                fail_msg("%s: %s", ways[i].name, failure.reason);
            struct stat status;
            assert_int_equal(stat(path, &status), 0);
            assert_int_equal(status.st_mode & 07777, 0600);
            assert_int_equal(status.st_nlink, 1);
            assert_file_is(path, span_make(whole, sizeof whole - 1));
            assert_non_null(strstr(path, "/new/"));
            assert_non_null(strstr(path, ",S=30,W=33"));
            assert_int_equal(files_in("tmp"), 0);
            assert_int_equal(files_in("new"), 1);
            assert_int_equal(unlink(path), 0);
        }
}

static void what_fails_leaves_nothing(void **state)
{
    static const struct faults cases[] = {
        { .write_error = ENOSPC },
        { .write_error = EDQUOT },
        { .write_error = EIO },
        { .sync_error = EIO, .sync_number = 1 },
        { .sync_error = ENOSPC, .sync_number = 1 },
        { .link_error = ENOSPC },
        { .link_error = EEXIST },
        { .sync_error = EIO, .sync_number = 2 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int named = 0; named < 2; named++) {
            char path[PATH_MAX];
            struct failure failure;
            faults = cases[i];
            faults.no_unnamed_files = named;
            enum maildir_result result = deliver(NULL, path, &failure);
            if (result != MAILDIR_FAILED || failure.kind != FAILURE_TEMPORARY || path[0] != '\0')
                fail_msg("case %zu: got result %d, \"%s\"", i, result, failure.reason);
            assert_non_null(strstr(failure.reason, maildir));
            if (files_in("new") != 0 || files_in("tmp") != 0)
                fail_msg("case %zu: something was left behind", i);
            faults = (struct faults){ 0 };
        }
    assert_delivered(NULL);
}

static void a_name_that_is_taken_is_not_overwritten(void **state)
{
    for (int named = 0; named < 2; named++) {
        faults = (struct faults){ .no_unnamed_files = named, .link_error = EEXIST, .link_times = 5 };
        assert_delivered(NULL);
        assert_int_equal(faults.links, 6);
    }
    assert_int_equal(files_in("new"), 2);
}

static void directory_sync_can_be_left_out(void **state)
{
    settings.skip_directory_sync = true;
    assert_delivered(NULL);
    assert_int_equal(faults.syncs, 1);
    settings.skip_directory_sync = false;
    faults.syncs = 0;
    assert_delivered(NULL);
    assert_int_equal(faults.syncs, 2);
}

static void a_file_size_limit_is_a_failure(void **state)
{
    struct rlimit before, small = { .rlim_cur = 10 };
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    char path[PATH_MAX];
    struct failure failure;
    enum maildir_result result = deliver(NULL, path, &failure);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(result, MAILDIR_FAILED);
    assert_int_equal(files_in("new"), 0);
}

/* --- the Maildir itself ----------------------------------------------------------------------------------------- */

static void a_missing_maildir_is_made_only_when_asked(void **state)
{
    char missing[128], path[PATH_MAX];
    struct failure failure;
    snprintf(missing, sizeof missing, "%s/home/Mail dir", maildir);
    settings.path = missing;
    assert_int_equal(deliver(NULL, path, &failure), MAILDIR_FAILED);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_int_equal(access(missing, F_OK), -1);
    assert_int_equal(mkdir(in_maildir("home"), 0700), 0);
    assert_int_equal(mkdir(missing, 0700), 0);
    assert_int_equal(deliver(NULL, path, &failure), MAILDIR_FAILED); /* a directory, but no Maildir */
    assert_int_equal(rmdir(missing), 0);
    settings.create = true;
    assert_delivered(NULL);
    assert_delivered("Junk");
}

static void a_store_of_another_format_gets_no_mail(void **state)
{
    char path[PATH_MAX];
    struct failure failure;
    assert_int_equal(mkdir(in_maildir("mailboxes"), 0700), 0);
    assert_int_equal(mkdir(in_maildir("mailboxes/INBOX"), 0700), 0);
    assert_int_equal(mkdir(in_maildir("mailboxes/INBOX/dbox-Mails"), 0700), 0);
    assert_int_equal(deliver(NULL, path, &failure), MAILDIR_FAILED);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_non_null(strstr(failure.reason, "sdbox"));
    assert_int_equal(deliver("Junk", path, &failure), MAILDIR_FAILED);
    assert_int_equal(files_in("new"), 0);
    assert_int_equal(access(in_maildir(".Junk"), F_OK), -1);
}

static void a_folder_of_another_format_gets_none_either(void **state)
{
    char path[PATH_MAX];
    struct failure failure;
    assert_int_equal(mkdir(in_maildir(".Junk"), 0700), 0);
    put(".Junk/.mh_sequences", "");
    assert_int_equal(deliver("Junk", path, &failure), MAILDIR_FAILED);
    assert_non_null(strstr(failure.reason, "MH"));
    assert_int_equal(access(in_maildir(".Junk/new"), F_OK), -1);
    assert_delivered(NULL);
}

static void paths_that_cannot_be_are_refused(void **state)
{
    char deep[PATH_MAX + 10], path[PATH_MAX];
    struct failure failure;
    memset(deep, '/', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    const char *const paths[] = { "", "Maildir", "./Maildir", deep };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        settings.path = paths[i];
        assert_int_equal(deliver(NULL, path, &failure), MAILDIR_FAILED);
        assert_int_equal(failure.kind, FAILURE_CONFIGURATION);
    }
}

static void a_maildir_of_somebody_else_waits(void **state)
{
    if (geteuid() != 0 || chown(maildir, 65534, 65534) != 0) {
        print_message("# SKIPPED: only root can give a Maildir away\n");
        return;
    }
    char path[PATH_MAX];
    struct failure failure;
    assert_int_equal(deliver(NULL, path, &failure), MAILDIR_FAILED);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_non_null(strstr(failure.reason, "belongs to user 65534"));
    assert_int_equal(files_in("new"), 0);
}

static void a_maildir_open_to_all_gets_its_mail(void **state)
{
    assert_int_equal(chmod(maildir, 0777), 0);
    assert_delivered(NULL);
}

static void a_missing_tmp_is_made_again(void **state)
{
    assert_int_equal(rmdir(in_maildir("tmp")), 0);
    assert_delivered(NULL);
    assert_int_equal(files_in("tmp"), 0);
}

/* --- folders ---------------------------------------------------------------------------------------------------- */

static void folder_names_are_checked(void **state)
{
    static const struct {
        const char *name;
        bool valid;
    } cases[] = {
        { "Junk", true },       { "Archive.2024", true }, { "Junk mail", true }, { "&BEEEPwQwBDw-", true },
        { "", false },          { ".", false },           { "..", false },       { "../etc", false },
        { "a/b", false },       { ".hidden", false },     { "a..b", false },     { "a.", false },
        { "line\nend", false }, { "del\177", false },     { "/", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (maildir_folder_name_is_valid(cases[i].name) != cases[i].valid)
            fail_msg("\"%s\": want %d", cases[i].name, cases[i].valid);
        char path[PATH_MAX];
        struct failure failure;
        enum maildir_result result = deliver(cases[i].name, path, &failure);
        assert_int_equal(result, cases[i].valid ? MAILDIR_DELIVERED : MAILDIR_FAILED);
        if (!cases[i].valid)
            assert_int_equal(failure.kind, FAILURE_CONFIGURATION);
    }
}

static void a_new_folder_is_subscribed_where_lists_exist(void **state)
{
    static const struct {
        const char *name, *list, *before, *folder, *after;
    } cases[] = {
        { "Dovecot, old", "subscriptions", "Sent\n", "Junk", "Sent\nJunk\n" },
        { "Dovecot, old, levels", "subscriptions", "Sent\n", "A.Junk", "Sent\nA.Junk\n" },
        { "Dovecot, empty", "subscriptions", "", "Junk", "Junk\n" },
        { "Dovecot, no final line end", "subscriptions", "Sent", "Junk", "Sent\nJunk\n" },
        { "Dovecot, subscribed already", "subscriptions", "Junk\nSent\n", "Junk", "Junk\nSent\n" },
        { "Dovecot, a longer name", "subscriptions", "Junkyard\n", "Junk", "Junkyard\nJunk\n" },
        { "Dovecot, version 2", "subscriptions", "V\t2\n\nSent\n", "Junk", "V\t2\n\nSent\nJunk\n" },
        { "Dovecot, version 2, levels", "subscriptions", "V\t2\n\nSent\n", "A.Junk", "V\t2\n\nSent\nA\tJunk\n" },
        { "Dovecot, version 2, already", "subscriptions", "V\t2\n\nA\tJunk\n", "A.Junk", "V\t2\n\nA\tJunk\n" },
        { "Courier", "courierimapsubscribed", "INBOX.Sent\n", "Junk", "INBOX.Sent\nINBOX.Junk\n" },
        { "Courier, already", "courierimapsubscribed", "INBOX.Junk\n", "Junk", "INBOX.Junk\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        remove_maildir(NULL);
        make_maildir(NULL);
        put(cases[i].list, cases[i].before);
        assert_delivered(cases[i].folder);
        assert_delivered(cases[i].folder);
        assert_file_is(in_maildir(cases[i].list), span_of(cases[i].after));
        struct stat status;
        stat(in_maildir(cases[i].list), &status);
        assert_int_equal(status.st_mode & 0777, 0640);
        char lock[64];
        snprintf(lock, sizeof lock, "%s.lock", cases[i].list);
        assert_int_equal(access(in_maildir(lock), F_OK), -1);
    }
}

static void a_new_folder_is_a_maildir_folder(void **state)
{
    mode_t before = umask(0777);
    char path[PATH_MAX];
    struct failure failure;
    enum maildir_result result = deliver("Junk", path, &failure);
    umask(before);
    if (result != MAILDIR_DELIVERED)
        fail_msg("%s", failure.reason);
    static const char *const directories[] = { ".Junk", ".Junk/cur", ".Junk/new", ".Junk/tmp" };
    for (size_t i = 0; i < 4; i++) {
        struct stat status;
        assert_int_equal(stat(in_maildir(directories[i]), &status), 0);
        assert_int_equal(status.st_mode & 07777, 0700);
    }
    assert_file_is(in_maildir(".Junk/maildirfolder"), span_of(""));
    assert_int_equal(access(in_maildir("subscriptions"), F_OK), -1);
    assert_int_equal(access(in_maildir("courierimapsubscribed"), F_OK), -1);
    assert_int_equal(files_in(".Junk/new"), 1);
    assert_int_equal(files_in("new"), 0);
}

static void a_folder_left_half_made_is_completed(void **state)
{
    put("subscriptions", "");
    assert_int_equal(mkdir(in_maildir(".Junk"), 0700), 0);
    assert_int_equal(mkdir(in_maildir(".Junk/cur"), 0700), 0);
    assert_delivered("Junk");
    assert_file_is(in_maildir(".Junk/maildirfolder"), span_of(""));
    assert_file_is(in_maildir("subscriptions"), span_of("Junk\n"));
}

static void a_locked_list_does_not_hold_mail_back(void **state)
{
    put("subscriptions", "Sent\n");
    put("subscriptions.lock", "");
    assert_delivered("Junk");
    assert_file_is(in_maildir("subscriptions"), span_of("Sent\n"));
    assert_int_equal(access(in_maildir("subscriptions.lock"), F_OK), 0);
}

static void where_junk_cannot_be_the_inbox_still_can(void **state)
{
    put(".Junk", "a file where the folder should be");
    char path[PATH_MAX];
    struct failure failure;
    assert_int_equal(deliver("Junk", path, &failure), MAILDIR_FAILED);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_delivered(NULL);
    assert_int_equal(files_in("new"), 1);
}

/* --- quota ------------------------------------------------------------------------------------------------------ */

static void quotas_are_kept(void **state)
{
    static const struct {
        const char *name, *before, *folder;
        int age; /* of maildirsize, minutes */
        enum maildir_result result;
        const char *after;
    } cases[] = {
        { "room", "100S\n30 1\n", NULL, 0, MAILDIR_DELIVERED, "100S\n30 1\n          30            1\n" },
        { "room in Junk", "100S\n30 1\n", "Junk", 0, MAILDIR_DELIVERED, "100S\n30 1\n          30            1\n" },
        { "Trash does not count", "10S\n30 1\n", "Trash", 0, MAILDIR_DELIVERED, "10S\n30 1\n" },
        { "just room", "60S\n30 1\n", NULL, 0, MAILDIR_DELIVERED, "60S\n30 1\n          30            1\n" },
        { "one byte too much", "59S\n30 1\n", NULL, 0, MAILDIR_OVER_QUOTA, "59S\n30 1\n" },
        { "too many", "1C\n30 1\n", NULL, 0, MAILDIR_OVER_QUOTA, "1C\n30 1\n" },
        { "the count decides", "1000S,1C\n30 1\n", NULL, 0, MAILDIR_OVER_QUOTA, "1000S,1C\n30 1\n" },
        { "the size decides", "40S,9C\n30 1\n", NULL, 0, MAILDIR_OVER_QUOTA, "40S,9C\n30 1\n" },
        { "no limit", "0S,0C\n30 1\n", NULL, 0, MAILDIR_DELIVERED, "0S,0C\n30 1\n          30            1\n" },
        { "other kinds are passed over", "9X,100S\n30 1\n", NULL, 0, MAILDIR_DELIVERED,
          "9X,100S\n30 1\n          30            1\n" },
        { "lines add up", "100S\n 900 3\n-850 -2\n", NULL, 0, MAILDIR_DELIVERED,
          "100S\n 900 3\n-850 -2\n          30            1\n" },
        { "over and old: counted", "100S\n900 3\n", NULL, 20, MAILDIR_DELIVERED,
          "100S\n          50            2\n          30            1\n" },
        { "over and many lines: counted", "100S\n900 3\n1 1\n", NULL, 0, MAILDIR_DELIVERED,
          "100S\n          50            2\n          30            1\n" },
        { "counted and still over", "60S\n900 3\n1 1\n", NULL, 0, MAILDIR_OVER_QUOTA,
          "60S\n          50            2\n" },
        { "no quota in it", "hello\n30 1\n", NULL, 0, MAILDIR_DELIVERED, "hello\n30 1\n" },
        { "empty", "", NULL, 0, MAILDIR_DELIVERED, "" },
        { "sums past all numbers", "10S\n9223372036854775807 1\n9223372036854775807 1\n", NULL, 20, MAILDIR_OVER_QUOTA,
          "10S\n          50            2\n" },
        { "garbage between", "100S\n30 1\nhello\n", NULL, 0, MAILDIR_DELIVERED,
          "100S\n30 1\nhello\n          30            1\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        remove_maildir(NULL);
        make_maildir(NULL);
        assert_int_equal(mkdir(in_maildir(".Sent"), 0700) | mkdir(in_maildir(".Sent/cur"), 0700), 0);
        assert_int_equal(mkdir(in_maildir(".Trash"), 0700) | mkdir(in_maildir(".Trash/new"), 0700), 0);
        put("cur/1.a.b:2,S", "twenty bytes of mail");
        put("cur/2.a.b:2,ST", "trashed");
        put(".Sent/cur/3.a.b,S=30:2,", "size by name");
        put(".Trash/new/4.a.b", "not counted");
        put("maildirsize", cases[i].before);
        struct timespec times[2] = { { .tv_sec = time(NULL) - cases[i].age * 60 },
                                     { .tv_sec = time(NULL) - cases[i].age * 60 } };
        utimensat(AT_FDCWD, in_maildir("maildirsize"), times, 0);
        char path[PATH_MAX];
        struct failure failure;
        enum maildir_result result = deliver(cases[i].folder, path, &failure);
        if (result != cases[i].result)
            fail_msg("%s: got %d (%s), want %d", cases[i].name, result, failure.reason, cases[i].result);
        if (result == MAILDIR_OVER_QUOTA)
            assert_non_null(strstr(failure.reason, "over its quota"));
        assert_file_is(in_maildir("maildirsize"), span_of(cases[i].after));
        assert_int_equal(files_in("tmp"), 0);
        assert_int_equal(files_in("new"), result == MAILDIR_DELIVERED && !cases[i].folder);
    }
}

static void a_grown_maildirsize_is_counted_again(void **state)
{
    char text[6000] = "100000S\n";
    while (strlen(text) < 5120)
        strcat(text, "1 1\n");
    put("maildirsize", text);
    assert_delivered(NULL);
    assert_file_is(in_maildir("maildirsize"),
                   span_of("100000S\n           0            0\n          30            1\n"));
}

/* A mailbox of three messages, whose maildirsize says ten and has to be counted again; delivers one more.  `want`: what
 * is in it then; NULL: what was, and that one. */
static void deliver_and_count(const struct faults *broken, const char *want)
{
    char path[PATH_MAX], text[6000] = "100000S\n 1000 10\n";
    struct failure failure = { 0 };
    while (strlen(text) < 5120)
        strcat(text, "0 0\n");
    remove_maildir(NULL);
    make_maildir(NULL);
    assert_int_equal(mkdir(in_maildir(".Sent"), 0700) | mkdir(in_maildir(".Sent/cur"), 0700), 0);
    put("cur/1.a.b:2,S", "twenty bytes of mail");
    put("cur/2.a.b:2,S", "twenty bytes of mail");
    put(".Sent/cur/3.a.b:2,S", "twenty bytes of mail");
    put("maildirsize", text);
    faults = *broken;
    enum maildir_result result = deliver(NULL, path, &failure);
    int listed = faults.listed;
    faults = (struct faults){ .listed = listed };
    if (result != MAILDIR_DELIVERED)
        fail_msg("got %d: %s", result, failure.reason);
    strcat(text, "          30            1\n");
    assert_file_is(in_maildir("maildirsize"), span_of(want ? want : text));
}

/* What could not all be seen was written down as all there is, and the quota was never met again. */
static void what_cannot_all_be_seen_is_no_count(void **state)
{
    static const char counted[] = "100000S\n          60            3\n          30            1\n";
    static const struct faults closed[] = { { .unopenable = "cur" }, { .unopenable = ".Sent" } };
    struct faults broken = { .list_end = 1 };
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        deliver_and_count(&closed[i], NULL);
    deliver_and_count(&(struct faults){ .list_end = 1000 }, counted);
    int all = faults.listed;
    assert_true(all > 10);
    for (; broken.list_end <= all; broken.list_end++)
        deliver_and_count(&broken, NULL);
}

static void without_maildirsize_none_is_made(void **state)
{
    assert_delivered(NULL);
    assert_int_equal(access(in_maildir("maildirsize"), F_OK), -1);
}

/* --- killed ----------------------------------------------------------------------------------------------------- */

/* Delivers a message of 300 KB in a process that is killed at a random moment; tells whether it said "delivered"
 * before. */
static bool deliver_and_be_killed(const struct tagged_message *large, unsigned microseconds)
{
    int told[2];
    assert_int_equal(pipe(told), 0);
    pid_t process = fork();
    if (process == 0) {
        char path[PATH_MAX];
        if (write(told[1], "s", 1) == 1 && maildir_deliver(&settings, "Junk", large, path, NULL) == MAILDIR_DELIVERED)
            (void)!write(told[1], "d", 1);
        _exit(0);
    }
    close(told[1]);
    char said[2];
    assert_int_equal(read(told[0], said, 1), 1);
    usleep(microseconds);
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    bool delivered = read(told[0], said, 1) == 1;
    close(told[0]);
    return delivered;
}

/* Every file in new/ of Junk is whole; gives how many there are and removes them. */
static int take_whole_messages(const struct tagged_message *large)
{
    int count = 0;
    DIR *directory = opendir(in_maildir(".Junk/new"));
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        char path[4096];
        snprintf(path, sizeof path, "%s/.Junk/new/%s", maildir, entry->d_name);
        assert_file_is(path, large->rest);
        unlink(path);
        count++;
    }
    if (directory)
        closedir(directory);
    return count;
}

static void killed_at_any_moment_it_is_whole_or_not_there(void **state)
{
    size_t size = 300000;
    char *text = malloc(size);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i % 26);
    struct tagged_message large = { .rest = { text, size }, .size = size };
    int delivered = 0, killed = 0;
    srand(1);
    for (int round = 0; round < 400; round++) {
        faults = (struct faults){ .no_unnamed_files = round % 2 };
        int left_before = files_in(".Junk/tmp");
        bool said = deliver_and_be_killed(&large, (unsigned)rand() % 3000);
        int found = take_whole_messages(&large);
        if (found > 1 || (said && found == 0))
            fail_msg("round %d: %d messages, said delivered: %d", round, found, said);
        delivered += found;
        killed += !said;
        if (!faults.no_unnamed_files && left_before >= 0 && files_in(".Junk/tmp") != left_before)
            fail_msg("round %d: a file without a name was left in tmp/", round);
    }
    free(text);
    print_message("# %d of 400 were killed before they said so, %d messages were there\n", killed, delivered);
    faults = (struct faults){ 0 };
    assert_delivered("Junk");
}

#define maildir_test(function) cmocka_unit_test_setup_teardown(function, make_maildir, remove_maildir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        maildir_test(every_way_delivers_whole_and_private),
        maildir_test(what_fails_leaves_nothing),
        maildir_test(a_name_that_is_taken_is_not_overwritten),
        maildir_test(directory_sync_can_be_left_out),
        maildir_test(a_file_size_limit_is_a_failure),
        maildir_test(a_missing_maildir_is_made_only_when_asked),
        maildir_test(a_store_of_another_format_gets_no_mail),
        maildir_test(a_folder_of_another_format_gets_none_either),
        maildir_test(paths_that_cannot_be_are_refused),
        maildir_test(a_maildir_of_somebody_else_waits),
        maildir_test(a_maildir_open_to_all_gets_its_mail),
        maildir_test(a_missing_tmp_is_made_again),
        maildir_test(folder_names_are_checked),
        maildir_test(a_new_folder_is_subscribed_where_lists_exist),
        maildir_test(a_new_folder_is_a_maildir_folder),
        maildir_test(a_folder_left_half_made_is_completed),
        maildir_test(a_locked_list_does_not_hold_mail_back),
        maildir_test(where_junk_cannot_be_the_inbox_still_can),
        maildir_test(quotas_are_kept),
        maildir_test(a_grown_maildirsize_is_counted_again),
        maildir_test(what_cannot_all_be_seen_is_no_count),
        maildir_test(without_maildirsize_none_is_made),
        maildir_test(killed_at_any_moment_it_is_whole_or_not_there),
    };
    return cmocka_run_group_tests_name("maildir", tests, NULL, NULL);
}
