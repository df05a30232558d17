/* origin.c - who a message says it is from, by which host it came, for whom, and what proves any of it */
#include "senders/origin.h"

#include "mail/url.h"
#include "senders/entry.h"
#include "util/translate.h"

#define NETWORK_BITS_IPV4 24 /* the least that is routed on its own between providers */
#define NETWORK_BITS_IPV6 48 /* one site (RFC 6177) */

/* --- the way in ------------------------------------------------------------------------------------------------- */

static bool is_loopback(const struct network_address *address)
{
    static const unsigned char ipv4[13] = { [10] = 0xFF, [11] = 0xFF, [12] = 127 }, ipv6[16] = { [15] = 1 };
    return memcmp(address->bytes, ipv4, sizeof ipv4) == 0 || memcmp(address->bytes, ipv6, sizeof ipv6) == 0;
}

enum nearness { NEAR_STRANGE, NEAR_PRIVATE, NEAR_OURS };

static enum nearness nearness_of(struct span ip, const struct site *site)
{
    struct network_address address;
    if (!network_read_address(ip, &address))
        return NEAR_STRANGE;
    if (is_loopback(&address) || (site->trusted_networks && network_list_has(site->trusted_networks, ip)))
        return NEAR_OURS;
    return network_address_is_private(&address) ? NEAR_PRIVATE : NEAR_STRANGE;
}

/* Mail fetched from a mailbox elsewhere: that server is as good as our own. */
static bool is_fetched(const struct relay *relay)
{
    return span_starts_nocase(relay->with, "POP") || span_starts_nocase(relay->with, "IMAP");
}

/* A hop within one machine, by a pipe or a socket: nobody to name, or a protocol no stranger speaks to us. */
static bool is_local(const struct relay *relay)
{
    bool nobody = relay->helo.length == 0 && relay->reverse_name.length == 0;
    return relay->ip.length == 0 && (nobody || span_starts_nocase(relay->with, "LMTP") ||
                                     span_is_nocase(relay->with, "local"));
}

/* One of our own people, who gave a password (RFC 3848: ESMTPA, ESMTPSA), wherever they sit. */
static bool is_submission(const struct relay *relay)
{
    return span_is_nocase(relay->with, "ESMTPA") || span_is_nocase(relay->with, "ESMTPSA");
}

static void find_way_in(const struct message *message, const struct site *site, struct origin *origin)
{
    origin->is_surely_inside = message->relay_count > 0;
    for (size_t i = 0; i < message->relay_count; i++) {
        const struct relay *relay = &message->relays[i];
        enum nearness nearness = is_local(relay) ? NEAR_OURS : nearness_of(relay->ip, site);
        struct network_address address;
        origin->own_hops = i + 1;
        origin->way = WAY_INSIDE;
        if (is_fetched(relay) || nearness != NEAR_STRANGE) {
            origin->is_surely_inside = origin->is_surely_inside && nearness == NEAR_OURS;
            continue;
        }
        if (is_submission(relay))
            return;
        origin->way = WAY_OUTSIDE;
        origin->is_surely_inside = false;
        if (network_read_address(relay->ip, &address))
            origin->outside = relay;
        return;
    }
}

/* --- mailboxes -------------------------------------------------------------------------------------------------- */

/* A list while it is made; it has room for all that will come. */
struct gathering {
    struct arena *arena;
    struct correspondent *items;
    size_t count;
};

static struct gathering gather(size_t most, struct arena *arena)
{
    return (struct gathering){ .arena = arena, .items = arena_new_array(arena, struct correspondent, most) };
}

static struct correspondents gathered(const struct gathering *gathering)
{
    return (struct correspondents){ gathering->items, gathering->count };
}

static void take_mailbox(struct gathering *gathering, struct span local, struct span domain)
{
    if (domain.length)
        domain = entry_domain(domain, gathering->arena);
    if (domain.length && local.length)
        gathering->items[gathering->count++] = (struct correspondent){ local, domain };
}

static void take_addresses(struct gathering *gathering, const struct address_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        take_mailbox(gathering, list->items[i].local, list->items[i].domain);
}

/* "<anna@example.org>" or without brackets, as servers write it. */
static void take_path(struct gathering *gathering, struct span path)
{
    path = span_trim(path);
    if (path.length > 1 && path.data[0] == '<' && path.data[path.length - 1] == '>')
        path = span_make(path.data + 1, path.length - 2);
    size_t at = path.length;
    while (at > 0 && path.data[at - 1] != '@')
        at--;
    if (at > 0)
        take_mailbox(gathering, span_head(path, at - 1), span_from(path, at));
}

/* --- for whom --------------------------------------------------------------------------------------------------- */

static bool is_envelope_field(struct span name)
{
    return span_is_nocase(name, "Delivered-To") || span_is_nocase(name, "X-Original-To") ||
           span_is_nocase(name, "Envelope-To");
}

static void find_recipients(struct arena *arena, struct origin *origin)
{
    const struct message *message = origin->message;
    const struct header *header = &message->header;
    size_t above = 0;
    while (above < header->count && !span_is_nocase(header->fields[above].name, "Received"))
        above++;
    struct gathering recorded = gather(above + origin->own_hops, arena);
    for (size_t i = 0; i < above && origin->own_hops; i++)
        if (is_envelope_field(header->fields[i].name))
            take_path(&recorded, header->fields[i].value);
    for (size_t i = 0; i < origin->own_hops; i++)
        take_path(&recorded, message->relays[i].for_mailbox);
    struct gathering named = gather(message->to.count + message->cc.count, arena);
    take_addresses(&named, &message->to);
    take_addresses(&named, &message->cc);
    origin->recorded = gathered(&recorded);
    origin->named = gathered(&named);
}

/* --- the sender ------------------------------------------------------------------------------------------------- */

static void find_senders(struct arena *arena, struct origin *origin)
{
    const struct message *message = origin->message;
    const struct header_field *sender = header_find(&message->header, "Sender");
    struct address_list on_behalf = { 0 };
    if (sender)
        address_parse(span_head(sender->raw, ENTRY_LONGEST), arena, &on_behalf);
    struct gathering senders = gather(message->from.count + on_behalf.count + 1, arena);
    take_addresses(&senders, &message->from);
    /* Who writes several into From wants to be seen as one and checked as another. */
    if (senders.count == 1 && header_count(&message->header, "From") == 1)
        origin->sender = senders.items[0];
    take_addresses(&senders, &on_behalf);
    take_path(&senders, header_value(&message->header, "Return-Path"));
    origin->senders = gathered(&senders);
}

/* RFC 2919 section 3: words for people, then the identifier in angle brackets. */
static struct span find_list_id(const struct header *header)
{
    struct span value = header_value(header, "List-Id");
    size_t end = value.length;
    while (end > 0 && value.data[end - 1] != '>')
        end--;
    size_t start = end;
    while (start > 0 && value.data[start - 1] != '<')
        start--;
    struct span id = end > start ? span_make(value.data + start, end - start - 1) : value;
    return span_find_byte(id, ' ') == id.length ? span_trim(id) : SPAN_EMPTY;
}

void origin_find(const struct message *message, const struct site *site, struct arena *arena, struct origin *origin)
{
    *origin = (struct origin){ .message = message };
    find_way_in(message, site, origin);
    find_senders(arena, origin);
    find_recipients(arena, origin);
    origin->list_id = find_list_id(&message->header);
    authentication_read(&message->header, origin->own_hops, site->authserv_ids, &origin->authentication);
}

/* --- what proves it --------------------------------------------------------------------------------------------- */

static struct span lower_case(struct span text, char out[256])
{
    text = span_head(text, 255);
    for (size_t i = 0; i < text.length; i++)
        out[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] | 0x20) : text.data[i];
    return span_make(out, text.length);
}

/* Relaxed alignment, RFC 7489 section 3.1: one organisation's domains. */
static bool is_aligned(struct span a, struct span b)
{
    if (a.length == 0 || b.length == 0 || a.length > 255 || b.length > 255)
        return false;
    if (span_equal_nocase(a, b))
        return true;
    char space_a[256], space_b[256];
    return span_equal(url_registrable_domain(lower_case(a, space_a)), url_registrable_domain(lower_case(b, space_b)));
}

enum proof origin_proof(const struct origin *origin, struct span domain)
{
    const struct authentication *found = &origin->authentication;
    if (origin->is_surely_inside)
        return PROOF_INSIDE;
    bool dmarc_is_about = found->dmarc_domain.length == 0 || is_aligned(found->dmarc_domain, domain);
    if (found->dmarc == AUTHENTICATION_FAIL && dmarc_is_about)
        return PROOF_FAILED;
    if (found->dmarc == AUTHENTICATION_PASS && found->dmarc_domain.length && dmarc_is_about)
        return PROOF_DMARC;
    if (found->dkim == AUTHENTICATION_PASS && is_aligned(found->dkim_domain, domain))
        return PROOF_DKIM;
    if (found->spf == AUTHENTICATION_PASS && is_aligned(found->spf_domain, domain))
        return PROOF_SPF;
    return PROOF_NONE;
}

const char *proof_name(enum proof proof)
{
    static const char *const names[] = {
        [PROOF_NONE] = N_("nothing"),     [PROOF_FAILED] = "dmarc=fail", [PROOF_INSIDE] = N_("from inside"),
        [PROOF_DMARC] = "dmarc=pass", [PROOF_DKIM] = "dkim=pass",    [PROOF_SPF] = "spf=pass",
    };
    return names[proof];
}

struct span origin_network(const struct origin *origin, struct arena *arena)
{
    struct network_address address;
    char text[NETWORK_TEXT];
    if (!origin->outside || !network_read_address(origin->outside->ip, &address))
        return SPAN_EMPTY;
    struct network network = network_of(&address, NETWORK_BITS_IPV4, NETWORK_BITS_IPV6);
    return arena_copy(arena, span_of(network_write(&network, text)));
}
