/* check-correspondents.c - does somebody write whom the user has written to, or answer the user?
 *
 * What the user has sent is known from sent mail alone (senders/correspondents.h), so that nobody gets known by
 * writing.  Neither corpus has any sent mail, and nothing here is measured: the points are below those of a single
 * strong sign of spam, because addresses are forged and mailboxes of friends broken into, and what an answer quotes
 * can be had from the mailbox of whoever got the question.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/translate.h"

/* Message-IDs that In-Reply-To and References name; threads longer than this name the nearest last. */
#define IDENTIFIERS_ASKED 100

/* --- the sender ------------------------------------------------------------------------------------------------- */

/* The one sender, or NULL: who writes several into From wants to be taken for one of them. */
static const struct address *only_sender(struct inspection *inspection)
{
    const struct message *message = inspection->message;
    const struct address *sender = inspection_sender(inspection);
    size_t mailboxes = 0;
    for (size_t i = 0; i < message->from.count; i++)
        mailboxes += message->from.items[i].domain.length > 0;
    return mailboxes == 1 && header_count(&message->header, "From") == 1 ? sender : NULL;
}

/* Found forged by our own servers, or from the outside under a name of our own house. */
static bool is_forged(struct inspection *inspection, const struct address *sender)
{
    const struct authentication *found = inspection_authentication(inspection);
    if (found->dmarc == AUTHENTICATION_FAIL)
        return true;
    if (inspection_is_authenticated(inspection))
        return false;
    return found->spf == AUTHENTICATION_FAIL ||
           (inspection_is_own_domain(inspection, sender->domain) && inspection_stranger(inspection));
}

static bool is_user(const struct inspection *inspection, const struct address *sender)
{
    return inspection->context->user && span_is_nocase(sender->mailbox, inspection->context->user);
}

/* How many messages the user has written to the sender, if nothing speaks against its being the sender. */
static unsigned written_to_sender(struct inspection *inspection, const struct address **sender_r)
{
    const struct rule_sent_mail *sent = inspection->context->sent_mail;
    const struct address *sender = *sender_r = sent ? only_sender(inspection) : NULL;
    unsigned times = sender && !is_user(inspection, sender)
                         ? sent->written_to(sent->context, sender->local, sender->domain)
                         : 0;
    return times && !is_forged(inspection, sender) ? times : 0;
}

static enum outcome known_correspondent(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender;
    unsigned times = written_to_sender(inspection, &sender);
    if (times == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "you have written to %s ", sender->mailbox, SPAN_EMPTY);
    if (times == 1)
        buffer_append_string(detail, _("once"));
    else
        buffer_append_format(detail, _("%u times"), times);
    return OUTCOME_HIT;
}

const struct check check_known_correspondent = {
    .name = "KNOWN_CORRESPONDENT",
    .description = N_("is from somebody the user has written to"),
    .points = -100, /* in neither corpus */
    .of_history = true,
    .evaluate = known_correspondent,
};

static enum outcome correspondent_authenticated(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender;
    if (written_to_sender(inspection, &sender) == 0 || !inspection_is_authenticated(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "our mail server found that %s sent it", sender->domain, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_correspondent_authenticated = {
    .name = "CORRESPONDENT_AUTHENTICATED",
    .description = N_("is surely from somebody the user has written to"),
    .points = -150, /* in neither corpus; on top of KNOWN_CORRESPONDENT */
    .of_history = true,
    .evaluate = correspondent_authenticated,
};

/* --- answers ---------------------------------------------------------------------------------------------------- */

/* Takes the last "<...>" off the text; empty when there is none. */
static struct span take_last_identifier(struct span *text)
{
    size_t end = text->length;
    while (end > 0 && text->data[end - 1] != '>')
        end--;
    size_t start = end;
    while (start > 0 && text->data[start - 1] != '<')
        start--;
    struct span identifier = start && end > start ? span_make(text->data + start, end - 1 - start) : SPAN_EMPTY;
    *text = span_head(*text, start ? start - 1 : 0);
    return identifier;
}

/* The first of the field's identifiers, from the end, that is of a message the user wrote; empty when none is. */
static struct span find_own_message(const struct inspection *inspection, const char *field)
{
    const struct rule_sent_mail *sent = inspection->context->sent_mail;
    struct span value = header_value(&inspection->message->header, field);
    for (int i = 0; i < IDENTIFIERS_ASKED && value.length; i++) {
        struct span identifier = take_last_identifier(&value);
        if (identifier.length && sent->wrote(sent->context, identifier))
            return identifier;
    }
    return SPAN_EMPTY;
}

static enum outcome answers_you(struct inspection *inspection, struct buffer *detail)
{
    if (!inspection->context->sent_mail)
        return OUTCOME_SILENT;
    struct span own = find_own_message(inspection, "In-Reply-To");
    if (own.length == 0)
        own = find_own_message(inspection, "References");
    if (own.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "it answers your message %s", own, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_answers_you = {
    .name = "ANSWERS_YOU",
    .description = N_("answers a message the user wrote"),
    .points = -200, /* in neither corpus */
    .of_history = true,
    .evaluate = answers_you,
};
