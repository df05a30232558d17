/* command-table.c - the commands, in the order `tamis --help` lists them */
#include "commands/command.h"

extern const struct command command_filter, command_deliver, command_classify, command_explain, command_learn,
    command_expire, command_sort, command_stats, command_digest, command_doctor, command_evaluate, command_moved,
    command_relearn, command_relays, command_rules, command_senders, command_shared, command_starter, command_db,
    command_config;

const struct command *const command_table[] = {
    &command_filter,
    &command_deliver,
    &command_classify,
    &command_explain,
    &command_learn,
    &command_moved,
    &command_relearn,
    &command_expire,
    &command_sort,
    &command_stats,
    &command_digest,
    &command_doctor,
    &command_evaluate,
    &command_rules,
    &command_senders,
    &command_relays,
    &command_shared,
    &command_starter,
    &command_db,
    &command_config,
    NULL,
};
