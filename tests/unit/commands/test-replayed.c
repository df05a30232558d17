/* test-replayed.c - what a child says of a message that is evaluated, and answers that say something else */
#include "unit.h"

#include "commands/batches.h"
#include "commands/replayed.h"
#include "util/limits.h"

static const char message[] =
    "Received: from mail.example.org (mail.example.org [192.0.2.25])\n\tby mx.example.net (Postfix) with ESMTP id 4F1\n"
    "\tfor <user@example.net>; Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\n"
    "From: Anna Berg <anna@example.org>\nTo: user@example.net\n\nShall we meet at http://fine.example/ at noon?\n";

static struct buffer write_record(struct arena *arena)
{
    static const struct settings settings;
    struct buffer record = buffer_new(arena, BATCH_RECORD_MOST);
    replayed_write(span_of(message), &settings, 7, NULL, arena, &record);
    return record;
}

static void a_record_says_what_the_message_says(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer record = write_record(arena);
    struct replayed replayed;
    assert_true(replayed_read(buffer_span(&record), arena, &replayed));
    assert_int_equal(replayed.came, 1795341600);
    assert_int_equal(replayed.features.trace.arrived, 1795341600);
    assert_int_equal(replayed.features.trace.host_count, 1);
    assert_true(replayed.hits.count > 0 && replayed.features.gram_count > 0 && replayed.starter == 0);
    arena_free(arena);
}

/* What a child may answer that has been taken over: a whole record with some bytes of it changed. */
static const struct {
    const char *name;
    size_t at;
    const char *bytes;
    size_t length;
} changes[] = {
    { "a time beyond all calendars", 0, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 8 },
    { "a script that is none", 8, "\x7F", 1 },
    { "a log-odds that is no number", 9, "\0\0\0\0\0\0\xF8\x7F", 8 },
    { "an infinite one", 9, "\0\0\0\0\0\0\xF0\x7F", 8 },
    { "too many hits", 17, "\xFF\xFF", 2 },
};

static void records_are_not_trusted(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct replayed replayed;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct buffer record = write_record(arena);
        memcpy(record.data + changes[i].at, changes[i].bytes, changes[i].length);
        if (replayed_read(buffer_span(&record), arena, &replayed))
            fail_msg("%s", changes[i].name);
    }
    arena_free(arena);
}

/* Cut anywhere, or with a byte more. */
static void only_whole_records_are_read(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer record = write_record(arena);
    struct replayed replayed;
    for (size_t length = 0; length < record.length; length++) {
        struct arena *own = arena_new(LIMIT_MESSAGE_ARENA);
        if (replayed_read(span_head(buffer_span(&record), length), own, &replayed))
            fail_msg("%zu bytes of %zu", length, record.length);
        arena_free(own);
    }
    buffer_append_byte(&record, 0);
    assert_false(replayed_read(buffer_span(&record), arena, &replayed));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_says_what_the_message_says),
        cmocka_unit_test(records_are_not_trusted),
        cmocka_unit_test(only_whole_records_are_read),
    };
    return cmocka_run_group_tests_name("replayed", tests, NULL, NULL);
}
