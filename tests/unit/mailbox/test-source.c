/* test-source.c - every form in which messages come, told apart by looking */
#include "config.h"

#include "unit.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailbox/mbox-reader.h"
#include "mailbox/source.h"
#include "util/file.h"

#define FROM "From a@b.example Mon Jan  1 08:15:00 2001\n"

static char scratch[64];

static int make_scratch(void **state)
{
    strcpy(scratch, "/tmp/test-source.XXXXXX");
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
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static void put(const char *name, const char *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", in_scratch(name));
    *strrchr(path, '/') = '\0';
    if (!file_make_directories(path, 0700, NULL) || !file_replace(in_scratch(name), span_of(text), 0600, NULL))
        fail_msg("cannot write %s", name);
}

/* Reads all messages into one text: "name=bytes|", names without the scratch directory, "!" for what could not be
 * read. */
static void read_all(struct source *source, char *out, size_t size)
{
    struct source_message message;
    struct failure failure;
    int result;
    size_t used = 0, prefix = strlen(scratch) + 1;
    out[0] = '\0';
    while ((result = source_next(source, &message, &failure)) != 0 && used < size)
        if (result < 0)
            used += (size_t)snprintf(out + used, size - used, "!|");
        else
            used += (size_t)snprintf(out + used, size - used, "%s=%.*s|",
                                     message.name + (message.name[0] == '/' ? prefix : 0), (int)message.bytes.length,
                                     message.bytes.data);
}

/* --- mbox ------------------------------------------------------------------------------------------------------- */

static const struct file_case {
    const char *name, *file, *text;
    enum source_kind kind;
    size_t total;
    const char *want;
} file_cases[] = {
    { "a message", "m", "To: a\n\nb\n", SOURCE_GUESS, 1, "m=To: a\n\nb\n|" },
    { "a message with a From line keeps it", "m", FROM "To: a\n\n>From b\n\n", SOURCE_GUESS, 1,
      "m=" FROM "To: a\n\n>From b\n\n|" },
    { "two messages", "m", FROM "A: a\n\nb\n\n" FROM "C: c\n\nd\n", SOURCE_GUESS, 2,
      "m:1=A: a\n\nb\n|m:2=C: c\n\nd\n|" },
    { "three messages", "m", FROM "A\n\n" FROM "B\n\n" FROM "C\n\n", SOURCE_GUESS, 3, "m:1=A\n|m:2=B\n|m:3=C\n|" },
    { "CRLF", "m", "From a 8:15:00\r\nA: a\r\n\r\nb\r\n\r\nFrom a 8:15:00\r\nC\r\n\r\n", SOURCE_GUESS, 2,
      "m:1=A: a\r\n\r\nb\r\n|m:2=C\r\n|" },
    { "mboxo", "m", FROM "A\n\n>From b\n\n" FROM "C\n", SOURCE_GUESS, 2, "m:1=A\n\nFrom b\n|m:2=C\n|" },
    { "mboxrd", "m", FROM ">From A\n>>From b\n>>>>From c\n> >From d\n\n" FROM "C\n", SOURCE_GUESS, 2,
      "m:1=From A\n>From b\n>>>From c\n> >From d\n|m:2=C\n|" },
    { "quoted only at the start of lines", "m", FROM "a >From b\n>From >From c\n\n" FROM "C\n", SOURCE_GUESS, 2,
      "m:1=a >From b\nFrom >From c\n|m:2=C\n|" },
    { "From in the text without an empty line", "m", FROM "A\n\nb\nFrom 10:30 on\nc\n\n" FROM "C\n", SOURCE_GUESS, 2,
      "m:1=A\n\nb\nFrom 10:30 on\nc\n|m:2=C\n|" },
    { "From in the text without a time", "m", FROM "A\n\nFrom now on\n\n" FROM "C\n", SOURCE_GUESS, 2,
      "m:1=A\n\nFrom now on\n|m:2=C\n|" },
    { "From in the text only", "m", "A: a\n\nb\n\n" FROM "c\n", SOURCE_GUESS, 1, "m=A: a\n\nb\n\n" FROM "c\n|" },
    { "no final line end", "m", FROM "A\n\n" FROM "B", SOURCE_GUESS, 2, "m:1=A\n|m:2=B|" },
    { "a From line at the very end", "m", FROM "A\n\nFrom b 8:15\n", SOURCE_GUESS, 2, "m:1=A\n|m:2=|" },
    { "a From line without its end is text", "m", FROM "A\n\nFrom b 8:15", SOURCE_GUESS, 1,
      "m=" FROM "A\n\nFrom b 8:15|" },
    { "an empty message between", "m", FROM "\n" FROM "\n" FROM "C\n", SOURCE_GUESS, 3, "m:1=|m:2=|m:3=C\n|" },
    { "named *.mbox with one message", "m.mbox", FROM "A\n\n", SOURCE_GUESS, 1, "m.mbox:1=A\n|" },
    { "named *.mbox with empty lines first", "m.mbox", "\n\r\n" FROM "A\n\n" FROM "B\n", SOURCE_GUESS, 2,
      "m.mbox:1=A\n|m.mbox:2=B\n|" },
    { "asked for as an mbox", "m", FROM "A\n\n", SOURCE_MBOX, 1, "m:1=A\n|" },
    { "asked for as a file", "m", FROM "A\n\n" FROM "B\n", SOURCE_FILE, 1, "m=" FROM "A\n\n" FROM "B\n|" },
    { "empty", "m", "", SOURCE_GUESS, 1, "" },
    { "packed by gzip", "m.gz", "\x1f\x8b\x08 packed", SOURCE_GUESS, 1, "!|" },
    { "packed by gzip, named *.mbox", "m.mbox", "\x1f\x8b\x08 packed", SOURCE_GUESS, 1, "!|" },
    { "packed by bzip2", "m", "BZh91AY&SY packed", SOURCE_FILE, 1, "!|" },
    { "packed by bzip2, empty", "m", "BZh9\x17rE8P\x90", SOURCE_FILE, 1, "!|" },
    { "text like that of bzip2", "m", "BZh91 is no mail\n", SOURCE_FILE, 1, "m=BZh91 is no mail\n|" },
    { "packed by zstd", "m", "\x28\xb5\x2f\xfd packed", SOURCE_GUESS, 1, "!|" },
    { "packed by Dovecot", "m", "Dovecot-LZ4\r\x2a\x9b\xc5 packed", SOURCE_GUESS, 1, "!|" },
    { "encrypted by Dovecot", "m", "CRYPTED\x03\x07 packed", SOURCE_GUESS, 1, "!|" },
    { "a field like its mark", "m", "CRYPTED: yes\n", SOURCE_GUESS, 1, "m=CRYPTED: yes\n|" },
    { "packed behind the first message is text", "m", FROM "A\n\n" FROM "\x1f\x8b\n", SOURCE_GUESS, 2,
      "m:1=A\n|m:2=\x1f\x8b\n|" },
    { "only From", "m", "From ", SOURCE_GUESS, 1, "m=From |" },
    { "less than From", "m", "Fro", SOURCE_GUESS, 1, "m=Fro|" },
};

static void files_are_read(void **state)
{
    for (size_t i = 0; i < sizeof file_cases / sizeof file_cases[0]; i++) {
        const struct file_case *file = &file_cases[i];
        put(file->file, file->text);
        struct failure failure = { 0 };
        struct source *source = source_open(in_scratch(file->file), file->kind, &failure);
        if (!source)
            fail_msg("%s: %s", file->name, failure.reason);
        char got[4096];
        size_t total = source_total(source);
        read_all(source, got, sizeof got);
        source_close(&source);
        assert_null(source);
        if (strcmp(got, file->want) != 0 || total != file->total)
            fail_msg("%s:\ngot  %zu \"%s\"\nwant %zu \"%s\"", file->name, total, got, file->total, file->want);
    }
}

/* The same through a pipe that gives one byte at a time: no boundary of a read is one of a message. */
static void stdin_is_read_byte_by_byte(void **state)
{
    int saved = dup(STDIN_FILENO);
    for (size_t i = 0; i < sizeof file_cases / sizeof file_cases[0]; i++) {
        const struct file_case *file = &file_cases[i];
        if (file->kind != SOURCE_GUESS || strcmp(file->file, "m") != 0)
            continue;
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t writer = fork();
        if (writer == 0) {
            close(ends[0]);
            for (const char *at = file->text; *at; at++) {
                (void)!write(ends[1], at, 1);
                sched_yield();
            }
            _exit(0);
        }
        close(ends[1]);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        struct source *source = source_open("-", SOURCE_GUESS, NULL);
        char got[4096], want[4096] = { 0 };
        assert_int_equal(source_total(source), 0);
        read_all(source, got, sizeof got);
        source_close(&source);
        waitpid(writer, NULL, 0);
        for (size_t j = 0; file->want[j]; j++) /* the name is "-" instead of "m" */
            want[j] = (j == 0 || file->want[j - 1] == '|') && file->want[j] == 'm' ? '-' : file->want[j];
        if (strcmp(got, want) != 0)
            fail_msg("%s:\ngot  \"%s\"\nwant \"%s\"", file->name, got, want);
    }
    dup2(saved, STDIN_FILENO);
    close(saved);
}

/* Messages of sizes around the reader's buffer come back as they were put in. */
static void large_mboxes_come_back_whole(void **state)
{
    static const size_t sizes[] = { 0, 1, 65000, 65490, 65535, 65536, 65537, 131072, 1000000, 5, 300000 };
    size_t count = sizeof sizes / sizeof sizes[0];
    FILE *mbox = fopen(in_scratch("large.mbox"), "w");
    for (size_t i = 0; i < count; i++) {
        fputs(FROM, mbox);
        for (size_t j = 0; j < sizes[i]; j++)
            fputc(j % 71 == 70 ? '\n' : 'a' + (int)((i + j) % 26), mbox);
        fputs("\n\n", mbox);
    }
    fclose(mbox);
    struct source *source = source_open(in_scratch("large.mbox"), SOURCE_GUESS, NULL);
    assert_int_equal(source_total(source), count);
    struct source_message message;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(source_next(source, &message, NULL), 1);
        assert_int_equal(message.bytes.length, sizes[i] + 1);
        for (size_t j = 0; j < sizes[i]; j++)
            if (message.bytes.data[j] != (j % 71 == 70 ? '\n' : 'a' + (int)((i + j) % 26)))
                fail_msg("message %zu differs at %zu", i, j);
    }
    assert_int_equal(source_next(source, &message, NULL), 0);
    assert_int_equal(source_next(source, &message, NULL), 0);
    source_close(&source);
}

/* What passes the limit is read over; the messages before and after it come. */
static void a_message_too_large_is_read_over(void **state)
{
    FILE *mbox = fopen(in_scratch("huge.mbox"), "w");
    fputs(FROM "A\n\n" FROM, mbox);
    for (int i = 0; i < 40000; i++)
        fputs("0123456789012345678901234567890\n", mbox);
    fputs("\n" FROM "C\n", mbox);
    fclose(mbox);
    FILE *again = fopen(in_scratch("huge.mbox"), "r");
    struct mbox_reader reader = { 0 };
    struct span bytes;
    struct failure failure = { 0 };
    bool more;
    mbox_reader_begin(&reader, fileno(again), "huge.mbox", MBOX_GUESS, 100000);
    assert_int_equal(mbox_reader_next(&reader, &bytes, &more, &failure), 1);
    assert_span_is(bytes, "A\n");
    assert_int_equal(mbox_reader_next(&reader, &bytes, &more, &failure), -1);
    assert_true(more);
    assert_string_equal(failure.reason, "cannot read message 2 of huge.mbox: it is larger than 100000 bytes");
    assert_int_equal(mbox_reader_next(&reader, &bytes, &more, &failure), 1);
    assert_span_is(bytes, "C\n");
    assert_int_equal(mbox_reader_next(&reader, &bytes, &more, &failure), 0);
    assert_in_range(reader.capacity, 1, 400000);
    mbox_reader_free(&reader);
    fclose(again);
}

/* --- directories ------------------------------------------------------------------------------------------------ */

static void make_directories(void)
{
    put("Maildir/new/1000000300.c.host", "c");
    put("Maildir/cur/1000000200.b.host:2,S", FROM "b\n\n" FROM "not an mbox\n");
    put("Maildir/cur/999999999.a.host:2,S", "a");
    put("Maildir/cur/.hidden", "hidden");
    put("Maildir/tmp/1000000000.t.host", "tmp");
    put("Maildir/.Junk/cur/1.j.host:2,", "j");
    put("Maildir/.Junk/new/.keep", "");
    put("Maildir/.nothing/file", "no Maildir");
    put("mh/10", "ten");
    put("mh/9", "nine");
    put("mh/,8", "removed");
    put("mh/.mh_sequences", "unseen: 9");
    put("tree/b/spam.10", "s10");
    put("tree/b/spam.9", "s9");
    put("tree/a.txt", "at");
    put("tree/c.mbox", FROM "c1\n\n" FROM "c2\n");
    put("tree/d/cur/1.d", "d");
    put("tree/d/new/.keep", "");
    put("tree/d/tmp/2.d", "tmp");
    put("tree/.git/config", "hidden");
    assert_int_equal(symlink("..", in_scratch("tree/loop")), 0);
    assert_int_equal(symlink("a.txt", in_scratch("tree/e-link")), 0);
    assert_int_equal(mkfifo(in_scratch("tree/fifo"), 0600), 0);
    assert_int_equal(mkdir(in_scratch("empty"), 0700), 0);
}

static void directories_are_read(void **state)
{
#define B "Maildir/cur/1000000200.b.host:2,S=" FROM "b\n\n" FROM "not an mbox\n|"
#define INBOX "Maildir/cur/999999999.a.host:2,S=a|" B "Maildir/new/1000000300.c.host=c|"
#define TREE                                                                                                           \
    "tree/a.txt=at|tree/b/spam.9=s9|tree/b/spam.10=s10|tree/c.mbox:1=c1\n|tree/c.mbox:2=c2\n|tree/d/cur/1.d=d|tree/"   \
    "e-link=at|"
    static const struct {
        const char *path;
        enum source_kind kind;
        size_t total;
        const char *want; /* NULL: refused */
    } cases[] = {
        { "Maildir", SOURCE_GUESS, 3, INBOX },
        { "Maildir/", SOURCE_MAILDIR, 3, INBOX },
        { "Maildir", SOURCE_MAILDIR_FOLDERS, 4, INBOX "Maildir/.Junk/cur/1.j.host:2,=j|" },
        { "Maildir/.Junk", SOURCE_MAILDIR, 1, "Maildir/.Junk/cur/1.j.host:2,=j|" },
        { "mh", SOURCE_GUESS, 2, "mh/9=nine|mh/10=ten|" },
        { "mh", SOURCE_MH, 2, "mh/9=nine|mh/10=ten|" },
        { "mh", SOURCE_MAILDIR, 0, NULL },
        { "tree", SOURCE_GUESS, 7, TREE },
        { "tree", SOURCE_TREE, 7, TREE },
        { "tree/b", SOURCE_GUESS, 2, "tree/b/spam.9=s9|tree/b/spam.10=s10|" },
        { "tree/loop", SOURCE_FILE, 0, NULL },
        { "tree/fifo", SOURCE_GUESS, 0, NULL },
        { "tree/a.txt", SOURCE_MAILDIR, 0, NULL },
        { "absent", SOURCE_GUESS, 0, NULL },
        { "empty", SOURCE_GUESS, 0, "" },
    };
    make_directories();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct failure failure = { 0 };
        struct source *source = source_open(in_scratch(cases[i].path), cases[i].kind, &failure);
        if (!cases[i].want) {
            assert_null(source);
            assert_int_equal(failure.kind, FAILURE_INPUT);
            assert_non_null(strstr(failure.reason, scratch));
            continue;
        }
        if (!source)
            fail_msg("%s: %s", cases[i].path, failure.reason);
        char got[4096];
        size_t total = source_total(source);
        read_all(source, got, sizeof got);
        source_close(&source);
        if (strcmp(got, cases[i].want) != 0 || total != cases[i].total)
            fail_msg("%s:\ngot  %zu \"%s\"\nwant %zu \"%s\"", cases[i].path, total, got, cases[i].total, cases[i].want);
    }
}

static void what_vanishes_is_told_and_the_rest_is_read(void **state)
{
    put("d/a", "one");
    put("d/b", "two");
    put("d/c", "three");
    struct source *source = source_open(in_scratch("d"), SOURCE_GUESS, NULL);
    assert_int_equal(unlink(in_scratch("d/b")), 0);
    char got[256];
    read_all(source, got, sizeof got);
    assert_string_equal(got, "d/a=one|!|d/c=three|");
    source_close(&source);
    source_close(&source); /* NULL is allowed */
}

/* Each order has to be another, and the same each time; what is inside an mbox keeps its own. */
static void files_are_shuffled_the_same_each_time(void **state)
{
    char name[32], sorted[4096], one[4096], two[4096];
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "d/%c%d", 'a' + i % 3, i);
        put(name, name);
    }
    put("d/m.mbox", "From a\n\nfirst\n\nFrom b\n\nsecond\n");
    char *const outs[] = { sorted, one, two };
    for (size_t i = 0; i < 3; i++) {
        struct source *source = source_open(in_scratch("d"), SOURCE_GUESS, NULL);
        assert_non_null(source);
        if (i > 0)
            source_shuffle(source);
        read_all(source, outs[i], sizeof sorted);
        source_close(&source);
    }
    assert_string_equal(one, two);
    assert_string_not_equal(one, sorted);
    assert_int_equal(strlen(one), strlen(sorted));
    assert_non_null(strstr(one, "first"));
    assert_true(strstr(one, "first") < strstr(one, "second"));
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "=d/%c%d|", 'a' + i % 3, i);
        assert_non_null(strstr(one, name));
    }
}

#define scratch_test(function) cmocka_unit_test_setup_teardown(function, make_scratch, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(files_are_read),
        scratch_test(stdin_is_read_byte_by_byte),
        scratch_test(large_mboxes_come_back_whole),
        scratch_test(a_message_too_large_is_read_over),
        scratch_test(directories_are_read),
        scratch_test(what_vanishes_is_told_and_the_rest_is_read),
        scratch_test(files_are_shuffled_the_same_each_time),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
