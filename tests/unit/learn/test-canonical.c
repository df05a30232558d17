/* test-canonical.c - which parts of a message the learners read, and what a message is recognised by */
#include "unit.h"

#include "learn/canonical.h"
#include "learn/field-use.h"
#include "message-fixture.h"

static void fields_are_used_as_listed(void **state)
{
    static const struct {
        const char *name;
        enum field_use want;
    } rows[] = {
        { "Subject", FIELD_WHOLE },          { "received", FIELD_RELAY },         { "X-Spam-Status", FIELD_LEFT_OUT },
        { "X-SPAM", FIELD_LEFT_OUT },        { "X-Tamis", FIELD_LEFT_OUT },       { "List-Id", FIELD_LEFT_OUT },
        { "Listing", FIELD_WHOLE },          { "DKIM-Signature", FIELD_NAME_ONLY }, { "DKIM", FIELD_WHOLE },
        { "Dates", FIELD_WHOLE },            { "DATE", FIELD_LEFT_OUT },          { "Status", FIELD_LEFT_OUT },
        { "ARC-Seal", FIELD_NAME_ONLY },     { "", FIELD_WHOLE },                 { "\x13tatus", FIELD_WHOLE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (field_use(span_of(rows[i].name)) != rows[i].want)
            fail_msg("%s: got %d, want %d", rows[i].name, (int)field_use(span_of(rows[i].name)), (int)rows[i].want);
}

static void text_is_made_as_drawn_in_the_header(void **state)
{
    static const struct {
        const char *name, *input, *want;
    } rows[] = {
        { "fields, relay path last, facts, body",
          "Received: from a.example by b.example\nSubject: Hi\n  there\nX-Bogosity: Spam\nDKIM-Signature: v=1; b=abc\n"
          "\nOne\n\n\ttwo  three\n",
          "Subject:Hi there\nDKIM-Signature:\nReceived:from a.example by b.example\n\npart:text/plain\nOne\n"
          "two three" },
        { "line ends make no difference", "Subject: a\r\n\r\nb\r\nc\r\n", "Subject:a\n\npart:text/plain\nb\nc" },
        { "invisible characters are dropped, no-break spaces are spaces",
          "Content-Type: text/plain; charset=utf-8\n\nvi\xe2\x80\x8b" "ag\xc2\xad" "ra\xc2\xa0now\n",
          "Content-Type:text/plain; charset=utf-8\n\npart:text/plain\nviagra now" },
        { "empty", "", "\npart:text/plain\n" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = fixture_arena();
        struct canonical canonical;
        canonical_make(fixture_message(rows[i].input, arena), arena, &canonical);
        print_message("%s\n", rows[i].name);
        assert_span_is(canonical.text, rows[i].want);
        assert_true(canonical.body_start <= canonical.short_length && canonical.short_length <= canonical.text.length);
        arena_free(arena);
    }
}

static bool contains(struct span text, const char *word)
{
    while (text.length && !span_starts_nocase(text, word))
        text = span_from(text, 1);
    return text.length > 0;
}

static void hidden_text_is_apart(void **state)
{
    struct arena *arena = fixture_arena();
    struct canonical canonical;
    canonical_make(fixture_message("Content-Type: text/html\n\n<p>Buy now, buy here</p><p>and more to read</p>"
                                   "<div style='display:none'>weather garden music</div><p>end</p>", arena), arena,
                                   &canonical);
    struct span body = span_from(canonical.text, canonical.body_start);
    assert_true(contains(body, "and more") && !contains(body, "garden"));
    assert_span_is(canonical.hidden, "weather garden music");
    arena_free(arena);
}

static void long_messages_are_cut(void **state)
{
    struct arena *arena = fixture_arena();
    struct buffer text = buffer_new(arena, 1 << 20);
    for (int i = 0; i < 200; i++)
        buffer_append_format(&text, "X-Field-%d: %0400d\n", i, i);
    buffer_append_string(&text, "\n");
    for (int i = 0; i < 5000; i++)
        buffer_append_format(&text, "word%d ", i);
    struct canonical canonical;
    canonical_make(message_parse(buffer_span(&text), arena), arena, &canonical);
    assert_in_range(canonical.body_start, CANON_HEADER_BYTES, CANON_HEADER_BYTES + CANON_FACT_BYTES + 200);
    assert_in_range(canonical.text.length - canonical.body_start, CANON_BODY_BYTES - 8, CANON_BODY_BYTES + 8);
    assert_int_equal(canonical.short_length, canonical.body_start + CANON_SHORT_BODY_BYTES);
    arena_free(arena);
}

static void identity_survives_delivery(void **state)
{
    static const char base[] = "Message-ID: <1@x>\nFrom: a@b.example\nSubject: s\n\nbody\n";
    static const struct {
        const char *name, *input;
        bool same;
    } rows[] = {
        { "our verdict added", "X-Spam-Status: Yes\nMessage-ID: <1@x>\nFrom: a@b.example\nSubject: s\n\nbody\n", true },
        { "a hop added", "Received: by z\nMessage-ID: <1@x>\nFrom: a@b.example\nSubject: s\n\nbody\n", true },
        { "an unknown field added", "X-Getmail: z\nMessage-ID: <1@x>\nFrom: a@b.example\nSubject: s\n\nbody\n", true },
        { "CRLF", "Message-ID: <1@x>\r\nFrom: a@b.example\r\nSubject: s\r\n\r\nbody\r\n", true },
        { "mbox line", "From a@b Sat Jan  3 01:05:34 2026\nMessage-ID: <1@x>\nFrom: a@b.example\nSubject: s\n\nbody\n",
          true },
        { "another id", "Message-ID: <2@x>\nFrom: a@b.example\nSubject: s\n\nbody\n", false },
        { "another body", "Message-ID: <1@x>\nFrom: a@b.example\nSubject: s\n\nother\n", false },
        { "text moved between fields", "Message-ID: <1@x>\nFrom: a@b.examples\nSubject:\n\nbody\n", false },
    };
    struct arena *arena = fixture_arena();
    struct features want = fixture_features(base, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct features got = fixture_features(rows[i].input, arena);
        if ((memcmp(got.identity, want.identity, 16) == 0) != rows[i].same)
            fail_msg("%s", rows[i].name);
    }
    arena_free(arena);
}

static void texts_without_a_header_are_told_apart(void **state)
{
    static const struct {
        const char *name, *one, *other;
        bool same;
    } rows[] = {
        { "a line", "see you at noon\n", "see you at one\n", false },
        { "a line that looks like a field", "URGENT: call now\n", "URGENT: call later\n", false },
        { "our verdict added", "see you\n\nAnna\n", "X-Spam-Status: No\nsee you\n\nAnna\n", true },
        { "mbox line", "see you\n", "From a@b Sat Jan  3 01:05:34 2026\nsee you\n", true },
    };
    struct arena *arena = fixture_arena();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct features one = fixture_features(rows[i].one, arena), other = fixture_features(rows[i].other, arena);
        if ((memcmp(one.identity, other.identity, 16) == 0) != rows[i].same)
            fail_msg("%s", rows[i].name);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_used_as_listed),
        cmocka_unit_test(text_is_made_as_drawn_in_the_header),
        cmocka_unit_test(hidden_text_is_apart),
        cmocka_unit_test(long_messages_are_cut),
        cmocka_unit_test(identity_survives_delivery),
        cmocka_unit_test(texts_without_a_header_are_told_apart),
    };
    message_library_start();
    return cmocka_run_group_tests_name("canonical", tests, NULL, NULL);
}
