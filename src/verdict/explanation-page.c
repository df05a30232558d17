/* explanation-page.c - what lies behind a judgement, as a part of an HTML page
 *
 * How much of each thing is shown is bounded so that the article stays under EXPLANATION_PAGE_MOST even where every
 * byte is one that page_escape() must name.
 */
#include "verdict/explanation-page.h"

#include <math.h>
#include <stdlib.h>

#include "util/arithmetic.h"
#include "util/translate.h"
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
    double unit = real_max(SCALE_LEAST, abs(judgement->required));
    return (struct scale){ .low = real_min(judgement->unsure, -SCALE_BELOW * unit),
                           .high = real_max(judgement->required, SCALE_ABOVE * unit) };
}

/* Tenths of a percent of the scale's length. */
static int place_on(const struct scale *scale, double points)
{
    return (int)real_round(1000 * real_max(0, real_min(1, (points - scale->low) / (scale->high - scale->low))));
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

static void write_threshold(enum page_colour colour, const char *edge, int place, const char *what, const char *points,
                            struct buffer *out)
{
    buffer_append_format(out, "<span class=\"threshold %s\" style=\"%s:%d.%d%%\">%s %s</span>\n",
                         page_colour_class(colour), edge, place / 10, place % 10, what, points);
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
    buffer_append_string(out, "<div class=\"scale\" role=\"img\" aria-label=\"");
    buffer_append_format(out, _("%s points; doubt starts at %s, spam at %s"), points, doubt, spam);
    buffer_append_string(out, "\">\n");
    write_score(judgement, &scale, points, out);
    buffer_append_string(out, "<div class=\"track\">");
    write_zone(PAGE_HAM, 0, unsure, out);
    write_zone(PAGE_UNSURE, unsure, required > unsure ? required : unsure, out);
    write_zone(PAGE_SPAM, required, 1000, out);
    buffer_append_format(out, "<i class=\"zero\" style=\"left:%d.%d%%\"></i></div>\n", zero / 10, zero % 10);
    write_threshold(PAGE_UNSURE, "right", 1000 - unsure, _("doubt from"), doubt, out);
    write_threshold(PAGE_SPAM, "left", required, _("spam from"), spam, out);
    buffer_append_string(out, "</div>\n");
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

/* The axis of the bars, from what speaks most against to what speaks most for spam. */
struct axis {
    double low, high;
};

/* A row; without an axis it has no bar. */
static void write_reason(const struct reason *reason, const struct axis *axis, struct buffer *out)
{
    char points[FIGURE_SIZE];
    buffer_append_format(out, "<tr><td class=\"figure %s\">%s</td>", page_colour_class(side(reason->points)),
                         figure_signed(reason->points, points));
    if (axis) {
        buffer_append_string(out, "<td class=\"bar\">");
        page_bar(axis->low, axis->high, reason->points, side(reason->points), out);
        buffer_append_string(out, "</td>");
    }
    buffer_append_string(out, "<td>");
    page_text(report_reason(reason, out->arena), out);
    buffer_append_string(out, " <span class=\"name\">");
    page_escape(span_of(reason->name), out);
    buffer_append_string(out, "</span></td></tr>\n");
}

static void write_reasons(const struct judgement *judgement, struct buffer *out)
{
    struct axis axis = { 0 };
    char points[FIGURE_SIZE];
    page_section_start(_("Reasons"),
                       judgement->reason_count ? _("Heaviest first; they add up to the score.") : NULL, out);
    for (size_t i = 0; i < judgement->reason_count; i++) {
        axis.low = real_min(axis.low, judgement->reasons[i].points);
        axis.high = real_max(axis.high, judgement->reasons[i].points);
    }
    buffer_append_string(out, "<table class=\"figures reasons\">\n");
    for (size_t i = 0; i < judgement->reason_count; i++)
        write_reason(&judgement->reasons[i], &axis, out);
    buffer_append_format(out, "<tr class=\"sum\"><td class=\"figure\">%s</td><td></td><td>%s</td></tr>\n</table>\n",
                         figure_points(judgement->score, points),
                         judgement->reason_count ? _("sum") : _("nothing speaks for or against it"));
    page_section_end(out);
}

static void write_outside(const struct hits *outside, struct buffer *out)
{
    if (!outside)
        return;
    page_section_start(_("What others say of it"),
                       _("Name servers and programs that your settings let tamis ask; their points are among the "
                         "reasons."),
                       out);
    if (outside->count == 0)
        buffer_append_format(out, "<p>%s</p>\n", _("They were asked, and had nothing to say."));
    else
        buffer_append_string(out, "<table class=\"figures\">\n");
    for (size_t i = 0; i < outside->count; i++) {
        const struct hit *hit = &outside->items[i];
        const struct reason reason = { hit->name, hit->description, hit->detail, hit->points };
        write_reason(&reason, NULL, out);
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
        "<table class=\"figures words\">\n<tr><th colspan=\"2\" class=\"%s\">%s</th><th class=\"figure\">%s</th>"
        "<th class=\"figure\">%s</th></tr>\n",
        page_colour_class(for_spam ? PAGE_SPAM : PAGE_HAM), heading, _("spam"), _("ham"));
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
    page_section_start(_("Words that spoke loudest"), NULL, out);
    buffer_append_string(out, "<p class=\"note\">");
    buffer_append_format(out, _("By what you have taught: in how many of %llu spam and %llu ham each was seen."),
                         (unsigned long long)words->pair_lessons[LABEL_SPAM],
                         (unsigned long long)words->pair_lessons[LABEL_HAM]);
    buffer_append_string(out, "</p>\n<div class=\"columns\">\n");
    write_words_of(words, _("for spam"), true, heaviest, out);
    write_words_of(words, _("against"), false, heaviest, out);
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
