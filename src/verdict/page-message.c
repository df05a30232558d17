/* page-message.c - what a message is made of, as sections of an HTML page */
#include "verdict/page-message.h"

#include <stdlib.h>
#include <time.h>

#include "rules/files.h"
#include "util/utf8.h"
#include "verdict/message-facts.h"
#include "verdict/page.h"
#include "verdict/uncovered.h"

/* As much of each as a person reads; 60 KB of text are some thirty pages of paper. */
#define VISIBLE_BYTES_SHOWN ((size_t)40 * 1024)
#define HIDDEN_BYTES_SHOWN ((size_t)16 * 1024)
#define FIELD_SHOWN 400
#define MAILBOXES_SHOWN 8
#define LINKS_SHOWN 40
#define LINK_TEXT_SHOWN 160
#define LINK_TARGET_SHOWN 400
#define RELAYS_SHOWN 20
#define HOST_SHOWN 255
#define ATTACHMENTS_SHOWN 40
#define TIME_SIZE 40

static void put_text(struct span text, size_t most, struct buffer *out)
{
    struct span shown = utf8_head(text, most);
    page_text(shown, out);
    if (shown.length < text.length)
        buffer_append_string(out, "&hellip;");
}

static void put_more(size_t count, const char *what, struct buffer *out)
{
    buffer_append_format(out, "<p class=\"note\">And %zu more %s.</p>\n", count, what);
}

/* --- who wrote ---------------------------------------------------------------------------------------------------- */

static void row_start(const char *name, struct buffer *out)
{
    buffer_append_format(out, "<dt>%s</dt><dd>", name);
}

static void row_end(struct buffer *out)
{
    buffer_append_string(out, "</dd>\n");
}

static void put_mailbox(const struct address *address, struct buffer *out)
{
    if (address->name.length) {
        buffer_append_string(out, "<b>");
        put_text(address->name, FIELD_SHOWN, out);
        buffer_append_string(out, "</b> ");
    }
    buffer_append_string(out, "<span class=\"code\">");
    put_text(address->mailbox, FIELD_SHOWN, out);
    buffer_append_string(out, "</span>");
}

static void put_mailboxes(const char *name, const struct address_list *list, struct buffer *out)
{
    if (list->count == 0)
        return;
    row_start(name, out);
    for (size_t i = 0; i < list->count && i < MAILBOXES_SHOWN; i++) {
        if (i)
            buffer_append_string(out, "<br>");
        put_mailbox(&list->items[i], out);
    }
    if (list->count > MAILBOXES_SHOWN)
        buffer_append_format(out, "<br>and %zu more", list->count - MAILBOXES_SHOWN);
    row_end(out);
}

static void put_field(const char *name, struct span value, struct buffer *out)
{
    if (value.length == 0)
        return;
    row_start(name, out);
    put_text(value, FIELD_SHOWN, out);
    row_end(out);
}

static void put_result(const char *method, enum authentication_result result, struct span domain, struct buffer *out)
{
    static const struct {
        const char *name;
        enum page_colour colour;
    } results[] = {
        [AUTHENTICATION_UNKNOWN] = { "not checked", PAGE_PLAIN },
        [AUTHENTICATION_NONE] = { "nothing to check", PAGE_PLAIN },
        [AUTHENTICATION_PASS] = { "pass", PAGE_HAM },
        [AUTHENTICATION_NEUTRAL] = { "neutral", PAGE_PLAIN },
        [AUTHENTICATION_SOFTFAIL] = { "soft fail", PAGE_UNSURE },
        [AUTHENTICATION_FAIL] = { "fail", PAGE_SPAM },
        [AUTHENTICATION_ERROR] = { "error", PAGE_UNSURE },
    };
    if (result == AUTHENTICATION_UNKNOWN)
        return;
    buffer_append_format(out, "<span class=\"result\">%s <b class=\"%s\">%s</b>", method,
                         page_colour_class(results[result].colour), results[result].name);
    if (domain.length) {
        buffer_append_string(out, " ");
        put_text(domain, HOST_SHOWN, out);
    }
    buffer_append_string(out, "</span> ");
}

/* What our servers found, and what follows from it. */
static void put_proof(struct inspection *inspection, struct buffer *out)
{
    const struct authentication *found = inspection_authentication(inspection);
    const struct address *sender = inspection_sender(inspection);
    row_start("Proof", out);
    put_result("SPF", found->spf, found->spf_domain, out);
    put_result("DKIM", found->dkim, found->dkim_domain, out);
    put_result("DMARC", found->dmarc, found->dmarc_domain, out);
    put_result("ARC", found->arc, SPAN_EMPTY, out);
    if (found->server.length == 0)
        buffer_append_string(out, "No report of your mail servers. ");
    if (!sender) {
        buffer_append_string(out, "It names no sender.");
    } else if (inspection_is_authenticated(inspection)) {
        buffer_append_string(out, "It is proven to come from ");
        put_text(sender->domain, HOST_SHOWN, out);
        buffer_append_string(out, ".");
    } else {
        buffer_append_string(out, "Nothing proves that it comes from ");
        put_text(sender->domain, HOST_SHOWN, out);
        buffer_append_string(out, ".");
    }
    row_end(out);
}

static void put_acquaintance(const struct explanation *explanation, struct buffer *out)
{
    if (!inspection_sender(explanation->inspection))
        return;
    row_start("Known", out);
    if (explanation->written_to)
        buffer_append_format(out, "You have written to this address (%u message%s).", explanation->written_to,
                             explanation->written_to == 1 ? "" : "s");
    else
        buffer_append_string(out, "No sent mail to this address is known.");
    row_end(out);
}

void page_sender(const struct explanation *explanation, struct buffer *out)
{
    const struct message *message = explanation->message;
    page_section_start("Who wrote", NULL, out);
    buffer_append_string(out, "<dl>\n");
    put_field("Subject", message->subject, out);
    put_mailboxes("From", &message->from, out);
    put_mailboxes("Reply to", &message->reply_to, out);
    put_mailboxes("To", &message->to, out);
    put_mailboxes("Copy to", &message->cc, out);
    put_field("Date", header_value(&message->header, "Date"), out);
    put_proof(explanation->inspection, out);
    put_acquaintance(explanation, out);
    buffer_append_string(out, "</dl>\n");
    page_section_end(out);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* Puts a piece behind `last`; what is hidden on a line of its own is shown on one. */
static void put_piece(const struct uncovered_piece *piece, const struct uncovered_piece *last, struct buffer *out)
{
    bool is_apart = piece->starts_line || last->starts_line;
    bool ends = last->text.length == 0 || last->text.data[last->text.length - 1] == '\n';
    if (is_apart && !ends && piece->text.data[0] != '\n')
        buffer_append_byte(out, '\n');
    if (!piece->hidden) {
        page_escape(piece->text, out);
        return;
    }
    buffer_append_format(out, "<span class=\"hidden\"><b>%s%s</b> ", piece->is_nowhere ? "in a part not shown, " : "",
                         uncovered_reason(piece->reason));
    page_text(piece->text, out);
    buffer_append_string(out, "</span>");
}

void page_message_text(const struct message *message, struct buffer *out)
{
    struct uncovered walk = uncovered_start(message, VISIBLE_BYTES_SHOWN, HIDDEN_BYTES_SHOWN);
    struct uncovered_piece piece, last = { .text = SPAN_EMPTY };
    bool hides = message->html && message->html->stretch_count;
    page_section_start("Text",
                       hides ? "As its reader sees it. What the reader does not see is uncovered in its place, "
                               "<span class=\"hidden\"><b>with the reason</b> like this</span>."
                             : "As its reader sees it.",
                       out);
    buffer_append_string(out, "<div class=\"text\" dir=\"auto\">");
    for (; uncovered_next(&walk, &piece); last = piece)
        put_piece(&piece, &last, out);
    buffer_append_string(out, "</div>\n");
    if (message->visible_text.length == 0)
        buffer_append_string(out, "<p class=\"note\">It shows no text at all.</p>\n");
    if (walk.omitted)
        buffer_append_format(out, "<p class=\"note\">And %zu bytes more.</p>\n", walk.omitted);
    page_section_end(out);
}

/* --- links -------------------------------------------------------------------------------------------------------- */

/* Where it goes: the host by itself, since that is what decides, and the whole below it. */
static void put_target(struct span target, bool lies, struct arena *arena, struct buffer *out)
{
    struct url url;
    if (url_parse(target, arena, &url) && url.host.length) {
        struct span host = url_host_unicode(url.host, arena);
        buffer_append_format(out, "<b%s>", lies ? " class=\"spam\"" : "");
        put_text(host, HOST_SHOWN, out);
        buffer_append_string(out, "</b>");
        if (!span_equal(host, url.host)) {
            buffer_append_string(out, " <span class=\"quiet\">");
            put_text(url.host, HOST_SHOWN, out);
            buffer_append_string(out, "</span>");
        }
        if (url.host_was_obfuscated)
            buffer_append_string(out, " <span class=\"spam\">in disguise</span>");
        buffer_append_string(out, "<br>");
    }
    buffer_append_string(out, "<span class=\"code\">");
    put_text(target, LINK_TARGET_SHOWN, out);
    buffer_append_string(out, "</span>");
}

static void put_link(const struct explanation *explanation, const struct html_link *link, struct buffer *out)
{
    bool lies = inspection_link_lie(explanation->inspection, link).shown_host.length > 0;
    buffer_append_string(out, "<li><div class=\"says\">");
    if (link->text.length) {
        buffer_append_string(out, "<span class=\"quiet\">says</span> ");
        put_text(link->text, LINK_TEXT_SHOWN, out);
    } else {
        buffer_append_format(out, "<i>%s</i>", link_without_words(link));
    }
    if (lies)
        buffer_append_string(out, " <b class=\"spam\">but does not go there</b>");
    buffer_append_string(out, "</div><div class=\"goes\"><span class=\"quiet\">goes to</span> ");
    put_target(link->target, lies, out->arena, out);
    buffer_append_string(out, "</div></li>\n");
}

static bool is_link(const struct html_view *html, struct span address)
{
    for (size_t i = 0; html && i < html->link_count; i++)
        if (span_equal(html->links[i].target, address))
            return true;
    return false;
}

/* Mail programs make links of addresses in plain text; those that a link shows are the link's. */
static bool is_shown_by_link(const struct html_view *html, struct span address)
{
    for (size_t i = 0; html && i < html->link_count; i++)
        if (span_equal(html->links[i].text, address))
            return true;
    return false;
}

static bool is_image(const struct html_view *html, struct span address)
{
    for (size_t i = 0; html && i < html->image_count; i++)
        if (span_equal(html->images[i].source, address))
            return true;
    return false;
}

/* What an address of the message is for that no link goes to. */
enum address_use { ADDRESS_OF_LINK, ADDRESS_OF_PICTURE, ADDRESS_IN_TEXT };

static enum address_use use_of(const struct html_view *html, struct span address)
{
    if (is_link(html, address) || is_shown_by_link(html, address))
        return ADDRESS_OF_LINK;
    return is_image(html, address) ? ADDRESS_OF_PICTURE : ADDRESS_IN_TEXT;
}

/* The addresses with the same use and host as that at `first`, which is the first of them: one entry. */
static void put_addresses(const struct message *message, const enum address_use *uses, size_t first, struct buffer *out)
{
    size_t more = 0;
    for (size_t i = first + 1; i < message->url_count; i++)
        more += uses[i] == uses[first] && span_equal(message->urls[i].host, message->urls[first].host);
    buffer_append_format(out, "<li><div class=\"says\"><i>%s</i></div><div class=\"goes\">",
                         uses[first] == ADDRESS_OF_PICTURE ? "loads a picture from" : "an address in the text");
    put_target(message->urls[first].text, false, out->arena, out);
    if (more)
        buffer_append_format(out, " <span class=\"quiet\">and %zu more there</span>", more);
    buffer_append_string(out, "</div></li>\n");
}

static bool is_first_of_host(const struct message *message, const enum address_use *uses, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (uses[i] == uses[index] && span_equal(message->urls[i].host, message->urls[index].host))
            return false;
    return true;
}

/* Gives how many there are; shows those up to LINKS_SHOWN. */
static size_t put_links(const struct explanation *explanation, struct buffer *out)
{
    const struct message *message = explanation->message;
    const struct html_view *html = message->html;
    size_t count = 0;
    for (size_t i = 0; html && i < html->link_count; i++)
        if (!link_stood_before(html->links, i) && count++ < LINKS_SHOWN)
            put_link(explanation, &html->links[i], out);
    enum address_use *uses = arena_new_array(out->arena, enum address_use, message->url_count);
    for (size_t i = 0; i < message->url_count; i++)
        uses[i] = use_of(html, message->urls[i].text);
    for (size_t i = 0; i < message->url_count; i++)
        if (uses[i] != ADDRESS_OF_LINK && is_first_of_host(message, uses, i) && count++ < LINKS_SHOWN)
            put_addresses(message, uses, i, out);
    return count;
}

void page_links(const struct explanation *explanation, struct buffer *out)
{
    const struct message *message = explanation->message;
    if (message->url_count == 0 && !(message->html && message->html->link_count))
        return;
    page_section_start("Links", "What each says against where it goes. Nothing here can be clicked.", out);
    buffer_append_string(out, "<ul class=\"links\">\n");
    size_t count = put_links(explanation, out);
    buffer_append_string(out, "</ul>\n");
    if (count > LINKS_SHOWN)
        put_more(count - LINKS_SHOWN, "addresses", out);
    page_section_end(out);
}

/* --- path --------------------------------------------------------------------------------------------------------- */

static void put_time(int64_t date, struct buffer *out)
{
    char text[TIME_SIZE];
    struct tm parts;
    time_t when = (time_t)date;
    if (date == RELAY_NO_DATE || !gmtime_r(&when, &parts) ||
        !strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts))
        return;
    buffer_append_format(out, " <span class=\"quiet\">%s</span>", text);
}

/* How long the message lay at the host that handed it on at `before`. */
static void put_delay(int64_t date, int64_t before, struct buffer *out)
{
    if (date == RELAY_NO_DATE || before == RELAY_NO_DATE || date / 2 - before / 2 == 0)
        return;
    bool backwards = date < before;
    uint64_t seconds = backwards ? (uint64_t)before - (uint64_t)date : (uint64_t)date - (uint64_t)before;
    const char *unit = seconds >= 172800 ? "days" : seconds >= 7200 ? "hours" : seconds >= 120 ? "minutes" : "seconds";
    uint64_t size = seconds >= 172800 ? 86400 : seconds >= 7200 ? 3600 : seconds >= 120 ? 60 : 1;
    if (seconds > 1)
        buffer_append_format(out, ", %llu %s %s", (unsigned long long)(seconds / size), unit,
                             backwards ? "<b class=\"spam\">before the host ahead of it had it</b>" : "later");
}

static void put_code(struct span text, struct buffer *out)
{
    buffer_append_string(out, "<span class=\"code\">");
    put_text(text, HOST_SHOWN, out);
    buffer_append_string(out, "</span>");
}

/* What a host says of the one it had the message from. */
static void put_hop(const struct relay *relay, struct buffer *out)
{
    buffer_append_string(out, "<div class=\"hop\">had it from ");
    put_code(relay->ip.length ? relay->ip : relay->reverse_name.length ? relay->reverse_name : span_of("?"), out);
    if (relay->ip.length && relay->reverse_name.length) {
        buffer_append_string(out, relay->reverse_name_forged ? ", which <b class=\"spam\">may be forged</b> as "
                                                             : ", named ");
        put_code(relay->reverse_name, out);
    } else if (relay->ip.length) {
        buffer_append_string(out, ", which has no name");
    }
    if (relay->helo.length && !span_equal_nocase(relay->helo, relay->reverse_name)) {
        buffer_append_string(out, ", and called itself ");
        put_code(relay->helo, out);
    }
    if (relay->with.length) {
        buffer_append_string(out, " <span class=\"quiet\">by ");
        put_text(relay->with, FIELD_SHOWN, out);
        buffer_append_string(out, "</span>");
    }
    buffer_append_string(out, "</div>");
}

static void put_relay(const struct message *message, size_t index, bool certain, struct buffer *out)
{
    const struct relay *relay = &message->relays[index];
    buffer_append_format(out, "<li class=\"%s\"><b>", certain ? "certain" : "claimed");
    put_text(relay->by.length ? relay->by : span_of("?"), HOST_SHOWN, out);
    buffer_append_string(out, "</b>");
    put_time(relay->date, out);
    if (index + 1 < message->relay_count)
        put_delay(relay->date, message->relays[index + 1].date, out);
    put_hop(relay, out);
    buffer_append_string(out, "</li>\n");
}

void page_path(const struct explanation *explanation, struct buffer *out)
{
    const struct message *message = explanation->message;
    if (message->relay_count == 0)
        return;
    const struct relay *border = inspection_border(explanation->inspection);
    size_t certain = border ? (size_t)(border - message->relays) + 1 : 1;
    page_section_start(
        "Path",
        "From your side outwards. Filled dots are hosts that can be believed; whatever stands below them can be "
        "made up.",
        out);
    buffer_append_string(out, "<ol class=\"path\">\n");
    for (size_t i = 0; i < message->relay_count && i < RELAYS_SHOWN; i++)
        put_relay(message, i, i < certain, out);
    buffer_append_string(out, "</ol>\n");
    if (message->relay_count > RELAYS_SHOWN)
        put_more(message->relay_count - RELAYS_SHOWN, "hosts", out);
    page_section_end(out);
}

/* --- attachments -------------------------------------------------------------------------------------------------- */

static void put_size(const struct part *part, struct buffer *out)
{
    size_t bytes = part->raw.length;
    if (span_is(part->encoding, "base64"))
        bytes = bytes / 4 * 3; /* and some line ends: near enough */
    if (bytes >= 1024 * 1024)
        buffer_append_format(out, "about %zu.%zu MB", bytes >> 20, (bytes >> 10) % 1024 * 10 / 1024);
    else if (bytes >= 1024)
        buffer_append_format(out, "about %zu KB", bytes / 1024);
    else
        buffer_append_format(out, "%zu bytes", bytes);
}

static void put_attachment(const struct part *part, struct buffer *out)
{
    enum file_kind kind = file_kind(part->head);
    const char *danger = part_danger(part);
    buffer_append_string(out, "<li><b>");
    put_text(part->file_name.length ? part->file_name : span_of("without a name"), FIELD_SHOWN, out);
    buffer_append_string(out, "</b> <span class=\"quiet\">");
    put_text(part->type, FIELD_SHOWN, out);
    buffer_append_string(out, ", ");
    put_size(part, out);
    buffer_append_string(out, "</span>");
    if (kind != FILE_KIND_UNKNOWN)
        buffer_append_format(out, "<br>By its first bytes %s.", file_kind_name(kind));
    if (danger)
        buffer_append_format(out, " <b class=\"spam\">It %s.</b>", danger);
    buffer_append_string(out, "</li>\n");
}

void page_attachments(const struct message *message, struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < message->part_count; i++)
        count += part_is_attachment(&message->parts[i]);
    if (count == 0)
        return;
    page_section_start("Attachments", NULL, out);
    buffer_append_string(out, "<ul class=\"attachments\">\n");
    size_t shown = 0;
    for (size_t i = 0; i < message->part_count && shown < ATTACHMENTS_SHOWN; i++) {
        if (!part_is_attachment(&message->parts[i]))
            continue;
        put_attachment(&message->parts[i], out);
        shown++;
    }
    buffer_append_string(out, "</ul>\n");
    if (count > shown)
        put_more(count - shown, "files", out);
    page_section_end(out);
}
