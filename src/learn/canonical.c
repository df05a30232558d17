/* canonical.c - the one text that stands for a message */
#include "learn/canonical.h"

#include "learn/field-use.h"
#include "util/buffer.h"
#include "util/hash.h"
#include "util/utf8.h"

#define FILE_NAME_BYTES 100
#define HOST_BYTES 100

/* How many bytes stay as they are, at most so many: the first, and ASCII without controls and space behind it. */
static size_t plain_length(struct span text, size_t most)
{
    size_t length = 1, end = text.length < most ? text.length : most;
    while (length < end && (unsigned char)(text.data[length] - '!') <= '~' - '!')
        length++;
    return length;
}

/* Appends at most `most` bytes of `text` with white space folded to one space (one line end where there was one) and
 * without invisible characters. */
static void append_folded(struct buffer *out, struct span text, size_t most)
{
    size_t start = out->length;
    char pending = 0; /* white space seen and not yet written */
    while (text.length && out->length - start < most) {
        unsigned char byte = (unsigned char)text.data[0];
        size_t size;
        if (byte <= ' ') {
            pending = byte == '\n' || pending == '\n' ? '\n' : ' ';
            text = span_from(text, 1);
            continue;
        }
        if (byte >= 0x80) {
            uint32_t code = utf8_decode(text, &size);
            if (code == 0xA0)
                pending = pending ? pending : ' ';
            if (code == 0xA0 || utf8_is_invisible(code)) {
                text = span_from(text, size);
                continue;
            }
        }
        if (pending && out->length > start)
            buffer_append_byte(out, pending);
        pending = 0;
        if (byte < 0x80)
            size = plain_length(text, most - (out->length - start));
        buffer_append(out, span_head(text, size));
        text = span_from(text, size);
    }
}

/* One line of at most what is left of `*pool`. */
static void append_line(struct buffer *out, size_t *pool, struct span name, struct span value, size_t most)
{
    size_t start = out->length;
    append_folded(out, name, *pool);
    buffer_append_byte(out, ':');
    size_t used = out->length - start;
    if (used < *pool)
        append_folded(out, value, most < *pool - used ? most : *pool - used);
    buffer_append_byte(out, '\n');
    used = out->length - start;
    *pool -= used < *pool ? used : *pool;
}

/* The fields of one use, in their order. */
static void append_fields(struct buffer *out, size_t *pool, const struct header *header, const uint8_t *uses,
                          bool relays)
{
    for (size_t i = 0; i < header->count && *pool; i++) {
        const struct header_field *field = &header->fields[i];
        if (uses[i] == FIELD_LEFT_OUT || (uses[i] == FIELD_RELAY) != relays)
            continue;
        append_line(out, pool, field->name, uses[i] == FIELD_NAME_ONLY ? SPAN_EMPTY : field->value, CANON_VALUE_BYTES);
    }
}

static void append_header(struct buffer *out, const struct header *header, struct arena *arena)
{
    size_t pool = CANON_HEADER_BYTES;
    uint8_t *uses = arena_alloc(arena, header->count);
    for (size_t i = 0; i < header->count; i++)
        uses[i] = (uint8_t)field_use(header->fields[i].name);
    append_fields(out, &pool, header, uses, false);
    append_fields(out, &pool, header, uses, true);
    buffer_append_byte(out, '\n');
}

static void append_facts(struct buffer *out, const struct message *message)
{
    size_t pool = CANON_FACT_BYTES;
    for (size_t i = 0; i < message->part_count && pool; i++) {
        const struct part *part = &message->parts[i];
        append_line(out, &pool, span_of("part"), part->type, FILE_NAME_BYTES);
        if (part->encoding.length)
            append_line(out, &pool, span_of("encoding"), part->encoding, FILE_NAME_BYTES);
        if (part->file_name.length)
            append_line(out, &pool, span_of("file"), part->file_name, FILE_NAME_BYTES);
    }
    for (size_t i = 0; i < message->url_count && pool; i++) {
        struct span host = message->urls[i].host;
        if (host.length && !(i && span_equal(host, message->urls[i - 1].host)))
            append_line(out, &pool, span_of("url"), host, HOST_BYTES);
    }
}

static void hash_more(uint8_t identity[16], struct span text)
{
    hash_identity(text.data, text.length, hash_bytes(identity, 16, text.length), identity);
}

/* What nobody changes between first delivery and a later move into or out of Junk: four fields as sent, and the
 * visible text.  Relay fields stay out: a second hop may add one. */
static void identify(const struct message *message, struct span body, uint8_t identity[16])
{
    static const char *const names[] = { "Message-ID", "From", "Subject", "Date" };
    size_t length = body.length;
    memset(identity, 0, 16);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct span value = header_value(&message->header, names[i]);
        hash_more(identity, value);
        length += value.length;
    }
    hash_more(identity, body);
    if (length == 0) /* a header without these, and nothing else: not all such messages are one and the same */
        hash_more(identity, message->header.block);
}

void canonical_make(const struct message *message, struct arena *arena, struct canonical *canonical)
{
    struct buffer text = buffer_new(arena, CANON_HEADER_BYTES + CANON_FACT_BYTES + CANON_BODY_BYTES +
                                    3 * CANON_VALUE_BYTES);
    append_header(&text, &message->header, arena);
    append_facts(&text, message);
    size_t body_start = text.length;
    append_folded(&text, message->visible_text, CANON_BODY_BYTES);
    struct buffer hidden = buffer_new(arena, CANON_HIDDEN_BYTES + 8);
    append_folded(&hidden, message->hidden_text, CANON_HIDDEN_BYTES);

    size_t body_length = text.length - body_start;
    *canonical = (struct canonical){
        .text = buffer_span(&text),
        .body_start = body_start,
        .short_length = body_start + (body_length < CANON_SHORT_BODY_BYTES ? body_length : CANON_SHORT_BODY_BYTES),
        .hidden = buffer_span(&hidden),
    };
    identify(message, span_from(canonical->text, body_start), canonical->identity);
}
