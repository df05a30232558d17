/* grow.c - what ten times as much input costs: at most ten times as many instructions, and a third more
 *
 *   grow FOLDER           measures all families with the processor's counter; TAP.  FOLDER has the shipped rules
 *   grow FOLDER NAME N    does the work of one of them once with N repetitions, for valgrind to count
 *   grow --families       lists them with the number of repetitions each begins with
 *
 * Exit status 77 when there is no counter (a virtual machine without one, or kernel.perf_event_paranoid above 2).
 * Instructions in user mode, by perf_event_open(2): unlike time they are the same on a busy machine.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "families.h"
#include "learn/features.h"
#include "mail/message.h"
#include "mailbox/fingerprint.h"
#include "mailbox/keywords.h"
#include "mailbox/pass-through.h"
#include "rules/evaluate.h"
#include "rules/rule-cache.h"
#include "rules/rule-compile.h"
#include "senders/entry.h"
#include "util/limits.h"
#include "verdict/header-fields.h"

/* Three sizes, each ten times the one before; "10x costs at most 10x", with a third for caches that fill and
 * sorting. */
#define SIZES 3
#define RATIO_MOST 13.0

struct place {
    struct rule_set set;
    struct arena *arena; /* of the set */
};

/* --- the work ----------------------------------------------------------------------------------------------------- */

static void judge(struct span input, const struct place *place, struct arena *arena)
{
    struct rules_settings settings = { .rules = &place->set };
    struct rule_context context = { .now = 1767225600, .user = "anna@example.org" };
    struct hits hits;
    struct features features;
    const struct message *message = message_parse(input, arena);
    rules_evaluate(message, &context, &settings, arena, &hits);
    features_extract(message, 7, NULL, arena, &features);
}

static void pass_through(struct span input)
{
    struct tagged_message tagged;
    struct tagged_walk walk = { .message = &tagged };
    struct span piece;
    size_t sum = 0;
    if (!tagged_message_make(input, span_of("X-Tamis: a\n"), header_fields_owned, &tagged, NULL))
        abort();
    while (tagged_walk_next(&walk, &piece))
        sum += piece.length;
    if (sum != tagged.size || tagged_message_crlf_size(&tagged) < sum)
        abort();
    tagged_message_free(&tagged);
}

static void read_rules(struct span input)
{
    static const uint8_t stamp[IMAGE_STAMP_SIZE];
    struct arena *arena = arena_new(LIMIT_RULE_ARENA);
    struct rule_list list = rule_list_new(arena);
    struct rule_compiled compiled;
    rule_file_read(&list, "grown.rules", input);
    rule_compile(&list, stamp, &compiled, NULL);
    arena_free(arena);
}

static void read_list(struct span input, struct arena *arena)
{
    struct entry_reader reader = entry_reader_new(input, arena);
    struct entry entry;
    while (entry_next(&reader, &entry))
        ;
}

static void read_mailbox(struct span input)
{
    struct keyword_letters letters = keywords_read(input);
    fingerprint_of(input);
    while (input.length) {
        char name[NAME_MAX + 1];
        size_t length = span_find_byte(input, '\n');
        snprintf(name, sizeof name, "%.*s", (int)length, input.data);
        keywords_of_file(name, &letters);
        input = span_from(input, length + 1);
    }
}

static void do_work(enum work work, struct span input, const struct place *place)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    switch (work) {
    case WORK_MESSAGE: judge(input, place, arena); break;
    case WORK_PASS_THROUGH: pass_through(input); break;
    case WORK_RULES: read_rules(input); break;
    case WORK_LIST: read_list(input, arena); break;
    case WORK_MAILBOX: read_mailbox(input); break;
    }
    arena_free(arena);
}

/* --- counting ----------------------------------------------------------------------------------------------------- */

static int open_counter(void)
{
    struct perf_event_attr attributes = { .type = PERF_TYPE_HARDWARE, .size = sizeof attributes,
                                          .config = PERF_COUNT_HW_INSTRUCTIONS, .disabled = 1, .exclude_kernel = 1,
                                          .exclude_hv = 1 };
    return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static uint64_t count(int counter, const struct family *family, size_t repetitions, const struct place *place)
{
    uint64_t instructions = 0;
    struct span input = family_input(family, repetitions);
    ioctl(counter, PERF_EVENT_IOC_RESET, 0);
    ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
    do_work(family->work, input, place);
    ioctl(counter, PERF_EVENT_IOC_DISABLE, 0);
    if (read(counter, &instructions, sizeof instructions) != (ssize_t)sizeof instructions)
        instructions = 0;
    free((void *)(uintptr_t)input.data);
    return instructions;
}

static bool check(int counter, const struct family *family, const struct place *place, int number)
{
    uint64_t cost[SIZES];
    double worst = 0;
    size_t repetitions = family->count;
    for (int i = 0; i < SIZES; i++, repetitions *= 10) {
        cost[i] = count(counter, family, repetitions, place);
        double ratio = i ? (double)cost[i] / (double)(cost[i - 1] ? cost[i - 1] : 1) : 0;
        worst = ratio > worst ? ratio : worst;
    }
    bool linear = cost[0] > 0 && worst <= RATIO_MOST;
    printf("%sok %d - %s: %.2f, %.2f, %.2f million instructions, at worst x%.1f\n", linear ? "" : "not ", number,
           family->name, (double)cost[0] / 1e6, (double)cost[1] / 1e6, (double)cost[2] / 1e6, worst);
    fflush(stdout);
    return linear;
}

/* --- */

static void open_rules(struct place *place, const char *folder)
{
    static const uint8_t stamp[IMAGE_STAMP_SIZE];
    struct rule_sources sources = { .shipped = folder };
    place->arena = arena_new(LIMIT_RULE_ARENA);
    struct rule_list list = rule_list_new(place->arena);
    struct rule_compiled compiled;
    struct failure failure = { 0 };
    rule_cache_read_files(&sources, &list);
    if (!list.count || !rule_compile(&list, stamp, &compiled, &failure) ||
        !rule_set_view(compiled.image, stamp, &place->set)) {
        fprintf(stderr, "no rules in %s %s\n", folder, failure.reason);
        exit(66);
    }
}

static int check_all(const struct place *place)
{
    int counter = open_counter();
    if (counter < 0) {
        fprintf(stderr, "no counter of instructions: %s\n", strerror(errno));
        return 77;
    }
    bool passed = true;
    printf("1..%zu\n", family_count);
    for (size_t i = 0; i < family_count; i++)
        passed = check(counter, &families[i], place, (int)i + 1) && passed;
    close(counter);
    return passed ? 0 : 1;
}

static int do_one(const char *name, const char *repetitions, const struct place *place)
{
    for (size_t i = 0; i < family_count; i++) {
        if (strcmp(families[i].name, name) != 0)
            continue;
        struct span input = family_input(&families[i], strtoul(repetitions, NULL, 10));
        do_work(families[i].work, input, place);
        free((void *)(uintptr_t)input.data);
        return 0;
    }
    fprintf(stderr, "no family is called \"%s\"\n", name);
    return 64;
}

int main(int count, char **arguments)
{
    struct place place;
    if (count == 2 && strcmp(arguments[1], "--families") == 0) {
        for (size_t i = 0; i < family_count; i++)
            printf("%zu %s\n", families[i].count, families[i].name);
        return 0;
    }
    if (count != 2 && count != 4) {
        fprintf(stderr, "usage: grow FOLDER [NAME N] | grow --families\n");
        return 64;
    }
    open_rules(&place, arguments[1]);
    int status = count == 2 ? check_all(&place) : do_one(arguments[2], arguments[3], &place);
    arena_free(place.arena);
    return status;
}
