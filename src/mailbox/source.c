/* source.c - messages to read: a file, an mbox, a Maildir, an MH folder, or stdin, told apart by looking */
#include "config.h"

#include "mailbox/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/mbox-reader.h"
#include "util/array.h"
#include "util/file.h"
#include "util/hash.h"

/* Directories within directories; a corpus has three levels. */
#define DEPTH_AT_MOST 32

/* One file to read. */
struct entry {
    char *path;
    enum mbox_mode mode;
};

struct source {
    struct entry *entries;
    size_t count, capacity;
    size_t next; /* of the entries */
    size_t total;
    bool open; /* the reader has a file */
    bool is_stdin;
    int fd;
    struct mbox_reader reader;
    char name[PATH_MAX + 32];
};

/* --- the list of files ------------------------------------------------------------------------------------------ */

static bool out_of_memory(struct failure *failure)
{
    return failure_set_errno(failure, FAILURE_TEMPORARY, ENOMEM, "cannot list the messages");
}

static bool add_entry(struct source *source, const char *path, enum mbox_mode mode, struct failure *failure)
{
    struct entry *entries = array_grow(source->entries, source->count, &source->capacity, sizeof *entries);
    if (!entries)
        return out_of_memory(failure);
    source->entries = entries;
    char *copy = strdup(path);
    if (!copy)
        return out_of_memory(failure);
    entries[source->count++] = (struct entry){ copy, mode };
    return true;
}

static enum mbox_mode mode_by_name(const char *path)
{
    return span_ends_nocase(span_of(path), ".mbox") ? MBOX_ALWAYS : MBOX_GUESS;
}

static bool is_number(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits > 0 && name[digits] == '\0';
}

static bool has_directory(const char *path, const char *name)
{
    char inner[PATH_MAX];
    struct stat status;
    return file_join(inner, sizeof inner, path, name) && stat(inner, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_maildir(const char *path)
{
    return has_directory(path, "cur") && has_directory(path, "new");
}

/* --- directories ------------------------------------------------------------------------------------------------ */

enum found { FOUND_FILE, FOUND_DIRECTORY, FOUND_OTHER };

static enum found found_by(mode_t mode)
{
    if (S_ISREG(mode))
        return FOUND_FILE;
    return S_ISDIR(mode) ? FOUND_DIRECTORY : FOUND_OTHER;
}

/* A directory entry, with d_type unless the file system has none.  A link to a file is a file, a link to a directory is
 * nothing. */
static enum found look_at(const char *directory, const struct dirent *entry)
{
    char path[PATH_MAX];
    struct stat status;
    if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
        return found_by(DTTOIF(entry->d_type));
    if (!file_join(path, sizeof path, directory, entry->d_name))
        return FOUND_OTHER;
    if (entry->d_type == DT_UNKNOWN && lstat(path, &status) == 0 && !S_ISLNK(status.st_mode))
        return found_by(status.st_mode);
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? FOUND_FILE : FOUND_OTHER;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Names in order, numbers in them by value: also the order of delivery in a Maildir, whose names begin with the
 * time. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strverscmp((*a)->d_name, (*b)->d_name);
}

static void free_names(struct dirent **names, int count)
{
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

/* Files named by numbers, and no others; hidden files and MH's ",12" (removed) do not matter. */
static bool is_mh_folder(const char *path, struct dirent **names, int count)
{
    bool any = false;
    for (int i = 0; i < count; i++) {
        bool is_numbered = is_number(names[i]->d_name);
        if (names[i]->d_name[0] == ',' || (is_numbered && any) || look_at(path, names[i]) != FOUND_FILE)
            continue;
        if (!is_numbered)
            return false;
        any = true;
    }
    return any;
}

static bool add_directory(struct source *source, const char *path, enum source_kind kind, int depth,
                          struct failure *failure);

/* Adds what a name in a directory stands for. */
static bool add_name(struct source *source, const char *directory, const struct dirent *entry, enum source_kind kind,
                     int depth, struct failure *failure)
{
    char path[PATH_MAX];
    enum found found = look_at(directory, entry);
    if (!file_join(path, sizeof path, directory, entry->d_name))
        return true; /* no path that long can be opened */
    if (found == FOUND_DIRECTORY && kind == SOURCE_TREE)
        return depth >= DEPTH_AT_MOST || add_directory(source, path, SOURCE_GUESS, depth + 1, failure);
    if (found != FOUND_FILE || (kind == SOURCE_MH && !is_number(entry->d_name)))
        return true;
    return add_entry(source, path, kind == SOURCE_TREE ? mode_by_name(path) : MBOX_NEVER, failure);
}

/* Adds the files of one directory; `kind` SOURCE_GUESS decides between MH and tree. */
static bool add_files(struct source *source, const char *path, enum source_kind kind, int depth,
                      struct failure *failure)
{
    struct dirent **names;
    int count = scandir(path, &names, is_visible, by_name);
    if (count < 0) {
        if (errno == ENOMEM)
            return out_of_memory(failure);
        return add_entry(source, path, MBOX_NEVER, failure); /* source_next() will say that it cannot be read */
    }
    if (kind == SOURCE_GUESS)
        kind = is_mh_folder(path, names, count) ? SOURCE_MH : SOURCE_TREE;
    bool added = true;
    for (int i = 0; i < count && added; i++)
        added = add_name(source, path, names[i], kind, depth, failure);
    free_names(names, count);
    return added;
}

static int by_base_name(const void *a, const void *b)
{
    const char *path_a = ((const struct entry *)a)->path, *path_b = ((const struct entry *)b)->path;
    return strverscmp(strrchr(path_a, '/'), strrchr(path_b, '/'));
}

/* Adds new/ and cur/ of one Maildir folder, both together in order of delivery. */
static bool add_maildir(struct source *source, const char *path, struct failure *failure)
{
    static const char *const names[] = { "new", "cur" };
    size_t first = source->count;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char inner[PATH_MAX];
        if (file_join(inner, sizeof inner, path, names[i]) && !add_files(source, inner, SOURCE_MAILDIR, 0, failure))
            return false;
    }
    if (source->count > first)
        qsort(source->entries + first, source->count - first, sizeof source->entries[0], by_base_name);
    return true;
}

static int is_hidden_folder(const struct dirent *entry)
{
    return entry->d_name[0] == '.' && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Adds the Maildir++ folders of a Maildir. */
static bool add_maildir_folders(struct source *source, const char *path, struct failure *failure)
{
    struct dirent **names;
    int count = scandir(path, &names, is_hidden_folder, by_name);
    if (count < 0)
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read the folders of %s", path);
    bool added = true;
    for (int i = 0; i < count && added; i++) {
        char inner[PATH_MAX];
        if (file_join(inner, sizeof inner, path, names[i]->d_name) && is_maildir(inner))
            added = add_maildir(source, inner, failure);
    }
    free_names(names, count);
    return added;
}

static bool add_directory(struct source *source, const char *path, enum source_kind kind, int depth,
                          struct failure *failure)
{
    bool maildir = kind == SOURCE_MAILDIR || kind == SOURCE_MAILDIR_FOLDERS;
    if (maildir && !is_maildir(path))
        return failure_set(failure, FAILURE_INPUT, "%s is no Maildir: it has no cur/ and new/", path);
    if (maildir || (kind == SOURCE_GUESS && is_maildir(path)))
        return add_maildir(source, path, failure)
               && (kind != SOURCE_MAILDIR_FOLDERS || add_maildir_folders(source, path, failure));
    return add_files(source, path, kind, depth, failure);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

/* Adds a file or directory that was named directly. */
static bool add_path(struct source *source, const char *path, enum source_kind kind, struct failure *failure)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read %s", path);
    bool of_directory =
        kind == SOURCE_MAILDIR || kind == SOURCE_MAILDIR_FOLDERS || kind == SOURCE_MH || kind == SOURCE_TREE;
    bool of_file = kind == SOURCE_FILE || kind == SOURCE_MBOX;
    if (S_ISDIR(status.st_mode) && !of_file) {
        if (access(path, R_OK | X_OK) != 0)
            return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read %s", path);
        return add_directory(source, path, kind, 0, failure);
    }
    if (S_ISREG(status.st_mode) && !of_directory) {
        enum mbox_mode mode = kind == SOURCE_MBOX ? MBOX_ALWAYS : kind == SOURCE_FILE ? MBOX_NEVER : mode_by_name(path);
        return add_entry(source, path, mode, failure);
    }
    return failure_set(failure, FAILURE_INPUT, "cannot read %s: it is not a %s", path,
                       of_directory ? "directory"
                       : of_file    ? "regular file"
                                    : "file or directory");
}

/* Opens the next file.  O_NONBLOCK: what was a file when we listed it may be a FIFO now. */
static bool open_entry(struct source *source, const struct entry *entry, struct failure *failure)
{
    struct stat status;
    source->fd = open(entry->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (source->fd < 0)
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read %s", entry->path);
    if (fstat(source->fd, &status) == 0 && S_ISREG(status.st_mode)) {
        mbox_reader_begin(&source->reader, source->fd, entry->path, entry->mode, SOURCE_MESSAGE_AT_MOST);
        source->open = true;
        return true;
    }
    close(source->fd);
    return failure_set(failure, FAILURE_INPUT, "cannot read %s: it is not a regular file", entry->path);
}

static void close_entry(struct source *source)
{
    if (!source->is_stdin)
        close(source->fd);
    source->open = false;
}

/* How many messages a file holds: reads all of it. */
static size_t count_messages(struct source *source, const struct entry *entry)
{
    size_t count = 0;
    struct span bytes;
    bool more = true;
    if (!open_entry(source, entry, NULL))
        return 1;
    while (more) {
        int result = mbox_reader_next(&source->reader, &bytes, &more, NULL);
        if (result == 0 || mbox_reader_number(&source->reader) == 0)
            break;
        count++;
    }
    close_entry(source);
    return count ? count : 1;
}

static void count_all(struct source *source)
{
    source->total = source->count;
    for (size_t i = 0; i < source->count; i++)
        if (source->entries[i].mode == MBOX_ALWAYS || (source->count == 1 && source->entries[i].mode == MBOX_GUESS))
            source->total += count_messages(source, &source->entries[i]) - 1;
}

static void begin_stdin(struct source *source)
{
    source->fd = STDIN_FILENO;
    source->is_stdin = source->open = true;
    mbox_reader_begin(&source->reader, STDIN_FILENO, "standard input", MBOX_GUESS, SOURCE_MESSAGE_AT_MOST);
}

struct source *source_open(const char *path, enum source_kind kind, struct failure *failure)
{
    struct source *source = calloc(1, sizeof *source);
    if (!source) {
        out_of_memory(failure);
        return NULL;
    }
    if (kind == SOURCE_STDIN || (kind == SOURCE_GUESS && strcmp(path, "-") == 0))
        begin_stdin(source);
    else if (add_path(source, path, kind, failure))
        count_all(source);
    else
        source_close(&source);
    return source;
}

static int by_hash(const void *a, const void *b)
{
    const char *path_a = ((const struct entry *)a)->path, *path_b = ((const struct entry *)b)->path;
    uint64_t hash_a = hash_bytes(path_a, strlen(path_a), 0), hash_b = hash_bytes(path_b, strlen(path_b), 0);
    return hash_a != hash_b ? (hash_a < hash_b ? -1 : 1) : strcmp(path_a, path_b);
}

void source_shuffle(struct source *source)
{
    if (source->count > source->next)
        qsort(source->entries + source->next, source->count - source->next, sizeof source->entries[0], by_hash);
}

size_t source_total(const struct source *source)
{
    return source->total;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static const char *current_path(const struct source *source)
{
    return source->is_stdin ? "-" : source->entries[source->next - 1].path;
}

int source_next(struct source *source, struct source_message *message, struct failure *failure)
{
    for (;;) {
        if (!source->open) {
            if (source->next == source->count)
                return 0;
            if (!open_entry(source, &source->entries[source->next++], failure))
                return -1;
        }
        bool more;
        int result = mbox_reader_next(&source->reader, &message->bytes, &more, failure);
        size_t number = mbox_reader_number(&source->reader);
        const char *path = current_path(source);
        if (number)
            snprintf(source->name, sizeof source->name, "%s:%zu", path, number);
        else
            snprintf(source->name, sizeof source->name, "%s", path);
        message->name = source->name;
        if (!more)
            close_entry(source);
        if (result != 0)
            return result;
    }
}

void source_close(struct source **source)
{
    if (!*source)
        return;
    if ((*source)->open)
        close_entry(*source);
    for (size_t i = 0; i < (*source)->count; i++)
        free((*source)->entries[i].path);
    free((*source)->entries);
    mbox_reader_free(&(*source)->reader);
    free(*source);
    *source = NULL;
}
