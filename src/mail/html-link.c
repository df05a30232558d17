/* html-link.c - the addresses in an HTML document, made whole */
#include "mail/html-link.h"

#include "mail/entity.h"
#include "util/limits.h"
#include "util/utf8.h"

static bool is_dropped(char byte)
{
    return byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span trim_controls(struct span text)
{
    while (text.length && (unsigned char)text.data[0] <= ' ')
        text = span_from(text, 1);
    while (text.length && (unsigned char)text.data[text.length - 1] <= ' ')
        text.length--;
    return text;
}

struct span html_link_clean(struct span written, struct arena *arena)
{
    /* Long data: URLs are not decoded whole to be cut then. */
    struct span text = entity_decode_all(utf8_head(written, 2 * LIMIT_URL_BYTES), true, arena);
    text = utf8_head(trim_controls(text), LIMIT_URL_BYTES);
    if (!text.length || (!memchr(text.data, '\n', text.length) && !memchr(text.data, '\r', text.length) &&
                         !memchr(text.data, '\t', text.length)))
        return text;
    char *copy = arena_alloc(arena, text.length);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++)
        if (!is_dropped(text.data[i]))
            copy[length++] = text.data[i];
    return span_make(copy, length);
}

bool html_link_encodes_letters(struct span written)
{
    written = span_head(written, LIMIT_URL_BYTES);
    for (size_t at = span_find_byte(written, '&'); at < written.length;) {
        struct span reference = span_from(written, at);
        char decoded[ENTITY_BYTES], lower;
        size_t length, used = entity_decode(reference, true, decoded, &length);
        lower = (char)(used && length == 1 ? decoded[0] | 0x20 : ' ');
        bool is_word = (lower >= 'a' && lower <= 'z') || (used && decoded[0] >= '0' && decoded[0] <= '9');
        if (used > 1 && reference.data[1] == '#' && is_word)
            return true;
        at += used ? used : 1;
        at += span_find_byte(span_from(written, at), '&');
    }
    return false;
}

/* The length of "scheme:", 0 when there is none. */
static size_t scheme_length(struct span target)
{
    for (size_t i = 0; i < target.length; i++) {
        char byte = target.data[i], lower = (char)(byte | 0x20);
        if (byte == ':')
            return i ? i + 1 : 0;
        bool letter = lower >= 'a' && lower <= 'z';
        if (!letter && (i == 0 || !((byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '.')))
            return 0;
    }
    return 0;
}

bool html_link_has_scheme(struct span target)
{
    return scheme_length(target) > 0;
}

/* How much of `base` stays before a target of this form: "//host", "/path", "?query", "#fragment" or "path". */
static size_t kept_of_base(struct span base, struct span target)
{
    size_t scheme = scheme_length(base);
    if (target.length >= 2 && target.data[0] == '/' && target.data[1] == '/')
        return scheme;
    size_t fragment = span_find_byte(base, '#'), query = span_find_byte(span_head(base, fragment), '?');
    if (target.data[0] == '#')
        return fragment;
    if (target.data[0] == '?')
        return query;
    size_t host = scheme;
    while (host < query && base.data[host] == '/' && host < scheme + 2)
        host++;
    size_t path = host + span_find_byte(span_make(base.data + host, query - host), '/');
    if (target.data[0] == '/')
        return path;
    while (query > path && base.data[query - 1] != '/')
        query--;
    return query;
}

struct span html_link_join(struct span target, struct span base, struct arena *arena)
{
    if (!base.length || !target.length || html_link_has_scheme(target) || !html_link_has_scheme(base))
        return target;
    size_t kept = kept_of_base(base, target);
    bool slash = kept == base.length && target.data[0] != '/' && target.data[0] != '?' && target.data[0] != '#' &&
                 base.data[base.length - 1] != '/';
    char *joined = arena_alloc(arena, kept + slash + target.length);
    memcpy(joined, base.data, kept);
    if (slash)
        joined[kept] = '/';
    memcpy(joined + kept + slash, target.data, target.length);
    return utf8_head(span_make(joined, kept + slash + target.length), LIMIT_URL_BYTES);
}
