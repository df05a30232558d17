/* test-parameter.c - parameters of MIME fields, in the forms that are sent */
#include "unit.h"

#include <stdio.h>

#include "mail/parameter.h"
#include "util/buffer.h"
#include "util/limits.h"
#include "util/utf8.h"

struct parameter_case {
    const char *name;
    const char *input;
    const char *value;
    const char *parameter;
    const char *want;
};

static const struct parameter_case cases[] = {
    { "plain", "text/plain; charset=utf-8", "text/plain", "charset", "utf-8" },
    { "quoted", "text/plain; charset=\"utf-8\"", "text/plain", "charset", "utf-8" },
    { "upper case", "TEXT/Plain; CHARSET=UTF-8", "text/plain", "charset", "UTF-8" },
    { "blanks around", " text / plain ;\r\n\tcharset = utf-8 ", "text/plain", "charset", "utf-8" },
    { "comments", "text/(a)plain (b (c)); charset=(d) utf-8 (e)", "text/plain", "charset", "utf-8" },
    { "unclosed comment", "text/plain (a; charset=utf-8", "text/plain", "charset", "" },
    { "no semicolon", "text/html charset=utf-8", "text/html", "charset", "utf-8" },
    { "double semicolon", "text/html;; charset=utf-8;", "text/html", "charset", "utf-8" },
    { "semicolon in quotes", "a/b; name=\"x;y\"; q=1", "a/b", "name", "x;y" },
    { "behind a quoted semicolon", "a/b; name=\"x;y\"; q=1", "a/b", "q", "1" },
    { "escapes", "a/b; name=\"x\\\"y\\\\z\"", "a/b", "name", "x\"y\\z" },
    { "path of Windows", "a/b; name=\"C:\\mail\\x.exe\"", "a/b", "name", "C:\\mail\\x.exe" },
    { "unclosed quote", "a/b; name=\"x.exe", "a/b", "name", "x.exe" },
    { "fold in quotes", "a/b; name=\"x\r\n y\"", "a/b", "name", "x y" },
    { "name with blanks", "attachment; filename=My file.doc; size=1", "attachment", "filename", "My file.doc" },
    { "boundary with equals sign", "a/b; boundary=--=_x=y", "a/b", "boundary", "--=_x=y" },
    { "no value", "a/b; name; charset=x", "a/b", "charset", "x" },
    { "first of two", "a/b; name=x; name=y", "a/b", "name", "x" },
    { "encoded-word in quotes", "a/b; name=\"=?utf-8?Q?=C3=A9.exe?=\"", "a/b", "name", "\xC3\xA9.exe" },
    { "several base64 words", "a/b; name=\"=?utf-8?B?YQ==?= =?utf-8?B?Yg==?=\"", "a/b", "name", "ab" },
    { "RFC 2231", "a/b; name*=utf-8'fr'%C3%A9.exe", "a/b", "name", "\xC3\xA9.exe" },
    { "RFC 2231 in Latin-1", "a/b; name*=iso-8859-1''%E9.exe", "a/b", "name", "\xC3\xA9.exe" },
    { "RFC 2231 segments", "a/b; name*0=\"in\"; name*1=\"voice\"; name*2=.exe", "a/b", "name", "invoice.exe" },
    { "RFC 2231 segments out of order", "a/b; name*1=b; name*0=a", "a/b", "name", "ab" },
    { "RFC 2231 encoded and plain segments", "a/b; name*0*=utf-8''%C3; name*1*=%A9; name*2=%41", "a/b", "name",
      "\xC3\xA9%41" },
    { "RFC 2231 segments from 1", "a/b; name*1=a; name*2=b", "a/b", "name", "ab" },
    { "RFC 2231 gap ends it", "a/b; name*0=a; name*2=c", "a/b", "name", "a" },
    { "RFC 2231 wins over plain", "a/b; name=x.txt; name*=utf-8''y.exe", "a/b", "name", "y.exe" },
    { "RFC 2231 without charset", "a/b; name*=x%20y", "a/b", "name", "x y" },
    { "percent at the end", "a/b; name*=utf-8''x%4", "a/b", "name", "x%4" },
    { "empty", "", "", "name", "" },
    { "only a semicolon", ";", "", "name", "" },
    { "only an equals sign", "a/b; =x; name=y", "a/b", "name", "y" },
};

static void values_are_read_in_every_form(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct parameter_list list;
        parameter_parse(span_of(cases[i].input), arena, &list);
        struct span got = parameter_decode(&list, cases[i].parameter, arena);
        if (!span_is(list.value, cases[i].value) || !span_is(got, cases[i].want))
            fail_msg("%s: got \"%.*s\" and \"%.*s\", want \"%s\" and \"%s\"", cases[i].name, (int)list.value.length,
                     list.value.data, (int)got.length, got.data, cases[i].value, cases[i].want);
        arena_free(arena);
    }
}

static void bytes_are_left_as_they_are(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct parameter_list list;
    parameter_parse(span_of("multipart/mixed; boundary=\"=?utf-8?Q?x?=\""), arena, &list);
    assert_span_is(parameter_bytes(&list, "boundary", arena), "=?utf-8?Q?x?=");
    parameter_parse(span_of("multipart/mixed; boundary*0*=us-ascii'en'a%20b; boundary*1=c"), arena, &list);
    assert_span_is(parameter_bytes(&list, "boundary", arena), "a bc");
    arena_free(arena);
}

static void a_flood_of_parameters_is_cut(void **state)
{
    static char flood[200000];
    size_t length = 0;
    for (unsigned i = 0; i < 10000; i++)
        length += (size_t)snprintf(flood + length, sizeof flood - length, ";n*%u=x", i);
    struct arena *arena = arena_new(1 << 20);
    struct parameter_list list;
    parameter_parse(span_make(flood, length), arena, &list);
    assert_int_equal(list.count, PARAMETER_LIMIT);
    assert_int_equal(parameter_decode(&list, "n", arena).length, PARAMETER_LIMIT);
    arena_free(arena);
}

static void names_that_can_be_read_twice_are_noticed(void **state)
{
    static const struct {
        const char *name, *input;
        bool want;
    } rows[] = {
        { "none", "attachment", false },
        { "plain", "attachment; filename=\"a.pdf\"", false },
        { "twice the same", "attachment; filename=a.pdf; filename=\"a.pdf\"", false },
        { "two endings", "attachment; filename=a.pdf; filename=a.exe", true },
        { "with a plain form for old programs",
          "attachment; filename=\"resume.PDF\"; filename*=utf-8''r%C3%A9sum%C3%A9.pdf", false },
        { "encoded-word and extended form",
          "attachment; filename=\"=?utf-8?Q?=C3=A9.pdf?=\"; filename*=utf-8''%C3%A9.pdf", false },
        { "extended form of another ending", "attachment; filename=\"a.pdf\"; filename*=utf-8''a.exe", true },
        { "a letter escaped", "attachment; filename*=utf-8''a.%65xe", true },
        { "signs and blanks escaped", "attachment; filename*=utf-8''a%20%28b%29%2Epdf", false },
        { "cut though short", "attachment; filename*0=\"a.e\"; filename*1=\"xe\"", true },
        { "cut because long",
          "attachment; filename*0=\"the minutes of the meeting of \"; filename*1=\"the board.pdf\"", false },
        { "another parameter", "attachment; size*0=1; size*1=2; filename=a.pdf", false },
        { "percent at the end", "attachment; filename*=utf-8''a.pdf%6", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct parameter_list list;
        parameter_parse(span_of(rows[i].input), arena, &list);
        if (parameter_is_ambiguous(&list, "filename", arena) != rows[i].want)
            fail_msg("%s: want %d", rows[i].name, rows[i].want);
        arena_free(arena);
    }
}

/* Decoding may take more room than what is decoded; cut names are whole characters. */
static void long_names_are_cut(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    static const char *const characters[] = { "\x8A", "\xC3\xA9" };
    for (size_t i = 0; i < 2; i++) {
        struct buffer raw = buffer_new(arena, 8192);
        struct parameter_list list;
        buffer_append_string(&raw, "attachment; filename=\"a");
        for (int count = 0; count < 700; count++)
            buffer_append_string(&raw, characters[i]);
        buffer_append_string(&raw, "\"");
        parameter_parse(buffer_span(&raw), arena, &list);
        struct span name = parameter_decode(&list, "filename", arena);
        assert_in_range(name.length, LIMIT_FILE_NAME - 3, LIMIT_FILE_NAME);
        assert_true(utf8_is_valid(name));
        assert_memory_equal(name.data + 1, i ? "\xC3\xA9" : "\xC5\xA0", 2);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_in_every_form),
        cmocka_unit_test(bytes_are_left_as_they_are),
        cmocka_unit_test(a_flood_of_parameters_is_cut),
        cmocka_unit_test(names_that_can_be_read_twice_are_noticed),
        cmocka_unit_test(long_names_are_cut),
    };
    return cmocka_run_group_tests_name("parameter", tests, NULL, NULL);
}
