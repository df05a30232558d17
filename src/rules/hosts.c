/* hosts.c - questions about host names and addresses as text */
#include "rules/hosts.h"

#include "mail/url.h"
#include "util/network.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_label_byte(char byte)
{
    char lower = (char)(byte | 0x20);
    return is_digit(byte) || byte == '-' || byte == '_' || (lower >= 'a' && lower <= 'z');
}

bool host_within(struct span host, struct span domain)
{
    if (domain.length == 0 || host.length < domain.length)
        return false;
    size_t start = host.length - domain.length;
    if (!span_equal_nocase(span_from(host, start), domain))
        return false;
    return start == 0 || host.data[start - 1] == '.';
}

bool host_within_any(struct span host, const char *const domains[], size_t count)
{
    for (size_t i = 0; host.length && i < count; i++) {
        size_t length = strlen(domains[i]);
        /* Most differ in their last letter already: half the price of asking each. */
        if (length <= host.length && domains[i][length - 1] == (host.data[host.length - 1] | 0x20)
            && host_within(host, span_make(domains[i], length)))
            return true;
    }
    return false;
}

struct span host_last_two_labels(struct span host)
{
    size_t dots = 0;
    for (size_t i = host.length; i > 0; i--)
        if (host.data[i - 1] == '.' && ++dots == 2)
            return span_from(host, i);
    return host;
}

bool host_same_site(struct span a, struct span b)
{
    if (host_within(a, b) || host_within(b, a))
        return true;
    /* A registrable domain has at least two labels: hosts that differ here differ in site. */
    if (a.length == 0 || b.length == 0 || !span_equal_nocase(host_last_two_labels(a), host_last_two_labels(b)))
        return false;
    return span_equal_nocase(url_registrable_domain(a), url_registrable_domain(b));
}

/* Takes a decimal number of at most three digits and 255 off `*text`. */
static bool take_octet(struct span *text)
{
    int value = 0;
    size_t digits = 0;
    while (digits < text->length && digits < 4 && is_digit(text->data[digits]))
        value = value * 10 + (text->data[digits++] - '0');
    if (digits == 0 || digits > 3 || value > 255)
        return false;
    *text = span_from(*text, digits);
    return true;
}

bool host_is_ipv4(struct span host)
{
    for (int i = 0; i < 4; i++) {
        if (i > 0 && (host.length == 0 || host.data[0] != '.'))
            return false;
        host = span_from(host, i > 0);
        if (!take_octet(&host))
            return false;
    }
    return host.length == 0;
}

bool host_is_private_address(struct span text)
{
    struct network_address address;
    return network_read_address(text, &address) && network_address_is_private(&address);
}

static bool is_top_level(struct span label)
{
    static const char *const longer[] = { "com", "net",   "org",   "info",   "biz",  "edu",  "gov",   "mil",
                                          "int", "app",   "dev",   "online", "site", "shop", "store", "xyz",
                                          "top", "cloud", "email", "bank",   "live", "club" };
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        if (span_is_nocase(label, longer[i]))
            return true;
    /* Two letters are countries, but these are file names in a text more often than hosts. */
    static const char *const file_endings[] = { "js", "py", "pl", "sh", "md", "cc", "rs",
                                                "ps", "so", "gz", "tf", "ml", "hs" };
    for (size_t i = 0; i < sizeof file_endings / sizeof *file_endings; i++)
        if (span_is_nocase(label, file_endings[i]))
            return false;
    return label.length == 2 && !is_digit(label.data[0]) && !is_digit(label.data[1]);
}

bool host_is_name(struct span text)
{
    size_t label = 0, dots = 0;
    if (text.length < 4 || text.length > 253)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '.') {
            if (i == label)
                return false;
            label = i + 1;
            dots++;
        } else if (!is_label_byte(text.data[i])) {
            return false;
        }
    }
    return dots > 0 && label < text.length;
}

bool host_looks_like_name(struct span text)
{
    size_t label = text.length;
    while (label > 0 && text.data[label - 1] != '.')
        label--;
    return host_is_name(text) && is_top_level(span_from(text, label));
}
