/* letter.h - what a character outside ASCII is to the words of a text
 *
 *     LETTER_OF_WORD    letters, marks and digits of scripts that set words apart, and currency signs
 *     LETTER_ALONE      what says something by itself: Han, kana and Hangul (U+3001 to U+D7FF, and the Han of other
 *                       planes), and symbols, such as arrows and emoji
 *     LETTER_OF_RUN     letters and marks of scripts that write words without anything between them: Thai, Lao,
 *                       Myanmar, Khmer, New Tai Lue... (class SA of Unicode Standard Annex #14)
 *     LETTER_NONE       spaces, controls, punctuation (quotes and dashes too), what is not assigned
 *
 * By the general category (Unicode Standard, section 4.5), as libunistring has it.
 */
#ifndef TAMIS_UTIL_LETTER_H
#define TAMIS_UTIL_LETTER_H

#include <stdint.h>

enum letter { LETTER_NONE, LETTER_OF_WORD, LETTER_ALONE, LETTER_OF_RUN };

/* `code` from U+0080 on. */
enum letter letter_of(uint32_t code);

#endif
