/* detail.c - the particulars of a hit, safe to show anywhere */
#include "rules/detail.h"

#include "util/translate.h"
#include "util/utf8.h"

/* C0, DEL and C1 controls act on terminals; invisible and direction characters mislead the reader of the report as
 * well. */
static bool is_unsafe(uint32_t code)
{
    return utf8_is_control(code) || utf8_is_invisible(code);
}

void detail_quote(struct buffer *detail, struct span text)
{
    size_t end = detail->length + DETAIL_QUOTE;
    while (text.length) {
        if (detail->length >= end) {
            buffer_append_string(detail, "...");
            return;
        }
        size_t size;
        uint32_t code = utf8_decode(text, &size);
        if (is_unsafe(code))
            buffer_append_format(detail, "\\u{%04X}", (unsigned)code);
        else
            utf8_append(detail, code);
        text = span_from(text, size);
    }
}

void detail_say(struct buffer *detail, const char *format, struct span first, struct span second)
{
    struct span next[2] = { first, second };
    size_t used = 0;
    for (format = translate(format); *format; format++) {
        if (format[0] == '%' && format[1] == 's' && used < 2) {
            detail_quote(detail, next[used++]);
            format++;
        } else {
            buffer_append_byte(detail, *format);
        }
    }
}
