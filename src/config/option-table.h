/* option-table.h - the one place that knows the settings, and how to add one
 *
 *   1. give it a field in the settings struct of the part that obeys it;
 *   2. add one entry to the table in option-table.c: name, type, range, default, help, field;
 *   3. run `tests/unit/config/test-example --update` to renew data/tamis.conf, and describe it in doc/tamis.conf.5.
 * No default, range or name of a setting stands anywhere else.
 */
#ifndef TAMIS_CONFIG_OPTION_TABLE_H
#define TAMIS_CONFIG_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

enum option_type {
    OPTION_POINTS, /* a number with at most two decimals; the field is an int in hundredths */
    OPTION_NUMBER, /* a whole number; the field is an int */
    OPTION_YES_NO, /* the field is a bool */
    OPTION_CHOICE, /* one of a few words; the field is an enum */
    OPTION_PATH,   /* a path that may begin with ~/ and hold %u %n %d %h %% (places.h); the field is a const char * */
    OPTION_NETWORKS,  /* any number of networks as network.h reads them; the field is a const char * */
    OPTION_DOMAINS,   /* any number of domain names, apart by blanks or commas; the field is a const char * */
    OPTION_MAILBOXES, /* any number of mail addresses, likewise; the field is a const char * */
    OPTION_DOMAIN, /* one domain name; the field is a const char * */
    OPTION_TEXT,   /* whatever `is_sound` accepts; the field is a const char * */
    OPTION_FOLDER  /* the name of a Maildir++ folder without its leading dot; the field is a const char * */
};

struct option_choice {
    const char *name; /* NULL ends the list */
    int value;
};

struct option {
    const char *name;
    enum option_type type;
    const char *default_value; /* as one would write it in the file */
    const char *example;       /* what the example file shows where the default is empty; NULL: the default */
    int least, most;           /* the range: OPTION_POINTS in hundredths, OPTION_NUMBER as it stands */
    const struct option_choice *choices;
    bool negated;     /* OPTION_YES_NO: the field says the opposite of the name */
    size_t offset;    /* of the field in struct settings, or in a member of a family (option-family.h) */
    bool (*is_sound)(const char *value); /* OPTION_TEXT */
    const char *accepted;                /* OPTION_TEXT: the rest of the sentence "... is accepted" */
    const char *help; /* sentences, for `config show`, the example file and the manual page */
};

/* What stands between the items of a list. */
#define OPTION_SEPARATORS " \t,"

/* What `log = auto` puts into the field; config_load() replaces it before anybody sees it. */
#define OPTION_LOG_AUTO (-1)

/* All settings but the score.NAME family, in the order they are listed. */
extern const struct option option_table[];
extern const size_t option_count;

/* The family score.NAME: `name` is "score.NAME", `offset` means nothing.  The names are those of the checks and rules.
 */
extern const struct option option_score;

/* The option of that name; NULL when there is none. */
const struct option *option_find(const char *name);

/* Is `value` accepted?  If so, and `owner` is not NULL, it goes into its field there; texts are borrowed.  `owner`: a struct
 * settings, or a member for an option of a family. */
bool option_store(const struct option *option, const char *value, void *owner);

/* "12.5" -> 1250; false when it is no number with at most two decimals in the option's range. */
bool option_read_points(const struct option *option, const char *value, int *points);

/* What is accepted, as the rest of the sentence "... is accepted": "a number from -100 to 100 with at most two
 * decimals". */
void option_describe_accepted(const struct option *option, char *out, size_t size);

#endif
