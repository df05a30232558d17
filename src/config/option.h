/* option.h - what one setting is: its name, kind and range, and how a value of its kind is read */
#ifndef TAMIS_CONFIG_OPTION_H
#define TAMIS_CONFIG_OPTION_H

#include <stdbool.h>
#include <stddef.h>

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

/* A score of 100 is out of reach of any sum of sound evidence: "never" and "always" can be written as numbers. */
#define OPTION_POINTS_LEAST (-10000)
#define OPTION_POINTS_MOST 10000

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
    bool negated;  /* OPTION_YES_NO: the field says the opposite of the name */
    size_t offset; /* of the field in struct settings, or in a member of a family (option-family.h) */
    bool (*is_sound)(const char *value); /* OPTION_TEXT */
    const char *accepted;                /* OPTION_TEXT: the rest of the sentence "... is accepted" */
    const char *help; /* sentences, for `config show`, the example file and the manual page */
};

/* The offset of a field, and a compile error when the field has not the type that the option's kind writes. */
#define OPTION_FIELD(owner, field, c_type) \
    (offsetof(owner, field) + \
     0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((owner *)0)->field), c_type) ? 1 : -1]))

/* What stands between the items of a list. */
#define OPTION_SEPARATORS " \t,"

/* Is `value` accepted?  If so, and `owner` is not NULL, it goes into its field there; texts are borrowed.  `owner`: a
 * struct settings, or a member for an option of a family. */
bool option_store(const struct option *option, const char *value, void *owner);

/* "12.5" -> 1250; false when it is no number with at most two decimals in the option's range. */
bool option_read_points(const struct option *option, const char *value, int *points);

/* What is accepted, as the rest of the sentence "... is accepted": "a number from -100 to 100 with at most two
 * decimals". */
void option_describe_accepted(const struct option *option, char *out, size_t size);

#endif
