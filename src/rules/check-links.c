/* check-links.c - where links lead, and how that is kept from the reader */
#include "config.h" /* memmem */

#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"

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

static bool is_short(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return is_web(url) && (list_marks(url->host) & HOST_SHORTENERS) != 0;
}

static enum outcome shortened_link(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_short, "a link hides where it goes behind %s");
}

const struct check check_shortened_link = {
    .name = "SHORTENED_LINK",
    .description = "has a link that hides where it goes behind a shortener",
    .points = 60, /* 2003: 0.12 % of ham, 0.00 % of spam; 2022-26: 0.06 % of ham, 13.78 % of spam */
    .evaluate = shortened_link,
};

static bool is_free_page(struct inspection *inspection, const struct url *url)
{
    return is_web(url) && (list_marks(url->host) & HOST_FREE_HOSTING) != 0
        && !host_same_site(url->host, inspection_from_site(inspection));
}

static enum outcome free_hosting(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_free_page, "a link goes to %s, where anybody can put up a page");
}

const struct check check_free_hosting = {
    .name = "FREE_HOSTING",
    .description = "has a link to a place where anybody can put up a page",
    .points = 40, /* 2003: 0.84 % of ham, 1.37 % of spam; 2022-26: 1.92 % of ham, 14.92 % of spam */
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
static bool is_open_door(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return (list_marks(url->host) & HOST_REDIRECTORS) != 0 && list_is_redirector(url->host, url->path);
}

static enum outcome open_redirect(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, is_open_door, "a link goes through %s to somewhere else: \"%s\"");
}

const struct check check_open_redirect = {
    .name = "OPEN_REDIRECT",
    .description = "has a link that a well-known site passes on to somewhere else",
    .points = 150, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 1.34 % of spam */
    .evaluate = open_redirect,
};

static bool has_cheap_domain(struct inspection *inspection, const struct url *url)
{
    (void)inspection;
    return is_web(url) && (list_marks(url->host) & HOST_CHEAP_DOMAINS) != 0;
}

static enum outcome cheap_domain(struct inspection *inspection, struct buffer *detail)
{
    return any_url(inspection, detail, has_cheap_domain,
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

/* The recipient's address inside a link, plain: who opens it confirms the address.  Links of mail lists to unsubscribe
 * have it, too. */
static enum outcome link_names_recipient(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    struct span mailbox = message->to.count == 1 ? message->to.items[0].mailbox : SPAN_EMPTY;
    if (mailbox.length < 6 || message->to.items[0].domain.length == 0)
        return OUTCOME_SILENT;
    for (size_t i = 0; i < message->url_count; i++) {
        const struct url *url = &message->urls[i];
        if (!is_web(url) || url->path.length < mailbox.length
            || !memmem(url->path.data, url->path.length, mailbox.data, mailbox.length))
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

/* A firm that writes links home at least once: to its pages, its pictures, its imprint.  Who writes under a name not his
 * own has little reason to. */
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
    .points = 110, /* 2003: 0.41 % of ham, 21.31 % of spam; 2022-26: 5.01 % of ham, 77.40 % of spam */
    .evaluate = no_link_home,
};
