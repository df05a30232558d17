/* shared-folder.h - a shared folder in a scratch directory, for the tests of what users of a host share */
#ifndef TAMIS_TESTS_OUTSIDE_SHARED_FOLDER_H
#define TAMIS_TESTS_OUTSIDE_SHARED_FOLDER_H

#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outside/shared-place.h"
#include "outside/shared-spool.h"

#define NOW INT64_C(1790000000)

static char scratch[64], folder[80];
static uint64_t key;

static inline const char *path_in(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline int make_folder(void **state)
{
    struct failure failure = { 0 };
    (void)state;
    strcpy(scratch, "/tmp/tamis-shared-XXXXXX");
    if (!mkdtemp(scratch))
        return -1;
    snprintf(folder, sizeof folder, "%s/shared", scratch);
    return shared_place_make(folder, &failure) && shared_place_key(folder, &key, &failure) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    return system(command); /* our own name, made above */
}

/* A report of one print, a relay and a host, all made from `number`. */
static inline struct shared_report report_of(uint64_t message, enum shared_called called, uint64_t number, int64_t when)
{
    return (struct shared_report){ .message = message, .when = when, .called = called, .relay = number + 1000,
                                   .prints = { number }, .print_count = 1, .hosts = { number + 2000 },
                                   .host_count = 1 };
}

static inline bool note_report(uint64_t user, struct shared_report report)
{
    struct failure failure = { 0 };
    return shared_spool_note(folder, key, user, &report, 1, &failure);
}

/* The path of a user's file. */
static inline const char *spool_path(uint64_t user)
{
    static char path[200];
    char name[SHARED_SPOOL_NAME];
    shared_spool_name(key, user, name);
    snprintf(path, sizeof path, "%s/%s/%s", folder, SHARED_REPORTS, name);
    return path;
}

#endif
