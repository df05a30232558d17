/* check-links.c - where links lead, and how that is kept from the reader */
#include "config.h" /* memmem */

#include "rules/bad-hosts.h"
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"
#include "rules/words.h"
#include "util/fold.h"

typedef bool url_property(struct inspection *inspection, const struct url *url);

/* The first URL that has the property, said by `format` with its host and its text. */
static enum outcome any_url(struct inspection *inspection, struct buffer *detail, url_property *has_it,
                            const char *format)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->url_count; i++) {
        if (!has_it(inspection, &message->urls[i]))
            continue;
        detail_say(detail, format, message->urls[i].host, message->urls[i].text);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

static bool is_web(const struct url *url)
{
    return span_is(url->scheme, "http") || span_is(url->scheme, "https");
}

/* The first web address whose host has that mark. */
static const struct url *find_mark(struct inspection *inspection, enum host_mark mark)
{
    const struct message *message = inspection->message;
    const unsigned *marks = inspection_url_marks(inspection);
    for (size_t i = 0; i < message->url_count; i++)
        if ((marks[i] & (unsigned)mark) && is_web(&message->urls[i]))
            return &message->urls[i];
    return NULL;
}

static enum outcome has_mark(struct inspection *inspection, struct buffer *detail, enum host_mark mark,
                             const char *format)
{
    const struct url *url = find_mark(inspection, mark);
    if (!url)
        return OUTCOME_SILENT;
    detail_say(detail, format, url->host, url->text);
    return OUTCOME_HIT;
}

static enum outcome link_to_stranger(struct inspection *inspection, struct buffer *detail)
{
    const struct link_lie *lie = &inspection_link_lies(inspection)->of_stranger;
    if (lie->shown_host.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "a link says %s but goes to %s", lie->shown_host, lie->target_host);
    return OUTCOME_HIT;
}

const struct check check_link_to_stranger = {
    .name = "LINK_TO_STRANGER",
    .description = "has a link that shows one host and goes to another",
    .points = 150, /* 2003: 0.07 % of ham, 0.37 % of spam; 2022-26: 0.12 % of ham, 1.73 % of spam */
    .evaluate = link_to_stranger,
};

static enum outcome name_to_stranger(struct inspection *inspection, struct buffer *detail)
{
    const struct link_lie *lie = &inspection_link_lies(inspection)->of_name;
    if (lie->shown_host.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "a link says %s but goes to %s", lie->shown_host, lie->target_host);
    return OUTCOME_HIT;
}

const struct check check_name_to_stranger = {
    .name = "NAME_TO_STRANGER",
    .description = "has a link that names one host and goes to another",
    .points = 40, /* 2003: 0.41 % of ham, 0.32 % of spam; 2022-26: 0.00 % of ham, 0.94 % of spam */
    .evaluate = name_to_stranger,
};

static enum outcome link_past_sender(struct inspection *inspection, struct buffer *detail)
{
    const struct link_lie *lie = &inspection_link_lies(inspection)->of_sender;
    if (lie->shown_host.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "a link shows the sender's %s but goes to %s", lie->shown_host, lie->target_host);
    return OUTCOME_HIT;
}

const struct check check_link_past_sender = {
    .name = "LINK_PAST_SENDER",
    .description = "has a link that shows the sender's host and goes to another",
    .points = 20, /* 2003: 0.00 % of ham, 0.21 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = link_past_sender,
};

static bool has_numeric_host(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return is_web(url) && url->host_is_address && !host_is_private_address(url->host);
}

static enum outcome numeric_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_numeric_host, "a link goes to %s, a number instead of a name");
}

const struct check check_numeric_host = {
    .name = "NUMERIC_HOST",
    .description = "has a link to a bare number instead of a named host",
    .points = 200, /* 2003: 0.14 % of ham, 21.10 % of spam; 2022-26: 0.00 % of ham, 8.03 % of spam */
    .evaluate = numeric_host,
};

static bool has_disguised_host(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return url->host_was_obfuscated;
}

static enum outcome disguised_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_disguised_host, "a link goes to %s, written as \"%s\"");
}

const struct check check_disguised_host = {
    .name = "DISGUISED_HOST",
    .description = "has a link whose host is written so that nobody can read it",
    .points = 280, /* 2003: 0.02 % of ham, 1.95 % of spam; 2022-26: 0.00 % of ham, 1.44 % of spam */
    .evaluate = disguised_host,
};

/* "http://www.bank.example@203.0.113.7/": only what looks like a host or hides one is a trick; plain user names are
 * not. */
static bool has_host_for_user(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    struct span user = span_head(url->userinfo, span_find_byte(url->userinfo, ':'));
    return is_web(url) && user.length && (host_looks_like_name(user) || memchr(user.data, '%', user.length) != NULL);
}

static enum outcome host_for_user(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_host_for_user,
                   "a link goes to %s, behind something that looks like a host: \"%s\"");
}

const struct check check_host_for_user = {
    .name = "HOST_FOR_USER",
    .description = "has a link with a host's name before the '@', where a browser reads a user",
    .points = 280, /* 2003: 0.00 % of ham, 0.95 % of spam; 2022-26: 0.00 % of ham, 0.15 % of spam */
    .evaluate = host_for_user,
};

static bool has_odd_port(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return is_web(url) && url->port >= 0 && url->port != 80 && url->port != 443 && url->port != 8080
        && !host_is_private_address(url->host) && span_find_byte(url->host, '.') < url->host.length;
}

static enum outcome odd_port(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_odd_port, "a link goes to %s at an unusual port: \"%s\"");
}

const struct check check_odd_port = {
    .name = "ODD_PORT",
    .description = "has a link to an unusual port",
    .points = 60, /* 2003: 0.14 % of ham, 2.64 % of spam; 2022-26: 0.12 % of ham, 0.10 % of spam */
    .evaluate = odd_port,
};

static bool has_foreign_letters(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return is_web(url) && url->host_is_international;
}

static enum outcome international_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_foreign_letters,
                   "a link goes to %s, a host name with letters outside ASCII");
}

const struct check check_international_host = {
    .name = "INTERNATIONAL_HOST",
    .description = "has a link to a host with letters outside ASCII, which may look like another",
    .points = 100, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 1.04 % of spam */
    .evaluate = international_host,
};

/* Links nobody puts into honest mail: they run in the reader's program instead of leading somewhere. */
static enum outcome active_link(struct inspection *inspection, struct buffer *detail)
{
    static const char *const schemes[] = { "javascript:", "vbscript:",  "data:text/html", "data:application/",
                                           "file:",       "search-ms:", "ms-msdt:" };
    const struct html_view *html = inspection->message->html;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct span target = span_trim(html->links[i].target);
        for (size_t s = 0; s < sizeof schemes / sizeof *schemes; s++) {
            if (!span_starts_nocase(target, schemes[s]) || span_starts_nocase(target, "javascript:void"))
                continue;
            detail_say(detail, "a link runs code or opens a local file: \"%s\"", target, SPAN_EMPTY);
            return OUTCOME_HIT;
        }
    }
    return OUTCOME_SILENT;
}

const struct check check_active_link = {
    .name = "ACTIVE_LINK",
    .description = "has a link that runs code (javascript:, data:) or opens a local file",
    .points = 100, /* 2003: 0.05 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = active_link,
};

static bool is_deep(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    unsigned dots = 0;
    for (size_t i = 0; i < url->host.length; i++)
        dots += url->host.data[i] == '.';
    return is_web(url) && dots >= 5 && !url->host_is_address;
}

static enum outcome deep_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_deep, "a link goes to a host of very many levels: %s");
}

const struct check check_deep_host = {
    .name = "DEEP_HOST",
    .description = "has a link to a host of very many levels",
    .points = 100, /* 2003: 0.02 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 1.04 % of spam */
    .evaluate = deep_host,
};

static enum outcome shortened_link(struct inspection *inspection, struct buffer *detail)
{
    return has_mark(inspection, detail, HOST_SHORTENERS, "a link hides where it goes behind %s");
}

const struct check check_shortened_link = {
    .name = "SHORTENED_LINK",
    .description = "has a link that hides where it goes behind a shortener",
    .points = 60, /* 2003: 0.12 % of ham, 0.00 % of spam; 2022-26: 0.06 % of ham, 13.78 % of spam */
    .evaluate = shortened_link,
};

static enum outcome free_hosting(struct inspection *inspection, struct buffer *detail)
{
    const struct url *url = find_mark(inspection, HOST_FREE_HOSTING);
    if (!url || host_same_site(url->host, inspection_from_site(inspection)))
        return OUTCOME_SILENT;
    detail_say(detail, "a link goes to %s, where anybody can put up a page", url->host, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_free_hosting = {
    .name = "FREE_HOSTING",
    .description = "has a link to a place where anybody can put up a page",
    .points = 40, /* 2003: 0.82 % of ham, 1.37 % of spam; 2022-26: 1.92 % of ham, 14.92 % of spam */
    .evaluate = free_hosting,
};

static bool borrows_brand(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    const struct brand *brand = is_web(url) ? list_brand_in(url->host) : NULL;
    return brand && !list_brand_owns(brand, url->host);
}

static enum outcome host_borrows_brand(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, borrows_brand, "a link goes to %s, which borrows a well-known firm's name");
}

const struct check check_host_borrows_brand = {
    .name = "HOST_BORROWS_BRAND",
    .description = "has a link to a host with a well-known firm's name in it that is not the firm's",
    .points = 200, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 0.69 % of spam */
    .evaluate = host_borrows_brand,
};

/* Open doors of well-known sites: the host is honest, the page it passes the reader on to need not be. */
static enum outcome open_redirect(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    const unsigned *marks = inspection_url_marks(inspection);
    for (size_t i = 0; i < message->url_count; i++) {
        const struct url *url = &message->urls[i];
        if (!(marks[i] & HOST_REDIRECTORS) || !list_is_redirector(url->host, url->path))
            continue;
        detail_say(detail, "a link goes through %s to somewhere else: \"%s\"", url->host, url->text);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_open_redirect = {
    .name = "OPEN_REDIRECT",
    .description = "has a link that a well-known site passes on to somewhere else",
    .points = 150, /* 2003: 0.02 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 1.59 % of spam */
    .evaluate = open_redirect,
};

static enum outcome cheap_domain(struct inspection *inspection, struct buffer *detail)
{
    return has_mark(inspection, detail, HOST_CHEAP_DOMAINS,
                    "a link goes to %s, under a top-level domain that is mostly abused");
}

const struct check check_cheap_domain = {
    .name = "CHEAP_DOMAIN",
    .description = "has a link under a top-level domain that is mostly abused",
    .points = 100, /* 2003: 0.07 % of ham, 0.00 % of spam; 2022-26: 0.06 % of ham, 4.76 % of spam */
    .evaluate = cheap_domain,
};

/* Whatever the reader clicks, it is the same page. */
static enum outcome one_target(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    unsigned same = 0, seen = 0;
    struct span first = SPAN_EMPTY;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct span target = html->links[i].target;
        if (!span_starts_nocase(target, "http"))
            continue;
        if (seen++ == 0)
            first = target;
        same += span_equal(target, first);
    }
    if (same < 3 || same != seen)
        return OUTCOME_SILENT;
    buffer_append_format(detail, "all of its %u links go to one and the same page", seen);
    return OUTCOME_HIT;
}

const struct check check_one_target = {
    .name = "ONE_TARGET",
    .description = "has three or more links, all to one and the same page",
    .points = 150, /* 2003: 0.00 % of ham, 3.11 % of spam; 2022-26: 0.00 % of ham, 3.42 % of spam */
    .evaluate = one_target,
};

static bool holds(struct span text, struct span part)
{
    return part.length && text.length >= part.length && memmem(text.data, text.length, part.data, part.length);
}

/* The ways in which an address is written into a link.  In base64 its last group depends on what follows it. */
static void spell_address(struct span mailbox, struct arena *arena, struct span spellings[3])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct buffer percent = buffer_new(arena, mailbox.length + 3), base64 = buffer_new(arena, 2 * mailbox.length);
    size_t at = span_find_byte(mailbox, '@');
    buffer_append(&percent, span_head(mailbox, at));
    buffer_append_string(&percent, "%40");
    buffer_append(&percent, span_from(mailbox, at + 1));
    for (size_t i = 0; i + 3 <= mailbox.length; i += 3) {
        const unsigned char *bytes = (const unsigned char *)mailbox.data + i;
        unsigned group = (unsigned)bytes[0] << 16 | (unsigned)bytes[1] << 8 | bytes[2];
        for (int shift = 18; shift >= 0; shift -= 6)
            buffer_append_byte(&base64, digits[(group >> shift) & 63]);
    }
    spellings[0] = mailbox;
    spellings[1] = buffer_span(&percent);
    spellings[2] = buffer_span(&base64);
}

/* The recipient's address inside a link: who opens it confirms the address.  Links of mail lists to unsubscribe have
 * it, too. */
static enum outcome link_names_recipient(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    struct span mailbox = message->to.count == 1 ? message->to.items[0].mailbox : SPAN_EMPTY, spellings[3];
    if (mailbox.length < 6 || message->to.items[0].domain.length == 0 || message->url_count == 0)
        return OUTCOME_SILENT;
    spell_address(mailbox, inspection->arena, spellings);
    for (size_t i = 0; i < message->url_count; i++) {
        const struct url *url = &message->urls[i];
        if (!is_web(url) || !(holds(url->path, spellings[0]) || holds(url->path, spellings[1])
                              || holds(url->path, spellings[2])))
            continue;
        detail_say(detail, "a link to %s carries the recipient's address", url->host, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_link_names_recipient = {
    .name = "LINK_NAMES_RECIPIENT",
    .description = "has a link that carries the recipient's address",
    .points = 30, /* 2003: 2.07 % of ham, 3.43 % of spam; 2022-26: 0.06 % of ham, 5.85 % of spam */
    .evaluate = link_names_recipient,
};

/* A firm that writes links home at least once: to its pages, its pictures, its imprint.  Who writes under a name not
 * his own has little reason to. */
static enum outcome no_link_home(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    const struct address *sender = inspection_sender(inspection);
    size_t web = 0;
    if (!message->html || !sender || list_is_free_mail(sender->domain))
        return OUTCOME_SILENT;
    for (size_t i = 0; i < message->url_count; i++) {
        if (!is_web(&message->urls[i]))
            continue;
        web++;
        if (host_same_site(message->urls[i].host, sender->domain))
            return OUTCOME_SILENT;
    }
    if (web == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "it comes from %s, and none of its links goes there", sender->domain, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_no_link_home = {
    .name = "NO_LINK_HOME",
    .description = "has links in HTML, and none to the sender's own site",
    .points = 110, /* 2003: 0.39 % of ham, 19.30 % of spam; 2022-26: 4.95 % of ham, 78.79 % of spam */
    .evaluate = no_link_home,
};

/* "paypa1", "rnicrosoft", or the same in letters of other alphabets. */
static bool looks_like_brand(struct inspection *inspection, const struct url *url)
{
    if (!is_web(url) || url->host_is_address)
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
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->url_count; i++) {
        if (!looks_like_brand(inspection, &message->urls[i]))
            continue;
        detail_say(detail, "a link goes to %s, which is written to look like a well-known firm's (%s)",
                   url_host_unicode(message->urls[i].host, inspection->arena), message->urls[i].host);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_host_looks_like_brand = {
    .name = "HOST_LOOKS_LIKE_BRAND",
    .description = "has a link to a host written to look like a well-known firm's",
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
    return marks.mixed > 0;
}

static enum outcome mixed_host(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->url_count; i++) {
        if (!mixes_alphabets(inspection, &message->urls[i]))
            continue;
        detail_say(detail, "a link goes to %s (%s), in letters of several alphabets that look the same",
                   url_host_unicode(message->urls[i].host, inspection->arena), message->urls[i].host);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_mixed_host = {
    .name = "MIXED_HOST",
    .description = "has a link to a host in letters of several alphabets that look the same",
    .points = 300, /* in neither corpus */
    .evaluate = mixed_host,
};

/* "www.bank.com.verify.example": a whole domain in front of the one that counts.  Networks that deliver pages for
 * others name their hosts so, too. */
static bool holds_domain(struct inspection *inspection, const struct url *url)
{
    static const char *const middles[] = { ".com.", ".net.", ".org.", ".gov." };
    (void)inspection;
    if (!is_web(url) || url->host_is_address)
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
    return any_url(inspection, detail, holds_domain, "a link goes to %s, whose beginning looks like another host");
}

const struct check check_domain_in_host = {
    .name = "DOMAIN_IN_HOST",
    .description = "has a link to a host whose name begins with another whole host name",
    .points = 100, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.05 % of spam */
    .evaluate = domain_in_host,
};

/* The label in front of the top-level domain. */
static struct span second_label(struct span host)
{
    size_t end = host.length;
    while (end > 0 && host.data[end - 1] != '.')
        end--;
    if (end == 0)
        return SPAN_EMPTY;
    size_t start = end - 1;
    while (start > 0 && host.data[start - 1] != '.')
        start--;
    return span_make(host.data + start, end - 1 - start);
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
    return is_web(url) && !url->host_is_address && is_random(second_label(url->host));
}

static enum outcome random_host(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_random_host, "a link goes to %s, a name that looks made at random");
}

const struct check check_random_host = {
    .name = "RANDOM_HOST",
    .description = "has a link to a host whose name looks made at random",
    .points = 100, /* 2003: 0.00 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = random_host,
};

/* An address inside the address of another site's page.  Who counts clicks does that, and who looks at links first. */
static bool leads_on(struct inspection *inspection, const struct url *url)
{
    static const char *const marks[] = { "=http://", "=https://", "=http%3A", "=https%3A", "=http%3a", "=https%3a",
                                         "/http://", "/https://" };
    (void)inspection;
    for (size_t i = 0; is_web(url) && i < sizeof marks / sizeof *marks; i++)
        if (holds(url->path, span_of(marks[i])))
            return true;
    return false;
}

static enum outcome address_in_link(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, leads_on, "a link to %s has another address inside: \"%s\"");
}

const struct check check_address_in_link = {
    .name = "ADDRESS_IN_LINK",
    .description = "has a link with another address inside, to which it may lead on",
    .points = 20, /* 2003: 0.58 % of ham, 1.58 % of spam; 2022-26: 0.29 % of ham, 2.48 % of spam */
    .evaluate = address_in_link,
};

/* What a link says that is there to end the mail. */
static bool says_unsubscribe(struct span text)
{
    static const char *const words[] = { "unsubscribe", "opt out", "opt-out", "remove me", "abmelden", "abbestellen",
                                         "d\xC3\xA9sabonner", "d\xC3\xA9sinscrire", "desinscrire", "cancelar suscripci",
                                         "darse de baja", "cancellati", "disiscriv", "afmelden", "descadastr" };
    for (size_t at = 0; at < text.length; at++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if ((text.data[at] | 0x20) == (words[i][0] | 0x20) && span_starts_nocase(span_from(text, at), words[i]))
                return true;
    return false;
}

/* Leads the way out where the other links lead, or to the sender, or where List-Unsubscribe does? */
static bool is_known_way(struct inspection *inspection, struct span host)
{
    const struct message *message = inspection->message;
    if (host_same_site(host, inspection_from_site(inspection))
        || holds(header_value(&message->header, "List-Unsubscribe"), url_registrable_domain(host)))
        return true;
    return false;
}

static enum outcome unsubscribe_elsewhere(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct url url;
        if (!says_unsubscribe(html->links[i].text) || !url_parse(html->links[i].target, inspection->arena, &url)
            || !is_web(&url))
            continue;
        if (is_known_way(inspection, url.host))
            return OUTCOME_SILENT;
        detail_say(detail, "the link \"%s\" goes to %s, which is not the sender's", html->links[i].text, url.host);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_unsubscribe_elsewhere = {
    .name = "UNSUBSCRIBE_ELSEWHERE",
    .description = "has a link to unsubscribe that does not lead to the sender",
    .points = 50, /* 2003: 0.07 % of ham, 2.90 % of spam; 2022-26: 0.12 % of ham, 20.61 % of spam */
    .evaluate = unsubscribe_elsewhere,
};

static enum outcome bad_host(struct inspection *inspection, struct buffer *detail)
{
    const struct url *url;
    struct span listed;
    if (!bad_hosts_find(inspection->context->bad_hosts, inspection->message, inspection->arena, &url, &listed))
        return OUTCOME_SILENT;
    detail_say(detail, "a link goes to %s, and %s is in the list of bad hosts", url->host, listed);
    return OUTCOME_HIT;
}

const struct check check_bad_host = {
    .name = "BAD_HOST",
    .description = "has a link to a host of the local list of bad hosts",
    .points = 500, /* in neither corpus */
    .danger = true,
    .evaluate = bad_host,
};

static enum outcome encoded_link(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    if (!html || html->counts.encoded_links == 0)
        return OUTCOME_SILENT;
    buffer_append_format(detail, "%u of its links are written in numbers instead of letters (&#112;aypal)",
                         html->counts.encoded_links);
    return OUTCOME_HIT;
}

const struct check check_encoded_link = {
    .name = "ENCODED_LINK",
    .description = "has a link whose address is written in numbers instead of letters",
    .points = 200, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = encoded_link,
};
