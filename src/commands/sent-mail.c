/* sent-mail.c - gathers from the user's sent mail whom the user knows */
#include "commands/sent-mail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "commands/batches.h"
#include "commands/correspondents-run.h"
#include "commands/reading.h"
#include "commands/run-lock.h"
#include "commands/sent-header.h"
#include "learn/learn.h"
#include "mailbox/folders.h"
#include "mailbox/maildir-name.h"
#include "mailbox/packing.h"
#include "mailbox/source.h"
#include "senders/correspondents.h"
#include "util/file.h"
#include "util/log.h"

/* What is read of a message: its header, unless that is longer than any mail program makes. */
#define HEADER_READS ((size_t)64 * 1024)

struct import {
    const struct settings *settings;
    struct correspondents_gathering *gathering;
    struct batches *batches;
    int64_t now;
    struct store *store;     /* with learn_sent; else NULL */
    struct reading *reading;
    size_t tried;            /* to learn */
    bool stopped; /* reading or learning failed */
    struct sent_mail_result *result;
    struct failure *failure;
};

/* --- learning --------------------------------------------------------------------------------------------------- */

static bool learn_sent(void *context, const struct batched_message *message, const struct features *features)
{
    struct import *import = context;
    if (!features)
        return true;
    bool bulk = ++import->tried >= LEARN_BULK_FROM;
    enum learn_result result =
        (bulk ? learn_message_in_bulk : learn_message)(import->store, features, LABEL_HAM, SOURCE_IMPLICIT, import->now,
                                                       import->failure);
    import->result->learned += result == LEARN_DONE || result == LEARN_CHANGED;
    if (result == LEARN_FAILED)
        log_line(LOG_SEVERITY_ERROR, "%s: not learned: %s", message->name, import->failure->reason);
    return result != LEARN_FAILED;
}

static void hand_over(struct import *import, const struct batched_message *batched)
{
    const struct source_message message = { batched->bytes, batched->name };
    if (import->reading && !reading_add(import->reading, &message, 0))
        import->stopped = true;
}

static bool start_learning(struct import *import)
{
    enum store_state state;
    if (!import->settings->learn_sent)
        return true;
    import->store = reading_open_store(import->settings, &state, import->failure);
    if (import->store)
        import->reading = reading_new(import->settings, import->store, learn_sent, import);
    return import->store != NULL;
}

/* What has been learned is on the disk before its files count as read; who dies in between learns it again, which the
 * ledger of the learners makes harmless. */
static bool end_learning(struct import *import)
{
    if (!import->store)
        return true;
    bool whole = !import->stopped && reading_finish(import->reading);
    reading_free(&import->reading);
    whole = store_sync(import->store, import->failure) && whole;
    store_close(&import->store);
    return whole;
}

/* --- one message ------------------------------------------------------------------------------------------------ */

/* Where a message is from: a file of a Maildir folder is known by its name and not read again. */
enum found_in { FROM_ELSEWHERE, FROM_FOLDER };

static struct span file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return maildir_name_read(slash ? slash + 1 : path).unique;
}

static void read_header(void *context, struct span message, struct arena *arena, struct buffer *record)
{
    (void)context;
    sent_header_write(message, arena, record);
}

static void take_message(struct import *import, const struct batched_message *batched, struct sent_header *header)
{
    struct sent_message *message = &header->message;
    if (header->is_foreign) {
        import->result->foreign++;
        return;
    }
    if (message->time <= 0 || message->time > import->now)
        message->time = import->now;
    if (!correspondents_add(import->gathering, message)) {
        import->result->known++;
        return;
    }
    import->result->added++;
    hand_over(import, batched);
}

/* A message that nobody can read would be as hostile the next time: it is not opened again either. */
static enum batch_step visit_message(void *context, const struct batched_message *batched, const struct span *record,
                                     struct arena *arena)
{
    struct import *import = context;
    struct span rest = record ? *record : SPAN_EMPTY;
    struct sent_header header;
    (void)arena;
    if (record && (!sent_header_read(&rest, &header) || rest.length > 0))
        return BATCH_MALFORMED;
    if (batched->note == FROM_FOLDER)
        correspondents_file_done(import->gathering, file_name(batched->name));
    if (record)
        take_message(import, batched, &header);
    else
        import->result->unreadable++;
    return import->stopped ? BATCH_STOP : BATCH_GO_ON;
}

static void add_waiting(struct import *import, struct span bytes, const char *name, enum found_in place)
{
    const struct source_message message = { bytes, name };
    if (!batches_add(import->batches, &message, place))
        import->stopped = true;
}

/* --- folders ---------------------------------------------------------------------------------------------------- */

/* The first bytes of a file. */
static bool read_start(const char *path, struct file_bytes *bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;
    *bytes = (struct file_bytes){ .data = fd >= 0 ? malloc(HEADER_READS) : NULL };
    bool good = bytes->data && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    while (good && bytes->length < HEADER_READS) {
        ssize_t got = read(fd, bytes->data + bytes->length, HEADER_READS - bytes->length);
        if (got == 0)
            break;
        good = got > 0 || errno == EINTR;
        bytes->length += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0)
        close(fd);
    return good;
}

static void visit_file(struct import *import, const char *directory, const char *name)
{
    char path[PATH_MAX];
    struct file_bytes bytes = { 0 };
    if (name[0] == '.' || correspondents_file_is_known(import->gathering, file_name(name)) ||
        !file_join(path, sizeof path, directory, name))
        return;
    bool got = import->store ? file_read(path, SOURCE_MESSAGE_AT_MOST, &bytes, NULL) : read_start(path, &bytes);
    /* A file that is no longer there was given other flags just now: the next run finds it.  What is no file is no
     * message. */
    struct stat status;
    if (got && packing_none(span_make(bytes.data, bytes.length), path, NULL))
        add_waiting(import, span_make(bytes.data, bytes.length), path, FROM_FOLDER);
    else if (lstat(path, &status) == 0 ? S_ISREG(status.st_mode) : errno != ENOENT)
        import->result->unreadable++;
    file_bytes_free(&bytes);
}

static bool visit_directory(struct import *import, const char *folder, const char *name)
{
    char path[PATH_MAX];
    DIR *directory = file_join(path, sizeof path, folder, name) ? opendir(path) : NULL;
    errno = directory ? 0 : errno;
    for (struct dirent *entry; directory && !import->stopped && (entry = readdir(directory)); errno = 0)
        visit_file(import, path, entry->d_name);
    if (errno != 0 && errno != ENOENT && !import->stopped) {
        log_line(LOG_SEVERITY_WARNING, "%s/%s cannot be read: %s", folder, name, strerror(errno));
        import->result->partly = true;
    }
    if (directory)
        closedir(directory);
    return directory != NULL;
}

/* new/ before cur/: mail programs move messages that way. */
static void visit_folder(struct import *import, const char *path)
{
    bool read_new = visit_directory(import, path, "new"), read_cur = visit_directory(import, path, "cur");
    import->result->folders += read_new || read_cur;
}

static bool visit_sent_folders(struct import *import)
{
    const struct settings *settings = import->settings;
    struct arena *arena = arena_new(FOLDERS_ARENA);
    struct folders folders;
    bool found = folders_find(settings->maildir.path, &settings->folders, arena, &folders, import->failure);
    for (size_t i = 0; found && i < folders.count; i++)
        if (folders.list[i].use == FOLDER_SENT)
            visit_folder(import, folders.list[i].path);
    arena_free(arena);
    return found;
}

/* --- paths ------------------------------------------------------------------------------------------------------ */

static bool visit_source(struct import *import, const char *path)
{
    struct source *source = source_open(path, SOURCE_GUESS, import->failure);
    if (!source)
        return false;
    struct source_message message;
    struct failure failure = { 0 };
    for (int got; !import->stopped && (got = source_next(source, &message, &failure)) != 0;) {
        if (got > 0) {
            struct span bytes = import->store ? message.bytes : span_head(message.bytes, HEADER_READS);
            add_waiting(import, bytes, message.name, FROM_ELSEWHERE);
            continue;
        }
        log_line(LOG_SEVERITY_WARNING, "%s", failure.reason);
        import->result->unreadable++;
    }
    source_close(&source);
    import->result->folders++;
    return true;
}

static bool visit_path(struct import *import, const char *path)
{
    char current[PATH_MAX];
    struct stat status;
    if (!file_join(current, sizeof current, path, "cur") || stat(current, &status) != 0)
        return visit_source(import, path);
    visit_folder(import, path);
    return true;
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

static bool import_all(struct import *import, char *const *paths, size_t count)
{
    static const struct batch_reader reader = { .read = read_header, .visit = visit_message };
    bool good = start_learning(import);
    import->batches = batches_new(&reader, import);
    if (good && count == 0)
        good = visit_sent_folders(import);
    for (size_t i = 0; good && i < count; i++)
        good = visit_path(import, paths[i]);
    if (!batches_finish(import->batches))
        import->stopped = true;
    batches_free(&import->batches);
    good = end_learning(import) && good && !import->stopped;
    if (!good && import->failure->kind == FAILURE_NONE)
        failure_set(import->failure, FAILURE_TEMPORARY, "sent messages could not be read just now");
    return good && correspondents_save(import->gathering, count == 0 && !import->result->partly, import->failure);
}

/* With what other hosts have gathered, so that they go on with this one's.  A server that is gone, or another host that
 * is faster, leaves it with this host until the next run. */
static bool import_and_share(struct import *import, char *const *paths, size_t count)
{
    const struct settings *settings = import->settings;
    struct companion_mark before;
    struct failure damaged = { 0 }, why = { 0 };
    bool fetched = correspondents_fetch(&settings->store, &before, &why);
    import->gathering = correspondents_gather(settings->state_directory, &damaged);
    /* What only cannot be read just now is not made anew. */
    bool good = damaged.kind == FAILURE_NONE || damaged.kind == FAILURE_DAMAGED;
    if (!good)
        *import->failure = damaged;
    else if (damaged.kind == FAILURE_DAMAGED)
        log_line(LOG_SEVERITY_WARNING, "%s", damaged.reason);
    good = good && import_all(import, paths, count);
    correspondents_gather_end(&import->gathering);
    if (good && fetched)
        correspondents_share(&settings->store, &before, &why);
    if (why.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_WARNING, "correspondents are not shared with other hosts for now: %s", why.reason);
    return good;
}

bool sent_mail_import(const struct settings *settings, char *const *paths, size_t count,
                      struct sent_mail_result *result, struct failure *failure)
{
    struct import import = { .settings = settings, .now = (int64_t)time(NULL), .result = result, .failure = failure };
    *result = (struct sent_mail_result){ 0 };
    int lock = correspondents_run_take(settings, failure);
    result->busy = lock == RUN_LOCK_BUSY;
    if (lock < 0)
        return result->busy;
    bool good = import_and_share(&import, paths, count);
    close(lock);
    return good;
}
