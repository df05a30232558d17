/* shared-spool.c - what one user reports to the others: a file of that user's own in the shared folder */
#include "outside/shared-spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outside/shared-place.h"
#include "util/hash.h"

#define BUCKETS (SHARED_SPOOL_SLOTS / SHARED_SPOOL_BUCKET)
_Static_assert((BUCKETS & (BUCKETS - 1)) == 0, "a power of two");

/* As drawn in shared-spool.h. */
struct slot {
    uint64_t message;
    uint32_t when;
    uint8_t called, prints, hosts, unused;
    uint64_t relay;
    uint64_t print[TEXT_PRINTS];
    uint64_t host[SHARED_REPORT_HOSTS];
    uint64_t sum;
};
_Static_assert(sizeof(struct slot) == SHARED_SLOT_BYTES, "as drawn in shared-spool.h");

/* --- one slot --------------------------------------------------------------------------------------------------- */

static uint64_t slot_sum(const struct slot *slot, uint64_t key, size_t place)
{
    return hash_bytes(slot, offsetof(struct slot, sum), hash_mix(key + place));
}

void shared_slot_write(const struct shared_report *report, uint64_t key, size_t place,
                       unsigned char bytes[SHARED_SLOT_BYTES])
{
    struct slot slot = { .message = report->message, .when = (uint32_t)report->when, .called = (uint8_t)report->called,
                         .prints = (uint8_t)report->print_count, .hosts = (uint8_t)report->host_count,
                         .relay = report->relay };
    memcpy(slot.print, report->prints, report->print_count * sizeof *slot.print);
    memcpy(slot.host, report->hosts, report->host_count * sizeof *slot.host);
    slot.sum = slot_sum(&slot, key, place);
    memcpy(bytes, &slot, sizeof slot);
}

bool shared_slot_read(const unsigned char bytes[SHARED_SLOT_BYTES], uint64_t key, size_t place,
                      struct shared_report *report)
{
    struct slot slot;
    memcpy(&slot, bytes, sizeof slot);
    if (slot.message == 0 || slot.called == SHARED_TAKEN_BACK || slot.called > SHARED_LEFT_ALONE ||
        slot.prints > TEXT_PRINTS || slot.hosts > SHARED_REPORT_HOSTS || slot.sum != slot_sum(&slot, key, place))
        return false;
    *report = (struct shared_report){ .message = slot.message, .when = slot.when,
                                      .called = (enum shared_called)slot.called, .relay = slot.relay,
                                      .print_count = slot.prints, .host_count = slot.hosts };
    memcpy(report->prints, slot.print, slot.prints * sizeof *slot.print);
    memcpy(report->hosts, slot.host, slot.hosts * sizeof *slot.host);
    return true;
}

static ssize_t read_bucket(int fd, unsigned char bucket[][SHARED_SLOT_BYTES], size_t first)
{
    ssize_t got;
    do
        got = pread(fd, bucket, SHARED_SPOOL_BUCKET * SHARED_SLOT_BYTES, (off_t)(first * SHARED_SLOT_BYTES));
    while (got < 0 && errno == EINTR);
    return got;
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

void shared_spool_name(uint64_t key, uint64_t user, char name[SHARED_SPOOL_NAME])
{
    uint8_t hash[16];
    hash_identity(&user, sizeof user, key, hash);
    for (size_t i = 0; i < sizeof hash; i++)
        snprintf(name + 2 * i, 3, "%02x", hash[i]);
}

/* What a place is worth to whoever looks for one: of what was left alone less than of a word of the user's. */
static int64_t worth_of(const unsigned char slot[SHARED_SLOT_BYTES], uint64_t key, size_t place, uint64_t *message)
{
    struct shared_report held;
    *message = 0;
    if (!shared_slot_read(slot, key, place, &held))
        return -1;
    *message = held.message;
    return held.called == SHARED_LEFT_ALONE ? held.when : held.when + (INT64_C(1) << 32);
}

/* The place for a report in its bucket: its own, an empty one, or that which is worth least.  -1: there is none, or
 * nothing to take back. */
static int find_place(const unsigned char bucket[][SHARED_SLOT_BYTES], uint64_t key, size_t first,
                      const struct shared_report *report)
{
    int best = -1;
    int64_t least = report->called == SHARED_LEFT_ALONE ? INT64_C(1) << 32 : INT64_MAX;
    for (int i = 0; i < SHARED_SPOOL_BUCKET; i++) {
        uint64_t message;
        int64_t worth = worth_of(bucket[i], key, first + (size_t)i, &message);
        if (message == report->message)
            return i;
        if (worth < least) {
            least = worth;
            best = i;
        }
    }
    return report->called == SHARED_TAKEN_BACK ? -1 : best;
}

static bool note(int fd, uint64_t key, const struct shared_report *report, struct failure *failure)
{
    unsigned char bucket[SHARED_SPOOL_BUCKET][SHARED_SLOT_BYTES] = { 0 };
    size_t first = (size_t)(report->message & (BUCKETS - 1)) * SHARED_SPOOL_BUCKET;
    if (read_bucket(fd, bucket, first) < 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot read this user's reports");
    int found = find_place(bucket, key, first, report);
    if (found < 0)
        return true;
    size_t place = first + (size_t)found;
    shared_slot_write(report, key, place, bucket[found]);
    errno = ENOSPC;
    if (pwrite(fd, bucket[found], SHARED_SLOT_BYTES, (off_t)(place * SHARED_SLOT_BYTES)) != SHARED_SLOT_BYTES)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write this user's reports");
    return true;
}

static bool is_own(int fd, struct failure *failure)
{
    struct stat status;
    return (fstat(fd, &status) == 0 && status.st_uid == geteuid()) ||
           failure_set(failure, FAILURE_PERMISSION, "somebody else's file is in the place of this user's reports");
}

bool shared_spool_note(const char *directory, uint64_t key, uint64_t user, const struct shared_report *reports,
                       size_t count, struct failure *failure)
{
    char name[SHARED_SPOOL_NAME];
    shared_spool_name(key, user, name);
    int folder = shared_place_open(directory, true, failure);
    int fd = folder >= 0 ? shared_place_open_file(folder, name, O_RDWR | O_CREAT, failure) : -1;
    bool good = fd >= 0 && is_own(fd, failure);
    for (size_t i = 0; i < count && good; i++)
        good = note(fd, key, &reports[i], failure);
    if (fd >= 0)
        close(fd);
    if (folder >= 0)
        close(folder);
    return good;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

bool shared_spool_read(int fd, uint64_t key, shared_spool_visit *visit, void *context)
{
    unsigned char bucket[SHARED_SPOOL_BUCKET][SHARED_SLOT_BYTES];
    for (size_t first = 0; first < SHARED_SPOOL_SLOTS; first += SHARED_SPOOL_BUCKET) {
        ssize_t got = read_bucket(fd, bucket, first);
        if (got < 0)
            return false;
        for (size_t i = 0; i < (size_t)got / SHARED_SLOT_BYTES; i++) {
            struct shared_report report;
            if (shared_slot_read(bucket[i], key, first + i, &report))
                visit(context, &report);
        }
    }
    return true;
}
