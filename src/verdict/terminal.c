/* terminal.c - text for people at a terminal: in colour, wrapped to its width, with bars */
#include "verdict/terminal.h"

#include <math.h>
#include <stdint.h>

#include "util/arithmetic.h"
#include "util/columns.h"
#include "util/utf8.h"
#include "verdict/report.h"

#define WORD_MOST ((size_t)64 * 1024)

struct terminal_writer terminal_start(const struct terminal *terminal, struct buffer *out)
{
    return (struct terminal_writer){ .terminal = terminal, .out = out, .word = buffer_new(out->arena, WORD_MOST) };
}

void terminal_colour(struct terminal_writer *writer, enum terminal_colour colour)
{
    static const char *const codes[] = {
        [TERMINAL_PLAIN] = "0",   [TERMINAL_SPAM] = "31",   [TERMINAL_HAM] = "36",  [TERMINAL_UNSURE] = "33",
        [TERMINAL_HIDDEN] = "35", [TERMINAL_HEADING] = "1", [TERMINAL_QUIET] = "2",
    };
    if (writer->terminal->colour)
        buffer_append_format(writer->out, "\x1B[%sm", codes[colour]);
}

static void put_blanks(struct terminal_writer *writer, size_t count)
{
    for (; count; count--, writer->column++)
        buffer_append_byte(writer->out, ' ');
}

static void break_line(struct terminal_writer *writer)
{
    buffer_append_byte(writer->out, '\n');
    writer->column = 0;
    put_blanks(writer, writer->indent);
}

void terminal_line(struct terminal_writer *writer, size_t indent)
{
    writer->indent = indent;
    break_line(writer);
}

void terminal_column(struct terminal_writer *writer, size_t column)
{
    put_blanks(writer, writer->column < column ? column - writer->column : 1);
    writer->indent = column;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

/* A word that no line holds is broken where the line ends. */
static void put_long_word(struct terminal_writer *writer, struct span word)
{
    for (size_t at = 0, size; at < word.length; at += size) {
        size_t width = columns_of(utf8_decode(span_from(word, at), &size));
        if (writer->column + width > writer->terminal->width && writer->column > writer->indent)
            break_line(writer);
        buffer_append(writer->out, span_make(word.data + at, size));
        writer->column += width;
    }
}

static void put_word(struct terminal_writer *writer, struct span word, size_t blanks)
{
    writer->word.length = 0;
    report_escape(word, &writer->word);
    struct span escaped = buffer_span(&writer->word);
    size_t width = columns_of_text(escaped), room = writer->terminal->width;
    if (writer->column + blanks + width > room && writer->column > writer->indent && writer->indent + width <= room)
        break_line(writer);
    else if (writer->column + blanks < room)
        put_blanks(writer, blanks);
    put_long_word(writer, escaped);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

void terminal_text(struct terminal_writer *writer, struct span text)
{
    while (text.length) {
        size_t blanks = 0, end = 0;
        while (blanks < text.length && is_blank(text.data[blanks]))
            blanks++;
        text = span_from(text, blanks);
        while (end < text.length && !is_blank(text.data[end]) && text.data[end] != '\n')
            end++;
        if (end)
            put_word(writer, span_head(text, end), blanks);
        else if (text.length == 0 && writer->column + blanks < writer->terminal->width)
            put_blanks(writer, blanks); /* what comes next may go on behind them */
        text = span_from(text, end);
        if (text.length && text.data[0] == '\n') {
            break_line(writer);
            text = span_from(text, 1);
        }
    }
}

void terminal_string(struct terminal_writer *writer, const char *text)
{
    terminal_text(writer, span_of(text));
}

/* --- drawings ----------------------------------------------------------------------------------------------------- */

void terminal_bar(struct terminal_writer *writer, double share, size_t columns, enum terminal_colour colour)
{
    /* U+2588 is a full block; those from U+258F down to U+2589 are eighths of one. */
    size_t eighths = isfinite(share) ? (size_t)real_round(real_max(0, real_min(1, share)) * 8 * (double)columns) : 0;
    size_t used = 0;
    terminal_colour(writer, colour);
    if (writer->terminal->unicode) {
        for (; used < eighths / 8; used++)
            utf8_append(writer->out, 0x2588);
        if (eighths % 8) {
            utf8_append(writer->out, 0x2590 - (uint32_t)(eighths % 8));
            used++;
        }
    } else {
        for (; used < (eighths + 4) / 8; used++)
            buffer_append_byte(writer->out, '#');
    }
    terminal_colour(writer, TERMINAL_PLAIN);
    writer->column += used;
    put_blanks(writer, columns - used);
}

void terminal_heading(struct terminal_writer *writer, const char *heading)
{
    buffer_append_string(writer->out, "\n");
    terminal_line(writer, 0);
    terminal_colour(writer, TERMINAL_HEADING);
    terminal_string(writer, heading);
    terminal_colour(writer, TERMINAL_PLAIN);
}
