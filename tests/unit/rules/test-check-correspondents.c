/* test-check-correspondents.c - mail of people the user has written to, and answers to the user */
#include "unit.h"

#include "rules/evaluate.h"
#include "util/limits.h"

#define RELAY                                                                                  \
    "Received: from mail.example.org (mail.example.org [192.0.2.25])\n"                        \
    "\tby mx.example.net (Postfix) with ESMTP id 4F1; Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\n"
#define REPORT(text) "Authentication-Results: mx.example.net; " text "\n"
#define SIGNED REPORT("dkim=pass header.d=example.org")
#define ANNA "From: Anna <anna@example.org>\n"
#define REST "To: user@example.net\nMessage-ID: <1@example.org>\nSubject: lunch\n\nAt noon?\n"
#define OWN_ID "<mine.1@example.net>"

static const struct {
    const char *check;
    bool fires;
    const char *message;
} rows[] = {
    { "KNOWN_CORRESPONDENT", true, RELAY ANNA REST },
    { "KNOWN_CORRESPONDENT", true, SIGNED RELAY ANNA REST },
    { "KNOWN_CORRESPONDENT", true, REPORT("spf=softfail smtp.mailfrom=example.org") RELAY ANNA REST },
    /* forwarded: the relay may not send for her, her signature holds */
    { "KNOWN_CORRESPONDENT", true,
      REPORT("spf=fail smtp.mailfrom=example.org; dkim=pass header.d=example.org") RELAY ANNA REST },
    /* from outside under a name of our own house: only when it is proven */
    { "KNOWN_CORRESPONDENT", true,
      REPORT("dkim=pass header.d=example.net") RELAY "From: Boss <boss@example.net>\n" REST },
    { "KNOWN_CORRESPONDENT", false, RELAY "From: Eve <eve@example.org>\n" REST },
    { "KNOWN_CORRESPONDENT", false, RELAY "From: anna@example.org <eve@example.com>\n" REST },
    { "KNOWN_CORRESPONDENT", false, RELAY "From: anna@example.org, eve@example.com\n" REST },
    { "KNOWN_CORRESPONDENT", false, RELAY ANNA "From: eve@example.com\n" REST },
    { "KNOWN_CORRESPONDENT", false, RELAY "Reply-To: anna@example.org\nFrom: eve@example.com\n" REST },
    { "KNOWN_CORRESPONDENT", false, REPORT("dmarc=fail header.from=example.org") RELAY ANNA REST },
    { "KNOWN_CORRESPONDENT", false, REPORT("spf=fail smtp.mailfrom=example.org") RELAY ANNA REST },
    { "KNOWN_CORRESPONDENT", false, RELAY "From: user@example.net\n" REST },
    { "KNOWN_CORRESPONDENT", false, RELAY "From: Boss <boss@example.net>\n" REST },

    { "CORRESPONDENT_AUTHENTICATED", true, SIGNED RELAY ANNA REST },
    { "CORRESPONDENT_AUTHENTICATED", true, REPORT("spf=pass smtp.mailfrom=example.org") RELAY ANNA REST },
    { "CORRESPONDENT_AUTHENTICATED", false, RELAY ANNA REST },
    { "CORRESPONDENT_AUTHENTICATED", false, SIGNED RELAY "From: Eve <eve@example.org>\n" REST },
    { "CORRESPONDENT_AUTHENTICATED", false, REPORT("dkim=pass header.d=example.com") RELAY ANNA REST },
    { "CORRESPONDENT_AUTHENTICATED", false,
      "Authentication-Results: mx.example.com; dkim=pass header.d=example.org\n" RELAY ANNA REST },

    { "ANSWERS_YOU", true, RELAY ANNA "In-Reply-To: " OWN_ID "\n" REST },
    { "ANSWERS_YOU", true, RELAY ANNA "In-Reply-To: Your message " OWN_ID " of Friday\n" REST },
    { "ANSWERS_YOU", true, RELAY ANNA "References: <a@x>\n\t" OWN_ID "\n <b@x>\n" REST },
    { "ANSWERS_YOU", true, RELAY ANNA "In-Reply-To: <b@x>\nReferences: " OWN_ID " <b@x>\n" REST },
    { "ANSWERS_YOU", false, RELAY ANNA REST },
    { "ANSWERS_YOU", false, RELAY ANNA "In-Reply-To: <other@example.net>\n" REST },
    { "ANSWERS_YOU", false, RELAY ANNA "In-Reply-To: >mine.1@example.net<\n" REST },
    { "ANSWERS_YOU", false, RELAY ANNA "References: <<<<>>>> <\n" REST },
    { "ANSWERS_YOU", false, RELAY ANNA "Thread-Index: " OWN_ID "\n" REST },
};

static unsigned questions;

static unsigned written_to(void *context, struct span local, struct span domain)
{
    static const struct {
        const char *local, *domain;
        unsigned times;
    } known[] = { { "anna", "example.org", 14 }, { "boss", "example.net", 1 }, { "user", "example.net", 3 } };
    assert_ptr_equal(context, &questions);
    questions++;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (span_is(local, known[i].local) && span_is(domain, known[i].domain))
            return known[i].times;
    return 0;
}

static bool wrote(void *context, struct span message_id)
{
    assert_ptr_equal(context, &questions);
    questions++;
    return span_is(message_id, "mine.1@example.net");
}

static const struct rule_sent_mail sent_mail = { &questions, written_to, wrote };
static const char *const own_domains[] = { "example.net", NULL };
static const char *const authserv_ids[] = { "mx.example.net", NULL };
static const struct rule_context context = { .user = "user@example.net", .own_domains = own_domains,
                                             .authserv_ids = authserv_ids, .sent_mail = &sent_mail };

/* The detail of that check's hit; a length of 0 and no data when it does not fire. */
static struct span detail_of(struct span message, const char *name, const struct rule_context *known,
                             struct arena *arena)
{
    struct hits hits;
    rules_evaluate(message_parse(message, arena), known, NULL, arena, &hits);
    for (size_t i = 0; i < hits.count; i++)
        if (strcmp(hits.items[i].name, name) == 0)
            return hits.items[i].detail;
    return SPAN_EMPTY;
}

static void each_row_fires_or_does_not(void **state)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        if ((detail_of(span_of(rows[i].message), rows[i].check, &context, arena).length > 0) != rows[i].fires) {
            print_message("# %s should%s fire on:\n%s\n", rows[i].check, rows[i].fires ? "" : " not", rows[i].message);
            wrong++;
        }
        arena_free(arena);
    }
    assert_int_equal(wrong, 0);
}

static void nothing_fires_where_nothing_is_known(void **state)
{
    const struct rule_context nothing = { .user = "user@example.net", .authserv_ids = authserv_ids };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        if (detail_of(span_of(rows[i].message), rows[i].check, &nothing, arena).length > 0)
            fail_msg("%s fires on:\n%s", rows[i].check, rows[i].message);
        arena_free(arena);
    }
}

static void details_say_what_was_found(void **state)
{
    static const struct {
        const char *check, *message, *want;
    } cases[] = {
        { "KNOWN_CORRESPONDENT", SIGNED RELAY ANNA REST, "you have written to anna@example.org 14 times" },
        { "KNOWN_CORRESPONDENT", REPORT("dkim=pass header.d=example.net") RELAY "From: boss@example.net\n" REST,
          "you have written to boss@example.net once" },
        { "CORRESPONDENT_AUTHENTICATED", SIGNED RELAY ANNA REST,
          "our mail server found that example.org sent it" },
        { "ANSWERS_YOU", RELAY ANNA "In-Reply-To: " OWN_ID "\n" REST,
          "it answers your message mine.1@example.net" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct span got = detail_of(span_of(cases[i].message), cases[i].check, &context, arena);
        assert_span_is(got, cases[i].want);
        arena_free(arena);
    }
}

/* A field of nothing but identifiers costs a bounded number of questions. */
static void long_threads_ask_a_bounded_number_of_questions(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer message = buffer_new(arena, 1 << 18);
    buffer_append_string(&message, RELAY ANNA "References:");
    for (int i = 0; i < 5000; i++)
        buffer_append_format(&message, " <%d@x>", i);
    buffer_append_string(&message, "\n" REST);
    questions = 0;
    assert_int_equal(detail_of(buffer_span(&message), "ANSWERS_YOU", &context, arena).length, 0);
    assert_true(questions > 50 && questions < 200);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_fires_or_does_not),
        cmocka_unit_test(nothing_fires_where_nothing_is_known),
        cmocka_unit_test(details_say_what_was_found),
        cmocka_unit_test(long_threads_ask_a_bounded_number_of_questions),
    };
    message_library_start();
    return cmocka_run_group_tests_name("check-correspondents", tests, NULL, NULL);
}
