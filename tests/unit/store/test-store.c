/* test-store.c - what is learned is what is read, taking back leaves nothing, and every way of not opening has its
 * name */
#include "scratch.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/* --- a model: what the store should hold, kept the plain way ------------------------------------------------------ */

#define LESSONS 200
#define PAIR_VALUES 20000

struct model {
    int weights[STORE_WEIGHT_SLOTS];
    struct scales scales;
    struct { uint32_t hash; int counts[2]; } pairs[PAIR_VALUES * 2];
    size_t pair_count;
    int label[LESSONS]; /* -1: not learned */
    uint64_t lessons[2], pair_lessons[2];
};

static int *model_pair(struct model *model, uint32_t hash)
{
    for (size_t i = 0; i < model->pair_count; i++)
        if (model->pairs[i].hash == hash)
            return model->pairs[i].counts;
    model->pairs[model->pair_count].hash = hash;
    return model->pairs[model->pair_count++].counts;
}

static void model_step(struct model *model, int number, enum label label, int sign)
{
    struct made_lesson made;
    scratch_lesson(&made, (uint64_t)number, label);
    const struct ledger_entry *entry = &made.lesson.entry;
    for (size_t i = 0; i < made.lesson.gram_count; i++)
        model->weights[made.grams[i]] += sign * entry->weight_step;
    for (size_t i = 0; entry->pair_step && i < made.lesson.pair_count; i++)
        model_pair(model, made.pairs[i])[label] += sign;
    for (int learner = 0; learner < STORE_LEARNERS; learner++)
        model->scales.counts[learner][label][entry->bins[learner]] += (uint32_t)sign;
    model->lessons[label] += (uint64_t)sign;
    model->pair_lessons[label] += (uint64_t)(sign * entry->pair_step);
    model->label[number] = sign > 0 ? (int)label : -1;
}

static void expect_ledger(struct store *store, const struct model *model)
{
    struct failure failure = { 0 };
    for (int number = 0; number < LESSONS; number++) {
        struct made_lesson made;
        struct ledger_entry entry;
        scratch_lesson(&made, (uint64_t)number, model->label[number] > 0 ? LABEL_SPAM : LABEL_HAM);
        assert_int_equal(store_read_ledger(store, made.lesson.identity, &entry, &failure), model->label[number] >= 0);
        if (model->label[number] < 0)
            continue;
        assert_int_equal(entry.label, model->label[number]);
        assert_int_equal(entry.weight_step, made.lesson.entry.weight_step);
        assert_int_equal(entry.when, made.lesson.entry.when);
    }
}

static void expect_model(struct store *store, const struct model *model)
{
    struct failure failure = { 0 };
    struct totals totals;
    struct scales *scales = calloc(1, sizeof *scales);
    int16_t *weights = malloc(STORE_WEIGHT_SLOTS * sizeof *weights);
    assert_true(store_read_totals(store, &totals, &failure));
    assert_true(scratch_read_weights(store, weights, &failure));
    assert_true(store_read_scales(store, scales, &failure));
    for (int label = 0; label < 2; label++) {
        assert_int_equal(totals.lessons[label], model->lessons[label]);
        assert_int_equal(totals.pair_lessons[label], model->pair_lessons[label]);
    }
    for (uint32_t slot = 0; slot < STORE_WEIGHT_SLOTS; slot++)
        assert_int_equal(weights[slot], model->weights[slot]);
    assert_memory_equal(scales, &model->scales, sizeof *scales);
    for (size_t i = 0; i < model->pair_count; i++) {
        struct pair_counts counts;
        assert_true(store_read_pairs(store, &model->pairs[i].hash, 1, &counts, &failure));
        assert_int_equal(counts.ham, model->pairs[i].counts[LABEL_HAM]);
        assert_int_equal(counts.spam, model->pairs[i].counts[LABEL_SPAM]);
    }
    expect_ledger(store, model);
    free(weights);
    free(scales);
}

/* One step at random: learn, forget, or flip. */
static void random_step(struct store *store, struct model *model, uint64_t random)
{
    int number = (int)(random % LESSONS), known = model->label[number];
    enum label label = random >> 20 & 1 ? LABEL_SPAM : LABEL_HAM;
    struct failure failure = { 0 };
    if (known < 0) {
        scratch_learn(store, (uint64_t)number, label, false);
        model_step(model, number, label, 1);
    } else if (random >> 21 & 1) {
        scratch_learn(store, (uint64_t)number, (enum label)known, true);
        model_step(model, number, (enum label)known, -1);
    } else {
        struct made_lesson old, new_one;
        scratch_lesson(&old, (uint64_t)number, (enum label)known);
        scratch_lesson(&new_one, (uint64_t)number, (enum label)!known);
        old.lesson.retract = true;
        struct lesson both[] = { old.lesson, new_one.lesson };
        if (!store_apply(store, both, 2, &failure))
            fail_msg("flip: %s", failure.reason);
        model_step(model, number, (enum label)known, -1);
        model_step(model, number, (enum label)!known, 1);
    }
}

static struct model *new_model(void)
{
    struct model *model = calloc(1, sizeof *model);
    assert_non_null(model);
    for (int number = 0; number < LESSONS; number++)
        model->label[number] = -1;
    return model;
}

static void forget_everything(struct store *store, struct model *model)
{
    for (int number = 0; number < LESSONS; number++)
        if (model->label[number] >= 0)
            scratch_learn(store, (uint64_t)number, (enum label)model->label[number], true);
}

static void a_thousand_random_lessons_match_the_model(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    struct model *model = new_model();
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    store_close(&store);
    char *before = scratch_dump(&scratch);
    store = scratch_open(&scratch, STORE_WRITE);
    for (uint64_t i = 0; i < 1000; i++) {
        random_step(store, model, hash_mix(i + 99));
        if (i == 300 || i == 600) {
            store_close(&store);
            if (i == 600)
                assert_true(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
            store = scratch_open(&scratch, STORE_WRITE);
            expect_model(store, model);
        }
    }
    expect_model(store, model);
    store_close(&store);
    store = scratch_open(&scratch, STORE_READ);
    expect_model(store, model);
    store_close(&store);
    store = scratch_open(&scratch, STORE_WRITE);
    forget_everything(store, model);
    store_close(&store);
    char *after = scratch_dump(&scratch);
    assert_string_equal(before, after);
    free(before);
    free(after);
    free(model);
    scratch_remove(&scratch);
}

static void the_memory_engine_holds_the_same(void **state)
{
    struct store_options options = { .engine = "memory" };
    enum store_state opened;
    struct failure failure = { 0 };
    struct model *model = new_model();
    struct store *store = store_open(&options, STORE_WRITE, &opened, &failure);
    assert_non_null(store);
    for (uint64_t i = 0; i < 300; i++)
        random_step(store, model, hash_mix(i + 12345));
    expect_model(store, model);
    assert_true(store_sync(store, &failure));
    store_close(&store);
    free(model);
}

static void taking_back_restores_every_byte(void **state)
{
    struct scratch scratch = scratch_new();
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    for (uint64_t i = 0; i < 50; i++)
        scratch_learn(store, i, i % 3 ? LABEL_SPAM : LABEL_HAM, false);
    store_close(&store);
    char *before = scratch_dump(&scratch);
    store = scratch_open(&scratch, STORE_WRITE);
    scratch_learn(store, 1000, LABEL_SPAM, false);
    store_close(&store);
    char *between = scratch_dump(&scratch);
    store = scratch_open(&scratch, STORE_WRITE);
    scratch_learn(store, 1000, LABEL_SPAM, true);
    store_close(&store);
    char *after = scratch_dump(&scratch);
    assert_string_not_equal(before, between);
    assert_string_equal(before, after);
    free(before);
    free(between);
    free(after);
    scratch_remove(&scratch);
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

static void make_twice(struct lesson *lesson, uint32_t *numbers)
{
    numbers[1] = numbers[0];
    lesson->grams = numbers;
}

static void make_too_large(struct lesson *lesson, uint32_t *numbers)
{
    numbers[lesson->gram_count - 1] = STORE_WEIGHT_SLOTS;
    lesson->grams = numbers;
}

static void make_known(struct lesson *lesson, uint32_t *numbers)
{
    struct made_lesson known;
    (void)numbers;
    scratch_lesson(&known, 1, LABEL_SPAM);
    memcpy(lesson->identity, known.lesson.identity, 16);
}

static void make_unknown_retraction(struct lesson *lesson, uint32_t *numbers)
{
    (void)numbers;
    lesson->retract = true;
}

static void make_other_retraction(struct lesson *lesson, uint32_t *numbers)
{
    make_known(lesson, numbers);
    lesson->retract = true;
}

static void make_big_step(struct lesson *lesson, uint32_t *numbers)
{
    (void)numbers;
    lesson->entry.pair_step = 2;
}

static const struct {
    const char *name;
    void (*make)(struct lesson *lesson, uint32_t *numbers);
} refused[] = {
    { "twice the same slot", make_twice },
    { "slot past the table", make_too_large },
    { "message that is in the ledger", make_known },
    { "retraction of what was not learned", make_unknown_retraction },
    { "retraction with another entry than the ledger's", make_other_retraction },
    { "pair step of 2", make_big_step },
};

static void wrong_lessons_change_nothing(void **state)
{
    struct scratch scratch = scratch_new();
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    scratch_learn(store, 1, LABEL_SPAM, false);
    store_close(&store);
    char *before = scratch_dump(&scratch);
    store = scratch_open(&scratch, STORE_WRITE);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct made_lesson made;
        struct failure failure = { 0 };
        uint32_t numbers[GRAMS_MOST];
        scratch_lesson(&made, 2, LABEL_HAM);
        memcpy(numbers, made.grams, sizeof numbers);
        refused[i].make(&made.lesson, numbers);
        if (store_apply(store, &made.lesson, 1, &failure) || failure.kind != FAILURE_DEFECT)
            fail_msg("%s: not refused", refused[i].name);
    }
    store_close(&store);
    char *after = scratch_dump(&scratch);
    assert_string_equal(before, after);
    free(before);
    free(after);
    scratch_remove(&scratch);
}

static void unsorted_features_are_learned_alike(void **state)
{
    struct scratch scratch = scratch_new();
    struct made_lesson made;
    struct failure failure = { 0 };
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    scratch_lesson(&made, 5, LABEL_SPAM);
    for (size_t i = 0; i < made.lesson.gram_count / 2; i++) {
        uint32_t swap = made.grams[i];
        made.grams[i] = made.grams[made.lesson.gram_count - 1 - i];
        made.grams[made.lesson.gram_count - 1 - i] = swap;
    }
    assert_true(store_apply(store, &made.lesson, 1, &failure));
    scratch_learn(store, 5, LABEL_SPAM, true);
    int16_t *weights = malloc(STORE_WEIGHT_SLOTS * sizeof *weights);
    assert_true(scratch_read_weights(store, weights, &failure));
    for (uint32_t slot = 0; slot < STORE_WEIGHT_SLOTS; slot++)
        assert_int_equal(weights[slot], 0);
    free(weights);
    store_close(&store);
    scratch_remove(&scratch);
}

static void readers_cannot_change(void **state)
{
    struct scratch scratch = scratch_new();
    struct made_lesson made;
    struct failure failure = { 0 };
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    store_close(&store);
    store = scratch_open(&scratch, STORE_READ);
    scratch_lesson(&made, 2, LABEL_HAM);
    assert_false(store_apply(store, &made.lesson, 1, &failure));
    assert_int_equal(failure.kind, FAILURE_DEFECT);
    store_close(&store);
    scratch_remove(&scratch);
}

/* --- states ------------------------------------------------------------------------------------------------------- */

static void make_nothing(const struct scratch *scratch)
{
    (void)scratch;
}

static void make_empty_directory(const struct scratch *scratch)
{
    assert_int_equal(mkdir(scratch->path, 0700), 0);
}

static void make_store(const struct scratch *scratch)
{
    struct store *store = scratch_open(scratch, STORE_WRITE);
    scratch_learn(store, 1, LABEL_HAM, false);
    store_close(&store);
}

static void make_public_directory(const struct scratch *scratch)
{
    make_store(scratch);
    assert_int_equal(chmod(scratch->path, 0755), 0);
}

static void make_public_file(const struct scratch *scratch)
{
    make_store(scratch);
    assert_int_equal(chmod(scratch_file(scratch, "weights.tcf"), 0640), 0);
}

static void make_newer(const struct scratch *scratch)
{
    make_store(scratch);
    scratch_write(scratch_file(scratch, "lock"), "tamis-store 3\n", 14);
}

static void make_older(const struct scratch *scratch)
{
    make_store(scratch);
    scratch_write(scratch_file(scratch, "lock"), "tamis-store 1\n", 14);
}

static void make_foreign(const struct scratch *scratch)
{
    make_store(scratch);
    scratch_write(scratch_file(scratch, "lock"), "something else", 14);
}

static void make_fifo_lock(const struct scratch *scratch)
{
    make_empty_directory(scratch);
    assert_int_equal(mkfifo(scratch_file(scratch, "lock"), 0600), 0);
}

static void make_link_lock(const struct scratch *scratch)
{
    make_empty_directory(scratch);
    assert_int_equal(symlink("/etc/passwd", scratch_file(scratch, "lock")), 0);
}

static void make_snapshotless(const struct scratch *scratch)
{
    make_store(scratch);
    assert_int_equal(unlink(scratch_file(scratch, "snapshot")), 0);
    assert_int_equal(unlink(scratch_file(scratch, "weights.tcf")), 0);
}

static const struct {
    const char *name;
    void (*make)(const struct scratch *scratch);
    enum store_state reading, writing;
} states[] = {
    { "no directory", make_nothing, STORE_EMPTY, STORE_READY },
    { "empty directory", make_empty_directory, STORE_EMPTY, STORE_READY },
    { "a store", make_store, STORE_READY, STORE_READY },
    { "directory open to others", make_public_directory, STORE_FORBIDDEN, STORE_FORBIDDEN },
    { "file open to others", make_public_file, STORE_FORBIDDEN, STORE_FORBIDDEN },
    { "newer version", make_newer, STORE_NEWER, STORE_NEWER },
    { "older version", make_older, STORE_OLDER, STORE_OLDER },
    { "foreign lock file", make_foreign, STORE_DAMAGED, STORE_DAMAGED },
    { "FIFO as lock", make_fifo_lock, STORE_FORBIDDEN, STORE_FORBIDDEN },
    { "link as lock", make_link_lock, STORE_FORBIDDEN, STORE_FORBIDDEN },
    { "neither snapshot nor weights", make_snapshotless, STORE_DAMAGED, STORE_DAMAGED },
};

static void every_state_has_its_name(void **state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0] * 2; i++) {
        struct scratch scratch = scratch_new();
        struct failure failure;
        enum store_state got, want = i % 2 ? states[i / 2].writing : states[i / 2].reading;
        states[i / 2].make(&scratch);
        struct store *store = scratch_try(&scratch, i % 2 ? STORE_WRITE : STORE_READ, &got, &failure);
        if (got != want || (store != NULL) != (want == STORE_READY))
            fail_msg("%s, %s: got %s (%s), want %s", states[i / 2].name, i % 2 ? "writing" : "reading",
                     store_state_name(got), failure.reason, store_state_name(want));
        if (!store)
            assert_true(failure.kind != FAILURE_NONE && failure.reason[0]);
        store_close(&store);
        scratch_remove(&scratch);
    }
}

/* A process that has the store open until it is let go. */
static pid_t hold_elsewhere(const struct scratch *scratch, enum store_access access)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store *store = scratch_open(scratch, access);
        if (!store || write(ready[1], "r", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void let_go(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static enum store_state try_state(const struct scratch *scratch, enum store_access access)
{
    enum store_state state;
    struct failure failure;
    struct store *store = scratch_try(scratch, access, &state, &failure);
    store_close(&store);
    return state;
}

static void many_readers_or_one_writer(void **state)
{
    struct scratch scratch = scratch_new();
    struct timespec start, end;
    make_store(&scratch);
    pid_t holder = hold_elsewhere(&scratch, STORE_WRITE);
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(try_state(&scratch, STORE_READ), STORE_BUSY);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true((end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000 < 1000);
    assert_int_equal(try_state(&scratch, STORE_WRITE), STORE_BUSY);
    let_go(holder);
    holder = hold_elsewhere(&scratch, STORE_READ);
    assert_int_equal(try_state(&scratch, STORE_READ), STORE_READY);
    assert_int_equal(try_state(&scratch, STORE_WRITE), STORE_BUSY);
    let_go(holder);
    assert_int_equal(try_state(&scratch, STORE_WRITE), STORE_READY);
    scratch_remove(&scratch);
}

/* The library cannot have a file open twice in one process: that must not pass for damage. */
static void twice_in_one_process_is_refused(void **state)
{
    struct scratch scratch = scratch_new();
    make_store(&scratch);
    struct store *store = scratch_open(&scratch, STORE_READ);
    assert_int_equal(try_state(&scratch, STORE_READ), STORE_UNUSABLE);
    store_close(&store);
    assert_int_equal(try_state(&scratch, STORE_READ), STORE_READY);
    scratch_remove(&scratch);
}

static void files_are_private(void **state)
{
    static const char *const names[] = { ".", "lock", "snapshot", "journal", "weights.tcf", "pairs.tcf", "ledger.tcf" };
    struct scratch scratch = scratch_new();
    mode_t mask = umask(0);
    make_store(&scratch);
    umask(mask);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct stat status;
        assert_int_equal(stat(scratch_file(&scratch, names[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, i == 0 ? 0700 : 0600);
    }
    scratch_remove(&scratch);
}

/* --- size --------------------------------------------------------------------------------------------------------- */

/* Learns sixty lessons of 100 KB of journal each; gives how long the journal is then. */
static int64_t journal_of_long_lessons(const struct scratch *scratch, bool not_durable, int64_t *synced)
{
    struct store_options options = { .directory = scratch->path, .not_durable = not_durable };
    struct failure failure = { 0 };
    enum store_state state;
    struct stat status;
    uint32_t *grams = malloc(100000 * sizeof *grams);
    struct store *store = store_open(&options, STORE_WRITE, &state, &failure);
    assert_non_null(store);
    for (uint32_t i = 0; i < 100000; i++)
        grams[i] = i;
    for (uint64_t number = 0; number < 60; number++) {
        struct lesson lesson = { .entry = { .weight_step = 1, .when = 1767225600 }, .grams = grams,
                                .gram_count = 100000 };
        hash_identity(&number, sizeof number, 1, lesson.identity);
        assert_true(store_apply(store, &lesson, 1, &failure));
    }
    assert_int_equal(stat(scratch_file(scratch, "journal"), &status), 0);
    int64_t before = status.st_size;
    assert_true(store_sync(store, &failure));
    assert_int_equal(stat(scratch_file(scratch, "journal"), &status), 0);
    *synced = status.st_size;
    store_close(&store);
    free(grams);
    return before;
}

/* At once where each lesson is put on the disk, at the end where they are in bulk. */
static void a_long_journal_is_compacted(void **state)
{
    for (int not_durable = 0; not_durable < 2; not_durable++) {
        struct scratch scratch = scratch_new();
        struct failure failure = { 0 };
        int64_t synced, bytes = journal_of_long_lessons(&scratch, not_durable, &synced);
        if (not_durable)
            assert_true(bytes > 5000000 && synced < 1000);
        else
            assert_true(bytes > 50000 && bytes < 1200000 && synced == bytes);
        struct store *store = scratch_open(&scratch, STORE_READ);
        int16_t *weights = malloc(STORE_WEIGHT_SLOTS * sizeof *weights);
        assert_true(scratch_read_weights(store, weights, &failure));
        assert_int_equal(weights[0], 60);
        assert_int_equal(weights[99999], 60);
        assert_int_equal(weights[100000], 0);
        store_close(&store);
        struct store_check_result result;
        assert_true(store_check(SCRATCH_OPTIONS(scratch.path), &result, &failure));
        assert_int_equal(result.ledger_entries, 60);
        free(weights);
        scratch_remove(&scratch);
    }
}

/* No descriptor is left when the journal is to be compacted: nobody may say that what is in it is on the disk. */
static void what_is_not_on_the_disk_is_told(void **state)
{
    struct scratch scratch = scratch_new();
    struct store_options options = { .directory = scratch.path, .not_durable = true };
    struct failure failure = { 0 };
    enum store_state store_state;
    struct rlimit before;
    static uint32_t grams[STORE_WEIGHT_SLOTS];
    struct store *store = store_open(&options, STORE_WRITE, &store_state, &failure);
    (void)state;
    assert_non_null(store);
    for (uint32_t i = 0; i < STORE_WEIGHT_SLOTS; i++)
        grams[i] = i;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 0, before.rlim_max }), 0);
    bool applied = true;
    for (uint64_t number = 0; applied && number < 1000; number++) {
        struct lesson lesson = { .entry = { .weight_step = 1, .when = 1767225600 }, .grams = grams,
                                 .gram_count = STORE_WEIGHT_SLOTS };
        hash_identity(&number, sizeof number, 1, lesson.identity);
        applied = store_apply(store, &lesson, 1, &failure);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_false(applied);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_false(store_sync(store, &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    store_close(&store);
    store = scratch_open(&scratch, STORE_WRITE);
    assert_true(store_sync(store, &failure));
    store_close(&store);
    scratch_remove(&scratch);
}

static void learn_bare(struct store *store, uint64_t number)
{
    struct failure failure = { 0 };
    struct lesson lesson = { .entry = { .when = (int64_t)number } };
    hash_identity(&number, sizeof number, 1, lesson.identity);
    if (!store_apply(store, &lesson, 1, &failure))
        fail_msg("%s", failure.reason);
}

static bool count_entry(void *context, const uint8_t identity[8], const struct ledger_entry *entry)
{
    (void)identity;
    (void)entry;
    return ++*(int *)context < 3100;
}

static int64_t ledger_bytes(const struct scratch *scratch)
{
    struct stat status;
    assert_int_equal(stat(scratch_file(scratch, "ledger.tcf"), &status), 0);
    return status.st_size;
}

#define BARE_LESSONS 6000 /* in the ledger of a new store some row of it would have evicted, all but certainly */

/* In bulk, with a journal that is far from long. */
static void the_ledger_grows_before_it_evicts(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    struct ledger_entry entry;
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    int64_t before = ledger_bytes(&scratch);
    for (uint64_t number = 0; number < BARE_LESSONS; number++)
        learn_bare(store, number);
    store_close(&store);
    assert_true(ledger_bytes(&scratch) > before * 19 / 10);
    store = scratch_open(&scratch, STORE_READ);
    for (uint64_t number = 0; number < BARE_LESSONS; number++) {
        uint8_t identity[16];
        hash_identity(&number, sizeof number, 1, identity);
        assert_int_equal(store_read_ledger(store, identity, &entry, &failure), 1);
        assert_int_equal(entry.when, number);
    }
    int visited = 0;
    assert_true(store_scan_ledger(store, count_entry, &visited, &failure));
    assert_int_equal(visited, 3100);
    store_close(&store);
    scratch_remove(&scratch);
}

static void states_have_names(void **state)
{
    assert_string_equal(store_state_name(STORE_READY), "ready");
    assert_string_equal(store_state_name(STORE_BUSY), "locked");
    assert_string_equal(store_state_name(STORE_UNUSABLE), "unusable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_random_lessons_match_the_model),
        cmocka_unit_test(the_memory_engine_holds_the_same),
        cmocka_unit_test(taking_back_restores_every_byte),
        cmocka_unit_test(wrong_lessons_change_nothing),
        cmocka_unit_test(unsorted_features_are_learned_alike),
        cmocka_unit_test(readers_cannot_change),
        cmocka_unit_test(every_state_has_its_name),
        cmocka_unit_test(many_readers_or_one_writer),
        cmocka_unit_test(twice_in_one_process_is_refused),
        cmocka_unit_test(files_are_private),
        cmocka_unit_test(a_long_journal_is_compacted),
        cmocka_unit_test(what_is_not_on_the_disk_is_told),
        cmocka_unit_test(the_ledger_grows_before_it_evicts),
        cmocka_unit_test(states_have_names),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
