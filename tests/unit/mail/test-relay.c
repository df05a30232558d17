/* test-relay.c - Received fields of the mail servers there are, and dates of all ages */
#include "unit.h"

#include <stdlib.h>

#include "mail/relay.h"
#include "util/buffer.h"
#include "util/limits.h"

struct relay_case {
    const char *server, *field;
    const char *helo, *reverse_name, *ip, *by, *with, *for_mailbox;
    bool helo_given, forged;
};

static const struct relay_case relay_cases[] = {
    { "Postfix",
      "from mail.sender.example (mx1.sender.example [192.0.2.10]) by mx.example.org (Postfix) with ESMTPS id 4ABC for "
      "<user@example.org>; Mon, 1 Jan 2024 12:00:00 +0000 (UTC)",
      "mail.sender.example", "mx1.sender.example", "192.0.2.10", "mx.example.org", "ESMTPS", "user@example.org", true,
      false },
    { "Postfix, TLS comment, folded",
      "from mail.sender.example (mx1.sender.example [192.0.2.10])\r\n\t(using TLSv1.3 with cipher "
      "TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\t(No client certificate requested)\r\n\tby mx.example.org (Postfix) "
      "with ESMTPS id 4ABC; Mon, 1 Jan 2024 12:00:00 +0000",
      "mail.sender.example", "mx1.sender.example", "192.0.2.10", "mx.example.org", "ESMTPS", "", true, false },
    { "Postfix, no reverse name",
      "from [192.168.1.5] (unknown [192.0.2.10]) by mx.example.org (Postfix) with ESMTPSA id 1; x",
      "[192.168.1.5]", "", "192.0.2.10", "mx.example.org", "ESMTPSA", "", true, false },
    { "Postfix, IPv6", "from a.example (b.example [IPv6:2001:db8::25]) by mx.example.org (Postfix) with ESMTP id 1; x",
      "a.example", "b.example", "2001:db8::25", "mx.example.org", "ESMTP", "", true, false },
    { "Postfix, submitted here", "by mx.example.org (Postfix, from userid 1000) id 1; x", "", "", "", "mx.example.org",
      "", "", false, false },
    { "Postfix, LMTP", "from mx.example.org (localhost [127.0.0.1]) by mx.example.org (Postfix) with LMTP id 1; x",
      "mx.example.org", "localhost", "127.0.0.1", "mx.example.org", "LMTP", "", true, false },
    { "sendmail",
      "from a.example (b.example [192.0.2.10]) by mx.example.org (8.17.1/8.17.1) with ESMTP id 1 for <u@x.org>; x",
      "a.example", "b.example", "192.0.2.10", "mx.example.org", "ESMTP", "u@x.org", true, false },
    { "sendmail, forged",
      "from a.example (b.example [192.0.2.10] (may be forged)) by mx.example.org (8.11.6/8.11.6) with SMTP id 1; x",
      "a.example", "b.example", "192.0.2.10", "mx.example.org", "SMTP", "", true, true },
    { "sendmail, no reverse name", "from a.example ([192.0.2.10]) by mx.example.org (8.11.6/8.11.6) with SMTP id 1; x",
      "a.example", "", "192.0.2.10", "mx.example.org", "SMTP", "", true, false },
    { "sendmail, ident",
      "from a.example (IDENT:joe@b.example [192.0.2.10]) by mx.example.org (8.9.3/8.9.3) with ESMTP id 1; x",
      "a.example", "b.example", "192.0.2.10", "mx.example.org", "ESMTP", "", true, false },
    { "sendmail, ident without name",
      "from a.example (joe@[192.0.2.10]) by mx.example.org (8.9.3/8.9.3) with ESMTP id 1; x",
      "a.example", "", "192.0.2.10", "mx.example.org", "ESMTP", "", true, false },
    { "sendmail, submitted here", "(from joe@localhost) by mx.example.org (8.9.3/8.9.3) id 1; x", "", "", "",
      "mx.example.org",
      "", "", false, false },
    { "Exim, names differ",
      "from b.example ([192.0.2.10] helo=a.example) by mx.example.org with esmtps (TLS1.3) tls X (Exim 4.96) "
      "(envelope-from <s@a.example>) id 1-2-3 for u@example.org; x",
      "a.example", "b.example", "192.0.2.10", "mx.example.org", "esmtps", "u@example.org", true, false },
    { "Exim, names agree", "from b.example ([192.0.2.10]) by mx.example.org with esmtp (Exim 4.96) id 1; x",
      "b.example",
      "b.example", "192.0.2.10", "mx.example.org", "esmtp", "", true, false },
    { "Exim, no reverse name", "from [192.0.2.10] (helo=a.example) by mx.example.org with esmtp (Exim 4.96) id 1; x",
      "a.example", "", "192.0.2.10", "mx.example.org", "esmtp", "", true, false },
    { "Exim, port", "from [192.0.2.10] (port=4711 helo=[10.0.0.1]) by mx.example.org with esmtp (Exim 4.96) id 1; x",
      "[10.0.0.1]", "", "192.0.2.10", "mx.example.org", "esmtp", "", true, false },
    { "Exim, port behind the address",
      "from b.example ([192.0.2.10]:4711 helo=a.example) by mx.example.org with esmtp (Exim 4.96) id 1; x",
      "a.example", "b.example", "192.0.2.10", "mx.example.org", "esmtp", "", true, false },
    { "Exim, submitted here", "from joe by mx.example.org with local (Exim 4.96) id 1; x", "", "", "", "mx.example.org",
      "local",
      "", false, false },
    { "qmail, names differ", "from b.example (HELO a.example) (192.0.2.10) by mx.example.org with SMTP; x", "a.example",
      "b.example", "192.0.2.10", "mx.example.org", "SMTP", "", true, false },
    { "qmail, no reverse name", "from unknown (HELO a.example) (192.0.2.10) by mx.example.org with SMTP; x",
      "a.example", "",
      "192.0.2.10", "mx.example.org", "SMTP", "", true, false },
    { "qmail, names agree", "from b.example (192.0.2.10) by mx.example.org with SMTP; x", "b.example", "b.example",
      "192.0.2.10",
      "mx.example.org", "SMTP", "", true, false },
    { "qmail, nothing known", "from unknown (192.0.2.10) by mx.example.org with QMQP; x", "", "", "192.0.2.10",
      "mx.example.org", "QMQP", "", false, false },
    { "qmail, HELO is an address", "from unknown (HELO [10.0.0.1]) (192.0.2.10) by mx.example.org with SMTP; x",
      "[10.0.0.1]", "",
      "192.0.2.10", "mx.example.org", "SMTP", "", true, false },
    { "qmail, its own notes", "(qmail 4920 invoked from network); 4 Sep 2002 23:14:36 -0000", "", "", "", "", "", "",
      false, false },
    { "qmail-ldap", "from localhost (HELO a.example) ([192.0.2.10]) (envelope-sender <s@a.example>) by mx.example.org "
      "(qmail-ldap-1.03) with SMTP for <u@example.org>; x",
      "a.example", "localhost", "192.0.2.10", "mx.example.org", "SMTP", "u@example.org", true, false },
    { "Yahoo", "from 192.0.2.10 (EHLO a.example) (192.0.2.10) by mta1.yahoo.example with SMTP; x", "a.example", "",
      "192.0.2.10",
      "mta1.yahoo.example", "SMTP", "", true, false },
    { "Yahoo, login", "from unknown (HELO desktop) (joe@192.0.2.10 with login) by smtp.yahoo.example with SMTP; x",
      "desktop", "",
      "192.0.2.10", "smtp.yahoo.example", "SMTP", "", true, false },
    { "Yahoo, web", "from [192.0.2.10] by web1.yahoo.example via HTTP; x", "[192.0.2.10]", "", "192.0.2.10",
      "web1.yahoo.example",
      "", "", false, false },
    { "Exchange",
      "from a.example (192.0.2.10) by mx.example.org (198.51.100.7) with Microsoft SMTP Server (version=TLS1_2, "
      "cipher=X) id 15.1; x",
      "a.example", "", "192.0.2.10", "mx.example.org", "Microsoft", "", true, false },
    { "Exchange, IPv6",
      "from A.EXAMPLE (2603:10a6:20b::12) by B.EXAMPLE (2603:10a6:10:5::9) with Microsoft SMTP Server id 1; x",
      "A.EXAMPLE", "", "2603:10a6:20b::12", "B.EXAMPLE", "Microsoft", "", true, false },
    { "Windows pickup", "from mail pickup service by mx.example.org with Microsoft SMTPSVC; x", "", "", "",
      "mx.example.org",
      "Microsoft", "", false, false },
    { "Windows SMTP",
      "from a.example ([192.0.2.10] RDNS failed) by mx.example.org with Microsoft SMTPSVC(5.0.2195.5329); x",
      "a.example", "", "192.0.2.10", "mx.example.org", "Microsoft", "", true, false },
    { "Gmail", "from a.example (b.example. [192.0.2.10]) by mx.google.com with ESMTPS id 1 for <u@example.org> "
               "(version=TLS1_3); x",
      "a.example", "b.example", "192.0.2.10", "mx.google.com", "ESMTPS", "u@example.org", true, false },
    { "Gmail, no reverse name", "from a.example ([2001:db8::1]) by smtp.gmail.com with ESMTPSA id 1; x", "a.example",
      "",
      "2001:db8::1", "smtp.gmail.com", "ESMTPSA", "", true, false },
    { "Gmail, inside", "by 2002:a05:6a20:1 with SMTP id x1csp123; x", "", "", "", "2002:a05:6a20:1", "SMTP", "", false,
      false },
    { "Dovecot LMTP",
      "from mx.example.org by mail.example.org with LMTP id abc (envelope-from <s@a.example>) for <u@example.org>; x",
      "mx.example.org", "", "", "mail.example.org", "LMTP", "u@example.org", false, false },
    { "Dovecot LMTP, address", "from mx.example.org ([192.0.2.10]) by mail.example.org with LMTP id abc; x",
      "mx.example.org", "",
      "192.0.2.10", "mail.example.org", "LMTP", "", true, false },
    { "Courier, mapped IPv4", "from a.example (b.example [::ffff:192.0.2.10]) by mx.example.org with ESMTP; x",
      "a.example",
      "b.example", "192.0.2.10", "mx.example.org", "ESMTP", "", true, false },
    { "fetchmail",
      "from pop.example.org [192.0.2.10] by localhost with POP3 (fetchmail-6.4) for joe@localhost (single-drop); x",
      "pop.example.org", "", "192.0.2.10", "localhost", "POP3", "joe@localhost", false, false },
    { "Mimecast", "from a.example (b.example[192.0.2.10]) by mx.example.org with ESMTP id 1; x", "a.example",
      "b.example",
      "192.0.2.10", "mx.example.org", "ESMTP", "", true, false },
    { "amavis", "from mx.example.org ([127.0.0.1]) by localhost (mx.example.org [127.0.0.1]) (amavisd-new, port 10024) "
                "with ESMTP; x",
      "mx.example.org", "", "127.0.0.1", "localhost", "ESMTP", "", true, false },
    { "web mail", "from 192.0.2.10 (SquirrelMail authenticated user joe) by mail.example.org with HTTP; x",
      "192.0.2.10", "",
      "192.0.2.10", "mail.example.org", "HTTP", "", false, false },
    { "name alone in the comment", "from a.example (b.example) by mx.example.org with SMTP id 1; x", "a.example",
      "b.example", "",
      "mx.example.org", "SMTP", "", false, false },
    { "address twice", "from 192.0.2.10 (192.0.2.10 [192.0.2.10]) by mx.example.org with SMTP id 1; x", "192.0.2.10",
      "",
      "192.0.2.10", "mx.example.org", "SMTP", "", true, false },
    { "no address at all", "from a.example ([not.an.ip]) by mx.example.org with SMTP id 1; x", "a.example", "", "",
      "mx.example.org", "SMTP", "", false, false },
    { "comment never closed", "from a.example (b.example [192.0.2.10] by mx.example.org with SMTP; x", "", "",
      "192.0.2.10",
      "mx.example.org", "SMTP", "", false, false },
    { "nothing", "", "", "", "", "", "", "", false, false },
};

static struct relay parse_one(const char *field, struct arena *arena)
{
    struct buffer message = buffer_new(arena, 4096);
    buffer_append_format(&message, "Received: %s\n\n", field);
    struct header header;
    header_parse(buffer_span(&message), arena, &header);
    size_t count;
    const struct relay *relays = relay_parse(&header, arena, &count);
    assert_int_equal(count, 1);
    return relays[0];
}

static void every_server_is_understood(void **state)
{
    for (size_t i = 0; i < sizeof relay_cases / sizeof relay_cases[0]; i++) {
        const struct relay_case *want = &relay_cases[i];
        struct arena *arena = arena_new(1 << 20);
        struct relay got = parse_one(want->field, arena);
        print_message("# %s\n", want->server);
        assert_span_is(got.helo, want->helo);
        assert_span_is(got.reverse_name, want->reverse_name);
        assert_span_is(got.ip, want->ip);
        assert_span_is(got.by, want->by);
        assert_span_is(got.with, want->with);
        assert_span_is(got.for_mailbox, want->for_mailbox);
        assert_int_equal(got.helo_given, want->helo_given);
        assert_int_equal(got.reverse_name_forged, want->forged);
        arena_free(arena);
    }
}

static void the_date_stands_behind_the_last_clause(void **state)
{
    static const struct {
        const char *field;
        int64_t want;
    } cases[] = {
        { "from a by b with c; Mon, 1 Jan 2024 12:00:00 +0000", 1704110400 },
        { "by b (a; comment); Mon, 1 Jan 2024 12:00:00 +0000 (UTC)", 1704110400 },
        { "by b id <x@y>; Mon, 1 Jan 2024 12:00:00 +0000 (envelope-from <a;b@c>)", 1704110400 },
        { "by b; soon", RELAY_NO_DATE },
        { "by b", RELAY_NO_DATE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        assert_int_equal(parse_one(cases[i].field, arena).date, cases[i].want);
        arena_free(arena);
    }
}

static void dates_become_seconds(void **state)
{
    static const struct {
        const char *input;
        int64_t want;
    } cases[] = {
        { "Thu, 01 Jan 1970 00:00:00 +0000", 0 },
        { "Thu, 22 Aug 2002 12:36:23 -0400 (EDT)", 1030034183 },
        { "22 Aug 2002 16:36:23 GMT", 1030034183 },
        { "22 Aug 2002 16:36:23 UT", 1030034183 },
        { "22 Aug 2002 16:36:23 Z", 1030034183 },
        { "22 Aug 2002 16:36:23", 1030034183 },
        { "22 Aug 2002 16:36:23 -0000", 1030034183 },
        { "22 Aug 2002 16:36:23 XYZ", 1030034183 }, /* RFC 5322 4.3: an unknown zone is -0000 */
        { "22 Aug 2002 12:36:23 EDT", 1030034183 },
        { "22 Aug 2002 09:36:23 PDT", 1030034183 },
        { "22 Aug 2002 18:36:23 CEST", 1030034183 },
        { "22 Aug 2002 18:36:23 GMT+0200", 1030034183 },
        { "22 Aug 2002 18:36:23 +02:00", 1030034183 },
        { "22 Aug 2002 22:06:23 +0530", 1030034183 },
        { "22 Aug 2002 12:36 -0400", 1030034160 },
        { "Thu Aug 22 16:36:23 2002", 1030034183 },     /* asctime */
        { "Thu Aug 22 16:36:23 GMT 2002", 1030034183 }, /* date(1) */
        { "22-Aug-2002 16:36:23", 1030034183 },
        { "Thu,22 Aug 2002 16:36:23 +0000", 1030034183 },
        { "thu, 22 AUGUST 2002 16:36:23 +0000", 1030034183 },
        { "22 Aug 02 16:36:23 +0000", 1030034183 },
        { "22 Aug 102 16:36:23 +0000", 1030034183 }, /* RFC 5322 4.3: 1900 + 102 */
        { "31 Dec 99 23:59:59 +0000", 946684799 },
        { "(comment) 22 Aug 2002 (so) 16:36:23 +0000 (GMT (nested))", 1030034183 },
        { "29 Feb 2000 00:00:00 +0000", 951782400 },
        { "29 Feb 2024 12:00:00 +0000", 1709208000 },
        { "31 Dec 1969 23:59:59 +0000", -1 },
        { "30 Jun 2015 23:59:60 +0000", 1435708800 }, /* leap second */
        { "01 Jan 2038 00:00:00 +0000", 2145916800 },
        { "01 Jan 9999 00:00:00 +0000", INT64_C(253370764800) },
        { "29 Feb 2023 12:00:00 +0000", RELAY_NO_DATE },
        { "29 Feb 1900 12:00:00 +0000", RELAY_NO_DATE },
        { "31 Jun 2002 12:00:00 +0000", RELAY_NO_DATE },
        { "0 Jun 2002 12:00:00 +0000", RELAY_NO_DATE },
        { "22 Aug 2002 24:00:00 +0000", RELAY_NO_DATE },
        { "22 Aug 2002 12:60:00 +0000", RELAY_NO_DATE },
        { "22 Aug 2002", RELAY_NO_DATE },
        { "22 2002 12:00:00", RELAY_NO_DATE },
        { "Aug 2002 12:00:00", RELAY_NO_DATE },
        { "23/09/2002 10:14:02", RELAY_NO_DATE }, /* day or month first? */
        { "99999999999999999999 Aug 2002 10:14:02", RELAY_NO_DATE },
        { "", RELAY_NO_DATE },
        { "tomorrow", RELAY_NO_DATE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t got = relay_parse_date(span_of(cases[i].input));
        if (got != cases[i].want)
            fail_msg("\"%s\": got %lld, want %lld", cases[i].input, (long long)got, (long long)cases[i].want);
    }
}

static void only_so_many_relays_are_read(void **state)
{
    struct arena *arena = arena_new(1 << 22);
    struct buffer message = buffer_new(arena, 1 << 20);
    for (int i = 0; i < LIMIT_RELAYS + 5; i++)
        buffer_append_format(&message, "Received: from h%d by b; x\nX: y\n", i);
    struct header header;
    header_parse(buffer_span(&message), arena, &header);
    size_t count;
    const struct relay *relays = relay_parse(&header, arena, &count);
    assert_int_equal(count, LIMIT_RELAYS);
    assert_span_is(relays[0].helo, "h0");
    assert_span_is(relays[LIMIT_RELAYS - 1].helo, "h63");
    header_parse(span_of("Subject: x\n\n"), arena, &header);
    relay_parse(&header, arena, &count);
    assert_int_equal(count, 0);
    arena_free(arena);
}

static void hostile_fields_end_soon(void **state)
{
    static const char *const pieces[] = { "(", "((", ")", "from ", "by ", "[", "@", "a.b ", "(a.b [", "(HELO ", ";",
                                          ":", "1 ",
                                          " " };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct buffer message = buffer_new(arena, LIMIT_HEADER_BYTES);
        for (int field = 0; field < 4; field++) {
            buffer_append_string(&message, "Received: from x (");
            for (size_t j = 0; j < 60000; j += strlen(pieces[i]))
                buffer_append_string(&message, pieces[i]);
            buffer_append_string(&message, "\n");
        }
        struct header header;
        header_parse(buffer_span(&message), arena, &header);
        size_t count;
        relay_parse(&header, arena, &count);
        assert_int_equal(count, 4);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_server_is_understood),
        cmocka_unit_test(the_date_stands_behind_the_last_clause),
        cmocka_unit_test(dates_become_seconds),
        cmocka_unit_test(only_so_many_relays_are_read),
        cmocka_unit_test(hostile_fields_end_soon),
    };
    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
