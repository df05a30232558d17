/* test-moves.c - the memory of moves and its queue: kept, damaged, written by many */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailbox/moves-queue.h"
#include "mailbox/moves-records.h"
#include "mailbox/moves.h"
#include "util/file.h"
#include "util/log.h"
#include "util/state-directory.h"

static char scratch[64];

static int make_scratch(void **state)
{
    snprintf(scratch, sizeof scratch, "/tmp/test-moves.XXXXXX");
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    return mkdtemp(scratch) ? 0 : -1;
}

static int remove_scratch(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", scratch);
    return system(command);
}

static const char *in_scratch(const char *name)
{
    static char path[4][256];
    static unsigned turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", scratch, name);
    return path[turn];
}

static void put_message(const char *name, int number)
{
    FILE *file = fopen(in_scratch(name), "w");
    assert_non_null(file);
    fprintf(file, "Subject: %d\nMessage-ID: <%d@x>\n\ntext %d\n", number, number, number);
    fclose(file);
}

static void make_folder(const char *name)
{
    static const char *const parts[] = { "", "/cur", "/new" };
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", name, parts[i]);
        (void)mkdir(in_scratch(path), 0700);
    }
}

static void move_file(const char *name, const char *from, const char *to)
{
    char before[128], after[128];
    snprintf(before, sizeof before, "%s/%s", from, name);
    snprintf(after, sizeof after, "%s/%s", to, name);
    assert_int_equal(rename(in_scratch(before), in_scratch(after)), 0);
}

struct lessons {
    size_t spam, ham;
};

static bool count_lesson(void *context, const struct moves_lesson *lesson)
{
    struct lessons *lessons = context;
    assert_true(!lesson->path || access(lesson->path, R_OK) == 0);
    lessons->spam += lesson->spam;
    lessons->ham += !lesson->spam;
    return true;
}

/* Looks through the folders as of day `day`; gives the lessons, and leaves them to be learned. */
static struct lessons scan(struct moves *moves, int64_t day, struct moves_scan_result *result)
{
    struct arena *arena = arena_new(4 * 1024 * 1024);
    struct folders folders;
    struct lessons lessons = { 0 };
    assert_true(folders_find(in_scratch("M"), NULL, arena, &folders, NULL));
    assert_true(moves_scan(moves, &folders, day * 86400, result, NULL));
    moves_visit_lessons(moves, count_lesson, &lessons);
    arena_free(arena);
    return lessons;
}

static struct moves *open_memory(bool want_first)
{
    struct moves *moves = moves_open(in_scratch("moves"), NULL);
    assert_int_equal(moves->first, want_first);
    return moves;
}

static void make_mailbox(void)
{
    make_folder("M");
    make_folder("M/.Junk");
    make_folder("M/.Trash");
    for (int i = 0; i < 40; i++) {
        char name[64];
        snprintf(name, sizeof name, "M/%s/17000000%02d.M1.host:2,S", i % 4 ? "cur" : ".Junk/cur", i);
        put_message(name, i);
    }
}

/* A day in the far future: no directory is too young to be believed. */
#define DAY 40000

static void lessons_wait_until_they_are_learned(void **state)
{
    struct moves_scan_result result;
    make_mailbox();
    struct moves *moves = open_memory(true);
    struct lessons lessons = scan(moves, DAY, &result);
    assert_int_equal(result.files, 40);
    assert_int_equal(result.opened, 40);
    assert_int_equal(lessons.spam + lessons.ham, 0);
    assert_true(moves_save(moves, NULL));
    moves_close(&moves);
    move_file("1700000001.M1.host:2,S", "M/cur", "M/.Junk/cur");
    move_file("1700000004.M1.host:2,S", "M/.Junk/cur", "M/cur");
    move_file("1700000008.M1.host:2,S", "M/.Junk/cur", "M/.Trash/cur");
    for (int i = 0; i < 3; i++) { /* saved, not learned, and read again */
        moves = open_memory(false);
        lessons = scan(moves, DAY, &result);
        assert_int_equal(lessons.spam, 1);
        assert_int_equal(lessons.ham, 1);
        assert_int_equal(result.opened, i == 0 ? 3 : 0);
        assert_int_equal(result.looked_into, i == 0 ? 3 : 0);
        assert_int_equal(moves_lesson_count(moves), 2);
        assert_true(moves_save(moves, NULL));
        moves_close(&moves);
    }
    moves = open_memory(false);
    for (size_t i = 0; i < 40; i++)
        if (moves_lesson_wanted(moves, i) != BELIEF_NONE)
            moves_lesson_done(moves, i);
    assert_true(moves_save(moves, NULL));
    moves_close(&moves);
    moves = open_memory(false);
    assert_int_equal(moves_lesson_count(moves), 0);
    moves_close(&moves);
    moves_close(&moves); /* NULL is allowed */
}

/* What is gone is remembered for a month: uploaded anew, into Junk, it is a move. */
static void what_is_gone_is_remembered_for_a_while(void **state)
{
    static const struct {
        int64_t days;
        size_t spam;
    } cases[] = { { 1, 1 }, { 29, 1 }, { 31, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct moves_scan_result result;
        make_folder("M");
        make_folder("M/.Junk");
        put_message("M/cur/1700000001.M1.host:2,S", 1);
        struct moves *moves = open_memory(true);
        scan(moves, DAY, &result);
        assert_int_equal(unlink(in_scratch("M/cur/1700000001.M1.host:2,S")), 0);
        scan(moves, DAY + 1, &result);
        scan(moves, DAY + 1 + cases[i].days, &result);
        put_message("M/.Junk/cur/1700000002.M1.host:2,S", 1);
        struct lessons lessons = scan(moves, DAY + 1 + cases[i].days, &result);
        assert_int_equal(lessons.spam, cases[i].spam);
        moves_close(&moves);
        assert_int_equal(unlink(in_scratch("M/.Junk/cur/1700000002.M1.host:2,S")), 0);
    }
}

/* Each byte wrong, each length: noticed, and nothing worse. */
static void damage_is_noticed(void **state)
{
    struct moves_scan_result result;
    make_mailbox();
    struct moves *moves = open_memory(true);
    scan(moves, DAY, &result);
    assert_true(moves_save(moves, NULL));
    moves_close(&moves);
    struct file_bytes bytes;
    assert_true(file_read(in_scratch("moves"), 0, &bytes, NULL));
    for (size_t i = 0; i < bytes.length; i++) {
        bytes.data[i] ^= 0x41;
        size_t length = i % 2 ? bytes.length : i;
        assert_true(file_replace(in_scratch("moves"), span_make(bytes.data, length), 0600, NULL));
        bytes.data[i] ^= 0x41;
        struct failure failure = { 0 };
        moves = moves_open(in_scratch("moves"), &failure);
        assert_true(moves->first);
        assert_int_equal(failure.kind, FAILURE_DAMAGED);
        moves_close(&moves);
        i += i > 400 ? 13 : 0;
    }
    file_bytes_free(&bytes);
}

/* --- marks ------------------------------------------------------------------------------------------------------ */

/* A folder in its place is what root cannot read either. */
static void let_keywords_be_read(const char *folder, bool readable)
{
    char path[128];
    snprintf(path, sizeof path, "%s/dovecot-keywords", folder);
    (void)remove(in_scratch(path));
    if (readable)
        assert_true(file_replace(in_scratch(path), span_of("0 $Junk\n1 NonJunk\n"), 0600, NULL));
    else
        assert_int_equal(mkdir(in_scratch(path), 0700), 0);
}

static void put_judged(const char *name, const char *verdict, int number)
{
    FILE *file = fopen(in_scratch(name), "w");
    assert_non_null(file);
    if (verdict)
        fprintf(file, "X-Tamis: id=%032d, verdict=%s, probability=0.5000, version=1\n", number, verdict);
    fprintf(file, "Subject: %d\nMessage-ID: <%d@x>\n\ntext %d\n", number, number, number);
    fclose(file);
}

struct look {
    const char *folder;   /* NULL: no such look */
    const char *keywords; /* a: $Junk, b: NonJunk */
    bool readable;
};

static const struct marks_case {
    const char *title;
    const char *verdict; /* at delivery */
    struct look looks[3];
    size_t spam, ham;    /* lessons that wait after the last */
} marks_cases[] = {
    { "an old mark is not taken back by what cannot be read, nor set by what can be again", NULL,
      { { "M", "a", true }, { "M", "a", false }, { "M", "a", true } }, 0, 0 },
    { "nor is a good one in Junk", NULL, { { "M/.Junk", "b", true }, { "M/.Junk", "b", false } }, 0, 0 },
    { "a mark that cannot be read teaches nothing", NULL, { { "M", "", true }, { "M", "a", false } }, 0, 0 },
    { "and counts later", NULL, { { "M", "", true }, { "M", "a", false }, { "M", "a", true } }, 1, 0 },
    { "no keyword is no mark, whatever they mean", "ham",
      { { "M", "", true }, { "M", "a", true }, { "M", "", false } }, 0, 1 },
    { "what came marked and was not judged", NULL, { { "M", "a", false }, { "M", "a", true } }, 0, 0 },
    { "what came and was marked against its verdict", "ham", { { "M", "a", false }, { "M", "a", true } }, 1, 0 },
    { "what was filed and marked by delivery", "spam",
      { { "M/.Junk", "a", false }, { "M/.Junk", "a", true } }, 0, 0 },
    { "what came out of Junk before it was seen there", "spam", { { "M", "a", false } }, 0, 0 },
    { "and can be told by its mark later", "spam", { { "M", "a", false }, { "M", "a", true } }, 0, 1 },
    { "a move is learned", NULL, { { "M", "b", true }, { "M/.Junk", "b", false } }, 1, 0 },
    { "and a mark that came along with it is older", NULL,
      { { "M", "b", true }, { "M/.Junk", "b", false }, { "M/.Junk", "b", true } }, 1, 0 },
    { "the other way", NULL,
      { { "M/.Junk", "a", true }, { "M", "a", false }, { "M", "a", true } }, 0, 1 },
};

static void look_at(struct moves *moves, const struct marks_case *marks, size_t number, struct lessons *lessons)
{
    const struct look *look = &marks->looks[number];
    struct moves_scan_result result;
    char name[128];
    let_keywords_be_read("M", look->readable);
    let_keywords_be_read("M/.Junk", look->readable);
    if (number) {
        const struct look *before = look - 1;
        char old[128];
        snprintf(old, sizeof old, "%s/cur/1700000001.M1.host:2,S%s", before->folder, before->keywords);
        snprintf(name, sizeof name, "%s/cur/1700000001.M1.host:2,S%s", look->folder, look->keywords);
        assert_int_equal(rename(in_scratch(old), in_scratch(name)), 0);
    } else {
        snprintf(name, sizeof name, "%s/cur/1700000001.M1.host:2,S%s", look->folder, look->keywords);
        put_judged(name, marks->verdict, 1);
    }
    *lessons = scan(moves, DAY + (int64_t)number, &result);
    bool unclear = !look->readable && look->keywords[0];
    assert_int_equal(result.unreadable, unclear);
    assert_int_equal(result.unread_keywords.kind != FAILURE_NONE, unclear);
    /* A folder of which something could not be told is looked into again. */
    *lessons = scan(moves, DAY + (int64_t)number, &result);
    assert_int_equal(result.looked_into, unclear);
}

static void marks_that_cannot_be_read_say_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof marks_cases / sizeof *marks_cases; i++) {
        const struct marks_case *marks = &marks_cases[i];
        struct lessons lessons = { 0 };
        make_folder("M");
        make_folder("M/.Junk");
        put_judged("M/.Junk/cur/1700000002.M1.host:2,S", "spam", 2); /* delivery files spam */
        struct moves *moves = open_memory(true);
        for (size_t j = 0; j < 3 && marks->looks[j].folder; j++)
            look_at(moves, marks, j, &lessons);
        if (lessons.spam != marks->spam || lessons.ham != marks->ham)
            fail_msg("%s: %zu spam, %zu ham", marks->title, lessons.spam, lessons.ham);
        moves_close(&moves);
        char command[128];
        snprintf(command, sizeof command, "rm -rf %s/M", scratch);
        assert_int_equal(system(command), 0);
    }
}

/* --- the queue -------------------------------------------------------------------------------------------------- */

struct taken {
    size_t count;
    int64_t when;
    char last[256];
};

static void take(void *context, const struct queued_move *move)
{
    struct taken *taken = context;
    taken->count++;
    taken->when = move->when;
    snprintf(taken->last, sizeof taken->last, "%s>%s", move->from ? move->from : "(upload)", move->to);
}

static void names_come_through(void **state)
{
    static const struct {
        const char *from, *to, *want;
    } cases[] = {
        { "INBOX", "Junk", "INBOX>Junk" },
        { NULL, "Junk", "(upload)>Junk" },
        { "-", "a b", "->a b" },
        { "100% caf\xC3\xA9\n", "\t", "100% caf\xC3\xA9\n>\t" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct taken taken = { 0 };
        size_t bad;
        assert_true(queue_append(in_scratch("Q"), span_of("Subject: x\n\n"), cases[i].from, cases[i].to, NULL));
        assert_false(queue_is_empty(in_scratch("Q")));
        assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
        assert_int_equal(taken.count, 1);
        assert_int_equal(bad, 0);
        assert_string_equal(taken.last, cases[i].want);
        queue_taken(in_scratch("Q"));
        assert_true(queue_is_empty(in_scratch("Q")));
    }
}

static void lines_tell_when(void **state)
{
    static const struct {
        const char *seconds;
        int64_t want; /* -1: no line */
    } cases[] = {
        { "1700000000", 1700000000 },
        { "0", 0 },
        { "noon", 0 },
        { "17 00", -1 },
    };
    (void)state;
    assert_true(state_directory_make(in_scratch("Q"), NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[128];
        struct taken taken = { .when = -1 };
        size_t bad;
        snprintf(line, sizeof line, "1 %s 00112233445566778899aabbccddeeff 0 INBOX Junk\n", cases[i].seconds);
        assert_true(file_replace(in_scratch("Q/moved"), span_of(line), 0600, NULL));
        assert_true(queue_look(in_scratch("Q"), take, &taken, &bad, NULL));
        assert_int_equal(taken.when, cases[i].want);
    }
}

/* Writers and a reader at once: every line arrives, once. */
static void no_line_is_lost(void **state)
{
    enum { WRITERS = 4, LINES = 100 };
    for (int i = 0; i < WRITERS; i++)
        if (fork() == 0) {
            for (int j = 0; j < LINES; j++) {
                char text[32];
                snprintf(text, sizeof text, "Subject: %d %d\n\n", i, j);
                if (!queue_append(in_scratch("Q"), span_of(text), "INBOX", "Junk", NULL))
                    _exit(1);
            }
            _exit(0);
        }
    struct taken taken = { 0 };
    size_t bad, all_bad = 0;
    int running = WRITERS, status;
    while (running > 0 || !queue_is_empty(in_scratch("Q"))) {
        while (running > 0 && waitpid(-1, &status, WNOHANG) > 0) {
            assert_int_equal(status, 0);
            running--;
        }
        assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
        queue_taken(in_scratch("Q"));
        all_bad += bad;
    }
    assert_int_equal(taken.count, WRITERS * LINES);
    assert_int_equal(all_bad, 0);
}

/* What a reader took that died is taken again, before what came later. */
static void what_was_taken_is_not_lost(void **state)
{
    struct taken taken = { 0 };
    size_t bad;
    assert_true(queue_append(in_scratch("Q"), span_of("x"), "a", "b", NULL));
    assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
    assert_true(queue_append(in_scratch("Q"), span_of("x"), "c", "d", NULL));
    assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
    assert_string_equal(taken.last, "a>b");
    queue_taken(in_scratch("Q"));
    assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
    assert_string_equal(taken.last, "c>d");
}

static bool text_is_kept(const char *message)
{
    char path[PATH_MAX];
    struct file_bytes bytes;
    const struct fingerprint fingerprint = fingerprint_of(span_of(message));
    if (queue_read_text(in_scratch("Q"), fingerprint.bytes, &bytes, path) <= 0)
        return false;
    assert_string_equal(bytes.data, message);
    assert_int_equal(bytes.length, strlen(message));
    file_bytes_free(&bytes);
    return true;
}

/* What a power cut may leave at the end of the queue takes no line with it that comes later. */
static void torn_ends_harm_no_line(void **state)
{
    static const struct {
        const char *name, *text;
        size_t length, count, bad;
    } cases[] = {
#define WHOLE "1 1700000000 00112233445566778899aabbccddeeff 0 INBOX Junk\n"
        { "nothing", "", 0, 1, 0 },
        { "a whole line", WHOLE, sizeof WHOLE - 1, 2, 0 },
        { "half a line", WHOLE, 30, 1, 1 },
        { "all but the line's end", WHOLE, sizeof WHOLE - 2, 2, 0 },
        { "zeros", "\0\0\0\0\0\0\0\0", 8, 1, 0 },
        { "a line and zeros", WHOLE "\0\0\0", sizeof WHOLE + 2, 2, 0 },
        { "zeros and a line", "\0\0\0" WHOLE, sizeof WHOLE + 2, 2, 0 },
        { "half a line and zeros", "1 1700000000 0011\0\0\0\0\0", 22, 1, 1 },
#undef WHOLE
    };
    (void)state;
    assert_true(state_directory_make(in_scratch("Q"), NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct taken taken = { 0 };
        size_t bad;
        assert_true(file_replace(in_scratch("Q/moved"), span_make(cases[i].text, cases[i].length), 0600, NULL));
        assert_true(queue_append(in_scratch("Q"), span_of("x"), "new", "line", NULL));
        assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
        if (taken.count != cases[i].count || bad != cases[i].bad)
            fail_msg("%s: %zu lines and %zu bad ones, want %zu and %zu", cases[i].name, taken.count, bad,
                     cases[i].count, cases[i].bad);
        assert_string_equal(taken.last, "new>line");
        queue_taken(in_scratch("Q"));
    }
}

/* A text that is not whole, or another's, is none; a hook that reports the message again keeps it anew. */
static void only_whole_texts_are_read(void **state)
{
    static const char message[] = "Subject: x\nMessage-ID: <1@x>\n\nthe text\n";
    struct damage {
        const char *name;
        long keep;      /* bytes from the beginning; less than 0: from the end */
        const char *more;
    } cases[] = {
        { "empty", 0, "" },
        { "a part", 20, "" },
        { "all but the sum", sizeof message - 1, "" },
        { "all but the last byte", -1, "" },
        { "more behind it", sizeof message + 7, "x" },
        { "another text of this length", 0, "12345678901234567890123456789012345678901234567890" },
    };
    char path[PATH_MAX], other[PATH_MAX];
    struct file_bytes bytes, kept;
    const struct fingerprint fingerprint = fingerprint_of(span_of(message));
    (void)state;
    assert_true(queue_append(in_scratch("Q"), span_of(message), "a", "b", NULL));
    assert_true(text_is_kept(message));
    assert_int_equal(queue_read_text(in_scratch("Q"), fingerprint.bytes, &bytes, path), 1);
    file_bytes_free(&bytes);
    assert_true(file_read(path, 0, &kept, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = (size_t)(cases[i].keep < 0 ? (long)kept.length + cases[i].keep : cases[i].keep);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(kept.data, 1, length, file), length);
        fputs(cases[i].more, file);
        fclose(file);
        if (text_is_kept(message))
            fail_msg("%s: believed", cases[i].name);
        assert_true(queue_append(in_scratch("Q"), span_of(message), "a", "b", NULL));
        assert_true(text_is_kept(message));
    }
    /* The whole text of another message. */
    const struct fingerprint others = fingerprint_of(span_of("Subject: y\n\nanother\n"));
    assert_true(queue_append(in_scratch("Q"), span_of("Subject: y\n\nanother\n"), "a", "b", NULL));
    assert_int_equal(queue_read_text(in_scratch("Q"), others.bytes, &bytes, other), 1);
    file_bytes_free(&bytes);
    assert_int_equal(rename(other, path), 0);
    assert_false(text_is_kept(message));
    file_bytes_free(&kept);
}

/* No descriptor is left: a lesson must not be given up for it. */
static void a_text_that_cannot_be_read_now_may_be_there(void **state)
{
    static const char x[] = "Subject: x\n\n";
    char path[PATH_MAX];
    struct file_bytes bytes;
    struct rlimit before;
    const struct fingerprint fingerprint = fingerprint_of(span_of(x));
    (void)state;
    for (int is_there = 0; is_there < 2; is_there++) {
        if (is_there)
            assert_true(queue_append(in_scratch("Q"), span_of(x), "a", "b", NULL));
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 0, before.rlim_max }), 0);
        int got = queue_read_text(in_scratch("Q"), fingerprint.bytes, &bytes, path);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        assert_int_equal(got, -1);
        assert_int_equal(queue_read_text(in_scratch("Q"), fingerprint.bytes, &bytes, path), is_there);
        file_bytes_free(&bytes);
    }
}

/* The user moves a message on while what he did with it before is being learned: its text must stay. */
static void nothing_is_removed_while_a_move_waits(void **state)
{
    static const char x[] = "Subject: x\n\n", y[] = "Subject: y\n\n";
    struct taken taken = { 0 };
    size_t bad;
    (void)state;
    queue_remove_texts(in_scratch("Q")); /* there is none */
    assert_true(queue_append(in_scratch("Q"), span_of(y), "a", "b", NULL));
    assert_true(queue_append(in_scratch("Q"), span_of(x), "a", "b", NULL));
    assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
    queue_taken(in_scratch("Q"));
    assert_true(queue_append(in_scratch("Q"), span_of(x), "b", "a", NULL));
    queue_remove_texts(in_scratch("Q"));
    assert_true(text_is_kept(x) && text_is_kept(y));
    assert_true(queue_take(in_scratch("Q"), take, &taken, &bad, NULL));
    assert_string_equal(taken.last, "b>a");
    queue_taken(in_scratch("Q"));
    queue_remove_texts(in_scratch("Q"));
    assert_true(!text_is_kept(x) && !text_is_kept(y));
    assert_true(queue_is_empty(in_scratch("Q")));
}

#define scratch_test(function) cmocka_unit_test_setup_teardown(function, make_scratch, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(lessons_wait_until_they_are_learned),
        scratch_test(what_is_gone_is_remembered_for_a_while),
        scratch_test(damage_is_noticed),
        scratch_test(marks_that_cannot_be_read_say_nothing),
        scratch_test(names_come_through),
        scratch_test(lines_tell_when),
        scratch_test(no_line_is_lost),
        scratch_test(what_was_taken_is_not_lost),
        scratch_test(torn_ends_harm_no_line),
        scratch_test(only_whole_texts_are_read),
        scratch_test(a_text_that_cannot_be_read_now_may_be_there),
        scratch_test(nothing_is_removed_while_a_move_waits),
    };
    return cmocka_run_group_tests_name("moves", tests, NULL, NULL);
}
