/* correspondents-saving.c - writes what was gathered of correspondents, the best of it, as a file */
#include "senders/correspondents-gathering.h"

#include <limits.h>
#include <string.h>

#include "senders/correspondents-layout.h"
#include "util/buffer.h"
#include "util/file.h"

/* Newest first; the user's own addresses before all, because the others are told apart by them. */
static int by_use(const void *left, const void *right)
{
    const struct known_person *a = left, *b = right;
    bool own_a = layout_is_own(a->sent_from, a->sent_to), own_b = layout_is_own(b->sent_from, b->sent_to);
    if (own_a != own_b)
        return own_a ? -1 : 1;
    return a->day != b->day ? (a->day > b->day ? -1 : 1) : records_by_hash(left, right);
}

static int by_newest(const void *left, const void *right)
{
    const struct known_message *a = left, *b = right;
    return a->day != b->day ? (a->day > b->day ? -1 : 1) : records_by_hash(left, right);
}

static void forget_absent_files(struct correspondents_gathering *gathering)
{
    struct known_file *files = (void *)gathering->files.items;
    size_t kept = 0;
    for (size_t i = 0; i < gathering->files.count; i++)
        if (files[i].present)
            files[kept++] = files[i];
    gathering->changed = gathering->changed || kept != gathering->files.count;
    gathering->files.count = kept;
}

static void append_bytes(struct buffer *out, const void *bytes, size_t length)
{
    buffer_append(out, span_make(bytes, length));
}

static void write_people(const struct records *records, struct buffer *out)
{
    const struct known_person *people = (const void *)records->items;
    uint32_t text = 0;
    for (size_t i = 0; i < records->count; i++) {
        struct layout_person person = { .hash = people[i].hash,
                                        .text = text,
                                        .length = (uint32_t)people[i].mailbox.length,
                                        .day = people[i].day,
                                        .sent_to = people[i].sent_to,
                                        .sent_from = people[i].sent_from };
        text += person.length;
        append_bytes(out, &person, sizeof person);
    }
}

static void write_all(const struct correspondents_gathering *gathering, struct layout_head *head, struct buffer *out)
{
    const struct known_person *people = (const void *)gathering->people.items;
    const struct known_message *messages = (const void *)gathering->messages.items;
    const struct known_file *files = (const void *)gathering->files.items;
    append_bytes(out, head, sizeof *head);
    write_people(&gathering->people, out);
    for (size_t i = 0; i < gathering->messages.count; i++) {
        struct layout_message message = { .hash = messages[i].hash, .day = messages[i].day };
        append_bytes(out, &message, sizeof message);
    }
    for (size_t i = 0; i < gathering->files.count; i++)
        append_bytes(out, &files[i].hash, sizeof files[i].hash);
    for (size_t i = 0; i < gathering->people.count; i++)
        buffer_append(out, people[i].mailbox);
    head->sum = hash_bytes(out->data + sizeof *head, out->length - sizeof *head, head->key);
    memcpy(out->data, head, sizeof *head);
}

static uint32_t text_bytes(const struct records *records)
{
    const struct known_person *people = (const void *)records->items;
    size_t bytes = 0;
    for (size_t i = 0; i < records->count; i++)
        bytes += people[i].mailbox.length;
    return (uint32_t)bytes;
}

bool correspondents_save(struct correspondents_gathering *gathering, bool forget_files, struct failure *failure)
{
    char path[PATH_MAX];
    if (forget_files)
        forget_absent_files(gathering);
    if (!gathering->changed)
        return true;
    records_keep_best(&gathering->people, CORRESPONDENTS_MOST, by_use);
    records_keep_best(&gathering->messages, CORRESPONDENTS_MESSAGES_MOST, by_newest);
    records_keep_best(&gathering->files, CORRESPONDENTS_FILES_MOST, records_by_hash);
    struct layout_head head = { .magic = CORRESPONDENTS_MAGIC,
                                .version = CORRESPONDENTS_VERSION,
                                .people = (uint32_t)gathering->people.count,
                                .messages = (uint32_t)gathering->messages.count,
                                .files = (uint32_t)gathering->files.count,
                                .text_bytes = text_bytes(&gathering->people),
                                .key = gathering->key };
    struct buffer out = buffer_new(gathering->arena, CORRESPONDENTS_BYTES_MOST);
    write_all(gathering, &head, &out);
    if (!file_join(path, sizeof path, gathering->directory, CORRESPONDENTS_FILE))
        return failure_set(failure, FAILURE_CONFIGURATION, "the path of %s is too long", CORRESPONDENTS_FILE);
    bool saved = file_make_directories(gathering->directory, 0700, failure) &&
                 file_replace(path, buffer_span(&out), 0600, failure);
    gathering->changed = !saved;
    return saved;
}
