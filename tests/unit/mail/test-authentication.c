/* test-authentication.c - which reports count, and what they say */
#include "unit.h"

#include "mail/authentication.h"
#include "util/limits.h"

#define OURS "Received: from a.example ([203.0.113.9]) by mx.example.net; Sun, 22 Nov 2026 10:00:00 +0000\n"
#define THEIRS "Received: from pc by a.example; Sun, 22 Nov 2026 09:59:00 +0000\n"
#define AR "Authentication-Results: "
#define UNKNOWN AUTHENTICATION_UNKNOWN
#define PASS AUTHENTICATION_PASS
#define FAIL AUTHENTICATION_FAIL
#define NONE AUTHENTICATION_NONE

static const char *const servers[] = { "mx.example.net", "mx2.example.net", NULL };

static const struct {
    const char *name, *header;
    bool named; /* the servers' names are set */
    enum authentication_result spf, dkim, dmarc, arc;
    const char *spf_domain, *dkim_domain;
} cases[] = {
    { "all methods in one field",
      AR
      "mx.example.net;\n\tspf=pass (sender ok; really) smtp.mailfrom=anna@a.example;\n\tdkim=pass header.d=b.example "
      "header.s=x header.b=\"ab=c\";\n\tdmarc=fail (p=none dis=none) header.from=c.example;\n\tarc=pass\n" OURS,
      true, PASS, PASS, FAIL, PASS, "a.example", "b.example" },
    { "several fields of one server",
      AR "mx.example.net; dkim=pass header.i=@b.example\n" AR "mx2.example.net; spf=none smtp.helo=a.example\n" OURS,
      true, NONE, PASS, UNKNOWN, UNKNOWN, "a.example", "b.example" },
    { "right below our own hop, by name", OURS AR "mx.example.net; spf=fail smtp.mailfrom=a.example\n" THEIRS, true,
      FAIL, UNKNOWN, UNKNOWN, UNKNOWN, "a.example", "" },
    { "right below our own hop, names not set", OURS AR "mx.example.net; spf=pass smtp.mailfrom=a.example\n" THEIRS,
      false, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "", "" },
    { "above our own hop, names not set", AR "anything; spf=pass smtp.mailfrom=a.example\n" OURS, false, PASS, UNKNOWN,
      UNKNOWN, UNKNOWN, "a.example", "" },
    { "below the hop of others", OURS THEIRS AR "mx.example.net; spf=pass smtp.mailfrom=a.example\n", true, UNKNOWN,
      UNKNOWN, UNKNOWN, UNKNOWN, "", "" },
    { "another server's", AR "mx.example.com; dkim=pass header.d=b.example\n" OURS, true, UNKNOWN, UNKNOWN, UNKNOWN,
      UNKNOWN, "", "" },
    { "a name that only begins like ours", OURS AR "mx.example.net.x.example; dkim=pass header.d=b.example\n", true,
      UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "", "" },
    { "without any hop of ours", AR "mx.example.net; dkim=pass header.d=b.example\n" THEIRS, true, UNKNOWN, UNKNOWN,
      UNKNOWN, UNKNOWN, "", "" },
    { "the topmost of one method counts",
      AR "mx.example.net; spf=fail smtp.mailfrom=a.example\n" OURS AR
         "mx.example.net; spf=pass smtp.mailfrom=a.example\n",
      true, FAIL, UNKNOWN, UNKNOWN, UNKNOWN, "a.example", "" },
    { "one signature that holds is enough",
      AR
      "mx.example.net; dkim=fail header.d=x.example; dkim=pass header.d=b.example; dkim=fail header.d=y.example\n" OURS,
      true, UNKNOWN, PASS, UNKNOWN, UNKNOWN, "", "b.example" },
    { "version numbers and blanks around =", AR "mx.example.net 1; dkim/1 = pass header.d = b.example\n" OURS, true,
      UNKNOWN, PASS, UNKNOWN, UNKNOWN, "", "b.example" },
    { "nothing checked", AR "mx.example.net; none\n" OURS, true, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "", "" },
    { "a rewritten sender", AR "mx.example.net; spf=pass smtp.mailfrom=SRS0=x=y=c.example=anna@a.example\n" OURS, true,
      PASS, UNKNOWN, UNKNOWN, UNKNOWN, "a.example", "" },
    { "Received-SPF above our hop",
      "Received-SPF: Fail (mx: not allowed) client-ip=203.0.113.9; envelope-from=<anna@a.example>; helo=pc;\n" OURS,
      true, FAIL, UNKNOWN, UNKNOWN, UNKNOWN, "a.example", "" },
    { "Received-SPF below our hop", OURS "Received-SPF: pass client-ip=203.0.113.9;\n", true, UNKNOWN, UNKNOWN, UNKNOWN,
      UNKNOWN, "", "" },
    { "a result nobody knows", AR "mx.example.net; spf=magic\n" OURS, true, AUTHENTICATION_NEUTRAL, UNKNOWN, UNKNOWN,
      UNKNOWN, "", "" },
    { "comments and quotes that never end", AR "mx.example.net; spf=pass (oh ( no\n" AR "\"mx\n" OURS, true, PASS,
      UNKNOWN, UNKNOWN, UNKNOWN, "", "" },
    { "nothing at all", "", true, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "", "" },
};

static void reports_that_count_are_read(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct header header;
        struct authentication got;
        header_parse(span_of(cases[i].header), arena, &header);
        size_t own_hops = strstr(cases[i].header, OURS) ? 1 : 0;
        authentication_read(&header, own_hops, cases[i].named ? servers : NULL, &got);
        if (got.spf != cases[i].spf || got.dkim != cases[i].dkim || got.dmarc != cases[i].dmarc
            || got.arc != cases[i].arc)
            fail_msg("%s: got spf %d dkim %d dmarc %d arc %d", cases[i].name, (int)got.spf, (int)got.dkim,
                     (int)got.dmarc, (int)got.arc);
        assert_span_is(got.spf_domain, cases[i].spf_domain);
        assert_span_is(got.dkim_domain, cases[i].dkim_domain);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reports_that_count_are_read) };
    return cmocka_run_group_tests_name("authentication", tests, NULL, NULL);
}
