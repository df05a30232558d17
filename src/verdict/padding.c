/* padding.c - long runs of characters that nobody sees, said in a few words */
#include "config.h"

#include "verdict/padding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/translate.h"
#include "util/utf8.h"

static bool is_blank(uint32_t code)
{
    return code == ' ' || code == '\t' || code == '\n' || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) ||
           code == 0x202F || code == 0x3000;
}

/* The bytes from the start of `text`, where an invisible character stands, to the end of the last one that nothing but
 * blanks part from it; `*count` of them. */
static size_t run_length(struct span text, size_t *count)
{
    size_t length = 0, size;
    *count = 0;
    for (size_t at = 0; at < text.length; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        if (utf8_is_invisible(code)) {
            length = at + size;
            ++*count;
        } else if (!is_blank(code)) {
            break;
        }
    }
    return length;
}

struct span padding_shortened(struct span text, struct arena *arena)
{
    if (utf8_is_ascii(text))
        return text;
    struct buffer out = buffer_new(arena, 2 * text.length + 64); /* in any language */
    size_t kept = 0;
    for (size_t at = 0, size; at < text.length; at += size) {
        size_t count;
        if (!utf8_is_invisible(utf8_decode(span_from(text, at), &size)))
            continue;
        size = run_length(span_from(text, at), &count);
        if (count < PADDING_LEAST)
            continue;
        buffer_append(&out, span_make(text.data + kept, at - kept));
        buffer_append_format(&out, translate_count("[%zu invisible character]", "[%zu invisible characters]", count),
                             count);
        kept = at + size;
    }
    if (kept == 0)
        return text;
    buffer_append(&out, span_from(text, kept));
    return buffer_span(&out);
}
