/* correspondents-text.c - what is known of correspondents as text, for dump and load: tamis-store(5) */
#include "senders/correspondents-gathering.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "senders/correspondents-layout.h"

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
    struct known_person *person = mailbox.length ? gathering_person(gathering, mailbox) : NULL;
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
    lines->good = lines->good && !records_find(records, hash);
    return lines->good ? records_add(records, hash, gathering->arena) : NULL;
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
    struct correspondents_gathering *gathering = gathering_new(directory);
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
