/* ask-outside.c - a judged message and what those outside say of it, put together */
#include "commands/ask-outside.h"

#include "util/log.h"

void ask_outside(struct span message, const struct settings *settings, struct arena *arena,
                 struct judge_result *result)
{
    if (!outside_is_configured(&settings->outside))
        return;
    struct questions questions = { 0 };
    if (result->checked && !questions_read(result->judgement.questions, arena, &questions)) {
        log_line(LOG_SEVERITY_WARNING, "nobody is asked about a message: the questions are not well-formed");
        questions = (struct questions){ 0 };
    }
    const struct outside_case asked = { .questions = &questions, .message = message,
                                        .settings = &settings->outside, .arena = arena };
    struct outside_answer *answer = arena_new_object(arena, struct outside_answer);
    outside_ask(&asked, !result->checked || (result->judgement.held & HELD_BY_LIST), answer);
    result->outside = answer;
    if (!result->checked)
        return;
    struct hits hits = outside_hits(answer);
    verdict_add_evidence(&hits, arena, &result->judgement);
}
