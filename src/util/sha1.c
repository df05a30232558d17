/* sha1.c - SHA-1, from GLib */
#include "util/sha1.h"

#include <glib.h>

void sha1(struct span text, uint8_t digest[20])
{
    gsize length = 20;
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(checksum, (const guchar *)text.data, (gssize)text.length);
    g_checksum_get_digest(checksum, digest, &length);
    g_checksum_free(checksum);
}
