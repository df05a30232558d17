/* target-pattern.c - expressions: flags in the first line, the expression in the second, then the text it runs on */
#include "config.h"

#include "fuzz.h"

#include "rules/anchors.h"
#include "rules/pattern.h"
#include "rules/search-text.h"
#include "util/limits.h"
#include "util/utf8.h"

static bool has_one_of(struct span text, const struct anchors *anchors)
{
    for (size_t i = 0; i < anchors->count; i++)
        if (anchors->items[i].length == 0
            || (text.length && memmem(text.data, text.length, anchors->items[i].data, anchors->items[i].length)))
            return true;
    return false;
}

/* Matches lie in the text, one behind the other, and each holds one of the literals without which nothing is tried. */
static void check_matches(const struct pattern *pattern, const struct anchors *anchors, struct span text,
                          struct arena *arena)
{
    struct pattern_runs *runs = pattern_runs_start();
    struct span found;
    size_t from = 0, before = 0;
    fuzz_require(runs);
    for (int i = 0; i < 10 && pattern_find(runs, pattern, text, &from, &found) == OUTCOME_HIT; i++) {
        fuzz_require(fuzz_is_within(found, text));
        fuzz_require(from >= before && from <= text.length + 1);
        fuzz_require(anchors->count == 0 || has_one_of(search_text_make(found, arena), anchors)
                     || has_one_of(search_text_make(text, arena), anchors));
        before = from;
    }
    pattern_runs_end(&runs);
}

/* What is written and read back finds the same. */
static void check_again(struct pattern *pattern, struct span text, struct arena *arena)
{
    struct pattern *again = NULL;
    struct span written = pattern_encode(&pattern, 1, arena), found[2];
    size_t from[2] = { 0, 0 };
    fuzz_require(written.length == 0 || pattern_decode(written, &again, 1));
    if (!again)
        return;
    struct pattern_runs *runs = pattern_runs_start();
    enum outcome first = pattern_find(runs, pattern, text, &from[0], &found[0]);
    enum outcome second = pattern_find(runs, again, text, &from[1], &found[1]);
    fuzz_require(first == second || first == OUTCOME_COULD_NOT_TELL || second == OUTCOME_COULD_NOT_TELL);
    fuzz_require(first != OUTCOME_HIT || second != OUTCOME_HIT || span_equal(found[0], found[1]));
    pattern_runs_end(&runs);
    pattern_free(&again);
}

FUZZ_TARGET(pattern, "expressions are compiled and run, within bounds")
{
    char *flags = fuzz_string(span_head(fuzz_take_line(&input), 8), arena);
    struct span expression = fuzz_take_line(&input);
    struct buffer text = buffer_new(arena, 64 * 1024);
    struct failure failure = { 0 };
    struct anchors anchors;
    utf8_append_repaired(&text, input);
    if (strspn(flags, PATTERN_FLAGS) != strlen(flags) || expression.length > LIMIT_RULE_LINE)
        return;
    struct pattern *pattern = pattern_compile(expression, flags, false, &failure);
    anchors_find(expression, flags, arena, &anchors);
    fuzz_require(anchors.count <= ANCHORS_MOST);
    fuzz_require(pattern || failure.kind != FAILURE_NONE);
    if (!pattern)
        return;
    check_matches(pattern, &anchors, buffer_span(&text), arena);
    check_again(pattern, buffer_span(&text), arena);
    pattern_free(&pattern);
}
