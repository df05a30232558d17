/* daybook.h - what was filtered, corrected and learned, day by day: one small file of a user's, for `tamis stats`
 *
 * Counts and names of rules, and the addresses of relays that sent spam; nothing that a message says.
 *
 * Promises
 *  - A delivery counts its message once it is where it belongs, learning its lessons once they are learned.  Neither
 *    waits longer than DAYBOOK_WAIT_MILLISECONDS for the other, and what cannot be counted then is not: a figure that
 *    is one too low is worth less than a delivery.  There is no fdatasync.
 *  - An error counts once, however often it is learned: the ledger tells what the user has said before, and what he
 *    takes back is counted as taken back.  (Of the 65,536 messages that the ledger remembers.)
 *  - Bounded: DAYBOOK_DAYS days, DAYBOOK_RULES rules and DAYBOOK_RELAYS relays, these by month and for DAYBOOK_MONTHS
 *    months.  What is older makes room; of rules and relays what was seen least recently in a full bucket.
 *  - Days are the machine's local days, or those of TZ, at the time they were counted.
 *  - Damage is noticed, never believed, never fatal: a slot whose sum is wrong is empty; a file whose header is wrong
 *    is begun anew by the next message or lesson.  A program that meets a higher version leaves the file alone.
 *
 * The file (slot-file.h), mode 0600, in the machine's byte order:
 *
 *     header, 320 bytes
 *       0   8  mark "tamis-db"                    32   8  last: seconds since 1970, of the last message
 *       8   4  version, 1                         40   8  began: seconds since 1970
 *      12   4  DAYBOOK_DAYS                       48 264  counts of all time, 33 times 8 bytes (struct daybook_counts)
 *      16   4  DAYBOOK_RULES                     312   8  sum of bytes 0-311
 *      20   4  DAYBOOK_RELAYS
 *      24   8  key, random, made with the file
 *
 *     day, 280 bytes, DAYBOOK_DAYS of them; a day lies in the slot of its number modulo DAYBOOK_DAYS
 *       0   4  days since 1970; 0: empty            8 264  counts
 *       4   4  0                                  272   8  sum of bytes 0-271, seeded with key and place
 *
 *     rule, 192 bytes, DAYBOOK_RULES of them         relay, 80 bytes, DAYBOOK_RELAYS of them
 *       0  48  name, padded with NUL bytes             0 16  address (util/network.h); all zeros: empty
 *      48   4  hundredths of points, when last hit    16  4  month
 *      52   4  newest month, 12 * year + 0 to 11      20 52  by month, its number modulo DAYBOOK_MONTHS:
 *      56 130  by month: ham, unsure, spam, spam             ham, spam, both as corrected; 2 times 2 bytes
 *              that was ham, what else was spam;      72  4  day of the last spam
 *              5 times 2 bytes                        76  4  sum of bytes 0-75, seeded
 *     186   2  0
 *     188   4  sum of bytes 0-187, seeded with key and place
 */
#ifndef TAMIS_STORE_DAYBOOK_H
#define TAMIS_STORE_DAYBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "util/arena.h"
#include "util/failure.h"
#include "util/network.h"
#include "util/span.h"

#define DAYBOOK_FILE "daybook"
#define DAYBOOK_DAYS 400
#define DAYBOOK_MONTHS 13
#define DAYBOOK_RULES 1024 /* with those that come with the program it is a fifth full */
#define DAYBOOK_RELAYS 512
#define DAYBOOK_NAME 48 /* bytes of a rule's name and the NUL behind it; of longer ones nothing is counted */
#define DAYBOOK_WAIT_MILLISECONDS 100

/* What a message was found to be at delivery. */
enum daybook_verdict {
    DAYBOOK_HAM,
    DAYBOOK_UNSURE,
    DAYBOOK_SPAM,
    DAYBOOK_UNCHECKED,
    DAYBOOK_INFECTED,
    DAYBOOK_VERDICTS
};

/* What the user said against it, or where the filter had left it open. */
enum daybook_correction {
    DAYBOOK_HAM_WAS_SPAM,    /* missed: moved into Junk */
    DAYBOOK_UNSURE_WAS_SPAM,
    DAYBOOK_UNSURE_WAS_HAM,
    DAYBOOK_SPAM_WAS_HAM,    /* wrongly filtered: moved out of Junk */
    DAYBOOK_CORRECTIONS,
    DAYBOOK_NO_CORRECTION = DAYBOOK_CORRECTIONS
};

/* How long messages took, in steps: the last is for all that took longer.  In milliseconds. */
#define DAYBOOK_STEPS 12
extern const unsigned daybook_step_milliseconds[DAYBOOK_STEPS - 1];

struct daybook_counts {
    uint64_t messages[DAYBOOK_VERDICTS];
    uint64_t corrected[DAYBOOK_CORRECTIONS], taken_back[DAYBOOK_CORRECTIONS];
    uint64_t lessons[2][2];         /* [label][1: by the user's word, 0: otherwise] */
    uint64_t forgotten;             /* lessons taken back with nothing in their place */
    uint64_t bytes;                 /* of messages */
    uint64_t microseconds, slowest; /* that they took: all together, and the one that took longest */
    uint64_t took[DAYBOOK_STEPS];   /* messages */
};

/* A day of the calendar. */
struct daybook_date {
    uint32_t day;   /* since 1 January 1970 */
    uint32_t month; /* 12 * year + 0 to 11 */
};

/* The local day of a time in seconds since 1970. */
struct daybook_date daybook_date_of(int64_t when);

/* The month of a day, and its year, month (1 to 12) and day of the month. */
uint32_t daybook_month_of(uint32_t day);
void daybook_calendar(uint32_t day, int *year, int *month, int *day_of_month);

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct daybook;

/* Opens the file in `directory`, and makes it, or begins it anew, when there is none that can be used; so is the
 * directory.  NULL and `failure` when that cannot be; FAILURE_PERMISSION: we may not write there;
 * FAILURE_DAMAGED: it belongs to a newer program, and stays as it is. */
struct daybook *daybook_open(const char *directory, struct failure *failure);

/* NULL inside is allowed. */
void daybook_close(struct daybook **daybook);

struct daybook_hit {
    const char *name; /* of the rule */
    int points;       /* hundredths */
};

struct daybook_message {
    int64_t now; /* seconds since 1970 */
    enum daybook_verdict verdict;
    uint64_t bytes, microseconds;
    const struct daybook_hit *hits;
    size_t hit_count;
    const struct network_address *relay; /* who handed it over; NULL: not known, or one of us */
};

bool daybook_note_message(struct daybook *daybook, const struct daybook_message *message, struct failure *failure);

/* What was learned of one message. */
struct daybook_lesson {
    int64_t now;
    bool learned;       /* false: its lesson was taken back, with nothing in its place */
    bool counts_before; /* a lesson of it with this label was counted before: only `is` and `was` are news */
    enum label label;
    bool by_user;
    enum daybook_correction was, is; /* what the user's word was worth before, and is now */
    struct span rules;               /* names of those that hit, apart by blanks */
    const struct network_address *relay; /* as above */
};

bool daybook_note_lesson(struct daybook *daybook, const struct daybook_lesson *lesson, struct failure *failure);

/* What somebody's word is worth against a verdict (DAYBOOK_VERDICTS: there was none). */
enum daybook_correction daybook_correction_of(enum daybook_verdict verdict, enum label label);

/* --- reading ------------------------------------------------------------------------------------------------------ */

struct daybook_rule {
    char name[DAYBOOK_NAME];
    int points;                              /* hundredths, when it hit last */
    uint64_t ham, unsure, spam;              /* messages that it hit, as they were found */
    uint64_t called_ham;                     /* spam of these that the user took out of Junk, */
    uint64_t called_spam;                    /* and what he put there */
};

struct daybook_relay {
    struct network_address address;
    uint64_t ham, spam;
    uint32_t day; /* of the last spam */
};

struct daybook_view {
    int64_t began, last;
    struct daybook_counts all; /* since it began */
    struct daybook_day {
        uint32_t day;
        struct daybook_counts counts;
    } *days;                   /* in order; those on which nothing happened are not among them */
    struct daybook_rule *rules;
    struct daybook_relay *relays; /* that sent spam */
    size_t day_count, rule_count, relay_count;
};

/* Reads the days from `first` to `last`, and of rules and relays the months that have any of these.  False when there
 * is no record, which is no failure (failure->kind stays FAILURE_NONE), or none to be believed. */
bool daybook_read(const char *directory, uint32_t first, uint32_t last, struct arena *arena, struct daybook_view *view,
                  struct failure *failure);

/* Adds `more` to `sum`. */
void daybook_add(struct daybook_counts *sum, const struct daybook_counts *more);

#endif
