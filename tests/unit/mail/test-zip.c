/* test-zip.c - archives listed by their directories, whole, cut, in streaming form and made to deceive */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "mail/zip.h"
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
static void describe(const struct zip_listing *listing, char *text, size_t size)
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
        struct zip_listing listing;
        char got[200];
        zip_list(buffer_span(&archive), buffer_span(&archive), arena, &listing);
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
    struct zip_listing listing;
    char got[200];
    for (unsigned flags = 0; flags <= STREAMED; flags += STREAMED) {
        struct buffer archive = buffer_new(arena, 4096);
        append_local(&archive, "a.txt", flags, "hello");
        append_local(&archive, "b.exe", flags, "PK hello P");
        append_local(&archive, "c.txt", flags, "a long text");
        zip_list(span_head(buffer_span(&archive), archive.length - 8), SPAN_EMPTY, arena, &listing);
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
    struct zip_listing listing;
    char got[200];
    zip_list(span_head(all, 35), span_from(all, 60), arena, &listing);
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
    struct zip_listing listing;
    char got[200];
    zip_list(buffer_span(&archive), buffer_span(&archive), arena, &listing);
    describe(&listing, got, sizeof got);
    assert_string_equal(got, "b.exe a.txt |ct");
    arena_free(arena);
}

static void hostile_archives_end_in_bounds(void **state)
{
    static const struct member members[4] = { { "a.txt", "a.txt", STREAMED }, { "b.exe", "b.exe", 0 } };
    struct arena *arena = arena_new(64 << 20);
    struct zip_listing listing;
    struct buffer archive = buffer_new(arena, 4096);
    append_archive(&archive, members);
    struct span all = buffer_span(&archive);
    for (size_t i = 0; i <= all.length; i++) {
        char *copy = malloc(i + 1); /* of that size: reads past its end are seen */
        memcpy(copy, all.data, i);
        struct span cut = span_make(realloc(copy, i ? i : 1), i);
        zip_list(cut, cut, arena, &listing);
        zip_list(cut, span_from(all, i), arena, &listing);
        free((char *)cut.data);
    }
    for (size_t i = 0; i < all.length; i++) {
        char kept = archive.data[i];
        archive.data[i] = (char)0xFF;
        zip_list(all, all, arena, &listing);
        assert_true(listing.count <= 6);
        archive.data[i] = kept;
    }
    /* Nothing but headers: the limit holds. */
    struct buffer many = buffer_new(arena, 1 << 20);
    for (unsigned i = 0; i < 2 * LIMIT_ARCHIVE_MEMBERS; i++)
        append_local(&many, "", 0, "");
    zip_list(buffer_span(&many), buffer_span(&many), arena, &listing);
    assert_int_equal(listing.count, LIMIT_ARCHIVE_MEMBERS);
    assert_false(listing.is_complete);
    zip_list(SPAN_EMPTY, SPAN_EMPTY, arena, &listing);
    assert_int_equal(listing.count, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_listed),
        cmocka_unit_test(a_cut_archive_is_listed_from_its_start),
        cmocka_unit_test(the_end_alone_gives_the_list),
        cmocka_unit_test(two_archives_in_one_file_show_both),
        cmocka_unit_test(hostile_archives_end_in_bounds),
    };
    return cmocka_run_group_tests_name("zip", tests, NULL, NULL);
}
