/* header-fields.c - the header fields that carry a verdict
 *
 * Written by hand, digit by digit: printf's decimal point follows the locale, and these are read by other programs'
 * patterns.
 */
#include "config.h"

#include "verdict/header-fields.h"

#include <stdio.h>
#include <stdlib.h>

#include "util/arena.h"
#include "verdict/figures.h"

#define COLUMNS 78    /* RFC 5322 section 2.1.1: should be no more */
#define TAB_COLUMNS 8 /* a folded line starts with one */
#define LEVEL_MOST 50 /* stars, as SpamAssassin caps them */
#define LINE_MOST 55  /* of a name, so that its field stays one line */
#define PIECE 160     /* bytes of one unbreakable piece; a rule's name has at most 64 */

/* A field while it is being written: where the current line has got to. */
struct line {
    struct buffer *out;
    size_t column;
};

/* Writes a piece that must not be broken, on the next line if it would pass the last column.  `space` goes before it
 * when it stays. */
static void put_piece(struct line *line, const char *space, const char *piece)
{
    size_t length = strlen(piece), gap = strlen(space);
    if (line->column + gap + length > COLUMNS && line->column > TAB_COLUMNS) {
        buffer_append_string(line->out, "\n\t");
        line->column = TAB_COLUMNS;
    } else {
        buffer_append_string(line->out, space);
        line->column += gap;
    }
    buffer_append_string(line->out, piece);
    line->column += length;
}

static struct line start_field(struct buffer *out, const char *name)
{
    buffer_append_string(out, name);
    buffer_append_byte(out, ':');
    return (struct line){ out, strlen(name) + 1 };
}

static void end_field(struct line *line)
{
    buffer_append_byte(line->out, '\n');
}

static void put_tests(struct line *line, const struct judgement *judgement)
{
    char points[FIGURE_SIZE], piece[PIECE];
    if (judgement->reason_count == 0)
        put_piece(line, " ", "tests=none");
    for (size_t i = 0; i < judgement->reason_count; i++) {
        const struct reason *reason = &judgement->reasons[i];
        snprintf(piece, sizeof piece, "%s%s=%s%s", i == 0 ? "tests=" : "", reason->name,
                 figure_points(reason->points, points), i + 1 < judgement->reason_count ? "," : "");
        put_piece(line, i == 0 ? " " : "", piece);
    }
}

static void put_status(struct buffer *out, const struct judgement *judgement)
{
    char figure[FIGURE_SIZE], piece[PIECE];
    struct line line = start_field(out, "X-Spam-Status");
    put_piece(&line, " ", judgement->verdict == VERDICT_SPAM ? "Yes," : "No,");
    snprintf(piece, sizeof piece, "score=%s", figure_points(judgement->score, figure));
    put_piece(&line, " ", piece);
    snprintf(piece, sizeof piece, "required=%s", figure_points(judgement->required, figure));
    put_piece(&line, " ", piece);
    put_tests(&line, judgement);
    if (judgement->learned == STORE_READY) {
        snprintf(piece, sizeof piece, "learned=%s", figure_probability(judgement->learned_probability, 3, figure));
        put_piece(&line, " ", piece);
    } else {
        put_piece(&line, " ", "learned=none");
    }
    if (judgement->learned != STORE_READY && judgement->learned != STORE_EMPTY) {
        snprintf(piece, sizeof piece, "store=%s", store_state_name(judgement->learned));
        put_piece(&line, " ", piece);
    }
    put_piece(&line, " ", "version=" PACKAGE_VERSION);
    end_field(&line);
}

static void put_level(struct buffer *out, const struct judgement *judgement)
{
    int stars = judgement->score / 100;
    buffer_append_string(out, stars > 0 ? "X-Spam-Level: " : "X-Spam-Level:");
    for (int i = 0; i < stars && i < LEVEL_MOST; i++)
        buffer_append_byte(out, '*');
    buffer_append_byte(out, '\n');
}

static void put_score(struct buffer *out, const struct judgement *judgement)
{
    char score[FIGURE_SIZE], required[FIGURE_SIZE];
    buffer_append_format(out, "X-Spam-Score: %s / %s\n", figure_points(judgement->score, score),
                         figure_points(judgement->required, required));
}

static void put_bogosity(struct buffer *out, const char *word, double probability)
{
    char figure[FIGURE_SIZE];
    buffer_append_format(out, "X-Bogosity: %s, tests=bogofilter, spamicity=%s, version=" PACKAGE_VERSION "\n", word,
                         figure_probability(probability, 6, figure));
}

static void put_own(struct buffer *out, const struct judgement *judgement)
{
    char figure[FIGURE_SIZE], piece[PIECE] = "id=";
    size_t used = strlen(piece);
    for (size_t i = 0; i < sizeof judgement->identity; i++)
        used += (size_t)snprintf(piece + used, sizeof piece - used, "%02x", judgement->identity[i]);
    snprintf(piece + used, sizeof piece - used, ",");
    struct line line = start_field(out, "X-Tamis");
    put_piece(&line, " ", piece);
    snprintf(piece, sizeof piece, "verdict=%s,", verdict_name(judgement->verdict));
    put_piece(&line, " ", piece);
    snprintf(piece, sizeof piece, "probability=%s,", figure_probability(judgement->probability, 4, figure));
    put_piece(&line, " ", piece);
    put_piece(&line, " ", "version=" PACKAGE_VERSION);
    end_field(&line);
}

void header_fields_write(const struct judgement *judgement, enum header_style style, struct buffer *out)
{
    static const char *const bogofilter_words[] = {
        [VERDICT_HAM] = "Ham", [VERDICT_UNSURE] = "Unsure", [VERDICT_SPAM] = "Spam"
    };
    switch (style) {
    case HEADER_STYLE_BOGOFILTER:
        put_bogosity(out, bogofilter_words[judgement->verdict], judgement->probability);
        break;
    case HEADER_STYLE_MINIMAL:
        put_status(out, judgement);
        break;
    case HEADER_STYLE_SPAMASSASSIN:
        if (judgement->verdict == VERDICT_SPAM)
            buffer_append_string(out, "X-Spam-Flag: YES\n");
        put_status(out, judgement);
        put_level(out, judgement);
        put_score(out, judgement);
        break;
    }
    put_own(out, judgement);
}

/* `why` as one piece that cannot end a field or a list: printable ASCII without comma, at most 40 bytes; blanks become
 * '-'. */
static void plain_reason(const char *why, char out[41])
{
    size_t used = 0;
    for (; why && *why && used < 40; why++) {
        char byte = *why == ' ' ? '-' : *why;
        if (byte > ' ' && byte < 0x7F && byte != ',')
            out[used++] = byte;
    }
    out[used] = '\0';
}

void header_fields_write_unchecked(const char *why, enum header_style style, struct buffer *out)
{
    char reason[41];
    plain_reason(why, reason);
    if (style == HEADER_STYLE_BOGOFILTER)
        put_bogosity(out, "Unsure", 0.5);
    else
        buffer_append_format(out, "X-Spam-Status: Unchecked, reason=%s\n", reason[0] ? reason : "unknown");
    buffer_append_format(out, "X-Tamis: unchecked, reason=%s, version=" PACKAGE_VERSION "\n",
                         reason[0] ? reason : "unknown");
}

/* The name is the scanner's, and may be anything. */
void header_fields_write_infected(struct span name, struct buffer *out)
{
    buffer_append_string(out, "X-Spam-Virus: Yes (");
    for (size_t i = 0; i < name.length && i < LINE_MOST; i++) {
        char byte = name.data[i];
        bool is_plain = byte > ' ' && byte <= '~' && byte != '(' && byte != ')' && byte != '\\';
        buffer_append_byte(out, is_plain ? byte : '_');
    }
    buffer_append_string(out, ")\n");
}

bool header_fields_owned(struct span name)
{
    return span_starts_nocase(name, "X-Spam-") || span_is_nocase(name, "X-Tamis") || span_is_nocase(name, "X-Bogosity");
}
