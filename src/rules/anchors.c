/* anchors.c - the literal text without which an expression cannot match
 *
 * One pass from left to right, with the groups that are open on a stack.  Of each branch ("abc" and "d.e" of abc|d.e)
 * the best set so far is kept; a group's set is the union of its branches' sets, or nothing when one has none.
 */
#include "rules/anchors.h"

#include <stdlib.h>

#include "rules/search-text.h"
#include "util/buffer.h"

#define MOST_OPEN_GROUPS 16
/* Literal text longer than this in one piece is enough to be rare. */
#define RUN_LIMIT 64

/* One group that is open; the expression itself is the outermost. */
struct group {
    struct anchors branch; /* the best set of this branch */
    struct anchors all;    /* of the branches before it together */
    bool is_certain;       /* `all` still holds: each branch had a set */
    bool proves_nothing;   /* a look-around: what it says need not be in the match */
};

struct reader {
    struct span expression;
    size_t at;
    bool ignores_case, is_extended;
    struct arena *arena;
    struct group groups[MOST_OPEN_GROUPS];
    size_t depth;      /* of the group that is open */
    struct buffer run; /* literal text that must stand without a gap */
    size_t last;       /* bytes of the run's last character; 0: a quantifier would not apply to it */
    struct anchors closed; /* of the group that was just closed */
    bool has_closed;
    bool lost; /* met something it does not know */
};

/* --- sets --------------------------------------------------------------------------------------------------------- */

static size_t shortest(const struct anchors *anchors)
{
    size_t length = anchors->count ? anchors->items[0].length : 0;
    for (size_t i = 1; i < anchors->count; i++)
        if (anchors->items[i].length < length)
            length = anchors->items[i].length;
    return length;
}

/* Rarer first: longer literals; of as long ones, fewer. */
static bool is_better(const struct anchors *a, const struct anchors *b)
{
    size_t length_a = shortest(a), length_b = shortest(b);
    return length_a > length_b || (length_a == length_b && a->count < b->count);
}

static void offer(struct group *group, const struct anchors *anchors)
{
    if (anchors->count && is_better(anchors, &group->branch))
        group->branch = *anchors;
}

/* False: too many. */
static bool add_all(struct anchors *anchors, const struct anchors *more)
{
    for (size_t i = 0; i < more->count; i++) {
        if (anchors->count == ANCHORS_MOST)
            return false;
        anchors->items[anchors->count++] = more->items[i];
    }
    return true;
}

/* --- the run of literal text -------------------------------------------------------------------------------------- */

static void end_run(struct reader *reader)
{
    struct span literal = search_text_make(buffer_span(&reader->run), reader->arena);
    if (literal.length >= ANCHOR_LEAST_BYTES) {
        struct anchors one = { .items = { literal }, .count = 1 };
        offer(&reader->groups[reader->depth], &one);
    }
    reader->run = buffer_new(reader->arena, RUN_LIMIT);
    reader->last = 0;
}

static void add_to_run(struct reader *reader, struct span character)
{
    bool has_case = reader->ignores_case && (unsigned char)character.data[0] >= 0x80;
    if (has_case || reader->run.length + character.length > RUN_LIMIT)
        end_run(reader);
    if (has_case)
        return; /* it may stand there in another case, whose bytes differ */
    buffer_append(&reader->run, character);
    reader->last = character.length;
}

/* --- groups ------------------------------------------------------------------------------------------------------- */

static void end_branch(struct reader *reader)
{
    end_run(reader);
    struct group *group = &reader->groups[reader->depth];
    group->is_certain = group->is_certain && group->branch.count && add_all(&group->all, &group->branch);
    group->branch.count = 0;
}

static void open_group(struct reader *reader, bool proves_nothing)
{
    end_run(reader);
    if (reader->depth + 1 == MOST_OPEN_GROUPS) {
        reader->lost = true;
        return;
    }
    reader->groups[++reader->depth] = (struct group){ .is_certain = true, .proves_nothing = proves_nothing };
}

static void close_group(struct reader *reader)
{
    if (reader->depth == 0) {
        reader->lost = true;
        return;
    }
    end_branch(reader);
    const struct group *group = &reader->groups[reader->depth--];
    reader->has_closed = true;
    reader->closed.count = 0;
    if (group->is_certain && !group->proves_nothing)
        reader->closed = group->all;
}

/* What stands behind "(?"; `at` is there. */
static void read_group_kind(struct reader *reader)
{
    static const struct {
        const char *start;
        bool proves_nothing;
    } kinds[] = { { ":", false }, { ">", false }, { "|", false }, { "=", true }, { "!", true },
                  { "<=", true }, { "<!", true }, { "<", false }, { "P<", false }, { "'", false } };
    struct span rest = span_from(reader->expression, reader->at);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t length = strlen(kinds[i].start);
        if (rest.length < length || memcmp(rest.data, kinds[i].start, length) != 0)
            continue;
        reader->at += length;
        char last = kinds[i].start[length - 1];
        if (!kinds[i].proves_nothing && (last == '<' || last == '\''))
            reader->at += span_find_byte(span_from(rest, length), last == '<' ? '>' : '\'') + 1;
        open_group(reader, kinds[i].proves_nothing);
        return;
    }
    reader->lost = true;
}

static void read_group_start(struct reader *reader)
{
    struct span rest = span_from(reader->expression, reader->at);
    if (rest.length && rest.data[0] == '*') {
        reader->lost = true;
    } else if (rest.length && rest.data[0] == '?') {
        reader->at++;
        read_group_kind(reader);
    } else {
        open_group(reader, false);
    }
}

/* --- quantifiers -------------------------------------------------------------------------------------------------- */

/* Under flag x: white space and comments, which may stand before a quantifier too. */
static void skip_layout(struct reader *reader)
{
    while (reader->is_extended && reader->at < reader->expression.length) {
        struct span rest = span_from(reader->expression, reader->at);
        if (rest.data[0] == '#')
            reader->at += span_find_byte(rest, '\n');
        else if (rest.data[0] && strchr(" \t\n\r\v\f", rest.data[0]))
            reader->at++;
        else
            return;
    }
}

/* Reads "{2,5}"; the least number, or -1 when it is not of this form: "{,5}" is text to one PCRE2, a quantifier to the
 * next. */
static long read_braces(struct reader *reader)
{
    struct span rest = span_from(reader->expression, reader->at);
    size_t end = span_find_byte(rest, '}');
    size_t i = 1, commas = 0;
    for (; i < end && end < rest.length && (rest.data[i] == ',' || (rest.data[i] >= '0' && rest.data[i] <= '9')); i++)
        commas += rest.data[i] == ',';
    if (end >= rest.length || i != end || end == 1 || commas > 1 || rest.data[1] == ',') {
        reader->lost = true;
        return -1;
    }
    reader->at += end + 1;
    return strtol(rest.data + 1, NULL, 10);
}

/* The quantifier at `at`: `*least` is how often the atom stands at least.  False: there is none. */
static bool read_quantifier(struct reader *reader, long *least)
{
    skip_layout(reader);
    if (reader->at >= reader->expression.length)
        return false;
    char sign = reader->expression.data[reader->at];
    if (sign != '{' && sign != '*' && sign != '+' && sign != '?')
        return false;
    long number = sign == '+' ? 1 : 0;
    if (sign == '{')
        number = read_braces(reader);
    else
        reader->at++;
    if (number < 0)
        return false;
    *least = number;
    char next = reader->at < reader->expression.length ? reader->expression.data[reader->at] : '\0';
    if (next == '+' || next == '?')
        reader->at++; /* possessive or lazy */
    return true;
}

/* Behind an atom: takes what its quantifier leaves certain. */
static void settle_atom(struct reader *reader)
{
    long least = 1;
    bool quantified = read_quantifier(reader, &least);
    if (reader->has_closed) {
        if (least > 0)
            offer(&reader->groups[reader->depth], &reader->closed);
        reader->has_closed = false;
    } else if (quantified && reader->last) {
        char again[4];
        size_t size = reader->last;
        memcpy(again, reader->run.data + reader->run.length - size, size);
        if (least == 0)
            reader->run.length -= size;
        end_run(reader);
        if (least > 0)
            add_to_run(reader, span_make(again, size)); /* the last of them stands before what follows */
    }
    reader->last = 0;
}

/* --- atoms -------------------------------------------------------------------------------------------------------- */

/* A class ends at the first ']' that is not its first character, nor escaped, nor of [:name:]. */
static void skip_class(struct reader *reader)
{
    struct span text = reader->expression;
    size_t i = reader->at;
    i += i < text.length && text.data[i] == '^';
    for (size_t first = i; i < text.length && (text.data[i] != ']' || i == first); i++) {
        if (text.data[i] == '\\') {
            reader->lost = reader->lost || (i + 1 < text.length && text.data[i + 1] == 'Q');
            i++;
        } else if (text.data[i] == '[' && i + 1 < text.length && strchr(":.=", text.data[i + 1])) {
            size_t end = i + 2;
            while (end + 1 < text.length && !(text.data[end] == text.data[i + 1] && text.data[end + 1] == ']'))
                end++;
            i = end + 1 < text.length ? end + 1 : i;
        }
    }
    reader->at = i + 1;
    end_run(reader);
}

/* Behind "\x", "\p"...: an argument in braces, or at most `most` characters out of `accepted`; 0 when there is
 * neither. */
static size_t skip_argument(struct reader *reader, const char *accepted, size_t most)
{
    struct span rest = span_from(reader->expression, reader->at);
    if (rest.length && rest.data[0] == '{') {
        reader->at += span_find_byte(rest, '}') + 1;
        return 1;
    }
    size_t count = 0;
    while (count < most && count < rest.length && rest.data[count] && strchr(accepted, rest.data[count]))
        count++;
    reader->at += count;
    return count;
}

static void read_escape(struct reader *reader)
{
    if (reader->at >= reader->expression.length) {
        reader->lost = true;
        return;
    }
    const char *letter = reader->expression.data + reader->at++;
    bool is_name = (*letter >= '0' && *letter <= '9') || ((*letter | 0x20) >= 'a' && (*letter | 0x20) <= 'z');
    if (!is_name && (unsigned char)*letter < 0x80) {
        add_to_run(reader, span_make(letter, 1));
    } else if (strchr("bBAzZG", *letter)) {
        reader->last = 0; /* nothing is between the characters before and behind */
    } else if (strchr("dDwWsShHvVNRXntrfea", *letter)) {
        end_run(reader);
    } else if (*letter == 'x') {
        end_run(reader);
        skip_argument(reader, "0123456789abcdefABCDEF", 2);
    } else if (*letter == 'p' || *letter == 'P') {
        end_run(reader);
        if (skip_argument(reader, "CLMNPSZclmnpsz", 1) == 0) /* PCRE2 10.40 takes either case */
            reader->lost = true;
    } else if (*letter >= '1' && *letter <= '9') {
        end_run(reader);
        skip_argument(reader, "0123456789", 2);
    } else {
        reader->lost = true;
    }
}

static size_t character_size(struct span text)
{
    size_t size = 1;
    while ((unsigned char)text.data[0] >= 0xC0 && size < text.length && size < 4
           && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size++;
    return size;
}

static void read_atom(struct reader *reader)
{
    struct span rest = span_from(reader->expression, reader->at);
    char sign = rest.data[0];
    reader->at++;
    if (sign == '\\')
        read_escape(reader);
    else if (sign == '(')
        read_group_start(reader);
    else if (sign == ')')
        close_group(reader);
    else if (sign == '[')
        skip_class(reader);
    else if (sign == '|')
        end_branch(reader);
    else if (sign == '.')
        end_run(reader);
    else if (sign == '^' || sign == '$')
        reader->last = 0;
    else {
        size_t size = character_size(rest);
        reader->at += size - 1;
        add_to_run(reader, span_head(rest, size));
    }
}

void anchors_find(struct span expression, const char *flags, struct arena *arena, struct anchors *anchors)
{
    struct reader reader = {
        .expression = expression,
        .ignores_case = strchr(flags, 'i') != NULL,
        .is_extended = strchr(flags, 'x') != NULL,
        .arena = arena,
        .run = buffer_new(arena, RUN_LIMIT),
    };
    reader.groups[0].is_certain = true;
    anchors->count = 0;
    skip_layout(&reader);
    while (reader.at < expression.length && !reader.lost) {
        read_atom(&reader);
        if (!reader.lost)
            settle_atom(&reader);
    }
    if (reader.lost || reader.depth)
        return;
    end_branch(&reader);
    if (reader.groups[0].is_certain)
        *anchors = reader.groups[0].all;
}
