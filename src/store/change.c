/* change.c - what one lesson does to the tables */
#include "store/change.h"

#include <string.h>

#define SECONDS_PER_DAY 86400

/* --- ledger ------------------------------------------------------------------------------------------------------- */

int change_find(struct tables *tables, const struct meta_row *meta, const uint8_t identity[16],
                struct ledger_entry *entry, struct failure *failure)
{
    struct ledger_row row;
    uint32_t number = ledger_row_of(identity, meta->key, meta->ledger_rows);
    if (!tables_get(tables, TABLE_LEDGER, number, meta->key, &row, failure))
        return -1;
    const struct ledger_slot *slot = ledger_find(&row, identity);
    if (slot)
        ledger_unpack(slot, entry);
    return slot != NULL;
}

static bool change_ledger(struct tables *tables, struct meta_row *meta, const struct lesson *lesson,
                          struct failure *failure)
{
    struct ledger_row row;
    struct ledger_slot slot;
    uint32_t number = ledger_row_of(lesson->identity, meta->key, meta->ledger_rows);
    if (!tables_get(tables, TABLE_LEDGER, number, meta->key, &row, failure))
        return false;
    ledger_pack(lesson->identity, &lesson->entry, &slot);
    if (lesson->retract)
        meta->ledger_used -= ledger_remove(&row, lesson->identity);
    else
        meta->ledger_used += ledger_add(&row, &slot);
    return tables_put(tables, TABLE_LEDGER, number, meta->key, &row, failure);
}

/* --- weights ------------------------------------------------------------------------------------------------------ */

static bool change_weights(struct tables *tables, const struct meta_row *meta, const struct lesson *lesson,
                           struct failure *failure)
{
    struct weight_row row;
    int step = lesson->retract ? -lesson->entry.weight_step : lesson->entry.weight_step;
    if (step == 0)
        return true;
    for (size_t i = 0; i < lesson->gram_count;) {
        uint32_t number = lesson->grams[i] / WEIGHTS_PER_ROW;
        if (!tables_get(tables, TABLE_WEIGHTS, number, meta->key, &row, failure))
            return false;
        for (; i < lesson->gram_count && lesson->grams[i] / WEIGHTS_PER_ROW == number; i++) {
            int16_t *weight = &row.weights[lesson->grams[i] % WEIGHTS_PER_ROW];
            *weight = weight_add(*weight, step);
        }
        if (!tables_put(tables, TABLE_WEIGHTS, number, meta->key, &row, failure))
            return false;
    }
    return true;
}

/* --- pairs -------------------------------------------------------------------------------------------------------- */

static bool change_pairs(struct tables *tables, const struct meta_row *meta, const struct lesson *lesson,
                         struct failure *failure)
{
    struct pair_row row;
    uint16_t day = (uint16_t)(lesson->entry.when / SECONDS_PER_DAY);
    if (!lesson->entry.pair_step)
        return true;
    for (size_t i = 0; i < lesson->pair_count;) {
        uint32_t number = pair_row_of(lesson->pairs[i], meta->pair_rows);
        if (!tables_get(tables, TABLE_PAIRS, number, meta->key, &row, failure))
            return false;
        for (; i < lesson->pair_count && pair_row_of(lesson->pairs[i], meta->pair_rows) == number; i++) {
            uint16_t check = pair_check_of(lesson->pairs[i]);
            if (lesson->retract)
                pair_take(&row, check, lesson->entry.label);
            else
                pair_add(&row, check, lesson->entry.label, day);
        }
        if (!tables_put(tables, TABLE_PAIRS, number, meta->key, &row, failure))
            return false;
    }
    return true;
}

/* --- scales and totals -------------------------------------------------------------------------------------------- */

static bool change_scales(struct tables *tables, const struct meta_row *meta, const struct lesson *lesson,
                          struct failure *failure)
{
    struct scale_row row;
    for (uint32_t learner = 0; learner < STORE_LEARNERS; learner++) {
        uint32_t number = SCALE_ROW + learner;
        if (!tables_get(tables, TABLE_WEIGHTS, number, meta->key, &row, failure))
            return false;
        uint32_t *count = &row.counts[lesson->entry.label][lesson->entry.bins[learner]];
        if (!lesson->retract)
            *count += *count < UINT32_MAX;
        else
            *count -= *count > 0;
        if (!tables_put(tables, TABLE_WEIGHTS, number, meta->key, &row, failure))
            return false;
    }
    return true;
}

static void change_totals(struct meta_row *meta, const struct lesson *lesson)
{
    enum label label = lesson->entry.label;
    if (lesson->retract) {
        meta->lessons[label] -= meta->lessons[label] > 0;
        meta->pair_lessons[label] -= lesson->entry.pair_step && meta->pair_lessons[label] > 0;
        return;
    }
    meta->lessons[label]++;
    meta->pair_lessons[label] += lesson->entry.pair_step != 0;
    bool goes_on = meta->run_label == (uint32_t)label && meta->run > 0;
    meta->run = goes_on ? meta->run + (meta->run < UINT32_MAX) : 1;
    meta->run_label = (uint32_t)label;
    if (lesson->entry.when > meta->last_lesson[label])
        meta->last_lesson[label] = lesson->entry.when;
}

/* Weights and scales a remote engine has read when it was opened. */
bool change_fetch(struct tables *tables, const struct meta_row *meta, const struct lesson *lessons, size_t count,
                  struct failure *failure)
{
    if (!tables->engine->fetch)
        return true;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = ledger_row_of(lessons[i].identity, meta->key, meta->ledger_rows);
        if (!tables->engine->fetch(tables, TABLE_LEDGER, &number, 1, failure) ||
            (lessons[i].entry.pair_step &&
             !tables_fetch_pairs(tables, lessons[i].pairs, lessons[i].pair_count, failure)))
            return false;
    }
    return true;
}

bool change_apply(struct tables *tables, struct meta_row *meta, const struct lesson *lessons, size_t count,
                  struct failure *failure)
{
    for (size_t i = 0; i < count; i++) {
        const struct lesson *lesson = &lessons[i];
        if (!change_weights(tables, meta, lesson, failure) || !change_pairs(tables, meta, lesson, failure) ||
            !change_scales(tables, meta, lesson, failure) || !change_ledger(tables, meta, lesson, failure))
            return false;
        change_totals(meta, lesson);
    }
    return true;
}

/* --- checking ----------------------------------------------------------------------------------------------------- */

static bool is_ascending(const uint32_t *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (numbers[i] <= numbers[i - 1])
            return false;
    return true;
}

static bool lesson_is_well_formed(const struct lesson *lesson)
{
    return lesson->entry.pair_step <= 1 && (unsigned)lesson->entry.label <= LABEL_SPAM &&
           (unsigned)lesson->entry.source <= SOURCE_IMPORT && is_ascending(lesson->grams, lesson->gram_count) &&
           is_ascending(lesson->pairs, lesson->pair_count) &&
           (lesson->gram_count == 0 || lesson->grams[lesson->gram_count - 1] < STORE_WEIGHT_SLOTS);
}

/* The entry of lesson `at`'s identity after the lessons before it: 1, 0 or -1 as change_find(). */
static int find_before(struct tables *tables, const struct meta_row *meta, const struct lesson *lessons, size_t at,
                       struct ledger_entry *entry, struct failure *failure)
{
    for (size_t i = at; i-- > 0;)
        if (memcmp(lessons[i].identity, lessons[at].identity, LEDGER_IDENTITY) == 0) {
            *entry = lessons[i].entry;
            return lessons[i].retract ? 0 : 1;
        }
    return change_find(tables, meta, lessons[at].identity, entry, failure);
}

static bool entries_equal(const uint8_t identity[16], const struct ledger_entry *a, const struct ledger_entry *b)
{
    struct ledger_slot packed_a, packed_b;
    ledger_pack(identity, a, &packed_a);
    ledger_pack(identity, b, &packed_b);
    return memcmp(&packed_a, &packed_b, sizeof packed_a) == 0;
}

bool change_check(struct tables *tables, const struct meta_row *meta, const struct lesson *lessons, size_t count,
                  struct failure *failure)
{
    for (size_t i = 0; i < count; i++) {
        struct ledger_entry known;
        if (!lesson_is_well_formed(&lessons[i]))
            return failure_set(failure, FAILURE_DEFECT, "a lesson with numbers out of their bounds or twice the same");
        int found = find_before(tables, meta, lessons, i, &known, failure);
        if (found < 0)
            return false;
        if (!lessons[i].retract && found)
            return failure_set(failure, FAILURE_DEFECT, "a lesson about a message that is in the ledger");
        if (lessons[i].retract && (!found || !entries_equal(lessons[i].identity, &known, &lessons[i].entry)))
            return failure_set(failure, FAILURE_DEFECT, "a retraction of a lesson that is not in the ledger");
    }
    return true;
}
