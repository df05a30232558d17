/* test-message.c - the view of whole messages: text as seen, attachments, oddities */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "mail/message.h"
#include "util/buffer.h"
#include "util/limits.h"

#define MULTIPART(type) "Content-Type: multipart/" type "; boundary=b\n\n"
#define PLAIN(text) "--b\nContent-Type: text/plain\n\n" text "\n"
#define HTML(text) "--b\nContent-Type: text/html\n\n<p>" text "</p>\n"
#define END "--b--\n"

static const struct message *parse(struct span bytes, struct arena **arena)
{
    *arena = arena_new(LIMIT_MESSAGE_ARENA);
    return message_parse(bytes, *arena);
}

static bool contains(struct span text, const char *wanted)
{
    for (size_t i = 0; i < text.length; i++)
        if (span_is(span_head(span_from(text, i), strlen(wanted)), wanted))
            return true;
    return false;
}

/* White space at the ends is of no interest here. */
#define assert_text_is(name, what, got, want)                                                            \
    do {                                                                                                 \
        struct span trimmed_ = span_trim(got);                                                           \
        if (!span_is(trimmed_, (want)))                                                                  \
            fail_msg("%s: %s is \"%.*s\", want \"%s\"", (name), (what), (int)trimmed_.length,            \
                     trimmed_.data ? trimmed_.data : "", (want));                                        \
    } while (0)

struct text_case {
    const char *name;
    const char *input;
    const char *visible, *plain, *html;
};

static const struct text_case text_cases[] = {
    { "no MIME", "A: b\n\nhello\n", "hello", "hello", "" },
    { "HTML alone", "Content-Type: text/html\n\n<p>hello</p>", "hello", "", "hello" },
    { "alternative: the HTML edition is seen", MULTIPART("alternative") PLAIN("plain") HTML("html") END, "html",
      "plain", "html" },
    { "alternative: in the other order too", MULTIPART("alternative") HTML("html") PLAIN("plain") END, "html", "plain",
      "html" },
    { "alternative: HTML that shows nothing", MULTIPART("alternative") PLAIN("plain") HTML("<img src=x>") END, "plain",
      "plain", "" },
    { "alternative: of two HTML editions the last", MULTIPART("alternative") HTML("one") HTML("two") END, "two", "",
      "one\n\ntwo" },
    { "mixed: both are seen", MULTIPART("mixed") PLAIN("plain") HTML("html") END, "plain\n\nhtml", "plain", "html" },
    { "mixed: order is kept", MULTIPART("mixed") HTML("html") PLAIN("plain") END, "html\n\nplain", "plain", "html" },
    { "alternative whose second edition is made of both",
      MULTIPART("alternative")
      PLAIN("unseen") "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nseen\n--c\nContent-Type: text/html\n\n"
                      "<p>html</p>\n--c--\n" END,
      "seen\n\nhtml", "unseen\n\nseen", "html" },
    { "text behind an alternative", "Content-Type: multipart/mixed; boundary=a\n\n--a\n" MULTIPART("alternative")
      PLAIN("unseen") HTML("html") END "--a\n\nfooter\n--a--\n",
      "html\n\nfooter", "unseen\n\nfooter", "html" },
    { "attached text", MULTIPART("mixed")
      PLAIN("one") "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\ntwo\n" END,
      "one\n\ntwo", "one\n\ntwo", "" },
    { "message in the message",
      MULTIPART("mixed") PLAIN("one") "--b\nContent-Type: message/rfc822\n\nSubject: =?utf-8?Q?in=6Eer?=\n\ntwo\n" END,
      "one\n\ninner\n\ntwo", "one\n\ninner\n\ntwo", "" },
    { "HTML as unknown bytes, by name", MULTIPART("mixed")
      PLAIN("one") "--b\nContent-Type: application/octet-stream; name=Invoice.HTM\n\n<p>two</p>\n" END,
      "one\n\ntwo", "one", "two" },
    { "HTML as unknown bytes, by content",
      MULTIPART("mixed")
      PLAIN("one") "--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
                   "PCFET0NUWVBFIGh0bWw+PHA+dHdvPC9wPg==\n" END,
      "one\n\ntwo", "one", "two" },
    { "binary attachment", MULTIPART("mixed") PLAIN("one") "--b\nContent-Type: application/octet-stream\n\ntwo\n" END,
      "one", "one", "" },
    { "other editions for few readers",
      MULTIPART("alternative") PLAIN("plain") "--b\nContent-Type: text/x-amp-html\n\n<p>amp</p>\n" END,
      "plain", "plain", "" },
    { "calendar",
      "Content-Type: text/calendar\n\nBEGIN:VEVENT\nUID:x\nSUMMARY;LANGUAGE=en:Pay\n  now\\, please\n"
      "DESCRIPTION:a\\nb\nEND:VEVENT\n",
      "Pay now, please\na\nb", "Pay now, please\na\nb", "" },
    { "calendar with another edition of its text in a parameter, as Thunderbird writes it",
      "Content-Type: text/calendar\n\nBEGIN:VEVENT\nDESCRIPTION;ALTREP=\"data:text/html,%3Cbody\n %3EWe%3C\":We mee\n "
      "t\\\n n at noon\nLOCATION;X=\"half:Room 5\nEND:VEVENT\n",
      "We meet\n at noon\nRoom 5", "We meet\n at noon\nRoom 5", "" },
    { "quoted-printable",
      "Content-Transfer-Encoding: Quoted-Printable\nContent-Type: text/plain; charset=utf-8\n\nh=C3=A9l=\nlo\n",
      "h\xC3\xA9llo", "h\xC3\xA9llo", "" },
    { "base64 with padding inside", "Content-Transfer-Encoding: base64\n\nSGVsbG8=\nIHdvcmxkIQ==\n", "Hello world!",
      "Hello world!", "" },
    { "multipart without boundary", "Content-Type: multipart/mixed\n\nhello\n", "hello", "hello", "" },
    { "multipart whose boundary never appears", MULTIPART("mixed") "hello\n", "hello", "hello", "" },
    { "text with NUL bytes is read on", "Content-Type: text/plain\n\nhe=00llo\nworld\n", "he=00llo\nworld",
      "he=00llo\nworld", "" },
    { "two types: text either way", "Content-Type: text/plain\nContent-Type: text/html\n\n<p>x</p>\n", "x", "", "x" },
    { "two types: HTML first", "Content-Type: text/html\nContent-Type: text/plain\n\n<p>x</p>\n", "x", "", "x" },
    { "a page whose header was cut down", "Subject: x\n\n<HTML><p>x</p>\n", "x", "", "x" },
    { "a page sent as text", "Received: by a\n\n<HTML><p>x</p>\n", "<HTML><p>x</p>", "<HTML><p>x</p>", "" },
    { "a page said to be text", "Content-Type: text/plain\n\n<html><p>x</p>\n", "<html><p>x</p>", "<html><p>x</p>",
      "" },
    { "no header at all", "one\ntwo\n\nthree\n", "one\ntwo\n\nthree", "one\ntwo\n\nthree", "" },
    { "CRLF becomes LF", "A: b\r\n\r\none\r\ntwo\r\n", "one\ntwo", "one\ntwo", "" },
    { "uuencoded file is no text", "A: b\n\none\nbegin 644 cat.exe\n#0V%T\n`\nend\ntwo\n", "one\ntwo", "one\ntwo", "" },
    { "begin that begins nothing", "A: b\n\nbegin 644 reasons\nwith this one\n", "begin 644 reasons\nwith this one",
      "begin 644 reasons\nwith this one", "" },
    { "Latin-1", "Content-Type: text/plain; charset=iso-8859-1\n\nh\xE9\n", "h\xC3\xA9", "h\xC3\xA9", "" },
    { "charset of the page itself", "Content-Type: text/html\n\n<meta charset=\"koi8-r\"><p>\xC4\xC1</p>\n",
      "\xD0\xB4\xD0\xB0", "", "\xD0\xB4\xD0\xB0" },
    { "a page that says in ASCII to be UTF-16", "Content-Type: text/html\n\n<meta charset=utf-16><p>caf\xC3\xA9</p>\n",
      "caf\xC3\xA9", "", "caf\xC3\xA9" },
    { "a page that says in ASCII to be UCS-4", "Content-Type: text/html\n\n<meta charset=ucs-4><p>caf\xC3\xA9</p>\n",
      "caf\xC3\xA9", "", "caf\xC3\xA9" },
    { "a page that says to be UTF-7", "Content-Type: text/html\n\n<meta charset='utf-7'><p>caf\xC3\xA9 +AGE-</p>\n",
      "caf\xC3\xA9 +AGE-", "", "caf\xC3\xA9 +AGE-" },
};

static void text_is_what_the_reader_sees(void **state)
{
    for (size_t i = 0; i < sizeof text_cases / sizeof text_cases[0]; i++) {
        const struct text_case *test = &text_cases[i];
        struct arena *arena;
        const struct message *message = parse(span_of(test->input), &arena);
        assert_text_is(test->name, "visible_text", message->visible_text, test->visible);
        assert_text_is(test->name, "plain_text", message->plain_text, test->plain);
        assert_text_is(test->name, "html_text", message->html_text, test->html);
        arena_free(arena);
    }
}

struct oddity_case {
    const char *name;
    const char *input;
    uint32_t want;
};

static const struct oddity_case oddity_cases[] = {
    { "honest", "A: b\n\nhello\n", 0 },
    { "honest multipart", MULTIPART("alternative") PLAIN("plain") HTML("html") END, 0 },
    { "empty", "", ODDITY_NO_HEADER | ODDITY_NO_BODY },
    { "header only", "A: b\n", ODDITY_NO_BODY },
    { "empty body", "A: b\n\n", 0 },
    { "no header", "\nhello\n", ODDITY_NO_HEADER },
    { "line that is no field", "A: b\nnonsense\n\nhello\n", ODDITY_BAD_HEADER_LINE },
    { "unknown transfer encoding", "Content-Transfer-Encoding: x-rot13\n\nuryyb\n", ODDITY_BAD_TRANSFER_ENCODING },
    { "base64 that is none", "Content-Transfer-Encoding: base64\n\nThis is no base64, is it?\n",
      ODDITY_BAD_TRANSFER_ENCODING },
    { "quoted-printable that is none", "Content-Transfer-Encoding: quoted-printable\n\na=x b=y c=z\n",
      ODDITY_BAD_TRANSFER_ENCODING },
    { "quoted-printable",
      "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\na=C3=A9=\nb\n", 0 },
    { "ASCII in base64", "Content-Transfer-Encoding: base64\n\naGVsbG8=\n", ODDITY_BASE64_ASCII_TEXT },
    { "UTF-8 in base64", "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\nw6k=\n", 0 },
    { "unknown charset", "Content-Type: text/plain; charset=x-none\n\nh\xE9\n", ODDITY_BAD_CHARSET },
    { "bytes that contradict the charset", "Content-Type: text/plain; charset=utf-8\n\nh\xE9\n", ODDITY_BAD_CHARSET },
    { "uuencoded file", "A: b\n\nbegin 644 cat.exe\n#0V%T\n`\nend\n", ODDITY_INLINE_UUENCODE },
    { "partial", "Content-Type: message/partial; id=x\n\nhello\n", ODDITY_PARTIAL },
    { "external body", "Content-Type: message/external-body; access-type=url\n\nA: b\n", ODDITY_EXTERNAL_BODY },
    { "no boundary", "Content-Type: multipart/mixed\n\nhello\n", ODDITY_NO_BOUNDARY },
    { "no parts", MULTIPART("mixed") "hello\n", ODDITY_NO_PARTS },
    { "two types", "Content-Type: text/plain\nContent-Type: text/html\n\nhello\n", ODDITY_DUPLICATE_CONTENT_TYPE },
};

static void oddities_are_noted(void **state)
{
    for (size_t i = 0; i < sizeof oddity_cases / sizeof oddity_cases[0]; i++) {
        struct arena *arena;
        const struct message *message = parse(span_of(oddity_cases[i].input), &arena);
        if (message->oddities != oddity_cases[i].want)
            fail_msg("%s: got %x, want %x", oddity_cases[i].name, message->oddities, oddity_cases[i].want);
        arena_free(arena);
    }
}

static void text_over_its_limit_is_noted(void **state)
{
    static const struct {
        const char *charset;
        char byte;
        size_t count;
        bool want;
    } cases[] = {
        { "us-ascii", 'a', LIMIT_PART_TEXT - 100, false },
        { "us-ascii", 'a', LIMIT_PART_TEXT + 100, true },
        { "iso-8859-5", '\xD0', LIMIT_PART_TEXT / 2 - 100, false },
        { "iso-8859-5", '\xD0', LIMIT_PART_TEXT / 2 + 20000, true }, /* two bytes each in UTF-8 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *memory = arena_new(4 * LIMIT_PART_TEXT), *arena;
        struct buffer text = buffer_new(memory, LIMIT_PART_TEXT + 1000);
        buffer_append_format(&text, "Content-Type: text/plain; charset=%s\n\n", cases[i].charset);
        for (size_t k = 0; k < cases[i].count; k++)
            buffer_append_byte(&text, k % 70 == 69 ? '\n' : cases[i].byte);
        const struct message *message = parse(buffer_span(&text), &arena);
        if (message_has(message, ODDITY_TEXT_LIMIT) != cases[i].want)
            fail_msg("%zu bytes in %s: want %d", cases[i].count, cases[i].charset, cases[i].want);
        arena_free(arena);
        arena_free(memory);
    }
}

static void nul_bytes_neither_end_nor_split_the_text(void **state)
{
    static const char text[] = "A: b\n\nvi\0ag\0ra is here\n";
    struct arena *arena;
    const struct message *message = parse(span_make(text, sizeof text - 1), &arena);
    assert_text_is("NUL", "visible_text", message->visible_text, "viagra is here");
    assert_true(message_has(message, ODDITY_NUL_BYTES));
    arena_free(arena);
}

struct name_case {
    const char *name;
    const char *fields;
    const char *want;
    bool differ;
};

static const struct name_case name_cases[] = {
    { "filename", "Content-Disposition: attachment; filename=x.exe\n", "x.exe", false },
    { "name", "Content-Type: application/zip; name=x.zip\n", "x.zip", false },
    { "both", "Content-Type: application/zip; name=x.zip\nContent-Disposition: attachment; filename=x.zip\n", "x.zip",
      false },
    { "two names", "Content-Type: application/zip; name=x.zip\nContent-Disposition: attachment; filename=y.exe\n",
      "y.exe", true },
    { "encoded-words in quotes",
      "Content-Disposition: attachment; filename=\"=?utf-8?B?w6k=?= =?utf-8?B?LmV4ZQ==?=\"\n", "\xC3\xA9.exe", false },
    { "RFC 2231", "Content-Disposition: attachment;\n filename*0*=utf-8''%C3%A9;\n filename*1=.exe\n", "\xC3\xA9.exe",
      false },
    { "none", "Content-Type: application/zip\n", "", false },
};

static void file_names_are_decoded(void **state)
{
    for (size_t i = 0; i < sizeof name_cases / sizeof name_cases[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, "%s--b\n%sX: y\n\ncontent\n--b--\n", MULTIPART("mixed"), name_cases[i].fields);
        struct arena *arena;
        const struct message *message = parse(span_of(text), &arena);
        assert_int_equal(message->part_count, 1);
        const struct part *part = &message->parts[0];
        assert_text_is(name_cases[i].name, "file_name", part->file_name, name_cases[i].want);
        if (part->file_names_differ != name_cases[i].differ)
            fail_msg("%s: file_names_differ is %d", name_cases[i].name, part->file_names_differ);
        arena_free(arena);
    }
}

static void parts_say_what_they_are(void **state)
{
    struct arena *arena;
    const struct message *message =
        parse(span_of(MULTIPART("mixed") HTML("x")
                      "--b\nContent-Type: IMAGE/PNG\nContent-ID: <i>\nContent-Disposition: INLINE\n"
                      "Content-Transfer-Encoding: BASE64\n\n"
                      "iVBORw0KGgo=\n" END), &arena);
    assert_int_equal(message->part_count, 2);
    assert_true(message->parts[0].is_text && message->parts[0].is_html);
    assert_int_equal(message->parts[0].head.length, 0);
    assert_int_equal(message->parts[0].depth, 1);
    const struct part *image = &message->parts[1];
    assert_span_is(image->type, "image/png");
    assert_span_is(image->encoding, "base64");
    assert_span_is(image->disposition, "inline");
    assert_span_is(image->content_id, "<i>");
    assert_span_is(image->head, "\x89PNG\r\n\x1A\n");
    assert_span_is(image->raw, "iVBORw0KGgo=");
    assert_true(image->raw.data > message->bytes.data && image->raw.data < message->bytes.data + message->bytes.length);
    assert_false(image->is_text || image->is_html);
    assert_int_equal(message->multipart_count, 1);
    assert_int_equal(message->depth, 1);
    arena_free(arena);
}

static void archives_are_peeked_deeper_than_images(void **state)
{
    enum { SIZE = 100000 };
    static const struct {
        const char *magic;
        size_t want;
    } cases[] = { { "GIF8", 512 }, { "PK\003\004", LIMIT_ATTACHMENT_PEEK }, { "%PDF", LIMIT_ATTACHMENT_PEEK } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = malloc(SIZE + 200);
        assert_non_null(text);
        int length = snprintf(text, 200, "Content-Type: application/octet-stream\n\n%s", cases[i].magic);
        memset(text + length, 'x', SIZE);
        struct arena *arena;
        const struct message *message = parse(span_make(text, (size_t)length + SIZE), &arena);
        assert_int_equal(message->parts[0].head.length, cases[i].want);
        arena_free(arena);
        free(text);
    }
}

static void uuencoded_files_are_attachments(void **state)
{
    struct arena *arena;
    const struct message *message = parse(span_of("A: b\n\none\nbegin 755 cat.exe\n#0V%T\n`\nend\ntwo\n"), &arena);
    assert_int_equal(message->part_count, 2);
    assert_span_is(message->parts[1].file_name, "cat.exe");
    assert_span_is(message->parts[1].head, "Cat");
    assert_span_is(message->parts[1].encoding, "x-uuencode");
    arena_free(arena);
}

static void urls_come_from_links_text_and_images(void **state)
{
    struct arena *arena;
    const struct message *message =
        parse(span_of(MULTIPART("mixed") PLAIN("see http://text.example/ and http://link.example/")
                      HTML("<a href='http://link.example/'>x</a> <img src='http://image.example/i.png'> <a "
                           "href='mailto:a@b.c'>y</a>")
                      END), &arena);
    assert_int_equal(message->url_count, 3);
    assert_span_is(message->urls[0].host, "link.example");
    assert_span_is(message->urls[1].host, "text.example");
    assert_span_is(message->urls[2].host, "image.example");
    arena_free(arena);
}

static void html_parts_share_one_view(void **state)
{
    struct arena *arena;
    const struct message *message =
        parse(span_of(MULTIPART("mixed")
                      HTML("one<i style='display:none'>hid one</i> <a href='http://one.example/'>x</a>")
                      HTML("two<i style='display:none'>hid two</i> <a href='http://two.example/'>x</a> <img src=x>")
                          END), &arena);
    assert_non_null(message->html);
    assert_int_equal(message->html->link_count, 2);
    assert_span_is(message->html->links[1].target, "http://two.example/");
    assert_int_equal(message->html->image_count, 1);
    assert_int_equal(message->html->counts.links, 2);
    assert_true(contains(message->hidden_text, "hid one"));
    assert_true(contains(message->hidden_text, "hid two"));
    assert_false(contains(message->visible_text, "hid"));
    arena_free(arena);
    message = parse(span_of("A: b\n\nno page\n"), &arena);
    assert_null(message->html);
    arena_free(arena);
}

static const struct {
    const char *name, *message;
    const char *before; /* what stands in front of the hidden text; NULL: it is nowhere */
} places[] = {
    { "a page alone", "Content-Type: text/html\n\none<i hidden>salad</i>two", "one" },
    { "behind a plain part", MULTIPART("mixed") PLAIN("one") HTML("two<i hidden>salad</i>three") END, "one\n\ntwo" },
    { "in the second page", MULTIPART("mixed") PLAIN("one") HTML("two") HTML("three<i hidden>salad</i>") END,
      "one\n\ntwo\n\nthree" },
    { "in the edition that is shown", MULTIPART("alternative") PLAIN("one") HTML("two<i hidden>salad</i>") END, "two" },
    { "in an edition that is not", MULTIPART("alternative") HTML("one<i hidden>salad</i>") HTML("two") END, NULL },
    { "in a page that shows nothing", MULTIPART("alternative") PLAIN("one") HTML("<i hidden>salad</i>") END, NULL },
};

static void hidden_text_stands_in_the_visible(void **state)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct arena *arena;
        const struct message *message = parse(span_of(places[i].message), &arena);
        assert_int_equal(message->html->stretch_count, 1);
        const struct html_stretch *stretch = message->html->stretches;
        struct span hidden = span_make(message->hidden_text.data + stretch->start, stretch->length);
        struct span before = span_head(message->visible_text, stretch->at);
        if (!span_is(hidden, "salad"))
            fail_msg("%s: hidden is \"%.*s\"", places[i].name, (int)hidden.length, hidden.data);
        bool as_wanted = places[i].before ? span_is(span_trim(before), places[i].before) : stretch->at == HTML_NOWHERE;
        if (!as_wanted)
            fail_msg("%s: it stands behind \"%.*s\"", places[i].name, (int)before.length, before.data);
        arena_free(arena);
    }
}

static void header_fields_are_read(void **state)
{
    struct arena *arena;
    const struct message *message =
        parse(span_of("From x@y Mon Jan  1 00:00:00 2001\nFrom: \"A B\" <a@b.example>\nReply-To: r@s.example\n"
                      "To: t@u.example, v@w.example\n"
                      "Cc: c@d.example\nSubject: =?utf-8?B?SGVsbG8=?= =?utf-8?B?IHdvcmxk?=\nMessage-ID: <1@b.example>\n"
                      "Date: Thu, 01 Jan 1970 00:01:00 +0000\n\nhello\n"), &arena);
    assert_int_equal(message->from.count, 1);
    assert_span_is(message->from.items[0].domain, "b.example");
    assert_int_equal(message->reply_to.count, 1);
    assert_int_equal(message->to.count, 2);
    assert_int_equal(message->cc.count, 1);
    assert_span_is(message->subject, "Hello world");
    assert_span_is(message->message_id, "<1@b.example>");
    assert_int_equal(message->date, 60);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_what_the_reader_sees),
        cmocka_unit_test(oddities_are_noted),
        cmocka_unit_test(text_over_its_limit_is_noted),
        cmocka_unit_test(nul_bytes_neither_end_nor_split_the_text),
        cmocka_unit_test(file_names_are_decoded),
        cmocka_unit_test(parts_say_what_they_are),
        cmocka_unit_test(archives_are_peeked_deeper_than_images),
        cmocka_unit_test(uuencoded_files_are_attachments),
        cmocka_unit_test(urls_come_from_links_text_and_images),
        cmocka_unit_test(html_parts_share_one_view),
        cmocka_unit_test(hidden_text_stands_in_the_visible),
        cmocka_unit_test(header_fields_are_read),
    };
    return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
