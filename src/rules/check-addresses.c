/* check-addresses.c - who it says it is from, and to whom */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"

static enum outcome no_from(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return header_find(&inspection->message->header, "From") ? OUTCOME_SILENT : OUTCOME_HIT;
}

const struct check check_no_from = {
    .name = "NO_FROM",
    .description = "has no From field, which RFC 5322 section 3.6 requires",
    .points = 150, /* in neither corpus */
    .evaluate = no_from,
};

static enum outcome bad_from(struct inspection *inspection, struct buffer *detail)
{
    const struct header_field *field = header_find(&inspection->message->header, "From");
    const struct address *sender = inspection_sender(inspection);
    if (!field || (sender && sender->local.length))
        return OUTCOME_SILENT;
    detail_say(detail, "the From field \"%s\" has no address in it", field->value, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_bad_from = {
    .name = "BAD_FROM",
    .description = "has a From field without an address",
    .points = 150, /* 2003: 0.00 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 2.63 % of spam */
    .evaluate = bad_from,
};

/* "Team, Support <x@y.example>": without quotes that is two mailboxes, one of which is none. */
static enum outcome from_stray_text(struct inspection *inspection, struct buffer *detail)
{
    const struct address_list *from = &inspection->message->from;
    if (!inspection_sender(inspection))
        return OUTCOME_SILENT;
    for (size_t i = 0; i < from->count; i++) {
        if (from->items[i].domain.length)
            continue;
        detail_say(detail, "the From field has \"%s\" where an address belongs", from->items[i].local, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_from_stray_text = {
    .name = "FROM_STRAY_TEXT",
    .description = "has text in its From field where an address belongs",
    .points = 150, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 17.24 % of spam */
    .evaluate = from_stray_text,
};

/* The domain of an address written inside a display name; empty when there is none. */
static struct span domain_in(struct span name)
{
    size_t at = span_find_byte(name, '@');
    if (at == 0 || at + 1 >= name.length)
        return SPAN_EMPTY;
    struct span domain = span_from(name, at + 1);
    size_t end = 0;
    while (end < domain.length && !strchr(" \t>)\"',;]", domain.data[end]))
        end++;
    domain = span_head(domain, end);
    return host_looks_like_name(domain) ? domain : SPAN_EMPTY;
}

static enum outcome from_name_other_address(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    if (!sender)
        return OUTCOME_SILENT;
    struct span claimed = domain_in(sender->name);
    if (claimed.length == 0 || host_same_site(claimed, sender->domain))
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's name shows an address at %s, the true one is at %s", claimed, sender->domain);
    return OUTCOME_HIT;
}

const struct check check_from_name_other_address = {
    .name = "FROM_NAME_OTHER_ADDRESS",
    .description = "has an address for its sender's name that is not the sender's address",
    .points = 150, /* 2003: 0.05 % of ham, 0.21 % of spam; 2022-26: 0.00 % of ham, 0.79 % of spam */
    .evaluate = from_name_other_address,
};

static bool is_own_domain(struct inspection *inspection, struct span domain)
{
    const struct rule_context *context = inspection->context;
    for (size_t i = 0; context->own_domains && context->own_domains[i]; i++)
        if (host_within(domain, span_of(context->own_domains[i])))
            return true;
    struct span user = span_of(context->user);
    struct span own = span_from(user, span_find_byte(user, '@') + 1);
    return own.length && !list_is_free_mail(own) && host_within(domain, own);
}

/* The user's own domain in the sender's name ("example.org Support"), the sender somewhere else. */
static enum outcome from_name_own_domain(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    if (!sender || is_own_domain(inspection, sender->domain))
        return OUTCOME_SILENT;
    struct span name = sender->name;
    for (size_t start = 0, end; start < name.length; start = end + 1) {
        for (end = start; end < name.length && !strchr(" \t@\"'<>()[],;:", name.data[end]); end++)
            ;
        struct span word = span_make(name.data + start, end - start);
        if (!host_looks_like_name(word) || !is_own_domain(inspection, word))
            continue;
        detail_say(detail, "the sender's name claims %s, the address is at %s", word, sender->domain);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_from_name_own_domain = {
    .name = "FROM_NAME_OWN_DOMAIN",
    .description = "comes from elsewhere under the name of your own domain",
    .points = 250, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.59 % of spam */
    .evaluate = from_name_own_domain,
};

/* Mail lists rewrite From and keep the author's name ("... via discuss"): such a name proves nothing. */
static enum outcome from_name_borrows_brand(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    if (!sender)
        return OUTCOME_SILENT;
    const struct brand *brand = list_brand_in(sender->name);
    if (!brand || list_brand_owns(brand, sender->domain))
        return OUTCOME_SILENT;
    if (header_find(&inspection->message->header, "List-Id") || header_find(&inspection->message->header, "List-Post"))
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's name says \"%s\", the address is at %s", sender->name, sender->domain);
    return OUTCOME_HIT;
}

const struct check check_from_name_borrows_brand = {
    .name = "FROM_NAME_BORROWS_BRAND",
    .description = "names a well-known firm as its sender and comes from elsewhere",
    .points = 300, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 8.37 % of spam */
    .evaluate = from_name_borrows_brand,
};

/* A firm in the sender's domain that is not the firm's: paypal.account-check.example, amazon-help.example. */
static enum outcome from_domain_borrows_brand(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    struct span domain = sender ? sender->domain : SPAN_EMPTY;
    const struct brand *brand = list_brand_in(domain);
    if (!brand || list_brand_owns(brand, domain))
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's domain %s borrows the name %s", domain, span_of(brand->word));
    return OUTCOME_HIT;
}

const struct check check_from_domain_borrows_brand = {
    .name = "FROM_DOMAIN_BORROWS_BRAND",
    .description = "comes from a domain with a well-known firm's name in it that is not the firm's",
    .points = 250, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.35 % of spam */
    .evaluate = from_domain_borrows_brand,
};

static enum outcome reply_to_free_mail(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    const struct address_list *reply_to = &inspection->message->reply_to;
    if (!sender || reply_to->count == 0)
        return OUTCOME_SILENT;
    struct span origin = sender->domain, target = reply_to->items[0].domain;
    if (!list_is_free_mail(target) || host_same_site(origin, target))
        return OUTCOME_SILENT;
    detail_say(detail, "it comes from %s, the answer shall go to a free mailbox at %s", origin, target);
    return OUTCOME_HIT;
}

const struct check check_reply_to_free_mail = {
    .name = "REPLY_TO_FREE_MAIL",
    .description = "wants the answer at a free mailbox elsewhere",
    .points = 180, /* 2003: 0.10 % of ham, 3.64 % of spam; 2022-26: 0.00 % of ham, 5.45 % of spam */
    .evaluate = reply_to_free_mail,
};

static enum outcome from_is_recipient(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    (void)detail;
    const struct address *sender = inspection_sender(inspection);
    if (!sender || message->to.count != 1)
        return OUTCOME_SILENT;
    bool same = span_equal_nocase(sender->mailbox, message->to.items[0].mailbox);
    return same && inspection_border(inspection) ? OUTCOME_HIT : OUTCOME_SILENT;
}

const struct check check_from_is_recipient = {
    .name = "FROM_IS_RECIPIENT",
    .description = "comes from outside under the recipient's own address",
    .points = 100, /* 2003: 0.51 % of ham, 5.12 % of spam; 2022-26: 0.00 % of ham, 2.03 % of spam */
    .evaluate = from_is_recipient,
};

static enum outcome no_recipient(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    const struct message *message = inspection->message;
    bool has_field = header_find(&message->header, "To") || header_find(&message->header, "Cc");
    return has_field && message->to.count + message->cc.count > 0 ? OUTCOME_SILENT : OUTCOME_HIT;
}

const struct check check_no_recipient = {
    .name = "NO_RECIPIENT",
    .description = "does not say to whom it goes (no To, no Cc, or nobody in them)",
    .points = 20, /* 2003: 3.42 % of ham, 4.11 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = no_recipient,
};

/* Local parts that no person chose: eight or more letters and digits with at least four changes between the two kinds.
 */
static enum outcome from_random_name(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    struct span local = sender ? sender->local : SPAN_EMPTY;
    unsigned changes = 0;
    bool digit = false;
    if (local.length < 8 || local.length > 40)
        return OUTCOME_SILENT;
    for (size_t i = 0; i < local.length; i++) {
        char byte = local.data[i], lower = (char)(byte | 0x20);
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_digit && !(lower >= 'a' && lower <= 'z'))
            return OUTCOME_SILENT;
        changes += i > 0 && is_digit != digit;
        digit = is_digit;
    }
    if (changes < 4)
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's address \"%s\" looks made at random", sender->mailbox, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_from_random_name = {
    .name = "FROM_RANDOM_NAME",
    .description = "comes from an address that looks made at random",
    .points = 200, /* 2003: 0.00 % of ham, 4.01 % of spam; 2022-26: 0.00 % of ham, 0.55 % of spam */
    .evaluate = from_random_name,
};

static enum outcome from_free_host(struct inspection *inspection, struct buffer *detail)
{
    static const char *const hosts[] = { "onmicrosoft.com", "firebaseapp.com", "surveymonkeyuser.com",
                                         "myshopify.com",   "zendesk.com",     "privaterelay.appleid.com",
                                         "circle.so",       "atlassian.net",   "web.app",
                                         "vercel.app" };
    const struct address *sender = inspection_sender(inspection);
    if (!sender || !host_within_any(sender->domain, hosts, sizeof hosts / sizeof *hosts))
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's domain %s is one that anybody can open an account under", sender->domain,
               SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_from_free_host = {
    .name = "FROM_FREE_HOST",
    .description = "comes from a domain under which anybody can open an account",
    .points = 100, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 9.56 % of spam */
    .evaluate = from_free_host,
};
