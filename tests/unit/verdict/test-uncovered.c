/* test-uncovered.c - hidden text comes in its place, whatever the text around it is, and no more than is asked for */
#include "unit.h"

#include "util/limits.h"
#include "verdict/uncovered.h"

#define HTML "Content-Type: text/html\n\n"
#define ALTERNATIVE(plain, html)                                                                                       \
    "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n" plain                       \
    "\n--b\nContent-Type: text/html\n\n" html "\n--b--\n"

/* A piece in brackets is hidden; '/' in front of it says that it stands on a line of its own, '?' that it is nowhere.
 */
static const struct {
    const char *name, *message;
    size_t visible_most, hidden_most;
    const char *want;
    size_t omitted;
} walks[] = {
    { "plain text", "A: b\n\none", 100, 100, "one", 0 },
    { "nothing", "A: b\n\n", 100, 100, "", 0 },
    { "inside a line", HTML "one<i hidden>two</i>three", 100, 100, "one[two]three", 0 },
    { "first and last", HTML "<i hidden>a</i>b<i hidden>c</i>", 100, 100, "/[a]b[c]", 0 },
    { "a line of its own", HTML "<p>a<p hidden>b<p>c", 100, 100, "a/[b]\nc", 0 },
    { "an edition that is not shown", ALTERNATIVE("plain", "<p style='display:none'>salad</p>"), 100, 100,
      "plain/?[salad]", 0 },
    { "visible text cut", HTML "abcdef<i hidden>x</i>g", 3, 100, "abc[x]", 4 },
    { "hidden text cut", HTML "a<i hidden>salad</i>b", 100, 2, "a[sa]b", 3 },
    { "not inside a character", HTML "\xC3\xA4\xC3\xA4", 3, 3, "\xC3\xA4", 2 },
};

static void hidden_text_comes_in_its_place(void **state)
{
    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        const struct message *message = message_parse(span_of(walks[i].message), arena);
        struct uncovered walk = uncovered_start(message, walks[i].visible_most, walks[i].hidden_most);
        struct buffer got = buffer_new(arena, 1 << 12);
        struct uncovered_piece piece;
        while (uncovered_next(&walk, &piece)) {
            buffer_append_string(&got, piece.starts_line ? "/" : "");
            buffer_append_string(&got, piece.is_nowhere ? "?" : "");
            buffer_append_string(&got, piece.hidden ? "[" : "");
            buffer_append(&got, piece.text);
            buffer_append_string(&got, piece.hidden ? "]" : "");
        }
        if (!span_is(span_trim(buffer_span(&got)), walks[i].want) || walk.omitted != walks[i].omitted)
            fail_msg("%s: got \"%.*s\", %zu omitted; want \"%s\", %zu", walks[i].name, (int)got.length, got.data,
                     walk.omitted, walks[i].want, walks[i].omitted);
        arena_free(arena);
    }
}

static void every_reason_has_its_words(void **state)
{
    for (int i = 0; i < HTML_HIDING_COUNT; i++)
        for (int j = 0; j <= i; j++)
            if ((strcmp(uncovered_reason((enum html_hiding)i), uncovered_reason((enum html_hiding)j)) == 0) != (i == j))
                fail_msg("reasons %d and %d", i, j);
    assert_string_not_equal(uncovered_reason(HTML_HIDDEN_COLOUR), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hidden_text_comes_in_its_place),
        cmocka_unit_test(every_reason_has_its_words),
    };
    return cmocka_run_group_tests_name("uncovered", tests, NULL, NULL);
}
