/* columns.c - how wide text is on a terminal */
#include "util/columns.h"

#include <uniwidth.h>

#include "util/utf8.h"

size_t columns_of(uint32_t code)
{
    int width = uc_width(code, "UTF-8");
    return width > 0 ? (size_t)width : 0;
}

size_t columns_of_text(struct span text)
{
    size_t columns = 0;
    for (size_t at = 0, size; at < text.length; at += size)
        columns += columns_of(utf8_decode(span_from(text, at), &size));
    return columns;
}
