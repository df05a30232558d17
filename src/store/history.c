/* history.c - which relays, hosts and scripts this user's mail had before: one small file beside the store */
#include "config.h"

#include "store/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/history-layout.h"
#include "util/hash.h"


/* No sender can aim at the slots of what is gone with the process; and the same mail gives the same figures each
 * time. */
#define KEY_IN_MEMORY 1

/* A lesson waits this long for other writers, who are done within microseconds. */
#define WAIT_MILLISECONDS 500

_Static_assert((HISTORY_BUCKETS & (HISTORY_BUCKETS - 1)) == 0, "a power of two");

const struct slot_file_kind history_kind = {
    .name = HISTORY_FILE,
    .mark = { 't', 'a', 'm', 'i', 's', '-', 'h', 'i' },
    .version = HISTORY_VERSION,
    .header_bytes = sizeof(struct history_header),
    .bytes = HISTORY_BYTES,
};

/* --- bytes ------------------------------------------------------------------------------------------------------ */

static bool read_at(const struct history *history, void *into, size_t length, size_t at, struct failure *failure)
{
    if (history->fd >= 0)
        return slot_file_read(&history_kind, history->fd, into, length, at, failure);
    if (history->tables)
        return history_rows_read(history, into, length, at, failure);
    memcpy(into, history->memory + at, length);
    return true;
}

static bool write_at(struct history *history, const void *from, size_t length, size_t at, struct failure *failure)
{
    if (history->fd >= 0)
        return slot_file_write(&history_kind, history->fd, from, length, at, failure);
    if (history->tables)
        return history_rows_write(history, from, length, at, failure);
    memcpy(history->memory + at, from, length);
    return true;
}

static bool load_header(struct history *history, struct failure *failure)
{
    if (history->fd >= 0)
        return slot_file_load_header(&history_kind, history->fd, &history->header, failure);
    if (!read_at(history, &history->header, sizeof history->header, 0, failure))
        return false;
    return slot_file_header_is_sound(&history_kind, &history->header) ||
           failure_set(failure, FAILURE_DAMAGED, "the file %s is damaged", HISTORY_FILE);
}

static bool lock(struct history *history, int milliseconds, struct failure *failure)
{
    return history->fd < 0 || slot_file_lock(&history_kind, history->fd, true, milliseconds, failure);
}

static void unlock(struct history *history)
{
    if (history->fd >= 0)
        slot_file_unlock(history->fd);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

static void fill_header(void *header)
{
    history_new_header(header, hash_new_key());
}

static bool make_or_mend(struct history *history, struct failure *failure)
{
    if (!lock(history, WAIT_MILLISECONDS, failure))
        return false;
    bool good = slot_file_load_or_begin(&history_kind, history->fd, &history->header, fill_header, failure);
    unlock(history);
    return good;
}

/* Of its file, or the memory that it is in. */
static void let_go(struct history *history)
{
    if (history->fd >= 0)
        close(history->fd);
    if (history->is_mapped)
        munmap(history->memory, HISTORY_BYTES);
    else
        free(history->memory);
    history->fd = -1;
    history->memory = NULL;
    history->is_mapped = false;
}

static struct history *open_file(const char *directory, int flags, bool make, struct failure *failure)
{
    struct history *history = calloc(1, sizeof *history);
    if (!history) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the file %s", HISTORY_FILE);
        return NULL;
    }
    history->fd = slot_file_open(&history_kind, directory, flags, failure);
    if (history->fd < 0 || !(make ? make_or_mend(history, failure) : load_header(history, failure)))
        history_close(&history);
    return history;
}

/* What is mapped is read without a system call, which a process in the sandbox may not have, and what others write is
 * seen.  The file always has its length. */
static bool map_file(struct history *history, struct failure *failure)
{
    void *bytes = mmap(NULL, HISTORY_BYTES, PROT_READ, MAP_SHARED, history->fd, 0);
    if (bytes == MAP_FAILED)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot read the file %s", HISTORY_FILE);
    close(history->fd);
    history->fd = -1;
    history->memory = bytes;
    history->is_mapped = true;
    return true;
}

struct history *history_open(const char *directory, struct failure *failure)
{
    struct history *history = open_file(directory, O_RDONLY, false, failure);
    if (history && !map_file(history, failure))
        history_close(&history);
    return history;
}

/* The header is looked at again: it may have been made anew since. */
static bool take_into_memory(struct history *history, struct failure *failure)
{
    char *memory = malloc(HISTORY_BYTES);
    if (!memory)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for the file %s", HISTORY_FILE);
    if (!read_at(history, memory, HISTORY_BYTES, 0, failure)) {
        free(memory);
        return false;
    }
    let_go(history);
    history->tables = NULL;
    history->memory = memory;
    return load_header(history, failure);
}

void history_keep_as_it_is(struct history **history, struct failure *failure)
{
    if (*history && !take_into_memory(*history, failure))
        history_close(history);
}

struct history *history_open_as_it_is(const char *directory, struct failure *failure)
{
    struct history *history = history_open(directory, failure);
    history_keep_as_it_is(&history, failure);
    return history;
}

struct history *history_open_to_write(const char *directory, bool make, struct failure *failure)
{
    return open_file(directory, make ? O_RDWR | O_CREAT : O_RDWR, make, failure);
}

struct history *history_new_in_memory(void)
{
    struct history *history = calloc(1, sizeof *history);
    char *memory = calloc(1, HISTORY_BYTES);
    if (!history || !memory) {
        free(history);
        free(memory);
        return NULL;
    }
    *history = (struct history){ .fd = -1, .memory = memory };
    history_new_header(&history->header, KEY_IN_MEMORY);
    memcpy(memory, &history->header, sizeof history->header);
    return history;
}

void history_close(struct history **history)
{
    if (!*history)
        return;
    let_go(*history);
    free(*history);
    *history = NULL;
}

/* --- slots ------------------------------------------------------------------------------------------------------ */

uint64_t history_name(char kind, struct span name)
{
    uint64_t hash = hash_bytes(name.data, name.length, (uint64_t)(unsigned char)kind);
    return hash ? hash : 1;
}

struct bucket {
    uint64_t name; /* asked for, under the key */
    size_t first;  /* the place of its first slot */
    struct history_slot slots[HISTORY_BUCKET];
};

static size_t place_in_file(size_t place)
{
    return sizeof(struct history_header) + place * sizeof(struct history_slot);
}

/* Slots whose sum is wrong come as empty ones. */
static bool load_bucket(const struct history *history, uint64_t name, struct bucket *bucket, struct failure *failure)
{
    uint64_t key = history->header.key, hash = history_hash(name, key);
    bucket->name = hash ? hash : 1;
    bucket->first = history_bucket_of(hash) * HISTORY_BUCKET;
    if (!read_at(history, bucket->slots, sizeof bucket->slots, place_in_file(bucket->first), failure))
        return false;
    for (size_t i = 0; i < HISTORY_BUCKET; i++) {
        struct history_slot *slot = &bucket->slots[i];
        if (slot->name && slot->sum != history_slot_sum(slot, key, bucket->first + i))
            *slot = (struct history_slot){ 0 };
    }
    return true;
}

static struct history_slot *find_slot(struct bucket *bucket)
{
    for (size_t i = 0; i < HISTORY_BUCKET; i++)
        if (bucket->slots[i].name == bucket->name)
            return &bucket->slots[i];
    return NULL;
}

/* 0 for an empty slot, 1 for one that nobody learned from, 2 for one that somebody did. */
static int rank(const struct history_slot *slot)
{
    return slot->name == 0 ? 0 : slot->ham || slot->spam ? 2 : 1;
}

/* An empty slot for the name; NULL when everything there is worth more than an arrival. */
static struct history_slot *make_room(struct bucket *bucket, bool for_lesson)
{
    struct history_slot *least = &bucket->slots[0];
    for (size_t i = 1; i < HISTORY_BUCKET; i++) {
        struct history_slot *slot = &bucket->slots[i];
        if (rank(slot) < rank(least) || (rank(slot) == rank(least) && slot->seen < least->seen))
            least = slot;
    }
    if (rank(least) == 2 && !for_lesson)
        return NULL;
    *least = (struct history_slot){ .name = bucket->name };
    return least;
}

static bool save_slot(struct history *history, const struct bucket *bucket, struct history_slot *slot,
                      struct failure *failure)
{
    size_t place = bucket->first + (size_t)(slot - bucket->slots);
    slot->sum = history_slot_sum(slot, history->header.key, place);
    return write_at(history, slot, sizeof *slot, place_in_file(place), failure);
}

static uint32_t seconds(int64_t when)
{
    return when < 0 ? 0 : when > UINT32_MAX ? UINT32_MAX : (uint32_t)when;
}

/* Arrivals in the stretch of `when` and those before it, as far as the slot still has them. */
static unsigned arrivals_up_to(const struct history_slot *slot, int64_t when)
{
    uint32_t cell = seconds(when) / HISTORY_CELL_SECONDS;
    unsigned sum = 0;
    for (uint32_t i = 0; i < HISTORY_CELLS && when > 0 && slot->cell >= i; i++) {
        uint32_t here = slot->cell - i;
        if (here <= cell && cell - here < HISTORY_CELLS)
            sum += slot->arrivals[i];
    }
    return sum;
}

/* Mail does not come in the order in which relays took it. */
static void add_arrival(struct history_slot *slot, int64_t when)
{
    uint32_t cell = seconds(when) / HISTORY_CELL_SECONDS;
    if (cell > slot->cell) {
        uint32_t steps = cell - slot->cell;
        for (uint32_t i = HISTORY_CELLS; i-- > 0;)
            slot->arrivals[i] = i >= steps ? slot->arrivals[i - steps] : 0;
        slot->cell = cell;
    }
    uint32_t age = slot->cell - cell;
    if (age < HISTORY_CELLS && slot->arrivals[age] < UINT8_MAX)
        slot->arrivals[age]++;
}

bool history_find(const struct history *history, uint64_t name, int64_t when, struct history_entry *entry)
{
    struct bucket bucket;
    *entry = (struct history_entry){ 0 };
    const struct history_slot *slot = name && load_bucket(history, name, &bucket, NULL) ? find_slot(&bucket) : NULL;
    if (!slot)
        return false;
    *entry = (struct history_entry){ slot->ham, slot->spam, slot->seen, arrivals_up_to(slot, when) };
    return true;
}

unsigned history_ham(const struct history *history, uint32_t by_script[HISTORY_SCRIPTS])
{
    memcpy(by_script, history->header.by_script, sizeof history->header.by_script);
    return history->header.ham;
}

/* --- whole ------------------------------------------------------------------------------------------------------ */

struct history_text *history_text_of(const struct history *history, struct failure *failure)
{
    struct history_text *text = malloc(sizeof *text);
    if (!text)
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the history of relays and hosts");
    if (text && !read_at(history, text, sizeof *text, 0, failure)) {
        free(text);
        text = NULL;
    }
    return text;
}

bool history_put_text(struct history *history, const struct history_text *text, struct failure *failure)
{
    history->header = text->header;
    return write_at(history, text, sizeof *text, 0, failure);
}

/* --- learning --------------------------------------------------------------------------------------------------- */

static bool learn_name(struct history *history, uint64_t name, enum label label, bool retract, int64_t now,
                       struct failure *failure)
{
    struct bucket bucket;
    if (!name)
        return true;
    if (!load_bucket(history, name, &bucket, failure))
        return false;
    struct history_slot *slot = find_slot(&bucket);
    if (!slot && retract)
        return true;
    if (!slot)
        slot = make_room(&bucket, true);
    slot_file_step(label == LABEL_SPAM ? &slot->spam : &slot->ham, retract ? -1 : 1);
    if (!retract && slot->seen < seconds(now))
        slot->seen = seconds(now);
    return save_slot(history, &bucket, slot, failure);
}

static bool learn_scripts(struct history *history, uint32_t scripts, bool retract, struct failure *failure)
{
    struct history_header *header = &history->header;
    uint32_t change = retract ? UINT32_MAX : 1;
    if (!retract || header->ham)
        header->ham += change;
    for (size_t i = 0; i < HISTORY_SCRIPTS; i++)
        if (scripts >> i & 1 && (!retract || header->by_script[i]))
            header->by_script[i] += change;
    slot_file_seal(&history_kind, header);
    return write_at(history, header, sizeof *header, 0, failure);
}

bool history_learn(struct history *history, const struct trace *trace, enum label label, bool retract, int64_t now,
                   struct failure *failure)
{
    if (!lock(history, WAIT_MILLISECONDS, failure))
        return false;
    bool good = load_header(history, failure) && learn_name(history, trace->relay, label, retract, now, failure);
    for (size_t i = 0; i < trace->host_count && i < HISTORY_HOSTS && good; i++)
        good = learn_name(history, trace->hosts[i], label, retract, now, failure);
    if (good && label == LABEL_HAM)
        good = learn_scripts(history, trace->scripts, retract, failure);
    unlock(history);
    return good;
}

bool history_note_arrival(struct history *history, uint64_t relay, int64_t when, struct failure *failure)
{
    struct bucket bucket;
    if (!relay || when <= 0 || !lock(history, 0, NULL))
        return true;
    bool good = load_header(history, failure) && load_bucket(history, relay, &bucket, failure);
    struct history_slot *slot = good ? find_slot(&bucket) : NULL;
    if (good && !slot)
        slot = make_room(&bucket, false);
    if (slot) {
        add_arrival(slot, when);
        slot->seen = slot->seen < seconds(when) ? seconds(when) : slot->seen;
        good = save_slot(history, &bucket, slot, failure);
    }
    unlock(history);
    return good;
}
