/* test-batches.c - many messages read a batch at a time, and what one of them may do to the others */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "commands/batches.h"
#include "util/limits.h"
#include "util/log.h"

/* What the visitor saw, word by word; in brackets what could not be read. */
struct seen {
    struct buffer words;
    size_t count;
    bool in_order; /* the notes count up */
    unsigned begun;
};

/* A message says what becomes of it. */
static void read_word(void *context, struct span message, struct arena *arena, struct buffer *record)
{
    static const char much[200 * 1024];
    (void)context, (void)arena;
    if (span_is(message, "die"))
        abort();
    buffer_append(record, span_head(message, 100));
    if (span_is(message, "long"))
        buffer_append(record, span_make(much, sizeof much));
    for (int i = 0; span_is(message, "endless") && i < 3; i++)
        buffer_append(record, span_make(much, sizeof much));
}

static void count_begin(void *context)
{
    ((struct seen *)context)->begun++;
}

static enum batch_step see_word(void *context, const struct batched_message *message, const struct span *record,
                                struct arena *arena)
{
    struct seen *seen = context;
    (void)arena;
    if (record && (span_is(*record, "bad") || record->length == BATCH_RECORD_MOST))
        return BATCH_MALFORMED;
    seen->in_order = seen->in_order && message->note == seen->count;
    seen->count++;
    assert_true(span_starts_nocase(message->bytes, message->name));
    buffer_append_format(&seen->words, record ? "%s%s" : "%s(%s)", seen->words.length ? " " : "", message->name);
    return span_is(message->bytes, "stop") ? BATCH_STOP : BATCH_GO_ON;
}

static const struct batch_reader reader = { count_begin, read_word, see_word };

/* Reads the words of `text`, which are messages; false when the reading was stopped. */
static bool read_words(const char *text, struct arena *arena, struct seen *seen)
{
    *seen = (struct seen){ .words = buffer_new(arena, 64 * 1024), .in_order = true };
    struct batches *batches = batches_new(&reader, seen);
    struct span rest = span_of(text);
    bool good = true;
    for (uint64_t number = 0; good && rest.length; number++) {
        struct span word = arena_copy(arena, span_head(rest, span_find_byte(rest, ' ')));
        const struct source_message message = { .bytes = word, .name = word.data };
        rest = span_from(rest, word.length + (word.length < rest.length));
        good = batches_add(batches, &message, number);
    }
    good = batches_finish(batches) && good;
    batches_free(&batches);
    return good;
}

static const struct {
    const char *name, *messages, *want;
    bool stopped;
    unsigned children;
} rows[] = {
    { "nothing", "", "", false, 0 },
    { "one", "a", "a", false, 1 },
    { "several", "a b c", "a b c", false, 1 },
    { "one the child dies of", "a die b c", "a (die) b c", false, 2 },
    { "the first and the last", "die a die", "(die) a (die)", false, 2 },
    { "all of them", "die die", "(die) (die)", false, 2 },
    { "what is no record", "a bad b", "a (bad) b", false, 2 },
    { "a record that has no end", "a endless b", "a (endless) b", false, 2 },
    { "the visitor has had enough", "a stop b c", "a stop", true, 1 },
};

static void one_message_harms_no_other(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct seen seen;
        bool good = read_words(rows[i].messages, arena, &seen);
        if (good == rows[i].stopped || !span_is(buffer_span(&seen.words), rows[i].want) || !seen.in_order ||
            seen.begun != rows[i].children)
            fail_msg("%s: %d, \"%.*s\", %u children", rows[i].name, good, (int)seen.words.length, seen.words.data,
                     seen.begun);
        arena_free(arena);
    }
}

#define BATCH 64 /* so many messages at most */

/* Each of these messages, so often. */
static void many(const char *word, size_t times)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer text = buffer_new(arena, 64 * 1024);
    struct seen seen;
    for (size_t i = 0; i < times; i++)
        buffer_append_format(&text, "%s%s", i ? " " : "", word);
    assert_true(read_words(arena_copy(arena, buffer_span(&text)).data, arena, &seen));
    assert_true(span_equal(buffer_span(&seen.words), buffer_span(&text)));
    assert_true(seen.in_order);
    arena_free(arena);
}

static void many_messages_come_in_order(void **state)
{
    many("a", 6 * BATCH + 1);
}

/* Together they are more than a child may answer, and none of them is to blame. */
static void long_records_are_read_in_several_children(void **state)
{
    many("long", 2 * BATCH);
}

#define LARGE ((size_t)9 * 1024 * 1024)

/* More than a batch holds is read while it is the caller's, after what came before it. */
static void a_large_message_is_read_at_once(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct seen seen = { .words = buffer_new(arena, 100), .in_order = true };
    struct batches *batches = batches_new(&reader, &seen);
    char *large = malloc(LARGE);
    assert_non_null(large);
    memset(large, 'x', LARGE);
    const struct source_message messages[] = { { span_of("a"), "a" }, { span_make(large, LARGE), "xx" } };
    for (size_t i = 0; i < 2; i++)
        assert_true(batches_add(batches, &messages[i], i));
    free(large);
    assert_span_is(buffer_span(&seen.words), "a xx");
    assert_true(seen.in_order && batches_finish(batches));
    batches_free(&batches);
    arena_free(arena);
}

/* Neither what was added before it nor what is added after; the one who adds is told at once. */
static void nothing_is_read_after_a_stop(void **state)
{
    static char large[LARGE];
    const struct source_message first = { span_of("stop"), "stop" }, small = { span_of("a"), "a" };
    const struct {
        const char *name;
        struct source_message next;
        size_t added;      /* until the stop is told */
        unsigned children; /* the others read what was collected meanwhile, for nobody */
    } cases[] = {
        { "small ones", small, 3 * BATCH, 3 },
        { "a large one", { span_make(large, sizeof large), "stop" }, 1, 2 },
    };
    memcpy(large, "stop", 4);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct seen seen = { .words = buffer_new(arena, 100), .in_order = true };
        struct batches *batches = batches_new(&reader, &seen);
        size_t added = 0;
        for (const struct source_message *next = &first; batches_add(batches, next, added); next = &cases[i].next)
            added++;
        bool more = batches_add(batches, &small, added) || batches_finish(batches);
        if (added != cases[i].added || more || seen.begun != cases[i].children || seen.count != 1)
            fail_msg("%s: %zu added, %u children, %zu seen", cases[i].name, added, seen.begun, seen.count);
        batches_free(&batches);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_message_harms_no_other),
        cmocka_unit_test(many_messages_come_in_order),
        cmocka_unit_test(long_records_are_read_in_several_children),
        cmocka_unit_test(a_large_message_is_read_at_once),
        cmocka_unit_test(nothing_is_read_after_a_stop),
    };
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    return cmocka_run_group_tests_name("batches", tests, NULL, NULL);
}
