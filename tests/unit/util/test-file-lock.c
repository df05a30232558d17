/* test-file-lock.c - locks that others hold, let go of, and change */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/file-lock.h"

enum held { NOTHING, SHARED, EXCLUSIVE };

/* Longer than a test may take: who waits for so long has not seen that the lock is free. */
#define LONG_MILLISECONDS 300000

static char path[] = "/tmp/test-file-lock.XXXXXX";

static int set_up(void **state)
{
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int tear_down(void **state)
{
    return unlink(path);
}

/* So many of the next calls are interrupted by a signal. */
static int interruptions;

int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_flock(int fd, int operation)
{
    if (interruptions == 0)
        return __real_flock(fd, operation);
    interruptions--;
    errno = EINTR;
    return -1;
}

static int open_file(void)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static bool lock_as(int fd, enum held held)
{
    return held == NOTHING || file_lock(fd, held == EXCLUSIVE, 0, FILE_LOCK_SHORT_PAUSE);
}

/* Two opened files are two owners, also in one process. */
static void who_gets_it(void **state)
{
    static const struct {
        enum held others, ours, wanted;
        int milliseconds;
        bool want;
    } cases[] = {
        { NOTHING, NOTHING, SHARED, 0, true },
        { NOTHING, NOTHING, EXCLUSIVE, 0, true },
        { SHARED, NOTHING, SHARED, 0, true },
        { SHARED, NOTHING, EXCLUSIVE, 0, false },
        { SHARED, NOTHING, EXCLUSIVE, 20, false },
        { SHARED, NOTHING, EXCLUSIVE, -1, false },
        { EXCLUSIVE, NOTHING, SHARED, 0, false },
        { EXCLUSIVE, NOTHING, EXCLUSIVE, 20, false },
        { NOTHING, SHARED, EXCLUSIVE, 0, true },
        { NOTHING, EXCLUSIVE, SHARED, 0, true },
        { SHARED, SHARED, EXCLUSIVE, 20, false },
        { SHARED, SHARED, SHARED, 0, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int other = open_file(), our = open_file();
        assert_true(lock_as(other, cases[i].others) && lock_as(our, cases[i].ours));
        errno = 0;
        bool got = file_lock(our, cases[i].wanted == EXCLUSIVE, cases[i].milliseconds, FILE_LOCK_SHORT_PAUSE);
        if (got != cases[i].want || (!got && errno != EWOULDBLOCK))
            fail_msg("row %zu: got %d, errno %d", i, got, errno);
        /* Who did not get what he wanted holds nothing, also not what he had. */
        bool is_free = lock_as(other, EXCLUSIVE);
        if (is_free == got)
            fail_msg("row %zu: afterwards it is %s", i, is_free ? "free" : "held");
        close(other);
        close(our);
    }
}

/* It says nothing of whether others have it. */
static void an_interruption_is_no_answer(void **state)
{
    int fd = open_file();
    interruptions = 2;
    assert_true(file_lock(fd, true, 0, FILE_LOCK_SHORT_PAUSE));
    assert_int_equal(interruptions, 0);
    close(fd);
}

static void what_cannot_be_locked_is_not_waited_for(void **state)
{
    errno = 0;
    assert_false(file_lock(-1, true, LONG_MILLISECONDS, FILE_LOCK_SHORT_PAUSE));
    assert_int_equal(errno, EBADF);
}

/* A child that holds the lock, says so, and lets go of it a little later, when we wait. */
static pid_t start_holder(bool exclusive)
{
    int says[2];
    char said;
    assert_int_equal(pipe(says), 0);
    pid_t child = fork();
    if (child == 0) {
        int fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd < 0 || !file_lock(fd, exclusive, 0, FILE_LOCK_SHORT_PAUSE) || write(says[1], "l", 1) != 1)
            _exit(1);
        nanosleep(&(struct timespec){ .tv_nsec = 50 * 1000000L }, NULL);
        _exit(0);
    }
    close(says[1]);
    assert_true(child > 0 && read(says[0], &said, 1) == 1);
    close(says[0]);
    return child;
}

static void it_is_had_when_the_other_is_done(void **state)
{
    static const struct {
        bool theirs, ours;
        int pause;
    } cases[] = {
        { true, true, FILE_LOCK_SHORT_PAUSE },
        { true, false, 10 },
        { false, true, 100 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int fd = open_file(), status;
        pid_t child = start_holder(cases[i].theirs);
        assert_true(file_lock(fd, cases[i].ours, LONG_MILLISECONDS, cases[i].pause));
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_gets_it),
        cmocka_unit_test(an_interruption_is_no_answer),
        cmocka_unit_test(what_cannot_be_locked_is_not_waited_for),
        cmocka_unit_test(it_is_had_when_the_other_is_done),
    };
    return cmocka_run_group_tests_name("file-lock", tests, set_up, tear_down);
}
