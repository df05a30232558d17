/* complaints.c - what is wrong with a user's files is logged once a day, not once a message */
#include "config.h"

#include "util/complaints.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/hash.h"
#include "util/translate.h"

/* "DAY HASH\n", with a day of five digits until the year 2243. */
#define NOTE_BYTES 23

static int open_notes(const char *directory)
{
    char path[PATH_MAX];
    struct stat status;
    if (!*directory || !file_join(path, sizeof path, directory, COMPLAINTS_FILE))
        return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid())
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Is the note among those of today?  Room for it is made where there is none: notes of another day, and what is no
 * note, go. */
static bool is_noted(int fd, const char *note)
{
    char notes[COMPLAINTS_A_DAY * NOTE_BYTES + 1];
    ssize_t length = pread(fd, notes, sizeof notes - 1, 0);
    notes[length > 0 ? length : 0] = '\0';
    size_t day = strcspn(note, " ");
    if (length > 0 && strncmp(notes, note, day + 1) == 0 && strstr(notes, note))
        return true;
    bool usable = length >= 0 && length < (ssize_t)sizeof notes - 1 &&
                  (length == 0 || strncmp(notes, note, day + 1) == 0);
    return !usable && ftruncate(fd, 0) != 0;
}

static bool is_due(const char *directory, const char *line)
{
    char note[NOTE_BYTES + 16];
    int length = snprintf(note, sizeof note, "%lld %016" PRIx64 "\n", (long long)time(NULL) / 86400,
                          (uint64_t)hash_bytes(line, strlen(line), 0));
    int fd = open_notes(directory);
    if (fd < 0)
        return true;
    bool noted = is_noted(fd, note);
    if (!noted)
        file_write_all(fd, span_make(note, (size_t)length), NULL);
    close(fd);
    return !noted;
}

void complain_daily(const char *directory, enum log_severity severity, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, translate_reason(format), arguments);
    va_end(arguments);
    if (is_due(directory, line))
        log_line(severity, "%s", line);
}
