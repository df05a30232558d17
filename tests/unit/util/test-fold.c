/* test-fold.c - disguised words are found, and honest writing of all kinds is left alone */
#include "unit.h"

#include <stdio.h>

#include "util/fold.h"
#include "util/utf8.h"

struct fold_case {
    const char *input, *want;
    struct fold_counts counts;
};

typedef void fold_function(struct span text, struct buffer *out, struct fold_counts *counts);

static void fold_one_word(struct span text, struct buffer *out, struct fold_counts *counts)
{
    fold_word(text, out, counts);
}

static void check(const struct fold_case *cases, size_t count, fold_function *fold)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 4096);
        struct fold_counts got = { 0 };
        fold(span_of(cases[i].input), &out, &got);
        assert_span_is(buffer_span(&out), cases[i].want);
        const struct fold_counts *want = &cases[i].counts;
        if (memcmp(&got, want, sizeof got) != 0)
            fail_msg("\"%s\": got invisible %u styled %u look-alikes %u whole %u leet %u apart %u", cases[i].input,
                     got.invisible, got.styled, got.look_alikes, got.whole_words, got.leet, got.apart);
        arena_free(arena);
    }
}

#define CHECK(cases, fold) check((cases), sizeof(cases) / sizeof(cases)[0], (fold))

/* The non-ASCII strings of this file are UTF-8 as is. */

static void honest_text_is_only_lowered(void **state)
{
    static const struct fold_case cases[] = {
        { "", "", { 0 } },
        { "Hello WORLD, 100% @[`{ AZaz", "hello world, 100% @[`{ azaz", { 0 } },
        { "Привет, Мир! Оно НЕ такое", "привет, мир! оно не такое", { 0 } },
        { "Сорока росла", "сорока росла", { 0 } }, /* most letters look Latin, and no Latin text around */
        { "Отправьте SMSку в IT-отдел, usbшный PDF", "отправьте smsку в it-отдел, usbшный pdf", { 0 } },
        { "Ђорђе Петровић, Київ, Їжак", "ђорђе петровић, київ, їжак", { 0 } },
        { "From: Вера Иванова, Moscow", "from: вера иванова, moscow", { 0 } },
        { "Γειά σου Κόσμε, ΣΙΣΥΦΟΣ έξω με PDF", "γειά σου κόσμε, σισυφοσ έξω με pdf", { 0 } },
        { "İstanbul ısı IŞIK Ğüşöç", "istanbul ısı işik ğüşöç", { 0 } },
        { "Žluťoučký Łódź São Île Ærø ß", "žluťoučký łódź são île ærø ß", { 0 } },
        { "你好 iPhone手机，LINEアプリ", "你好 iphone手机,lineアプリ", { 0 } },
        { "ＡＢＣ１２３　ｶﾀｶﾅ", "abc123 カタカナ", { 0 } }, /* full width is everyday Japanese */
        { "한국어 텍스트 KBS뉴스", "한국어 텍스트 kbs뉴스", { 0 } },
        { "TNFα and IFNγ at 5 µm, 10 kΩ", "tnfα and ifnγ at 5 μm, 10 kω", { 0 } },
        { "“Quoted” – it’s… ﬁne", "\"quoted\" - it's... fine", { 0 } },
        { "e\xCC\x81t\xC3\xA9", "été", { 0 } }, /* combining accent */
        { "می\xE2\x80\x8Cخواهم", "میخواهم", { .invisible = 1 } }, /* ZWNJ is Persian orthography */
        { "\xE2\x9D\xA4\xEF\xB8\x8F ok", "\xE2\x9D\xA4 ok", { .invisible = 1 } },
        { "Donau\xC2\xAD" "dampf", "donaudampf", { .invisible = 1 } },
    };
    CHECK(cases, fold_text);
}

static void disguises_are_undone_and_counted(void **state)
{
    static const struct fold_case cases[] = {
        { "p\xD0\xB0ypal", "paypal", { .look_alikes = 1 } },
        { "\xD0\x90pple", "apple", { .look_alikes = 1 } },
        { "The Ваnk оf Аmerica раssword", "the bank of america password", { .look_alikes = 6 } },
        { "Your Аррӏе ID", "your apple id", { .look_alikes = 5, .whole_words = 1 } },
        { "pαypαl", "paypal", { .look_alikes = 2 } },
        { "v\xE2\x80\x8Bia\xE2\x80\x8Dgra", "viagra", { .invisible = 2 } },
        { "𝐅𝐫𝐞𝐞 Ⓕⓡⓔⓔ", "free free", { .styled = 8 } },
        { "🅵🆁🅴🅴", "free", { .styled = 4 } },
        { "ᴠɪᴀɢʀᴀ", "viagra", { .styled = 6 } },
    };
    CHECK(cases, fold_text);
}

static void words_are_folded_as_far_as_it_goes(void **state)
{
    static const struct fold_case cases[] = {
        { "V14gr4", "viagra", { .leet = 3 } },
        { "c1al1s!!!", "cialis", { .leet = 2 } },
        { "\"Viagra\"", "viagra", { 0 } },
        { "v\xC3\xAD\xC3\xA0gr\xC3\xA2", "viagra", { 0 } },
        { "R0LEX", "rolex", { .leet = 1 } },
        { "$ex", "sex", { .leet = 1 } },
        { "p\xC2\xA3" "ease", "please", { .leet = 1 } },
        { "V.i.a.g.r.a", "viagra", { .apart = 1 } },
        { "V*1*a*g*r*a", "viagra", { .leet = 1, .apart = 1 } },
        { "U.S.A.", "usa", { 0 } },
        { "e.g.", "e.g", { 0 } },
        { "don't", "don't", { 0 } },
        { "500mg", "500mg", { 0 } },
        { "12345", "12345", { 0 } },
        { "b2b", "b2b", { 0 } },
        { "\xD0\xB0" "dobe", "adobe", { .look_alikes = 1 } },
        { "", "", { 0 } },
        { "...", "", { 0 } },
    };
    CHECK(cases, fold_one_word);
}

static void only_dishonest_words_are_reported(void **state)
{
    static const struct {
        const char *word;
        bool want;
    } cases[] = {
        { "viagra", false }, { "Viagra!", false }, { "v\xC3\xAD" "agra", false }, { "ﬁnance", false },
        { "v1agra", true },  { "v.i.a.g.r.a", true }, { "vi\xE2\x80\x8B" "agra", true }, { "vi\xD0\xB0gra", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 4096);
        struct fold_counts counts = { 0 };
        if (fold_word(span_of(cases[i].word), &out, &counts) != cases[i].want)
            fail_msg("\"%s\" should be %s", cases[i].word, cases[i].want ? "reported" : "passed");
        arena_free(arena);
    }
}

/* Lowering works on eight bytes at a time: every ASCII byte at every offset. */
static void every_ascii_byte_is_lowered_everywhere(void **state)
{
    for (int byte = 0; byte < 0x80; byte++)
        for (size_t at = 0; at < 17; at++) {
            char text[17];
            memset(text, 'Q', sizeof text);
            text[at] = (char)byte;
            struct arena *arena = arena_new(1 << 16);
            struct buffer out = buffer_new(arena, 64);
            struct fold_counts counts = { 0 };
            fold_text(span_make(text, sizeof text), &out, &counts);
            assert_int_equal(out.length, sizeof text);
            for (size_t i = 0; i < sizeof text; i++) {
                int want = i != at ? 'q' : byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
                assert_int_equal(out.data[i], want);
            }
            arena_free(arena);
        }
}

/* Whatever comes in, valid UTF-8 comes out, within the limit. */
static void output_is_valid_and_bounded(void **state)
{
    uint32_t seed = 1;
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_new(1 << 22);
        struct buffer in = buffer_new(arena, 2000), out = buffer_new(arena, 1500);
        for (int i = 0; i < 400; i++) {
            seed = seed * 1664525 + 1013904223;
            uint32_t code = seed >> 8;
            utf8_append(&in, round % 3 == 0 ? code % 0x110000 : round % 3 == 1 ? code % 0x3000 : code % 0x500);
        }
        struct fold_counts counts = { 0 };
        fold_text(buffer_span(&in), &out, &counts);
        assert_true(utf8_is_valid(buffer_span(&out)));
        assert_true(out.length <= 1500);
        fold_word(buffer_span(&in), &out, &counts);
        assert_true(utf8_is_valid(buffer_span(&out)));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_text_is_only_lowered),
        cmocka_unit_test(disguises_are_undone_and_counted),
        cmocka_unit_test(words_are_folded_as_far_as_it_goes),
        cmocka_unit_test(only_dishonest_words_are_reported),
        cmocka_unit_test(every_ascii_byte_is_lowered_everywhere),
        cmocka_unit_test(output_is_valid_and_bounded),
    };
    return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
