/* test-html.c - what is seen of an HTML document and what is not: each trick, and the honest markup that looks like
 * it */
#include "config.h" /* memmem */

#include "unit.h"

#include "mail/html.h"
#include "util/limits.h"

struct reading {
    struct arena *arena;
    struct buffer visible;
    struct html_view view;
};

static struct reading read_html(struct span html)
{
    struct reading reading = { .arena = arena_new(16 << 20) };
    reading.visible = buffer_new(reading.arena, 1 << 20);
    html_read(html, reading.arena, &reading.visible, &reading.view);
    return reading;
}

#define SHOWN HTML_HIDING_COUNT

/* Each trick is put around "salad" with visible text before and behind. */
static const struct {
    const char *name;
    const char *html;
    enum html_hiding reason; /* SHOWN: an honest near miss */
} tricks[] = {
    { "display:none", "<div style='display:none'>salad</div>", HTML_HIDDEN_DISPLAY },
    { "display:none, in capitals with spaces", "<DIV STYLE='  DISPLAY : NONE ;'>salad</DIV>", HTML_HIDDEN_DISPLAY },
    { "an escape in the value", "<div style='display:n\\6fne'>salad</div>", HTML_HIDDEN_DISPLAY },
    { "an escape in the property", "<div style='d\\69splay:none'>salad</div>", HTML_HIDDEN_DISPLAY },
    { "a comment in the value", "<div style='display:/* x */none'>salad</div>", HTML_HIDDEN_DISPLAY },
    { "a comment inside the property makes it none", "<div style='dis/**/play:none'>salad</div>", SHOWN },
    { "a reference in the attribute", "<div style='display&#58;none'>salad</div>", HTML_HIDDEN_DISPLAY },
    { "a later declaration wins", "<div style='display:none;display:block'>salad</div>", SHOWN },
    { "!important wins", "<div style='display:none!important;display:block'>salad</div>", HTML_HIDDEN_DISPLAY },
    { "a semicolon in a string is none", "<div style=\"font-family:'a;display:none'\">salad</div>", SHOWN },
    { "a semicolon in url() is none", "<div style='background:url(data:x;display:none)'>salad</div>", SHOWN },
    { "children cannot undo display:none", "<div style='display:none'><p style='display:block'>salad</p></div>",
      HTML_HIDDEN_DISPLAY },
    { "hidden attribute", "<div hidden>salad</div>", HTML_HIDDEN_DISPLAY },
    { "hidden attribute overruled", "<div hidden style='display:block'>salad</div>", SHOWN },
    { "template", "<template>salad</template>", HTML_HIDDEN_DISPLAY },
    { "noembed", "<noembed>salad</noembed>", HTML_HIDDEN_DISPLAY },
    { "noscript is shown where nothing runs", "<noscript>salad</noscript>", SHOWN },
    { "closed details", "<details><summary>more</summary>salad</details>", HTML_HIDDEN_FOLDED },
    { "open details", "<details open><summary>more</summary>salad</details>", SHOWN },
    { "a further option", "<select><option>one<option>salad</select>", HTML_HIDDEN_FOLDED },
    { "the first option", "<select><option>salad</select>", SHOWN },
    { "visibility:hidden", "<span style='visibility:hidden'>salad</span>", HTML_HIDDEN_VISIBILITY },
    { "visibility:collapse", "<span style='visibility:collapse'>salad</span>", HTML_HIDDEN_VISIBILITY },
    { "a child restores visibility", "<div style='visibility:hidden'><b style='visibility:visible'>salad</b></div>",
      SHOWN },
    { "opacity:0", "<div style='opacity:0'>salad</div>", HTML_HIDDEN_OPACITY },
    { "opacity in percent", "<div style='opacity:3%'>salad</div>", HTML_HIDDEN_OPACITY },
    { "opacity multiplies", "<div style='opacity:.2'><b style='opacity:.2'>salad</b></div>", HTML_HIDDEN_OPACITY },
    { "children cannot undo opacity", "<div style='opacity:0'><b style='opacity:1'>salad</b></div>",
      HTML_HIDDEN_OPACITY },
    { "faint", "<div style='opacity:.5'>salad</div>", SHOWN },
    { "filter:alpha", "<div style='filter:alpha(opacity=0)'>salad</div>", HTML_HIDDEN_OPACITY },
    { "filter:opacity()", "<div style='filter:opacity(0%)'>salad</div>", HTML_HIDDEN_OPACITY },
    { "transparent letters", "<font style='color:transparent'>salad</font>", HTML_HIDDEN_OPACITY },
    { "rgba with alpha 0", "<font style='color:rgba(0,0,0,0)'>salad</font>", HTML_HIDDEN_OPACITY },
    { "a gradient through the letters",
      "<b style='color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text'>salad</b>",
      SHOWN },
    { "font-size:0", "<div style='font-size:0'>salad</div>", HTML_HIDDEN_FONT_SIZE },
    { "font-size:1px", "<div style='font-size:1px'>salad</div>", HTML_HIDDEN_FONT_SIZE },
    { "font-size in em", "<div style='font-size:.1em'>salad</div>", HTML_HIDDEN_FONT_SIZE },
    { "a chain of percentages", "<div style='font-size:30%'><b style='font-size:30%'>salad</b></div>",
      HTML_HIDDEN_FONT_SIZE },
    { "font shorthand", "<div style='font:0/0 a'>salad</div>", HTML_HIDDEN_FONT_SIZE },
    { "font shorthand, honest", "<div style='font:bold 700 12px/1.5 Arial'>salad</div>", SHOWN },
    { "a child restores the size", "<div style='font-size:0'><span style='font-size:14px'>salad</span></div>", SHOWN },
    { "small print", "<div style='font-size:8px'>salad</div>", SHOWN },
    { "font size attribute is never that small", "<font size='-9'>salad</font>", SHOWN },
    { "a size that cannot be read does not count", "<div style='font-size:zero'>salad</div>", SHOWN },
    { "white on white", "<font color=white>salad</font>", HTML_HIDDEN_COLOUR },
    { "nearly white on white", "<font color='#fdfdfd'>salad</font>", HTML_HIDDEN_COLOUR },
    { "light grey on white", "<font color='#cccccc'>salad</font>", SHOWN },
    { "3 digits", "<span style='color:#fff'>salad</span>", HTML_HIDDEN_COLOUR },
    { "hsl", "<span style='color:hsl(0,0%,100%)'>salad</span>", HTML_HIDDEN_COLOUR },
    { "rgb with spaces", "<span style='color:rgb(255 255 254)'>salad</span>", HTML_HIDDEN_COLOUR },
    { "white on a dark cell", "<table bgcolor='#ffffff'><tr><td bgcolor=black><font color=white>salad</font></table>",
      SHOWN },
    { "black on a dark cell", "<table><tr><td bgcolor='#010101'>salad</table>", HTML_HIDDEN_COLOUR },
    { "white on the background of an ancestor",
      "<div style='background:#fff'><p><font color=#ffffff>salad</font></div>", HTML_HIDDEN_COLOUR },
    { "white on a background image", "<div style='background:url(x.png)'><font color=white>salad</font></div>", SHOWN },
    { "white on a background attribute", "<table background=x.png><tr><td><font color=white>salad</font></table>",
      SHOWN },
    { "white on a gradient", "<div style='background:linear-gradient(#000,#333)'><font color=white>salad</font></div>",
      SHOWN },
    { "white on half-transparent black", "<div style='background:rgba(0,0,0,.5)'><font color=white>salad</font></div>",
      SHOWN },
    { "white on a colour that is not reckoned",
      "<p style='background:oklch(30% .1 250)'><font color=white>salad</font>", SHOWN },
    { "white on white behind what no browser reads", "<p style='background:junk(1)'><font color=white>salad</font>",
      HTML_HIDDEN_COLOUR },
    { "white with a variable background", "<div style='background:var(--x)'><font color=white>salad</font></div>",
      SHOWN },
    { "a link has a colour of its own", "<div style='color:#fff'><a href=x>salad</a></div>", SHOWN },
    { "text-fill-color", "<b style='-webkit-text-fill-color:#fff'>salad</b>", HTML_HIDDEN_COLOUR },
    { "absolutely far left", "<div style='position:absolute;left:-9999px'>salad</div>", HTML_HIDDEN_OFF_SCREEN },
    { "a little to the left", "<div style='position:absolute;left:-10px'>salad</div>", SHOWN },
    { "left without a position does nothing", "<div style='left:-9999px'>salad</div>", SHOWN },
    { "text-indent", "<div style='text-indent:-9999px'>salad</div>", HTML_HIDDEN_OFF_SCREEN },
    { "a hanging indent", "<p style='text-indent:-18pt'>salad</p>", SHOWN },
    { "margin", "<div style='margin:0 0 0 -5000px'>salad</div>", HTML_HIDDEN_OFF_SCREEN },
    { "translate", "<div style='transform:translate(-9999px,0)'>salad</div>", HTML_HIDDEN_OFF_SCREEN },
    { "zero height", "<div style='height:0;overflow:hidden'>salad</div>", HTML_HIDDEN_CLIPPED },
    { "zero max-height", "<div style='max-height:0px;overflow:hidden'>salad</div>", HTML_HIDDEN_CLIPPED },
    { "zero height that overflows", "<div style='height:0'>salad</div>", SHOWN },
    { "a low box", "<div style='height:20px;overflow:hidden'>salad</div>", SHOWN },
    { "inline boxes have no height", "<span style='height:0;overflow:hidden'>salad</span>", SHOWN },
    { "cells grow with their text", "<table><tr><td style='height:0;overflow:hidden'>salad</table>", SHOWN },
    { "line-height:0 cut off", "<div style='line-height:0;overflow:hidden'>salad</div>", HTML_HIDDEN_CLIPPED },
    { "clip", "<div style='position:absolute;clip:rect(0,0,0,0)'>salad</div>", HTML_HIDDEN_CLIPPED },
    { "clip-path", "<div style='clip-path:inset(100%)'>salad</div>", HTML_HIDDEN_CLIPPED },
    { "scale", "<div style='transform:scale(0)'>salad</div>", HTML_HIDDEN_CLIPPED },
    { "style rule by class", "<style>.x{display:none}</style><p class='a x'>salad</p>", HTML_HIDDEN_DISPLAY },
    { "style rule by id", "<style>#x{display:none}</style><p id=x>salad</p>", HTML_HIDDEN_DISPLAY },
    { "style rule by type", "<style>q{display:none}</style><q>salad</q>", HTML_HIDDEN_DISPLAY },
    { "style rule by unknown type", "<style>blurb{display:none}</style><blurb>salad</blurb>", HTML_HIDDEN_DISPLAY },
    { "compound selector", "<style>p.x.y{display:none}</style><p class='y x'>salad</p>", HTML_HIDDEN_DISPLAY },
    { "compound selector, half of it", "<style>p.x.y{display:none}</style><p class=x>salad</p>", SHOWN },
    { "descendant", "<style>.a .x{display:none}</style><div class=a><p><b class=x>salad</b></div>",
      HTML_HIDDEN_DISPLAY },
    { "no descendant", "<style>.a .x{display:none}</style><div class=a></div><b class=x>salad</b>", SHOWN },
    { "child", "<style>div>b{display:none}</style><div><b>salad</b></div>", HTML_HIDDEN_DISPLAY },
    { "grandchild is no child", "<style>div>b{display:none}</style><div><i><b>salad</b></i></div>", SHOWN },
    { "child of a farther ancestor",
      "<style>.o>.m .x{display:none}</style><div class=o><div class=m><div class=m>"
      "<b class=x>salad</b></div></div></div>", HTML_HIDDEN_DISPLAY },
    { "attribute selector", "<style>[class~=x]{display:none}</style><b class='y x'>salad</b>", HTML_HIDDEN_DISPLAY },
    { "nth-child", "<style>i:nth-child(2n){display:none}</style><p><i>a</i><i>salad</i></p>", HTML_HIDDEN_DISPLAY },
    { "hover is not now", "<style>b:hover{display:none}</style><b>salad</b>", SHOWN },
    { "selector list", "<style>u , b,i{display:none}</style><b>salad</b>", HTML_HIDDEN_DISPLAY },
    { "id beats class whatever the order", "<style>#x{display:block}.x{display:none}</style><p id=x class=x>salad</p>",
      SHOWN },
    { "the later of equals", "<style>.x{display:block}.y{display:none}</style><p class='y x'>salad</p>",
      HTML_HIDDEN_DISPLAY },
    { "inline beats rule", "<style>.x{display:none}</style><p class=x style='display:block'>salad</p>", SHOWN },
    { "important rule beats inline",
      "<style>.x{display:none!important}</style><p class=x style='display:block'>salad</p>", HTML_HIDDEN_DISPLAY },
    { "rule beats attribute", "<style>font{color:#000}</style><font color=white>salad</font>", SHOWN },
    { "print only", "<style>@media print{.x{display:none}}</style><p class=x>salad</p>", SHOWN },
    { "screen", "<style>@media screen{.x{display:none}}</style><p class=x>salad</p>", HTML_HIDDEN_DISPLAY },
    { "narrow screens only",
      "<style>@media only screen and (max-width:480px){.x{display:none}}</style><p class=x>salad</p>", SHOWN },
    { "wide screens", "<style>@media (min-width:481px){.x{display:none}}</style><p class=x>salad</p>",
      HTML_HIDDEN_DISPLAY },
    { "dark mode only", "<style>@media (prefers-color-scheme:dark){.x{color:#fff}}</style><p class=x>salad</p>",
      SHOWN },
    { "rules behind @media", "<style>@media print{a{b:c}}.x{display:none}</style><p class=x>salad</p>",
      HTML_HIDDEN_DISPLAY },
    { "rules behind @font-face", "<style>@font-face{src:url(x)}.x{display:none}</style><p class=x>salad</p>",
      HTML_HIDDEN_DISPLAY },
    { "style for print", "<style media=print>.x{display:none}</style><p class=x>salad</p>", SHOWN },
    { "style in comment marks", "<style><!-- .x{display:none} --></style><p class=x>salad</p>", HTML_HIDDEN_DISPLAY },
    { "style behind its element", "<p class=x>salad</p><style>.x{display:none}</style>", HTML_HIDDEN_DISPLAY },
    { "style inside a comment is none", "<!--[if mso]><style>.x{display:none}</style><![endif]--><p class=x>salad</p>",
      SHOWN },
    { "an unclosed block of rules", "<style>.x{display:none</style><p class=x>salad</p>", HTML_HIDDEN_DISPLAY },
    { "inherit", "<div style='color:#000'><font color=white style='color:inherit'>salad</font></div>", SHOWN },
};

static void tricks_are_told_from_honest_markup(void **state)
{
    for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer html = buffer_new(arena, 1 << 16);
        buffer_append_format(&html, "<!doctype html><p>before</p>%s<p>behind</p>", tricks[i].html);
        struct reading reading = read_html(buffer_span(&html));
        struct span visible = buffer_span(&reading.visible), hidden = reading.view.hidden_text;
        bool shown = memmem(visible.data, visible.length, "salad", 5) != NULL;
        bool kept = hidden.length && memmem(hidden.data, hidden.length, "salad", 5) != NULL;
        if (shown != (tricks[i].reason == SHOWN) || kept == shown)
            fail_msg("%s: shown %d, kept as hidden %d in \"%.*s\"", tricks[i].name, shown, kept, (int)visible.length,
                     visible.data);
        for (int reason = 0; reason < HTML_HIDING_COUNT; reason++)
            if (reading.view.hidden[reason] != (reason == (int)tricks[i].reason))
                fail_msg("%s: reason %d counted %u times", tricks[i].name, reason, reading.view.hidden[reason]);
        bool framed = memmem(visible.data, visible.length, "before", 6) &&
            memmem(visible.data, visible.length, "behind", 6);
        if (!framed)
            fail_msg("%s: the text around it is lost: \"%.*s\"", tricks[i].name, (int)visible.length, visible.data);
        arena_free(reading.arena);
        arena_free(arena);
    }
}

static const struct {
    const char *name, *html, *visible;
} texts[] = {
    { "white space is folded", " a \n\t b  ", "a b" },
    { "blocks are lines", "<p>a<p>b<div>c</div>d", "a\nb\nc\nd" },
    { "br", "a<br>b<br><br>c</br>d", "a\nb\n\nc\nd" },
    { "cells and rows", "<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc" },
    { "inline tags do not part words", "a<b>b</b><i>c</i>", "abc" },
    { "a space inside an inline tag", "a<b> b </b> c", "a b c" },
    { "lists", "<ul><li>a<li>b</ul>c", "a\nb\nc" },
    { "preformatted", "<pre>a\n b</pre>", "a\nb" },
    { "no-break space stays", "a&nbsp;b", "a\xC2\xA0" "b" },
    { "zero-width characters stay", "v&zwnj;i", "v\xE2\x80\x8Ci" },
    { "NUL is dropped, as browsers do", "a&#0;b", "a\xEF\xBF\xBD" "b" },
    { "hidden blocks do not part words", "vi<div style='display:none'>x</div>agra", "viagra" },
    { "script and style are no text", "a<script>if(a<b)c</script><style>d{}</style>b", "ab" },
    { "script hides its end in a comment", "a<script><!-- <script></script> x --></script>b", "ab" },
    { "textarea decodes references", "<textarea>a &lt;b&gt; <i></textarea>", "a <b> <i>" },
    { "plaintext", "a<plaintext>b<b>c", "a\nb<b>c" },
    { "xmp", "<xmp>a<b>&amp;</xmp>c", "a<b>&amp;\nc" },
    { "comment", "a<!-- x > y -->b", "ab" },
    { "empty comments", "a<!-->b<!--->c", "abc" },
    { "comment closed with a bang", "a<!-- x --!>b", "ab" },
    { "comment not closed", "a<!-- b", "a" },
    { "bogus comments", "a<!x>b<?y>c</ z>d</>e", "abcde" },
    { "CDATA is a comment", "a<![CDATA[b]]>c", "ac" },
    { "CDATA in SVG is text", "<svg><text><![CDATA[a<b]]></text></svg>c", "a<bc" },
    { "shown conditional", "a<![if !mso]>b<![endif]>c", "abc" },
    { "hidden conditional", "a<!--[if mso]>b<![endif]-->c", "ac" },
    { "downlevel-revealed conditional", "a<!--[if !mso]><!-->b<!--<![endif]-->c", "abc" },
    { "less-than that opens no tag", "1 < 2 <3 a<", "1 < 2 <3 a<" },
    { "tag not closed at the end", "a<b href='x", "a" },
    { "quotes guard a greater-than", "a<b title='x>y'>c", "ac" },
    { "attributes without spaces", "a<b a='x'b=\"y\"c=z/>d", "ad" },
    { "head without end", "<head><title>t</title><body>a", "a" },
    { "text in head ends it", "<head>a", "a" },
    { "misnested inline end keeps the block's style", "<font color=red><div style='display:none'></font>x</div>y",
      "y" },
    { "inline end takes its own style along", "<font color=white><div>a</font>b</div>c", "b\nc" },
    { "the end of a span does not reach across a block", "a<span style='display:none'><div>b</span>c</div>d", "a" },
    { "an end tag does not leave its cell", "<div><table><tr><td>a</div>b</table>", "ab" },
    { "behind </html>", "<html><body>a</body></html>b", "ab" },
};

static void text_is_what_the_screen_shows(void **state)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct reading reading = read_html(span_of(texts[i].html));
        struct span visible = span_trim(buffer_span(&reading.visible));
        if (!span_is(visible, texts[i].visible))
            fail_msg("%s: got \"%.*s\", want \"%s\"", texts[i].name, (int)visible.length, visible.data,
                     texts[i].visible);
        arena_free(reading.arena);
    }
}

static void preheader_is_told_from_salad(void **state)
{
    char salad[2000];
    memset(salad, 'x', sizeof salad);
    static const struct {
        const char *name, *front, *back;
        int length;
        enum html_hiding reason;
    } rows[] = {
        { "preheader", "<div style='display:none'>", "</div>Hello", 100, HTML_HIDDEN_PREHEADER },
        { "too long for one", "<div style='display:none'>", "</div>Hello", 400, HTML_HIDDEN_DISPLAY },
        { "after visible text", "Hello<div style='display:none'>", "</div>you", 100, HTML_HIDDEN_DISPLAY },
        { "nothing visible follows", "<div style='display:none'>", "</div><img src=x>", 100, HTML_HIDDEN_DISPLAY },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer html = buffer_new(arena, 1 << 16);
        buffer_append_format(&html, "%s%.*s%s", rows[i].front, rows[i].length, salad, rows[i].back);
        struct reading reading = read_html(buffer_span(&html));
        if (reading.view.hidden[rows[i].reason] != 1 ||
            reading.view.hidden_bytes[rows[i].reason] != (size_t)rows[i].length)
            fail_msg("%s: %u stretches", rows[i].name, reading.view.hidden[rows[i].reason]);
        arena_free(reading.arena);
        arena_free(arena);
    }
}

static const struct {
    const char *name, *html;
    size_t at;
    bool on_own_line;
    const char *text;
    enum html_hiding reason;
} places[] = {
    { "inside a line", "one <i hidden>salad</i> two", 3, false, "salad", HTML_HIDDEN_DISPLAY },
    { "inside a word", "on<font color=white>salad</font>e", 2, false, "salad", HTML_HIDDEN_COLOUR },
    { "between blocks", "<p>one</p><p style='font-size:0'>salad</p><p>two", 3, true, "salad", HTML_HIDDEN_FONT_SIZE },
    { "behind a line break", "one<br><i hidden>salad</i>two", 4, true, "salad", HTML_HIDDEN_DISPLAY },
    { "in front of all", "<i hidden>preview</i>one", 0, true, "preview", HTML_HIDDEN_PREHEADER },
    { "behind all", "one<i hidden>salad</i>", 3, false, "salad", HTML_HIDDEN_DISPLAY },
    { "nothing but hidden", "<i hidden>salad</i>", 0, true, "salad", HTML_HIDDEN_DISPLAY },
    { "with a late style", "<b>one</b><i class=x>salad</i>two<style>.x{opacity:0}</style>", 3, false, "salad",
      HTML_HIDDEN_OPACITY },
};

static void hidden_text_has_its_place(void **state)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct reading reading = read_html(span_of(places[i].html));
        if (reading.view.stretch_count != 1)
            fail_msg("%s: %zu stretches", places[i].name, reading.view.stretch_count);
        const struct html_stretch *stretch = reading.view.stretches;
        struct span text = span_make(reading.view.hidden_text.data + stretch->start, stretch->length);
        if (stretch->at != places[i].at || stretch->on_own_line != places[i].on_own_line ||
            !span_is(text, places[i].text) || stretch->reason != places[i].reason)
            fail_msg("%s: \"%.*s\" at %zu, on a line of its own %d, for reason %d", places[i].name, (int)text.length,
                     text.data, stretch->at, stretch->on_own_line, (int)stretch->reason);
        arena_free(reading.arena);
    }
}

static void places_are_noted_up_to_a_limit(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct buffer html = buffer_new(arena, 1 << 18);
    for (size_t i = 0; i < LIMIT_HIDDEN_STRETCHES + 10; i++)
        buffer_append_string(&html, "<i hidden>a</i>b");
    struct reading reading = read_html(buffer_span(&html));
    assert_int_equal(reading.view.hidden[HTML_HIDDEN_DISPLAY] + reading.view.hidden[HTML_HIDDEN_PREHEADER],
                     LIMIT_HIDDEN_STRETCHES + 10);
    assert_int_equal(reading.view.stretch_count, LIMIT_HIDDEN_STRETCHES);
    assert_int_equal(reading.view.stretches[LIMIT_HIDDEN_STRETCHES - 1].at, LIMIT_HIDDEN_STRETCHES - 1);
    arena_free(reading.arena);
    arena_free(arena);
}

static void blank_stretches_are_none(void **state)
{
    struct reading reading =
        read_html(span_of("a<div style='display:none'>&nbsp;&zwnj;&#847; </div>b<p style='line-height:0'></p>"));
    for (int reason = 0; reason < HTML_HIDING_COUNT; reason++)
        assert_int_equal(reading.view.hidden[reason], 0);
    assert_int_equal(reading.view.hidden_text.length, 0);
    arena_free(reading.arena);
}

static void what_others_see_is_counted_but_stays(void **state)
{
    struct reading reading = read_html(span_of("a<b style='mso-hide:all'>button</b></html>footer"));
    assert_span_is(buffer_span(&reading.visible), "abuttonfooter");
    assert_int_equal(reading.view.hidden[HTML_HIDDEN_MSO], 1);
    assert_int_equal(reading.view.hidden_bytes[HTML_HIDDEN_AFTER_END], 6);
    arena_free(reading.arena);
}

static void links_have_text_target_and_visibility(void **state)
{
    static const struct {
        const char *html, *target, *text;
        bool has_image, hidden;
        enum html_link_kind kind;
    } rows[] = {
        { "<a href='http://a.example/?x=1&amp;y=2'>click\n <b>here</b></a>", "http://a.example/?x=1&y=2", "click here",
          false, false, HTML_LINK_ANCHOR },
        { "<a href='  http://a.exa\nmple/\t '>x</a>", "http://a.example/", "x", false, false, HTML_LINK_ANCHOR },
        { "<a href=http://a.example><img src=x></a>", "http://a.example", "", true, false, HTML_LINK_ANCHOR },
        { "<a href=http://a.example></a>", "http://a.example", "", false, true, HTML_LINK_ANCHOR },
        { "<a href=http://a.example style='font-size:0'>x</a>", "http://a.example", "", false, true, HTML_LINK_ANCHOR },
        { "<a href=http://a.example><img src=x style='display:none'></a>", "http://a.example", "", true, true,
          HTML_LINK_ANCHOR },
        { "<a href=http://a.example><div style='background:url(x)'></div></a>", "http://a.example", "", false, false,
          HTML_LINK_ANCHOR },
        { "<a href=http://a.example>not closed", "http://a.example", "not closed", false, false, HTML_LINK_ANCHOR },
        { "<base href='http://b.example/d/i.html'><a href='x/y'>t</a>", "http://b.example/d/x/y", "t", false, false,
          HTML_LINK_ANCHOR },
        { "<base href='http://b.example/d/'><a href='/y'>t</a>", "http://b.example/y", "t", false, false,
          HTML_LINK_ANCHOR },
        { "<base href='http://b.example'><a href='y'>t</a>", "http://b.example/y", "t", false, false,
          HTML_LINK_ANCHOR },
        { "<base href='https://b.example/d'><a href='//c.example'>t</a>", "https://c.example", "t", false, false,
          HTML_LINK_ANCHOR },
        { "<base href='http://b.example/'><a href='mailto:x@y'>t</a>", "mailto:x@y", "t", false, false,
          HTML_LINK_ANCHOR },
        { "<form action='http://f.example'>", "http://f.example", "", false, false, HTML_LINK_FORM },
        { "<map><area href='http://m.example'></map>", "http://m.example", "", false, false, HTML_LINK_AREA },
        { "<meta http-equiv=Refresh content=\"0; URL='http://r.example'\">", "http://r.example", "", false, false,
          HTML_LINK_REFRESH },
        { "<iframe src='http://i.example'></iframe>", "http://i.example", "", false, false, HTML_LINK_FRAME },
        { "<svg><a xlink:href='http://s.example/'><text>open</text></a></svg>", "http://s.example/", "open", false,
          false, HTML_LINK_DRAWING },
        { "<svg><a href=http://s.example/ XLINK:HREF=http://t.example/><text>t</text></a></svg>", "http://s.example/",
          "t", false, false, HTML_LINK_DRAWING },
        { "<a href=http://a.example><svg><path d=z /></svg>t</a>", "http://a.example", "t", false, false,
          HTML_LINK_ANCHOR },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading reading = read_html(span_of(rows[i].html));
        assert_int_equal(reading.view.link_count, 1);
        const struct html_link *link = &reading.view.links[0];
        assert_span_is(link->target, rows[i].target);
        assert_span_is(link->text, rows[i].text);
        if (link->has_image != rows[i].has_image || link->hidden != rows[i].hidden || link->kind != rows[i].kind)
            fail_msg("%s: image %d, hidden %d, kind %d", rows[i].html, link->has_image, link->hidden, link->kind);
        arena_free(reading.arena);
    }
}

static void images_have_size_and_visibility(void **state)
{
    static const struct {
        const char *html;
        int width, height;
        bool hidden;
    } rows[] = {
        { "<img src=x width=1 height='1'>", 1, 1, false },
        { "<img src=x width=600px>", 600, -1, false },
        { "<img src=x width='100%' style='height:20px'>", -1, 20, false },
        { "<img src=x width=10 style='width:20pt'>", 26, -1, false },
        { "<img src=x style='width:100%' width=300>", 300, -1, false },
        { "<div style='display:none'><img src=x width=0></div>", 0, -1, true },
        { "<div style='font-size:0'><img src=x></div>", -1, -1, false },
        { "<img src=x style='visibility:hidden'>", -1, -1, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading reading = read_html(span_of(rows[i].html));
        assert_int_equal(reading.view.image_count, 1);
        const struct html_image *image = &reading.view.images[0];
        assert_span_is(image->source, "x");
        if (image->width != rows[i].width || image->height != rows[i].height || image->hidden != rows[i].hidden)
            fail_msg("%s: %d x %d, hidden %d", rows[i].html, image->width, image->height, image->hidden);
        arena_free(reading.arena);
    }
}

static void structure_is_counted(void **state)
{
    struct reading reading = read_html(span_of(
        "<title> A\n title </title><base href=http://b.example><link rel='x stylesheet' href=y>"
        "<meta http-equiv=refresh content=5>"
        "<script>x</script>"
        "<script type=' Application/LD+json '>{}</script><script type=application/json>{}</script>"
        "<script type=application/javascript>x</script><script type=module>x</script>"
        "<p onclick=x onload=y><form><input><input type=Password></form><iframe></iframe>"
        "<object></object>"
        "vi<!-- x -->agra ci<q4x></q4x>al<b></b>is no <!-- --> word <o:p></o:p></x>"
        "<img src='data:image/png;base64,AAAA'>"));
    const struct html_counts *counts = &reading.view.counts;
    assert_span_is(reading.view.title, "A title");
    assert_int_equal(counts->scripts, 3);
    assert_int_equal(counts->event_handlers, 2);
    assert_int_equal(counts->iframes, 1);
    assert_int_equal(counts->objects, 1);
    assert_int_equal(counts->forms, 1);
    assert_int_equal(counts->inputs, 2);
    assert_int_equal(counts->password_fields, 1);
    assert_int_equal(counts->meta_refreshes, 1);
    assert_int_equal(counts->comments_inside_words, 1);
    assert_int_equal(counts->tags_inside_words, 2);
    assert_int_equal(counts->unknown_tags, 1);
    assert_int_equal(counts->longest_data_url, 26);
    assert_int_equal(counts->images, 1);
    assert_true(counts->has_base && counts->has_stylesheet_link);
    arena_free(reading.arena);
}

static void parts_add_up_in_one_view(void **state)
{
    struct reading reading = read_html(span_of("a<i hidden>one</i>b<a href=x>l</a><img src=y>"));
    html_read(span_of("c<i hidden>two</i>d<a href=z>m</a>"), reading.arena, &reading.visible, &reading.view);
    assert_span_is(buffer_span(&reading.visible), "abl\ncdm");
    assert_span_is(reading.view.hidden_text, "one\ntwo\n");
    assert_int_equal(reading.view.stretch_count, 2);
    assert_int_equal(reading.view.stretches[1].start, 4);
    assert_int_equal(reading.view.stretches[1].at, 5);
    assert_int_equal(reading.view.hidden[HTML_HIDDEN_DISPLAY], 2);
    assert_int_equal(reading.view.link_count, 2);
    assert_span_is(reading.view.links[0].target, "x");
    assert_span_is(reading.view.links[1].text, "m");
    assert_int_equal(reading.view.image_count, 1);
    arena_free(reading.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tricks_are_told_from_honest_markup),
        cmocka_unit_test(text_is_what_the_screen_shows),
        cmocka_unit_test(preheader_is_told_from_salad),
        cmocka_unit_test(hidden_text_has_its_place),
        cmocka_unit_test(places_are_noted_up_to_a_limit),
        cmocka_unit_test(blank_stretches_are_none),
        cmocka_unit_test(what_others_see_is_counted_but_stays),
        cmocka_unit_test(links_have_text_target_and_visibility),
        cmocka_unit_test(images_have_size_and_visibility),
        cmocka_unit_test(structure_is_counted),
        cmocka_unit_test(parts_add_up_in_one_view),
    };
    return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
