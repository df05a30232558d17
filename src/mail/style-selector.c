/* style-selector.c - one CSS selector: reading it, and whether an element matches (Selectors Level 4) */
#include "mail/style-selector.h"

#include "mail/entity.h"
#include "mail/style-value.h"

#define MOST_PARTS 32 /* of one selector, combinators included */

enum part_kind {
    PART_TYPE,       /* hash */
    PART_ID,         /* hash */
    PART_CLASS,      /* hash */
    PART_ATTRIBUTE,  /* attribute, comparison, value */
    PART_NTH_CHILD,  /* step, offset */
    PART_LINK,
    PART_ROOT,
    PART_DESCENDANT, /* combinators */
    PART_CHILD
};

struct style_part {
    uint8_t kind;       /* enum part_kind */
    uint8_t attribute;  /* enum html_attribute */
    char comparison;    /* '=', '~', '^', '$', '*', '|'; 0: it must only be there */
    union {
        uint32_t hash;
        struct {
            int step, offset;
        };
        struct span value;
    };
};

/* --- Reading ------------------------------------------------------------------------------------------------------ */

struct parser {
    struct span left;
    struct style_part parts[MOST_PARTS];
    size_t count;
    uint32_t specificity;
    uint32_t key, key_rank; /* of the compound being read: id beats class beats type */
};

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_' || (unsigned char)byte >= 0x80;
}

static struct span take_name(struct parser *parser)
{
    size_t length = 0;
    while (length < parser->left.length && is_name_byte(parser->left.data[length]))
        length++;
    struct span name = span_head(parser->left, length);
    parser->left = span_from(parser->left, length);
    return name;
}

static bool add_part(struct parser *parser, struct style_part part, uint32_t specificity)
{
    if (parser->count == MOST_PARTS)
        return false;
    parser->parts[parser->count++] = part;
    parser->specificity += specificity;
    return true;
}

static void offer_key(struct parser *parser, uint32_t key, uint32_t rank)
{
    if (rank > parser->key_rank) {
        parser->key = key;
        parser->key_rank = rank;
    }
}

static bool parse_named(struct parser *parser)
{
    char sign = parser->left.data[0];
    if (sign == '.' || sign == '#')
        parser->left = span_from(parser->left, 1);
    struct span name = take_name(parser);
    if (!name.length)
        return false;
    uint32_t hash = html_name_hash(name);
    if (sign == '#') {
        offer_key(parser, style_selector_id_key(hash), 3);
        return add_part(parser, (struct style_part){ .kind = PART_ID, .hash = hash }, 1 << 16);
    }
    if (sign == '.') {
        offer_key(parser, style_selector_class_key(hash), 2);
        return add_part(parser, (struct style_part){ .kind = PART_CLASS, .hash = hash }, 1 << 8);
    }
    offer_key(parser, style_selector_type_key(hash), 1);
    return add_part(parser, (struct style_part){ .kind = PART_TYPE, .hash = hash }, 1);
}

static struct span without_quotes(struct span text)
{
    text = style_trim(text);
    if (text.length >= 2 && (text.data[0] == '"' || text.data[0] == '\'') && text.data[text.length - 1] == text.data[0])
        return span_make(text.data + 1, text.length - 2);
    return text;
}

/* "[class~=a]".  Only attributes that the tokenizer keeps can be compared. */
static bool parse_attribute(struct parser *parser)
{
    size_t close = span_find_byte(parser->left, ']');
    struct span inside = span_make(parser->left.data + 1, close - 1);
    parser->left = span_from(parser->left, close + 1);
    size_t equals = span_find_byte(inside, '=');
    struct style_part part = { .kind = PART_ATTRIBUTE };
    struct span name = span_head(inside, equals);
    if (equals < inside.length) {
        part.comparison = '=';
        if (equals && memchr("~^$*|", inside.data[equals - 1], 5)) {
            part.comparison = inside.data[equals - 1];
            name.length--;
        }
        part.value = without_quotes(span_from(inside, equals + 1));
    }
    int attribute = html_attribute_find(style_trim(name));
    part.attribute = (uint8_t)attribute;
    return attribute >= 0 && add_part(parser, part, 1 << 8);
}

/* No element has so many siblings; what is beyond is no selector to us. */
static bool is_possible_place(float number)
{
    return number >= -1e6f && number <= 1e6f;
}

/* "odd", "even", "3", "2n+1" in :nth-child(). */
static bool parse_nth(struct span text, int *step, int *offset)
{
    float number = 0;
    text = style_trim(text);
    *step = span_is_nocase(text, "odd") || span_is_nocase(text, "even") ? 2 : 0;
    *offset = span_is_nocase(text, "odd");
    if (*step)
        return true;
    size_t n = 0;
    while (n < text.length && (text.data[n] | 0x20) != 'n')
        n++;
    if (n < text.length) {
        bool given = style_number_parse(span_head(text, n), &number) > 0;
        if (!is_possible_place(number))
            return false;
        *step = given ? (int)number : n && text.data[0] == '-' ? -1 : 1;
        text = style_trim(span_from(text, n + 1));
        if (text.length > 1 && text.data[0] == '+')
            text = style_trim(span_from(text, 1));
        if (!text.length)
            return true;
    }
    if (!style_number_parse(text, &number) || !is_possible_place(number))
        return false;
    *offset = (int)number;
    return true;
}

static bool parse_pseudo_class(struct parser *parser)
{
    parser->left = span_from(parser->left, 1);
    struct span name = take_name(parser);
    struct style_part part = { .kind = PART_NTH_CHILD, .offset = 1 };
    if (span_is_nocase(name, "link") || span_is_nocase(name, "any-link"))
        part.kind = PART_LINK;
    else if (span_is_nocase(name, "root"))
        part.kind = PART_ROOT;
    else if (span_is_nocase(name, "nth-child") && parser->left.length && parser->left.data[0] == '(') {
        size_t close = span_find_byte(parser->left, ')');
        if (!parse_nth(span_make(parser->left.data + 1, close - 1), &part.step, &part.offset))
            return false;
        parser->left = span_from(parser->left, close + 1);
    } else if (!span_is_nocase(name, "first-child")) {
        return false; /* :hover and :visited do not show in a message as it arrives; of others nothing is known */
    }
    return add_part(parser, part, 1 << 8);
}

/* White space and '>' between two compounds. */
static bool parse_combinator(struct parser *parser)
{
    struct style_part part = { .kind = PART_DESCENDANT };
    parser->left = style_trim(parser->left);
    if (parser->left.length && parser->left.data[0] == '>') {
        part.kind = PART_CHILD;
        parser->left = style_trim(span_from(parser->left, 1));
    }
    parser->key = parser->key_rank = 0;
    return parser->left.length && parser->count && add_part(parser, part, 0);
}

static bool parse_part(struct parser *parser)
{
    switch (parser->left.data[0]) {
    case '[': return parse_attribute(parser);
    case ':': return parse_pseudo_class(parser);
    case '*':
        parser->left = span_from(parser->left, 1);
        return true;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '>': return parse_combinator(parser);
    default: return parse_named(parser);
    }
}

/* The lineage bits of the parts in front of the last combinator. */
static uint64_t ancestors_of(const struct style_part *parts, size_t count)
{
    uint64_t lineage = 0;
    while (count > 0 && parts[count - 1].kind < PART_DESCENDANT)
        count--;
    for (size_t i = 0; i < count; i++)
        if (parts[i].kind == PART_TYPE || parts[i].kind == PART_ID || parts[i].kind == PART_CLASS)
            lineage |= style_lineage_bit(parts[i].hash);
    return lineage;
}

bool style_selector_parse(struct span text, struct arena *arena, struct style_selector *selector)
{
    struct parser parser = { .left = text };
    if (!text.length)
        return false;
    while (parser.left.length)
        if (!parse_part(&parser))
            return false;
    struct style_part *parts = arena_new_array(arena, struct style_part, parser.count);
    memcpy(parts, parser.parts, parser.count * sizeof *parts);
    *selector = (struct style_selector){ .parts = parts, .part_count = (uint16_t)parser.count,
                                         .specificity = parser.specificity, .key = parser.key,
                                         .lineage = ancestors_of(parts, parser.count) };
    return true;
}

/* --- Matching ----------------------------------------------------------------------------------------------------- */

void style_element_describe(struct style_element *element, const struct html_token *token, struct arena *arena)
{
    struct span id = html_token_value(token, HTML_ATTRIBUTE_ID);
    element->type = html_name_hash(token->name_text);
    element->id = id.length ? html_name_hash(entity_decode_all(id, true, arena)) : 0;
    element->is_link = token->element == HTML_ELEMENT_A && html_token_has(token, HTML_ATTRIBUTE_HREF);
    element->class_count = 0;
    element->lineage = (element->parent ? element->parent->lineage : 0) | style_lineage_bit(element->type);
    if (element->id)
        element->lineage |= style_lineage_bit(element->id);
    struct span classes = entity_decode_all(html_token_value(token, HTML_ATTRIBUTE_CLASS), true, arena);
    for (size_t at = 0; at < classes.length && element->class_count < STYLE_CLASSES;) {
        size_t from = at;
        while (at < classes.length && !html_is_space(classes.data[at]))
            at++;
        if (at > from)
            element->classes[element->class_count++] = html_name_hash(span_make(classes.data + from, at - from));
        at++;
    }
    for (uint32_t i = 0; i < element->class_count; i++)
        element->lineage |= style_lineage_bit(element->classes[i]);
}

static bool has_class(const struct style_element *element, uint32_t hash)
{
    for (uint32_t i = 0; i < element->class_count; i++)
        if (element->classes[i] == hash)
            return true;
    return false;
}

static bool attribute_matches(const struct style_part *part, const struct html_token *token)
{
    if (!html_token_has(token, (enum html_attribute)part->attribute))
        return false;
    struct span value = token->value[part->attribute], wanted = part->value;
    switch (part->comparison) {
    case '\0': return true;
    case '=': return span_equal_nocase(value, wanted);
    case '^': return wanted.length && value.length >= wanted.length &&
                     span_equal_nocase(span_head(value, wanted.length), wanted);
    case '$': return wanted.length && value.length >= wanted.length &&
                     span_equal_nocase(span_from(value, value.length - wanted.length), wanted);
    case '*': return span_contains(value, wanted);
    case '|': return span_equal_nocase(span_head(value, span_find_byte(value, '-')), wanted);
    default: break;
    }
    for (struct span word = style_next_word(&value); word.length; word = style_next_word(&value))
        if (span_equal_nocase(word, wanted))
            return true;
    return false;
}

static bool is_nth(uint32_t place, int step, int offset)
{
    long beyond = (long)place - offset;
    return step == 0 ? beyond == 0 : beyond % step == 0 && beyond / step >= 0;
}

/* One part against one element; `token` is NULL for ancestors, whose attributes are no longer known. */
static bool part_matches(const struct style_part *part, const struct style_element *element,
                         const struct html_token *token)
{
    switch ((enum part_kind)part->kind) {
    case PART_TYPE: return element->type == part->hash;
    case PART_ID: return element->id == part->hash;
    case PART_CLASS: return has_class(element, part->hash);
    case PART_ATTRIBUTE: return token && attribute_matches(part, token);
    case PART_NTH_CHILD: return is_nth(element->place, part->step, part->offset);
    case PART_LINK: return element->is_link;
    case PART_ROOT: return !element->parent;
    default: return false;
    }
}

/* Matches the compound that ends before parts[end]; `*start` is where it starts. */
static bool compound_matches(const struct style_selector *selector, size_t end, size_t *start,
                             const struct style_element *element, const struct html_token *token, size_t *steps)
{
    size_t at = end;
    bool matches = true;
    while (at > 0 && selector->parts[at - 1].kind < PART_DESCENDANT) {
        at--;
        ++*steps;
        matches = matches && part_matches(&selector->parts[at], element, token);
    }
    *start = at;
    return matches;
}

/* Matches the compounds joined by '>' that end before parts[end], the last of them at `element`; `*start` is where they
 * start and `*top` the ancestor that matched the first. */
static bool chain_matches(const struct style_selector *selector, size_t end, size_t *start,
                          const struct style_element *element, const struct style_element **top,
                          const struct html_token *token, size_t *steps)
{
    while (element && compound_matches(selector, end, start, element, token, steps)) {
        if (*start == 0 || selector->parts[*start - 1].kind != PART_CHILD) {
            *top = element;
            return true;
        }
        end = *start - 1;
        element = element->parent;
        token = NULL;
    }
    return false;
}

/* From right to left, each chain at the nearest ancestor that it fits: one farther away could only leave fewer
 * ancestors to the rest, so nothing is tried twice. */
bool style_selector_matches(const struct style_selector *selector, const struct style_element *element,
                            const struct html_token *token, size_t *steps)
{
    size_t start;
    const struct style_element *top;
    if (selector->lineage && (!element->parent || (selector->lineage & ~element->parent->lineage) != 0))
        return false;
    if (!chain_matches(selector, selector->part_count, &start, element, &top, token, steps))
        return false;
    while (start > 0) {
        size_t end = start - 1;
        const struct style_element *at = top->parent;
        while (at && !chain_matches(selector, end, &start, at, &top, NULL, steps))
            at = at->parent;
        if (!at)
            return false;
    }
    return true;
}
