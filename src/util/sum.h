/* sum.h - a checksum for large blocks that are read at every delivery
 *
 * Two kinds of sum over 64-bit lanes, four apart, as the fletcher4 checksum of ZFS (module/zcommon/zfs_fletcher.c
 * describes it), finished by XXH3: a quarter of an instruction a byte, where XXH3 takes one without AVX2.  It notices
 * any change of one lane and nearly every other; it is no protection from people.
 */
#ifndef TAMIS_UTIL_SUM_H
#define TAMIS_UTIL_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "util/hash.h"

typedef uint64_t sum_register __attribute__((vector_size(16))); /* of GCC and Clang: one register of SSE2 or NEON */

/* The checksum of a block of any length: whole steps are summed, the rest is hashed. */
static inline uint64_t sum_bytes(const void *bytes, size_t length, uint64_t seed)
{
    /* A step is two registers, which sum without waiting for each other. */
    sum_register step[2], sums[4] = { { 0 } };
    size_t whole = length - length % sizeof step;
    for (size_t at = 0; at < whole; at += sizeof step) {
        memcpy(step, (const char *)bytes + at, sizeof step);
        sums[0] += step[0];
        sums[1] += step[1];
        sums[2] += sums[0];
        sums[3] += sums[1];
    }
    uint64_t sum = hash_bytes(sums, sizeof sums, seed);
    return whole == length ? sum : hash_bytes((const char *)bytes + whole, length - whole, sum);
}

#endif
