/* moves.c - what the user has done with messages since they were delivered: the records, and lessons out of them */
#include "config.h"

#include "mailbox/moves.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "mailbox/maildir-name.h"
#include "mailbox/moves-records.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/log.h"

void *moves_allocate(void *old, size_t count, size_t size)
{
    void *memory = reallocarray(old, count ? count : 1, size);
    if (!memory) {
        log_line(LOG_SEVERITY_ERROR, "not enough memory to look through the mailbox");
        _exit(EX_TEMPFAIL);
    }
    return memory;
}

uint64_t moves_name_hash(struct span unique)
{
    return hash_bytes(unique.data, unique.length, 0);
}

/* --- the table of messages -------------------------------------------------------------------------------------- */

static size_t slot_of(const struct moves *moves, const uint8_t fingerprint[16])
{
    uint64_t hash;
    memcpy(&hash, fingerprint, sizeof hash);
    size_t slot = (size_t)hash & (moves->slot_count - 1);
    while (moves->slots[slot] && memcmp(moves->messages[moves->slots[slot] - 1].fingerprint, fingerprint, 16) != 0)
        slot = (slot + 1) & (moves->slot_count - 1);
    return slot;
}

/* Makes the table anew for at least `count` messages, twice as large as it must be. */
void moves_make_slots(struct moves *moves, size_t count)
{
    size_t slot_count = 64;
    while (slot_count < count * 2)
        slot_count *= 2;
    free(moves->slots);
    moves->slots = moves_allocate(NULL, slot_count, sizeof *moves->slots);
    memset(moves->slots, 0, slot_count * sizeof *moves->slots);
    moves->slot_count = slot_count;
    for (size_t i = 0; i < moves->count; i++)
        moves->slots[slot_of(moves, moves->messages[i].fingerprint)] = (uint32_t)i + 1;
}

uint32_t moves_message_find(struct moves *moves, const struct fingerprint *fingerprint)
{
    size_t slot = slot_of(moves, fingerprint->bytes);
    if (moves->slots[slot])
        return moves->slots[slot] - 1;
    if (moves->count == moves->capacity) {
        moves->capacity = moves->capacity ? moves->capacity * 2 : 64;
        moves->messages = moves_allocate(moves->messages, moves->capacity, sizeof *moves->messages);
    }
    struct moves_message *message = &moves->messages[moves->count++];
    *message = (struct moves_message){ .said = (uint8_t)fingerprint->said, .fresh = true };
    memcpy(message->fingerprint, fingerprint->bytes, 16);
    moves->slots[slot] = (uint32_t)moves->count;
    if (moves->count * 2 > moves->slot_count)
        moves_make_slots(moves, moves->count * 2);
    return (uint32_t)moves->count - 1;
}

/* --- open and close --------------------------------------------------------------------------------------------- */

struct moves_folder *moves_folder_find(struct moves_folder *folders, size_t count, const char *name)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, folders[middle].name);
        if (order == 0)
            return &folders[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

void moves_folders_free(struct moves_folder *folders, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(folders[i].name);
        free(folders[i].files);
    }
    free(folders);
}

static void empty(struct moves *moves)
{
    moves_folders_free(moves->folders, moves->folder_count);
    free(moves->messages);
    *moves = (struct moves){ .path = moves->path, .slots = moves->slots, .slot_count = moves->slot_count };
}

struct moves *moves_open(const char *path, struct failure *failure)
{
    struct moves *moves = moves_allocate(NULL, 1, sizeof *moves);
    *moves = (struct moves){ .path = strdup(path) };
    if (!moves->path)
        _exit(EX_TEMPFAIL);
    bool absent = false;
    struct failure why = { 0 };
    if (!moves_file_load(moves, &absent, &why)) {
        empty(moves);
        moves->first = true;
        if (!absent && failure)
            *failure = why;
    }
    moves_make_slots(moves, moves->count + moves->count / 4);
    return moves;
}

bool moves_save(struct moves *moves, struct failure *failure)
{
    if (moves->changed && !moves_file_save(moves, failure))
        return false;
    moves->changed = false;
    return true;
}

void moves_close(struct moves **moves)
{
    if (!*moves)
        return;
    empty(*moves);
    free((*moves)->slots);
    free((*moves)->path);
    free(*moves);
    *moves = NULL;
}

/* --- what a hook saw -------------------------------------------------------------------------------------------- */

static bool is_telling(enum place place)
{
    return place == PLACE_JUNK || place == PLACE_ORDINARY;
}

/* What is believed of a message of which nothing is known but a move.  Where it came from says where it belonged. */
static enum belief belief_before(const struct moves *moves, const struct move *move)
{
    enum place from = decision_place(move->from);
    if (!move->from_known || !is_telling(from))
        return decision_filed(move->message.said, PLACE_TRASH, false, moves->filed_day != 0);
    return from == PLACE_JUNK ? BELIEF_SPAM : move->message.said == SAID_HAM ? BELIEF_HAM : BELIEF_UNSURE;
}

void moves_reported(struct moves *moves, const struct move *move)
{
    uint32_t number = moves_message_find(moves, &move->message); /* may move the records */
    struct moves_message *message = &moves->messages[number];
    enum place from = move->from_known ? decision_place(move->from) : PLACE_NOWHERE;
    enum place to = decision_place(move->to);
    if (message->fresh)
        message->belief = (uint8_t)belief_before(moves, move);
    if ((from == PLACE_OWN || to == PLACE_OWN) && message->said == SAID_NOTHING)
        message->own = true;
    struct sight before = { is_telling(from) ? from : PLACE_NOWHERE, (enum junk_keyword)message->keyword };
    struct sight now = { to, before.keyword };
    struct decision decision = decision_make(message->own, (enum belief)message->belief, before, now);
    if (decision.lesson != BELIEF_NONE) {
        message->belief = message->lesson = (uint8_t)decision.lesson;
        message->taught = true;
        message->implicit = false;
    }
    if (is_telling(to))
        message->place = (uint8_t)to;
    message->fresh = false;
    moves->changed = true;
    log_line(LOG_SEVERITY_DEBUG, "a message reported as moved from %s to %s: %s",
             move->from_known ? folders_use_name(move->from) : "outside", folders_use_name(move->to), decision.why);
}

/* --- what the program files later than at delivery --------------------------------------------------------------- */

bool moves_may_file(const struct moves *moves, const struct fingerprint *fingerprint)
{
    size_t slot = slot_of(moves, fingerprint->bytes);
    if (!moves->slots[slot])
        return true;
    const struct moves_message *message = &moves->messages[moves->slots[slot] - 1];
    return !message->taught && message->lesson == BELIEF_NONE && message->place != PLACE_JUNK;
}

void moves_filed_into_junk(struct moves *moves, const struct fingerprint *fingerprint)
{
    uint32_t number = moves_message_find(moves, fingerprint); /* may move the records */
    struct moves_message *message = &moves->messages[number];
    message->belief = BELIEF_SPAM;
    message->place = PLACE_JUNK;
    message->since = 0;
    message->fresh = false;
    message->day = 0;
    moves->changed = true;
}

/* --- messages left alone ---------------------------------------------------------------------------------------- */

enum { ALONE_SEEN = 1, ALONE_USED = 2, ALONE_ORDINARY = 4, ALONE_JUNK = 8, ALONE_ELSEWHERE = 16 };

/* What all files of each message together say.  A copy in Trash or Sent is something the user did. */
static uint8_t *facts_of_files(const struct moves *moves)
{
    uint8_t *facts = moves_allocate(NULL, moves->count, 1);
    memset(facts, 0, moves->count);
    for (size_t i = 0; i < moves->folder_count; i++) {
        const struct moves_folder *folder = &moves->folders[i];
        enum place place = decision_place(folder->use);
        bool inbox = strcmp(folder->name, "INBOX") == 0;
        uint8_t lies = place == PLACE_ORDINARY ? ALONE_ORDINARY : place == PLACE_JUNK ? ALONE_JUNK : ALONE_ELSEWHERE;
        for (size_t j = 0; j < folder->count; j++) {
            const struct moves_file *file = &folder->files[j];
            bool filed = file->put && place == PLACE_ORDINARY && !inbox;
            facts[file->message] |= (uint8_t)((file->deleted ? ALONE_ELSEWHERE : lies) | (file->seen ? ALONE_SEEN : 0)
                                              | (file->used || filed ? ALONE_USED : 0));
        }
    }
    return facts;
}

static bool is_left_alone(const struct moves_message *message, uint8_t facts)
{
    uint8_t lies = facts & (ALONE_ORDINARY | ALONE_JUNK | ALONE_ELSEWHERE);
    return (lies == ALONE_ORDINARY || lies == ALONE_JUNK) && !message->taught && !message->own && !message->weighed
           && message->since && message->lesson == BELIEF_NONE;
}

void moves_visit_left_alone(struct moves *moves, int64_t now, moves_ask *ask, void *context)
{
    uint8_t *facts = facts_of_files(moves);
    for (size_t i = 0; i < moves->count; i++) {
        struct moves_message *message = &moves->messages[i];
        if (!is_left_alone(message, facts[i]))
            continue;
        struct moves_left_alone left_alone = { .said = (enum said)message->said,
                                               .place = facts[i] & ALONE_JUNK ? PLACE_JUNK : PLACE_ORDINARY,
                                               .seen = facts[i] & ALONE_SEEN, .used = facts[i] & ALONE_USED,
                                               .junk_opened = facts[i] & ALONE_JUNK
                                                              && moves->junk_opened > message->since,
                                               .days = now / 86400 - (int64_t)message->since };
        enum belief lesson = ask(context, &left_alone);
        if (lesson != BELIEF_HAM && lesson != BELIEF_SPAM)
            continue;
        message->lesson = (uint8_t)lesson;
        message->implicit = true;
        moves->changed = true;
    }
    free(facts);
}

/* --- lessons ---------------------------------------------------------------------------------------------------- */

size_t moves_lesson_count(const struct moves *moves)
{
    size_t count = 0;
    for (size_t i = 0; i < moves->count; i++)
        count += moves->messages[i].lesson != BELIEF_NONE;
    return count;
}

enum belief moves_lesson_wanted(const struct moves *moves, size_t number)
{
    return number < moves->count ? (enum belief)moves->messages[number].lesson : BELIEF_NONE;
}

bool moves_lesson_is_implicit(const struct moves *moves, size_t number)
{
    return number < moves->count && moves->messages[number].implicit;
}

static void end_lesson(struct moves *moves, size_t number, bool weighed)
{
    struct moves_message *message = &moves->messages[number];
    message->weighed = message->weighed || (message->implicit && weighed);
    message->lesson = BELIEF_NONE;
    message->implicit = false;
    moves->changed = true;
}

void moves_lesson_done(struct moves *moves, size_t number)
{
    end_lesson(moves, number, true);
}

void moves_lesson_put_off(struct moves *moves, size_t number)
{
    end_lesson(moves, number, false);
}

struct lesson_visit {
    struct moves *moves;
    bool (*visit)(void *context, const struct moves_lesson *lesson);
    void *context;
    uint8_t *visited; /* by message */
};

static bool visit_message(struct lesson_visit *visit, size_t number, const char *path)
{
    const struct moves_message *message = &visit->moves->messages[number];
    struct moves_lesson lesson = { .number = number, .spam = message->lesson == BELIEF_SPAM, .path = path,
                                   .implicit = message->implicit };
    memcpy(lesson.fingerprint, message->fingerprint, 16);
    visit->visited[number] = true;
    return visit->visit(visit->context, &lesson);
}

static int compare_names(const void *a, const void *b)
{
    uint64_t left = ((const struct moves_file *)a)->name, right = ((const struct moves_file *)b)->name;
    return left < right ? -1 : left > right;
}

/* Where a folder cannot be listed just now, nobody can say of its messages that they are in no folder: they wait. */
static void put_off(struct lesson_visit *visit, const struct moves_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++)
        visit->visited[folder->files[i].message] = 1;
}

/* Goes through the names in cur/ or new/ for those of files whose messages are wanted. */
static bool visit_directory(struct lesson_visit *visit, const struct moves_folder *folder, const char *which)
{
    char directory_path[PATH_MAX], path[PATH_MAX];
    DIR *directory = NULL;
    if (file_join(directory_path, sizeof directory_path, folder->path, which))
        directory = opendir(directory_path);
    if (!directory) {
        if (errno != ENOENT)
            put_off(visit, folder);
        return true;
    }
    bool go_on = true;
    errno = 0;
    for (const struct dirent *entry; go_on && (entry = readdir(directory)); errno = 0) {
        struct moves_file key = { .name = moves_name_hash(maildir_name_read(entry->d_name).unique) };
        const struct moves_file *file = bsearch(&key, folder->files, folder->count, sizeof key, compare_names);
        if (file && visit->moves->messages[file->message].lesson != BELIEF_NONE && !visit->visited[file->message]
            && file_join(path, sizeof path, directory_path, entry->d_name))
            go_on = visit_message(visit, file->message, path);
    }
    if (go_on && errno != 0)
        put_off(visit, folder);
    closedir(directory);
    return go_on;
}

static bool has_wanted(const struct lesson_visit *visit, const struct moves_folder *folder)
{
    for (size_t i = 0; folder->path && i < folder->count; i++)
        if (visit->moves->messages[folder->files[i].message].lesson != BELIEF_NONE
            && !visit->visited[folder->files[i].message])
            return true;
    return false;
}

void moves_visit_lessons(struct moves *moves, bool (*visit)(void *context, const struct moves_lesson *lesson),
                         void *context)
{
    struct lesson_visit visits = { moves, visit, context, moves_allocate(NULL, moves->count, 1) };
    memset(visits.visited, 0, moves->count);
    bool go_on = true;
    for (size_t i = 0; go_on && i < moves->folder_count; i++)
        if (has_wanted(&visits, &moves->folders[i]))
            go_on = visit_directory(&visits, &moves->folders[i], "cur")
                    && visit_directory(&visits, &moves->folders[i], "new");
    for (size_t i = 0; go_on && i < moves->count; i++)
        if (moves->messages[i].lesson != BELIEF_NONE && !visits.visited[i])
            go_on = visit_message(&visits, i, NULL);
    free(visits.visited);
}
