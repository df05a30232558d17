/* rule-file.h - the text of rule files, read into rules; the language is described in tamis-rules(5)
 *
 * Linear in the text, whatever it is: rule files are people's, and people copy things into them.  A mistake leaves out
 * the rule it stands in and is told with file, line and what is accepted there; everything else goes on.  Whether
 * expressions are well-formed and names exist is looked at later, with all rules together (rule-set.h).
 *
 * Everything lives in the arena of the list.
 */
#ifndef TAMIS_RULES_RULE_FILE_H
#define TAMIS_RULES_RULE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

struct pattern;

/* Where a condition looks. */
enum place_kind {
    PLACE_HEADER,
    PLACE_RAW_HEADER,
    PLACE_SUBJECT,
    PLACE_TEXT,
    PLACE_FOLDED,
    PLACE_HIDDEN,
    PLACE_URL,
    PLACE_URL_HOST,
    PLACE_ATTACHMENT,
    PLACE_MIME,
    PLACE_NONE /* the condition is about another rule */
};

enum matcher {
    MATCHER_LIST,
    MATCHER_EXPRESSION,
    MATCHER_EXISTS, /* `missing` is this with `negated` turned round */
    MATCHER_HIT
};

/* One word or phrase of a list. */
struct rule_entry {
    struct rule_entry *next;
    struct span literal; /* folded (fold.h), and that as search text (search-text.h) */
    bool open_start;     /* the word may begin earlier */
    bool open_end;       /* the word may go on */
};

struct rule_condition {
    struct rule_condition *next;
    enum place_kind place;
    const char *field; /* name of the header field, or NULL */
    enum matcher matcher;
    bool negated;
    bool is_domains;   /* the entries are hosts or what a host ends with */
    unsigned count;    /* entries or matches that are asked for, from 1 */
    struct rule_entry *entries;
    size_t entry_count;
    struct span expression;
    const char *flags;
    const char *reference; /* MATCHER_HIT: name of the rule or check */
    unsigned line;
    struct pattern *pattern; /* the expression compiled, while rule-compile.c is at work */
};

#define NEED_ALL 0

struct rule {
    struct rule *next;
    const char *name;
    const char *description; /* "" for parts that have none */
    const char *language;    /* "" when none is given */
    int points;              /* hundredths; 0 for parts */
    bool danger;
    bool is_part;            /* its name begins with '_' */
    unsigned need;           /* conditions that must hold, or NEED_ALL */
    struct rule_condition *conditions;
    size_t condition_count;
    const char *file;
    unsigned line;
    bool is_broken;          /* has a mistake: it is there so that others can be told that it is not */
};

struct rule_mistake {
    struct rule_mistake *next;
    const char *text; /* "/etc/tamis/rules.d/local.rules:12: ..."; no control characters */
};

struct rule_list {
    struct arena *arena;
    struct rule *first, *last;
    size_t count;
    size_t condition_count, entry_count;
    size_t literal_bytes; /* of all entries */
    struct rule_mistake *mistakes, *last_mistake;
    size_t mistake_count; /* of these LIMIT_RULE_MISTAKES are listed, and that there are more */
};

struct rule_list rule_list_new(struct arena *arena);

/* Appends the rules of one file.  `text` need not outlive the call, `path` must. */
void rule_file_read(struct rule_list *list, const char *path, struct span text);

/* Notes a mistake; `line` 0 means the file as a whole. */
void rule_list_complain(struct rule_list *list, const char *path, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
