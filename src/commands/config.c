/* config.c - `tamis config`: show every setting with its origin, check the files */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands/command.h"

enum { OPTION_ORIGIN };

static const struct command_option options[] = {
    [OPTION_ORIGIN] = { "origin", 'o', NULL, "show: also where each value was set" },
    { NULL, 0, NULL, NULL },
};

static void show_value(void *context, const struct config_value *value)
{
    bool with_origin = *(const bool *)context;
    printf("%s = %s", value->name, value->value);
    if (with_origin)
        printf("    # %s%s", value->origin, value->locked ? ", locked" : "");
    putchar('\n');
}

static int run_config(const struct invocation *invocation)
{
    const char *name = invocation->operand_count == 1 ? invocation->operands[0] : "";
    if (strcmp(name, "show") == 0) {
        bool with_origin = invocation->option_values[OPTION_ORIGIN] != NULL;
        config_visit(invocation->config, show_value, &with_origin);
        return EX_OK;
    }
    if (strcmp(name, "check") == 0) {
        const struct config_mistake *mistake = config_mistakes(invocation->config);
        if (!mistake)
            printf("no mistakes\n");
        for (; mistake; mistake = mistake->next)
            printf("%s\n", mistake->text);
        return config_mistakes(invocation->config) ? EX_CONFIG : EX_OK;
    }
    fprintf(stderr, "tamis: config takes one of show and check\n");
    return EX_USAGE;
}

const struct command command_config = {
    .name = "config",
    .summary = "Show every setting and where it was set; check the configuration files",
    .operands = "show|check",
    .details = "Exit status: 0; check: 78 when there are mistakes, each with file, line and what is accepted.\n",
    .options = options,
    .of_no_user = true,
    .run = run_config,
};
