/* sha1.h - SHA-1 (FIPS 180-4), to find again words that another filter keeps as hashes; not for keeping secrets
 *
 * From GLib, which is linked for GMime's sake; the only place that includes it by name.
 */
#ifndef TAMIS_UTIL_SHA1_H
#define TAMIS_UTIL_SHA1_H

#include <stdint.h>

#include "util/span.h"

void sha1(struct span text, uint8_t digest[20]);

#endif
