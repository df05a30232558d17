/* target-url.c - URLs as a browser reads them: what is normal stays as it is */
#include "config.h"

#include "fuzz.h"

#include "mail/url.h"
#include "util/buffer.h"
#include "util/limits.h"
#include "util/utf8.h"

/* Lower case ASCII without what ends a host. */
static bool is_host(struct span host)
{
    for (size_t i = 0; i < host.length; i++) {
        unsigned char byte = (unsigned char)host.data[i];
        if (byte <= ' ' || byte >= 0x7F || (byte >= 'A' && byte <= 'Z') || strchr("/?#@\\<>", byte))
            return false;
    }
    return true;
}

/* The host that was read, written as a URL again, is read as itself and is not obfuscated any more. */
static void check_again(const struct url *url, struct arena *arena)
{
    struct buffer text = buffer_new(arena, 2 * LIMIT_URL_BYTES);
    struct url again;
    bool is_v6 = span_find_byte(url->host, ':') < url->host.length;
    buffer_append_string(&text, is_v6 ? "http://[" : "http://");
    buffer_append(&text, url->host);
    buffer_append_string(&text, is_v6 ? "]/" : "/");
    fuzz_require(url_parse(buffer_span(&text), arena, &again));
    fuzz_require(span_equal(again.host, url->host));
    fuzz_require(again.host_is_address == url->host_is_address);
    fuzz_require(!again.host_was_obfuscated);
}

static void check_url(const struct url *url, struct arena *arena)
{
    struct span domain = url_registrable_domain(url->host);
    fuzz_require(url->text.length <= LIMIT_URL_BYTES);
    fuzz_require(url->port >= -1 && url->port <= 65535);
    fuzz_require(utf8_is_valid(url_host_unicode(url->host, arena)));
    fuzz_require(domain.length <= url->host.length);
    if (!url_is_web(url))
        return;
    fuzz_require(is_host(url->host));
    fuzz_require(span_ends_nocase(url->host, fuzz_string(domain, arena)));
    /* Of several final dots one is dropped each time. */
    if (url->host.length && url->host.data[url->host.length - 1] != '.')
        check_again(url, arena);
}

FUZZ_TARGET(url, "URLs are read, and found in text")
{
    struct buffer text = buffer_new(arena, LIMIT_PART_TEXT);
    struct url url;
    size_t count;
    utf8_append_repaired(&text, input);
    if (url_parse(buffer_span(&text), arena, &url))
        check_url(&url, arena);
    struct url_set *set = url_set_new(arena);
    url_set_find(set, buffer_span(&text));
    const struct url *items = url_set_items(set, &count);
    fuzz_require(count <= LIMIT_URLS);
    for (size_t i = 0; i < count; i++)
        check_url(&items[i], arena);
}
