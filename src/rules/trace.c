/* trace.c - what a message leaves in the history: its relay, the sites it links to, its scripts */
#include "rules/trace.h"

#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"
#include "util/network.h"
#include "util/translate.h"
#include "util/utf8.h"

#define IPV4_NETWORK_BYTES 15 /* of the mapped form: a /24 */
#define IPV6_NETWORK_BYTES 6  /* a /48 */

/* A script is in a message when it has so many letters of it, so that a name or a signature in it counts; and it is the
 * main one when it has so many and most of all. */
#define LETTERS_PRESENT 5
#define LETTERS_MAIN 30

/* Hosts that are looked at to find HISTORY_HOSTS sites. */
#define HOSTS_ASKED 40

/* --- relay ------------------------------------------------------------------------------------------------------ */

uint64_t trace_relay_name(const struct network_address *address)
{
    size_t length = network_address_is_ipv4(address) ? IPV4_NETWORK_BYTES : IPV6_NETWORK_BYTES;
    return history_name('R', span_make((const char *)address->bytes, length));
}

static void find_relay(struct inspection *inspection, struct trace *trace)
{
    const struct relay *border = inspection_stranger(inspection);
    if (!border)
        return;
    trace->arrived = border->date == RELAY_NO_DATE ? 0 : border->date;
    struct network_address address;
    if (!network_read_address(border->ip, &address))
        return;
    trace->address = address;
    trace->relay = trace_relay_name(&address);
    /* A relay of a provider that everybody writes through sends everybody's mail. */
    struct span name = border->reverse_name;
    trace->relay_of_everybody = name.length > 0 && list_is_of_everybody(name);
    trace->noted = inspection->context->note_relays && !trace->relay_of_everybody;
}

/* --- hosts ------------------------------------------------------------------------------------------------------ */

/* Below these, nobody but the free web space of the lists gives names away; elsewhere the Public Suffix List is
 * asked. */
static bool has_plain_suffix(struct span host)
{
    return span_ends_nocase(host, ".com") || span_ends_nocase(host, ".net") || span_ends_nocase(host, ".org") ||
           span_ends_nocase(host, ".info") || span_ends_nocase(host, ".biz");
}

static struct span site_of(const struct url *url)
{
    if (url->host_is_address || (list_marks(url->host) & HOST_FREE_HOSTING))
        return url->host;
    return has_plain_suffix(url->host) ? host_last_two_labels(url->host) : url_registrable_domain(url->host);
}

static bool is_known(const struct message_trace *trace, struct span host)
{
    for (size_t i = 0; i < trace->trace.host_count; i++)
        if (span_equal(trace->hosts[i], host))
            return true;
    return false;
}

static void find_hosts(struct inspection *inspection, struct message_trace *trace)
{
    const struct message *message = inspection->message;
    struct span before = SPAN_EMPTY;
    size_t asked = 0;
    for (size_t i = 0; i < message->url_count && asked < HOSTS_ASKED; i++) {
        const struct url *url = &message->urls[i];
        if (url->host.length == 0 || span_equal(url->host, before))
            continue;
        before = url->host;
        asked++;
        struct span site = site_of(url);
        if (site.length == 0 || is_known(trace, site) || list_is_of_everybody(url->host) ||
            inspection_is_own_domain(inspection, url->host))
            continue;
        trace->hosts[trace->trace.host_count] = site;
        trace->trace.hosts[trace->trace.host_count++] = history_name('H', site);
        if (trace->trace.host_count == HISTORY_HOSTS)
            return;
    }
}

/* --- scripts ---------------------------------------------------------------------------------------------------- */

/* Blocks of Unicode 15 (Blocks.txt), as far as people write mail in them; in rising order. */
static const struct {
    uint32_t first, last;
    enum script script;
} blocks[] = {
    { 0x41, 0x5A, SCRIPT_LATIN },         { 0x61, 0x7A, SCRIPT_LATIN },         { 0xC0, 0x24F, SCRIPT_LATIN },
    { 0x370, 0x3FF, SCRIPT_GREEK },       { 0x400, 0x52F, SCRIPT_CYRILLIC },    { 0x531, 0x58F, SCRIPT_ARMENIAN },
    { 0x5D0, 0x5F4, SCRIPT_HEBREW },      { 0x620, 0x6FF, SCRIPT_ARABIC },      { 0x750, 0x77F, SCRIPT_ARABIC },
    { 0x8A0, 0x8FF, SCRIPT_ARABIC },      { 0x900, 0x97F, SCRIPT_DEVANAGARI },  { 0x980, 0xDFF, SCRIPT_INDIC },
    { 0xE01, 0xE4E, SCRIPT_THAI },        { 0x10A0, 0x10FF, SCRIPT_GEORGIAN },  { 0x1100, 0x11FF, SCRIPT_HANGUL },
    { 0x1200, 0x139F, SCRIPT_ETHIOPIC },  { 0x1E00, 0x1EFF, SCRIPT_LATIN },     { 0x1F00, 0x1FFF, SCRIPT_GREEK },
    { 0x3041, 0x30FF, SCRIPT_KANA },      { 0x3131, 0x318F, SCRIPT_HANGUL },    { 0x31F0, 0x31FF, SCRIPT_KANA },
    { 0x3400, 0x4DBF, SCRIPT_HAN },       { 0x4E00, 0x9FFF, SCRIPT_HAN },       { 0xAC00, 0xD7AF, SCRIPT_HANGUL },
    { 0xF900, 0xFAFF, SCRIPT_HAN },       { 0xFB1D, 0xFB4F, SCRIPT_HEBREW },    { 0xFB50, 0xFDFF, SCRIPT_ARABIC },
    { 0xFE70, 0xFEFC, SCRIPT_ARABIC },    { 0xFF66, 0xFF9D, SCRIPT_KANA },      { 0x20000, 0x2FA1F, SCRIPT_HAN },
};

const char *trace_script_name(enum script script)
{
    static const char *const names[SCRIPTS] = {
        [SCRIPT_LATIN] = N_("Latin"), [SCRIPT_GREEK] = N_("Greek"),
        [SCRIPT_CYRILLIC] = N_("Cyrillic"), [SCRIPT_ARMENIAN] = N_("Armenian"),
        [SCRIPT_HEBREW] = N_("Hebrew"), [SCRIPT_ARABIC] = N_("Arabic"),
        [SCRIPT_DEVANAGARI] = N_("Devanagari"), [SCRIPT_INDIC] = N_("Indian"),
        [SCRIPT_THAI] = N_("Thai"), [SCRIPT_GEORGIAN] = N_("Georgian"),
        [SCRIPT_ETHIOPIC] = N_("Ethiopic"), [SCRIPT_HANGUL] = N_("Korean"),
        [SCRIPT_KANA] = N_("Japanese"), [SCRIPT_HAN] = N_("Chinese"),
    };
    return _(names[script]);
}

int trace_script_of(uint32_t code)
{
    size_t low = 0, high = sizeof blocks / sizeof *blocks;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > blocks[middle].last)
            low = middle + 1;
        else if (code < blocks[middle].first)
            high = middle;
        else
            return (int)blocks[middle].script;
    }
    return -1;
}

/* Of a long run of ASCII three bytes in four are letters, as in every language written in it: counting them one by one
 * would cost as much as all else here. */
#define LONG_RUN 64

static unsigned ascii_letters(struct span run)
{
    unsigned letters = 0;
    if (run.length > LONG_RUN)
        return (unsigned)(run.length * 3 / 4);
    for (size_t i = 0; i < run.length; i++)
        letters += (unsigned)((run.data[i] | 0x20) - 'a') < 26;
    return letters;
}

static void count_letters(struct span text, unsigned letters[SCRIPTS])
{
    while (text.length) {
        size_t ascii = utf8_ascii_length(text), size = 1;
        letters[SCRIPT_LATIN] += ascii_letters(span_head(text, ascii));
        text = span_from(text, ascii);
        if (text.length == 0)
            return;
        int script = trace_script_of(utf8_decode(text, &size));
        if (script >= 0)
            letters[script]++;
        text = span_from(text, size);
    }
}

static void find_scripts(const struct message *message, struct message_trace *trace)
{
    unsigned letters[SCRIPTS] = { 0 }, all = 0;
    count_letters(utf8_head(message->visible_text, TRACE_TEXT), letters);
    trace->main_script = -1;
    for (size_t i = 0; i < SCRIPTS; i++) {
        all += letters[i];
        if (letters[i] >= LETTERS_PRESENT)
            trace->trace.scripts |= 1u << i;
    }
    for (size_t i = 0; i < SCRIPTS; i++)
        if (letters[i] >= LETTERS_MAIN && letters[i] > all / 2)
            trace->main_script = (int)i;
}

/* ---------------------------------------------------------------------------------------------------------------- */

void trace_find(struct inspection *inspection, struct message_trace *trace)
{
    *trace = (struct message_trace){ .main_script = -1 };
    find_relay(inspection, &trace->trace);
    find_hosts(inspection, trace);
    find_scripts(inspection->message, trace);
}

void trace_of_arrival(const struct message *message, const struct rule_context *context, struct arena *arena,
                      struct trace *trace)
{
    struct inspection inspection;
    inspection_start(&inspection, message, context, arena);
    *trace = (struct trace){ 0 };
    find_relay(&inspection, trace);
}

void trace_of_message(const struct message *message, const struct rule_context *context, struct arena *arena,
                      struct trace *trace)
{
    struct inspection inspection;
    inspection_start(&inspection, message, context, arena);
    *trace = inspection_trace(&inspection)->trace;
}

int trace_main_script(const struct message *message)
{
    struct message_trace trace = { 0 };
    find_scripts(message, &trace);
    return trace.main_script;
}
