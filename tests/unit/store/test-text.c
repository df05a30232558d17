/* test-text.c - a dump is the whole store, and what is not a dump is refused with its line */
#include "scratch.h"

static struct scratch make_store(void)
{
    struct scratch scratch = scratch_new();
    struct store *store = scratch_open(&scratch, STORE_WRITE);
    for (uint64_t i = 0; i < 80; i++)
        scratch_learn(store, i, i % 3 ? LABEL_SPAM : LABEL_HAM, false);
    scratch_learn(store, 7, LABEL_SPAM, true);
    store_close(&store);
    return scratch;
}

static bool load(const struct scratch *scratch, const char *text, size_t length, struct failure *failure)
{
    char path[96];
    snprintf(path, sizeof path, "%s/text", scratch->root);
    scratch_write(path, text, length);
    *failure = (struct failure){ 0 };
    return scratch_load(SCRATCH_OPTIONS(scratch->path), path, failure);
}

static void dump_and_load_are_exact(void **state)
{
    struct scratch scratch = make_store(), copy = scratch_new();
    struct failure failure;
    char *text = scratch_dump(&scratch);
    if (!load(&copy, text, strlen(text), &failure))
        fail_msg("%s", failure.reason);
    char *again = scratch_dump(&copy);
    assert_string_equal(text, again);
    struct store *first = scratch_open(&scratch, STORE_READ), *second = scratch_open(&copy, STORE_READ);
    struct totals totals[2];
    assert_true(store_read_totals(first, &totals[0], NULL) && store_read_totals(second, &totals[1], NULL));
    assert_int_equal(store_key(first), store_key(second));
    assert_memory_equal(totals[0].lessons, totals[1].lessons, sizeof totals[0].lessons);
    assert_memory_equal(totals[0].last_lesson, totals[1].last_lesson, sizeof totals[0].last_lesson);
    store_close(&first);
    store_close(&second);
    /* What was loaded can be learned on, and taken back. */
    second = scratch_open(&copy, STORE_WRITE);
    scratch_learn(second, 8, LABEL_SPAM, true);
    scratch_learn(second, 8, LABEL_SPAM, false);
    store_close(&second);
    free(text);
    free(again);
    scratch_remove(&scratch);
    scratch_remove(&copy);
}

static void a_dump_goes_into_an_empty_store_only(void **state)
{
    struct scratch scratch = make_store(), empty = scratch_new();
    struct failure failure;
    char *text = scratch_dump(&scratch);
    assert_false(load(&scratch, text, strlen(text), &failure));
    assert_int_equal(failure.kind, FAILURE_USAGE);
    struct store *store = scratch_open(&empty, STORE_WRITE); /* made, but nothing learned */
    store_close(&store);
    assert_true(load(&empty, text, strlen(text), &failure));
    free(text);
    scratch_remove(&scratch);
    scratch_remove(&empty);
}

#define HEAD_BUT_VERSION "key 00000000000000ff\ntables 65536\nlessons 0 0\npair-lessons 0 0\n"
#define HEAD "tamis-store 2\n" HEAD_BUT_VERSION
#define IDENTITY "0001020304050607"

static const struct {
    const char *text;
    const char *want; /* part of the reason; NULL: it is a dump */
} texts[] = {
    { HEAD "end 5\n", NULL },
    { HEAD "weight 5 -7\nend 6\n", NULL },
    { HEAD "scale 3 spam 255 4294967295\npair 65535 65535 1 0 65535\nend 7\n", NULL },
    { HEAD "entry " IDENTITY " ham user -3 1 0 1 2 255 1 00000abc 4294967295\nend 6\n", NULL },
    { "", "line 1" },
    { "From somebody\n", "line 1" },
    { "tamis-store 3\n", "version 3" },
    { "tamis-store 2\nkey 00ff\n", "line 2" },
    { "tamis-store 2\nkey 00000000000000ff\ntables 65535\n", "line 3" },
    { HEAD, "without \"end\"" },
    { HEAD "end 6\n", "line 6" },
    { HEAD "weight 5 -7\nend 5\n", "line 7" },
    { HEAD "weight 131072 1\nend 6\n", "line 6" },
    { HEAD "weight 5 40000\nend 6\n", "line 6" },
    { HEAD "weight 5\nend 6\n", "line 6" },
    { HEAD "weight 5 7 9\nend 6\n", "line 6" },
    { HEAD "weight +5 7\nend 6\n", "line 6" },
    { HEAD "weight 5 0x7\nend 6\n", "line 6" },
    { HEAD "wait 5 7\nend 6\n", "line 6" },
    { HEAD "scale 4 spam 0 1\nend 6\n", "line 6" },
    { HEAD "scale 0 spma 0 1\nend 6\n", "line 6" },
    { HEAD "pair 65536 0 1 0 0\nend 6\n", "line 6" },
    { HEAD "pair 1 5 0 0 0\nend 6\n", "line 6" },
    { HEAD "pair 1 5 1 0 0\npair 1 5 1 0 0\nend 7\n", "line 7" },
    { HEAD "entry " IDENTITY " ham user -3 1 0 1 2 255 1 00000abc -5\nend 6\n", "line 6" },
    { HEAD "entry 00 ham user 1 1 0 0 0 0 1 00000000 5\nend 6\n", "line 6" },
    { HEAD "entry " IDENTITY " ham user 1 2 0 0 0 0 1 00000000 5\nend 6\n", "line 6" },
    { HEAD "entry " IDENTITY " ham nobody 1 1 0 0 0 0 1 00000000 5\nend 6\n", "line 6" },
    { HEAD "entry " IDENTITY " ham user 1 1 0 0 0 0 1 00000000 5\nentry " IDENTITY
           " ham user 1 1 0 0 0 0 1 00000000 5\nend 7\n", "line 7" },
};

static void what_is_not_a_dump_is_refused_whole(void **state)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct scratch scratch = scratch_new();
        struct failure failure;
        enum store_state got;
        bool loaded = load(&scratch, texts[i].text, strlen(texts[i].text), &failure);
        if (loaded != !texts[i].want || (texts[i].want && !strstr(failure.reason, texts[i].want)))
            fail_msg("%s: got \"%s\", want \"%s\"", texts[i].text, loaded ? "loaded" : failure.reason,
                     texts[i].want ? texts[i].want : "loaded");
        struct store *store = scratch_try(&scratch, STORE_READ, &got, &failure);
        assert_int_equal(got, texts[i].want ? STORE_EMPTY : STORE_READY);
        store_close(&store);
        if (!texts[i].want) {
            char *again = scratch_dump(&scratch);
            assert_string_equal(again, texts[i].text);
            free(again);
        }
        scratch_remove(&scratch);
    }
}

static void a_dump_of_version_1_is_carried_over(void **state)
{
    static const char old[] = "tamis-store 1\n" HEAD_BUT_VERSION
                              "entry " IDENTITY "08090a0b0c0d0e0f ham user -3 1 0 1 2 255 1 00000abc 5\nend 6\n";
    static const char want[] = HEAD "entry " IDENTITY " ham user -3 1 0 1 2 255 1 00000abc 5\nend 6\n";
    struct scratch scratch = scratch_new();
    struct failure failure = { 0 };
    if (!load(&scratch, old, strlen(old), &failure))
        fail_msg("%s", failure.reason);
    char *got = scratch_dump(&scratch);
    assert_string_equal(got, want);
    free(got);
    scratch_remove(&scratch);
}

static void a_full_row_in_a_dump_stays_within_its_slots(void **state)
{
    char text[1024] = HEAD;
    struct scratch scratch = scratch_new();
    struct failure failure;
    for (int i = 0; i < 8; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "pair 3 %d 1 1 1\n", i);
    snprintf(text + strlen(text), sizeof text - strlen(text), "end 13\n");
    assert_false(load(&scratch, text, strlen(text), &failure));
    assert_non_null(strstr(failure.reason, "line 13"));
    scratch_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dump_and_load_are_exact),
        cmocka_unit_test(a_dump_goes_into_an_empty_store_only),
        cmocka_unit_test(what_is_not_a_dump_is_refused_whole),
        cmocka_unit_test(a_dump_of_version_1_is_carried_over),
        cmocka_unit_test(a_full_row_in_a_dump_stays_within_its_slots),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
