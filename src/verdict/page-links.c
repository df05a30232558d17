/* page-links.c - what a message leads to and loads, as a section of an HTML page */
#include "util/translate.h"
#include "verdict/message-facts.h"
#include "verdict/page-message.h"
#include "verdict/page.h"

/* As much of each as a person reads. */
#define LINKS_SHOWN 40
#define TEXT_SHOWN 160
#define TARGET_SHOWN 400
#define HOST_SHOWN 255

/* Where it goes: the host by itself, since that is what decides, and the whole below it. */
static void put_target(struct span target, bool lies, struct arena *arena, struct buffer *out)
{
    struct url url;
    if (url_parse(target, arena, &url) && url.host.length) {
        struct span host = url_host_unicode(url.host, arena);
        buffer_append_format(out, "<b%s>", lies ? " class=\"spam\"" : "");
        page_excerpt(host, HOST_SHOWN, out);
        buffer_append_string(out, "</b>");
        if (!span_equal(host, url.host)) {
            buffer_append_string(out, " <span class=\"quiet\">");
            page_excerpt(url.host, HOST_SHOWN, out);
            buffer_append_string(out, "</span>");
        }
        if (url.host_was_obfuscated)
            buffer_append_format(out, " <span class=\"spam\">%s</span>", _("in disguise"));
        buffer_append_string(out, "<br>");
    }
    buffer_append_string(out, "<span class=\"code\">");
    page_excerpt(target, TARGET_SHOWN, out);
    buffer_append_string(out, "</span>");
}

static void put_link(const struct explanation *explanation, const struct html_link *link, struct buffer *out)
{
    bool lies = inspection_link_lie(explanation->inspection, link).shown_host.length > 0;
    buffer_append_string(out, "<li><div class=\"says\">");
    if (link->text.length) {
        buffer_append_format(out, "<span class=\"quiet\">%s</span> ", _("says"));
        page_excerpt(link->text, TEXT_SHOWN, out);
    } else {
        buffer_append_format(out, "<i>%s</i>", link_without_words(link));
    }
    if (lies)
        buffer_append_format(out, " <b class=\"spam\">%s</b>", _("but does not go there"));
    buffer_append_format(out, "</div><div class=\"goes\"><span class=\"quiet\">%s</span> ", _("goes to"));
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
                         uses[first] == ADDRESS_OF_PICTURE ? _("loads a picture from") : _("an address in the text"));
    put_target(message->urls[first].text, false, out->arena, out);
    if (more) {
        buffer_append_string(out, " <span class=\"quiet\">");
        buffer_append_format(out, _("and %zu more there"), more);
        buffer_append_string(out, "</span>");
    }
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
    page_section_start(_("Links"), _("What each says against where it goes. Nothing here can be clicked."), out);
    buffer_append_string(out, "<ul class=\"links\">\n");
    size_t count = put_links(explanation, out);
    buffer_append_string(out, "</ul>\n");
    if (count > LINKS_SHOWN)
        page_more(count - LINKS_SHOWN, out);
    page_section_end(out);
}
