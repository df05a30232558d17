/* target-mbox.c - messages out of files: every byte of a single message comes, an mbox loses none in between */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "mailbox/mbox-reader.h"
#include "mailbox/packing.h"

#define MESSAGE_AT_MOST ((size_t)64 * 1024 * 1024)

/* Reads all; gives the sum of their bytes. */
static size_t read_all(struct mbox_reader *reader, const char *path, enum mbox_mode mode, size_t *count_r,
                       struct span *first, struct arena *arena)
{
    struct span bytes;
    struct failure failure = { 0 };
    bool more = true;
    size_t sum = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC), result;
    mbox_reader_begin(reader, fd, path, mode, MESSAGE_AT_MOST);
    for (*count_r = 0; (result = mbox_reader_next(reader, &bytes, &more, &failure)) == 1; ++*count_r) {
        if (*count_r == 0)
            *first = arena_copy(arena, bytes);
        sum += bytes.length;
    }
    fuzz_require(result == 0 || (failure.kind == FAILURE_INPUT && *count_r == 0)); /* packed */
    close(fd);
    return sum;
}

FUZZ_TARGET(mbox, "messages are read out of files and mailboxes")
{
    struct mbox_reader reader = { 0 };
    struct span first = SPAN_EMPTY;
    size_t count;
    const char *path = fuzz_file("mbox", input, arena);
    struct failure packed = { 0 };
    size_t whole = packing_none(input, path, &packed) ? input.length : 0; /* what is packed is refused */
    size_t sum = read_all(&reader, path, MBOX_NEVER, &count, &first, arena);
    fuzz_require(sum == whole && count == (whole > 0) && (!whole || span_equal(first, input)));
    for (int mode = MBOX_GUESS; mode <= MBOX_ALWAYS; mode++) {
        sum = read_all(&reader, path, (enum mbox_mode)mode, &count, &first, arena);
        fuzz_require(sum <= input.length && count <= input.length);
    }
    mbox_reader_free(&reader);
}
