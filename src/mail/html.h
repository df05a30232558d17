/* html.h - HTML as its reader sees it: visible text, hidden text, links, images
 *
 * The reader is taken to have a mail program that shows HTML like a browser without scripts, in a window of 800 px, in
 * light colours.
 *
 * A streaming tokenizer after the WHATWG "tokenization" states and an element stack with the computed style that
 * matters for visibility: attributes, inline style, <style> rules (type, class, id, descendant selectors), inherited as
 * in a browser.  Linear in its input: 150 KB of <b> takes gumbo 30 s (measured), and this a few milliseconds.  Hidden
 * words are kept apart from visible ones, never dropped: they are evidence, and must not dilute what the reader sees.
 */
#ifndef TAMIS_MAIL_HTML_H
#define TAMIS_MAIL_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/buffer.h"
#include "util/span.h"

/* Why a stretch of text cannot be seen.  Counted per stretch in html_view.hidden[]; a stretch is hidden text up to the
 * next text that can be seen. */
enum html_hiding {
    HTML_HIDDEN_DISPLAY,    /* display:none, the hidden attribute, <template>... */
    HTML_HIDDEN_VISIBILITY, /* visibility:hidden or collapse */
    HTML_HIDDEN_OPACITY,    /* opacity near 0, alpha colours near 0 */
    HTML_HIDDEN_FONT_SIZE,  /* computed size at or under 2 px, through em and %; a child that restores it is visible */
    HTML_HIDDEN_COLOUR,     /* text colour near its background (weighted RGB distance), through the cascade */
    HTML_HIDDEN_OFF_SCREEN, /* position or text-indent or margin far outside */
    HTML_HIDDEN_CLIPPED,    /* zero width/height with overflow hidden, clip, clip-path, transform:scale(0) */
    HTML_HIDDEN_MSO,        /* mso-hide:all alone: only Outlook hides it; counted, but its text counts as visible */
    HTML_HIDDEN_AFTER_END,  /* behind </html>: browsers show it; counted, but its text counts as visible */
    HTML_HIDDEN_FOLDED,     /* one click away, honest: further entries of a drop-down list, closed <details> */
    HTML_HIDDEN_PREHEADER,  /* hidden as above, but the honest case: one short stretch before any visible text */
    HTML_HIDING_COUNT
};

enum html_link_kind {
    HTML_LINK_ANCHOR,  /* <a href> */
    HTML_LINK_AREA,    /* <area href>, and the others: no text */
    HTML_LINK_FORM,    /* <form action> */
    HTML_LINK_REFRESH, /* <meta http-equiv=refresh> */
    HTML_LINK_FRAME,   /* <iframe src>, <frame src>, <embed src>, <object data> */
    HTML_LINK_DRAWING  /* <a href> or <a xlink:href> in <svg> (SVG 2, section 16.2) */
};

#define HTML_LINK_TEXT 512 /* bytes of html_link.text at most */

struct html_link {
    enum html_link_kind kind;
    struct span target; /* href, entities decoded, TAB and line ends removed; a relative one joined to <base> if that is
                           absolute */
    struct span text;   /* the visible text inside, white space folded, at most HTML_LINK_TEXT bytes */
    bool has_image;     /* an <img> stands inside */
    bool hidden;        /* an anchor that shows neither text nor image */
};

struct html_image {
    struct span source; /* src; in <svg> href or xlink:href */
    int width, height;  /* from attributes or style, in px; -1 unknown */
    bool hidden;
};

/* A stretch of hidden text, and where it stands; the first LIMIT_HIDDEN_STRETCHES of them, in their order. */
struct html_stretch {
    enum html_hiding reason;
    size_t start, length; /* of it in html_view.hidden_text; past its end when that was cut off */
    size_t at;            /* bytes of visible text in front of it, or HTML_NOWHERE */
    bool on_own_line;     /* it is apart from that text by a line end */
};

#define HTML_NOWHERE SIZE_MAX /* the text around it is not shown */

/* Structure that is evidence by itself; counts. */
struct html_counts {
    unsigned scripts; /* data blocks in JSON are none */
    unsigned event_handlers, iframes, objects, forms, password_fields, inputs, meta_refreshes;
    unsigned comments_inside_words; /* vi<!-- x -->agra; html_text_note_comment() says which do not count */
    unsigned tags_inside_words;     /* unknown or empty elements splitting a word: vi<q4x></q4x>agra */
    unsigned unknown_tags, images, links, elements;
    unsigned encoded_links;         /* web addresses with letters written as numbers: &#112;aypal.com */
    size_t longest_data_url;        /* bytes */
    bool has_base, has_stylesheet_link;
    bool has_cut_style;             /* style_sheet_truncated(): what the rules left out would hide counts as visible */
};

struct html_view {
    struct span hidden_text;                /* all stretches, one line each */
    unsigned hidden[HTML_HIDING_COUNT];     /* stretches by first reason found */
    size_t hidden_bytes[HTML_HIDING_COUNT];
    const struct html_stretch *stretches;
    size_t stretch_count;
    const struct html_link *links;
    size_t link_count;
    const struct html_image *images;
    size_t image_count;
    struct html_counts counts;
    struct span title;
    bool truncated; /* a limit was met */
    size_t read_bytes, style_steps; /* over all parts so far: HTML read, style rules compared (style-sheet.h) */
};

/* Reads `html` (valid UTF-8, which must outlive the view), appends its visible text to `visible` (blocks and <br> as
 * line ends, white space folded, list of links not included) and adds what it finds to `view`; memory from `arena`.
 * The view starts zeroed; several parts of one message may be read into one view one after the other. */
void html_read(struct span html, struct arena *arena, struct buffer *visible, struct html_view *view);

#endif
