/* shared-count.c - the reports of many users, counted: how many of them say so of each text, relay and host */
#include "outside/shared-count.h"

#include <stdlib.h>

#define DAY_SECONDS 86400
#define VOICES_CALLED 2 /* for ham, of one user */
#define VOICES_LEFT_ALONE 1

struct names {
    struct shared_entry *items;
    size_t count, room;
};

struct shared_count {
    struct names user; /* of the one whose reports come in */
    struct names all;
    size_t names_most;
    int64_t oldest, newest, now;
    uint32_t users, reports, reports_of_user;
    bool full, lacked_memory;
};

struct shared_count *shared_count_new(int64_t now, int days, size_t names_most)
{
    struct shared_count *count = calloc(1, sizeof *count);
    if (!count)
        return NULL;
    *count = (struct shared_count){ .now = now, .oldest = now - (int64_t)days * DAY_SECONDS,
                                    .newest = now + DAY_SECONDS, .names_most = names_most };
    count->user.items = calloc(SHARED_USER_NAMES, sizeof *count->user.items);
    count->user.room = SHARED_USER_NAMES;
    if (!count->user.items)
        shared_count_free(&count);
    return count;
}

void shared_count_free(struct shared_count **count)
{
    if (!*count)
        return;
    free((*count)->user.items);
    free((*count)->all.items);
    free(*count);
    *count = NULL;
}

/* --- names that are the same put together ----------------------------------------------------------------------- */

static int by_name(const void *left, const void *right)
{
    const struct shared_entry *a = left, *b = right;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static uint16_t more(uint16_t a, uint16_t b)
{
    return (uint16_t)(a > UINT16_MAX - b ? UINT16_MAX : a + b);
}

static uint16_t greater(uint16_t a, uint16_t b)
{
    return a > b ? a : b;
}

/* Names that are the same become one, whose numbers are what `join` makes of theirs. */
static void merge(struct names *names, uint16_t (*join)(uint16_t a, uint16_t b))
{
    size_t kept = 0;
    if (names->count)
        qsort(names->items, names->count, sizeof *names->items, by_name);
    for (size_t i = 0; i < names->count; i++) {
        struct shared_entry *last = kept ? &names->items[kept - 1] : NULL, *entry = &names->items[i];
        if (!last || by_name(last, entry) != 0) {
            names->items[kept++] = *entry;
            continue;
        }
        last->spam = join(last->spam, entry->spam);
        last->ham = join(last->ham, entry->ham);
        last->trapped = join(last->trapped, entry->trapped);
    }
    names->count = kept;
}

/* --- one user --------------------------------------------------------------------------------------------------- */

static void add_name(struct shared_count *count, uint64_t name, enum shared_kind kind, enum shared_called called)
{
    if (name == 0 || count->user.count == count->user.room)
        return;
    struct shared_entry *entry = &count->user.items[count->user.count++];
    *entry = (struct shared_entry){ .name = name, .kind = (uint16_t)kind };
    entry->ham = called == SHARED_HAM ? VOICES_CALLED : called == SHARED_LEFT_ALONE ? VOICES_LEFT_ALONE : 0;
    entry->spam = entry->ham == 0;
    entry->trapped = called == SHARED_TRAPPED;
}

void shared_count_report(void *context, const struct shared_report *report)
{
    struct shared_count *count = context;
    if (report->when < count->oldest || report->when > count->newest)
        return;
    count->reports_of_user++;
    for (size_t i = 0; i < report->print_count; i++)
        add_name(count, report->prints[i], SHARED_TEXT, report->called);
    for (size_t i = 0; i < report->host_count; i++)
        add_name(count, report->hosts[i], SHARED_HOST, report->called);
    add_name(count, report->relay, SHARED_RELAY, report->called);
}

/* Room for all that a user may say.  Where there cannot be more, a sixteenth of it has to come free besides: all names
 * are not to be sorted again for each user. */
static bool make_room(struct shared_count *count)
{
    struct names *all = &count->all;
    if (count->full || all->room - all->count >= SHARED_USER_NAMES)
        return !count->full;
    merge(all, more);
    if (all->room / 2 > all->count && all->room - all->count >= SHARED_USER_NAMES)
        return true;
    size_t room = all->room ? all->room * 2 : SHARED_USER_NAMES * 4;
    struct shared_entry *items = room <= count->names_most ? realloc(all->items, room * sizeof *items) : NULL;
    if (items) {
        all->items = items;
        all->room = room;
    }
    bool has_room = all->room - all->count >= SHARED_USER_NAMES + all->room / 16;
    count->lacked_memory |= !has_room && !items && room <= count->names_most;
    return has_room;
}

/* Adds what one user said to what all say: of each name one voice, and ham stands above spam. */
void shared_count_end_user(struct shared_count *count)
{
    struct names *user = &count->user;
    count->users += count->reports_of_user > 0;
    count->reports += count->reports_of_user;
    count->reports_of_user = 0;
    merge(user, greater);
    if (user->count && !make_room(count)) {
        count->full = true;
        user->count = 0;
    }
    for (size_t i = 0; i < user->count; i++) {
        struct shared_entry *entry = &count->all.items[count->all.count++];
        *entry = user->items[i];
        if (entry->ham)
            entry->spam = entry->trapped = 0;
    }
    user->count = 0;
}

/* --- all of them ------------------------------------------------------------------------------------------------ */

bool shared_count_finish(struct shared_count *count, const struct shared_entry **table, size_t *entries,
                         struct shared_facts *facts, bool *full)
{
    shared_count_end_user(count);
    if (count->lacked_memory)
        return false;
    merge(&count->all, more);
    *facts = (struct shared_facts){ .made = count->now, .users = count->users, .reports = count->reports };
    size_t kept = 0;
    for (size_t i = 0; i < count->all.count; i++) {
        struct shared_entry *entry = &count->all.items[i];
        if (entry->spam < SHARED_USERS_LEAST)
            continue;
        facts->texts += entry->kind == SHARED_TEXT;
        facts->relays += entry->kind == SHARED_RELAY;
        facts->hosts += entry->kind == SHARED_HOST;
        count->all.items[kept++] = *entry;
    }
    *table = count->all.items;
    *entries = kept;
    *full = count->full;
    return true;
}
