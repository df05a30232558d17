/* style-selector.h - one CSS selector: reading it, and whether an element matches (Selectors Level 4); and what an
 * element is to selectors */
#ifndef TAMIS_MAIL_STYLE_SELECTOR_H
#define TAMIS_MAIL_STYLE_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/html-token.h"
#include "util/arena.h"
#include "util/span.h"

#define STYLE_CLASSES 16 /* of one element; more are not looked at */

/* An element as selectors see it.  `parent` must stay valid as long as its children. */
struct style_element {
    const struct style_element *parent; /* NULL for the root */
    uint32_t type;                      /* html_name_hash() of its name */
    uint32_t id;                        /* the same of its id; 0 for none */
    uint32_t classes[STYLE_CLASSES];
    uint32_t class_count;
    uint64_t lineage;                   /* style_lineage_bit() of all names of it and its ancestors */
    uint32_t place;                     /* 1 for the first child of its parent */
    uint32_t child_count;               /* so far */
    bool is_link;
};

/* One bit for a type, id or class: an ancestor that a selector asks for can only be there if its bit is in the lineage
 * (a Bloom filter of one hash, as browsers have it). */
static inline uint64_t style_lineage_bit(uint32_t hash)
{
    return UINT64_C(1) << (hash * 0x9E3779B1u >> 26);
}

/* Fills in type, id, classes and is_link of an element out of its start tag. */
void style_element_describe(struct style_element *element, const struct html_token *token, struct arena *arena);

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
