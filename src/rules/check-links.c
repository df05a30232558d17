/* check-links.c - what links say beside where they lead */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"
#include "util/translate.h"

static enum outcome link_to_stranger(struct inspection *inspection, struct buffer *detail)
{
    const struct link_lie *lie = &inspection_link_lies(inspection)->of_stranger;
    if (lie->shown_host.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "a link says %s but goes to %s", lie->shown_host, lie->target_host);
    return OUTCOME_HIT;
}

const struct check check_link_to_stranger = {
    .name = "LINK_TO_STRANGER",
    .description = N_("has a link that shows one host and goes to another"),
    .points = 90, /* first 60 % of 2003: 0.10 % of ham, 0.45 % of spam; of 2022-26: 0.08 % of ham, 0.94 % of spam */
    .evaluate = link_to_stranger,
};

static enum outcome name_to_stranger(struct inspection *inspection, struct buffer *detail)
{
    const struct link_lie *lie = &inspection_link_lies(inspection)->of_name;
    if (lie->shown_host.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "a link says %s but goes to %s", lie->shown_host, lie->target_host);
    return OUTCOME_HIT;
}

const struct check check_name_to_stranger = {
    .name = "NAME_TO_STRANGER",
    .description = N_("has a link that names one host and goes to another"),
    .points = 10, /* first 60 % of 2003: 0.77 % of ham, 0.26 % of spam; of 2022-26: 0.00 % of ham, 0.66 % of spam */
    .evaluate = name_to_stranger,
};

static enum outcome link_past_sender(struct inspection *inspection, struct buffer *detail)
{
    const struct link_lie *lie = &inspection_link_lies(inspection)->of_sender;
    if (lie->shown_host.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "a link shows the sender's %s but goes to %s", lie->shown_host, lie->target_host);
    return OUTCOME_HIT;
}

const struct check check_link_past_sender = {
    .name = "LINK_PAST_SENDER",
    .description = N_("has a link that shows the sender's host and goes to another"),
    .points = 20, /* 2003: 0.00 % of ham, 0.21 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = link_past_sender,
};

/* Links nobody puts into honest mail: they run in the reader's program instead of leading somewhere. */
static enum outcome active_link(struct inspection *inspection, struct buffer *detail)
{
    static const char *const schemes[] = { "javascript:", "vbscript:",  "data:text/html", "data:application/",
                                           "file:",       "search-ms:", "ms-msdt:" };
    const struct html_view *html = inspection->message->html;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct span target = span_trim(html->links[i].target);
        for (size_t s = 0; s < sizeof schemes / sizeof *schemes; s++) {
            if (!span_starts_nocase(target, schemes[s]) || span_starts_nocase(target, "javascript:void"))
                continue;
            detail_say(detail, "a link runs code or opens a local file: \"%s\"", target, SPAN_EMPTY);
            return OUTCOME_HIT;
        }
    }
    return OUTCOME_SILENT;
}

const struct check check_active_link = {
    .name = "ACTIVE_LINK",
    .description = N_("has a link that runs code (javascript:, data:) or opens a local file"),
    .points = 100, /* 2003: 0.05 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = active_link,
};

/* Whatever the reader clicks, it is the same page. */
static enum outcome one_target(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    unsigned same = 0, seen = 0;
    struct span first = SPAN_EMPTY;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct span target = html->links[i].target;
        if (!span_starts_nocase(target, "http"))
            continue;
        if (seen++ == 0)
            first = target;
        same += span_equal(target, first);
    }
    if (same < 3 || same != seen)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("all of its %u links go to one and the same page"), seen);
    return OUTCOME_HIT;
}

const struct check check_one_target = {
    .name = "ONE_TARGET",
    .description = N_("has three or more links, all to one and the same page"),
    .points = 150, /* 2003: 0.00 % of ham, 3.11 % of spam; 2022-26: 0.00 % of ham, 3.42 % of spam */
    .evaluate = one_target,
};

/* The ways in which an address is written into a link.  In base64 its last group depends on what follows it. */
static void spell_address(struct span mailbox, struct arena *arena, struct span spellings[3])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct buffer percent = buffer_new(arena, mailbox.length + 3), base64 = buffer_new(arena, 2 * mailbox.length);
    size_t at = span_find_byte(mailbox, '@');
    buffer_append(&percent, span_head(mailbox, at));
    buffer_append_string(&percent, "%40");
    buffer_append(&percent, span_from(mailbox, at + 1));
    for (size_t i = 0; i + 3 <= mailbox.length; i += 3) {
        const unsigned char *bytes = (const unsigned char *)mailbox.data + i;
        unsigned group = (unsigned)bytes[0] << 16 | (unsigned)bytes[1] << 8 | bytes[2];
        for (int shift = 18; shift >= 0; shift -= 6)
            buffer_append_byte(&base64, digits[(group >> shift) & 63]);
    }
    spellings[0] = mailbox;
    spellings[1] = buffer_span(&percent);
    spellings[2] = buffer_span(&base64);
}

/* The recipient's address inside a link: who opens it confirms the address.  Links of mail lists to unsubscribe have
 * it, too. */
static enum outcome link_names_recipient(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    struct span mailbox = message->to.count == 1 ? message->to.items[0].mailbox : SPAN_EMPTY, spellings[3];
    if (mailbox.length < 6 || message->to.items[0].domain.length == 0 || message->url_count == 0)
        return OUTCOME_SILENT;
    spell_address(mailbox, inspection->arena, spellings);
    for (size_t i = 0; i < message->url_count; i++) {
        const struct url *url = &message->urls[i];
        bool named = span_contains(url->path, spellings[0]) || span_contains(url->path, spellings[1])
            || span_contains(url->path, spellings[2]);
        if (!named || !url_is_web(url))
            continue;
        detail_say(detail, "a link to %s carries the recipient's address", url->host, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_link_names_recipient = {
    .name = "LINK_NAMES_RECIPIENT",
    .description = N_("has a link that carries the recipient's address"),
    .points = 15, /* first 60 % of 2003: 3.91 % of ham, 2.44 % of spam; of 2022-26: 0.08 % of ham, 6.77 % of spam */
    .evaluate = link_names_recipient,
};

/* A firm that writes links home at least once: to its pages, its pictures, its imprint.  Who writes under a name not
 * his own has little reason to. */
static enum outcome no_link_home(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    const struct address *sender = inspection_sender(inspection);
    size_t web = 0;
    if (!message->html || !sender || list_is_free_mail(sender->domain))
        return OUTCOME_SILENT;
    for (size_t i = 0; i < message->url_count; i++) {
        if (!url_is_web(&message->urls[i]))
            continue;
        web++;
        if (inspection_is_senders(inspection, message->urls[i].host))
            return OUTCOME_SILENT;
    }
    if (web == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "it comes from %s, and none of its links goes there", sender->domain, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_no_link_home = {
    .name = "NO_LINK_HOME",
    .description = N_("has links in HTML, and none to the sender's own site"),
    .points = 50, /* first 60 % of 2003: 0.48 % of ham, 18.25 % of spam; of 2022-26: 4.50 % of ham, 76.39 % of spam;
                     held back (doc/WEIGHTS.md) */
    .evaluate = no_link_home,
};

/* An address inside the address of another site's page.  Who counts clicks does that, and who looks at links first. */
static bool leads_on(const struct url *url)
{
    static const char *const marks[] = { "=http://", "=https://", "=http%3A", "=https%3A", "=http%3a", "=https%3a",
                                         "/http://", "/https://" };
    for (size_t i = 0; url_is_web(url) && i < sizeof marks / sizeof *marks; i++)
        if (span_contains(url->path, span_of(marks[i])))
            return true;
    return false;
}

static enum outcome address_in_link(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->url_count; i++) {
        if (!leads_on(&message->urls[i]))
            continue;
        detail_say(detail, "a link to %s has another address inside: \"%s\"", message->urls[i].host,
                   message->urls[i].text);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_address_in_link = {
    .name = "ADDRESS_IN_LINK",
    .description = N_("has a link with another address inside, to which it may lead on"),
    .points = 10, /* first 60 % of 2003: 0.68 % of ham, 1.67 % of spam; of 2022-26: 0.00 % of ham, 4.42 % of spam */
    .evaluate = address_in_link,
};

/* What a link says that is there to end the mail. */
static bool says_unsubscribe(struct span text)
{
    static const char *const words[] = { "unsubscribe", "opt out", "opt-out", "remove me", "abmelden", "abbestellen",
                                         "d\xC3\xA9sabonner", "d\xC3\xA9sinscrire", "desinscrire", "cancelar suscripci",
                                         "darse de baja", "cancellati", "disiscriv", "afmelden", "descadastr" };
    for (size_t at = 0; at < text.length; at++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if ((text.data[at] | 0x20) == (words[i][0] | 0x20) && span_starts_nocase(span_from(text, at), words[i]))
                return true;
    return false;
}

/* Does the way out lead to the sender, or where List-Unsubscribe does? */
static bool is_known_way(struct inspection *inspection, struct span host)
{
    return host_same_site(host, inspection_from_site(inspection))
        || span_contains(header_value(&inspection->message->header, "List-Unsubscribe"), url_registrable_domain(host));
}

static enum outcome unsubscribe_elsewhere(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    for (size_t i = 0; html && i < html->link_count; i++) {
        struct url url;
        if (!says_unsubscribe(html->links[i].text) || !url_parse(html->links[i].target, inspection->arena, &url)
            || !url_is_web(&url))
            continue;
        if (is_known_way(inspection, url.host))
            return OUTCOME_SILENT;
        detail_say(detail, "the link \"%s\" goes to %s, which is not the sender's", html->links[i].text, url.host);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_unsubscribe_elsewhere = {
    .name = "UNSUBSCRIBE_ELSEWHERE",
    .description = N_("has a link to unsubscribe that does not lead to the sender"),
    .points = 50, /* 2003: 0.07 % of ham, 2.90 % of spam; 2022-26: 0.12 % of ham, 20.61 % of spam */
    .evaluate = unsubscribe_elsewhere,
};

static enum outcome encoded_link(struct inspection *inspection, struct buffer *detail)
{
    const struct html_view *html = inspection->message->html;
    if (!html || html->counts.encoded_links == 0)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u of its links are written in numbers instead of letters (&#112;aypal)"),
                         html->counts.encoded_links);
    return OUTCOME_HIT;
}

const struct check check_encoded_link = {
    .name = "ENCODED_LINK",
    .description = N_("has a link whose address is written in numbers instead of letters"),
    .points = 200, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = encoded_link,
};
