/* url.h - URLs as a browser reads them
 *
 * The WHATWG URL standard as far as scheme, userinfo, host and port go: TAB and line ends are dropped, '\' is '/' in special schemes,
 * hosts are percent-decoded, NFKC-mapped and IDNA-processed (libidn2), IPv4 in octal, hex, short and one-number forms is
 * an address.  curl and uriparser read these otherwise than browsers do, which is what senders of phishing count on.
 */
#ifndef TAMIS_MAIL_URL_H
#define TAMIS_MAIL_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

struct url {
    struct span text;     /* as found, cleaned of TAB and line ends */
    struct span scheme;   /* lower case, without ':' */
    struct span host;     /* lower case ASCII (punycode), IPv4 in dotted form, IPv6 without brackets; may be empty */
    struct span path;     /* from the first '/', with query and fragment; may be empty */
    struct span userinfo; /* before the '@'; empty when there is none */
    int port;             /* -1: none given */
    bool host_is_address;     /* an IPv4 or IPv6 address in any form */
    bool host_was_obfuscated; /* number in a form other than dotted decimal, percent-encoded, full-width, entity */
    bool host_is_international; /* a label in punycode or outside ASCII */
};

/* Parses one URL.  False when a browser would not follow it as absolute URL. */
bool url_parse(struct span text, struct arena *arena, struct url *url);

/* Finds URLs in plain text: with a scheme (http, https, ftp), and bare "www." or host/path names as mail programs link them.  Appends
 * up to the room left in `urls` (capacity `capacity`, `*count` used so far). */
void url_find(struct span text, struct arena *arena, struct url *urls, size_t capacity, size_t *count);

/* The registrable domain of a host ("example.co.uk" of "a.b.example.co.uk") by the Public Suffix List (libpsl); the host itself
 * when it has none or is an address. */
struct span url_registrable_domain(struct span host);

#endif
