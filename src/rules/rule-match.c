/* rule-match.c - the rules of a set against one message */
#include "rules/rule-match.h"

#include "rules/detail.h"
#include "rules/rule-file.h"
#include "rules/search-text.h"
#include "util/buffer.h"
#include "util/fold.h"
#include "util/translate.h"
#include "util/utf8.h"

/* For copies of the message's text, folded and as search text: 1 MB of visible text, alone and with the subject, 256 KB
 * of hidden text and of header, 2 MB of links, each twice, and buffers that doubled. */
#define SCRATCH_CEILING ((size_t)32 * 1024 * 1024)
/* Findings that are named in a detail. */
#define MOST_NAMED 3

/* What is looked at in one place: each text by itself. */
struct subjects {
    const struct span *items;
    size_t count;
    bool is_known;
};

struct condition_state {
    uint32_t found; /* different entries; for anchors: whether one was there */
    uint32_t named[MOST_NAMED]; /* entries that were found, in the text of the set */
    struct span match; /* of the expression */
};

enum rule_state { STATE_UNKNOWN, STATE_SILENT, STATE_HIT, STATE_COULD_NOT_TELL };

struct matching {
    const struct rule_set *set;
    const struct message *message;
    const enum outcome *checks;
    struct arena *scratch;
    struct subjects *subjects;       /* by place */
    struct condition_state *conditions;
    uint64_t *seen;                  /* bits by use: was found, and counted */
    uint64_t *done;                  /* bits by literal: all its uses were seen */
    unsigned char *states;           /* by rule: enum rule_state */
    struct pattern **patterns;       /* by number; NULL: not read yet */
    bool *groups_failed;             /* by group: could not be read */
    struct pattern_runs *runs;       /* NULL: not started yet */

    /* While a place is scanned. */
    uint32_t place;
    struct span search_text;
};

static uint64_t *new_bits(struct arena *arena, size_t count)
{
    return arena_new_array(arena, uint64_t, (count + 63) / 64);
}

static bool has_bit(const uint64_t *bits, uint32_t number)
{
    return bits[number / 64] >> number % 64 & 1;
}

static void set_bit(uint64_t *bits, uint32_t number)
{
    bits[number / 64] |= UINT64_C(1) << number % 64;
}

/* --- places ------------------------------------------------------------------------------------------------------- */

struct gathering {
    struct arena *arena;
    struct span *items;
    size_t count;
    bool is_folded, is_bytes;
};

static struct span folded(struct span text, struct arena *arena)
{
    /* Folding makes text hardly ever longer; what makes it more than this is not worth reading to its end. */
    struct buffer out = buffer_new(arena, text.length + text.length / 2 + 64);
    struct fold_counts counts = { 0 };
    fold_text(text, &out, &counts);
    return buffer_span(&out);
}

/* Text that is not UTF-8, as a file name or a type may be, must not get to an expression that counts on it. */
static void gather(struct gathering *gathering, struct span text)
{
    if (!gathering->is_bytes && !utf8_is_valid(text)) {
        struct buffer repaired = buffer_new(gathering->arena, text.length * 3);
        utf8_append_repaired(&repaired, text);
        text = buffer_span(&repaired);
    }
    gathering->items[gathering->count++] = gathering->is_folded ? folded(text, gathering->arena) : text;
}

static void gather_header(struct gathering *gathering, const struct header *header, const char *field, bool raw)
{
    for (size_t i = 0; i < header->count; i++)
        if (span_is_nocase(header->fields[i].name, field))
            gather(gathering, raw ? header->fields[i].raw : header->fields[i].value);
}

static void gather_urls(struct gathering *gathering, const struct message *message, bool hosts)
{
    for (size_t i = 0; i < message->url_count; i++) {
        struct span text = hosts ? message->urls[i].host : message->urls[i].text;
        if (text.length)
            gather(gathering, text);
    }
}

static void gather_parts(struct gathering *gathering, const struct message *message, bool names)
{
    for (size_t i = 0; i < message->part_count; i++) {
        struct span text = names ? message->parts[i].file_name : message->parts[i].type;
        if (text.length)
            gather(gathering, text);
    }
}

static void gather_if_any(struct gathering *gathering, struct span text)
{
    if (text.length)
        gather(gathering, text);
}

static void gather_subject_and_text(struct gathering *gathering, const struct message *message)
{
    if (message->subject.length + message->visible_text.length == 0)
        return;
    struct buffer both = buffer_new(gathering->arena, message->subject.length + message->visible_text.length + 1);
    buffer_append(&both, message->subject);
    buffer_append_byte(&both, '\n');
    buffer_append(&both, message->visible_text);
    gathering->is_folded = true;
    gather(gathering, buffer_span(&both));
}

static void gather_place(struct gathering *gathering, const struct message *message, enum place_kind kind,
                         const char *field)
{
    switch (kind) {
    case PLACE_HEADER:
    case PLACE_RAW_HEADER:
        gather_header(gathering, &message->header, field, kind == PLACE_RAW_HEADER);
        break;
    case PLACE_SUBJECT:
        gather_if_any(gathering, message->subject);
        break;
    case PLACE_TEXT:
        gather_if_any(gathering, message->visible_text);
        break;
    case PLACE_HIDDEN:
        gather_if_any(gathering, message->hidden_text);
        break;
    case PLACE_FOLDED:
        gather_subject_and_text(gathering, message);
        break;
    case PLACE_URL:
    case PLACE_URL_HOST:
        gather_urls(gathering, message, kind == PLACE_URL_HOST);
        break;
    case PLACE_ATTACHMENT:
    case PLACE_MIME:
        gather_parts(gathering, message, kind == PLACE_ATTACHMENT);
        break;
    case PLACE_NONE:
        break;
    }
}

static size_t most_subjects(const struct message *message, enum place_kind kind)
{
    switch (kind) {
    case PLACE_HEADER:
    case PLACE_RAW_HEADER:
        return message->header.count;
    case PLACE_URL:
    case PLACE_URL_HOST:
        return message->url_count;
    case PLACE_ATTACHMENT:
    case PLACE_MIME:
        return message->part_count;
    default:
        return 1;
    }
}

static const struct subjects *subjects_of(struct matching *matching, uint32_t place)
{
    struct subjects *subjects = &matching->subjects[place];
    const struct image_place *image = &matching->set->places[place];
    if (subjects->is_known)
        return subjects;
    struct gathering gathering = {
        .arena = matching->scratch,
        .items = arena_new_array(matching->scratch, struct span, most_subjects(matching->message, image->kind)),
        .is_folded = image->is_folded,
        .is_bytes = image->kind == PLACE_RAW_HEADER,
    };
    gather_place(&gathering, matching->message, image->kind, rule_set_text(matching->set, image->field));
    *subjects = (struct subjects){ gathering.items, gathering.count, true };
    return subjects;
}

/* --- the pass over all places ------------------------------------------------------------------------------------- */

static bool is_bounded(const struct image_use *use, struct span text, size_t start, size_t end)
{
    if (use->flags & USE_IS_DOMAIN)
        return end == text.length && (start == 0 || text.data[start - 1] == '.');
    if ((use->flags & USE_NEEDS_START) && !search_text_is_boundary(text, start))
        return false;
    return !(use->flags & USE_NEEDS_END) || search_text_is_boundary(text, end);
}

/* Does the literal whose prefix ends at `end` stand there?  `*start` is where it begins. */
static bool stands(const struct matching *matching, const struct image_literal *literal, size_t end, size_t *start)
{
    size_t prefix = automaton_prefix(literal->length), left = literal->length - prefix;
    *start = end - prefix;
    if (left == 0)
        return true;
    if (left > matching->search_text.length - end)
        return false;
    const char *rest = rule_set_text(matching->set, literal->text) + prefix, *text = matching->search_text.data + end;
    return *rest == *text && memcmp(rest, text, left) == 0;
}

static void note_found(void *context, uint32_t number, size_t end)
{
    struct matching *matching = context;
    const struct image_literal *literal = &matching->set->literals[number];
    size_t start;
    if (has_bit(matching->done, number) || !stands(matching, literal, end, &start))
        return;
    bool done = true;
    for (uint32_t i = literal->first_use; i < literal->first_use + literal->use_count; i++) {
        const struct image_use *use = &matching->set->uses[i];
        if (has_bit(matching->seen, i))
            continue;
        if (use->place != matching->place
            || !is_bounded(use, matching->search_text, start, start + literal->length)) {
            done = false;
            continue;
        }
        struct condition_state *state = &matching->conditions[use->condition];
        set_bit(matching->seen, i);
        if (!(use->flags & USE_IS_ANCHOR) && state->found < MOST_NAMED)
            state->named[state->found] = literal->text;
        state->found++;
    }
    if (done)
        set_bit(matching->done, number);
}

static void scan_places(struct matching *matching)
{
    for (uint32_t place = 0; place < matching->set->place_count; place++) {
        if (matching->set->places[place].use_count == 0)
            continue;
        const struct subjects *subjects = subjects_of(matching, place);
        matching->place = place;
        for (size_t i = 0; i < subjects->count; i++) {
            matching->search_text = search_text_make(subjects->items[i], matching->scratch);
            automaton_scan(&matching->set->automaton, matching->search_text, note_found, matching);
        }
    }
}

/* --- expressions -------------------------------------------------------------------------------------------------- */

static const struct pattern *pattern_of(struct matching *matching, uint32_t number)
{
    const uint32_t group = number / PATTERN_GROUP;
    const struct image_group *image = &matching->set->groups[group];
    if (!matching->patterns[number] && !matching->groups_failed[group]) {
        struct span bytes = span_make(matching->set->expressions + image->offset, image->size);
        matching->groups_failed[group] =
            !pattern_decode(bytes, &matching->patterns[(size_t)group * PATTERN_GROUP], image->count);
    }
    return matching->patterns[number];
}

static enum outcome run_expression(struct matching *matching, const struct image_condition *condition,
                                   struct condition_state *state)
{
    if ((condition->flags & CONDITION_ANCHORED) && state->found == 0)
        return OUTCOME_SILENT;
    const struct pattern *pattern = pattern_of(matching, condition->pattern);
    if (!matching->runs)
        matching->runs = pattern_runs_start();
    if (!pattern || !matching->runs)
        return OUTCOME_COULD_NOT_TELL;
    const struct subjects *subjects = subjects_of(matching, condition->place);
    enum outcome otherwise = OUTCOME_SILENT;
    uint32_t count = 0;
    for (size_t i = 0; i < subjects->count; i++) {
        enum outcome outcome = OUTCOME_HIT;
        for (size_t from = 0; outcome == OUTCOME_HIT;) {
            outcome = pattern_find(matching->runs, pattern, subjects->items[i], &from, &state->match);
            if (outcome == OUTCOME_HIT && ++count == condition->count)
                return OUTCOME_HIT;
        }
        if (outcome == OUTCOME_COULD_NOT_TELL)
            otherwise = outcome;
    }
    return otherwise;
}

/* --- conditions and rules ----------------------------------------------------------------------------------------- */

static enum outcome outcome_of_rule(struct matching *matching, uint32_t number);

static enum outcome outcome_of_reference(struct matching *matching, uint32_t reference)
{
    return reference & CHECK_REFERENCE ? matching->checks[reference & ~CHECK_REFERENCE]
                                       : outcome_of_rule(matching, reference);
}

static enum outcome outcome_of_condition(struct matching *matching, uint32_t number)
{
    const struct image_condition *condition = &matching->set->conditions[number];
    struct condition_state *state = &matching->conditions[number];
    enum outcome outcome = OUTCOME_SILENT;
    switch ((enum matcher)condition->matcher) {
    case MATCHER_LIST:
        outcome = state->found >= condition->count ? OUTCOME_HIT : OUTCOME_SILENT;
        break;
    case MATCHER_EXISTS:
        outcome = subjects_of(matching, condition->place)->count ? OUTCOME_HIT : OUTCOME_SILENT;
        break;
    case MATCHER_EXPRESSION:
        outcome = run_expression(matching, condition, state);
        break;
    case MATCHER_HIT:
        outcome = outcome_of_reference(matching, condition->place);
        break;
    }
    if (!(condition->flags & CONDITION_NEGATED) || outcome == OUTCOME_COULD_NOT_TELL)
        return outcome;
    return outcome == OUTCOME_HIT ? OUTCOME_SILENT : OUTCOME_HIT;
}

/* Settled without running an expression. */
static bool is_cheap(const struct matching *matching, uint32_t number)
{
    const struct image_condition *condition = &matching->set->conditions[number];
    if (condition->matcher == MATCHER_EXPRESSION)
        return (condition->flags & CONDITION_ANCHORED) && matching->conditions[number].found == 0;
    return condition->matcher != MATCHER_HIT || (condition->place & CHECK_REFERENCE);
}

/* Cheap conditions first; stops as soon as the others cannot change the end. */
static enum rule_state settle(struct matching *matching, const struct image_rule *rule)
{
    uint32_t hits = 0, unknown = 0, left = rule->condition_count;
    for (int cheap = 1; cheap >= 0; cheap--)
        for (uint32_t i = rule->first_condition; i < rule->first_condition + rule->condition_count; i++) {
            if (is_cheap(matching, i) != (cheap == 1))
                continue;
            enum outcome outcome = outcome_of_condition(matching, i);
            left--;
            hits += outcome == OUTCOME_HIT;
            unknown += outcome == OUTCOME_COULD_NOT_TELL;
            if (hits + unknown + left < rule->need)
                return STATE_SILENT;
            if (hits >= rule->need)
                return STATE_HIT;
        }
    return STATE_COULD_NOT_TELL;
}

/* Rules refer to no more than LIMIT_RULE_DEPTH others one below the other, and never in a circle. */
static enum outcome outcome_of_rule(struct matching *matching, uint32_t number)
{
    static const enum outcome outcomes[] = { [STATE_SILENT] = OUTCOME_SILENT,
                                             [STATE_HIT] = OUTCOME_HIT,
                                             [STATE_COULD_NOT_TELL] = OUTCOME_COULD_NOT_TELL };
    if (matching->states[number] == STATE_UNKNOWN)
        matching->states[number] = (unsigned char)settle(matching, &matching->set->rules[number]);
    return outcomes[matching->states[number]];
}

/* --- what is told ------------------------------------------------------------------------------------------------- */

static void name_finding(struct buffer *detail, bool *is_first, struct span text)
{
    buffer_append_string(detail, *is_first ? ": \"" : ", \"");
    detail_quote(detail, text);
    buffer_append_byte(detail, '"');
    *is_first = false;
}

/* "Promises a share of somebody's millions: "next of kin", "million dollars"". */
static struct span describe(const struct matching *matching, const struct image_rule *rule, struct arena *arena)
{
    struct buffer detail = buffer_new(arena, DETAIL_BYTES);
    bool is_first = true;
    buffer_append_string(&detail, translate(rule_set_text(matching->set, rule->description)));
    for (uint32_t i = rule->first_condition; i < rule->first_condition + rule->condition_count; i++) {
        const struct image_condition *condition = &matching->set->conditions[i];
        const struct condition_state *state = &matching->conditions[i];
        if (condition->flags & CONDITION_NEGATED)
            continue;
        if (condition->matcher == MATCHER_LIST && state->found >= condition->count)
            for (uint32_t n = 0; n < state->found && n < MOST_NAMED; n++)
                name_finding(&detail, &is_first, span_of(rule_set_text(matching->set, state->named[n])));
        else if (condition->matcher == MATCHER_EXPRESSION && state->match.length)
            name_finding(&detail, &is_first, state->match);
    }
    return is_first ? SPAN_EMPTY : utf8_head(buffer_span(&detail), DETAIL_BYTES);
}

static void tell(struct matching *matching, uint32_t number, int points, struct arena *arena, struct hit_list *hits)
{
    const struct image_rule *rule = &matching->set->rules[number];
    enum outcome outcome = outcome_of_rule(matching, number);
    if (outcome == OUTCOME_COULD_NOT_TELL)
        hits->gave_up++;
    if (outcome != OUTCOME_HIT)
        return;
    hits->items[hits->count++] = (struct hit){ .name = rule_set_text(matching->set, rule->name),
                                               .description = rule_set_text(matching->set, rule->description),
                                               .detail = describe(matching, rule, arena),
                                               .points = points,
                                               .danger = (rule->flags & RULE_IS_DANGER) != 0 };
}

/* Rules the user has turned off do not hold, for other rules either. */
static int *settle_points(struct matching *matching, const struct rules_settings *settings)
{
    int *points = arena_new_array(matching->scratch, int, matching->set->rule_count);
    for (size_t i = 0; i < matching->set->rule_count; i++) {
        const struct image_rule *rule = &matching->set->rules[i];
        if (rule->flags & RULE_IS_PART)
            continue;
        points[i] = rules_points(settings, rule_set_text(matching->set, rule->name), rule->points);
        if (points[i] == 0)
            matching->states[i] = STATE_SILENT;
    }
    return points;
}

static void end_matching(struct matching *matching)
{
    pattern_runs_end(&matching->runs);
    for (size_t i = 0; i < matching->set->header->pattern_count; i++)
        if (matching->patterns[i])
            pattern_free(&matching->patterns[i]);
    arena_free(matching->scratch);
}

void rule_match(const struct rule_set *set, const struct rule_input *input, struct arena *arena, struct hit_list *hits)
{
    struct arena *scratch = arena_new(SCRATCH_CEILING);
    size_t pattern_room = (set->header->pattern_count / PATTERN_GROUP + 1) * PATTERN_GROUP;
    struct matching matching = {
        .set = set,
        .message = input->message,
        .checks = input->checks,
        .scratch = scratch,
        .subjects = arena_new_array(scratch, struct subjects, set->place_count),
        .conditions = arena_new_array(scratch, struct condition_state, set->condition_count),
        .seen = new_bits(scratch, set->use_count),
        .done = new_bits(scratch, set->literal_count),
        .states = arena_new_array(scratch, unsigned char, set->rule_count),
        .patterns = arena_new_array(scratch, struct pattern *, pattern_room),
        .groups_failed = arena_new_array(scratch, bool, pattern_room / PATTERN_GROUP),
    };
    const int *points = settle_points(&matching, input->settings);
    scan_places(&matching);
    for (uint32_t i = 0; i < set->rule_count; i++)
        if (!(set->rules[i].flags & RULE_IS_PART) && points[i] != 0)
            tell(&matching, i, points[i], arena, hits);
    end_matching(&matching);
}
