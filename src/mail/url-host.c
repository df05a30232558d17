/* url-host.c - the host of a URL as a browser understands it; no other file includes libidn2 and libpsl */
#include "mail/url-host.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <libpsl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "mail/url.h"
#include "util/buffer.h"

/* RFC 1035 allows 253; in UTF-8 or percent-encoded a name may be written longer. */
#define NAME_BYTES 253
#define WRITTEN_BYTES 2048

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static struct span percent_decoded(struct span text, struct arena *arena)
{
    struct buffer out = buffer_new(arena, text.length);
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte == '%' && i + 2 < text.length && hex_digit(text.data[i + 1]) >= 0 &&
            hex_digit(text.data[i + 2]) >= 0) {
            byte = (char)(hex_digit(text.data[i + 1]) * 16 + hex_digit(text.data[i + 2]));
            i += 2;
        }
        buffer_append_byte(&out, byte);
    }
    return buffer_span(&out);
}

static bool is_ascii(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

/* "Forbidden domain code points" of the standard. */
static bool is_forbidden(char byte)
{
    return (unsigned char)byte <= ' ' || byte == 0x7F || strchr("#/:<>?@[\\]^|%", byte);
}

/* UTS #46, non-transitional, as browsers do; false when libidn2 refuses the name. */
static bool to_ascii(struct span text, struct arena *arena, struct span *ascii)
{
    char name[WRITTEN_BYTES + 1];
    if (memchr(text.data, '\0', text.length))
        return false;
    memcpy(name, text.data, text.length);
    name[text.length] = '\0';
    uint8_t *found = NULL;
    int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL | IDN2_ALLOW_UNASSIGNED;
    int status = idn2_lookup_u8((const uint8_t *)name, &found, flags);
    if (status == IDN2_OK)
        *ascii = arena_copy(arena, span_of((const char *)found));
    idn2_free(found);
    return status == IDN2_OK;
}

/* One number of an IPv4 address: decimal, octal behind 0, hex behind 0x. */
static bool read_number(struct span text, uint64_t *number)
{
    unsigned base = 10;
    if (text.length >= 2 && text.data[0] == '0' && (text.data[1] == 'x' || text.data[1] == 'X')) {
        base = 16;
        text = span_from(text, 2);
    } else if (text.length >= 2 && text.data[0] == '0') {
        base = 8;
        text = span_from(text, 1);
    }
    *number = 0;
    for (size_t i = 0; i < text.length; i++) {
        int digit = hex_digit(text.data[i]);
        if (digit < 0 || (unsigned)digit >= base)
            return false;
        *number = *number > UINT32_MAX ? *number : *number * base + (unsigned)digit;
    }
    return true;
}

struct span url_host_last_label(struct span name)
{
    size_t start = name.length;
    while (start > 0 && name.data[start - 1] != '.')
        start--;
    return span_from(name, start);
}

/* "Ends in a number": then it is an IPv4 address or nothing. */
static bool ends_in_number(struct span name)
{
    struct span label = url_host_last_label(name);
    bool digits_only = label.length > 0;
    for (size_t i = 0; i < label.length; i++)
        digits_only &= label.data[i] >= '0' && label.data[i] <= '9';
    uint64_t number;
    bool is_hex = label.length >= 2 && label.data[0] == '0' && label.data[1] == 'x';
    return digits_only || (is_hex && read_number(label, &number));
}

/* One to four numbers; the last one fills the bytes that are left: 127.1 is 127.0.0.1. */
static bool read_ipv4(struct span name, uint32_t *address)
{
    uint64_t numbers[4];
    unsigned count = 0;
    for (;;) {
        size_t dot = span_find_byte(name, '.');
        struct span label = span_head(name, dot);
        if (count == 4 || label.length == 0 || !read_number(label, &numbers[count]))
            return false;
        count++;
        if (dot == name.length)
            break;
        name = span_from(name, dot + 1);
    }
    uint64_t value = 0;
    for (unsigned i = 0; i + 1 < count; i++) {
        if (numbers[i] > 255)
            return false;
        value |= numbers[i] << (24 - 8 * i);
    }
    if (numbers[count - 1] >= UINT64_C(1) << (8 * (5 - count)))
        return false;
    *address = (uint32_t)(value | numbers[count - 1]);
    return true;
}

static bool read_ipv6(struct span text, struct arena *arena, struct url_host *host)
{
    char written[64];
    struct in6_addr address;
    if (text.length < 2 || text.length - 1 > sizeof written || text.data[text.length - 1] != ']')
        return false;
    memcpy(written, text.data + 1, text.length - 2);
    written[text.length - 2] = '\0';
    if (inet_pton(AF_INET6, written, &address) != 1)
        return false;
    char canonical[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &address, canonical, sizeof canonical);
    host->name = arena_copy(arena, span_of(canonical));
    host->is_address = true;
    return true;
}

static struct span lower_case(struct span text, struct arena *arena)
{
    struct span copy = arena_copy(arena, text);
    char *bytes = (char *)copy.data;
    for (size_t i = 0; i < copy.length; i++)
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] + ('a' - 'A'));
    return copy;
}

static bool has_punycode_label(struct span name)
{
    for (size_t i = 0; i < name.length; i++)
        if ((i == 0 || name.data[i - 1] == '.') && span_starts_nocase(span_from(name, i), "xn--"))
            return true;
    return false;
}

/* A name in lower-case ASCII: address in disguise, or a domain name. */
static bool judge_name(struct span name, struct arena *arena, struct url_host *host)
{
    if (name.length && name.data[name.length - 1] == '.')
        name.length--;
    if (name.length == 0 || name.length > NAME_BYTES)
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (is_forbidden(name.data[i]))
            return false;
    host->name = name;
    host->is_international = has_punycode_label(name);
    if (!ends_in_number(name))
        return true;
    uint32_t address;
    if (!read_ipv4(name, &address))
        return false;
    char dotted[16];
    snprintf(dotted, sizeof dotted, "%u.%u.%u.%u", address >> 24, (address >> 16) & 255, (address >> 8) & 255,
             address & 255);
    host->is_address = true;
    host->was_obfuscated |= !span_is(name, dotted);
    host->name = arena_copy(arena, span_of(dotted));
    return true;
}

bool url_host_read(struct span text, struct arena *arena, struct url_host *host)
{
    *host = (struct url_host){ .is_address = false };
    if (text.length == 0 || text.length > WRITTEN_BYTES)
        return false;
    if (text.data[0] == '[')
        return read_ipv6(text, arena, host);
    if (span_find_byte(text, '%') < text.length) {
        text = percent_decoded(text, arena);
        host->was_obfuscated = true;
    }
    struct span name = text;
    if (is_ascii(text))
        name = lower_case(text, arena);
    else if (!to_ascii(text, arena, &name))
        return false;
    if (!judge_name(name, arena, host))
        return false;
    if (!is_ascii(text) && !host->is_international)
        host->was_obfuscated = true; /* an ASCII name written in full-width or with invisible characters */
    return true;
}

static bool is_address_text(struct span host)
{
    return span_find_byte(host, ':') < host.length || ends_in_number(host);
}

static size_t count_dots(struct span text)
{
    size_t dots = 0;
    for (size_t i = 0; i < text.length; i++)
        dots += text.data[i] == '.';
    return dots;
}

struct span url_host_unicode(struct span host, struct arena *arena)
{
    if (host.length > NAME_BYTES || !has_punycode_label(host))
        return host;
    struct span name = arena_copy(arena, host);
    char *shown = NULL;
    if (idn2_to_unicode_8z8z(name.data, &shown, IDN2_NONTRANSITIONAL) == IDN2_OK)
        host = arena_copy(arena, span_of(shown));
    idn2_free(shown);
    return host;
}

/* A name of one or two labels is its own registrable domain, or has none: no need to ask. */
struct span url_registrable_domain(struct span host)
{
    char name[NAME_BYTES + 1];
    if (host.length > NAME_BYTES || count_dots(host) < 2 || is_address_text(host) ||
        memchr(host.data, '\0', host.length))
        return host;
    memcpy(name, host.data, host.length);
    name[host.length] = '\0';
    const char *domain = psl_registrable_domain(psl_builtin(), name);
    return domain ? span_from(host, (size_t)(domain - name)) : host;
}

bool url_host_is_top_level(struct span name)
{
    char label[64];
    if (name.length < 2 || name.length >= sizeof label || memchr(name.data, '\0', name.length))
        return false;
    memcpy(label, name.data, name.length);
    label[name.length] = '\0';
    return psl_is_public_suffix2(psl_builtin(), label, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}
