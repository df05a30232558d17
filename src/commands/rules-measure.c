/* rules-measure.c - `tamis rules measure`: what each check and rule is worth on labelled mail
 *
 * Nothing learned takes part.  A child reads the messages and says which rules hit; this process counts.
 */
#include "commands/rules-measure.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/batches.h"
#include "commands/labelled-mail.h"
#include "commands/progress.h"
#include "mailbox/source.h"
#include "mail/message.h"
#include "rules/check.h"
#include "rules/evaluate.h"
#include "rules/rule-cache.h"
#include "rules/worth.h"
#include "util/columns.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/translate.h"
#include "verdict/figures.h"

#define MOST_HITS 400 /* of one message; there are fewer checks and rules that could hit at once */
#define BAR_WIDTH 20

struct measurement {
    const struct invocation *invocation;
    const struct measure_options *options;
    struct rules_settings rules;
    struct worth_sheet *sheet;
    struct progress progress;
    struct batches *batches;
    size_t unreadable;
    const char **places; /* the paths that messages were found in */
    size_t place_count;
};

static bool say_no_memory(void)
{
    log_line(LOG_SEVERITY_ERROR, "no memory for the measurement");
    return false;
}

/* --- the sheet ---------------------------------------------------------------------------------------------------- */

static bool add_rules(struct measurement *measurement)
{
    const struct rules_settings *settings = &measurement->rules;
    const struct rule_set *set = settings->rules;
    bool good = true;
    for (size_t i = 0; good && i < check_count; i++) {
        const char *name = check_table[i]->name;
        int points = rules_points(settings, name, check_table[i]->points);
        good = worth_add_rule(measurement->sheet, name, points) != SIZE_MAX;
    }
    for (size_t i = 0; good && set && i < set->rule_count; i++) {
        const char *name = rule_set_text(set, set->rules[i].name);
        int points = rules_points(settings, name, set->rules[i].points);
        if (!(set->rules[i].flags & RULE_IS_PART))
            good = worth_add_rule(measurement->sheet, name, points) != SIZE_MAX;
    }
    return good;
}

/* --- one message -------------------------------------------------------------------------------------------------- */

/* What is known of a message beforehand, as bits. */
enum known { KNOWN_SPAM = 1, KNOWN_HELD_OUT = 2 };

/* In the child. */
static void read_hits(void *context, struct span bytes, struct arena *arena, struct buffer *record)
{
    const struct measurement *measurement = context;
    const struct message *message = message_parse(bytes, arena);
    struct rule_context rule_context = measurement->invocation->settings->rule_context;
    rule_context.now = labelled_arrival(message);
    struct hits hits;
    rules_evaluate(message, &rule_context, &measurement->rules, arena, &hits);
    hits_encode(&hits, record);
}

static bool count_hits(struct measurement *measurement, unsigned known, const struct hits *hits)
{
    size_t numbers[MOST_HITS], count = 0;
    for (size_t i = 0; i < hits->count && count < MOST_HITS; i++) {
        size_t number = worth_find_rule(measurement->sheet, hits->items[i].name);
        if (number != SIZE_MAX)
            numbers[count++] = number;
    }
    return worth_add_message(measurement->sheet, known & KNOWN_SPAM, known & KNOWN_HELD_OUT, numbers, count) ||
           say_no_memory();
}

static enum batch_step visit_message(void *context, const struct batched_message *message, const struct span *record,
                                     struct arena *arena)
{
    struct measurement *measurement = context;
    struct wire_reader reader = wire_read(record ? *record : SPAN_EMPTY);
    struct hits hits = { 0 };
    if (record)
        hits_decode(&reader, arena, &hits);
    if (!wire_is_whole(&reader))
        return BATCH_MALFORMED;
    progress_step(&measurement->progress);
    measurement->unreadable += !record;
    return !record || count_hits(measurement, (unsigned)message->note, &hits) ? BATCH_GO_ON : BATCH_STOP;
}

/* --- many --------------------------------------------------------------------------------------------------------- */

static void say_unreadable(struct measurement *measurement, const struct failure *failure)
{
    log_line(LOG_SEVERITY_WARNING, "%s", failure->reason);
    measurement->unreadable++;
}

/* What cannot be read is told and passed over; false when nothing more is to be read. */
static bool measure_path(struct measurement *measurement, const char *path, unsigned known)
{
    struct failure failure = { 0 };
    struct source_message message;
    bool good = true;
    struct source *source = source_open(path, SOURCE_GUESS, &failure);
    if (!source) {
        say_unreadable(measurement, &failure);
        return true;
    }
    measurement->progress.total += source_total(source);
    for (int got; good && (got = source_next(source, &message, &failure)) != 0;) {
        if (got > 0) {
            good = batches_add(measurement->batches, &message, known);
        } else {
            say_unreadable(measurement, &failure);
            progress_step(&measurement->progress);
        }
    }
    source_close(&source);
    return good;
}

/* A folder with an index.  What is tuned on came before what is held out, as it would have in life. */
static bool measure_index(struct measurement *measurement, const char *directory, size_t tuned_percent)
{
    struct failure failure = { 0 };
    struct labelled_list list = { 0 };
    if (!labelled_read_index(&list, directory, &failure)) {
        say_unreadable(measurement, &failure);
        labelled_free(&list);
        return true;
    }
    bool good = true;
    size_t tuned = list.count * tuned_percent / 100;
    for (size_t i = 0; good && i < list.count; i++) {
        char path[PATH_MAX];
        unsigned known = (list.items[i].label == LABEL_SPAM ? KNOWN_SPAM : 0) | (i >= tuned ? KNOWN_HELD_OUT : 0);
        if (labelled_join(path, sizeof path, &list.items[i]))
            good = measure_path(measurement, path, known);
        else
            measurement->unreadable++;
    }
    labelled_free(&list);
    return good;
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

static const char *remark_text(const struct worth *worth)
{
    switch (worth->remark) {
    case WORTH_NEVER:
        return _("never hits here");
    case WORTH_DANGEROUS:
        return worth->points > 0 ? _("DANGEROUS: hits ham as well") : _("DANGEROUS: hits spam as well");
    case WORTH_REDUNDANT:
        return _("useless here: says what another says");
    default:
        return "";
    }
}

static double rate(size_t part, size_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* The title in as many columns, whatever letters it has. */
#define TITLE_COLUMNS 22

static void print_result(const char *title, const struct worth_result *result)
{
    size_t columns = columns_of_text(span_of(title));
    printf("%s%*s", title, columns < TITLE_COLUMNS ? (int)(TITLE_COLUMNS - columns) : 0, "");
    printf(_(" ham lost %.2f %% (%zu of %zu), spam caught %.2f %% (%zu of %zu)\n"),
           rate(result->ham_lost, result->ham), result->ham_lost, result->ham,
           rate(result->spam_caught, result->spam), result->spam_caught, result->spam);
}

/* Most decisive first; then what hits most spam; what never hits comes last. */
static int by_worth(const void *left, const void *right)
{
    const struct worth *a = left, *b = right;
    if (a->spam_lost != b->spam_lost)
        return a->spam_lost < b->spam_lost ? 1 : -1;
    if (a->spam + a->ham != b->spam + b->ham)
        return a->spam + a->ham < b->spam + b->ham ? 1 : -1;
    return strcmp(a->name, b->name);
}

static void print_row(const struct worth *worth, const struct worth_result *all, const struct worth *by_number,
                      const int *proposed)
{
    char points[FIGURE_SIZE], proposal[FIGURE_SIZE] = "";
    char bar[BAR_WIDTH + 1];
    double spam = rate(worth->spam, all->spam);
    size_t filled = (size_t)(spam / 100 * BAR_WIDTH + 0.5);
    memset(bar, ' ', BAR_WIDTH);
    memset(bar, '#', filled < BAR_WIDTH ? filled : BAR_WIDTH);
    bar[BAR_WIDTH] = '\0';
    if (proposed)
        figure_points(*proposed, proposal);
    printf(_("%6s %6s  %-28s ham %6.2f %%  spam %6.2f %% %s  loses %4zu  frees %3zu"),
           figure_points(worth->points, points), proposal, worth->name, rate(worth->ham, all->ham), spam, bar,
           worth->spam_lost, worth->ham_saved);
    if (worth->companion != SIZE_MAX)
        printf(_("  with %s %.0f %%"), by_number[worth->companion].name, worth->companion_share * 100);
    printf("%s%s\n", *remark_text(worth) ? "  " : "", remark_text(worth));
}

/* How points do on the mail of each folder that nothing was counted on or fitted to. */
static void print_held_out(const struct measurement *measurement, const int *proposed)
{
    int required = measurement->invocation->settings->verdict.required;
    for (size_t place = 0; place < measurement->place_count; place++) {
        struct worth_result now = worth_judge(measurement->sheet, required, NULL, true, place);
        if (now.ham + now.spam == 0)
            continue;
        printf(_("\nheld out of %s\n"), measurement->places[place]);
        print_result(_("points as they are"), &now);
        if (proposed) {
            struct worth_result then = worth_judge(measurement->sheet, required, proposed, true, place);
            print_result(_("proposed"), &then);
        }
    }
}

struct numbered {
    struct worth worth; /* first: sorted by by_worth() */
    size_t number;
};

static bool print_table(const struct measurement *measurement, bool suggest)
{
    size_t count = worth_rule_count(measurement->sheet);
    int required = measurement->invocation->settings->verdict.required;
    struct worth *worths = calloc(count + 1, sizeof *worths);
    struct numbered *sorted = calloc(count + 1, sizeof *sorted);
    int *proposed = calloc(count + 1, sizeof *proposed);
    struct worth_result crossed, now = worth_judge(measurement->sheet, required, NULL, false, WORTH_ALL_PLACES);
    bool good = worths && sorted && proposed &&
                (!suggest || worth_propose(measurement->sheet, required, proposed, &crossed));
    if (good) {
        worth_of_rules(measurement->sheet, required, worths);
        for (size_t i = 0; i < count; i++)
            sorted[i] = (struct numbered){ worths[i], i };
        qsort(sorted, count, sizeof *sorted, by_worth);
        printf(_("points %s  loses: spam no longer caught without it; frees: ham no longer lost without it\n\n"),
               suggest ? _("and proposal") : "            ");
        for (size_t i = 0; i < count; i++)
            print_row(&sorted[i].worth, &now, worths, suggest ? &proposed[sorted[i].number] : NULL);
        putchar('\n');
        print_result(_("points as they are"), &now);
        if (suggest)
            print_result(_("proposed, cross-valid."), &crossed);
        print_held_out(measurement, suggest ? proposed : NULL);
    }
    free(worths);
    free(sorted);
    free(proposed);
    return good;
}

static bool has_operand(const struct invocation *invocation, int option)
{
    for (int i = 1; i < invocation->operand_count; i++)
        if (invocation->operand_options[i] == option)
            return true;
    return false;
}

static bool measure_operand(struct measurement *measurement, const char *path, int option)
{
    const struct measure_options *options = measurement->options;
    worth_start_place(measurement->sheet);
    size_t before = worth_message_count(measurement->sheet);
    bool good = true;
    if (option == options->ham || option == options->spam)
        good = measure_path(measurement, path, option == options->spam ? KNOWN_SPAM : 0);
    else if (option == options->index || option == options->judge)
        good = measure_index(measurement, path, option == options->judge ? 0 : options->split);
    good = good && batches_finish(measurement->batches);
    if (worth_message_count(measurement->sheet) > before)
        measurement->places[measurement->place_count++] = path;
    return good;
}

static bool measure_all(struct measurement *measurement)
{
    static const struct batch_reader reader = { .read = read_hits, .visit = visit_message };
    const struct invocation *invocation = measurement->invocation;
    measurement->sheet = worth_new();
    measurement->places = calloc((size_t)invocation->operand_count, sizeof *measurement->places);
    bool good = (measurement->sheet && measurement->places && add_rules(measurement)) || say_no_memory();
    measurement->batches = batches_new(&reader, measurement);
    progress_start(&measurement->progress, _("measuring"), 0);
    for (int i = 1; good && i < invocation->operand_count; i++)
        good = measure_operand(measurement, invocation->operands[i], invocation->operand_options[i]);
    progress_end(&measurement->progress);
    batches_free(&measurement->batches);
    return good;
}

int rules_measure(const struct invocation *invocation, const struct measure_options *options)
{
    bool both = has_operand(invocation, options->ham) && has_operand(invocation, options->spam);
    if (!both && !has_operand(invocation, options->index)) {
        fprintf(stderr, _("tamis: rules measure takes --ham PATH... --spam PATH..., or --index DIR...\n"));
        return EX_USAGE;
    }
    struct measurement measurement = {
        .invocation = invocation,
        .options = options,
        .rules = invocation->settings->rules,
    };
    struct rule_cache *cache = rule_cache_open(&invocation->settings->rule_sources, NULL, NULL);
    measurement.rules.rules = rule_cache_set(cache);
    bool good = measure_all(&measurement) && (print_table(&measurement, options->suggest) || say_no_memory());
    int status = good ? EX_OK : EX_TEMPFAIL;
    worth_free(&measurement.sheet);
    free(measurement.places);
    rule_cache_close(&cache);
    return status == EX_OK && measurement.unreadable ? EX_NOINPUT : status;
}
