/* html-link.h - the addresses in an HTML document, made whole */
#ifndef TAMIS_MAIL_HTML_LINK_H
#define TAMIS_MAIL_HTML_LINK_H

#include <stdbool.h>

#include "util/arena.h"
#include "util/span.h"

/* An attribute's value as a browser reads it as an address: references decoded, white space and control bytes at its
 * ends and TAB and line ends everywhere removed (WHATWG URL, section 4.4), at most LIMIT_URL_BYTES. */
struct span html_link_clean(struct span written, struct arena *arena);

/* `target` joined to the absolute address `base` when it is relative and base is not empty. */
struct span html_link_join(struct span target, struct span base, struct arena *arena);

/* Does the value hold letters or digits written as numeric references ("&#112;aypal.com")?  No program needs to; those
 * of '@', '/' and '=' are common. */
bool html_link_encodes_letters(struct span written);

/* Has it a scheme ("https:", "mailto:")? */
bool html_link_has_scheme(struct span target);

#endif
