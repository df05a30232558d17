/* sum.h - a checksum for large blocks that are read at every delivery
 *
 * Two kinds of sum over 64-bit lanes, four apart, as the fletcher4 checksum of ZFS (module/zcommon/zfs_fletcher.c describes
 * it), finished by XXH3: a quarter of an instruction a byte, where XXH3 takes one without AVX2.  It notices any change of one
 * lane and nearly every other; it is no protection from people.
 */
#ifndef TAMIS_UTIL_SUM_H
#define TAMIS_UTIL_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "util/hash.h"

typedef uint64_t sum_register __attribute__((vector_size(16))); /* of GCC and Clang: one register of SSE2 or NEON */

/* One step is two registers, which sum without waiting for each other. */
struct sum_step {
    sum_register even, odd;
};

/* Starts with zeros. */
struct sum_lanes {
    struct sum_step first, second;
};

/* A step out of memory, aligned or not; for callers that use the bytes as well. */
static inline struct sum_step sum_load(const void *bytes)
{
    struct sum_step step;
    memcpy(&step.even, bytes, sizeof step.even);
    memcpy(&step.odd, (const char *)bytes + sizeof step.even, sizeof step.odd);
    return step;
}

static inline void sum_add(struct sum_lanes *sums, const struct sum_step *step)
{
    sums->first.even += step->even;
    sums->first.odd += step->odd;
    sums->second.even += sums->first.even;
    sums->second.odd += sums->first.odd;
}

static inline uint64_t sum_finish(const struct sum_lanes *sums, uint64_t seed)
{
    return hash_bytes(sums, sizeof *sums, seed);
}

/* The checksum of a block of any length: whole steps are summed, the rest is hashed. */
static inline uint64_t sum_bytes(const void *bytes, size_t length, uint64_t seed)
{
    struct sum_lanes sums = { 0 };
    size_t whole = length - length % sizeof(struct sum_step);
    for (size_t at = 0; at < whole; at += sizeof(struct sum_step)) {
        struct sum_step step = sum_load((const char *)bytes + at);
        sum_add(&sums, &step);
    }
    uint64_t sum = sum_finish(&sums, seed);
    return whole == length ? sum : hash_bytes((const char *)bytes + whole, length - whole, sum);
}

#endif
