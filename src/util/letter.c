/* letter.c - what a character outside ASCII is to the words of a text */
#include "util/letter.h"

#include <stdbool.h>
#include <stddef.h>
#include <unictype.h>

struct range {
    uint32_t first, last;
};

/* Blocks with letters of class SA (LineBreak.txt of Unicode 15). */
static const struct range without_spaces[] = {
    { 0x0E00, 0x0EFF },   /* Thai, Lao */
    { 0x1000, 0x109F },   /* Myanmar */
    { 0x1780, 0x17FF },   /* Khmer */
    { 0x1950, 0x19DF },   /* Tai Le, New Tai Lue */
    { 0x1A20, 0x1AAF },   /* Tai Tham */
    { 0xA9E0, 0xA9FF },   /* Myanmar Extended-B */
    { 0xAA60, 0xAADF },   /* Myanmar Extended-A, Tai Viet */
    { 0x11700, 0x1174F }, /* Ahom */
};

/* Before them stand Latin, Greek, Cyrillic, Hebrew, Arabic and the scripts of India. */
#define FIRST_WITHOUT_SPACES 0x0E00

static bool has_no_spaces(uint32_t code)
{
    if (code < FIRST_WITHOUT_SPACES)
        return false;
    for (size_t i = 0; i < sizeof without_spaces / sizeof *without_spaces; i++)
        if (code <= without_spaces[i].last)
            return code >= without_spaces[i].first;
    return false;
}

static bool stands_alone(uint32_t code)
{
    return (code > 0x3000 && code <= 0xD7FF) || (code >= 0xF900 && code <= 0xFAFF)
        || (code >= 0x20000 && code < 0x40000);
}

enum letter letter_of(uint32_t code)
{
    if (uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Z))
        return LETTER_NONE;
    if (has_no_spaces(code) && uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M))
        return LETTER_OF_RUN;
    if (stands_alone(code))
        return LETTER_ALONE;
    if (uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N |
                                                   UC_CATEGORY_MASK_Sc))
        return LETTER_OF_WORD;
    return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_S) ? LETTER_ALONE : LETTER_NONE;
}
