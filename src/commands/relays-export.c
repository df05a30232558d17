/* relays-export.c - relays to be refused, in the words of who refuses them */
#include "commands/relays-export.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

const char *relays_time(int64_t when, char out[RELAYS_TIME_TEXT])
{
    time_t seconds = (time_t)when;
    struct tm date;
    if (!gmtime_r(&seconds, &date) || strftime(out, RELAYS_TIME_TEXT, "%Y-%m-%dT%H:%MZ", &date) == 0)
        out[0] = '\0';
    return out;
}

/* --- Postfix ---------------------------------------------------------------------------------------------------- */

static void say_source(FILE *out)
{
    fputs("# made by tamis relays: hosts that sent spam of late, for a time; changes by hand are lost\n", out);
}

static void postfix_relay(const struct refused_relay *relay, FILE *out)
{
    char network[NETWORK_TEXT], until[RELAYS_TIME_TEXT];
    fprintf(out, "%s 450 4.7.1 Spam came from your host of late; it is let in again at %s\n",
            network_write(&relay->network, network), relays_time(relay->until, until));
}

static void postscreen_relay(const struct refused_relay *relay, FILE *out)
{
    char network[NETWORK_TEXT];
    fprintf(out, "%s reject\n", network_write(&relay->network, network));
}

/* --- nftables --------------------------------------------------------------------------------------------------- */

/* "add" makes what is not there yet; the whole script is one transaction. */
static void nft_begin(FILE *out)
{
    say_source(out);
    fputs("add table inet tamis\n"
          "add set inet tamis relays4 { type ipv4_addr; flags timeout; }\n"
          "add set inet tamis relays6 { type ipv6_addr; flags interval, timeout; }\n"
          "flush set inet tamis relays4\n"
          "flush set inet tamis relays6\n",
          out);
}

static void nft_relay(const struct refused_relay *relay, FILE *out)
{
    char network[NETWORK_TEXT];
    fprintf(out, "add element inet tamis relays%d { %s timeout %" PRId64 "s }\n",
            network_is_ipv4(&relay->network) ? 4 : 6, network_write(&relay->network, network),
            relay->until - relay->now);
}

/* --- plain ------------------------------------------------------------------------------------------------------ */

static void plain_relay(const struct refused_relay *relay, FILE *out)
{
    char network[NETWORK_TEXT], first[RELAYS_TIME_TEXT], last[RELAYS_TIME_TEXT], until[RELAYS_TIME_TEXT];
    fprintf(out, "%s  # %u offences, %s to %s; until %s\n", network_write(&relay->network, network), relay->offences,
            relays_time(relay->first, first), relays_time(relay->last, last), relays_time(relay->until, until));
}

/* ---------------------------------------------------------------------------------------------------------------- */

const struct relays_format *relays_format_find(const char *name)
{
    static const struct relays_format formats[] = {
        { "postfix", say_source, postfix_relay },
        { "postscreen", say_source, postscreen_relay },
        { "nft", nft_begin, nft_relay },
        { "plain", say_source, plain_relay },
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(name, formats[i].name) == 0)
            return &formats[i];
    return NULL;
}
