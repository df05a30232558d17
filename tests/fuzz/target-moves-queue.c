/* target-moves-queue.c - the queue of moves: damaged lines are counted, whole ones taken, and names come back as
 * given */
#include "config.h"

#include "fuzz.h"

#include "mailbox/moves-queue.h"

struct visited {
    size_t count;
    const char *from, *to; /* of the move that is looked for */
    bool seen;
};

static void visit(void *context, const struct queued_move *move)
{
    struct visited *visited = context;
    visited->count++;
    fuzz_require(move->message.said <= SAID_SPAM);
    visited->seen = visited->seen || (visited->from && move->from && strcmp(move->from, visited->from) == 0
                                      && strcmp(move->to, visited->to) == 0);
}

static size_t lines_in(struct span text)
{
    size_t lines = text.length ? 1 : 0;
    for (size_t i = 0; i < text.length; i++)
        lines += text.data[i] == '\n' || text.data[i] == '\0';
    return lines;
}

FUZZ_TARGET(moves_queue, "the queue of moves is written and taken")
{
    const char *directory = fuzz_scratch();
    struct failure failure = { 0 };
    size_t bad = 0;
    struct visited visited = { 0 };
    fuzz_file("moved", input, arena);
    fuzz_require(queue_take(directory, visit, &visited, &bad, &failure));
    fuzz_require(visited.count + bad <= lines_in(input));
    queue_taken(directory);
    fuzz_require(queue_is_empty(directory));
    /* Whatever the queue ends with, a move that is reported then waits as well. */
    size_t before = visited.count;
    fuzz_file("moved", input, arena);
    fuzz_require(queue_append(directory, span_of("Subject: b\n\nb\n"), NULL, "Junk", &failure));
    visited = (struct visited){ 0 };
    fuzz_require(queue_take(directory, visit, &visited, &bad, &failure));
    fuzz_require(visited.count >= before + 1);
    queue_taken(directory);
    /* Whatever folders are called. */
    char *from = fuzz_string(span_head(fuzz_take_line(&input), 300), arena);
    char *to = fuzz_string(span_head(input, 300), arena);
    if (!*from || !*to)
        return;
    visited = (struct visited){ .from = from, .to = to };
    fuzz_require(queue_append(directory, span_of("Subject: a\n\nb\n"), from, to, &failure));
    fuzz_require(queue_take(directory, visit, &visited, &bad, &failure));
    fuzz_require(visited.count == 1 && visited.seen && bad == 0);
    queue_taken(directory);
}
