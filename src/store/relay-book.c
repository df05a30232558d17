/* relay-book.c - which relays sent this user spam, and which sent ham: addresses, for the mail server to refuse them */
#include "config.h"

#include "store/relay-book.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/slot-file.h"
#include "util/hash.h"

#define BUCKETS (RELAY_BOOK_SLOTS / RELAY_BOOK_BUCKET)
#define IPV4_NETWORK_BITS 32
#define IPV6_NETWORK_BITS 64

/* A lesson waits this long for other writers, who are done within microseconds. */
#define WAIT_MILLISECONDS 500

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

static const struct slot_file_kind kind = {
    .name = RELAY_BOOK_FILE,
    .mark = { 't', 'a', 'm', 'i', 's', '-', 'r', 'b' },
    .version = 1,
    .header_bytes = sizeof(struct header),
    .bytes = sizeof(struct header) + RELAY_BOOK_SLOTS * sizeof(struct slot),
};

struct book {
    int fd;
    struct header header;
};

static void fill_header(void *header)
{
    *(struct header *)header = (struct header){ .slots = RELAY_BOOK_SLOTS, .key = hash_new_key() };
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
static bool load_bucket(const struct book *book, size_t number, struct bucket *bucket, struct failure *failure)
{
    bucket->first = number * RELAY_BOOK_BUCKET;
    if (!slot_file_read(&kind, book->fd, bucket->slots, sizeof bucket->slots, place_in_file(bucket->first), failure))
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

/* When it counts from; 0: too old to be noted. */
static int64_t moment_of(int64_t arrived, int64_t now)
{
    if (arrived <= 0 || arrived > now || now - arrived <= RELAY_FRESH_SECONDS)
        return now;
    return now - arrived <= RELAY_MEMORY_SECONDS ? arrived : 0;
}

static void note_ham(struct slot *slot, bool retract, uint32_t when)
{
    slot_file_step(&slot->ham, retract ? -1 : 1);
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
    slot_file_step(trapped ? &slot->trapped : &slot->called_spam, retract ? -1 : 1);
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
    if (!load_bucket(book, (size_t)(hash & (BUCKETS - 1)), &bucket, failure))
        return false;
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
    return slot_file_write(&kind, book->fd, slot, sizeof *slot, place_in_file(place), failure);
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
    struct book book = { .fd = slot_file_open(&kind, directory, lesson->retract ? O_RDWR : O_RDWR | O_CREAT, &why) };
    bool good = book.fd < 0 ? why.kind == FAILURE_NONE
                            : slot_file_lock(&kind, book.fd, true, WAIT_MILLISECONDS, &why) &&
                                  slot_file_load_or_begin(&kind, book.fd, &book.header, fill_header, &why) &&
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
    return network_of(address, IPV4_NETWORK_BITS, IPV6_NETWORK_BITS);
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
    struct book book = { .fd = slot_file_open(&kind, directory, O_RDONLY, &why) };
    bool good = book.fd < 0 ? why.kind == FAILURE_NONE : slot_file_load_header(&kind, book.fd, &book.header, &why);
    struct bucket bucket;
    for (size_t i = 0; i < BUCKETS && good && book.fd >= 0; i++) {
        good = load_bucket(&book, i, &bucket, &why);
        for (size_t j = 0; j < RELAY_BOOK_BUCKET && good; j++)
            if (!is_empty(&bucket.slots[j])) {
                struct relay_record record = record_of(&bucket.slots[j]);
                visit(context, &record);
            }
    }
    if (book.fd >= 0)
        close(book.fd);
    if (!good && failure)
        *failure = why;
    return good;
}
