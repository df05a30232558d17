/* rule-compile.c - from rules as they were read to the image that is run */
#include "rules/rule-compile.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules/anchors.h"
#include "rules/check.h"
#include "util/buffer.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/nearest.h"

/* One rule on its way. */
struct draft {
    struct rule *rule;
    uint32_t height; /* 1: refers to no rule; 0: not known yet */
    uint32_t index;  /* in the image */
    bool is_replaced;
};

struct compiler {
    struct rule_list *list;
    struct arena *arena;
    struct draft *drafts;
    size_t draft_count;
    uint32_t *names; /* table by hash of the name: 1 + index of the draft that has it, 0 is free */
    size_t name_mask;

    struct pattern **patterns; /* by number; those of rules that stay */
    size_t pattern_count;

    struct literal *literals;
    size_t literal_count;
    size_t literal_bytes;    /* in the automaton: of all lists, and of the anchors so far */
    uint32_t *literal_table; /* by hash: 1 + number */
    size_t literal_mask;

    struct buffer sections[SECTION_COUNT];
    struct rule_compiled *compiled;
};

/* A literal and what it means, the last condition first. */
struct literal {
    struct span text;
    struct use_link *uses;
};

struct use_link {
    struct use_link *next;
    struct image_use use;
};

static uint64_t hash_of(struct span text)
{
    return hash_bytes(text.data, text.length, 0);
}

/* A power of two, at least twice as large. */
static size_t table_size(size_t count)
{
    size_t size = 64;
    while (size < count * 2)
        size *= 2;
    return size;
}

#define complain(compiler, draft, line, ...)                                                 \
    do {                                                                                     \
        rule_list_complain((compiler)->list, (draft)->rule->file, (line), __VA_ARGS__);      \
        (draft)->rule->is_broken = true;                                                     \
    } while (0)

/* --- names -------------------------------------------------------------------------------------------------------- */

static uint32_t *name_slot(const struct compiler *compiler, const char *name)
{
    size_t at = (size_t)hash_of(span_of(name)) & compiler->name_mask;
    while (compiler->names[at] && strcmp(compiler->drafts[compiler->names[at] - 1].rule->name, name) != 0)
        at = (at + 1) & compiler->name_mask;
    return &compiler->names[at];
}

static const struct check *find_check(const char *name, uint32_t *index)
{
    for (size_t i = 0; i < check_count; i++)
        if (strcmp(check_table[i]->name, name) == 0) {
            *index = (uint32_t)i;
            return check_table[i];
        }
    return NULL;
}

/* The last rule of a name that has no mistake has it. */
static void take_name(struct compiler *compiler, struct draft *draft)
{
    uint32_t index;
    uint32_t *slot = name_slot(compiler, draft->rule->name);
    struct draft *earlier = *slot ? &compiler->drafts[*slot - 1] : NULL;
    if (find_check(draft->rule->name, &index)) {
        complain(compiler, draft, draft->rule->line, "%s is a check of the program: another name is accepted",
                 draft->rule->name);
        return;
    }
    if (earlier && earlier->rule->file == draft->rule->file) {
        complain(compiler, draft, draft->rule->line, "rule %s: there is one of that name in line %u", draft->rule->name,
                 earlier->rule->line);
        return;
    }
    if (earlier && draft->rule->is_broken)
        return;
    if (earlier)
        earlier->is_replaced = true;
    *slot = (uint32_t)(draft - compiler->drafts) + 1;
}

static void settle_names(struct compiler *compiler)
{
    size_t size = table_size(compiler->list->count);
    compiler->name_mask = size - 1;
    compiler->names = arena_new_array(compiler->arena, uint32_t, size);
    for (struct rule *rule = compiler->list->first; rule; rule = rule->next) {
        struct draft *draft = &compiler->drafts[compiler->draft_count++];
        draft->rule = rule;
        take_name(compiler, draft);
    }
}

static bool is_used(const struct draft *draft)
{
    return !draft->rule->is_broken && !draft->is_replaced;
}

/* --- references --------------------------------------------------------------------------------------------------- */

static void complain_of_reference(struct compiler *compiler, struct draft *draft,
                                  const struct rule_condition *condition)
{
    uint32_t slot = *name_slot(compiler, condition->reference);
    if (slot) {
        complain(compiler, draft, condition->line, "hit %s: that rule has a mistake and is left out",
                 condition->reference);
        return;
    }
    struct nearest nearest = nearest_to(condition->reference);
    for (size_t i = 0; i < compiler->draft_count && compiler->list->mistake_count < LIMIT_RULE_MISTAKES; i++)
        nearest_offer(&nearest, compiler->drafts[i].rule->name);
    for (size_t i = 0; i < check_count; i++)
        nearest_offer(&nearest, check_table[i]->name);
    complain(compiler, draft, condition->line, "hit %s: there is no such check or rule%s%s%s", condition->reference,
             nearest.name ? "; did you mean " : "", nearest.name ? nearest.name : "", nearest.name ? "?" : "");
}

/* How high a rule stands over those it refers to: one more than the highest.  0: one of them is not settled yet. */
static uint32_t height_of(struct compiler *compiler, struct draft *draft)
{
    uint32_t height = 1, index;
    for (const struct rule_condition *c = draft->rule->conditions; c; c = c->next) {
        if (c->matcher != MATCHER_HIT || find_check(c->reference, &index))
            continue;
        uint32_t slot = *name_slot(compiler, c->reference);
        if (!slot || !is_used(&compiler->drafts[slot - 1])) {
            complain_of_reference(compiler, draft, c);
            return 0;
        }
        uint32_t below = compiler->drafts[slot - 1].height;
        if (below == 0)
            return 0;
        height = below + 1 > height ? below + 1 : height;
    }
    return height;
}

/* Round by round, from the rules that refer to none upwards; what is left goes round in a circle or is too high. */
static void settle_references(struct compiler *compiler)
{
    for (unsigned round = 0; round <= LIMIT_RULE_DEPTH; round++)
        for (size_t i = 0; i < compiler->draft_count; i++) {
            struct draft *draft = &compiler->drafts[i];
            if (is_used(draft) && draft->height == 0)
                draft->height = height_of(compiler, draft);
        }
    for (size_t i = 0; i < compiler->draft_count; i++) {
        struct draft *draft = &compiler->drafts[i];
        if (is_used(draft) && (draft->height == 0 || draft->height > LIMIT_RULE_DEPTH))
            complain(compiler, draft, draft->rule->line,
                     "rule %s refers to itself through others, or through more than %d of them", draft->rule->name,
                     LIMIT_RULE_DEPTH);
    }
    /* Rules that refer to what has just been left out. */
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < compiler->draft_count; i++) {
            struct draft *draft = &compiler->drafts[i];
            again |= is_used(draft) && height_of(compiler, draft) == 0;
        }
    }
}

/* --- expressions -------------------------------------------------------------------------------------------------- */

static void compile_expressions(struct compiler *compiler, struct rule *rule)
{
    for (struct rule_condition *c = rule->conditions; c && !rule->is_broken; c = c->next) {
        struct failure failure = { 0 };
        if (c->matcher != MATCHER_EXPRESSION)
            continue;
        c->pattern = pattern_compile(c->expression, c->flags, c->place == PLACE_RAW_HEADER, &failure);
        rule->is_broken = !c->pattern;
        if (!c->pattern)
            rule_list_complain(compiler->list, rule->file, c->line, "%s", failure.reason);
    }
}

static void free_expressions(struct rule_list *list)
{
    for (struct rule *rule = list->first; rule; rule = rule->next)
        for (struct rule_condition *c = rule->conditions; c; c = c->next)
            if (c->pattern)
                pattern_free(&c->pattern);
}

static bool write_expressions(struct compiler *compiler)
{
    for (size_t first = 0; first < compiler->pattern_count; first += PATTERN_GROUP) {
        size_t count = compiler->pattern_count - first;
        count = count < PATTERN_GROUP ? count : PATTERN_GROUP;
        struct span bytes = pattern_encode(compiler->patterns + first, count, compiler->arena);
        struct buffer *out = &compiler->sections[SECTION_EXPRESSIONS];
        struct image_group group = { (uint32_t)out->length, (uint32_t)bytes.length, (uint32_t)count };
        buffer_append(out, bytes);
        while (out->length % 8 && !out->truncated)
            buffer_append_byte(out, '\0');
        buffer_append(&compiler->sections[SECTION_GROUPS], span_make((const char *)&group, sizeof group));
        if (bytes.length == 0)
            return false;
    }
    return true;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* Gives where it stands. */
static uint32_t add_span(struct compiler *compiler, struct span text)
{
    struct buffer *out = &compiler->sections[SECTION_TEXT];
    uint32_t offset = (uint32_t)out->length;
    buffer_append(out, text);
    buffer_append_byte(out, '\0');
    return offset;
}

static uint32_t add_text(struct compiler *compiler, const char *text)
{
    return add_span(compiler, span_of(text));
}

/* --- literals ----------------------------------------------------------------------------------------------------- */

static uint32_t number_of_literal(struct compiler *compiler, struct span text)
{
    size_t at = (size_t)hash_of(text) & compiler->literal_mask;
    while (compiler->literal_table[at] && !span_equal(compiler->literals[compiler->literal_table[at] - 1].text, text))
        at = (at + 1) & compiler->literal_mask;
    if (!compiler->literal_table[at]) {
        compiler->literals[compiler->literal_count].text = text;
        compiler->literal_table[at] = (uint32_t)++compiler->literal_count;
    }
    return compiler->literal_table[at] - 1;
}

/* The same entry twice in one list counts once. */
static void add_use(struct compiler *compiler, struct span text, const struct image_use *use)
{
    struct literal *literal = &compiler->literals[number_of_literal(compiler, text)];
    for (struct use_link *link = literal->uses; link && link->use.condition == use->condition; link = link->next)
        if (link->use.flags == use->flags)
            return;
    struct use_link *link = arena_new_object(compiler->arena, struct use_link);
    *link = (struct use_link){ literal->uses, *use };
    literal->uses = link;
    struct image_place *places = (struct image_place *)(void *)compiler->sections[SECTION_PLACES].data;
    places[use->place].use_count++;
}

/* At most so many different literals: entries of lists, and anchors while there is room for their bytes. */
#define MOST_LITERALS (LIMIT_RULE_ENTRIES + AUTOMATON_MOST_BYTES / ANCHOR_LEAST_BYTES)

static void prepare_literals(struct compiler *compiler)
{
    size_t size = table_size(MOST_LITERALS);
    compiler->literal_mask = size - 1;
    compiler->literal_table = arena_new_array(compiler->arena, uint32_t, size);
    compiler->literals = arena_new_array(compiler->arena, struct literal, MOST_LITERALS);
    compiler->literal_bytes = compiler->list->entry_count * AUTOMATON_PREFIX + 1;
}

static bool write_literals(struct compiler *compiler)
{
    struct span *texts = arena_new_array(compiler->arena, struct span, compiler->literal_count + 1);
    struct buffer *uses = &compiler->sections[SECTION_USES];
    for (size_t i = 0; i < compiler->literal_count; i++) {
        struct image_literal literal = { .first_use = (uint32_t)(uses->length / sizeof(struct image_use)) };
        texts[i] = compiler->literals[i].text;
        literal.length = (uint32_t)texts[i].length;
        literal.text = add_span(compiler, texts[i]);
        for (const struct use_link *link = compiler->literals[i].uses; link; link = link->next) {
            buffer_append(uses, span_make((const char *)&link->use, sizeof link->use));
            literal.use_count++;
        }
        buffer_append(&compiler->sections[SECTION_LITERALS], span_make((const char *)&literal, sizeof literal));
    }
    struct automaton automaton;
    if (!automaton_build(texts, compiler->literal_count, compiler->arena, &automaton))
        return false;
    buffer_append(&compiler->sections[SECTION_SLOTS],
                  span_make((const char *)automaton.slots, automaton.slot_count * sizeof *automaton.slots));
    buffer_append(&compiler->sections[SECTION_ENDINGS],
                  span_make((const char *)automaton.endings, automaton.ending_count * sizeof *automaton.endings));
    return true;
}

/* --- conditions and rules ----------------------------------------------------------------------------------------- */

/* Lists look at folded text where what they look at is text, and is not folded already. */
static bool wants_folded(const struct rule_condition *condition)
{
    static const bool is_text[] = { [PLACE_HEADER] = true, [PLACE_SUBJECT] = true, [PLACE_TEXT] = true,
                                    [PLACE_HIDDEN] = true, [PLACE_ATTACHMENT] = true, [PLACE_NONE] = false };
    return condition->matcher == MATCHER_LIST && is_text[condition->place];
}

static uint32_t place_of(struct compiler *compiler, const struct rule_condition *condition)
{
    struct buffer *out = &compiler->sections[SECTION_PLACES];
    const struct image_place *places = (const struct image_place *)(const void *)out->data;
    size_t count = out->length / sizeof *places;
    bool folded = wants_folded(condition);
    for (size_t i = 0; i < count; i++) {
        const char *field = compiler->sections[SECTION_TEXT].data + places[i].field;
        if (places[i].kind == condition->place && places[i].is_folded == folded
            && strcasecmp(field, condition->field ? condition->field : "") == 0)
            return (uint32_t)i;
    }
    struct image_place place = { .kind = condition->place, .is_folded = folded };
    if (condition->field)
        place.field = add_text(compiler, condition->field);
    buffer_append(out, span_make((const char *)&place, sizeof place));
    return (uint32_t)count;
}

static void add_list(struct compiler *compiler, const struct rule_condition *condition, struct image_use use)
{
    for (const struct rule_entry *entry = condition->entries; entry; entry = entry->next) {
        use.flags = (uint16_t)((entry->open_start ? 0 : USE_NEEDS_START) | (entry->open_end ? 0 : USE_NEEDS_END));
        if (condition->is_domains)
            use.flags = USE_IS_DOMAIN;
        /* ".example.org" and "*.example.org" are other ways to write the same domain. */
        bool has_dot = condition->is_domains && entry->literal.length > 1 && entry->literal.data[0] == '.';
        struct span literal = span_from(entry->literal, has_dot);
        add_use(compiler, literal, &use);
    }
}

/* Long text that every message has: an expression without anchors is felt there. */
static bool is_long(enum place_kind kind)
{
    return kind == PLACE_TEXT || kind == PLACE_FOLDED || kind == PLACE_HIDDEN;
}

static void note_slow(struct compiler *compiler, const struct rule *rule, const struct rule_condition *condition)
{
    char text[500];
    struct rule_mistake *remark = arena_new_object(compiler->arena, struct rule_mistake);
    snprintf(text, sizeof text,
             "%.300s:%u: no literal text of %d characters must appear: the expression is tried on every message",
             rule->file, condition->line, ANCHOR_LEAST_BYTES);
    *remark = (struct rule_mistake){ compiler->compiled->slow, arena_copy(compiler->arena, span_of(text)).data };
    compiler->compiled->slow = remark;
}

/* Whether the expression has anchors. */
static bool add_anchors(struct compiler *compiler, const struct rule_condition *condition, struct image_use use)
{
    struct anchors anchors;
    size_t bytes = 0;
    anchors_find(condition->expression, condition->flags, compiler->arena, &anchors);
    for (size_t i = 0; i < anchors.count; i++)
        bytes += automaton_prefix(anchors.items[i].length);
    if (anchors.count == 0 || bytes > AUTOMATON_MOST_BYTES - compiler->literal_bytes)
        return false;
    compiler->literal_bytes += bytes;
    use.flags = USE_IS_ANCHOR;
    for (size_t i = 0; i < anchors.count; i++)
        add_use(compiler, anchors.items[i], &use);
    return true;
}

static uint32_t reference_of(const struct compiler *compiler, const char *name)
{
    uint32_t index;
    if (find_check(name, &index))
        return CHECK_REFERENCE + index;
    return compiler->drafts[*name_slot(compiler, name) - 1].index;
}

static void write_condition(struct compiler *compiler, const struct rule *rule, const struct rule_condition *condition)
{
    struct buffer *out = &compiler->sections[SECTION_CONDITIONS];
    struct image_condition image = { .matcher = condition->matcher, .count = condition->count };
    image.flags = condition->negated ? CONDITION_NEGATED : 0;
    image.place = condition->matcher == MATCHER_HIT ? reference_of(compiler, condition->reference)
                                                    : place_of(compiler, condition);
    struct image_use use = { .condition = (uint32_t)(out->length / sizeof image), .place = (uint16_t)image.place };
    if (condition->matcher == MATCHER_LIST)
        add_list(compiler, condition, use);
    if (condition->matcher == MATCHER_EXPRESSION) {
        image.pattern = (uint32_t)compiler->pattern_count;
        compiler->patterns[compiler->pattern_count++] = condition->pattern;
        if (add_anchors(compiler, condition, use))
            image.flags |= CONDITION_ANCHORED;
        else if (is_long(condition->place))
            note_slow(compiler, rule, condition);
    }
    buffer_append(out, span_make((const char *)&image, sizeof image));
}

static void write_rule(struct compiler *compiler, const struct rule *rule)
{
    struct image_rule image = {
        .name = add_text(compiler, rule->name),
        .description = add_text(compiler, rule->description),
        .language = add_text(compiler, rule->language),
        .file = add_text(compiler, rule->file),
        .line = rule->line,
        .points = rule->points,
        .flags = (rule->is_part ? RULE_IS_PART : 0) | (rule->danger ? RULE_IS_DANGER : 0),
        .need = rule->need == NEED_ALL ? (uint32_t)rule->condition_count : rule->need,
        .first_condition = (uint32_t)(compiler->sections[SECTION_CONDITIONS].length / sizeof(struct image_condition)),
        .condition_count = (uint32_t)rule->condition_count,
    };
    for (const struct rule_condition *condition = rule->conditions; condition; condition = condition->next)
        write_condition(compiler, rule, condition);
    buffer_append(&compiler->sections[SECTION_RULES], span_make((const char *)&image, sizeof image));
}

static void write_rules(struct compiler *compiler)
{
    uint32_t index = 0;
    for (size_t i = 0; i < compiler->draft_count; i++)
        if (is_used(&compiler->drafts[i]))
            compiler->drafts[i].index = index++;
    add_text(compiler, ""); /* offset 0 */
    for (size_t i = 0; i < compiler->draft_count; i++)
        if (is_used(&compiler->drafts[i]))
            write_rule(compiler, compiler->drafts[i].rule);
}

/* --- the image ---------------------------------------------------------------------------------------------------- */

static const size_t element_size[SECTION_COUNT] = {
    [SECTION_RULES] = sizeof(struct image_rule),
    [SECTION_CONDITIONS] = sizeof(struct image_condition),
    [SECTION_PLACES] = sizeof(struct image_place),
    [SECTION_LITERALS] = sizeof(struct image_literal),
    [SECTION_USES] = sizeof(struct image_use),
    [SECTION_SLOTS] = sizeof(struct automaton_slot),
    [SECTION_ENDINGS] = sizeof(struct automaton_ending),
    [SECTION_GROUPS] = sizeof(struct image_group),
    [SECTION_EXPRESSIONS] = 1,
    [SECTION_TEXT] = 1,
};

static size_t aligned(size_t offset)
{
    return (offset + 7) & ~(size_t)7;
}

/* False: it would be too large. */
static bool assemble(struct compiler *compiler, const uint8_t stamp[IMAGE_STAMP_SIZE], struct span *image)
{
    struct image_header header = { .format = IMAGE_FORMAT, .layout = IMAGE_LAYOUT };
    size_t size = aligned(sizeof header);
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const struct buffer *section = &compiler->sections[i];
        header.sections[i] = (struct image_section){ (uint32_t)size, (uint32_t)(section->length / element_size[i]) };
        size = aligned(size + section->length);
        if (section->truncated || size > LIMIT_RULE_IMAGE)
            return false;
    }
    memcpy(header.magic, IMAGE_MAGIC, sizeof header.magic);
    memcpy(header.stamp, stamp, IMAGE_STAMP_SIZE);
    pattern_library(header.library);
    header.size = size;
    header.pattern_count = (uint32_t)compiler->pattern_count;
    header.mistake_count = (uint32_t)compiler->list->mistake_count;
    char *bytes = arena_alloc(compiler->arena, size);
    memcpy(bytes, &header, sizeof header);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        if (compiler->sections[i].length)
            memcpy(bytes + header.sections[i].offset, compiler->sections[i].data, compiler->sections[i].length);
    *image = span_make(bytes, size);
    ((struct image_header *)(void *)bytes)->checksum = rule_set_checksum(*image);
    return true;
}

static bool compile(struct compiler *compiler, const uint8_t stamp[IMAGE_STAMP_SIZE])
{
    for (struct rule *rule = compiler->list->first; rule; rule = rule->next)
        compile_expressions(compiler, rule);
    settle_names(compiler);
    settle_references(compiler);
    prepare_literals(compiler);
    write_rules(compiler);
    return write_literals(compiler) && write_expressions(compiler)
        && assemble(compiler, stamp, &compiler->compiled->image);
}

bool rule_compile(struct rule_list *list, const uint8_t stamp[IMAGE_STAMP_SIZE], struct rule_compiled *compiled,
                  struct failure *failure)
{
    *compiled = (struct rule_compiled){ 0 };
    struct compiler compiler = {
        .list = list,
        .arena = list->arena,
        .drafts = arena_new_array(list->arena, struct draft, list->count + 1),
        .patterns = arena_new_array(list->arena, struct pattern *, list->condition_count + 1),
        .compiled = compiled,
    };
    for (size_t i = 0; i < SECTION_COUNT; i++)
        compiler.sections[i] = buffer_new(list->arena, LIMIT_RULE_IMAGE);
    bool done = compile(&compiler, stamp);
    free_expressions(list);
    return done
        || failure_set(failure, FAILURE_CONFIGURATION, "the rules are too many: compiled, they have more than %zu KB",
                       LIMIT_RULE_IMAGE / 1024);
}
