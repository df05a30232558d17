/* daybook-layout.h - the bytes of the daybook, as drawn in daybook.h, for the two files that read and write it */
#ifndef TAMIS_STORE_DAYBOOK_LAYOUT_H
#define TAMIS_STORE_DAYBOOK_LAYOUT_H

#include "store/daybook.h"
#include "store/slot-file.h"
#include "util/hash.h"

#define DAYBOOK_VERSION 1

struct daybook_header {
    char mark[8];
    uint32_t version, days, rules, relays;
    uint64_t key;
    int64_t last, began;
    struct daybook_counts counts;
    uint64_t sum;
};

struct day_slot {
    uint32_t day, zero;
    struct daybook_counts counts;
    uint64_t sum;
};

struct rule_month {
    uint16_t ham, unsure, spam, called_ham, called_spam;
};

struct rule_slot {
    char name[DAYBOOK_NAME];
    int32_t points;
    uint32_t month;
    struct rule_month months[DAYBOOK_MONTHS];
    uint16_t zero;
    uint32_t sum;
};

struct relay_month {
    uint16_t ham, spam;
};

struct relay_slot {
    struct network_address address;
    uint32_t month;
    struct relay_month months[DAYBOOK_MONTHS];
    uint32_t day;
    uint32_t sum;
};

_Static_assert(sizeof(struct daybook_counts) == 264 && sizeof(struct daybook_header) == 320 &&
                   sizeof(struct day_slot) == 280 && sizeof(struct rule_slot) == 192 && sizeof(struct relay_slot) == 80,
               "as drawn in daybook.h");

/* Where each part of the file begins. */
#define DAYBOOK_AT_DAYS sizeof(struct daybook_header)
#define DAYBOOK_AT_RULES (DAYBOOK_AT_DAYS + DAYBOOK_DAYS * sizeof(struct day_slot))
#define DAYBOOK_AT_RELAYS (DAYBOOK_AT_RULES + DAYBOOK_RULES * sizeof(struct rule_slot))
#define DAYBOOK_BYTES (DAYBOOK_AT_RELAYS + DAYBOOK_RELAYS * sizeof(struct relay_slot))

extern const struct slot_file_kind daybook_kind;

/* Sums over what stands before the sum, apart by key and place. */
static inline uint64_t day_sum(const struct day_slot *slot, uint64_t key, size_t place)
{
    return hash_bytes(slot, offsetof(struct day_slot, sum), key + place);
}

static inline uint32_t rule_sum(const struct rule_slot *slot, uint64_t key, size_t place)
{
    return (uint32_t)hash_bytes(slot, offsetof(struct rule_slot, sum), key + place);
}

static inline uint32_t relay_sum(const struct relay_slot *slot, uint64_t key, size_t place)
{
    return (uint32_t)hash_bytes(slot, offsetof(struct relay_slot, sum), key + place);
}

static inline bool rule_slot_is_sound(const struct rule_slot *slot, uint64_t key, size_t place)
{
    return slot->name[0] && slot->name[DAYBOOK_NAME - 1] == '\0' && slot->sum == rule_sum(slot, key, place);
}

static inline bool relay_slot_is_used(const struct relay_slot *slot)
{
    static const struct network_address nobody;
    return memcmp(&slot->address, &nobody, sizeof nobody) != 0;
}

static inline bool relay_slot_is_sound(const struct relay_slot *slot, uint64_t key, size_t place)
{
    return relay_slot_is_used(slot) && slot->sum == relay_sum(slot, key, place);
}

#endif
