/* option-family.c - settings that come in sections with a name of the administrator's choice */
#include "config/option-family.h"

#include <string.h>

#include "config/config.h"
#include "outside/check-answers.h"
#include "outside/dns-answers.h"
#include "outside/program.h"
#include "rules/pattern.h"
#include "util/translate.h"

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
        .offset = OPTION_FIELD(struct dns_list, enabled, bool),
        .help = "Ask this list. A user writes \"no\" to be judged without it.",
    },
    {
        .name = "zone",
        .type = OPTION_DOMAIN,
        .default_value = "",
        .example = "zen.spamhaus.org",
        .offset = OPTION_FIELD(struct dns_list, zone, const char *),
        .help = "The zone of the list in the DNS.",
    },
    {
        .name = "ask",
        .type = OPTION_CHOICE,
        .default_value = "relay",
        .choices = dns_asked,
        .offset = OPTION_FIELD(struct dns_list, asked, enum dns_asked),
        .help = "What the list is about: \"relay\", the address of the host that handed the message to one of ours; "
                "\"domain\", the registered domains that links in the message lead to; \"host\", their full host "
                "names; \"sender\", the registered domain of the sender's address.",
    },
    {
        .name = "addresses",
        .type = OPTION_YES_NO,
        .default_value = "no",
        .offset = OPTION_FIELD(struct dns_list, addresses, bool),
        .help = "With \"domain\" and \"host\": ask also about links to a numeric address. Some lists answer such "
                "questions with an error.",
    },
    {
        .name = "points",
        .type = OPTION_POINTS,
        .default_value = "2",
        .least = OPTION_POINTS_LEAST,
        .most = OPTION_POINTS_MOST,
        .offset = OPTION_FIELD(struct dns_list, points, int),
        .help = "The points that any listing adds. With fewer than 0 it is a list of those who are known to be good.",
    },
    {
        .name = "answers",
        .type = OPTION_TEXT,
        .default_value = "",
        .example = "127.0.0.2=3 127.0.0.4-127.0.0.7=4 127.0.0.10-127.0.0.11=2",
        .is_sound = dns_answers_are_sound,
        .accepted = DNS_ANSWERS_ACCEPTED,
        .offset = OPTION_FIELD(struct dns_list, answers, const char *),
        .help = "The points of each answer, where they differ: addresses, ranges, or bits of the last number. Answers "
                "that are not named add nothing. The greatest counts.",
    },
};

/* --- programs that are shown each message ------------------------------------------------------------------------- */

static bool is_pattern(const char *value)
{
    struct failure failure;
    struct pattern *pattern = *value ? pattern_compile(span_of(value), "", true, &failure) : NULL;
    bool is_sound = pattern || !*value;
    pattern_free(&pattern);
    return is_sound;
}

static const struct option check_options[] = {
    {
        .name = "enabled",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = OPTION_FIELD(struct outside_check, enabled, bool),
        .help = "Run this program. A user writes \"no\" to be judged without it.",
    },
    {
        .name = "command",
        .type = OPTION_TEXT,
        .default_value = "",
        .example = "/usr/bin/razor-check",
        .is_sound = program_command_is_sound,
        .accepted = PROGRAM_COMMAND_ACCEPTED,
        .offset = OPTION_FIELD(struct outside_check, command, const char *),
        .help = "The program, by its absolute path, and its arguments, apart by blanks; quotation marks keep blanks "
                "together. It is run without a shell and reads the message on its standard input.",
    },
    {
        .name = "timeout",
        .type = OPTION_NUMBER,
        .default_value = "5000",
        .least = 10,
        .most = 60000,
        .offset = OPTION_FIELD(struct outside_check, milliseconds, int),
        .help = "How many milliseconds it may take; then it is killed and says nothing.",
    },
    {
        .name = "exits",
        .type = OPTION_TEXT,
        .default_value = "",
        .example = "0=3",
        .is_sound = check_exits_are_sound,
        .accepted = CHECK_EXITS_ACCEPTED,
        .offset = OPTION_FIELD(struct outside_check, exits, const char *),
        .help = "The points of each exit status.",
    },
    {
        .name = "pattern",
        .type = OPTION_TEXT,
        .default_value = "",
        .is_sound = is_pattern,
        .accepted = N_("a regular expression (pcre2pattern(3))"),
        .offset = OPTION_FIELD(struct outside_check, pattern, const char *),
        .help = "A regular expression that is looked for in what the program prints.",
    },
    {
        .name = "points",
        .type = OPTION_POINTS,
        .default_value = "2",
        .least = OPTION_POINTS_LEAST,
        .most = OPTION_POINTS_MOST,
        .offset = OPTION_FIELD(struct outside_check, points, int),
        .help = "The points it adds when the pattern is found.",
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
    {
        .keyword = "check",
        .help = "A program, of another filter for instance, that is shown each message.",
        .example = "razor",
        OPTIONS(check_options),
        .member_size = sizeof(struct outside_check),
        .members_offset = offsetof(struct settings, outside.checks),
        .count_offset = offsetof(struct settings, outside.check_count),
        .required_option = "command",
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
    struct span member = span_head(rest, span_find_byte(rest, '.')), option = span_from(rest, member.length + 1);
    if (option.length == 0 || span_find_byte(option, '.') < option.length || member.length > FAMILY_NAME_MOST)
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

void option_family_offer(struct nearest *nearest)
{
    for (size_t i = 0; i < option_family_count; i++)
        nearest_offer(nearest, option_families[i].keyword);
}
