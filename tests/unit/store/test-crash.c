/* test-crash.c - kill, power cut and damage: the state is the one before or after, or there is none; never another
 *
 * Boot ids cannot be changed here, so a restart is played by giving the tables another one.
 */
#include "scratch.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>

#include "store/record.h"

static const char *const table_files[] = { "weights.tcf", "pairs.tcf", "ledger.tcf" };

/* Learns lessons 0 to `count` - 1. */
static void learn_some(const struct scratch *scratch, uint64_t count)
{
    struct store *store = scratch_open(scratch, STORE_WRITE);
    struct totals totals;
    assert_true(store_read_totals(store, &totals, NULL));
    for (uint64_t number = totals.sequence; number < count; number++)
        scratch_learn(store, number, number % 2 ? LABEL_SPAM : LABEL_HAM, false);
    store_close(&store);
}

static uint64_t sequence_of(const struct scratch *scratch)
{
    struct totals totals;
    struct store *store = scratch_open(scratch, STORE_READ);
    assert_true(store_read_totals(store, &totals, NULL));
    store_close(&store);
    return totals.sequence;
}

/* The dump without its key line, so that two stores compare. */
static char *dump_without_key(const struct scratch *scratch)
{
    char *text = scratch_dump(scratch);
    char *key = strstr(text, "key ");
    assert_non_null(key);
    memset(key + 4, '-', 16);
    return text;
}

/* A store in which exactly these lessons were learned, undisturbed. */
static char *expected_dump(uint64_t count)
{
    struct scratch scratch = scratch_new();
    learn_some(&scratch, count);
    char *text = dump_without_key(&scratch);
    scratch_remove(&scratch);
    return text;
}

/* --- kill --------------------------------------------------------------------------------------------------------- */

#define TRIALS 200
#define LESSONS_MOST 2500 /* no row of the first ledger is full by then, but in one of a million stores */

static void wait_microseconds(long microseconds)
{
    nanosleep(&(struct timespec){ .tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000 }, NULL);
}

/* Learns on until killed; compacts now and then, so that this is killed too. */
static void learn_until_killed(const struct scratch *scratch, long microseconds)
{
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            struct totals totals;
            struct store *store = scratch_open(scratch, STORE_WRITE);
            store_read_totals(store, &totals, NULL);
            for (uint64_t number = totals.sequence; number < totals.sequence + 20; number++)
                scratch_learn(store, number, number % 2 ? LABEL_SPAM : LABEL_HAM, false);
            store_close(&store);
            store_compact(SCRATCH_OPTIONS(scratch->path), NULL);
        }
    }
    wait_microseconds(microseconds);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void a_killed_writer_leaves_a_whole_number_of_lessons(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    struct store_check_result result;
    uint64_t last = 0;
    learn_some(&scratch, 1);
    for (int trial = 0; trial < TRIALS && last < LESSONS_MOST; trial++) {
        learn_until_killed(&scratch, (long)(hash_mix((uint64_t)trial + 5) % 20000));
        uint64_t sequence = sequence_of(&scratch); /* opens, and mends */
        assert_true(sequence >= last);
        last = sequence;
        if (!store_check(SCRATCH_OPTIONS(scratch.path), &result, &failure))
            fail_msg("trial %d: %s", trial, failure.reason);
        if (result.ledger_entries != sequence)
            fail_msg("trial %d: %llu entries after %llu lessons", trial, (unsigned long long)result.ledger_entries,
                     (unsigned long long)sequence);
        if (trial % 40 != 39)
            continue;
        char *got = dump_without_key(&scratch), *want = expected_dump(sequence);
        assert_string_equal(got, want);
        free(got);
        free(want);
    }
    assert_true(last > 100);
    scratch_remove(&scratch);
}

static void a_record_cut_short_never_counted(void **state)
{
    struct scratch scratch = scratch_new();
    learn_some(&scratch, 5);
    char *before = scratch_dump(&scratch);
    size_t length, grown;
    char *short_one = scratch_read(scratch_file(&scratch, "journal"), &length);
    learn_some(&scratch, 6);
    char *journal = scratch_read(scratch_file(&scratch, "journal"), &grown);
    scratch_write(scratch_file(&scratch, "journal"), journal, grown - 3);
    assert_int_equal(sequence_of(&scratch), 5);
    char *after = scratch_dump(&scratch);
    assert_string_equal(before, after);
    learn_some(&scratch, 6);
    assert_int_equal(sequence_of(&scratch), 6);
    free(before);
    free(after);
    free(short_one);
    free(journal);
    scratch_remove(&scratch);
}

/* --- power cut ---------------------------------------------------------------------------------------------------- */

#define META_AT (256 + (off_t)META_ROW * (2 + (off_t)sizeof(struct meta_row)) + 2)

static struct meta_row read_meta(const struct scratch *scratch)
{
    struct meta_row meta;
    int fd = open(scratch_file(scratch, "weights.tcf"), O_RDONLY | O_CLOEXEC);
    assert_int_equal(pread(fd, &meta, sizeof meta, META_AT), sizeof meta);
    assert_true(record_is_sound(&meta, TABLE_WEIGHTS, META_ROW, 0));
    close(fd);
    return meta;
}

static void write_meta(const struct scratch *scratch, struct meta_row *meta)
{
    int fd = open(scratch_file(scratch, "weights.tcf"), O_WRONLY | O_CLOEXEC);
    record_seal(meta, TABLE_WEIGHTS, META_ROW, 0);
    assert_int_equal(pwrite(fd, meta, sizeof *meta, META_AT), sizeof *meta);
    close(fd);
}

/* Gives the meta row another boot id and a right checksum, as a machine that was started since would find it. */
static void change_boot(const struct scratch *scratch)
{
    struct meta_row meta = read_meta(scratch);
    meta.boot[3] ^= 0x55;
    write_meta(scratch, &meta);
}

static void torn_tables_are_made_again_after_a_restart(void **state)
{
    for (uint64_t trial = 0; trial < 20; trial++) {
        struct scratch scratch = scratch_new();
        char *old[3], *path;
        size_t length[3];
        learn_some(&scratch, 30);
        for (int i = 0; i < 3; i++)
            old[i] = scratch_read(scratch_file(&scratch, table_files[i]), &length[i]);
        learn_some(&scratch, 60);
        char *before = scratch_dump(&scratch);
        change_boot(&scratch);
        /* Some pages never reached the disk: those of the meta row, kept here, did. */
        for (int i = 0; i < 3; i++) {
            path = (char *)scratch_file(&scratch, table_files[i]);
            int fd = open(path, O_RDWR | O_CLOEXEC);
            for (size_t page = 0; page < length[i] / 4096; page++)
                if (hash_mix(trial * 1000000 + (uint64_t)i * 10000 + page) % 3 == 0 && (i > 0 || page < 60))
                    assert_int_equal(pwrite(fd, old[i] + page * 4096, 4096, (off_t)page * 4096), 4096);
            close(fd);
            free(old[i]);
        }
        assert_int_equal(sequence_of(&scratch), 60);
        char *after = scratch_dump(&scratch);
        assert_string_equal(before, after);
        free(before);
        free(after);
        scratch_remove(&scratch);
    }
}

/* --- damage ------------------------------------------------------------------------------------------------------- */

struct file_image {
    char *bytes;
    size_t length;
};

static void cut_to(struct file_image *image, uint64_t random)
{
    static const size_t lengths[] = { 0, 1, 31, 100, 255, 256, 4096 };
    size_t kind = random % 8, length = kind < 7 ? lengths[kind] : random / 8 % (image->length + 1);
    if (length < image->length)
        image->length = length;
}

static void flip_bits(struct file_image *image, uint64_t random)
{
    for (uint64_t i = 0; i <= random % 8; i++) {
        uint64_t bit = hash_mix(random + i) % (image->length * 8);
        image->bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void zero_page(struct file_image *image, uint64_t random)
{
    size_t at = (size_t)(random % (image->length / 4096 + 1)) * 4096;
    size_t length = image->length - at < 4096 ? image->length - at : 4096;
    memset(image->bytes + at, 0, length);
}

static void make_foreign(struct file_image *image, uint64_t random)
{
    for (size_t i = 0; i < image->length; i++)
        image->bytes[i] = (char)hash_mix(random + i);
}

static const struct {
    const char *name;
    void (*damage)(struct file_image *image, uint64_t random);
} damages[] = {
    { "cut", cut_to },
    { "bits flipped", flip_bits },
    { "page of zeros", zero_page },
    { "foreign", make_foreign },
};

/* Reads everything in a process of its own, as deliveries do; gives true when it says there is something and it is as
 * in `want`, false when it says there is nothing.  Anything else fails the test. */
static bool reads_right_or_nothing(const struct scratch *scratch, const char *want, const char *what)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct failure failure = { 0 };
        enum store_state state;
        struct totals totals;
        struct scales *scales = malloc(sizeof *scales);
        int16_t *weights = malloc(STORE_WEIGHT_SLOTS * sizeof *weights);
        struct pair_counts counts[PAIRS_MOST];
        struct made_lesson made;
        struct ledger_entry entry;
        scratch_lesson(&made, 3, LABEL_SPAM);
        struct store *store = scratch_try(scratch, STORE_READ, &state, &failure);
        bool good = store && store_read_totals(store, &totals, &failure) && store_read_scales(store, scales,
                                                                                              &failure) &&
                    scratch_read_weights(store, weights, &failure) &&
                    store_read_pairs(store, made.pairs, made.lesson.pair_count, counts, &failure);
        int found = good ? store_read_ledger(store, made.lesson.identity, &entry, &failure) : -1;
        for (size_t i = 0; good && made.lesson.entry.pair_step && i < made.lesson.pair_count; i++)
            if (counts[i].spam == 0)
                _exit(9); /* a count that is known to be there */
        if (good && found == 0)
            _exit(8); /* an entry that is known to be there */
        store_close(&store);
        free(scales);
        free(weights);
        if (!good || found != 1)
            fprintf(stderr, "# %s: %s\n", what, failure.reason);
        _exit(good && found == 1 ? 0 : 1);
    }
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        fail_msg("%s: status %d", what, status);
    if (WEXITSTATUS(status) != 0)
        return false;
    char *got = scratch_dump(scratch);
    assert_string_equal(got, want);
    free(got);
    return true;
}

static struct file_image read_image(const char *path)
{
    struct file_image image;
    image.bytes = scratch_read(path, &image.length);
    return image;
}

static void damaged_tables_are_made_again(void **state)
{
    for (size_t file = 0; file < 3; file++)
        for (size_t kind = 0; kind < sizeof damages / sizeof damages[0]; kind++)
            for (uint64_t trial = 0; trial < 6; trial++) {
                struct scratch scratch = scratch_new();
                char what[80];
                snprintf(what, sizeof what, "%s %s, trial %d", table_files[file], damages[kind].name, (int)trial);
                learn_some(&scratch, 30);
                char *want = scratch_dump(&scratch);
                struct file_image image = read_image(scratch_file(&scratch, table_files[file]));
                damages[kind].damage(&image, hash_mix(trial * 100 + kind * 10 + file));
                scratch_write(scratch_file(&scratch, table_files[file]), image.bytes, image.length);
                if (!reads_right_or_nothing(&scratch, want, what))
                    fail_msg("%s: not mended", what);
                free(image.bytes);
                free(want);
                scratch_remove(&scratch);
            }
}

/* Snapshot or journal damaged while the tables are sound: nothing is lost, and compacting heals the files. */
static void sound_tables_stand_in_for_the_truth(void **state)
{
    static const char *const files[] = { "snapshot", "journal" };
    for (size_t file = 0; file < 2; file++)
        for (size_t kind = 0; kind < sizeof damages / sizeof damages[0]; kind++) {
            struct scratch scratch = scratch_new();
            struct failure failure = { 0 };
            struct store_check_result result;
            learn_some(&scratch, 30);
            assert_true(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
            learn_some(&scratch, 60);
            char *want = scratch_dump(&scratch);
            struct file_image image = read_image(scratch_file(&scratch, files[file]));
            size_t length = image.length;
            damages[kind].damage(&image, 8 * hash_mix(kind));
            if (file == 1 && image.length != length) {
                /* A shorter journal is another test's: the tables do not agree with it. */
                free(want);
                free(image.bytes);
                scratch_remove(&scratch);
                continue;
            }
            scratch_write(scratch_file(&scratch, files[file]), image.bytes, image.length);
            char *got = scratch_dump(&scratch);
            assert_string_equal(got, want);
            free(got);
            assert_false(store_check(SCRATCH_OPTIONS(scratch.path), &result, &failure));
            if (!store_compact(SCRATCH_OPTIONS(scratch.path), &failure))
                fail_msg("%s %s: %s", files[file], damages[kind].name, failure.reason);
            if (!store_check(SCRATCH_OPTIONS(scratch.path), &result, &failure))
                fail_msg("%s %s: %s", files[file], damages[kind].name, failure.reason);
            got = scratch_dump(&scratch);
            assert_string_equal(got, want);
            free(got);
            free(want);
            free(image.bytes);
            scratch_remove(&scratch);
        }
}

/* Gives the number of a file, which changes when it is written anew. */
static ino_t number_of(const struct scratch *scratch, const char *name)
{
    struct stat status;
    assert_int_equal(stat(scratch_file(scratch, name), &status), 0);
    return status.st_ino;
}

static void spoil(const struct scratch *scratch, const char *name, size_t kind)
{
    struct file_image image = read_image(scratch_file(scratch, name));
    damages[kind].damage(&image, 8 * hash_mix(kind));
    scratch_write(scratch_file(scratch, name), image.bytes, image.length);
    free(image.bytes);
}

/* Learned before the last snapshot, and since. */
static struct scratch scratch_with_both(char **dump)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    learn_some(&scratch, 30);
    assert_true(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
    learn_some(&scratch, 60);
    *dump = scratch_dump(&scratch);
    return scratch;
}

/* Damaged while the tables are whole, looked after, and the machine started anew: nothing is lost.  `kind` as in
 * `damages`; SIZE_MAX: gone. */
static void expect_written_anew(const char *file, size_t kind)
{
    char *want;
    struct failure failure = { 0 }, damage;
    struct scratch scratch = scratch_with_both(&want);
    if (kind == SIZE_MAX)
        assert_int_equal(unlink(scratch_file(&scratch, file)), 0);
    else
        spoil(&scratch, file, kind);
    if (!store_look_after(SCRATCH_OPTIONS(scratch.path), &damage, &failure))
        fail_msg("%s %s: %s", file, kind == SIZE_MAX ? "gone" : damages[kind].name, failure.reason);
    assert_int_equal(damage.kind, FAILURE_DAMAGED);
    change_boot(&scratch);
    assert_int_equal(sequence_of(&scratch), 60);
    char *got = scratch_dump(&scratch);
    assert_string_equal(got, want);
    assert_true(store_look_after(SCRATCH_OPTIONS(scratch.path), &damage, &failure));
    assert_int_equal(damage.kind, FAILURE_NONE);
    free(got);
    free(want);
    scratch_remove(&scratch);
}

static void damaged_truth_is_written_anew_in_time(void **state)
{
    expect_written_anew("snapshot", SIZE_MAX);
    for (size_t kind = 0; kind < sizeof damages / sizeof damages[0]; kind++) {
        expect_written_anew("snapshot", kind);
        /* Of another length the tables do not agree with it. */
        if (damages[kind].damage != cut_to)
            expect_written_anew("journal", kind);
    }
}

/* What is whole is left as it is, and so is what cannot be mended without loss. */
static void looking_after_changes_nothing_else(void **state)
{
    static const struct {
        const char *file, *table; /* damaged; NULL: not */
        bool good;
    } rows[] = { { NULL, NULL, true }, { "snapshot", "weights.tcf", false }, { "journal", "weights.tcf", false } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *dump;
        struct failure failure = { 0 }, damage;
        struct scratch scratch = scratch_with_both(&dump);
        if (rows[i].file)
            spoil(&scratch, rows[i].file, 1);
        if (rows[i].table)
            spoil(&scratch, rows[i].table, 1);
        ino_t snapshot = number_of(&scratch, "snapshot"), journal = number_of(&scratch, "journal");
        assert_int_equal(store_look_after(SCRATCH_OPTIONS(scratch.path), &damage, &failure), rows[i].good);
        assert_int_equal(damage.kind, FAILURE_NONE);
        assert_int_equal(failure.kind, rows[i].good ? FAILURE_NONE : FAILURE_DAMAGED);
        assert_int_equal(number_of(&scratch, "snapshot"), snapshot);
        assert_int_equal(number_of(&scratch, "journal"), journal);
        free(dump);
        scratch_remove(&scratch);
    }
    struct scratch nothing = scratch_new();
    struct failure failure = { 0 }, damage;
    assert_true(store_look_after(SCRATCH_OPTIONS(nothing.path), &damage, &failure));
    assert_int_equal(damage.kind, FAILURE_NONE);
    assert_int_not_equal(access(nothing.path, F_OK), 0);
    scratch_remove(&nothing);
}

/* Also when somebody asks for it while the machine runs: what is missing from the journal is in the tables. */
static void rebuilding_takes_sound_tables_where_the_journal_is_damaged(void **state)
{
    char *want;
    uint64_t lost;
    struct failure failure = { 0 };
    struct scratch scratch = scratch_with_both(&want);
    struct file_image image = read_image(scratch_file(&scratch, "journal"));
    image.bytes[image.length - 3] ^= 4; /* in the last record, which might as well be one that was cut short */
    scratch_write(scratch_file(&scratch, "journal"), image.bytes, image.length);
    assert_true(store_rebuild(SCRATCH_OPTIONS(scratch.path), &lost, &failure));
    assert_int_equal(lost, 0);
    char *got = scratch_dump(&scratch);
    assert_string_equal(got, want);
    free(image.bytes);
    free(got);
    free(want);
    scratch_remove(&scratch);
}

/* A record in the middle of the journal, where the tables have it no more. */
static void lose_a_record(const struct scratch *scratch)
{
    struct file_image journal = read_image(scratch_file(scratch, "journal"));
    uint32_t length;
    memcpy(&length, journal.bytes + 40 + 4, sizeof length);
    journal.bytes[40 + 24 + length + 40] ^= 4; /* in the second */
    scratch_write(scratch_file(scratch, "journal"), journal.bytes, journal.length);
    free(journal.bytes);
    change_boot(scratch);
}

static bool dump_to(const struct scratch *scratch, const char *file, struct failure *failure)
{
    int fd = open(scratch_file(scratch, file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool done = store_dump(SCRATCH_OPTIONS(scratch->path), fd, failure);
    close(fd);
    return done;
}

/* Whoever asks for a dump, a copy or an empty journal is told what of it cannot be had any more. */
static void what_is_lost_is_said(void **state)
{
    char *unused;
    uint64_t lost;
    enum store_state got;
    struct failure failure = { 0 };
    struct scratch scratch = scratch_with_both(&unused), other = scratch_new();
    struct store_options to = { .directory = other.path };
    lose_a_record(&scratch);
    ino_t snapshot = number_of(&scratch, "snapshot"), journal = number_of(&scratch, "journal");
    assert_false(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
    assert_non_null(strstr(failure.reason, "1 records of the journal"));
    assert_non_null(strstr(failure.reason, "db rebuild"));
    failure = (struct failure){ 0 };
    assert_false(store_copy(SCRATCH_OPTIONS(scratch.path), &to, &failure));
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
    assert_null(scratch_try(&other, STORE_READ, &got, &failure) ? (void *)1 : NULL);
    assert_int_equal(got, STORE_EMPTY);
    failure = (struct failure){ 0 };
    assert_false(dump_to(&scratch, "dumped", &failure));
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
    assert_non_null(strstr(failure.reason, "1 records of the journal"));
    assert_int_equal(number_of(&scratch, "snapshot"), snapshot);
    assert_int_equal(number_of(&scratch, "journal"), journal);
    size_t length;
    char *dump = scratch_read(scratch_file(&scratch, "dumped"), &length);
    assert_true(store_rebuild(SCRATCH_OPTIONS(scratch.path), &lost, &failure));
    assert_int_equal(lost, 1);
    char *whole = scratch_dump(&scratch); /* of what is left, the dump had all */
    assert_int_equal(strlen(whole), length);
    assert_memory_equal(whole, dump, length);
    assert_true(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
    free(dump);
    free(whole);
    free(unused);
    scratch_remove(&scratch);
    scratch_remove(&other);
}

static void spoil_nothing(const struct scratch *scratch)
{
    (void)scratch;
}

static void spoil_table(const struct scratch *scratch)
{
    spoil(scratch, "pairs.tcf", 1);
}

static void spoil_snapshot(const struct scratch *scratch)
{
    spoil(scratch, "snapshot", 1);
}

static void lose_table(const struct scratch *scratch)
{
    assert_int_equal(unlink(scratch_file(scratch, "ledger.tcf")), 0);
}

static void leave_a_lesson_half_applied(const struct scratch *scratch)
{
    struct meta_row meta = read_meta(scratch);
    meta.applying = meta.sequence + 1;
    write_meta(scratch, &meta);
}

/* Tables of before the snapshot. */
static void set_sequence_back(const struct scratch *scratch)
{
    struct meta_row meta = read_meta(scratch);
    meta.sequence = 29;
    write_meta(scratch, &meta);
}

/* With nothing of the journal left the tables are believed where all else speaks for them: then nothing is lost, by
 * itself.  Otherwise nothing is believed, nor overwritten, before somebody asks for it. */
static void a_journal_cut_below_its_header_costs_nothing(void **state)
{
    static const struct {
        const char *title;
        void (*spoil)(const struct scratch *scratch);
        bool mended;
    } rows[] = { { "all else is sound", spoil_nothing, true },
                 { "the machine was started since", change_boot, false },
                 { "a table is damaged", spoil_table, false },
                 { "a table is gone", lose_table, false },
                 { "a lesson was left half learned", leave_a_lesson_half_applied, false },
                 { "the tables are older than the snapshot", set_sequence_back, false },
                 { "the snapshot is damaged", spoil_snapshot, false } };
    static const size_t lengths[] = { 0, 1, 31, 39 };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] * 4; i++) {
        char *want;
        struct store_check_result result;
        struct failure failure = { 0 };
        enum store_state got;
        struct scratch scratch = scratch_with_both(&want);
        struct file_image journal = read_image(scratch_file(&scratch, "journal"));
        scratch_write(scratch_file(&scratch, "journal"), journal.bytes, lengths[i % 4]);
        rows[i / 4].spoil(&scratch);
        ino_t snapshot = number_of(&scratch, "snapshot");
        struct store *store = scratch_try(&scratch, i % 2 ? STORE_READ : STORE_WRITE, &got, &failure);
        if ((store != NULL) != rows[i / 4].mended || (!store && got != STORE_DAMAGED))
            fail_msg("%s, %zu bytes: %s, %s", rows[i / 4].title, lengths[i % 4], store_state_name(got), failure.reason);
        store_close(&store);
        if (rows[i / 4].mended) {
            char *dump = scratch_dump(&scratch);
            assert_string_equal(dump, want);
            free(dump);
            assert_true(store_check(SCRATCH_OPTIONS(scratch.path), &result, &failure));
        } else {
            assert_int_equal(number_of(&scratch, "snapshot"), snapshot);
        }
        free(journal.bytes);
        free(want);
        scratch_remove(&scratch);
    }
}

static void nothing_sound_is_said_so_and_rebuilt_on_request(void **state)
{
    struct scratch scratch = scratch_new();
    struct store_check_result result;
    struct failure failure;
    enum store_state got;
    uint64_t lost = 0;
    learn_some(&scratch, 30);
    assert_true(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
    struct file_image image = read_image(scratch_file(&scratch, "snapshot"));
    image.bytes[image.length - 40] ^= 4; /* in the last of four blocks of the ledger */
    scratch_write(scratch_file(&scratch, "snapshot"), image.bytes, image.length);
    unlink(scratch_file(&scratch, "pairs.tcf"));
    assert_null(scratch_try(&scratch, STORE_READ, &got, &failure) ? (void *)1 : NULL);
    assert_int_equal(got, STORE_DAMAGED);
    assert_null(scratch_try(&scratch, STORE_WRITE, &got, &failure) ? (void *)1 : NULL);
    assert_int_equal(got, STORE_DAMAGED);
    assert_true(store_rebuild(SCRATCH_OPTIONS(scratch.path), &lost, &failure));
    assert_int_equal(sequence_of(&scratch), 30);
    assert_true(store_check(SCRATCH_OPTIONS(scratch.path), &result, &failure));
    assert_in_range(result.ledger_entries, 10, 29);
    assert_in_range(lost, 1, 30 - result.ledger_entries);
    free(image.bytes);
    scratch_remove(&scratch);
}

static void expect_left_alone(char version, enum store_state want)
{
    struct scratch scratch = scratch_new();
    struct failure failure;
    enum store_state got;
    size_t length;
    learn_some(&scratch, 3);
    struct file_image image = read_image(scratch_file(&scratch, "snapshot"));
    image.bytes[8] = version;
    uint64_t checksum = hash_bytes(image.bytes, 56, 0);
    memcpy(image.bytes + 56, &checksum, 8);
    scratch_write(scratch_file(&scratch, "snapshot"), image.bytes, image.length);
    unlink(scratch_file(&scratch, "weights.tcf"));
    assert_null(scratch_try(&scratch, STORE_WRITE, &got, &failure) ? (void *)1 : NULL);
    assert_int_equal(got, want);
    assert_false(store_rebuild(SCRATCH_OPTIONS(scratch.path), NULL, &failure));
    char *after = scratch_read(scratch_file(&scratch, "snapshot"), &length);
    assert_memory_equal(after, image.bytes, length);
    free(after);
    free(image.bytes);
    scratch_remove(&scratch);
}

static void a_snapshot_of_another_version_is_left_alone(void **state)
{
    expect_left_alone(9, STORE_NEWER);
    expect_left_alone(1, STORE_OLDER);
}

/* Every state that making a store leaves when it is killed: files come in the order snapshot, journal, tables. */
static void a_store_whose_maker_was_killed_is_made(void **state)
{
    static const char *const order[] = { "snapshot", "journal", "weights.tcf", "pairs.tcf", "ledger.tcf" };
    for (size_t made = 0; made < sizeof order / sizeof order[0]; made++) {
        struct scratch scratch = scratch_new();
        struct store *store = scratch_open(&scratch, STORE_WRITE);
        store_close(&store);
        for (size_t i = made; i < sizeof order / sizeof order[0]; i++)
            unlink(scratch_file(&scratch, order[i]));
        learn_some(&scratch, 2);
        assert_int_equal(sequence_of(&scratch), 2);
        scratch_remove(&scratch);
    }
}

/* But where something was learned, a journal that is gone is damage. */
static void a_lost_journal_is_damage(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure;
    enum store_state got;
    learn_some(&scratch, 2);
    assert_true(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
    unlink(scratch_file(&scratch, "journal"));
    unlink(scratch_file(&scratch, "weights.tcf"));
    assert_null(scratch_try(&scratch, STORE_WRITE, &got, &failure) ? (void *)1 : NULL);
    assert_int_equal(got, STORE_DAMAGED);
    scratch_remove(&scratch);
}

/* In the place of the C library's: a disk that does not answer. */
static bool no_answer;

int fstatat(int fd, const char *name, struct stat *status, int flags)
{
    if (!no_answer)
        return (int)syscall(SYS_newfstatat, fd, name, status, flags);
    errno = EIO;
    return -1;
}

/* Files of which nothing can be told are not files that are not there. */
static void a_disk_that_does_not_answer_costs_nothing(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure;
    enum store_state got;
    uint64_t lost;
    learn_some(&scratch, 3);
    char *before = scratch_dump(&scratch);
    no_answer = true;
    assert_null(scratch_try(&scratch, STORE_WRITE, &got, &failure) ? (void *)1 : NULL);
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_null(scratch_try(&scratch, STORE_READ, &got, &failure) ? (void *)1 : NULL);
    assert_int_equal(got, STORE_UNUSABLE);
    store_rebuild(SCRATCH_OPTIONS(scratch.path), &lost, &failure);
    no_answer = false;
    char *after = scratch_dump(&scratch);
    assert_string_equal(after, before);
    free(after);
    free(before);
    scratch_remove(&scratch);
}

/* --- lack --------------------------------------------------------------------------------------------------------- */

#if defined __SANITIZE_ADDRESS__
#define MEMORY_STEPS 0 /* its allocator does not bear it */
#else
#define MEMORY_STEPS 24
#endif

static void leave_descriptors(unsigned count)
{
    int lowest = dup(STDERR_FILENO);
    close(lowest);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){ (rlim_t)lowest + count, (rlim_t)lowest + count });
}

/* So many times 64 KB. */
static void leave_memory(unsigned count)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%lu", &pages) != 1)
        _exit(7);
    fclose(file);
    rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)count * 65536;
    setrlimit(RLIMIT_AS, &(struct rlimit){ bytes, bytes });
}

static const struct lack {
    const char *name;
    void (*leave)(unsigned count);
    unsigned steps, stride;
} lacks[] = {
    { "descriptors", leave_descriptors, 12, 1 },
    { "memory", leave_memory, MEMORY_STEPS, 13 },
};

static const struct missing {
    const char *name, *file; /* damaged; NULL: nothing */
    bool rebuild;            /* as somebody asks for it, at any price */
} missings[] = {
    { "reading", NULL, false },
    { "reading with a table damaged", "weights.tcf", false },
    { "rebuilding with a table damaged", "weights.tcf", true },
    { "rebuilding with the snapshot damaged", "snapshot", true },
    { "rebuilding with the journal damaged", "journal", true },
};

/* In a process of its own: 0 it went well, 1 it did not and the reason passes, 9 it is taken for damage.  The library
 * ends the process by itself where it has no memory, with 75. */
static int try_with_little(const struct scratch *scratch, const struct missing *missing, const struct lack *lack,
                           unsigned count)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct failure failure = { 0 };
        enum store_state state = STORE_UNUSABLE;
        static int16_t weights[STORE_WEIGHT_SLOTS];
        static uint32_t slots[STORE_WEIGHT_SLOTS];
        for (uint32_t slot = 0; slot < STORE_WEIGHT_SLOTS; slot++)
            slots[slot] = slot;
        lack->leave(count);
        if (missing->rebuild)
            _exit(store_rebuild(SCRATCH_OPTIONS(scratch->path), NULL, &failure) ? 0
                  : failure.kind == FAILURE_DAMAGED                              ? 9
                                                                                 : 1);
        struct store *store = scratch_try(scratch, STORE_READ, &state, &failure);
        if (!store)
            _exit(state == STORE_DAMAGED || failure.kind == FAILURE_DAMAGED ? 9 : 1);
        bool done = store_read_weights(store, slots, STORE_WEIGHT_SLOTS, weights, &failure);
        _exit(done ? 0 : failure.kind == FAILURE_DAMAGED ? 9 : 1);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

/* What of the mending is begun is ended by the next, and nothing is lost. */
static bool try_lack(const struct missing *missing, const struct lack *lack, unsigned count)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    struct stat before, after;
    learn_some(&scratch, 30);
    assert_true(store_compact(SCRATCH_OPTIONS(scratch.path), &failure));
    learn_some(&scratch, 60);
    char *want = scratch_dump(&scratch);
    if (missing->file) {
        struct file_image image = read_image(scratch_file(&scratch, missing->file));
        image.bytes[image.length / 2] ^= 4;
        scratch_write(scratch_file(&scratch, missing->file), image.bytes, image.length);
        free(image.bytes);
    }
    assert_int_equal(stat(scratch_file(&scratch, "weights.tcf"), &before), 0);
    int status = try_with_little(&scratch, missing, lack, count);
    if (status != 0 && status != 1 && status != EX_TEMPFAIL)
        fail_msg("%s, %s %u: status %d", missing->name, lack->name, count, status);
    assert_int_equal(stat(scratch_file(&scratch, "weights.tcf"), &after), 0);
    if (!missing->file && before.st_ino != after.st_ino)
        fail_msg("%s, %s %u: sound tables were made again", missing->name, lack->name, count);
    if (missing->file)
        assert_true(store_rebuild(SCRATCH_OPTIONS(scratch.path), NULL, &failure));
    char *got = scratch_dump(&scratch);
    if (strcmp(got, want) != 0)
        fail_msg("%s, %s %u: something is lost", missing->name, lack->name, count);
    free(got);
    free(want);
    scratch_remove(&scratch);
    return status != 0;
}

/* Memory and descriptors are there again in a minute: that they lack is no damage, and nothing worse takes the place of
 * what could not be read. */
static void a_lack_is_no_damage(void **state)
{
    for (size_t what = 0; what < sizeof missings / sizeof missings[0]; what++)
        for (size_t i = 0; i < sizeof lacks / sizeof lacks[0]; i++) {
            unsigned failed = 0, tried = 0;
            for (unsigned count = 0; count < lacks[i].steps; count++, tried++)
                failed += try_lack(&missings[what], &lacks[i], count * lacks[i].stride);
            if (tried && (failed == 0 || failed == tried))
                fail_msg("%s: %s lacked in %u of %u", missings[what].name, lacks[i].name, failed, tried);
        }
}

/* --- growth ------------------------------------------------------------------------------------------------------- */

/* Full rows evict: what is rebuilt must have evicted the same. */
static void rebuilding_evicts_alike(void **state)
{
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    for (uint32_t number = 0; number < 300; number++) {
        uint32_t pairs[40];
        struct lesson lesson = { .entry = { .label = (enum label)(number % 2), .pair_step = 1, .when = number * 30000 },
                                 .pairs = pairs, .pair_count = 40 };
        for (uint32_t i = 0; i < 40; i++)
            pairs[i] = (i / 10) << 16 | (uint32_t)(hash_mix(number * 40 + i) % 60 * 600 + i % 10);
        qsort(pairs, 40, sizeof *pairs, scratch_by_number);
        size_t kept = 0;
        for (size_t i = 0; i < 40; i++)
            if (i == 0 || pairs[i] != pairs[kept - 1])
                pairs[kept++] = pairs[i];
        lesson.pair_count = kept;
        hash_identity(&number, sizeof number, 1, lesson.identity);
        if (!store_apply(store, &lesson, 1, &failure))
            fail_msg("%s", failure.reason);
    }
    store_close(&store);
    char *before = scratch_dump(&scratch);
    uint64_t lost = 1;
    for (int i = 0; i < 3; i++)
        unlink(scratch_file(&scratch, table_files[i]));
    assert_true(store_rebuild(SCRATCH_OPTIONS(scratch.path), &lost, &failure));
    assert_int_equal(lost, 0);
    char *after = scratch_dump(&scratch);
    assert_string_equal(before, after);
    int full = 0;
    for (const char *at = before; (at = strstr(at, "\npair ")); at++)
        full++;
    assert_int_equal(full, 4 * PAIR_SLOTS);
    free(before);
    free(after);
    scratch_remove(&scratch);
}

/* A file system without room: the lesson is refused, and what was there stays. */
static void without_room_nothing_changes(void **state)
{
    struct scratch scratch = scratch_new();
    learn_some(&scratch, 10);
    char *before = scratch_dump(&scratch);
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct made_lesson made;
        struct failure failure = { 0 };
        size_t length;
        struct store *store = scratch_open(&scratch, STORE_WRITE);
        free(scratch_read(scratch_file(&scratch, "journal"), &length));
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){ length + 10, length + 10 });
        scratch_lesson(&made, 10, LABEL_HAM);
        bool applied = store_apply(store, &made.lesson, 1, &failure);
        _exit(applied ? 1 : failure.kind == FAILURE_TEMPORARY ? 0 : 2);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(sequence_of(&scratch), 10);
    char *after = scratch_dump(&scratch);
    assert_string_equal(before, after);
    free(before);
    free(after);
    scratch_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_leaves_a_whole_number_of_lessons),
        cmocka_unit_test(a_store_whose_maker_was_killed_is_made),
        cmocka_unit_test(a_lost_journal_is_damage),
        cmocka_unit_test(a_record_cut_short_never_counted),
        cmocka_unit_test(torn_tables_are_made_again_after_a_restart),
        cmocka_unit_test(damaged_tables_are_made_again),
        cmocka_unit_test(sound_tables_stand_in_for_the_truth),
        cmocka_unit_test(damaged_truth_is_written_anew_in_time),
        cmocka_unit_test(looking_after_changes_nothing_else),
        cmocka_unit_test(rebuilding_takes_sound_tables_where_the_journal_is_damaged),
        cmocka_unit_test(a_journal_cut_below_its_header_costs_nothing),
        cmocka_unit_test(what_is_lost_is_said),
        cmocka_unit_test(nothing_sound_is_said_so_and_rebuilt_on_request),
        cmocka_unit_test(a_snapshot_of_another_version_is_left_alone),
        cmocka_unit_test(a_disk_that_does_not_answer_costs_nothing),
        cmocka_unit_test(a_lack_is_no_damage),
        cmocka_unit_test(rebuilding_evicts_alike),
        cmocka_unit_test(without_room_nothing_changes),
    };
    return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
