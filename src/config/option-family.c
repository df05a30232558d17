/* option-family.c - settings that come in sections with a name of the administrator's choice */
#include "config/option-family.h"

#include <string.h>

#include "outside/dns-answers.h"
#include "util/span.h"

/* As FIELD in option-table.c, of a member. */
#define MEMBER(type, field, c_type) \
    (offsetof(type, field) + \
     0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((type *)0)->field), c_type) ? 1 : -1]))

/* --- DNS lists -------------------------------------------------------------------------------------------------- */

static const struct option_choice dns_asked[] = {
    { "relay", DNS_ASKED_RELAY },
    { "domain", DNS_ASKED_DOMAIN },
    { "host", DNS_ASKED_HOST },
    { "sender", DNS_ASKED_SENDER },
    { NULL, 0 },
};

static const struct option dns_list_options[] = {
    {
        .name = "enabled",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = MEMBER(struct dns_list, enabled, bool),
        .help = "Ask this list. A user writes \"no\" to be judged without it.",
    },
    {
        .name = "zone",
        .type = OPTION_DOMAIN,
        .default_value = "",
        .example = "zen.spamhaus.org",
        .offset = MEMBER(struct dns_list, zone, const char *),
        .help = "The zone of the list in the DNS.",
    },
    {
        .name = "ask",
        .type = OPTION_CHOICE,
        .default_value = "relay",
        .choices = dns_asked,
        .offset = offsetof(struct dns_list, asked),
        .help = "What the list is about: \"relay\", the address of the host that handed the message to one of ours; "
                "\"domain\", the registered domains that links in the message lead to; \"host\", their full host names; "
                "\"sender\", the registered domain of the sender's address.",
    },
    {
        .name = "addresses",
        .type = OPTION_YES_NO,
        .default_value = "no",
        .offset = MEMBER(struct dns_list, addresses, bool),
        .help = "With \"domain\" and \"host\": ask also about links to a numeric address. Some lists answer such "
                "questions with an error.",
    },
    {
        .name = "points",
        .type = OPTION_POINTS,
        .default_value = "2",
        .least = -10000,
        .most = 10000,
        .offset = MEMBER(struct dns_list, points, int),
        .help = "The points that any listing adds. With fewer than 0 it is a list of those who are known to be good.",
    },
    {
        .name = "answers",
        .type = OPTION_TEXT,
        .default_value = "",
        .example = "127.0.0.2=3 127.0.0.4-127.0.0.7=4 127.0.0.10-127.0.0.11=2",
        .is_sound = dns_answers_are_sound,
        .accepted = DNS_ANSWERS_ACCEPTED,
        .offset = MEMBER(struct dns_list, answers, const char *),
        .help = "The points of each answer, where they differ: addresses, ranges, or bits of the last number. Answers "
                "that are not named add nothing. The greatest counts.",
    },
};

/* ---------------------------------------------------------------------------------------------------------------- */

#define OPTIONS(table) .options = (table), .option_count = sizeof(table) / sizeof *(table)

const struct option_family option_families[] = {
    {
        .keyword = "dns_list",
        .help = "A list in the DNS that is asked about each message.",
        .example = "spamhaus",
        OPTIONS(dns_list_options),
        .member_size = sizeof(struct dns_list),
        .members_offset = offsetof(struct settings, outside.dns_lists),
        .count_offset = offsetof(struct settings, outside.dns_list_count),
        .required_option = "zone",
    },
};

const size_t option_family_count = sizeof option_families / sizeof *option_families;

const struct option_family *option_family_of(const char *name)
{
    struct span keyword = span_head(span_of(name), span_find_byte(span_of(name), '.'));
    if (keyword.length == strlen(name))
        return NULL;
    for (size_t i = 0; i < option_family_count; i++)
        if (span_is(keyword, option_families[i].keyword))
            return &option_families[i];
    return NULL;
}

struct span option_family_member(const char *name)
{
    struct span rest = span_from(span_of(name), span_find_byte(span_of(name), '.') + 1);
    struct span member = span_head(rest, span_find_byte(rest, '.'));
    if (member.length == rest.length || member.length > FAMILY_NAME_MOST)
        return SPAN_EMPTY;
    for (size_t i = 0; i < member.length; i++) {
        char byte = member.data[i];
        bool is_sound = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
        if (!is_sound)
            return SPAN_EMPTY;
    }
    return member;
}

const struct option *option_family_option(const struct option_family *family, const char *name)
{
    const char *option = strrchr(name, '.') + 1;
    for (size_t i = 0; i < family->option_count; i++)
        if (strcmp(family->options[i].name, option) == 0)
            return &family->options[i];
    return NULL;
}
