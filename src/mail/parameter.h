/* parameter.h - values with parameters: Content-Type and Content-Disposition
 *
 * RFC 2045 section 5.1 and RFC 2183 with the continuations and charsets of RFC 2231, read as mail programs read what
 * is really sent: missing semicolons, unquoted file names with spaces, encoded-words inside quotes (forbidden by RFC
 * 2047 section 5, and everywhere), unescaped backslashes of Windows paths, comments.  Linear time, no recursion, at
 * most PARAMETER_LIMIT parameters.
 */
#ifndef TAMIS_MAIL_PARAMETER_H
#define TAMIS_MAIL_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

#define PARAMETER_LIMIT 64

struct parameter {
    struct span name;  /* lower case, without the marks of RFC 2231 */
    struct span value; /* without quotes and folds, not yet decoded */
    int segment;       /* the n of name*n=; -1 when there is none */
    bool is_encoded;   /* name*= or name*n*=: percent-encoded */
};

struct parameter_list {
    struct span value; /* in front of the parameters, lower case, without blanks and comments: "text/html" */
    struct parameter items[PARAMETER_LIMIT];
    size_t count;
};

/* Reads the raw value of a field (folds and all) into `list`; what it cannot read it leaves out. */
void parameter_parse(struct span raw, struct arena *arena, struct parameter_list *list);

/* The value of parameter `name` (lower case) as valid UTF-8, at most LIMIT_FILE_NAME bytes: the RFC 2231 forms first,
 * then the plain one with encoded-words decoded.  Empty when there is none. */
struct span parameter_decode(const struct parameter_list *list, const char *name, struct arena *arena);

/* The plain bytes of parameter `name`, RFC 2231 segments joined and percent-decoded, no charset applied: for
 * boundaries. */
struct span parameter_bytes(const struct parameter_list *list, const char *name, struct arena *arena);

/* Is the file name in parameter `name` written so that programs come to see different names?  Given more than once, or
 * plain and extended, with different endings; with ASCII letters or digits percent-encoded, which no program needs; cut
 * into pieces though it is short.  That plain and extended form differ before the ending is common and honest
 * ("resume.pdf" for programs that do not know RFC 2231). */
bool parameter_is_ambiguous(const struct parameter_list *list, const char *name, struct arena *arena);

#endif
