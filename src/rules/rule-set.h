/* rule-set.h - the rules of one user, compiled and ready to run
 *
 * A rule set is one flat piece of memory, the image, whose parts refer to each other by index and offset: made by
 * rule-compile.h, kept in a file by rule-cache.h, and run where it lies by rule-match.h.
 *
 *     image_header
 *     sections, each an array, at multiples of 8 bytes:
 *         rules       in the order of their files
 *         conditions  those of one rule side by side
 *         places      each different place that is looked at, once
 *         literals    by number in the automaton: which uses are theirs
 *         uses        what a literal that is found means to a condition
 *         slots, endings    the automaton over all literals (automaton.h)
 *         groups      where expressions lie (pattern.h): number n is in group n / PATTERN_GROUP
 *         expressions bytes
 *         text        strings, each with its NUL
 *
 * The numbers are the machine's own.  Whoever takes an image from a file must know that nobody else wrote it, and its
 * checksum: a wrong one is a crash, or worse.
 */
#ifndef TAMIS_RULES_RULE_SET_H
#define TAMIS_RULES_RULE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/automaton.h"
#include "rules/pattern.h"
#include "util/span.h"

#define IMAGE_MAGIC "TamisRul"
#define IMAGE_FORMAT 1
#define IMAGE_STAMP_SIZE 16

/* Bits of image_rule.flags. */
#define RULE_IS_PART 1
#define RULE_IS_DANGER 2

struct image_rule {
    uint32_t name, description, language, file; /* in the text */
    uint32_t line;
    int32_t points; /* hundredths */
    uint32_t flags;
    uint32_t need; /* conditions that must hold */
    uint32_t first_condition;
    uint32_t condition_count;
};

/* Bits of image_condition.flags. */
#define CONDITION_NEGATED 1
#define CONDITION_ANCHORED 2 /* the expression need only be tried when one of its literals was found */

struct image_condition {
    uint32_t matcher; /* enum matcher */
    uint32_t flags;
    uint32_t place;   /* its index; with MATCHER_HIT: that of the rule, or CHECK_REFERENCE + that of the check */
    uint32_t count;   /* entries or matches that are asked for */
    uint32_t pattern; /* MATCHER_EXPRESSION: its number */
};

#define CHECK_REFERENCE UINT32_C(0x80000000)

struct image_place {
    uint32_t kind;      /* enum place_kind */
    uint32_t field;     /* in the text; 0: none */
    uint32_t is_folded; /* looked at as folded */
    uint32_t use_count; /* 0: no literal is looked for there */
};

struct image_literal {
    uint32_t first_use;
    uint32_t use_count;
    uint32_t text;
    uint32_t length;
};

/* Bits of image_use.flags. */
#define USE_IS_ANCHOR 1
#define USE_NEEDS_START 2 /* a word must begin where the literal begins */
#define USE_NEEDS_END 4
#define USE_IS_DOMAIN 8 /* the text must end with it, at a dot or whole */

struct image_use {
    uint32_t condition;
    uint16_t place; /* there are fewer places than conditions, and of these at most LIMIT_RULES_CONDITIONS */
    uint16_t flags;
};

struct image_group {
    uint32_t offset; /* in the expressions */
    uint32_t size;
    uint32_t count;
};

enum image_section_name {
    SECTION_RULES,
    SECTION_CONDITIONS,
    SECTION_PLACES,
    SECTION_LITERALS,
    SECTION_USES,
    SECTION_SLOTS,
    SECTION_ENDINGS,
    SECTION_GROUPS,
    SECTION_EXPRESSIONS,
    SECTION_TEXT,
    SECTION_COUNT
};

struct image_section {
    uint32_t offset; /* from the start of the image */
    uint32_t count;  /* of elements */
};

struct image_header {
    char magic[8];
    uint32_t format;
    uint32_t layout;                   /* IMAGE_LAYOUT: sizes of the structures above, and what is in the automaton */
    char library[PATTERN_LIBRARY_SIZE];
    uint8_t stamp[IMAGE_STAMP_SIZE];   /* of the files the rules come from, and of the checks of this program */
    uint64_t size;                     /* of the whole image */
    uint64_t checksum;                 /* sum_bytes() of the whole image, with 0 here */
    struct image_section sections[SECTION_COUNT];
    uint32_t pattern_count;
    uint32_t mistake_count;            /* in the files it was made of */
};

#define IMAGE_LAYOUT                                                                                            \
    ((uint32_t)(sizeof(struct image_header) + 3 * sizeof(struct image_rule) + 5 * sizeof(struct image_condition) \
                + 7 * sizeof(struct image_use) + 11 * sizeof(struct automaton_slot) + 13 * AUTOMATON_PREFIX))

/* An image, seen. */
struct rule_set {
    const struct image_header *header;
    const struct image_rule *rules;
    const struct image_condition *conditions;
    const struct image_place *places;
    const struct image_literal *literals;
    const struct image_use *uses;
    const struct image_group *groups;
    const char *expressions;
    const char *text;
    struct automaton automaton;
    size_t rule_count, condition_count, place_count, literal_count, use_count;
};

/* Looks at an image, whose first byte is aligned to 8.  False: it is none, is not whole, or was made by another
 * program, PCRE2 or machine.  With `stamp`, also when it is of other files. */
bool rule_set_view(struct span image, const uint8_t stamp[IMAGE_STAMP_SIZE], struct rule_set *set);

/* A string of the text section. */
static inline const char *rule_set_text(const struct rule_set *set, uint32_t offset)
{
    return set->text + offset;
}

/* The rule of that name, or NULL.  `set` may be NULL. */
const struct image_rule *rule_set_find(const struct rule_set *set, const char *name);

/* The checksum an image should carry. */
uint64_t rule_set_checksum(struct span image);

#endif
