/* url.h - URLs as a browser reads them
 *
 * The WHATWG URL standard (https://url.spec.whatwg.org/) as far as scheme, userinfo, host and port go: TAB and line
 * ends are dropped, '\' is '/' in special schemes, hosts are percent-decoded, mapped by UTS #46 and IDNA-processed
 * (libidn2), IPv4 in octal, hex, short and one-number forms is an address.  curl and uriparser read these otherwise
 * than browsers do, which is what senders of phishing count on. Not as in a browser: emoji hosts, which libidn2
 * refuses, are no URLs here; one final dot of a host is dropped; no path is resolved.
 */
#ifndef TAMIS_MAIL_URL_H
#define TAMIS_MAIL_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

struct url {
    struct span text;     /* as found, cleaned of TAB and line ends; at most LIMIT_URL_BYTES */
    struct span scheme;   /* lower case, without ':' */
    struct span host;     /* lower case ASCII (punycode), IPv4 in dotted form, IPv6 without brackets; may be empty */
    struct span path;     /* behind host and port, with query and fragment; may be empty */
    struct span userinfo; /* before the '@'; empty when there is none */
    int port;             /* -1: none given */
    bool host_is_address;     /* an IPv4 or IPv6 address in any form */
    bool host_was_obfuscated; /* a number not in dotted decimal, percent-encoded, full-width or invisible characters */
    bool host_is_international; /* a label in punycode or outside ASCII */
};

/* Parses one URL.  False when a browser would not follow it as absolute URL.  Spans point into `text` or the arena. */
bool url_parse(struct span text, struct arena *arena, struct url *url);

/* Does it lead to a web page? */
static inline bool url_is_web(const struct url *url)
{
    return span_is(url->scheme, "http") || span_is(url->scheme, "https");
}

/* Distinct URLs, at most LIMIT_URLS, in the order in which they were added. */
struct url_set;

struct url_set *url_set_new(struct arena *arena);

/* Parses `text` and adds it, unless it is there, is no URL, leads nowhere in the web (mailto:, cid:, tel:...), or the
 * set is full. */
void url_set_add(struct url_set *set, struct span text);

/* Adds the URLs in plain text: with a scheme (http, https, ftp), and bare "www." or host/path names as mail programs
 * link them. */
void url_set_find(struct url_set *set, struct span text);

/* What is in it. */
const struct url *url_set_items(const struct url_set *set, size_t *count_r);

/* A host name with its punycode labels decoded, as a browser might show it: UTF-8.  The host itself when it has none or
 * they do not decode. */
struct span url_host_unicode(struct span host, struct arena *arena);

/* The registrable domain of a host ("example.co.uk" of "a.b.example.co.uk") by the Public Suffix List (libpsl); the
 * host itself when it has none or is an address.  A name of three or more labels costs some 20,000 instructions: ask
 * once for each host. */
struct span url_registrable_domain(struct span host);

#endif
