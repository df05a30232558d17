/* style-sheet.c - the rules of <style> and which of them apply to an element */
#include "mail/style-sheet.h"

#include <stdlib.h>

#include "mail/style-selector.h"
#include "mail/style-value.h"
#include "util/limits.h"

#define BUCKETS 256         /* of rules by the id, class or type of their last part */
#define AT_RULE_DEPTH 8     /* @media in @supports in @layer... */
#define MATCHES_AT_ONCE 64  /* rules that apply to one element; further ones are left out */
#define NO_RULE UINT16_MAX

/* One selector with the block it stands before. */
struct rule {
    struct style_selector selector;
    uint32_t first_declaration;
    uint32_t declaration_count;
    uint16_t next; /* in the same bucket, or NO_RULE */
};

struct style_sheet {
    struct arena *arena;
    struct rule *rules;
    struct style_declaration *declarations;
    size_t rule_count, rule_capacity;
    size_t declaration_count, declaration_capacity;
    size_t bytes;
    size_t steps, most_steps;
    uint16_t bucket[BUCKETS];
    uint16_t anything; /* rules whose last part has neither id, class nor type */
    bool has_import;
    bool truncated;
};

struct style_sheet *style_sheet_new(struct arena *arena, size_t most_steps)
{
    struct style_sheet *sheet = arena_new_object(arena, struct style_sheet);
    sheet->arena = arena;
    sheet->most_steps = most_steps;
    memset(sheet->bucket, 0xFF, sizeof sheet->bucket);
    sheet->anything = NO_RULE;
    return sheet;
}

size_t style_sheet_rules(const struct style_sheet *sheet)
{
    return sheet->rule_count;
}

bool style_sheet_has_import(const struct style_sheet *sheet)
{
    return sheet->has_import;
}

bool style_sheet_truncated(const struct style_sheet *sheet)
{
    return sheet->truncated;
}

size_t style_sheet_steps(const struct style_sheet *sheet)
{
    return sheet->steps;
}

/* --- Reading rules ------------------------------------------------------------------------------------------------ */

/* Keeps the declarations of a block that matter; gives how many. */
static uint32_t add_declarations(struct style_sheet *sheet, struct span block)
{
    size_t before = sheet->declaration_count;
    struct style_declaration found[STYLE_LONGHANDS];
    for (size_t count = style_next(&block, found); count; count = style_next(&block, found))
        for (size_t i = 0; i < count; i++) {
            sheet->declarations = arena_grow(sheet->arena, sheet->declarations, sheet->declaration_count,
                                             &sheet->declaration_capacity, sizeof *sheet->declarations);
            sheet->declarations[sheet->declaration_count++] = found[i];
        }
    return (uint32_t)(sheet->declaration_count - before);
}

static void add_rule(struct style_sheet *sheet, const struct style_selector *selector, uint32_t first, uint32_t count)
{
    sheet->rules =
        arena_grow(sheet->arena, sheet->rules, sheet->rule_count, &sheet->rule_capacity, sizeof *sheet->rules);
    uint16_t *head = selector->key ? &sheet->bucket[selector->key % BUCKETS] : &sheet->anything;
    sheet->rules[sheet->rule_count] = (struct rule){ *selector, first, count, *head };
    *head = (uint16_t)sheet->rule_count++;
}

/* Where the first of `delimiters` stands in `text`, outside of quotes and brackets; text.length when there is none. */
static size_t find_outside(struct span text, const char *delimiters)
{
    size_t open = 0;
    for (size_t at = 0; at < text.length; at++) {
        char byte = text.data[at];
        if (byte == '"' || byte == '\'') {
            at += 1 + span_find_byte(span_from(text, at + 1), byte);
        } else if (byte == '(' || byte == '[') {
            open++;
        } else if (byte == ')' || byte == ']') {
            open -= open > 0;
        } else if (byte && strchr(delimiters, byte) && (!open || byte == '{' || byte == '}')) {
            return at;
        }
    }
    return text.length;
}

/* `text` starts behind a '{'; where its '}' stands. */
static size_t find_block_end(struct span text)
{
    size_t depth = 0;
    for (size_t at = 0; at < text.length; at++) {
        char byte = text.data[at];
        if (byte == '"' || byte == '\'') {
            size_t close = span_find_byte(span_from(text, at + 1), byte);
            size_t line = span_find_byte(span_from(text, at + 1), '\n');
            at += 1 + (close < line ? close : line); /* a string does not go past its line */
        } else if (byte == '{') {
            depth++;
        } else if (byte == '}' && depth-- == 0) {
            return at;
        }
    }
    return text.length;
}

static void add_style_rule(struct style_sheet *sheet, struct span selectors, struct span block)
{
    uint32_t first = (uint32_t)sheet->declaration_count, count = add_declarations(sheet, block);
    while (count && selectors.length && sheet->rule_count < LIMIT_STYLE_RULES) {
        size_t comma = find_outside(selectors, ",");
        struct style_selector selector;
        if (style_selector_parse(style_trim(span_head(selectors, comma)), sheet->arena, &selector))
            add_rule(sheet, &selector, first, count);
        selectors = span_from(selectors, comma + 1);
    }
}

/* Is the content of the @rule with this prelude ("@media print") to be read as rules? */
static bool enters_at_rule(struct span prelude)
{
    if (span_starts_nocase(prelude, "@media"))
        return style_media_matches(span_from(prelude, 6));
    if (span_starts_nocase(prelude, "@supports"))
        return !span_starts_nocase(style_trim(span_from(prelude, 9)), "not");
    return span_starts_nocase(prelude, "@layer");
}

/* Without the marks that hid style sheets from browsers of 1995. */
static struct span without_comment_marks(struct span text)
{
    text = style_trim(text);
    while (span_starts_nocase(text, "<!--") || span_starts_nocase(text, "-->"))
        text = style_trim(span_from(text, text.data[0] == '<' ? 4 : 3));
    return text;
}

/* Reads rules up to the end of the text.  An @rule that is gone into is put on a stack of ends, so that its '}' is
 * stepped over. */
static void add_rules(struct style_sheet *sheet, struct span text)
{
    size_t depth = 0;
    while (text.length && sheet->rule_count < LIMIT_STYLE_RULES) {
        size_t stop = find_outside(text, "{};");
        struct span prelude = without_comment_marks(span_head(text, stop));
        char delimiter = stop < text.length ? text.data[stop] : '\0';
        bool at_rule = prelude.length && prelude.data[0] == '@';
        text = span_from(text, stop + 1);
        if (delimiter == '}') {
            depth -= depth > 0;
        } else if (delimiter == ';') {
            sheet->has_import |= span_starts_nocase(prelude, "@import");
        } else if (delimiter == '{' && at_rule && depth < AT_RULE_DEPTH && enters_at_rule(prelude)) {
            depth++;
        } else if (delimiter == '{') {
            size_t end = find_block_end(text);
            if (!at_rule)
                add_style_rule(sheet, prelude, span_head(text, end));
            text = span_from(text, end + 1);
        }
    }
}

void style_sheet_add(struct style_sheet *sheet, struct span text, struct span media)
{
    if (!style_media_matches(media))
        return;
    size_t left = LIMIT_STYLE_BYTES - sheet->bytes;
    if (text.length > left) {
        text = span_head(text, left);
        sheet->truncated = true;
    }
    sheet->bytes += text.length;
    add_rules(sheet, style_clean(text, sheet->arena));
    sheet->truncated |= sheet->rule_count >= LIMIT_STYLE_RULES;
}

/* --- Matching ----------------------------------------------------------------------------------------------------- */

struct matches {
    uint16_t rule[MATCHES_AT_ONCE];
    size_t count;
};

/* Tries the rules of one bucket whose last part asks for `key`. */
static void match_bucket(struct style_sheet *sheet, uint16_t head, uint32_t key, const struct style_element *element,
                         const struct html_token *token, struct matches *matches)
{
    for (uint16_t number = head; number != NO_RULE; number = sheet->rules[number].next) {
        const struct rule *rule = &sheet->rules[number];
        sheet->steps++;
        if (rule->selector.key != key || !style_selector_matches(&rule->selector, element, token, &sheet->steps))
            continue;
        if (matches->count < MATCHES_AT_ONCE)
            matches->rule[matches->count++] = number;
    }
}

/* Does `a` count for less than `b`?  First specificity, then order, which is that of the numbers. */
static bool counts_less(const struct style_sheet *sheet, uint16_t a, uint16_t b)
{
    uint32_t of_a = sheet->rules[a].selector.specificity, of_b = sheet->rules[b].selector.specificity;
    return of_a != of_b ? of_a < of_b : a < b;
}

/* Insertion sort: there are a handful. */
static void sort_matches(const struct style_sheet *sheet, struct matches *matches)
{
    for (size_t i = 1; i < matches->count; i++) {
        uint16_t moved = matches->rule[i];
        size_t at = i;
        for (; at > 0 && counts_less(sheet, moved, matches->rule[at - 1]); at--)
            matches->rule[at] = matches->rule[at - 1];
        matches->rule[at] = moved;
    }
}

void style_sheet_apply(struct style_sheet *sheet, const struct style_element *element, const struct html_token *token,
                       struct style_set *set)
{
    if (sheet->steps >= sheet->most_steps) {
        sheet->truncated = true;
        return;
    }
    struct matches matches = { .count = 0 };
    match_bucket(sheet, sheet->bucket[style_selector_type_key(element->type) % BUCKETS],
                 style_selector_type_key(element->type), element, token, &matches);
    if (element->id)
        match_bucket(sheet, sheet->bucket[style_selector_id_key(element->id) % BUCKETS],
                     style_selector_id_key(element->id), element, token, &matches);
    for (uint32_t i = 0; i < element->class_count; i++) {
        uint32_t key = style_selector_class_key(element->classes[i]);
        match_bucket(sheet, sheet->bucket[key % BUCKETS], key, element, token, &matches);
    }
    match_bucket(sheet, sheet->anything, 0, element, token, &matches);
    sort_matches(sheet, &matches);
    for (size_t i = 0; i < matches.count; i++) {
        const struct rule *rule = &sheet->rules[matches.rule[i]];
        sheet->steps += rule->declaration_count;
        for (uint32_t j = 0; j < rule->declaration_count; j++) {
            const struct style_declaration *declaration = &sheet->declarations[rule->first_declaration + j];
            style_put(set, (enum style_property)declaration->property, declaration->value,
                      declaration->important ? STYLE_FROM_IMPORTANT_RULE : STYLE_FROM_RULE);
        }
    }
}
