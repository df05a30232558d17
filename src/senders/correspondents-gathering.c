/* correspondents-gathering.c - adds sent messages to what is known of correspondents */
#include "senders/correspondents-gathering.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "senders/correspondents-layout.h"
#include "util/file.h"

#define SECONDS_A_DAY 86400
/* What gathering holds in memory: some 200 bytes for each person, message and file. */
#define GATHERING_BYTES ((size_t)512 * 1024 * 1024)

/* --- from the file ---------------------------------------------------------------------------------------------- */

static void load_people(struct correspondents_gathering *gathering, const struct layout_head *head, const char *file)
{
    const struct layout_person *people = (const void *)(file + layout_people_at());
    for (size_t i = 0; i < head->people; i++) {
        const struct layout_person *person = &people[i];
        struct span mailbox = layout_mailbox_of(head, person);
        if (mailbox.length == 0 || records_find(&gathering->people, person->hash))
            continue;
        struct known_person *known = records_add(&gathering->people, person->hash, gathering->arena);
        known->mailbox = arena_copy(gathering->arena, mailbox);
        known->day = person->day;
        known->sent_to = person->sent_to;
        known->sent_from = person->sent_from;
    }
}

static void load_messages(struct correspondents_gathering *gathering, const struct layout_head *head, const char *file)
{
    const struct layout_message *messages = (const void *)(file + layout_messages_at(head));
    uint32_t oldest = UINT32_MAX;
    for (size_t i = 0; i < head->messages; i++) {
        if (records_find(&gathering->messages, messages[i].hash))
            continue;
        struct known_message *known = records_add(&gathering->messages, messages[i].hash, gathering->arena);
        known->day = messages[i].day;
        oldest = messages[i].day < oldest ? messages[i].day : oldest;
    }
    if (head->messages >= CORRESPONDENTS_MESSAGES_MOST)
        gathering->oldest_day = oldest;
}

static void load_files(struct correspondents_gathering *gathering, const struct layout_head *head, const char *file)
{
    for (size_t i = 0; i < head->files; i++) {
        uint64_t hash;
        memcpy(&hash, file + layout_files_at(head) + i * sizeof hash, sizeof hash);
        if (!records_find(&gathering->files, hash))
            records_add(&gathering->files, hash, gathering->arena);
    }
}

static bool load(struct correspondents_gathering *gathering, struct span file)
{
    const struct layout_head *head = (const void *)file.data;
    if (!layout_is_whole(file))
        return false;
    gathering->key = head->key;
    load_people(gathering, head, file.data);
    load_messages(gathering, head, file.data);
    load_files(gathering, head, file.data);
    return true;
}

struct correspondents_gathering *gathering_new(const char *directory)
{
    struct arena *arena = arena_new(GATHERING_BYTES);
    struct correspondents_gathering *gathering = arena_new_object(arena, struct correspondents_gathering);
    gathering->arena = arena;
    gathering->directory = arena_copy(arena, span_of(directory)).data;
    gathering->key = hash_new_key();
    gathering->people.size = sizeof(struct known_person);
    gathering->messages.size = sizeof(struct known_message);
    gathering->files.size = sizeof(struct known_file);
    return gathering;
}

struct correspondents_gathering *correspondents_gather(const char *directory, struct failure *failure)
{
    struct correspondents_gathering *gathering = gathering_new(directory);
    char path[PATH_MAX];
    struct failure why = { 0 };
    struct file_bytes bytes = { 0 };
    if (!file_join(path, sizeof path, directory, CORRESPONDENTS_FILE))
        return gathering;
    if (!file_read(path, CORRESPONDENTS_BYTES_MOST, &bytes, &why)) {
        if (errno != ENOENT && failure)
            *failure = why;
    } else if (!load(gathering, span_make(bytes.data, bytes.length)))
        failure_set(failure, FAILURE_DAMAGED, "%s is damaged or of another version: it is made anew", path);
    file_bytes_free(&bytes);
    return gathering;
}

void correspondents_gather_end(struct correspondents_gathering **gathering)
{
    if (*gathering)
        arena_free((*gathering)->arena);
    *gathering = NULL;
}

/* --- adding ----------------------------------------------------------------------------------------------------- */

bool correspondents_file_is_known(struct correspondents_gathering *gathering, struct span name)
{
    struct known_file *file = records_find(&gathering->files, hash_bytes(name.data, name.length, gathering->key));
    if (file)
        file->present = true;
    return file != NULL;
}

void correspondents_file_done(struct correspondents_gathering *gathering, struct span name)
{
    if (correspondents_file_is_known(gathering, name))
        return;
    uint64_t hash = hash_bytes(name.data, name.length, gathering->key);
    struct known_file *file = records_add(&gathering->files, hash, gathering->arena);
    file->present = true;
    gathering->changed = true;
}

struct known_person *gathering_person(struct correspondents_gathering *gathering, struct span text)
{
    char lower[ENTRY_LONGEST];
    struct span mailbox = layout_mailbox(text, lower);
    if (mailbox.length == 0)
        return NULL;
    uint64_t hash = hash_bytes(mailbox.data, mailbox.length, gathering->key);
    struct known_person *person = records_find(&gathering->people, hash);
    if (person)
        return span_equal(person->mailbox, mailbox) ? person : NULL;
    person = records_add(&gathering->people, hash, gathering->arena);
    person->mailbox = arena_copy(gathering->arena, mailbox);
    return person;
}

static void count_person(struct correspondents_gathering *gathering, struct span mailbox, bool is_sender, uint32_t day)
{
    struct known_person *person = gathering_person(gathering, mailbox);
    if (!person)
        return;
    uint32_t *count = is_sender ? &person->sent_from : &person->sent_to;
    *count += *count < UINT32_MAX;
    if (person->day < day)
        person->day = day;
}

bool correspondents_add(struct correspondents_gathering *gathering, const struct sent_message *message)
{
    struct span identity = layout_identifier(message->identity);
    uint64_t hash = hash_bytes(identity.data, identity.length, gathering->key);
    uint32_t day = message->time > 0 ? (uint32_t)(message->time / SECONDS_A_DAY) : 0;
    if (identity.length == 0 || identity.length > CORRESPONDENTS_IDENTIFIER ||
        records_find(&gathering->messages, hash) || (gathering->oldest_day && day <= gathering->oldest_day))
        return false;
    struct known_message *known = records_add(&gathering->messages, hash, gathering->arena);
    known->day = day;
    for (size_t i = 0; i < message->from_count; i++)
        count_person(gathering, message->from[i], true, day);
    for (size_t i = 0; i < message->to_count && i < CORRESPONDENTS_OF_ONE_MESSAGE; i++)
        count_person(gathering, message->to[i], false, day);
    gathering->changed = true;
    return true;
}
