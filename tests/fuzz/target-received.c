/* target-received.c - Received fields and dates; each line of the input is the value of one field */
#include "config.h"

#include "fuzz.h"

#include "mail/relay.h"
#include "util/buffer.h"
#include "util/limits.h"

static struct span as_header(struct span input, struct arena *arena)
{
    struct buffer text = buffer_new(arena, 2 * LIMIT_HEADER_BYTES);
    while (input.length && !text.truncated) {
        buffer_append_string(&text, "Received: ");
        buffer_append(&text, fuzz_take_line(&input));
        buffer_append_string(&text, "\n");
    }
    return buffer_span(&text);
}

/* No year outside of what a date can say: four digits, or two. */
static void check_date(int64_t date)
{
    fuzz_require(date == RELAY_NO_DATE || (date > -INT64_C(100000000000) && date < INT64_C(400000000000)));
}

FUZZ_TARGET(received, "the relay path is read out of Received fields")
{
    struct header header;
    size_t count = 0;
    header_parse(as_header(input, arena), arena, &header);
    const struct relay *relays = relay_parse(&header, arena, &count);
    fuzz_require(count <= LIMIT_RELAYS);
    for (size_t i = 0; i < count; i++) {
        fuzz_require(relays[i].ip.length < 64);
        check_date(relays[i].date);
    }
    check_date(relay_parse_date(input));
}
