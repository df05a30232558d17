/* check-addresses.c - who it says it is from, and to whom */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"
#include "util/translate.h"

static bool is_list(struct inspection *inspection)
{
    const struct header *header = &inspection->message->header;
    return header_find(header, "List-Id") || header_find(header, "Mailing-List") || header_find(header, "List-Post");
}

static enum outcome no_from(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(!header_find(&inspection->message->header, "From") && inspection_was_relayed(inspection));
}

const struct check check_no_from = {
    .name = "NO_FROM",
    .description = N_("has no From field, which RFC 5322 section 3.6 requires"),
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
    .description = N_("has a From field without an address"),
    .points = 150, /* 2003: 0.00 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 1.19 % of spam */
    .evaluate = bad_from,
};

/* "Team, Support <x@y.example>": without quotes that is two mailboxes, one of which is none.  Whatever reading the
 * parser makes of it, it says that the field breaks the rules. */
static enum outcome from_stray_text(struct inspection *inspection, struct buffer *detail)
{
    const struct address_list *from = &inspection->message->from;
    if (!inspection_sender(inspection))
        return OUTCOME_SILENT;
    bool stray = from->malformed;
    for (size_t i = 0; i < from->count; i++)
        stray = stray || from->items[i].domain.length == 0;
    if (!stray)
        return OUTCOME_SILENT;
    detail_say(detail, "the From field \"%s\" has text where an address belongs",
               header_value(&inspection->message->header, "From"), SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_from_stray_text = {
    .name = "FROM_STRAY_TEXT",
    .description = N_("has text in its From field where an address belongs"),
    .points = 150, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 18.73 % of spam */
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
    .description = N_("has an address for its sender's name that is not the sender's address"),
    .points = 150, /* 2003: 0.05 % of ham, 0.21 % of spam; 2022-26: 0.00 % of ham, 0.79 % of spam */
    .evaluate = from_name_other_address,
};

/* The user's own domain in the sender's name ("example.org Support"), the sender somewhere else. */
static enum outcome from_name_own_domain(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    if (!sender || inspection_is_own_domain(inspection, sender->domain))
        return OUTCOME_SILENT;
    struct span name = sender->name;
    for (size_t start = 0, end; start < name.length; start = end + 1) {
        for (end = start; end < name.length && !strchr(" \t@\"'<>()[],;:", name.data[end]); end++)
            ;
        struct span word = span_make(name.data + start, end - start);
        if (!host_looks_like_name(word) || !inspection_is_own_domain(inspection, word))
            continue;
        detail_say(detail, "the sender's name claims %s, the address is at %s", word, sender->domain);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_from_name_own_domain = {
    .name = "FROM_NAME_OWN_DOMAIN",
    .description = N_("comes from elsewhere under the name of your own domain"),
    .points = 250, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.59 % of spam */
    .evaluate = from_name_own_domain,
};

static bool contains_nocase(struct span text, struct span part)
{
    for (size_t at = 0; at + part.length <= text.length; at++)
        if (span_equal_nocase(span_make(text.data + at, part.length), part))
            return true;
    return false;
}

/* What firms put beside their name, and people do not. */
static bool is_of_firms(struct span word)
{
    static const char *const words[] = {
        "account", "alert", "alerts", "antivirus", "assurance", "banco", "bank", "billing", "brasil", "by", "care",
        "compte", "conta", "crypto", "customer", "de", "device", "finance", "from", "help", "info", "lifelock", "live",
        "mon", "my", "nano", "news", "newsletter", "notice", "official", "order", "payment", "recovery", "renewal",
        "security", "service", "services", "shop", "store", "support", "team", "the", "update", "via", "votre",
        "wallet", "your",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is_nocase(word, words[i]))
            return true;
    return false;
}

/* Written as people write a word of their name: "Ann", "J.", "O'Hara", "Zoë". */
static bool is_name_of_person(struct span word)
{
    bool has_small = false;
    for (size_t i = 0; i < word.length; i++) {
        char byte = word.data[i];
        bool is_small = (byte >= 'a' && byte <= 'z') || byte == '.' || (unsigned char)byte >= 0x80;
        bool is_capital = byte >= 'A' && byte <= 'Z';
        if (!is_small && !is_capital && byte != '\'' && byte != '-')
            return false;
        has_small |= i > 0 && is_small;
    }
    return has_small && (word.data[0] < 'a' || word.data[0] > 'z') && !is_of_firms(word);
}

/* "Ann Norton <ann@...>", "Norton, Ann B. <abnorton@...>": the surname at the end, or at the start with a comma behind
 * it, one or two given names beside it, and in front of the '@' the surname or the first of the given names. */
static bool is_person_of_surname(const struct address *sender, struct span surname)
{
    struct span rest = sender->name, given = SPAN_EMPTY, word;
    bool is_last = false, is_first = false;
    size_t words = 0;
    while ((word = span_take_word(&rest, " \t\r\n")).length) {
        is_last = span_equal_nocase(word, surname);
        bool has_comma = words == 0 && word.data[word.length - 1] == ',';
        if (has_comma)
            word.length--;
        is_first |= has_comma && span_equal_nocase(word, surname);
        if (!is_name_of_person(word))
            return false;
        if (given.length == 0 && !span_equal_nocase(word, surname))
            given = word;
        words++;
    }
    if (is_first == is_last || words < 2 || words > 3)
        return false;
    return contains_nocase(sender->local, surname) || (given.length > 2 && contains_nocase(sender->local, given));
}

/* Mail lists rewrite From and keep the author's name ("... via discuss"): such a name proves nothing. */
static enum outcome from_name_borrows_brand(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    if (!sender)
        return OUTCOME_SILENT;
    const struct brand *brand = list_brand_in(sender->name);
    if (!brand || list_brand_owns(brand, sender->domain))
        return OUTCOME_SILENT;
    if (is_list(inspection) || (brand->is_surname && is_person_of_surname(sender, brand->word)))
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's name says \"%s\", the address is at %s", sender->name, sender->domain);
    return OUTCOME_HIT;
}

const struct check check_from_name_borrows_brand = {
    .name = "FROM_NAME_BORROWS_BRAND",
    .description = N_("names a well-known firm as its sender and comes from elsewhere"),
    .points = 300, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 11.55 % of spam */
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
    detail_say(detail, "the sender's domain %s borrows the name %s", domain, brand->word);
    return OUTCOME_HIT;
}

const struct check check_from_domain_borrows_brand = {
    .name = "FROM_DOMAIN_BORROWS_BRAND",
    .description = N_("comes from a domain with a well-known firm's name in it that is not the firm's"),
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
    .description = N_("wants the answer at a free mailbox elsewhere"),
    .points = 235, /* first 60 % of 2003: 0.19 % of ham, 4.43 % of spam; of 2022-26: 0.00 % of ham, 7.24 % of spam */
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
    return hit_if(same && inspection_stranger(inspection));
}

const struct check check_from_is_recipient = {
    .name = "FROM_IS_RECIPIENT",
    .description = N_("comes from outside under the recipient's own address"),
    .points = 150, /* first 60 % of 2003: 0.82 % of ham, 5.72 % of spam; of 2022-26: 0.00 % of ham, 3.57 % of spam */
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
    .description = N_("does not say to whom it goes (no To, no Cc, or nobody in them)"),
    .points = 50, /* first 60 % of 2003: 0.34 % of ham, 4.43 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
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
    .description = N_("comes from an address that looks made at random"),
    .points = 250, /* first 60 % of 2003: 0.00 % of ham, 4.50 % of spam; of 2022-26: 0.00 % of ham, 0.28 % of spam */
    .evaluate = from_random_name,
};

/* A fifth for those whose firms write from there as a matter of course: shops, support desks, Jira. */
static enum outcome from_free_host(struct inspection *inspection, struct buffer *detail)
{
    static const char *const hosts[] = { "onmicrosoft.com",          "firebaseapp.com", "surveymonkeyuser.com",
                                         "privaterelay.appleid.com", "circle.so",       "web.app",
                                         "vercel.app" };
    static const char *const usual[] = { "myshopify.com", "zendesk.com", "atlassian.net" };
    enum { SHARE_OF_USUAL = 20 };
    const struct address *sender = inspection_sender(inspection);
    bool is_usual = sender && host_within_any(sender->domain, usual, sizeof usual / sizeof *usual);
    if (!sender || (!is_usual && !host_within_any(sender->domain, hosts, sizeof hosts / sizeof *hosts)))
        return OUTCOME_SILENT;
    if (is_usual)
        inspection->share = SHARE_OF_USUAL;
    detail_say(detail, "the sender's domain %s is one that anybody can open an account under", sender->domain,
               SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_from_free_host = {
    .name = "FROM_FREE_HOST",
    .description = N_("comes from a domain under which anybody can open an account"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 0.00 % of spam; of 2022-26: 0.00 % of ham, 1.69 % of spam */
    .evaluate = from_free_host,
};

/* "To: <>", "To: \"\"": the field is there and holds nothing.  "undisclosed-recipients:;" says that it means to. */
static enum outcome empty_recipient(struct inspection *inspection, struct buffer *detail)
{
    const struct header_field *to = header_find(&inspection->message->header, "To");
    (void)detail;
    if (!to)
        return OUTCOME_SILENT;
    for (size_t i = 0; i < to->value.length; i++)
        if (!strchr("<>\" \t,;", to->value.data[i]))
            return OUTCOME_SILENT;
    return OUTCOME_HIT;
}

const struct check check_empty_recipient = {
    .name = "EMPTY_RECIPIENT",
    .description = N_("has a To field with nothing in it"),
    .points = 150, /* 2003: 0.00 % of ham, 2.00 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = empty_recipient,
};

/* "To: friend@public.example", "To: customers@here": what senders of unasked mail call people they do not know. */
static enum outcome generic_recipient(struct inspection *inspection, struct buffer *detail)
{
    static const char *const names[] = { "friend", "friends",    "customer",    "customers",
                                         "member", "members",    "recipient",   "recipients",
                                         "you",    "subscriber", "subscribers", "undisclosed.recipients" };
    const struct address_list *to = &inspection->message->to;
    if (to->count != 1)
        return OUTCOME_SILENT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!span_is_nocase(to->items[0].local, names[i]))
            continue;
        detail_say(detail, "it goes to \"%s\", which is anybody", to->items[0].mailbox, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_generic_recipient = {
    .name = "GENERIC_RECIPIENT",
    .description = N_("goes to an address that means anybody, such as friend@"),
    .points = 150, /* 2003: 0.12 % of ham, 6.43 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = generic_recipient,
};

/* Services that take no mail for their addresses from other hosts: what names a sender there and never was there is
 * forged, unless it came through a list. */
static enum outcome from_service_elsewhere(struct inspection *inspection, struct buffer *detail)
{
    static const struct {
        const char *domain, *passes[4];
    } services[] = {
        { "gmail.com", { "google.com", "gmail.com", NULL } },
        { "hotmail.com", { "hotmail.com", "outlook.com", "msn.com", "phx.gbl" } },
        { "outlook.com", { "outlook.com", "hotmail.com", NULL } },
        { "yahoo.com", { "yahoo.com", "yahoodns.net", "aol.com", NULL } },
        { "aol.com", { "aol.com", "yahoo.com", NULL } },
        { "msn.com", { "msn.com", "hotmail.com", "outlook.com", "phx.gbl" } },
        { "icloud.com", { "apple.com", "icloud.com", "me.com", NULL } },
    };
    const struct address *sender = inspection_sender(inspection);
    if (!sender || !inspection_stranger(inspection) || is_list(inspection))
        return OUTCOME_SILENT;
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (!span_is_nocase(sender->domain, services[i].domain))
            continue;
        for (size_t pass = 0; pass < 4 && services[i].passes[pass]; pass++)
            if (inspection_passed(inspection, services[i].passes[pass]))
                return OUTCOME_SILENT;
        detail_say(detail, "it names %s as its sender, and never was at %s", sender->mailbox,
                   span_of(services[i].domain));
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_from_service_elsewhere = {
    .name = "FROM_SERVICE_ELSEWHERE",
    .description = N_("names a sender at a large mail service and did not come from there"),
    .points = 50, /* first 60 % of 2003: 0.00 % of ham, 12.08 % of spam; of 2022-26: 0.51 % of ham, 1.88 % of spam;
                     held back (doc/WEIGHTS.md) */
    .evaluate = from_service_elsewhere,
};

/* No name on the Internet is a single label, so nobody can answer; "root@host" is what machines write to their own. */
static enum outcome from_domain_no_dot(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    if (!sender || !inspection_stranger(inspection) || sender->domain.data[0] == '['
        || span_find_byte(sender->domain, '.') < sender->domain.length)
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's domain \"%s\" has no dot and cannot exist", sender->domain, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_from_domain_no_dot = {
    .name = "FROM_DOMAIN_NO_DOT",
    .description = N_("comes from outside under a domain without a dot, which cannot exist"),
    .points = 300, /* first 60 % of 2003: 0.00 % of ham, 0.00 % of spam; of 2022-26: 0.00 % of ham, 1.98 % of spam */
    .evaluate = from_domain_no_dot,
};

/* A name that begins with a sign no name begins with: ":Pharmacy", "-Action team", "$ Prize".  Asked of the field
 * itself: a colon is not part of any name. */
static enum outcome from_name_odd_start(struct inspection *inspection, struct buffer *detail)
{
    struct span field = header_value(&inspection->message->header, "From");
    struct span name = field.length && field.data[0] == '"' ? span_trim(span_from(field, 1)) : field;
    if (name.length == 0 || name.data[0] == '\0' || !strchr(":;.,-!$%&*+|~^?=", name.data[0])
        || span_starts_nocase(name, "=?"))
        return OUTCOME_SILENT;
    detail_say(detail, "the sender's name \"%s\" begins as no name does", field, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_from_name_odd_start = {
    .name = "FROM_NAME_ODD_START",
    .description = N_("has a sender's name that begins with a sign no name begins with"),
    .points = 100, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 0.94 % of spam */
    .evaluate = from_name_odd_start,
};

static enum outcome reply_to_elsewhere(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    const struct address_list *reply_to = &inspection->message->reply_to;
    struct span target = reply_to->count ? reply_to->items[0].domain : SPAN_EMPTY;
    if (!sender || target.length == 0 || is_list(inspection) || host_same_site(sender->domain, target))
        return OUTCOME_SILENT;
    detail_say(detail, "it comes from %s, the answer shall go to %s", sender->domain, target);
    return OUTCOME_HIT;
}

const struct check check_reply_to_elsewhere = {
    .name = "REPLY_TO_ELSEWHERE",
    .description = N_("wants the answer at another site than its sender's"),
    .points = 50, /* first 60 % of 2003: 0.68 % of ham, 13.05 % of spam; of 2022-26: 0.25 % of ham, 15.99 % of spam;
                     held back (doc/WEIGHTS.md) */
    .evaluate = reply_to_elsewhere,
};

/* Did the sender's site sign the message, or claim to? */
static bool is_signed_by_sender(struct inspection *inspection)
{
    const struct header *header = &inspection->message->header;
    for (size_t i = 0; i < header->count; i++) {
        if (!span_is_nocase(header->fields[i].name, "DKIM-Signature"))
            continue;
        struct span rest = header->fields[i].value;
        for (struct span tag = span_take_word(&rest, "; \t"); tag.length; tag = span_take_word(&rest, "; \t"))
            if (span_starts_nocase(tag, "d=") && inspection_is_senders(inspection, span_from(tag, 2)))
                return true;
    }
    return false;
}

static bool passed_senders_site(struct inspection *inspection)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->relay_count; i++)
        if (inspection_is_senders(inspection, message->relays[i].helo)
            || inspection_is_senders(inspection, message->relays[i].reverse_name)
            || inspection_is_senders(inspection, message->relays[i].by))
            return true;
    return false;
}

/* The sender's site stands in From and nowhere else: no host on the way, no signature, no Message-ID, no bounce
 * address. Customers of large hosters look like that as well, hence their names. */
static enum outcome sender_leaves_no_trace(struct inspection *inspection, struct buffer *detail)
{
    static const char *const hosters[] = { "google.com", "outlook.com", "amazonses.com", "sendgrid.net", "ovh.net" };
    const struct message *message = inspection->message;
    const struct address *sender = inspection_sender(inspection);
    if (!sender || !inspection_stranger(inspection) || is_list(inspection))
        return OUTCOME_SILENT;
    static const char *const fields[] = { "Message-ID", "Return-Path" };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct span value = header_value(&message->header, fields[i]);
        struct span host = span_from(value, span_find_byte(value, '@') + 1);
        if (inspection_is_senders(inspection, span_head(host, span_find_byte(host, '>'))))
            return OUTCOME_SILENT;
    }
    for (size_t i = 0; i < sizeof hosters / sizeof *hosters; i++)
        if (inspection_passed(inspection, hosters[i]))
            return OUTCOME_SILENT;
    if (passed_senders_site(inspection) || is_signed_by_sender(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "nothing but the From field says that it comes from %s", sender->domain, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_sender_leaves_no_trace = {
    .name = "SENDER_LEAVES_NO_TRACE",
    .description = N_("names a sender whose site appears nowhere on its way, in no signature and no Message-ID"),
    .points = 50, /* first 60 % of 2003: 1.01 % of ham, 12.53 % of spam; of 2022-26: 7.90 % of ham, 43.46 % of spam;
                     held back (doc/WEIGHTS.md) */
    .evaluate = sender_leaves_no_trace,
};
