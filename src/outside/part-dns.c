/* part-dns.c - lists in the DNS: is the relay, or a host that the message links to, on one?
 *
 * All questions about a message go out at once, under one deadline.  A list is believed only while its test entry that
 * must not be listed (RFC 5782 section 5: 127.0.0.1 of a list of addresses, INVALID of one of names) is not: a list
 * that was given up and answers everything with "listed", or a resolver that does, would junk all mail.  Once it is
 * found out, it is not asked again for DEAD_SECONDS.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "outside/dns-answers.h"
#include "outside/dns-cache.h"
#include "outside/outside.h"
#include "util/buffer.h"
#include "util/log.h"
#include "util/network.h"
#include "util/translate.h"

#define LONGEST_NAME 255
#define DEAD_SECONDS 21600u

/* A question about one thing to one list. */
struct dns_question {
    const struct dns_list *list;
    struct span about; /* the address or name as people write it */
    bool is_test;      /* the list's entry that must not be listed */
    bool is_known;     /* the cache had the answer */
};

struct dns_round {
    struct arena *arena;
    struct dns_cache *cache; /* NULL: none */
    int64_t now;
    struct dns_question questions[DNS_QUERIES_MOST];
    struct dns_query queries[DNS_QUERIES_MOST];
    size_t count;
};

/* --- what is asked ---------------------------------------------------------------------------------------------- */

/* "4.3.2.1" of 1.2.3.4; thirty-two hexadecimal digits, last first, of IPv6 (RFC 5782 sections 2.1 and 2.4). */
static bool write_reversed(struct span text, struct buffer *name)
{
    struct network_address address;
    if (!network_read_address(text, &address))
        return false;
    const unsigned char *bytes = address.bytes;
    if (network_address_is_ipv4(&address)) {
        buffer_append_format(name, "%u.%u.%u.%u", bytes[15], bytes[14], bytes[13], bytes[12]);
        return true;
    }
    for (size_t i = sizeof address.bytes; i > 0; i--)
        buffer_append_format(name, "%x.%x%s", bytes[i - 1] & 15u, bytes[i - 1] >> 4, i > 1 ? "." : "");
    return true;
}

static void add_question(struct dns_round *round, const struct dns_list *list, struct span about, bool is_address,
                         bool is_test)
{
    if (round->count == DNS_QUERIES_MOST)
        return;
    struct buffer name = buffer_new(round->arena, LONGEST_NAME);
    if (is_address && !write_reversed(about, &name))
        return;
    if (!is_address)
        buffer_append(&name, about);
    buffer_append_format(&name, ".%s", list->zone);
    if (name.truncated)
        return;
    struct dns_query *query = &round->queries[round->count];
    *query = (struct dns_query){ .name = arena_copy(round->arena, buffer_span(&name)).data };
    bool is_known = dns_cache_find(round->cache, query, round->now);
    round->questions[round->count++] = (struct dns_question){ list, about, is_test, is_known };
}

static bool is_about(const struct dns_round *round, size_t first, struct span about)
{
    for (size_t i = first; i < round->count; i++)
        if (span_equal(round->questions[i].about, about))
            return true;
    return false;
}

static void ask_about_hosts(struct dns_round *round, const struct dns_list *list, const struct questions *questions)
{
    size_t first = round->count;
    for (size_t i = 0; i < questions->host_count; i++) {
        const struct question_host *host = &questions->hosts[i];
        struct span about = list->asked == DNS_ASKED_HOST ? host->host : host->site;
        if ((!host->is_address || list->addresses) && !is_about(round, first, about))
            add_question(round, list, about, host->is_address, false);
    }
}

static bool is_dead(const struct dns_question *question, const struct dns_query *query)
{
    int points;
    uint32_t address;
    return question->is_test && dns_answers_mean(query, "", 0, &points, &address) == DNS_MEANS_LISTED;
}

/* Does the cache say of the last question, the list's test, that the list is dead? */
static bool is_known_dead(const struct dns_round *round)
{
    const struct dns_question *test = &round->questions[round->count - 1];
    return test->is_known && is_dead(test, &round->queries[round->count - 1]);
}

static void ask_list(struct dns_round *round, const struct dns_list *list, const struct questions *questions)
{
    bool of_addresses = list->asked == DNS_ASKED_RELAY;
    size_t before = round->count;
    add_question(round, list, span_of(of_addresses ? "127.0.0.1" : "invalid"), of_addresses, true);
    size_t test = round->count;
    if (test == before || is_known_dead(round)) {
        round->count = before;
        return;
    }
    if (of_addresses && questions->relay.length)
        add_question(round, list, questions->relay, true, false);
    else if (list->asked == DNS_ASKED_SENDER && questions->from.length)
        add_question(round, list, questions->from, false, false);
    else if (list->asked == DNS_ASKED_HOST || list->asked == DNS_ASKED_DOMAIN)
        ask_about_hosts(round, list, questions);
    if (round->count == test)
        round->count = before; /* nothing to ask but the test */
}

/* --- how it is asked -------------------------------------------------------------------------------------------- */

static void note(struct dns_round *round, size_t place)
{
    struct dns_query *query = &round->queries[place];
    if (is_dead(&round->questions[place], query)) {
        query->seconds = DEAD_SECONDS;
        log_line(LOG_SEVERITY_WARNING,
                 "the DNS list %s lists everything, its own test entry too: it may have been given up, and is not "
                 "asked for the next %u hours",
                 round->questions[place].list->zone, DEAD_SECONDS / 3600);
    }
    dns_cache_note(round->cache, query, round->now);
}

/* Asks what the cache does not know; the rest keeps its place. */
static void ask_resolver(struct dns_round *round, const struct outside_settings *settings)
{
    struct dns_query *asked = arena_new_array(round->arena, struct dns_query, round->count + 1);
    size_t *places = arena_new_array(round->arena, size_t, round->count + 1), count = 0;
    struct failure failure = { 0 };
    for (size_t i = 0; i < round->count; i++)
        if (!round->questions[i].is_known) {
            asked[count] = round->queries[i];
            places[count++] = i;
        }
    if (count && !dns_ask(asked, count, settings->dns_server, settings->dns_milliseconds, &failure))
        log_line(LOG_SEVERITY_WARNING, "DNS lists cannot be asked: %s", failure.reason);
    for (size_t i = 0; i < count; i++) {
        round->queries[places[i]] = asked[i];
        note(round, places[i]);
    }
}

/* --- what was answered ------------------------------------------------------------------------------------------ */

/* What all answers of one list come to. */
struct list_finding {
    enum dns_meaning test;
    bool listed, not_told;
    struct span about;
    uint32_t address;
    int points;
};

static void weigh(const struct dns_question *question, const struct dns_query *query, struct list_finding *finding)
{
    const struct dns_list *list = question->list;
    int points;
    uint32_t address = 0;
    enum dns_meaning meaning =
        dns_answers_mean(query, question->is_test ? "" : list->answers, list->points, &points, &address);
    if (question->is_test) {
        finding->test = meaning;
        return;
    }
    finding->not_told |= meaning == DNS_MEANS_NOTHING;
    if (meaning != DNS_MEANS_LISTED || (finding->listed && points <= finding->points))
        return;
    finding->listed = true;
    finding->points = points;
    finding->about = question->about;
    finding->address = address;
}

static void say_listed(const struct dns_list *list, const struct list_finding *finding, struct arena *arena,
                       struct outside_answer *answer)
{
    char name[80], address[INET_ADDRSTRLEN] = "";
    struct in_addr number = { htonl(finding->address) };
    struct buffer detail = buffer_new(arena, OUTSIDE_TEXT_MOST);
    inet_ntop(AF_INET, &number, address, sizeof address);
    snprintf(name, sizeof name, "DNS_%s", list->section.name);
    buffer_append(&detail, finding->about);
    buffer_append_format(&detail, _("%s is on the list %s, which answers %s"),
                         list->asked == DNS_ASKED_RELAY    ? _(", which handed the message over,")
                         : list->asked == DNS_ASKED_SENDER ? _(", the sender's domain,")
                                                           : _(", where a link leads,"),
                         list->zone, address);
    outside_answer_add(answer, name, N_("is on a list in the DNS"), buffer_span(&detail), finding->points, false);
}

static void say_what_was_found(const struct dns_round *round, const struct dns_list *list, struct buffer *silent,
                               struct outside_answer *answer)
{
    struct list_finding finding = { .test = DNS_MEANS_NOTHING };
    for (size_t i = 0; i < round->count; i++)
        if (round->questions[i].list == list)
            weigh(&round->questions[i], &round->queries[i], &finding);
    if (finding.test == DNS_MEANS_LISTED)
        return; /* dead */
    if (finding.listed && finding.test == DNS_MEANS_NOT_LISTED)
        say_listed(list, &finding, round->arena, answer);
    else if (finding.listed || finding.not_told)
        buffer_append_format(silent, "%s%s", silent->length ? ", " : "", list->section.name);
}

/* ---------------------------------------------------------------------------------------------------------------- */

static bool is_configured(const struct outside_settings *settings)
{
    for (size_t i = 0; i < settings->dns_list_count; i++)
        if (settings->dns_lists[i].enabled)
            return true;
    return false;
}

static int patience(const struct outside_settings *settings)
{
    return settings->dns_milliseconds;
}

static void ask(const struct outside_case *asked, struct outside_answer *answer)
{
    const struct outside_settings *settings = asked->settings;
    struct dns_round *round = arena_new_object(asked->arena, struct dns_round);
    struct buffer silent = buffer_new(asked->arena, OUTSIDE_TEXT_MOST);
    signal(SIGXFSZ, SIG_IGN); /* a cache that cannot grow is no reason to lose the answers */
    round->arena = asked->arena;
    round->now = (int64_t)time(NULL);
    round->cache = dns_cache_open(settings->state_directory);
    for (size_t i = 0; i < settings->dns_list_count; i++)
        if (settings->dns_lists[i].enabled)
            ask_list(round, &settings->dns_lists[i], asked->questions);
    if (round->count)
        ask_resolver(round, settings);
    dns_cache_close(&round->cache);
    for (size_t i = 0; i < settings->dns_list_count; i++)
        say_what_was_found(round, &settings->dns_lists[i], &silent, answer);
    if (silent.length)
        outside_answer_add(answer, "DNS_NOT_TOLD", N_("lists in the DNS that gave no sound answer in time"),
                           buffer_span(&silent), 0, false);
}

const struct outside_part part_dns = {
    .name = "the DNS",
    .is_configured = is_configured,
    .patience = patience,
    .ask = ask,
    .reaches_out = true,
};
