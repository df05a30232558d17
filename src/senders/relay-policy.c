/* relay-policy.c - which relays the mail server is to refuse, and for how long */
#include "senders/relay-policy.h"

#define TRAP_OFFENCES 2
#define DOUBLED_MOST 20 /* a minute doubled twenty times is two years */
#define SECONDS_A_DAY 86400

/* Of IPv4 neither multicast nor above; of IPv6 global unicast (RFC 4291 section 2.4). */
static bool is_public(const struct network *network)
{
    const unsigned char *bytes = network->address.bytes;
    return !network_address_is_private(&network->address) &&
           (network_is_ipv4(network) ? bytes[12] < 224 : bytes[0] >> 5 == 1);
}

/* Does it share an address with any of the list?  A trusted host within a /64 spares the /64. */
static bool touches(const struct network_list *list, const struct network *network)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (network_has(&list->items[i], &network->address) || network_has(network, &list->items[i].address))
            return true;
    return false;
}

static bool is_ours(const struct relay_policy *policy, const struct network *network)
{
    return !is_public(network) || touches(policy->trusted_networks, network) ||
           touches(policy->friend_networks, network);
}

static bool sent_ham(const struct relay_policy *policy, const struct relay_record *record, unsigned offences,
                     int64_t now)
{
    bool recent = record->ham && now - record->last_ham <= RELAY_HAM_SECONDS;
    return recent && offences < (uint64_t)record->ham * (unsigned)policy->spam_per_ham;
}

static int64_t seconds_refused(const struct relay_policy *policy, unsigned offences)
{
    unsigned further = offences - (unsigned)policy->offences;
    int64_t most = (int64_t)policy->days_most * SECONDS_A_DAY;
    int64_t seconds = ((int64_t)policy->minutes * 60) << (further < DOUBLED_MOST ? further : DOUBLED_MOST);
    return seconds < most ? seconds : most;
}

struct relay_sentence relay_judge(const struct relay_policy *policy, const struct relay_record *record, unsigned users,
                                  int64_t now)
{
    struct relay_sentence sentence = { .offences = record->called_spam + TRAP_OFFENCES * record->trapped };
    if (is_ours(policy, &record->network))
        sentence.standing = RELAY_OURS;
    else if (sentence.offences < (unsigned)policy->offences)
        sentence.standing = RELAY_TOO_FEW;
    else if (users < (unsigned)policy->users)
        sentence.standing = RELAY_TOO_FEW_USERS;
    else if (sent_ham(policy, record, sentence.offences, now))
        sentence.standing = RELAY_SENT_HAM;
    else {
        sentence.until = record->last_spam + seconds_refused(policy, sentence.offences);
        sentence.standing = sentence.until > now ? RELAY_REFUSED : RELAY_OVER;
    }
    return sentence;
}
