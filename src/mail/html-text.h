/* html-text.h - the text of an HTML document as it is read off the screen, and the text that is not on the screen
 *
 * Folds white space as a browser does, turns the ends of blocks and <br> into line ends, keeps visible and hidden text
 * apart, measures hidden stretches, and notices words that are split by markup.  A stretch is hidden text up to the
 * next text that can be seen, and has the reason of its first words; white space, no-break spaces and zero-width
 * characters alone make none.
 */
#ifndef TAMIS_MAIL_HTML_TEXT_H
#define TAMIS_MAIL_HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/html.h"
#include "util/arena.h"
#include "util/buffer.h"
#include "util/span.h"

/* Preview texts that newsletters hide before their first line: mail programs show 35 to 140 characters of them, senders
 * write up to some 250. */
#define HTML_PREHEADER_CHARACTERS 300

#define HTML_VISIBLE HTML_HIDING_COUNT /* in place of a reason */

struct html_text {
    struct buffer *visible;
    struct buffer hidden;
    struct html_view *view;
    /* folding, visible text */
    bool space_pending;
    bool line_pending;
    bool has_visible;        /* something that leaves ink was written */
    size_t visible_marks;    /* runs with ink so far: tells whether an element showed anything */
    /* the open hidden stretch */
    enum html_hiding reason; /* HTML_VISIBLE: none is open */
    size_t stretch_bytes;
    size_t stretch_characters;
    struct html_stretch stretch; /* it, as it will be noted */
    struct html_stretch *stretches;
    size_t stretch_room;
    bool first_stretch;      /* no stretch was closed yet */
    bool hidden_space_pending;
    /* text that is counted though it can be seen (HTML_HIDDEN_MSO, HTML_HIDDEN_AFTER_END) */
    enum html_hiding counted;
    /* words split by markup */
    bool comment_pending, tag_pending, joint_pending;
    size_t jointed;          /* bytes of visible text in front of the last joint inside a word; 0: there is none */
};

void html_text_start(struct html_text *text, struct buffer *visible, struct html_view *view, struct arena *arena);

/* Adds text as written in the document.  `hiding`: why it is not seen, or HTML_VISIBLE.  `counted`: HTML_HIDDEN_MSO or
 * HTML_HIDDEN_AFTER_END for text that is seen and still counted, else HTML_VISIBLE. */
void html_text_add(struct html_text *text, struct span written, enum html_hiding hiding, enum html_hiding counted,
                   bool references, bool preformatted);

/* A block starts or ends. */
void html_text_end_line(struct html_text *text);

/* A <br>: two of them leave an empty line. */
void html_text_break(struct html_text *text);

/* A table cell ends. */
void html_text_end_cell(struct html_text *text);

/* A comment; an unknown or empty element.  Counted when letters touch it on both sides.
 *
 * A comment of one blank is a joint: React writes "<!-- -->" wherever two pieces of text meet, as in item<!-- -->s, so
 * one in a word says nothing, and each further one in the same word counts. */
void html_text_note_comment(struct html_text *text, struct span comment);
void html_text_note_split(struct html_text *text);

/* Closes what is open and hands the hidden text to the view. */
void html_text_finish(struct html_text *text);

#endif
