/* test-address.c - mailboxes as the RFC has them, as senders write them, and as attackers do */
#include "unit.h"

#include <stdlib.h>

#include "mail/address.h"
#include "util/limits.h"
#include "util/utf8.h"

/* A list as text: "name<mailbox>|..." with '!' in front when malformed. */
static struct span describe(const struct address_list *list, struct arena *arena)
{
    struct buffer out = buffer_new(arena, 1 << 16);
    buffer_append_string(&out, list->malformed ? "!" : "");
    for (size_t i = 0; i < list->count; i++) {
        buffer_append_string(&out, i ? "|" : "");
        buffer_append(&out, list->items[i].name);
        buffer_append_string(&out, "<");
        buffer_append(&out, list->items[i].mailbox);
        buffer_append_string(&out, ">");
    }
    return buffer_span(&out);
}

static void fields_become_mailboxes(void **state)
{
    static const struct {
        const char *input, *want;
    } cases[] = {
        { "", "" },
        { "a@example.com", "<a@example.com>" },
        { " John Doe <john@example.com>\r\n", "John Doe<john@example.com>" },
        { "\"Doe, John\" <john@example.com>, Jane <jane@example.org>",
          "Doe, John<john@example.com>|Jane<jane@example.org>" },
        /* RFC 5322 appendix A */
        { "\"Joe Q. Public\" <john.q.public@example.com>", "Joe Q. Public<john.q.public@example.com>" },
        { "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
          "Mary Smith<mary@x.test>|<jdoe@example.org>|Who?<one@y.test>" },
        { "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
          "<boss@nil.test>|Giant; \"Big\" Box<sysservices@example.net>" },
        { "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
          "Ed Jones<c@a.test>|<joe@where.test>|John<jdoe@one.test>" },
        { "Undisclosed recipients:;", "" },
        { "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete<pete@silly.test>" },
        { "A Group(Some people)\r\n :Chris Jones <c@(Chris's host.)public.example>,\r\n joe@example.org;",
          "Chris Jones<c@public.example>|<joe@example.org>" },
        { "(Empty list)(start)Hidden recipients :(nobody(that I know)) ;", "!nobody(that I know)<>" },
        { "Joe Q. Public <john.q.public@example.com>", "Joe Q. Public<john.q.public@example.com>" },
        { "Mary Smith <@node.test:mary@example.net>, , jdoe@test . example",
          "Mary Smith<mary@example.net>|<jdoe@test.example>" },
        { "John Doe <jdoe@machine(comment).  example>", "John Doe<jdoe@machine.example>" },
        /* As senders write them */
        { "john@example.com (John Doe)", "John Doe<john@example.com>" },
        { "a@x.org; b@y.org; c@z.org", "<a@x.org>|<b@y.org>|<c@z.org>" },
        { "'john@example.com'", "<john@example.com>" },
        { "'John' <john@example.com>", "John<john@example.com>" },
        { "\"'John'\" <john@example.com>", "John<john@example.com>" },
        { "\"john doe\"@example.com", "<\"john doe\"@example.com>" },
        { "\"John\" <\"john doe\"@example.com>", "John<\"john doe\"@example.com>" },
        { "john@[IPv6:2001:db8::1], x@[192.0.2.1]", "<john@[IPv6:2001:db8::1]>|<x@[192.0.2.1]>" },
        { "mailto:john@example.com", "<john@example.com>" },
        { "root", "<root>" },
        { "<>", "" },
        { "a@x, ,, b@y,", "<a@x>|<b@y>" },
        { "a@b: c@d;", "<c@d>" },
        /* Encoded words: structure first */
        { "=?utf-8?Q?Doe=2C_J=C3=B6rg?= <j@x.org>", "Doe, Jörg<j@x.org>" },
        { "=?utf-8?Q?Doe,_J=C3=B6rg?= <j@x.org>, b@c", "Doe, Jörg<j@x.org>|<b@c>" },
        { "\"=?utf-8?B?SsO2cmc=?=\" <j@x.org>", "Jörg<j@x.org>" },
        { "=?utf-8?Q?service=40bank.example?= <evil@x.org>", "service@bank.example<evil@x.org>" },
        { "=?utf-8?B?SsO2cmc=?=\r\n =?utf-8?B?IETDtmU=?= <j@x.org>", "Jörg Döe<j@x.org>" },
        { "=?utf-8?B?SGVsbG8gPGFAYi5jb20+?=", "!Hello <a@b.com><>" },
        { "J\xF6rg <j@x.org>", "Jörg<j@x.org>" },
        { "<j\xF6rg@x.org>", "<jörg@x.org>" },
        /* A name that is an address */
        { "\"service@bank.example\" <evil@x.org>", "service@bank.example<evil@x.org>" },
        { "service@bank.example <evil@x.org>", "service@bank.example<evil@x.org>" },
        /* Broken */
        { "John Doe john@example.com", "!John Doe<john@example.com>" },
        { "John Doe", "!John Doe<>" },
        { "\"John Doe <john@example.com>", "!\"John Doe<john@example.com>" },
        { "John <john@example.com", "!John<john@example.com>" },
        { "John <john@example.com, b@c", "!John<john@example.com>|<b@c>" },
        { "John <<john@example.com>>", "!John<john@example.com>" },
        { "John (never closed <john@example.com>", "!John (never closed<john@example.com>" },
        { "Doe and Sons, Ltd <john@example.com>", "!Doe and Sons, Ltd<john@example.com>" },
        { "Account team ,_<john@example.com>", "!Account team, _<john@example.com>" },
        { "Super Market,(<john@example.com>)", "!Super Market<john@example.com>" },
        { "John Doe, jane@example.org", "!John Doe<jane@example.org>" },
        { "John Doe, Jane Roe", "!John Doe, Jane Roe<>" },
        { "root, John <john@example.com>", "<root>|John<john@example.com>" },
        { "<a@b.com> <c@d.com>", "!<a@b.com>|<c@d.com>" },
        { "John <>", "John<>" },
        { ">", "!" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct address_list list;
        address_parse(span_of(cases[i].input), arena, &list);
        struct span got = describe(&list, arena);
        if (!span_is(got, cases[i].want))
            fail_msg("\"%s\": got \"%.*s\", want \"%s\"", cases[i].input, (int)got.length, got.data, cases[i].want);
        assert_false(list.truncated);
        arena_free(arena);
    }
}

static void mailboxes_are_split_at_their_last_sign(void **state)
{
    static const struct {
        const char *input, *local, *domain;
    } cases[] = {
        { "john@example.com", "john", "example.com" },
        { "john@Example.COM.", "john", "Example.COM" },
        { "a@b@example.com", "a@b", "example.com" },
        { "\"a@b\"@example.com", "\"a@b\"", "example.com" },
        { "root", "root", "" },
        { "john@", "john", "" },
        { "@example.com", "", "example.com" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct address_list list;
        address_parse(span_of(cases[i].input), arena, &list);
        assert_int_equal(list.count, 1);
        assert_span_is(list.items[0].local, cases[i].local);
        assert_span_is(list.items[0].domain, cases[i].domain);
        arena_free(arena);
    }
}

static void hostile_fields_end_soon(void **state)
{
    static const char *const pieces[] = { "a:", "(", "((", "\"", "\"\\", "<", "a@b,", ",", "=?a?Q?", "@", "[", " a",
                                          "a@b ", ">", "\\",
                                          "=?utf-8?Q?x?= <a@b>,", "a <", "(a)", "\"a\" ", ";:" };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t size = strlen(pieces[i]), length = size * (400000 / size);
        char *text = malloc(length);
        assert_non_null(text);
        for (size_t at = 0; at < length; at += size)
            memcpy(text + at, pieces[i], size);
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct address_list list;
        address_parse(span_make(text, length), arena, &list);
        assert_true(list.truncated);
        assert_true(list.count <= LIMIT_ADDRESSES);
        for (size_t at = 0; at < list.count; at++)
            assert_true(utf8_is_valid(list.items[at].name) && utf8_is_valid(list.items[at].mailbox));
        arena_free(arena);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_become_mailboxes),
        cmocka_unit_test(mailboxes_are_split_at_their_last_sign),
        cmocka_unit_test(hostile_fields_end_soon),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
