/* test-engine.c - the contract of engine.h, for every engine in the table */
#include "redis-server.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "store/record.h"
#include "store/remote.h"
#include "store/tables.h"

#define PAIR_ROWS_HERE 4096u
#define LEDGER_ROWS_HERE 512u

/* Started when the first test asks for it; none when it cannot be. */
static struct tables *open_tables(const struct store_engine *engine, const char *path, enum tables_access access)
{
    struct failure failure = { 0 };
    static struct store_options options;
    options = redis_options("engine");
    options.directory = path;
    struct tables *tables = engine->open(&options, access, &failure);
    if (!tables)
        fail_msg("%s", failure.reason);
    assert_ptr_equal(tables->engine, engine);
    tables_set_rows(tables, PAIR_ROWS_HERE, LEDGER_ROWS_HERE);
    return tables;
}

static void fill_row(unsigned char *row, enum table table, uint32_t number)
{
    for (uint32_t i = 0; i < table_row_bytes[table]; i++)
        row[i] = (unsigned char)(hash_mix((uint64_t)table << 40 | (uint64_t)number << 12 | i / 8) >> (i % 8 * 8));
}

static void write_all(struct tables *tables)
{
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST];
    for (int table = 0; table < TABLE_COUNT; table++)
        for (uint32_t number = 0; number < tables->rows[table]; number++) {
            fill_row(row, (enum table)table, number);
            if (!tables_write(tables, (enum table)table, number, row, &failure))
                fail_msg("%s", failure.reason);
        }
}

static void make_it_last(struct tables *tables)
{
    struct failure failure = { 0 };
    if (engine_is_remote(tables->engine) && tables->engine->commit(tables, &failure) != COMMIT_DONE)
        fail_msg("%s", failure.reason);
}

static void expect_all(struct tables *tables)
{
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST], want[ROW_BYTES_MOST];
    for (int table = 0; table < TABLE_COUNT; table++)
        for (uint32_t number = 0; number < tables->rows[table]; number++) {
            fill_row(want, (enum table)table, number);
            if (!tables_read(tables, (enum table)table, number, row, &failure))
                fail_msg("%s", failure.reason);
            assert_memory_equal(row, want, table_row_bytes[table]);
        }
}

static void for_each_engine(void (*test)(const struct store_engine *engine, const char *path))
{
    for (size_t i = 0; store_engine_table[i]; i++) {
        struct scratch scratch = scratch_new();
        assert_int_equal(mkdir(scratch.path, 0700), 0);
        test(store_engine_table[i], scratch.path);
        scratch_remove(&scratch);
    }
    if (server.process)
        test(store_engine_of(&(struct store_options){ .engine = "redis" }, NULL), NULL);
}

static void read_back(const struct store_engine *engine, const char *path)
{
    struct tables *tables = open_tables(engine, path, TABLES_MAKE);
    write_all(tables);
    expect_all(tables);
    make_it_last(tables);
    expect_all(tables);
    tables_close(&tables);
    assert_null(tables);
    if (engine == &store_engine_memory)
        return;
    tables = open_tables(engine, path, TABLES_READ);
    expect_all(tables);
    tables_close(&tables);
}

static void what_is_written_is_read(void **state)
{
    for_each_engine(read_back);
}

static void read_batches(const struct store_engine *engine, const char *path)
{
    const uint32_t numbers[] = { 7, 4095, 0, 7, 100 };
    struct failure failure = { 0 };
    unsigned char rows[5 * sizeof(struct pair_row)], want[sizeof(struct pair_row)];
    struct tables *tables = open_tables(engine, path, TABLES_MAKE);
    write_all(tables);
    assert_true(engine->read(tables, TABLE_PAIRS, numbers, 5, rows, &failure));
    for (size_t i = 0; i < 5; i++) {
        fill_row(want, TABLE_PAIRS, numbers[i]);
        assert_memory_equal(rows + i * sizeof want, want, sizeof want);
    }
    tables_close(&tables);
}

static void batches_keep_their_order(void **state)
{
    for_each_engine(read_batches);
}

static void ask_too_far(const struct store_engine *engine, const char *path)
{
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST] = { 0 };
    struct tables *tables = open_tables(engine, path, TABLES_MAKE);
    write_all(tables);
    assert_false(tables_read(tables, TABLE_PAIRS, PAIR_ROWS_HERE + 300, row, &failure));
    assert_int_not_equal(failure.kind, FAILURE_NONE);
    tables_close(&tables);
}

static void rows_past_the_end_are_not_there(void **state)
{
    for_each_engine(ask_too_far);
}

static void write_and_die(const struct store_engine *engine, const char *path)
{
    if (!engine->on_disk)
        return;
    pid_t child = fork();
    if (child == 0) {
        write_all(open_tables(engine, path, TABLES_MAKE));
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
    struct tables *tables = open_tables(engine, path, TABLES_WRITE);
    expect_all(tables);
    tables_close(&tables);
}

static void a_killed_writer_leaves_what_it_wrote(void **state)
{
    for_each_engine(write_and_die);
}

/* --- Tokyo Cabinet ------------------------------------------------------------------------------------------------ */

static void cut(const char *path, off_t length)
{
    assert_int_equal(truncate(path, length), 0);
}

static void cut_to_nothing(const char *path)
{
    cut(path, 0);
}

static void cut_in_header(const char *path)
{
    cut(path, 100);
}

static void cut_in_rows(const char *path)
{
    cut(path, 4096 * 3 + 1);
}

static void make_foreign(const char *path)
{
    char bytes[8192];
    memset(bytes, 'x', sizeof bytes);
    scratch_write(path, bytes, sizeof bytes);
}

static void make_longer(const char *path)
{
    size_t length;
    char *bytes = scratch_read(path, &length);
    cut(path, (off_t)length + 4096);
    free(bytes);
}

static void make_link(const char *path)
{
    char target[160];
    snprintf(target, sizeof target, "%s.elsewhere", path);
    assert_int_equal(rename(path, target), 0);
    assert_int_equal(symlink(target, path), 0);
}

static void make_fifo(const char *path)
{
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void make_absent(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

static void make_public(const char *path)
{
    assert_int_equal(chmod(path, 0644), 0);
}

static const struct {
    const char *name;
    void (*damage)(const char *path);
    const char *want;
} damages[] = {
    { "empty", cut_to_nothing, "is empty" },
    { "cut in its header", cut_in_header, "is cut short" },
    { "cut in its rows", cut_in_rows, "is cut short" },
    { "foreign", make_foreign, "is not a Tokyo Cabinet file" },
    { "longer", make_longer, "wrong kind or size" },
    { "symbolic link", make_link, "cannot open" },
    { "FIFO", make_fifo, "is not a regular file" },
    { "readable by others", make_public, "chmod 600" },
    { "absent", make_absent, "No such file" },
};

static void damaged_files_are_told_by_name(void **state)
{
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct scratch scratch = scratch_new();
        struct failure failure = { 0 };
        unsigned char row[ROW_BYTES_MOST];
        assert_int_equal(mkdir(scratch.path, 0700), 0);
        struct tables *tables = open_tables(&store_engine_tokyocabinet, scratch.path, TABLES_MAKE);
        write_all(tables);
        tables_close(&tables);
        damages[i].damage(scratch_file(&scratch, "pairs.tcf"));
        tables = open_tables(&store_engine_tokyocabinet, scratch.path, TABLES_READ);
        assert_false(tables_read(tables, TABLE_PAIRS, 1, row, &failure));
        if (!strstr(failure.reason, damages[i].want))
            fail_msg("%s: got \"%s\", want \"%s\"", damages[i].name, failure.reason, damages[i].want);
        tables_close(&tables);
        scratch_remove(&scratch);
    }
}

/* In this process sched_yield() of the kernel is death from here on. */
static void forbid_yielding(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_sched_yield, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { .len = sizeof filter / sizeof filter[0], .filter = filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(77);
}

static int run_without_yielding(const char *path, bool yield)
{
    pid_t child = fork();
    if (child == 0) {
        forbid_yielding();
        if (yield)
            syscall(__NR_sched_yield);
        struct tables *tables = open_tables(&store_engine_tokyocabinet, path, TABLES_MAKE);
        write_all(tables);
        expect_all(tables);
        tables_close(&tables);
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static void the_library_never_yields(void **state)
{
    struct scratch scratch = scratch_new();
    assert_int_equal(mkdir(scratch.path, 0700), 0);
    int trap = run_without_yielding(scratch.path, true);
    if (WIFEXITED(trap) && WEXITSTATUS(trap) == 77)
        skip();
    assert_true(WIFSIGNALED(trap)); /* the trap works */
    int status = run_without_yielding(scratch.path, false);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    scratch_remove(&scratch);
}

static const struct store_engine *engine_named(const char *name, struct failure *failure)
{
    return store_engine_of(&(struct store_options){ .engine = name }, failure);
}

static void engines_are_found_by_name(void **state)
{
    struct failure failure = { 0 };
    assert_ptr_equal(engine_named(NULL, &failure), &store_engine_tokyocabinet);
    for (size_t i = 0; store_engine_table[i]; i++)
        assert_ptr_equal(engine_named(store_engine_table[i]->name, &failure), store_engine_table[i]);
    assert_int_equal(failure.kind, FAILURE_NONE);
    assert_null(engine_named("berkeley", &failure));
    assert_int_equal(failure.kind, FAILURE_CONFIGURATION);
}

/* --- remote engines ----------------------------------------------------------------------------------------------- */

static void need_redis(void)
{
    if (!server.process)
        skip();
}

static void what_is_not_committed_is_not_there(void **state)
{
    need_redis();
    const struct store_engine *engine = store_engine_of(&(struct store_options){ .engine = "redis" }, NULL);
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST], want[ROW_BYTES_MOST];
    struct tables *first = open_tables(engine, NULL, TABLES_MAKE);
    write_all(first);
    make_it_last(first);
    fill_row(row, TABLE_PAIRS, 9);
    assert_true(tables_write(first, TABLE_PAIRS, 8, row, &failure));
    struct tables *second = open_tables(engine, NULL, TABLES_READ);
    expect_all(second);
    tables_close(&second);
    assert_true(engine->refresh(first, &failure));
    assert_true(tables_read(first, TABLE_PAIRS, 8, row, &failure));
    fill_row(want, TABLE_PAIRS, 8);
    assert_memory_equal(row, want, table_row_bytes[TABLE_PAIRS]);
    tables_close(&first);
}

static void the_second_of_two_writers_is_told(void **state)
{
    need_redis();
    const struct store_engine *engine = store_engine_of(&(struct store_options){ .engine = "redis" }, NULL);
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST];
    struct tables *first = open_tables(engine, NULL, TABLES_MAKE);
    write_all(first);
    make_it_last(first);
    struct tables *second = open_tables(engine, NULL, TABLES_WRITE);
    fill_row(row, TABLE_WEIGHTS, 1);
    assert_true(tables_write(first, TABLE_WEIGHTS, META_ROW, row, &failure));
    make_it_last(first);
    fill_row(row, TABLE_WEIGHTS, 2);
    assert_true(tables_write(second, TABLE_WEIGHTS, META_ROW, row, &failure));
    assert_int_equal(engine->commit(second, &failure), COMMIT_CONFLICT);
    assert_true(engine->refresh(second, &failure));
    assert_true(tables_write(second, TABLE_WEIGHTS, META_ROW, row, &failure));
    assert_int_equal(engine->commit(second, &failure), COMMIT_DONE);
    tables_close(&second);
    tables_close(&first);
}

static enum commit_result touch(struct tables *tables, uint32_t row_number, uint32_t content)
{
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST];
    assert_true(tables_read(tables, TABLE_PAIRS, row_number, row, &failure));
    fill_row(row, TABLE_PAIRS, content);
    assert_true(tables_write(tables, TABLE_PAIRS, row_number, row, &failure));
    return tables->engine->commit(tables, &failure);
}

static void who_touches_a_row_disturbs_those_at_that_row_alone(void **state)
{
    need_redis();
    const struct store_engine *engine = store_engine_of(&(struct store_options){ .engine = "redis" }, NULL);
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST];
    struct tables *maker = open_tables(engine, NULL, TABLES_MAKE);
    write_all(maker);
    make_it_last(maker);
    tables_close(&maker);
    struct tables *writer = open_tables(engine, NULL, TABLES_WRITE);
    struct tables *one = open_tables(engine, NULL, TABLES_TOUCH), *other = open_tables(engine, NULL, TABLES_TOUCH);
    assert_true(tables_read(other, TABLE_PAIRS, 5, row, &failure));
    assert_int_equal(touch(one, 5, 10), COMMIT_DONE);
    assert_int_equal(touch(one, 5, 11), COMMIT_DONE);
    assert_int_equal(touch(other, 6, 12), COMMIT_DONE);
    assert_int_equal(touch(other, 5, 13), COMMIT_CONFLICT);
    assert_true(engine->refresh(other, &failure));
    assert_int_equal(touch(other, 5, 13), COMMIT_DONE);
    fill_row(row, TABLE_WEIGHTS, 1);
    assert_true(tables_write(writer, TABLE_WEIGHTS, META_ROW, row, &failure));
    assert_int_equal(engine->commit(writer, &failure), COMMIT_DONE);
    tables_close(&writer);
    tables_close(&one);
    tables_close(&other);
}

static void rows_of_zeros_take_no_room(void **state)
{
    need_redis();
    const struct store_engine *engine = store_engine_of(&(struct store_options){ .engine = "redis" }, NULL);
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST] = { 0 };
    struct tables *tables = open_tables(engine, NULL, TABLES_MAKE);
    write_all(tables);
    make_it_last(tables);
    assert_int_equal(redis_cli("hexists 't:{engine}' pff | grep -qx 1"), 0);
    assert_true(tables_write(tables, TABLE_PAIRS, 0xff, row, &failure));
    make_it_last(tables);
    assert_int_equal(redis_cli("hexists 't:{engine}' pff | grep -qx 0"), 0);
    assert_int_equal(redis_cli("ttl 't:{engine}' | grep -qx -- -1"), 0);
    tables_close(&tables);
}

#define DAMAGED_ROW 77u

static bool expect_but_one_sound(void *context, enum table table, uint32_t number, const void *row, bool sound,
                                 struct failure *failure)
{
    if (sound == (table == TABLE_PAIRS && number == DAMAGED_ROW))
        fail_msg("row %u of table %d: %s", number, table, sound ? "believed" : "not believed");
    return true;
}

/* Damage that comes after a writer has looked is found by whoever looks next, and by every visit of all rows. */
static void a_row_is_checked_when_it_is_first_read(void **state)
{
    const uint64_t key = 5;
    struct failure failure = { 0 };
    unsigned char row[ROW_BYTES_MOST];
    struct scratch scratch = scratch_new();
    assert_int_equal(mkdir(scratch.path, 0700), 0);
    struct tables *tables = open_tables(&store_engine_tokyocabinet, scratch.path, TABLES_MAKE);
    for (int table = 0; table < TABLE_COUNT; table++)
        for (uint32_t number = 0; number < tables->rows[table]; number++) {
            fill_row(row, (enum table)table, number);
            assert_true(tables_put(tables, (enum table)table, number, key, row, &failure));
        }
    fill_row(row, TABLE_PAIRS, DAMAGED_ROW);
    assert_true(tables_write(tables, TABLE_PAIRS, DAMAGED_ROW, row, &failure));
    assert_true(tables_get(tables, TABLE_PAIRS, DAMAGED_ROW, key, row, &failure));
    assert_true(tables_each(tables, key, expect_but_one_sound, NULL, &failure));
    tables_close(&tables);
    for (int access = TABLES_READ; access <= TABLES_WRITE; access++) {
        tables = open_tables(&store_engine_tokyocabinet, scratch.path, (enum tables_access)access);
        assert_true(tables_get(tables, TABLE_PAIRS, DAMAGED_ROW - 1, key, row, &failure));
        assert_false(tables_get(tables, TABLE_PAIRS, DAMAGED_ROW, key, row, &failure));
        assert_int_equal(failure.kind, FAILURE_DAMAGED);
        assert_false(tables_get(tables, TABLE_PAIRS, DAMAGED_ROW, key, row, &failure));
        tables_close(&tables);
    }
    scratch_remove(&scratch);
}

/* --- a server that goes away -------------------------------------------------------------------------------------- */

static struct tables *open_new(const struct store_options *options, enum tables_access access, struct failure *failure)
{
    extern const struct store_engine engine_that_goes;
    struct tables *tables = calloc(1, sizeof *tables);
    (void)options, (void)access, (void)failure;
    assert_non_null(tables);
    tables->engine = &engine_that_goes;
    tables->is_new = true;
    return tables;
}

static bool take_rows(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, const void *rows,
                      struct failure *failure)
{
    (void)tables, (void)table, (void)numbers, (void)count, (void)rows, (void)failure;
    return true;
}

static enum commit_result somebody_was_faster(struct tables *tables, struct failure *failure)
{
    (void)tables, (void)failure;
    return COMMIT_CONFLICT;
}

static bool answer_nothing(struct tables *tables, struct failure *failure)
{
    (void)tables;
    return failure_set(failure, FAILURE_TEMPORARY, "no answer");
}

static void close_nothing(struct tables *tables)
{
    free(tables);
}

extern const struct store_engine engine_that_goes;
const struct store_engine engine_that_goes = { .name = "one that goes", .open = open_new, .write = take_rows,
                                               .close = close_nothing, .refresh = answer_nothing,
                                               .commit = somebody_was_faster };

/* Another host makes the store at the same time, and then there is no answer any more: that is no empty store. */
static void a_server_that_goes_is_unreachable(void **state)
{
    struct meta_row meta;
    struct failure failure = { 0 };
    enum store_state store_state = STORE_EMPTY;
    (void)state;
    assert_null(remote_open(&engine_that_goes, &(struct store_options){ .directory = "" }, true, &meta, &store_state,
                            &failure));
    assert_string_equal(store_state_name(store_state), "unreachable");
    assert_string_equal(failure.reason, "no answer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(batches_keep_their_order),
        cmocka_unit_test(rows_past_the_end_are_not_there),
        cmocka_unit_test(a_killed_writer_leaves_what_it_wrote),
        cmocka_unit_test(damaged_files_are_told_by_name),
        cmocka_unit_test(the_library_never_yields),
        cmocka_unit_test(engines_are_found_by_name),
        cmocka_unit_test(what_is_not_committed_is_not_there),
        cmocka_unit_test(the_second_of_two_writers_is_told),
        cmocka_unit_test(who_touches_a_row_disturbs_those_at_that_row_alone),
        cmocka_unit_test(rows_of_zeros_take_no_room),
        cmocka_unit_test(a_row_is_checked_when_it_is_first_read),
        cmocka_unit_test(a_server_that_goes_is_unreachable),
    };
    return cmocka_run_group_tests_name("engine", tests, redis_server_begin, redis_server_end);
}
