/* starter.c - `tamis starter`: make starter knowledge from labelled mail, and say what is in it */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands/batches.h"
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

struct building {
    const struct invocation *invocation;
    struct starter_building *words;
    struct labelled_list list;
    struct batches *batches;
    struct progress progress;
    struct failure *failure;
};

static bool is_of_users(const struct building *building)
{
    return building->invocation->option_values[OPTION_USERS] != NULL;
}

static uint64_t user_of(const struct labelled *labelled)
{
    return hash_bytes(labelled->path, strcspn(labelled->path, "/"), 0);
}

/* In the child.  As at delivery, but for what only this user or this day has: the history, and the clock. */
static void read_example(void *context, struct span bytes, struct arena *arena, struct buffer *record)
{
    const struct building *building = context;
    const struct settings *settings = building->invocation->settings;
    const struct message *message = message_parse(bytes, arena);
    struct rule_context rule_context = settings->rule_context;
    rule_context.now = labelled_arrival(message);
    struct hits hits = { 0 };
    rules_evaluate(message, &rule_context, &settings->rules, arena, &hits);
    struct features_extra extra = judge_extra_tokens(&hits, arena);
    struct starter_example example = starter_example_of(message, extra.points, arena);
    starter_example_encode(&example, record);
}

static enum batch_step visit_message(void *context, const struct batched_message *message, const struct span *record,
                                     struct arena *arena)
{
    struct building *building = context;
    const struct labelled *labelled = &building->list.items[message->note];
    struct starter_example example;
    if (record && !starter_example_decode(*record, arena, &example))
        return BATCH_MALFORMED;
    progress_step(&building->progress);
    if (!record)
        return BATCH_GO_ON;
    uint64_t group = is_of_users(building) ? user_of(labelled) : example.sender;
    bool good = starter_building_add(building->words, &example, group, labelled->label, building->failure);
    return good ? BATCH_GO_ON : BATCH_STOP;
}

/* Users go on moving and deleting mail while theirs is read: what is not there any more is passed over. */
static bool pass_over(struct building *building)
{
    if (!is_of_users(building) || building->failure->kind != FAILURE_INPUT)
        return false;
    log_line(LOG_SEVERITY_DEBUG, "passed over: %s", building->failure->reason);
    *building->failure = (struct failure){ 0 };
    progress_step(&building->progress);
    return true;
}

static bool add_all(struct building *building)
{
    static const struct batch_reader reader = { .read = read_example, .visit = visit_message };
    bool good = true;
    building->batches = batches_new(&reader, building);
    progress_start(&building->progress, _("reading"), building->list.count);
    for (size_t i = 0; good && i < building->list.count; i++)
        good = labelled_add(&building->list, i, building->batches, building->failure) || pass_over(building);
    good = good && batches_finish(building->batches);
    progress_end(&building->progress);
    batches_free(&building->batches);
    if (!good && building->failure->kind == FAILURE_NONE)
        failure_set(building->failure, FAILURE_TEMPORARY, "the mail could not be read just now");
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
    struct building building = { .invocation = invocation, .failure = failure };
    building.words = starter_building_new(groups_least(users), users != NULL);
    bool good = building.words || failure_set(failure, FAILURE_TEMPORARY, "no memory for starter knowledge");
    good = good && labelled_read_index(&building.list, invocation->operands[1], failure) && add_all(&building) &&
           write_file(building.words, invocation->operands[2], failure);
    labelled_free(&building.list);
    starter_building_free(&building.words);
    return good;
}

/* --- show --------------------------------------------------------------------------------------------------------- */

static bool show(const struct invocation *invocation, struct failure *failure)
{
    const char *path = invocation->operand_count > 1 ? invocation->operands[1] : invocation->settings->starter_file;
    struct starter *starter = starter_open(path, failure);
    if (!starter && failure->kind == FAILURE_NONE)
        failure_set(failure, FAILURE_INPUT, "%s: there is no such file", path);
    if (!starter)
        return false;
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
    .details = N_("DIR holds a file \"index\" of lines \"ham PATH\" or \"spam PATH\", paths absolute or from DIR.\n"
                  "With --users a path begins with the folder of a user.\n\n"
                  "Exit status: 0 done; 64 usage; 66 the index, a message or FILE could not be read; 75 no memory,\n"
                  "FILE is damaged, or could not be written.\n"),
    .options = options,
    .without_places = true,
    .without_state = true,
    .run = run_starter,
};
