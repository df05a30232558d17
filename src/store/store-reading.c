/* store-reading.c - what an open store says: totals, scales, weights, pairs and the ledger */
#include "config.h"

#include <string.h>

#include "store/change.h"
#include "store/store-inside.h"
#include "store/tables.h"

bool store_read_totals(struct store *store, struct totals *totals, struct failure *failure)
{
    if (!store->tables)
        return store_fail_without_tables(store, failure);
    const struct meta_row *meta = &store->meta;
    *totals = (struct totals){ .lessons = { meta->lessons[0], meta->lessons[1] },
                               .pair_lessons = { meta->pair_lessons[0], meta->pair_lessons[1] },
                               .sequence = meta->sequence,
                               .last_lesson = { meta->last_lesson[0], meta->last_lesson[1] },
                               .run = meta->run,
                               .run_label = meta->run_label ? LABEL_SPAM : LABEL_HAM };
    return true;
}

static bool read_scales(struct store *store, void *context, struct failure *failure)
{
    struct scales *scales = context;
    for (uint32_t learner = 0; learner < STORE_LEARNERS; learner++) {
        struct scale_row row;
        if (!tables_get(store->tables, TABLE_WEIGHTS, SCALE_ROW + learner, store->meta.key, &row, failure))
            return false;
        memcpy(scales->counts[learner], row.counts, sizeof row.counts);
    }
    return true;
}

bool store_read_scales(struct store *store, struct scales *scales, struct failure *failure)
{
    return store_run(store, read_scales, scales, failure);
}

struct weights_wanted {
    const uint32_t *slots;
    size_t count;
    int16_t *weights;
};

static bool read_weights(struct store *store, void *context, struct failure *failure)
{
    const struct weights_wanted *wanted = context;
    uint32_t number = UINT32_MAX;
    struct weight_row room;
    const char *row = NULL;
    for (size_t i = 0; i < wanted->count; i++) {
        if (wanted->slots[i] / WEIGHTS_PER_ROW != number) {
            number = wanted->slots[i] / WEIGHTS_PER_ROW;
            row = tables_look(store->tables, TABLE_WEIGHTS, number, store->meta.key, &room, failure);
            if (!row)
                return false;
        }
        size_t place = wanted->slots[i] % WEIGHTS_PER_ROW * sizeof(int16_t);
        memcpy(&wanted->weights[i], row + offsetof(struct weight_row, weights) + place, sizeof(int16_t));
    }
    return true;
}

bool store_read_weights(struct store *store, const uint32_t *slots, size_t count, int16_t *weights,
                        struct failure *failure)
{
    struct weights_wanted wanted = { slots, count, weights };
    return store_run(store, read_weights, &wanted, failure);
}

struct pairs_wanted {
    const uint32_t *pairs;
    size_t count;
    struct pair_counts *counts;
};

/* Sorted hashes come row by row, so that each row is read once. */
static bool read_pairs(struct store *store, void *context, struct failure *failure)
{
    const struct pairs_wanted *wanted = context;
    uint32_t rows = store->meta.pair_rows, number = UINT32_MAX;
    struct pair_row row, room;
    if (!tables_fetch_pairs(store->tables, wanted->pairs, wanted->count, failure))
        return false;
    for (size_t i = 0; i < wanted->count; i++) {
        if (pair_row_of(wanted->pairs[i], rows) != number) {
            number = pair_row_of(wanted->pairs[i], rows);
            const void *found = tables_look(store->tables, TABLE_PAIRS, number, store->meta.key, &room, failure);
            if (!found)
                return false;
            memcpy(&row, found, sizeof row);
        }
        const struct pair_slot *slot = pair_find(&row, pair_check_of(wanted->pairs[i]));
        wanted->counts[i] = slot ? (struct pair_counts){ slot->spam, slot->ham } : (struct pair_counts){ 0, 0 };
    }
    return true;
}

bool store_read_pairs(struct store *store, const uint32_t *pairs, size_t count, struct pair_counts *counts,
                      struct failure *failure)
{
    struct pairs_wanted wanted = { pairs, count, counts };
    return store_run(store, read_pairs, &wanted, failure);
}

struct entry_wanted {
    const uint8_t *identity;
    struct ledger_entry *entry;
    int found;
};

static bool read_ledger(struct store *store, void *context, struct failure *failure)
{
    struct entry_wanted *wanted = context;
    wanted->found = change_find(store->tables, &store->meta, wanted->identity, wanted->entry, failure);
    return wanted->found >= 0;
}

int store_read_ledger(struct store *store, const uint8_t identity[16], struct ledger_entry *entry,
                      struct failure *failure)
{
    struct entry_wanted wanted = { identity, entry, -1 };
    return store_run(store, read_ledger, &wanted, failure) ? wanted.found : -1;
}

struct ledger_visit {
    bool (*visit)(void *context, const uint8_t identity[8], const struct ledger_entry *entry);
    void *context;
};

static bool visit_row(const struct ledger_visit *visit, const struct ledger_row *row)
{
    for (int i = 0; i < LEDGER_SLOTS && row->slots[i].flags & LEDGER_USED; i++) {
        struct ledger_entry entry;
        ledger_unpack(&row->slots[i], &entry);
        if (!visit->visit(visit->context, row->slots[i].identity, &entry))
            return false;
    }
    return true;
}

bool store_scan_ledger(struct store *store,
                       bool (*visit)(void *context, const uint8_t identity[8], const struct ledger_entry *entry),
                       void *context, struct failure *failure)
{
    const struct ledger_visit visiting = { visit, context };
    struct ledger_row row;
    if (!store->tables)
        return store_fail_without_tables(store, failure);
    for (uint32_t number = 0; number < store->meta.ledger_rows; number++) {
        if (!tables_get(store->tables, TABLE_LEDGER, number, store->meta.key, &row, failure))
            return false;
        if (!visit_row(&visiting, &row))
            break;
    }
    return true;
}
