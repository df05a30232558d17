/* test-check-text.c - words in disguise, in foreign letters and of random ones, and honest words of many languages */
#include "unit.h"

#include "rules/evaluate.h"
#include "util/limits.h"

#define TEXT(text)                                                                                             \
    "From: Anna Berg <anna@example.org>\nTo: user@example.net\nSubject: lunch\nMIME-Version: 1.0\n"            \
    "Date: Sun, 22 Nov 2026 09:59:00 +0000\nMessage-ID: <20261122.1@example.org>\n"                            \
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" text "\n"

static const struct {
    const char *check;
    bool fires;
    const char *message;
} rows[] = {
    { "DISGUISED_WORD", true, TEXT("Buy v1agra today") },
    { "DISGUISED_WORD", true, TEXT("cheap V.I.A.G.R.A!") },
    { "DISGUISED_WORD", true, TEXT("the best m0rtgage") },
    { "DISGUISED_WORD", true, TEXT("get a l0an (now)") },
    { "DISGUISED_WORD", true, "Subject: C1AL1S for you\n\nHello\n" },
    { "DISGUISED_WORD", false, TEXT("Nobody writes viagra that plainly, says the pharmacy.") },
    { "DISGUISED_WORD", false, TEXT("the mp3 of the 2nd part, i18n, h264, U.S.A., p2p and c++") },
    { "DISGUISED_WORD", false, TEXT("my p@ssw0rd is secret") },
    { "DISGUISED_WORD", false, TEXT("https://example.org/v1agra?id=7 and anna@example.org") },
    { "DISGUISED_WORD", false, TEXT("L'été 2024, qu'est-ce que c'est ? 20-jährig, l'auto's, 3e") },

    { "FOREIGN_LETTERS", true, TEXT("your account \xD1\x81\xD0\xB0\xD1\x81\xD0\xB5 is waiting for you") },
    { "FOREIGN_LETTERS", true, TEXT("the \xD1\x80\xD0\xB0\xD1\x83\xD1\x80\xD0\xB0 office of our house") },
    { "FOREIGN_LETTERS", false, TEXT("p\xD0\xB0ypal has mixed ones, which is another matter") },
    /* honest: Russian with a word of such letters alone, Ukrainian, Bulgarian, Greek, Turkish, Vietnamese, Japanese,
     * Chinese, Arabic, Persian, Korean */
    { "FOREIGN_LETTERS", false, TEXT("Росс из Texas приехал, а сорок ворон улетело.") },
    { "FOREIGN_LETTERS", false, TEXT("Надсилаю розклад занять на тиждень, a copy is attached.") },
    { "FOREIGN_LETTERS", false, TEXT("Утре ще закъснея, чакай ме. Best regards, Мария") },
    { "FOREIGN_LETTERS", false, TEXT("Καλημέρα, το PDF είναι στο συνημμένο. Regards, Νίκος") },
    { "FOREIGN_LETTERS", false, TEXT("Toplantı perşembe gününe alındı, dosyalar ekte. Görüşmek üzere") },
    { "FOREIGN_LETTERS", false, TEXT("Cuộc họp được dời sang thứ năm lúc mười giờ. Hẹn gặp lại!") },
    { "FOREIGN_LETTERS", false, TEXT("会議は木曜日の十時に変更になりました。ＰＤＦを添付します。") },
    { "FOREIGN_LETTERS", false, TEXT("会议改到星期四上午十点，请查收附件里的 PDF。") },
    { "FOREIGN_LETTERS", false, TEXT("تم تأجيل الاجتماع إلى يوم الخميس. Best regards") },
    { "FOREIGN_LETTERS", false, TEXT("می‌خواهم گزارش را برایت بفرستم.") },
    { "FOREIGN_LETTERS", false, TEXT("회의가 목요일로 변경되었습니다. Thank you") },

    { "RANDOM_WORD", true, TEXT("great offer qzjxvkwpbtrhgmkd") },
    { "RANDOM_WORD", true, "Subject: lunch XVQJZKWPLBHTRDMKGF\n\nHello\n" },
    { "RANDOM_WORD", false,
      TEXT("Rindfleischetikettierungsgesetz, Angstschweiß, Schwarzwaldklinik, Verschlechterung") },
    { "RANDOM_WORD", false, TEXT("angstschreeuwen arbeidsongeschiktheidsverzekering anticonstitutionnellement") },
    { "RANDOM_WORD", false, TEXT("lentokonesuihkuturbiinimoottori keskusteluryhma epajarjestelmallisyys") },
    { "RANDOM_WORD", false,
      TEXT("przedsiebiorstwo najszczesliwszy nejneobhospodarovavatelnejsimi megszentsegtelenithetetlen") },
    { "RANDOM_WORD", false, TEXT("uluslararasilastirma nghiencuukhoahoc konstantinopolitanski") },
    { "RANDOM_WORD", false, TEXT("getElementsByTagName KBUILD_MODNAME pthread_mutex_unlock aaaaaaaaaargh") },
    { "RANDOM_WORD", false, TEXT("commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904") },
};

static bool fires(const char *name, const char *text)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct hits hits;
    rules_evaluate(message_parse(span_of(text), arena), NULL, NULL, arena, &hits);
    bool found = false;
    for (size_t i = 0; i < hits.count; i++)
        found = found || strcmp(hits.items[i].name, name) == 0;
    arena_free(arena);
    return found;
}

static void checks_fire_and_are_silent(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (fires(rows[i].check, rows[i].message) == rows[i].fires)
            continue;
        print_error("row %zu: %s should %s:\n%s\n", i, rows[i].check, rows[i].fires ? "fire" : "be silent",
                    rows[i].message);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* A megabyte of what costs most ends in time, and nothing is said about it twice. */
static void long_texts_end(void **state)
{
    static const char *const pieces[] = { "v1agro ", "qzjxvkwpbtrhgm ", "a.b.c.d.e.f ", "1a1a1a1a" };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct buffer text = buffer_new(arena, 1 << 20);
        buffer_append_string(&text, "Subject: x\n\n");
        while (!text.truncated)
            buffer_append_string(&text, pieces[i]);
        struct hits hits;
        rules_evaluate(message_parse(buffer_span(&text), arena), NULL, NULL, arena, &hits);
        assert_int_equal(hits.gave_up, 0);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_fire_and_are_silent),
        cmocka_unit_test(long_texts_end),
    };
    return cmocka_run_group_tests_name("check-text", tests, NULL, NULL);
}
