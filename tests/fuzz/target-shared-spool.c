/* target-shared-spool.c - the file in which one user reports to the others, read by whoever counts
 *
 * The input is the file; one report that is sound is put into a slot that the first two bytes choose.
 */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "outside/shared-spool.h"

#define KEY UINT64_C(0x1234567890ABCDEF)

struct visited {
    const struct shared_report *sound;
    size_t count, found;
};

static void visit(void *context, const struct shared_report *report)
{
    struct visited *visited = context;
    visited->count++;
    visited->found += memcmp(report, visited->sound, sizeof *report) == 0;
    fuzz_require(report->message && report->called > SHARED_TAKEN_BACK && report->called <= SHARED_LEFT_ALONE);
    fuzz_require(report->print_count <= TEXT_PRINTS && report->host_count <= SHARED_REPORT_HOSTS);
}

static size_t read_spool(struct span bytes, struct visited *visited, struct arena *arena)
{
    int fd = open(fuzz_file("spool", bytes, arena), O_RDONLY | O_CLOEXEC);
    fuzz_require(fd >= 0);
    shared_spool_read(fd, KEY, visit, visited);
    close(fd);
    fuzz_require(visited->count <= SHARED_SPOOL_SLOTS);
    return visited->found;
}

FUZZ_TARGET(shared_spool, "the file in which a user reports to the others")
{
    struct shared_report sound = { .when = 1767225600, .called = SHARED_SPAM, .relay = 5, .prints = { 7, 8 },
                                   .print_count = 2, .hosts = { 9 }, .host_count = 1 };
    size_t place = (fuzz_take_byte(&input) << 8 | fuzz_take_byte(&input)) % SHARED_SPOOL_SLOTS;
    unsigned char *file = arena_alloc(arena, SHARED_SPOOL_BYTES);
    struct span head = span_head(input, SHARED_SPOOL_BYTES);
    struct visited visited = { .sound = &sound };
    fuzz_require(read_spool(input, &visited, arena) == 0);
    memset(file, 0, SHARED_SPOOL_BYTES);
    if (head.length)
        memcpy(file, head.data, head.length);
    sound.message = place + 1;
    shared_slot_write(&sound, KEY, place, file + place * SHARED_SLOT_BYTES);
    visited = (struct visited){ .sound = &sound };
    fuzz_require(read_spool(span_make((const char *)file, SHARED_SPOOL_BYTES), &visited, arena) == 1);
}
