/* learn-maildir.c - what `tamis learn --maildir DIR` learns: the messages of a mailbox, by the folders they lie in */
#include "config.h"

#include "commands/learn-maildir.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mailbox/folders.h"
#include "mailbox/maildir-name.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/translate.h"

struct candidate {
    char *path;
    int64_t delivered; /* as its name says; 0 when that says no time: older than any that does */
    size_t folder;
};

/* The newest of one kind: twice as many as are wanted are kept before the older half goes. */
struct pool {
    struct candidate *list;
    size_t count, most;
};

/* --- candidates --------------------------------------------------------------------------------------------------- */

static int newest_first(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->delivered != b->delivered)
        return a->delivered > b->delivered ? -1 : 1;
    return strcmp(a->path, b->path);
}

static void cut(struct pool *pool, size_t most)
{
    if (pool->count <= most)
        return;
    qsort(pool->list, pool->count, sizeof *pool->list, newest_first);
    for (size_t i = most; i < pool->count; i++)
        free(pool->list[i].path);
    pool->count = most;
}

static bool add(struct pool *pool, const char *path, int64_t delivered, size_t folder)
{
    if (pool->count == 2 * pool->most)
        cut(pool, pool->most);
    char *copy = strdup(path);
    if (copy)
        pool->list[pool->count++] = (struct candidate){ copy, delivered, folder };
    return copy != NULL;
}

/* Has a user seen the message, and neither deleted it nor is still writing it? */
static bool is_read_and_kept(const char *name)
{
    return maildir_name_has_any(name, "S") && !maildir_name_has_any(name, "TD");
}

struct gathering {
    struct choice *choice;
    struct pool pools[2];
    struct failure *failure;
};

/* One of a folder's two directories; one that is not there has nothing in it. */
static bool gather_directory(struct gathering *gathering, size_t number, const char *place)
{
    const struct folder *folder = &gathering->choice->folders.list[number];
    bool is_spam = folder->use == FOLDER_JUNK;
    char directory[PATH_MAX], path[PATH_MAX];
    bool good = true;
    if (!file_join(directory, sizeof directory, folder->path, place))
        return failure_set(gathering->failure, FAILURE_INPUT, "cannot read %s: the path is too long", folder->path);
    DIR *open = opendir(directory);
    if (!open)
        return errno == ENOENT ||
               failure_set_errno(gathering->failure, FAILURE_INPUT, errno, "cannot read %s", directory);
    errno = 0;
    for (struct dirent *entry; good && (entry = readdir(open)) != NULL; errno = 0) {
        if (entry->d_name[0] == '.' || (!is_spam && !is_read_and_kept(entry->d_name)) ||
            !file_join(path, sizeof path, directory, entry->d_name))
            continue;
        gathering->choice->of_folder[number].found++;
        good = add(&gathering->pools[is_spam], path, maildir_name_time(entry->d_name), number) ||
               failure_set(gathering->failure, FAILURE_TEMPORARY, "no memory for the names of messages");
    }
    if (good && errno != 0)
        good = failure_set_errno(gathering->failure, FAILURE_INPUT, errno, "cannot read %s", directory);
    closedir(open);
    return good;
}

/* Ham is what has been read; in Junk most has not. */
static bool gather_folder(struct gathering *gathering, size_t number)
{
    switch (gathering->choice->folders.list[number].use) {
    case FOLDER_ORDINARY: return gather_directory(gathering, number, "cur");
    case FOLDER_JUNK: return gather_directory(gathering, number, "new") && gather_directory(gathering, number, "cur");
    default: return true;
    }
}

/* --- choosing ----------------------------------------------------------------------------------------------------- */

static size_t at_most_beside(size_t other)
{
    return CHOICE_RATIO * other + CHOICE_FREE;
}

static void balance(struct pool pools[2])
{
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        cut(&pools[label], pools[label].most);
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        cut(&pools[label], at_most_beside(pools[!label].count));
}

static int by_hash_of_path(const void *left, const void *right)
{
    const char *a = *(char *const *)left, *b = *(char *const *)right;
    uint64_t hash_a = hash_bytes(a, strlen(a), 0), hash_b = hash_bytes(b, strlen(b), 0);
    return hash_a != hash_b ? (hash_a < hash_b ? -1 : 1) : strcmp(a, b);
}

/* Hands the paths over, in an order that has nothing to do with time (why: learn.c). */
static bool hand_over(struct gathering *gathering)
{
    struct choice *choice = gathering->choice;
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        struct pool *pool = &gathering->pools[label];
        choice->paths[label] = calloc(pool->count + 1, sizeof *choice->paths[label]);
        if (!choice->paths[label])
            return failure_set(gathering->failure, FAILURE_TEMPORARY, "no memory for the names of messages");
        for (; choice->count[label] < pool->count; choice->count[label]++) {
            const struct candidate *candidate = &pool->list[choice->count[label]];
            choice->paths[label][choice->count[label]] = candidate->path;
            choice->of_folder[candidate->folder].taken++;
        }
        pool->count = 0;
        if (choice->count[label])
            qsort(choice->paths[label], choice->count[label], sizeof *choice->paths[label], by_hash_of_path);
    }
    return true;
}

bool choice_make(const struct settings *settings, size_t most, struct choice *choice, struct failure *failure)
{
    struct gathering gathering = { .choice = choice, .failure = failure };
    bool good = true;
    *choice = (struct choice){ .arena = arena_new(FOLDERS_ARENA) };
    if (!folders_find(settings->maildir.path, &settings->folders, choice->arena, &choice->folders, failure))
        return false;
    choice->of_folder = arena_alloc_array(choice->arena, choice->folders.count + 1, sizeof *choice->of_folder);
    memset(choice->of_folder, 0, (choice->folders.count + 1) * sizeof *choice->of_folder);
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        gathering.pools[label] = (struct pool){ .most = most, .list = calloc(2 * most, sizeof(struct candidate)) };
        good = good && gathering.pools[label].list;
    }
    if (!good)
        failure_set(failure, FAILURE_TEMPORARY, "no memory for so many messages");
    for (size_t i = 0; good && i < choice->folders.count; i++)
        good = gather_folder(&gathering, i);
    if (good)
        balance(gathering.pools);
    good = good && hand_over(&gathering);
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        cut(&gathering.pools[label], 0);
        free(gathering.pools[label].list);
    }
    return good;
}

static const char *meaning_of(enum folder_use use)
{
    return use == FOLDER_ORDINARY ? _("ham") : use == FOLDER_JUNK ? _("spam") : NULL;
}

void choice_print(const struct choice *choice)
{
    for (size_t i = 0; i < choice->folders.count; i++) {
        const struct folder *folder = &choice->folders.list[i];
        if (meaning_of(folder->use))
            printf(_("%s: %zu of %zu messages as %s\n"), folder->name, choice->of_folder[i].taken,
                   choice->of_folder[i].found, meaning_of(folder->use));
        else
            printf(_("%s: left out (%s)\n"), folder->name, folders_use_name(folder->use));
    }
}

void choice_free(struct choice *choice)
{
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        for (size_t i = 0; i < choice->count[label]; i++)
            free((void *)(uintptr_t)choice->paths[label][i]);
        free(choice->paths[label]);
    }
    arena_free(choice->arena);
    *choice = (struct choice){ 0 };
}
