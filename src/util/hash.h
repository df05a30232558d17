/* hash.h - hashing; the only place that includes xxhash
 *
 * XXH3 (https://github.com/Cyan4973/xxHash, BSD-2-Clause, header-only use): checksums of stored rows and journal
 * records, identities of messages, slots of tokens.  Seeds keep one user's hashes apart from another's; none of this is
 * cryptography.
 */
#ifndef TAMIS_UTIL_HASH_H
#define TAMIS_UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t hash_bytes(const void *data, size_t length, uint64_t seed)
{
    return XXH3_64bits_withSeed(data, length, seed);
}

/* 128 bits, for identities. */
static inline void hash_identity(const void *data, size_t length, uint64_t seed, uint8_t out[16])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(data, length, seed));
    for (size_t i = 0; i < 16; i++)
        out[i] = canonical.digest[i];
}

/* FNV-1a (Fowler, Noll, Vo 1991), for what is short and met byte by byte: one multiplication each. */
#define HASH_WORD_START UINT64_C(14695981039346656037)

static inline uint64_t hash_word_byte(uint64_t hash, uint8_t byte)
{
    return (hash ^ byte) * UINT64_C(1099511628211);
}

/* Spreads the bits of one 64-bit value (the finaliser of SplitMix64, Steele, Lea, Flood 2014). */
static inline uint64_t hash_mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/* A seed that nobody outside knows, never 0.  Before the system has gathered randomness, at its very start, any will
 * do. */
static inline uint64_t hash_new_key(void)
{
    uint64_t key = 0;
    if (getrandom(&key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key || key == 0)
        key = (uint64_t)getpid() << 32 | 1;
    return key;
}

#endif
