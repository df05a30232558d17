/* check-hosts.c - the hosts that links lead to: what their names are made to look like, and what is known of them */
#include "config.h" /* memmem */

#include "rules/bad-hosts.h"
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"
#include "rules/sightings.h"
#include "rules/trace.h"
#include "rules/words.h"
#include "util/fold.h"
#include "util/translate.h"
#include "util/utf8.h"

typedef bool url_property(struct inspection *inspection, const struct url *url);

static const struct url *find_url(struct inspection *inspection, url_property *has_it)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->url_count; i++)
        if (has_it(inspection, &message->urls[i]))
            return &message->urls[i];
    return NULL;
}

/* The first URL that has the property, said by `format` with its host and its text. */
static enum outcome any_url(struct inspection *inspection, struct buffer *detail, url_property *has_it,
                            const char *format)
{
    const struct url *url = find_url(inspection, has_it);
    if (!url)
        return OUTCOME_SILENT;
    detail_say(detail, format, url->host, url->text);
    return OUTCOME_HIT;
}

/* The same, said with its host as the reader sees it and as it is written. */
static enum outcome any_disguise(struct inspection *inspection, struct buffer *detail, url_property *has_it,
                                 const char *format)
{
    const struct url *url = find_url(inspection, has_it);
    if (!url)
        return OUTCOME_SILENT;
    detail_say(detail, format, url_host_unicode(url->host, inspection->arena), url->host);
    return OUTCOME_HIT;
}

/* Is it the address of a web page whose host is in that list?  `url` is one of the message's. */
static bool is_listed(struct inspection *inspection, const struct url *url, enum host_mark list)
{
    size_t number = (size_t)(url - inspection->message->urls);
    return url_is_web(url) && (inspection_url_marks(inspection)[number] & (unsigned)list);
}

static bool has_numeric_host(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return url_is_web(url) && url->host_is_address && !host_is_private_address(url->host);
}

static enum outcome numeric_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_numeric_host, N_("a link goes to %s, a number instead of a name"));
}

const struct check check_numeric_host = {
    .name = "NUMERIC_HOST",
    .description = N_("has a link to a bare number instead of a named host"),
    .points = 300, /* first 60 % of 2003: 0.19 % of ham, 21.66 % of spam; of 2022-26: 0.00 % of ham, 12.70 % of spam */
    .evaluate = numeric_host,
};

static bool has_disguised_host(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return url->host_was_obfuscated;
}

static enum outcome disguised_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_disguised_host, N_("a link goes to %s, written as \"%s\""));
}

const struct check check_disguised_host = {
    .name = "DISGUISED_HOST",
    .description = N_("has a link whose host is written so that nobody can read it"),
    .points = 250, /* first 60 % of 2003: 0.05 % of ham, 2.19 % of spam; of 2022-26: 0.00 % of ham, 1.03 % of spam */
    .evaluate = disguised_host,
};

/* "http://www.bank.example@203.0.113.7/": only what looks like a host or hides one is a trick; plain user names are
 * not. */
static bool has_host_for_user(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    struct span user = span_head(url->userinfo, span_find_byte(url->userinfo, ':'));
    bool is_host = user.length && (host_looks_like_name(user) || memchr(user.data, '%', user.length));
    return url_is_web(url) && is_host;
}

static enum outcome host_for_user(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_host_for_user,
                   N_("a link goes to %s, behind something that looks like a host: \"%s\""));
}

const struct check check_host_for_user = {
    .name = "HOST_FOR_USER",
    .description = N_("has a link with a host's name before the '@', where a browser reads a user"),
    .points = 280, /* 2003: 0.00 % of ham, 0.95 % of spam; 2022-26: 0.00 % of ham, 0.15 % of spam */
    .evaluate = host_for_user,
};

static bool has_odd_port(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return url_is_web(url) && url->port >= 0 && url->port != 80 && url->port != 443 && url->port != 8080
        && !host_is_private_address(url->host) && span_find_byte(url->host, '.') < url->host.length;
}

static enum outcome odd_port(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_odd_port, N_("a link goes to %s at an unusual port: \"%s\""));
}

const struct check check_odd_port = {
    .name = "ODD_PORT",
    .description = N_("has a link to an unusual port"),
    .points = 110, /* first 60 % of 2003: 0.19 % of ham, 2.89 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = odd_port,
};

/* Is it written in that script?  Japanese text is for the most part in Kana, and its names are in Han. */
static bool is_of_script(uint32_t code, int script)
{
    int found = trace_script_of(code);
    return found == script || (found == SCRIPT_HAN && script == SCRIPT_KANA);
}

/* Is each label in ASCII, or in letters of `script` alone?  One still in punycode could not be read. */
static bool is_in_script(struct span name, int script)
{
    bool has_ascii = false, has_other = false;
    for (size_t at = 0, size; at < name.length; at += size) {
        if ((at == 0 || name.data[at - 1] == '.') && span_starts_nocase(span_from(name, at), "xn--"))
            return false;
        uint32_t code = utf8_decode(span_from(name, at), &size);
        has_ascii = code != '.' && (has_ascii || (code < 0x80 && trace_script_of(code) >= 0));
        has_other = code != '.' && (has_other || code >= 0x80);
        if ((has_ascii && has_other) || (code >= 0x80 && !is_of_script(code, script)))
            return false;
    }
    return true;
}

/* A host in the script of the text around it is what people who write in it have.  In scripts of which many letters
 * look Latin that is certain only where all of the name is in it, the top-level domain too. */
static bool is_at_home(struct inspection *inspection, struct span host)
{
    int script = inspection_trace(inspection)->main_script;
    bool looks_latin = script == SCRIPT_GREEK || script == SCRIPT_CYRILLIC || script == SCRIPT_ARMENIAN;
    size_t top = host.length;
    while (top > 0 && host.data[top - 1] != '.')
        top--;
    if (script < 0 || script == SCRIPT_LATIN || (looks_latin && !span_starts_nocase(span_from(host, top), "xn--")))
        return false;
    return is_in_script(url_host_unicode(host, inspection->arena), script);
}

static bool has_foreign_letters(struct inspection *inspection, const struct url *url)
{
    return url_is_web(url) && url->host_is_international && !is_at_home(inspection, url->host);
}

static enum outcome international_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_foreign_letters,
                   N_("a link goes to %s, a host name with letters outside ASCII"));
}

const struct check check_international_host = {
    .name = "INTERNATIONAL_HOST",
    .description = N_("has a link to a host with letters outside ASCII, which may look like another"),
    .points = 100, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 1.04 % of spam */
    .evaluate = international_host,
};

static bool is_deep(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    unsigned dots = 0;
    for (size_t i = 0; i < url->host.length; i++)
        dots += url->host.data[i] == '.';
    return url_is_web(url) && dots >= 5 && !url->host_is_address;
}

static enum outcome deep_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_deep, N_("a link goes to a host of very many levels: %s"));
}

const struct check check_deep_host = {
    .name = "DEEP_HOST",
    .description = N_("has a link to a host of very many levels"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 0.00 % of spam; of 2022-26: 0.00 % of ham, 1.13 % of spam */
    .evaluate = deep_host,
};

static bool is_shortened(struct inspection *inspection, const struct url *url)
{
    return is_listed(inspection, url, HOST_SHORTENERS);
}

static enum outcome shortened_link(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_shortened, N_("a link hides where it goes behind %s"));
}

const struct check check_shortened_link = {
    .name = "SHORTENED_LINK",
    .description = N_("has a link that hides where it goes behind a shortener"),
    .points = 60, /* 2003: 0.12 % of ham, 0.00 % of spam; 2022-26: 0.06 % of ham, 13.78 % of spam */
    .evaluate = shortened_link,
};

static bool is_hosted_for_free(struct inspection *inspection, const struct url *url)
{
    return is_listed(inspection, url, HOST_FREE_HOSTING)
        && !host_same_site(url->host, inspection_from_site(inspection));
}

static enum outcome free_hosting(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_hosted_for_free, N_("a link goes to %s, where anybody can put up a page"));
}

const struct check check_free_hosting = {
    .name = "FREE_HOSTING",
    .description = N_("has a link to a place where anybody can put up a page"),
    .points = 40, /* 2003: 0.84 % of ham, 1.37 % of spam; 2022-26: 1.92 % of ham, 14.92 % of spam */
    .evaluate = free_hosting,
};

static bool borrows_brand(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    const struct brand *brand = url_is_web(url) ? list_brand_in(url->host) : NULL;
    return brand && !list_brand_owns(brand, url->host);
}

static enum outcome host_borrows_brand(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, borrows_brand, N_("a link goes to %s, which borrows a well-known firm's name"));
}

const struct check check_host_borrows_brand = {
    .name = "HOST_BORROWS_BRAND",
    .description = N_("has a link to a host with a well-known firm's name in it that is not the firm's"),
    .points = 200, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 0.69 % of spam */
    .evaluate = host_borrows_brand,
};

/* Open doors of well-known sites: the host is honest, the page it passes the reader on to need not be. */
static bool leads_through(struct inspection *inspection, const struct url *url)
{
    return is_listed(inspection, url, HOST_REDIRECTORS) && list_is_redirector(url->host, url->path);
}

static enum outcome open_redirect(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, leads_through, N_("a link goes through %s to somewhere else: \"%s\""));
}

const struct check check_open_redirect = {
    .name = "OPEN_REDIRECT",
    .description = N_("has a link that a well-known site passes on to somewhere else"),
    .points = 150, /* 2003: 0.02 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 1.59 % of spam */
    .evaluate = open_redirect,
};

static bool is_cheap(struct inspection *inspection, const struct url *url)
{
    return is_listed(inspection, url, HOST_CHEAP_DOMAINS);
}

static enum outcome cheap_domain(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_cheap,
                   N_("a link goes to %s, under a top-level domain that is mostly abused"));
}

const struct check check_cheap_domain = {
    .name = "CHEAP_DOMAIN",
    .description = N_("has a link under a top-level domain that is mostly abused"),
    .points = 100, /* 2003: 0.07 % of ham, 0.00 % of spam; 2022-26: 0.06 % of ham, 4.76 % of spam */
    .evaluate = cheap_domain,
};

/* "paypa1", "rnicrosoft", or the same in letters of other alphabets. */
static bool looks_like_brand(struct inspection *inspection, const struct url *url)
{
    if (!url_is_web(url) || url->host_is_address)
        return false;
    if (!url->host_is_international)
        return list_brand_like(url->host) != NULL;
    struct fold_counts counts = { 0 };
    struct buffer folded = buffer_new(inspection->arena, 512);
    fold_text(url_host_unicode(url->host, inspection->arena), &folded, &counts);
    const struct brand *brand = list_brand_in(buffer_span(&folded));
    return brand || list_brand_like(buffer_span(&folded));
}

static enum outcome host_looks_like_brand(struct inspection *inspection, struct buffer *detail)
{
    return any_disguise(inspection, detail, looks_like_brand,
                        N_("a link goes to %s, which is written to look like a well-known firm's (%s)"));
}

const struct check check_host_looks_like_brand = {
    .name = "HOST_LOOKS_LIKE_BRAND",
    .description = N_("has a link to a host written to look like a well-known firm's"),
    .points = 300, /* in neither corpus */
    .evaluate = host_looks_like_brand,
};

/* Letters of several alphabets in one label: browsers then show punycode (Unicode UTS 39, section 5.1). */
static bool mixes_alphabets(struct inspection *inspection, const struct url *url)
{
    struct word_marks marks = { 0 };
    if (!url->host_is_international)
        return false;
    words_mark(url_host_unicode(url->host, inspection->arena), &marks);
    return marks.mixed + marks.slips > 0;
}

static enum outcome mixed_host(struct inspection *inspection, struct buffer *detail)
{
    return any_disguise(inspection, detail, mixes_alphabets,
                        N_("a link goes to %s (%s), in letters of several alphabets that look the same"));
}

const struct check check_mixed_host = {
    .name = "MIXED_HOST",
    .description = N_("has a link to a host in letters of several alphabets that look the same"),
    .points = 300, /* in neither corpus */
    .evaluate = mixed_host,
};

/* "www.bank.com.verify.example": a whole domain in front of the one that counts.  Networks that deliver pages for
 * others name their hosts so, too. */
static bool holds_domain(struct inspection *inspection, const struct url *url)
{
    static const char *const middles[] = { ".com.", ".net.", ".org.", ".gov." };
    (void)inspection;
    if (!url_is_web(url) || url->host_is_address)
        return false;
    for (size_t i = 0; i < sizeof middles / sizeof *middles; i++) {
        const char *at = memmem(url->host.data, url->host.length, middles[i], 5);
        if (!at)
            continue;
        struct span rest = span_from(url->host, (size_t)(at - url->host.data) + 5);
        if (span_find_byte(rest, '.') < rest.length)
            return true;
    }
    return false;
}

static enum outcome domain_in_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, holds_domain, N_("a link goes to %s, whose beginning looks like another host"));
}

const struct check check_domain_in_host = {
    .name = "DOMAIN_IN_HOST",
    .description = N_("has a link to a host whose name begins with another whole host name"),
    .points = 100, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.05 % of spam */
    .evaluate = domain_in_host,
};

/* The label in front of the top-level domain; empty when there is none. */
static struct span second_label(struct span host)
{
    struct span labels = host_last_two_labels(host);
    size_t dot = span_find_byte(labels, '.');
    return dot < labels.length ? span_head(labels, dot) : SPAN_EMPTY;
}

/* Names that no person chose: letters and digits in turns, or seven consonants in a row ("qxkjvbn", but "nightschwarm"
 * has six). */
static bool is_random(struct span label)
{
    unsigned changes = 0, consonants = 0, longest = 0;
    bool digit = false;
    if (label.length < 8 || span_starts_nocase(label, "xn--"))
        return false;
    for (size_t i = 0; i < label.length; i++) {
        char byte = label.data[i];
        bool is_digit = byte >= '0' && byte <= '9';
        changes += i > 0 && is_digit != digit;
        digit = is_digit;
        consonants = is_digit || strchr("aeiouy-", byte) ? 0 : consonants + 1;
        longest = consonants > longest ? consonants : longest;
    }
    return changes >= 4 || longest >= 7;
}

static bool has_random_host(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return url_is_web(url) && !url->host_is_address && is_random(second_label(url->host));
}

static enum outcome random_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_random_host, N_("a link goes to %s, a name that looks made at random"));
}

const struct check check_random_host = {
    .name = "RANDOM_HOST",
    .description = N_("has a link to a host whose name looks made at random"),
    .points = 100, /* 2003: 0.00 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = random_host,
};

static enum outcome bad_host(struct inspection *inspection, struct buffer *detail)
{
    const struct url *url;
    struct span listed;
    unsigned sightings;
    if (!bad_hosts_find(inspection->context->bad_hosts, inspection->message, inspection->arena, &url, &listed,
                        &sightings))
        return OUTCOME_SILENT;
    inspection->share = sightings_share(sightings);
    detail_say(detail, "a link goes to %s, and %s is in the list of bad hosts", url->host, listed);
    return OUTCOME_HIT;
}

const struct check check_bad_host = {
    .name = "BAD_HOST",
    .description = N_("has a link to a host of the local list of bad hosts"),
    .points = 500, /* the administrator or the user has said so, or mail to traps did repeatedly; less for few
                      sightings */
    .danger = true,
    .evaluate = bad_host,
};
