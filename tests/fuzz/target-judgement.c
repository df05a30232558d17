/* target-judgement.c - the child's answer: whatever decodes can be written into a message and onto a terminal safely
 *
 * The input is also made into a judgement that adds up, and must come through as it was; and it is read as the
 * questions that cross the pipe with one.
 */
#include "config.h"

#include "fuzz.h"

#include "outside/questions.h"
#include "util/limits.h"
#include "util/utf8.h"
#include "verdict/explanation.h"
#include "verdict/header-fields.h"
#include "verdict/verdict.h"

#define ROOM ((size_t)1024 * 1024)
#define REASONS 8

/* Lines of printable ASCII, each a field of ours or the fold of one. */
static void check_fields(struct span fields)
{
    fuzz_require(fields.length && fields.data[fields.length - 1] == '\n');
    while (fields.length) {
        struct span line = fuzz_take_line(&fields);
        fuzz_require(line.length > 0 && line.length <= 998);
        for (size_t i = 0; i < line.length; i++)
            fuzz_require((line.data[i] >= ' ' && line.data[i] < 0x7F) || (i == 0 && line.data[i] == '\t'));
        bool is_fold = line.data[0] == '\t' || line.data[0] == ' ';
        fuzz_require(is_fold || header_fields_owned(span_head(line, span_find_byte(line, ':'))));
    }
}

static void check_decoded(struct span bytes, const struct judgement *judgement, struct arena *arena)
{
    struct buffer again = buffer_new(arena, ROOM);
    judgement_encode(judgement, &again);
    fuzz_require(span_equal(buffer_span(&again), bytes));
    for (int style = HEADER_STYLE_SPAMASSASSIN; style <= HEADER_STYLE_MINIMAL; style++) {
        struct buffer fields = buffer_new(arena, ROOM);
        header_fields_write(judgement, (enum header_style)style, &fields);
        check_fields(buffer_span(&fields));
    }
}

/* What reaches resolvers, files and programs. */
static void check_questions(struct span lines, struct arena *arena)
{
    struct questions questions;
    if (!questions_read(lines, arena, &questions))
        return;
    fuzz_require(questions.host_count <= QUESTIONS_HOSTS);
    fuzz_require(fuzz_is_printable(questions.relay) && fuzz_is_printable(questions.from));
    for (size_t i = 0; i < questions.host_count; i++)
        fuzz_require(questions.hosts[i].host.length && fuzz_is_printable(questions.hosts[i].host) &&
                     questions.hosts[i].site.length && fuzz_is_printable(questions.hosts[i].site));
    fuzz_require(questions.text.length <= QUESTIONS_TEXT && utf8_is_valid(questions.text));
}

/* Reasons of the input's bytes, the heaviest first. */
static struct judgement made_up(struct span input, struct arena *arena)
{
    struct reason *reasons = arena_new_array(arena, struct reason, REASONS);
    struct judgement judgement = { .required = 500, .unsure = 250, .reasons = reasons, .learned_probability = 0.5,
                                   .reason_count = fuzz_take_byte(&input) % REASONS };
    int points = 1000;
    for (size_t i = 0; i < judgement.reason_count; i++) {
        struct buffer detail = buffer_new(arena, 300);
        points -= (int)(fuzz_take_byte(&input) % 100);
        struct span line = fuzz_take_line(&input);
        if (utf8_is_valid(line) && fuzz_is_printable(line))
            utf8_append_valid(&detail, line);
        reasons[i] = (struct reason){ "NAME_1", "What it means", buffer_span(&detail), points };
        judgement.score += points;
    }
    judgement.verdict = judgement.score >= judgement.required ? VERDICT_SPAM
                      : judgement.score >= judgement.unsure   ? VERDICT_UNSURE
                                                              : VERDICT_HAM;
    judgement.probability = verdict_probability(judgement.score);
    return judgement;
}

FUZZ_TARGET(judgement, "a judgement crosses the pipe and becomes header fields")
{
    struct judgement judgement = { 0 };
    struct buffer bytes = buffer_new(arena, ROOM), fields = buffer_new(arena, ROOM);
    if (judgement_decode(input, arena, &judgement))
        check_decoded(input, &judgement, arena);
    check_questions(input, arena);
    struct judgement made = made_up(input, arena);
    judgement_encode(&made, &bytes);
    fuzz_require(judgement_decode(buffer_span(&bytes), arena, &judgement));
    check_decoded(buffer_span(&bytes), &judgement, arena);
    header_fields_write_unchecked("crashed", HEADER_STYLE_SPAMASSASSIN, &fields);
    check_fields(buffer_span(&fields));
}
