/* history.c - which relays, hosts and scripts this user's mail had before: one small file beside the store */
#include "config.h"

#include "store/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/directory.h"
#include "util/hash.h"

#define FORMAT_VERSION 1
#define BUCKETS (HISTORY_SLOTS / HISTORY_BUCKET)
#define COUNT_MOST UINT16_MAX

/* A lesson waits this long for other writers, who are done within microseconds. */
#define LOCK_TRIES 50
#define LOCK_PAUSE_NANOSECONDS 10000000L

static const char file_mark[8] = { 't', 'a', 'm', 'i', 's', '-', 'h', 'i' };

/* As drawn in history.h. */
struct header {
    char mark[8];
    uint32_t version, slots;
    uint64_t key;
    uint32_t ham, reserved;
    uint32_t by_script[HISTORY_SCRIPTS];
    uint8_t unused[24];
    uint64_t sum;
};
_Static_assert(sizeof(struct header) == 128, "as drawn in history.h");

struct slot {
    uint64_t name;
    uint32_t seen;
    uint16_t ham, spam;
    uint32_t cell;
    uint8_t arrivals[HISTORY_CELLS], unused[3];
    uint32_t sum;
};
_Static_assert(sizeof(struct slot) == 32, "as drawn in history.h");
_Static_assert((BUCKETS & (BUCKETS - 1)) == 0, "a power of two");

#define FILE_BYTES (sizeof(struct header) + HISTORY_SLOTS * sizeof(struct slot))

struct history {
    int fd;       /* -1: in memory */
    char *memory; /* or NULL */
    struct header header;
};

/* --- bytes ------------------------------------------------------------------------------------------------------ */

static bool read_at(const struct history *history, void *into, size_t length, size_t at)
{
    if (history->memory) {
        memcpy(into, history->memory + at, length);
        return true;
    }
    return pread(history->fd, into, length, (off_t)at) == (ssize_t)length;
}

static bool write_at(struct history *history, const void *from, size_t length, size_t at, struct failure *failure)
{
    if (history->memory) {
        memcpy(history->memory + at, from, length);
        return true;
    }
    errno = 0;
    return pwrite(history->fd, from, length, (off_t)at) == (ssize_t)length ||
           failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the history of relays and hosts");
}

static uint64_t header_sum(const struct header *header)
{
    return hash_bytes(header, offsetof(struct header, sum), FORMAT_VERSION);
}

static uint32_t slot_sum(const struct slot *slot, uint64_t key, size_t place)
{
    return (uint32_t)hash_bytes(slot, offsetof(struct slot, sum), key + place);
}

/* --- header ----------------------------------------------------------------------------------------------------- */

static void new_header(struct header *header)
{
    *header = (struct header){ .version = FORMAT_VERSION, .slots = HISTORY_SLOTS };
    memcpy(header->mark, file_mark, sizeof header->mark);
    /* Before the system has gathered randomness, at its very start, any key will do. */
    if (getrandom(&header->key, sizeof header->key, GRND_NONBLOCK) != (ssize_t)sizeof header->key)
        header->key = (uint64_t)getpid();
    header->sum = header_sum(header);
}

static bool header_is_sound(const struct header *header)
{
    return memcmp(header->mark, file_mark, sizeof header->mark) == 0 && header->version == FORMAT_VERSION &&
           header->slots == HISTORY_SLOTS && header->sum == header_sum(header);
}

/* A newer program's file: not ours to read, nor to start anew. */
static bool header_is_newer(const struct header *header)
{
    return memcmp(header->mark, file_mark, sizeof header->mark) == 0 && header->version > FORMAT_VERSION &&
           header->version < FORMAT_VERSION + 1000;
}

static bool load_header(struct history *history, struct failure *failure)
{
    struct stat status;
    memset(&history->header, 0, sizeof history->header);
    errno = 0;
    bool read = read_at(history, &history->header, sizeof history->header, 0);
    if (!read && errno)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot read the file %s", HISTORY_FILE);
    if (read && header_is_newer(&history->header))
        return failure_set(failure, FAILURE_PERMISSION, "%s was written by a newer version of tamis", HISTORY_FILE);
    if (!history->memory && fstat(history->fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at the file %s", HISTORY_FILE);
    bool whole = history->memory || status.st_size == (off_t)FILE_BYTES;
    return (read && whole && header_is_sound(&history->header)) ||
           failure_set(failure, FAILURE_DAMAGED, "the file %s is damaged", HISTORY_FILE);
}

/* --- lock ------------------------------------------------------------------------------------------------------- */

static bool lock(struct history *history, int tries, struct failure *failure)
{
    const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NANOSECONDS };
    while (!history->memory && flock(history->fd, LOCK_EX | LOCK_NB) != 0) {
        if (--tries <= 0)
            return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot lock the history of relays and hosts");
        nanosleep(&pause, NULL);
    }
    return true;
}

static void unlock(struct history *history)
{
    if (!history->memory)
        flock(history->fd, LOCK_UN);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

/* Sparse: blocks come with the slots.  The header is last, so that what is half made is seen to be. */
static bool start_anew(struct history *history, struct failure *failure)
{
    new_header(&history->header);
    if (ftruncate(history->fd, 0) != 0 || ftruncate(history->fd, (off_t)FILE_BYTES) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot make the file %s", HISTORY_FILE);
    return write_at(history, &history->header, sizeof history->header, 0, failure);
}

static bool make_or_mend(struct history *history, struct failure *failure)
{
    struct failure found = { 0 };
    if (!lock(history, LOCK_TRIES, failure))
        return false;
    bool good = load_header(history, &found);
    if (!good && found.kind == FAILURE_DAMAGED)
        good = start_anew(history, failure);
    else if (!good && failure)
        *failure = found;
    unlock(history);
    return good;
}

static struct history *open_file(const char *path, int flags, bool make, struct failure *failure)
{
    struct directory directory = { .path = path, .fd = -1, .lock_fd = -1 };
    struct failure why = { 0 };
    struct history *history = calloc(1, sizeof *history);
    directory.fd = *path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (!history || directory.fd < 0) {
        free(history);
        return NULL;
    }
    history->fd = directory_open_file(&directory, HISTORY_FILE, flags, &why);
    bool absent = history->fd < 0 && errno == ENOENT;
    bool good = history->fd >= 0 && (make ? make_or_mend(history, &why) : load_header(history, &why));
    close(directory.fd);
    if (good)
        return history;
    if (!absent && failure)
        *failure = why;
    history_close(&history);
    return NULL;
}

struct history *history_open(const char *directory, struct failure *failure)
{
    return open_file(directory, O_RDONLY, false, failure);
}

struct history *history_open_to_write(const char *directory, bool make, struct failure *failure)
{
    return open_file(directory, make ? O_RDWR | O_CREAT : O_RDWR, make, failure);
}

struct history *history_new_in_memory(void)
{
    struct history *history = calloc(1, sizeof *history);
    char *memory = calloc(1, FILE_BYTES);
    if (!history || !memory) {
        free(history);
        free(memory);
        return NULL;
    }
    *history = (struct history){ .fd = -1, .memory = memory };
    new_header(&history->header);
    memcpy(memory, &history->header, sizeof history->header);
    return history;
}

void history_close(struct history **history)
{
    if (!*history)
        return;
    if ((*history)->fd >= 0)
        close((*history)->fd);
    free((*history)->memory);
    free(*history);
    *history = NULL;
}

int history_descriptor(const struct history *history)
{
    return history ? history->fd : -1;
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
    struct slot slots[HISTORY_BUCKET];
};

static size_t place_in_file(size_t place)
{
    return sizeof(struct header) + place * sizeof(struct slot);
}

/* Slots whose sum is wrong come as empty ones. */
static bool load_bucket(const struct history *history, uint64_t name, struct bucket *bucket)
{
    uint64_t key = history->header.key, hash = hash_bytes(&name, sizeof name, key);
    bucket->name = hash ? hash : 1;
    bucket->first = (size_t)(hash & (BUCKETS - 1)) * HISTORY_BUCKET;
    if (!read_at(history, bucket->slots, sizeof bucket->slots, place_in_file(bucket->first)))
        return false;
    for (size_t i = 0; i < HISTORY_BUCKET; i++) {
        struct slot *slot = &bucket->slots[i];
        if (slot->name && slot->sum != slot_sum(slot, key, bucket->first + i))
            *slot = (struct slot){ 0 };
    }
    return true;
}

static struct slot *find_slot(struct bucket *bucket)
{
    for (size_t i = 0; i < HISTORY_BUCKET; i++)
        if (bucket->slots[i].name == bucket->name)
            return &bucket->slots[i];
    return NULL;
}

/* 0 for an empty slot, 1 for one that nobody learned from, 2 for one that somebody did. */
static int rank(const struct slot *slot)
{
    return slot->name == 0 ? 0 : slot->ham || slot->spam ? 2 : 1;
}

/* An empty slot for the name; NULL when everything there is worth more than an arrival. */
static struct slot *make_room(struct bucket *bucket, bool for_lesson)
{
    struct slot *least = &bucket->slots[0];
    for (size_t i = 1; i < HISTORY_BUCKET; i++) {
        struct slot *slot = &bucket->slots[i];
        if (rank(slot) < rank(least) || (rank(slot) == rank(least) && slot->seen < least->seen))
            least = slot;
    }
    if (rank(least) == 2 && !for_lesson)
        return NULL;
    *least = (struct slot){ .name = bucket->name };
    return least;
}

static bool save_slot(struct history *history, const struct bucket *bucket, struct slot *slot, struct failure *failure)
{
    size_t place = bucket->first + (size_t)(slot - bucket->slots);
    slot->sum = slot_sum(slot, history->header.key, place);
    return write_at(history, slot, sizeof *slot, place_in_file(place), failure);
}

static uint32_t seconds(int64_t when)
{
    return when < 0 ? 0 : when > UINT32_MAX ? UINT32_MAX : (uint32_t)when;
}

/* Arrivals in the stretch of `when` and those before it, as far as the slot still has them. */
static unsigned arrivals_up_to(const struct slot *slot, int64_t when)
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
static void add_arrival(struct slot *slot, int64_t when)
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
    const struct slot *slot = name && load_bucket(history, name, &bucket) ? find_slot(&bucket) : NULL;
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

/* --- learning --------------------------------------------------------------------------------------------------- */

static void step(uint16_t *count, bool retract)
{
    if (retract)
        *count = (uint16_t)(*count - (*count > 0));
    else
        *count = (uint16_t)(*count + (*count < COUNT_MOST));
}

static bool learn_name(struct history *history, uint64_t name, enum label label, bool retract, int64_t now,
                       struct failure *failure)
{
    struct bucket bucket;
    if (!name)
        return true;
    if (!load_bucket(history, name, &bucket))
        return failure_set(failure, FAILURE_TEMPORARY, "cannot read the history of relays and hosts");
    struct slot *slot = find_slot(&bucket);
    if (!slot && retract)
        return true;
    if (!slot)
        slot = make_room(&bucket, true);
    step(label == LABEL_SPAM ? &slot->spam : &slot->ham, retract);
    if (!retract && slot->seen < seconds(now))
        slot->seen = seconds(now);
    return save_slot(history, &bucket, slot, failure);
}

static bool learn_scripts(struct history *history, uint32_t scripts, bool retract, struct failure *failure)
{
    struct header *header = &history->header;
    uint32_t change = retract ? UINT32_MAX : 1;
    if (!retract || header->ham)
        header->ham += change;
    for (size_t i = 0; i < HISTORY_SCRIPTS; i++)
        if (scripts >> i & 1 && (!retract || header->by_script[i]))
            header->by_script[i] += change;
    header->sum = header_sum(header);
    return write_at(history, header, sizeof *header, 0, failure);
}

bool history_learn(struct history *history, const struct trace *trace, enum label label, bool retract, int64_t now,
                   struct failure *failure)
{
    if (!lock(history, LOCK_TRIES, failure))
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
    if (!relay || when <= 0 || !lock(history, 1, NULL))
        return true;
    bool good = load_header(history, failure) && load_bucket(history, relay, &bucket);
    struct slot *slot = good ? find_slot(&bucket) : NULL;
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
