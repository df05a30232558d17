/* test-translate.c - English until asked for more, and what goes to logs stays English where it must */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "util/failure.h"
#include "util/translate.h"

#define ENGLISH "Delete what has been in Junk longer than junk_days, after learning from it"
#define FRENCH "Supprimer ce qui est en Indésirables"

static void use_language(const char *locale, const char *language)
{
    const char *build = getenv("TAMIS_BUILD");
    char folder[1000];
    snprintf(folder, sizeof folder, "%s/po", build ? build : ".");
    setenv("TAMIS_LOCALE_DIR", folder, 1);
    setenv("LC_ALL", locale, 1);
    setenv("LANGUAGE", language, 1);
}

static bool is_french(const char *text)
{
    return strncmp(text, FRENCH, strlen(FRENCH)) == 0;
}

static void languages_are_found(void **state)
{
    static const struct {
        const char *name, *locale, *language;
        bool want;
    } cases[] = {
        { "the C locale", "C", "fr", false },
        { "French", "C.UTF-8", "fr", true },
        { "French of a country", "C.UTF-8", "fr_CA", true },
        { "the second choice of a reader", "C.UTF-8", "tlh:fr", true },
        { "no messages in that language", "C.UTF-8", "tlh", false },
        { "a locale that is not installed", "xx_XX.UTF-8", "fr", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        use_language(cases[i].locale, cases[i].language);
        translate_begin();
        if (is_french(translate(ENGLISH)) != cases[i].want)
            fail_msg("%s: got \"%s\"", cases[i].name, translate(ENGLISH));
        translate_end();
        assert_string_equal(translate(ENGLISH), ENGLISH);
    }
}

static void nothing_is_translated_unasked(void **state)
{
    use_language("C.UTF-8", "fr");
    assert_string_equal(translate(ENGLISH), ENGLISH);
    assert_string_equal(translate(""), "");
    translate_begin();
    assert_string_equal(translate(""), ""); /* gettext would give the catalogue's header */
    assert_string_equal(translate("no such text"), "no such text");
    translate_end();
}

static void counts_follow_the_language(void **state)
{
    static const char one[] = "the last %u day ago", many[] = "the last %u days ago";
    use_language("C.UTF-8", "fr");
    assert_string_equal(translate_count(one, many, 0), many);
    assert_string_equal(translate_count(one, many, 1), one);
    translate_begin();
    assert_string_equal(translate_count(one, many, 0), translate_count(one, many, 1)); /* French: 0 jour */
    assert_string_not_equal(translate_count(one, many, 1), translate_count(one, many, 2));
    translate_end();
}

static void reasons_stay_english_for_syslog(void **state)
{
    struct failure failure = { 0 };
    use_language("C.UTF-8", "fr");
    translate_begin();
    failure_set(&failure, FAILURE_INPUT, "cannot open %s", "index");
    assert_string_equal(failure.reason, "impossible d'ouvrir index");
    translate_reasons(false);
    failure_set(&failure, FAILURE_INPUT, "cannot open %s", "index");
    assert_string_equal(failure.reason, "cannot open index");
    assert_true(is_french(translate(ENGLISH)));
    translate_reasons(true);
    translate_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_translated_unasked),
        cmocka_unit_test(languages_are_found),
        cmocka_unit_test(counts_follow_the_language),
        cmocka_unit_test(reasons_stay_english_for_syslog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
