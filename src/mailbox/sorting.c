/* sorting.c - messages that wait in a folder to be judged, and the move of one into Junk */
#include "config.h"

#include "mailbox/sorting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"

/* Seen, flagged, replied, deleted, draft: somebody has dealt with it. */
#define DEALT_WITH "SFRTD"
#define KEYWORDS_AT_MOST ((size_t)64 * 1024)
#define LETTERS 26

/* --- what waits --------------------------------------------------------------------------------------------------- */

struct listing {
    struct name_record *record;
    struct waiting_list *list;
    struct arena *arena;
    size_t capacity;
};

static const char *flags_of(const char *name)
{
    const char *info = strstr(name, ":2,");
    return info ? info + 3 : "";
}

static void list_message(void *context, int directory_fd, const char *name, bool is_new)
{
    struct listing *listing = context;
    (void)directory_fd;
    if (!is_new && strpbrk(flags_of(name), DEALT_WITH))
        return;
    struct name_entry *judged = name_record_find(listing->record, name_record_key(name));
    if (judged) {
        judged->present = true;
        return;
    }
    struct waiting_list *list = listing->list;
    if (list->count == listing->capacity) {
        listing->capacity = listing->capacity ? listing->capacity * 2 : 64;
        struct waiting_message *messages = arena_new_array(listing->arena, struct waiting_message, listing->capacity);
        if (list->count)
            memcpy(messages, list->messages, list->count * sizeof *messages);
        list->messages = messages;
    }
    const char *copy = arena_copy(listing->arena, span_of(name)).data;
    list->messages[list->count++] = (struct waiting_message){ .name = copy, .is_new = is_new };
}

bool sorting_list(const struct opened_folder *folder, struct name_record *record, struct arena *arena,
                  struct waiting_list *list, struct failure *failure)
{
    *list = (struct waiting_list){ .count = 0 };
    struct listing listing = { .record = record, .list = list, .arena = arena };
    return opened_folder_visit(folder, list_message, &listing, failure);
}

/* --- flags -------------------------------------------------------------------------------------------------------- */

/* The name of the keyword with this number in a `dovecot-keywords`; empty when it has none. */
static struct span keyword_name(struct span text, int number)
{
    char prefix[16];
    int length = snprintf(prefix, sizeof prefix, "%d ", number);
    while (text.length) {
        size_t line = span_find_byte(text, '\n');
        if (span_starts_nocase(span_head(text, line), prefix))
            return span_trim(span_from(span_head(text, line), (size_t)length));
        text = span_from(text, line + 1);
    }
    return SPAN_EMPTY;
}

void sorting_flags(const char *flags, struct span from_keywords, struct span to_keywords, char out[64])
{
    size_t used = 0;
    for (; *flags && *flags != ',' && used < 63; flags++) {
        int number = *flags - 'a';
        bool is_keyword = number >= 0 && number < LETTERS;
        struct span name = is_keyword ? keyword_name(from_keywords, number) : SPAN_EMPTY;
        if (!is_keyword || (name.length && span_equal(name, keyword_name(to_keywords, number))))
            out[used++] = *flags;
    }
    out[used] = '\0';
}

static struct file_bytes read_keywords(const struct opened_folder *folder)
{
    char path[PATH_MAX];
    struct file_bytes bytes = { 0 };
    if (file_join(path, sizeof path, folder->path, "dovecot-keywords"))
        file_read(path, KEYWORDS_AT_MOST, &bytes, NULL);
    return bytes;
}

/* --- the move ----------------------------------------------------------------------------------------------------- */

/* Where ",U=123" stands in the first `length` bytes of the name, and how long it is; 0 when it does not.  mbsync keeps
 * its number for a message in there: it holds for one folder, and mbsync(1) asks who moves messages to drop it. */
static size_t find_mbsync_number(const char *name, size_t length, size_t *at_r)
{
    for (size_t i = 0; i + 3 < length; i++) {
        if (memcmp(name + i, ",U=", 3) != 0)
            continue;
        size_t digits = strspn(name + i + 3, "0123456789");
        *at_r = i;
        return digits && i + 3 + digits <= length ? 3 + digits : 0;
    }
    return 0;
}

/* The name the message gets, which says where it goes: without flags into new/. */
static bool new_name(const struct opened_folder *folder, const struct waiting_message *message,
                     const struct opened_folder *junk, char out[NAME_MAX + 1])
{
    char flags[64] = "";
    const char *info = strstr(message->name, ":2,");
    if (info && !message->is_new) {
        struct file_bytes from = read_keywords(folder), to = read_keywords(junk);
        sorting_flags(info + 3, span_make(from.data, from.length), span_make(to.data, to.length), flags);
        file_bytes_free(&from);
        file_bytes_free(&to);
    }
    size_t length = info ? (size_t)(info - message->name) : strlen(message->name);
    size_t at = length, number = find_mbsync_number(message->name, length, &at);
    snprintf(out, NAME_MAX + 1, "%.*s%.*s%s%s", (int)at, message->name, (int)(length - at - number),
             message->name + at + number, *flags ? ":2," : "", flags);
    return *flags == '\0';
}

/* Never onto another message; where the file system cannot promise that, by a link. */
static int rename_to(int from_fd, const char *from, int to_fd, const char *to)
{
    if (renameat2(from_fd, from, to_fd, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (linkat(from_fd, from, to_fd, to, 0) != 0)
        return errno;
    return unlinkat(from_fd, from, 0) == 0 || errno == ENOENT ? 0 : errno;
}

enum sorting_moved sorting_move(const struct opened_folder *folder, const struct waiting_message *message,
                                const struct opened_folder *junk, struct failure *failure)
{
    char name[NAME_MAX + 1];
    bool into_new = new_name(folder, message, junk, name);
    int error = rename_to(message->is_new ? folder->new_fd : folder->cur_fd, message->name,
                          into_new ? junk->new_fd : junk->cur_fd, name);
    if (error == 0)
        return SORTING_MOVED;
    if (error == ENOENT || error == EEXIST)
        return SORTING_CHANGED;
    failure_set_errno(failure, FAILURE_TEMPORARY, error, "cannot move a message from %s to %s", folder->path,
                      junk->path);
    return SORTING_FAILED;
}
