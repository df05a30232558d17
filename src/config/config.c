/* config.c - every setting of the program, from its files to the structs its parts take */
#include "config/config.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/assignments.h"
#include "config/members.h"
#include "config/option-table.h"
#include "config/places.h"
#include "config/settings-file.h"
#include "config/surroundings.h"
#include "learn/starter.h"
#include "rules/bad-hosts.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/trusted-path.h"

/* Two settings files of 64 KB, three lists of hosts and of relays, and what is made of them. */
#define ARENA_CEILING ((size_t)16 * 1024 * 1024)

struct config {
    struct arena *arena;
    struct assignments assignments;
    struct places places;
    struct settings settings;
    struct rule_cache *rules;
    const struct config_mistake *mistakes;
};

/* --- all sources ------------------------------------------------------------------------------------------------ */

/* `given` NULL: `usual`, which need not exist; "" or no usual place: nothing. */
static void read_given_or_usual(struct config *config, const char *given, const char *usual, bool may_lock)
{
    const char *path = given ? given : usual;
    if (path && *path)
        settings_file_read(&config->assignments, path, given != NULL, may_lock);
}

static void take_override(struct config *config, const char *override)
{
    const char *equals = strchr(override, '=');
    if (!equals) {
        assignments_mistake(&config->assignments, "--set %.60s: \"name=value\" is accepted", override);
        return;
    }
    struct span name = span_trim(span_make(override, (size_t)(equals - override)));
    struct span value = span_trim(span_of(equals + 1));
    assignments_set(&config->assignments, arena_copy(config->arena, name).data, arena_copy(config->arena, value).data,
                    "--set", ASSIGN_PLAIN);
}

/* A path of the command line.  Expanded here: it comes before the table, and may be below the current directory. */
static void take_path(struct config *config, const char *name, const char *path, const char *origin)
{
    struct failure failure;
    if (!path)
        return;
    struct assignment *option = &config->assignments.options[option_find(name) - option_table];
    const char *place = places_expand_given(&config->places, path, &failure);
    if (place || option->locked) {
        assignments_set(&config->assignments, name, place ? place : path, origin, ASSIGN_LITERAL);
        return;
    }
    assignments_mistake(&config->assignments, "%s: %s = %.60s: %s", origin, name, path, failure.reason);
    config->settings.misplaced = true;
    option->value = "";
    option->origin = origin;
    option->literal = true;
}

/* The folder of rules `name` beside a settings file; NULL when there is no such file to be. */
static const char *rules_beside(const struct config *config, const char *file, const char *name)
{
    char path[PATH_MAX];
    const char *absolute = file && *file ? places_absolute(&config->places, file) : NULL;
    const char *slash = absolute ? strrchr(absolute, '/') : NULL;
    if (!slash)
        return NULL;
    int length = snprintf(path, sizeof path, "%.*s/%s", (int)(slash - absolute), absolute, name);
    return length < (int)sizeof path ? arena_copy(config->arena, span_of(path)).data : NULL;
}

static void read_sources(struct config *config, const struct config_sources *sources)
{
    const char *system_file = sources->system_file ? sources->system_file : SYSCONFDIR "/tamis/tamis.conf";
    const char *user_file = sources->user_file;
    if (!user_file)
        user_file = places_by_xdg(&config->places, "XDG_CONFIG_HOME", ".config", "tamis/tamis.conf");
    read_given_or_usual(config, sources->system_file, system_file, true);
    read_given_or_usual(config, sources->user_file, user_file, false);
    config->settings.rule_sources.administrator = rules_beside(config, system_file, "rules.d");
    config->settings.rule_sources.user = rules_beside(config, user_file, "");
    for (const char *const *override = sources->overrides; override && *override; override++)
        take_override(config, *override);
    take_path(config, "state_dir", sources->state_directory, "--state-dir");
    take_path(config, "maildir", sources->maildir, "--maildir");
}

/* --- from assignments to settings ------------------------------------------------------------------------------- */

/* Defaults that follow a variable of the XDG Base Directory Specification. */
static const struct {
    const char *option, *variable, *fallback;
} by_xdg[] = {
    { "state_dir", "XDG_STATE_HOME", ".local/state" },
    { "lists_dir", "XDG_CONFIG_HOME", ".config" },
};

/* The default of an option where no text in the table can say it; else NULL. */
static const char *path_by_environment(const struct config *config, const char *option)
{
    if (strcmp(option, "rules_dir") == 0) {
        const char *path = getenv("TAMIS_RULES_DIR");
        return path && *path == '/' ? path : PKGDATADIR "/rules";
    }
    if (strcmp(option, "starter_file") == 0) {
        const char *path = getenv("TAMIS_STARTER_FILE");
        return path && *path == '/' ? path : PKGDATADIR "/" STARTER_FILE;
    }
    for (size_t i = 0; i < sizeof by_xdg / sizeof *by_xdg; i++)
        if (strcmp(by_xdg[i].option, option) == 0)
            return places_by_xdg(&config->places, by_xdg[i].variable, by_xdg[i].fallback, "tamis");
    return NULL;
}

static const char *path_of(struct config *config, const struct assignment *assignment, struct failure *failure)
{
    if (assignment->literal)
        return assignment->value;
    bool by_default = assignment->value == assignment->option->default_value;
    const char *path = by_default ? path_by_environment(config, assignment->name) : NULL;
    return path ? path : places_expand(&config->places, assignment->value, failure);
}

/* Is it the host's, the same for everybody? */
static bool is_of_host(const struct assignment *assignment)
{
    return strcmp(assignment->name, "rules_dir") == 0 || strcmp(assignment->name, "starter_file") == 0;
}

/* What cannot be told for this user is nowhere: the default in its place would be somebody else's mailbox or state
 * where one system user delivers for many.  The host's own files are the same for all of them. */
static void settle_path(struct config *config, struct assignment *assignment)
{
    struct failure failure;
    const char *path = path_of(config, assignment, &failure);
    if (!path) {
        assignments_mistake(&config->assignments, "%s: %s = %.60s: %s", assignment->origin, assignment->name,
                            assignment->value, failure.reason);
        bool is_default = assignment->value == assignment->option->default_value;
        config->settings.misplaced |= !is_default && !is_of_host(assignment);
        if (is_of_host(assignment)) {
            assignments_reset(assignment);
            path = path_of(config, assignment, &failure);
        }
    }
    assignment->value = path ? path : "";
}

static void settle_options(struct config *config)
{
    struct assignment *options = config->assignments.options;
    for (size_t i = 0; i < option_count; i++) {
        if (options[i].option->type == OPTION_PATH)
            settle_path(config, &options[i]);
        if (!option_store(options[i].option, options[i].value, &config->settings))
            *(const char **)((char *)&config->settings + options[i].option->offset) =
                ""; /* no home: there is no such path */
    }
}

/* The one place where the state folder is looked at, before anything of it is opened: who could exchange it could have
 * the filter write, read and delete elsewhere.  Refused, it is as if there were none. */
static void settle_state(struct config *config)
{
    struct settings *settings = &config->settings;
    struct failure failure;
    const struct assignment *option = &config->assignments.options[option_find("state_dir") - option_table];
    if (!*settings->state_directory || trusted_path_check(settings->state_directory, PATH_PRIVATE, &failure))
        return;
    assignments_mistake(&config->assignments, "%s: state_dir = %s: not used: %s", option->origin,
                        settings->state_directory, failure.reason);
    settings->refused_state = settings->state_directory;
    settings->state_directory = "";
}

static void settle_scores(struct config *config)
{
    struct assignments *assignments = &config->assignments;
    struct score_override *overrides = arena_new_array(config->arena, struct score_override, assignments->score_count);
    struct rules_settings *rules = &config->settings.rules;
    rules->overrides = overrides;
    for (size_t i = 0; i < assignments->score_count; i++) {
        const struct assignment *score = &assignments->scores[i];
        if (score->value && option_read_points(&option_score, score->value, &overrides[rules->override_count].points))
            overrides[rules->override_count++].name = strchr(score->name, '.') + 1;
    }
}

/* Appends the list `name` of a folder, when it is there: what cannot be looked at may be there. */
static void read_list(struct config *config, struct span folder, const char *name, struct buffer *list)
{
    char path[PATH_MAX];
    struct file_bytes bytes;
    struct failure failure;
    if (folder.length == 0 ||
        snprintf(path, sizeof path, "%.*s/%s", (int)folder.length, folder.data, name) >= (int)sizeof path)
        return;
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return;
    if (!file_read(path, BAD_HOSTS_BYTES, &bytes, &failure)) {
        assignments_mistake(&config->assignments, "%s: the list is ignored: %s", path, failure.reason);
        return;
    }
    buffer_append(list, span_make(bytes.data, bytes.length));
    buffer_append_byte(list, '\n');
    file_bytes_free(&bytes);
}

/* The folder that a settings file is in; empty when none is named, or none of this path. */
static struct span folder_of(const char *settings_file)
{
    const char *slash = settings_file ? strrchr(settings_file, '/') : NULL;
    return slash ? span_make(settings_file, (size_t)(slash - settings_file)) : SPAN_EMPTY;
}

/* A list of bad hosts or relays lies beside the system's settings, beside a settings file that was named, and among the
 * user's lists; all of them count. */
static struct span local_list(struct config *config, const struct config_sources *sources, const char *name)
{
    struct buffer list = buffer_new(config->arena, 3 * BAD_HOSTS_BYTES + 3);
    const char *system_file = sources->system_file ? sources->system_file : SYSCONFDIR "/tamis/tamis.conf";
    struct span named = folder_of(sources->user_file), usual = span_of(config->settings.senders.directory);
    read_list(config, folder_of(system_file), name, &list);
    read_list(config, named, name, &list);
    if (!span_equal(named, usual))
        read_list(config, usual, name, &list);
    return buffer_span(&list);
}

static void settle_bad_lists(struct config *config, const struct config_sources *sources)
{
    config->settings.rule_context.bad_hosts = local_list(config, sources, BAD_HOSTS_FILE);
    config->settings.rule_context.bad_relays = local_list(config, sources, LIST_BAD_RELAYS);
}

/* What the senders' lists need of the other settings. */
static void settle_senders(struct config *config, const struct config_sources *sources)
{
    struct settings *settings = &config->settings;
    bool no_site = sources->system_file && !*sources->system_file;
    settings->senders.system_directory = no_site ? "" : SYSCONFDIR "/tamis";
    settings->senders.state_directory = settings->state_directory;
    settings->senders.site = (struct site){ .trusted_networks = settings->rule_context.trusted_networks,
                                            .authserv_ids = settings->rule_context.authserv_ids };
}

/* `text` with %u and its like replaced; "" when that cannot be. */
static const char *expand_for_store(struct config *config, const char *text, bool is_path)
{
    struct failure failure;
    if (*text == '\0')
        return text;
    const char *expanded = is_path ? places_expand(&config->places, text, &failure)
                                   : places_expand_word(&config->places, text, &failure);
    if (!expanded)
        assignments_mistake(&config->assignments, "store = redis: %.60s: %s", text, failure.reason);
    return expanded ? expanded : "";
}

static void settle_store(struct config *config)
{
    struct settings *settings = &config->settings;
    struct store_remote *remote = &settings->store.remote;
    settings->store.directory = settings->state_directory;
    settings->store.lock_wait_milliseconds = LIMIT_LOCK_WAIT_MILLISECONDS;
    bool chosen = settings->store_choice == STORE_CHOICE_REDIS;
    settings->store.engine = chosen ? "redis" : NULL;
    /* `tamis db copy redis` comes before the choice. */
    if (!chosen && *remote->server == '\0')
        return;
    remote->name = expand_for_store(config, "%u", false);
    remote->user = expand_for_store(config, remote->user, false);
    remote->password_file = expand_for_store(config, remote->password_file, true);
    remote->certificates = expand_for_store(config, remote->certificates, true);
    if (*remote->server == '\0')
        assignments_mistake(&config->assignments,
                            "store = redis: redis_server says no server: nothing is learned or remembered");
}

/* Whoever lowers `required` alone has made no mistake, whoever sets both the wrong way round has. */
static void settle_thresholds(struct config *config)
{
    struct verdict_settings *verdict = &config->settings.verdict;
    if (verdict->unsure <= verdict->required)
        return;
    const struct assignment *unsure = &config->assignments.options[option_find("unsure") - option_table];
    if (strcmp(unsure->origin, "default") != 0)
        assignments_mistake(&config->assignments,
                            "%s: unsure = %s: at most the value of \"required\" is accepted; nothing will be unsure",
                            unsure->origin, unsure->value);
    verdict->unsure = verdict->required;
}

static void note_rules(void *context, enum log_severity severity, const char *text)
{
    (void)severity;
    assignments_mistake(context, "%s", text);
}

/* Opens the rules, so that their names can be set points for. */
static void settle_rules(struct config *config, bool without_rules)
{
    struct rule_sources *sources = &config->settings.rule_sources;
    const char *state = config->settings.state_directory;
    char path[PATH_MAX];
    sources->shipped = config->settings.rules_directory;
    sources->shared_cache = LOCALSTATEDIR "/cache/tamis/rules.cache";
    if (*state && file_join(path, sizeof path, state, "rules.cache"))
        sources->user_cache = arena_copy(config->arena, span_of(path)).data;
    if (without_rules)
        return;
    config->rules = rule_cache_open(sources, note_rules, &config->assignments);
    config->settings.rules.rules = rule_cache_set(config->rules);
    assignments_check_scores(&config->assignments, config->settings.rules.rules);
}

/* systemd.exec(5), $JOURNAL_STREAM: device and inode of what it has connected to the journal, in decimal. */
static bool stderr_is_the_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char here[2 * 20 + 2];
    struct stat status;
    if (!stream || fstat(STDERR_FILENO, &status) != 0)
        return false;
    snprintf(here, sizeof here, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    return strcmp(stream, here) == 0;
}

/* What `log = auto` means.  The journal gets what syslog gets: there a line on stderr would stand twice. */
static enum log_target log_target_here(bool for_programs)
{
    if (isatty(STDERR_FILENO))
        return LOG_TARGET_STDERR;
    return for_programs || stderr_is_the_journal() ? LOG_TARGET_SYSLOG : LOG_TARGET_BOTH;
}

struct config *config_load(const struct config_sources *sources)
{
    struct arena *arena = arena_new(ARENA_CEILING);
    struct config *config = arena_new_object(arena, struct config);
    config->arena = arena;
    config->assignments = assignments_new(arena);
    config->places = places_find(arena, sources->user);
    read_sources(config, sources);
    settle_options(config);
    settle_state(config);
    settle_rules(config, sources->without_rules);
    settle_scores(config);
    settle_thresholds(config);
    settle_store(config);
    members_settle(&config->assignments, &config->settings);
    config->settings.outside.state_directory = config->settings.state_directory;
    config->settings.folders.junk = config->settings.maildir.junk;
    surroundings_settle(&config->settings, sources->user ? sources->user : getenv("USER"), arena);
    settle_bad_lists(config, sources);
    settle_senders(config, sources);
    if ((int)config->settings.log_target == OPTION_LOG_AUTO)
        config->settings.log_target = log_target_here(sources->for_programs);
    config->mistakes = assignments_mistakes(&config->assignments);
    return config;
}

void config_free(struct config **config)
{
    if (*config) {
        rule_cache_close(&(*config)->rules);
        arena_free((*config)->arena);
    }
    *config = NULL;
}

const struct settings *config_settings(const struct config *config)
{
    return &config->settings;
}

const struct config_mistake *config_mistakes(const struct config *config)
{
    return config->mistakes;
}

static void visit_one(const struct assignment *assignment, void (*visit)(void *, const struct config_value *),
                      void *context)
{
    char accepted[200];
    if (!assignment->value)
        return;
    option_describe_accepted(assignment->option, accepted, sizeof accepted);
    visit(context, &(struct config_value){
                       .name = assignment->name,
                       .value = assignment->value,
                       .default_value = assignment->option->default_value,
                       .origin = assignment->origin,
                       .accepted = accepted,
                       .help = assignment->option->help,
                       .locked = assignment->locked,
                   });
}

void config_visit(const struct config *config, void (*visit)(void *context, const struct config_value *value),
                  void *context)
{
    for (size_t i = 0; i < option_count; i++)
        visit_one(&config->assignments.options[i], visit, context);
    for (size_t i = 0; i < config->assignments.score_count; i++)
        visit_one(&config->assignments.scores[i], visit, context);
    for (size_t i = 0; i < config->assignments.member_count; i++)
        visit_one(&config->assignments.members[i], visit, context);
}
