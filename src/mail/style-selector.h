/* style-selector.h - one CSS selector: reading it, and whether an element matches (Selectors Level 4) */
#ifndef TAMIS_MAIL_STYLE_SELECTOR_H
#define TAMIS_MAIL_STYLE_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/html-token.h"
#include "mail/style-sheet.h"
#include "util/arena.h"
#include "util/span.h"

struct style_part;

struct style_selector {
    const struct style_part *parts; /* left to right, combinators between them */
    uint16_t part_count;
    uint32_t specificity;           /* ids << 16 | classes, attributes, pseudo-classes << 8 | types */
    uint64_t lineage;               /* style_lineage_bit() of all names that ancestors must have */
    uint32_t key;                   /* the id, class or type that the element itself must have; 0: none of them */
};

/* Keys of the three kinds never equal each other by accident of name, and are never 0. */
static inline uint32_t style_selector_type_key(uint32_t hash)
{
    return hash | 1;
}

static inline uint32_t style_selector_class_key(uint32_t hash)
{
    return (hash * 0x9E3779B1u) | 1;
}

static inline uint32_t style_selector_id_key(uint32_t hash)
{
    return (hash * 0x85EBCA77u) | 1;
}

/* Reads one selector, without commas.  False when it has something in it that is not supported, or is none. */
bool style_selector_parse(struct span text, struct arena *arena, struct style_selector *selector);

/* Does `element`, whose start tag is `token`, match?  Adds the comparisons made to `*steps`. */
bool style_selector_matches(const struct style_selector *selector, const struct style_element *element,
                            const struct html_token *token, size_t *steps);

#endif
