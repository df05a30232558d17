/* check-relay.c - the host that handed the message over: what it called itself, and what it is called
 *
 * Only the hop at our border is asked, and only when a stranger stands there (inspection_stranger); everything below it
 * the sender may have written himself, and is searched for contradictions only.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "util/translate.h"

/* The border hop, from a stranger, if it says what the host called itself, or NULL. */
static const struct relay *greeting(struct inspection *inspection)
{
    const struct relay *border = inspection_stranger(inspection);
    return border && border->helo_given && border->helo.length ? border : NULL;
}

static bool is_bracketed(struct span helo)
{
    return helo.length > 2 && helo.data[0] == '[' && helo.data[helo.length - 1] == ']';
}

static enum outcome helo_is_address(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = greeting(inspection);
    if (!border || !host_is_ipv4(border->helo))
        return OUTCOME_SILENT;
    /* Programs behind a home router say their private address; git send-email on Debian says 127.0.1.1. */
    if (host_is_private_address(border->helo) && !span_is(border->helo, "127.0.0.1"))
        return OUTCOME_SILENT;
    detail_say(detail, "the sending host called itself %s, a bare number", border->helo, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_helo_is_address = {
    .name = "HELO_IS_ADDRESS",
    .description = N_("was sent by a host that called itself by a bare number, which RFC 5321 section 4.1.3 forbids"),
    .points = 170, /* first 60 % of 2003: 0.00 % of ham, 1.48 % of spam; of 2022-26: 0.17 % of ham, 0.19 % of spam */
    .evaluate = helo_is_address,
};

static enum outcome helo_is_literal(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = greeting(inspection);
    if (!border || !is_bracketed(border->helo))
        return OUTCOME_SILENT;
    detail_say(detail, "the sending host called itself %s and has no name", border->helo, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_helo_is_literal = {
    .name = "HELO_IS_LITERAL",
    .description = N_("was sent by a host that called itself by a number in brackets, as home computers do"),
    .points = 60, /* 2003: 0.00 % of ham, 0.11 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = helo_is_literal,
};

static enum outcome helo_no_dot(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = greeting(inspection);
    if (!border || span_find_byte(border->helo, '.') < border->helo.length || is_bracketed(border->helo)
        || span_find_byte(border->helo, ':') < border->helo.length)
        return OUTCOME_SILENT;
    detail_say(detail, "the sending host called itself \"%s\", which is no full name", border->helo, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_helo_no_dot = {
    .name = "HELO_NO_DOT",
    .description = N_("was sent by a host that called itself by a name without a dot"),
    .points = 150, /* 2003: 0.10 % of ham, 3.69 % of spam; 2022-26: 0.12 % of ham, 1.88 % of spam */
    .evaluate = helo_no_dot,
};

/* Our own names: the host that wrote the field, and the user's domains. */
static enum outcome helo_is_ours(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = greeting(inspection);
    if (!border)
        return OUTCOME_SILENT;
    bool ours = (border->by.length && span_equal_nocase(border->helo, border->by))
             || inspection_is_own_domain(inspection, border->helo);
    if (!ours || span_equal_nocase(border->reverse_name, border->helo))
        return OUTCOME_SILENT;
    detail_say(detail, "a host outside (%s) called itself by our own name %s", border->ip, border->helo);
    return OUTCOME_HIT;
}

const struct check check_helo_is_ours = {
    .name = "HELO_IS_OURS",
    .description = N_("was sent by a host outside that called itself by our own name"),
    .points = 300, /* 2003: 0.00 % of ham, 0.21 % of spam; 2022-26: 0.06 % of ham, 0.00 % of spam */
    .evaluate = helo_is_ours,
};

static enum outcome no_reverse_name(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = inspection_stranger(inspection);
    if (!border || border->reverse_name.length || !border->helo_given)
        return OUTCOME_SILENT;
    detail_say(detail, "the sending host %s has no name of its own in the DNS", border->ip, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_no_reverse_name = {
    .name = "NO_REVERSE_NAME",
    .description = N_("was sent by a host without a name of its own in the DNS"),
    .points = 20, /* 2003: 25.61 % of ham, 50.90 % of spam; 2022-26: 100.00 % of ham, 99.90 % of spam */
    .evaluate = no_reverse_name,
};

static enum outcome reverse_name_forged(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = inspection_stranger(inspection);
    if (!border || !border->reverse_name_forged)
        return OUTCOME_SILENT;
    detail_say(detail, "the name %s of the sending host may be forged, says our server", border->reverse_name,
               SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_reverse_name_forged = {
    .name = "REVERSE_NAME_FORGED",
    .description = N_("was sent by a host whose name does not lead back to it"),
    .points = 110, /* first 60 % of 2003: 1.64 % of ham, 5.46 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = reverse_name_forged,
};

static bool has_word(struct span name, const char *word)
{
    for (size_t i = 0; i < name.length; i++)
        if ((name.data[i] | 0x20) == word[0] && span_starts_nocase(span_from(name, i), word))
            return true;
    return false;
}

/* How many of the address's four numbers stand in the name as numbers of their own. */
static unsigned numbers_in_name(struct span name, struct span address)
{
    unsigned found = 0;
    while (address.length) {
        struct span number = span_head(address, span_find_byte(address, '.'));
        for (size_t i = 0; number.length && i + number.length <= name.length; i++) {
            bool starts = i == 0 || !(name.data[i - 1] >= '0' && name.data[i - 1] <= '9');
            bool ends = i + number.length == name.length
                     || !(name.data[i + number.length] >= '0' && name.data[i + number.length] <= '9');
            if (starts && ends && memcmp(name.data + i, number.data, number.length) == 0) {
                found++;
                break;
            }
        }
        address = span_from(address, number.length + 1);
    }
    return found;
}

/* Names providers give to lines of private customers: a word for the kind of line, and the address itself or most of
 * it. */
static enum outcome dynamic_reverse_name(struct inspection *inspection, struct buffer *detail)
{
    static const char *const words[] = { "dsl",  "dyn",  "dial",       "ppp",       "pool",        "cable",
                                         "dhcp", "cust", "client",     "broadband", "home",        "modem",
                                         "user", "catv", "wanadoo.fr", "t-dialin",  "static.vnpt", "rev." };
    const struct relay *border = inspection_stranger(inspection);
    if (!border || !host_is_ipv4(border->ip) || border->reverse_name.length == 0)
        return OUTCOME_SILENT;
    bool is_line = false;
    for (size_t i = 0; i < sizeof words / sizeof *words && !is_line; i++)
        is_line = has_word(border->reverse_name, words[i]);
    if (!is_line || numbers_in_name(border->reverse_name, border->ip) < 2)
        return OUTCOME_SILENT;
    detail_say(detail, "it came straight from a private line: %s", border->reverse_name, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_dynamic_reverse_name = {
    .name = "DYNAMIC_REVERSE_NAME",
    .description = N_("was sent straight from a private customer's line"),
    .points = 135, /* first 60 % of 2003: 0.19 % of ham, 1.86 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = dynamic_reverse_name,
};

/* A host that calls itself after one site and is called after another: hosting firms' customers do, with reason. */
static enum outcome helo_differs(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = greeting(inspection);
    if (!border || border->reverse_name.length == 0 || !host_looks_like_name(border->helo)
        || host_same_site(border->helo, border->reverse_name))
        return OUTCOME_SILENT;
    detail_say(detail, "the sending host called itself %s and is called %s", border->helo, border->reverse_name);
    return OUTCOME_HIT;
}

const struct check check_helo_differs = {
    .name = "HELO_DIFFERS",
    .description = N_("was sent by a host that called itself by another name than its own"),
    .points = 10, /* first 60 % of 2003: 2.56 % of ham, 6.23 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = helo_differs,
};

/* Large services name their hosts after themselves, so a host that takes such a name and has another in the DNS, or
 * none, lies. */
static enum outcome helo_forges_service(struct inspection *inspection, struct buffer *detail)
{
    static const char *const services[] = {
        "hotmail.com",  "msn.com",        "yahoo.com",  "aol.com",      "gmail.com",    "google.com",    "outlook.com",
        "live.com",     "microsoft.com",  "apple.com",  "icloud.com",   "excite.com",   "lycos.com",     "juno.com",
        "netscape.net", "compuserve.com", "mail.ru",    "yandex.ru",    "gmx.net",      "gmx.de",        "web.de",
        "orange.fr",    "wanadoo.fr",     "free.fr",    "laposte.net",  "163.com",      "qq.com",        "sina.com",
        "paypal.com",   "ebay.com",       "amazon.com", "facebook.com", "linkedin.com", "amazonses.com", "sendgrid.net",
    };
    const struct relay *border = greeting(inspection);
    if (!border || host_same_site(border->helo, border->reverse_name) || border->ip.length == 0)
        return OUTCOME_SILENT;
    bool bare = border->reverse_name.length == 0;
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        /* Without a reverse name only the service's bare domain is a lie for sure: servers that do not look it up
         * write none. */
        if (bare ? !span_is_nocase(border->helo, services[i]) : !host_within(border->helo, span_of(services[i])))
            continue;
        detail_say(detail, "the sending host called itself %s, but is %s", border->helo,
                   bare ? border->ip : border->reverse_name);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_helo_forges_service = {
    .name = "HELO_FORGES_SERVICE",
    .description = N_("was sent by a host that called itself by the name of a large mail service it does not belong "
                      "to"),
    .points = 245, /* first 60 % of 2003: 0.00 % of ham, 1.80 % of spam; of 2022-26: 0.00 % of ham, 1.32 % of spam */
    .evaluate = helo_forges_service,
};

/* --- dates along the way ------------------------------------------------------------------------------------------ */

#define HOUR 3600

/* How many seconds the worst hop claims to be later than the one above it, which came after it.  Fields without a date
 * are passed over. */
static int64_t worst_step_back(const struct message *message)
{
    int64_t worst = 0, above = RELAY_NO_DATE;
    for (size_t i = 0; i < message->relay_count; i++) {
        int64_t date = message->relays[i].date;
        if (date == RELAY_NO_DATE)
            continue;
        if (above != RELAY_NO_DATE && date / 2 - above / 2 > worst)
            worst = date / 2 - above / 2; /* halves: no overflow, whatever the years */
        above = date;
    }
    return worst * 2;
}

/* Clocks that are wrong are so by minutes, or by their zone. */
#define CLOCK_SLACK (6 * HOUR)
#define ZONE_SLACK (16 * HOUR)

static enum outcome step_back_between(struct inspection *inspection, struct buffer *detail, int64_t least, int64_t most)
{
    int64_t back = worst_step_back(inspection->message);
    if (back < least || back >= most)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("by the dates on its way it went back in time by %lld hours"),
                         (long long)(back / HOUR));
    return OUTCOME_HIT;
}

static enum outcome dates_go_backwards(struct inspection *inspection, struct buffer *detail)
{
    return step_back_between(inspection, detail, CLOCK_SLACK, ZONE_SLACK);
}

const struct check check_dates_go_backwards = {
    .name = "DATES_GO_BACKWARDS",
    .description = N_("was received, its header says, by one host before the host that sent it there had it"),
    .points = 50, /* first 60 % of 2003: 1.74 % of ham, 4.50 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = dates_go_backwards,
};

static enum outcome dates_go_far_backwards(struct inspection *inspection, struct buffer *detail)
{
    return step_back_between(inspection, detail, ZONE_SLACK, INT64_MAX);
}

const struct check check_dates_go_far_backwards = {
    .name = "DATES_GO_FAR_BACKWARDS",
    .description = N_("was received, its header says, by one host most of a day before the host that sent it there had "
                      "it"),
    .points = 215, /* first 60 % of 2003: 0.00 % of ham, 2.70 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = dates_go_far_backwards,
};

static enum outcome relay_in_future(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    int64_t now = inspection->context->now;
    for (size_t i = 0; i < message->relay_count && now > 0; i++) {
        int64_t date = message->relays[i].date;
        if (date == RELAY_NO_DATE || date / 2 - now / 2 < 6 * HOUR /* in halves */)
            continue;
        detail_say(detail, "it will have passed the host %s, its header says, at a time that is yet to come",
                   message->relays[i].by, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_relay_in_future = {
    .name = "RELAY_IN_FUTURE",
    .description = N_("passed a host, its header says, at a time that is yet to come"),
    .points = 105, /* first 60 % of 2003: 0.14 % of ham, 1.61 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = relay_in_future,
};

/* --- networks ----------------------------------------------------------------------------------------------------- */

static enum outcome no_received(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(!inspection_was_relayed(inspection));
}

const struct check check_no_received = {
    .name = "NO_RECEIVED",
    .description = N_("does not say how it came here (no Received field)"),
    .points = 10, /* 2003: 3.25 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = no_received,
};

static enum outcome from_friend(struct inspection *inspection, struct buffer *detail)
{
    if (inspection_network(inspection) != NETWORK_FRIEND)
        return OUTCOME_SILENT;
    detail_say(detail, "it was handed over by %s, which is in friend_networks", inspection_border(inspection)->ip,
               SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_from_friend = {
    .name = "FROM_FRIEND",
    .description = N_("was handed over by a friendly network"),
    .points = -100, /* what the administrator says of his partners, not measured */
    .evaluate = from_friend,
};

static const char *internal_among(const struct address_list *list, const char *const *internal)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; internal[j]; j++)
            if (span_is_nocase(list->items[i].mailbox, internal[j]))
                return internal[j];
    return NULL;
}

static enum outcome internal_recipient(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    const char *const *internal = inspection->context->internal_addresses;
    const struct relay *stranger = internal ? inspection_stranger(inspection) : NULL;
    if (!stranger)
        return OUTCOME_SILENT;
    const char *found = internal_among(&message->to, internal);
    if (!found)
        found = internal_among(&message->cc, internal);
    for (size_t i = 0; internal[i] && !found; i++)
        if (span_is_nocase(stranger->for_mailbox, internal[i]))
            found = internal[i];
    if (!found)
        return OUTCOME_SILENT;
    detail_say(detail, "a host outside (%s) sent it to %s, which only people inside write to", stranger->ip,
               span_of(found));
    return OUTCOME_HIT;
}

const struct check check_internal_recipient = {
    .name = "INTERNAL_RECIPIENT",
    .description = N_("comes from outside and goes to an address that only people inside write to"),
    .points = 250, /* what the administrator says of his site, not measured */
    .evaluate = internal_recipient,
};
