/* url-host.h - the host of a URL as a browser understands it; the only door to libidn2 and libpsl
 *
 * The host parser of the WHATWG URL standard (section 3.5).  Names of plain ASCII never come near libidn2.
 */
#ifndef TAMIS_MAIL_URL_HOST_H
#define TAMIS_MAIL_URL_HOST_H

#include <stdbool.h>

#include "util/arena.h"
#include "util/span.h"

struct url_host {
    struct span name;      /* as struct url.host */
    bool is_address;
    bool was_obfuscated;
    bool is_international;
};

/* Reads the host of an http, https or ftp URL (between userinfo and port); false when a browser refuses it. */
bool url_host_read(struct span text, struct arena *arena, struct url_host *host);

/* What stands behind the last dot of a name; all of it when it has none. */
struct span url_host_last_label(struct span name);

/* Is `name` (one label) a top-level domain of the Public Suffix List? */
bool url_host_is_top_level(struct span name);

#endif
