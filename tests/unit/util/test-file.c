/* test-file.c - files as if the power failed at every line; writev, fsync and rename fail on demand (local.mk:
 * --wrap) */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/file.h"

/* --- faults on demand ------------------------------------------------------------------------------------------- */

static struct faults {
    size_t writev_at_most; /* bytes taken by one call; 0: all */
    int writev_error;      /* raised by every second call when `recoverable`, else once `writev_after` bytes are
                              written */
    bool recoverable;
    size_t writev_after;
    int fsync_error, rename_error;
    int nameless_error;
    size_t written, calls, fsyncs;
} faults;

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __real_writev(int fd, const struct iovec *vector, int count);
ssize_t __wrap_writev(int fd, const struct iovec *vector, int count);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if ((flags & O_TMPFILE) == O_TMPFILE && faults.nameless_error) {
        errno = faults.nameless_error;
        return -1;
    }
    return __real_open(path, flags, mode);
}

ssize_t __wrap_writev(int fd, const struct iovec *vector, int count)
{
    faults.calls++;
    bool fails = faults.recoverable ? faults.calls % 2 : faults.written >= faults.writev_after;
    if (faults.writev_error && fails) {
        errno = faults.writev_error;
        return -1;
    }
    ssize_t done;
    if (faults.writev_at_most && vector[0].iov_len > faults.writev_at_most)
        done = write(fd, vector[0].iov_base, faults.writev_at_most);
    else if (faults.writev_at_most)
        done = write(fd, vector[0].iov_base, vector[0].iov_len);
    else
        done = __real_writev(fd, vector, count);
    faults.written += done > 0 ? (size_t)done : 0;
    return done;
}

int __wrap_fsync(int fd)
{
    faults.fsyncs++;
    if (faults.fsync_error) {
        errno = faults.fsync_error;
        return -1;
    }
    return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
    if (faults.rename_error) {
        errno = faults.rename_error;
        return -1;
    }
    return __real_rename(from, to);
}

/* --- a scratch directory ---------------------------------------------------------------------------------------- */

static char scratch[64];

static int make_scratch(void **state)
{
    faults = (struct faults){ 0 };
    strcpy(scratch, "/tmp/test-file.XXXXXX");
    return mkdtemp(scratch) ? 0 : -1;
}

static int remove_scratch(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", scratch);
    return system(command);
}

static const char *in_scratch(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static size_t files_in_scratch(void)
{
    size_t count = 0;
    DIR *directory = opendir(scratch);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 2; /* . and .. */
}

static void assert_holds(const char *name, struct span want)
{
    struct file_bytes bytes;
    struct failure failure = { 0 };
    if (!file_read(in_scratch(name), 0, &bytes, &failure))
        fail_msg("%s: %s", name, failure.reason);
    assert_int_equal(bytes.length, want.length);
    assert_memory_equal(bytes.data, want.data, want.length);
    assert_int_equal(bytes.data[bytes.length], '\0');
    file_bytes_free(&bytes);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static const char big[300000] = "not all zero";

static const struct piece_list {
    const char *name;
    struct span pieces[6];
    size_t count;
} piece_lists[] = {
    { "nothing", { { NULL, 0 } }, 0 },
    { "only empty pieces", { { NULL, 0 }, { "", 0 } }, 2 },
    { "one", { { "one", 3 } }, 1 },
    { "empty ones between", { { NULL, 0 }, { "a", 1 }, { "", 0 }, { "\0b", 2 }, { NULL, 0 }, { "c\n", 2 } }, 6 },
    { "small and big", { { "top\n", 4 }, { big, sizeof big }, { "bottom", 6 } }, 3 },
};

static const struct fault_case {
    const char *name;
    struct faults faults;
} fault_cases[] = {
    { "no fault", { 0 } },
    { "one byte at a time", { .writev_at_most = 1 } },
    { "seven bytes at a time", { .writev_at_most = 7 } },
    { "interrupted every second time", { .writev_error = EINTR, .recoverable = true } },
    { "not ready every second time", { .writev_error = EAGAIN, .recoverable = true } },
};

static void pieces_are_written_whole(void **state)
{
    for (size_t i = 0; i < sizeof piece_lists / sizeof piece_lists[0]; i++)
        for (size_t j = 0; j < sizeof fault_cases / sizeof fault_cases[0]; j++) {
            const struct piece_list *list = &piece_lists[i];
            static char want[sizeof big + 64];
            size_t length = 0;
            for (size_t k = 0; k < list->count; k++) {
                if (list->pieces[k].length)
                    memcpy(want + length, list->pieces[k].data, list->pieces[k].length);
                length += list->pieces[k].length;
            }
            int fd = open(in_scratch("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
            faults = fault_cases[j].faults;
            struct failure failure = { 0 };
            bool written = file_write_spans(fd, list->pieces, list->count, &failure);
            close(fd);
            if (!written)
                fail_msg("%s, %s: %s", list->name, fault_cases[j].name, failure.reason);
            assert_holds("out", span_make(want, length));
        }
}

static void more_pieces_than_one_call_takes(void **state)
{
    static struct span pieces[5000];
    static char want[5000 * 3];
    for (size_t i = 0; i < 5000; i++) {
        pieces[i] = span_make("a\nz", 3);
        memcpy(want + i * 3, "a\nz", 3);
    }
    int fd = open(in_scratch("many"), O_WRONLY | O_CREAT, 0600);
    assert_true(file_write_spans(fd, pieces, 5000, NULL));
    close(fd);
    assert_holds("many", span_make(want, sizeof want));
}

static void a_full_disk_is_told(void **state)
{
    static const int errors[] = { ENOSPC, EDQUOT, EIO, EFBIG, EPIPE };
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        int fd = open(in_scratch("full"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        faults = (struct faults){ .writev_error = errors[i], .writev_after = 4, .writev_at_most = 2 };
        struct failure failure = { 0 };
        bool written = file_write_all(fd, span_of("too much for it"), &failure);
        int error = errno;
        close(fd);
        assert_false(written);
        assert_int_equal(error, errors[i]);
        assert_int_equal(failure.kind, FAILURE_TEMPORARY);
        assert_non_null(strstr(failure.reason, strerror(errors[i])));
    }
}

static void a_pipe_that_does_not_block_is_waited_for(void **state)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    pid_t reader = fork();
    if (reader == 0) {
        close(ends[1]);
        usleep(50000);
        struct file_bytes bytes;
        bool whole = file_read_descriptor(ends[0], 0, &bytes, NULL) && bytes.length == sizeof big
                     && memcmp(bytes.data, big, sizeof big) == 0;
        _exit(whole ? 0 : 1);
    }
    assert_true(file_write_all(ends[1], span_make(big, sizeof big), NULL));
    close(ends[1]);
    int status = -1;
    waitpid(reader, &status, 0);
    close(ends[0]);
    assert_int_equal(status, 0);
}

/* --- replacing -------------------------------------------------------------------------------------------------- */

static void replacing_is_all_or_nothing(void **state)
{
    static const struct {
        const char *name;
        struct faults faults;
        bool done;
    } cases[] = {
        { "no fault", { 0 }, true },
        { "disk full at once", { .writev_error = ENOSPC }, false },
        { "disk full in the middle", { .writev_error = ENOSPC, .writev_after = 3, .writev_at_most = 3 }, false },
        { "sync fails", { .fsync_error = EIO }, false },
        { "rename fails", { .rename_error = EROFS }, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        faults = (struct faults){ 0 };
        assert_true(file_replace(in_scratch("state"), span_of("old"), 0600, NULL));
        faults = cases[i].faults;
        struct failure failure = { 0 };
        bool done = file_replace(in_scratch("state"), span_of("new state"), 0600, &failure);
        faults = (struct faults){ 0 };
        if (done != cases[i].done)
            fail_msg("%s: got %d (%s), want %d", cases[i].name, done, failure.reason, cases[i].done);
        assert_int_equal(failure.kind, done ? FAILURE_NONE : FAILURE_TEMPORARY);
        assert_holds("state", span_of(done ? "new state" : "old"));
        assert_int_equal(files_in_scratch(), 1);
    }
}

static void replacing_syncs_file_and_directory(void **state)
{
    assert_true(file_replace(in_scratch("state"), span_of("x"), 0600, NULL));
    assert_int_equal(faults.fsyncs, 2);
}

static void modes_do_not_depend_on_the_umask(void **state)
{
    static const mode_t umasks[] = { 0, 022, 077, 0777 };
    for (size_t i = 0; i < sizeof umasks / sizeof umasks[0]; i++) {
        mode_t before = umask(umasks[i]);
        bool replaced = file_replace(in_scratch("file"), span_of("x"), 0640, NULL);
        bool made = file_make_directories(in_scratch("a/b"), 0700, NULL);
        umask(before);
        assert_true(replaced && made);
        struct stat status;
        assert_int_equal(stat(in_scratch("file"), &status), 0);
        assert_int_equal(status.st_mode & 07777, 0640);
        assert_int_equal(stat(in_scratch("a"), &status), 0);
        assert_int_equal(status.st_mode & 07777, 0700);
        assert_int_equal(rmdir(in_scratch("a/b")) | rmdir(in_scratch("a")), 0);
    }
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static void limits_are_kept(void **state)
{
    static const struct {
        const char *name;
        size_t length, limit;
        bool done;
    } cases[] = {
        { "no limit", 70000, 0, true },        { "under the limit", 9, 10, true }, { "at the limit", 10, 10, true },
        { "one over the limit", 11, 10, false }, { "far over", 200000, 10, false }, { "empty", 0, 10, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(file_replace(in_scratch("input"), span_make(big, cases[i].length), 0600, NULL));
        struct file_bytes bytes;
        struct failure failure = { 0 };
        bool done = file_read(in_scratch("input"), cases[i].limit, &bytes, &failure);
        if (done != cases[i].done)
            fail_msg("%s: got %d (%s), want %d", cases[i].name, done, failure.reason, cases[i].done);
        if (done)
            assert_int_equal(bytes.length, cases[i].length);
        else
            assert_int_equal(failure.kind, FAILURE_INPUT), assert_null(bytes.data);
        file_bytes_free(&bytes);
    }
}

static void only_regular_files_are_read(void **state)
{
    assert_int_equal(mkfifo(in_scratch("fifo"), 0600), 0);
    assert_int_equal(symlink("/dev/zero", in_scratch("zero")), 0);
    assert_int_equal(symlink("nowhere", in_scratch("dangling")), 0);
    static const struct {
        const char *name, *why;
        int error;
    } cases[] = {
        { "fifo", "not a regular file", 0 },
        { "zero", "not a regular file", 0 },
        { ".", "not a regular file", 0 },
        { "dangling", "No such file", ENOENT },
        { "absent", "No such file", ENOENT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file_bytes bytes;
        struct failure failure = { 0 };
        bool done = file_read(in_scratch(cases[i].name), 0, &bytes, &failure);
        int error = errno;
        assert_false(done);
        assert_int_equal(failure.kind, FAILURE_INPUT);
        if (!strstr(failure.reason, cases[i].why) || !strstr(failure.reason, scratch) || error != cases[i].error)
            fail_msg("%s: got \"%s\" (errno %d)", cases[i].name, failure.reason, error);
    }
}

/* --- names ------------------------------------------------------------------------------------------------------ */

static void names_are_joined(void **state)
{
    static const struct {
        const char *directory, *name, *want;
    } cases[] = {
        { "a", "b", "a/b" }, { "a/", "b", "a/b" },           { "/", "b", "/b" },
        { "", "b", "b" },    { "1234", "12345", "1234/12345" }, { "1234", "123456", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[11];
        bool done = file_join(out, sizeof out, cases[i].directory, cases[i].name);
        assert_int_equal(done, cases[i].want != NULL);
        if (done)
            assert_string_equal(out, cases[i].want);
    }
}

static void directories_are_made(void **state)
{
    assert_true(file_replace(in_scratch("plain"), span_of("x"), 0600, NULL));
    static const struct {
        const char *path;
        bool done;
    } cases[] = {
        { "one", true },     { "one", true },        { "two/three//four/", true }, { "two/three/five", true },
        { "plain", false }, { "plain/six", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure failure = { 0 };
        bool done = file_make_directories(in_scratch(cases[i].path), 0700, &failure);
        struct stat status;
        if (done != cases[i].done || (done && (stat(in_scratch(cases[i].path), &status) || !S_ISDIR(status.st_mode))))
            fail_msg("%s: got %d (%s), want %d", cases[i].path, done, failure.reason, cases[i].done);
    }
    assert_false(file_make_directories("", 0700, NULL));
}

static void directories_of_paths_are_found(void **state)
{
    assert_int_equal(chdir(scratch), 0);
    static const struct {
        const char *path;
        bool done;
    } cases[] = {
        { "name", true }, { "./name", true }, { "/name", true }, { "/", true }, { "absent/name", false },
        { "absent/", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (file_sync_directory_of(cases[i].path, NULL) != cases[i].done)
            fail_msg("%s: want %d", cases[i].path, cases[i].done);
    faults.fsync_error = EINVAL; /* a file system without such a thing */
    assert_true(file_sync_directory_of("name", NULL));
    faults.fsync_error = EIO;
    assert_false(file_sync_directory_of("name", NULL));
    assert_int_equal(chdir("/"), 0);
}

#define scratch_test(function) cmocka_unit_test_setup_teardown(function, make_scratch, remove_scratch)

/* Who is killed in the middle leaves a file behind: it goes with a later replacement, and nothing else does. */
static void abandoned_files_go(void **state)
{
    static const struct {
        const char *name;
        bool old, want;
    } files[] = {
        { "list.tamis-abc123", true, false }, { "list.tamis-def456", false, true }, { "list.backup", true, true },
        { "list.abc123", true, true },        { "other.tamis-abc123", true, true },
    };
    const struct timespec long_ago[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
    assert_int_equal(chdir(scratch), 0);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_true(file_replace(files[i].name, span_of("x"), 0600, NULL));
        if (files[i].old)
            assert_int_equal(utimensat(AT_FDCWD, files[i].name, long_ago, 0), 0);
    }
    assert_true(file_replace("list", span_of("new"), 0600, NULL));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if ((access(files[i].name, F_OK) == 0) != files[i].want)
            fail_msg("%s: want it %s", files[i].name, files[i].want ? "kept" : "gone");
        unlink(files[i].name);
    }
    unlink("list");
    assert_int_equal(chdir("/"), 0);
}

/* In scratch, which stays empty; where the file system, or the kernel, can and cannot do without a name. */
static void a_file_without_a_name_is_had_everywhere(void **state)
{
    char missing[128], got[4];
    struct stat file, there;
    snprintf(missing, sizeof missing, "%s/missing", scratch);
    const struct {
        const char *variable;   /* NULL: not set */
        int nameless_error;     /* of open(2) without a name; 0: it can */
        int want_error;         /* 0: there is a file */
        bool in_scratch;
    } cases[] = {
        { scratch, 0, 0, true },
        { scratch, EOPNOTSUPP, 0, true },
        { scratch, EISDIR, 0, true },
        { scratch, EMFILE, EMFILE, true },
        { scratch, ENOSPC, ENOSPC, true },
        { missing, 0, ENOENT, true },
        { missing, EOPNOTSUPP, ENOENT, true },
        { "relative", 0, 0, false },
        { "relative", EOPNOTSUPP, 0, false },
        { "", 0, 0, false },
        { NULL, 0, 0, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cases[i].variable)
            setenv("TMPDIR", cases[i].variable, 1);
        else
            unsetenv("TMPDIR");
        faults = (struct faults){ .nameless_error = cases[i].nameless_error };
        errno = 0;
        int fd = file_open_nameless();
        int error = fd < 0 ? errno : 0;
        faults = (struct faults){ 0 };
        if (error != cases[i].want_error)
            fail_msg("case %zu: %s", i, strerror(error));
        if (fd < 0)
            continue;
        assert_int_equal(fstat(fd, &file), 0);
        assert_int_equal(stat(cases[i].in_scratch ? scratch : "/tmp", &there), 0);
        assert_int_equal(file.st_nlink, 0);
        assert_int_equal(file.st_mode & 07777, 0600);
        assert_int_equal(file.st_dev, there.st_dev);
        assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
        assert_int_equal(write(fd, "text", 4), 4);
        assert_int_equal(pread(fd, got, 4, 0), 4);
        assert_memory_equal(got, "text", 4);
        close(fd);
        assert_int_equal(files_in_scratch(), 0);
    }
    unsetenv("TMPDIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(abandoned_files_go),
        scratch_test(pieces_are_written_whole),
        scratch_test(more_pieces_than_one_call_takes),
        scratch_test(a_full_disk_is_told),
        scratch_test(a_pipe_that_does_not_block_is_waited_for),
        scratch_test(replacing_is_all_or_nothing),
        scratch_test(replacing_syncs_file_and_directory),
        scratch_test(modes_do_not_depend_on_the_umask),
        scratch_test(limits_are_kept),
        scratch_test(only_regular_files_are_read),
        scratch_test(a_file_without_a_name_is_had_everywhere),
        scratch_test(names_are_joined),
        scratch_test(directories_are_made),
        scratch_test(directories_of_paths_are_found),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
