/* starter-building.c - starter knowledge made from labelled mail */
#include "learn/starter-building.h"

#include <math.h>
#include <stdlib.h>

#include "learn/fusion.h"
#include "learn/starter.h"
#include "util/arithmetic.h"
#include "util/array.h"
#include "util/hash.h"
#include "util/logistic.h"
#include "util/wire.h"

#define PASSES 6
#define RATE 0.3
#define SHRINK 1e-5
#define CALM 1e-3 /* keeps the first step of a slot finite */

struct example {
    uint32_t *slots;
    uint32_t count;
    enum label label;
    double given; /* log-odds of the rules */
    uint64_t group;
    double weight; /* among those of its class: 1, or less where its group has too many */
};

/* What is known of a slot while messages are added. */
struct seen {
    uint32_t messages;
    uint32_t groups; /* at most as many as are asked for, which are in `who` */
    uint64_t who[STARTER_GROUPS_MOST];
};

struct starter_building {
    struct example *examples;
    size_t count, capacity;
    unsigned groups_least;
    bool even;
    uint32_t of_label[2];
    struct seen *seen;
    double *weights, *squares; /* of each slot: squares of all steps so far */
};

struct starter_building *starter_building_new(unsigned groups, bool even)
{
    struct starter_building *building = calloc(1, sizeof *building);
    if (!building)
        return NULL;
    building->groups_least = groups < STARTER_GROUPS_MOST ? groups : STARTER_GROUPS_MOST;
    building->even = even;
    building->seen = calloc(STARTER_SLOTS, sizeof *building->seen);
    building->weights = calloc(STARTER_SLOTS, sizeof *building->weights);
    building->squares = calloc(STARTER_SLOTS, sizeof *building->squares);
    if (!building->seen || !building->weights || !building->squares)
        starter_building_free(&building);
    return building;
}

void starter_building_free(struct starter_building **building)
{
    if (!*building)
        return;
    for (size_t i = 0; i < (*building)->count; i++)
        free((*building)->examples[i].slots);
    free((*building)->examples);
    free((*building)->seen);
    free((*building)->weights);
    free((*building)->squares);
    free(*building);
    *building = NULL;
}

/* --- adding ------------------------------------------------------------------------------------------------------ */

static void note_group(struct seen *seen, uint64_t group, unsigned most)
{
    seen->messages++;
    for (size_t i = 0; i < seen->groups; i++)
        if (seen->who[i] == group)
            return;
    if (seen->groups < most)
        seen->who[seen->groups++] = group;
}

static bool make_room(struct starter_building *building)
{
    struct example *more = array_grow(building->examples, building->count, &building->capacity, sizeof *more);
    if (more)
        building->examples = more;
    return more != NULL;
}

bool starter_building_add(struct starter_building *building, const struct starter_example *example, uint64_t group,
                          enum label label, struct failure *failure)
{
    size_t count = example->count;
    uint32_t *copy = malloc((count + 1) * sizeof *copy);
    if (!copy || !make_room(building)) {
        free(copy);
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for so much mail");
    }
    if (count)
        memcpy(copy, example->slots, count * sizeof *copy);
    for (size_t i = 0; i < count; i++)
        note_group(&building->seen[copy[i]], group, building->groups_least);
    building->examples[building->count++] = (struct example){
        .slots = copy,
        .count = (uint32_t)count,
        .label = label,
        .given = real_max(FUSION_RULES_LEAST, real_min(FUSION_RULES_MOST, example->points / 100.0)),
        .group = group,
        .weight = 1,
    };
    building->of_label[label]++;
    return true;
}

/* --- the regression ---------------------------------------------------------------------------------------------- */

/* Leaves only the slots that may take part. */
static void keep_common(const struct starter_building *building, struct example *example)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < example->count; i++) {
        const struct seen *seen = &building->seen[example->slots[i]];
        if (seen->messages >= STARTER_MESSAGES_LEAST && seen->groups >= building->groups_least)
            example->slots[kept++] = example->slots[i];
    }
    example->count = kept;
}

static void learn_example(struct starter_building *building, const struct example *example)
{
    double norm = starter_norm(example->count), sum = 0;
    for (uint32_t i = 0; i < example->count; i++)
        sum += building->weights[example->slots[i]];
    double p = logistic(sum / norm + example->given);
    double weight = example->weight * (double)building->count / 2 / building->of_label[example->label];
    double error = ((example->label == LABEL_SPAM) - p) * weight / norm;
    for (uint32_t i = 0; i < example->count; i++) {
        uint32_t slot = example->slots[i];
        double gradient = error - SHRINK * building->weights[slot];
        building->squares[slot] += gradient * gradient;
        building->weights[slot] += RATE * gradient / (sqrt(building->squares[slot]) + CALM);
    }
}

/* The next order: Fisher and Yates 1938, with numbers that are the same each time. */
static void shuffle(uint32_t *order, size_t count, uint64_t *random)
{
    for (size_t i = count; i-- > 1;) {
        *random = hash_mix(*random + i);
        size_t other = *random % (i + 1);
        uint32_t swapped = order[i];
        order[i] = order[other];
        order[other] = swapped;
    }
}

/* How many messages a group has. */
struct group {
    uint64_t group;
    size_t messages;
};

static int by_group(const void *left, const void *right)
{
    uint64_t a = ((const struct group *)left)->group, b = ((const struct group *)right)->group;
    return (a > b) - (a < b);
}

static int by_size(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

/* Sorts the groups of all messages, makes one of each, and gives how many there are. */
static size_t count_groups(const struct starter_building *building, struct group *groups)
{
    size_t count = 0;
    for (size_t i = 0; i < building->count; i++)
        groups[i] = (struct group){ building->examples[i].group, 1 };
    qsort(groups, building->count, sizeof *groups, by_group);
    for (size_t i = 0; i < building->count; i++) {
        if (count && groups[count - 1].group == groups[i].group)
            groups[count - 1].messages++;
        else
            groups[count++] = groups[i];
    }
    return count;
}

/* Lets no group weigh more than the median one (the lower of two): whoever reports most is not who is right. */
static bool weigh_evenly(struct starter_building *building)
{
    struct group *groups = malloc(building->count * sizeof *groups);
    size_t *sizes = malloc(building->count * sizeof *sizes);
    if (groups && sizes) {
        size_t count = count_groups(building, groups);
        for (size_t i = 0; i < count; i++)
            sizes[i] = groups[i].messages;
        qsort(sizes, count, sizeof *sizes, by_size);
        double median = (double)sizes[(count - 1) / 2];
        for (size_t i = 0; i < building->count; i++) {
            const struct group key = { building->examples[i].group, 0 };
            const struct group *group = bsearch(&key, groups, count, sizeof *groups, by_group);
            building->examples[i].weight = real_min(1, median / (double)group->messages);
        }
    }
    bool good = groups && sizes;
    free(groups);
    free(sizes);
    return good;
}

static bool learn_all(struct starter_building *building)
{
    uint32_t *order = malloc(building->count * sizeof *order);
    if (!order)
        return false;
    for (size_t i = 0; i < building->count; i++) {
        order[i] = (uint32_t)i;
        keep_common(building, &building->examples[i]);
    }
    uint64_t random = 1;
    for (int pass = 0; pass < PASSES; pass++) {
        shuffle(order, building->count, &random);
        for (size_t i = 0; i < building->count; i++)
            learn_example(building, &building->examples[order[i]]);
    }
    free(order);
    return true;
}

/* --- the file ---------------------------------------------------------------------------------------------------- */

static void write_file(const struct starter_building *building, uint8_t *steps, struct buffer *out)
{
    double most = 0;
    for (size_t i = 0; i < STARTER_SLOTS; i++)
        most = real_max(most, fabs(building->weights[i]));
    uint32_t unit = (uint32_t)real_round(most / STARTER_STEPS * 1e6), words = 0;
    for (size_t i = 0; i < STARTER_SLOTS; i++) {
        long step = unit ? real_round(building->weights[i] * 1e6 / unit) : 0;
        step = step > STARTER_STEPS ? STARTER_STEPS : step < -STARTER_STEPS ? -STARTER_STEPS : step;
        words += step != 0;
        steps[i / 2] = (uint8_t)(steps[i / 2] | (unsigned)(step + 8) << i % 2 * 4);
    }
    static const char zeros[16];
    size_t start = out->length;
    buffer_append_string(out, STARTER_MARK);
    const uint32_t numbers[] = { STARTER_VERSION, STARTER_SLOT_BITS, unit, building->of_label[LABEL_HAM],
                                 building->of_label[LABEL_SPAM], words };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        wire_put_number(out, numbers[i], 4);
    wire_put_number(out, hash_bytes(out->data + start, out->length - start, 0), 8);
    wire_put_number(out, hash_bytes(steps, STARTER_SLOTS / 2, 0), 8);
    buffer_append(out, span_make(zeros, sizeof zeros));
    buffer_append(out, span_make((const char *)steps, STARTER_SLOTS / 2));
}

bool starter_building_finish(struct starter_building *building, struct buffer *out, struct failure *failure)
{
    if (!building->of_label[LABEL_HAM] || !building->of_label[LABEL_SPAM])
        return failure_set(failure, FAILURE_INPUT, "starter knowledge needs both ham and spam");
    uint8_t *steps = calloc(STARTER_SLOTS / 2, 1);
    bool good = steps && (!building->even || weigh_evenly(building)) && learn_all(building);
    if (good)
        write_file(building, steps, out);
    free(steps);
    return good || failure_set(failure, FAILURE_TEMPORARY, "no memory for so much mail");
}
