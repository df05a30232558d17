/* test-sent-header.c - what the header of a sent message says, and answers that say something else */
#include "unit.h"

#include <stdio.h>

#include "commands/sent-header.h"
#include "senders/entry.h"
#include "util/limits.h"

#define ID "Message-ID: <1@example.org>\n"
#define DATE "Date: Tue, 4 Jun 2024 09:00:00 +0200\n"
#define JOE "From: Joe <joe@example.org>\n"
#define ANN "To: Ann <ann@example.net>\n"
#define BODY "\nTo: nobody@example.com\n"
#define HEAD "I<1@example.org>\nD1717484400\nFjoe@example.org\n"
#define FOREIGN "X\n.\n"

static const struct {
    const char *name, *message, *want;
} headers[] = {
    { "plain", JOE ANN ID DATE BODY, HEAD "Tann@example.net\n.\n" },
    { "To, Cc and Bcc", JOE ANN "Cc: bob@example.com\nBcc: carl@example.com\n" ID DATE BODY,
      HEAD "Tann@example.net\nTbob@example.com\nTcarl@example.com\n.\n" },
    { "each once", JOE ANN "Cc: ANN@example.net, bob@example.com, bob@example.com\n" ID DATE BODY,
      HEAD "Tann@example.net\nTbob@example.com\n.\n" },
    { "several fields", JOE ANN "To: bob@example.com\n" ID DATE BODY,
      HEAD "Tann@example.net\nTbob@example.com\n.\n" },
    { "a group", JOE "To: friends: ann@example.net, bob@example.com;\n" ID DATE BODY,
      HEAD "Tann@example.net\nTbob@example.com\n.\n" },
    { "an international domain", JOE "To: ann@b\xC3\xBC" "cher.example\n" ID DATE BODY,
      HEAD "Tann@xn--bcher-kva.example\n.\n" },
    { "to nobody", JOE "To: undisclosed-recipients:;\n" ID DATE BODY, HEAD ".\n" },
    { "no domain", JOE "To: ann, bob@\n" ID DATE BODY, HEAD ".\n" },
    { "an address in a name", JOE "To: \"eve@example.com\" <ann@example.net>\n" ID DATE BODY,
      HEAD "Tann@example.net\n.\n" },
    { "a blank in an address", JOE "To: \"ann berg\"@example.net\n" ID DATE BODY, HEAD ".\n" },
    { "several senders", "From: joe@example.org, jo@example.org\n" ANN ID DATE BODY,
      HEAD "Fjo@example.org\nTann@example.net\n.\n" },
    { "no date", JOE ANN ID BODY, "I<1@example.org>\nD0\nFjoe@example.org\nTann@example.net\n.\n" },
    { "the path back is the sender's", "Return-Path: <joe@example.org>\n" JOE ANN ID DATE BODY,
      HEAD "Tann@example.net\n.\n" },
    { "handed in, as servers note it", "Received: from pc by smtp.example.org with ESMTPSA; x\n" JOE ANN ID DATE BODY,
      HEAD "Tann@example.net\n.\n" },
    { "said to be by a person", "Auto-Submitted: no\n" JOE ANN ID DATE BODY, HEAD "Tann@example.net\n.\n" },
    { "the path back is another's", "Return-Path: <eve@example.com>\n" JOE ANN ID DATE BODY, FOREIGN },
    { "a bounce", "Return-Path: <>\n" JOE ANN ID DATE BODY, FOREIGN },
    { "judged at delivery", "X-Tamis: id=1\n" JOE ANN ID DATE BODY, FOREIGN },
    { "delivered", "Delivered-To: joe@example.org\n" JOE ANN ID DATE BODY, FOREIGN },
    { "by a program", "Auto-Submitted: auto-replied\n" JOE ANN ID DATE BODY, FOREIGN },
    { "no sender", ANN ID DATE BODY, FOREIGN },
    { "nothing", "", FOREIGN },
    { "no header", "\n" JOE ANN, FOREIGN },
};

static void headers_say_whom_the_user_wrote_to(void **state)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct buffer out = buffer_new(arena, SENT_HEADER_BYTES);
        sent_header_write(span_of(headers[i].message), arena, &out);
        if (!span_is(buffer_span(&out), headers[i].want))
            fail_msg("%s: got \"%.*s\"", headers[i].name, (int)out.length, out.data ? out.data : "");
        arena_free(arena);
    }
}

static struct span identity_of(const char *message, struct arena *arena)
{
    struct buffer out = buffer_new(arena, SENT_HEADER_BYTES);
    struct sent_header header;
    sent_header_write(span_of(message), arena, &out);
    struct span bytes = buffer_span(&out);
    assert_true(sent_header_read(&bytes, &header));
    return header.message.identity;
}

/* Two messages without Message-ID, or with one that cannot be kept, are two. */
static void every_message_has_an_identity(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct span one = identity_of(JOE ANN DATE BODY, arena), other = identity_of(JOE ANN BODY, arena);
    struct span odd = identity_of(JOE ANN "Message-ID: two words\n" BODY, arena);
    assert_true(one.length > 10 && other.length > 10 && odd.length > 10);
    assert_false(span_equal(one, other));
    assert_false(span_equal(odd, other));
    assert_true(span_equal(one, identity_of(JOE ANN DATE BODY, arena)));
    arena_free(arena);
}

/* What a child may answer that has been taken over. */
static const struct {
    const char *name, *answer;
    bool want; /* is there a whole answer? */
    size_t from, to;
} answers[] = {
    { "whole", HEAD "Tann@example.net\n.\n", true, 1, 1 },
    { "nothing", "", false, 0, 0 },
    { "cut", HEAD "Tann@example.net\n", false, 1, 1 },
    { "cut in a line", HEAD "Tann@exam", false, 1, 0 },
    { "an empty line", HEAD "\n.\n", false, 1, 0 },
    { "unknown letters", HEAD "?what\nTann@example.net\n.\n", true, 1, 1 },
    { "no address", HEAD "Tann\nT@example.net\nTann@\nT\n.\n", true, 1, 0 },
    { "control bytes", HEAD "Tann\x1B[2J@example.net\n.\n", true, 1, 0 },
    { "no UTF-8", HEAD "Tann\xFF@example.net\n.\n", true, 1, 0 },
    { "too many senders", "Fa@x\nFb@x\nFc@x\nFd@x\nFe@x\n.\n", true, SENT_HEADER_FROM, 0 },
};

static void answers_are_not_trusted(void **state)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct span bytes = span_of(answers[i].answer);
        struct sent_header header;
        bool got = sent_header_read(&bytes, &header);
        if (got != answers[i].want || header.message.from_count != answers[i].from ||
            header.message.to_count != answers[i].to)
            fail_msg("%s: got %d, %zu from, %zu to", answers[i].name, got, header.message.from_count,
                     header.message.to_count);
    }
}

static void recipients_are_bounded(void **state)
{
    char answer[CORRESPONDENTS_OF_ONE_MESSAGE * 40] = "";
    struct sent_header header;
    size_t length = 0;
    for (int i = 0; i < CORRESPONDENTS_OF_ONE_MESSAGE + 20; i++)
        length += (size_t)snprintf(answer + length, sizeof answer - length, "Tp%d@example.net\n", i);
    snprintf(answer + length, sizeof answer - length, "D99999999999999999999999\n.\n");
    struct span bytes = span_of(answer);
    assert_true(sent_header_read(&bytes, &header));
    assert_int_equal(header.message.to_count, CORRESPONDENTS_OF_ONE_MESSAGE);
    assert_int_equal(header.message.time, 0);
    assert_int_equal(bytes.length, 0);
}

/* The longest addresses there are fit the answer. */
static void long_addresses_fit(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer message = buffer_new(arena, 1 << 18), out = buffer_new(arena, SENT_HEADER_BYTES);
    struct sent_header header;
    buffer_append_string(&message, JOE "To: ");
    for (int i = 0; i < 150; i++)
        buffer_append_format(&message, "%0*d@example.net,\n ", ENTRY_LONGEST - 12, i);
    buffer_append_string(&message, "x@example.net\n\n");
    sent_header_write(buffer_span(&message), arena, &out);
    struct span bytes = buffer_span(&out);
    assert_false(out.truncated);
    assert_true(sent_header_read(&bytes, &header));
    assert_int_equal(header.message.to_count, CORRESPONDENTS_OF_ONE_MESSAGE);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_say_whom_the_user_wrote_to),
        cmocka_unit_test(every_message_has_an_identity),
        cmocka_unit_test(answers_are_not_trusted),
        cmocka_unit_test(recipients_are_bounded),
        cmocka_unit_test(long_addresses_fit),
    };
    return cmocka_run_group_tests_name("sent-header", tests, NULL, NULL);
}
