/* starter.c - `tamis starter`: make starter knowledge from labelled mail, and say what is in it */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands/command.h"
#include "commands/judge.h"
#include "commands/labelled-mail.h"
#include "commands/progress.h"
#include "learn/starter-building.h"
#include "learn/starter.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"

#define MODE 0644 /* it is for everybody to read, and holds nothing that is anybody's */

enum { OPTION_USERS };

static const struct command_option options[] = {
    [OPTION_USERS] = { "users", 0, "N", N_("build: mail of several users, only words that N of them have (2 to 8)") },
    { NULL, 0, NULL, NULL },
};

/* --- build -------------------------------------------------------------------------------------------------------- */

static uint64_t user_of(const struct labelled *labelled)
{
    return hash_bytes(labelled->path, strcspn(labelled->path, "/"), 0);
}

/* Users go on moving and deleting mail while theirs is read: what is not there any more is passed over. */
static bool pass_over(const struct invocation *invocation, struct failure *failure)
{
    if (!invocation->option_values[OPTION_USERS] || failure->kind != FAILURE_INPUT)
        return false;
    log_line(LOG_SEVERITY_DEBUG, "passed over: %s", failure->reason);
    *failure = (struct failure){ 0 };
    return true;
}

/* As at delivery, but for what only this user or this day has: the history, and the clock. */
static bool add_message(const struct invocation *invocation, struct starter_building *building,
                        const struct labelled *labelled, struct failure *failure)
{
    struct file_bytes bytes;
    if (!labelled_read(labelled, &bytes, failure))
        return pass_over(invocation, failure);
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct message *message = message_parse(span_make(bytes.data, bytes.length), arena);
    struct rule_context context = invocation->settings->rule_context;
    context.now = labelled_arrival(message);
    struct hits hits = { 0 };
    rules_evaluate(message, &context, &invocation->settings->rules, arena, &hits);
    struct features_extra extra = judge_extra_tokens(&hits, arena);
    bool of_users = invocation->option_values[OPTION_USERS] != NULL;
    bool good = starter_building_add(building, message, of_users ? user_of(labelled) : starter_sender(message),
                                     extra.points, labelled->label, arena, failure);
    arena_free(arena);
    file_bytes_free(&bytes);
    return good;
}

static bool add_all(const struct invocation *invocation, struct starter_building *building,
                    const struct labelled_list *list, struct failure *failure)
{
    struct progress progress;
    bool good = true;
    progress_start(&progress, _("reading"), list->count);
    for (size_t i = 0; good && i < list->count; i++) {
        good = add_message(invocation, building, &list->items[i], failure);
        progress_step(&progress);
    }
    progress_end(&progress);
    return good;
}

static bool write_file(struct starter_building *building, const char *path, struct failure *failure)
{
    struct arena *arena = arena_new(STARTER_BYTES * 4);
    struct buffer file = buffer_new(arena, STARTER_BYTES);
    bool good = starter_building_finish(building, &file, failure) &&
                file_replace(path, buffer_span(&file), MODE, failure);
    arena_free(arena);
    return good;
}

/* How many groups a word must stand in; 0: not a number that is accepted. */
static unsigned groups_least(const char *users)
{
    if (!users)
        return STARTER_SENDERS_LEAST;
    return strlen(users) == 1 && *users >= '2' && *users <= '0' + STARTER_GROUPS_MOST ? (unsigned)(*users - '0') : 0;
}

static bool build(const struct invocation *invocation, struct failure *failure)
{
    const char *users = invocation->option_values[OPTION_USERS];
    if (!groups_least(users))
        return failure_set(failure, FAILURE_USAGE, "--users %.20s: from 2 to %d users", users, STARTER_GROUPS_MOST);
    struct labelled_list list = { 0 };
    struct starter_building *building = starter_building_new(groups_least(users), users != NULL);
    bool good = building || failure_set(failure, FAILURE_TEMPORARY, "no memory for starter knowledge");
    good = good && labelled_read_index(&list, invocation->operands[1], failure) &&
           add_all(invocation, building, &list, failure) && write_file(building, invocation->operands[2], failure);
    labelled_free(&list);
    starter_building_free(&building);
    return good;
}

/* --- show --------------------------------------------------------------------------------------------------------- */

static bool show(const struct invocation *invocation, struct failure *failure)
{
    const char *path = invocation->operand_count > 1 ? invocation->operands[1] : invocation->settings->starter_file;
    struct starter *starter = starter_open(path, failure);
    if (!starter)
        return failure->kind != FAILURE_NONE || failure_set(failure, FAILURE_INPUT, "%s: there is no such file", path);
    if (!starter_is_sound(starter)) {
        starter_close(&starter);
        return failure_set(failure, FAILURE_DAMAGED, "%s: damaged; install it again", path);
    }
    struct starter_facts facts = starter_facts(starter);
    printf(_("file      %s\nmade from %u ham, %u spam\nwords     %u\ntakes part until %d of each label are learned\n"),
           path, facts.ham, facts.spam, facts.words, STARTER_LESSONS);
    starter_close(&starter);
    return true;
}

static int run_starter(const struct invocation *invocation)
{
    const char *action = invocation->operand_count ? invocation->operands[0] : "show";
    struct failure failure = { 0 };
    if (strcmp(action, "build") == 0 && invocation->operand_count == 3)
        build(invocation, &failure);
    else if (strcmp(action, "show") == 0 && invocation->operand_count <= 2)
        show(invocation, &failure);
    else
        failure_set(&failure, FAILURE_USAGE, "`tamis starter --help` lists what is accepted");
    if (failure.kind != FAILURE_NONE)
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
    return failure.kind == FAILURE_NONE ? EX_OK : failure_exit_status(failure.kind);
}

const struct command command_starter = {
    .name = "starter",
    .summary = N_("What mail of others teaches a new user: make it from labelled mail, or show it"),
    .operands = "build DIR FILE | show [FILE]",
    .details = N_("DIR holds a file \"index\" of lines \"ham PATH\" or \"spam PATH\", paths relative to DIR.\n"
                  "With --users a path begins with the folder of a user.\n\n"
                  "Exit status: 0 done; 64 usage; 66 the index, a message or FILE could not be read; 75 no memory,\n"
                  "FILE is damaged, or could not be written.\n"),
    .options = options,
    .run = run_starter,
};
