/* check-bad-relay.c - the local list of bad relays: bad_relays in the directory of the system's and of the user's lists
 *
 * Plain text, an address or a network a line; '#' starts a comment.  Mail to trap addresses adds to the user's.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "rules/sightings.h"
#include "util/network.h"
#include "util/translate.h"

/* Most lines are addresses, and are compared as text, which is how they came out of a Received field; networks are
 * written by hand. */
static bool line_has(struct span entry, struct span ip, const struct network_address *address)
{
    struct network network;
    if (span_equal_nocase(entry, ip))
        return true;
    return span_find_byte(entry, '/') < entry.length && network_read(entry, &network) && network_has(&network, address);
}

/* The line of the list that has the address and is worth most; empty when there is none. */
static struct span listed(struct span list, struct span ip, unsigned *sightings)
{
    struct span best = SPAN_EMPTY;
    struct network_address address;
    *sightings = 0;
    if (list.length == 0 || !network_read_address(ip, &address))
        return SPAN_EMPTY;
    while (list.length) {
        size_t length = span_find_byte(list, '\n');
        struct span line = span_head(list, length);
        struct span entry = span_trim(span_head(line, span_find_byte(line, '#')));
        list = span_from(list, length + 1);
        if (!line_has(entry, ip, &address) || sightings_of_line(line) <= *sightings)
            continue;
        *sightings = sightings_of_line(line);
        best = entry;
    }
    return best;
}

static enum outcome bad_relay(struct inspection *inspection, struct buffer *detail)
{
    const struct relay *border = inspection->context->bad_relays.length ? inspection_border(inspection) : NULL;
    unsigned sightings = 0;
    struct span line = border ? listed(inspection->context->bad_relays, border->ip, &sightings) : SPAN_EMPTY;
    if (line.length == 0)
        return OUTCOME_SILENT;
    inspection->share = sightings_share(sightings);
    detail_say(detail, "it came from %s, and %s is in the list of bad relays", border->ip, line);
    return OUTCOME_HIT;
}

const struct check check_bad_relay = {
    .name = "BAD_RELAY",
    .description = N_("was sent by a host of the local list of bad relays"),
    .points = 200, /* in neither corpus; a host that many share may be in the list for one of them; less for few
                      sightings */
    .evaluate = bad_relay,
};
