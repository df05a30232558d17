/* relays-export.h - relays to be refused, in the words of who refuses them
 *
 *     postfix      a table of type cidr (cidr_table(5)) for check_client_access (access(5)): 450, "try again", which a
 *                  mail server that was blocked in error does; so nothing is lost
 *     postscreen   the same for postscreen_access_list, which knows no texts
 *     nft          a script for `nft -f`: two sets, IPv4 and IPv6, whose elements end by themselves, filled in one step
 *     plain        an address or a network a line, the reason behind '#': what the lists bad_relays are
 */
#ifndef TAMIS_COMMANDS_RELAYS_EXPORT_H
#define TAMIS_COMMANDS_RELAYS_EXPORT_H

#include <stdint.h>
#include <stdio.h>

#include "util/network.h"

struct refused_relay {
    struct network network;
    unsigned offences;
    int64_t first, last, until, now; /* seconds since 1970 */
};

/* What is written before the first, and for each. */
struct relays_format {
    const char *name;
    void (*begin)(FILE *out);
    void (*relay)(const struct refused_relay *relay, FILE *out);
};

/* NULL: there is none of that name. */
const struct relays_format *relays_format_find(const char *name);

/* "2026-11-22T09:00Z". */
#define RELAYS_TIME_TEXT 24
const char *relays_time(int64_t when, char out[RELAYS_TIME_TEXT]);

#endif
