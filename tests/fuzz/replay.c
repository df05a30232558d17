/* replay.c - gives files to fuzz targets, with any compiler: what was found once stays mended
 *
 *   replay FOLDER     all inputs in FOLDER/seeds/TARGET and FOLDER/found/TARGET to their targets; TAP
 *   replay TARGET FILE...
 *
 * Each input comes in pieces as well: cut in half, and without its last byte.  Each is run in a process of its own, so
 * that one that crashes does not hide the others.
 */
#include "config.h"

#include "fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/file.h"

static int run_file(const struct fuzz_target *target, const char *path)
{
    struct file_bytes bytes;
    struct failure failure = { 0 };
    if (!file_read(path, 0, &bytes, &failure)) {
        fprintf(stderr, "%s\n", failure.reason);
        return 66;
    }
    fuzz_run(target, span_make(bytes.data, bytes.length));
    fuzz_run(target, span_make(bytes.data, bytes.length / 2));
    if (bytes.length)
        fuzz_run(target, span_make(bytes.data, bytes.length - 1));
    file_bytes_free(&bytes);
    return 0;
}

/* Did it come to its end? */
static bool run_apart(const struct fuzz_target *target, const char *path)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        exit(run_file(target, path));
    int status = 0;
    bool ended = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!ended)
        printf("# %s ends with wait status %d\n", path, status);
    return ended;
}

/* Runs all files of a folder; gives how many there are, and counts those that failed. */
static size_t run_folder(const struct fuzz_target *target, const char *folder, size_t *failed)
{
    size_t count = 0;
    DIR *list = opendir(folder);
    for (const struct dirent *entry; list && (entry = readdir(list));) {
        char path[PATH_MAX];
        if (entry->d_name[0] == '.' || !file_join(path, sizeof path, folder, entry->d_name))
            continue;
        count++;
        *failed += !run_apart(target, path);
    }
    if (list)
        closedir(list);
    return count;
}

/* One test: there are seeds, and every input passes. */
static bool run_target(const struct fuzz_target *target, const char *folder, int number)
{
    char seeds[PATH_MAX], found[PATH_MAX];
    size_t failed = 0;
    snprintf(seeds, sizeof seeds, "%s/seeds/%s", folder, target->name);
    snprintf(found, sizeof found, "%s/found/%s", folder, target->name);
    size_t seed_count = run_folder(target, seeds, &failed);
    size_t found_count = run_folder(target, found, &failed);
    bool passed = failed == 0 && seed_count > 0;
    if (seed_count == 0)
        printf("# no seeds in %s\n", seeds);
    printf("%sok %d - %s: %s (%zu seeds, %zu once found)\n", passed ? "" : "not ", number, target->name, target->what,
           seed_count, found_count);
    return passed;
}

static int run_all(const char *folder)
{
    int number = 0;
    bool passed = true;
    for (const struct fuzz_target *const *target = fuzz_targets; *target; target++)
        passed = run_target(*target, folder, ++number) && passed;
    printf("1..%d\n", number);
    return passed ? 0 : 1;
}

int main(int count, char **arguments)
{
    if (count == 2)
        return run_all(arguments[1]);
    const struct fuzz_target *target = count > 2 ? fuzz_target_named(arguments[1]) : NULL;
    if (!target) {
        fprintf(stderr, "usage: replay FOLDER | replay TARGET FILE...\n");
        return 64;
    }
    int status = 0;
    for (int i = 2; i < count && status == 0; i++)
        status = run_file(target, arguments[i]);
    return status;
}
