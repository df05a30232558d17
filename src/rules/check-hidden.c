/* check-hidden.c - text that the reader does not see, and words that are not written with the letters they show
 *
 * mail/html.h has told the honest cases apart (preheader, a wrapper of font size 0 whose child restores it, mso-hide).
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"

/* Bytes of text hidden for one of the reasons from `first` to `last`. */
static size_t hidden_bytes(struct inspection *inspection, enum html_hiding first, enum html_hiding last)
{
    const struct html_view *html = inspection->message->html;
    size_t sum = 0;
    for (size_t i = first; html && i <= (size_t)last; i++)
        sum += html->hidden_bytes[i];
    return sum;
}

/* Ways of hiding with which pages that adapt to small screens also work. */
static enum outcome hidden_text(struct inspection *inspection, struct buffer *detail)
{
    size_t hidden = hidden_bytes(inspection, HTML_HIDDEN_DISPLAY, HTML_HIDDEN_VISIBILITY);
    size_t visible = inspection->message->visible_text.length;
    if (hidden < 300 || hidden < visible / 4)
        return OUTCOME_SILENT;
    buffer_append_format(detail, "%zu bytes of text are switched off, beside %zu that can be seen", hidden, visible);
    return OUTCOME_HIT;
}

const struct check check_hidden_text = {
    .name = "HIDDEN_TEXT",
    .description = "has much text that is switched off (display:none)",
    .points = 120, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 7.28 % of spam */
    .evaluate = hidden_text,
};

/* Ways of hiding for which there is no honest use with that much text. */
static enum outcome camouflaged_text(struct inspection *inspection, struct buffer *detail)
{
    size_t hidden = hidden_bytes(inspection, HTML_HIDDEN_OPACITY, HTML_HIDDEN_CLIPPED);
    if (hidden < 80)
        return OUTCOME_SILENT;
    buffer_append_format(
        detail, "%zu bytes of text are invisible: tiny, transparent, off the page or in the colour of their background",
        hidden);
    return OUTCOME_HIT;
}

const struct check check_camouflaged_text = {
    .name = "CAMOUFLAGED_TEXT",
    .description = "has text made invisible by colour, size or place",
    .points = 220, /* 2003: 0.00 % of ham, 0.63 % of spam; 2022-26: 0.00 % of ham, 2.28 % of spam */
    .evaluate = camouflaged_text,
};

static enum outcome text_after_end(struct inspection *inspection, struct buffer *detail)
{
    size_t hidden = hidden_bytes(inspection, HTML_HIDDEN_AFTER_END, HTML_HIDDEN_AFTER_END);
    if (hidden < 80)
        return OUTCOME_SILENT;
    buffer_append_format(detail, "%zu bytes of text stand behind the end of the HTML", hidden);
    return OUTCOME_HIT;
}

const struct check check_text_after_end = {
    .name = "TEXT_AFTER_END",
    .description = "has text behind the end of its HTML",
    .points = 100, /* 2003: 0.12 % of ham, 5.59 % of spam; 2022-26: 0.17 % of ham, 1.49 % of spam */
    .evaluate = text_after_end,
};

static enum outcome split_words(struct inspection *inspection, struct buffer *detail)
{
    const struct word_marks *marks = inspection_word_marks(inspection);
    if (marks->split < 1)
        return OUTCOME_SILENT;
    buffer_append_format(detail, "%u words have invisible characters inside, such as \"", marks->split);
    detail_say(detail, "%s\"", marks->first_split, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_split_words = {
    .name = "SPLIT_WORDS",
    .description = "has words with invisible characters inside",
    .points = 300, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 1.39 % of spam */
    .evaluate = split_words,
};

static enum outcome mixed_alphabets(struct inspection *inspection, struct buffer *detail)
{
    const struct word_marks *marks = inspection_word_marks(inspection);
    if (marks->mixed < 1)
        return OUTCOME_SILENT;
    buffer_append_format(detail, "%u words mix letters of several alphabets that look the same, such as \"",
                         marks->mixed);
    detail_say(detail, "%s\"", marks->first_mixed, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_mixed_alphabets = {
    .name = "MIXED_ALPHABETS",
    .description = "has words written with look-alike letters of another alphabet",
    .points = 300, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 1.59 % of spam */
    .evaluate = mixed_alphabets,
};

static enum outcome styled_letters(struct inspection *inspection, struct buffer *detail)
{
    const struct word_marks *marks = inspection_word_marks(inspection);
    if (marks->styled < 1)
        return OUTCOME_SILENT;
    buffer_append_format(detail, "%u words are written in letters made for formulas, such as \"", marks->styled);
    detail_say(detail, "%s\"", marks->first_styled, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_styled_letters = {
    .name = "STYLED_LETTERS",
    .description = "has words written in letters made for formulas and signs",
    .points = 200, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 3.42 % of spam */
    .evaluate = styled_letters,
};
