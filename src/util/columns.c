/* columns.c - how wide text is on a terminal */
#include "util/columns.h"

#include <uniwidth.h>

size_t columns_of(uint32_t code)
{
    int width = uc_width(code, "UTF-8");
    return width > 0 ? (size_t)width : 0;
}
