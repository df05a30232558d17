/* correspondents-gathering.c - adds sent messages to what is known of correspondents, and writes the file anew */
#include "senders/correspondents.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "senders/correspondents-layout.h"
#include "util/buffer.h"
#include "util/file.h"

#define SECONDS_A_DAY 86400
/* What gathering holds in memory: some 200 bytes for each person, message and file. */
#define GATHERING_BYTES ((size_t)512 * 1024 * 1024)

struct known_person {
    uint64_t hash;
    struct span mailbox;
    uint32_t day, sent_to, sent_from;
};

struct known_message {
    uint64_t hash;
    uint32_t day;
};

struct known_file {
    uint64_t hash;
    bool present; /* asked for in this run */
};

/* Records that begin with their hashes, in the order they came, and a table to find them by. */
struct records {
    char *items;
    size_t size, count, capacity;
    uint32_t *slots; /* number of the item plus one; 0: free */
    size_t slot_count; /* a power of two, at least twice the capacity */
};

struct correspondents_gathering {
    struct arena *arena;
    const char *directory;
    uint64_t key;
    struct records people, messages, files;
    uint32_t oldest_day; /* messages of that day and before are known, seen or not: memory was full */
    bool changed;
};

/* --- records ---------------------------------------------------------------------------------------------------- */

static uint64_t hash_of_item(const struct records *records, size_t number)
{
    uint64_t hash;
    memcpy(&hash, records->items + number * records->size, sizeof hash);
    return hash;
}

/* Where the hash stands in the table, or would stand. */
static size_t slot_of(const struct records *records, uint64_t hash)
{
    size_t slot = (size_t)hash & (records->slot_count - 1);
    while (records->slots[slot] && hash_of_item(records, records->slots[slot] - 1) != hash)
        slot = (slot + 1) & (records->slot_count - 1);
    return slot;
}

static void *find_record(const struct records *records, uint64_t hash)
{
    size_t slot = records->slot_count ? slot_of(records, hash) : 0;
    bool found = records->slot_count && records->slots[slot];
    return found ? records->items + (records->slots[slot] - 1) * records->size : NULL;
}

static void grow(struct records *records, struct arena *arena)
{
    size_t capacity = records->capacity ? records->capacity * 2 : 1024;
    char *items = arena_alloc_array(arena, capacity, records->size);
    if (records->count)
        memcpy(items, records->items, records->count * records->size);
    records->items = items;
    records->capacity = capacity;
    records->slot_count = capacity * 2;
    records->slots = arena_new_array(arena, uint32_t, records->slot_count);
    for (size_t i = 0; i < records->count; i++)
        records->slots[slot_of(records, hash_of_item(records, i))] = (uint32_t)i + 1;
}

/* A new record, zeroed but for its hash, which no other has. */
static void *add_record(struct records *records, uint64_t hash, struct arena *arena)
{
    if (records->count == records->capacity)
        grow(records, arena);
    char *item = records->items + records->count * records->size;
    memcpy(item, &hash, sizeof hash);
    records->slots[slot_of(records, hash)] = (uint32_t)++records->count;
    return item;
}

/* --- from the file ---------------------------------------------------------------------------------------------- */

static void load_people(struct correspondents_gathering *gathering, const struct layout_head *head, const char *file)
{
    const struct layout_person *people = (const void *)(file + layout_people_at());
    for (size_t i = 0; i < head->people; i++) {
        const struct layout_person *person = &people[i];
        struct span mailbox = layout_mailbox_of(head, person);
        if (mailbox.length == 0 || find_record(&gathering->people, person->hash))
            continue;
        struct known_person *known = add_record(&gathering->people, person->hash, gathering->arena);
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
        if (find_record(&gathering->messages, messages[i].hash))
            continue;
        struct known_message *known = add_record(&gathering->messages, messages[i].hash, gathering->arena);
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
        if (!find_record(&gathering->files, hash))
            add_record(&gathering->files, hash, gathering->arena);
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

static struct correspondents_gathering *new_gathering(const char *directory)
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
    struct correspondents_gathering *gathering = new_gathering(directory);
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
    struct known_file *file = find_record(&gathering->files, hash_bytes(name.data, name.length, gathering->key));
    if (file)
        file->present = true;
    return file != NULL;
}

void correspondents_file_done(struct correspondents_gathering *gathering, struct span name)
{
    if (correspondents_file_is_known(gathering, name))
        return;
    uint64_t hash = hash_bytes(name.data, name.length, gathering->key);
    struct known_file *file = add_record(&gathering->files, hash, gathering->arena);
    file->present = true;
    gathering->changed = true;
}

static struct known_person *person_of(struct correspondents_gathering *gathering, struct span text)
{
    char lower[ENTRY_LONGEST];
    struct span mailbox = layout_mailbox(text, lower);
    if (mailbox.length == 0)
        return NULL;
    uint64_t hash = hash_bytes(mailbox.data, mailbox.length, gathering->key);
    struct known_person *person = find_record(&gathering->people, hash);
    if (person)
        return span_equal(person->mailbox, mailbox) ? person : NULL;
    person = add_record(&gathering->people, hash, gathering->arena);
    person->mailbox = arena_copy(gathering->arena, mailbox);
    return person;
}

static void count_person(struct correspondents_gathering *gathering, struct span mailbox, bool is_sender, uint32_t day)
{
    struct known_person *person = person_of(gathering, mailbox);
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
        find_record(&gathering->messages, hash) || (gathering->oldest_day && day <= gathering->oldest_day))
        return false;
    struct known_message *known = add_record(&gathering->messages, hash, gathering->arena);
    known->day = day;
    for (size_t i = 0; i < message->from_count; i++)
        count_person(gathering, message->from[i], true, day);
    for (size_t i = 0; i < message->to_count && i < CORRESPONDENTS_OF_ONE_MESSAGE; i++)
        count_person(gathering, message->to[i], false, day);
    gathering->changed = true;
    return true;
}

/* --- to the file ------------------------------------------------------------------------------------------------ */

static int by_hash(const void *left, const void *right)
{
    uint64_t a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return a < b ? -1 : a > b;
}

/* Newest first; the user's own addresses before all, because the others are told apart by them. */
static int by_use(const void *left, const void *right)
{
    const struct known_person *a = left, *b = right;
    bool own_a = layout_is_own(a->sent_from, a->sent_to), own_b = layout_is_own(b->sent_from, b->sent_to);
    if (own_a != own_b)
        return own_a ? -1 : 1;
    return a->day != b->day ? (a->day > b->day ? -1 : 1) : by_hash(left, right);
}

static int by_newest(const void *left, const void *right)
{
    const struct known_message *a = left, *b = right;
    return a->day != b->day ? (a->day > b->day ? -1 : 1) : by_hash(left, right);
}

/* Leaves the first `most` in the order `compare`, and these in the order of their hashes. */
static void keep_best(struct records *records, size_t most, int (*compare)(const void *, const void *))
{
    if (records->count > most) {
        qsort(records->items, records->count, records->size, compare);
        records->count = most;
    }
    if (records->count)
        qsort(records->items, records->count, records->size, by_hash);
    /* Who goes on adding looks things up. */
    if (records->slot_count)
        memset(records->slots, 0, records->slot_count * sizeof *records->slots);
    for (size_t i = 0; i < records->count; i++)
        records->slots[slot_of(records, hash_of_item(records, i))] = (uint32_t)i + 1;
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
    keep_best(&gathering->people, CORRESPONDENTS_MOST, by_use);
    keep_best(&gathering->messages, CORRESPONDENTS_MESSAGES_MOST, by_newest);
    keep_best(&gathering->files, CORRESPONDENTS_FILES_MOST, by_hash);
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

/* --- to text and back ------------------------------------------------------------------------------------------- */

bool correspondents_are_none(const struct correspondents_gathering *gathering)
{
    return gathering->people.count + gathering->messages.count + gathering->files.count == 0;
}

/* Bytes that are no printable ASCII, blanks and '%' as %XX: a mailbox is one word. */
static void write_mailbox(struct span mailbox, FILE *out)
{
    for (size_t i = 0; i < mailbox.length; i++) {
        unsigned char byte = (unsigned char)mailbox.data[i];
        if (byte > ' ' && byte < 0x7F && byte != '%')
            fputc(byte, out);
        else
            fprintf(out, "%%%02x", byte);
    }
}

void correspondents_write_text(const struct correspondents_gathering *gathering, FILE *out)
{
    const struct known_person *people = (const void *)gathering->people.items;
    const struct known_message *messages = (const void *)gathering->messages.items;
    const struct known_file *files = (const void *)gathering->files.items;
    fprintf(out, "tamis-correspondents %d\ncorrespondents-key %016" PRIx64 "\n", CORRESPONDENTS_VERSION,
            gathering->key);
    for (size_t i = 0; i < gathering->people.count; i++) {
        fputs("person ", out);
        write_mailbox(people[i].mailbox, out);
        fprintf(out, " %" PRIu32 " %" PRIu32 " %" PRIu32 "\n", people[i].day, people[i].sent_to, people[i].sent_from);
    }
    for (size_t i = 0; i < gathering->messages.count; i++)
        fprintf(out, "message %016" PRIx64 " %" PRIu32 "\n", messages[i].hash, messages[i].day);
    for (size_t i = 0; i < gathering->files.count; i++)
        fprintf(out, "file %016" PRIx64 "\n", files[i].hash);
    fprintf(out, "end %zu\n", 2 + gathering->people.count + gathering->messages.count + gathering->files.count);
}

/* The mailbox of a word; empty when it is none. */
static struct span read_mailbox(const char *word, char room[ENTRY_LONGEST])
{
    size_t length = 0;
    for (; *word && length < ENTRY_LONGEST; length++) {
        char digits[3] = { word[0] == '%' ? word[1] : '\0', word[0] == '%' && word[1] ? word[2] : '\0', '\0' };
        if (*word == '%' && strspn(digits, "0123456789abcdef") != 2)
            return SPAN_EMPTY;
        room[length] = *word == '%' ? (char)strtoul(digits, NULL, 16) : *word;
        word += *word == '%' ? 3 : 1;
    }
    return *word ? SPAN_EMPTY : span_make(room, length);
}

static void read_person(struct correspondents_gathering *gathering, struct text_lines *lines)
{
    char room[ENTRY_LONGEST];
    struct span mailbox = read_mailbox(text_lines_word(lines), room);
    size_t before = gathering->people.count;
    struct known_person *person = mailbox.length ? person_of(gathering, mailbox) : NULL;
    if (!person || gathering->people.count == before) {
        lines->good = false;
        return;
    }
    person->day = (uint32_t)text_lines_number(lines, 0, UINT32_MAX);
    person->sent_to = (uint32_t)text_lines_number(lines, 0, UINT32_MAX);
    person->sent_from = (uint32_t)text_lines_number(lines, 0, UINT32_MAX);
}

/* A new record of the hash that comes next; NULL, and the line is bad, when there is one. */
static void *read_record(struct correspondents_gathering *gathering, struct records *records, struct text_lines *lines)
{
    uint64_t hash = text_lines_hexadecimal(lines, 16);
    lines->good = lines->good && !find_record(records, hash);
    return lines->good ? add_record(records, hash, gathering->arena) : NULL;
}

static bool read_text_line(struct correspondents_gathering *gathering, struct text_lines *lines, uint64_t first,
                           bool *ended)
{
    const char *word = text_lines_word(lines);
    bool has_key = lines->number > first + 1;
    if (strcmp(word, "correspondents-key") == 0 && !has_key) {
        gathering->key = text_lines_hexadecimal(lines, 16);
        has_key = true;
    } else if (strcmp(word, "person") == 0) {
        read_person(gathering, lines);
    } else if (strcmp(word, "message") == 0) {
        struct known_message *message = read_record(gathering, &gathering->messages, lines);
        uint32_t day = (uint32_t)text_lines_number(lines, 0, UINT32_MAX);
        if (message)
            message->day = day;
    } else if (strcmp(word, "file") == 0) {
        read_record(gathering, &gathering->files, lines);
    } else {
        *ended = strcmp(word, "end") == 0;
        return *ended && (uint64_t)text_lines_number(lines, 0, INT64_MAX) == lines->number - first &&
               text_lines_done(lines);
    }
    return has_key && text_lines_done(lines);
}

struct correspondents_gathering *correspondents_read_text(struct text_lines *lines, const char *directory,
                                                          struct failure *failure)
{
    struct correspondents_gathering *gathering = new_gathering(directory);
    uint64_t first = lines->number;
    bool good = true, ended = false;
    while (good && !ended)
        good = text_lines_next(lines) && read_text_line(gathering, lines, first, &ended);
    gathering->changed = true;
    if (!good) {
        text_lines_fail(lines, "correspondents", failure);
        correspondents_gather_end(&gathering);
    }
    return gathering;
}
