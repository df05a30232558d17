/* daybook.c - what was filtered, corrected and learned, day by day: the file, and what is noted in it */
#include "config.h"

#include "store/daybook.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/daybook-layout.h"

#define BUCKET 16
#define RULE_BUCKETS (DAYBOOK_RULES / BUCKET)
#define RELAY_BUCKETS (DAYBOOK_RELAYS / BUCKET)
_Static_assert((RULE_BUCKETS & (RULE_BUCKETS - 1)) == 0 && (RELAY_BUCKETS & (RELAY_BUCKETS - 1)) == 0, "powers of two");

const struct slot_file_kind daybook_kind = {
    .name = DAYBOOK_FILE,
    .mark = { 't', 'a', 'm', 'i', 's', '-', 'd', 'b' },
    .version = DAYBOOK_VERSION,
    .header_bytes = sizeof(struct daybook_header),
    .bytes = DAYBOOK_BYTES,
};

struct daybook {
    int fd;
    struct daybook_header header;
};

const unsigned daybook_step_milliseconds[DAYBOOK_STEPS - 1] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000 };

/* --- opening ---------------------------------------------------------------------------------------------------- */

struct daybook *daybook_open(const char *directory, struct failure *failure)
{
    struct daybook *daybook = calloc(1, sizeof *daybook);
    if (!*directory)
        failure_set(failure, FAILURE_PERMISSION, "there is no state directory");
    else if (!daybook)
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the file %s", DAYBOOK_FILE);
    else if ((daybook->fd = slot_file_open(&daybook_kind, directory, O_RDWR | O_CREAT, failure)) >= 0)
        return daybook;
    free(daybook);
    return NULL;
}

void daybook_close(struct daybook **daybook)
{
    if (!*daybook)
        return;
    close((*daybook)->fd);
    free(*daybook);
    *daybook = NULL;
}

static void fill_header(void *header)
{
    *(struct daybook_header *)header =
        (struct daybook_header){ .days = DAYBOOK_DAYS, .rules = DAYBOOK_RULES, .relays = DAYBOOK_RELAYS,
                                 .key = hash_new_key(), .began = (int64_t)time(NULL) };
}

/* Under the lock, for one change: what there is, or a new beginning. */
static bool begin_change(struct daybook *daybook, struct failure *failure)
{
    if (!slot_file_lock(&daybook_kind, daybook->fd, true, DAYBOOK_WAIT_MILLISECONDS, failure))
        return false;
    if (slot_file_load_or_begin(&daybook_kind, daybook->fd, &daybook->header, fill_header, failure))
        return true;
    slot_file_unlock(daybook->fd);
    return false;
}

static bool read_at(const struct daybook *daybook, void *into, size_t length, size_t at, struct failure *failure)
{
    return slot_file_read(&daybook_kind, daybook->fd, into, length, at, failure);
}

static bool write_at(const struct daybook *daybook, const void *from, size_t length, size_t at, struct failure *failure)
{
    return slot_file_write(&daybook_kind, daybook->fd, from, length, at, failure);
}

/* --- days ------------------------------------------------------------------------------------------------------- */

void daybook_add(struct daybook_counts *sum, const struct daybook_counts *more)
{
    uint64_t slowest = sum->slowest > more->slowest ? sum->slowest : more->slowest;
    uint64_t *into = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)more;
    for (size_t i = 0; i < sizeof *sum / sizeof *into; i++)
        into[i] += from[i];
    sum->slowest = slowest;
}
_Static_assert(sizeof(struct daybook_counts) % sizeof(uint64_t) == 0, "nothing but numbers of this kind");

static bool count(struct daybook *daybook, uint32_t day, const struct daybook_counts *counts, struct failure *failure)
{
    struct day_slot slot;
    size_t place = day % DAYBOOK_DAYS, at = DAYBOOK_AT_DAYS + place * sizeof slot;
    uint64_t key = daybook->header.key;
    if (!read_at(daybook, &slot, sizeof slot, at, failure))
        return false;
    if (slot.day != day || slot.sum != day_sum(&slot, key, place))
        slot = (struct day_slot){ .day = day };
    daybook_add(&slot.counts, counts);
    daybook_add(&daybook->header.counts, counts);
    slot.sum = day_sum(&slot, key, place);
    return write_at(daybook, &slot, sizeof slot, at, failure) &&
           slot_file_save_header(&daybook_kind, daybook->fd, &daybook->header, failure);
}

/* --- months ----------------------------------------------------------------------------------------------------- */

/* Makes `month` one of those that a slot has, and gives its place; those between the newest before and it become empty.
 * What lies before them all is none of it: DAYBOOK_MONTHS. */
static size_t turn_to_month(uint32_t *newest, uint32_t month, void *months, size_t size)
{
    bool clock_was_wrong = *newest > month + 1;
    if (clock_was_wrong || month >= *newest + DAYBOOK_MONTHS) {
        memset(months, 0, DAYBOOK_MONTHS * size);
        *newest = month;
    }
    while (*newest < month)
        memset((char *)months + ++*newest % DAYBOOK_MONTHS * size, 0, size);
    return month % DAYBOOK_MONTHS;
}

/* --- rules ------------------------------------------------------------------------------------------------------ */

/* The slot of that name in the bucket, or the one that makes room for it. */
static struct rule_slot *find_rule(struct rule_slot *bucket, struct span name, uint64_t key, size_t first)
{
    struct rule_slot *least = NULL;
    for (size_t i = 0; i < BUCKET; i++) {
        struct rule_slot *slot = &bucket[i];
        if (!rule_slot_is_sound(slot, key, first + i))
            *slot = (struct rule_slot){ .name = "" };
        else if (span_equal(span_of(slot->name), name))
            return slot;
        if (!least || slot->month < least->month)
            least = slot;
    }
    *least = (struct rule_slot){ .name = "" };
    memcpy(least->name, name.data, name.length);
    return least;
}

/* What happened to a rule: its counts are added, and its points noted when there are any to note. */
struct rule_news {
    struct span name;
    const int *points;
    struct { int ham, unsure, spam, called_ham, called_spam; } by;
};

static bool note_rule(struct daybook *daybook, uint32_t month, const struct rule_news *news, struct failure *failure)
{
    struct rule_slot bucket[BUCKET];
    if (news->name.length == 0 || news->name.length >= DAYBOOK_NAME)
        return true;
    uint64_t key = daybook->header.key, hash = hash_bytes(news->name.data, news->name.length, key);
    size_t first = (size_t)(hash & (RULE_BUCKETS - 1)) * BUCKET;
    if (!read_at(daybook, bucket, sizeof bucket, DAYBOOK_AT_RULES + first * sizeof *bucket, failure))
        return false;
    struct rule_slot *slot = find_rule(bucket, news->name, key, first);
    size_t place = first + (size_t)(slot - bucket);
    struct rule_month *counts = &slot->months[turn_to_month(&slot->month, month, slot->months, sizeof *slot->months)];
    slot_file_step(&counts->ham, news->by.ham);
    slot_file_step(&counts->unsure, news->by.unsure);
    slot_file_step(&counts->spam, news->by.spam);
    slot_file_step(&counts->called_ham, news->by.called_ham);
    slot_file_step(&counts->called_spam, news->by.called_spam);
    if (news->points)
        slot->points = *news->points;
    slot->sum = rule_sum(slot, key, place);
    return write_at(daybook, slot, sizeof *slot, DAYBOOK_AT_RULES + place * sizeof *slot, failure);
}

/* --- relays ----------------------------------------------------------------------------------------------------- */

/* As find_rule(); of what sends no spam nothing is noted, and NULL. */
static struct relay_slot *find_relay(struct relay_slot *bucket, const struct network_address *address, bool make,
                                     uint64_t key, size_t first)
{
    struct relay_slot *least = NULL;
    for (size_t i = 0; i < BUCKET; i++) {
        struct relay_slot *slot = &bucket[i];
        if (!relay_slot_is_sound(slot, key, first + i))
            *slot = (struct relay_slot){ .day = 0 };
        else if (memcmp(&slot->address, address, sizeof *address) == 0)
            return slot;
        if (!least || slot->day < least->day)
            least = slot;
    }
    if (make)
        *least = (struct relay_slot){ .address = *address };
    return make ? least : NULL;
}

static bool note_relay(struct daybook *daybook, struct daybook_date date, const struct network_address *address,
                       int ham, int spam, struct failure *failure)
{
    struct relay_slot bucket[BUCKET];
    uint64_t key = daybook->header.key, hash = hash_bytes(address, sizeof *address, key);
    size_t first = (size_t)(hash & (RELAY_BUCKETS - 1)) * BUCKET;
    if (!read_at(daybook, bucket, sizeof bucket, DAYBOOK_AT_RELAYS + first * sizeof *bucket, failure))
        return false;
    struct relay_slot *slot = find_relay(bucket, address, spam > 0, key, first);
    if (!slot)
        return true;
    size_t place = first + (size_t)(slot - bucket);
    struct relay_month *counts =
        &slot->months[turn_to_month(&slot->month, date.month, slot->months, sizeof *slot->months)];
    slot_file_step(&counts->ham, ham);
    slot_file_step(&counts->spam, spam);
    if (spam > 0)
        slot->day = date.day;
    slot->sum = relay_sum(slot, key, place);
    return write_at(daybook, slot, sizeof *slot, DAYBOOK_AT_RELAYS + place * sizeof *slot, failure);
}

/* --- messages --------------------------------------------------------------------------------------------------- */

static size_t step_of(uint64_t microseconds)
{
    size_t i = 0;
    while (i < DAYBOOK_STEPS - 1 && microseconds > daybook_step_milliseconds[i] * UINT64_C(1000))
        i++;
    return i;
}

static bool note_hits(struct daybook *daybook, uint32_t month, const struct daybook_message *message,
                      struct failure *failure)
{
    bool good = true;
    for (size_t i = 0; i < message->hit_count && good; i++) {
        const struct daybook_hit *hit = &message->hits[i];
        struct rule_news news = { .name = span_of(hit->name), .points = &hit->points };
        news.by.ham = message->verdict == DAYBOOK_HAM;
        news.by.unsure = message->verdict == DAYBOOK_UNSURE;
        news.by.spam = message->verdict == DAYBOOK_SPAM || message->verdict == DAYBOOK_INFECTED;
        good = note_rule(daybook, month, &news, failure);
    }
    return good;
}

bool daybook_note_message(struct daybook *daybook, const struct daybook_message *message, struct failure *failure)
{
    struct daybook_date date = daybook_date_of(message->now);
    struct daybook_counts counts = { .bytes = message->bytes, .microseconds = message->microseconds,
                                     .slowest = message->microseconds };
    counts.messages[message->verdict] = 1;
    counts.took[step_of(message->microseconds)] = 1;
    if (!begin_change(daybook, failure))
        return false;
    daybook->header.last = message->now > daybook->header.last ? message->now : daybook->header.last;
    bool good = count(daybook, date.day, &counts, failure) && note_hits(daybook, date.month, message, failure);
    if (good && message->relay)
        good = note_relay(daybook, date, message->relay, message->verdict == DAYBOOK_HAM,
                          message->verdict == DAYBOOK_SPAM, failure);
    slot_file_unlock(daybook->fd);
    return good;
}

/* --- lessons ---------------------------------------------------------------------------------------------------- */

enum daybook_correction daybook_correction_of(enum daybook_verdict verdict, enum label label)
{
    switch (verdict) {
    case DAYBOOK_HAM:
        return label == LABEL_SPAM ? DAYBOOK_HAM_WAS_SPAM : DAYBOOK_NO_CORRECTION;
    case DAYBOOK_UNSURE:
        return label == LABEL_SPAM ? DAYBOOK_UNSURE_WAS_SPAM : DAYBOOK_UNSURE_WAS_HAM;
    case DAYBOOK_SPAM:
        return label == LABEL_HAM ? DAYBOOK_SPAM_WAS_HAM : DAYBOOK_NO_CORRECTION;
    default:
        return DAYBOOK_NO_CORRECTION;
    }
}

static int calls_spam(enum daybook_correction correction)
{
    return correction == DAYBOOK_HAM_WAS_SPAM || correction == DAYBOOK_UNSURE_WAS_SPAM;
}

static bool note_correction(struct daybook *daybook, struct daybook_date date, const struct daybook_lesson *lesson,
                            struct failure *failure)
{
    int ham = (lesson->is == DAYBOOK_SPAM_WAS_HAM) - (lesson->was == DAYBOOK_SPAM_WAS_HAM);
    int spam = calls_spam(lesson->is) - calls_spam(lesson->was);
    if (!ham && !spam)
        return true;
    struct span names = lesson->rules;
    bool good = true;
    while (names.length && good) {
        struct rule_news news = { .name = span_head(names, span_find_byte(names, ' ')) };
        news.by.called_ham = ham;
        news.by.called_spam = spam;
        names = span_from(names, news.name.length + 1);
        good = note_rule(daybook, date.month, &news, failure);
    }
    if (good && lesson->relay)
        good = note_relay(daybook, date, lesson->relay, ham, spam - ham, failure);
    return good;
}

bool daybook_note_lesson(struct daybook *daybook, const struct daybook_lesson *lesson, struct failure *failure)
{
    struct daybook_date date = daybook_date_of(lesson->now);
    struct daybook_counts counts = { .forgotten = !lesson->learned };
    if (lesson->learned && !lesson->counts_before)
        counts.lessons[lesson->label][lesson->by_user] = 1;
    bool corrects = lesson->is != lesson->was;
    if (corrects && lesson->is != DAYBOOK_NO_CORRECTION)
        counts.corrected[lesson->is] = 1;
    if (corrects && lesson->was != DAYBOOK_NO_CORRECTION)
        counts.taken_back[lesson->was] = 1;
    if (!begin_change(daybook, failure))
        return false;
    bool good = count(daybook, date.day, &counts, failure);
    if (good && corrects)
        good = note_correction(daybook, date, lesson, failure);
    slot_file_unlock(daybook->fd);
    return good;
}
