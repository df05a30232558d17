/* outside.c - evidence from beyond the message: every part that is configured asks in a child of its own */
#include "outside/outside.h"

#include "outside/part-table.h"
#include "util/child.h"
#include "util/log.h"

struct asking {
    const struct outside_part *part;
    struct outside_case asked;
};

#define ANSWER_BYTES ((size_t)64 * 1024)
/* For what comes before and after the waiting. */
#define GRACE_MILLISECONDS 2000

bool outside_is_configured(const struct outside_settings *settings)
{
    for (const struct outside_part *const *part = outside_parts; *part; part++)
        if ((*part)->is_configured(settings))
            return true;
    return false;
}

static void prepare(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct asking *asking = context;
    (void)child;
    if (asking->part->prepare)
        asking->asked.prepared = asking->part->prepare(&asking->asked, sandbox);
}

static int ask_in_child(struct child *child, void *context)
{
    const struct asking *asking = context;
    struct arena *arena = asking->asked.arena;
    struct outside_answer *answer = arena_new_object(arena, struct outside_answer);
    answer->arena = arena;
    asking->part->ask(&asking->asked, answer);
    struct buffer bytes = buffer_new(arena, ANSWER_BYTES);
    outside_answer_encode(answer, &bytes);
    return child_write(child, bytes.data, bytes.length) ? 0 : 1;
}

static void ask_part(const struct outside_part *part, const struct outside_case *asked, struct outside_answer *answer)
{
    struct asking asking = { part, *asked };
    int milliseconds = part->patience(asked->settings) + GRACE_MILLISECONDS;
    struct child_limits limits = { .wall_milliseconds = milliseconds,
                                   .cpu_seconds = milliseconds / 1000 + 1,
                                   .memory_bytes = part->memory_bytes,
                                   .reaches_out = part->reaches_out };
    struct child_answer bytes = child_run(prepare, ask_in_child, &asking, &limits);
    if (bytes.end != CHILD_ANSWERED)
        log_line(LOG_SEVERITY_WARNING, "%s could not be asked about a message: %s", part->name, bytes.why.reason);
    else if (!outside_answer_decode(span_make(bytes.bytes, bytes.length), answer))
        log_line(LOG_SEVERITY_WARNING, "%s gave an answer that is not well-formed", part->name);
    child_answer_free(&bytes);
}

void outside_ask(const struct outside_case *asked, bool decided, struct outside_answer *answer)
{
    *answer = (struct outside_answer){ .arena = asked->arena };
    for (const struct outside_part *const *part = outside_parts; *part; part++)
        if ((*part)->is_configured(asked->settings) && ((*part)->asks_always || !decided))
            ask_part(*part, asked, answer);
}
