/* grams.c - the slots of all 5-byte runs in a text, for learner A */
#include "learn/grams.h"

#include "store/store.h"
#include "util/hash.h"

#define GRAM_MASK ((UINT64_C(1) << (8 * GRAM_BYTES)) - 1)
#define SLOT_BITS 17
_Static_assert(STORE_WEIGHT_SLOTS == 1u << SLOT_BITS, "slots of learner A");

/* Multiplicative hashing by the golden ratio (Knuth, TAOCP 3, 6.4): the top bits of the product are well mixed. */
#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)

/* Reads the set bits in order: sorted and distinct without sorting. */
static size_t read_bits(const uint64_t *bits, size_t words, uint32_t *slots)
{
    size_t count = 0;
    for (size_t i = 0; i < words; i++)
        for (uint64_t word = bits[i]; word; word &= word - 1)
            slots[count++] = (uint32_t)(i * 64 + (size_t)__builtin_ctzll(word));
    return count;
}

const uint32_t *grams_draw(struct span text, uint64_t key, struct arena *arena, size_t *count_r)
{
    uint64_t *bits = arena_new_array(arena, uint64_t, STORE_WEIGHT_SLOTS / 64);
    uint64_t seed = hash_mix(key) & GRAM_MASK, gram = 0;
    for (size_t i = 0; i < text.length; i++) {
        gram = (gram << 8 | (uint8_t)text.data[i]) & GRAM_MASK;
        if (i + 1 < GRAM_BYTES)
            continue;
        uint64_t slot = (gram ^ seed) * GOLDEN >> (64 - SLOT_BITS);
        bits[slot / 64] |= UINT64_C(1) << slot % 64;
    }
    uint32_t *slots = arena_new_list(arena, uint32_t, text.length);
    *count_r = read_bits(bits, STORE_WEIGHT_SLOTS / 64, slots);
    return slots;
}
