/* rules.c - `tamis rules`: list the checks and rules, check rule files, compile them, measure what they are worth */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/command.h"
#include "commands/rules-measure.h"
#include "rules/check.h"
#include "rules/rule-cache.h"
#include "rules/rule-compile.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/translate.h"
#include "verdict/figures.h"

enum { OPTION_SYSTEM, OPTION_PARTS, OPTION_HAM, OPTION_SPAM, OPTION_INDEX, OPTION_JUDGE, OPTION_SPLIT, OPTION_SUGGEST };

static const struct command_option options[] = {
    [OPTION_SYSTEM] = { "system", 0, NULL, N_("compile: for all users, without this user's own rules") },
    [OPTION_PARTS] = { "parts", 'p', NULL, N_("list: also the parts of rules, which give no points") },
    [OPTION_HAM] = { "ham", 'H', NULL, N_("measure: the paths behind this are ham"), .of_operands = true },
    [OPTION_SPAM] = { "spam", 'S', NULL, N_("measure: the paths behind this are spam"), .of_operands = true },
    [OPTION_INDEX] = { "index", 'I', NULL,
                       N_("measure: the paths behind this are folders with an \"index\", as for evaluate"),
                       .of_operands = true },
    [OPTION_JUDGE] = { "judge", 'J', NULL, N_("measure: the same, but hold their mail out: only judge it"),
                       .of_operands = true },
    [OPTION_SPLIT] = { "split", 0, "PERCENT",
                       N_("measure: of folders with an index, hold out all but the first so many") },
    [OPTION_SUGGEST] = { "suggest", 0, NULL, N_("measure: also propose points, cross-validated") },
    { NULL, 0, NULL, NULL },
};

static void print_notice(void *context, enum log_severity severity, const char *text)
{
    (void)context;
    (void)severity;
    fprintf(stderr, "tamis: %s\n", text);
}

/* --- list --------------------------------------------------------------------------------------------------------- */

static void print_one(const struct settings *settings, const char *name, int points, const char *source,
                      const char *description)
{
    char figure[FIGURE_SIZE];
    figure_points(rules_points(&settings->rules, name, points), figure);
    printf("%7s  %-28s  %s  (%s)\n", figure, name, description, source);
}

static int run_list(const struct invocation *invocation)
{
    const struct settings *settings = invocation->settings;
    struct rule_cache *cache = rule_cache_open(&settings->rule_sources, print_notice, NULL);
    const struct rule_set *set = rule_cache_set(cache);
    for (size_t i = 0; i < check_count; i++)
        print_one(settings, check_table[i]->name, check_table[i]->points, "check", check_table[i]->description);
    for (size_t i = 0; set && i < set->rule_count; i++) {
        const struct image_rule *rule = &set->rules[i];
        char source[4200];
        if ((rule->flags & RULE_IS_PART) && !invocation->option_values[OPTION_PARTS])
            continue;
        snprintf(source, sizeof source, "%s:%u", rule_set_text(set, rule->file), (unsigned)rule->line);
        print_one(settings, rule_set_text(set, rule->name), rule->points, source,
                  rule_set_text(set, rule->description));
    }
    rule_cache_close(&cache);
    return EX_OK;
}

/* --- check -------------------------------------------------------------------------------------------------------- */

static void read_named(struct rule_list *list, const char *path)
{
    struct file_bytes bytes;
    struct failure failure = { 0 };
    if (!file_read(path, LIMIT_RULE_FILE_BYTES, &bytes, &failure)) {
        rule_list_complain(list, path, 0, "%s", failure.reason);
        return;
    }
    rule_file_read(list, path, span_make(bytes.data, bytes.length));
    file_bytes_free(&bytes);
}

static void print_mistakes(const struct rule_mistake *mistake)
{
    for (; mistake; mistake = mistake->next)
        printf("%s\n", mistake->text);
}

static int run_check(const struct invocation *invocation)
{
    static const uint8_t no_stamp[IMAGE_STAMP_SIZE];
    struct rule_list list = rule_list_new(arena_new(LIMIT_RULE_ARENA));
    if (invocation->operand_count == 1)
        rule_cache_read_files(&invocation->settings->rule_sources, &list);
    for (int i = 1; i < invocation->operand_count; i++)
        read_named(&list, invocation->operands[i]);
    struct rule_compiled compiled;
    struct failure failure = { 0 };
    if (!rule_compile(&list, no_stamp, &compiled, &failure))
        rule_list_complain(&list, "rules", 0, "%s", failure.reason);
    print_mistakes(list.mistakes);
    print_mistakes(compiled.slow);
    if (list.mistake_count == 0)
        printf(_("%zu rules, no mistakes\n"), list.count);
    int status = list.mistake_count ? EX_CONFIG : EX_OK;
    arena_free(list.arena);
    return status;
}

/* --- compile ------------------------------------------------------------------------------------------------------ */

static int run_compile(const struct invocation *invocation)
{
    struct rule_sources sources = invocation->settings->rule_sources;
    const char *path = sources.user_cache;
    struct failure failure = { 0 };
    size_t count = 0;
    if (invocation->option_values[OPTION_SYSTEM]) {
        sources.user = NULL;
        path = sources.shared_cache;
    }
    if (!rule_cache_write(&sources, path, print_notice, NULL, &count, &failure)) {
        fprintf(stderr, "tamis: %s\n", failure.reason);
        return failure_exit_status(failure.kind);
    }
    printf(_("%zu rules compiled into %s\n"), count, path);
    return EX_OK;
}

/* --- measure ------------------------------------------------------------------------------------------------------ */

static int run_measure(const struct invocation *invocation)
{
    struct measure_options chosen = {
        .ham = OPTION_HAM,
        .spam = OPTION_SPAM,
        .index = OPTION_INDEX,
        .judge = OPTION_JUDGE,
        .split = 100,
        .suggest = invocation->option_values[OPTION_SUGGEST] != NULL,
    };
    const char *split = invocation->option_values[OPTION_SPLIT];
    char *end = NULL;
    if (split)
        chosen.split = strtoul(split, &end, 10);
    if (split && (end == split || *end || *split == '-' || chosen.split < 1 || chosen.split > 100)) {
        fprintf(stderr, _("tamis: --split takes a percentage from 1 to 100, not \"%s\"\n"), split);
        return EX_USAGE;
    }
    return rules_measure(invocation, &chosen);
}

/* ------------------------------------------------------------------------------------------------------------------ */

static const struct action {
    const char *name;
    int (*run)(const struct invocation *invocation);
} actions[] = {
    { "list", run_list },
    { "check", run_check },
    { "compile", run_compile },
    { "measure", run_measure },
};

static int run_rules(const struct invocation *invocation)
{
    const char *name = invocation->operand_count ? invocation->operands[0] : "";
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].name, name) == 0)
            return actions[i].run(invocation);
    fprintf(stderr, _("tamis: rules takes one of list, check, compile and measure\n"));
    return EX_USAGE;
}

const struct command command_rules = {
    .name = "rules",
    .summary = N_("List the checks and rules, check and compile rule files, measure what they are worth"),
    .operands = "list|check [FILE...]|compile|measure --ham PATH... --spam PATH... | --index DIR...",
    .details = N_("Without FILE, check reads all rule files that count for this user.\n\n"
                  "Exit status: 0; check: 78 when there are mistakes, each with file, line and what is accepted;\n"
                  "compile: 75 or 78 when the result could not be written.\n"),
    .options = options,
    .without_rules = true,
    .of_no_user = true,
    .run = run_rules,
};
