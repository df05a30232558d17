/* html-tree.h - the elements that are open, with how each looks
 *
 * Of the WHATWG tree construction (section 13.2.6) what decides where text ends up: end tags that authors leave out (p,
 * li, td, tr, option...), end tags that match nothing, inline elements closed across blocks (the adoption agency),
 * tables as barriers.  No tree is kept: an element is forgotten when it closes.
 *
 * Past LIMIT_HTML_DEPTH a new element takes the place of the innermost one, as in browsers.
 *
 * Limits: inline elements that a block's end closes are not opened again behind it ("<p><b>x</p>y"); nothing is moved
 * out of tables; html, head and body exist only where their tags do.
 */
#ifndef TAMIS_MAIL_HTML_TREE_H
#define TAMIS_MAIL_HTML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/html-look.h"
#include "mail/html-token.h"
#include "mail/style-sheet.h"
#include "util/arena.h"
#include "util/limits.h"

struct html_open_element {
    enum html_element element;
    unsigned flags;              /* html_element_flags() */
    struct span name;            /* as written */
    struct style_element matched;
    struct style_set set;
    struct html_look look;
    size_t visible_marks;        /* html_text.visible_marks when it opened */
};

struct html_tree {
    struct arena *arena;
    struct html_open_element *stack; /* grows; stack[0] is the document, which never closes; at most LIMIT_HTML_DEPTH
                                        above it */
    size_t capacity;
    size_t depth;                    /* of the innermost one */
    unsigned open_count[HTML_ELEMENT_COUNT];
    bool quirks;                     /* no doctype */
    bool truncated;                  /* LIMIT_HTML_DEPTH was met */
    /* Called for each element that closes, innermost first, while it is still on the stack. */
    void (*on_close)(void *context, const struct html_open_element *closed);
    void *context;
};

void html_tree_start(struct html_tree *tree, struct arena *arena);

static inline struct html_open_element *html_tree_top(const struct html_tree *tree)
{
    return &tree->stack[tree->depth];
}

/* Closes what a start tag of this element ends without saying so. */
void html_tree_imply_ends(struct html_tree *tree, enum html_element element);

/* Opens the element of a start tag; its set is empty, its look that of its parent. */
struct html_open_element *html_tree_push(struct html_tree *tree, const struct html_token *token);

/* Closes the innermost element. */
void html_tree_pop(struct html_tree *tree);

/* Closes the element of an end tag, and what has to close with it; false when there is none to close. */
bool html_tree_end(struct html_tree *tree, const struct html_token *token);

/* Closes everything. */
void html_tree_finish(struct html_tree *tree);

#endif
