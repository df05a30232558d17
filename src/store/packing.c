/* packing.c - rows made small, by zlib; no other file includes it */
#include "config.h"

#include "store/packing.h"

#include <string.h>

#include <zlib.h>

/* No header and no checksum of zlib's own: whoever packs has better ones. */
#define RAW_DEFLATE (-15)
#define FASTEST 1
#define MEMORY_USUAL 8

/* Byte `k` of record `i` goes to place k * (number of records) + i; what is no whole record stays behind. */
static void shuffle(const unsigned char *bytes, size_t length, size_t record, unsigned char *out)
{
    size_t count = length / record;
    for (size_t k = 0; k < record; k++)
        for (size_t i = 0; i < count; i++)
            *out++ = bytes[i * record + k];
    memcpy(out, bytes + count * record, length - count * record);
}

static void unshuffle(const unsigned char *bytes, size_t length, size_t record, unsigned char *out)
{
    size_t count = length / record;
    for (size_t k = 0; k < record; k++)
        for (size_t i = 0; i < count; i++)
            out[i * record + k] = *bytes++;
    memcpy(out + count * record, bytes, length - count * record);
}

size_t packing_room(size_t length)
{
    return compressBound((uLong)length);
}

size_t packing_pack(const unsigned char *bytes, size_t length, size_t record, unsigned char *out, size_t room)
{
    unsigned char shuffled[PACKING_BYTES_MOST];
    z_stream stream = { .next_in = shuffled, .avail_in = (uInt)length, .next_out = out, .avail_out = (uInt)room };
    if (length > sizeof shuffled ||
        deflateInit2(&stream, FASTEST, Z_DEFLATED, RAW_DEFLATE, MEMORY_USUAL, Z_RLE) != Z_OK)
        return 0;
    shuffle(bytes, length, record, shuffled);
    int end = deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return end == Z_STREAM_END ? stream.total_out : 0;
}

bool packing_unpack(const unsigned char *packed, size_t packed_length, size_t record, unsigned char *bytes,
                    size_t length)
{
    unsigned char shuffled[PACKING_BYTES_MOST];
    z_stream stream = { .next_in = (z_const Bytef *)packed, .avail_in = (uInt)packed_length, .next_out = shuffled,
                        .avail_out = (uInt)length };
    if (length > sizeof shuffled || inflateInit2(&stream, RAW_DEFLATE) != Z_OK)
        return false;
    int end = inflate(&stream, Z_FINISH);
    bool whole = end == Z_STREAM_END && stream.total_out == length && stream.avail_in == 0;
    inflateEnd(&stream);
    if (whole)
        unshuffle(shuffled, length, record, bytes);
    return whole;
}
