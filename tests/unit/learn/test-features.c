/* test-features.c - words, features, and their way through a pipe */
#include "unit.h"

#include "learn/grams.h"
#include "learn/tokens.h"
#include "message-fixture.h"
#include "store/store.h"

static void text_falls_into_words(void **state)
{
    static const struct {
        const char *name, *input, *want; /* words joined by '|' */
    } rows[] = {
        { "nothing", "", "" },
        { "separators only", " ,;()/\n", "" },
        { "prices, names and addresses stay whole", "$9.99 a@b.example, don't (free!)",
          "$9.99|a@b.example|don't|free!" },
        { "fields", "Subject:Re: x", "Subject|Re|x" },
        { "accents are letters", "d\xc3\xa9j\xc3\xa0 vu", "d\xc3\xa9j\xc3\xa0|vu" },
        { "Han characters are words", "a\xe4\xb8\xad\xe6\x96\x87z", "a|\xe4\xb8\xad|\xe6\x96\x87|z" },
        { "quotes and dashes part words", "\u201cfree\u201d a\u2014b", "free|a|b" },
        { "punctuation of other scripts is not",
          "\u0939\u0948\u0964 \u0646\u0639\u0645\u060c", "\u0939\u0948|\u0646\u0639\u0645" },
        { "the ideographic space is none", "a\u3000b", "a|b" },
        { "an emoji stands alone", "free\U0001F525\U0001F525now", "free|\U0001F525|\U0001F525|now" },
        { "Thai falls into threes", "\u0e01\u0e32\u0e23\u0e1b\u0e23 x",
          "\u0e01\u0e32\u0e23|\u0e32\u0e23\u0e1b|\u0e23\u0e1b\u0e23|x" },
        { "two Thai characters are one word", "a\u0e01\u0e32b", "a|\u0e01\u0e32|b" },
        { "Thai beside Khmer", "\u0e01\u0e32\u0e23\u1780", "\u0e01\u0e32\u0e23|\u0e32\u0e23\u1780" },
        { "Thai digits are a word", "\u0e01\u0e50\u0e51", "\u0e01|\u0e50\u0e51" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char got[200] = "";
        struct span word;
        uint64_t hash;
        for (size_t at = 0; token_next(span_of(rows[i].input), &at, &word, &hash);) {
            if (*got)
                strcat(got, "|");
            strncat(got, word.data, word.length);
        }
        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s: got %s, want %s", rows[i].name, got, rows[i].want);
    }
}

static void words_are_told_apart_by_their_first_bytes(void **state)
{
    struct span word;
    uint64_t one, two, three;
    size_t at = 0;
    token_next(span_of("abcdefghijklmnopqrstuvwxyz"), &at, &word, &one);
    assert_int_equal(word.length, 26);
    at = 0;
    token_next(span_of("abcdefghijklmnopqrst12345"), &at, &word, &two);
    at = 0;
    token_next(span_of("abcdefghijklmnopqrs"), &at, &word, &three);
    assert_true(one == two && one != three);
}

/* As many words as can be: what is drawn last, the names of rules, must find room behind them. */
static void there_is_room_for_all_words(void **state)
{
    static const char *const units[] = { "a ", "a\u0482", "\u0482", "\u4e2d", "a\u4e2d", "\u0e01", "a\U0001F525" };
    static const char *const names[] = { "LAST" };
    const struct features_extra extra = { .names = names, .count = 1 };
    struct arena *arena = fixture_arena();
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct buffer text = buffer_new(arena, 10000);
        while (text.length < 3000)
            buffer_append_string(&text, units[i]);
        struct canonical canonical = { .text = buffer_span(&text) };
        struct token_sink sink;
        tokens_draw(&canonical, &extra, 1, false, arena, &sink);
        if (sink.count >= sink.capacity)
            fail_msg("%s: %zu features, room for %zu", units[i], sink.count, sink.capacity);
    }
}

static void features_are_sorted_and_distinct(void **state)
{
    struct arena *arena = fixture_arena();
    struct features features = fixture_features("Subject: one two one two\n\none two one two one two three four five\n",
                                                arena);
    assert_true(features.gram_count > 20 && features.pair_count > 20);
    for (size_t i = 1; i < features.gram_count; i++)
        assert_true(features.grams[i - 1] < features.grams[i]);
    for (size_t i = 1; i < features.pair_count; i++)
        assert_true(features.pairs[i - 1] < features.pairs[i]);
    assert_true(features.grams[features.gram_count - 1] < STORE_WEIGHT_SLOTS);
    arena_free(arena);
}

static void grams_are_distinct_runs_of_five(void **state)
{
    static const struct {
        const char *input;
        size_t want;
    } rows[] = { { "", 0 }, { "abcd", 0 }, { "abcde", 1 }, { "abcdef", 2 }, { "aaaaaaaa", 1 },
                 { "abcdeabcdeabcde", 5 } };
    struct arena *arena = fixture_arena();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t count;
        grams_draw(span_of(rows[i].input), 1, arena, &count);
        if (count != rows[i].want)
            fail_msg("%s: got %zu, want %zu", rows[i].input, count, rows[i].want);
    }
    arena_free(arena);
}

static void keys_keep_users_apart(void **state)
{
    struct arena *arena = fixture_arena();
    const struct message *message = fixture_message("Subject: one two\n\nthree four\n", arena);
    struct features one, two;
    features_extract(message, 1, NULL, arena, &one);
    features_extract(message, 2, NULL, arena, &two);
    assert_int_equal(one.pair_count, two.pair_count);
    for (size_t i = 0; i < one.pair_count; i++)
        for (size_t j = 0; j < two.pair_count; j++)
            assert_true(one.pairs[i] != two.pairs[j]);
    assert_memory_equal(one.identity, two.identity, 16); /* the identity is the message's own */
    arena_free(arena);
}

static void rule_names_are_features_but_not_identity(void **state)
{
    static const char *const names[] = { "HIDDEN_TEXT", "SUBJECT_CAPS" };
    struct arena *arena = fixture_arena();
    const struct message *message = fixture_message("Subject: one\n\ntwo\n", arena);
    struct features with, without;
    features_extract(message, 1, NULL, arena, &without);
    features_extract(message, 1, &(struct features_extra){ .names = names, .count = 2 }, arena, &with);
    assert_int_equal(with.pair_count, without.pair_count + 2);
    assert_memory_equal(with.identity, without.identity, 16);
    arena_free(arena);
}

static void pipe_keeps_every_bit(void **state)
{
    struct arena *arena = fixture_arena();
    struct features want = fixture_features("Subject: one two\n\nthree four\n", arena), got;
    struct buffer bytes = buffer_new(arena, 1 << 20);
    want.trace = (struct trace){ .relay = 7, .hosts = { 8, 9 }, .host_count = 2, .scripts = 5, .arrived = 1795348800 };
    want.print_count = 2;
    want.prints[0] = 10;
    want.prints[1] = 11;
    features_encode(&want, &bytes);
    buffer_append_string(&bytes, "rest");
    struct span rest = buffer_span(&bytes);
    assert_true(features_decode(&rest, arena, &got));
    assert_span_is(rest, "rest");
    assert_int_equal(got.check, want.check);
    assert_memory_equal(got.identity, want.identity, 16);
    assert_memory_equal(&got.trace, &want.trace, sizeof want.trace);
    assert_int_equal(got.print_count, 2);
    assert_memory_equal(got.prints, want.prints, sizeof want.prints);
    assert_int_equal(got.pair_count, want.pair_count);
    assert_memory_equal(got.pairs, want.pairs, want.pair_count * sizeof *want.pairs);
    assert_memory_equal(got.grams, want.grams, want.gram_count * sizeof *want.grams);
    arena_free(arena);
}

/* Whatever byte is changed and wherever it is cut: refused, or (identity) harmless. */
static void bytes_from_the_pipe_are_not_trusted(void **state)
{
    struct arena *arena = arena_new(1 << 28);
    struct features want = fixture_features("Subject: one\n\ntwo\n", arena), got;
    struct buffer bytes = buffer_new(arena, 1 << 20);
    features_encode(&want, &bytes);
    for (size_t length = 0; length < bytes.length; length++) {
        struct span cut = span_make(bytes.data, length);
        assert_false(features_decode(&cut, arena, &got));
    }
    /* Identity, rule points and trace carry no redundancy: any value is one, but for more hosts than have room. */
    size_t trace = sizeof want.identity + sizeof want.rule_points;
    bytes.data[trace + offsetof(struct trace, host_count)] = HISTORY_HOSTS + 1;
    struct span too_many = buffer_span(&bytes);
    assert_false(features_decode(&too_many, arena, &got));
    bytes.data[trace + offsetof(struct trace, host_count)] = 0;
    for (size_t i = trace + sizeof want.trace; i < bytes.length; i++) {
        bytes.data[i] ^= 0x41;
        struct span damaged = buffer_span(&bytes);
        if (features_decode(&damaged, arena, &got))
            fail_msg("byte %zu of %zu changed and not noticed", i, bytes.length);
        bytes.data[i] ^= 0x41;
    }
    arena_free(arena);
}

static void prints_from_the_pipe_rise(void **state)
{
    static const uint64_t lies[][2] = { { 10, 10 }, { 11, 10 } };
    struct arena *arena = arena_new(1 << 28);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct features told = fixture_features("Subject: one\n\ntwo\n", arena), got;
        struct buffer bytes = buffer_new(arena, 1 << 20);
        told.print_count = 2;
        memcpy(told.prints, lies[i], sizeof lies[i]);
        features_encode(&told, &bytes);
        struct span rest = buffer_span(&bytes);
        assert_false(features_decode(&rest, arena, &got));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_falls_into_words),
        cmocka_unit_test(words_are_told_apart_by_their_first_bytes),
        cmocka_unit_test(there_is_room_for_all_words),
        cmocka_unit_test(features_are_sorted_and_distinct),
        cmocka_unit_test(grams_are_distinct_runs_of_five),
        cmocka_unit_test(keys_keep_users_apart),
        cmocka_unit_test(rule_names_are_features_but_not_identity),
        cmocka_unit_test(pipe_keeps_every_bit),
        cmocka_unit_test(bytes_from_the_pipe_are_not_trusted),
        cmocka_unit_test(prints_from_the_pipe_rise),
    };
    message_library_start();
    return cmocka_run_group_tests_name("features", tests, NULL, NULL);
}
