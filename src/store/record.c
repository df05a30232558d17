/* record.c - checksums, and changes to single rows */
#include "store/record.h"

#include <string.h>

#include "util/hash.h"
#include "util/sum.h"

const uint32_t table_row_bytes[TABLE_COUNT] = {
    [TABLE_WEIGHTS] = sizeof(struct weight_row),
    [TABLE_PAIRS] = sizeof(struct pair_row),
    [TABLE_LEDGER] = sizeof(struct ledger_row),
    [TABLE_HISTORY] = sizeof(struct history_row),
    [TABLE_COMPANION] = sizeof(struct companion_row),
};

static const char meta_magic[8] = { 't', 'a', 'm', 'i', 's', 'm', 'e', 't' };

/* --- checksums ---------------------------------------------------------------------------------------------------- */

static uint64_t seed_of(enum table table, uint32_t number, uint64_t key)
{
    bool holds_key = table == TABLE_WEIGHTS && number == META_ROW;
    return hash_mix((holds_key ? 0 : key) ^ ((uint64_t)(table + 1) << 56 | number));
}

static uint64_t checksum_of(const void *row, enum table table, uint32_t number, uint64_t key)
{
    const char *body = (const char *)row + sizeof(uint64_t);
    uint64_t seed = seed_of(table, number, key);
    switch (table) {
    case TABLE_PAIRS: return hash_bytes(body, sizeof(struct pair_row) - sizeof(uint64_t), seed);
    case TABLE_LEDGER: return hash_bytes(body, sizeof(struct ledger_row) - sizeof(uint64_t), seed);
    case TABLE_HISTORY: return hash_bytes(body, sizeof(struct history_row) - sizeof(uint64_t), seed);
    default: return sum_bytes(body, sizeof(struct weight_row) - sizeof(uint64_t), seed);
    }
}

void record_seal(void *row, enum table table, uint32_t number, uint64_t key)
{
    uint64_t checksum = checksum_of(row, table, number, key);
    memcpy(row, &checksum, sizeof checksum);
}

bool record_is_sound(const void *row, enum table table, uint32_t number, uint64_t key)
{
    uint64_t checksum;
    memcpy(&checksum, row, sizeof checksum);
    return checksum == checksum_of(row, table, number, key);
}

bool record_is_empty(const void *row, enum table table)
{
    const char *body = (const char *)row + sizeof(uint64_t);
    size_t length = table_row_bytes[table] - sizeof(uint64_t);
    return body[0] == 0 && memcmp(body, body + 1, length - 1) == 0;
}

/* --- pairs -------------------------------------------------------------------------------------------------------- */

/* -1: not there. */
static inline int pair_index(const struct pair_row *row, uint16_t check)
{
    for (int i = 0; i < PAIR_SLOTS; i++)
        if (row->slots[i].check == check && pair_slot_used(&row->slots[i]))
            return i;
    return -1;
}

const struct pair_slot *pair_find(const struct pair_row *row, uint16_t check)
{
    int at = pair_index(row, check);
    return at < 0 ? NULL : &row->slots[at];
}

static int pair_used(const struct pair_row *row)
{
    int used = 0;
    while (used < PAIR_SLOTS && pair_slot_used(&row->slots[used]))
        used++;
    return used;
}

static void pair_remove(struct pair_row *row, int at)
{
    memmove(&row->slots[at], &row->slots[at + 1], (size_t)(PAIR_SLOTS - 1 - at) * sizeof row->slots[0]);
    row->slots[PAIR_SLOTS - 1] = (struct pair_slot){ 0 };
}

/* Which slot of a full row is worth least: the lowest sum, then the oldest, then the first. */
static int pair_victim(const struct pair_row *row, uint16_t today)
{
    int victim = 0;
    for (int i = 1; i < PAIR_SLOTS; i++) {
        const struct pair_slot *slot = &row->slots[i], *worst = &row->slots[victim];
        int sum = slot->spam + slot->ham, worst_sum = worst->spam + worst->ham;
        uint16_t age = (uint16_t)(today - slot->day), worst_age = (uint16_t)(today - worst->day);
        if (sum < worst_sum || (sum == worst_sum && age > worst_age))
            victim = i;
    }
    return victim;
}

/* Makes room for a check that is not there; gives the slot's place.  The hole that is left by the victim, or stands
 * behind the last slot, moves to where the check belongs. */
static int pair_insert(struct pair_row *row, uint16_t check, uint16_t day)
{
    struct pair_slot *slots = row->slots;
    int used = pair_used(row);
    int hole = used == PAIR_SLOTS ? pair_victim(row, day) : used;
    for (; hole > 0 && slots[hole - 1].check > check; hole--)
        slots[hole] = slots[hole - 1];
    for (; hole + 1 < used && slots[hole + 1].check < check; hole++)
        slots[hole] = slots[hole + 1];
    slots[hole] = (struct pair_slot){ .check = check, .day = day };
    return hole;
}

void pair_add(struct pair_row *row, uint16_t check, enum label label, uint16_t day)
{
    int at = pair_index(row, check);
    if (at < 0)
        at = pair_insert(row, check, day);
    uint16_t *count = label == LABEL_SPAM ? &row->slots[at].spam : &row->slots[at].ham;
    if (*count < UINT16_MAX)
        (*count)++;
}

void pair_take(struct pair_row *row, uint16_t check, enum label label)
{
    int at = pair_index(row, check);
    if (at < 0)
        return;
    uint16_t *count = label == LABEL_SPAM ? &row->slots[at].spam : &row->slots[at].ham;
    if (*count > 0 && *count < UINT16_MAX)
        (*count)--;
    if (!pair_slot_used(&row->slots[at]))
        pair_remove(row, at);
}

/* --- weights ------------------------------------------------------------------------------------------------------ */

int16_t weight_add(int16_t weight, int step)
{
    int sum = weight + step;
    return (int16_t)(sum > INT16_MAX ? INT16_MAX : sum < -INT16_MAX ? -INT16_MAX : sum);
}

/* --- ledger ------------------------------------------------------------------------------------------------------- */

uint32_t ledger_row_of(const uint8_t identity[LEDGER_IDENTITY], uint64_t key, uint32_t rows)
{
    uint64_t start;
    memcpy(&start, identity, sizeof start);
    return (uint32_t)hash_mix(start ^ key) & (rows - 1);
}

static int ledger_used(const struct ledger_row *row)
{
    int used = 0;
    while (used < LEDGER_SLOTS && row->slots[used].flags & LEDGER_USED)
        used++;
    return used;
}

const struct ledger_slot *ledger_find(const struct ledger_row *row, const uint8_t identity[LEDGER_IDENTITY])
{
    for (int i = 0; i < LEDGER_SLOTS && row->slots[i].flags & LEDGER_USED; i++)
        if (memcmp(row->slots[i].identity, identity, LEDGER_IDENTITY) == 0)
            return &row->slots[i];
    return NULL;
}

static void ledger_remove_at(struct ledger_row *row, int at)
{
    memmove(&row->slots[at], &row->slots[at + 1], (size_t)(LEDGER_SLOTS - 1 - at) * sizeof row->slots[0]);
    row->slots[LEDGER_SLOTS - 1] = (struct ledger_slot){ 0 };
}

static int ledger_oldest(const struct ledger_row *row)
{
    int oldest = 0;
    for (int i = 1; i < LEDGER_SLOTS; i++)
        if (row->slots[i].when < row->slots[oldest].when)
            oldest = i;
    return oldest;
}

bool ledger_add(struct ledger_row *row, const struct ledger_slot *slot)
{
    int used = ledger_used(row);
    bool full = used == LEDGER_SLOTS;
    if (full) {
        ledger_remove_at(row, ledger_oldest(row));
        used--;
    }
    int at = 0;
    while (at < used && memcmp(row->slots[at].identity, slot->identity, LEDGER_IDENTITY) < 0)
        at++;
    memmove(&row->slots[at + 1], &row->slots[at], (size_t)(used - at) * sizeof row->slots[0]);
    row->slots[at] = *slot;
    return !full;
}

bool ledger_remove(struct ledger_row *row, const uint8_t identity[LEDGER_IDENTITY])
{
    const struct ledger_slot *slot = ledger_find(row, identity);
    if (slot)
        ledger_remove_at(row, (int)(slot - row->slots));
    return slot != NULL;
}

int64_t ledger_seconds(int64_t when)
{
    return when < 0 ? 0 : when > UINT32_MAX ? UINT32_MAX : when;
}

void ledger_pack(const uint8_t identity[LEDGER_IDENTITY], const struct ledger_entry *entry, struct ledger_slot *slot)
{
    *slot = (struct ledger_slot){
        .when = (uint32_t)ledger_seconds(entry->when),
        .feature_check = entry->feature_check,
        .weight_step = entry->weight_step,
        .flags = (uint8_t)(LEDGER_USED | (entry->label == LABEL_SPAM ? LEDGER_SPAM : 0) |
                           (entry->pair_step ? LEDGER_STEPPED_PAIRS : 0) | (entry->source & 3) << LEDGER_SOURCE_SHIFT),
        .canon_version = entry->canon_version,
    };
    memcpy(slot->identity, identity, sizeof slot->identity);
    memcpy(slot->bins, entry->bins, sizeof slot->bins);
}

void ledger_unpack(const struct ledger_slot *slot, struct ledger_entry *entry)
{
    *entry = (struct ledger_entry){
        .label = slot->flags & LEDGER_SPAM ? LABEL_SPAM : LABEL_HAM,
        .source = (enum label_source)(slot->flags >> LEDGER_SOURCE_SHIFT & 3),
        .weight_step = slot->weight_step,
        .pair_step = slot->flags & LEDGER_STEPPED_PAIRS ? 1 : 0,
        .canon_version = slot->canon_version,
        .feature_check = slot->feature_check,
        .when = slot->when,
    };
    memcpy(entry->bins, slot->bins, sizeof entry->bins);
}

/* --- meta --------------------------------------------------------------------------------------------------------- */

void record_new_meta(struct meta_row *meta, uint64_t key, uint32_t pair_rows, uint32_t ledger_rows)
{
    *meta = (struct meta_row){ .version = RECORD_VERSION, .byte_order = RECORD_BYTE_ORDER, .key = key,
                               .pair_rows = pair_rows, .ledger_rows = ledger_rows };
    memcpy(meta->magic, meta_magic, sizeof meta->magic);
}

static bool is_power_of_two_within(uint32_t value, uint32_t least, uint32_t most)
{
    return value >= least && value <= most && (value & (value - 1)) == 0;
}

bool record_rows_are_possible(uint32_t pair_rows, uint32_t ledger_rows)
{
    return is_power_of_two_within(pair_rows, 1u << 8, 1u << 22) &&
           is_power_of_two_within(ledger_rows, LEDGER_ROWS_FIRST, LEDGER_ROWS_MOST);
}

bool record_meta_is_ours(const struct meta_row *meta)
{
    return memcmp(meta->magic, meta_magic, sizeof meta->magic) == 0 && meta->version == RECORD_VERSION &&
           meta->byte_order == RECORD_BYTE_ORDER && record_rows_are_possible(meta->pair_rows, meta->ledger_rows);
}

bool record_refuse_version(const char *what, uint32_t version, enum store_state *state, struct failure *failure)
{
    *state = version > RECORD_VERSION ? STORE_NEWER : STORE_OLDER;
    if (*state == STORE_NEWER)
        return failure_set(failure, FAILURE_DAMAGED,
                           "%s is of version %u, this program knows %u: use the newer tamis that wrote it", what,
                           version, RECORD_VERSION);
    return failure_set(failure, FAILURE_DAMAGED,
                       "%s is of version %u, this program knows %u: dump it with the older tamis that wrote it, and "
                       "load that into an empty directory", what, version, RECORD_VERSION);
}
