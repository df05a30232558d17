/* test-redis.c - a store in Redis holds what one in files does, and is not believed when it is spoiled */
#include "redis-server.h"

#include "store/record.h"
#include "store/redis-address.h"

static void need_redis(void)
{
    if (!server.process)
        skip();
}

/* An empty store of that user; only its name is kept. */
static struct store_options fresh(const char *user)
{
    char words[64];
    snprintf(words, sizeof words, "del 't:{%s}'", user);
    redis_cli(words);
    return redis_options(user);
}

static struct store *open_store(const struct store_options *options, enum store_access access)
{
    enum store_state state;
    struct failure failure = { 0 };
    struct store *store = store_open(options, access, &state, &failure);
    if (!store)
        fail_msg("%s: %s", store_state_name(state), failure.reason);
    return store;
}

static char *dump_of(const struct store_options *options)
{
    char path[] = "/tmp/tamis-dump-XXXXXX";
    size_t length;
    struct failure failure = { 0 };
    int fd = mkstemp(path);
    if (!store_dump(options, fd, &failure))
        fail_msg("dump: %s", failure.reason);
    close(fd);
    char *text = scratch_read(path, &length);
    unlink(path);
    return text;
}

/* The line with the key is each store's own. */
static void expect_same_text(char *one, char *other)
{
    char *one_key = strstr(one, "\nkey "), *other_key = strstr(other, "\nkey ");
    assert_non_null(one_key);
    assert_non_null(other_key);
    memset(one_key + 5, '0', 16);
    memset(other_key + 5, '0', 16);
    if (strcmp(one, other) != 0)
        fail_msg("the two stores do not hold the same");
    free(one);
    free(other);
}

/* The same history for any store: learned, taken back, learned the other way round. */
static void teach(struct store *store)
{
    for (uint64_t number = 0; number < 60; number++)
        scratch_learn(store, number, number % 3 ? LABEL_HAM : LABEL_SPAM, false);
    for (uint64_t number = 0; number < 60; number += 7)
        scratch_learn(store, number, number % 3 ? LABEL_HAM : LABEL_SPAM, true);
    for (uint64_t number = 0; number < 60; number += 14)
        scratch_learn(store, number, LABEL_SPAM, false);
}

static void redis_holds_what_files_hold(void **state)
{
    need_redis();
    struct scratch scratch = scratch_new();
    struct store_options redis = fresh("anna"), files = { .directory = scratch.path };
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    teach(store);
    store_close(&store);
    store = open_store(&redis, STORE_WRITE);
    teach(store);
    store_close(&store);
    expect_same_text(dump_of(&redis), dump_of(&files));
    scratch_remove(&scratch);
}

static void a_reader_sees_each_lesson_whole(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct made_lesson made;
    struct ledger_entry entry;
    struct pair_counts counts[PAIRS_MOST];
    struct store *writer = open_store(&redis, STORE_WRITE);
    scratch_lesson(&made, 1, LABEL_SPAM);
    made.lesson.entry.pair_step = 1;
    assert_true(store_apply(writer, &made.lesson, 1, &failure));
    struct store *reader = open_store(&redis, STORE_READ);
    assert_int_equal(store_key(reader), store_key(writer));
    assert_true(store_read_pairs(reader, made.pairs, made.lesson.pair_count, counts, &failure));
    for (size_t i = 0; i < made.lesson.pair_count; i++)
        assert_int_equal(counts[i].spam, 1);
    assert_int_equal(store_read_ledger(reader, made.lesson.identity, &entry, &failure), 1);
    assert_false(store_apply(writer, &made.lesson, 1, &failure));
    assert_int_equal(failure.kind, FAILURE_DEFECT);
    store_close(&reader);
    store_close(&writer);
}

static void taking_all_back_leaves_nothing(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct store *store = open_store(&redis, STORE_WRITE);
    for (uint64_t number = 0; number < 20; number++)
        scratch_learn(store, number, LABEL_SPAM, false);
    for (uint64_t number = 0; number < 20; number++)
        scratch_learn(store, number, LABEL_SPAM, true);
    store_close(&store);
    assert_int_equal(redis_cli("hlen 't:{anna}' | grep -qx 2"), 0); /* the meta row and the count */
}

static void nothing_learned_is_empty(void **state)
{
    need_redis();
    struct store_options redis = fresh("nobody");
    enum store_state got;
    struct failure failure = { 0 };
    assert_null(store_open(&redis, STORE_READ, &got, &failure));
    assert_int_equal(got, STORE_EMPTY);
    assert_int_equal(redis_cli("exists 't:{nobody}' | grep -qx 0"), 0);
}

/* --- many at once ------------------------------------------------------------------------------------------------- */

#define WRITERS 4
#define EACH 25

/* All of one day: which of two lessons took a slot is not to show. */
static bool learn_today(struct store *store, uint64_t number, struct failure *failure)
{
    struct made_lesson made;
    scratch_lesson(&made, number, LABEL_SPAM);
    made.lesson.entry.when = 1767225600;
    return store_apply(store, &made.lesson, 1, failure);
}

static pid_t write_in_child(const struct store_options *redis, uint64_t first)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    enum store_state state;
    struct failure failure = { 0 };
    struct store *store = store_open(redis, STORE_WRITE, &state, &failure);
    int failed = !store;
    for (uint64_t number = first; store && number < first + EACH; number++)
        failed += !learn_today(store, number, &failure);
    if (failed)
        print_message("# %s\n", failure.reason);
    store_close(&store);
    _exit(failed);
}

static void writers_at_the_same_time_lose_nothing(void **state)
{
    need_redis();
    struct scratch scratch = scratch_new();
    struct store_options redis = fresh("anna"), files = { .directory = scratch.path };
    struct failure failure = { 0 };
    pid_t children[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        children[i] = write_in_child(&redis, (uint64_t)i * EACH);
    for (int i = 0; i < WRITERS; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    for (uint64_t number = 0; number < WRITERS * EACH; number++)
        assert_true(learn_today(store, number, &failure));
    store_close(&store);
    expect_same_text(dump_of(&redis), dump_of(&files));
    scratch_remove(&scratch);
}

static void the_same_message_from_two_hosts_counts_once(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct totals totals;
    struct made_lesson made;
    struct store *one = open_store(&redis, STORE_WRITE), *other = open_store(&redis, STORE_WRITE);
    scratch_learn(one, 5, LABEL_SPAM, false);
    scratch_lesson(&made, 5, LABEL_SPAM);
    assert_false(store_apply(other, &made.lesson, 1, &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    store_close(&other);
    store_close(&one);
    one = open_store(&redis, STORE_READ);
    assert_true(store_read_totals(one, &totals, &failure));
    assert_int_equal(totals.lessons[LABEL_SPAM], 1);
    store_close(&one);
}

/* --- care --------------------------------------------------------------------------------------------------------- */

static void copies_are_exact_both_ways(void **state)
{
    need_redis();
    struct scratch scratch = scratch_new(), back = scratch_new();
    struct store_options redis = fresh("anna"), files = { .directory = scratch.path },
                         files_again = { .directory = back.path };
    struct failure failure = { 0 };
    struct totals before, after;
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    teach(store);
    assert_true(store_read_totals(store, &before, &failure));
    store_close(&store);
    assert_true(store_copy(&files, &redis, &failure));
    assert_false(store_copy(&files, &redis, &failure)); /* it is not empty any more */
    assert_int_equal(failure.kind, FAILURE_USAGE);
    assert_true(store_copy(&redis, &files_again, &failure));
    char *text = dump_of(&files), *copy = dump_of(&redis), *copy_again = dump_of(&files_again);
    assert_true(strcmp(text, copy) == 0);
    assert_true(strcmp(text, copy_again) == 0);
    free(text);
    free(copy);
    free(copy_again);
    store = scratch_open(&back, STORE_READ);
    assert_true(store_read_totals(store, &after, &failure));
    assert_memory_equal(&before, &after, sizeof before);
    store_close(&store);
    scratch_remove(&back);
    scratch_remove(&scratch);
}

static void a_dump_loads_into_an_empty_store_only(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna"), other = fresh("bert");
    struct failure failure = { 0 };
    char path[] = "/tmp/tamis-dump-XXXXXX";
    struct store *store = open_store(&redis, STORE_WRITE);
    teach(store);
    store_close(&store);
    int fd = mkstemp(path);
    assert_true(store_dump(&redis, fd, &failure));
    close(fd);
    assert_true(scratch_load(&other, path, &failure));
    assert_false(scratch_load(&redis, path, &failure));
    unlink(path);
    expect_same_text(dump_of(&redis), dump_of(&other));
}

static void compacting_changes_no_count(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct store_check_result result;
    struct store *store = open_store(&redis, STORE_WRITE);
    teach(store);
    store_close(&store);
    char *before = dump_of(&redis);
    assert_true(store_compact(&redis, &failure));
    expect_same_text(before, dump_of(&redis));
    assert_true(store_check(&redis, &result, &failure));
    assert_int_equal(result.ledger_entries, 56);
    assert_int_equal(redis_cli("keys '*:new:*' | grep -c . | grep -qx 0"), 0);
}

static void the_ledger_grows(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct store_check_result result;
    struct store *store = open_store(&redis, STORE_WRITE);
    uint32_t most = LEDGER_ROWS_FIRST * LEDGER_SLOTS * 3 / 8 + 20;
    for (uint64_t number = 0; number < most; number++) {
        struct made_lesson made;
        scratch_lesson(&made, number, LABEL_HAM);
        made.lesson.gram_count = made.lesson.pair_count = 0;
        if (!store_apply(store, &made.lesson, 1, &failure))
            fail_msg("%s", failure.reason);
    }
    store_close(&store);
    assert_true(store_check(&redis, &result, &failure));
    assert_int_equal(result.ledger_entries, most);
    assert_true(result.rows > WEIGHT_TABLE_ROWS + PAIR_ROWS + LEDGER_ROWS_FIRST);
}

static void an_unused_state_gets_an_end(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    redis.remote.days = 30;
    struct store *store = open_store(&redis, STORE_WRITE);
    store_close(&store);
    assert_int_equal(redis_cli("ttl 't:{anna}' | grep -Eqx '259[0-9]{4}'"), 0);
    assert_int_equal(redis_cli("expire 't:{anna}' 1000"), 0);
    assert_true(store_keep(&redis, &failure));
    assert_int_equal(redis_cli("ttl 't:{anna}' | grep -Eqx '259[0-9]{4}'"), 0);
    redis.remote.days = 0;
    assert_true(store_compact(&redis, &failure));
    assert_int_equal(redis_cli("ttl 't:{anna}' | grep -qx -- -1"), 0);
}

/* --- spoiled ------------------------------------------------------------------------------------------------------ */

#define SET_BYTES(field_, at_, bytes_) \
    "eval \"local v = redis.call('hget', KEYS[1], '" field_ "'); redis.call('hset', KEYS[1], '" field_ \
    "', string.sub(v, 1, " at_ ") .. " bytes_ " .. string.sub(v, " at_ " + 2))\" 1 't:{anna}'"

/* What is done to it, what a reader finds, and whether that is found when opening or when the rows are read. */
static const struct {
    const char *name, *words;
    enum store_state want;
    bool at_open;
} damages[] = {
    { "a string", "eval \"redis.call('del', KEYS[1]); redis.call('set', KEYS[1], 'x')\" 1 't:{anna}'", STORE_DAMAGED,
      true },
    { "a foreign hash", "eval \"redis.call('del', KEYS[1]); redis.call('hset', KEYS[1], 'a', 'b')\" 1 't:{anna}'",
      STORE_DAMAGED, true },
    { "a field more", "hset 't:{anna}' x y", STORE_DAMAGED, true },
    { "a field lost", "hdel 't:{anna}' w5", STORE_DAMAGED, true },
    { "the meta row lost", "hdel 't:{anna}' w80", STORE_DAMAGED, true },
    { "the count lost", "hdel 't:{anna}' n", STORE_DAMAGED, true },
    { "the meta row cut", "eval \"redis.call('hset', KEYS[1], 'w80', string.sub(redis.call('hget', KEYS[1], 'w80'), "
                          "1, 90))\" 1 't:{anna}'", STORE_DAMAGED, true },
    { "the meta row another's", "hset 't:{anna}' w80 nonsense", STORE_DAMAGED, true },
    { "a newer version", SET_BYTES("w80", "16", "string.char(9)"), STORE_NEWER, true },
    { "an older version", SET_BYTES("w80", "16", "string.char(1)"), STORE_OLDER, true },
    { "a row too long", "hset 't:{anna}' w5 $(printf '%03000d' 1)", STORE_DAMAGED, true },
    { "a row empty", "hset 't:{anna}' w5 ''", STORE_DAMAGED, true },
    { "a row cut", "eval \"redis.call('hset', KEYS[1], 'w5', string.sub(redis.call('hget', KEYS[1], 'w5'), 1, 20))\" 1 "
                   "'t:{anna}'", STORE_DAMAGED, false },
    { "a byte changed", SET_BYTES("w5", "40", "string.char(77)"), STORE_DAMAGED, false },
    { "a row elsewhere", "eval \"redis.call('hset', KEYS[1], 'w5', redis.call('hget', KEYS[1], 'w6'))\" 1 't:{anna}'",
      STORE_DAMAGED, false },
};

static enum store_state state_of_reading(const struct store_options *redis, bool *at_open)
{
    enum store_state state;
    struct failure failure = { 0 };
    uint32_t slots[STORE_WEIGHT_SLOTS / 64];
    int16_t weights[STORE_WEIGHT_SLOTS / 64];
    size_t count = sizeof slots / sizeof *slots;
    struct store *store = store_open(redis, STORE_READ, &state, &failure);
    *at_open = !store;
    if (!store)
        return state;
    for (uint32_t i = 0; i < count; i++)
        slots[i] = i * 64;
    bool read = store_read_weights(store, slots, count, weights, &failure);
    store_close(&store);
    return read ? STORE_READY : STORE_DAMAGED;
}

static void damage_is_noticed_and_never_believed(void **state)
{
    need_redis();
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct store_options redis = fresh("anna");
        struct store *store = open_store(&redis, STORE_WRITE);
        bool at_open;
        teach(store);
        store_close(&store);
        assert_int_equal(redis_cli(damages[i].words), 0);
        enum store_state got = state_of_reading(&redis, &at_open);
        if (got != damages[i].want || at_open != damages[i].at_open)
            fail_msg("%s: got %s%s, want %s", damages[i].name, store_state_name(got), at_open ? " at once" : "",
                     store_state_name(damages[i].want));
    }
}

static void a_damaged_store_takes_no_lesson(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct made_lesson made;
    struct store *store = open_store(&redis, STORE_WRITE);
    teach(store);
    assert_int_equal(redis_cli("hdel 't:{anna}' w5"), 0);
    scratch_lesson(&made, 1000, LABEL_SPAM);
    assert_false(store_apply(store, &made.lesson, 1, &failure));
    assert_int_equal(failure.kind, FAILURE_DAMAGED);
    store_close(&store);
}

static void rebuilding_keeps_what_is_sound(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct store_check_result result;
    uint64_t lost = 0;
    struct store *store = open_store(&redis, STORE_WRITE);
    teach(store);
    store_close(&store);
    assert_int_equal(redis_cli(SET_BYTES("w5", "40", "string.char(77)")), 0);
    assert_false(store_check(&redis, &result, &failure));
    assert_true(result.rebuild_needed);
    assert_int_equal(result.bad_rows, 1);
    assert_false(store_compact(&redis, &failure));
    assert_true(store_rebuild(&redis, &lost, &failure));
    assert_int_equal(lost, 1);
    assert_true(store_check(&redis, &result, &failure));
    assert_int_equal(result.ledger_entries, 56);
}

/* --- gone, slow, full, locked ------------------------------------------------------------------------------------- */

static enum store_state state_of_opening(const struct store_options *redis)
{
    enum store_state state;
    struct failure failure = { 0 };
    struct store *store = store_open(redis, STORE_READ, &state, &failure);
    store_close(&store);
    return state;
}

static void a_server_that_is_gone_or_stopped_is_unreachable(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct store *store = open_store(&redis, STORE_WRITE);
    teach(store);
    store_close(&store);
    char *before = dump_of(&redis);
    redis.remote.timeout_milliseconds = 100;
    kill(server.process, SIGSTOP);
    assert_int_equal(state_of_opening(&redis), STORE_UNREACHABLE);
    kill(server.process, SIGCONT);
    redis_server_stop();
    assert_int_equal(state_of_opening(&redis), STORE_UNREACHABLE);
    redis_server_start();
    redis.remote.timeout_milliseconds = 2000;
    expect_same_text(before, dump_of(&redis));
}

static void a_server_that_goes_meanwhile_ends_the_work(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct made_lesson made;
    struct pair_counts counts[PAIRS_MOST];
    struct totals totals;
    struct store *writer = open_store(&redis, STORE_WRITE);
    teach(writer);
    struct store *reader = open_store(&redis, STORE_READ);
    scratch_lesson(&made, 1000, LABEL_SPAM);
    redis_server_stop();
    assert_false(store_read_pairs(reader, made.pairs, made.lesson.pair_count, counts, &failure));
    assert_false(store_apply(writer, &made.lesson, 1, &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_false(store_read_totals(writer, &totals, &failure));
    assert_false(store_apply(writer, &made.lesson, 1, &failure));
    store_close(&writer);
    store_close(&reader);
    redis_server_start();
}

static void a_full_server_learns_nothing_by_halves(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    struct failure failure = { 0 };
    struct made_lesson made;
    struct store *store = open_store(&redis, STORE_WRITE);
    teach(store);
    store_close(&store);
    char *before = dump_of(&redis);
    assert_int_equal(redis_cli("config set maxmemory 1"), 0);
    store = open_store(&redis, STORE_WRITE);
    scratch_lesson(&made, 1000, LABEL_SPAM);
    assert_false(store_apply(store, &made.lesson, 1, &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_non_null(strstr(failure.reason, "OOM"));
    store_close(&store);
    expect_same_text(before, dump_of(&redis));
    assert_int_equal(redis_cli("config set maxmemory 0"), 0);
    store = open_store(&redis, STORE_WRITE);
    scratch_learn(store, 1000, LABEL_SPAM, false);
    store_close(&store);
}

static void who_has_no_password_is_refused(void **state)
{
    need_redis();
    struct store_options redis = fresh("anna");
    char path[80];
    struct store *store = open_store(&redis, STORE_WRITE);
    store_close(&store);
    assert_int_equal(redis_cli("acl setuser filter on '>right' '~t:*' '&*' +@all"), 0);
    assert_int_equal(redis_cli("acl setuser default -@all +ping +acl"), 0);
    snprintf(path, sizeof path, "%s/password", server.directory);
    scratch_write(path, "right\n", 6);
    assert_int_equal(state_of_opening(&redis), STORE_FORBIDDEN);
    redis.remote.user = "filter";
    redis.remote.password_file = path;
    assert_int_equal(state_of_opening(&redis), STORE_READY);
    scratch_write(path, "wrong\n", 6);
    assert_int_equal(state_of_opening(&redis), STORE_FORBIDDEN);
    unlink(path);
    assert_int_equal(state_of_opening(&redis), STORE_FORBIDDEN);
    assert_int_equal(redis_cli("acl setuser default +@all"), 0);
}

static void without_a_name_there_is_no_key(void **state)
{
    need_redis();
    struct store_options redis = redis_options("");
    assert_int_equal(state_of_opening(&redis), STORE_UNUSABLE);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *list;
    bool sound, tls;
} lists[] = {
    { "unix:/run/redis/redis.sock", true, false },
    { "127.0.0.1:6379", true, false },
    { "[::1]:6379", true, false },
    { "2001:db8::7:6379", true, false },
    { "tls://192.0.2.1:6380", true, true },
    { "192.0.2.1:6379, 192.0.2.2:6379 tls://[2001:db8::1]:6379", true, true },
    { "", false, false },
    { "  ", false, false },
    { "unix:relative", false, false },
    { "unix:", false, false },
    { "redis.example.org:6379", false, false },
    { "192.0.2.1", false, false },
    { "192.0.2.1:", false, false },
    { "192.0.2.1:0", false, false },
    { "192.0.2.1:65536", false, false },
    { "192.0.2.1:6379x", false, false },
    { "192.0.2.300:6379", false, false },
    { "192.0.2.1:6379 nonsense", false, false },
    { "tls://unix:/run/redis.sock", false, false },
    { "[]:6379", false, false },
    { ":6379", false, false },
};

static void addresses_are_read_or_refused(void **state)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (redis_address_list_is_sound(lists[i].list) != lists[i].sound)
            fail_msg("\"%s\" should be %s", lists[i].list, lists[i].sound ? "accepted" : "refused");
        if (lists[i].sound)
            assert_int_equal(redis_address_list_wants_tls(lists[i].list), lists[i].tls);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redis_holds_what_files_hold),
        cmocka_unit_test(a_reader_sees_each_lesson_whole),
        cmocka_unit_test(taking_all_back_leaves_nothing),
        cmocka_unit_test(nothing_learned_is_empty),
        cmocka_unit_test(writers_at_the_same_time_lose_nothing),
        cmocka_unit_test(the_same_message_from_two_hosts_counts_once),
        cmocka_unit_test(copies_are_exact_both_ways),
        cmocka_unit_test(a_dump_loads_into_an_empty_store_only),
        cmocka_unit_test(compacting_changes_no_count),
        cmocka_unit_test(the_ledger_grows),
        cmocka_unit_test(an_unused_state_gets_an_end),
        cmocka_unit_test(damage_is_noticed_and_never_believed),
        cmocka_unit_test(a_damaged_store_takes_no_lesson),
        cmocka_unit_test(rebuilding_keeps_what_is_sound),
        cmocka_unit_test(a_server_that_is_gone_or_stopped_is_unreachable),
        cmocka_unit_test(a_server_that_goes_meanwhile_ends_the_work),
        cmocka_unit_test(a_full_server_learns_nothing_by_halves),
        cmocka_unit_test(who_has_no_password_is_refused),
        cmocka_unit_test(without_a_name_there_is_no_key),
        cmocka_unit_test(addresses_are_read_or_refused),
    };
    return cmocka_run_group_tests_name("redis", tests, redis_server_begin, redis_server_end);
}
