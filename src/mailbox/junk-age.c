/* junk-age.c - what lies in Junk, and since when: the arrival in Junk, not the date of the message */
#include "config.h"

#include "mailbox/junk-age.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/keywords.h"
#include "mailbox/maildir-folder.h"
#include "mailbox/name-record.h"
#include "util/file.h"

/* File systems keep times in steps of up to two seconds (FAT). */
#define CLOCK_STEP 2

/* --- the folder ------------------------------------------------------------------------------------------------- */

static int open_directory_at(int parent_fd, const char *name)
{
    return openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* Opens new/ and cur/ of the folder `name` below the Maildir. */
static bool open_inside(struct junk_folder *folder, const char *name)
{
    int fd = open_directory_at(folder->root_fd, name);
    if (fd < 0)
        return false;
    folder->new_fd = open_directory_at(fd, "new");
    folder->cur_fd = folder->new_fd < 0 ? -1 : open_directory_at(fd, "cur");
    int error = errno;
    close(fd);
    errno = error;
    return folder->cur_fd >= 0;
}

static bool is_ours(const struct junk_folder *folder, const char *maildir, struct failure *failure)
{
    struct stat status;
    if (fstat(folder->root_fd, &status) != 0)
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot look at Maildir %s", maildir);
    if (status.st_uid == geteuid())
        return true;
    return failure_set(failure, FAILURE_PERMISSION,
                       "Maildir %s belongs to user %lu and this is user %lu: run it as its owner, or as root with "
                       "--all-users",
                       maildir, (unsigned long)status.st_uid, (unsigned long)geteuid());
}

static enum junk_opened open_layouts(const char *maildir, const char *junk, struct junk_folder *folder,
                                     struct failure *failure)
{
    char name[NAME_MAX + 2];
    snprintf(name, sizeof name, ".%s", junk);
    bool open = open_inside(folder, name);
    if (!open && errno == ENOENT) {
        memmove(name, name + 1, strlen(name));
        open = open_inside(folder, name);
    }
    if (!open && errno == ENOENT)
        return JUNK_MISSING;
    if (!open || !file_join(folder->path, sizeof folder->path, maildir, name)) {
        failure_set_errno(failure, FAILURE_INPUT, errno, "cannot open the folder %s of Maildir %s", junk, maildir);
        return JUNK_FAILED;
    }
    return JUNK_OPENED;
}

enum junk_opened junk_folder_open(const char *maildir, const char *junk, struct junk_folder *folder,
                                  struct failure *failure)
{
    *folder = (struct junk_folder){ .root_fd = -1, .new_fd = -1, .cur_fd = -1 };
    if (!maildir_folder_name_is_valid(junk)) {
        failure_set(failure, FAILURE_CONFIGURATION, "\"%s\" cannot be the name of a Maildir folder", junk);
        return JUNK_FAILED;
    }
    folder->root_fd = open(maildir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum junk_opened opened = JUNK_FAILED;
    if (folder->root_fd < 0)
        failure_set_errno(failure, FAILURE_INPUT, errno, "cannot open Maildir %s", maildir);
    else if (is_ours(folder, maildir, failure))
        opened = open_layouts(maildir, junk, folder, failure);
    if (opened != JUNK_OPENED)
        junk_folder_close(folder);
    return opened;
}

void junk_folder_close(struct junk_folder *folder)
{
    int *fds[] = { &folder->root_fd, &folder->new_fd, &folder->cur_fd };
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

bool junk_message_path(const struct junk_folder *folder, const struct junk_message *message, char path[PATH_MAX])
{
    int length = snprintf(path, PATH_MAX, "%s/%s/%s", folder->path, message->is_new ? "new" : "cur", message->name);
    return length > 0 && length < PATH_MAX;
}

/* --- the list --------------------------------------------------------------------------------------------------- */

/* One look through the folder. */
struct look {
    struct name_record record;
    struct junk_list *list;
    struct keyword_letters letters;
    struct arena *arena;
    size_t capacity;
    int64_t now;
};

/* When a file that is not in the record came; false when it has gone meanwhile. */
static bool arrival(const struct look *look, int directory_fd, const char *name, int64_t *arrived)
{
    struct stat status;
    if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        return false;
    int64_t changed = (int64_t)status.st_ctim.tv_sec;
    bool unlikely = look->record.scanned && changed < look->record.scanned - CLOCK_STEP;
    *arrived = unlikely || changed > look->now ? look->now : changed;
    return true;
}

static struct junk_message *new_message(struct look *look)
{
    struct junk_list *list = look->list;
    if (list->count == look->capacity) {
        look->capacity = look->capacity ? look->capacity * 2 : 64;
        struct junk_message *messages = arena_new_array(look->arena, struct junk_message, look->capacity);
        if (list->count)
            memcpy(messages, list->messages, list->count * sizeof *messages);
        list->messages = messages;
    }
    return &list->messages[list->count++];
}

static void add_message(struct look *look, int directory_fd, const char *name, bool is_new)
{
    struct span key = name_record_key(name);
    struct name_entry *entry = name_record_find(&look->record, key);
    int64_t arrived;
    if (entry) {
        arrived = entry->time < look->now ? entry->time : look->now;
        entry->present = true;
    } else {
        if (!arrival(look, directory_fd, name, &arrived))
            return;
        name_record_add(&look->record, key, arrived, '-');
    }
    const char *flags = strstr(name, ":2,");
    *new_message(look) = (struct junk_message){
        .name = arena_copy(look->arena, span_of(name)).data,
        .arrived = arrived,
        .is_new = is_new,
        .is_flagged = flags && strchr(flags + 3, 'F'),
        .is_trashed = flags && strchr(flags + 3, 'T'),
        .is_not_junk = keywords_of_file(name, &look->letters).keyword == KEYWORD_NOT_JUNK,
    };
}

/* Lists one directory; the descriptor stays the caller's. */
static bool list_directory(struct look *look, int fd, bool is_new, struct failure *failure)
{
    int own_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = own_fd < 0 ? NULL : fdopendir(own_fd);
    if (!directory) {
        if (own_fd >= 0)
            close(own_fd);
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot list the Junk folder");
    }
    errno = 0;
    for (struct dirent *entry; (entry = readdir(directory)); errno = 0)
        if (entry->d_name[0] != '.')
            add_message(look, fd, entry->d_name, is_new);
    int error = errno;
    closedir(directory);
    return error == 0 || failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot list the Junk folder");
}

bool junk_age_list(const struct junk_folder *folder, const char *record_path, int64_t now, bool look_only,
                   struct arena *arena, struct junk_list *list, bool *unsaved, struct failure *failure)
{
    *list = (struct junk_list){ .count = 0 };
    *unsaved = false;
    struct look look = { .list = list, .letters = keywords_of_folder(folder->path), .arena = arena, .now = now };
    if (!name_record_load(record_path, arena, &look.record, failure))
        return false;
    list->scanned_before = look.record.scanned;
    /* cur/ first would miss a message that a mail program moves from new/ to cur/ in between, and its age with it. */
    if (!list_directory(&look, folder->new_fd, true, failure) || !list_directory(&look, folder->cur_fd, false, failure))
        return false;
    if (!look_only)
        *unsaved = !name_record_save(&look.record, record_path, now, failure);
    return true;
}
