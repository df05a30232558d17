/* test-pass-through.c - our fields in, forged ones out, every other byte as it came */
#include "config.h"

#include "unit.h"

#include <ftw.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mailbox/pass-through.h"
#include "util/file.h"

#define FIELDS "X-Spam-Flag: YES\nX-Spam-Status: Yes,\n score=7\n"
#define FIELDS_CRLF "X-Spam-Flag: YES\r\nX-Spam-Status: Yes,\r\n score=7\r\n"

static bool is_ours(struct span name)
{
    return span_starts_nocase(name, "X-Spam-") || span_is_nocase(name, "X-Tamis");
}

static struct file_bytes joined(const struct tagged_message *tagged)
{
    struct file_bytes out = { .data = malloc(tagged->size + 1), .length = 0 };
    struct tagged_walk walk = { .message = tagged };
    for (struct span piece; tagged_walk_next(&walk, &piece);) {
        assert_true(piece.length > 0 && out.length + piece.length <= tagged->size);
        memcpy(out.data + out.length, piece.data, piece.length);
        out.length += piece.length;
    }
    out.data[out.length] = '\0';
    assert_int_equal(out.length, tagged->size);
    return out;
}

#define TEXT(literal)                                                                                                  \
    {                                                                                                                  \
        literal, sizeof literal - 1                                                                                    \
    }

static const struct passage {
    const char *name;
    struct span input, want;
    unsigned forged;
} passages[] = {
    { "LF", TEXT("Subject: a\n\nbody\n"), TEXT(FIELDS "Subject: a\n\nbody\n"), 0 },
    { "CRLF", TEXT("Subject: a\r\n\r\nbody\r\n"), TEXT(FIELDS_CRLF "Subject: a\r\n\r\nbody\r\n"), 0 },
    { "first LF, then CRLF", TEXT("Subject: a\nTo: b\r\n\r\nbody\r\n"),
      TEXT(FIELDS "Subject: a\nTo: b\r\n\r\nbody\r\n"), 0 },
    { "first CRLF, then LF", TEXT("Subject: a\r\nTo: b\n\nbody\n"), TEXT(FIELDS_CRLF "Subject: a\r\nTo: b\n\nbody\n"),
      0 },
    { "CR only", TEXT("Subject: a\r\rbody\r"), TEXT(FIELDS "Subject: a\r\rbody\r"), 0 },
    { "NUL in header and body", TEXT("Subject: a\0b\n\nbo\0dy\n"), TEXT(FIELDS "Subject: a\0b\n\nbo\0dy\n"), 0 },
    { "no final line end", TEXT("Subject: a\n\nbody"), TEXT(FIELDS "Subject: a\n\nbody"), 0 },
    { "mbox From line", TEXT("From a@b.c Mon\nSubject: a\n\nb\n"), TEXT("From a@b.c Mon\n" FIELDS "Subject: a\n\nb\n"),
      0 },
    { "LF From line before a CRLF message", TEXT("From a Mon\nSubject: a\r\n\r\nb"),
      TEXT("From a Mon\n" FIELDS_CRLF "Subject: a\r\n\r\nb"), 0 },
    { "From line and its UUCP ancestor", TEXT("From a Mon\n>From b\nTo: a\n\n"),
      TEXT("From a Mon\n>From b\n" FIELDS "To: a\n\n"), 0 },
    { "From line only", TEXT("From a Mon\n"), TEXT("From a Mon\n" FIELDS), 0 },
    { "CRLF From line only", TEXT("From a Mon\r\n"), TEXT("From a Mon\r\n" FIELDS_CRLF), 0 },
    { "From line without line end", TEXT("From a Mon"), TEXT(FIELDS "From a Mon"), 0 },
    { "From: is no From line", TEXT("From: a\n\n"), TEXT(FIELDS "From: a\n\n"), 0 },
    { "no header", TEXT("\nbody\n"), TEXT(FIELDS "\nbody\n"), 0 },
    { "no header, CRLF", TEXT("\r\nbody\r\n"), TEXT(FIELDS_CRLF "\r\nbody\r\n"), 0 },
    { "no body", TEXT("Subject: a\n"), TEXT(FIELDS "Subject: a\n"), 0 },
    { "no body, no line end", TEXT("Subject: a"), TEXT(FIELDS "Subject: a"), 0 },
    { "empty", TEXT(""), TEXT(FIELDS), 0 },
    { "one line end", TEXT("\n"), TEXT(FIELDS "\n"), 0 },
    { "a folded line first", TEXT(" YES\nSubject: a\n\nb"), TEXT(" YES\n" FIELDS "Subject: a\n\nb"), 0 },
    { "a folded line behind the From line", TEXT("From a\n\tb\nTo: a\n\nb"), TEXT("From a\n\tb\n" FIELDS "To: a\n\nb"),
      0 },
    { "folded lines only", TEXT(" a\n b\n"), TEXT(" a\n b\n" FIELDS), 0 },
    { "a folded line without line end: nowhere to put fields", TEXT(" a"), TEXT(" a"), 0 },
    { "the same behind a From line", TEXT("From a Mon\n a\n b"), TEXT("From a Mon\n a\n b"), 0 },
    { "forged at the start", TEXT("X-Spam-Flag: NO\nSubject: a\n\nb\n"), TEXT(FIELDS "Subject: a\n\nb\n"), 1 },
    { "forged in the middle", TEXT("To: a\nX-Tamis: ham\nSubject: a\n\nb\n"), TEXT(FIELDS "To: a\nSubject: a\n\nb\n"),
      1 },
    { "forged at the end", TEXT("To: a\nX-Tamis: ham\n\nb\n"), TEXT(FIELDS "To: a\n\nb\n"), 1 },
    { "forged and folded at the start", TEXT("X-Tamis: a,\n b,\n\tc\nTo: a\n\nb"), TEXT(FIELDS "To: a\n\nb"), 1 },
    { "forged and folded in the middle", TEXT("To: a\nX-Tamis:\n b\nCc: a\n\nb"), TEXT(FIELDS "To: a\nCc: a\n\nb"), 1 },
    { "forged and folded at the end", TEXT("To: a\nX-Tamis:\n b\n\nb"), TEXT(FIELDS "To: a\n\nb"), 1 },
    { "forged and folded over white space only", TEXT("To: a\nX-Tamis: a\n \t\n b\n\nb"), TEXT(FIELDS "To: a\n\nb"),
      1 },
    { "forged, CRLF, folded", TEXT("X-Tamis: a\r\n b\r\nTo: a\r\n\r\nb"), TEXT(FIELDS_CRLF "To: a\r\n\r\nb"), 1 },
    { "forged behind a From line", TEXT("From a\nX-Tamis: b\nTo: a\n\nb"), TEXT("From a\n" FIELDS "To: a\n\nb"), 1 },
    { "forged twice in a row", TEXT("X-Tamis: b\nX-Spam-Flag: NO\nTo: a\n\nb"), TEXT(FIELDS "To: a\n\nb"), 2 },
    { "forged in any case", TEXT("x-SPAM-flag: NO\n\nb"), TEXT(FIELDS "\nb"), 1 },
    { "forged with space before the colon", TEXT("X-Tamis \t: a\nTo: a\n\n"), TEXT(FIELDS "To: a\n\n"), 1 },
    { "forged without a value", TEXT("X-Tamis:\n\nb"), TEXT(FIELDS "\nb"), 1 },
    { "forged behind a line that is no field", TEXT("garbage\nX-Tamis: a\n\nb"), TEXT(FIELDS "garbage\n\nb"), 1 },
    { "forged, the last line, no line end", TEXT("To: a\nX-Tamis: b"), TEXT(FIELDS "To: a\n"), 1 },
    { "nothing but forged", TEXT("X-Tamis: b\n c"), TEXT(FIELDS), 1 },
    { "a field of the body is not ours", TEXT("To: a\n\nX-Tamis: b\n"), TEXT(FIELDS "To: a\n\nX-Tamis: b\n"), 0 },
    { "a name that only begins like ours", TEXT("X-Tamis-Not: b\n\n"), TEXT(FIELDS "X-Tamis-Not: b\n\n"), 0 },
    { "our name without a colon", TEXT("X-Tamis b\n\n"), TEXT(FIELDS "X-Tamis b\n\n"), 0 },
    { "our name inside a folded line", TEXT("To: a\n X-Tamis: b\n\n"), TEXT(FIELDS "To: a\n X-Tamis: b\n\n"), 0 },
};

static void assert_bytes_equal(const char *name, struct span got, struct span want)
{
    if (!span_equal(got, want))
        fail_msg("%s:\ngot  %zu bytes \"%.*s\"\nwant %zu bytes \"%.*s\"", name, got.length, (int)got.length, got.data,
                 want.length, (int)want.length, want.data);
}

static void messages_pass_with_our_fields(void **state)
{
    for (size_t i = 0; i < sizeof passages / sizeof passages[0]; i++) {
        const struct passage *passage = &passages[i];
        struct tagged_message tagged;
        assert_true(tagged_message_make(passage->input, span_of(FIELDS), is_ours, &tagged, NULL));
        struct file_bytes got = joined(&tagged);
        assert_bytes_equal(passage->name, span_make(got.data, got.length), passage->want);
        if (tagged.forged != passage->forged)
            fail_msg("%s: got %u forged, want %u", passage->name, tagged.forged, passage->forged);
        free(got.data);
        tagged_message_free(&tagged);
    }
}

/* `filter = no`: neither added nor removed. */
static void messages_pass_untouched_without_fields(void **state)
{
    for (size_t i = 0; i < sizeof passages / sizeof passages[0]; i++) {
        struct tagged_message tagged;
        assert_true(tagged_message_make(passages[i].input, SPAN_EMPTY, NULL, &tagged, NULL));
        struct file_bytes got = joined(&tagged);
        assert_bytes_equal(passages[i].name, span_make(got.data, got.length), passages[i].input);
        assert_int_equal(tagged.forged, 0);
        free(got.data);
        tagged_message_free(&tagged);
    }
}

static void fields_without_line_end_are_a_defect(void **state)
{
    struct tagged_message tagged;
    struct failure failure = { 0 };
    assert_false(tagged_message_make(span_of("To: a\n\n"), span_of("X-Tamis: b"), is_ours, &tagged, &failure));
    assert_int_equal(failure.kind, FAILURE_DEFECT);
}

static void virtual_size_counts_line_ends_twice(void **state)
{
    static const struct {
        const char *name;
        struct span input;
        size_t want;
    } cases[] = {
        { "empty", TEXT(""), 0 },
        { "LF", TEXT("a\nb\n\nc\n"), 11 },
        { "CRLF", TEXT("a\r\nb\r\n"), 6 },
        { "mixed", TEXT("a\r\nb\nc"), 7 },
        { "LF first", TEXT("\na\r\n"), 5 },
        { "CR only", TEXT("a\rb\r"), 4 },
        { "forged between", TEXT("To: a\nX-Tamis: b\nCc: b\n\n"), 16 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tagged_message tagged;
        assert_true(tagged_message_make(cases[i].input, SPAN_EMPTY, is_ours, &tagged, NULL));
        if (tagged_message_crlf_size(&tagged) != cases[i].want)
            fail_msg("%s: got %zu, want %zu", cases[i].name, tagged_message_crlf_size(&tagged), cases[i].want);
        tagged_message_free(&tagged);
    }
}

/* A message of `size` bytes: header, then body without copies of anything. */
static void a_huge_body_is_one_piece(void **state)
{
    size_t size = (size_t)50 << 20;
    char *message = malloc(size);
    memset(message, 'b', size);
    memcpy(message, "To: a\n\n", 7);
    struct tagged_message tagged;
    assert_true(tagged_message_make(span_make(message, size), span_of(FIELDS), is_ours, &tagged, NULL));
    struct tagged_walk walk = { .message = &tagged };
    struct span piece;
    assert_true(tagged_walk_next(&walk, &piece));
    assert_true(tagged_walk_next(&walk, &piece));
    assert_ptr_equal(piece.data, message);
    assert_int_equal(piece.length, size);
    assert_false(tagged_walk_next(&walk, &piece));
    tagged_message_free(&tagged);
    free(message);
}

/* A hostile header takes as many pieces as it has fields that stay, and nothing is kept of them: whoever sends 50 MB of
 * these must not get as much again from us. */
static void a_header_of_forged_fields_takes_no_memory(void **state)
{
    static const char pair[] = "X-Spam-A:b\nC:d\n";
    size_t count = 200000, length = strlen(pair);
    char *message = malloc(count * length);
    for (size_t i = 0; i < count; i++)
        memcpy(message + i * length, pair, length);
    struct tagged_message tagged;
    size_t heap_before = mallinfo2().uordblks;
    assert_true(tagged_message_make(span_make(message, count * length), span_of(FIELDS), is_ours, &tagged, NULL));
    assert_true(mallinfo2().uordblks - heap_before < 4096);
    assert_int_equal(tagged.forged, count);
    assert_int_equal(tagged.size, strlen(FIELDS) + count * strlen("C:d\n"));
    struct file_bytes out = joined(&tagged);
    assert_memory_equal(out.data, FIELDS "C:d\nC:d\n", strlen(FIELDS "C:d\nC:d\n"));
    FILE *file = tmpfile();
    struct file_bytes written;
    assert_true(file && tagged_message_write(&tagged, fileno(file), NULL));
    rewind(file);
    assert_true(file_read_descriptor(fileno(file), 0, &written, NULL));
    assert_bytes_equal("as written", span_make(written.data, written.length), span_make(out.data, out.length));
    file_bytes_free(&written);
    fclose(file);
    free(out.data);
    tagged_message_free(&tagged);
    free(message);
}

static void what_is_written_is_what_was_made(void **state)
{
    for (size_t i = 0; i < sizeof passages / sizeof passages[0]; i++) {
        struct tagged_message tagged;
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        assert_true(tagged_message_make(passages[i].input, span_of(FIELDS), is_ours, &tagged, NULL));
        assert_true(tagged_message_write(&tagged, ends[1], NULL));
        close(ends[1]);
        struct file_bytes got;
        assert_true(file_read_descriptor(ends[0], 0, &got, NULL));
        close(ends[0]);
        assert_bytes_equal(passages[i].name, span_make(got.data, got.length), passages[i].want);
        file_bytes_free(&got);
        tagged_message_free(&tagged);
    }
}

/* --- every message of a folder: output minus our fields, plus the forged ones, is the input --------------------- */

/* Puts the forged fields back: walks both texts line by line and lets the input be ahead only by fields of ours. */
static bool differs_by_forged_fields_only(struct span input, struct span rest, unsigned forged)
{
    unsigned found = 0;
    bool in_forged = false;
    while (input.length) {
        struct span line = span_head(input, span_find_byte(input, '\n') + 1);
        struct span name = span_head(line, span_find_byte(line, ':'));
        bool folded = line.data[0] == ' ' || line.data[0] == '\t';
        bool empty = span_is(line, "\n") || span_is(line, "\r\n");
        bool field = line.data[0] > ' ' && name.length < line.length;
        while (field && name.length && strchr(" \t", name.data[name.length - 1]))
            name.length--;
        in_forged = (in_forged && folded) || (field && is_ours(name));
        if (empty) /* from here on the body */
            return found == forged && span_equal(input, rest);
        if (in_forged)
            found += !folded;
        else if (!span_equal(line, span_head(rest, line.length)))
            return false;
        else
            rest = span_from(rest, line.length);
        input = span_from(input, line.length);
    }
    return found == forged && rest.length == 0;
}

static bool passes_unharmed(struct span message)
{
    struct tagged_message tagged;
    assert_true(tagged_message_make(message, span_of(FIELDS), is_ours, &tagged, NULL));
    struct file_bytes out = joined(&tagged);
    char *plain = memmem(out.data, out.length, FIELDS, strlen(FIELDS));
    char *crlf = memmem(out.data, out.length, FIELDS_CRLF, strlen(FIELDS_CRLF));
    char *fields = plain ? plain : crlf;
    size_t length = plain ? strlen(FIELDS) : crlf ? strlen(FIELDS_CRLF) : 0;
    bool well = fields != NULL || tagged.fields.length == 0;
    if (fields)
        memmove(fields, fields + length, (size_t)(out.data + out.length - fields) - length);
    well = well && differs_by_forged_fields_only(message, span_make(out.data, out.length - length), tagged.forged);
    free(out.data);
    tagged_message_free(&tagged);
    return well;
}

static size_t checked;

static int check_file(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    struct file_bytes bytes;
    if (type != FTW_F || !file_read(path, 0, &bytes, NULL))
        return 0;
    if (!passes_unharmed(span_make(bytes.data, bytes.length)))
        fail_msg("%s was altered", path);
    file_bytes_free(&bytes);
    checked++;
    return 0;
}

static void every_malformed_message_passes_unharmed(void **state)
{
    const char *corpora = getenv("TAMIS_CORPORA");
    char directory[4096];
    if (!corpora || !file_join(directory, sizeof directory, corpora, "torture") || access(directory, R_OK) != 0) {
        print_message("# TAMIS_CORPORA names no folder with torture/ in it\n");
        skip();
    }
    checked = 0;
    nftw(directory, check_file, 16, FTW_PHYS);
    print_message("# %zu messages\n", checked);
    assert_true(checked > 0);
}

/* The same for messages made by chance of what headers are made of; the seed is fixed, so that a failure comes
 * again. */
static void messages_made_by_chance_pass_unharmed(void **state)
{
    static const char *const parts[] = { "\n",
                                         "\r\n",
                                         "\r",
                                         " ",
                                         "\t",
                                         ":",
                                         "X-Spam-Flag: NO\n",
                                         "x-tamis",
                                         "X-Tamis : a\r\n",
                                         "From a\n",
                                         ">From b\n",
                                         "To: c\n",
                                         " folded\n",
                                         "\n\n",
                                         "garbage" };
    srand(1);
    for (int round = 0; round < 200000; round++) {
        char message[256] = "";
        for (int i = rand() % 10; i > 0; i--)
            strcat(message, parts[(size_t)rand() % (sizeof parts / sizeof parts[0])]);
        if (!passes_unharmed(span_of(message)))
            fail_msg("round %d: \"%s\" was altered", round, message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_pass_with_our_fields),
        cmocka_unit_test(messages_pass_untouched_without_fields),
        cmocka_unit_test(fields_without_line_end_are_a_defect),
        cmocka_unit_test(virtual_size_counts_line_ends_twice),
        cmocka_unit_test(a_huge_body_is_one_piece),
        cmocka_unit_test(a_header_of_forged_fields_takes_no_memory),
        cmocka_unit_test(what_is_written_is_what_was_made),
        cmocka_unit_test(every_malformed_message_passes_unharmed),
        cmocka_unit_test(messages_made_by_chance_pass_unharmed),
    };
    return cmocka_run_group_tests_name("pass-through", tests, NULL, NULL);
}
