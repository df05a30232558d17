/* check-hidden.c - text that the reader does not see, and words that are not written with the letters they show
 *
 * mail/html.h has told the honest cases apart (preheader, a wrapper of font size 0 whose child restores it, mso-hide).
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/hash.h"
#include "util/translate.h"
#include "util/utf8.h"

/* Bytes of text hidden for one of the reasons from `first` to `last`. */
static size_t hidden_bytes(struct inspection *inspection, enum html_hiding first, enum html_hiding last)
{
    const struct html_view *html = inspection->message->html;
    size_t sum = 0;
    for (size_t i = first; html && i <= (size_t)last; i++)
        sum += html->hidden_bytes[i];
    return sum;
}

/* A set of words, as bits of their hashes: a word of 200,000 is in it by mistake one time in six. */
#define WORD_BITS ((size_t)1 << 20)
#define BLANKS " \n\t"

static size_t word_bit(struct span word)
{
    return (size_t)hash_bytes(word.data, word.length, 0) % WORD_BITS;
}

/* Bytes of the words of `text` that are not in the set. */
static size_t bytes_of_others(struct span text, const uint8_t *set)
{
    size_t sum = 0;
    for (struct span word; (word = span_take_word(&text, BLANKS)).length;) {
        size_t bit = word_bit(word);
        if (!(set[bit / 8] >> bit % 8 & 1))
            sum += word.length + 1;
    }
    return sum;
}

/* Of `hidden` bytes those of words that are not shown elsewhere: newsletters have their text twice, for wide and for
 * small screens, one of them switched off.  What has no stretch counts. */
static size_t hidden_from_all(struct inspection *inspection, size_t hidden)
{
    const struct message *message = inspection->message;
    uint8_t *set = arena_new_array(inspection->arena, uint8_t, WORD_BITS / 8);
    struct span text = message->visible_text;
    for (struct span word; (word = span_take_word(&text, BLANKS)).length;)
        set[word_bit(word) / 8] |= (uint8_t)(1U << word_bit(word) % 8);
    for (size_t i = 0; i < message->html->stretch_count; i++) {
        const struct html_stretch *stretch = &message->html->stretches[i];
        if (stretch->reason < HTML_HIDDEN_DISPLAY || stretch->reason > HTML_HIDDEN_VISIBILITY)
            continue;
        text = span_head(span_from(message->html->hidden_text, stretch->start), stretch->length);
        size_t others = bytes_of_others(text, set);
        hidden -= others < text.length && text.length - others <= hidden ? text.length - others : 0;
    }
    return hidden;
}

/* Ways of hiding with which pages that adapt to small screens also work. */
static enum outcome hidden_text(struct inspection *inspection, struct buffer *detail)
{
    size_t hidden = hidden_bytes(inspection, HTML_HIDDEN_DISPLAY, HTML_HIDDEN_VISIBILITY);
    size_t visible = inspection->message->visible_text.length, least = visible / 4 > 300 ? visible / 4 : 300;
    if (hidden < least || hidden_from_all(inspection, hidden) < least)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%zu bytes of text are switched off, beside %zu that can be seen"), hidden, visible);
    return OUTCOME_HIT;
}

const struct check check_hidden_text = {
    .name = "HIDDEN_TEXT",
    .description = N_("has much text that is switched off (display:none)"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 0.00 % of spam; of 2022-26: 0.00 % of ham, 7.06 % of spam */
    .evaluate = hidden_text,
};

/* Ways of hiding for which there is no honest use with that much text. */
static enum outcome camouflaged_text(struct inspection *inspection, struct buffer *detail)
{
    size_t hidden = hidden_bytes(inspection, HTML_HIDDEN_OPACITY, HTML_HIDDEN_CLIPPED);
    if (hidden < 80)
        return OUTCOME_SILENT;
    buffer_append_format(detail,
                         _("%zu bytes of text are invisible: tiny, transparent, off the page or in the colour of their "
                           "background"),
                         hidden);
    return OUTCOME_HIT;
}

const struct check check_camouflaged_text = {
    .name = "CAMOUFLAGED_TEXT",
    .description = N_("has text made invisible by colour, size or place"),
    .points = 300, /* first 60 % of 2003: 0.00 % of ham, 0.77 % of spam; of 2022-26: 0.00 % of ham, 3.20 % of spam */
    .evaluate = camouflaged_text,
};

static enum outcome text_after_end(struct inspection *inspection, struct buffer *detail)
{
    size_t hidden = hidden_bytes(inspection, HTML_HIDDEN_AFTER_END, HTML_HIDDEN_AFTER_END);
    if (hidden < 80)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%zu bytes of text stand behind the end of the HTML"), hidden);
    return OUTCOME_HIT;
}

const struct check check_text_after_end = {
    .name = "TEXT_AFTER_END",
    .description = N_("has text behind the end of its HTML"),
    .points = 150, /* first 60 % of 2003: 0.19 % of ham, 6.17 % of spam; of 2022-26: 0.00 % of ham, 1.60 % of spam */
    .evaluate = text_after_end,
};

static enum outcome split_words(struct inspection *inspection, struct buffer *detail)
{
    const struct word_marks *marks = inspection_word_marks(inspection);
    if (marks->split < 1)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u words have invisible characters inside, such as \""), marks->split);
    detail_say(detail, "%s\"", marks->first_split, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_split_words = {
    .name = "SPLIT_WORDS",
    .description = N_("has words with invisible characters inside"),
    .points = 300, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 1.39 % of spam */
    .evaluate = split_words,
};

/* Of words that may be slips five say as much as one that cannot be. */
static enum outcome mixed_alphabets(struct inspection *inspection, struct buffer *detail)
{
    enum { SHARE_OF_SLIP = 20 };
    const struct word_marks *marks = inspection_word_marks(inspection);
    if (marks->mixed + marks->slips < 1)
        return OUTCOME_SILENT;
    if (marks->mixed == 0 && marks->slips < 100 / SHARE_OF_SLIP)
        inspection->share = marks->slips * SHARE_OF_SLIP;
    buffer_append_format(detail, _("%u words mix letters of several alphabets that look the same, such as \""),
                         marks->mixed + marks->slips);
    detail_say(detail, "%s\"", marks->mixed ? marks->first_mixed : marks->first_slip, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_mixed_alphabets = {
    .name = "MIXED_ALPHABETS",
    .description = N_("has words written with look-alike letters of another alphabet"),
    .points = 300, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 1.59 % of spam */
    .evaluate = mixed_alphabets,
};

static enum outcome styled_letters(struct inspection *inspection, struct buffer *detail)
{
    const struct word_marks *marks = inspection_word_marks(inspection);
    if (marks->styled < 1)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u words are written in letters made for formulas, such as \""), marks->styled);
    detail_say(detail, "%s\"", marks->first_styled, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_styled_letters = {
    .name = "STYLED_LETTERS",
    .description = N_("has words written in letters made for formulas and signs"),
    .points = 240, /* first 60 % of 2003: 0.00 % of ham, 0.00 % of spam; of 2022-26: 0.00 % of ham, 4.23 % of spam */
    .evaluate = styled_letters,
};

/* Pages of nothing, and then words: below the end of every window. */
static enum outcome text_far_below(struct inspection *inspection, struct buffer *detail)
{
    enum { LINES_NEEDED = 40, BYTES_NEEDED = 100 };
    struct span text = span_trim(inspection->message->visible_text);
    unsigned lines = 0;
    for (size_t at = span_find_byte(text, '\n'); at < text.length; at++) {
        bool blank = (unsigned char)text.data[at] <= ' ';
        if (blank) {
            lines += text.data[at] == '\n';
            continue;
        }
        if (lines > LINES_NEEDED && text.length - at >= BYTES_NEEDED) {
            buffer_append_format(detail, _("%u empty lines stand in front of its last %zu bytes"), lines - 1,
                                 text.length - at);
            return OUTCOME_HIT;
        }
        size_t next = span_find_byte(span_from(text, at), '\n');
        at += next ? next - 1 : 0;
        lines = 0;
    }
    return OUTCOME_SILENT;
}

const struct check check_text_far_below = {
    .name = "TEXT_FAR_BELOW",
    .description = N_("has text behind so many empty lines that nobody scrolls there"),
    .points = 100, /* 2003: 0.00 % of ham, 0.58 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = text_far_below,
};

/* Characters of four bytes from U+E0000 on: an invisible copy of ASCII, whose one honest use is in flag emoji, where
 * U+1F3F4 stands in front and U+E007F ends it. */
static bool is_tag(const char *bytes)
{
    return bytes[0] == '\xF3' && bytes[1] == '\xA0' && (bytes[2] == '\x80' || bytes[2] == '\x81');
}

static enum outcome tag_characters(struct inspection *inspection, struct buffer *detail)
{
    struct span text = inspection->message->visible_text;
    static const char black_flag[] = "\xF0\x9F\x8F\xB4";
    unsigned count = 0;
    for (size_t at = span_find_byte(text, '\xF3'); at + 4 <= text.length;) {
        bool in_flag = at >= 4 && memcmp(text.data + at - 4, black_flag, 4) == 0;
        unsigned run = 0;
        for (; at + 4 <= text.length && is_tag(text.data + at); at += 4)
            run++;
        count += in_flag ? 0 : run;
        at += run ? 0 : 1;
        at += span_find_byte(span_from(text, at), '\xF3');
    }
    if (count == 0)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u characters are of a kind that nobody sees and programs read as text"), count);
    return OUTCOME_HIT;
}

const struct check check_tag_characters = {
    .name = "TAG_CHARACTERS",
    .description = N_("has text in characters that nobody sees (U+E0000 and on)"),
    .points = 300, /* in neither corpus */
    .evaluate = tag_characters,
};

/* U+202E shows what follows backwards: "moc.lapyap" reads "paypal.com".  Honest right-to-left text needs no override.
 */
static size_t find_override(struct span text)
{
    size_t at = span_find_byte(text, '\xE2');
    while (at + 3 <= text.length && memcmp(text.data + at, "\xE2\x80\xAE", 3) != 0)
        at += 1 + span_find_byte(span_from(text, at + 1), '\xE2');
    return at + 3 <= text.length ? at : text.length;
}

static enum outcome reversed_text(struct inspection *inspection, struct buffer *detail)
{
    const struct span texts[] = { inspection->message->subject, inspection->message->visible_text };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t at = find_override(texts[i]);
        if (at == texts[i].length)
            continue;
        detail_say(detail, "text is turned around: \"%s\"", utf8_head(span_from(texts[i], at), 40), SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_reversed_text = {
    .name = "REVERSED_TEXT",
    .description = N_("has text that is written backwards and turned around"),
    .points = 250, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.30 % of spam */
    .evaluate = reversed_text,
};
