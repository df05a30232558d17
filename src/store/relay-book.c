/* relay-book.c - which relays sent this user spam, and which sent ham: addresses, for the mail server to refuse them */
#include "config.h"

#include "store/relay-book.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/directory.h"
#include "util/file.h"
#include "util/hash.h"

#define FORMAT_VERSION 1
#define NEWER_VERSIONS 1000 /* beyond this it is no version, but damage */
#define BUCKETS (RELAY_BOOK_SLOTS / RELAY_BOOK_BUCKET)
#define COUNT_MOST UINT16_MAX
#define IPV6_NETWORK_BITS 64

/* A lesson waits this long for other writers, who are done within microseconds. */
#define LOCK_TRIES 50
#define LOCK_PAUSE_NANOSECONDS 10000000L

static const char file_mark[8] = { 't', 'a', 'm', 'i', 's', '-', 'r', 'b' };
static const struct network_address no_address;

/* As drawn in relay-book.h. */
struct header {
    char mark[8];
    uint32_t version, slots;
    uint64_t key, sum;
};
_Static_assert(sizeof(struct header) == 32, "as drawn in relay-book.h");

struct slot {
    struct network_address address;
    uint32_t first_spam, last_spam, last_ham;
    uint16_t called_spam, trapped, ham, unused;
    uint32_t sum;
};
_Static_assert(sizeof(struct slot) == 40, "as drawn in relay-book.h");
_Static_assert((BUCKETS & (BUCKETS - 1)) == 0, "a power of two");

#define FILE_BYTES (sizeof(struct header) + RELAY_BOOK_SLOTS * sizeof(struct slot))

struct book {
    int fd;
    struct header header;
};

/* --- header ----------------------------------------------------------------------------------------------------- */

static uint64_t header_sum(const struct header *header)
{
    return hash_bytes(header, offsetof(struct header, sum), FORMAT_VERSION);
}

static void new_header(struct header *header)
{
    *header = (struct header){ .version = FORMAT_VERSION, .slots = RELAY_BOOK_SLOTS };
    memcpy(header->mark, file_mark, sizeof header->mark);
    /* Before the system has gathered randomness, at its very start, any key will do. */
    if (getrandom(&header->key, sizeof header->key, GRND_NONBLOCK) != (ssize_t)sizeof header->key)
        header->key = (uint64_t)getpid();
    header->sum = header_sum(header);
}

static bool has_mark(const struct header *header)
{
    return memcmp(header->mark, file_mark, sizeof header->mark) == 0;
}

static bool header_is_sound(const struct header *header)
{
    return has_mark(header) && header->version == FORMAT_VERSION && header->slots == RELAY_BOOK_SLOTS &&
           header->sum == header_sum(header);
}

static bool load_header(struct book *book, struct failure *failure)
{
    struct stat status;
    struct header *header = &book->header;
    if (fstat(book->fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at the file %s", RELAY_BOOK_FILE);
    bool read = pread(book->fd, header, sizeof *header, 0) == (ssize_t)sizeof *header;
    if (read && has_mark(header) && header->version > FORMAT_VERSION && header->version < NEWER_VERSIONS)
        return failure_set(failure, FAILURE_PERMISSION, "%s was written by a newer version of tamis", RELAY_BOOK_FILE);
    return (read && status.st_size == (off_t)FILE_BYTES && header_is_sound(header)) ||
           failure_set(failure, FAILURE_DAMAGED, "the file %s is damaged", RELAY_BOOK_FILE);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

/* -1 with FAILURE_NONE: there is none. */
static int open_file(const char *path, int flags, struct failure *failure)
{
    struct directory directory = { .path = path, .fd = -1, .lock_fd = -1 };
    struct failure why = { 0 };
    if ((flags & O_CREAT) && !file_make_directories(path, 0700, failure))
        return -1;
    directory.fd = *path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (directory.fd < 0)
        return -1;
    int fd = directory_open_file(&directory, RELAY_BOOK_FILE, flags, &why);
    if (fd < 0 && errno != ENOENT && failure)
        *failure = why;
    close(directory.fd);
    return fd;
}

static bool lock(int fd, struct failure *failure)
{
    const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NANOSECONDS };
    for (int tries = LOCK_TRIES; flock(fd, LOCK_EX | LOCK_NB) != 0;) {
        if (--tries <= 0)
            return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot lock the file %s", RELAY_BOOK_FILE);
        nanosleep(&pause, NULL);
    }
    return true;
}

static bool write_at(const struct book *book, const void *from, size_t length, size_t at, struct failure *failure)
{
    errno = 0;
    return pwrite(book->fd, from, length, (off_t)at) == (ssize_t)length ||
           failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the file %s", RELAY_BOOK_FILE);
}

/* Sparse: blocks come with the slots.  The header is last, so that what is half made is seen to be. */
static bool start_anew(struct book *book, struct failure *failure)
{
    new_header(&book->header);
    if (ftruncate(book->fd, 0) != 0 || ftruncate(book->fd, (off_t)FILE_BYTES) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot make the file %s", RELAY_BOOK_FILE);
    return write_at(book, &book->header, sizeof book->header, 0, failure);
}

/* Under the lock. */
static bool load_or_make(struct book *book, struct failure *failure)
{
    struct failure found = { 0 };
    if (load_header(book, &found))
        return true;
    if (found.kind == FAILURE_DAMAGED)
        return start_anew(book, failure);
    if (failure)
        *failure = found;
    return false;
}

/* --- slots ------------------------------------------------------------------------------------------------------ */

struct bucket {
    size_t first; /* the place of its first slot */
    struct slot slots[RELAY_BOOK_BUCKET];
};

static size_t place_in_file(size_t place)
{
    return sizeof(struct header) + place * sizeof(struct slot);
}

static uint32_t slot_sum(const struct slot *slot, uint64_t key, size_t place)
{
    return (uint32_t)hash_bytes(slot, offsetof(struct slot, sum), key + place);
}

static bool is_empty(const struct slot *slot)
{
    return memcmp(&slot->address, &no_address, sizeof no_address) == 0;
}

/* Slots whose sum is wrong come as empty ones. */
static bool load_bucket(const struct book *book, size_t number, struct bucket *bucket)
{
    bucket->first = number * RELAY_BOOK_BUCKET;
    if (pread(book->fd, bucket->slots, sizeof bucket->slots, (off_t)place_in_file(bucket->first)) !=
        (ssize_t)sizeof bucket->slots)
        return false;
    for (size_t i = 0; i < RELAY_BOOK_BUCKET; i++) {
        struct slot *slot = &bucket->slots[i];
        if (!is_empty(slot) && slot->sum != slot_sum(slot, book->header.key, bucket->first + i))
            *slot = (struct slot){ 0 };
    }
    return true;
}

static struct slot *find_slot(struct bucket *bucket, const struct network_address *address)
{
    for (size_t i = 0; i < RELAY_BOOK_BUCKET; i++)
        if (memcmp(&bucket->slots[i].address, address, sizeof *address) == 0)
            return &bucket->slots[i];
    return NULL;
}

static uint32_t last_seen(const struct slot *slot)
{
    return slot->last_spam > slot->last_ham ? slot->last_spam : slot->last_ham;
}

/* 0 for an empty slot, 1 for a relay of ham alone, 2 for one of spam. */
static int rank(const struct slot *slot)
{
    return is_empty(slot) ? 0 : slot->called_spam || slot->trapped ? 2 : 1;
}

static struct slot *make_room(struct bucket *bucket, const struct network_address *address)
{
    struct slot *least = &bucket->slots[0];
    for (size_t i = 1; i < RELAY_BOOK_BUCKET; i++) {
        struct slot *slot = &bucket->slots[i];
        if (rank(slot) < rank(least) || (rank(slot) == rank(least) && last_seen(slot) < last_seen(least)))
            least = slot;
    }
    *least = (struct slot){ .address = *address };
    return least;
}

/* --- lessons ---------------------------------------------------------------------------------------------------- */

static void step(uint16_t *count, bool retract)
{
    if (retract)
        *count = (uint16_t)(*count - (*count > 0));
    else
        *count = (uint16_t)(*count + (*count < COUNT_MOST));
}

/* When it counts from; 0: too old to be noted. */
static int64_t moment_of(int64_t arrived, int64_t now)
{
    if (arrived <= 0 || arrived > now || now - arrived <= RELAY_FRESH_SECONDS)
        return now;
    return now - arrived <= RELAY_MEMORY_SECONDS ? arrived : 0;
}

static void note_ham(struct slot *slot, bool retract, uint32_t when)
{
    step(&slot->ham, retract);
    if (!retract && slot->last_ham < when)
        slot->last_ham = when;
    if (slot->ham == 0)
        slot->last_ham = 0;
}

static void note_spam(struct slot *slot, bool trapped, bool retract, uint32_t when)
{
    if (!retract && slot->last_spam + RELAY_MEMORY_SECONDS < when)
        slot->called_spam = slot->trapped = 0;
    if (!retract && slot->called_spam == 0 && slot->trapped == 0)
        slot->first_spam = slot->last_spam = when;
    step(trapped ? &slot->trapped : &slot->called_spam, retract);
    if (!retract && slot->last_spam < when)
        slot->last_spam = when;
    if (!retract && slot->first_spam > when)
        slot->first_spam = when;
    if (slot->called_spam == 0 && slot->trapped == 0)
        slot->first_spam = slot->last_spam = 0;
}

static bool note(struct book *book, const struct relay_lesson *lesson, uint32_t when, struct failure *failure)
{
    struct bucket bucket;
    struct network network = relay_book_network(lesson->relay);
    uint64_t hash = hash_bytes(&network.address, sizeof network.address, book->header.key);
    if (!load_bucket(book, (size_t)(hash & (BUCKETS - 1)), &bucket))
        return failure_set(failure, FAILURE_TEMPORARY, "cannot read the file %s", RELAY_BOOK_FILE);
    struct slot *slot = find_slot(&bucket, &network.address);
    if (!slot && lesson->retract)
        return true;
    if (!slot)
        slot = make_room(&bucket, &network.address);
    if (lesson->label == LABEL_HAM)
        note_ham(slot, lesson->retract, when);
    else
        note_spam(slot, lesson->source == SOURCE_TRAP, lesson->retract, when);
    if (slot->ham == 0 && slot->called_spam == 0 && slot->trapped == 0)
        *slot = (struct slot){ 0 };
    size_t place = bucket.first + (size_t)(slot - bucket.slots);
    slot->sum = slot_sum(slot, book->header.key, place);
    return write_at(book, slot, sizeof *slot, place_in_file(place), failure);
}

/* Spam that the program called so by itself is nobody's word. */
static bool is_noted(const struct relay_lesson *lesson)
{
    bool told = lesson->source == SOURCE_USER || lesson->source == SOURCE_TRAP;
    struct network network = relay_book_network(lesson->relay);
    return memcmp(&network.address, &no_address, sizeof no_address) != 0 && (lesson->label == LABEL_HAM || told);
}

bool relay_book_note(const char *directory, const struct relay_lesson *lesson, int64_t now, struct failure *failure)
{
    int64_t when = moment_of(lesson->arrived, now);
    if (!*directory || !is_noted(lesson) || when <= 0 || when > UINT32_MAX)
        return true;
    struct failure why = { 0 };
    struct book book = { .fd = open_file(directory, lesson->retract ? O_RDWR : O_RDWR | O_CREAT, &why) };
    bool good = book.fd < 0 ? why.kind == FAILURE_NONE
                            : lock(book.fd, &why) && load_or_make(&book, &why) &&
                                  note(&book, lesson, (uint32_t)when, &why);
    if (book.fd >= 0)
        close(book.fd);
    if (!good && failure)
        *failure = why;
    return good;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

struct network relay_book_network(const struct network_address *address)
{
    struct network network = { .address = *address, .bits = 128 };
    if (network_is_ipv4(&network))
        return network;
    network.bits = IPV6_NETWORK_BITS;
    memset(network.address.bytes + IPV6_NETWORK_BITS / 8, 0, sizeof network.address.bytes - IPV6_NETWORK_BITS / 8);
    return network;
}

static struct relay_record record_of(const struct slot *slot)
{
    return (struct relay_record){ .network = relay_book_network(&slot->address),
                                  .called_spam = slot->called_spam,
                                  .trapped = slot->trapped,
                                  .ham = slot->ham,
                                  .first_spam = slot->first_spam,
                                  .last_spam = slot->last_spam,
                                  .last_ham = slot->last_ham };
}

bool relay_book_visit(const char *directory, void (*visit)(void *context, const struct relay_record *record),
                      void *context, struct failure *failure)
{
    struct failure why = { 0 };
    struct book book = { .fd = open_file(directory, O_RDONLY, &why) };
    bool good = book.fd < 0 ? why.kind == FAILURE_NONE : load_header(&book, &why);
    struct bucket bucket;
    for (size_t i = 0; i < BUCKETS && good && book.fd >= 0 && load_bucket(&book, i, &bucket); i++)
        for (size_t j = 0; j < RELAY_BOOK_BUCKET; j++)
            if (!is_empty(&bucket.slots[j])) {
                struct relay_record record = record_of(&bucket.slots[j]);
                visit(context, &record);
            }
    if (book.fd >= 0)
        close(book.fd);
    if (!good && failure)
        *failure = why;
    return good;
}
