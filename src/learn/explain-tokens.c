/* explain-tokens.c - which words spoke for spam and which against, for `tamis explain` */
#include "learn/explain-tokens.h"

#include <math.h>
#include <stdlib.h>

#include "learn/canonical.h"
#include "learn/pairs.h"
#include "learn/tokens.h"
#include "store/imported.h"
#include "util/utf8.h"

#define TEXT_BYTES 80
/* What adds less to the log-odds says nothing to people. */
#define LEAST_WEIGHT 0.05

static int by_feature(const void *left, const void *right)
{
    const struct token_text *a = left, *b = right;
    return (a->feature > b->feature) - (a->feature < b->feature);
}

/* One text for each feature, sorted by feature: what store_read_pairs() wants. */
static size_t distinct(struct token_text *texts, size_t count)
{
    qsort(texts, count, sizeof *texts, by_feature);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || texts[kept - 1].feature != texts[i].feature)
            texts[kept++] = texts[i];
    return kept;
}

static struct span text_of(const struct token_text *token, struct arena *arena)
{
    struct buffer text = buffer_new(arena, 2 * TEXT_BYTES + 8);
    utf8_append_repaired(&text, utf8_head(token->first, TEXT_BYTES));
    if (token->second.length) {
        bool gap = (token->feature & TOKEN_CLASS_MASK) == TOKEN_GAP_PAIR;
        buffer_append_string(&text, gap ? " ... " : " ");
        utf8_append_repaired(&text, utf8_head(token->second, TEXT_BYTES));
    }
    return buffer_span(&text);
}

/* The strongest so far of those that speak for one side, strongest first. */
struct side {
    struct explained_token items[EXPLAIN_TOKENS_SIDE];
    size_t count;
};

/* Puts a token in its place, if it is among the strongest; the weakest of too many falls out. */
static void insert(struct side *side, const struct explained_token *token)
{
    size_t place = side->count;
    while (place > 0 && fabs(side->items[place - 1].weight) < fabs(token->weight))
        place--;
    if (place == EXPLAIN_TOKENS_SIDE)
        return;
    if (side->count < EXPLAIN_TOKENS_SIDE)
        side->count++;
    for (size_t i = side->count - 1; i > place; i--)
        side->items[i] = side->items[i - 1];
    side->items[place] = *token;
}

/* Both sides together, strongest first. */
static void merge(const struct side *spam, const struct side *ham, struct explained *explained)
{
    size_t s = 0, h = 0;
    while (s < spam->count || h < ham->count) {
        bool takes_spam = h == ham->count || (s < spam->count && spam->items[s].weight >= -ham->items[h].weight);
        explained->items[explained->count++] = takes_spam ? spam->items[s++] : ham->items[h++];
    }
}

static void choose(const struct token_text *texts, const struct pair_counts *counts, size_t count, struct arena *arena,
                   struct explained *explained)
{
    struct side spam = { .count = 0 }, ham = { .count = 0 };
    for (size_t i = 0; i < count; i++) {
        double weight = pairs_weight(texts[i].feature, counts[i], explained->pair_lessons);
        struct side *side = weight > 0 ? &spam : &ham;
        bool full = side->count == EXPLAIN_TOKENS_SIDE;
        if (fabs(weight) < LEAST_WEIGHT || (full && fabs(weight) <= fabs(side->items[EXPLAIN_TOKENS_SIDE - 1].weight)))
            continue;
        struct explained_token token = { text_of(&texts[i], arena), counts[i].spam, counts[i].ham, weight };
        insert(side, &token);
    }
    merge(&spam, &ham, explained);
}

bool learn_explain(struct store *store, const struct message *message, const struct features_extra *extra,
                   struct arena *arena, struct explained *explained, struct failure *failure)
{
    struct canonical canonical;
    struct token_sink sink;
    struct totals totals;
    *explained = (struct explained){ 0 };
    if (!store_read_totals(store, &totals, failure))
        return false;
    memcpy(explained->pair_lessons, totals.pair_lessons, sizeof explained->pair_lessons);

    canonical_make(message, arena, &canonical);
    tokens_draw(&canonical, extra, store_key(store), true, arena, &sink);
    size_t count = distinct(sink.texts, sink.count);
    for (size_t i = 0; i < count; i++)
        sink.features[i] = sink.texts[i].feature;
    struct pair_counts *counts = arena_new_array(arena, struct pair_counts, count);
    if (!store_read_pairs(store, sink.features, count, counts, failure))
        return false;
    imported_add(store_imported(store), totals.lessons[LABEL_HAM] + totals.lessons[LABEL_SPAM], sink.features, count,
                 counts, explained->pair_lessons);
    choose(sink.texts, counts, count, arena, explained);
    return true;
}
