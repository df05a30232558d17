/* learn.c - evidence the user has given: opinion on a message, and learning from one */
#include "learn/learn.h"

#include <stdlib.h>
#include <string.h>

#include "learn/fusion.h"
#include "learn/pairs.h"
#include "learn/regression.h"
#include "store/daybook.h"
#include "store/imported.h"
#include "store/relay-book.h"
#include "util/log.h"
#include "util/logistic.h"

/* What is known when a message is scored. */
struct knowledge {
    struct totals totals;
    struct scales scales;
    struct pair_counts *counts; /* of the message's pairs, in their order */
    int16_t *weights;           /* of its grams, in theirs */
};

struct scores {
    struct member_scores member;
    double sum;
    double pairs; /* of learner B, before the fusion hears of it */
};

static void knowledge_free(struct knowledge **knowledge)
{
    if (*knowledge) {
        free((*knowledge)->counts);
        free((*knowledge)->weights);
        free(*knowledge);
    }
    *knowledge = NULL;
}

/* NULL when something could not be read (failure says what). */
static struct knowledge *knowledge_read(struct store *store, const struct features *features, struct failure *failure)
{
    struct knowledge *knowledge = malloc(sizeof *knowledge);
    int16_t *weights = malloc((features->gram_count + 1) * sizeof *weights);
    struct pair_counts *counts = malloc((features->pair_count + 1) * sizeof *counts);
    if (!knowledge || !weights || !counts) {
        failure_set(failure, FAILURE_TEMPORARY, "not enough memory to read what was learned");
        free(knowledge);
        free(weights);
        free(counts);
        return NULL;
    }
    knowledge->weights = weights;
    knowledge->counts = counts;
    if (!store_read_totals(store, &knowledge->totals, failure) ||
        !store_read_scales(store, &knowledge->scales, failure) ||
        !store_read_weights(store, features->grams, features->gram_count, weights, failure) ||
        !store_read_pairs(store, features->pairs, features->pair_count, counts, failure))
        knowledge_free(&knowledge);
    return knowledge;
}

/* Adds what was imported from another filter, for judging only: lessons are the same with and without it, so that it
 * can be taken back at any time, and the scales measure what the learners know by themselves. */
static void add_imported(const struct store *store, struct knowledge *knowledge, const struct features *features,
                         struct opinion *opinion)
{
    struct totals *totals = &knowledge->totals;
    uint64_t own = totals->lessons[LABEL_HAM] + totals->lessons[LABEL_SPAM];
    const uint64_t before[2] = { totals->pair_lessons[LABEL_HAM], totals->pair_lessons[LABEL_SPAM] };
    imported_add(store_imported(store), own, features->pairs, features->pair_count, knowledge->counts,
                 totals->pair_lessons);
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++)
        opinion->imported[label] = totals->pair_lessons[label] - before[label];
}

static struct scores score(const struct knowledge *knowledge, const struct features *features)
{
    struct scores scores;
    size_t known_pairs;
    scores.member.regression = regression_score(knowledge->weights, features->gram_count);
    scores.pairs = pairs_score(features->pairs, knowledge->counts, features->pair_count,
                               knowledge->totals.pair_lessons, &known_pairs);
    scores.member.pairs = pairs_evidence(scores.pairs, known_pairs, features->pair_count);
    scores.member.rules = features->rule_points / 100.0;
    scores.sum = fusion_sum(&knowledge->scales, &scores.member);
    return scores;
}

void learn_opinion(struct store *store, enum store_state state, const struct features *features,
                   struct opinion *opinion, struct failure *failure)
{
    struct failure unread = { 0 };
    failure = failure ? failure : &unread;
    *opinion = (struct opinion){ .state = state, .probability = 0.5 };
    if (!store) {
        if (state == STORE_READY)
            opinion->state = STORE_EMPTY;
        return;
    }
    struct knowledge *knowledge = knowledge_read(store, features, failure);
    if (!knowledge) {
        opinion->state = store_state_after(store, failure);
        return;
    }
    const uint64_t *lessons = knowledge->totals.lessons;
    add_imported(store, knowledge, features, opinion);
    if (lessons[LABEL_HAM] + lessons[LABEL_SPAM] + opinion->imported[LABEL_HAM] + opinion->imported[LABEL_SPAM] == 0)
        opinion->state = STORE_EMPTY;
    struct scores scores = score(knowledge, features);
    opinion->member[MEMBER_REGRESSION] = scores.member.regression;
    opinion->member[MEMBER_PAIRS] = scores.member.pairs;
    opinion->member[MEMBER_RULES] = scores.member.rules;
    opinion->member[MEMBER_SUM] = scores.sum;
    opinion->log_odds = fusion_log_odds(&knowledge->scales, scores.sum);
    opinion->probability = logistic(opinion->log_odds);
    opinion->lessons[LABEL_HAM] = lessons[LABEL_HAM];
    opinion->lessons[LABEL_SPAM] = lessons[LABEL_SPAM];
    knowledge_free(&knowledge);
}

/* --- learning --------------------------------------------------------------------------------------------------- */

static struct lesson lesson_of(const struct features *features, const struct ledger_entry *entry, bool retract)
{
    struct lesson lesson = { .retract = retract, .entry = *entry };
    memcpy(lesson.identity, features->identity, sizeof lesson.identity);
    lesson.grams = features->grams;
    lesson.gram_count = features->gram_count;
    lesson.pairs = features->pairs;
    lesson.pair_count = features->pair_count;
    lesson.trace = &features->trace;
    return lesson;
}

/* The lesson that takes back `entry`.  When the features are no longer those it was learned from (another version of
 * the canonical text, a field added since), only its place in the ledger and the scales is taken back: subtracting
 * it from features it was never added to would be worse than leaving one lesson among thousands. */
static struct lesson retraction(const struct features *features, const struct ledger_entry *entry)
{
    struct lesson lesson = lesson_of(features, entry, true);
    if (entry->canon_version != features->canon_version || entry->feature_check != features->check) {
        lesson.gram_count = 0;
        lesson.pair_count = 0;
    }
    return lesson;
}

/* What `knowledge` will be once `lesson` has been taken back. */
static void forget_in_memory(struct knowledge *knowledge, const struct lesson *lesson)
{
    const struct ledger_entry *entry = &lesson->entry;
    knowledge->totals.lessons[entry->label] -= knowledge->totals.lessons[entry->label] > 0;
    for (size_t i = 0; i < STORE_LEARNERS; i++) {
        uint32_t *count = &knowledge->scales.counts[i][entry->label][entry->bins[i]];
        *count -= *count > 0;
    }
    for (size_t i = 0; i < lesson->gram_count; i++)
        knowledge->weights[i] = (int16_t)(knowledge->weights[i] - entry->weight_step);
    if (!entry->pair_step)
        return;
    knowledge->totals.pair_lessons[entry->label] -= knowledge->totals.pair_lessons[entry->label] > 0;
    for (size_t i = 0; i < lesson->pair_count; i++) {
        struct pair_counts *counts = &knowledge->counts[i];
        uint16_t *count = entry->label == LABEL_SPAM ? &counts->spam : &counts->ham;
        *count = (uint16_t)(*count - (*count > 0));
    }
}

/* Lessons of one label in a row: a stream of mail rarely has more than RUN_USUAL.  In a longer run learner A forgets
 * the other class, and the scores are no measure of how the learners do on mixed mail: A's steps shrink in
 * proportion, and the scores stay out of the scales. */
#define RUN_USUAL 40

static uint32_t run_before(const struct totals *totals, enum label label)
{
    return totals->run_label == label ? totals->run : 0;
}

static struct ledger_entry new_entry(const struct features *features, enum label label, enum label_source source,
                                     int64_t now)
{
    struct ledger_entry entry = {
        .label = label,
        .source = source,
        .canon_version = features->canon_version,
        .feature_check = features->check,
        .when = now,
    };
    memset(entry.bins, FUSION_BIN_UNMEASURED, sizeof entry.bins);
    return entry;
}

static void put_bins(struct ledger_entry *entry, const struct scores *scores)
{
    const double raw[STORE_LEARNERS] = {
        [MEMBER_REGRESSION] = scores->member.regression,
        [MEMBER_PAIRS] = scores->member.pairs,
        [MEMBER_SUM] = scores->sum,
        [MEMBER_RULES] = scores->member.rules,
    };
    for (size_t i = 0; i < STORE_LEARNERS; i++)
        entry->bins[i] = fusion_bin((enum member)i, raw[i]);
}

/* The new entry: how far this lesson moves each learner, given what is known. */
static struct ledger_entry entry_for(const struct knowledge *knowledge, const struct features *features,
                                     enum label label, enum label_source source, int64_t now)
{
    const struct totals *totals = &knowledge->totals;
    struct scores scores = score(knowledge, features);
    struct ledger_entry entry = new_entry(features, label, source, now);
    uint32_t run = run_before(totals, label);
    double share = run > RUN_USUAL ? (double)RUN_USUAL / run : 1;
    entry.weight_step =
        regression_step(scores.member.regression, features->gram_count, label, source, share, totals->lessons);
    entry.pair_step =
        pairs_worth_counting(scores.pairs, scores.member.regression, label, totals->lessons);
    if (run <= RUN_USUAL)
        put_bins(&entry, &scores);
    return entry;
}

/* In bulk only B learns, and from every lesson, because counts do not care for order: with A and near errors alone, a
 * folder of ham followed by one of spam lost 2,122 of the next 2,523 ham; so it loses 8, and 5 when both are mixed
 * (sa2003, first half learned, second half judged).  So nothing need be known before. */
static struct ledger_entry entry_in_bulk(const struct features *features, enum label label, enum label_source source,
                                         int64_t now)
{
    struct ledger_entry entry = new_entry(features, label, source, now);
    entry.pair_step = 1;
    return entry;
}

/* Makes `entry`, given the store as it is once `before` (may be NULL) has been applied. */
static bool make_entry(struct store *store, const struct lesson *before, const struct features *features,
                       enum label label, enum label_source source, int64_t now, struct ledger_entry *entry,
                       struct failure *failure)
{
    struct knowledge *knowledge = knowledge_read(store, features, failure);
    if (!knowledge)
        return false;
    if (before)
        forget_in_memory(knowledge, before);
    *entry = entry_for(knowledge, features, label, source, now);
    knowledge_free(&knowledge);
    return true;
}

/* The user's word stands against everybody else's; and the same word need not be learned again, unless the user now
 * confirms what was only inferred. */
static bool settled(const struct ledger_entry *known, enum label label, enum label_source source,
                    enum learn_result *result_r)
{
    if (known->label == label && (known->source == SOURCE_USER || source != SOURCE_USER)) {
        *result_r = LEARN_ALREADY;
        return true;
    }
    if (known->label != label && known->source == SOURCE_USER && source != SOURCE_USER) {
        *result_r = LEARN_KEPT;
        return true;
    }
    return false;
}

/* Counts in the relay book what the ledger has just been told; it asks who said so, because a word of the user's
 * replaces what was only inferred. */
static void learn_relay(struct store *store, const struct features *features, enum label label,
                        enum label_source source, bool retract, int64_t now)
{
    struct failure failure = { 0 };
    if (!features->trace.noted)
        return;
    struct relay_lesson lesson = { &features->trace.address, features->trace.arrived, label, source, retract };
    if (!relay_book_note(store_directory(store), &lesson, now, &failure))
        log_line(LOG_SEVERITY_WARNING, "learned, but the relay was not noted: %s", failure.reason);
}

/* What a lesson says against the verdict at delivery: nothing unless it is the user's word. */
static enum daybook_correction correction_by(const struct features *features, enum label label,
                                             enum label_source source)
{
    return features->judged && source == SOURCE_USER ? daybook_correction_of(features->verdict, label)
                                                     : DAYBOOK_NO_CORRECTION;
}

/* Counts the same in the daybook, for `tamis stats`.  `known`: the entry before, or NULL; `entry`: the one now, or
 * NULL. */
static void note_in_daybook(struct store *store, const struct features *features, const struct ledger_entry *known,
                            const struct ledger_entry *entry, int64_t now)
{
    static const struct network_address nobody;
    struct failure failure = { 0 };
    struct daybook *daybook = store_daybook(store, &failure);
    struct daybook_lesson lesson = { .now = now, .learned = entry != NULL, .rules = features->rules,
                                     .was = DAYBOOK_NO_CORRECTION, .is = DAYBOOK_NO_CORRECTION };
    if (memcmp(&features->trace.address, &nobody, sizeof nobody) != 0)
        lesson.relay = &features->trace.address;
    if (known)
        lesson.was = correction_by(features, known->label, known->source);
    if (entry) {
        lesson.is = correction_by(features, entry->label, entry->source);
        lesson.label = entry->label;
        lesson.by_user = entry->source == SOURCE_USER;
        lesson.counts_before = known && known->label == entry->label;
    }
    if (daybook)
        daybook_note_lesson(daybook, &lesson, &failure);
    bool is_newer = failure.kind == FAILURE_DAMAGED; /* deliveries say that once a day; here it would be each lesson */
    if (failure.kind != FAILURE_NONE && failure.kind != FAILURE_PERMISSION && !is_newer)
        log_line(LOG_SEVERITY_WARNING, "learned, but not counted for tamis stats: %s", failure.reason);
}

static enum learn_result learn_one(struct store *store, const struct features *features, enum label label,
                                   enum label_source source, bool bulk, int64_t now, struct failure *failure)
{
    struct ledger_entry known;
    enum learn_result result = LEARN_DONE;
    int found = store_read_ledger(store, features->identity, &known, failure);
    if (found < 0)
        return LEARN_FAILED;
    if (found && settled(&known, label, source, &result))
        return result;

    struct lesson lessons[2];
    size_t count = 0;
    if (found) {
        lessons[count++] = retraction(features, &known);
        result = known.label == label ? LEARN_ALREADY : LEARN_CHANGED;
    }
    struct ledger_entry entry;
    if (bulk)
        entry = entry_in_bulk(features, label, source, now);
    else if (!make_entry(store, found ? lessons : NULL, features, label, source, now, &entry, failure))
        return LEARN_FAILED;
    lessons[count++] = lesson_of(features, &entry, false);
    if (result == LEARN_ALREADY) /* the history does not ask who said so, and has the label already */
        lessons[0].trace = lessons[1].trace = NULL;
    if (!store_apply(store, lessons, count, failure))
        return LEARN_FAILED;
    if (found)
        learn_relay(store, features, known.label, known.source, true, now);
    learn_relay(store, features, label, source, false, now);
    note_in_daybook(store, features, found ? &known : NULL, &entry, now);
    return result;
}

enum learn_result learn_message(struct store *store, const struct features *features, enum label label,
                                enum label_source source, int64_t now, struct failure *failure)
{
    return learn_one(store, features, label, source, false, now, failure);
}

enum learn_result learn_message_in_bulk(struct store *store, const struct features *features, enum label label,
                                        enum label_source source, int64_t now, struct failure *failure)
{
    return learn_one(store, features, label, source, true, now, failure);
}

enum learn_result learn_forget(struct store *store, const struct features *features, int64_t now,
                               struct failure *failure)
{
    struct ledger_entry known;
    int found = store_read_ledger(store, features->identity, &known, failure);
    if (found < 0)
        return LEARN_FAILED;
    if (!found)
        return LEARN_UNKNOWN;
    struct lesson lesson = retraction(features, &known);
    if (!store_apply(store, &lesson, 1, failure))
        return LEARN_FAILED;
    learn_relay(store, features, known.label, known.source, true, now);
    note_in_daybook(store, features, &known, NULL, now);
    return LEARN_FORGOTTEN;
}
