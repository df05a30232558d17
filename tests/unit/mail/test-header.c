/* test-header.c - splitting a header, and decoding what stands in it */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "mail/header.h"
#include "util/limits.h"
#include "util/utf8.h"

static struct span decode(const char *raw, struct arena *arena, bool *broken)
{
    return header_decode(span_of(raw), arena, broken);
}

static void values_are_unfolded_and_decoded(void **state)
{
    static const struct {
        const char *input, *want;
        bool broken;
    } cases[] = {
        { "", "", false },
        { "  plain \t", "plain", false },
        { " folded\r\n here", "folded here", false },
        { " folded\n\there\n   too", "folded here too", false },
        { " spaces  inside stay", "spaces  inside stay", false },
        { "caf\xC3\xA9", "café", false },
        { "caf\xE9", "café", false },
        /* RFC 2047 section 8 */
        { "=?a?Q?x?==?a?Q?", "x=?a?Q?", true }, /* once an endless loop */
        { "(=?ISO-8859-1?Q?a?=)", "(a)", false },
        { "(=?ISO-8859-1?Q?a?= b)", "(a b)", false },
        { "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)", false },
        { "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)", false },
        { "(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)", false },
        { "(=?ISO-8859-1?Q?a_b?=)", "(a b)", false },
        { "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)", false },
        { "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>", false },
        { "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
          "If you can read this you understand the example.", false },
        /* What GMime 3.2.13 loses */
        { "=?UTF-8?B?SGVsbG8=?= =?UTF-8?B?IHdvcmxk?=", "Hello world", false },
        { "=?UTF-8?B?w6k?=", "é", false },
        /* What senders do */
        { "=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café", false }, /* a character cut in two */
        { "=?utf-8?B?4oI=?= =?UTF-8?B?rA==?=", "€", false },
        { "=?utf-8?Q?caf=C3?= =?utf-8?B?qQ==?=", "café", false },
        { "=?utf-8?Q?two words?=", "two words", false },
        { "=?utf-8?B?SGVs bG8=?=", "Hello", false },
        { "=?utf-8?B?SGVs\r\n bG8=?=", "Hello", false },
        { "a=?utf-8?Q?b?=c", "abc", false },
        { "\"=?utf-8?Q?J=C3=B6rg?=\" <j@example.org>", "\"Jörg\" <j@example.org>", false },
        { "=?utf-8*de?q?J=C3=B6rg?=", "Jörg", false }, /* RFC 2231 section 5 */
        { "=?utf-8?Q?\?=", "", false },
        { "=?utf-8?Q?=3F=3D?=", "?=", false },
        { "=?utf-8?Q?Really?\?=", "Really?", false },
        { "=?utf-8?Q?=41=42?=", "AB", false },
        { "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= =?iso-2022-jp?B?GyRCOGwbKEI=?=", "日本語", false },
        { "=?utf-8?Q?a=0D=0Ab=00c?=", "a  b c", false }, /* no new line out of a word */
        { "=?koi8-r?B?8NLJ18XU?= =?windows-1251?Q?=EC=E8=F0?=", "Приветмир", false },
        /* Broken */
        { "=?utf-8?Q?never closed", "=?utf-8?Q?never closed", true },
        { "=?utf-8?Q?never closed =?utf-8?Q?closed?=", "=?utf-8?Q?never closed closed", true },
        { "=?utf-8?Q?a?= =?utf-8?Q?", "a =?utf-8?Q?", true }, /* cut right before the text of a word */
        { "=?utf-8?Q?a?= =?utf-8?Q", "a =?utf-8?Q", false },
        { "=?utf-8?X?what?=", "=?utf-8?X?what?=", true },
        { "=?utf-8?Q?50%=?=", "50%=", true },
        { "=?no-such?Q?caf=E9?=", "café", true },
        { "=?utf-8?Q?caf=E9?=", "café", true },
        /* Not even that */
        { "http://example.com/?a=?b", "http://example.com/?a=?b", false },
        { "=?", "=?", false },
        { "=?=", "=?=", false },
        { "=?\?Q?x?=", "=?\?Q?x?=", false },
        { "what=?", "what=?", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        bool broken = !cases[i].broken;
        struct span got = decode(cases[i].input, arena, &broken);
        if (!span_is(got, cases[i].want) || broken != cases[i].broken)
            fail_msg("\"%s\": got \"%.*s\" (%d), want \"%s\" (%d)", cases[i].input, (int)got.length, got.data, broken,
                     cases[i].want, cases[i].broken);
        arena_free(arena);
    }
}

struct split_case {
    const char *name, *input;
    const char *fields; /* "Name=value|Name=value" */
    const char *mbox_line, *block, *separator, *body;
    bool bad_line;
};

static void check_split(const struct split_case *want)
{
    struct arena *arena = arena_new(1 << 20);
    struct header got;
    header_parse(span_of(want->input), arena, &got);
    struct buffer fields = buffer_new(arena, 4096);
    for (size_t i = 0; i < got.count; i++) {
        buffer_append_string(&fields, i ? "|" : "");
        buffer_append(&fields, got.fields[i].name);
        buffer_append_string(&fields, "=");
        buffer_append(&fields, got.fields[i].value);
    }
    print_message("# %s\n", want->name);
    assert_span_is(buffer_span(&fields), want->fields);
    assert_span_is(got.mbox_line, want->mbox_line);
    assert_span_is(got.block, want->block);
    assert_span_is(got.separator, want->separator);
    assert_span_is(got.body, want->body);
    assert_int_equal(got.has_bad_line, want->bad_line);
    assert_false(got.truncated);
    arena_free(arena);
}

static void headers_are_split_from_their_bodies(void **state)
{
    static const struct split_case cases[] = {
        { "LF", "A: 1\nB: 2\n\nbody\n", "A=1|B=2", "", "A: 1\nB: 2\n", "\n", "body\n", false },
        { "CRLF", "A: 1\r\nB: 2\r\n\r\nbody\r\n", "A=1|B=2", "", "A: 1\r\nB: 2\r\n", "\r\n", "body\r\n", false },
        { "line ends doubled to CR CR LF", "A: 1\r\r\nB: 2\r\r\n\r\r\nbody", "A=1|B=2", "", "A: 1\r\r\nB: 2\r\r\n",
          "\r\r\n", "body", false },
        { "continuation", "A: 1\n 2\n\t3\n\nb", "A=1 2 3", "", "A: 1\n 2\n\t3\n", "\n", "b", false },
        { "a line of blanks continues", "A: 1\n \t\nB: 2\n\nb", "A=1|B=2", "", "A: 1\n \t\nB: 2\n", "\n", "b", false },
        { "mbox", "From a@b Mon Jan  1 00:00:00 2024\nA: 1\n\nb", "A=1", "From a@b Mon Jan  1 00:00:00 2024\n",
          "A: 1\n",
          "\n", "b", false },
        { "RFC 5322 4.5: blanks before the colon", "From : a@b\nSubject\t: x\n\nb", "From=a@b|Subject=x", "",
          "From : a@b\nSubject\t: x\n", "\n", "b", false },
        { "a line that is no field", "A: 1\nnonsense\nB: 2\n\nb", "A=1|B=2", "", "A: 1\nnonsense\nB: 2\n", "\n", "b",
          true },
        { "and what continues it", "A: 1\nnonsense\n more: x\nB: 2\n\nb", "A=1|B=2", "",
          "A: 1\nnonsense\n more: x\nB: 2\n", "\n", "b", true },
        { "nothing to continue", " x\nA: 1\n\nb", "A=1", "", " x\nA: 1\n", "\n", "b", true },
        { "a space in the name", "Bad name: x\nA: 1\n\nb", "A=1", "", "Bad name: x\nA: 1\n", "\n", "b", true },
        { "a second mbox line", "From a b\n>From c d\nA: 1\n\nb", "A=1", "From a b\n", ">From c d\nA: 1\n", "\n", "b",
          true },
        { "no name", ": x\n\nb", "", "", ": x\n", "\n", "b", true },
        { "no value", "A:\nB:  \n\nb", "A=|B=", "", "A:\nB:  \n", "\n", "b", false },
        { "no body", "A: 1\n\n", "A=1", "", "A: 1\n", "\n", "", false },
        { "no empty line", "A: 1\nB: 2\n", "A=1|B=2", "", "A: 1\nB: 2\n", "", "", false },
        { "no line end at all", "A: 1", "A=1", "", "A: 1", "", "", false },
        { "no header", "\nA: 1\n", "", "", "", "\n", "A: 1\n", false },
        { "nothing", "", "", "", "", "", "", false },
        { "the same field twice", "A: 1\na: 2\n\n", "A=1|a=2", "", "A: 1\na: 2\n", "\n", "", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_split(&cases[i]);
}

static void facts_of_a_field_are_noted(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct header header;
    header_parse(span_of("A: plain\nB: caf\xE9\nC: =?utf-8?Q?x?=\nD: =?utf-8?Q?x\nE: =?utf-8?Q?x?= =?utf-8?Q?y\n\n"),
                 arena, &header);
    static const struct {
        bool raw_8bit, word, broken;
    } want[] = { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 0, 1, 1 } };
    assert_int_equal(header.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(header.fields[i].has_raw_8bit, want[i].raw_8bit);
        assert_int_equal(header.fields[i].has_encoded_word, want[i].word);
        assert_int_equal(header.fields[i].has_broken_encoded_word, want[i].broken);
    }
    arena_free(arena);
}

static void nul_bytes_are_spaces(void **state)
{
    static const char message[] = "A: x\0y\0\nB\0: z\n\n";
    struct arena *arena = arena_new(1 << 20);
    struct header header;
    header_parse(span_make(message, sizeof message - 1), arena, &header);
    assert_span_is(header.fields[0].value, "x y");
    assert_int_equal(header.fields[0].raw.length, 5);
    arena_free(arena);
}

static void the_usual_field_is_not_copied(void **state)
{
    struct span message = span_of("Subject: as it is\n\n");
    struct arena *arena = arena_new(1 << 20);
    struct header header;
    header_parse(message, arena, &header);
    assert_ptr_equal(header.fields[0].value.data, message.data + 9);
    assert_span_is(header.fields[0].raw, " as it is");
    arena_free(arena);
}

static void fields_are_found_by_name(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct header header;
    header_parse(span_of("To: a\nReceived: 1\nRECEIVED: 2\n\n"), arena, &header);
    assert_span_is(header_value(&header, "received"), "1");
    assert_int_equal(header_count(&header, "Received"), 2);
    assert_span_is(header_value(&header, "Subject"), "");
    assert_null(header_find(&header, "Subject"));
    assert_null(header_find(&header, "T"));
    assert_ptr_equal(header_find(&header, "tO"), &header.fields[0]);
    arena_free(arena);
}

/* `count` times `piece` between `head` and `tail`. */
static struct span repeat(const char *head, const char *piece, size_t count, const char *tail)
{
    size_t size = strlen(piece), length = 0;
    char *text = malloc(strlen(head) + size * count + strlen(tail) + 1);
    assert_non_null(text);
    length += (size_t)sprintf(text, "%s", head);
    for (size_t i = 0; i < count; i++, length += size)
        memcpy(text + length, piece, size);
    length += (size_t)sprintf(text + length, "%s", tail);
    return span_make(text, length);
}

static void text_that_is_no_header_is_told_from_one(void **state)
{
    static const struct {
        const char *name, *message, *want;
    } rows[] = {
        { "a header and a body", "A: b\n\nhello\n", "" },
        { "a line that is no field", "From: b\nnonsense\n\nhello\n", "" },
        { "such a line first", ">From b Sun Nov 22\nReceived: by b\nFrom: b\n\nhello\n", "" },
        { "a subject in front of a text", "Subject: x\nhello\nyou\n\nbye\n", "hello\nyou\n\nbye\n" },
        { "a colon in a text", "Note: x\nhello\n\nbye\n", "hello\n\nbye\n" },
        { "who wrote it, in a text", "Subject: x\nhello\nfrom : b\nto: c\n\nbye\n",
          "hello\nfrom : b\nto: c\n\nbye\n" },
        { "a header alone", "From: b\nA: b\n", "" },
        { "fields in front of an empty line", "A: b\nC: d\n\nhello\n", "" },
        { "a line that looks like a field", "Note: see you at noon\n", "Note: see you at noon\n" },
        { "such a line behind a subject", "Subject: x\nNote: see you\nbye\n", "Note: see you\nbye\n" },
        { "nothing", "", "" },
        { "an empty line first", "\nhello\n", "" },
        { "text alone", "hello you\n", "hello you\n" },
        { "two paragraphs", "hello\nyou\n\nbye\n", "hello\nyou\n\nbye\n" },
        { "behind an mbox line", "From a@b Sun Nov 22 10:00:00 2026\nhello\n\nbye\n", "hello\n\nbye\n" },
        { "an indented line first", "  hello\n\nbye\n", "  hello\n\nbye\n" },
        { "what filters add", "X-Spam-Status: No,\n\tscore=1\nhello\n\nbye\n", "hello\n\nbye\n" },
        { "no empty line", "Subject: x\nhello you\nB: c\n", "hello you\nB: c\n" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct header header;
        header_parse(span_of(rows[i].message), arena, &header);
        if (!span_is(header.loose, rows[i].want))
            fail_msg("%s: got \"%.*s\"", rows[i].name, (int)header.loose.length, header.loose.data);
        arena_free(arena);
    }
}

static void limits_hold_and_the_body_is_found_all_the_same(void **state)
{
    static const struct {
        const char *name, *head, *piece;
        size_t count;
        const char *tail;
        size_t fields_most;
        bool truncated;
    } cases[] = {
        { "fields", "", "A: 1\n", LIMIT_HEADER_FIELDS + 1, "\nbody", LIMIT_HEADER_FIELDS, true },
        { "just as many fields", "", "A: 1\n", LIMIT_HEADER_FIELDS, "\nbody", LIMIT_HEADER_FIELDS, false },
        { "bytes", "A: 1\n", " xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 20000, "B: 2\n\nbody", 1, true },
        { "one line", "A: ", "x", 5000000, "\nB: 2\n\nbody", 1, true },
        { "words never closed", "A: ", "=?a?Q?x ", 50000, "\nB: 2\n\nbody", 1, true },
        { "words never closed but once", "A: ", "=?a?Q?x ", 8000, "?=\n\nbody", 1, false },
        { "words", "A: ", "=?a?Q?x?=", 50000, "\nB: 2\n\nbody", 1, true },
        { "words of ever other charsets", "A: ", "=?big5?Q?x?==?gbk?Q?y?=", 2000, "\n\nbody", 1, false },
        { "question marks", "A: ", "?", 200000, "\n\nbody", 1, false },
        { "lines without a field", "", "nonsense\n", 100000, "\nbody", 0, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span message = repeat(cases[i].head, cases[i].piece, cases[i].count, cases[i].tail);
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct header header;
        header_parse(message, arena, &header);
        print_message("# %s\n", cases[i].name);
        assert_int_equal(header.count, cases[i].fields_most);
        assert_int_equal(header.truncated, cases[i].truncated);
        assert_span_is(header.body, "body");
        for (size_t j = 0; j < header.count; j++) {
            assert_true(header.fields[j].value.length <= LIMIT_FIELD_BYTES);
            assert_true(utf8_is_valid(header.fields[j].value));
        }
        arena_free(arena);
        free((void *)message.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_unfolded_and_decoded),
        cmocka_unit_test(headers_are_split_from_their_bodies),
        cmocka_unit_test(facts_of_a_field_are_noted),
        cmocka_unit_test(nul_bytes_are_spaces),
        cmocka_unit_test(the_usual_field_is_not_copied),
        cmocka_unit_test(fields_are_found_by_name),
        cmocka_unit_test(text_that_is_no_header_is_told_from_one),
        cmocka_unit_test(limits_hold_and_the_body_is_found_all_the_same),
    };
    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
