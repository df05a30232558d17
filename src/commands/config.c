/* config.c - `tamis config`: the commented settings file, every setting with its origin, what is wrong in the files */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands/command.h"
#include "util/translate.h"

enum { OPTION_ORIGIN, OPTION_CHANGED };

static const struct command_option options[] = {
    [OPTION_ORIGIN] = { "origin", 'o', NULL, N_("show: also where each value was set") },
    [OPTION_CHANGED] = { "changed", 'C', NULL, N_("show: only what somebody has set") },
    { NULL, 0, NULL, NULL },
};

/* --- show ------------------------------------------------------------------------------------------------------- */

/* Origins stand in one column, but a long value pushes only its own aside. */
#define COLUMN_MOST 48

struct showing {
    bool with_origin, only_changed;
    int column; /* of the origins */
};

static bool is_shown(const struct showing *showing, const struct config_value *value)
{
    return !showing->only_changed || value->locked || strcmp(value->origin, "default") != 0;
}

static int length_of(const struct config_value *value)
{
    return (int)(strlen(value->name) + strlen(" = ") + strlen(value->value));
}

static void measure_value(void *context, const struct config_value *value)
{
    struct showing *showing = context;
    int length = length_of(value);
    if (is_shown(showing, value) && length > showing->column && length <= COLUMN_MOST)
        showing->column = length;
}

static void show_value(void *context, const struct config_value *value)
{
    const struct showing *showing = context;
    if (!is_shown(showing, value))
        return;
    printf("%s = %s", value->name, value->value);
    if (showing->with_origin) {
        int missing = showing->column - length_of(value);
        printf("%*s  # %s%s", missing > 0 ? missing : 0, "", value->origin, value->locked ? ", locked" : "");
    }
    putchar('\n');
}

static int run_show(const struct invocation *invocation)
{
    struct showing showing = { .with_origin = invocation->option_values[OPTION_ORIGIN] != NULL,
                               .only_changed = invocation->option_values[OPTION_CHANGED] != NULL };
    config_visit(invocation->config, measure_value, &showing);
    config_visit(invocation->config, show_value, &showing);
    return EX_OK;
}

/* --- the other actions ------------------------------------------------------------------------------------------ */

static int run_check(const struct invocation *invocation)
{
    const struct config_mistake *mistake = config_mistakes(invocation->config);
    if (!mistake)
        printf(_("no mistakes\n"));
    for (; mistake; mistake = mistake->next)
        printf("%s\n", mistake->text);
    return config_mistakes(invocation->config) ? EX_CONFIG : EX_OK;
}

static int run_example(const struct invocation *invocation)
{
    (void)invocation;
    translate_end(); /* it is a file, and in the words of tamis.conf(5) */
    config_write_example(stdout);
    return EX_OK;
}

static bool is_check(const struct invocation *invocation)
{
    return invocation->operand_count == 1 && strcmp(invocation->operands[0], "check") == 0;
}

static int run_config(const struct invocation *invocation)
{
    const char *name = invocation->operand_count > 0 ? invocation->operands[0] : "example";
    if (invocation->operand_count <= 1 && strcmp(name, "example") == 0)
        return run_example(invocation);
    if (invocation->operand_count == 1 && strcmp(name, "show") == 0)
        return run_show(invocation);
    if (is_check(invocation))
        return run_check(invocation);
    fprintf(stderr, _("tamis: config takes one of show, check and example\n"));
    return EX_USAGE;
}

const struct command command_config = {
    .name = "config",
    .summary = N_("Show every setting and where it was set; check the files; write a commented one"),
    .operands = "[show|check|example]",
    .details = N_("  show      every setting with its value\n"
                  "  check     what is wrong in the files\n"
                  "  example   a settings file that sets nothing and explains everything, to begin one's own with\n"
                  "            (also without any of these words)\n\n"
                  "Exit status: 0; check: 78 when there are mistakes, each with file, line and what is accepted.\n"),
    .options = options,
    .of_no_user = true,
    .says_mistakes = is_check,
    .run = run_config,
};
