/* check-relay.c - the host that handed the message over: what it called itself, and what it is called
 *
 * Only the hop at our border is asked (inspection_border); everything below it the sender may have written himself.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"

/* The border hop if it says what the host called itself, or NULL. */
static const struct relay *greeting(struct inspection *inspection)
{
    const struct relay *border = inspection_border(inspection);
    return border && border->helo_given && border->helo.length ? border : NULL;
}

static bool is_bracketed(struct span helo)
{
    return helo.length > 2 && helo.data[0] == '[' && helo.data[helo.length - 1] == ']';
}

static enum outcome helo_is_address(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = greeting(inspection);
    if (!border || !host_is_ipv4(border->helo)
        || host_is_private_address(border->helo)) /* git send-email says 127.0.1.1 */
        return OUTCOME_SILENT;
    detail_say(detail, "the sending host called itself %s, a bare number", border->helo, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_helo_is_address = {
    .name = "HELO_IS_ADDRESS",
    .description = "was sent by a host that called itself by a bare number, which RFC 5321 section 4.1.3 forbids",
    .points = 200, /* 2003: 0.00 % of ham, 1.69 % of spam; 2022-26: 0.12 % of ham, 0.35 % of spam */
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
    .description = "was sent by a host that called itself by a number in brackets, as home computers do",
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
    .description = "was sent by a host that called itself by a name without a dot",
    .points = 150, /* 2003: 0.10 % of ham, 3.69 % of spam; 2022-26: 0.12 % of ham, 1.88 % of spam */
    .evaluate = helo_no_dot,
};

/* Our own names: the host that wrote the field, and the user's domains. */
static enum outcome helo_is_ours(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = greeting(inspection);
    if (!border)
        return OUTCOME_SILENT;
    bool ours = border->by.length && span_equal_nocase(border->helo, border->by);
    const char *const *own = inspection->context->own_domains;
    for (size_t i = 0; own && own[i] && !ours; i++)
        ours = span_is_nocase(border->helo, own[i]);
    if (!ours || span_equal_nocase(border->reverse_name, border->helo))
        return OUTCOME_SILENT;
    detail_say(detail, "a host outside (%s) called itself by our own name %s", border->ip, border->helo);
    return OUTCOME_HIT;
}

const struct check check_helo_is_ours = {
    .name = "HELO_IS_OURS",
    .description = "was sent by a host outside that called itself by our own name",
    .points = 300, /* 2003: 0.00 % of ham, 0.21 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = helo_is_ours,
};

static enum outcome no_reverse_name(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = inspection_border(inspection);
    if (!border || border->reverse_name.length || !border->helo_given)
        return OUTCOME_SILENT;
    detail_say(detail, "the sending host %s has no name of its own in the DNS", border->ip, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_no_reverse_name = {
    .name = "NO_REVERSE_NAME",
    .description = "was sent by a host without a name of its own in the DNS",
    .points = 20, /* 2003: 25.61 % of ham, 50.90 % of spam; 2022-26: 100.00 % of ham, 99.90 % of spam */
    .evaluate = no_reverse_name,
};

static enum outcome reverse_name_forged(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = inspection_border(inspection);
    if (!border || !border->reverse_name_forged)
        return OUTCOME_SILENT;
    detail_say(detail, "the name %s of the sending host may be forged, says our server", border->reverse_name,
               SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_reverse_name_forged = {
    .name = "REVERSE_NAME_FORGED",
    .description = "was sent by a host whose name does not lead back to it",
    .points = 60, /* 2003: 1.78 % of ham, 6.12 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = reverse_name_forged,
};

static bool has_word(struct span name, const char *word)
{
    for (size_t i = 0; i < name.length; i++)
        if (span_starts_nocase(span_from(name, i), word))
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
    const struct relay *border = inspection_border(inspection);
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
    .description = "was sent straight from a private customer's line",
    .points = 120, /* 2003: 0.31 % of ham, 2.43 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = dynamic_reverse_name,
};
