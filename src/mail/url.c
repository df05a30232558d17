/* url.c - URLs as a browser reads them */
#include "mail/url.h"

#include <stdint.h>

#include "mail/url-host.h"
#include "util/buffer.h"
#include "util/hash.h"
#include "util/limits.h"

/* Slots of the hash table over LIMIT_URLS texts: a power of two, at least twice as many. */
#define SLOTS 1024
#define KNOWN_TOP_LEVELS 16

struct url_set {
    struct arena *arena;
    struct url *items;
    size_t count, room;
    uint16_t slots[SLOTS]; /* position in items plus 1 */
    struct {
        struct span name;
        bool is_top_level;
    } top_levels[KNOWN_TOP_LEVELS]; /* libpsl is asked once for each */
    size_t top_level_count;
    size_t words_looked_for; /* in names with letters outside ASCII, each of which libidn2 reads; up to LIMIT_URLS */
};

/* Schemes with a host and '\' as '/', and those that lead to no host of the web. */
static const char *const special_schemes[] = { "http", "https", "ftp", "ws", "wss" };
static const char *const personal_schemes[] = { "mailto", "cid",   "mid",  "tel", "sms",
                                               "callto", "about", "news", "xmpp" };

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_one_of(struct span name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

#define IS_ONE_OF(name, names) is_one_of((name), (names), sizeof(names) / sizeof(names)[0])

/* Without control characters and blanks at the ends, without TAB and line ends anywhere. */
static struct span cleaned(struct span text, struct arena *arena)
{
    while (text.length && (unsigned char)text.data[0] <= ' ')
        text = span_from(text, 1);
    while (text.length && (unsigned char)text.data[text.length - 1] <= ' ')
        text.length--;
    text = span_head(text, LIMIT_URL_BYTES);
    if (!memchr(text.data ? text.data : "", '\t', text.length) && span_find_byte(text, '\n') == text.length &&
        span_find_byte(text, '\r') == text.length)
        return text;
    struct buffer out = buffer_new(arena, text.length);
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] != '\t' && text.data[i] != '\r' && text.data[i] != '\n')
            buffer_append_byte(&out, text.data[i]);
    return buffer_span(&out);
}

/* Takes "scheme:" off the front. */
static bool take_scheme(struct span *text, struct arena *arena, struct span *scheme)
{
    size_t i = 0;
    while (i < text->length && (is_letter(text->data[i]) ||
                                (i > 0 && (is_digit(text->data[i]) || memchr("+-.", text->data[i], 3) != NULL))))
        i++;
    if (i == 0 || i == text->length || text->data[i] != ':')
        return false;
    struct buffer lower = buffer_new(arena, i);
    for (size_t k = 0; k < i; k++) {
        char byte = text->data[k];
        buffer_append_byte(&lower, byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte);
    }
    *scheme = buffer_span(&lower);
    *text = span_from(*text, i + 1);
    return true;
}

static bool is_slash(char byte, bool is_special)
{
    return byte == '/' || (is_special && byte == '\\');
}

/* Takes ":port" off the end; false when it is no port. */
static bool take_port(struct span *authority, int *port)
{
    size_t colon = authority->length;
    while (colon > 0 && authority->data[colon - 1] != ':' && authority->data[colon - 1] != ']')
        colon--;
    *port = -1;
    if (colon == 0 || authority->data[colon - 1] == ']')
        return true;
    for (size_t i = colon; i < authority->length; i++) {
        if (!is_digit(authority->data[i]))
            return false;
        *port = (*port < 0 ? 0 : *port) * 10 + (authority->data[i] - '0');
        if (*port > 65535)
            return false;
    }
    authority->length = colon - 1;
    return true;
}

/* Reads "userinfo@host:port" up to the path. */
static bool read_authority(struct span text, bool is_special, struct arena *arena, struct url *url)
{
    size_t end = 0;
    size_t host_start = 0;
    for (; end < text.length && !is_slash(text.data[end], is_special) && !memchr("?#", text.data[end], 2); end++)
        if (text.data[end] == '@')
            host_start = end + 1;
    url->path = span_from(text, end);
    url->userinfo = span_head(text, host_start ? host_start - 1 : 0);
    struct span authority = span_from(span_head(text, end), host_start);
    if (!take_port(&authority, &url->port))
        return false;
    if (!is_special && authority.length == 0)
        return true;
    struct url_host host;
    if (!url_host_read(authority, arena, &host))
        return false;
    url->host = host.name;
    url->host_is_address = host.is_address;
    url->host_was_obfuscated = host.was_obfuscated;
    url->host_is_international = host.is_international;
    return true;
}

bool url_parse(struct span text, struct arena *arena, struct url *url)
{
    *url = (struct url){ .port = -1 };
    url->text = cleaned(text, arena);
    struct span rest = url->text;
    if (!take_scheme(&rest, arena, &url->scheme))
        return false;
    bool is_special = IS_ONE_OF(url->scheme, special_schemes);
    size_t slashes = 0;
    while (slashes < rest.length && is_slash(rest.data[slashes], is_special) && (is_special || slashes < 2))
        slashes++;
    if (is_special)
        return read_authority(span_from(rest, slashes), true, arena, url);
    if (slashes == 2)
        return read_authority(span_from(rest, 2), false, arena, url);
    url->path = rest;
    return true;
}

struct url_set *url_set_new(struct arena *arena)
{
    struct url_set *set = arena_new_object(arena, struct url_set);
    set->arena = arena;
    return set;
}

const struct url *url_set_items(const struct url_set *set, size_t *count_r)
{
    *count_r = set->count;
    return set->items;
}

/* The slot that holds `text`, or the free one where it belongs. */
static uint16_t *find_slot(struct url_set *set, struct span text)
{
    size_t at = (size_t)hash_bytes(text.data, text.length, 0) % SLOTS;
    while (set->slots[at] && !span_equal(set->items[set->slots[at] - 1].text, text))
        at = (at + 1) % SLOTS;
    return &set->slots[at];
}

/* Adds what url_parse() makes of `to_parse`, under the text `text`. */
static void add_as(struct url_set *set, struct span text, struct span to_parse)
{
    if (set->count == LIMIT_URLS || text.length == 0)
        return;
    uint16_t *slot = find_slot(set, text);
    struct url url;
    if (*slot || !url_parse(to_parse, set->arena, &url) || IS_ONE_OF(url.scheme, personal_schemes))
        return;
    set->items = arena_grow(set->arena, set->items, set->count, &set->room, sizeof *set->items);
    url.text = text;
    set->items[set->count++] = url;
    *slot = (uint16_t)set->count;
}

void url_set_add(struct url_set *set, struct span text)
{
    struct span clean = cleaned(text, set->arena);
    add_as(set, clean, clean);
}

/* --- URLs in plain text ------------------------------------------------------------------------------------------ */

/* Where a URL in text ends: white space, quotes, brackets, and the punctuation of scripts that do not put blanks
 * between words (ideographic and full-width, U+3000-301F, U+FF00-FF0F), quotation marks U+2018-201F, U+00A0 and
 * guillemets. */
static bool ends_url(const char *at, const char *end)
{
    unsigned char first = (unsigned char)at[0];
    if (first <= ' ' || first == 0x7F)
        return true;
    if (first < 0x80)
        return strchr("<>\"`{}|^", first) != NULL;
    unsigned char second = end - at > 1 ? (unsigned char)at[1] : 0;
    unsigned char third = end - at > 2 ? (unsigned char)at[2] : 0;
    if (first == 0xC2)
        return second == 0xA0 || second == 0xAB || second == 0xBB;
    if (first == 0xE2)
        return second == 0x80 && ((third >= 0x98 && third <= 0x9F) || third == 0xA8 || third == 0xA9);
    return (first == 0xE3 && second == 0x80 && third <= 0x9F) || (first == 0xEF && second == 0xBC && third <= 0x8F);
}

/* The URL that starts at `start`, without the punctuation of the sentence around it. */
static struct span url_at(struct span text, size_t start)
{
    const char *begin = text.data + start;
    const char *end = text.data + text.length;
    const char *at = begin;
    int round = 0, square = 0;
    for (; at < end && (size_t)(at - begin) < LIMIT_URL_BYTES && !ends_url(at, end); at++) {
        round += (*at == '(') - (*at == ')');
        square += (*at == '[') - (*at == ']');
    }
    for (; at > begin; at--) {
        char last = at[-1];
        if (!(strchr(".,;:!?'*_~", last) || (last == ')' && round < 0) || (last == ']' && square < 0)))
            break;
        round += last == ')';
        square += last == ']';
    }
    return span_make(begin, (size_t)(at - begin));
}

static bool is_word(char byte)
{
    return is_letter(byte) || is_digit(byte);
}

/* For a ':' at `colon` in front of "//": where its scheme starts, when it is one that mail programs link. */
static bool find_scheme(struct span text, size_t colon, size_t floor, size_t *start)
{
    static const char *const schemes[] = { "https", "http", "ftp" };
    if (colon + 3 >= text.length || text.data[colon + 1] != '/' || text.data[colon + 2] != '/')
        return false;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i]);
        if (colon < floor + length || !span_starts_nocase(span_from(text, colon - length), schemes[i]))
            continue;
        *start = colon - length;
        return *start == floor || !is_word(text.data[*start - 1]);
    }
    return false;
}

/* A name without scheme as a browser reads it. */
static struct span as_http(struct url_set *set, struct span found)
{
    struct buffer whole = buffer_new(set->arena, found.length + 7);
    buffer_append_string(&whole, "http://");
    buffer_append(&whole, found);
    return buffer_span(&whole);
}

static bool is_known_top_level(struct url_set *set, struct span name)
{
    for (size_t i = 0; i < set->top_level_count; i++)
        if (span_equal_nocase(set->top_levels[i].name, name))
            return set->top_levels[i].is_top_level;
    if (set->top_level_count == KNOWN_TOP_LEVELS)
        return false;
    size_t new = set->top_level_count++;
    set->top_levels[new].name = name;
    set->top_levels[new].is_top_level = url_host_is_top_level(name);
    return set->top_levels[new].is_top_level;
}

/* Is what stands between `start` and the '/' at `slash` a host name ("example.com")? */
static bool is_host_name(struct url_set *set, struct span name)
{
    size_t label = 0;
    size_t dots = 0;
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] == '.') {
            if (i == label)
                return false;
            label = i + 1;
            dots++;
        } else if (!is_word(name.data[i]) && name.data[i] != '-') {
            return false;
        }
    }
    struct span last = span_from(name, label);
    if (dots == 0 || last.length < 2)
        return false;
    for (size_t i = 0; i < last.length; i++)
        if (!is_letter(last.data[i]))
            return false;
    return is_known_top_level(set, last);
}

/* Does a word start at `at`: nothing in front of it that would make it a part of something else? */
static bool starts_word(struct span text, size_t at)
{
    return at == 0 || !(is_word(text.data[at - 1]) || memchr("@.-_/\\=+&%#", text.data[at - 1], 11));
}

/* In Chinese no blank parts a name from the words behind it, as in "www.example.edu" with two characters at its end.
 * `found`, whose host stands at `start`, without them, when in front of them is a host under a top-level domain, and
 * the whole, which is what a browser would go to, is none. */
static struct span without_words(struct url_set *set, struct span found, size_t start)
{
    struct span rest = span_from(found, start);
    size_t ascii = 0;
    while (ascii < rest.length && (unsigned char)rest.data[ascii] < 0x80 && !strchr("/\\?#", rest.data[ascii]))
        ascii++;
    if (ascii == rest.length || (unsigned char)rest.data[ascii] < 0x80)
        return found;
    size_t length = ascii > 0 && rest.data[ascii - 1] == '.' ? ascii - 1 : ascii;
    if (!is_host_name(set, span_head(rest, length)) || set->words_looked_for++ >= LIMIT_URLS)
        return found;
    struct url url;
    if (url_parse(as_http(set, rest), set->arena, &url) && url_host_is_top_level(url_host_last_label(url.host)))
        return found;
    return span_head(found, start + length);
}

/* Tries to find a URL around the byte at `at`; gives where to go on. */
static size_t find_around(struct url_set *set, struct span text, size_t at, size_t floor, size_t word)
{
    size_t start = 0;
    struct span found;
    if (text.data[at] == ':' && find_scheme(text, at, floor, &start)) {
        found = without_words(set, url_at(text, start), at + 3 - start);
        url_set_add(set, found);
    } else if (text.data[at] == '.' && at == word + 3 && span_starts_nocase(span_from(text, word), "www.") &&
               starts_word(text, word) && at + 1 < text.length && is_word(text.data[at + 1])) {
        found = without_words(set, url_at(text, word), 0);
        add_as(set, found, as_http(set, found));
    } else if (text.data[at] == '/' && at > word && starts_word(text, word) &&
               is_host_name(set, span_head(span_from(text, word), at - word))) {
        found = without_words(set, url_at(text, word), 0);
        add_as(set, found, as_http(set, found));
    } else {
        return at + 1;
    }
    size_t end = (size_t)(found.data - text.data) + found.length;
    return end > at ? end : at + 1;
}

void url_set_find(struct url_set *set, struct span text)
{
    size_t floor = 0; /* behind the last URL found */
    size_t word = 0;  /* start of the run of letters, digits, '.' and '-' around `at` */
    for (size_t at = 0; at < text.length && set->count < LIMIT_URLS;) {
        char byte = text.data[at];
        if (is_word(byte) || byte == '-') {
            at++;
            continue;
        }
        size_t next = at + 1;
        if (byte == ':' || byte == '.' || byte == '/')
            next = find_around(set, text, at, floor, word);
        if (next > at + 1)
            floor = next;
        if (byte != '.' || next > at + 1)
            word = next;
        at = next;
    }
}
