/* correspondents-layout.h - the file of correspondents, byte for byte; for correspondents*.c only
 *
 *     head        64 bytes
 *     people      head.people records, in the order of their hashes
 *     messages    head.messages records, likewise
 *     files       head.files hashes of file names, likewise; read by gathering alone
 *     text        head.text_bytes: the people's mailboxes, one behind the other
 *
 * All numbers in the byte order of the machine: `magic` read on another kind of machine is another number, and such a
 * file starts anew, as does one of another version, of another length than its head says, or with another sum.
 * Gathering checks the sum; asking does not, because reading a megabyte for each message would cost more than all else
 * it asks: there each place is checked for its bounds, and a mailbox for its text, so that damage can hide somebody
 * and nothing worse.
 *
 * Hashes are seeded with a key of the file's own, so that nobody outside can make a Message-ID that collides.
 */
#ifndef TAMIS_SENDERS_CORRESPONDENTS_LAYOUT_H
#define TAMIS_SENDERS_CORRESPONDENTS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "senders/entry.h"
#include "util/hash.h"
#include "util/span.h"

#define CORRESPONDENTS_MAGIC UINT64_C(0x746e657373696d74) /* "tmissent" */
#define CORRESPONDENTS_VERSION 1
/* Larger than gathering ever makes it, so that a foreign file of that name costs nothing. */
#define CORRESPONDENTS_BYTES_MOST ((size_t)64 * 1024 * 1024)

struct layout_head {
    uint64_t magic;
    uint32_t version;
    uint32_t people, messages, files, text_bytes;
    uint32_t reserved[5];
    uint64_t key;
    uint64_t sum; /* hash of all behind the head, seeded with the key */
};

struct layout_person {
    uint64_t hash;
    uint32_t text, length; /* of the mailbox, in the text */
    uint32_t day;          /* of the last message to or from it, since 1970 */
    uint32_t sent_to, sent_from;
    uint32_t reserved;
};

struct layout_message {
    uint64_t hash;
    uint32_t day;
    uint32_t reserved;
};

_Static_assert(sizeof(struct layout_head) == 64, "the head as drawn");
_Static_assert(sizeof(struct layout_person) == 32, "no holes in a person");
_Static_assert(sizeof(struct layout_message) == 16, "no holes in a message");

/* How long a file with this head is. */
static inline uint64_t layout_length(const struct layout_head *head)
{
    return sizeof *head + (uint64_t)head->people * sizeof(struct layout_person) +
           (uint64_t)head->messages * sizeof(struct layout_message) + (uint64_t)head->files * sizeof(uint64_t) +
           head->text_bytes;
}

static inline uint64_t layout_people_at(void)
{
    return sizeof(struct layout_head);
}

static inline uint64_t layout_messages_at(const struct layout_head *head)
{
    return layout_people_at() + (uint64_t)head->people * sizeof(struct layout_person);
}

static inline uint64_t layout_files_at(const struct layout_head *head)
{
    return layout_messages_at(head) + (uint64_t)head->messages * sizeof(struct layout_message);
}

static inline uint64_t layout_text_at(const struct layout_head *head)
{
    return layout_files_at(head) + (uint64_t)head->files * sizeof(uint64_t);
}

/* Is it a whole file of ours, by its head? */
static inline bool layout_is_sound(struct span file)
{
    const struct layout_head *head = (const struct layout_head *)(const void *)file.data;
    return file.length >= sizeof *head && head->magic == CORRESPONDENTS_MAGIC &&
           head->version == CORRESPONDENTS_VERSION && layout_length(head) == file.length &&
           (head->reserved[0] | head->reserved[1] | head->reserved[2] | head->reserved[3] | head->reserved[4]) == 0;
}

/* And is all of it as it was written? */
static inline bool layout_is_whole(struct span file)
{
    const struct layout_head *head = (const struct layout_head *)(const void *)file.data;
    return layout_is_sound(file) &&
           hash_bytes(file.data + sizeof *head, file.length - sizeof *head, head->key) == head->sum;
}

/* The mailbox of a person in the file with this head; empty when its place is none in the text. */
static inline struct span layout_mailbox_of(const struct layout_head *head, const struct layout_person *person)
{
    if (person->text > head->text_bytes || person->length > head->text_bytes - person->text)
        return SPAN_EMPTY;
    return span_make((const char *)head + layout_text_at(head) + person->text, person->length);
}

/* A Message-ID as it is compared: without blanks and angle brackets around it. */
static inline struct span layout_identifier(struct span text)
{
    text = span_trim(text);
    if (text.length && text.data[0] == '<')
        text = span_from(text, 1);
    if (text.length && text.data[text.length - 1] == '>')
        text = span_head(text, text.length - 1);
    return text;
}

/* "Anna@Example.ORG" as it is compared, in `room`; empty when it is too long. */
static inline struct span layout_mailbox(struct span mailbox, char room[ENTRY_LONGEST])
{
    if (mailbox.length > ENTRY_LONGEST)
        return SPAN_EMPTY;
    for (size_t i = 0; i < mailbox.length; i++) {
        char byte = mailbox.data[i];
        room[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
    }
    return span_make(room, mailbox.length);
}

/* The user's own address: written from, and no more often to than from.  Copies to oneself are many; and mail of others
 * that got among the sent mail must not take a correspondent for the user. */
static inline bool layout_is_own(uint32_t sent_from, uint32_t sent_to)
{
    return sent_from > 0 && sent_from >= sent_to;
}

#endif
