/* test-fingerprint.c - which messages are the same, and which verdict is believed */
#include "unit.h"

#include <stdlib.h>

#include "mailbox/fingerprint.h"

#define FIELDS "From: a@example.net\nSubject: one two\nDate: Tue, 4 Jun 2024 10:00:00 +0200\nMessage-ID: <1@x>\n"
#define MESSAGE FIELDS "\nThe text.\n"
#define VERDICT(word) \
    "X-Tamis: id=00112233445566778899aabbccddeeff, verdict=" word ", probability=0.5000,\n\tversion=1\n"

static const struct {
    const char *name, *message;
    bool same;
    enum said said;
} cases[] = {
    { "itself", MESSAGE, true, SAID_NOTHING },
    { "CRLF", "From: a@example.net\r\nSubject: one two\r\nDate: Tue, 4 Jun 2024 10:00:00 +0200\r\nMessage-ID: <1@x>\r\n"
              "\r\nThe text.\r\n", true, SAID_NOTHING },
    { "folded", "From: a@example.net\nSubject: one\n two\nDate: Tue, 4 Jun 2024 10:00:00 +0200\nMessage-ID:\n <1@x>\n"
                "\nThe text.\n", true, SAID_NOTHING },
    { "no final newline", FIELDS "\nThe text.", true, SAID_NOTHING },
    { "mbox line", "From x Tue Jun  4 10:00:00 2024\n" MESSAGE, true, SAID_NOTHING },
    { "fields of others", "Received: by x\nX-Spam-Flag: YES\n" MESSAGE, true, SAID_NOTHING },
    { "other order and case", "MESSAGE-ID: <1@x>\nSubject: one two\nDate: Tue, 4 Jun 2024 10:00:00 +0200\n"
                              "From : a@example.net\n\nThe text.\n", true, SAID_NOTHING },
    { "second Subject", FIELDS "Subject: three\n\nThe text.\n", true, SAID_NOTHING },
    { "other text", FIELDS "\nThe texts.\n", false, SAID_NOTHING },
    { "other Message-ID", "From: a@example.net\nSubject: one two\nDate: Tue, 4 Jun 2024 10:00:00 +0200\n"
                          "Message-ID: <2@x>\n\nThe text.\n", false, SAID_NOTHING },
    { "Subject in the body", "From: a@example.net\nDate: Tue, 4 Jun 2024 10:00:00 +0200\nMessage-ID: <1@x>\n"
                             "\nSubject: one two\nThe text.\n", false, SAID_NOTHING },
    { "nothing", "", false, SAID_NOTHING },
    { "ham", VERDICT("ham") MESSAGE, true, SAID_HAM },
    { "unsure", VERDICT("unsure") MESSAGE, true, SAID_UNSURE },
    { "spam", VERDICT("spam") "Received: by x\n" MESSAGE, true, SAID_SPAM },
    { "folded verdict", "X-Tamis: id=00,\n\tverdict=spam,\n\tprobability=1\n" MESSAGE, true, SAID_SPAM },
    { "unchecked", "X-Tamis: unchecked, reason=late, version=1\n" MESSAGE, true, SAID_UNSURE },
    { "below Received", "Received: by x\n" VERDICT("spam") MESSAGE, true, SAID_NOTHING },
    { "the topmost counts", VERDICT("ham") VERDICT("spam") MESSAGE, true, SAID_HAM },
    { "rubbish on top", "X-Tamis: verdict=spammy\n" VERDICT("spam") MESSAGE, true, SAID_NOTHING },
    { "in the body", MESSAGE VERDICT("spam"), false, SAID_NOTHING },
    { "lines that are no fields", "no field\n\tfolded\n:\n" MESSAGE, true, SAID_NOTHING },
};

static void messages_are_told_apart(void **state)
{
    struct fingerprint want = fingerprint_of(span_of(MESSAGE));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fingerprint got = fingerprint_of(span_of(cases[i].message));
        bool same = memcmp(got.bytes, want.bytes, 16) == 0;
        if (same != cases[i].same || got.said != cases[i].said)
            fail_msg("%s: same %d, said %d", cases[i].name, same, (int)got.said);
    }
}

/* Headers and lines of any length: linear, and within the bytes given. */
static void size_does_not_matter(void **state)
{
    static const char *const pieces[] = { "X", "X-A: b\n", "\n ", "Subject: a\n ", "\r", ":", "X-Tamis: spam\n" };
    size_t length = FINGERPRINT_READS * 3;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        char *text = malloc(length);
        for (size_t j = 0; j < length; j++)
            text[j] = pieces[i][j % strlen(pieces[i])];
        struct fingerprint whole = fingerprint_of(span_make(text, length));
        struct fingerprint head = fingerprint_of(span_make(text, FINGERPRINT_READS));
        assert_memory_equal(whole.bytes, head.bytes, 16);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_told_apart),
        cmocka_unit_test(size_does_not_matter),
    };
    return cmocka_run_group_tests_name("fingerprint", tests, NULL, NULL);
}
