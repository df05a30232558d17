/* uuencode.h - files put into the text itself, "begin 644 name" to "end", as before MIME and against filters since
 *
 * Mail programs show such a file as an attachment and not as text; so does the view.
 */
#ifndef TAMIS_MAIL_UUENCODE_H
#define TAMIS_MAIL_UUENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/span.h"

struct uuencoded_file {
    struct span name;
    struct span lines; /* between "begin" and "end" */
    size_t start;      /* where the "begin" line starts in the text, and where what follows the "end" line does */
    size_t end;
};

/* Finds the first such file in `text` at or behind `offset`: a "begin" line with an octal mode and a name, and a first
 * line whose length is the one its first letter says (POSIX uuencode). */
bool uuencode_find(struct span text, size_t offset, struct uuencoded_file *file);

#endif
