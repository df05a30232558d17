/* journal.c - the lessons since the last snapshot, each on the disk before it counts */
#include "config.h"

#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/record.h"
#include "util/file.h"
#include "util/hash.h"

#define RECORD_MAGIC 0x4C53534Eu
/* The journal is compacted at 1 MB, in bulk at 16; what is larger than this is not ours. */
#define JOURNAL_BYTES_MOST ((size_t)256 * 1024 * 1024)
/* LEB128 of 32 bits. */
#define NUMBER_BYTES_MOST 5

static const char journal_magic[8] = { 't', 'a', 'm', 'i', 's', 'j', 'n', 'l' };

struct journal_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t key, sequence, checksum;
};

struct record_header {
    uint32_t magic, length;
    uint64_t sequence, checksum;
};

static_assert(sizeof(struct journal_header) == JOURNAL_EMPTY_BYTES && sizeof(struct record_header) == 24,
              "drawn in record.h");

static uint64_t header_checksum(const struct journal_header *header)
{
    return hash_bytes(header, offsetof(struct journal_header, checksum), 0);
}

static uint64_t record_checksum(const struct record_header *header, const void *body, uint64_t key)
{
    return hash_bytes(body, header->length, hash_bytes(header, offsetof(struct record_header, checksum), key));
}

bool journal_begin(const struct directory *directory, uint64_t key, uint64_t sequence, uint64_t *bytes_r,
                   struct failure *failure)
{
    char path[PATH_MAX];
    struct journal_header header = { .version = RECORD_VERSION, .byte_order = RECORD_BYTE_ORDER, .key = key,
                                     .sequence = sequence };
    memcpy(header.magic, journal_magic, sizeof header.magic);
    header.checksum = header_checksum(&header);
    *bytes_r = sizeof header;
    return directory_join(directory, STORE_FILE_JOURNAL, path, sizeof path, failure) &&
           file_replace(path, span_make((const char *)&header, sizeof header), 0600, failure);
}

int journal_open(const struct directory *directory, struct failure *failure)
{
    return directory_open_file(directory, STORE_FILE_JOURNAL, O_WRONLY | O_APPEND, failure);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static unsigned char *put_number(unsigned char *at, uint32_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (unsigned char)(number | 0x80);
    *at++ = (unsigned char)number;
    return at;
}

static unsigned char *put_numbers(unsigned char *at, const uint32_t *numbers, size_t count)
{
    uint32_t last = 0;
    at = put_number(at, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        at = put_number(at, numbers[i] - last);
        last = numbers[i];
    }
    return at;
}

static unsigned char *put_lesson(unsigned char *at, const struct lesson *lesson)
{
    struct ledger_slot slot;
    ledger_pack(lesson->identity, &lesson->entry, &slot);
    *at++ = lesson->retract;
    memcpy(at, &slot, sizeof slot);
    at += sizeof slot;
    /* Features that were not stepped are not needed to do it again. */
    at = put_numbers(at, lesson->grams, lesson->entry.weight_step ? lesson->gram_count : 0);
    return put_numbers(at, lesson->pairs, lesson->entry.pair_step ? lesson->pair_count : 0);
}

static size_t bytes_at_most(const struct lesson *lessons, size_t count)
{
    size_t bytes = sizeof(struct record_header) + 1;
    for (size_t i = 0; i < count; i++)
        bytes += 1 + sizeof(struct ledger_slot) +
                 NUMBER_BYTES_MOST * (2 + lessons[i].gram_count + lessons[i].pair_count);
    return bytes;
}

static bool append_bytes(int fd, uint64_t *bytes, struct span record, bool durable, struct failure *failure)
{
    bool done = file_write_all(fd, record, failure);
    if (done && durable && fdatasync(fd) != 0)
        done = failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot put the journal on the disk");
    if (done)
        *bytes += record.length;
    else if (ftruncate(fd, (off_t)*bytes) != 0)
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the journal, nor cut off what was written");
    return done;
}

bool journal_append(int fd, uint64_t *bytes, uint64_t key, uint64_t sequence, const struct lesson *lessons,
                    size_t count, bool durable, struct failure *failure)
{
    unsigned char *record = malloc(bytes_at_most(lessons, count));
    if (!record)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for a lesson");
    unsigned char *body = record + sizeof(struct record_header), *at = body;
    *at++ = (unsigned char)count;
    for (size_t i = 0; i < count; i++)
        at = put_lesson(at, &lessons[i]);
    struct record_header header = { .magic = RECORD_MAGIC, .length = (uint32_t)(at - body), .sequence = sequence };
    header.checksum = record_checksum(&header, body, key);
    memcpy(record, &header, sizeof header);
    bool done = append_bytes(fd, bytes, span_make((const char *)record, (size_t)(at - record)), durable, failure);
    free(record);
    return done;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* What is left of a record, and room for its numbers: each takes a byte at least. */
struct reader {
    const unsigned char *at, *end;
    uint32_t *room;
};

static bool get_number(struct reader *reader, uint32_t *number)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 7 * NUMBER_BYTES_MOST && reader->at < reader->end; shift += 7) {
        unsigned char byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *number = (uint32_t)value;
            return value <= UINT32_MAX;
        }
    }
    return false;
}

static bool get_numbers(struct reader *reader, const uint32_t **numbers, size_t *count)
{
    uint32_t wanted, step, last = 0;
    if (!get_number(reader, &wanted) || wanted > (size_t)(reader->end - reader->at))
        return false;
    *numbers = reader->room;
    *count = wanted;
    for (uint32_t i = 0; i < wanted; i++) {
        if (!get_number(reader, &step))
            return false;
        last += step;
        *reader->room++ = last;
    }
    return true;
}

static bool get_lesson(struct reader *reader, struct lesson *lesson)
{
    struct ledger_slot slot;
    if ((size_t)(reader->end - reader->at) < 1 + sizeof slot)
        return false;
    lesson->retract = *reader->at++;
    memcpy(&slot, reader->at, sizeof slot);
    reader->at += sizeof slot;
    memset(lesson->identity, 0, sizeof lesson->identity);
    memcpy(lesson->identity, slot.identity, sizeof slot.identity);
    ledger_unpack(&slot, &lesson->entry);
    return get_numbers(reader, &lesson->grams, &lesson->gram_count) &&
           get_numbers(reader, &lesson->pairs, &lesson->pair_count);
}

/* Decodes the body of a record whose checksum is right; gives the number of lessons, 0 when it is not as drawn. */
static size_t get_lessons(const unsigned char *body, size_t length, uint32_t *room,
                          struct lesson lessons[JOURNAL_LESSONS_MOST])
{
    struct reader reader = { body, body + length, room };
    size_t count = length ? *reader.at++ : 0;
    if (count > JOURNAL_LESSONS_MOST)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (!get_lesson(&reader, &lessons[i]))
            return 0;
    return reader.at == reader.end ? count : 0;
}

struct replay {
    const unsigned char *bytes;
    size_t length;
    uint64_t key;
    uint64_t last; /* sequence of the last record that counted */
    journal_apply *apply;
    void *context;
    struct journal_found *found;
    uint32_t *room;
};

/* Is there a whole, sound record at `at`? */
static bool record_at(const struct replay *replay, size_t at, struct record_header *header)
{
    if (replay->length - at < sizeof *header)
        return false;
    memcpy(header, replay->bytes + at, sizeof *header);
    return header->magic == RECORD_MAGIC && header->length <= replay->length - at - sizeof *header &&
           header->checksum == record_checksum(header, replay->bytes + at + sizeof *header, replay->key);
}

static bool replay_record(struct replay *replay, const struct record_header *header, const unsigned char *body,
                          struct failure *failure)
{
    struct lesson lessons[JOURNAL_LESSONS_MOST];
    if (header->sequence <= replay->last)
        return true;
    replay->found->lost += header->sequence - replay->last - 1;
    replay->last = header->sequence;
    struct failure refused = { 0 };
    size_t count = get_lessons(body, header->length, replay->room, lessons);
    if (count && replay->apply(replay->context, header->sequence, lessons, count, &refused)) {
        replay->found->records++;
        return true;
    }
    replay->found->lost++;
    if (count && refused.kind != FAILURE_DEFECT) {
        *failure = refused;
        return false;
    }
    return true;
}

/* Goes through all records; where one is damaged, looks for the next sound one byte by byte. */
static bool replay_all(struct replay *replay, struct failure *failure)
{
    size_t at = sizeof(struct journal_header);
    struct record_header header;
    while (at < replay->length) {
        if (record_at(replay, at, &header)) {
            if (!replay_record(replay, &header, replay->bytes + at + sizeof header, failure))
                return false;
            at += sizeof header + header.length;
            replay->found->cut_short = false;
        } else {
            at++;
            replay->found->cut_short = true;
        }
    }
    return true;
}

static bool check_header(const struct file_bytes *bytes, uint64_t key, struct journal_header *header,
                         struct failure *failure)
{
    if (bytes->length < sizeof *header)
        return failure_set(failure, FAILURE_DAMAGED, "the journal is cut short: %zu bytes", bytes->length);
    memcpy(header, bytes->data, sizeof *header);
    if (memcmp(header->magic, journal_magic, sizeof header->magic) != 0)
        return failure_set(failure, FAILURE_DAMAGED, "the journal is not a journal");
    if (header->checksum != header_checksum(header))
        return failure_set(failure, FAILURE_DAMAGED, "the journal's header is damaged");
    if (header->version != RECORD_VERSION || header->byte_order != RECORD_BYTE_ORDER)
        return failure_set(failure, FAILURE_DAMAGED,
                           "the journal was written by version %u or on another kind of machine", header->version);
    return header->key == key || failure_set(failure, FAILURE_DAMAGED, "the journal belongs to another store");
}

static bool read_journal(const struct directory *directory, struct file_bytes *bytes, struct failure *failure)
{
    int fd = directory_open_file(directory, STORE_FILE_JOURNAL, O_RDONLY, failure);
    if (fd < 0)
        return false;
    bool done = file_read_descriptor(fd, JOURNAL_BYTES_MOST, bytes, failure);
    close(fd);
    return done;
}

bool journal_replay(const struct directory *directory, uint64_t key, uint64_t after, journal_apply *apply,
                    void *context, struct journal_found *found, struct failure *failure)
{
    struct file_bytes bytes;
    struct journal_header header;
    *found = (struct journal_found){ 0 };
    if (!read_journal(directory, &bytes, failure))
        return false;
    found->bytes = bytes.length;
    struct replay replay = { .bytes = (const unsigned char *)bytes.data, .length = bytes.length, .key = key,
                             .last = after, .apply = apply, .context = context, .found = found };
    bool done = check_header(&bytes, key, &header, failure);
    if (done && header.sequence > after)
        found->lost += header.sequence - after;
    if (done && header.sequence > after)
        replay.last = header.sequence;
    replay.room = done ? malloc(bytes.length * sizeof *replay.room) : NULL;
    if (done && !replay.room)
        done = failure_set(failure, FAILURE_TEMPORARY, "no memory for the journal");
    done = done && replay_all(&replay, failure);
    free(replay.room);
    file_bytes_free(&bytes);
    return done;
}
