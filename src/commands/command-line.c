/* command-line.c - argv into an invocation, and the texts of --help and --version
 *
 * Options are read with getopt_long(3) from two tables: the command's own and the common ones below.
 */
#include "commands/command-line.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/owner.h"
#include "config.h"
#include "util/complaints.h"
#include "util/failure.h"
#include "util/log.h"
#include "util/translate.h"

#define MOST_OPTIONS 48
#define MOST_OVERRIDES 64

enum common_option {
    COMMON_CONFIG,
    COMMON_SET,
    COMMON_STATE_DIR,
    COMMON_MAILDIR,
    COMMON_USER,
    COMMON_VERBOSE,
    COMMON_HELP
};

static const struct command_option common_options[] = {
    [COMMON_CONFIG] = { "config", 'c', "FILE", N_("read FILE in place of the user's own configuration file") },
    [COMMON_SET] = { "set", 's', "NAME=VALUE", N_("one setting, stronger than any file; may be given again") },
    [COMMON_STATE_DIR] = { "state-dir", 0, "DIR", N_("where the learned state is") },
    [COMMON_MAILDIR] = { "maildir", 0, "DIR", N_("the user's Maildir") },
    [COMMON_USER] = { "user", 'u', "NAME", N_("the user's name, for %u in paths") },
    [COMMON_VERBOSE] = { "verbose", 'v', NULL, N_("say more; twice says all") },
    [COMMON_HELP] = { "help", 'h', NULL, N_("show this text") },
    { NULL, 0, NULL, NULL },
};

/* What the options said, before settings are loaded. */
struct parsed {
    const char *own[MOST_OPTIONS]; /* values of the command's options, by index */
    const char *overrides[MOST_OVERRIDES + 1];
    size_t override_count;
    struct config_sources sources;
    char **operands;       /* as long as argv */
    int *operand_options;
    int operand_count;
    int verbose;
    bool help;
    bool mistaken;
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; command_table[i]; i++)
        if (strcmp(command_table[i]->name, name) == 0)
            return command_table[i];
    return NULL;
}

static size_t option_count(const struct command_option *options)
{
    size_t count = 0;
    while (options && options[count].name)
        count++;
    return count;
}

/* One entry for getopt: `value` names the option beyond the range of letters. */
static void add_option(const struct command_option *option, int value, struct option *longs, char *letters)
{
    longs->name = option->name;
    longs->has_arg = option->argument ? required_argument : no_argument;
    longs->flag = NULL;
    longs->val = value;
    if (option->letter) {
        char text[3] = { option->letter, option->argument ? ':' : '\0', '\0' };
        strcat(letters, text);
    }
}

static void take_common_option(struct parsed *parsed, enum common_option which, const char *value)
{
    switch (which) {
    case COMMON_CONFIG:
        parsed->sources.user_file = value;
        break;
    case COMMON_SET:
        if (parsed->override_count < MOST_OVERRIDES) {
            parsed->overrides[parsed->override_count++] = value;
        } else {
            fprintf(stderr, _("tamis: --set %s: there are more than %d of them\n"), value, MOST_OVERRIDES);
            parsed->mistaken = true;
        }
        break;
    case COMMON_STATE_DIR:
        parsed->sources.state_directory = value;
        break;
    case COMMON_MAILDIR:
        parsed->sources.maildir = value;
        break;
    case COMMON_USER:
        parsed->sources.user = value;
        break;
    case COMMON_VERBOSE:
        parsed->verbose++;
        break;
    case COMMON_HELP:
        parsed->help = true;
        break;
    }
}

#define VALUE_OWN 1000
#define VALUE_COMMON 2000

static int value_of_letter(const struct command *command, int letter)
{
    size_t own = option_count(command->options);
    for (size_t i = 0; i < own; i++)
        if (command->options[i].letter == letter)
            return VALUE_OWN + (int)i;
    for (size_t i = 0; common_options[i].name; i++)
        if (common_options[i].letter == letter)
            return VALUE_COMMON + (int)i;
    return '?';
}

static void add_operand(struct parsed *parsed, char *operand, int last_option)
{
    parsed->operand_options[parsed->operand_count] = last_option;
    parsed->operands[parsed->operand_count++] = operand;
}

/* Gives the option that says what the operands to come are: others between it and them change nothing. */
static int take_own_option(const struct command *command, struct parsed *parsed, int option, int last_option)
{
    parsed->own[option] = optarg ? optarg : "";
    return command->options[option].of_operands ? option : last_option;
}

#define VALUE_OPERAND 1 /* what getopt gives for an operand when the letters begin with '-' */

/* Reads what stands behind the command's name; `argv[0]` is that name. */
static void parse_options(const struct command *command, int argc, char **argv, struct parsed *parsed)
{
    struct option longs[MOST_OPTIONS * 2] = { 0 };
    char letters[MOST_OPTIONS * 4] = "-"; /* operands in their places */
    int last_option = -1;
    size_t own = option_count(command->options), used = 0;
    for (size_t i = 0; i < own; i++)
        add_option(&command->options[i], VALUE_OWN + (int)i, &longs[used++], letters);
    for (size_t i = 0; common_options[i].name; i++)
        add_option(&common_options[i], VALUE_COMMON + (int)i, &longs[used++], letters);
    for (int value; (value = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        if (value == VALUE_OPERAND) {
            add_operand(parsed, optarg, last_option);
            continue;
        }
        if (value != '?' && value < VALUE_OWN)
            value = value_of_letter(command, value);
        if (value == '?')
            parsed->mistaken = true;
        else if (value >= VALUE_COMMON)
            take_common_option(parsed, (enum common_option)(value - VALUE_COMMON), optarg);
        else
            last_option = take_own_option(command, parsed, value - VALUE_OWN, last_option);
    }
    while (optind < argc) /* behind "--" */
        add_operand(parsed, argv[optind++], last_option);
}

static void print_option(const struct command_option *option, FILE *out)
{
    char names[64];
    snprintf(names, sizeof names, "%c%c%s--%s%s%s", option->letter ? '-' : ' ', option->letter ? option->letter : ' ',
             option->letter ? ", " : "  ", option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
    fprintf(out, "  %-26s %s\n", names, _(option->help));
}

void command_line_help(const struct command *command, FILE *out)
{
    fprintf(out, _("Usage: tamis %s [OPTION...]%s%s\n\n%s.\n\n"), command->name, *command->operands ? " " : "",
            command->operands, _(command->summary));
    for (size_t i = 0; command->options && command->options[i].name; i++)
        print_option(&command->options[i], out);
    for (size_t i = 0; common_options[i].name; i++)
        print_option(&common_options[i], out);
    if (command->details)
        fprintf(out, "\n%s", _(command->details));
}

static void print_overview(FILE *out)
{
    fputs(_("Usage: tamis COMMAND [OPTION...] [OPERAND...]\n\n"
            "The spam filter that runs at delivery time: one process per message, one user's own learned state.\n\n"),
          out);
    for (size_t i = 0; command_table[i]; i++)
        fprintf(out, "  %-10s %s\n", command_table[i]->name, _(command_table[i]->summary));
    fputs(_("\n`tamis COMMAND --help` explains one; so does tamis-COMMAND(1).\n"), out);
}

/* A caller that pipes mail into a mistyped command must keep that mail. */
static int usage_status(bool takes_mail)
{
    return takes_mail ? EX_TEMPFAIL : EX_USAGE;
}

static void open_log(const struct settings *settings, int verbose)
{
    enum log_severity most = settings->log_severity;
    if (verbose)
        most = verbose > 1 ? LOG_SEVERITY_DEBUG : most < LOG_SEVERITY_INFO ? LOG_SEVERITY_INFO : most;
    log_open(settings->log_target, most);
    translate_reasons(settings->log_target == LOG_TARGET_STDERR);
}

/* The place of an option among the command's own; their number: it has none of that name. */
static size_t option_named(const struct command *command, const char *name)
{
    size_t i = 0;
    while (command->options && command->options[i].name && strcmp(command->options[i].name, name) != 0)
        i++;
    return i;
}

static bool can_be_for_all(const struct command *command)
{
    return command->options && command->options[option_named(command, "all-users")].name;
}

/* Then each of them is seen to by itself (each-user.h). */
static bool is_for_all(const struct command *command, const struct parsed *parsed)
{
    return can_be_for_all(command) && parsed->own[option_named(command, "all-users")];
}

/* See owner.h.  Gives the exit status with which to stop, or EX_OK. */
static int see_whose_work(const struct command *command, const struct parsed *parsed)
{
    struct failure failure = { 0 };
    if (command->of_no_user || is_for_all(command, parsed))
        return EX_OK;
    enum owner_work work = owner_of_work(&parsed->sources, &failure);
    if (work == OWNER_IS_SELF)
        return EX_OK;
    if (work == OWNER_IS_UNKNOWN || command->takes_mail) {
        if (work == OWNER_IS_OTHER && owner_drop_to(&parsed->sources, &failure))
            return EX_OK;
        fprintf(stderr, "tamis: %s\n", failure.reason);
        return EX_TEMPFAIL;
    }
    fprintf(stderr, _("tamis: this is root, and the mailbox is somebody else's: run `tamis %s` as that user%s\n"),
            command->name, can_be_for_all(command) ? _(", or with --all-users") : "");
    return EX_NOPERM;
}

/* Is the command's output for a program? */
static bool writes_json(const struct command *command, const struct parsed *parsed)
{
    size_t number = option_named(command, "json");
    return command->options && command->options[number].name && parsed->own[number];
}

static bool is_own_folder(const char *directory)
{
    struct stat status;
    return *directory && stat(directory, &status) == 0 && status.st_uid == geteuid();
}

/* A person is told each time, and whoever reads why mail waits; the log of a mail server once a day, not with every
 * message.  Root, who has not become the mailbox's owner yet, leaves no files among the owner's. */
static void log_mistakes(const struct config *config, bool daily)
{
    const char *directory = config_settings(config)->state_directory;
    daily = daily && config_mistakes(config) && is_own_folder(directory);
    for (const struct config_mistake *mistake = config_mistakes(config); mistake; mistake = mistake->next)
        if (daily)
            complain_daily(directory, LOG_SEVERITY_WARNING, "%s", mistake->text);
        else
            log_line(LOG_SEVERITY_WARNING, "%s", mistake->text);
}

/* May the command run where the settings put this user?  Gives the exit status with which to stop, or EX_OK; the
 * mistakes, or a line of its own, say why. */
static int see_its_places(const struct command *command, const struct parsed *parsed, const struct settings *settings)
{
    if (is_for_all(command, parsed) || command->of_no_user)
        return EX_OK;
    if (settings->misplaced && !command->without_places)
        return command->takes_mail ? EX_TEMPFAIL : EX_CONFIG;
    if (settings->refused_state && !command->without_state)
        return EX_NOPERM;
    if (*settings->state_directory || !command->needs_state)
        return EX_OK;
    log_line(LOG_SEVERITY_ERROR, "there is no state directory: see the setting state_dir");
    return EX_CONFIG;
}

/* Loads the settings and runs the command on what was parsed. */
static int run_parsed(const struct command *command, struct parsed *parsed)
{
    if (parsed->help) {
        translate_begin();
        command_line_help(command, stdout);
        return EX_OK;
    }
    if (parsed->mistaken) {
        fprintf(stderr, _("tamis: `tamis %s --help` lists what is accepted\n"), command->name);
        return usage_status(command->takes_mail);
    }
    int stop = see_whose_work(command, parsed);
    if (stop != EX_OK)
        return stop;
    if (writes_json(command, parsed))
        translate_end();
    /* Where the log goes is known when the settings are; they may be wrong, too. */
    translate_reasons(isatty(STDERR_FILENO));
    parsed->sources.overrides = parsed->overrides;
    parsed->sources.for_programs = command->for_programs;
    parsed->sources.without_rules = command->without_rules;
    struct config *config = config_load(&parsed->sources);
    open_log(config_settings(config), parsed->verbose);
    stop = see_its_places(command, parsed, config_settings(config));
    struct invocation invocation = {
        .command = command,
        .settings = config_settings(config),
        .config = config,
        .sources = &parsed->sources,
        .verbose = parsed->verbose,
        .option_values = parsed->own,
        .operands = parsed->operands,
        .operand_count = parsed->operand_count,
        .operand_options = parsed->operand_options,
    };
    if (stop != EX_OK || is_for_all(command, parsed) || !command->says_mistakes || !command->says_mistakes(&invocation))
        log_mistakes(config, command->for_programs && stop == EX_OK);
    int status = stop == EX_OK ? command->run(&invocation) : stop;
    config_free(&config);
    return status;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct parsed parsed = { .operands = calloc((size_t)argc + 1, sizeof(char *)),
                             .operand_options = calloc((size_t)argc + 1, sizeof(int)) };
    int status = EX_TEMPFAIL;
    if (!command->for_programs)
        translate_begin();
    if (parsed.operands && parsed.operand_options) {
        parse_options(command, argc, argv, &parsed);
        status = run_parsed(command, &parsed);
    }
    free(parsed.operands);
    free(parsed.operand_options);
    return status;
}

/* `tamis --help`, and `tamis help COMMAND`, which is `tamis COMMAND --help`.  Words that name no command are left to
 * the overview. */
static int run_help(const char *name)
{
    const struct command *command = name ? command_find(name) : NULL;
    translate_begin();
    if (command)
        command_line_help(command, stdout);
    else
        print_overview(stdout);
    return EX_OK;
}

static int refuse_name(const char *name)
{
    translate_begin();
    if (*name == '-')
        fprintf(stderr, _("tamis: options stand behind the command: `tamis COMMAND %s ...`\n"), name);
    else if (*name)
        fprintf(stderr, _("tamis: there is no command \"%s\"; `tamis --help` lists them\n"), name);
    else
        print_overview(stderr);
    return usage_status(!isatty(STDIN_FILENO));
}

static int run(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return run_help(argc > 2 ? argv[2] : NULL);
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts("tamis " PACKAGE_VERSION);
        return EX_OK;
    }
    const struct command *command = command_find(name);
    return command ? run_command(command, argc - 1, argv + 1) : refuse_name(name);
}

/* No success, and no verdict, where what was printed did not get out whole.  A reader that went away needs not be
 * told. */
static int with_output_written(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    int error = errno ? errno : EIO; /* or it was an earlier write that failed */
    if (error != EPIPE)
        log_line(LOG_SEVERITY_ERROR, "cannot write to standard output: %s", strerror(error));
    return status < EX__BASE ? EX_TEMPFAIL : status;
}

int command_line_run(int argc, char **argv)
{
    return with_output_written(run(argc, argv));
}
