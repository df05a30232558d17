/* scratch.h - a store in a directory of its own, and lessons out of nothing, for the tests of src/store */
#ifndef TAMIS_TESTS_UNIT_STORE_SCRATCH_H
#define TAMIS_TESTS_UNIT_STORE_SCRATCH_H

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "util/hash.h"
#include "util/log.h"
#include "util/text-lines.h"

#define SCRATCH_NAMES 8

struct scratch {
    char root[64], path[80];
};

#define SCRATCH_OPTIONS(path_) (&(struct store_options){ .directory = (path_) })

static inline struct scratch scratch_new(void)
{
    struct scratch scratch;
    snprintf(scratch.root, sizeof scratch.root, "%s/tamis-store-XXXXXX", access("/dev/shm", W_OK) == 0
             ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(scratch.root));
    snprintf(scratch.path, sizeof scratch.path, "%s/store", scratch.root);
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    return scratch;
}

static inline const char *scratch_file(const struct scratch *scratch, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", scratch->path, name);
    return path;
}

static inline void scratch_remove(struct scratch *scratch)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch->root);
    assert_int_equal(system(command), 0);
}

static inline struct store *scratch_try(const struct scratch *scratch, enum store_access access,
                                        enum store_state *state, struct failure *failure)
{
    struct store_options options = { .directory = scratch->path, .lock_wait_milliseconds = 20, .not_durable = true };
    *failure = (struct failure){ 0 };
    return store_open(&options, access, state, failure);
}

static inline struct store *scratch_open(const struct scratch *scratch, enum store_access access)
{
    enum store_state state;
    struct failure failure;
    struct store *store = scratch_try(scratch, access, &state, &failure);
    if (!store)
        fail_msg("%s: %s", store_state_name(state), failure.reason);
    return store;
}

/* The whole of a file on the heap, with a NUL behind it. */
static inline char *scratch_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*length + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    bytes[*length] = '\0';
    fclose(file);
    return bytes;
}

static inline void scratch_write(const char *path, const char *bytes, size_t length)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

/* All weights there are. */
static inline bool scratch_read_weights(struct store *store, int16_t weights[STORE_WEIGHT_SLOTS],
                                        struct failure *failure)
{
    uint32_t *slots = malloc(STORE_WEIGHT_SLOTS * sizeof *slots);
    assert_non_null(slots);
    for (uint32_t slot = 0; slot < STORE_WEIGHT_SLOTS; slot++)
        slots[slot] = slot;
    bool done = store_read_weights(store, slots, STORE_WEIGHT_SLOTS, weights, failure);
    free(slots);
    return done;
}

/* The text of the store; the caller frees it. */
static inline char *scratch_dump(const struct scratch *scratch)
{
    char path[96];
    size_t length;
    struct failure failure = { 0 };
    snprintf(path, sizeof path, "%s/dump", scratch->root);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (!store_dump(SCRATCH_OPTIONS(scratch->path), fd, &failure))
        fail_msg("dump: %s", failure.reason);
    close(fd);
    return scratch_read(path, &length);
}

/* Loads a dump from a file. */
static inline bool scratch_load(const struct store_options *options, const char *path, struct failure *failure)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    struct text_lines lines = text_lines_from(file);
    bool loaded = store_load(options, &lines, false, failure);
    text_lines_free(&lines);
    fclose(file);
    return loaded;
}

/* --- lessons ------------------------------------------------------------------------------------------------------ */

#define GRAMS_MOST 64
#define PAIRS_MOST 64

struct made_lesson {
    struct lesson lesson;
    uint32_t grams[GRAMS_MOST], pairs[PAIRS_MOST];
};

static inline int scratch_by_number(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
    return first < second ? -1 : first > second;
}

static inline size_t scratch_numbers(uint32_t *numbers, size_t count, uint64_t seed, uint32_t bound)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint32_t)(hash_mix(hash_mix(seed * 1000 + i) % bound) % (bound == STORE_WEIGHT_SLOTS
                                                                               ? bound : UINT32_MAX));
    qsort(numbers, count, sizeof *numbers, scratch_by_number);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || numbers[i] != numbers[kept - 1])
            numbers[kept++] = numbers[i];
    return kept;
}

/* Lesson number `number`: always the same one.  Features are drawn from few, so that lessons share them. */
static inline void scratch_lesson(struct made_lesson *made, uint64_t number, enum label label)
{
    uint64_t seed = hash_mix(number + 1);
    *made = (struct made_lesson){ .lesson = { .entry = { .label = label,
                                                         .source = (enum label_source)(seed >> 8 & 3),
                                                         .weight_step = (int16_t)((int)(seed >> 16 & 63) - 32),
                                                         .pair_step = (seed >> 24 & 7) != 0,
                                                         .canon_version = 1,
                                                         .feature_check = (uint32_t)seed,
                                                         .when = 1767225600 + (int64_t)number * 3600 } } };
    for (int i = 0; i < STORE_LEARNERS; i++)
        made->lesson.entry.bins[i] = (uint8_t)(seed >> (8 * i));
    hash_identity(&number, sizeof number, 7, made->lesson.identity);
    made->lesson.gram_count = scratch_numbers(made->grams, GRAMS_MOST, seed, STORE_WEIGHT_SLOTS);
    made->lesson.pair_count = scratch_numbers(made->pairs, PAIRS_MOST, seed + 1, 20000);
    made->lesson.grams = made->grams;
    made->lesson.pairs = made->pairs;
}

static inline void scratch_learn(struct store *store, uint64_t number, enum label label, bool retract)
{
    struct made_lesson made;
    struct failure failure = { 0 };
    scratch_lesson(&made, number, label);
    made.lesson.retract = retract;
    if (!store_apply(store, &made.lesson, 1, &failure))
        fail_msg("lesson %llu: %s", (unsigned long long)number, failure.reason);
}

#endif
