/* stores.h - checksums of the store's files, so that what lies behind them is reached (store/record.h draws the bytes)
 *
 * A fuzzer does not guess 64 bits.  Targets over sealed files take the bytes without their sums, and put these in.
 */
#ifndef TAMIS_TESTS_FUZZ_STORES_H
#define TAMIS_TESTS_FUZZ_STORES_H

#include <stdint.h>
#include <string.h>

#include "fuzz.h"
#include "store/directory.h"
#include "store/record.h"
#include "util/buffer.h"
#include "util/hash.h"

#define STORES_KEY UINT64_C(0xFEEDFACE12345678)

static inline struct directory stores_open(void)
{
    struct directory directory;
    enum store_state state;
    struct failure failure = { 0 };
    fuzz_require(directory_open(&directory, fuzz_scratch(), true, &state, &failure));
    return directory;
}

static inline void stores_put(struct buffer *out, uint64_t value, size_t size)
{
    buffer_append(out, span_make((const char *)&value, size)); /* the machine's order, as in the files */
}

#endif
