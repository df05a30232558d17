/* test-text-prints.c - which changes a text's prints survive, and which texts have none */
#include "unit.h"

#include <stdio.h>

#include "mail/text-prints.h"
#include "util/limits.h"

#define BODY                                                                                                          \
    "we have the pleasure to tell you that your name was drawn in our great lottery of the season and that the prize " \
    "waits for you in our office please send us your full name and the number of your account so that we can pay out " \
    "the whole sum before the end of the month and do not tell anybody about this letter until you have your money"
#define RANDOM                                                                                                \
    " garden window yellow seldom mountain paper river candle forty lamp teacher orange silent bridge corner" \
    " winter basket farmer pencil market cousin thunder ladder button saddle"

static const struct {
    const char *name, *text, *other;
    bool alike;
} pairs[] = {
    { "the same", BODY, BODY, true },
    { "another name in front", "Dear Anna Miller,\n" BODY, "Dear Peter Paul Jones,\n" BODY, true },
    { "another date and amount", "On 3.4.2026, $1,000,000.00: " BODY, "On 22/11/26, EUR 7.5m: " BODY, true },
    { "another link", BODY " http://a.example/x?id=1 a.example", BODY " https://very.other.example/zyx b.example",
      true },
    { "another address", "joe@example.org: " BODY, "ann.miller@example.net: " BODY, true },
    { "random words behind", BODY, BODY RANDOM, true },
    { "random words before", BODY, RANDOM " " BODY, true },
    { "case, line breaks and signs", BODY, "WE HAVE the pleasure\nto\ttell you, that - your name... WAS drawn" BODY,
      true },
    { "look-alike letters", BODY,
      "we h\xD0\xB0ve the ple\xD0\xB0sure to tell you th\xD0\xB0t your name w\xD0\xB0s dr\xD0\xB0wn in our "
      "gre\xD0\xB0t " BODY, true },
    { "invisible letters", "we have the plea\xC2\xADsure to tell you " BODY,
      "we have the pleasure to t\xE2\x80\x8B""ell you " BODY, true },
    { "another text", BODY,
      "the meeting of the garden club is moved to next week because the room is painted please bring your plans for "
      "the beds along the wall and tell me who can help with the water pump on saturday morning before the market "
      "opens",
      false },
    { "the same words in another order",
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
      "eighteen nineteen twenty",
      "twenty eighteen sixteen fourteen twelve ten eight six four two nineteen seventeen fifteen thirteen eleven nine "
      "seven five three one", false },
};

static size_t shared(const char *text, uint64_t key, const char *other, uint64_t other_key)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    uint64_t prints[TEXT_PRINTS], others[TEXT_PRINTS];
    size_t count = text_prints(span_of(text), key, arena, prints), found = 0;
    size_t other_count = text_prints(span_of(other), other_key, arena, others);
    assert_int_equal(count, TEXT_PRINTS);
    assert_int_equal(other_count, TEXT_PRINTS);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || prints[i] > prints[i - 1]);
        for (size_t j = 0; j < other_count; j++)
            found += prints[i] == others[j];
    }
    arena_free(arena);
    return found;
}

static void texts_are_alike_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t found = shared(pairs[i].text, 7, pairs[i].other, 7);
        if ((found >= TEXT_PRINTS_ALIKE) != pairs[i].alike)
            fail_msg("%s: share %zu of %d", pairs[i].name, found, TEXT_PRINTS);
    }
}

static void keys_keep_hosts_apart(void **state)
{
    (void)state;
    assert_int_equal(shared(BODY, 7, BODY, 8), 0);
}

static const struct {
    const char *name, *text;
    size_t want;
} lengths[] = {
    { "nothing", "", 0 },
    { "a few words", "see you at noon", 0 },
    { "eighteen words", "a b c d e f g h i j k l m n o p q r", 0 },
    { "nineteen", "a b c d e f g h i j k l m n o p q r s", TEXT_PRINTS },
    { "the same words over and over", "buy now buy now buy now buy now buy now buy now buy now buy now buy now buy now",
      0 },
    { "numbers and links alone",
      "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 http://a.example/ b.example c@d.example", 0 },
    { "a text without blanks",
      "\xE6\x81\xAD\xE5\x96\x9C\xE6\x82\xA8\xE4\xB8\xAD\xE5\xA5\x96\xE8\xAF\xB7\xE5\x9C\xA8\xE4\xBB\x8A"
      "\xE5\xA4\xA9\xE4\xB8\x8B\xE5\x8D\x88\xE4\xBA\x94\xE7\x82\xB9\xE4\xB9\x8B\xE5\x89\x8D"
      "\xE8\x81\x94\xE7\xB3\xBB\xE6\x88\x91\xE4\xBB\xAC",
      TEXT_PRINTS },
};

static void short_texts_have_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        uint64_t prints[TEXT_PRINTS];
        size_t got = text_prints(span_of(lengths[i].text), 1, arena, prints);
        if (got != lengths[i].want)
            fail_msg("%s: got %zu", lengths[i].name, got);
        arena_free(arena);
    }
}

/* Whatever stands behind the part that is read changes nothing. */
static void long_texts_are_cut(void **state)
{
    (void)state;
    static char text[200000], other[200000];
    size_t used = 0;
    for (unsigned i = 0; used + 32 < sizeof text; i++) {
        char word[7] = { 0 };
        for (unsigned letter = 0, rest = i * 2654435761u; letter < 6; letter++, rest /= 26)
            word[letter] = (char)('a' + rest % 26);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s ", word);
    }
    memcpy(other, text, sizeof text);
    memset(other + sizeof other / 2, 'x', sizeof other / 2 - 1);
    assert_int_equal(shared(text, 3, other, 3), TEXT_PRINTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_alike_or_not),
        cmocka_unit_test(keys_keep_hosts_apart),
        cmocka_unit_test(short_texts_have_none),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests_name("text-prints", tests, NULL, NULL);
}
