/* test-questions.c - what is asked about a message, and that nothing but well-formed questions are read */
#include "unit.h"

#include "outside/questions.h"
#include "util/limits.h"
#include "util/utf8.h"

#define VIA(ip)                                                                                                    \
    "Received: from mail.example.org (mail.example.org [" ip "])\n\tby mx.example.net (Postfix) with ESMTP id 4F1\n" \
    "\tfor <user@example.net>; Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\n"
#define HEAD "From: Anna <anna@News.Example.ORG>\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"

static const struct {
    const char *name, *message, *want;
} written[] = {
    { "relay, sender and link", VIA("203.0.113.7") HEAD "see http://www.shop.example.com/a\n",
      "relay 203.0.113.7\nfrom example.org\nhost www.shop.example.com example.com\n" },
    { "a relay by IPv6", VIA("IPv6:2001:db8::7") HEAD "\n", "relay 2001:db8::7\nfrom example.org\n" },
    { "a relay of our own network is none", VIA("10.0.0.7") HEAD "\n", "from example.org\n" },
    { "a host twice is one", HEAD "http://a.example.com/1 http://a.example.com/2 http://b.example.com/\n",
      "from example.org\nhost a.example.com example.com\nhost b.example.com example.com\n" },
    { "an address is its own site", HEAD "http://0xCB007109/\n",
      "from example.org\nhost 203.0.113.9 203.0.113.9\n" },
    { "an address inside is nobody's business", HEAD "http://192.168.1.1/\n", "from example.org\n" },
    { "a name that begins as a private address does", HEAD "http://fdic.example.com/\n",
      "from example.org\nhost fdic.example.com example.com\n" },
    { "our own hosts are nobody's either", HEAD "http://intern.example.net/\n", "from example.org\n" },
    { "a sender without a domain", "From: root\n\nhello\n", "" },
    { "a domain that is no name", "From: <a@exa$mple.org>\n\nhello\n", "" },
};

static void questions_are_as_tabled(void **state)
{
    static const char *const own_domains[] = { "example.net", NULL };
    const struct rule_context context = { .own_domains = own_domains };
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct span got = questions_write(message_parse(span_of(written[i].message), arena), &context, false, arena);
        struct questions read;
        if (!span_is(got, written[i].want))
            fail_msg("%s: got \"%.*s\"", written[i].name, (int)got.length, got.data);
        if (!questions_read(got, arena, &read))
            fail_msg("%s: does not read its own writing", written[i].name);
        arena_free(arena);
    }
}

/* Names as long as they may be leave room for the rest. */
static void long_hosts_are_asked_about(void **state)
{
    static const char label[] = "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghi";
    static const char site[] = "dev-builder.code.com"; /* below which everybody has two labels */
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct rule_context context = { 0 };
    struct buffer text = buffer_new(arena, 65536);
    buffer_append_format(&text, VIA("203.0.113.7") "Content-Type: text/plain; charset=utf-8\n"
                         "From: a@%s.%s.%s\n\n", label, label, site);
    for (int i = 10; i < 10 + QUESTIONS_HOSTS; i++)
        buffer_append_format(&text, "http://%.38s%d.%s.%s.%s.%s/\n", label, i, label, label, label, site);
    for (int i = 0; i < 20000; i++)
        buffer_append_string(&text, i % 20 ? "å" : "å\n");
    struct span lines = questions_write(message_parse(buffer_span(&text), arena), &context, true, arena);
    struct questions questions;
    assert_true(questions_read(lines, arena, &questions));
    assert_int_equal(questions.host_count, QUESTIONS_HOSTS);
    assert_true(questions.text.length > QUESTIONS_TEXT - 4);
    arena_free(arena);
}

static void hosts_are_bounded(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct rule_context context = { 0 };
    struct buffer text = buffer_new(arena, 65536);
    buffer_append_string(&text, HEAD);
    for (int i = 0; i < 200; i++)
        buffer_append_format(&text, "http://h%d.example%d.com/\n", i, i);
    struct span lines = questions_write(message_parse(buffer_span(&text), arena), &context, false, arena);
    struct questions questions;
    assert_true(questions_read(lines, arena, &questions));
    assert_int_equal(questions.host_count, QUESTIONS_HOSTS);
    arena_free(arena);
}

static void text_is_asked_about_where_somebody_compares_it(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct rule_context context = { 0 };
    struct buffer text = buffer_new(arena, 1 << 20);
    buffer_append_string(&text, HEAD);
    while (text.length < 3 * QUESTIONS_TEXT)
        buffer_append_string(&text, "smörgås\nrelay x\n");
    const struct message *message = message_parse(buffer_span(&text), arena);
    struct questions with, without;
    assert_true(questions_read(questions_write(message, &context, true, arena), arena, &with));
    assert_true(questions_read(questions_write(message, &context, false, arena), arena, &without));
    assert_true(span_equal(with.text, utf8_head(message->visible_text, QUESTIONS_TEXT)));
    assert_true(with.text.length > QUESTIONS_TEXT - 4);
    assert_int_equal(without.text.length, 0);
    arena_free(arena);
}

static void what_is_read_is_what_it_says(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct questions got;
    assert_true(questions_read(span_of("relay 203.0.113.7\nfrom example.org\nhost a.b.example b.example\n"
                                       "host 2001:db8::1 2001:db8::1\ntext\nhost a\n\nb"),
                               arena, &got));
    assert_span_is(got.relay, "203.0.113.7");
    assert_span_is(got.from, "example.org");
    assert_int_equal(got.host_count, 2);
    assert_span_is(got.hosts[0].host, "a.b.example");
    assert_span_is(got.hosts[0].site, "b.example");
    assert_false(got.hosts[0].is_address);
    assert_true(got.hosts[1].is_address);
    assert_span_is(got.text, "host a\n\nb");
    arena_free(arena);
}

static const char *const lies[] = {
    "relay 203.0.113.7",                       /* no line end */
    "relay 203.0.113.7\nrelay 203.0.113.8\n",  /* two */
    "relay 203.0.113\n",                       /* no address */
    "relay mail.example.org\n",
    "relay 203.0.113.7 x\n",
    "from\n",
    "from EXAMPLE.org\n",
    "from a..b\n",
    "from .a\n",
    "from a.\n",
    "from a/b\n",
    "from ../../etc\n",
    "from a b\n",
    "host a.example\n",
    "host a.example b.example c.example\n",
    "host a.example 203.0.113.7/24\n",
    "host 203.0.113.7 a.example\n",
    "host a;rm.example b.example\n",
    "host -\x80.example b.example\n",
    "text",
    "text x\n",
    "text\nno UTF-8: \xE4\n",
    "shell rm\n",
    "\n",
    " relay\n",
};

static void lies_are_refused(void **state)
{
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct questions got;
        if (questions_read(span_of(lies[i]), arena, &got))
            fail_msg("believed \"%s\"", lies[i]);
        arena_free(arena);
    }
}

static void too_many_are_refused(void **state)
{
    static const struct {
        const char *first, *line;
        int most;
    } kinds[] = { { "", "host a.example a.example\n", QUESTIONS_HOSTS }, { "text\n", "x", QUESTIONS_TEXT } };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int more = 0; more < 2; more++) {
            struct arena *arena = arena_new(1 << 20);
            struct buffer lines = buffer_new(arena, 1 << 16);
            buffer_append_string(&lines, kinds[k].first);
            for (int i = 0; i < kinds[k].most + more; i++)
                buffer_append_string(&lines, kinds[k].line);
            struct questions got;
            assert_int_equal(questions_read(buffer_span(&lines), arena, &got), !more);
            arena_free(arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_as_tabled), cmocka_unit_test(hosts_are_bounded),
        cmocka_unit_test(long_hosts_are_asked_about),
        cmocka_unit_test(text_is_asked_about_where_somebody_compares_it),
        cmocka_unit_test(what_is_read_is_what_it_says), cmocka_unit_test(lies_are_refused),
        cmocka_unit_test(too_many_are_refused),
    };
    return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
