/* page.h - the frame of the HTML pages we write, and the one way foreign text gets into them
 *
 * For `explain --html` and `stats --html`.  A page is one file that needs no other and reaches for none: its style
 * stands in its head, drawings are inline SVG, there is no script, no image, no link.  Its Content-Security-Policy (CSP
 * Level 3) forbids all but that style, so that a mistake here could still fetch nothing and run nothing.  Read on a
 * screen in light or dark, on a telephone, and on paper.
 *
 * Invariant: text out of a message, or out of anything a message can reach (host names, file names, tokens, details of
 * reasons), goes through page_text() or page_escape() and stands in the content of elements only, never inside a tag;
 * in <title>, <style> and attributes there are only words of ours.  Ours, translations among them, have no markup
 * characters and no quotation marks.
 *
 * A caller's buffer should be large enough for all it means to write: a page cut off is still safe, and ugly.
 */
#ifndef TAMIS_VERDICT_PAGE_H
#define TAMIS_VERDICT_PAGE_H

#include "util/buffer.h"
#include "util/span.h"

/* As many bytes as page_escape() makes out of one, at most. */
#define PAGE_ESCAPE_GROWTH 40

/* From <!DOCTYPE html> to <main>, in the language of the reader (util/translate.h).  `title` is ours: no foreign text.
 * The caller goes on with its <h1>. */
void page_start(const char *title, struct buffer *out);

/* From </main> to </html>. */
void page_end(struct buffer *out);

/* <section> with a heading of ours, and its end.  `note` says under the heading how to read it; NULL: nothing. */
void page_section_start(const char *heading, const char *note, struct buffer *out);
void page_section_end(struct buffer *out);

/* Foreign text as the content of an element: markup characters as references, ill-formed bytes as U+FFFD, and what a
 * reader cannot see or what turns the line around (control, zero-width, direction and tag characters) as a mark that
 * names it, <span class=mark>U+202E</span>; a run of them is one mark.  TAB and line ends stay as they are, and so do
 * joiners where scripts and pictographs need them.  Linear time. */
void page_escape(struct span text, struct buffer *out);

/* The same, kept apart from the direction of the text around it: <bdi>...</bdi>. */
void page_text(struct span text, struct buffer *out);

/* The same of at most `most` bytes, with an ellipsis for the rest. */
void page_excerpt(struct span text, size_t most, struct buffer *out);

/* A note that `count` things more were left out. */
void page_more(size_t count, struct buffer *out);

/* The colours: classes of HTML elements (their text) and of SVG shapes (their filling), the same in light and dark. */
enum page_colour {
    PAGE_SPAM,   /* class "spam": what speaks for spam */
    PAGE_HAM,    /* class "ham": what speaks against */
    PAGE_UNSURE, /* class "unsure" */
    PAGE_PLAIN   /* class "plain": neither */
};

const char *page_colour_class(enum page_colour colour);

/* One bar from 0 to `value` on an axis from `low` to `high`, low <= 0 <= high, as wide as its element allows (put it
 * into <td class=bar>).  Says nothing to a screen reader: the figure stands beside it. */
void page_bar(double low, double high, double value, enum page_colour colour, struct buffer *out);

/* Classes of the style for use inside sections, besides the colours:
 *   table.figures   rows of a name, figures (td.figure: right-aligned, digits of one width), bars (td.bar)
 *   p.note          smaller, in a quiet colour; span.quiet the same inside a line
 *   span.mark       a character that cannot be seen, by its number
 *   svg.chart       a drawing as wide as the page; inside it rect, line, text and the classes "axis" (lines), "label"
 *                   (text)
 */
extern const char page_style[];

#endif
