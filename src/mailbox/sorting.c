/* sorting.c - messages that wait in a folder to be judged, and the move of one into Junk */
#include "config.h"

#include "mailbox/sorting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mailbox/keywords.h"
#include "mailbox/maildir-name.h"
#include "util/file.h"

/* Seen, flagged, replied, deleted, draft: somebody has dealt with it. */
#define DEALT_WITH "SFRTD"

/* --- what waits --------------------------------------------------------------------------------------------------- */

struct listing {
    struct name_record *record;
    struct waiting_list *list;
    struct arena *arena;
    size_t capacity;
};

static void list_message(void *context, int directory_fd, const char *name, bool is_new)
{
    struct listing *listing = context;
    (void)directory_fd;
    if (!is_new && maildir_name_has_any(name, DEALT_WITH))
        return;
    struct name_entry *judged = name_record_find(listing->record, name_record_key(name));
    if (judged) {
        judged->present = true;
        return;
    }
    struct waiting_list *list = listing->list;
    list->messages =
        arena_grow(listing->arena, list->messages, list->count, &listing->capacity, sizeof *list->messages);
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

static bool is_keyword(char flag)
{
    return flag >= 'a' && flag <= 'z';
}

void sorting_flags(struct span flags, struct span from_keywords, struct span to_keywords, char out[64])
{
    size_t used = 0;
    for (size_t i = 0; i < flags.length && used < 63; i++) {
        unsigned letter = (unsigned)(flags.data[i] - 'a');
        struct span name = is_keyword(flags.data[i]) ? keywords_name(from_keywords, letter) : SPAN_EMPTY;
        if (!is_keyword(flags.data[i]) || (name.length && span_equal(name, keywords_name(to_keywords, letter))))
            out[used++] = flags.data[i];
    }
    out[used] = '\0';
}

static bool has_keyword(struct span flags)
{
    for (size_t i = 0; i < flags.length; i++)
        if (is_keyword(flags.data[i]))
            return true;
    return false;
}

/* What of the flags goes along.  False when it cannot be told what the keywords are: a letter that is left out for that
 * would be lost for good. */
static bool flags_to_keep(struct span flags, const struct opened_folder *folder, const struct opened_folder *junk,
                          char out[64], struct failure *failure)
{
    struct file_bytes from = { 0 }, to = { 0 };
    bool known = !has_keyword(flags) ||
                 (keywords_text(folder->path, &from, failure) && keywords_text(junk->path, &to, failure));
    if (known)
        sorting_flags(flags, span_make(from.data, from.length), span_make(to.data, to.length), out);
    file_bytes_free(&from);
    file_bytes_free(&to);
    return known;
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
                     const struct opened_folder *junk, char out[NAME_MAX + 1], bool *into_new, struct failure *failure)
{
    char flags[64] = "";
    struct maildir_name parts = maildir_name_read(message->name);
    if (!message->is_new && !flags_to_keep(parts.flags, folder, junk, flags, failure))
        return false;
    size_t length = parts.has_flags ? parts.unique.length : strlen(message->name);
    size_t at = length, number = find_mbsync_number(message->name, length, &at);
    snprintf(out, NAME_MAX + 1, "%.*s%.*s%s%s", (int)at, message->name, (int)(length - at - number),
             message->name + at + number, *flags ? ":2," : "", flags);
    *into_new = *flags == '\0';
    return true;
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
    bool into_new;
    if (!new_name(folder, message, junk, name, &into_new, failure))
        return SORTING_FAILED;
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
