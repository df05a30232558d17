/* scratch.h - a folder for one test, files in it, and its end */
#ifndef TAMIS_TESTS_SENDERS_SCRATCH_H
#define TAMIS_TESTS_SENDERS_SCRATCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

static char scratch[] = "/tmp/tamis-senders.XXXXXX";

static inline const char *scratch_path(const char *name)
{
    static char paths[4][300];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
    return path;
}

static inline void scratch_write(const char *name, const char *text)
{
    FILE *file = fopen(scratch_path(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static inline void assert_file_is(const char *name, const char *want)
{
    struct file_bytes bytes;
    struct failure failure;
    if (!file_read(scratch_path(name), 0, &bytes, &failure))
        fail_msg("%s", failure.reason);
    assert_span_is(span_make(bytes.data, bytes.length), want);
    file_bytes_free(&bytes);
}

static inline int scratch_make(void **state)
{
    (void)state;
    snprintf(scratch, sizeof scratch, "/tmp/tamis-senders.XXXXXX");
    return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
    (void)state;
    DIR *directory = opendir(scratch);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (entry->d_name[0] != '.')
            unlink(scratch_path(entry->d_name));
    if (directory)
        closedir(directory);
    return rmdir(scratch);
}

#endif
