/* fingerprint.c - which message a file holds, and what tamis said of it at delivery: cheap, from its first bytes */
#include "config.h"

#include "mailbox/fingerprint.h"

#include <string.h>

#include "util/hash.h"

#define FIELD_BYTES ((size_t)2048) /* of one field, without its white space */

static const char *const field_names[] = { "Message-ID", "Date", "From", "Subject" };
#define FIELDS (sizeof field_names / sizeof *field_names)

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Copies `text` without its white space; gives the length. */
static size_t squeeze(struct span text, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < text.length && used < size; i++)
        if (!is_space(text.data[i]))
            out[used++] = text.data[i];
    return used;
}

static void hash_more(uint8_t bytes[16], const char *data, size_t length)
{
    hash_identity(data, length, hash_bytes(bytes, 16, length), bytes);
}

/* The first line of `text` with its end and the folded lines behind it. */
static struct span take_field(struct span *text)
{
    size_t length = 0;
    do {
        length += span_find_byte(span_from(*text, length), '\n') + 1;
    } while (length < text->length && (text->data[length] == ' ' || text->data[length] == '\t'));
    struct span field = span_head(*text, length);
    *text = span_from(*text, length);
    return field;
}

/* "id=..., verdict=spam, probability=..." or "unchecked, reason=...": header-fields.h.  Folding is white space. */
static enum said read_verdict(struct span value)
{
    static const struct {
        const char *text;
        enum said said;
    } words[] = { { "verdict=ham,", SAID_HAM }, { "verdict=unsure,", SAID_UNSURE }, { "verdict=spam,", SAID_SPAM } };
    char text[256];
    size_t length = squeeze(value, text, sizeof text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(text, length, words[i].text, strlen(words[i].text)))
            return words[i].said;
    return span_starts_nocase(span_make(text, length), "unchecked") ? SAID_UNSURE : SAID_NOTHING;
}

struct header_reading {
    struct span fields[FIELDS]; /* the first of each name */
    bool received, judged;      /* a field of that name has passed */
    enum said said;
};

static void read_field(struct span field, struct header_reading *reading)
{
    size_t colon = span_find_byte(field, ':');
    struct span name = span_trim(span_head(field, colon)), value = span_from(field, colon + 1);
    reading->received = reading->received || span_is_nocase(name, "Received");
    if (span_is_nocase(name, "X-Tamis") && !reading->received && !reading->judged) {
        reading->judged = true;
        reading->said = read_verdict(value);
    }
    for (size_t i = 0; i < FIELDS; i++)
        if (!reading->fields[i].data && span_is_nocase(name, field_names[i]))
            reading->fields[i] = value;
}

struct fingerprint fingerprint_of(struct span message)
{
    struct fingerprint fingerprint = { 0 };
    struct header_reading reading = { 0 };
    struct span rest = span_head(message, FINGERPRINT_READS);
    if (rest.length >= 5 && memcmp(rest.data, "From ", 5) == 0)
        rest = span_from(rest, span_find_byte(rest, '\n') + 1);
    size_t end = rest.length > FINGERPRINT_HEADER ? rest.length - FINGERPRINT_HEADER : 0;
    while (rest.length > end && span_trim(span_head(rest, span_find_byte(rest, '\n'))).length)
        read_field(take_field(&rest), &reading);

    char text[FINGERPRINT_BODY];
    for (size_t i = 0; i < FIELDS; i++)
        hash_more(fingerprint.bytes, text, squeeze(reading.fields[i], text, FIELD_BYTES));
    hash_more(fingerprint.bytes, text, squeeze(rest, text, sizeof text));
    fingerprint.said = reading.said;
    return fingerprint;
}
