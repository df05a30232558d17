/* test-charset-guess.c - the charset of East Asia that text is in which names none, and what must not be taken for
 * one */
#include "unit.h"

#include <iconv.h>

#include "mail/charset-guess.h"

#define SIMPLIFIED "明天下午三点我们在学校门口见面,请带上你的书和午饭。"
#define TRADITIONAL "明天下午三點我們在學校門口見面,請帶上你的書和午飯。"
#define KOREAN "내일 오후 세 시에 학교 앞에서 만납시다. 책과 도시락을 가져오세요."
#define JAPANESE "明日の午後三時に学校の前で会いましょう。本とお弁当を持ってきてください。"
#define RUSSIAN "Завтра в три часа встретимся у школы, возьми с собой книгу."

static const struct {
    const char *name, *text, *written_in, *want;
} rows[] = {
    { "Chinese, simplified", SIMPLIFIED, "GB2312", "GB18030" },
    { "Chinese, traditional", TRADITIONAL, "BIG5", "BIG5-HKSCS" },
    { "Korean", KOREAN, "EUC-KR", "CP949" },
    { "Japanese of Unix", JAPANESE, "EUC-JP", "EUC-JP-MS" },
    { "Japanese of Windows", JAPANESE, "SHIFT_JIS", "CP932" },
    { "a short subject", "Re: 明天下午三点", "GB2312", "GB18030" },
    { "behind English", "From: nobody@example.org\n\nDear friends!\n" KOREAN, "EUC-KR", "CP949" },
    { "in an HTML page", "<p><b>" TRADITIONAL "</b><br>OK</p>", "BIG5", "BIG5-HKSCS" },

    { "ASCII", "See you tomorrow at three.", "ASCII", NULL },
    { "nothing", "", "ASCII", NULL },
    { "three characters: too little", "三点见", "GB2312", NULL },
    { "Chinese in UTF-8", SIMPLIFIED, "UTF-8", NULL },
    { "Russian", RUSSIAN, "KOI8-R", NULL },
    { "Russian of Windows", RUSSIAN, "CP1251", NULL },
    { "Russian of DOS", RUSSIAN, "CP866", NULL },
    { "Greek", "Αύριο στις τρεις θα βρεθούμε στο σχολείο, φέρε το βιβλίο.", "ISO-8859-7", NULL },
    { "Hebrew", "ניפגש מחר בשלוש ליד בית הספר, תביא את הספר.", "CP1255", NULL },
    { "Arabic", "نلتقي غدا في الساعة الثالثة أمام المدرسة، أحضر الكتاب.", "CP1256", NULL },
    { "Polish", "Jutro o trzeciej spotkamy się pod szkołą, weź książkę i żółty zeszyt.", "ISO-8859-2", NULL },
    { "Turkish", "Yarın saat üçte okulun önünde buluşalım, kitabını getir, öğle yemeğini unutma.", "ISO-8859-9", NULL },
    { "French", "Rendez-vous demain à trois heures devant l'école, à côté du café d'été.", "ISO-8859-1", NULL },
    { "bullets before words", "·One\n·Two\n·Three\n·Four\n·Five\n", "ISO-8859-1", NULL },
    { "quotes of Windows", "“Yes”, he said – and she said: “No…”. It’s all.", "CP1252", NULL },
};

/* As a program writes it that does not say so. */
static struct span written(const char *text, const char *charset, char out[1000])
{
    iconv_t converter = iconv_open(charset, "UTF-8");
    assert_true(converter != (iconv_t)-1);
    char *from = (char *)text, *to = out;
    size_t left = strlen(text), room = 1000;
    assert_int_equal(iconv(converter, &from, &left, &to, &room), 0);
    iconv_close(converter);
    return span_make(out, (size_t)(to - out));
}

static void charsets_of_east_asia_are_told_from_others(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[1000];
        const char *guess = charset_guess(written(rows[i].text, rows[i].written_in, out));
        if (rows[i].want ? !guess || strcmp(guess, rows[i].want) != 0 : guess != NULL)
            fail_msg("%s: %s in place of %s", rows[i].name, guess ? guess : "none",
                     rows[i].want ? rows[i].want : "none");
    }
}

/* The end of what is read is not the end of the text, and may stand within a character. */
static void what_is_cut_is_no_other_text(void **state)
{
    static char text[3 * CHARSET_GUESS_READS];
    for (size_t i = 0; i + 3 <= sizeof text; i += 3)
        memcpy(text + i, "\xE6\x98\x8E", 3);
    assert_null(charset_guess(span_make(text, sizeof text)));
    for (size_t i = 0; i + 1 < sizeof text; i += 2)
        memcpy(text + i, "\xCE\xD2", 2);
    assert_string_equal(charset_guess(span_make(text, sizeof text)), "GB18030");
    assert_string_equal(charset_guess(span_make(text, CHARSET_GUESS_READS - 1)), "GB18030");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(charsets_of_east_asia_are_told_from_others),
        cmocka_unit_test(what_is_cut_is_no_other_text),
    };
    return cmocka_run_group_tests_name("charset-guess", tests, NULL, NULL);
}
