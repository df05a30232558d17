/* test-companion.c - a file that goes with a store on a server: whole, the newest, and left alone by lessons and
 * care */
#include "redis-server.h"

#include "store/companion.h"

static struct store_options fresh(void)
{
    redis_cli("del 't:{anna}'");
    return redis_options("anna");
}

/* A file of that length, another for each number. */
static char *make_file(size_t length, uint64_t number)
{
    char *file = malloc(length + 1);
    assert_non_null(file);
    for (size_t i = 0; i < length; i++)
        file[i] = (char)(hash_mix(number << 32 | i / 8) >> (i % 8 * 8));
    return file;
}

static void put(const struct store_options *options, struct companion_mark *before, size_t length, uint64_t number)
{
    struct failure failure = { 0 };
    char *file = make_file(length, number);
    if (!companion_write(options, before, span_make(file, length), &failure))
        fail_msg("%zu bytes: %s", length, failure.reason);
    *before = companion_mark_of(span_make(file, length));
    free(file);
}

static void expect(const struct store_options *options, size_t length, uint64_t number)
{
    struct failure failure = { 0 };
    struct companion_mark mark = { { 0 } };
    size_t got_length;
    char *file = make_file(length, number), *got;
    if (!companion_read(options, &mark, &got, &got_length, &failure))
        fail_msg("%zu bytes: %s", length, failure.reason);
    assert_non_null(got);
    assert_int_equal(got_length, length);
    assert_memory_equal(got, file, length);
    free(got);
    assert_true(companion_read(options, &mark, &got, &got_length, &failure));
    assert_null(got); /* it is known */
    free(file);
}

static struct companion_mark mark_for_reader(const struct store_options *options)
{
    enum store_state state;
    struct failure failure;
    struct store *store = store_open(options, STORE_READ, &state, &failure);
    assert_non_null(store);
    struct companion_mark mark = companion_mark_in(store);
    store_close(&store);
    return mark;
}

static void what_is_put_is_got(void **state)
{
    static const size_t lengths[] = { 64, 65, 2047, 2048, 2049, 100000, 64, 3000000, 4096, COMPANION_BYTES_MOST, 2048 };
    if (!server.process)
        skip();
    struct store_options options = fresh();
    struct companion_mark mark = { { 0 } };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct store_check_result result;
        struct failure failure = { 0 };
        put(&options, &mark, lengths[i], i);
        expect(&options, lengths[i], i);
        struct companion_mark seen = mark_for_reader(&options);
        assert_memory_equal(&seen, &mark, sizeof mark);
        assert_true(store_check(&options, &result, &failure));
        assert_int_equal(result.state, STORE_READY);
    }
}

static void absence_is_no_failure(void **state)
{
    if (!server.process)
        skip();
    struct store_options options = fresh();
    struct failure failure = { 0 };
    struct companion_mark mark = { { 0 } };
    size_t length;
    char *file;
    assert_true(companion_read(&options, &mark, &file, &length, &failure));
    assert_null(file);
    assert_true(companion_is_none(&mark));
    struct store *store = store_open(&options, STORE_WRITE, &(enum store_state){ 0 }, &failure);
    scratch_learn(store, 1, LABEL_HAM, false);
    store_close(&store);
    assert_true(companion_read(&options, &mark, &file, &length, &failure));
    assert_null(file);
    mark = mark_for_reader(&options);
    assert_true(companion_is_none(&mark));
}

static void the_slower_of_two_hosts_is_told(void **state)
{
    if (!server.process)
        skip();
    struct store_options options = fresh();
    struct failure failure = { 0 };
    struct companion_mark one = { { 0 } }, other = { { 0 } };
    char *late = make_file(5000, 9);
    put(&options, &one, 5000, 1);
    assert_false(companion_write(&options, &other, span_make(late, 5000), &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    expect(&options, 5000, 1);
    free(late);
}

static void lessons_and_care_leave_it_alone(void **state)
{
    if (!server.process)
        skip();
    struct store_options options = fresh();
    struct failure failure = { 0 };
    struct companion_mark mark = { { 0 } };
    uint64_t lost;
    put(&options, &mark, 9000, 1);
    struct store *store = store_open(&options, STORE_WRITE, &(enum store_state){ 0 }, &failure);
    scratch_learn(store, 1, LABEL_HAM, false);
    put(&options, &mark, 12000, 2); /* while another learns */
    scratch_learn(store, 2, LABEL_HAM, false);
    store_close(&store);
    assert_true(store_compact(&options, &failure));
    assert_true(store_rebuild(&options, &lost, &failure));
    expect(&options, 12000, 2);
}

static void damage_is_told(void **state)
{
    static const char *const spoiled[] = { "hset 't:{anna}' c2 nonsense", "hset 't:{anna}' c0 nonsense" };
    if (!server.process)
        skip();
    for (size_t i = 0; i < sizeof spoiled / sizeof *spoiled; i++) {
        struct store_options options = fresh();
        struct failure failure = { 0 };
        struct companion_mark mark = { { 0 } }, none = { { 0 } };
        size_t length;
        char *file;
        put(&options, &mark, 9000, 1);
        assert_int_equal(redis_cli(spoiled[i]), 0);
        assert_false(companion_read(&options, &none, &file, &length, &failure));
        assert_null(file);
        assert_int_equal(failure.kind, FAILURE_DAMAGED);
    }
}

static void what_is_no_companion_is_refused(void **state)
{
    static const size_t lengths[] = { 0, 63, COMPANION_BYTES_MOST + 1 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct store_options options = redis_options("anna");
        struct failure failure = { 0 };
        struct companion_mark none = { { 0 } };
        char *file = make_file(lengths[i], 1);
        assert_false(companion_write(&options, &none, span_make(file, lengths[i]), &failure));
        assert_int_equal(failure.kind, FAILURE_INPUT);
        free(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got),
        cmocka_unit_test(absence_is_no_failure),
        cmocka_unit_test(the_slower_of_two_hosts_is_told),
        cmocka_unit_test(lessons_and_care_leave_it_alone),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(what_is_no_companion_is_refused),
    };
    return cmocka_run_group_tests_name("companion", tests, redis_server_begin, redis_server_end);
}
