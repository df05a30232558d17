/* explanation-page.c - what lies behind a judgement, as a part of an HTML page
 *
 * How much of each thing is shown is bounded so that the article stays under EXPLANATION_PAGE_MOST even where every
 * byte is one that page_escape() must name.
 */
#include "verdict/explanation-page.h"

#include <math.h>
#include <stdlib.h>

#include "util/utf8.h"
#include "verdict/figures.h"
#include "verdict/page.h"
#include "verdict/page-message.h"
#include "verdict/report.h"

#define SOURCE_SHOWN 400
/* The scale reaches from so many times `required` below zero to so many above: all but the clearest mail is on it. */
#define SCALE_BELOW 1.5
#define SCALE_ABOVE 3.0
#define SCALE_LEAST 100 /* hundredths: `required` may be set to nothing, or below */

static enum page_colour verdict_colour(enum verdict verdict)
{
    return verdict == VERDICT_SPAM ? PAGE_SPAM : verdict == VERDICT_UNSURE ? PAGE_UNSURE : PAGE_HAM;
}

static enum page_colour side(double weight)
{
    return weight > 0 ? PAGE_SPAM : weight < 0 ? PAGE_HAM : PAGE_PLAIN;
}

/* --- the verdict and its scale ------------------------------------------------------------------------------------ */

struct scale {
    double low, high;
};

static struct scale scale_of(const struct judgement *judgement)
{
    double unit = fmax(SCALE_LEAST, abs(judgement->required));
    return (struct scale){ .low = fmin(judgement->unsure, -SCALE_BELOW * unit),
                           .high = fmax(judgement->required, SCALE_ABOVE * unit) };
}

/* Tenths of a percent of the scale's length. */
static int place_on(const struct scale *scale, double points)
{
    return (int)lround(1000 * fmax(0, fmin(1, (points - scale->low) / (scale->high - scale->low))));
}

static void write_zone(enum page_colour colour, int from, int to, struct buffer *out)
{
    buffer_append_format(out, "<i class=\"zone %s\" style=\"left:%d.%d%%;width:%d.%d%%\"></i>",
                         page_colour_class(colour), from / 10, from % 10, (to - from) / 10, (to - from) % 10);
}

/* The score over its place; what lies off the scale stands at its end, with an arrow. */
static void write_score(const struct judgement *judgement, const struct scale *scale, const char *points,
                        struct buffer *out)
{
    int place = place_on(scale, judgement->score);
    bool is_below = (judgement->score < scale->low), is_above = (judgement->score > scale->high);
    const char *anchor = place < 60 ? " left" : place > 940 ? " right" : "";
    buffer_append_format(out,
                         "<i class=\"needle\" style=\"left:%d.%d%%\"></i><div class=\"score %s%s\" "
                         "style=\"left:%d.%d%%\">%s%s%s</div>\n",
                         place / 10, place % 10, page_colour_class(verdict_colour(judgement->verdict)), anchor,
                         place / 10, place % 10, is_below ? "&larr; " : "", points, is_above ? " &rarr;" : "");
}

static void write_scale(const struct judgement *judgement, struct buffer *out)
{
    struct scale scale = scale_of(judgement);
    int unsure = place_on(&scale, judgement->unsure), required = place_on(&scale, judgement->required);
    int zero = place_on(&scale, 0);
    char points[FIGURE_SIZE], doubt[FIGURE_SIZE], spam[FIGURE_SIZE];
    figure_points(judgement->score, points);
    figure_points(judgement->unsure, doubt);
    figure_points(judgement->required, spam);
    buffer_append_format(
        out, "<div class=\"scale\" role=\"img\" aria-label=\"%s points; doubt starts at %s, spam at %s\">\n", points,
        doubt, spam);
    write_score(judgement, &scale, points, out);
    buffer_append_string(out, "<div class=\"track\">");
    write_zone(PAGE_HAM, 0, unsure, out);
    write_zone(PAGE_UNSURE, unsure, required > unsure ? required : unsure, out);
    write_zone(PAGE_SPAM, required, 1000, out);
    buffer_append_format(out,
                         "<i class=\"zero\" style=\"left:%d.%d%%\"></i></div>\n"
                         "<span class=\"threshold unsure\" style=\"right:%d.%d%%\">doubt from %s</span>\n"
                         "<span class=\"threshold spam\" style=\"left:%d.%d%%\">spam from %s</span>\n</div>\n",
                         zero / 10, zero % 10, (1000 - unsure) / 10, (1000 - unsure) % 10, doubt, required / 10,
                         required % 10, spam);
}

static void write_verdict(const struct explanation *explanation, struct buffer *out)
{
    const struct judgement *judgement = explanation->judgement;
    buffer_append_format(out, "<header class=\"verdict\">\n<p class=\"chip %s\">%s</p>\n<h1>",
                         page_colour_class(verdict_colour(judgement->verdict)), verdict_name(judgement->verdict));
    report_sentence(judgement, out);
    buffer_append_string(out, "</h1>\n");
    write_scale(judgement, out);
    if (explanation->source.length && !span_is(explanation->source, "-")) {
        buffer_append_string(out, "<p class=\"note\">");
        page_text(utf8_head(explanation->source, SOURCE_SHOWN), out);
        buffer_append_string(out, "</p>\n");
    }
    buffer_append_string(out, "</header>\n");
}

/* --- reasons ------------------------------------------------------------------------------------------------------ */

static void write_reason(const struct reason *reason, double low, double high, struct buffer *out)
{
    char points[FIGURE_SIZE];
    buffer_append_format(out, "<tr><td class=\"figure %s\">%s%s</td><td class=\"bar\">",
                         page_colour_class(side(reason->points)), reason->points > 0 ? "+" : "",
                         figure_points(reason->points, points));
    page_bar(low, high, reason->points, side(reason->points), out);
    buffer_append_string(out, "</td><td>");
    page_text(report_reason(reason, out->arena), out);
    buffer_append_string(out, " <span class=\"name\">");
    page_escape(span_of(reason->name), out);
    buffer_append_string(out, "</span></td></tr>\n");
}

static void write_reasons(const struct judgement *judgement, struct buffer *out)
{
    double low = 0, high = 0;
    char points[FIGURE_SIZE];
    page_section_start("Reasons", judgement->reason_count ? "Heaviest first; they add up to the score." : NULL, out);
    if (judgement->reason_count == 0)
        buffer_append_string(out, "<p>Nothing speaks for or against it.</p>\n");
    for (size_t i = 0; i < judgement->reason_count; i++) {
        low = fmin(low, judgement->reasons[i].points);
        high = fmax(high, judgement->reasons[i].points);
    }
    buffer_append_string(out, "<table class=\"figures reasons\">\n");
    for (size_t i = 0; i < judgement->reason_count; i++)
        write_reason(&judgement->reasons[i], low, high, out);
    buffer_append_format(out, "<tr class=\"sum\"><td class=\"figure\">%s</td><td></td><td>sum</td></tr>\n</table>\n",
                         figure_points(judgement->score, points));
    page_section_end(out);
}

static void write_outside(const struct hits *outside, struct buffer *out)
{
    char points[FIGURE_SIZE];
    if (!outside)
        return;
    page_section_start("What others say of it",
                       "Name servers and programs that your settings let tamis ask; their points are among the "
                       "reasons.",
                       out);
    if (outside->count == 0)
        buffer_append_string(out, "<p>They were asked, and had nothing to say.</p>\n");
    else
        buffer_append_string(out, "<table class=\"figures\">\n");
    for (size_t i = 0; i < outside->count; i++) {
        const struct hit *hit = &outside->items[i];
        buffer_append_format(out, "<tr><td class=\"figure %s\">%s%s</td><td>", page_colour_class(side(hit->points)),
                             hit->points > 0 ? "+" : "", figure_points(hit->points, points));
        page_text(hit->detail.length ? hit->detail : span_of(hit->description), out);
        buffer_append_string(out, " <span class=\"name\">");
        page_escape(span_of(hit->name), out);
        buffer_append_string(out, "</span></td></tr>\n");
    }
    if (outside->count)
        buffer_append_string(out, "</table>\n");
    page_section_end(out);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static void write_word(const struct explained_token *word, double heaviest, struct buffer *out)
{
    enum page_colour colour = side(word->weight);
    buffer_append_string(out, "<tr><td class=\"word\">");
    page_text(word->text, out);
    buffer_append_string(out, "</td><td class=\"bar\">");
    page_bar(0, heaviest, fabs(word->weight), colour, out);
    buffer_append_format(out, "</td><td class=\"figure\">%u</td><td class=\"figure\">%u</td></tr>\n", word->spam,
                         word->ham);
}

static void write_words_of(const struct explained *words, const char *heading, bool for_spam, double heaviest,
                           struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < words->count; i++)
        count += (words->items[i].weight > 0) == for_spam;
    if (count == 0)
        return;
    buffer_append_format(
        out,
        "<table class=\"figures words\">\n<tr><th colspan=\"2\" class=\"%s\">%s</th><th class=\"figure\">spam</th>"
        "<th class=\"figure\">ham</th></tr>\n",
        for_spam ? "spam" : "ham", heading);
    for (size_t i = 0; i < words->count; i++)
        if ((words->items[i].weight > 0) == for_spam)
            write_word(&words->items[i], heaviest, out);
    buffer_append_string(out, "</table>\n");
}

static void write_words(const struct explained *words, struct buffer *out)
{
    if (words->count == 0)
        return;
    double heaviest = fabs(words->items[0].weight);
    page_section_start("Words that spoke loudest", NULL, out);
    buffer_append_format(
        out,
        "<p class=\"note\">By what you have taught: in how many of %llu spam and %llu ham each was seen.</p>\n"
        "<div class=\"columns\">\n",
        (unsigned long long)words->pair_lessons[LABEL_SPAM], (unsigned long long)words->pair_lessons[LABEL_HAM]);
    write_words_of(words, "for spam", true, heaviest, out);
    write_words_of(words, "against", false, heaviest, out);
    buffer_append_string(out, "</div>\n");
    page_section_end(out);
}

void explanation_page(const struct explanation *explanation, struct buffer *out)
{
    buffer_append_string(out, "<article>\n");
    write_verdict(explanation, out);
    page_sender(explanation, out);
    write_reasons(explanation->judgement, out);
    write_outside(explanation->outside, out);
    page_message_text(explanation->message, out);
    page_links(explanation, out);
    write_words(explanation->words, out);
    page_path(explanation, out);
    page_attachments(explanation->message, out);
    buffer_append_string(out, "</article>\n");
}
