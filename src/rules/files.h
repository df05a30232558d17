/* files.h - what a file is: by its name, and by its first bytes */
#ifndef TAMIS_RULES_FILES_H
#define TAMIS_RULES_FILES_H

#include <stdbool.h>

#include "util/span.h"

/* What a name's ending says a double click would do. */
enum file_ending {
    FILE_ENDING_OTHER,
    FILE_ENDING_PROGRAM, /* runs at once, on the system most people have */
    FILE_ENDING_UNSAFE,  /* runs or changes the system through another program, or points elsewhere */
    FILE_ENDING_MACROS,  /* a document that may bring programs with it */
    FILE_ENDING_DISK,    /* a disk image: opens as a drive, and what is inside loses the mark of having come by mail */
    FILE_ENDING_PAGE,    /* opens in the browser from the local disk: HTML and SVG */
    FILE_ENDING_ARCHIVE,
    FILE_ENDING_DOCUMENT, /* what people do send: a disguise for the ending behind it */
};

/* The last ending of a file name ("exe" of "a.pdf.exe"), without trailing dots and spaces, which Windows drops; empty
 * when there is none. */
struct span file_extension(struct span name);

enum file_ending file_ending(struct span extension);

/* What the first bytes say. */
enum file_kind {
    FILE_KIND_UNKNOWN,
    FILE_KIND_PROGRAM, /* PE or DOS "MZ", Windows shortcut, compiled help */
    FILE_KIND_ELF,
    FILE_KIND_ZIP,
    FILE_KIND_RAR,
    FILE_KIND_7Z,
    FILE_KIND_GZIP,
    FILE_KIND_PDF,
    FILE_KIND_OLE, /* old Office documents, .msi, .msg */
    FILE_KIND_RTF,
    FILE_KIND_IMAGE, /* GIF, JPEG, PNG, BMP, TIFF, WebP */
    FILE_KIND_HTML,
};

enum file_kind file_kind(struct span head);

/* "a program", "a ZIP archive"... */
const char *file_kind_name(enum file_kind kind);

#endif
