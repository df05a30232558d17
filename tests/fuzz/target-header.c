/* target-header.c - the header of a message: its pieces make up the message, its values are what header_decode()
 * gives */
#include "config.h"

#include "fuzz.h"

#include "mail/header.h"
#include "util/limits.h"
#include "util/utf8.h"

/* From line, block, empty line and body lie one behind the other and are the whole message. */
static void check_tiling(const struct header *header, struct span message)
{
    const struct span pieces[] = { header->mbox_line, header->block, header->separator, header->body };
    size_t offset = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        fuzz_require(pieces[i].length == 0 || pieces[i].data == message.data + offset);
        offset += pieces[i].length;
    }
    fuzz_require(offset == message.length);
}

static void check_field(const struct header_field *field, const struct header *header, struct arena *arena)
{
    bool broken = false;
    fuzz_require(fuzz_is_within(field->name, header->block));
    fuzz_require(fuzz_is_within(field->raw, header->block));
    fuzz_require(field->name.length > 0);
    fuzz_require(utf8_is_valid(field->value));
    fuzz_require(span_find_byte(field->value, '\0') == field->value.length);
    fuzz_require(field->value.length <= LIMIT_FIELD_BYTES);
    fuzz_require(span_equal(field->value, span_trim(field->value)));
    fuzz_require(span_equal(header_decode(field->raw, arena, &broken), field->value));
    fuzz_require(broken == field->has_broken_encoded_word);
}

FUZZ_TARGET(header, "a header is split into fields, and these are decoded")
{
    struct header header;
    header_parse(input, arena, &header);
    check_tiling(&header, input);
    fuzz_require(header.count <= LIMIT_HEADER_FIELDS);
    for (size_t i = 0; i < header.count; i++)
        check_field(&header.fields[i], &header, arena);
    if (header.count) {
        char *name = fuzz_string(header.fields[0].name, arena);
        fuzz_require(!span_is(header.fields[0].name, name) || header_find(&header, name) == &header.fields[0]);
    }
}
