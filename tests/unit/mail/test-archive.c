/* test-archive.c - archives listed by their directories, whole, cut, in streaming form and made to deceive */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "mail/archive.h"
#include "util/buffer.h"
#include "util/limits.h"

enum { ENCRYPTED = 1, STREAMED = 8, MASKED = 1 << 13 };

static void append_number(struct buffer *out, unsigned value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_append_byte(out, i < sizeof value ? (char)(value >> (8 * i)) : 0);
}

/* A local header and `data` behind it; in streaming form with the sizes behind the data. */
static void append_local(struct buffer *out, const char *name, unsigned flags, const char *data)
{
    unsigned size = flags & STREAMED ? 0 : (unsigned)strlen(data);
    buffer_append(out, span_make("PK\3\4\24\0", 6));
    append_number(out, flags, 2);
    append_number(out, 0, 10);
    append_number(out, size, 4);
    append_number(out, size, 4);
    append_number(out, (unsigned)strlen(name), 2);
    append_number(out, 0, 2);
    buffer_append_string(out, name);
    buffer_append_string(out, data);
    if (flags & STREAMED) {
        buffer_append(out, span_make("PK\7\10\0\0\0\0", 8));
        append_number(out, (unsigned)strlen(data), 4);
        append_number(out, (unsigned)strlen(data), 4);
    }
}

static void append_central(struct buffer *out, const char *name, unsigned flags, size_t offset)
{
    buffer_append(out, span_make("PK\1\2\24\0\24\0", 8));
    append_number(out, flags, 2);
    append_number(out, 0, 10);
    append_number(out, 5, 4);
    append_number(out, 5, 4);
    append_number(out, (unsigned)strlen(name), 2);
    append_number(out, 0, 2);
    append_number(out, 3, 2); /* a comment */
    append_number(out, 0, 8);
    append_number(out, (unsigned)offset, 4);
    buffer_append_string(out, name);
    buffer_append_string(out, "abc");
}

static void append_end(struct buffer *out, unsigned count, size_t size, size_t offset)
{
    buffer_append(out, span_make("PK\5\6\0\0\0\0", 8));
    append_number(out, count, 2);
    append_number(out, count, 2);
    append_number(out, (unsigned)size, 4);
    append_number(out, (unsigned)offset, 4);
    append_number(out, 0, 2);
}

struct member {
    const char *local, *central; /* NULL: not there */
    unsigned flags;
};

/* Appends an archive of up to four members. */
static void append_archive(struct buffer *out, const struct member members[4])
{
    size_t offsets[4] = { 0 }, start = out->length, count = 0;
    for (size_t i = 0; i < 4 && (members[i].local || members[i].central); i++) {
        offsets[i] = out->length - start;
        if (members[i].local)
            append_local(out, members[i].local, members[i].flags, "hello");
    }
    size_t directory = out->length;
    for (size_t i = 0; i < 4 && (members[i].local || members[i].central); i++) {
        if (members[i].central)
            append_central(out, members[i].central, members[i].flags, offsets[i]);
        count += members[i].central != NULL;
    }
    append_end(out, (unsigned)count, out->length - directory, directory - start);
}

/* "name name*" with '*' behind encrypted ones, then marks: c complete, t two-faced, n names encrypted. */
static void describe(const struct archive_listing *listing, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < listing->count; i++)
        snprintf(text + strlen(text), size - strlen(text), "%.*s%s ", (int)listing->members[i].name.length,
                 listing->members[i].name.data, listing->members[i].is_encrypted ? "*" : "");
    snprintf(text + strlen(text), size - strlen(text), "|%s%s%s", listing->is_complete ? "c" : "",
             listing->is_two_faced ? "t" : "", listing->names_are_encrypted ? "n" : "");
}

static const struct {
    const char *name;
    struct member members[4];
    const char *want;
} cases[] = {
    { "two members", { { "a.txt", "a.txt", 0 }, { "b.exe", "b.exe", 0 } }, "a.txt b.exe |c" },
    { "encrypted", { { "a.txt", "a.txt", ENCRYPTED } }, "a.txt* |c" },
    { "streamed", { { "a.txt", "a.txt", STREAMED }, { "b.exe", "b.exe", STREAMED } }, "a.txt b.exe |c" },
    { "directory masked", { { "1", "1", ENCRYPTED | MASKED } }, "1* |cn" },
    { "another name in the directory", { { "a.txt", "a.exe", 0 } }, "a.exe a.txt |ct" },
    { "only in the directory", { { "a.txt", "a.txt", 0 }, { NULL, "b.exe", 0 } }, "a.txt b.exe a.txt |ct" },
};

static void members_are_listed(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer archive = buffer_new(arena, 4096);
        append_archive(&archive, cases[i].members);
        struct archive_listing listing;
        char got[200];
        archive_list_zip(buffer_span(&archive), buffer_span(&archive), arena, &listing);
        describe(&listing, got, sizeof got);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name, got, cases[i].want);
        arena_free(arena);
    }
}

/* Without the directory, the local headers tell, as far as they go. */
static void a_cut_archive_is_listed_from_its_start(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct archive_listing listing;
    char got[200];
    for (unsigned flags = 0; flags <= STREAMED; flags += STREAMED) {
        struct buffer archive = buffer_new(arena, 4096);
        append_local(&archive, "a.txt", flags, "hello");
        append_local(&archive, "b.exe", flags, "PK hello P");
        append_local(&archive, "c.txt", flags, "a long text");
        archive_list_zip(span_head(buffer_span(&archive), archive.length - 8), SPAN_EMPTY, arena, &listing);
        describe(&listing, got, sizeof got);
        assert_string_equal(got, "a.txt b.exe c.txt |");
    }
    arena_free(arena);
}

/* Of a large archive only start and end are at hand. */
static void the_end_alone_gives_the_list(void **state)
{
    static const struct member members[4] = { { "a.txt", "a.txt", 0 }, { "b.exe", "b.exe", 0 } };
    struct arena *arena = arena_new(1 << 20);
    struct buffer archive = buffer_new(arena, 4096);
    append_archive(&archive, members);
    struct span all = buffer_span(&archive);
    struct archive_listing listing;
    char got[200];
    archive_list_zip(span_head(all, 35), span_from(all, 60), arena, &listing);
    describe(&listing, got, sizeof got);
    assert_string_equal(got, "a.txt b.exe |c");
    arena_free(arena);
}

/* Readers of streams open the first, others the last. */
static void two_archives_in_one_file_show_both(void **state)
{
    static const struct member first[4] = { { "a.txt", "a.txt", 0 } }, second[4] = { { "b.exe", "b.exe", 0 } };
    struct arena *arena = arena_new(1 << 20);
    struct buffer archive = buffer_new(arena, 4096);
    append_archive(&archive, first);
    append_archive(&archive, second);
    struct archive_listing listing;
    char got[200];
    archive_list_zip(buffer_span(&archive), buffer_span(&archive), arena, &listing);
    describe(&listing, got, sizeof got);
    assert_string_equal(got, "b.exe a.txt |ct");
    arena_free(arena);
}

static void hostile_archives_end_in_bounds(void **state)
{
    static const struct member members[4] = { { "a.txt", "a.txt", STREAMED }, { "b.exe", "b.exe", 0 } };
    struct arena *arena = arena_new(64 << 20);
    struct archive_listing listing;
    struct buffer archive = buffer_new(arena, 4096);
    append_archive(&archive, members);
    struct span all = buffer_span(&archive);
    for (size_t i = 0; i <= all.length; i++) {
        char *copy = malloc(i + 1); /* of that size: reads past its end are seen */
        memcpy(copy, all.data, i);
        struct span cut = span_make(realloc(copy, i ? i : 1), i);
        archive_list_zip(cut, cut, arena, &listing);
        archive_list_zip(cut, span_from(all, i), arena, &listing);
        free((char *)cut.data);
    }
    for (size_t i = 0; i < all.length; i++) {
        char kept = archive.data[i];
        archive.data[i] = (char)0xFF;
        archive_list_zip(all, all, arena, &listing);
        assert_true(listing.count <= 6);
        archive.data[i] = kept;
    }
    /* Nothing but headers: the limit holds. */
    struct buffer many = buffer_new(arena, 1 << 20);
    for (unsigned i = 0; i < 2 * LIMIT_ARCHIVE_MEMBERS; i++)
        append_local(&many, "", 0, "");
    archive_list_zip(buffer_span(&many), buffer_span(&many), arena, &listing);
    assert_int_equal(listing.count, LIMIT_ARCHIVE_MEMBERS);
    assert_false(listing.is_complete);
    archive_list_zip(SPAN_EMPTY, SPAN_EMPTY, arena, &listing);
    assert_int_equal(listing.count, 0);
    arena_free(arena);
}

/* --- RAR ------------------------------------------------------------------------------------------------------- */

#define RAR_4 "Rar!\x1A\7\0"
#define MAIN_4(flags) "\0\0\x73" flags "\0\x0D\0\0\0\0\0\0\0"
/* A file of five bytes; `name` has five letters. */
#define FILE_4(flags, name) \
    "\0\0\x74" flags "\x80\x25\0\5\0\0\0\5\0\0\0\2\0\0\0\0\0\0\0\0\x1D\x30\5\0\x20\0\0\0" name "hello"
#define END_4 "\0\0\x7B\0\x40\7\0"

#define RAR_5 "Rar!\x1A\7\1\0"
#define MAIN_5 "\0\0\0\0\3\1\0\0"
#define FILE_5(name) "\0\0\0\0\x12\2\2\5\4\5\x20\1\2\3\4\0\0\5" name "hello"
#define LOCKED_5(name) "\0\0\0\0\x16\2\3\3\5\4\5\x20\1\2\3\4\0\0\5" name "\2\1\0hello"
#define END_5 "\0\0\0\0\3\5\0\0"

#define BYTES(literal) { literal, sizeof literal - 1 }

static const struct {
    const char *name;
    struct span archive;
    const char *want;
} rar_cases[] = {
    { "RAR 4", BYTES(RAR_4 MAIN_4("\0") FILE_4("\0", "a.txt") FILE_4("\0", "b.exe") END_4), "a.txt b.exe |c" },
    { "RAR 4, encrypted", BYTES(RAR_4 MAIN_4("\0") FILE_4("\4", "a.txt") END_4), "a.txt* |c" },
    { "RAR 4, headers encrypted", BYTES(RAR_4 MAIN_4("\x80") "garbage garbage garbage"), "|n" },
    { "RAR 4, cut", BYTES(RAR_4 MAIN_4("\0") FILE_4("\0", "a.txt")), "a.txt |" },
    { "RAR 4, a header of no size", BYTES(RAR_4 "\0\0\x74\0\0\0\0"), "|" },
    { "RAR 5", BYTES(RAR_5 MAIN_5 FILE_5("a.txt") FILE_5("b.exe") END_5), "a.txt b.exe |c" },
    { "RAR 5, encrypted", BYTES(RAR_5 MAIN_5 LOCKED_5("a.txt") END_5), "a.txt* |c" },
    { "RAR 5, headers encrypted", BYTES(RAR_5 "\0\0\0\0\3\4\0\0garbage"), "|n" },
    { "RAR 5, cut", BYTES(RAR_5 MAIN_5 FILE_5("a.txt")), "a.txt |" },
    { "RAR 5, endless number", BYTES(RAR_5 "\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\2"), "|" },
    { "no archive", BYTES("hello"), "|" },
};

static void rar_archives_are_listed(void **state)
{
    for (size_t i = 0; i < sizeof rar_cases / sizeof *rar_cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct archive_listing listing;
        char got[200];
        archive_list_rar(rar_cases[i].archive, arena, &listing);
        describe(&listing, got, sizeof got);
        if (strcmp(got, rar_cases[i].want) != 0)
            fail_msg("%s: got \"%s\", want \"%s\"", rar_cases[i].name, got, rar_cases[i].want);
        arena_free(arena);
    }
}

/* Cut anywhere, and with any byte of the highest value. */
static void hostile_rar_archives_end_in_bounds(void **state)
{
    for (size_t i = 0; i < sizeof rar_cases / sizeof *rar_cases; i++) {
        struct arena *arena = arena_new(16 << 20);
        struct span all = rar_cases[i].archive;
        struct archive_listing listing;
        for (size_t length = 0; length <= all.length; length++) {
            char *copy = malloc(length ? length : 1); /* of that size: reads past its end are seen */
            memcpy(copy, all.data, length);
            archive_list_rar(span_make(copy, length), arena, &listing);
            if (length)
                copy[length - 1] = (char)0xFF;
            archive_list_rar(span_make(copy, length), arena, &listing);
            free(copy);
        }
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_listed),
        cmocka_unit_test(a_cut_archive_is_listed_from_its_start),
        cmocka_unit_test(the_end_alone_gives_the_list),
        cmocka_unit_test(two_archives_in_one_file_show_both),
        cmocka_unit_test(hostile_archives_end_in_bounds),
        cmocka_unit_test(rar_archives_are_listed),
        cmocka_unit_test(hostile_rar_archives_end_in_bounds),
    };
    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
