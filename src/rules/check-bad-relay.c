/* check-bad-relay.c - the local list of bad relays: bad_relays in the directory of the system's and of the user's lists
 *
 * Plain text, an address or a network a line; '#' starts a comment.  Mail to trap addresses adds to the user's.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/network.h"

/* The first line of the list that has the address; empty when there is none.  Most lines are addresses, and are
 * compared as text, which is how they came out of a Received field; networks are written by hand. */
static struct span listed(struct span list, struct span ip)
{
    struct network_address address;
    struct network network;
    if (list.length == 0 || !network_read_address(ip, &address))
        return SPAN_EMPTY;
    while (list.length) {
        size_t length = span_find_byte(list, '\n');
        struct span line = span_head(list, length);
        list = span_from(list, length + 1);
        line = span_trim(span_head(line, span_find_byte(line, '#')));
        if (span_equal_nocase(line, ip) || (span_find_byte(line, '/') < line.length && network_read(line, &network) &&
                                            network_has(&network, &address)))
            return line;
    }
    return SPAN_EMPTY;
}

static enum outcome bad_relay(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = inspection->context->bad_relays.length ? inspection_border(inspection) : NULL;
    struct span line = border ? listed(inspection->context->bad_relays, border->ip) : SPAN_EMPTY;
    if (line.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "it came from %s, and %s is in the list of bad relays", border->ip, line);
    return OUTCOME_HIT;
}

const struct check check_bad_relay = {
    .name = "BAD_RELAY",
    .description = "was sent by a host of the local list of bad relays",
    .points = 200, /* in neither corpus; a host that many share may be in the list for one of them */
    .evaluate = bad_relay,
};
