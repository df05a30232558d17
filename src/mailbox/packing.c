/* packing.c - files of mail that hold no message as it was sent but one that was compressed or encrypted */
#include "mailbox/packing.h"

#include <stddef.h>
#include <string.h>

/* Lengths are counted, since there are NUL bytes in some. */
#define BEGINNING(text) text, sizeof text - 1

static const struct packing {
    const char *begins;
    size_t length;
    const char *name;
} packings[] = {
    { BEGINNING("\x1f\x8b"), "gzip" },
    { BEGINNING("BZh"), "bzip2" },
    { BEGINNING("\xfd" "7zXZ\0"), "xz" },
    { BEGINNING("\x28\xb5\x2f\xfd"), "zstd" },
    { BEGINNING("\x04\x22\x4d\x18"), "lz4" },
    { BEGINNING("LZIP\x01"), "lzip" },
    { BEGINNING("Dovecot-LZ4\r\x2a\x9b\xc5"), "Dovecot's lz4" },
    { BEGINNING("CRYPTED\x03\x07"), "Dovecot's mail_crypt" },
};

/* "BZh" alone could be text; a level and the first six digits of pi follow, or the end of an empty file. */
static bool is_text(const struct packing *packing, struct span bytes)
{
    return strcmp(packing->begins, "BZh") == 0
           && (bytes.length < 10 || bytes.data[3] < '1' || bytes.data[3] > '9'
               || (memcmp(bytes.data + 4, "\x31\x41\x59\x26\x53\x59", 6) != 0
                   && memcmp(bytes.data + 4, "\x17\x72\x45\x38\x50\x90", 6) != 0));
}

const char *packing_name(struct span bytes)
{
    for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++) {
        const struct packing *packing = &packings[i];
        if (bytes.length >= packing->length && memcmp(bytes.data, packing->begins, packing->length) == 0
            && !is_text(packing, bytes))
            return packing->name;
    }
    return NULL;
}

bool packing_none(struct span bytes, const char *path, struct failure *failure)
{
    const char *name = packing_name(bytes);
    return !name || failure_set(failure, FAILURE_INPUT, "%s is packed (%s): unpack it first", path, name);
}
