/* judge.h - one message, judged in a process of its own
 *
 * What filter, deliver, classify and sort share: the message is parsed, scored and judged in a child (child.h) that has
 * opened the user's state (user-state.h) and can open nothing more; this process only sees the judgement, as untrusted
 * bytes.
 *
 * Most messages are judged by a child that computes only (sandbox.h), for which everything is made ready; when it dies,
 * a second one may ask the kernel what is nobody's harm.  When that dies while it reads learned state, the message is
 * judged once more without it; when it finds learned state damaged, once more after that has been mended; when it dies
 * otherwise, or is late, the message is unchecked, which is a result and never a failure.
 */
#ifndef TAMIS_COMMANDS_JUDGE_H
#define TAMIS_COMMANDS_JUDGE_H

#include <stdbool.h>

#include "commands/user-state.h"
#include "config/config.h"
#include "outside/outside.h"
#include "util/arena.h"
#include "verdict/verdict.h"

struct judge_result {
    bool checked;               /* false: `why` says in a word why not, `judgement` is void */
    const char *why;            /* "crashed", "late", "not-started", "not-heard", "bad-answer" */
    struct judgement judgement; /* its strings live in the arena */
    const struct outside_answer *outside; /* what those outside said; NULL: nobody was asked */
    uint64_t started;           /* when judging began: microseconds of a clock that nobody sets */
};

void judge_message(struct span message, const struct settings *settings, struct arena *arena,
                   struct judge_result *result);

/* The same work in this process, for use inside a child: view, hits, features, opinion, judgement. */
struct judged {
    const struct message *message;
    struct hits hits;
    struct features features;
    struct opinion opinion;
    struct judgement judgement;
};

void judge_here(struct span message, struct user_state *user, struct arena *arena, struct judged *judged);

/* How much of starter knowledge counts beside that opinion of what was learned. */
double judge_starter_share(const struct opinion *opinion);

/* The extra tokens a message's rule hits give the learners: the same before and after delivery. */
struct features_extra judge_extra_tokens(const struct hits *hits, struct arena *arena);

/* What learning takes from a message of which the rules have said `hits`: features with these tokens, and the trace. */
void judge_features(const struct message *message, const struct rule_context *context, const struct hits *hits,
                    uint64_t key, struct arena *arena, struct features *features);

/* Header fields for the result, in the user's style, with LF line ends. */
struct span judge_header_fields(const struct judge_result *result, const struct settings *settings,
                                struct arena *arena);

/* Has somebody outside found malware in it?  It is for the quarantine then, whatever the judgement is. */
bool judge_is_infected(const struct judge_result *result);

/* Where the message belongs: one of these folders, NULL for the inbox. */
const char *judge_folder(const struct judge_result *result, const char *junk, const char *quarantine);

/* How long ago judging began, in microseconds; 0 when it never did. */
uint64_t judge_took(const struct judge_result *result);

/* One log line per message: identity, verdict, score, the three heaviest reasons, how long it took, where it went.  At
 * LOG_SEVERITY_DEBUG another one with all the reasons. */
void judge_log(const struct judge_result *result, const char *went_to);

#endif
