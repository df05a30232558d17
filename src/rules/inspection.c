/* inspection.c - one message under inspection: what several checks need, computed once, when first asked for */
#include "rules/inspection.h"

#include "mail/url-host.h"
#include "rules/hosts.h"
#include "rules/lists.h"
#include "rules/words.h"
#include "util/utf8.h"

/* Links with an address as text that are followed up: each may cost a question to the Public Suffix List. */
#define LINKS_COMPARED 50

void inspection_start(struct inspection *inspection, const struct message *message, const struct rule_context *context,
                      struct arena *arena)
{
    *inspection = (struct inspection){ .message = message, .context = context, .arena = arena };
}

bool inspection_was_relayed(struct inspection *inspection)
{
    return inspection->message->relay_count > 0;
}

static bool is_fetch(struct span protocol)
{
    return span_starts_nocase(protocol, "POP") || span_starts_nocase(protocol, "IMAP");
}

static bool is_in(const struct network_list *networks, struct span address)
{
    return networks && network_list_has(networks, address);
}

static const struct relay *find_border(const struct message *message, const struct rule_context *context)
{
    for (size_t i = 0; i < message->relay_count; i++) {
        const struct relay *relay = &message->relays[i];
        if (is_fetch(relay->with))
            continue;
        if (relay->ip.length && !host_is_private_address(relay->ip) && !is_in(context->trusted_networks, relay->ip))
            return relay;
        /* By a socket of this machine, as Postfix hands mail to Dovecot: no stranger speaks LMTP to us (RFC 2033,
         * section 5). */
        if (relay->ip.length == 0 && span_starts_nocase(relay->with, "LMTP"))
            continue;
        /* A name without an address, and not this machine's: whoever is behind it, nothing below can be trusted. */
        if (relay->ip.length == 0 && span_find_byte(relay->helo, '.') < relay->helo.length)
            return NULL;
    }
    return NULL;
}

const struct relay *inspection_border(struct inspection *inspection)
{
    if (!inspection->border_known) {
        inspection->border = find_border(inspection->message, inspection->context);
        inspection->border_known = true;
    }
    return inspection->border;
}

/* ESMTPA, ESMTPSA, UTF8SMTPSA (RFC 3848, RFC 6531): the sender gave our server a password, so he is one of ours,
 * wherever he sits. */
static bool is_logged_in(const struct relay *border)
{
    return span_ends_nocase(border->with, "SMTPA") || span_ends_nocase(border->with, "SMTPSA");
}

enum network_kind inspection_network(struct inspection *inspection)
{
    const struct relay *border = inspection_border(inspection);
    if (!border)
        return NETWORK_NONE;
    if (is_in(inspection->context->friend_networks, border->ip))
        return NETWORK_FRIEND;
    bool own = !border->reverse_name_forged && inspection_is_own_domain(inspection, border->reverse_name);
    return own || is_logged_in(border) ? NETWORK_OWN : NETWORK_UNKNOWN;
}

const struct relay *inspection_stranger(struct inspection *inspection)
{
    return inspection_network(inspection) == NETWORK_UNKNOWN ? inspection_border(inspection) : NULL;
}

const struct authentication *inspection_authentication(struct inspection *inspection)
{
    const struct message *message = inspection->message;
    const struct relay *border = inspection_border(inspection);
    if (!inspection->authentication_known)
        authentication_read(&message->header, border ? (size_t)(border - message->relays) + 1 : 0,
                            inspection->context->authserv_ids, &inspection->authentication);
    inspection->authentication_known = true;
    return &inspection->authentication;
}

bool inspection_is_authenticated(struct inspection *inspection)
{
    const struct authentication *found = inspection_authentication(inspection);
    const struct address *sender = inspection_sender(inspection);
    if (!sender)
        return false;
    return found->dmarc == AUTHENTICATION_PASS
        || (found->dkim == AUTHENTICATION_PASS && host_same_site(found->dkim_domain, sender->domain))
        || (found->spf == AUTHENTICATION_PASS && host_same_site(found->spf_domain, sender->domain));
}

bool inspection_is_own_domain(struct inspection *inspection, struct span domain)
{
    const struct rule_context *context = inspection->context;
    for (size_t i = 0; context->own_domains && context->own_domains[i]; i++)
        if (host_within(domain, span_of(context->own_domains[i])))
            return true;
    struct span user = span_of(context->user);
    struct span own = span_from(user, span_find_byte(user, '@') + 1);
    return !context->own_domains && host_within(domain, own) && !list_is_free_mail(own);
}

bool inspection_passed(struct inspection *inspection, const char *domain)
{
    const struct message *message = inspection->message;
    struct span wanted = span_of(domain);
    for (size_t i = 0; i < message->relay_count; i++) {
        const struct relay *relay = &message->relays[i];
        if (host_within(relay->helo, wanted) || host_within(relay->reverse_name, wanted)
            || host_within(relay->by, wanted))
            return true;
    }
    return false;
}

static struct span lower_case(struct span text, struct arena *arena)
{
    char *copy = arena_alloc(arena, text.length + 1);
    for (size_t i = 0; i < text.length; i++)
        copy[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] | 0x20) : text.data[i];
    return span_make(copy, text.length);
}

const struct address *inspection_sender(struct inspection *inspection)
{
    const struct address_list *from = &inspection->message->from;
    for (size_t i = 0; i < from->count; i++)
        if (from->items[i].domain.length)
            return &from->items[i];
    return NULL;
}

/* The sender's domain as a link would have it: in small letters, with "xn--" for letters outside ASCII. */
static struct span from_host(struct inspection *inspection)
{
    const struct address *sender = inspection_sender(inspection);
    struct url_host host;
    if (sender && !utf8_is_ascii(sender->domain) && url_host_read(sender->domain, inspection->arena, &host))
        return host.name;
    return sender ? lower_case(sender->domain, inspection->arena) : SPAN_EMPTY;
}

struct span inspection_from_site(struct inspection *inspection)
{
    if (!inspection->from_site_known)
        inspection->from_site = url_registrable_domain(from_host(inspection));
    inspection->from_site_known = true;
    return inspection->from_site;
}

bool inspection_is_senders(struct inspection *inspection, struct span host)
{
    const struct address *sender = inspection_sender(inspection);
    return sender && (host_same_site(host, sender->domain) ||
                      (!utf8_is_ascii(sender->domain) && host_same_site(host, inspection_from_site(inspection))));
}

const struct word_marks *inspection_word_marks(struct inspection *inspection)
{
    if (!inspection->marks_known) {
        words_mark(inspection->message->subject, &inspection->marks);
        words_mark(header_value(&inspection->message->header, "From"), &inspection->marks);
        words_mark(inspection->message->visible_text, &inspection->marks);
        inspection->marks_known = true;
    }
    return &inspection->marks;
}

/* The host a link's text shows: behind a scheme or "www.", before a path, or as nothing but a name (`*bare`).  Empty
 * when it shows none. */
static struct span shown_host(struct span text, bool *bare)
{
    text = span_trim(text);
    bool has_scheme = false;
    for (const char *const *scheme = (const char *const[]){ "http://", "https://", NULL }; *scheme; scheme++)
        if (span_starts_nocase(text, *scheme)) {
            text = span_from(text, strlen(*scheme));
            has_scheme = true;
        }
    size_t end = 0;
    while (end < text.length && !strchr("/:?#", text.data[end]) && (unsigned char)text.data[end] > ' ')
        end++;
    bool whole = end == text.length, has_path = !whole && text.data[end] == '/';
    struct span host = span_head(text, end);
    bool says_so = has_scheme || span_starts_nocase(text, "www.");
    *bare = !says_so && !has_path;
    if (*bare && !whole)
        return SPAN_EMPTY;
    /* Behind a scheme the reader takes any name for a host; without one it takes a top-level domain he knows. */
    bool is_host = says_so ? host_is_name(host) : host_looks_like_name(host) || host_is_ipv4(host);
    return is_host ? host : SPAN_EMPTY;
}

/* The lie of a link that shows the host `shown`. */
static struct link_lie find_lie(struct inspection *inspection, const struct html_link *link, struct span shown)
{
    struct url target;
    if (link->hidden || !url_parse(link->target, inspection->arena, &target) || target.host.length == 0)
        return (struct link_lie){ 0 };
    /* Who rewrites links to look at them first (safelinks, urldefense...) keeps the true address in them. */
    if (host_same_site(shown, target.host) || span_contains(target.text, shown))
        return (struct link_lie){ 0 };
    return (struct link_lie){ shown, target.host };
}

struct link_lie inspection_link_lie(struct inspection *inspection, const struct html_link *link)
{
    bool bare;
    struct span shown = shown_host(link->text, &bare);
    return shown.length ? find_lie(inspection, link, shown) : (struct link_lie){ 0 };
}

static void note_lie(struct inspection *inspection, const struct html_link *link, struct span shown, bool bare)
{
    struct link_lie found = find_lie(inspection, link, shown);
    if (found.shown_host.length == 0)
        return;
    bool of_sender = host_same_site(shown, inspection_from_site(inspection));
    struct link_lie *lie = of_sender ? &inspection->lies.of_sender
                         : bare      ? &inspection->lies.of_name
                                     : &inspection->lies.of_stranger;
    if (lie->shown_host.length == 0)
        *lie = found;
}

const struct link_lies *inspection_link_lies(struct inspection *inspection)
{
    const struct html_view *html = inspection->message->html;
    if (inspection->lies_known || !html)
        return &inspection->lies;
    inspection->lies_known = true;
    size_t compared = 0;
    for (size_t i = 0; i < html->link_count && compared < LINKS_COMPARED; i++) {
        bool bare;
        struct span shown = shown_host(html->links[i].text, &bare);
        if (shown.length == 0 || html->links[i].hidden)
            continue;
        compared++;
        note_lie(inspection, &html->links[i], shown, bare);
    }
    return &inspection->lies;
}

const unsigned *inspection_url_marks(struct inspection *inspection)
{
    const struct message *message = inspection->message;
    if (inspection->url_marks)
        return inspection->url_marks;
    unsigned *marks = arena_new_array(inspection->arena, unsigned, message->url_count + 1);
    for (size_t i = 0; i < message->url_count; i++) {
        bool again = i > 0 && span_equal(message->urls[i].host, message->urls[i - 1].host);
        marks[i] = again ? marks[i - 1] : list_marks(message->urls[i].host);
    }
    inspection->url_marks = marks;
    return marks;
}

const struct message_trace *inspection_trace(struct inspection *inspection)
{
    if (!inspection->trace) {
        struct message_trace *trace = arena_new_object(inspection->arena, struct message_trace);
        trace_find(inspection, trace);
        history_read_ahead(inspection->context->history, &trace->trace);
        inspection->trace = trace;
    }
    return inspection->trace;
}

const struct archives *inspection_archives(struct inspection *inspection)
{
    if (!inspection->archives_known)
        archives_read(inspection->message, inspection->arena, &inspection->archives);
    inspection->archives_known = true;
    return &inspection->archives;
}
