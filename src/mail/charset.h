/* charset.h - the charsets mail uses: by which names, and how each is read
 *
 * A charset name in a message is the sender's choice, and opening a converter loads a shared object into the process;
 * so only the charsets listed in charset.c are known, under the names mail gives them (IANA's, and the wrong ones
 * that occur).  All single-byte ones are read by own tables: no library, no file access, 3 instructions a byte.
 */
#ifndef TAMIS_MAIL_CHARSET_H
#define TAMIS_MAIL_CHARSET_H

#include <stdbool.h>
#include <stdint.h>

#include "util/span.h"

enum charset_kind {
    CHARSET_UNKNOWN,
    CHARSET_UTF8,
    CHARSET_ASCII,       /* also what stands for "not known" in so many words: unknown-8bit, binary */
    CHARSET_SINGLE_BYTE, /* by the table `high` */
    CHARSET_UTF7,        /* RFC 2152 */
    CHARSET_UTF16,       /* RFC 2781, with or without byte order mark */
    CHARSET_UTF16_BIG,
    CHARSET_UTF16_LITTLE,
    CHARSET_HZ,          /* RFC 1843; glibc's iconv has none */
    CHARSET_ICONV        /* by iconv under the name `iconv_name` */
};

struct charset {
    enum charset_kind kind;
    const uint16_t *high;   /* CHARSET_SINGLE_BYTE: code points of the bytes 0x80 to 0xFF, 0xFFFD where there is none */
    const char *iconv_name; /* CHARSET_ICONV */
    bool named_by_default;  /* ISO-8859-1 and windows-1252: many programs name these whatever the text is in */
};

/* The charset of that name.  Case, punctuation, quotes, white space and an RFC 2231 language ("utf-8*en") do not
 * matter. */
struct charset charset_find(struct span name);

/* One byte of windows-1252 (WHATWG Encoding: its five undefined bytes are C1 controls), which is also what ISO-8859-1
 * means in mail, and what is left to read bytes as that fit nothing else. */
uint32_t charset_windows_1252(unsigned char byte);

#endif
