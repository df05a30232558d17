/* rule-file.c - the text of rule files, read into rules; the language is described in tamis-rules(5) */
#include "rules/rule-file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/pattern.h"
#include "rules/search-text.h"
#include "util/buffer.h"
#include "util/fold.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/nearest.h"
#include "util/translate.h"
#include "util/utf8.h"

#define LONGEST_MISTAKE 700
/* Bytes of a line that are shown in a mistake. */
#define SHOWN 60
#define MOST_POINTS 10000
#define TAB_WIDTH 8

struct reader {
    struct rule_list *list;
    const char *path;
    unsigned line;
    struct rule *rule; /* the rule that lines belong to; NULL: none yet */
    struct rule_condition *last_condition;
    struct rule_condition *open_list; /* the list that goes on in lines indented more than `open_indent` */
    bool takes_phrases;               /* its lines are phrases, not words */
    bool is_skipping;                 /* the line at `open_indent` was a mistake: what is indented more belongs to it */
    size_t open_indent;
    bool told_of_stray_line;
};

/* --- mistakes ----------------------------------------------------------------------------------------------------- */

struct rule_list rule_list_new(struct arena *arena)
{
    return (struct rule_list){ .arena = arena };
}

static void append_mistake(struct rule_list *list, const char *text)
{
    char escaped[LONGEST_MISTAKE];
    struct rule_mistake *mistake = arena_new_object(list->arena, struct rule_mistake);
    log_escape(text, strlen(text), escaped, sizeof escaped);
    mistake->text = arena_copy(list->arena, span_of(escaped)).data;
    if (list->last_mistake)
        list->last_mistake->next = mistake;
    else
        list->mistakes = mistake;
    list->last_mistake = mistake;
}

void rule_list_complain(struct rule_list *list, const char *path, unsigned line, const char *format, ...)
{
    char text[LONGEST_MISTAKE], where[LONGEST_MISTAKE / 2];
    if (++list->mistake_count == LIMIT_RULE_MISTAKES + 1)
        append_mistake(list, _("there are more mistakes, which are not listed"));
    if (list->mistake_count > LIMIT_RULE_MISTAKES)
        return;
    snprintf(where, sizeof where, line ? "%.300s:%u: " : "%.300s: ", path, line);
    size_t used = (size_t)snprintf(text, sizeof text, "%s", where);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, sizeof text - used, translate_reason(format), arguments);
    va_end(arguments);
    append_mistake(list, text);
}

/* A mistake in the current line: its rule is left out, and what belongs to the line is passed over. */
#define complain(reader, ...)                                                                \
    do {                                                                                     \
        rule_list_complain((reader)->list, (reader)->path, (reader)->line, __VA_ARGS__);     \
        (reader)->is_skipping = true;                                                        \
        (reader)->open_list = NULL;                                                          \
        if ((reader)->rule)                                                                  \
            (reader)->rule->is_broken = true;                                                \
    } while (0)

/* "%.*s" of a span, cut. */
#define SHOW(span) (int)utf8_head((span), SHOWN).length, (span).data ? (span).data : ""

/* --- words of a line ---------------------------------------------------------------------------------------------- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Takes the next word off `rest`. */
static struct span take_word(struct span *rest)
{
    size_t start = 0, end;
    while (start < rest->length && is_blank(rest->data[start]))
        start++;
    for (end = start; end < rest->length && !is_blank(rest->data[end]);)
        end++;
    struct span word = span_head(span_from(*rest, start), end - start);
    *rest = span_from(*rest, end);
    return word;
}

static struct span peek_word(struct span rest)
{
    return take_word(&rest);
}

static const char *copied(struct reader *reader, struct span text)
{
    return arena_copy(reader->list->arena, text).data;
}

/* The word of `words` that `word` perhaps means, as " (did you mean ...?)", or "". */
static const char *perhaps(struct reader *reader, struct span word, const char *const *words)
{
    if (reader->list->mistake_count >= LIMIT_RULE_MISTAKES)
        return ""; /* nobody will read it */
    struct nearest nearest = nearest_to(copied(reader, span_head(word, NEAREST_LONGEST_NAME + 1)));
    for (; *words; words++)
        nearest_offer(&nearest, *words);
    if (!nearest.name)
        return "";
    char text[NEAREST_LONGEST_NAME + 32];
    snprintf(text, sizeof text, _(" (did you mean \"%s\"?)"), nearest.name);
    return copied(reader, span_of(text));
}

/* A whole number from 1 to `most`. */
static bool read_number(struct span word, unsigned most, unsigned *number)
{
    unsigned value = 0;
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] < '0' || word.data[i] > '9' || value > most)
            return false;
        value = value * 10 + (unsigned)(word.data[i] - '0');
    }
    *number = value;
    return value >= 1 && value <= most;
}

/* Points in hundredths: digits with at most two decimals. */
static bool read_points(struct span word, int *points)
{
    bool negative = word.length && word.data[0] == '-';
    int value = 0, decimals = -1, digits = 0;
    for (size_t i = word.length && (negative || word.data[0] == '+'); i < word.length; i++) {
        if (word.data[i] == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (word.data[i] < '0' || word.data[i] > '9' || decimals == 2 || ++digits > 8)
            return false;
        value = value * 10 + (word.data[i] - '0');
        decimals += decimals >= 0;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 2 && value <= MOST_POINTS; i++)
        value *= 10;
    *points = negative ? -value : value;
    return digits > 0 && value <= MOST_POINTS;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

/* What an entry is looked for as; empty when nothing is left of it. */
static struct span literal_of(struct reader *reader, struct span text)
{
    struct buffer folded = buffer_new(reader->list->arena, LIMIT_RULE_ENTRY * 4);
    struct fold_counts counts = { 0 };
    fold_text(text, &folded, &counts);
    return search_text_make(span_trim(buffer_span(&folded)), reader->list->arena);
}

static void add_entry(struct reader *reader, struct span text)
{
    struct rule_condition *condition = reader->open_list;
    struct span whole = text;
    bool open_start = false, open_end = false;
    if (text.length >= 2 && text.data[0] == '"' && text.data[text.length - 1] == '"') {
        text = span_make(text.data + 1, text.length - 2);
    } else {
        open_start = text.length && text.data[0] == '*';
        text = span_from(text, open_start);
        open_end = text.length && text.data[text.length - 1] == '*';
        text.length -= open_end;
    }
    struct span literal = text.length <= LIMIT_RULE_ENTRY ? literal_of(reader, text) : SPAN_EMPTY;
    if (literal.length == 0) {
        complain(reader, "\"%.*s\": a word or phrase of 1 to %zu bytes is accepted", SHOW(whole), LIMIT_RULE_ENTRY);
        return;
    }
    if (literal.length > LIMIT_RULE_LITERALS - reader->list->literal_bytes
        || reader->list->entry_count == LIMIT_RULE_ENTRIES) {
        complain(reader, "all lists together have more than %zu bytes or %d entries", LIMIT_RULE_LITERALS,
                 LIMIT_RULE_ENTRIES);
        return;
    }
    reader->list->literal_bytes += literal.length;
    reader->list->entry_count++;
    struct rule_entry *entry = arena_new_object(reader->list->arena, struct rule_entry);
    *entry = (struct rule_entry){ condition->entries, literal, open_start, open_end };
    condition->entries = entry;
    condition->entry_count++;
}

static void add_entries(struct reader *reader, struct span text)
{
    if (reader->takes_phrases) {
        add_entry(reader, text);
        return;
    }
    for (struct span word = take_word(&text); word.length && reader->open_list; word = take_word(&text))
        add_entry(reader, word);
}

/* --- conditions --------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool takes_field;
} places[] = {
    [PLACE_HEADER] = { "header", true },
    [PLACE_RAW_HEADER] = { "raw-header", true },
    [PLACE_SUBJECT] = { "subject", false },
    [PLACE_TEXT] = { "text", false },
    [PLACE_FOLDED] = { "folded", false },
    [PLACE_HIDDEN] = { "hidden", false },
    [PLACE_URL] = { "url", false },
    [PLACE_URL_HOST] = { "url-host", false },
    [PLACE_ATTACHMENT] = { "attachment", false },
    [PLACE_MIME] = { "mime", false },
};

#define PLACES "header NAME, raw-header NAME, subject, text, folded, hidden, url, url-host, attachment and mime"
#define MATCHERS "/expression/flags, words, phrases, domains, exists and missing"

static bool find_place(struct span word, enum place_kind *kind)
{
    for (size_t i = 0; i < PLACE_NONE; i++)
        if (span_is(word, places[i].name)) {
            *kind = (enum place_kind)i;
            return true;
        }
    return false;
}

/* "/expression/flags" up to the end of the line. */
static bool read_expression(struct reader *reader, struct span text, struct rule_condition *condition)
{
    size_t end = text.length;
    while (end > 1 && text.data[end - 1] != '/')
        end--;
    if (end <= 1) {
        complain(reader, "the expression does not end: /expression/flags is accepted");
        return false;
    }
    struct span flags = span_from(text, end);
    for (size_t i = 0; i < flags.length; i++)
        if (!strchr(PATTERN_FLAGS, flags.data[i])) {
            complain(reader, "\"%.*s\" behind the expression: flags out of " PATTERN_FLAGS " are accepted",
                     SHOW(flags));
            return false;
        }
    condition->matcher = MATCHER_EXPRESSION;
    condition->expression = arena_copy(reader->list->arena, span_make(text.data + 1, end - 2));
    condition->flags = copied(reader, flags);
    if (condition->expression.length == 0)
        complain(reader, "the expression is empty");
    return condition->expression.length > 0;
}

static void begin_list(struct reader *reader, struct rule_condition *condition, struct span matcher, struct span rest)
{
    condition->matcher = MATCHER_LIST;
    condition->is_domains = span_is(matcher, "domains") && condition->place == PLACE_URL_HOST;
    reader->open_list = condition;
    reader->takes_phrases = span_is(matcher, "phrases");
    rest = span_trim(rest);
    if (rest.length)
        add_entries(reader, rest);
}

static bool read_matcher(struct reader *reader, struct span rest, struct rule_condition *condition)
{
    static const char *const words[] = { "words", "phrases", "domains", "exists", "missing", NULL };
    rest = span_trim(rest);
    if (rest.length && rest.data[0] == '/')
        return read_expression(reader, rest, condition);
    struct span matcher = take_word(&rest);
    if (span_is(matcher, "words") || span_is(matcher, "phrases") || span_is(matcher, "domains")) {
        begin_list(reader, condition, matcher, rest);
        return true;
    }
    bool is_missing = span_is(matcher, "missing");
    if (!is_missing && !span_is(matcher, "exists")) {
        complain(reader, "\"%.*s\": " MATCHERS " are accepted%s", SHOW(matcher), perhaps(reader, matcher, words));
        return false;
    }
    condition->matcher = MATCHER_EXISTS;
    condition->negated ^= is_missing;
    if (span_trim(rest).length == 0 && condition->count == 1)
        return true;
    complain(reader, "\"%.*s\" stands alone at the end of its line, without a count", SHOW(matcher));
    return false;
}

static bool is_name(struct span word)
{
    for (size_t i = 0; i < word.length; i++) {
        char c = word.data[i];
        if (!((c >= 'A' && c <= 'Z') || c == '_' || (i && c >= '0' && c <= '9')))
            return false;
    }
    return word.length && word.length <= LIMIT_RULE_NAME;
}

static bool read_hit(struct reader *reader, struct span rest, struct rule_condition *condition)
{
    struct span name = span_trim(rest);
    condition->matcher = MATCHER_HIT;
    condition->place = PLACE_NONE;
    condition->reference = copied(reader, name);
    if (is_name(name) && condition->count == 1)
        return true;
    complain(reader, "hit \"%.*s\": the name of one rule or check is accepted, without a count", SHOW(name));
    return false;
}

/* "count N of"; leaves what stands behind it in `rest`. */
static bool read_count(struct reader *reader, struct span *rest, struct rule_condition *condition)
{
    if (!span_is(peek_word(*rest), "count"))
        return true;
    take_word(rest);
    struct span number = take_word(rest), of = take_word(rest);
    if (read_number(number, LIMIT_RULE_COUNT, &condition->count) && span_is(of, "of"))
        return true;
    complain(reader, "\"count %.*s\": \"count N of PLACE MATCHER\" is accepted, N from 1 to %d", SHOW(number),
             LIMIT_RULE_COUNT);
    return false;
}

/* The place, with the name of the field where it takes one. */
static bool read_place(struct reader *reader, struct span *rest, struct rule_condition *condition)
{
    static const char *const words[] = { "header",     "raw-header", "subject",  "text",   "folded",  "hidden", "url",
                                         "url-host",   "attachment", "mime",     "describe", "points", "language",
                                         "danger",     "need",       "count",    "not",    "hit",     NULL };
    struct span word = take_word(rest);
    if (!find_place(word, &condition->place)) {
        complain(reader,
                 "\"%.*s\": describe, points, language, danger, need, or a condition: [not] [count N of] and one of "
                 PLACES ", or [not] hit NAME, are accepted%s",
                 SHOW(word), perhaps(reader, word, words));
        return false;
    }
    if (!places[condition->place].takes_field)
        return true;
    struct span field = take_word(rest);
    if (field.length && field.data[field.length - 1] == ':')
        field.length--;
    bool is_good = field.length > 0 && field.length <= 100;
    for (size_t i = 0; i < field.length; i++)
        is_good = is_good && field.data[i] > ' ' && field.data[i] < 0x7F && !strchr(":/", field.data[i]);
    if (!is_good)
        complain(reader, "\"%.*s\" is no name of a header field: \"header NAME MATCHER\" is accepted", SHOW(field));
    condition->field = copied(reader, field);
    return is_good;
}

static void read_condition(struct reader *reader, struct span rest)
{
    struct rule *rule = reader->rule;
    struct rule_condition *condition = arena_new_object(reader->list->arena, struct rule_condition);
    *condition = (struct rule_condition){ .count = 1, .line = reader->line };
    if (rule->condition_count == LIMIT_RULE_CONDITIONS || reader->list->condition_count == LIMIT_RULES_CONDITIONS) {
        complain(reader, "a rule has at most %d conditions, all rules together %d", LIMIT_RULE_CONDITIONS,
                 LIMIT_RULES_CONDITIONS);
        return;
    }
    if (span_is(peek_word(rest), "not")) {
        take_word(&rest);
        condition->negated = true;
    }
    if (span_is(peek_word(rest), "hit")) {
        take_word(&rest);
        if (!read_hit(reader, rest, condition))
            return;
    } else if (!read_count(reader, &rest, condition) || !read_place(reader, &rest, condition)
               || !read_matcher(reader, rest, condition)) {
        return;
    }
    if (reader->last_condition)
        reader->last_condition->next = condition;
    else
        rule->conditions = condition;
    reader->last_condition = condition;
    rule->condition_count++;
    reader->list->condition_count++;
}

/* --- what a rule says about itself -------------------------------------------------------------------------------- */

static void read_need(struct reader *reader, struct span rest)
{
    struct span word = span_trim(rest);
    if (span_is(word, "all"))
        reader->rule->need = NEED_ALL;
    else if (span_is(word, "any"))
        reader->rule->need = 1;
    else if (!read_number(word, LIMIT_RULE_CONDITIONS, &reader->rule->need))
        complain(reader, "need \"%.*s\": all, any or a number is accepted", SHOW(word));
}

static void read_points_line(struct reader *reader, struct span rest)
{
    struct span word = span_trim(rest);
    if (reader->rule->is_part)
        complain(reader, "%s is a part, as its name begins with _: it has no points", reader->rule->name);
    else if (!read_points(word, &reader->rule->points) || reader->rule->points == 0)
        complain(reader, "points \"%.*s\": a number from -100 to 100 with at most two decimals is accepted, but not 0",
                 SHOW(word));
}

static void read_language(struct reader *reader, struct span rest)
{
    struct span word = span_trim(rest);
    for (size_t i = 0; i < word.length; i++)
        if (word.data[i] != '-' && !((word.data[i] | 0x20) >= 'a' && (word.data[i] | 0x20) <= 'z'))
            word.length = 0;
    if (word.length < 2 || word.length > 20)
        complain(reader, "language \"%.*s\": a code such as fr or pt-BR is accepted", SHOW(span_trim(rest)));
    reader->rule->language = copied(reader, word);
}

static void read_danger(struct reader *reader, struct span rest)
{
    reader->rule->danger = true;
    if (span_trim(rest).length)
        complain(reader, "\"danger\" stands alone in its line");
}

static void read_property(struct reader *reader, struct span line)
{
    struct span rest = line, word = take_word(&rest);
    if (span_is(word, "describe"))
        reader->rule->description = copied(reader, span_trim(rest));
    else if (span_is(word, "points"))
        read_points_line(reader, rest);
    else if (span_is(word, "language"))
        read_language(reader, rest);
    else if (span_is(word, "danger"))
        read_danger(reader, rest);
    else if (span_is(word, "need"))
        read_need(reader, rest);
    else
        read_condition(reader, line);
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

/* What can be said of a rule when all of it has been read. */
static const char *incomplete(const struct rule *rule)
{
    if (!rule->is_part && *rule->description == '\0')
        return "a line \"describe TEXT\"";
    if (!rule->is_part && rule->points == 0)
        return "a line \"points NUMBER\"";
    if (rule->condition_count == 0)
        return _("a condition");
    if (rule->need > rule->condition_count)
        return _("as many conditions as it needs");
    return NULL;
}

static void finish_rule(struct reader *reader)
{
    struct rule *rule = reader->rule;
    if (!rule || rule->is_broken)
        return;
    const char *lacks = incomplete(rule);
    rule->is_broken = lacks != NULL;
    if (lacks)
        rule_list_complain(reader->list, rule->file, rule->line, "rule %s lacks %s", rule->name, lacks);
    for (const struct rule_condition *c = rule->conditions; c; c = c->next)
        if (c->matcher == MATCHER_LIST && c->count > c->entry_count) {
            rule->is_broken = true;
            rule_list_complain(reader->list, rule->file, c->line, "the list has %zu entries: %u are asked for",
                               c->entry_count, c->count);
        }
}

static void begin_rule(struct reader *reader, struct span line)
{
    struct span rest = line, word = take_word(&rest), name = span_trim(rest);
    reader->rule = NULL;
    reader->last_condition = NULL;
    if (!span_is(word, "rule") || !is_name(name)) {
        complain(reader,
                 "\"%.*s\": \"rule NAME\" is accepted at the start of a line, NAME in capital letters, digits and _, "
                 "at most %d; what belongs to a rule is indented",
                 SHOW(line), LIMIT_RULE_NAME);
        reader->told_of_stray_line = true;
        return;
    }
    struct rule_list *list = reader->list;
    if (list->count == LIMIT_RULES) {
        complain(reader, "there are more than %d rules: this one is left out", LIMIT_RULES);
        reader->told_of_stray_line = true;
        return;
    }
    struct rule *rule = arena_new_object(list->arena, struct rule);
    *rule = (struct rule){ .name = copied(reader, name), .description = "", .language = "", .file = reader->path,
                           .line = reader->line, .is_part = name.data[0] == '_' };
    if (list->last)
        list->last->next = rule;
    else
        list->first = rule;
    list->last = rule;
    list->count++;
    reader->rule = rule;
}

static size_t indent_of(struct span line)
{
    size_t column = 0;
    for (size_t i = 0; i < line.length && is_blank(line.data[i]); i++)
        column = line.data[i] == '\t' ? (column / TAB_WIDTH + 1) * TAB_WIDTH : column + 1;
    return column;
}

static void read_line(struct reader *reader, struct span line)
{
    size_t indent = indent_of(line);
    struct span text = span_trim(line);
    if (text.length == 0 || text.data[0] == '#')
        return;
    if ((reader->open_list || reader->is_skipping) && indent > reader->open_indent) {
        if (reader->open_list)
            add_entries(reader, text);
        return;
    }
    reader->open_list = NULL;
    reader->is_skipping = false;
    reader->open_indent = indent;
    if (indent == 0) {
        finish_rule(reader);
        reader->is_skipping = false;
        begin_rule(reader, text);
    } else if (reader->rule) {
        read_property(reader, text);
    } else if (!reader->told_of_stray_line) {
        complain(reader, "this line belongs to no rule: \"rule NAME\" comes first");
        reader->told_of_stray_line = true;
    }
}

void rule_file_read(struct rule_list *list, const char *path, struct span text)
{
    struct reader reader = { .list = list, .path = path };
    if (span_starts_nocase(text, "\xEF\xBB\xBF"))
        text = span_from(text, 3);
    if (span_find_byte(text, '\0') < text.length) {
        rule_list_complain(list, path, 0, "this is no text file, it holds a NUL byte: it is ignored");
        return;
    }
    while (text.length) {
        size_t length = span_find_byte(text, '\n');
        struct span line = span_head(text, length);
        text = span_from(text, length + 1);
        reader.line++;
        if (line.length > LIMIT_RULE_LINE)
            complain(&reader, "the line has %zu bytes: at most %zu are accepted", line.length, LIMIT_RULE_LINE);
        else if (!utf8_is_valid(line))
            complain(&reader, "the line is not valid UTF-8");
        else
            read_line(&reader, line);
    }
    finish_rule(&reader);
}
