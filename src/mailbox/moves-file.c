/* moves-file.c - the memory of moves, to its file and back; the layout is drawn in moves-records.h */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mailbox/moves-records.h"
#include "util/file.h"
#include "util/hash.h"

_Static_assert(sizeof(struct moves_header) == 36, "a record has no holes");
_Static_assert(sizeof(struct moves_message) == 32, "a record has no holes");
_Static_assert(sizeof(struct moves_file) == 16, "a record has no holes");
_Static_assert(sizeof(struct moves_folder_record) == 32, "a record has no holes");

#define FILE_AT_MOST ((size_t)1024 * 1024 * 1024)
#define FOLDER_NAME_AT_MOST 4096u

/* --- writing ---------------------------------------------------------------------------------------------------- */

static size_t size_of(const struct moves *moves)
{
    size_t size = sizeof(struct moves_header) + moves->count * sizeof *moves->messages + sizeof(uint64_t);
    for (size_t i = 0; i < moves->folder_count; i++)
        size += sizeof(struct moves_folder_record) + strlen(moves->folders[i].name)
                + moves->folders[i].count * sizeof(struct moves_file);
    return size;
}

static char *put(char *at, const void *data, size_t length)
{
    if (length)
        memcpy(at, data, length);
    return at + length;
}

static char *put_folder(char *at, const struct moves_folder *folder)
{
    struct moves_folder_record record = { .name_length = (uint32_t)strlen(folder->name),
                                          .files = (uint32_t)folder->count };
    memcpy(record.times, folder->times, sizeof record.times);
    at = put(at, &record, sizeof record);
    at = put(at, folder->name, record.name_length);
    return put(at, folder->files, folder->count * sizeof *folder->files);
}

bool moves_file_save(const struct moves *moves, struct failure *failure)
{
    size_t size = size_of(moves);
    char *bytes = moves_allocate(NULL, size, 1);
    struct moves_header header = { .order = MOVES_ORDER, .version = MOVES_VERSION, .filed_day = moves->filed_day,
                                   .junk_opened = moves->junk_opened,
                                   .messages = (uint32_t)moves->count, .folders = (uint32_t)moves->folder_count };
    memcpy(header.magic, MOVES_MAGIC, sizeof header.magic);
    char *at = put(bytes, &header, sizeof header);
    at = put(at, moves->messages, moves->count * sizeof *moves->messages);
    for (size_t i = 0; i < moves->folder_count; i++)
        at = put_folder(at, &moves->folders[i]);
    uint64_t checksum = hash_bytes(bytes, (size_t)(at - bytes), 0);
    put(at, &checksum, sizeof checksum);
    bool written = file_replace(moves->path, span_make(bytes, size), 0600, failure);
    free(bytes);
    return written;
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* Takes `length` bytes off the front of `rest`; false when it has not so many. */
static bool take(struct span *rest, void *out, size_t length)
{
    if (rest->length < length)
        return false;
    if (length)
        memcpy(out, rest->data, length);
    *rest = span_from(*rest, length);
    return true;
}

static bool files_are_sound(const struct moves_folder *folder, size_t messages)
{
    for (size_t i = 0; i < folder->count; i++)
        if (folder->files[i].message >= messages || (i && folder->files[i].name < folder->files[i - 1].name))
            return false;
    return true;
}

static bool load_folder(struct moves *moves, struct span *rest)
{
    struct moves_folder_record record;
    if (!take(rest, &record, sizeof record) || record.name_length > FOLDER_NAME_AT_MOST
        || record.files > rest->length / sizeof(struct moves_file))
        return false;
    struct moves_folder *folder = &moves->folders[moves->folder_count++];
    *folder = (struct moves_folder){ .count = record.files };
    memcpy(folder->times, record.times, sizeof record.times);
    folder->name = moves_allocate(NULL, record.name_length + 1, 1);
    folder->files = moves_allocate(NULL, record.files, sizeof *folder->files);
    folder->name[record.name_length] = '\0';
    return take(rest, folder->name, record.name_length)
           && take(rest, folder->files, record.files * sizeof *folder->files) && files_are_sound(folder, moves->count);
}

static bool load(struct moves *moves, struct span bytes)
{
    struct moves_header header;
    uint64_t checksum;
    struct span rest = bytes;
    if (bytes.length < sizeof header + sizeof checksum)
        return false;
    rest.length -= sizeof checksum;
    memcpy(&checksum, rest.data + rest.length, sizeof checksum);
    if (checksum != hash_bytes(bytes.data, rest.length, 0) || !take(&rest, &header, sizeof header)
        || memcmp(header.magic, MOVES_MAGIC, sizeof header.magic) != 0 || header.order != MOVES_ORDER
        || header.version != MOVES_VERSION || header.messages > MOVES_RECORDS_AT_MOST
        || header.folders > FOLDERS_AT_MOST || header.messages > rest.length / sizeof *moves->messages)
        return false;
    moves->filed_day = header.filed_day;
    moves->junk_opened = header.junk_opened;
    moves->count = moves->capacity = header.messages;
    moves->messages = moves_allocate(NULL, header.messages, sizeof *moves->messages);
    if (!take(&rest, moves->messages, header.messages * sizeof *moves->messages))
        return false;
    moves->folders = moves_allocate(NULL, header.folders, sizeof *moves->folders);
    while (moves->folder_count < header.folders)
        if (!load_folder(moves, &rest))
            return false;
    return rest.length == 0;
}

bool moves_file_load(struct moves *moves, bool *absent_r, struct failure *failure)
{
    struct file_bytes bytes;
    if (!file_read(moves->path, FILE_AT_MOST, &bytes, failure)) {
        *absent_r = errno == ENOENT;
        return false;
    }
    bool loaded = load(moves, span_make(bytes.data, bytes.length));
    file_bytes_free(&bytes);
    return loaded
           || failure_set(failure, FAILURE_DAMAGED, "%s is damaged or of another version, and is made anew",
                          moves->path);
}
