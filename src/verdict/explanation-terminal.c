/* explanation-terminal.c - what lies behind a judgement, for a person at a terminal */
#include "verdict/explanation-terminal.h"

#include <math.h>
#include <stdio.h>

#include "util/translate.h"
#include "util/utf8.h"
#include "verdict/figures.h"
#include "verdict/message-facts.h"
#include "verdict/padding.h"
#include "verdict/report.h"
#include "verdict/uncovered.h"

/* As much of each as fits a few screens; the page shows more. */
#define VISIBLE_BYTES_SHOWN ((size_t)2500)
#define HIDDEN_BYTES_SHOWN ((size_t)1500)
#define FIELD_SHOWN 200
#define LINKS_SHOWN 15
#define TARGET_SHOWN 200
#define RELAYS_SHOWN 10
#define ATTACHMENTS_SHOWN 15
#define BAR_COLUMNS 10
#define TEXT_COLUMN 22 /* behind points and bar */
#define FIELD_COLUMN 11
#define TREE_STEP 3

static enum terminal_colour side(double weight)
{
    return weight > 0 ? TERMINAL_SPAM : weight < 0 ? TERMINAL_HAM : TERMINAL_PLAIN;
}

static void put_coloured(struct terminal_writer *writer, enum terminal_colour colour, struct span text)
{
    terminal_colour(writer, colour);
    terminal_text(writer, text);
    terminal_colour(writer, TERMINAL_PLAIN);
}

static void put_more(struct terminal_writer *writer, size_t count)
{
    char text[80];
    snprintf(text, sizeof text, _("and %zu more"), count);
    terminal_line(writer, 2);
    put_coloured(writer, TERMINAL_QUIET, span_of(text));
}

/* --- verdict, sender ---------------------------------------------------------------------------------------------- */

static void write_verdict(struct terminal_writer *writer, const struct judgement *judgement)
{
    static const enum terminal_colour colours[] = {
        [VERDICT_HAM] = TERMINAL_HAM, [VERDICT_UNSURE] = TERMINAL_UNSURE, [VERDICT_SPAM] = TERMINAL_SPAM
    };
    struct buffer sentence = buffer_new(writer->out->arena, 1024);
    report_sentence(judgement, &sentence);
    terminal_colour(writer, TERMINAL_HEADING);
    put_coloured(writer, colours[judgement->verdict], buffer_span(&sentence));
}

static void put_field(struct terminal_writer *writer, const char *name, struct span value)
{
    if (value.length == 0)
        return;
    terminal_line(writer, 2);
    put_coloured(writer, TERMINAL_QUIET, span_of(name));
    terminal_column(writer, FIELD_COLUMN);
    terminal_text(writer, utf8_head(value, FIELD_SHOWN));
}

static void write_sender(struct terminal_writer *writer, const struct explanation *explanation)
{
    const struct header *header = &explanation->message->header;
    const struct address *sender = inspection_sender(explanation->inspection);
    terminal_line(writer, 0);
    put_field(writer, _("From"), header_value(header, "From"));
    put_field(writer, _("Reply to"), header_value(header, "Reply-To"));
    put_field(writer, _("Subject"), explanation->message->subject);
    if (!sender)
        return;
    put_field(writer, _("Proof"), span_of(sender_proof(explanation->inspection)));
    terminal_string(writer, " ");
    terminal_text(writer, utf8_head(sender->domain, FIELD_SHOWN));
    if (explanation->written_to)
        put_field(writer, _("Known"), sender_acquaintance(explanation->written_to, writer->out->arena));
}

/* --- reasons and words -------------------------------------------------------------------------------------------- */

static void put_points(struct terminal_writer *writer, int points, bool signs)
{
    char text[FIGURE_SIZE];
    (signs ? figure_signed : figure_points)(points, text);
    for (size_t length = strlen(text); length < 9; length++)
        terminal_string(writer, " ");
    put_coloured(writer, signs ? side(points) : TERMINAL_HEADING, span_of(text));
}

static void write_reasons(struct terminal_writer *writer, const struct judgement *judgement)
{
    double heaviest = judgement->reason_count ? fabs((double)judgement->reasons[0].points) : 0;
    terminal_heading(writer, _("Reasons"));
    for (size_t i = 0; i < judgement->reason_count; i++) {
        const struct reason *reason = &judgement->reasons[i];
        terminal_line(writer, 0);
        put_points(writer, reason->points, true);
        terminal_string(writer, "  ");
        terminal_bar(writer, fabs((double)reason->points) / heaviest, BAR_COLUMNS, side(reason->points));
        terminal_column(writer, TEXT_COLUMN);
        terminal_text(writer, report_reason(reason, writer->out->arena));
        terminal_string(writer, " ");
        put_coloured(writer, TERMINAL_QUIET, span_of(reason->name));
    }
    terminal_line(writer, 0);
    put_points(writer, judgement->score, false);
    terminal_column(writer, TEXT_COLUMN);
    terminal_string(writer, judgement->reason_count ? _("sum") : _("nothing speaks for or against it"));
}

static void write_words(struct terminal_writer *writer, const struct explained *words)
{
    char counts[64];
    double heaviest = words->count ? fabs(words->items[0].weight) : 0;
    if (words->count)
        terminal_heading(writer, _("Words that spoke loudest"));
    for (size_t i = 0; i < words->count; i++) {
        const struct explained_token *word = &words->items[i];
        snprintf(counts, sizeof counts, _("  in %u spam, %u ham"), word->spam, word->ham);
        terminal_line(writer, 0);
        put_points(writer, figure_of_log_odds(word->weight), true);
        terminal_string(writer, "  ");
        terminal_bar(writer, fabs(word->weight) / heaviest, BAR_COLUMNS, side(word->weight));
        terminal_column(writer, TEXT_COLUMN);
        terminal_text(writer, word->text);
        put_coloured(writer, TERMINAL_QUIET, span_of(counts));
    }
}

/* --- text and links ----------------------------------------------------------------------------------------------- */

static void put_hidden(struct terminal_writer *writer, const struct uncovered_piece *piece)
{
    terminal_colour(writer, TERMINAL_HIDDEN);
    terminal_string(writer, "[");
    terminal_string(writer, uncovered_reason(piece->reason));
    terminal_string(writer, _(": "));
    terminal_text(writer, padding_shortened(span_trim(piece->text), writer->out->arena));
    terminal_string(writer, "]");
    terminal_colour(writer, TERMINAL_PLAIN);
}

static void write_text(struct terminal_writer *writer, const struct message *message)
{
    struct uncovered walk = uncovered_start(message, VISIBLE_BYTES_SHOWN, HIDDEN_BYTES_SHOWN);
    struct uncovered_piece piece;
    bool behind_own_line = false;
    terminal_heading(writer, _("Text, as its reader sees it; in brackets what the reader does not see"));
    terminal_line(writer, 2);
    while (uncovered_next(&walk, &piece)) {
        bool needs_line = piece.starts_line || (behind_own_line && piece.text.data[0] != '\n');
        if (needs_line && writer->column > 2)
            terminal_line(writer, 2);
        if (piece.hidden)
            put_hidden(writer, &piece);
        else
            terminal_text(writer, piece.text);
        behind_own_line = piece.starts_line;
    }
    if (walk.omitted == 0)
        return;
    char omitted[80];
    snprintf(omitted, sizeof omitted, _("... and %zu bytes more"), walk.omitted);
    terminal_line(writer, 2);
    put_coloured(writer, TERMINAL_QUIET, span_of(omitted));
}

static void put_link(struct terminal_writer *writer, const struct explanation *explanation,
                     const struct html_link *link)
{
    bool lies = inspection_link_lie(explanation->inspection, link).shown_host.length > 0;
    terminal_line(writer, 2);
    if (link->text.length) {
        terminal_string(writer, _("says"));
        terminal_string(writer, " ");
        terminal_text(writer, utf8_head(link->text, FIELD_SHOWN));
    } else {
        terminal_string(writer, link_without_words(link));
    }
    terminal_line(writer, 4);
    terminal_string(writer, "-> ");
    terminal_string(writer, _("goes to"));
    terminal_string(writer, " ");
    put_coloured(writer, lies ? TERMINAL_SPAM : TERMINAL_PLAIN, utf8_head(link->target, TARGET_SHOWN));
}

static void write_links(struct terminal_writer *writer, const struct explanation *explanation)
{
    const struct html_view *html = explanation->message->html;
    size_t count = 0;
    if (!html || html->link_count == 0)
        return;
    terminal_heading(writer, _("Links"));
    for (size_t i = 0; i < html->link_count; i++)
        if (!link_stood_before(html->links, i) && count++ < LINKS_SHOWN)
            put_link(writer, explanation, &html->links[i]);
    if (count > LINKS_SHOWN)
        put_more(writer, count - LINKS_SHOWN);
}

/* --- path and attachments ----------------------------------------------------------------------------------------- */

static void put_host(struct terminal_writer *writer, const struct relay *relay)
{
    bool has_name = relay->reverse_name.length > 0;
    terminal_text(writer, utf8_head(has_name           ? relay->reverse_name
                                    : relay->ip.length ? relay->ip
                                                       : span_of("?"),
                                    FIELD_SHOWN));
    if (has_name && relay->ip.length) {
        terminal_string(writer, " [");
        terminal_text(writer, utf8_head(relay->ip, FIELD_SHOWN));
        terminal_string(writer, "]");
    }
    if (relay->helo.length && !span_equal_nocase(relay->helo, relay->reverse_name)) {
        terminal_string(writer, _(", says it is "));
        terminal_text(writer, utf8_head(relay->helo, FIELD_SHOWN));
    }
}

/* Each host under the one that had the message from it. */
static void write_path(struct terminal_writer *writer, const struct explanation *explanation)
{
    const struct message *message = explanation->message;
    const struct relay *border = inspection_border(explanation->inspection);
    if (message->relay_count == 0)
        return;
    terminal_heading(writer, _("Path, nearest first; what is grey can be made up"));
    terminal_line(writer, 2);
    terminal_text(writer, utf8_head(message->relays[0].by.length ? message->relays[0].by : span_of("?"), FIELD_SHOWN));
    for (size_t i = 0; i < message->relay_count && i < RELAYS_SHOWN; i++) {
        size_t indent = 2 + TREE_STEP * i;
        terminal_line(writer, indent);
        buffer_append_string(writer->out, writer->terminal->unicode ? "\u2514\u2500" : "`-");
        writer->column += 2;
        terminal_column(writer, indent + TREE_STEP);
        bool claimed = border ? &message->relays[i] > border : i > 0;
        terminal_colour(writer, claimed ? TERMINAL_QUIET : TERMINAL_PLAIN);
        put_host(writer, &message->relays[i]);
        terminal_colour(writer, TERMINAL_PLAIN);
    }
    if (message->relay_count > RELAYS_SHOWN)
        put_more(writer, message->relay_count - RELAYS_SHOWN);
}

static void put_attachment(struct terminal_writer *writer, const struct part *part)
{
    const char *danger = part_danger(part);
    terminal_line(writer, 2);
    terminal_text(writer, utf8_head(part->file_name.length ? part->file_name : span_of("?"), FIELD_SHOWN));
    terminal_string(writer, "  ");
    put_coloured(writer, TERMINAL_QUIET, utf8_head(part->type, FIELD_SHOWN));
    if (!danger)
        return;
    terminal_string(writer, "  ");
    put_coloured(writer, TERMINAL_SPAM, span_of(danger));
}

static void write_attachments(struct terminal_writer *writer, const struct message *message)
{
    size_t count = 0;
    for (size_t i = 0; i < message->part_count; i++) {
        if (!part_is_attachment(&message->parts[i]))
            continue;
        if (count++ == 0)
            terminal_heading(writer, _("Attachments"));
        if (count <= ATTACHMENTS_SHOWN)
            put_attachment(writer, &message->parts[i]);
    }
    if (count > ATTACHMENTS_SHOWN)
        put_more(writer, count - ATTACHMENTS_SHOWN);
}

void explanation_terminal(const struct explanation *explanation, const struct terminal *terminal, struct buffer *out)
{
    struct terminal_writer writer = terminal_start(terminal, out);
    write_verdict(&writer, explanation->judgement);
    write_sender(&writer, explanation);
    write_reasons(&writer, explanation->judgement);
    write_text(&writer, explanation->message);
    write_links(&writer, explanation);
    write_words(&writer, explanation->words);
    write_path(&writer, explanation);
    write_attachments(&writer, explanation->message);
    buffer_append_byte(out, '\n');
}
