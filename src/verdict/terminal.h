/* terminal.h - text for people at a terminal: in colour, wrapped to its width, with bars
 *
 * Foreign text goes through terminal_text(), which escapes it as report_escape() does, so that no message moves the
 * cursor or turns a line around.  Colours are those of the terminal's own palette (ECMA-48 section 8.3.117).
 */
#ifndef TAMIS_VERDICT_TERMINAL_H
#define TAMIS_VERDICT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"
#include "util/span.h"

/* Narrower ones are written as if they had these; text wider than a person likes to read is not written. */
#define TERMINAL_LEAST_WIDTH 40
#define TERMINAL_MOST_WIDTH 110
#define TERMINAL_USUAL_WIDTH 80

struct terminal {
    bool colour;
    bool unicode; /* it draws what is not ASCII */
    size_t width; /* columns, within the bounds above */
};

enum terminal_colour {
    TERMINAL_PLAIN, /* back to normal */
    TERMINAL_SPAM,
    TERMINAL_HAM,
    TERMINAL_UNSURE,
    TERMINAL_HIDDEN, /* what the reader does not see */
    TERMINAL_HEADING,
    TERMINAL_QUIET
};

struct terminal_writer {
    const struct terminal *terminal;
    struct buffer *out;
    size_t column; /* of the line, how much is written */
    size_t indent; /* of lines that continue this one */
    struct buffer word;
};

struct terminal_writer terminal_start(const struct terminal *terminal, struct buffer *out);

void terminal_colour(struct terminal_writer *writer, enum terminal_colour colour);

/* Foreign text or ours: escaped, and broken between words, or inside one that has no line of its own.  Its line ends
 * are kept. */
void terminal_text(struct terminal_writer *writer, struct span text);
void terminal_string(struct terminal_writer *writer, const char *text);

/* Ends the line, and starts one `indent` columns in; what is broken off it later starts there, too. */
void terminal_line(struct terminal_writer *writer, size_t indent);

/* Blanks up to `column`, one at least; lines broken off this one start there. */
void terminal_column(struct terminal_writer *writer, size_t column);

/* A bar of `share` (0 to 1) of `columns`, and blanks behind it. */
void terminal_bar(struct terminal_writer *writer, double share, size_t columns, enum terminal_colour colour);

/* An empty line and a heading of ours. */
void terminal_heading(struct terminal_writer *writer, const char *heading);

#endif
