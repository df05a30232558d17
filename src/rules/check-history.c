/* check-history.c - what this user's earlier mail says of the relay, the hosts and the script of a message
 *
 * Only what the user has taught counts as ham or spam (store/history.h); a relay's arrivals count by themselves.
 *
 * The learners know the same words, so points are small, and the fusion weighs them (verdict.h).  Figures: hits while
 * the corpora of check-table.c are replayed with `tamis evaluate`, which learns from each message once it is judged.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/buffer.h"
#include "util/translate.h"

/* Lessons from which on something is known.  Networks are shared by strangers, sites less so. */
#define RELAY_SPAM_LEAST 3
#define RELAY_HAM_LEAST 5
#define HOST_SPAM_LEAST 2
#define HOST_HAM_LEAST 3

/* Addresses change hands: what a relay did longer ago than this says nothing. */
#define RELAY_MEMORY_DAYS 90
#define HOST_MEMORY_DAYS 365
#define SECONDS_A_DAY 86400

/* One stranger's network rarely sends one user two messages in ten minutes. */
#define BURST_LEAST 10

/* Lessons of ham before one may wonder about a script. */
#define SCRIPT_HAM_LEAST 50

/* --- what is known ---------------------------------------------------------------------------------------------- */

/* When the message is judged; without a clock, when it came. */
static int64_t moment(struct inspection *inspection)
{
    int64_t now = inspection->context->now;
    return now ? now : inspection_trace(inspection)->trace.arrived;
}

static unsigned days_since(struct inspection *inspection, const struct history_entry *entry)
{
    int64_t days = (moment(inspection) - entry->seen) / SECONDS_A_DAY;
    return days < 0 ? 0 : (unsigned)days;
}

static void say_days(struct buffer *detail, unsigned days)
{
    if (days == 0)
        buffer_append_string(detail, _("the last within a day"));
    else
        buffer_append_format(detail, translate_count("the last %u day ago", "the last %u days ago", days), days);
}

/* Empty where the message itself was read elsewhere. */
static struct span relay_address(struct inspection *inspection)
{
    const struct relay *border = inspection_border(inspection);
    return border ? border->ip : SPAN_EMPTY;
}

/* --- relays ----------------------------------------------------------------------------------------------------- */

static bool find_relay(struct inspection *inspection, struct history_entry *entry)
{
    const struct history *history = inspection->context->history;
    if (!history)
        return false;
    const struct trace *trace = &inspection_trace(inspection)->trace;
    return history_find(history, trace->relay, trace->arrived, entry);
}

static void say_relay(struct inspection *inspection, struct buffer *detail, unsigned count, const char *kind,
                      unsigned days)
{
    buffer_append_format(detail, _("%u messages from the network of "), count);
    detail_quote(detail, relay_address(inspection));
    buffer_append_format(detail, _(" were %s, "), _(kind));
    say_days(detail, days);
}

static enum outcome relay_known_spam(struct inspection *inspection, struct buffer *detail)
{
    struct history_entry entry;
    if (!find_relay(inspection, &entry) || entry.ham || entry.spam < RELAY_SPAM_LEAST ||
        days_since(inspection, &entry) > RELAY_MEMORY_DAYS)
        return OUTCOME_SILENT;
    say_relay(inspection, detail, entry.spam, N_("spam and none was ham"), days_since(inspection, &entry));
    return OUTCOME_HIT;
}

const struct check check_relay_known_spam = {
    .name = "RELAY_KNOWN_SPAM",
    .description = N_("comes from a network that has sent you spam before, and no ham"),
    .points = 80, /* 2003: 719 spam, 5 ham; 2022-26: 357 and 1 */
    .of_history = true,
    .evaluate = relay_known_spam,
};

static enum outcome relay_known_ham(struct inspection *inspection, struct buffer *detail)
{
    struct history_entry entry;
    if (!find_relay(inspection, &entry) || entry.spam || entry.ham < RELAY_HAM_LEAST ||
        days_since(inspection, &entry) > RELAY_MEMORY_DAYS)
        return OUTCOME_SILENT;
    say_relay(inspection, detail, entry.ham, N_("ham and none was spam"), days_since(inspection, &entry));
    return OUTCOME_HIT;
}

const struct check check_relay_known_ham = {
    .name = "RELAY_KNOWN_HAM",
    .description = N_("comes from a network that has sent you ham before, and no spam"),
    .points = -50, /* 2003: 900 ham, no spam; 2022-26: 630 and 3.  Networks of large providers turn */
    .of_history = true,
    .evaluate = relay_known_ham,
};

/* Lists and newsletters send many messages at once as well, and have sent ham before. */
static enum outcome relay_burst(struct inspection *inspection, struct buffer *detail)
{
    struct history_entry entry;
    if (!find_relay(inspection, &entry) || entry.ham || entry.burst < BURST_LEAST)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u messages came from the network of "), entry.burst);
    detail_quote(detail, relay_address(inspection));
    buffer_append_string(detail, _(" within ten minutes, and no ham ever did"));
    return OUTCOME_HIT;
}

const struct check check_relay_burst = {
    .name = "RELAY_BURST",
    .description = N_("comes from a network that sends you many messages at once, and has sent no ham"),
    .points = 50, /* in neither corpus, which are not the mail of one day of one user */
    .of_history = true,
    .evaluate = relay_burst,
};

/* --- hosts ------------------------------------------------------------------------------------------------------ */

static enum outcome host_known_spam(struct inspection *inspection, struct buffer *detail)
{
    const struct history *history = inspection->context->history;
    const struct message_trace *trace = history ? inspection_trace(inspection) : NULL;
    for (size_t i = 0; trace && i < trace->trace.host_count; i++) {
        struct history_entry entry;
        if (!history_find(history, trace->trace.hosts[i], 0, &entry) || entry.ham || entry.spam < HOST_SPAM_LEAST ||
            days_since(inspection, &entry) > HOST_MEMORY_DAYS)
            continue;
        buffer_append_format(detail, _("%u spam messages and no ham linked to "), entry.spam);
        detail_quote(detail, trace->hosts[i]);
        buffer_append_string(detail, ", ");
        say_days(detail, days_since(inspection, &entry));
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_host_known_spam = {
    .name = "HOST_KNOWN_SPAM",
    .description = N_("links to a host that your spam has linked to, and your ham never"),
    .points = 80, /* 2003: 620 spam, 16 ham; 2022-26: 1,060 and 2 */
    .of_history = true,
    .evaluate = host_known_spam,
};

/* All of them: phishing links to its victim's true pages as well as to its own. */
static enum outcome host_known_ham(struct inspection *inspection, struct buffer *detail)
{
    const struct history *history = inspection->context->history;
    const struct message_trace *trace = history ? inspection_trace(inspection) : NULL;
    if (!trace || trace->trace.host_count == 0)
        return OUTCOME_SILENT;
    for (size_t i = 0; i < trace->trace.host_count; i++) {
        struct history_entry entry;
        if (!history_find(history, trace->trace.hosts[i], 0, &entry) || entry.spam || entry.ham < HOST_HAM_LEAST)
            return OUTCOME_SILENT;
    }
    unsigned others = trace->trace.host_count - 1;
    buffer_append_string(detail, _("your ham has linked to "));
    detail_quote(detail, trace->hosts[0]);
    if (others)
        buffer_append_format(detail, translate_count(" and %u other site", " and %u other sites", others), others);
    buffer_append_string(detail, _(" before, and no spam has"));
    return OUTCOME_HIT;
}

const struct check check_host_known_ham = {
    .name = "HOST_KNOWN_HAM",
    .description = N_("links only to hosts that your ham has linked to, and your spam never"),
    .points = -50, /* 2003: 1,238 ham, no spam; 2022-26: 377 and 1 */
    .of_history = true,
    .evaluate = host_known_ham,
};

/* --- scripts ---------------------------------------------------------------------------------------------------- */

static enum outcome new_script(struct inspection *inspection, struct buffer *detail)
{
    const struct history *history = inspection->context->history;
    uint32_t by_script[HISTORY_SCRIPTS];
    unsigned ham = history ? history_ham(history, by_script) : 0;
    if (ham < SCRIPT_HAM_LEAST)
        return OUTCOME_SILENT;
    int script = inspection_trace(inspection)->main_script;
    if (script < 0 || by_script[script])
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("most of the text is in %s letters, which none of your %u ham messages has"),
                         trace_script_name((enum script)script), ham);
    return OUTCOME_HIT;
}

const struct check check_new_script = {
    .name = "NEW_SCRIPT",
    .description = N_("is written in a script that no ham of yours ever was"),
    .points = 100, /* 2003: 4 spam; 2022-26: 1; no ham in either.  People do get a first letter in another script */
    .of_history = true,
    .evaluate = new_script,
};
