/* test-check-history.c - what earlier mail says of a message's relay, hosts and script, and what mail leaves behind */
#include "unit.h"

#include <stdlib.h>

#include "rules/evaluate.h"
#include "rules/trace.h"
#include "util/limits.h"

#define NOW 1795341600 /* Sun, 22 Nov 2026 10:00:00 +0000 */
#define DAY 86400

#define VIA(ip)                                                                                                    \
    "Received: from mail.example.org (mail.example.org [" ip "])\n\tby mx.example.net (Postfix) with ESMTP id 4F1\n" \
    "\tfor <user@example.net>; Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\n"
#define HEAD                                                                                                     \
    "From: Anna Berg <anna@example.org>\nTo: user@example.net\nSubject: lunch\nMIME-Version: 1.0\n"                \
    "Date: Sun, 22 Nov 2026 09:59:00 +0000\nMessage-ID: <20261122.1@example.org>\n"                                \
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
#define PLAIN HEAD "Shall we meet at noon?\n"
#define CYRILLIC                                                                                                  \
    "\xD0\x94\xD0\xBE\xD0\xB1\xD1\x80\xD1\x8B\xD0\xB9 \xD0\xB4\xD0\xB5\xD0\xBD\xD1\x8C "                          \
    "\xD0\x92\xD1\x81\xD1\x82\xD1\x80\xD0\xB5\xD1\x82\xD0\xB8\xD0\xBC\xD1\x81\xD1\x8F "                           \
    "\xD0\xBF\xD0\xBE\xD1\x81\xD0\xBB\xD0\xB5 \xD1\x80\xD0\xB0\xD0\xB1\xD0\xBE\xD1\x82\xD1\x8B\n"

static const char *const own_domains[] = { "example.net", NULL };

/* --- what has come before --------------------------------------------------------------------------------------- */

/* Each step is one message `count` times: "ham", "spam" learned from, or "came" for arrivals; `ago` in seconds. */
struct step {
    const char *what;
    int count;
    const char *message;
    int ago;
};
#define STEPS 3

static void take_step(struct history *history, const struct step *step)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct rule_context context = { .now = NOW, .own_domains = own_domains };
    struct trace trace;
    struct failure failure;
    trace_of_message(message_parse(span_of(step->message), arena), &context, arena, &trace);
    for (int i = 0; i < step->count; i++)
        if (strcmp(step->what, "came") == 0)
            assert_true(history_note_arrival(history, trace.relay, NOW - step->ago, &failure));
        else
            assert_true(history_learn(history, &trace, step->what[0] == 's' ? LABEL_SPAM : LABEL_HAM, false,
                                      NOW - step->ago, &failure));
    arena_free(arena);
}

static const struct {
    const char *check;
    bool fires;
    const char *message;
    struct step before[STEPS];
    const char *detail;
} rows[] = {
    { "RELAY_KNOWN_SPAM", true, VIA("192.0.2.25") PLAIN, { { "spam", 3, VIA("192.0.2.25") PLAIN, 0 } },
      "3 messages from the network of 192.0.2.25 were spam and none was ham, the last within a day" },
    { "RELAY_KNOWN_SPAM", true, VIA("192.0.2.25") PLAIN, { { "spam", 4, VIA("192.0.2.77") PLAIN, 30 * DAY } },
      "4 messages from the network of 192.0.2.25 were spam and none was ham, the last 30 days ago" },
    { "RELAY_KNOWN_SPAM", true, VIA("IPv6:2001:db8:1::25") PLAIN,
      { { "spam", 3, VIA("IPv6:2001:db8:1:2::9") PLAIN, DAY } },
      "3 messages from the network of 2001:db8:1::25 were spam and none was ham, the last 1 day ago" },
    { "RELAY_KNOWN_SPAM", false, VIA("192.0.2.25") PLAIN, { { "spam", 2, VIA("192.0.2.25") PLAIN, 0 } }, "" },
    { "RELAY_KNOWN_SPAM", false, VIA("192.0.2.25") PLAIN,
      { { "spam", 9, VIA("192.0.2.25") PLAIN, 0 }, { "ham", 1, VIA("192.0.2.25") PLAIN, 0 } }, "" },
    { "RELAY_KNOWN_SPAM", false, VIA("192.0.2.25") PLAIN, { { "spam", 9, VIA("192.0.3.25") PLAIN, 0 } }, "" },
    { "RELAY_KNOWN_SPAM", false, VIA("192.0.2.25") PLAIN, { { "spam", 9, VIA("192.0.2.25") PLAIN, 91 * DAY } }, "" },
    { "RELAY_KNOWN_SPAM", false, PLAIN, { { "spam", 9, PLAIN, 0 } }, "" },
    { "RELAY_KNOWN_SPAM", false, VIA("192.0.2.25") PLAIN, { { "came", 9, VIA("192.0.2.25") PLAIN, 0 } }, "" },

    { "RELAY_KNOWN_HAM", true, VIA("192.0.2.25") PLAIN, { { "ham", 5, VIA("192.0.2.26") PLAIN, 2 * DAY } },
      "5 messages from the network of 192.0.2.25 were ham and none was spam, the last 2 days ago" },
    { "RELAY_KNOWN_HAM", false, VIA("192.0.2.25") PLAIN, { { "ham", 4, VIA("192.0.2.25") PLAIN, 0 } }, "" },
    { "RELAY_KNOWN_HAM", false, VIA("192.0.2.25") PLAIN,
      { { "ham", 9, VIA("192.0.2.25") PLAIN, 0 }, { "spam", 1, VIA("192.0.2.25") PLAIN, 0 } }, "" },

    { "RELAY_BURST", true, VIA("192.0.2.25") PLAIN,
      { { "came", 6, VIA("192.0.2.25") PLAIN, 60 }, { "came", 4, VIA("192.0.2.99") PLAIN, 300 } },
      "10 messages came from the network of 192.0.2.25 within ten minutes, and no ham ever did" },
    { "RELAY_BURST", false, VIA("192.0.2.25") PLAIN, { { "came", 9, VIA("192.0.2.25") PLAIN, 60 } }, "" },
    { "RELAY_BURST", false, VIA("192.0.2.25") PLAIN, { { "came", 50, VIA("192.0.2.25") PLAIN, 700 } }, "" },
    { "RELAY_BURST", false, VIA("192.0.2.25") PLAIN,
      { { "came", 50, VIA("192.0.2.25") PLAIN, 0 }, { "ham", 1, VIA("192.0.2.25") PLAIN, 0 } }, "" },

    { "HOST_KNOWN_SPAM", true, HEAD "http://www.pills.example/x http://fine.example/\n",
      { { "spam", 2, HEAD "http://buy.pills.example/\n", 3 * DAY } },
      "2 spam messages and no ham linked to pills.example, the last 3 days ago" },
    { "HOST_KNOWN_SPAM", true, HEAD "http://a.pills.com/x\n", { { "spam", 2, HEAD "http://b.c.pills.com/\n", 0 } },
      "2 spam messages and no ham linked to pills.com, the last within a day" },
    { "HOST_KNOWN_SPAM", true, HEAD "http://203.0.113.7/x\n", { { "spam", 2, HEAD "http://203.0.113.7/\n", 0 } },
      "2 spam messages and no ham linked to 203.0.113.7, the last within a day" },
    { "HOST_KNOWN_SPAM", false, HEAD "http://pills.example/\n", { { "spam", 1, HEAD "http://pills.example/\n", 0 } },
      "" },
    { "HOST_KNOWN_SPAM", false, HEAD "http://pills.example/\n",
      { { "spam", 9, HEAD "http://pills.example/\n", 0 }, { "ham", 1, HEAD "http://pills.example/\n", 0 } }, "" },
    { "HOST_KNOWN_SPAM", false, HEAD "http://203.0.113.7/\n", { { "spam", 9, HEAD "http://198.51.113.7/\n", 0 } }, "" },
    { "HOST_KNOWN_SPAM", false, HEAD "http://www.google.com/\n", { { "spam", 9, HEAD "http://www.google.com/\n", 0 } },
      "" },
    { "HOST_KNOWN_SPAM", false, HEAD "http://www.example.net/\n",
      { { "spam", 9, HEAD "http://www.example.net/\n", 0 } }, "" },
    { "HOST_KNOWN_SPAM", false, HEAD "http://mine.blogspot.com/\n",
      { { "spam", 9, HEAD "http://theirs.blogspot.com/\n", 0 } }, "" },
    { "HOST_KNOWN_SPAM", false, PLAIN, { { "spam", 9, PLAIN, 0 } }, "" },

    { "HOST_KNOWN_HAM", true, HEAD "http://fine.example/ http://good.example/\n",
      { { "ham", 3, HEAD "http://www.fine.example/ http://good.example/\n", 0 } },
      "your ham has linked to fine.example and 1 other site before, and no spam has" },
    { "HOST_KNOWN_HAM", true, HEAD "http://fine.example/\n", { { "ham", 3, HEAD "http://fine.example/\n", 900 * DAY } },
      "your ham has linked to fine.example before, and no spam has" },
    { "HOST_KNOWN_HAM", false, HEAD "http://fine.example/ http://phish.example/\n",
      { { "ham", 9, HEAD "http://fine.example/\n", 0 } }, "" },
    { "HOST_KNOWN_HAM", false, HEAD "http://fine.example/\n", { { "ham", 2, HEAD "http://fine.example/\n", 0 } }, "" },
    { "HOST_KNOWN_HAM", false, HEAD "http://fine.example/\n",
      { { "ham", 9, HEAD "http://fine.example/\n", 0 }, { "spam", 1, HEAD "http://fine.example/\n", 0 } }, "" },
    { "HOST_KNOWN_HAM", false, HEAD "http://www.google.com/\n", { { "ham", 9, HEAD "http://www.google.com/\n", 0 } },
      "" },
    { "HOST_KNOWN_HAM", false, PLAIN, { { "ham", 9, PLAIN, 0 } }, "" },

    { "NEW_SCRIPT", true, HEAD CYRILLIC, { { "ham", 50, PLAIN, 0 } },
      "most of the text is in Cyrillic letters, which none of your 50 ham messages has" },
    { "NEW_SCRIPT", true, HEAD CYRILLIC, { { "ham", 50, PLAIN, 0 }, { "spam", 9, HEAD CYRILLIC, 0 } },
      "most of the text is in Cyrillic letters, which none of your 50 ham messages has" },
    { "NEW_SCRIPT", false, HEAD CYRILLIC, { { "ham", 49, PLAIN, 0 } }, "" },
    { "NEW_SCRIPT", false, HEAD CYRILLIC, { { "ham", 50, PLAIN, 0 }, { "ham", 1, HEAD CYRILLIC, 0 } }, "" },
    { "NEW_SCRIPT", false, PLAIN, { { "ham", 50, HEAD CYRILLIC, 0 } }, "" }, /* too short to say */
    { "NEW_SCRIPT", false,
      HEAD "\xD0\x94\xD0\xBE\xD0\xB1\xD1\x80\xD1\x8B\xD0\xB9 is how they say hello there, I read\n",
      { { "ham", 50, PLAIN, 0 } }, "" },
};

static const struct hit *find_hit(const struct hits *hits, const char *name)
{
    for (size_t i = 0; i < hits->count; i++)
        if (strcmp(hits->items[i].name, name) == 0)
            return &hits->items[i];
    return NULL;
}

static void each_row_fires_or_does_not(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct history *history = history_new_in_memory();
        for (size_t j = 0; j < STEPS && rows[i].before[j].what; j++)
            take_step(history, &rows[i].before[j]);
        const struct rule_context context = { .now = NOW, .own_domains = own_domains, .history = history };
        struct hits hits;
        rules_evaluate(message_parse(span_of(rows[i].message), arena), &context, NULL, arena, &hits);
        const struct hit *hit = find_hit(&hits, rows[i].check);
        if ((hit != NULL) != rows[i].fires)
            fail_msg("row %zu: %s should%s fire", i, rows[i].check, rows[i].fires ? "" : " not");
        if (hit) {
            assert_span_is(hit->detail, rows[i].detail);
            assert_true(hit->of_history);
        }
        history_close(&history);
        arena_free(arena);
    }
}

/* Whoever has the trace of a message, and not the message, is told the same but for names. */
static void the_trace_alone_is_enough(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct history *history = history_new_in_memory();
        for (size_t j = 0; j < STEPS && rows[i].before[j].what; j++)
            take_step(history, &rows[i].before[j]);
        const struct message *message = message_parse(span_of(rows[i].message), arena);
        const struct rule_context context = { .now = NOW, .own_domains = own_domains, .history = history };
        struct message_trace trace = { .main_script = trace_main_script(message) };
        trace_of_message(message, &context, arena, &trace.trace);
        struct hits all, said;
        rules_evaluate(message, &context, NULL, arena, &all);
        rules_evaluate_history(&trace, &context, NULL, arena, &said);
        size_t of_history = 0;
        for (size_t k = 0; k < all.count; k++) {
            if (!all.items[k].of_history)
                continue;
            const struct hit *hit = find_hit(&said, all.items[k].name);
            of_history++;
            if (!hit || hit->points != all.items[k].points)
                fail_msg("row %zu: %s is missing", i, all.items[k].name);
        }
        assert_int_equal(said.count, of_history);
        history_close(&history);
        arena_free(arena);
    }
}

static void without_a_history_nothing_fires(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct hits hits;
        rules_evaluate(message_parse(span_of(rows[i].message), arena), NULL, NULL, arena, &hits);
        assert_null(find_hit(&hits, rows[i].check));
        arena_free(arena);
    }
}

/* --- what a message leaves -------------------------------------------------------------------------------------- */

static void sites_are_distinct_and_bounded(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer text = buffer_new(arena, 64 * 1024);
    struct trace trace;
    const struct rule_context context = { .now = NOW };
    buffer_append_string(&text, HEAD "http://a.example/ http://www.a.example/ http://b.a.example/x\n");
    trace_of_message(message_parse(buffer_span(&text), arena), &context, arena, &trace);
    assert_int_equal(trace.host_count, 1);
    for (int i = 0; i < 400; i++)
        buffer_append_format(&text, "http://x%d.com/\n", i);
    trace_of_message(message_parse(buffer_span(&text), arena), &context, arena, &trace);
    assert_int_equal(trace.host_count, HISTORY_HOSTS);
    arena_free(arena);
}

static void scripts_are_told_by_their_letters(void **state)
{
    static const struct {
        uint32_t code;
        int script;
    } cases[] = {
        { 'A', SCRIPT_LATIN },     { 'z', SCRIPT_LATIN },      { '0', -1 },
        { '@', -1 },               { 0xE9, SCRIPT_LATIN },     { 0x1EA5, SCRIPT_LATIN },
        { 0x3B1, SCRIPT_GREEK },   { 0x416, SCRIPT_CYRILLIC }, { 0x5D0, SCRIPT_HEBREW },
        { 0x627, SCRIPT_ARABIC },  { 0x915, SCRIPT_DEVANAGARI }, { 0xB95, SCRIPT_INDIC },
        { 0xE01, SCRIPT_THAI },    { 0x10D0, SCRIPT_GEORGIAN }, { 0x3042, SCRIPT_KANA },
        { 0x4E2D, SCRIPT_HAN },    { 0xAC00, SCRIPT_HANGUL },  { 0x20000, SCRIPT_HAN },
        { 0x1F600, -1 },           { 0x10FFFF, -1 },           { 0x2026, -1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (trace_script_of(cases[i].code) != cases[i].script)
            fail_msg("U+%04X: got %d, want %d", (unsigned)cases[i].code, trace_script_of(cases[i].code),
                     cases[i].script);
    for (int i = 0; i < SCRIPTS; i++)
        assert_non_null(trace_script_name((enum script)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_fires_or_does_not),
        cmocka_unit_test(the_trace_alone_is_enough),
        cmocka_unit_test(without_a_history_nothing_fires),
        cmocka_unit_test(sites_are_distinct_and_bounded),
        cmocka_unit_test(scripts_are_told_by_their_letters),
    };
    return cmocka_run_group_tests_name("check-history", tests, NULL, NULL);
}
