/* stats-summary.h - what `tamis stats` shows, of one user or of many, before it is written in any form
 *
 * Figures come from the daybook (store/daybook.h), the learned state and the Junk folder.  An administrator sees sums
 * over many users: each user's own process tells its figures in lines (stats-lines.h), and what would tell of single
 * people is left out, see stats_hide_few().
 *
 * In this order: stats_start(); figures are added, then the rules that hold; stats_hide_few(), of many users;
 * stats_sort(); the summary is read.
 */
#ifndef TAMIS_COMMANDS_STATS_SUMMARY_H
#define TAMIS_COMMANDS_STATS_SUMMARY_H

#include "config/config.h"
#include "store/daybook.h"
#include "util/arena.h"
#include "util/failure.h"

enum stats_period { STATS_DAY, STATS_WEEK, STATS_MONTH, STATS_YEAR, STATS_PERIODS };

/* A relay, or a rule that only some users have, is shown to an administrator when so many users met it: below that it
 * would tell whose mail it was. */
#define STATS_FEWEST_USERS 5

/* A rule is judged by so many messages that it hit, and one that hit nothing by so many that it might have. */
#define STATS_HITS_ENOUGH 5
#define STATS_MESSAGES_ENOUGH 200

struct stats_rule {
    struct daybook_rule counted; /* its points as they are now where it is known */
    bool is_known;               /* it is one of the rules that hold for whoever asks */
    size_t users, last_user;
};

struct stats_relay {
    struct daybook_relay counted;
    size_t users, last_user;
};

/* From hashes of names to places in a list: open addressing, never more than half full. */
struct stats_index;

struct stats {
    struct arena *arena;
    enum stats_period period;
    uint32_t first, last; /* days */
    size_t users;         /* whose figures these are */
    bool of_many;         /* an administrator asks */
    int64_t began, last_message; /* seconds since 1970; 0: never */
    struct daybook_counts all;   /* since the records began */
    struct daybook_counts sum;   /* of the period */
    struct daybook_counts *days; /* last - first + 1 of them */
    struct stats_rule *rules;
    struct stats_relay *relays;
    size_t rule_count, relay_count, hidden_relays;
    struct stats_index *rule_index, *relay_index;
    bool has_record, knows_junk, knows_lessons;
    struct failure no_junk; /* of one user: why what lies in Junk cannot be counted */
    enum failure_kind unread; /* of one user: why there is a record that cannot be read; the log has said so */
    uint64_t junk_messages, junk_bytes;
    uint64_t lessons[2];
    int64_t last_lesson[2];
};

/* "day", "week", "month", "year"; and back: STATS_PERIODS for what is none. */
const char *stats_period_name(enum stats_period period);
enum stats_period stats_period_named(const char *name);

/* An empty summary of the period that ends today. */
void stats_start(struct stats *stats, enum stats_period period, int64_t now, struct arena *arena);

/* Adds this user's figures.  What cannot be read is told to the log and left out. */
void stats_add_user(struct stats *stats, const struct settings *settings);

/* Finds the entry of that name or address and makes it where there is none; NULL when there is no room. */
struct stats_rule *stats_rule_named(struct stats *stats, const char *name);
struct stats_relay *stats_relay_of(struct stats *stats, const struct network_address *address);

/* Marks the rules that hold now as known, with their points, and adds those that hit nothing. */
void stats_add_known_rules(struct stats *stats, const struct settings *settings);

/* Takes out what too few users met.  Nothing is found or added by name or address any more. */
void stats_hide_few(struct stats *stats);

/* Sorts rules by the spam they hit, relays by the spam they sent.  The same holds then. */
void stats_sort(struct stats *stats);

/* --- what follows from the figures -------------------------------------------------------------------------------- */

/* Corrections of that kind, less those that were taken back. */
uint64_t stats_corrected(const struct daybook_counts *counts, enum daybook_correction correction);

uint64_t stats_messages(const struct daybook_counts *counts);

/* Ham and spam as corrected; unsure counts as ham unless the user says otherwise. */
uint64_t stats_true_ham(const struct daybook_counts *counts);
uint64_t stats_true_spam(const struct daybook_counts *counts);
uint64_t stats_rule_ham(const struct daybook_rule *rule);
uint64_t stats_rule_spam(const struct daybook_rule *rule);

/* So many milliseconds were enough for this share of the messages, in percent; 0: for none of the steps. */
unsigned stats_enough_milliseconds(const struct daybook_counts *counts, unsigned percent);

enum stats_worth {
    STATS_USEFUL,
    STATS_TOO_FEW,  /* hits, to say anything */
    STATS_NEVER,    /* hit nothing, though there was mail enough */
    STATS_ONLY_HAM, /* it gives points for spam and hit only ham */
    STATS_ONLY_SPAM /* it gives points for ham and hit only spam */
};

enum stats_worth stats_worth_of(const struct stats *stats, const struct stats_rule *rule);

/* A bar of a chart: a day, or with STATS_YEAR a month of the calendar. */
struct stats_bar {
    uint32_t first, last; /* days */
    struct daybook_counts counts;
};

/* At most 31 of them, in order. */
#define STATS_BARS_MOST 31
size_t stats_bars(const struct stats *stats, struct stats_bar bars[STATS_BARS_MOST]);

/* The messages of the highest bar; 0: there is nothing to draw, or only one bar. */
uint64_t stats_highest(const struct stats_bar *bars, size_t count);

#endif
