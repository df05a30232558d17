/* test-folders.c - names of folders, and what names of files say: keywords, times */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "mailbox/folders.h"
#include "mailbox/keywords.h"

static const struct {
    const char *name;
    enum folder_use want;
} names[] = {
    { "INBOX", FOLDER_ORDINARY },
    { "Junk", FOLDER_JUNK },
    { "JUNK", FOLDER_JUNK },
    { "Spam", FOLDER_JUNK },
    { "Junk Email", FOLDER_JUNK },
    { "Junk E-mail", FOLDER_JUNK },
    { "Bulk Mail", FOLDER_JUNK },
    { "Pourriel", FOLDER_JUNK },
    { "Ind&AOk-sirables", FOLDER_JUNK },
    { "Indésirables", FOLDER_JUNK },
    { "INBOX.Junk", FOLDER_JUNK },
    { "INBOX/Spam", FOLDER_JUNK },
    { "Inbox.Junk.2024", FOLDER_JUNK },
    { "[Gmail]/Spam", FOLDER_JUNK },
    { "&BCEEPwQwBDw-", FOLDER_JUNK },
    { "&V4NXPpCuTvY-", FOLDER_JUNK },
    { "&j,dg0TDhMPww6w-", FOLDER_JUNK },
    { "Junk Drawer", FOLDER_ORDINARY },
    { "Junkyard", FOLDER_ORDINARY },
    { "Not Spam", FOLDER_ORDINARY },
    { "Lists.spamassassin", FOLDER_ORDINARY },
    { "Archive", FOLDER_ORDINARY },
    { "\xE8\xBF\xB7\xE6\x83\x91\xE3\x83\xA1\xE3\x83\xBC\xE3\x83\xAB", FOLDER_JUNK },
    { "Ko\xC5\xA1", FOLDER_TRASH },
    { "\xC3\x87\xC3\xB6p Kutusu", FOLDER_TRASH },
    { "\xE3\x82\xB4\xE3\x83\x9F\xE7\xAE\xB1", FOLDER_TRASH },
    { "G\xC3\xB6nderilmi\xC5\x9F", FOLDER_SENT },
    { "\xEB\xB3\xB4\xEB\x82\xB8 \xED\x8E\xB8\xEC\xA7\x80\xED\x95\xA8", FOLDER_SENT },
    { "Trash", FOLDER_TRASH },
    { "Deleted Items", FOLDER_TRASH },
    { "Deleted Messages", FOLDER_TRASH },
    { "Papierkorb", FOLDER_TRASH },
    { "Corbeille", FOLDER_TRASH },
    { "&AMk-l&AOk-ments supprim&AOk-s", FOLDER_TRASH },
    { "Trash.Junk", FOLDER_TRASH },
    { "Sent", FOLDER_SENT },
    { "Sent Items", FOLDER_SENT },
    { "INBOX.Sent", FOLDER_SENT },
    { "Gesendet", FOLDER_SENT },
    { "Drafts", FOLDER_DRAFTS },
    { "Entw&APw-rfe", FOLDER_DRAFTS },
    { "Brouillons", FOLDER_DRAFTS },
    { "M&APw-ll", FOLDER_JUNK },        /* the user's own name */
    { "Kram.Werbung", FOLDER_TRASH },
    { "Kram", FOLDER_ORDINARY },
    { "", FOLDER_ORDINARY },
};

static void names_tell_uses(void **state)
{
    const struct folder_names own = { .junk = "M\xC3\xBCll", .trash = "kram.werbung" };
    struct arena *arena = arena_new(4 * 1024 * 1024);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        enum folder_use got = folders_use_of_name(span_of(names[i].name), &own, arena);
        if (got != names[i].want)
            fail_msg("%s: got %s, want %s", names[i].name, folders_use_name(got), folders_use_name(names[i].want));
    }
    arena_free(arena);
}

static void modified_utf7_is_decoded(void **state)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        { "plain", "plain" },
        { "a&-b", "a&b" },
        { "&AOk-t&AOk-", "\xC3\xA9t\xC3\xA9" },
        { "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
          "~peter/mail/\xE5\x8F\xB0\xE5\x8C\x97/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E" },
        { "&2D3eAA-", "\xF0\x9F\x98\x80" },         /* a surrogate pair */
        { "&2D0-", "&2D0-" },                       /* half a pair */
        { "&AOk", "&AOk" },                         /* not ended */
        { "&A?k-", "&A?k-" },                       /* no base64 */
        { "a&", "a&" },
        { "", "" },
        { "Ind\xC3\xA9sirables", "Ind\xC3\xA9sirables" },
    };
    struct arena *arena = arena_new(4 * 1024 * 1024);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_span_is(folders_decode_name(span_of(cases[i].in), arena), cases[i].want);
    arena_free(arena);
}

static void folders_are_found(void **state)
{
    static const char *const directories[] = { "cur",        "new",       ".Junk",     ".Junk/cur",  ".Junk.a",
                                               ".Junk.a/cur", ".none",    "Lists",     "Lists/cur",  "Lists/Spam",
                                               "Lists/Spam/cur", "other", "other/x",   "..dots",     "..dots/cur" };
    char root[] = "/tmp/test-folders.XXXXXX", path[256], got[1024] = "";
    assert_non_null(mkdtemp(root));
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        snprintf(path, sizeof path, "%s/%s", root, directories[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    struct arena *arena = arena_new(4 * 1024 * 1024);
    struct folders folders;
    assert_true(folders_find(root, NULL, arena, &folders, NULL));
    for (size_t i = 0; i < folders.count; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s=%s ", folders.list[i].name,
                 folders_use_name(folders.list[i].use));
    assert_string_equal(got, "INBOX=ordinary Junk=junk Junk.a=junk Lists=ordinary Lists/Spam=junk ");
    struct failure failure;
    assert_false(folders_find("/nowhere/at/all", NULL, arena, &folders, &failure));
    assert_int_equal(failure.kind, FAILURE_INPUT);
    arena_free(arena);
    snprintf(path, sizeof path, "rm -rf %s", root);
    assert_int_equal(system(path), 0);
}

static void keywords_are_read(void **state)
{
    struct keyword_letters letters =
        keywords_read(span_of("0 $Junk\n1 NonJunk\n2 $Forwarded\nx Junk\n26 Junk\n99999999999 Junk\n 3 Junk\n4\n"
                              "5 $notjunk"));
    assert_int_equal(letters.junk, 1);
    assert_int_equal(letters.not_junk, 1 << 1 | 1 << 5);
    static const struct {
        const char *name, *unique;
        enum junk_keyword want;
        bool deleted;
    } cases[] = {
        { "1.a.host:2,Sa", "1.a.host", KEYWORD_JUNK, false },
        { "1.a.host:2,STb", "1.a.host", KEYWORD_NOT_JUNK, true },
        { "1.a.host:2,abf", "1.a.host", KEYWORD_BOTH, false },
        { "1.a.host:2,c", "1.a.host", KEYWORD_NONE, false },
        { "1.a.host,S=3:2,", "1.a.host,S=3", KEYWORD_NONE, false },
        { "1.a.host", "1.a.host", KEYWORD_NONE, false },
        { "1.a.host:1,a", "1.a.host", KEYWORD_NONE, false },
        { "1.a.host:2,S,a", "1.a.host", KEYWORD_NONE, false },
        { "", "", KEYWORD_NONE, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct file_flags flags = keywords_of_file(cases[i].name, &letters);
        assert_span_is(flags.unique, cases[i].unique);
        assert_int_equal(flags.keyword, cases[i].want);
        assert_int_equal(flags.deleted, cases[i].deleted);
    }
}

static void the_line_that_is_wrong_is_told(void **state)
{
    static const struct {
        const char *text;
        size_t want;
    } cases[] = {
        { "", 0 },
        { "0 $Junk\n1 NonJunk\n", 0 },
        { "25 $Junk", 0 },
        { "0 $Junk\n0 Junk\n", 0 }, /* two names for a letter */
        { "0 Junk\r\n", 0 },
        { "26 $Junk\n", 1 },
        { "0 $Junk\n$Forwarded\n1 NonJunk\nx\n", 2 },
        { "0 $Junk\n\n1 NonJunk\n", 2 },
        { "0 $Junk\n1\n", 2 },
        { "0 $Junk\n1 \n", 2 },
        { "0 $Junk\n1 NonJunk\n-2 x", 3 },
        { "\xFF\xFE", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (keywords_read(span_of(cases[i].text)).bad_line != cases[i].want)
            fail_msg("%s: line %zu", cases[i].text, keywords_read(span_of(cases[i].text)).bad_line);
}

static void of_both_the_later_mark_counts(void **state)
{
    static const struct {
        enum junk_keyword marks, before, said, want;
    } cases[] = {
        { KEYWORD_BOTH, KEYWORD_JUNK, KEYWORD_JUNK, KEYWORD_NOT_JUNK },
        { KEYWORD_BOTH, KEYWORD_NOT_JUNK, KEYWORD_NOT_JUNK, KEYWORD_JUNK },
        { KEYWORD_BOTH, KEYWORD_BOTH, KEYWORD_JUNK, KEYWORD_JUNK },
        { KEYWORD_BOTH, KEYWORD_NONE, KEYWORD_NONE, KEYWORD_NONE },
        { KEYWORD_JUNK, KEYWORD_BOTH, KEYWORD_NOT_JUNK, KEYWORD_JUNK },
        { KEYWORD_NONE, KEYWORD_JUNK, KEYWORD_JUNK, KEYWORD_NONE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(keywords_say(cases[i].marks, cases[i].before, cases[i].said), cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_tell_uses),        cmocka_unit_test(modified_utf7_is_decoded),
        cmocka_unit_test(folders_are_found),      cmocka_unit_test(keywords_are_read),
        cmocka_unit_test(the_line_that_is_wrong_is_told), cmocka_unit_test(of_both_the_later_mark_counts),
    };
    return cmocka_run_group_tests_name("folders", tests, NULL, NULL);
}
