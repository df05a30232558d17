/* test-explanation-page.c - an article says what there is to say, in bounds, and nothing of the message is markup in it
 */
#include "unit.h"

#include <stdlib.h>

#include "util/limits.h"
#include "verdict/explanation-page.h"
#include "verdict/page.h"

/* One message, explained with what a person who has taught a little would have. */
struct scene {
    struct arena *arena, *page_arena;
    struct explained words;
    struct hit outside_hit;
    struct hits outside;
    struct reason reasons[2];
    struct judgement judgement;
    struct rule_context context;
    struct inspection inspection;
    struct explanation explanation;
    struct buffer page;
};

static void play(struct scene *scene, struct span bytes)
{
    *scene = (struct scene){ .arena = arena_new(LIMIT_MESSAGE_ARENA), .page_arena = arena_new(LIMIT_MESSAGE_ARENA) };
    scene->words.count = 2;
    scene->words.pair_lessons[LABEL_SPAM] = 9;
    scene->words.items[0] = (struct explained_token){ span_of("<u>order now"), 5, 0, 3.2 };
    scene->words.items[1] = (struct explained_token){ span_of("compost"), 0, 4, -2.8 };
    scene->outside_hit = (struct hit){
        .name = "DNS_LISTED", .description = "is on a list", .detail = span_of("<i>listed"), .points = 200
    };
    scene->outside = (struct hits){ .items = &scene->outside_hit, .count = 1 };
    scene->reasons[0] = (struct reason){ "PROGRAM_ATTACHED", "has a program", span_of("\"<b>a.exe\" runs"), 731 };
    scene->reasons[1] = (struct reason){ "LEARNED", "what you taught", span_of("from 3 ham"), -100 };
    scene->judgement = (struct judgement){ .verdict = VERDICT_SPAM,
                                           .score = 631,
                                           .required = 500,
                                           .unsure = 250,
                                           .probability = 0.99,
                                           .reasons = scene->reasons,
                                           .reason_count = 2 };
    const struct message *message = message_parse(bytes, scene->arena);
    inspection_start(&scene->inspection, message, &scene->context, scene->arena);
    scene->explanation = (struct explanation){ .source = span_of("<a>file"),
                                               .judgement = &scene->judgement,
                                               .message = message,
                                               .words = &scene->words,
                                               .inspection = &scene->inspection,
                                               .outside = &scene->outside,
                                               .written_to = 3 };
    scene->page = buffer_new(scene->page_arena, EXPLANATION_PAGE_MOST);
    explanation_page(&scene->explanation, &scene->page);
}

static void end(struct scene *scene)
{
    arena_free(scene->arena);
    arena_free(scene->page_arena);
}

static bool page_has(struct scene *scene, const char *text)
{
    buffer_append_byte(&scene->page, '\0');
    bool found = strstr(scene->page.data, text) != NULL;
    scene->page.length--;
    return found;
}

static const char sample[] =
    "Received: from localhost (pc.example [203.0.113.5]) by mx.example.org with ESMTP; Mon, 3 Mar 2025 10:00:05 +0000\n"
    "Received: from inside by pc.example; Mon, 3 Mar 2025 10:02:00 +0000\n"
    "From: Ann <ann@example.net>\n"
    "Reply-To: else@example.com\n"
    "Subject: a \xE2\x80\xAE subject\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n"
    "<p>seen</p><p style='color:#fff'>salad</p><p>end <a href='http://203.0.113.80/x'>www.bank.example</a>"
    "<a href='http://a.example/'><img src='http://pictures.example/1'></a><img src='http://pictures.example/2'>"
    "<form action='http://post.example/'></form>\n"
    "--b\nContent-Type: image/png; name=a.exe\nContent-Disposition: attachment; "
    "filename=a.exe\nContent-Transfer-Encoding: base64\n\n"
    "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA=\n--b--\n";

static const struct {
    const char *name, *want;
} says[] = {
    { "the verdict as a sentence", "<h1>This is spam: 6.31 points, where 5.00 are enough" },
    { "the score on the scale", "class=\"score spam\" style=\"left:61.4%\">6.31<" },
    { "both thresholds", ">doubt from 2.50</span>" },
    { "where spam starts", ">spam from 5.00</span>" },
    { "a reason for, with a bar", "<td class=\"figure spam\">+7.31</td><td class=\"bar\"><svg class=\"bar\"" },
    { "a reason's particulars",
      "<bdi>&quot;&lt;b&gt;a.exe&quot; runs</bdi> <span class=\"name\">PROGRAM_ATTACHED</span>" },
    { "a reason against", "<td class=\"figure ham\">-1.00</td>" },
    { "what was taught and its particulars", "<bdi>what you taught: from 3 ham</bdi>" },
    { "the sum", "<td class=\"figure\">6.31</td><td></td><td>sum</td>" },
    { "the sender", "<b><bdi>Ann</bdi></b> <span class=\"code\"><bdi>ann@example.net</bdi></span>" },
    { "where answers go", "<dt>Reply to</dt><dd><span class=\"code\"><bdi>else@example.com</bdi>" },
    { "a mark in the subject", "<bdi>a <span class=mark>U+202E</span> subject</bdi>" },
    { "that nothing proves it", "nothing proves that it is from <bdi>example.net</bdi>" },
    { "that the sender is known", "you have sent 3 messages to this address" },
    { "what others said", "<bdi>&lt;i&gt;listed</bdi> <span class=\"name\">DNS_LISTED</span>" },
    { "a word for", "<bdi>&lt;u&gt;order now</bdi></td><td class=\"bar\"><svg" },
    { "a word against", "<bdi>compost</bdi></td><td class=\"bar\"><svg" },
    { "its counts", "<td class=\"figure\">0</td><td class=\"figure\">4</td>" },
    { "hidden text in its place",
      "seen\n<span class=\"hidden\"><b>in the colour of its background</b> <bdi>salad</bdi></span>\nend" },
    { "a link that lies", "<bdi>www.bank.example</bdi> <b class=\"spam\">but does not go there</b>" },
    { "where it goes",
      "<b class=\"spam\"><bdi>203.0.113.80</bdi></b><br><span class=\"code\"><bdi>http://203.0.113.80/x</bdi>" },
    { "a link that is a picture", "<i>a picture</i>" },
    { "a form", "<i>a form sends what is typed</i>" },
    { "pictures of one host together",
      "<bdi>http://pictures.example/1</bdi></span> <span class=\"quiet\">and 1 more there" },
    { "the first host, which is ours", "<li class=\"certain\"><b><bdi>mx.example.org</bdi></b>" },
    { "what it says of the one before",
      "had it from <span class=\"code\"><bdi>203.0.113.5</bdi></span>, named <span class=\"code\"><bdi>pc.example" },
    { "how that called itself", "says it is <span class=\"code\"><bdi>localhost</bdi>" },
    { "times that go backwards", "115 seconds <b class=\"spam\">before the host ahead of it had it</b>" },
    { "hosts beyond ours", "<li class=\"claimed\"><b><bdi>pc.example</bdi>" },
    { "an attachment", "<b><bdi>a.exe</bdi></b> <span class=\"quiet\"><bdi>image/png</bdi>" },
    { "what it does", "<b class=\"spam\">runs when opened</b>" },
    { "the file", "<bdi>&lt;a&gt;file</bdi>" },
};

static void an_article_says_what_there_is(void **state)
{
    struct scene scene;
    play(&scene, span_of(sample));
    for (size_t i = 0; i < sizeof says / sizeof says[0]; i++)
        if (!page_has(&scene, says[i].want))
            fail_msg("%s: want \"%s\" in\n%.*s", says[i].name, says[i].want, (int)scene.page.length, scene.page.data);
    end(&scene);
}

static void nothing_to_say_says_little(void **state)
{
    static const char *const sections[] = { "<h2>Links", "<h2>Path", "<h2>Attachments" };
    struct scene scene;
    play(&scene, span_of("X: y\n\n"));
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (page_has(&scene, sections[i]))
            fail_msg("has \"%s\"", sections[i]);
    assert_true(page_has(&scene, "It shows no text at all."));
    assert_true(page_has(&scene, "it names no sender"));
    end(&scene);
}

/* The tags of an article are these, whatever the message is; attributes hold words of ours alone. */
static bool is_our_tag(struct span tag)
{
    static const char *const ours[] = { "article>",
                                        "header class=\"verdict\">",
                                        "p ",
                                        "p>",
                                        "h1>",
                                        "h2>",
                                        "div>",
                                        "div class=\"",
                                        "i>",
                                        "i class=\"",
                                        "span class=\"",
                                        "span class=mark>",
                                        "section>",
                                        "table class=\"figures",
                                        "tr>",
                                        "tr class=\"sum\">",
                                        "td>",
                                        "td class=\"",
                                        "th ",
                                        "bdi>",
                                        "b>",
                                        "b class=\"spam\">",
                                        "br>",
                                        "dl>",
                                        "dt>",
                                        "dd>",
                                        "ul class=\"",
                                        "ol class=\"path\">",
                                        "li>",
                                        "li class=\"c",
                                        "svg class=\"bar\"",
                                        "rect class=\"",
                                        "line class=\"axis\"",
                                        "b class=\"ham\">",
                                        "b class=\"unsure\">",
                                        "b class=\"plain\">",
                                        "ul>",
                                        "ol>",
                                        "svg>",
                                        "table>",
                                        "td>",
                                        "th>",
                                        "span>",
                                        "header>" };
    if (tag.length && tag.data[0] == '/')
        tag = span_from(tag, 1);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (span_starts_nocase(tag, ours[i]))
            return true;
    return false;
}

static void only_our_tags(struct scene *scene)
{
    struct span page = buffer_span(&scene->page);
    for (size_t at = span_find_byte(page, '<'); at < page.length;
         at += 1 + span_find_byte(span_from(page, at + 1), '<')) {
        struct span tag = span_from(page, at + 1);
        if (!is_our_tag(tag))
            fail_msg("a tag that is not ours: \"<%.*s\"", (int)span_head(tag, 60).length, tag.data);
    }
    assert_false(scene->page.truncated);
    assert_true(span_ends_nocase(page, "</article>\n"));
}

/* `unit` in every place of a message that is shown, as often as makes the message large. */
static struct span hostile_message(const char *unit, struct arena *arena)
{
    struct buffer out = buffer_new(arena, 4 << 20), much = buffer_new(arena, 1 << 20);
    for (size_t i = 0; much.length < 200000; i++)
        buffer_append_string(&much, unit);
    struct span line = span_head(buffer_span(&much), 2000);
    for (int i = 0; i < 40; i++) {
        buffer_append_format(
            &out, "Received: from %.*s (%.*s [192.0.2.1]) by %.*s with %.*s; Mon, 3 Mar 2025 10:00:05 +0000\n",
            (int)line.length, line.data, (int)line.length, line.data, (int)line.length, line.data, (int)line.length,
            line.data);
    }
    for (const char *const *field = (const char *const[]){ "From", "To", "Cc", "Reply-To", "Subject", "Date", NULL };
         *field; field++)
        buffer_append_format(&out, "%s: %.*s <%.*s@x>\n", *field, (int)line.length, line.data, (int)line.length,
                             line.data);
    buffer_append_string(
        &out, "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n<xmp>");
    buffer_append(&out, buffer_span(&much));
    buffer_append_string(&out, "</xmp>");
    for (int i = 0; i < 80; i++)
        buffer_append_format(&out, "<a href='http://h%d.example/%.*s'>%d%.*s</a><i hidden>%.*s</i>", i,
                             (int)line.length, line.data, i, (int)line.length, line.data, (int)line.length, line.data);
    for (int i = 0; i < 60; i++)
        buffer_append_format(&out,
                             "\n--b\nContent-Type: a/%.*s\nContent-Disposition: attachment; filename=\"%.*s\"\n\nx\n",
                             100, line.data, (int)line.length, line.data);
    buffer_append_string(&out, "--b--\n");
    return buffer_span(&out);
}

static void hostile_messages_stay_text_and_within_bounds(void **state)
{
    static const char *const units[] = { "</bdi></span><script>alert(1)</script>",
                                         "\" onload=\"x",
                                         "<",
                                         "&",
                                         "\x01"
                                         "a",
                                         "\x1B",
                                         "\u202E"
                                         "b",
                                         "\u200B",
                                         "\xFF"
                                         "c",
                                         "\U000E0041"
                                         "d",
                                         "\n",
                                         "</style></title>-->]]>" };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct arena *arena = arena_new(16 << 20);
        struct scene scene;
        play(&scene, hostile_message(units[i], arena));
        only_our_tags(&scene);
        end(&scene);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_article_says_what_there_is),
        cmocka_unit_test(nothing_to_say_says_little),
        cmocka_unit_test(hostile_messages_stay_text_and_within_bounds),
    };
    return cmocka_run_group_tests_name("explanation-page", tests, NULL, NULL);
}
