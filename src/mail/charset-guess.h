/* charset-guess.h - text of East Asia that does not say its charset
 *
 * Mail in Chinese, Japanese and Korean often names no charset, or names the one its sender's program names always.
 * Read byte by byte such text has no words; read in any charset of two bytes a character that fits, it has.  What tells
 * these charsets from others and from each other is how their code pages are laid out: which bytes come in pairs, and
 * which rows the usual characters stand in (kana, Hangul, the 3,755 Chinese characters of daily use).
 */
#ifndef TAMIS_MAIL_CHARSET_GUESS_H
#define TAMIS_MAIL_CHARSET_GUESS_H

#include "util/span.h"

/* The charset, under the name iconv has for it (GB18030, BIG5-HKSCS, CP949, EUC-JP-MS or CP932), or NULL: not text of
 * East Asia, or too little to tell.  It is read up to CHARSET_GUESS_READS bytes behind the first that is not ASCII. */
const char *charset_guess(struct span bytes);

#define CHARSET_GUESS_READS 4096u

#endif
