/* check-html.c - HTML that does what mail does not need: runs, asks for passwords, leads away, counts its readers */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "util/translate.h"

static const struct html_counts *counts_of(struct inspection *inspection)
{
    static const struct html_counts none = { 0 };
    return inspection->message->html ? &inspection->message->html->counts : &none;
}

static enum outcome html_script(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->scripts > 0);
}

const struct check check_html_script = {
    .name = "HTML_SCRIPT",
    .description = N_("has a script in its HTML"),
    .points = 50, /* first 60 % of 2003: 0.68 % of ham, 1.74 % of spam; of 2022-26: 0.00 % of ham, 1.41 % of spam */
    .evaluate = html_script,
};

static enum outcome html_events(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->event_handlers > 0);
}

const struct check check_html_events = {
    .name = "HTML_EVENTS",
    .description = N_("has event handlers (onload, onclick...) in its HTML"),
    .points = 150, /* first 60 % of 2003: 0.14 % of ham, 3.41 % of spam; of 2022-26: 0.00 % of ham, 2.16 % of spam */
    .evaluate = html_events,
};

static enum outcome html_frame(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->iframes > 0);
}

const struct check check_html_frame = {
    .name = "HTML_FRAME",
    .description = N_("has a frame in its HTML that loads another page"),
    .points = 10, /* first 60 % of 2003: 2.27 % of ham, 0.13 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = html_frame,
};

static enum outcome html_object(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->objects > 0);
}

const struct check check_html_object = {
    .name = "HTML_OBJECT",
    .description = N_("has an embedded object or applet in its HTML"),
    .points = 85, /* first 60 % of 2003: 0.10 % of ham, 0.19 % of spam; of 2022-26: 0.00 % of ham, 1.69 % of spam */
    .evaluate = html_object,
};

static enum outcome html_form(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    const struct html_counts *counts = counts_of(inspection);
    return hit_if(counts->forms > 0 && counts->inputs > 0 && counts->password_fields == 0);
}

const struct check check_html_form = {
    .name = "HTML_FORM",
    .description = N_("has a form to fill in"),
    .points = 10, /* first 60 % of 2003: 3.86 % of ham, 8.10 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = html_form,
};

static enum outcome asks_password(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->password_fields > 0);
}

const struct check check_asks_password = {
    .name = "ASKS_PASSWORD",
    .description = N_("has a form that asks for a password"),
    .points = 350, /* in neither corpus */
    .evaluate = asks_password,
};

static enum outcome meta_refresh(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->meta_refreshes > 0);
}

const struct check check_meta_refresh = {
    .name = "META_REFRESH",
    .description = N_("leads the reader on to another page by itself"),
    .points = 200, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = meta_refresh,
};

static bool is_fetched(const struct html_image *image)
{
    return span_starts_nocase(image->source, "http:") || span_starts_nocase(image->source, "https:") ||
           span_starts_nocase(image->source, "//");
}

static bool is_counting_pixel(const struct html_image *image)
{
    bool tiny = (image->width == 0 || image->width == 1) && (image->height == 0 || image->height == 1);
    return tiny && is_fetched(image);
}

static enum outcome counting_pixel(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    for (size_t i = 0; html && i < html->image_count; i++) {
        struct url url;
        if (!is_counting_pixel(&html->images[i]))
            continue;
        if (url_parse(html->images[i].source, inspection->arena, &url))
            detail_say(detail, "an image of one pixel tells %s that the message was read", url.host, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_counting_pixel = {
    .name = "COUNTING_PIXEL",
    .description = N_("has an invisible image that tells the sender when it is read"),
    .points = 20, /* 2003: 2.94 % of ham, 4.64 % of spam; 2022-26: 0.29 % of ham, 42.72 % of spam */
    .evaluate = counting_pixel,
};

/* Images that the message brings along may be photographs, which people send without a word: in percent. */
#define SHARE_OF_ENCLOSED 40

/* Images instead of words: what is said stands in pictures, out of a filter's reach. */
static enum outcome image_only(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    unsigned images = 0, fetched = 0;
    for (size_t i = 0; message->html && i < message->html->image_count; i++) {
        const struct html_image *image = &message->html->images[i];
        bool counts = !image->hidden && !is_counting_pixel(image);
        images += counts;
        fetched += counts && is_fetched(image);
    }
    size_t text = span_trim(message->visible_text).length;
    if (images == 0 || text > 100)
        return OUTCOME_SILENT;
    if (fetched == 0)
        inspection->share = SHARE_OF_ENCLOSED;
    buffer_append_format(detail,
                         translate_count("it shows %u image and %zu bytes of text",
                                         "it shows %u images and %zu bytes of text", images),
                         images, text);
    return OUTCOME_HIT;
}

const struct check check_image_only = {
    .name = "IMAGE_ONLY",
    .description = N_("says next to nothing in text, and shows images"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 2.06 % of spam; of 2022-26: 0.00 % of ham, 12.51 % of spam;
                      held back (doc/WEIGHTS.md) */
    .evaluate = image_only,
};

static enum outcome words_split_by_tags(struct inspection *inspection, struct buffer *detail)
{
    const struct html_counts *counts = counts_of(inspection);
    unsigned splits = counts->comments_inside_words + counts->tags_inside_words;
    if (splits < 2) /* a slip in a template may cut one */
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u words are cut up by comments or empty tags that the reader does not see"),
                         splits);
    return OUTCOME_HIT;
}

const struct check check_words_split_by_tags = {
    .name = "WORDS_SPLIT_BY_TAGS",
    .description = N_("has words cut up by comments or empty tags in its HTML"),
    .points = 300, /* 2003: 0.00 % of ham, 1.58 % of spam; 2022-26: 0.00 % of ham, 2.13 % of spam */
    .evaluate = words_split_by_tags,
};

static enum outcome unknown_tags(struct inspection *inspection, struct buffer *detail)
{
    const struct html_counts *counts = counts_of(inspection);
    if (counts->unknown_tags < 5 || counts->unknown_tags * 10 < counts->elements)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u of its %u HTML tags do not exist"), counts->unknown_tags, counts->elements);
    return OUTCOME_HIT;
}

const struct check check_unknown_tags = {
    .name = "UNKNOWN_TAGS",
    .description = N_("is full of HTML tags that do not exist"),
    .points = 100, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = unknown_tags,
};

static enum outcome long_data_url(struct inspection *inspection, struct buffer *detail)
{
    size_t longest = counts_of(inspection)->longest_data_url;
    if (longest < 50000)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("its HTML has %zu bytes of data inside an address"), longest);
    return OUTCOME_HIT;
}

const struct check check_long_data_url = {
    .name = "LONG_DATA_URL",
    .description = N_("has a lot of data inside an address in its HTML"),
    .points = 50, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.74 % of spam */
    .evaluate = long_data_url,
};

static bool is_far(struct span source)
{
    return span_starts_nocase(source, "http:") || span_starts_nocase(source, "https:")
        || (source.length > 2 && memcmp(source.data, "//", 2) == 0);
}

static enum outcome external_images(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    unsigned count = 0;
    for (size_t i = 0; html && i < html->image_count; i++)
        count += is_far(html->images[i].source);
    if (count == 0)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u of its images are fetched from elsewhere when it is read"), count);
    return OUTCOME_HIT;
}

const struct check check_external_images = {
    .name = "EXTERNAL_IMAGES",
    .description = N_("fetches images from elsewhere when it is read"),
    .points = 10, /* first 60 % of 2003: 6.90 % of ham, 22.88 % of spam; of 2022-26: 1.44 % of ham, 72.81 % of spam */
    .evaluate = external_images,
};

/* What is typed into a form goes to whoever asked for it. */
static enum outcome form_to_stranger(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct url url;
        if (html->links[i].kind != HTML_LINK_FORM || !url_parse(html->links[i].target, inspection->arena, &url)
            || url.host.length == 0 || host_same_site(url.host, inspection_from_site(inspection)))
            continue;
        detail_say(detail, "what is typed into its form goes to %s, which is not the sender's", url.host, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_form_to_stranger = {
    .name = "FORM_TO_STRANGER",
    .description = N_("has a form that sends what is typed to another site than the sender's"),
    .points = 5, /* first 60 % of 2003: 3.52 % of ham, 5.46 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = form_to_stranger,
};

/* A drawing may hold links, and many programs that look for links do not look there.  Those around a drawing are common
 * and are not meant.  Codes to be photographed (QR) would need a decoder of pictures: they are not read. */
static enum outcome link_in_drawing(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct url url;
        if (html->links[i].kind != HTML_LINK_DRAWING || !url_parse(html->links[i].target, inspection->arena, &url)
            || !url_is_web(&url) || host_same_site(url.host, inspection_from_site(inspection)))
            continue;
        detail_say(detail, "a drawing (SVG) in it leads to %s", url.host, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_link_in_drawing = {
    .name = "LINK_IN_DRAWING",
    .description = N_("has a drawing (SVG) with a link to another site than the sender's in it"),
    .points = 150, /* in neither corpus */
    .evaluate = link_in_drawing,
};

/* <base> moves all links at once, and the address in each looks harmless. */
static enum outcome moved_base(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->has_base);
}

const struct check check_moved_base = {
    .name = "MOVED_BASE",
    .description = N_("moves all of its links by a base address in its HTML"),
    .points = 50, /* first 60 % of 2003: 0.00 % of ham, 0.39 % of spam; of 2022-26: 0.00 % of ham, 0.38 % of spam */
    .evaluate = moved_base,
};

static enum outcome external_style(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->has_stylesheet_link);
}

const struct check check_external_style = {
    .name = "EXTERNAL_STYLE",
    .description = N_("fetches a style sheet from elsewhere"),
    .points = 50, /* first 60 % of 2003: 0.00 % of ham, 0.32 % of spam; of 2022-26: 0.00 % of ham, 9.31 % of spam */
    .evaluate = external_style,
};

/* Rules of style sheets are applied up to a limit that no honest message comes near.  Who writes more of them for some
 * elements wants those behind to be seen by programs that give up, and by no reader. */
static enum outcome style_overload(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(counts_of(inspection)->has_cut_style);
}

const struct check check_style_overload = {
    .name = "STYLE_OVERLOAD",
    .description = N_("has so much style in its HTML that what it hides cannot be told"),
    .points = 150, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = style_overload,
};
