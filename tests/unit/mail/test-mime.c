/* test-mime.c - the structure of messages, and what GMime gets to see of them */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "mail/message.h"
#include "mail/mime-skeleton.h"
#include "mail/mime.h"
#include "util/limits.h"

#define ARENA ((size_t)1 << 24)

static void read_tree(const char *text, struct arena *arena, struct mime_tree *tree)
{
    struct header header;
    header_parse(span_of(text), arena, &header);
    mime_read(&header, arena, tree);
}

struct tree_case {
    const char *name;
    const char *input;
    const char *want; /* for each part: depth, 'm' for a message, 'b' for a broken multipart, and [content] */
    uint32_t oddities;
};

static const struct tree_case tree_cases[] = {
    { "no MIME", "A: b\n\nhello\n", "0[hello\n]", 0 },
    { "no body", "From: b\n", "0[]", 0 },
    { "empty", "", "0[]", 0 },
    { "two parts",
      "Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n\n"
      "--b--\nend\n",
      "1[one]1[two\n]", 0 },
    { "CRLF", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n\r\n--b--\r\n",
      "1[one]1[two\r\n]", 0 },
    { "no closing boundary", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n", "1[one\n]", 0 },
    { "no final newline", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none", "1[one]", 0 },
    { "empty parts", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b\n\n\n--b--\n", "1[]1[]", 0 },
    { "part without header", "Content-Type: multipart/mixed; boundary=b\n\n--b\nno header here\n\nmore\n--b--\n",
      "1[no header here\n\nmore]", 0 },
    { "blanks behind boundary", "Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\none\n--b-- \n", "1[one]", 0 },
    { "boundary in quotes, folded, upper case field",
      "CONTENT-TYPE: MULTIPART/MIXED;\n\tBOUNDARY=\"b c\"\n\n--b c\n\none\n--b c--\n", "1[one]", 0 },
    { "boundary as RFC 2231",
      "Content-Type: multipart/mixed; boundary*0=\"b\"; boundary*1=\"c\"\n\n--bc\n\none\n--bc--\n", "1[one]", 0 },
    { "boundary with quotes", "Content-Type: multipart/mixed; boundary=\"b\\\"\\\\c\"\n\n--b\"\\c\n\none\n--b\"\\c--\n",
      "1[one]", 0 },
    { "boundary that begins like another",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=bc\n\n--bc\n\n"
      "one\n--bc\n\ntwo\n--bc--\n--b\n\nthree\n--b--\n",
      "2[one]2[two]1[three]", 0 },
    { "line that only begins like a boundary",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bx\n\ntwo\n--b--\n",
      "1[one\n--bx\n\ntwo]", 0 },
    { "signature line", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n-- \nme\n--b--\n", "1[one\n-- \nme]",
      0 },
    { "inner boundary after the outer has closed it",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--b\n"
      "\ntwo\n--c\n\nthree\n--b--\n",
      "2[one]1[two\n--c\n\nthree]", 0 },
    { "message in the message",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: in\nX: y\n\ntext\n"
      "--b--\n",
      "1m[Subject: in\nX: y\n\ntext]2[text]", 0 },
    { "message as the whole", "Content-Type: message/rfc822\n\nSubject: in\n\ntext\n",
      "0m[Subject: in\n\ntext\n]1[text\n]", 0 },
    { "multipart in a message in the message",
      "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n",
      "0m[Content-Type: multipart/mixed; boundary=b\n\n--b\n\none]2[one]", 0 },
    { "message in the message, in base64", /* "Subject: in\n\ntext\n" */
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
      "Content-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCnRleHQK\n--b--\n",
      "1m[U3ViamVjdDogaW4KCnRleHQK]2[text\n]", 0 },
    { "message from an mbox in the message, in base64", /* "From a@b ...\nSubject: in\n\ntext\n" */
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
      "Content-Transfer-Encoding: base64\n\n"
      "RnJvbSBhQGIgTW9uIEphbiAgMSAwMDowMDowMCAyMDI0ClN1YmplY3Q6IGluCgp0ZXh0Cg==\n--b--\n",
      "1m[RnJvbSBhQGIgTW9uIEphbiAgMSAwMDowMDowMCAyMDI0ClN1YmplY3Q6IGluCgp0ZXh0Cg==]2[text\n]", 0 },
    { "multipart in it, of which the letters show nothing", /* boundary c, parts "one" and "two" */
      "Content-Type: message/rfc822\nContent-Transfer-Encoding: BASE64\n\n"
      "Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvbWl4ZWQ7IGJvdW5kYXJ5PWMKCi0tYwoKb25lCi0tYwoK\ndHdvCi0tYy0tCg==\n",
      "0m[Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvbWl4ZWQ7IGJvdW5kYXJ5PWMKCi0tYwoKb25lCi0tYwoK\ndHdvCi0tYy0tCg==\n]"
      "2[one]2[two]", 0 },
    { "message in the message, in quoted-printable",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
      "Content-Transfer-Encoding: quoted-printable\n\nSubject: i=6E\n\nte=\nxt=3D\n--b--\n",
      "1m[Subject: i=6E\n\nte=\nxt=3D]2[text=]", 0 },
    { "message in the message that is none of the base64 it claims",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
      "Content-Transfer-Encoding: base64\n\nSubject: in\n\ntext\n--b--\n",
      "1m[Subject: in\n\ntext]2[text]", 0 },
    { "digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\none\n--b\n"
                "Content-Type: text/plain\n\ntwo\n--b--\n",
      "1m[Subject: in\n\none]2[one]1[two]", 0 },
    { "digest of a message whose text looks like a header",
      "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nno: header\n\none\n--b--\n",
      "1m[Subject: in\n\nno: header\n\none]2[no: header\n\none]", 0 },
    { "delivery status",
      "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nA: b\n\nC: d\n"
      "--b--\n",
      "1[A: b\n\nC: d]", 0 },
    { "no boundary parameter", "Content-Type: multipart/mixed\n\n--b\n\none\n", "0b[--b\n\none\n]",
      ODDITY_NO_BOUNDARY },
    { "boundary never appears", "Content-Type: multipart/mixed; boundary=b\n\none\n", "0b[one\n]", ODDITY_NO_PARTS },
    { "inner boundary never appears",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\none\n--b\n\ntwo\n"
      "--b--\n",
      "1b[one]1[two]", ODDITY_NO_PARTS },
    { "two types, multipart first",
      "Content-Type: multipart/mixed; boundary=b\nContent-Type: text/plain\n\n--b\n\none\n--b--\n",
      "1[one]", ODDITY_DUPLICATE_CONTENT_TYPE },
    { "two types, multipart last",
      "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n",
      "1[one]", ODDITY_DUPLICATE_CONTENT_TYPE },
    { "twice the same type", "Content-Type: text/plain\nContent-Type: text/plain\n\none\n", "0[one\n]", 0 },
    { "nonsense for a type", "Content-Type: ;;=\"multipart/mixed\n\none\n", "0[one\n]", 0 },
    { "type with control bytes", "Content-Type: multipart/\x01mixed; boundary=b\n\n--b\n\none\n", "0[--b\n\none\n]",
      0 },
};

static void parts_lie_where_they_should(void **state)
{
    for (size_t i = 0; i < sizeof tree_cases / sizeof tree_cases[0]; i++) {
        const struct tree_case *test = &tree_cases[i];
        struct arena *arena = arena_new(ARENA);
        struct mime_tree tree;
        read_tree(test->input, arena, &tree);
        char got[1024] = "";
        for (size_t k = 0; k < tree.part_count; k++) {
            const struct mime_part *part = &tree.parts[k];
            snprintf(got + strlen(got), sizeof got - strlen(got), "%u%s%s[%.*s]", part->depth,
                     part->is_message ? "m" : "",
                     part->is_broken ? "b" : "", (int)part->content.length,
                     part->content.data ? part->content.data : "");
        }
        if (strcmp(got, test->want) != 0 || tree.oddities != test->oddities)
            fail_msg("%s: got \"%s\" %x, want \"%s\" %x", test->name, got, tree.oddities, test->want, test->oddities);
        arena_free(arena);
    }
}

static void branches_tell_editions_apart(void **state)
{
    struct arena *arena = arena_new(ARENA);
    struct mime_tree tree;
    read_tree("Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n"
              "--b\n\nplain\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\nhtml\n"
              "--c\nContent-Type: image/png\n\nimage\n--c--\n--b--\n--a\n\nfooter\n--a--\n", arena, &tree);
    assert_int_equal(tree.part_count, 4);
    assert_int_equal(tree.multipart_count, 3);
    assert_int_equal(tree.depth, 3);
    assert_int_equal(tree.alternative_count, 1);
    assert_int_equal(tree.parts[0].branch, 0);
    assert_int_equal(tree.parts[1].branch, 1);
    assert_int_equal(tree.parts[2].branch, 1);
    assert_int_equal(tree.parts[3].branch, MIME_NO_BRANCH);
    assert_int_equal(tree.branches[1].alternative, 0);
    assert_int_equal(tree.branches[1].parent, MIME_NO_BRANCH);
    arena_free(arena);
}

/* Text and its own copies, one behind the other. */
static char *repeated(const char *head, const char *unit, size_t times, const char *tail)
{
    size_t length = strlen(head) + strlen(unit) * times + strlen(tail) + 1;
    char *text = malloc(length);
    assert_non_null(text);
    char *at = stpcpy(text, head);
    for (size_t i = 0; i < times; i++)
        at = stpcpy(at, unit);
    strcpy(at, tail);
    return text;
}

struct flood_case {
    const char *name;
    const char *head;
    const char *unit;
    size_t times;
    const char *tail;
    size_t parts_at_most;
    bool is_limited;
};

static const struct flood_case flood_cases[] = {
    { "100,000 parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 100000, "--b--\n",
      LIMIT_MIME_PARTS, true },
    { "10,000 levels", "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 10000, "\nx\n", 1, true },
    { "100,000 messages in messages", "", "Content-Type: message/rfc822\n\n", 100000, "x\n", LIMIT_MIME_DEPTH + 2,
      true },
    { "a million fields of a part", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "A: b\n", 1000000, "\nx\n", 1,
      false },
    { "50,000 groups in a nested address field", "Content-Type: message/rfc822\n\nTo: ", "a:", 50000, "\n\nx\n", 2,
      false },
    { "a million dashes", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", "--\n", 1000000, "x\n", 1, true },
    { "8 MB and more", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", "0123456789abcde\n", 600000, "x\n", 1,
      true },
};

static void floods_are_cut_and_nothing_behind_them_is_lost_from_sight(void **state)
{
    for (size_t i = 0; i < sizeof flood_cases / sizeof flood_cases[0]; i++) {
        const struct flood_case *test = &flood_cases[i];
        char *text = repeated(test->head, test->unit, test->times, test->tail);
        struct arena *arena = arena_new(ARENA);
        struct mime_tree tree;
        read_tree(text, arena, &tree);
        const struct mime_part *last = &tree.parts[tree.part_count - 1];
        if (tree.part_count > test->parts_at_most || !(tree.oddities & ODDITY_MIME_LIMIT) == test->is_limited ||
            last->content.length == 0 || arena_used(arena) > (size_t)4 << 20)
            fail_msg("%s: %zu parts, oddities %x, %zu bytes in the last, arena %zu", test->name, tree.part_count,
                     tree.oddities, last->content.length, arena_used(arena));
        arena_free(arena);
        free(text);
    }
}

static void skeleton_holds_structure_only(void **state)
{
    struct arena *arena = arena_new(ARENA);
    struct skeleton skeleton;
    skeleton_build(span_of("To: a:a:a:a;\nContent-Type: multipart/mixed; boundary=\"b\" ; x=\"\x01\"\n"),
                   span_of("preamble\n--b\nContent-Type: text/plain; name=secret\nX: y\n\nsecret\n-- \nsecret\n"
                           "--b--\n"), arena, &skeleton);
    assert_span_is(skeleton.text, "Content-Number: 0\nContent-Type: multipart/mixed; boundary=\"b\"\n\nx\n--b\n"
                                  "Content-Number: 1\nContent-Type: text/plain\n\nx\n--b--\nContent-Number: 2\n\n");
    assert_int_equal(skeleton.header_count, 3);
    assert_span_is(skeleton.headers[1].content, "secret\n-- \nsecret");
    assert_false(skeleton.truncated);
    arena_free(arena);
}

static void offsets_lead_back_to_the_message(void **state)
{
    static const char body[] = "--b\nX: y\n\nsome content\r\n--b--\nepilogue";
    struct arena *arena = arena_new(ARENA);
    struct skeleton skeleton;
    skeleton_build(span_of("Content-Type: multipart/mixed; boundary=b\n"), span_of(body), arena, &skeleton);
    size_t content = (size_t)(strstr(skeleton.text.data, "\n\nx\n") + 2 - skeleton.text.data);
    assert_int_equal(skeleton_origin(&skeleton, content), strstr(body, "some") - body);
    assert_int_equal(skeleton_origin(&skeleton, content + 1), strstr(body, "\r\n") - body);
    assert_int_equal(skeleton_origin(&skeleton, content + 2), strstr(body, "--b--") - body);
    assert_int_equal(skeleton_origin(&skeleton, skeleton.text.length), sizeof body - 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_lie_where_they_should),
        cmocka_unit_test(branches_tell_editions_apart),
        cmocka_unit_test(floods_are_cut_and_nothing_behind_them_is_lost_from_sight),
        cmocka_unit_test(skeleton_holds_structure_only),
        cmocka_unit_test(offsets_lead_back_to_the_message),
    };
    return cmocka_run_group_tests_name("mime", tests, NULL, NULL);
}
