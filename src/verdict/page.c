/* page.c - the frame of the HTML pages we write, and the one way foreign text gets into them */
#include "verdict/page.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/arithmetic.h"
#include "util/translate.h"
#include "util/utf8.h"

/* Steps of a bar's axis: finer than any screen's pixels of one. */
#define BAR_STEPS 1000

/* --- frame -------------------------------------------------------------------------------------------------------- */

void page_start(const char *title, struct buffer *out)
{
    buffer_append_format(out, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"ltr\">\n", translate_language());
    buffer_append_string(
        out, "<head>\n"
             "<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" "
             "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n");
    buffer_append_format(out, "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", title, page_style);
}

void page_end(struct buffer *out)
{
    buffer_append_format(out, "</main>\n<footer>%s</footer>\n</body>\n</html>\n",
                         _("Written by tamis. This page is complete in itself: it loads nothing and runs nothing."));
}

void page_section_start(const char *heading, const char *note, struct buffer *out)
{
    buffer_append_format(out, "<section>\n<h2>%s</h2>\n", heading);
    if (note)
        buffer_append_format(out, "<p class=\"note\">%s</p>\n", note);
}

void page_section_end(struct buffer *out)
{
    buffer_append_string(out, "</section>\n");
}

/* --- foreign text ------------------------------------------------------------------------------------------------- */

/* Embeddings, overrides, isolates and marks (UAX #9, section 2). */
static bool is_direction(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E ||
           code == 0x200F || code == 0x061C;
}

/* Does an invisible character do honest work behind `previous`?  Variation selectors of pictographs, and the joiners of
 * pictographs and of Arabic and the scripts of India and its neighbours (Unicode Standard, section 23.2). */
static bool is_at_work(uint32_t code, uint32_t previous)
{
    bool pictograph = previous >= 0x2190 && !utf8_is_invisible(previous) && !(previous >= 0x2E80 && previous < 0x1F000);
    if (code == 0xFE0E || code == 0xFE0F)
        return pictograph || previous == '#' || previous == '*' || (previous >= '0' && previous <= '9');
    bool joined_script = (previous >= 0x0600 && previous <= 0x06FF) || (previous >= 0x0900 && previous <= 0x0DFF);
    if (code == 0x200C)
        return joined_script;
    return code == 0x200D && (joined_script || previous >= 0x1F000 || previous == 0xFE0F);
}

static bool is_marked(uint32_t code, uint32_t previous)
{
    if (code == '\n' || code == '\t')
        return false;
    if (code == 0x2028 || code == 0x2029 || utf8_is_control(code))
        return true;
    return utf8_is_invisible(code) && !is_at_work(code, previous);
}

static bool is_blank(uint32_t code)
{
    return code == ' ' || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F ||
           code == 0x3000;
}

/* Characters to be marked that stand together; newsletters pad their preview text with hundreds and blanks between. */
struct run {
    uint32_t shown; /* the one that is named: of those that turn the line around, or else of all, the first */
    size_t count;
    bool same; /* all are that one */
};

/* Takes up a run at the start of `text`; gives its bytes, 0 when there is none. */
static size_t find_run(struct span text, uint32_t previous, struct run *run)
{
    *run = (struct run){ .same = true };
    size_t end = 0;
    for (size_t at = 0, size; at < text.length; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        if (is_blank(code) && run->count)
            continue;
        if (!is_marked(code, run->count ? ' ' : previous))
            break;
        run->same &= run->count == 0 || code == run->shown;
        if (run->count == 0 || (is_direction(code) && !is_direction(run->shown)))
            run->shown = code;
        run->count++;
        end = at + size;
    }
    return end;
}

static void put_mark(const struct run *run, struct buffer *out)
{
    buffer_append_format(out, "<span class=mark>U+%04X", (unsigned)run->shown);
    if (run->count > 1 && run->same)
        buffer_append_format(out, " &times;%zu", run->count);
    else if (run->count > 1)
        buffer_append_format(out, " +%zu", run->count - 1);
    buffer_append_string(out, "</span>");
}

static void put_character(uint32_t code, struct buffer *out)
{
    switch (code) {
    case '&':
        buffer_append_string(out, "&amp;");
        break;
    case '<':
        buffer_append_string(out, "&lt;");
        break;
    case '>':
        buffer_append_string(out, "&gt;");
        break;
    case '"':
        buffer_append_string(out, "&quot;");
        break;
    case '\'':
        buffer_append_string(out, "&#39;");
        break;
    default:
        utf8_append(out, code);
    }
}

void page_escape(struct span text, struct buffer *out)
{
    uint32_t previous = ' ';
    struct run run;
    for (size_t at = 0, size; at < text.length; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        size_t marked = is_marked(code, previous) ? find_run(span_from(text, at), previous, &run) : 0;
        if (marked) {
            put_mark(&run, out);
            size = marked;
            previous = ' ';
        } else {
            put_character(code, out);
            previous = code;
        }
    }
}

void page_text(struct span text, struct buffer *out)
{
    buffer_append_string(out, "<bdi>");
    page_escape(text, out);
    buffer_append_string(out, "</bdi>");
}

void page_excerpt(struct span text, size_t most, struct buffer *out)
{
    struct span shown = utf8_head(text, most);
    page_text(shown, out);
    if (shown.length < text.length)
        buffer_append_string(out, "&hellip;");
}

void page_more(size_t count, struct buffer *out)
{
    buffer_append_string(out, "<p class=\"note\">");
    buffer_append_format(out, _("and %zu more"), count);
    buffer_append_string(out, "</p>\n");
}

/* --- bars --------------------------------------------------------------------------------------------------------- */

const char *page_colour_class(enum page_colour colour)
{
    static const char *const classes[] = {
        [PAGE_SPAM] = "spam", [PAGE_HAM] = "ham", [PAGE_UNSURE] = "unsure", [PAGE_PLAIN] = "plain"
    };
    return classes[colour];
}

static int step_of(double low, double high, double value)
{
    double range = high - low;
    double share = real_max(0, real_min(1, (value - low) / range));
    return range > 0 && isfinite(value) ? (int)real_round(share * BAR_STEPS) : 0;
}

void page_bar(double low, double high, double value, enum page_colour colour, struct buffer *out)
{
    int zero = step_of(low, high, 0), end = step_of(low, high, value);
    int left = end < zero ? end : zero;
    int width = end < zero ? zero - end : end - zero;
    buffer_append_format(out,
                         "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                         "<rect class=\"%s\" x=\"%d\" y=\"0\" width=\"%d\" height=\"10\"/>",
                         BAR_STEPS, page_colour_class(colour), left, width);
    if (low < 0)
        buffer_append_format(out, "<line class=\"axis\" x1=\"%d\" y1=\"0\" x2=\"%d\" y2=\"10\"/>", zero, zero);
    buffer_append_string(out, "</svg>");
}
