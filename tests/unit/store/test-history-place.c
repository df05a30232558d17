/* test-history-place.c - the history of a store: one contract for the file beside it and for the rows on a server */
#include "history-lessons.h"
#include "redis-server.h"

#include "store/history.h"

#define NOON 1795348800 /* 22 November 2026 */
#define RELAY 7u
#define HOST 8u

/* A store of nobody yet, in files or in Redis. */
struct place {
    struct scratch scratch;
    struct store_options options;
};

static struct place new_place(bool remote)
{
    struct place place = { .scratch = scratch_new() };
    place.options = (struct store_options){ .lock_wait_milliseconds = 20000 };
    if (remote)
        place.options = redis_options("anna");
    if (remote)
        redis_cli("del 't:{anna}'");
    return place;
}

/* The path is in the place itself, which the caller must not move after this. */
static const struct store_options *options_of(struct place *place)
{
    place->options.directory = place->scratch.path;
    return &place->options;
}

static void for_each_place(void (*test)(const struct store_options *options))
{
    for (int remote = 0; remote <= (server.process > 0); remote++) {
        struct place place = new_place(remote);
        test(options_of(&place));
        scratch_remove(&place.scratch);
    }
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

static const struct trace usual = { .relay = RELAY, .hosts = { HOST }, .host_count = 1, .scripts = 1 };

static bool try_to_learn(struct store *store, uint64_t number, enum label label, bool retract,
                         const struct trace *trace, struct failure *failure)
{
    struct made_lesson made;
    scratch_lesson(&made, number, label);
    made.lesson.retract = retract;
    made.lesson.trace = trace;
    made.lesson.entry.when = NOON;
    return store_apply(store, &made.lesson, 1, failure);
}

static void learn(struct store *store, uint64_t number, enum label label, bool retract, const struct trace *trace)
{
    struct failure failure = { 0 };
    if (!try_to_learn(store, number, label, retract, trace, &failure))
        fail_msg("lesson %llu: %s", (unsigned long long)number, failure.reason);
}

/* Some lessons in a store of their own. */
static void teach(const struct store_options *options, uint64_t count)
{
    struct store *store = open_store(options, STORE_WRITE);
    for (uint64_t number = 0; number < count; number++)
        learn(store, number, number % 3 ? LABEL_HAM : LABEL_SPAM, false, &usual);
    store_close(&store);
}

/* As another process, on another host perhaps, finds it. */
static struct history_entry found(const struct store_options *options, uint64_t name)
{
    struct history_entry entry = { 0 };
    struct failure failure = { 0 };
    struct store *store = open_store(options, STORE_READ);
    const struct history *history = store_history(store, &failure);
    assert_int_equal(failure.kind, FAILURE_NONE);
    if (history)
        history_find(history, name, NOON, &entry);
    store_close(&store);
    return entry;
}

static char *text_of(const struct store_options *options)
{
    char *bytes = NULL;
    size_t length;
    struct failure failure = { 0 };
    FILE *out = open_memstream(&bytes, &length);
    struct history_text *text = store_read_history(options, &failure);
    assert_int_equal(failure.kind, FAILURE_NONE);
    if (text)
        history_write_text(text, out);
    free(text);
    fclose(out);
    return bytes;
}

static void expect_same_history(const struct store_options *one, const struct store_options *other)
{
    char *text = text_of(one), *same = text_of(other);
    assert_true(strlen(text) > 0);
    assert_string_equal(text, same);
    free(text);
    free(same);
}

/* --- the contract ------------------------------------------------------------------------------------------------- */

static void learn_rows(const struct store_options *options)
{
    for (uint64_t i = 0; i < HISTORY_LESSONS; i++) {
        const struct history_lessons *row = &history_lessons[i];
        const struct trace trace = { .relay = 100 + i, .hosts = { 200 + i, 300 + i }, .host_count = 2 };
        struct store *store = open_store(options, STORE_WRITE);
        for (uint64_t at = 0; row->lessons[at]; at++) {
            char lesson = row->lessons[at];
            bool retract = lesson < 'a';
            learn(store, i * 100 + at - retract, strchr("sS", lesson) ? LABEL_SPAM : LABEL_HAM, retract, &trace);
        }
        store_close(&store);
        for (uint64_t name = 100; name <= 300; name += 100) {
            struct history_entry got = found(options, name + i);
            if (got.ham != row->ham || got.spam != row->spam)
                fail_msg("%s, %s: got %u ham, %u spam", options->engine ? "on a server" : "in files", row->name,
                         got.ham, got.spam);
        }
        assert_int_equal(found(options, 400 + i).ham, 0);
    }
}

static void lessons_are_counted_and_taken_back(void **state)
{
    for_each_place(learn_rows);
}

static void learn_without(const struct store_options *options)
{
    struct store *store = open_store(options, STORE_WRITE);
    learn(store, 1, LABEL_SPAM, false, NULL);
    store_close(&store);
    assert_int_equal(found(options, RELAY).spam, 0);
}

static void a_lesson_without_a_trace_counts_none(void **state)
{
    for_each_place(learn_without);
}

static void note_arrivals(const struct store_options *options)
{
    struct failure failure = { 0 };
    store_note_arrival(options, RELAY, NOON, &failure);
    assert_int_equal(failure.kind, FAILURE_NONE);
    char *nothing = text_of(options);
    assert_string_equal(nothing, ""); /* nothing learned, nothing noted */
    free(nothing);
    teach(options, 6);
    for (int i = 0; i < 5; i++)
        assert_true(store_note_arrival(options, RELAY, NOON - 100 * i, &failure));
    assert_true(store_note_arrival(options, 9999, NOON, &failure));
    struct history_entry relay = found(options, RELAY), stranger = found(options, 9999);
    assert_int_equal(relay.burst, 5);
    assert_int_equal(relay.ham + relay.spam, 6);
    assert_int_equal(stranger.burst, 1);
    assert_int_equal(stranger.ham + stranger.spam, 0);
    struct store_check_result result;
    assert_true(store_check(options, &result, &failure));
}

static void arrivals_are_noted_once_something_was_learned(void **state)
{
    for_each_place(note_arrivals);
}

static void keep_as_it_is(const struct store_options *options)
{
    struct history_entry entry;
    teach(options, 3);
    struct store *store = open_store(options, STORE_WRITE);
    struct history *now = store_history_as_it_is(store);
    assert_non_null(now);
    learn(store, 50, LABEL_SPAM, false, &usual);
    assert_true(history_find(now, HOST, 0, &entry));
    assert_int_equal(entry.ham + entry.spam, 3);
    store_close(&store);
    assert_int_equal(found(options, HOST).ham + found(options, HOST).spam, 4);
    history_close(&now);
}

static void as_it_is_stays_as_it_was(void **state)
{
    for_each_place(keep_as_it_is);
}

static void look_after(const struct store_options *options)
{
    struct failure failure = { 0 };
    uint64_t lost;
    teach(options, 30);
    char *before = text_of(options);
    assert_true(store_compact(options, &failure));
    assert_true(store_rebuild(options, &lost, &failure));
    char *after = text_of(options);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void care_for_the_store_leaves_it_alone(void **state)
{
    for_each_place(look_after);
}

static void copies_are_exact_both_ways(void **state)
{
    if (!server.process)
        skip();
    struct place files = new_place(false), again = new_place(false), redis = new_place(true);
    struct failure failure = { 0 };
    teach(options_of(&files), 40);
    assert_true(store_copy(options_of(&files), options_of(&redis), &failure));
    expect_same_history(options_of(&files), options_of(&redis));
    assert_true(store_copy(options_of(&redis), options_of(&again), &failure));
    expect_same_history(options_of(&files), options_of(&again));
    assert_int_equal(found(options_of(&redis), RELAY).ham, found(options_of(&files), RELAY).ham);
    scratch_remove(&files.scratch);
    scratch_remove(&again.scratch);
    scratch_remove(&redis.scratch);
}

/* --- on a server -------------------------------------------------------------------------------------------------- */

#define WRITERS 3
#define EACH 12u

static pid_t in_child(void (*work)(const struct store_options *options, unsigned number),
                      const struct store_options *options, unsigned number)
{
    pid_t child = fork();
    if (child == 0) {
        work(options, number);
        _exit(0);
    }
    return child;
}

static void learn_many(const struct store_options *options, unsigned number)
{
    enum store_state state;
    struct failure failure = { 0 };
    struct store *store = store_open(options, STORE_WRITE, &state, &failure);
    for (uint64_t lesson = number * EACH; store && lesson < (number + 1) * EACH; lesson++)
        if (!try_to_learn(store, lesson, LABEL_SPAM, false, &usual, &failure))
            _exit(1);
    store_close(&store);
    _exit(!store && failure.kind != FAILURE_NONE);
}

/* Each of another relay, so that buckets come into being all the time. */
static void note_many(const struct store_options *options, unsigned number)
{
    struct failure failure = { 0 };
    for (uint64_t relay = 1000; relay < 1100; relay++)
        if (!store_note_arrival(options, relay + number, NOON, &failure))
            _exit(1);
}

static void hosts_that_learn_at_once_lose_no_lesson(void **state)
{
    if (!server.process)
        skip();
    struct place place = new_place(true);
    struct store_options options = *options_of(&place);
    struct failure failure = { 0 };
    struct store_check_result result;
    pid_t children[2 * WRITERS];
    teach(&options, 1);
    options.lock_wait_milliseconds = 60000;
    for (unsigned i = 0; i < WRITERS; i++) {
        children[i] = in_child(learn_many, &options, i + 1);
        children[WRITERS + i] = in_child(note_many, &options, i);
    }
    for (int i = 0; i < 2 * WRITERS; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(found(&options, RELAY).spam, 1 + WRITERS * EACH);
    assert_int_equal(found(&options, HOST).spam, 1 + WRITERS * EACH);
    assert_true(found(&options, 1050).burst > 0);
    assert_true(store_check(&options, &result, &failure));
    assert_int_equal(result.state, STORE_READY);
    scratch_remove(&place.scratch);
}

static void note_the_same(const struct store_options *options, unsigned number)
{
    struct failure failure = { 0 };
    for (int i = 0; i < 10; i++)
        if (!store_note_arrival(options, RELAY, NOON, &failure))
            _exit(1);
}

static void a_burst_at_many_hosts_is_counted(void **state)
{
    if (!server.process)
        skip();
    struct place place = new_place(true);
    const struct store_options *options = options_of(&place);
    pid_t children[WRITERS];
    teach(options, 1);
    for (unsigned i = 0; i < WRITERS; i++)
        children[i] = in_child(note_the_same, options, i);
    for (int i = 0; i < WRITERS; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(found(options, RELAY).burst, WRITERS * 10);
    scratch_remove(&place.scratch);
}

static void one_message_from_two_hosts_counts_once(void **state)
{
    if (!server.process)
        skip();
    struct place place = new_place(true);
    const struct store_options *options = options_of(&place);
    struct failure failure = { 0 };
    struct store *one = open_store(options, STORE_WRITE), *other = open_store(options, STORE_WRITE);
    learn(one, 5, LABEL_SPAM, false, &usual);
    assert_false(try_to_learn(other, 5, LABEL_SPAM, false, &usual, &failure));
    store_close(&one);
    store_close(&other);
    assert_int_equal(found(options, RELAY).spam, 1);
    scratch_remove(&place.scratch);
}

/* What is wrong with the rows of the history costs the history, and the next lesson makes it anew. */
static void damage_costs_hints_and_nothing_else(void **state)
{
    static const struct {
        const char *name, *script;
    } rows[] = {
        { "a header of nonsense", "redis.call('hset', KEYS[1], 'h400', 'nonsense, of some length')" },
        { "a header cut short",
          "redis.call('hset', KEYS[1], 'h400', string.sub(redis.call('hget', KEYS[1], 'h400'), 1, 20))" },
        { "all buckets nonsense", "for i = 0, 1023 do local f = string.format('h%x', i) "
                                  "if redis.call('hexists', KEYS[1], f) == 1 then "
                                  "redis.call('hset', KEYS[1], f, 'nonsense') end end" },
        { "buckets moved by eight bytes", "for i = 0, 1022 do local f = string.format('h%x', i) "
                                              "local v = redis.call('hget', KEYS[1], f) "
                                              "if v then redis.call('hset', KEYS[1], f, string.rep('x', 8) .. v) end "
                                              "end" },
    };
    if (!server.process)
        skip();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct place place = new_place(true);
        const struct store_options *options = options_of(&place);
        struct failure failure = { 0 };
        enum store_state store_state;
        struct history_entry entry;
        char words[800];
        teach(options, 3);
        snprintf(words, sizeof words, "eval \"%s\" 1 't:{anna}'", rows[i].script);
        assert_int_equal(redis_cli(words), 0);
        struct store *store = store_open(options, STORE_READ, &store_state, &failure);
        if (!store)
            fail_msg("%s: %s", rows[i].name, failure.reason);
        const struct history *history = store_history(store, &failure);
        if (history && history_find(history, RELAY, 0, &entry))
            fail_msg("%s was believed", rows[i].name);
        store_close(&store);
        store = open_store(options, STORE_WRITE);
        learn(store, 70, LABEL_SPAM, false, &usual);
        store_close(&store);
        assert_int_equal(found(options, RELAY).spam, 1);
        assert_int_equal(found(options, HOST).spam, 1);
        scratch_remove(&place.scratch);
    }
}

static void a_server_that_goes_meanwhile_is_no_history(void **state)
{
    if (!server.process)
        skip();
    struct place place = new_place(true);
    const struct store_options *options = options_of(&place);
    struct failure failure = { 0 };
    struct history_entry entry;
    teach(options, 3);
    struct store *store = open_store(options, STORE_READ);
    const struct history *history = store_history(store, &failure);
    assert_non_null(history);
    redis_server_stop();
    history_read_ahead(history, &usual);
    assert_false(history_find(history, RELAY, 0, &entry));
    store_close(&store);
    assert_false(store_note_arrival(options, RELAY, NOON, &failure));
    assert_int_equal(failure.kind, FAILURE_TEMPORARY);
    assert_null(store_read_history(options, &failure));
    redis_server_start();
    assert_int_equal(found(options, RELAY).ham, 2);
    scratch_remove(&place.scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lessons_are_counted_and_taken_back),
        cmocka_unit_test(a_lesson_without_a_trace_counts_none),
        cmocka_unit_test(arrivals_are_noted_once_something_was_learned),
        cmocka_unit_test(as_it_is_stays_as_it_was),
        cmocka_unit_test(care_for_the_store_leaves_it_alone),
        cmocka_unit_test(copies_are_exact_both_ways),
        cmocka_unit_test(hosts_that_learn_at_once_lose_no_lesson),
        cmocka_unit_test(a_burst_at_many_hosts_is_counted),
        cmocka_unit_test(one_message_from_two_hosts_counts_once),
        cmocka_unit_test(damage_costs_hints_and_nothing_else),
        cmocka_unit_test(a_server_that_goes_meanwhile_is_no_history),
    };
    return cmocka_run_group_tests_name("history in its place", tests, redis_server_begin, redis_server_end);
}
