/* test-correspondents.c - who is known after which sent messages, and what a damaged file does */
#include "unit.h"

#include "senders/correspondents.h"

#include "scratch.h"

#define DAY 86400

struct sent {
    const char *identity, *from, *to; /* mailboxes apart by blanks */
    int day;
};

static size_t split(const char *text, struct span out[200])
{
    size_t count = 0;
    struct span rest = span_of(text);
    for (struct span word = span_take_word(&rest, " "); word.length; word = span_take_word(&rest, " "))
        out[count++] = word;
    return count;
}

static bool add(struct correspondents_gathering *gathering, const struct sent *sent)
{
    struct span from[200], to[200];
    struct sent_message message = { .identity = span_of(sent->identity), .time = (int64_t)sent->day * DAY,
                                    .from = from, .to = to };
    message.from_count = split(sent->from, from);
    message.to_count = split(sent->to, to);
    return correspondents_add(gathering, &message);
}

/* One run: adds and saves; gives how many were new. */
static size_t gather(const struct sent *sent, size_t count)
{
    struct failure failure = { 0 };
    size_t added = 0;
    struct correspondents_gathering *gathering = correspondents_gather(scratch, &failure);
    for (size_t i = 0; i < count && sent[i].identity; i++)
        added += add(gathering, &sent[i]);
    if (!correspondents_save(gathering, true, &failure))
        fail_msg("%s", failure.reason);
    correspondents_gather_end(&gathering);
    assert_null(gathering);
    return added;
}

static unsigned written_to(const char *local, const char *domain)
{
    struct arena *arena = arena_new(1 << 20);
    struct correspondents_book book = { .directory = scratch };
    unsigned times = correspondents_written_to(&book, span_of(local), span_of(domain), arena);
    correspondents_close(&book);
    arena_free(arena);
    return times;
}

static bool wrote(const char *message_id)
{
    struct correspondents_book book = { .directory = scratch };
    bool found = correspondents_wrote(&book, span_of(message_id));
    correspondents_close(&book);
    return found;
}

static const struct {
    const char *name;
    struct sent sent[4];
    const char *local, *domain;
    unsigned want;
} cases[] = {
    { "nothing sent", { { 0 } }, "ann", "example.net", 0 },
    { "written to", { { "<1@x>", "joe@example.org", "ann@example.net", 100 } }, "ann", "example.net", 1 },
    { "somebody else", { { "<1@x>", "joe@example.org", "ann@example.net", 100 } }, "anna", "example.net", 0 },
    { "the same name elsewhere", { { "<1@x>", "joe@example.org", "ann@example.net", 100 } }, "ann", "example.com", 0 },
    { "in another case", { { "<1@x>", "joe@example.org", "Ann@EXAMPLE.net", 100 } }, "aNN", "Example.Net", 1 },
    { "by IDNA", { { "<1@x>", "joe@example.org", "ann@xn--bcher-kva.example", 100 } }, "ann",
      "b\xC3\xBC" "cher.example", 1 },
    { "several times",
      { { "<1@x>", "joe@example.org", "ann@example.net bob@example.com", 100 },
        { "<2@x>", "joe@example.org", "ann@example.net", 101 } },
      "ann", "example.net", 2 },
    { "the same message again",
      { { "<1@x>", "joe@example.org", "ann@example.net", 100 }, { "1@x", "joe@example.org", "ann@example.net", 100 } },
      "ann", "example.net", 1 },
    { "the user", { { "<1@x>", "joe@example.org", "ann@example.net", 100 } }, "joe", "example.org", 0 },
    { "the user, who keeps copies of some",
      { { "<1@x>", "joe@example.org", "ann@example.net joe@example.org", 100 },
        { "<2@x>", "joe@example.org", "ann@example.net", 100 } },
      "joe", "example.org", 0 },
    { "no message identity", { { "", "joe@example.org", "ann@example.net", 100 } }, "ann", "example.net", 0 },
    { "no local part", { { "<1@x>", "joe@example.org", "ann@example.net", 100 } }, "", "example.net", 0 },
    { "no domain", { { "<1@x>", "joe@example.org", "ann@example.net", 100 } }, "ann", "", 0 },
};

static void those_written_to_are_known(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unlink(scratch_path(CORRESPONDENTS_FILE));
        gather(cases[i].sent, sizeof cases[i].sent / sizeof *cases[i].sent);
        unsigned got = written_to(cases[i].local, cases[i].domain);
        if (got != cases[i].want)
            fail_msg("%s: got %u, want %u", cases[i].name, got, cases[i].want);
    }
}

static void messages_are_known_by_their_identity(void **state)
{
    const struct sent sent[] = { { "<a.1@example.org>", "joe@example.org", "ann@example.net", 100 } };
    gather(sent, 1);
    assert_true(wrote("<a.1@example.org>"));
    assert_true(wrote(" a.1@example.org"));
    assert_false(wrote("<a.2@example.org>"));
    assert_false(wrote("<A.1@example.org>"));
    assert_false(wrote("<>"));
    assert_false(wrote(""));
}

static void later_runs_add_up(void **state)
{
    const struct sent first[] = { { "<1@x>", "joe@example.org", "ann@example.net", 100 } };
    const struct sent second[] = { { "<1@x>", "joe@example.org", "ann@example.net", 100 },
                                   { "<2@x>", "joe@example.org", "ann@example.net", 101 } };
    assert_int_equal(gather(first, 1), 1);
    assert_int_equal(gather(second, 2), 1);
    assert_int_equal(written_to("ann", "example.net"), 2);
    assert_true(wrote("<1@x>"));
    assert_true(wrote("<2@x>"));
}

/* `asked`: which of the files a, b, c the run met; gives which of them it knew. */
static void run_over_files(const char *asked, bool forget, const char *want_known)
{
    char known[4] = "";
    struct failure failure = { 0 };
    struct correspondents_gathering *gathering = correspondents_gather(scratch, &failure);
    for (size_t i = 0; asked[i]; i++) {
        if (correspondents_file_is_known(gathering, span_make(asked + i, 1)))
            strncat(known, asked + i, 1);
        else
            correspondents_file_done(gathering, span_make(asked + i, 1));
    }
    assert_true(correspondents_save(gathering, forget, &failure));
    correspondents_gather_end(&gathering);
    assert_string_equal(known, want_known);
}

static void files_are_read_once(void **state)
{
    run_over_files("ab", true, "");
    run_over_files("abc", true, "ab");
    run_over_files("c", false, "c");
    run_over_files("abc", true, "abc");
    run_over_files("b", true, "b"); /* a and c are gone */
    run_over_files("abc", true, "b");
}

static void nothing_new_writes_nothing(void **state)
{
    const struct sent sent[] = { { "<1@x>", "joe@example.org", "ann@example.net", 100 } };
    struct stat before, after;
    gather(sent, 1);
    assert_int_equal(stat(scratch_path(CORRESPONDENTS_FILE), &before), 0);
    assert_int_equal(before.st_mode & 0777, 0600);
    gather(sent, 1);
    assert_int_equal(stat(scratch_path(CORRESPONDENTS_FILE), &after), 0);
    assert_true(before.st_ino == after.st_ino);
}

/* More than is kept: the newest stay, and the user, whose address came first. */
static void what_is_kept_is_bounded(void **state)
{
    char identity[40], to[60];
    struct failure failure = { 0 };
    struct correspondents_gathering *gathering = correspondents_gather(scratch, &failure);
    for (int i = 0; i < CORRESPONDENTS_MESSAGES_MOST + 50; i++) {
        snprintf(identity, sizeof identity, "<%d@x>", i);
        snprintf(to, sizeof to, "person%d@example.net", i);
        assert_true(add(gathering, &(struct sent){ identity, i ? "joe@example.org" : "jo@example.org", to, 1 + i }));
    }
    assert_true(correspondents_save(gathering, true, &failure));
    correspondents_gather_end(&gathering);
    assert_int_equal(written_to("person0", "example.net"), 0);
    assert_int_equal(written_to("person51", "example.net"), 0);
    assert_int_equal(written_to("person52", "example.net"), 1); /* 50 too many, and two places for the user's own */
    assert_false(wrote("<49@x>"));
    assert_true(wrote("<50@x>"));
    /* What was dropped is not counted a second time. */
    const struct sent old[] = { { "<3@x>", "joe@example.org", "person60@example.net", 4 } };
    assert_int_equal(gather(old, 1), 0);
    assert_int_equal(written_to("person60", "example.net"), 1);
    /* The user's own address is still known as such. */
    const struct sent self[] = { { "<new@x>", "joe@example.org", "jo@example.org", 30000 } };
    assert_int_equal(gather(self, 1), 1);
    assert_int_equal(written_to("jo", "example.org"), 0);
}

static void recipients_of_one_message_are_bounded(void **state)
{
    char to[200 * 20] = "";
    for (int i = 0; i < CORRESPONDENTS_OF_ONE_MESSAGE + 1; i++)
        snprintf(to + strlen(to), sizeof to - strlen(to), "p%d@example.net ", i);
    gather(&(struct sent){ "<1@x>", "joe@example.org", to, 100 }, 1);
    assert_int_equal(written_to("p99", "example.net"), 1);
    assert_int_equal(written_to("p100", "example.net"), 0);
}

/* Every byte of a small file changed, and every length: never a crash, never somebody who was not there; gathering
 * starts anew. */
static void damage_is_noticed(void **state)
{
    const struct sent sent[] = { { "<1@x>", "joe@example.org", "ann@example.net", 100 },
                                 { "<2@x>", "joe@example.org", "bob@example.net", 100 } };
    struct file_bytes whole;
    struct failure failure = { 0 };
    gather(sent, 2);
    assert_true(file_read(scratch_path(CORRESPONDENTS_FILE), 0, &whole, &failure));
    for (size_t i = 0; i < 2 * whole.length; i++) {
        bool cut = i >= whole.length;
        size_t length = cut ? i - whole.length : whole.length;
        char old = whole.data[i % whole.length];
        whole.data[i % whole.length] = (char)(old ^ 0x81);
        assert_true(file_replace(scratch_path(CORRESPONDENTS_FILE), span_make(whole.data, length), 0600, &failure));
        whole.data[i % whole.length] = old;
        assert_int_equal(written_to("eve", "example.net"), 0);
        assert_false(wrote("<3@x>"));
        written_to("ann", "example.net");
        struct failure why = { 0 };
        struct correspondents_gathering *gathering = correspondents_gather(scratch, &why);
        if (why.kind != FAILURE_DAMAGED)
            fail_msg("byte %zu of %zu %s: not noticed", i % whole.length, whole.length, cut ? "cut" : "changed");
        correspondents_gather_end(&gathering);
    }
    file_bytes_free(&whole);
}

static void count_shown(void *context, const struct correspondent_shown *shown)
{
    size_t *counts = context;
    bool ann = span_is(shown->mailbox, "ann@example.net");
    counts[ann ? 0 : 1]++;
    assert_int_equal(shown->sent_to, ann ? 2 : 0);
    assert_true(shown->is_own != ann);
    assert_int_equal(shown->last, 101);
}

static void all_can_be_shown(void **state)
{
    const struct sent sent[] = { { "<1@x>", "joe@example.org", "ann@example.net", 100 },
                                 { "<2@x>", "joe@example.org", "ann@example.net", 101 } };
    size_t counts[2] = { 0 };
    gather(sent, 2);
    struct correspondents_book book = { .directory = scratch };
    correspondents_visit(&book, count_shown, counts);
    correspondents_close(&book);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(those_written_to_are_known),
        IN_SCRATCH(messages_are_known_by_their_identity),
        IN_SCRATCH(later_runs_add_up),
        IN_SCRATCH(files_are_read_once),
        IN_SCRATCH(nothing_new_writes_nothing),
        IN_SCRATCH(what_is_kept_is_bounded),
        IN_SCRATCH(recipients_of_one_message_are_bounded),
        IN_SCRATCH(damage_is_noticed),
        IN_SCRATCH(all_can_be_shown),
    };
    return cmocka_run_group_tests_name("correspondents", tests, NULL, NULL);
}
