/* daybook-view.c - the daybook read for some days, and the calendar it goes by */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/daybook-layout.h"

/* --- calendar --------------------------------------------------------------------------------------------------- */

/* Days from 1970 to a date of the Gregorian calendar, and back: Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"; years begin in March, so that the leap day is last. */
#define DAYS_OF_ERA 146097 /* 400 years */
#define DAYS_TO_1970 719468 /* from 1 March of the year 0 */

static uint32_t day_of(int year, int month, int day_of_month)
{
    uint32_t from_march = (uint32_t)(month > 2 ? month - 3 : month + 9);
    uint32_t years = (uint32_t)(month > 2 ? year : year - 1), of_era = years % 400;
    uint32_t of_year = (153 * from_march + 2) / 5 + (uint32_t)day_of_month - 1;
    return years / 400 * DAYS_OF_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

void daybook_calendar(uint32_t day, int *year, int *month, int *day_of_month)
{
    uint32_t since = day + DAYS_TO_1970, of_era = since % DAYS_OF_ERA;
    uint32_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * years + years / 4 - years / 100), from_march = (5 * of_year + 2) / 153;
    *day_of_month = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int)(since / DAYS_OF_ERA * 400 + years) + (*month <= 2);
}

uint32_t daybook_month_of(uint32_t day)
{
    int year, month, day_of_month;
    daybook_calendar(day, &year, &month, &day_of_month);
    return (uint32_t)(12 * year + month - 1);
}

struct daybook_date daybook_date_of(int64_t when)
{
    time_t seconds = (time_t)when;
    struct tm local;
    if (when < 0 || !localtime_r(&seconds, &local) || local.tm_year < 70 || local.tm_year > 8000)
        return (struct daybook_date){ .day = 1, .month = 12 * 1970 };
    int year = local.tm_year + 1900;
    return (struct daybook_date){ .day = day_of(year, local.tm_mon + 1, local.tm_mday),
                                  .month = (uint32_t)(12 * year + local.tm_mon) };
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
    const struct daybook_day *left = a, *right = b;
    return (left->day > right->day) - (left->day < right->day);
}

/* The file in memory, under the lock where that can be had: what a writer is at would look damaged. */
struct reading_daybook {
    const char *bytes;
    uint64_t key;
    uint32_t first, last;             /* days */
    uint32_t first_month, last_month;
    struct arena *arena;
};

static void view_days(const struct reading_daybook *reading, struct daybook_view *view)
{
    view->days = arena_new_array(reading->arena, struct daybook_day, DAYBOOK_DAYS);
    for (size_t i = 0; i < DAYBOOK_DAYS; i++) {
        struct day_slot slot;
        memcpy(&slot, reading->bytes + DAYBOOK_AT_DAYS + i * sizeof slot, sizeof slot);
        if (slot.day && slot.day % DAYBOOK_DAYS == i && slot.sum == day_sum(&slot, reading->key, i) &&
            slot.day >= reading->first && slot.day <= reading->last)
            view->days[view->day_count++] = (struct daybook_day){ slot.day, slot.counts };
    }
    qsort(view->days, view->day_count, sizeof *view->days, by_day);
}

/* Does the slot whose newest month is `newest` have the month, and is it one that is asked for? */
static bool has_month(const struct reading_daybook *reading, uint32_t newest, uint32_t month)
{
    return month >= reading->first_month && month <= reading->last_month && month <= newest;
}

static void view_rules(const struct reading_daybook *reading, struct daybook_view *view)
{
    view->rules = arena_new_array(reading->arena, struct daybook_rule, DAYBOOK_RULES);
    for (size_t i = 0; i < DAYBOOK_RULES; i++) {
        struct rule_slot slot;
        memcpy(&slot, reading->bytes + DAYBOOK_AT_RULES + i * sizeof slot, sizeof slot);
        if (!rule_slot_is_sound(&slot, reading->key, i))
            continue;
        struct daybook_rule *rule = &view->rules[view->rule_count++];
        memcpy(rule->name, slot.name, sizeof rule->name);
        rule->points = slot.points;
        for (uint32_t back = 0; back < DAYBOOK_MONTHS && back < slot.month; back++) {
            const struct rule_month *month = &slot.months[(slot.month - back) % DAYBOOK_MONTHS];
            if (!has_month(reading, slot.month, slot.month - back))
                continue;
            rule->ham += month->ham;
            rule->unsure += month->unsure;
            rule->spam += month->spam;
            rule->called_ham += month->called_ham;
            rule->called_spam += month->called_spam;
        }
    }
}

static void view_relays(const struct reading_daybook *reading, struct daybook_view *view)
{
    view->relays = arena_new_array(reading->arena, struct daybook_relay, DAYBOOK_RELAYS);
    for (size_t i = 0; i < DAYBOOK_RELAYS; i++) {
        struct relay_slot slot;
        memcpy(&slot, reading->bytes + DAYBOOK_AT_RELAYS + i * sizeof slot, sizeof slot);
        struct daybook_relay relay = { .address = slot.address, .day = slot.day };
        if (!relay_slot_is_sound(&slot, reading->key, i))
            continue;
        for (uint32_t back = 0; back < DAYBOOK_MONTHS && back < slot.month; back++) {
            const struct relay_month *month = &slot.months[(slot.month - back) % DAYBOOK_MONTHS];
            bool asked_for = has_month(reading, slot.month, slot.month - back);
            relay.ham += asked_for ? month->ham : 0;
            relay.spam += asked_for ? month->spam : 0;
        }
        if (relay.spam)
            view->relays[view->relay_count++] = relay;
    }
}

bool daybook_read(const char *directory, uint32_t first, uint32_t last, struct arena *arena, struct daybook_view *view,
                  struct failure *failure)
{
    struct daybook_header header;
    *view = (struct daybook_view){ 0 };
    int fd = slot_file_open(&daybook_kind, directory, O_RDONLY, failure);
    if (fd < 0)
        return false;
    char *bytes = arena_alloc(arena, DAYBOOK_BYTES);
    /* Without the lock too: what is half written has a wrong sum. */
    slot_file_lock(&daybook_kind, fd, false, DAYBOOK_WAIT_MILLISECONDS, NULL);
    bool good = slot_file_load_header(&daybook_kind, fd, &header, failure) &&
                slot_file_read(&daybook_kind, fd, bytes, DAYBOOK_BYTES, 0, failure);
    close(fd);
    if (good) {
        struct reading_daybook reading = { .bytes = bytes, .key = header.key, .first = first, .last = last,
                                           .first_month = daybook_month_of(first), .last_month = daybook_month_of(last),
                                           .arena = arena };
        view->began = header.began;
        view->last = header.last;
        view->all = header.counts;
        view_days(&reading, view);
        view_rules(&reading, view);
        view_relays(&reading, view);
    }
    return good;
}
