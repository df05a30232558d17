/* command.h - the shape of a command, and how to add one
 *
 *   1. write commands/NAME.c with a `const struct command command_NAME`;
 *   2. add one line to the table in command-table.c and one to local.mk;
 *   3. write doc/tamis-NAME.1; a house test compares its options with the table below.
 */
#ifndef TAMIS_COMMANDS_COMMAND_H
#define TAMIS_COMMANDS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/* One option of a command.  `letter` may be 0. */
struct command_option {
    const char *name;     /* "spam" for --spam */
    char letter;
    const char *argument; /* "DIR" when it takes one, else NULL */
    const char *help;
    bool of_operands;     /* says of the operands behind it what they are, up to the next such option */
};

/* What a command gets: its own options as parsed, and the settings. */
struct invocation {
    const struct command *command;
    const struct settings *settings;
    const struct config *config;
    const struct config_sources *sources; /* what the settings were loaded from */
    int verbose;                          /* how often --verbose was given */
    const char *const *option_values; /* by index in the command's options: NULL not given, "" given without argument */
    char **operands;                  /* NULL-terminated */
    int operand_count;
    const int *operand_options;       /* for each operand the index of the last option `of_operands` before it, or -1 */
};

struct command {
    const char *name;
    const char *summary;   /* one line for `tamis --help` */
    const char *operands;  /* "[FILE...]" for the usage line */
    const char *details;   /* paragraphs behind the options in --help: exit status, examples */
    const struct command_option *options; /* ends with a NULL name; the common options come from command-line.c */
    bool takes_mail;       /* stdin is somebody's mail: a mistake on the command line is EX_TEMPFAIL (75), so that an
                              MTA keeps it and does not bounce it (EX_USAGE) */
    bool for_programs;     /* mail servers start it and read what it says: no language but English (translate.h), and
                              nothing of the log on stderr but at a terminal */
    bool of_no_user;       /* about the site as well: root stays root, see owner.h */
    bool without_places;   /* goes on, or stops by itself, where the user's places cannot be told (config.h: misplaced);
                              so does what is of_no_user */
    bool without_state;    /* goes on, without state, where the state folder may be changed by others (config.h:
                              refused_state); so does what is of_no_user.  Others stop with EX_NOPERM (77) */
    bool needs_state;      /* keeps a record of its own in the state folder: stops where there is none (no home) */
    bool (*says_mistakes)(const struct invocation *invocation); /* will it itself say what is wrong in the settings, so
                              that nobody is told twice?  NULL: no */
    bool without_rules;    /* judges nothing: rule files stay closed, and names in score.NAME unchecked */
    int (*run)(const struct invocation *invocation); /* gives the exit status */
};

extern const struct command *const command_table[]; /* NULL-terminated */

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

#endif
