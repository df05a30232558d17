/* support.c - what all fuzz targets share */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/buffer.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"

_Noreturn void fuzz_fail(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

const struct fuzz_target *fuzz_target_named(const char *name)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s", name);
    for (char *at = wanted; *at; at++)
        if (*at == '-')
            *at = '_';
    for (const struct fuzz_target *const *target = fuzz_targets; *target; target++)
        if (strcmp((*target)->name, wanted) == 0)
            return *target;
    return NULL;
}

static void exhausted(void *context)
{
    (void)context;
    fuzz_fail("the memory for one message suffices", __FILE__, __LINE__);
}

void fuzz_run(const struct fuzz_target *target, struct span input)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    char *copy = malloc(input.length ? input.length : 1);
    fuzz_require(copy);
    if (input.length)
        memcpy(copy, input.data, input.length);
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    arena_on_exhausted(arena, exhausted, NULL);
    target->run(span_make(copy, input.length), arena);
    arena_free(arena);
    free(copy);
}

/* --- input ------------------------------------------------------------------------------------------------------- */

struct span fuzz_take_line(struct span *input)
{
    size_t length = span_find_byte(*input, '\n');
    struct span line = span_head(*input, length);
    *input = span_from(*input, length + 1);
    return line;
}

struct span fuzz_counted_lines(struct span text, struct arena *arena)
{
    struct buffer counted = buffer_new(arena, 1024 * 1024);
    size_t lines = 0;
    for (; text.length; lines++) {
        buffer_append(&counted, fuzz_take_line(&text));
        buffer_append_byte(&counted, '\n');
    }
    buffer_append_format(&counted, "end %zu\n", lines);
    return buffer_span(&counted);
}

unsigned fuzz_take_byte(struct span *input)
{
    if (!input->length)
        return 0;
    unsigned byte = (unsigned char)input->data[0];
    *input = span_from(*input, 1);
    return byte;
}

bool fuzz_is_within(struct span inner, struct span outer)
{
    return inner.length == 0
           || (inner.data >= outer.data && inner.data + inner.length <= outer.data + outer.length);
}

bool fuzz_is_printable(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool is_c1 = byte == 0xC2 && i + 1 < text.length && (unsigned char)text.data[i + 1] < 0xA0;
        if (byte < 0x20 || byte == 0x7F || is_c1)
            return false;
    }
    return true;
}

char *fuzz_string(struct span text, struct arena *arena)
{
    char *string = arena_alloc(arena, text.length + 1);
    size_t used = 0;
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i])
            string[used++] = text.data[i];
    return string;
}

/* --- files ------------------------------------------------------------------------------------------------------- */

/* The one directory of the process; libFuzzer calls targets in one process for hours. */
static char scratch[PATH_MAX];

static void remove_scratch(void)
{
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", scratch);
}

const char *fuzz_scratch(void)
{
    if (scratch[0])
        return scratch;
    const char *folder = getenv("TMPDIR");
    snprintf(scratch, sizeof scratch, "%s/tamis-fuzz-XXXXXX", folder && *folder ? folder : "/tmp");
    fuzz_require(mkdtemp(scratch));
    atexit(remove_scratch);
    return scratch;
}

static char *path_of(const char *name, struct arena *arena)
{
    size_t size = strlen(fuzz_scratch()) + strlen(name) + 2;
    char *path = arena_alloc(arena, size);
    fuzz_require(file_join(path, size, fuzz_scratch(), name));
    return path;
}

const char *fuzz_file(const char *name, struct span bytes, struct arena *arena)
{
    char *path = path_of(name, arena);
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    fuzz_require(fd >= 0);
    fuzz_require(file_write_all(fd, bytes, NULL));
    close(fd);
    return path;
}

struct span fuzz_file_read(const char *name, struct arena *arena)
{
    struct file_bytes bytes;
    if (!file_read(path_of(name, arena), 0, &bytes, NULL))
        return SPAN_EMPTY;
    struct span copy = arena_copy(arena, span_make(bytes.data, bytes.length));
    file_bytes_free(&bytes);
    return copy;
}

void fuzz_file_remove(const char *name)
{
    char path[PATH_MAX];
    if (file_join(path, sizeof path, fuzz_scratch(), name))
        unlink(path);
}
