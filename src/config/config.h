/* config.h - every setting of the program, from its files to the structs its parts take
 *
 * Order, later wins: built-in defaults, system file (sysconfdir/tamis/tamis.conf), user file
 * ($XDG_CONFIG_HOME/tamis/tamis.conf), --set name=value. A setting the administrator wrote under [locked] cannot be
 * changed further down.  option-table.c is the one place that knows names, types, ranges, defaults and help texts;
 * `config show`, tamis.conf(5) and the example file come from it or are tested against it.
 *
 * Files are INI: "name = value", comments behind # or ;, a section [locked] at the end (or [settings] to leave it
 * again), and sections [KIND NAME] for what there may be several of (option-family.h).  [locked] counts in the system
 * file only. Mistakes never lose mail: an assignment that is wrong changes
 * nothing (what held before it holds on), and config_mistakes() says file, line, what is wrong and what is accepted.
 * A place of the user's that cannot be told (a name that must not be part of a path, no path at all) is "" and nowhere
 * else: another place would be somebody else's.  `misplaced` says so; a command that needs the place stops.
 */
#ifndef TAMIS_CONFIG_CONFIG_H
#define TAMIS_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "learn/confirm.h"
#include "mailbox/expiry.h"
#include "mailbox/folders.h"
#include "mailbox/maildir.h"
#include "outside/settings.h"
#include "rules/evaluate.h"
#include "rules/rule-cache.h"
#include "senders/relay-policy.h"
#include "senders/ruling.h"
#include "store/store.h"
#include "util/failure.h"
#include "util/log.h"
#include "verdict/header-fields.h"
#include "verdict/verdict.h"

struct config; /* owns all strings the settings point to */

enum store_choice { STORE_CHOICE_TOKYOCABINET, STORE_CHOICE_REDIS };

enum digest_interval { DIGEST_NEVER, DIGEST_DAILY, DIGEST_WEEKLY };

struct settings {
    struct verdict_settings verdict;
    struct rules_settings rules;
    struct maildir_settings maildir;
    struct folder_names folders; /* junk is maildir.junk */
    bool learn_sent; /* `tamis senders import` learns the messages as ham */
    struct expiry_settings expiry;
    struct confirm_settings implicit; /* learning from what the user leaves alone */
    bool expire_learns; /* `tamis expire` learns from what it deletes */
    enum digest_interval digest;
    struct senders_settings senders;
    enum header_style header_style;
    const char *state_directory; /* absolute, %u and %h expanded; "" (as maildir.path) when it was to be in a home that
                                    does not exist */
    const char *refused_state; /* where state was to be, and is not, because others could change what is there
                                  (trusted-path.h): state_directory is "", and a mistake says why; NULL: not refused */
    bool misplaced; /* maildir, state_dir or lists_dir was set, and is "" because it cannot be told for this user */
    enum store_choice store_choice;
    struct store_options store; /* where what is learned is kept: for store_open(), with a wait of one's own */
    bool starter; /* starter knowledge takes part while the user has taught little */
    const char *starter_file;
    const char *rules_directory; /* of the rules that came with the program; `rules.rules` are all, opened */
    struct rule_sources rule_sources; /* where they came from */
    enum log_target log_target;  /* `auto` already decided: stderr when that is a terminal, else syslog; see
                                    config_sources.for_programs */
    enum log_severity log_severity;
    /* As written in the files, each sound; config_load() makes `rule_context` of them. */
    const char *trusted_networks, *friend_networks, *own_domains, *internal_addresses, *authserv_id;
    struct rule_context rule_context; /* all but the time */
    struct outside_settings outside; /* whom else to ask */
    struct relay_policy relays; /* which relays `tamis relays` gives to the mail server */
    bool note_relays; /* for rule_context */
    bool enabled; /* `filter = no` lets mail pass untouched: the user's opt-out */
};

struct config_sources {
    const char *system_file;      /* NULL: the built-in path; "" none */
    const char *user_file;        /* NULL: by XDG_CONFIG_HOME and HOME; "" none */
    const char *const *overrides; /* "name=value", NULL-terminated; may be NULL */
    const char *state_directory;  /* --state-dir, %u and its like in it; NULL: by setting */
    const char *maildir;          /* --maildir, the same */
    const char *user;             /* for %u; NULL: by USER, LOGNAME, uid */
    bool for_programs;            /* stderr is a mail server's: `log = auto` leaves it alone unless it is a terminal;
                                     for people errors and warnings go there as well as to syslog */
    bool without_rules;           /* leave rule files closed and names in score.NAME unchecked */
};

struct config_mistake {
    const char *text; /* "/etc/tamis/tamis.conf:12: required = lots: a number from -100 to 100 is accepted" */
    struct config_mistake *next;
};

/* Loads.  Never NULL, never without usable settings; what was wrong is in config_mistakes(). */
struct config *config_load(const struct config_sources *sources);
void config_free(struct config **config);

const struct settings *config_settings(const struct config *config);
const struct config_mistake *config_mistakes(const struct config *config);

/* Visits every option in order, then every score.NAME and every setting of a section that was set, with its value as
 * text and where it was set ("default", "file:line", "--set", "--state-dir", "--maildir").  Paths are shown expanded.
 * The texts are valid during the visit. */
struct config_value {
    const char *name, *value, *default_value, *origin, *accepted, *help;
    bool locked;
};
void config_visit(const struct config *config, void (*visit)(void *context, const struct config_value *value),
                  void *context);

/* Writes the settings file that sets nothing and explains everything: each option commented out at its default, with
 * its help and what is accepted. */
void config_write_example(FILE *stream);

#endif
