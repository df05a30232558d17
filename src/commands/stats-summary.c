/* stats-summary.c - what `tamis stats` shows, of one user or of many, before it is written in any form */
#include "commands/stats-summary.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mailbox/opened-folder.h"
#include "rules/check.h"
#include "rules/rule-cache.h"
#include "rules/rule-compile.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/log.h"

/* Of many users; one has at most DAYBOOK_RULES and DAYBOOK_RELAYS. */
#define RULES_MOST ((size_t)16 * 1024)
#define RELAYS_MOST ((size_t)64 * 1024)

static const struct {
    const char *name;
    uint32_t days;
} periods[STATS_PERIODS] = { [STATS_DAY] = { "day", 1 }, [STATS_WEEK] = { "week", 7 }, [STATS_MONTH] = { "month", 30 },
                             [STATS_YEAR] = { "year", 365 } };

const char *stats_period_name(enum stats_period period)
{
    return periods[period].name;
}

enum stats_period stats_period_named(const char *name)
{
    enum stats_period period = STATS_DAY;
    while (period < STATS_PERIODS && strcmp(periods[period].name, name) != 0)
        period++;
    return period;
}

/* --- lists by name ------------------------------------------------------------------------------------------------ */

struct stats_index {
    size_t size; /* a power of two */
    struct {
        uint64_t hash;
        size_t place; /* + 1; 0: empty */
    } *entries;
};

static struct stats_index *new_index(struct arena *arena, size_t most)
{
    struct stats_index *index = arena_new_object(arena, struct stats_index);
    index->size = 2 * most;
    index->entries = arena_alloc_array(arena, index->size, sizeof *index->entries);
    return index;
}

/* The place of what has this hash; *is_new when it has just been given the next one. */
static size_t place_of(struct stats_index *index, uint64_t hash, size_t next, bool *is_new)
{
    size_t at = hash & (index->size - 1);
    while (index->entries[at].place && index->entries[at].hash != hash)
        at = (at + 1) & (index->size - 1);
    *is_new = index->entries[at].place == 0;
    if (*is_new && next < index->size / 2) {
        index->entries[at].hash = hash;
        index->entries[at].place = next + 1;
    }
    return *is_new ? next : index->entries[at].place - 1;
}

struct stats_rule *stats_rule_named(struct stats *stats, const char *name)
{
    bool is_new;
    size_t length = strlen(name);
    if (length == 0 || length >= DAYBOOK_NAME)
        return NULL;
    size_t place = place_of(stats->rule_index, hash_bytes(name, length, 0), stats->rule_count, &is_new);
    if (place >= RULES_MOST)
        return NULL;
    if (is_new) {
        stats->rule_count++;
        memcpy(stats->rules[place].counted.name, name, length);
    }
    return &stats->rules[place];
}

struct stats_relay *stats_relay_of(struct stats *stats, const struct network_address *address)
{
    bool is_new;
    size_t place = place_of(stats->relay_index, hash_bytes(address, sizeof *address, 0), stats->relay_count, &is_new);
    if (place >= RELAYS_MOST)
        return NULL;
    if (is_new) {
        stats->relay_count++;
        stats->relays[place].counted.address = *address;
    }
    return &stats->relays[place];
}

void stats_start(struct stats *stats, enum stats_period period, int64_t now, struct arena *arena)
{
    uint32_t today = daybook_date_of(now).day, days = periods[period].days;
    *stats = (struct stats){ .arena = arena, .period = period, .last = today, .first = today - days + 1 };
    stats->days = arena_new_array(arena, struct daybook_counts, days);
    stats->rules = arena_new_array(arena, struct stats_rule, RULES_MOST);
    stats->relays = arena_new_array(arena, struct stats_relay, RELAYS_MOST);
    stats->rule_index = new_index(arena, RULES_MOST);
    stats->relay_index = new_index(arena, RELAYS_MOST);
}

/* --- one user ----------------------------------------------------------------------------------------------------- */

static void add_rules(struct stats *stats, const struct daybook_view *view)
{
    for (size_t i = 0; i < view->rule_count; i++) {
        const struct daybook_rule *counted = &view->rules[i];
        bool has_hit = counted->ham || counted->unsure || counted->spam || counted->called_ham || counted->called_spam;
        struct stats_rule *rule = has_hit ? stats_rule_named(stats, counted->name) : NULL;
        if (rule)
            *rule = (struct stats_rule){ .counted = *counted, .users = 1 };
    }
}

static void add_record(struct stats *stats, const struct settings *settings)
{
    struct daybook_view view;
    struct failure failure = { 0 };
    stats->has_record =
        daybook_read(settings->state_directory, stats->first, stats->last, stats->arena, &view, &failure);
    stats->unread = failure.kind;
    if (failure.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "the record cannot be used: %s", failure.reason);
    if (!stats->has_record)
        return;
    stats->began = view.began;
    stats->last_message = view.last;
    stats->all = view.all;
    for (size_t i = 0; i < view.day_count; i++) {
        stats->days[view.days[i].day - stats->first] = view.days[i].counts;
        daybook_add(&stats->sum, &view.days[i].counts);
    }
    add_rules(stats, &view);
    for (size_t i = 0; i < view.relay_count; i++) {
        struct stats_relay *relay = stats_relay_of(stats, &view.relays[i].address);
        if (relay)
            *relay = (struct stats_relay){ .counted = view.relays[i], .users = 1 };
    }
}

static void add_file(void *context, int directory_fd, const char *name, bool is_new)
{
    struct stats *stats = context;
    struct stat status;
    (void)is_new;
    if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        return;
    stats->junk_messages++;
    stats->junk_bytes += (uint64_t)status.st_size;
}

static void add_junk(struct stats *stats, const struct settings *settings)
{
    struct opened_folder folder;
    enum folder_opened opened =
        opened_folder_open(settings->maildir.path, settings->maildir.junk, &folder, &stats->no_junk);
    if (opened != FOLDER_OPENED)
        return;
    stats->knows_junk = opened_folder_visit(&folder, add_file, stats, &stats->no_junk);
    opened_folder_close(&folder);
}

static void add_lessons(struct stats *stats, const struct settings *settings)
{
    struct store_options options = settings->store;
    struct failure failure = { 0 };
    struct totals totals;
    enum store_state state;
    options.lock_wait_milliseconds = LIMIT_LOCK_WAIT_MILLISECONDS;
    struct store *store = store_open(&options, STORE_READ, &state, &failure);
    stats->knows_lessons = state == STORE_EMPTY || (store && store_read_totals(store, &totals, &failure));
    if (!stats->knows_lessons)
        log_line(LOG_SEVERITY_WARNING, "how much is learned cannot be told: %s", failure.reason);
    for (int label = LABEL_HAM; store && stats->knows_lessons && label <= LABEL_SPAM; label++) {
        stats->lessons[label] = totals.lessons[label];
        stats->last_lesson[label] = totals.last_lesson[label];
    }
    store_close(&store);
}

void stats_add_user(struct stats *stats, const struct settings *settings)
{
    stats->users = 1;
    add_record(stats, settings);
    add_junk(stats, settings);
    add_lessons(stats, settings);
}

/* --- rules that hold ---------------------------------------------------------------------------------------------- */

static void add_known(struct stats *stats, const struct settings *settings, const char *name, int points)
{
    struct stats_rule *rule = stats_rule_named(stats, name);
    if (!rule)
        return;
    rule->is_known = true;
    rule->counted.points = rules_points(&settings->rules, name, points);
}

void stats_add_known_rules(struct stats *stats, const struct settings *settings)
{
    struct rule_cache *cache = rule_cache_open(&settings->rule_sources, NULL, NULL);
    const struct rule_set *set = rule_cache_set(cache);
    for (size_t i = 0; i < check_count; i++)
        add_known(stats, settings, check_table[i]->name, check_table[i]->points);
    for (size_t i = 0; set && i < set->rule_count; i++)
        if (!(set->rules[i].flags & RULE_IS_PART))
            add_known(stats, settings, rule_set_text(set, set->rules[i].name), set->rules[i].points);
    rule_cache_close(&cache);
}

void stats_hide_few(struct stats *stats)
{
    size_t kept = 0;
    for (size_t i = 0; i < stats->rule_count; i++)
        if (stats->rules[i].is_known || stats->rules[i].users >= STATS_FEWEST_USERS)
            stats->rules[kept++] = stats->rules[i];
    stats->rule_count = kept;
    kept = 0;
    for (size_t i = 0; i < stats->relay_count; i++)
        if (stats->relays[i].users >= STATS_FEWEST_USERS)
            stats->relays[kept++] = stats->relays[i];
    stats->hidden_relays = stats->relay_count - kept;
    stats->relay_count = kept;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static int descending(uint64_t a, uint64_t b)
{
    return (a < b) - (a > b);
}

static int by_spam(const void *a, const void *b)
{
    const struct daybook_rule *left = &((const struct stats_rule *)a)->counted;
    const struct daybook_rule *right = &((const struct stats_rule *)b)->counted;
    int order = descending(stats_rule_spam(left), stats_rule_spam(right));
    if (!order)
        order = descending(stats_rule_ham(left), stats_rule_ham(right));
    return order ? order : strcmp(left->name, right->name);
}

static int relay_by_spam(const void *a, const void *b)
{
    const struct daybook_relay *left = &((const struct stats_relay *)a)->counted;
    const struct daybook_relay *right = &((const struct stats_relay *)b)->counted;
    int order = descending(left->spam, right->spam);
    return order ? order : memcmp(&left->address, &right->address, sizeof left->address);
}

void stats_sort(struct stats *stats)
{
    qsort(stats->rules, stats->rule_count, sizeof *stats->rules, by_spam);
    qsort(stats->relays, stats->relay_count, sizeof *stats->relays, relay_by_spam);
}

/* --- what follows ------------------------------------------------------------------------------------------------- */

static uint64_t less(uint64_t from, uint64_t what)
{
    return from > what ? from - what : 0;
}

uint64_t stats_corrected(const struct daybook_counts *counts, enum daybook_correction correction)
{
    return less(counts->corrected[correction], counts->taken_back[correction]);
}

uint64_t stats_messages(const struct daybook_counts *counts)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < DAYBOOK_VERDICTS; i++)
        sum += counts->messages[i];
    return sum;
}

uint64_t stats_true_ham(const struct daybook_counts *counts)
{
    uint64_t called_spam =
        stats_corrected(counts, DAYBOOK_HAM_WAS_SPAM) + stats_corrected(counts, DAYBOOK_UNSURE_WAS_SPAM);
    return less(counts->messages[DAYBOOK_HAM] + counts->messages[DAYBOOK_UNSURE] +
                    stats_corrected(counts, DAYBOOK_SPAM_WAS_HAM),
                called_spam);
}

uint64_t stats_true_spam(const struct daybook_counts *counts)
{
    uint64_t called_spam =
        stats_corrected(counts, DAYBOOK_HAM_WAS_SPAM) + stats_corrected(counts, DAYBOOK_UNSURE_WAS_SPAM);
    return less(counts->messages[DAYBOOK_SPAM] + called_spam, stats_corrected(counts, DAYBOOK_SPAM_WAS_HAM));
}

uint64_t stats_rule_ham(const struct daybook_rule *rule)
{
    return less(rule->ham + rule->unsure + rule->called_ham, rule->called_spam);
}

uint64_t stats_rule_spam(const struct daybook_rule *rule)
{
    return less(rule->spam + rule->called_spam, rule->called_ham);
}

unsigned stats_enough_milliseconds(const struct daybook_counts *counts, unsigned percent)
{
    uint64_t messages = stats_messages(counts), so_far = 0;
    for (size_t i = 0; i < DAYBOOK_STEPS - 1 && messages; i++) {
        so_far += counts->took[i];
        if (so_far >= messages / 100 * percent + (messages % 100 * percent + 99) / 100)
            return daybook_step_milliseconds[i];
    }
    return 0;
}

enum stats_worth stats_worth_of(const struct stats *stats, const struct stats_rule *rule)
{
    uint64_t ham = stats_rule_ham(&rule->counted), spam = stats_rule_spam(&rule->counted);
    if (ham + spam == 0)
        return rule->is_known && rule->counted.points && stats_messages(&stats->sum) >= STATS_MESSAGES_ENOUGH
                   ? STATS_NEVER
                   : STATS_TOO_FEW;
    if (ham + spam < STATS_HITS_ENOUGH)
        return STATS_TOO_FEW;
    if (rule->counted.points > 0 && spam == 0)
        return STATS_ONLY_HAM;
    return rule->counted.points < 0 && ham == 0 ? STATS_ONLY_SPAM : STATS_USEFUL;
}

size_t stats_bars(const struct stats *stats, struct stats_bar bars[STATS_BARS_MOST])
{
    size_t count = 0;
    for (uint32_t day = stats->first; day <= stats->last; day++) {
        bool goes_on = count && stats->period == STATS_YEAR &&
                       daybook_month_of(day) == daybook_month_of(bars[count - 1].first);
        if (!goes_on)
            bars[count++] = (struct stats_bar){ .first = day };
        bars[count - 1].last = day;
        daybook_add(&bars[count - 1].counts, &stats->days[day - stats->first]);
    }
    return count;
}

uint64_t stats_highest(const struct stats_bar *bars, size_t count)
{
    uint64_t most = 0;
    for (size_t i = 0; i < count && count > 1; i++)
        most = stats_messages(&bars[i].counts) > most ? stats_messages(&bars[i].counts) : most;
    return most;
}
