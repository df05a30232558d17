/* moves-queue.c - moves that a hook reports, kept until `tamis relearn` takes them */
#include "config.h"

#include "mailbox/moves-queue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/hash.h"
#include "util/state-directory.h"

#define QUEUE_NAME "moved"
#define TAKEN_NAME "moved.taken"
#define FOLDER_AT_MOST 1000 /* bytes of a folder's name; escaped three times as long */
#define TEXT_DAYS 7

/* --- lines ------------------------------------------------------------------------------------------------------ */

/* Everything but printable ASCII without '%' and blank becomes %XX, and so does a '-' in front: alone it says that
 * there was no folder. */
static size_t escape(const char *name, char *out, size_t size)
{
    size_t used = 0;
    for (; *name && used + 4 < size; name++) {
        unsigned char byte = (unsigned char)*name;
        if (byte > ' ' && byte < 0x7F && byte != '%' && (byte != '-' || used))
            out[used++] = *name;
        else
            used += (size_t)snprintf(out + used, size - used, "%%%02X", byte);
    }
    out[used] = '\0';
    return used;
}

static int hex_value(char digit)
{
    const char *digits = "0123456789abcdef", *at = digit ? strchr(digits, digit | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* In place; false when it is not well-formed. */
static bool unescape(char *text)
{
    char *out = text;
    for (; *text; text++) {
        if (*text != '%') {
            *out++ = *text;
            continue;
        }
        int high = hex_value(text[1]), low = high < 0 ? -1 : hex_value(text[2]);
        if (low < 0)
            return false;
        *out++ = (char)(high << 4 | low);
        text += 2;
    }
    *out = '\0';
    return true;
}

static void write_hex(const uint8_t fingerprint[16], char out[33])
{
    for (size_t i = 0; i < 16; i++)
        snprintf(out + 2 * i, 3, "%02x", fingerprint[i]);
}

static bool read_hex(const char *text, uint8_t fingerprint[16])
{
    if (strlen(text) != 32)
        return false;
    for (size_t i = 0; i < 16; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        fingerprint[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Takes a line apart, in place. */
static bool read_line(char *line, struct queued_move *move)
{
    char *fields[6], *rest = line;
    for (size_t i = 0; i < 6; i++)
        if (!(fields[i] = strsep(&rest, " ")))
            return false;
    if (rest || strcmp(fields[0], "1") != 0 || !read_hex(fields[2], move->message.bytes) || fields[3][0] < '0'
        || fields[3][0] > '0' + SAID_SPAM || fields[3][1] || !*fields[4] || !*fields[5])
        return false;
    move->message.said = (enum said)(fields[3][0] - '0');
    bool upload = strcmp(fields[4], "-") == 0;
    if (!unescape(fields[4]) || !unescape(fields[5]))
        return false;
    move->from = upload ? NULL : fields[4];
    move->to = fields[5];
    move->when = strtoll(fields[1], NULL, 10);
    return true;
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static bool text_path(const char *directory, const uint8_t fingerprint[16], char path[PATH_MAX])
{
    char hex[33], texts[PATH_MAX];
    write_hex(fingerprint, hex);
    return file_join(texts, sizeof texts, directory, QUEUE_TEXTS) && file_join(path, PATH_MAX, texts, hex);
}

/* What stands behind a text: of another message's name it is wrong as well. */
static uint64_t text_sum(struct span message, const uint8_t fingerprint[16])
{
    uint64_t seed;
    memcpy(&seed, fingerprint, sizeof seed);
    return hash_bytes(message.data, message.length, seed);
}

int queue_read_text(const char *directory, const uint8_t fingerprint[16], struct file_bytes *bytes,
                    char path[PATH_MAX])
{
    uint64_t sum;
    struct failure why = { 0 };
    if (!text_path(directory, fingerprint, path))
        return 0;
    if (!file_read(path, QUEUE_TEXT_AT_MOST + sizeof sum, bytes, &why))
        return why.kind == FAILURE_TEMPORARY ? -1 : 0;
    if (bytes->length >= sizeof sum) {
        bytes->length -= sizeof sum;
        memcpy(&sum, bytes->data + bytes->length, sizeof sum);
        bytes->data[bytes->length] = '\0';
        if (sum == text_sum(span_make(bytes->data, bytes->length), fingerprint))
            return 1;
    }
    file_bytes_free(bytes);
    return 0;
}

static bool is_kept(const char *directory, const uint8_t fingerprint[16], char path[PATH_MAX])
{
    struct file_bytes bytes;
    if (queue_read_text(directory, fingerprint, &bytes, path) <= 0)
        return false;
    file_bytes_free(&bytes);
    return true;
}

/* Keeps the text, at best: a message that is not kept is looked for in its folder.  Under the queue's lock: a text that
 * is there whole stays until the line behind it was taken.  It is not synced, which takes longer than all else that a
 * hook does: its sum says after a power cut whether it is whole. */
static void keep_text(const char *directory, const uint8_t fingerprint[16], struct span message)
{
    char texts[PATH_MAX], path[PATH_MAX], part[PATH_MAX];
    uint64_t sum = text_sum(message, fingerprint);
    const struct span pieces[] = { message, span_make((const char *)&sum, sizeof sum) };
    if (message.length > QUEUE_TEXT_AT_MOST || is_kept(directory, fingerprint, path)
        || !text_path(directory, fingerprint, path)
        || snprintf(part, sizeof part, "%s.%d", path, (int)getpid()) >= (int)sizeof part
        || !file_join(texts, sizeof texts, directory, QUEUE_TEXTS))
        return;
    if (mkdir(texts, 0700) != 0 && errno != EEXIST)
        return;
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    bool written = file_write_spans(fd, pieces, sizeof pieces / sizeof *pieces, NULL);
    if (close(fd) != 0 || !written || rename(part, path) != 0)
        unlink(part);
}

/* Waits for the lock; a signal in between is not a reason to lose a move. */
static bool lock_queue(int fd)
{
    int locked;
    do
        locked = flock(fd, LOCK_EX);
    while (locked != 0 && errno == EINTR);
    return locked == 0;
}

/* Opens the queue and locks it; a reader may have taken the file away while we waited. */
static int open_locked(const char *path, struct failure *failure)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        struct stat ours, named;
        if (fd < 0 || !lock_queue(fd) || fstat(fd, &ours) != 0) {
            failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot open the queue of moves %s", path);
            if (fd >= 0)
                close(fd);
            return -1;
        }
        if (stat(path, &named) == 0 && named.st_ino == ours.st_ino && named.st_dev == ours.st_dev)
            return fd;
        close(fd);
    }
}

static bool name_too_long(const char *directory, struct failure *failure)
{
    return failure_set(failure, FAILURE_CONFIGURATION, "the name of the state directory is too long: %s", directory);
}

/* Is the end in the middle of a line?  Nobody dies there, but after a power cut a file may hold anything. */
static bool ends_torn(int fd, off_t size)
{
    char last;
    return size > 0 && (pread(fd, &last, 1, size - 1) != 1 || last != '\n');
}

bool queue_append(const char *directory, struct span message, const char *from, const char *to,
                  struct failure *failure)
{
    struct fingerprint fingerprint = fingerprint_of(message);
    char path[PATH_MAX], hex[33], from_text[FOLDER_AT_MOST * 3], to_text[FOLDER_AT_MOST * 3],
        line[FOLDER_AT_MOST * 6 + 101];
    if (!state_directory_make(directory, failure))
        return false;
    if (!file_join(path, sizeof path, directory, QUEUE_NAME))
        return name_too_long(directory, failure);
    int fd = open_locked(path, failure);
    if (fd < 0)
        return false;
    keep_text(directory, fingerprint.bytes, message);
    write_hex(fingerprint.bytes, hex);
    if (!from || !escape(from, from_text, sizeof from_text))
        snprintf(from_text, sizeof from_text, "-");
    escape(to, to_text, sizeof to_text);
    struct stat status;
    bool known = fstat(fd, &status) == 0;
    const char *end_of_torn = known && ends_torn(fd, status.st_size) ? "\n" : "";
    int length = snprintf(line, sizeof line, "%s1 %lld %s %d %s %s\n", end_of_torn, (long long)time(NULL), hex,
                          (int)fingerprint.said, from_text, to_text);
    bool room = known && (size_t)status.st_size + (size_t)length <= QUEUE_AT_MOST;
    bool written = room ? file_write_all(fd, span_make(line, (size_t)length), failure)
                        : failure_set(failure, FAILURE_TEMPORARY, "%s is full: does `tamis relearn` run?", path);
    close(fd);
    return written;
}

/* --- taking ----------------------------------------------------------------------------------------------------- */

static bool visit_lines(char *text, void (*visit)(void *context, const struct queued_move *move), void *context,
                        size_t *bad_r)
{
    for (char *line; (line = strsep(&text, "\n"));) {
        struct queued_move move;
        if (!*line)
            continue;
        if (read_line(line, &move))
            visit(context, &move);
        else
            ++*bad_r;
    }
    return true;
}

static bool take_file(const char *path, void (*visit)(void *context, const struct queued_move *move), void *context,
                      size_t *bad_r, struct failure *failure)
{
    struct file_bytes bytes;
    struct failure why = { 0 };
    if (!file_read(path, QUEUE_AT_MOST * 2, &bytes, &why)) {
        if (errno == ENOENT)
            return true;
        *failure = why;
        return false;
    }
    /* NUL bytes are what a power cut leaves in place of lines; those behind them are whole. */
    for (size_t i = 0; i < bytes.length; i++)
        if (!bytes.data[i])
            bytes.data[i] = '\n';
    visit_lines(bytes.data, visit, context, bad_r);
    file_bytes_free(&bytes);
    return true;
}

/* Gives the queue another name while no line is being written. */
static bool take_away(const char *path, const char *taken, struct failure *failure)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || failure_set_errno(failure, FAILURE_INPUT, errno, "cannot open %s", path);
    bool renamed = lock_queue(fd) && rename(path, taken) == 0;
    int error = errno;
    close(fd);
    return renamed || failure_set_errno(failure, FAILURE_INPUT, error, "cannot take the queue %s", path);
}

bool queue_take(const char *directory, void (*visit)(void *context, const struct queued_move *move), void *context,
                size_t *bad_r, struct failure *failure)
{
    char path[PATH_MAX], taken[PATH_MAX];
    *bad_r = 0;
    if (!file_join(path, sizeof path, directory, QUEUE_NAME) || !file_join(taken, sizeof taken, directory, TAKEN_NAME))
        return name_too_long(directory, failure);
    /* What a reader took that died: before anything newer is taken, or a rename would lose it. */
    if (access(taken, F_OK) == 0)
        return take_file(taken, visit, context, bad_r, failure);
    return take_away(path, taken, failure) && take_file(taken, visit, context, bad_r, failure);
}

bool queue_look(const char *directory, void (*visit)(void *context, const struct queued_move *move), void *context,
                size_t *bad_r, struct failure *failure)
{
    char path[PATH_MAX], taken[PATH_MAX];
    *bad_r = 0;
    if (!file_join(path, sizeof path, directory, QUEUE_NAME) || !file_join(taken, sizeof taken, directory, TAKEN_NAME))
        return name_too_long(directory, failure);
    return take_file(taken, visit, context, bad_r, failure) && take_file(path, visit, context, bad_r, failure);
}

void queue_taken(const char *directory)
{
    char taken[PATH_MAX];
    if (file_join(taken, sizeof taken, directory, TAKEN_NAME))
        unlink(taken);
}

bool queue_is_empty(const char *directory)
{
    char path[PATH_MAX], taken[PATH_MAX];
    return file_join(path, sizeof path, directory, QUEUE_NAME) && file_join(taken, sizeof taken, directory, TAKEN_NAME)
           && access(path, F_OK) != 0 && access(taken, F_OK) != 0;
}

/* --- texts ------------------------------------------------------------------------------------------------------ */

static DIR *open_texts(const char *directory)
{
    char texts[PATH_MAX];
    return file_join(texts, sizeof texts, directory, QUEUE_TEXTS) ? opendir(texts) : NULL;
}

/* Removes what was kept before that time, and closes the list. */
static void remove_texts(DIR *list, int64_t before)
{
    for (const struct dirent *entry; (entry = readdir(list));) {
        struct stat status;
        if (entry->d_name[0] != '.' && fstatat(dirfd(list), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0
            && S_ISREG(status.st_mode) && (int64_t)status.st_mtime < before)
            unlinkat(dirfd(list), entry->d_name, 0);
    }
    closedir(list);
}

void queue_remove_texts(const char *directory)
{
    char path[PATH_MAX];
    struct stat status;
    DIR *list = open_texts(directory);
    if (!list)
        return;
    int fd = file_join(path, sizeof path, directory, QUEUE_NAME) ? open_locked(path, NULL) : -1;
    if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size == 0) {
        remove_texts(list, INT64_MAX);
        unlink(path); /* who waits for it opens another one */
    } else {
        closedir(list);
    }
    if (fd >= 0)
        close(fd);
}

void queue_remove_old_texts(const char *directory, int64_t now)
{
    DIR *list = open_texts(directory);
    if (list)
        remove_texts(list, now - TEXT_DAYS * 86400);
}
