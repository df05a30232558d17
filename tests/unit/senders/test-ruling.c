/* test-ruling.c - which list decides about which message */
#include "unit.h"

#include "senders/ruling.h"
#include "util/limits.h"
#include "util/log.h"

#include "scratch.h"

/* Received fields as the mail server mx.example.org writes them. */
#define OUTSIDE                                                                                                        \
    "Received: from mail.example.net (mail.example.net [203.0.113.7])\r\n"                                             \
    "\tby mx.example.org (Postfix) with ESMTPS id 1 for <joe@example.org>;\r\n\tTue, 4 Jun 2024 10:00:00 +0200\r\n"
#define OUTSIDE_FOR(mailbox)                                                                                           \
    "Received: from mail.example.net (mail.example.net [203.0.113.7])\r\n"                                             \
    "\tby mx.example.org (Postfix) with ESMTPS id 1 for <" mailbox ">;\r\n\tTue, 4 Jun 2024 10:00:00 +0200\r\n"
#define OUTSIDE_MANY                                                                                                   \
    "Received: from mail.example.net (mail.example.net [203.0.113.7])\r\n"                                             \
    "\tby mx.example.org (Postfix) with ESMTPS id 1; Tue, 4 Jun 2024 10:00:00 +0200\r\n"
#define INSIDE                                                                                                         \
    "Received: from pc4 (pc4.example.org [192.168.1.4])\r\n"                                                           \
    "\tby mx.example.org (Postfix) with ESMTP id 2 for <joe@example.org>; Tue, 4 Jun 2024 10:00:00 +0200\r\n"
#define LOCAL                                                                                                          \
    "Received: from localhost (localhost [127.0.0.1])\r\n"                                                             \
    "\tby mx.example.org (Postfix) with ESMTP id 4 for <joe@example.org>; Tue, 4 Jun 2024 10:00:00 +0200\r\n"          \
    "Received: by mx.example.org (Postfix, from userid 1000)\r\n\tid 5; Tue, 4 Jun 2024 10:00:00 +0200\r\n"
#define TRUSTED                                                                                                        \
    "Received: from a.example.org (a.example.org [198.51.100.3])\r\n"                                                  \
    "\tby mx.example.org (Postfix) with ESMTP id 6 for <joe@example.org>; Tue, 4 Jun 2024 10:00:00 +0200\r\n"
#define SUBMITTED                                                                                                      \
    "Received: from phone (dyn-9.example.com [203.0.113.99])\r\n"                                                      \
    "\tby mx.example.org (Postfix) with ESMTPSA id 3 for <joe@example.org>; Tue, 4 Jun 2024 10:00:00 +0200\r\n"
#define FORGED_INSIDE                                                                                                  \
    "Received: from pc4 (pc4.example.org [192.168.1.4])\r\n"                                                           \
    "\tby mx.example.org (Postfix) with ESMTP id 2 for <postmaster@example.org>; Tue, 4 Jun 2024 09:00:00 +0200\r\n"
#define AUTHENTIC "Authentication-Results: mx.example.org; dkim=pass header.d=example.net\r\n"
#define ANN "From: Ann <ann@example.net>\r\nTo: joe@example.org\r\n"

static const struct {
    const char *name;
    const char *allow, *deny, *trap, *internal_only; /* the user's lists; NULL: there is none */
    const char *site_allow, *site_deny;
    const char *header;
    enum ruling_kind want;
    bool want_refused;
} cases[] = {
    { .name = "no list at all", .header = OUTSIDE AUTHENTIC ANN, .want = RULING_NONE },

    { .name = "allowed and signed", .allow = "ann@example.net", .header = OUTSIDE AUTHENTIC ANN,
      .want = RULING_ALLOWED },
    { .name = "allowed, nothing shows it is hers", .allow = "ann@example.net", .header = OUTSIDE ANN,
      .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, no Received at all", .allow = "ann@example.net", .header = AUTHENTIC ANN, .want = RULING_NONE,
      .want_refused = true },
    { .name = "allowed, signed by somebody else", .allow = "ann@example.net",
      .header = OUTSIDE "Authentication-Results: mx.example.org; dkim=pass header.d=example.com\r\n" ANN,
      .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, report by another server", .allow = "ann@example.net",
      .header = OUTSIDE "Authentication-Results: mx.example.com; dkim=pass header.d=example.net\r\n" ANN,
      .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, report below a second hop", .allow = "ann@example.net",
      .header = OUTSIDE OUTSIDE AUTHENTIC ANN, .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, host permitted for a domain above hers", .allow = "ann@mail.example.net",
      .header = OUTSIDE "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=bounce@example.net\r\n"
                        "From: ann@mail.example.net\r\n",
      .want = RULING_ALLOWED },
    { .name = "allowed, dmarc fails though somebody signed", .allow = "ann@example.net",
      .header = OUTSIDE "Authentication-Results: mx.example.org; dkim=pass header.d=example.net;"
                        " dmarc=fail header.from=example.net\r\n" ANN,
      .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, from this machine", .allow = "ann@example.net", .header = LOCAL ANN, .want = RULING_ALLOWED },
    { .name = "allowed, from a trusted network", .allow = "ann@example.net", .header = TRUSTED ANN,
      .want = RULING_ALLOWED },
    { .name = "allowed, from a private address, which may be anybody's", .allow = "ann@example.net",
      .header = INSIDE ANN, .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, a password that the sender claims behind such an address", .allow = "ann@example.net",
      .header = INSIDE SUBMITTED ANN, .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, from this machine behind an outside hop", .allow = "ann@example.net",
      .header = LOCAL OUTSIDE ANN, .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, handed in with a password", .allow = "ann@example.net", .header = SUBMITTED ANN,
      .want = RULING_ALLOWED },
    { .name = "allowed, only the sender says it is inside", .allow = "ann@example.net",
      .header = OUTSIDE FORGED_INSIDE ANN, .want = RULING_NONE, .want_refused = true },
    { .name = "allowed, but only one of two in From", .allow = "ann@example.net",
      .header = OUTSIDE AUTHENTIC "From: ann@example.net, eve@example.com\r\n", .want = RULING_NONE },
    { .name = "allowed, but only one of two From fields", .allow = "ann@example.net",
      .header = OUTSIDE AUTHENTIC "From: ann@example.net\r\nFrom: eve@example.com\r\n", .want = RULING_NONE },
    { .name = "allowed, but only in the name", .allow = "ann@example.net",
      .header = OUTSIDE AUTHENTIC "From: \"ann@example.net\" <eve@example.com>\r\n", .want = RULING_NONE },
    { .name = "allowed, but only in Sender", .allow = "ann@example.net",
      .header = OUTSIDE AUTHENTIC "From: eve@example.com\r\nSender: ann@example.net\r\n", .want = RULING_NONE },
    { .name = "a mailing list, signed", .allow = "list-id:news.example.net",
      .header = OUTSIDE AUTHENTIC "List-Id: News of us <news.example.net>\r\nFrom: bob@example.com\r\n",
      .want = RULING_ALLOWED },
    { .name = "a mailing list, not signed by it", .allow = "list-id:news.example.com",
      .header = OUTSIDE AUTHENTIC "List-Id: <news.example.com>\r\n" ANN, .want = RULING_NONE, .want_refused = true },

    { .name = "denied", .deny = "ann@example.net", .header = OUTSIDE ANN, .want = RULING_DENIED },
    { .name = "denied though signed", .deny = "@example.net", .header = OUTSIDE AUTHENTIC ANN, .want = RULING_DENIED },
    { .name = "denied without any Received", .deny = "ann@example.net", .header = ANN, .want = RULING_DENIED },
    { .name = "denied as one of two", .deny = "eve@example.com",
      .header = OUTSIDE "From: ann@example.net, eve@example.com\r\n", .want = RULING_DENIED },
    { .name = "denied as Sender", .deny = "eve@example.com", .header = OUTSIDE ANN "Sender: Eve <eve@example.com>\r\n",
      .want = RULING_DENIED },
    { .name = "denied as Return-Path", .deny = "@.example.com",
      .header = "Return-Path: <bounce-7@mail.example.com>\r\n" OUTSIDE ANN, .want = RULING_DENIED },
    { .name = "denied mailing list", .deny = "list-id:news.example.net",
      .header = OUTSIDE "List-Id: <news.example.net>\r\n" ANN, .want = RULING_DENIED },
    { .name = "not denied: Reply-To", .deny = "eve@example.com", .header = OUTSIDE ANN "Reply-To: eve@example.com\r\n",
      .want = RULING_NONE },

    { .name = "her address allowed, her domain denied", .allow = "ann@example.net", .deny = "@example.net",
      .header = OUTSIDE AUTHENTIC ANN, .want = RULING_ALLOWED },
    { .name = "the same, forged", .allow = "ann@example.net", .deny = "@example.net", .header = OUTSIDE ANN,
      .want = RULING_DENIED, .want_refused = true },
    { .name = "her domain allowed, her address denied", .allow = "@example.net", .deny = "ann@example.net",
      .header = OUTSIDE AUTHENTIC ANN, .want = RULING_DENIED },
    { .name = "on both: denied", .allow = "ann@example.net", .deny = "ann@example.net",
      .header = OUTSIDE AUTHENTIC ANN, .want = RULING_DENIED },
    { .name = "the user allows whom the site denies", .allow = "ann@example.net", .site_deny = "ann@example.net",
      .header = OUTSIDE AUTHENTIC ANN, .want = RULING_ALLOWED },
    { .name = "the site denies an address of a domain the user allows", .allow = "@example.net",
      .site_deny = "ann@example.net", .header = OUTSIDE AUTHENTIC ANN, .want = RULING_DENIED },
    { .name = "the user denies whom the site allows", .deny = "ann@example.net", .site_allow = "ann@example.net",
      .header = OUTSIDE AUTHENTIC ANN, .want = RULING_DENIED },
    { .name = "the site allows", .site_allow = "@.example.net", .header = OUTSIDE AUTHENTIC ANN,
      .want = RULING_ALLOWED },
    { .name = "a mistaken line hides no other", .deny = "what is this\nann@example.net", .header = OUTSIDE ANN,
      .want = RULING_DENIED },

    { .name = "to a trap", .trap = "bait@example.org",
      .header = OUTSIDE "From: a@example.com\r\nTo: bait@example.org\r\n",
      .want = RULING_TRAP },
    { .name = "a trap in Cc", .trap = "bait@example.org",
      .header = OUTSIDE ANN "Cc: Bait <BAIT@example.org>\r\n", .want = RULING_TRAP },
    { .name = "a trap that only the server noted", .trap = "bait@example.org",
      .header = OUTSIDE_FOR("bait@example.org") ANN, .want = RULING_TRAP },
    { .name = "a trap in Delivered-To", .trap = "@bait.example.org",
      .header = "Delivered-To: x@bait.example.org\r\n" OUTSIDE_MANY ANN, .want = RULING_TRAP },
    { .name = "a trap of the settings", .header = OUTSIDE "From: a@example.com\r\nTo: second@example.org\r\n",
      .want = RULING_TRAP },
    { .name = "a trap, from an allowed sender", .allow = "ann@example.net", .trap = "bait@example.org",
      .header = OUTSIDE AUTHENTIC ANN "Cc: bait@example.org\r\n", .want = RULING_ALLOWED },
    { .name = "a trap, from a denied sender", .deny = "ann@example.net", .trap = "bait@example.org",
      .header = OUTSIDE ANN "Cc: bait@example.org\r\n", .want = RULING_TRAP },

    { .name = "internal only, from outside", .internal_only = "staff@example.org",
      .header = OUTSIDE "From: a@example.com\r\nTo: staff@example.org\r\n", .want = RULING_INTERNAL_ONLY },
    { .name = "internal only, from inside", .internal_only = "staff@example.org",
      .header = INSIDE "From: a@example.org\r\nTo: staff@example.org\r\n", .want = RULING_NONE },
    { .name = "internal only, with a password", .internal_only = "staff@example.org",
      .header = SUBMITTED "From: a@example.org\r\nTo: staff@example.org\r\n", .want = RULING_NONE },
    { .name = "internal only, from a trusted network", .internal_only = "staff@example.org",
      .header = "Received: from a.example.org ([198.51.100.3]) by mx.example.org; Tue, 4 Jun 2024 10:00:00 +0200\r\n"
                "From: a@example.org\r\nTo: staff@example.org\r\n",
      .want = RULING_NONE },
    { .name = "somebody else, from outside", .internal_only = "staff@example.org", .header = OUTSIDE ANN,
      .want = RULING_NONE },
};

static struct ruling rule_on(const char *header, struct arena *arena)
{
    struct correspondents_book book = { .directory = scratch };
    static const char *const servers[] = { "mx.example.org", NULL };
    static struct network_list trusted;
    network_read_list(span_of("198.51.100.0/24"), &trusted);
    struct senders_settings settings = { .directory = scratch,
                                         .system_directory = scratch_path("site"),
                                         .state_directory = scratch,
                                         .sent_mail = &book,
                                         .now = 1795435200, /* 2026-11-23 */
                                         .trap_addresses = "first@example.org, second@example.org",
                                         .site = { .trusted_networks = &trusted, .authserv_ids = servers } };
    struct buffer text = buffer_new(arena, 1 << 16);
    buffer_append_format(&text, "%sSubject: s\r\n\r\nbody\r\n", header);
    struct ruling ruling;
    ruling_find(message_parse(buffer_span(&text), arena), &settings, arena, &ruling);
    correspondents_close(&book);
    return ruling;
}

static void put_list(const char *name, const char *text)
{
    if (text)
        scratch_write(name, text);
    else
        unlink(scratch_path(name));
}

static void rulings_are_as_tabled(void **state)
{
    assert_int_equal(mkdir(scratch_path("site"), 0700), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        put_list("allow", cases[i].allow);
        put_list("deny", cases[i].deny);
        put_list("trap", cases[i].trap);
        put_list("internal_only", cases[i].internal_only);
        put_list("site/allow", cases[i].site_allow);
        put_list("site/deny", cases[i].site_deny);
        struct ruling got = rule_on(cases[i].header, arena);
        if (got.kind != cases[i].want || (got.allow_refused.length > 0) != cases[i].want_refused)
            fail_msg("%s: got %d (%.*s), refused \"%.*s\"", cases[i].name, got.kind, (int)got.detail.length,
                     got.detail.data ? got.detail.data : "", (int)got.allow_refused.length,
                     got.allow_refused.data ? got.allow_refused.data : "");
        assert_true((got.kind != RULING_NONE) == (got.detail.length > 0));
        arena_free(arena);
    }
    put_list("site/allow", NULL);
    put_list("site/deny", NULL);
    assert_int_equal(rmdir(scratch_path("site")), 0);
}

static const struct {
    const char *name, *known, *header;
    enum ruling_kind want;
    bool want_remember;
} networks[] = {
    { "a network she never wrote from", "ann@example.net 192.0.2.0/24  # mail 2026-11-22 1\n", OUTSIDE ANN, RULING_NONE,
      false },
    { "a network she wrote from, named by hand", "ann@example.net 203.0.113.0/24\n", OUTSIDE ANN, RULING_ALLOWED,
      false },
    { "a network she wrote from long ago", "ann@example.net 203.0.113.0/24  # mail 2020-01-01 1\n", OUTSIDE ANN,
      RULING_ALLOWED, true },
    { "a network she wrote from lately", "ann@example.net 203.0.113.0/24  # mail 2026-10-24 1\n", OUTSIDE ANN,
      RULING_ALLOWED, false },
    { "a network somebody else wrote from", "bob@example.net 203.0.113.0/24  # mail 2026-11-22 1\n", OUTSIDE ANN,
      RULING_NONE, false },
    { "authenticated, from a new network", "", OUTSIDE AUTHENTIC ANN, RULING_ALLOWED, true },
    { "from inside there is no network", "", LOCAL ANN, RULING_ALLOWED, false },
    { "found forged, whatever the network", "ann@example.net 203.0.113.0/24\n",
      OUTSIDE "Authentication-Results: mx.example.org; dmarc=fail header.from=example.net\r\n" ANN,
      RULING_NONE, false },
    { "IPv6", "ann@example.net 2001:db8:1::/48\n",
      "Received: from mail.example.net (mail.example.net [IPv6:2001:db8:1:2::7])\r\n"
      "\tby mx.example.org with ESMTPS id 1; Tue, 4 Jun 2024 10:00:00 +0200\r\n" ANN,
      RULING_ALLOWED, false },
};

static void known_networks_stand_for_a_signature(void **state)
{
    scratch_write("allow", "@example.net\n");
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        scratch_write("known_relays", networks[i].known);
        struct ruling got = rule_on(networks[i].header, arena);
        if (got.kind != networks[i].want || got.remember != networks[i].want_remember)
            fail_msg("%s: got %d, remember %d", networks[i].name, got.kind, got.remember);
        arena_free(arena);
    }
}

static const struct {
    const char *name, *header, *want;
} roles[] = {
    { "noted by the server", OUTSIDE_FOR("postmaster@example.org") ANN, "postmaster" },
    { "in any letters", OUTSIDE_FOR("Abuse@example.org") ANN, "abuse" },
    { "noted in Delivered-To", "Delivered-To: postmaster@example.org\r\n" OUTSIDE_MANY ANN, "postmaster" },
    { "claimed by the sender, to somebody else", OUTSIDE "From: a@example.com\r\nTo: postmaster@example.org\r\n", "" },
    { "noted by the sender", OUTSIDE FORGED_INSIDE ANN, "" },
    { "below our Received field", OUTSIDE "Delivered-To: postmaster@example.org\r\n" ANN, "" },
    { "claimed, and nothing else is known", OUTSIDE_MANY "From: a@example.com\r\nTo: postmaster@example.org\r\n",
      "postmaster" },
    { "claimed among others",
      OUTSIDE_MANY "From: a@example.com\r\nTo: postmaster@example.org, joe@example.org\r\n", "" },
    { "nearly so called", OUTSIDE_FOR("postmasters@example.org") ANN, "" },
};

static void postmaster_is_known_by_what_the_server_noted(void **state)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct ruling got = rule_on(roles[i].header, arena);
        if (!span_is(got.role, roles[i].want))
            fail_msg("%s: got \"%.*s\"", roles[i].name, (int)got.role.length, got.role.data ? got.role.data : "");
        arena_free(arena);
    }
}

static void details_say_where_and_why(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    char want[400];
    scratch_write("allow", "# friends\n@example.net\n");
    snprintf(want, sizeof want, "@example.net is in %s/allow:2, and it is the sender's own mail: dkim=pass", scratch);
    assert_span_is(rule_on(OUTSIDE AUTHENTIC ANN, arena).detail, want);
    snprintf(want, sizeof want,
             "@example.net is in %s/allow:2, but nothing shows that this is the sender's own mail; it came from "
             "203.0.113.0/24",
             scratch);
    assert_span_is(rule_on(OUTSIDE ANN, arena).allow_refused, want);
    arena_free(arena);
}

/* The user has written to Ann. */
static const struct {
    const char *name, *allow, *deny, *header, *want; /* "": nothing */
} acquaintances[] = {
    { "signed", NULL, NULL, OUTSIDE AUTHENTIC ANN,
      "you have written to ann@example.net, and it is the sender's own mail: dkim=pass" },
    { "nothing shows it is hers", NULL, NULL, OUTSIDE ANN, "" },
    { "found forged", NULL, NULL,
      OUTSIDE "Authentication-Results: mx.example.org; dkim=pass header.d=example.net; dmarc=fail"
              " header.from=example.net\r\n" ANN,
      "" },
    { "somebody else", NULL, NULL, OUTSIDE AUTHENTIC "From: bob@example.net\r\n", "" },
    { "one of two", NULL, NULL, OUTSIDE AUTHENTIC "From: ann@example.net, bob@example.net\r\n", "" },
    { "the user", NULL, NULL, LOCAL "From: joe@example.org\r\n", "" },
    { "allowed as well", "ann@example.net", NULL, OUTSIDE AUTHENTIC ANN, "" },
    { "denied", NULL, "@example.net", OUTSIDE AUTHENTIC ANN, "" },
};

static void correspondents_are_known_when_authenticated(void **state)
{
    struct failure failure = { 0 };
    const struct span from = span_of("joe@example.org"), to = span_of("Ann@Example.net");
    const struct sent_message sent = { span_of("<1@example.org>"), 86400, &from, &to, 1, 1 };
    struct correspondents_gathering *gathering = correspondents_gather(scratch, &failure);
    assert_true(correspondents_add(gathering, &sent) && correspondents_save(gathering, true, &failure));
    correspondents_gather_end(&gathering);
    for (size_t i = 0; i < sizeof acquaintances / sizeof *acquaintances; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        put_list("allow", acquaintances[i].allow);
        put_list("deny", acquaintances[i].deny);
        struct ruling got = rule_on(acquaintances[i].header, arena);
        if (!span_is(got.correspondent, acquaintances[i].want))
            fail_msg("%s: got \"%.*s\"", acquaintances[i].name, (int)got.correspondent.length,
                     got.correspondent.data ? got.correspondent.data : "");
        arena_free(arena);
    }
}

static int quiet(void **state)
{
    (void)state;
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rulings_are_as_tabled, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(known_networks_stand_for_a_signature, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(postmaster_is_known_by_what_the_server_noted, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(correspondents_are_known_when_authenticated, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(details_say_where_and_why, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests_name("ruling", tests, quiet, NULL);
}
