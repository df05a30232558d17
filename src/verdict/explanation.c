/* explanation.c - what lies behind a judgement: the words, the path, the links, the hidden text */
#include "verdict/explanation.h"

#include "util/columns.h"
#include "util/translate.h"
#include "util/utf8.h"
#include "verdict/figures.h"
#include "verdict/padding.h"
#include "verdict/report.h"

/* As many of each as a person reads. */
#define LINKS_SHOWN 20
#define RELAYS_SHOWN 12
#define HIDDEN_BYTES_SHOWN 600
#define WORD_COLUMN 34

/* --- words -------------------------------------------------------------------------------------------------------- */

static void write_word(const struct explained_token *word, struct buffer *out)
{
    char weight[FIGURE_SIZE];
    buffer_append_format(out, "  %7s  ", figure_signed(figure_of_log_odds(word->weight), weight));
    size_t start = out->length;
    report_escape(word->text, out);
    for (size_t width = columns_of_text(span_from(buffer_span(out), start)); width < WORD_COLUMN; width++)
        buffer_append_byte(out, ' ');
    buffer_append_format(out, " %5u %5u\n", word->spam, word->ham);
}

static void write_words(const struct explained *words, struct buffer *out)
{
    if (words->count == 0)
        return;
    buffer_append_format(out, _("\nWords, by what they add; seen in so many of %llu spam and %llu ham "
                                "that were counted\n"),
                         (unsigned long long)words->pair_lessons[LABEL_SPAM],
                         (unsigned long long)words->pair_lessons[LABEL_HAM]);
    for (size_t i = 0; i < words->count; i++)
        write_word(&words->items[i], out);
}

/* --- path --------------------------------------------------------------------------------------------------------- */

static void write_or(struct span text, const char *otherwise, struct buffer *out)
{
    if (text.length)
        report_escape(text, out);
    else
        buffer_append_string(out, otherwise);
}

static void write_path(const struct message *message, struct buffer *out)
{
    if (message->relay_count)
        buffer_append_string(out, _("\nPath, nearest first; only the first line is certain\n"));
    for (size_t i = 0; i < message->relay_count && i < RELAYS_SHOWN; i++) {
        const struct relay *relay = &message->relays[i];
        buffer_append_string(out, "  ");
        write_or(relay->by, "?", out);
        buffer_append_string(out, _("  from  "));
        write_or(relay->helo, "?", out);
        if (relay->ip.length || relay->reverse_name.length) {
            buffer_append_string(out, " (");
            write_or(relay->reverse_name, _("no name"), out);
            buffer_append_string(out, " [");
            write_or(relay->ip, "?", out);
            buffer_append_string(out, "])");
        }
        buffer_append_byte(out, '\n');
    }
}

/* --- links and hidden text ---------------------------------------------------------------------------------------- */

static void write_links(const struct message *message, struct buffer *out)
{
    size_t count = message->html ? message->html->link_count : 0;
    if (count)
        buffer_append_string(out, _("\nLinks\n"));
    for (size_t i = 0; i < count && i < LINKS_SHOWN; i++) {
        const struct html_link *link = &message->html->links[i];
        buffer_append_string(out, "  ");
        if (link->text.length)
            report_escape(utf8_head(link->text, 60), out);
        else
            buffer_append_string(out, link->has_image ? _("(image)")
                                      : link->hidden  ? _("(invisible)")
                                                      : _("(nothing)"));
        buffer_append_string(out, "  ->  ");
        report_escape(utf8_head(link->target, 120), out);
        buffer_append_byte(out, '\n');
    }
    if (count > LINKS_SHOWN)
        buffer_append_format(out, _("  and %zu more\n"), count - LINKS_SHOWN);
}

static void write_hidden_text(const struct message *message, struct buffer *out)
{
    struct span hidden = message->hidden_text;
    if (hidden.length == 0)
        return;
    buffer_append_string(out, _("\nHidden text\n"));
    struct span shown = padding_shortened(utf8_head(hidden, HIDDEN_BYTES_SHOWN), out->arena);
    while (shown.length) {
        size_t end = span_find_byte(shown, '\n');
        buffer_append_string(out, "  ");
        report_escape(span_head(shown, end), out);
        buffer_append_byte(out, '\n');
        shown = span_from(shown, end + 1);
    }
    if (hidden.length > HIDDEN_BYTES_SHOWN)
        buffer_append_format(out, _("  ... %zu bytes in all\n"), hidden.length);
}

void explanation_text(const struct message *message, const struct explained *words, struct buffer *out)
{
    write_words(words, out);
    write_path(message, out);
    write_links(message, out);
    write_hidden_text(message, out);
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void words_json(const struct explained *words, struct json *json)
{
    json_open_array(json, "words");
    for (size_t i = 0; i < words->count; i++) {
        json_open_object(json, NULL);
        json_text(json, "text", words->items[i].text);
        json_points(json, "adds", figure_of_log_odds(words->items[i].weight));
        json_integer(json, "spam", words->items[i].spam);
        json_integer(json, "ham", words->items[i].ham);
        json_close_object(json);
    }
    json_close_array(json);
}

static void path_json(const struct message *message, struct json *json)
{
    json_open_array(json, "path");
    for (size_t i = 0; i < message->relay_count; i++) {
        json_open_object(json, NULL);
        json_text(json, "by", message->relays[i].by);
        json_text(json, "helo", message->relays[i].helo);
        json_text(json, "reverse_name", message->relays[i].reverse_name);
        json_text(json, "ip", message->relays[i].ip);
        json_close_object(json);
    }
    json_close_array(json);
}

void explanation_json(const struct message *message, const struct explained *words, struct json *json)
{
    words_json(words, json);
    path_json(message, json);
    json_open_array(json, "links");
    for (size_t i = 0; message->html && i < message->html->link_count && i < LINKS_SHOWN; i++) {
        json_open_object(json, NULL);
        json_text(json, "text", message->html->links[i].text);
        json_text(json, "target", utf8_head(message->html->links[i].target, 1000));
        json_boolean(json, "hidden", message->html->links[i].hidden);
        json_close_object(json);
    }
    json_close_array(json);
    json_text(json, "hidden_text", utf8_head(message->hidden_text, HIDDEN_BYTES_SHOWN));
}
