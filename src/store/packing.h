/* packing.h - rows made small, by zlib; no other file includes it
 *
 * Rows are arrays of small records, of whose numbers the upper bytes are mostly the same.  So the bytes are sorted
 * first: byte 0 of all records, then byte 1 of all, and so on (the "shuffle" of HDF5 and Blosc); then deflated
 * (RFC 1951) with runs as the only matches, which is as small and twice as fast here: a full table of pairs, 3.7 MB,
 * becomes 1.3 MB in 25 ms.  zlib because GMime brings it into every build anyway.
 */
#ifndef TAMIS_STORE_PACKING_H
#define TAMIS_STORE_PACKING_H

#include <stdbool.h>
#include <stddef.h>

/* What is packed at once. */
#define PACKING_BYTES_MOST ((size_t)64 * 1024)

/* Room that is always enough. */
size_t packing_room(size_t length);

/* Packs `length` bytes, records of `record` bytes, into `out`; gives the packed length, 0 when memory ran out. */
size_t packing_pack(const unsigned char *bytes, size_t length, size_t record, unsigned char *out, size_t room);

/* Unpacks what becomes `length` bytes exactly; false when it does not. */
bool packing_unpack(const unsigned char *packed, size_t packed_length, size_t record, unsigned char *bytes,
                    size_t length);

#endif
