/* junk-age.c - what lies in Junk, and since when: the arrival in Junk, not the date of the message */
#include "config.h"

#include "mailbox/junk-age.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "mailbox/keywords.h"
#include "mailbox/maildir-name.h"
#include "mailbox/name-record.h"

/* File systems keep times in steps of up to two seconds (FAT). */
#define CLOCK_STEP 2
/* A clock is set right by this much without anybody's doubt: summer time on a host that keeps local time. */
#define SET_BACK_AT_MOST ((int64_t)3600)
#define DAY_SECONDS ((int64_t)86400)
/* Every night, with a timer's random delay; and a week's pause. */
#define PAUSE_AT_LEAST (DAY_SECONDS * 3 / 2)
#define PAUSE_AT_MOST (DAY_SECONDS * 8)
/* Digest and expiry, or a second try by hand, are of the same night and have the same clock. */
#define ANOTHER_NIGHT (DAY_SECONDS / 2)

/* One look through the folder. */
struct look {
    struct name_record record;
    struct junk_list *list;
    struct keyword_letters letters;
    struct arena *arena;
    size_t capacity;
    int64_t now;
    int64_t leap_from, leap_to; /* the clock leapt ahead between these, and is believed again; equal: it did not */
};

/* The file did not come earlier than this. */
static int64_t time_shown(const char *name, const struct stat *status)
{
    int64_t named = maildir_name_time(name), written = (int64_t)status->st_mtim.tv_sec;
    int64_t changed = (int64_t)status->st_ctim.tv_sec, latest = named > written ? named : written;
    return latest < changed ? latest : changed;
}

static int64_t time_without_record(const struct look *look, int64_t changed)
{
    bool unlikely = look->record.scanned && changed < look->record.scanned - CLOCK_STEP;
    return look->record.damaged || unlikely ? look->now : changed;
}

/* How long it was from before a leap to behind it, nobody knows: perhaps no time at all. */
static int64_t without_leap(const struct look *look, int64_t time)
{
    if (time <= look->leap_from)
        return time + look->leap_to - look->leap_from;
    return time < look->leap_to ? look->leap_to : time;
}

/* False when the file has gone meanwhile. */
static bool arrival(const struct look *look, int directory_fd, const char *name, const struct name_entry *entry,
                    int64_t *arrived)
{
    struct stat status;
    if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        return false;
    int64_t shown = time_shown(name, &status);
    int64_t since = without_leap(look, entry ? entry->time
                                             : time_without_record(look, (int64_t)status.st_ctim.tv_sec));
    if (since < shown)
        since = shown;
    *arrived = since < JUNK_EARLIEST_TIME || since > look->now ? look->now : since;
    return true;
}

static struct junk_message *new_message(struct look *look)
{
    struct junk_list *list = look->list;
    list->messages =
        arena_grow(look->arena, list->messages, list->count, &look->capacity, sizeof *list->messages);
    return &list->messages[list->count++];
}

static void remember(struct look *look, struct name_entry *entry, struct span key, int64_t arrived)
{
    if (!entry) {
        name_record_add(&look->record, key, arrived, '-');
        return;
    }
    entry->time = arrived;
    entry->present = true;
}

static void add_message(void *context, int directory_fd, const char *name, bool is_new)
{
    struct look *look = context;
    struct span key = name_record_key(name);
    struct name_entry *entry = name_record_find(&look->record, key);
    int64_t arrived;
    errno = 0;
    bool told = arrival(look, directory_fd, name, entry, &arrived);
    if (!told && (errno == 0 || errno == ENOENT))
        return;
    /* What the disk does not tell of just now is there, as new as can be: a digest names it, and nobody deletes it. */
    if (!told)
        arrived = look->now;
    if (told && look->list->clock == JUNK_CLOCK_AGREES)
        remember(look, entry, key, arrived);
    else if (!told && entry)
        entry->present = true;
    struct file_flags marks = keywords_of_file(name, &look->letters);
    *new_message(look) = (struct junk_message){
        .name = arena_copy(look->arena, span_of(name)).data,
        .arrived = arrived,
        .is_new = is_new,
        .is_flagged = marks.flagged,
        .is_trashed = marks.deleted,
        .is_not_junk = marks.keyword & KEYWORD_NOT_JUNK,
        .is_unclear = marks.unclear,
    };
}

/* --- the clock ---------------------------------------------------------------------------------------------------- */

static int64_t pause_at_most(int days)
{
    int64_t stay = days * DAY_SECONDS;
    return stay < PAUSE_AT_LEAST ? PAUSE_AT_LEAST : stay < PAUSE_AT_MOST ? stay : PAUSE_AT_MOST;
}

static bool agrees_with_last(const struct name_record *record, int64_t now, int64_t pause)
{
    int64_t since = now - record->scanned;
    return record->scanned && since >= -SET_BACK_AT_MOST && since <= pause;
}

static bool agrees_with_doubted(const struct name_record *record, int64_t now, int64_t pause)
{
    int64_t since = now - record->doubted, leap = record->doubted - record->scanned;
    if (!record->doubted || since < ANOTHER_NIGHT)
        return false;
    return since <= pause || (record->scanned && since <= 2 * (leap < 0 ? -leap : leap));
}

static enum junk_clock hold_clock(const struct name_record *record, int64_t now, int days)
{
    int64_t pause = pause_at_most(days);
    if (now < JUNK_EARLIEST_TIME)
        return JUNK_CLOCK_BEHIND;
    if (agrees_with_last(record, now, pause) || agrees_with_doubted(record, now, pause))
        return JUNK_CLOCK_AGREES;
    if (!record->scanned)
        return JUNK_CLOCK_FIRST;
    return now < record->scanned ? JUNK_CLOCK_BEHIND : JUNK_CLOCK_LEAPT;
}

static void find_leap(struct look *look, int days)
{
    const struct name_record *record = &look->record;
    bool goes_on = look->list->clock != JUNK_CLOCK_AGREES || !record->scanned ||
                   agrees_with_last(record, look->now, pause_at_most(days));
    if (goes_on || record->doubted <= record->scanned)
        return;
    look->leap_from = record->scanned;
    look->leap_to = record->doubted;
}

/* The record stays as it is but for the doubt, so that a clock that is wrong for a night leaves nothing in it. */
static void note_doubt(struct name_record *record, int64_t now)
{
    for (size_t i = 0; i < record->count; i++)
        record->entries[i].present = true;
    if (record->damaged) {
        record->scanned = now; /* what comes into it by the next look has not changed since, and so came then */
        return;
    }
    if (record->doubted && now >= record->doubted && now - record->doubted < ANOTHER_NIGHT)
        return;
    if (!record->scanned)
        record->scanned = record->doubted;
    record->doubted = now;
}

/* The first look, as far as the clock it had can be believed by now.  Until one agrees nothing is deleted by it. */
static void find_beginning(struct look *look)
{
    struct name_record *record = &look->record;
    if (look->list->clock == JUNK_CLOCK_FIRST && !record->began)
        record->began = look->now;
    if (look->list->clock == JUNK_CLOCK_AGREES && record->began) {
        int64_t began = without_leap(look, record->began);
        record->began = began < look->now ? began : look->now;
    }
    look->list->began = record->began;
}

static bool save(struct look *look, const char *record_path, struct failure *failure)
{
    struct name_record *record = &look->record;
    if (look->now < JUNK_EARLIEST_TIME)
        return true; /* nothing that such a clock says is kept */
    if (look->list->clock == JUNK_CLOCK_AGREES) {
        record->scanned = look->now;
        record->doubted = 0;
    } else {
        note_doubt(record, look->now);
    }
    return name_record_save(record, record_path, record->scanned, failure);
}

/* --- the folder --------------------------------------------------------------------------------------------------- */

bool junk_age_list(const struct opened_folder *folder, const char *record_path, int64_t now, int days, bool look_only,
                   struct arena *arena, struct junk_list *list, bool *unsaved, struct failure *failure)
{
    *list = (struct junk_list){ .count = 0 };
    *unsaved = false;
    struct look look = { .list = list, .arena = arena, .now = now };
    look.letters = keywords_of_folder(folder->path, &list->unread);
    if (!name_record_load(record_path, arena, &look.record, failure))
        return false;
    list->clock = hold_clock(&look.record, now, days);
    find_leap(&look, days);
    find_beginning(&look);
    if (!opened_folder_visit(folder, add_message, &look, failure))
        return false;
    if (!look_only)
        *unsaved = !save(&look, record_path, failure);
    return true;
}
