/* html-tree.c - the elements that are open, with how each looks */
#include "mail/html-tree.h"

/* Mail nests some 10 to 30 deep; each element takes some 400 bytes. */
#define FIRST_CAPACITY 24

void html_tree_start(struct html_tree *tree, struct arena *arena)
{
    *tree = (struct html_tree){ .quirks = true };
    tree->arena = arena;
    tree->capacity = FIRST_CAPACITY;
    tree->stack = arena_new_array(arena, struct html_open_element, tree->capacity);
    tree->stack[0].look = html_look_initial;
    tree->stack[0].flags = HTML_SCOPE;
}

void html_tree_pop(struct html_tree *tree)
{
    struct html_open_element *top = html_tree_top(tree);
    if (tree->on_close)
        tree->on_close(tree->context, top);
    tree->open_count[top->element]--;
    tree->depth--;
}

static void pop_to(struct html_tree *tree, size_t level)
{
    while (tree->depth >= level && tree->depth > 0)
        html_tree_pop(tree);
}

void html_tree_finish(struct html_tree *tree)
{
    pop_to(tree, 1);
}

/* The level above is the parent; the document is no element, and so the parent of none. */
static void link_parents(struct html_tree *tree, size_t from)
{
    for (size_t level = from; level <= tree->depth; level++)
        tree->stack[level].matched.parent = level > 1 ? &tree->stack[level - 1].matched : NULL;
}

static void grow(struct html_tree *tree)
{
    size_t capacity = tree->capacity * 2 < LIMIT_HTML_DEPTH + 1 ? tree->capacity * 2 : LIMIT_HTML_DEPTH + 1;
    struct html_open_element *larger = arena_new_array(tree->arena, struct html_open_element, capacity);
    memcpy(larger, tree->stack, tree->capacity * sizeof *larger);
    tree->stack = larger;
    tree->capacity = capacity;
    link_parents(tree, 1);
}

struct html_open_element *html_tree_push(struct html_tree *tree, const struct html_token *token)
{
    if (tree->depth == LIMIT_HTML_DEPTH) {
        tree->truncated = true;
        html_tree_pop(tree);
    }
    if (tree->depth + 1 == tree->capacity)
        grow(tree);
    struct html_open_element *parent = html_tree_top(tree);
    struct html_open_element *child = &tree->stack[++tree->depth];
    child->element = token->element;
    child->name = token->name_text;
    child->flags = html_element_flags(token->element);
    child->set.present = 0;
    child->matched.parent = tree->depth > 1 ? &parent->matched : NULL;
    child->matched.place = ++parent->matched.child_count;
    child->matched.child_count = 0;
    tree->open_count[token->element]++;
    return child;
}

/* --- End tags ----------------------------------------------------------------------------------------------------- */

static bool is_cell(enum html_element element)
{
    return element == HTML_ELEMENT_TD || element == HTML_ELEMENT_TH;
}

static bool is_row_group(enum html_element element)
{
    return element == HTML_ELEMENT_TBODY || element == HTML_ELEMENT_THEAD || element == HTML_ELEMENT_TFOOT;
}

/* The formatting elements of 13.2.4.3: their end tags reach across blocks. */
static bool is_formatting(enum html_element element)
{
    switch (element) {
    case HTML_ELEMENT_A: case HTML_ELEMENT_B: case HTML_ELEMENT_BIG: case HTML_ELEMENT_CODE: case HTML_ELEMENT_EM:
    case HTML_ELEMENT_FONT: case HTML_ELEMENT_I: case HTML_ELEMENT_NOBR: case HTML_ELEMENT_S: case HTML_ELEMENT_SMALL:
    case HTML_ELEMENT_STRIKE: case HTML_ELEMENT_STRONG: case HTML_ELEMENT_TT: case HTML_ELEMENT_U:
        return true;
    default:
        return false;
    }
}

/* Does the search for an open `element` end at `at`?  13.2.4.2: table parts are looked for up to the table, others up
 * to the cell, and ordinary inline elements (span, unknown ones) up to the nearest block. */
static bool is_barrier(const struct html_open_element *at, enum html_element element)
{
    bool ordinary = (html_element_flags(element) & HTML_INLINE) != 0 && !is_formatting(element);
    if (ordinary && (at->flags & (HTML_BLOCK | HTML_TABLE)) != 0)
        return true;
    if ((html_element_flags(element) & HTML_TABLE) != 0 && element != HTML_ELEMENT_TABLE)
        return at->element == HTML_ELEMENT_TABLE;
    return element != HTML_ELEMENT_TABLE && (at->flags & HTML_SCOPE) != 0;
}

/* The level of the innermost open element of that name, 0 when there is none within reach. */
static size_t find_open(const struct html_tree *tree, enum html_element element, struct span name)
{
    if (tree->open_count[element] == 0)
        return 0;
    for (size_t level = tree->depth; level > 0; level--) {
        const struct html_open_element *at = &tree->stack[level];
        if (at->element == element && (element != HTML_ELEMENT_UNKNOWN || span_equal_nocase(at->name, name)))
            return level;
        if (is_barrier(at, element))
            return 0;
    }
    return 0;
}

static void close_open(struct html_tree *tree, enum html_element element)
{
    size_t level = find_open(tree, element, SPAN_EMPTY);
    if (level)
        pop_to(tree, level);
}

/* Takes one element out from under those above it, which then look as if it had never been there: what the adoption
 * agency algorithm (13.2.6.4.7) comes to for "<b><p>x</b>y". */
static void take_out(struct html_tree *tree, size_t level)
{
    if (tree->on_close)
        tree->on_close(tree->context, &tree->stack[level]);
    tree->open_count[tree->stack[level].element]--;
    memmove(&tree->stack[level], &tree->stack[level + 1], (tree->depth - level) * sizeof *tree->stack);
    tree->depth--;
    link_parents(tree, level);
    for (size_t at = level; at <= tree->depth; at++) {
        struct html_open_element *moved = &tree->stack[at];
        html_look_compute(&moved->look, &tree->stack[at - 1].look, &moved->set, moved->flags);
    }
}

static bool has_block_above(const struct html_tree *tree, size_t level)
{
    for (size_t at = level + 1; at <= tree->depth; at++)
        if ((tree->stack[at].flags & HTML_BLOCK) != 0)
            return true;
    return false;
}

bool html_tree_end(struct html_tree *tree, const struct html_token *token)
{
    size_t level = find_open(tree, token->element, token->name_text);
    bool heading = token->element >= HTML_ELEMENT_H1 && token->element <= HTML_ELEMENT_H6;
    for (int other = HTML_ELEMENT_H1; heading && !level && other <= HTML_ELEMENT_H6; other++)
        level = find_open(tree, (enum html_element)other, SPAN_EMPTY); /* </h2> ends <h1> too */
    if (!level)
        return false;
    if (is_formatting(token->element) && has_block_above(tree, level))
        take_out(tree, level);
    else
        pop_to(tree, level);
    return true;
}

/* --- End tags left out -------------------------------------------------------------------------------------------- */

/* Closes an open `element` unless one of `stop` or a table is nearer. */
static void close_within(struct html_tree *tree, enum html_element element, enum html_element stop,
                         enum html_element other_stop)
{
    if (tree->open_count[element] == 0)
        return;
    for (size_t level = tree->depth; level > 0; level--) {
        const struct html_open_element *at = &tree->stack[level];
        if (at->element == element) {
            pop_to(tree, level);
            return;
        }
        if (at->element == stop || at->element == other_stop || (at->flags & HTML_SCOPE) != 0)
            return;
    }
}

/* Closes what is open inside the innermost table, down to (not including) the innermost element for which `keeps` says
 * so. */
static void close_table_part(struct html_tree *tree, bool (*keeps)(enum html_element element))
{
    size_t level = tree->depth;
    while (level > 0 && !keeps(tree->stack[level].element))
        level--;
    if (level > 0)
        pop_to(tree, level + 1);
}

static bool keeps_row_group(enum html_element element)
{
    return element == HTML_ELEMENT_TABLE;
}

static bool keeps_row(enum html_element element)
{
    return element == HTML_ELEMENT_TABLE || is_row_group(element);
}

static bool keeps_cell(enum html_element element)
{
    return keeps_row(element) || element == HTML_ELEMENT_TR;
}

static bool goes_into_head(enum html_element element)
{
    switch (element) {
    case HTML_ELEMENT_BASE: case HTML_ELEMENT_BASEFONT: case HTML_ELEMENT_BGSOUND: case HTML_ELEMENT_HEAD:
    case HTML_ELEMENT_LINK: case HTML_ELEMENT_META: case HTML_ELEMENT_NOSCRIPT: case HTML_ELEMENT_NOFRAMES:
    case HTML_ELEMENT_SCRIPT: case HTML_ELEMENT_STYLE: case HTML_ELEMENT_TEMPLATE: case HTML_ELEMENT_TITLE:
        return true;
    default:
        return false;
    }
}

static void imply_table_ends(struct html_tree *tree, enum html_element element)
{
    if (is_cell(element))
        close_table_part(tree, keeps_cell);
    else if (element == HTML_ELEMENT_TR)
        close_table_part(tree, keeps_row);
    else if (is_row_group(element) || element == HTML_ELEMENT_CAPTION || element == HTML_ELEMENT_COLGROUP)
        close_table_part(tree, keeps_row_group);
}

void html_tree_imply_ends(struct html_tree *tree, enum html_element element)
{
    unsigned flags = html_element_flags(element);
    if (tree->open_count[HTML_ELEMENT_HEAD] && !goes_into_head(element))
        close_open(tree, HTML_ELEMENT_HEAD);
    if ((flags & HTML_TABLE) != 0 && tree->open_count[HTML_ELEMENT_TABLE])
        imply_table_ends(tree, element);
    if ((flags & HTML_ENDS_P) != 0 && !(element == HTML_ELEMENT_TABLE && tree->quirks))
        close_within(tree, HTML_ELEMENT_P, HTML_ELEMENT_BUTTON, HTML_ELEMENT_BUTTON);
    switch (element) {
    case HTML_ELEMENT_LI:
        close_within(tree, HTML_ELEMENT_LI, HTML_ELEMENT_UL, HTML_ELEMENT_OL);
        break;
    case HTML_ELEMENT_DD:
    case HTML_ELEMENT_DT:
        close_within(tree, HTML_ELEMENT_DD, HTML_ELEMENT_DL, HTML_ELEMENT_DL);
        close_within(tree, HTML_ELEMENT_DT, HTML_ELEMENT_DL, HTML_ELEMENT_DL);
        break;
    case HTML_ELEMENT_OPTION:
    case HTML_ELEMENT_OPTGROUP:
        close_within(tree, HTML_ELEMENT_OPTION, HTML_ELEMENT_SELECT, HTML_ELEMENT_SELECT);
        break;
    case HTML_ELEMENT_A:
    case HTML_ELEMENT_NOBR:
    case HTML_ELEMENT_BUTTON: {
        size_t level = find_open(tree, element, SPAN_EMPTY);
        if (level && (element == HTML_ELEMENT_BUTTON || !has_block_above(tree, level)))
            pop_to(tree, level);
        else if (level)
            take_out(tree, level);
        break;
    }
    default:
        break;
    }
}
