/* engine-tokyocabinet.c - tables in Tokyo Cabinet's fixed-length databases; the only place that knows the library
 *
 * Fixed-length databases, because a get costs a third of a hash database's, every row has its place, and so an absent
 * row is damage instead of an answer.  What the library does not do for us, measured with 1.4.48:
 *  - its transactions with TSYNC fsync each record (207 ms for 250 records), without it they do not outlive a power
 *    cut: not used;
 *  - it checks next to nothing of a file before it maps it: the size, kind and shape of a file are checked here first;
 *  - a write into a hole of the file on a full disk is SIGBUS: files are written whole when they are made;
 *  - it yields the processor once in three gets even without threads: see sched_yield() below;
 *  - a get of 64 bytes takes 243 instructions, of which 28 are the copy, and a put more: rows are read and written
 *    where the library has mapped them, see find_rows();
 *  - it ends the process when memory runs out: made exit status 75 here;
 *  - one process can have a file open once only.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <tcfdb.h>

#include "store/directory.h"
#include "store/engine.h"
#include "store/record.h"
#include "util/file.h"
#include "util/log.h"

/* The header of a file, by offset (Tokyo Cabinet's file format, tcfdb.c). */
#define HEADER_BYTES 256
#define HEADER_TYPE 32
#define HEADER_WIDTH 64
#define HEADER_LIMIT 72
static const char header_magic[] = "ToKyO CaBiNeT\n1.0:";

static const char *const file_names[TABLE_COUNT] = {
    [TABLE_WEIGHTS] = STORE_FILE_WEIGHTS,
    [TABLE_PAIRS] = STORE_FILE_PAIRS,
    [TABLE_LEDGER] = STORE_FILE_LEDGER,
};

struct cabinet {
    struct tables tables;
    enum tables_access access;
    TCFDB *files[TABLE_COUNT]; /* NULL until first used */
    unsigned char *rows[TABLE_COUNT]; /* the value of row 0 in memory; NULL: read and written by calls */
    char directory[];
};

/* In the place of the C library's for the whole program.  Debian's build of the library calls it in every second or
 * third get; on a machine with four busy processes 3,000 gets then took 1.6 s instead of 3 ms.  Nothing else here has a
 * use for it. */
int sched_yield(void)
{
    return 0;
}

static void leave_message_to_caller(const char *what)
{
    log_line(LOG_SEVERITY_ERROR, "out of memory in the database library (%s)", what ? what : "?");
    _exit(EX_TEMPFAIL);
}

/* --- shape of a file ---------------------------------------------------------------------------------------------- */

/* The library keeps the length of a value before it: in 1 byte, or in 2 from 256 on. */
static uint32_t length_bytes(enum table table)
{
    return table_row_bytes[table] <= UINT8_MAX ? 1 : 2;
}

static uint32_t stride(enum table table)
{
    return length_bytes(table) + table_row_bytes[table];
}

/* Bytes of a file with `rows` rows, rounded up to pages as the library does. */
static uint64_t file_bytes(enum table table, uint32_t rows)
{
    uint64_t bytes = HEADER_BYTES + (uint64_t)rows * stride(table);
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

/* Which byte order the library writes is a choice of its build (Debian's writes big-endian on little-endian machines):
 * either will do here, since the library reads what it wrote. */
static bool header_says(const unsigned char *header, size_t at, uint64_t want)
{
    uint64_t little = 0, big = 0;
    for (size_t i = 0; i < 8; i++) {
        little |= (uint64_t)header[at + i] << (8 * i);
        big = big << 8 | header[at + i];
    }
    return little == want || big == want;
}

/* Looks at what the library would believe. */
static bool check_shape(int fd, const char *path, enum table table, uint32_t rows, struct failure *failure)
{
    struct stat status;
    unsigned char header[HEADER_BYTES] = { 0 };
    if (fstat(fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_DAMAGED, errno, "cannot look at %s", path);
    uint64_t want = file_bytes(table, rows);
    ssize_t got = pread(fd, header, sizeof header, 0);
    if (got < 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot read %s", path);
    if (status.st_size == 0)
        return failure_set(failure, FAILURE_DAMAGED, "%s is empty", path);
    if (got >= (ssize_t)sizeof header_magic && memcmp(header, header_magic, strlen(header_magic)) != 0)
        return failure_set(failure, FAILURE_DAMAGED, "%s is not a Tokyo Cabinet file of version 1.0", path);
    if ((uint64_t)status.st_size < want)
        return failure_set(failure, FAILURE_DAMAGED, "%s is cut short: %lld of %llu bytes", path,
                           (long long)status.st_size, (unsigned long long)want);
    if ((uint64_t)status.st_size != want || header[HEADER_TYPE] != TCDBTFIXED ||
        !header_says(header, HEADER_WIDTH, table_row_bytes[table]) || !header_says(header, HEADER_LIMIT, want))
        return failure_set(failure, FAILURE_DAMAGED, "%s is not the table it should be: wrong kind or size", path);
    return true;
}

static bool check_file(const char *path, enum table table, uint32_t rows, struct failure *failure)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return failure_set_errno(failure, FAILURE_DAMAGED, errno, "cannot open %s", path);
    bool good = directory_check_file(fd, path, failure) && check_shape(fd, path, table, rows, failure);
    close(fd);
    return good;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static struct tables *cabinet_open(const struct store_options *options, enum tables_access access,
                                   struct failure *failure)
{
    const char *directory = options->directory;
    size_t size = strlen(directory) + 1;
    struct cabinet *cabinet = calloc(1, sizeof *cabinet + size);
    if (!cabinet) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for the tables of %s", directory);
        return NULL;
    }
    tcfatalfunc = leave_message_to_caller;
    cabinet->tables.engine = &store_engine_tokyocabinet;
    cabinet->access = access;
    /* Who writes has the store's lock, so that a row is checked once, however many lessons touch it. */
    if (access != TABLES_READ)
        cabinet->tables.known = calloc(1, TABLES_KNOWN_BYTES);
    memcpy(cabinet->directory, directory, size);
    return &cabinet->tables;
}

/* Why the library did not open a file that is shaped as it should be.  That there was no memory to map it says nothing
 * of the file. */
static void fail_to_open(const char *path, int error, int system_error, struct failure *failure)
{
    if (error == TCETHREAD)
        failure_set(failure, FAILURE_DEFECT, "cannot open %s: this process has it open", path);
    else if (error == TCELOCK || system_error == 0)
        failure_set(failure, error == TCELOCK ? FAILURE_TEMPORARY : FAILURE_DAMAGED, "cannot open %s: %s", path,
                    tcfdberrmsg(error));
    else
        failure_set_errno(failure, FAILURE_DAMAGED, system_error, "cannot open %s: %s", path, tcfdberrmsg(error));
}

static TCFDB *open_file(const char *path, enum table table, uint32_t rows, int mode, struct failure *failure)
{
    TCFDB *file = tcfdbnew();
    errno = 0;
    tcfdbtune(file, (int32_t)table_row_bytes[table], (int64_t)file_bytes(table, rows));
    if (tcfdbopen(file, path, mode | FDBOLCKNB)) {
        fcntl(file->fd, F_SETFD, FD_CLOEXEC);
        /* What a child in the sandbox reads must not find memory that is the user's database. */
        if ((mode & FDBOWRITER) && file->map)
            madvise(file->map, (size_t)file->limsiz, MADV_DONTFORK);
        return file;
    }
    fail_to_open(path, tcfdbecode(file), errno, failure);
    tcfdbdel(file);
    return NULL;
}

/* Fills what the library has made of a file with zeros up to `bytes`, by one write: the kernel then keeps the file in
 * large pieces where it can (ext4 from Linux 6.16 on, XFS, Btrfs), and a delivery that maps it meets two page faults
 * instead of sixty-five (108 us became 5). */
static int fill(int fd, uint64_t bytes)
{
    unsigned char *zeros = malloc((size_t)bytes);
    if (!zeros)
        return ENOMEM;
    /* Not calloc(): of memory that is not there yet the kernel copies page by page, and makes small pieces again. */
    explicit_bzero(zeros, (size_t)bytes);
    errno = EIO; /* of a header that is cut short */
    bool done = pread(fd, zeros, HEADER_BYTES, 0) == HEADER_BYTES && ftruncate(fd, 0) == 0 &&
                lseek(fd, 0, SEEK_SET) == 0 &&
                file_write_all(fd, span_make((const char *)zeros, (size_t)bytes), NULL);
    int error = done ? 0 : errno;
    free(zeros);
    return error;
}

/* A new file with its header and no holes. */
static bool make_file(const char *path, enum table table, uint32_t rows, struct failure *failure)
{
    if (unlink(path) != 0 && errno != ENOENT)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot replace %s", path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot make %s", path);
    TCFDB *file = open_file(path, table, rows, FDBOWRITER, failure);
    if (file)
        tcfdbdel(file);
    int error = file ? fill(fd, file_bytes(table, rows)) : 0;
    close(fd);
    if (error)
        return failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot make %s", path);
    return file != NULL;
}

/* Asks the kernel to read the file in large pieces when it has to read it again, and to map it so: first use after that
 * 1.4 ms in the place of 20, and 5 us ever after in the place of 100.  Where it cannot, nothing is lost. */
static void prefer_large_pieces(TCFDB *file, enum table table, uint32_t rows)
{
    int error = errno;
    if (file->map)
        (void)madvise(file->map, (size_t)file_bytes(table, rows), MADV_HUGEPAGE);
    errno = error;
}

/* Where the rows lie in memory, out of the handle that tcfdb.h declares.  Whether the library that runs means by it
 * what the header says is tried on the first and the last row; where it does not, calls are made. */
static unsigned char *find_rows(TCFDB *file, enum table table, uint32_t rows)
{
    char row[ROW_BYTES_MOST];
    int size = (int)table_row_bytes[table];
    uint32_t last = rows - 1;
    if (!file->map || file->array != (unsigned char *)file->map + HEADER_BYTES || file->rsiz != (int)stride(table))
        return NULL;
    unsigned char *first_row = file->array + length_bytes(table);
    if (tcfdbget4(file, 1, row, size) != size || memcmp(row, first_row, (size_t)size) != 0 ||
        tcfdbget4(file, (int64_t)last + 1, row, size) != size ||
        memcmp(row, first_row + (size_t)last * stride(table), (size_t)size) != 0)
        return NULL;
    return first_row;
}

static TCFDB *file_of(struct tables *tables, enum table table, struct failure *failure)
{
    struct cabinet *cabinet = (struct cabinet *)tables;
    if (cabinet->files[table])
        return cabinet->files[table];
    char path[PATH_MAX];
    uint32_t rows = tables->rows[table];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", cabinet->directory, file_names[table]) >= sizeof path) {
        failure_set(failure, FAILURE_CONFIGURATION, "the name of the directory %s is too long", cabinet->directory);
        return NULL;
    }
    if (cabinet->access == TABLES_MAKE && !make_file(path, table, rows, failure))
        return NULL;
    if (!check_file(path, table, rows, failure))
        return NULL;
    int mode = cabinet->access == TABLES_READ ? FDBOREADER : FDBOWRITER;
    TCFDB *file = open_file(path, table, rows, mode, failure);
    if (file && cabinet->access != TABLES_MAKE) {
        prefer_large_pieces(file, table, rows);
        cabinet->rows[table] = find_rows(file, table, rows);
    }
    cabinet->files[table] = file;
    return file;
}

static void cabinet_close(struct tables *tables)
{
    struct cabinet *cabinet = (struct cabinet *)tables;
    for (int table = 0; table < TABLE_COUNT; table++)
        if (cabinet->files[table])
            tcfdbdel(cabinet->files[table]);
    free(tables->known);
    free(cabinet);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static bool cabinet_read(struct tables *tables, enum table table, const uint32_t *numbers, size_t count, void *rows,
                         struct failure *failure)
{
    TCFDB *file = file_of(tables, table, failure);
    if (!file)
        return false;
    int size = (int)table_row_bytes[table];
    char *row = rows;
    const unsigned char *mapped = ((struct cabinet *)tables)->rows[table];
    for (size_t i = 0; i < count; i++, row += size)
        if (mapped && numbers[i] < tables->rows[table])
            memcpy(row, mapped + (size_t)numbers[i] * stride(table), (size_t)size);
        else if (tcfdbget4(file, (int64_t)numbers[i] + 1, row, size) != size)
            return failure_set(failure, FAILURE_DAMAGED, "row %u of %s is not there", numbers[i], file_names[table]);
    return true;
}

static const void *cabinet_view(struct tables *tables, enum table table, uint32_t number)
{
    const unsigned char *mapped = ((struct cabinet *)tables)->rows[table];
    return mapped && number < tables->rows[table] ? mapped + (size_t)number * stride(table) : NULL;
}

/* A message's rows lie all over the table, and each is a miss of the processor's cache: the misses are taken
 * together. */
static bool cabinet_fetch(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                          struct failure *failure)
{
    if (!file_of(tables, table, failure))
        return false;
    const unsigned char *mapped = ((struct cabinet *)tables)->rows[table];
    for (size_t i = 0; mapped && i < count; i++) {
        if (numbers[i] >= tables->rows[table])
            continue;
        const unsigned char *row = mapped + (size_t)numbers[i] * stride(table);
        __builtin_prefetch(row);
        __builtin_prefetch(row + table_row_bytes[table] - 1);
    }
    return true;
}

static bool cabinet_write(struct tables *tables, enum table table, const uint32_t *numbers, size_t count,
                          const void *rows, struct failure *failure)
{
    TCFDB *file = file_of(tables, table, failure);
    if (!file)
        return false;
    int size = (int)table_row_bytes[table];
    const char *row = rows;
    unsigned char *mapped = ((struct cabinet *)tables)->rows[table];
    for (size_t i = 0; i < count; i++, row += size)
        if (mapped && numbers[i] < tables->rows[table])
            memcpy(mapped + (size_t)numbers[i] * stride(table), row, (size_t)size);
        else if (!tcfdbput(file, (int64_t)numbers[i] + 1, row, size))
            return failure_set(failure, FAILURE_TEMPORARY, "cannot write row %u of %s: %s", numbers[i],
                               file_names[table], tcfdberrmsg(tcfdbecode(file)));
    return true;
}

const struct store_engine store_engine_tokyocabinet = {
    .name = "tokyocabinet",
    .on_disk = true,
    .sealed = true,
    .open = cabinet_open,
    .read = cabinet_read,
    .write = cabinet_write,
    .view = cabinet_view,
    .fetch = cabinet_fetch,
    .close = cabinet_close,
};
