/* test-slot-file.c - a file of slots is begun anew when it is damaged, and never because it cannot be read just now */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/slot-file.h"
#include "util/log.h"

struct header {
    char mark[8];
    uint32_t version, own;
    uint64_t sum;
};

static const struct slot_file_kind kind = { .name = "slots",
                                            .mark = { 't', 'e', 's', 't', '-', 's', 'l', 'o' },
                                            .version = 3,
                                            .header_bytes = sizeof(struct header),
                                            .bytes = 4096 };

static char folder[] = "/tmp/tamis-slots-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/slots", folder);
    return 0;
}

static int remove_folder(void **state)
{
    unlink(path);
    return rmdir(folder);
}

static void fill(void *header)
{
    ((struct header *)header)->own = 2;
}

/* A new file whose header says 1; one that is begun anew says 2. */
static int make_file(void)
{
    unlink(path);
    int fd = slot_file_open(&kind, folder, O_RDWR | O_CREAT, NULL);
    struct header header = { .own = 1 };
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)kind.bytes), 0);
    assert_true(slot_file_save_header(&kind, fd, &header, NULL));
    return fd;
}

static void what_is_found_decides(void **state)
{
    static const struct {
        const char *name;
        off_t at; /* where a byte is changed, to `byte` */
        char byte;
        off_t length; /* that the file is given; 0: its own */
        int access;   /* by which it is read then */
        enum failure_kind want;
        uint32_t own; /* that its header says afterwards */
    } cases[] = {
        { "sound", 0, 't', 0, O_RDWR, FAILURE_NONE, 1 },
        { "another mark", 0, 'x', 0, O_RDWR, FAILURE_NONE, 2 },
        { "an older version", 8, 2, 0, O_RDWR, FAILURE_NONE, 2 },
        { "a newer version", 8, 4, 0, O_RDWR, FAILURE_DAMAGED, 1 },
        { "what is no version", 10, 1, 0, O_RDWR, FAILURE_NONE, 2 },
        { "another header", 12, 7, 0, O_RDWR, FAILURE_NONE, 2 },
        { "another sum", 17, 'x', 0, O_RDWR, FAILURE_NONE, 2 },
        { "cut short", 0, 't', 4095, O_RDWR, FAILURE_NONE, 2 },
        { "cut in its header", 0, 't', 9, O_RDWR, FAILURE_NONE, 2 },
        { "too long", 0, 't', 4097, O_RDWR, FAILURE_NONE, 2 },
        { "sound, but it cannot be read", 0, 't', 0, O_WRONLY, FAILURE_TEMPORARY, 1 },
        { "damaged, but it cannot be read", 17, 'x', 0, O_WRONLY, FAILURE_TEMPORARY, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct header header;
        struct failure failure = { 0 };
        int fd = make_file(), reading = open(path, cases[i].access);
        assert_int_equal(pwrite(fd, &cases[i].byte, 1, cases[i].at), 1);
        if (cases[i].length)
            assert_int_equal(ftruncate(fd, cases[i].length), 0);
        bool loaded = slot_file_load_or_begin(&kind, reading, &header, fill, &failure);
        assert_int_equal(pread(fd, &header, sizeof header, 0), sizeof header);
        if (loaded != (cases[i].want == FAILURE_NONE) || failure.kind != cases[i].want || header.own != cases[i].own)
            fail_msg("%s: the header says %u, failure %d", cases[i].name, header.own, (int)failure.kind);
        close(reading);
        close(fd);
    }
}

static int lines;

static void count_line(void *context, enum log_severity severity, const char *line)
{
    (void)context;
    lines += severity == LOG_SEVERITY_WARNING && strstr(line, "the file slots") != NULL;
}

/* A file that is new loses nothing, nor does a cache. */
static void what_is_lost_is_said_once(void **state)
{
    static const struct {
        const char *name, *bytes; /* that the file begins with */
        off_t length;
        bool is_cache;
        int want; /* lines */
    } cases[] = {
        { "sound", "t", 4096, false, 0 },
        { "damaged", "x", 4096, false, 1 },
        { "cut short", "t", 9, false, 1 },
        { "empty", "", 0, false, 0 },
        { "its maker was killed before the header", "\0\0\0\0\0\0\0\0", 4096, false, 0 },
        { "a cache that is damaged", "x", 4096, true, 0 },
    };
    log_divert(count_line, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct header header;
        struct slot_file_kind one = kind;
        one.is_cache = cases[i].is_cache;
        int fd = make_file();
        size_t length = cases[i].bytes[0] || cases[i].length == 0 ? strlen(cases[i].bytes) : 8;
        assert_int_equal(pwrite(fd, cases[i].bytes, length, 0), length);
        assert_int_equal(ftruncate(fd, cases[i].length), 0);
        lines = 0;
        assert_true(slot_file_load_or_begin(&one, fd, &header, fill, NULL));
        assert_true(slot_file_load_or_begin(&one, fd, &header, fill, NULL));
        if (lines != cases[i].want)
            fail_msg("%s: said %d times", cases[i].name, lines);
        close(fd);
    }
    log_divert(NULL, NULL);
}

static void a_lock_is_waited_for_and_no_longer(void **state)
{
    int first = make_file(), second = open(path, O_RDWR);
    struct failure failure = { 0 };
    assert_true(slot_file_lock(&kind, first, false, 0, NULL));
    assert_true(slot_file_lock(&kind, second, false, 0, NULL));
    slot_file_unlock(second);
    assert_false(slot_file_lock(&kind, second, true, 4, &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    slot_file_unlock(first);
    assert_true(slot_file_lock(&kind, second, true, 0, NULL));
    close(first);
    close(second);
}

static void absence_is_no_failure(void **state)
{
    struct failure failure = { 0 };
    unlink(path);
    assert_int_equal(slot_file_open(&kind, folder, O_RDWR, &failure), -1);
    assert_int_equal(slot_file_open(&kind, "/nonexistent/folder", O_RDWR, &failure), -1);
    assert_int_equal(slot_file_open(&kind, "", O_RDWR, &failure), -1);
    assert_int_equal(failure.kind, FAILURE_NONE);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(slot_file_open(&kind, folder, O_RDWR, &failure), -1);
    assert_int_equal(failure.kind, FAILURE_PERMISSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_decides),
        cmocka_unit_test(what_is_lost_is_said_once),
        cmocka_unit_test(a_lock_is_waited_for_and_no_longer),
        cmocka_unit_test(absence_is_no_failure),
    };
    return cmocka_run_group_tests_name("files of slots", tests, make_folder, remove_folder);
}
