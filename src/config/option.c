/* option.c - what one setting is: its name, kind and range, and how a value of its kind is read */
#include "config/option.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/domain-name.h"
#include "util/network.h"
#include "util/span.h"
#include "util/translate.h"

/* A folder name is one part of a file name (at most 255 bytes) together with its dot. */
#define LONGEST_FOLDER 200

/* First of several ways to write yes and no: the one that is shown. */
static const struct option_choice yes_no_words[] = {
    { "yes", 1 }, { "no", 0 }, { "true", 1 }, { "false", 0 }, { "on", 1 },
    { "off", 0 }, { "1", 1 },  { "0", 0 },    { NULL, 0 },
};

/* Our own reading of numbers: strtod() takes the decimal comma, "inf" and hexadecimal, depending on the locale. */
bool option_read_points(const struct option *option, const char *value, int *points)
{
    bool negative = *value == '-';
    if (*value == '-' || *value == '+')
        value++;
    long hundredths = 0;
    int decimals = -1, digits = 0;
    for (; *value; value++) {
        if (*value == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (*value < '0' || *value > '9' || decimals == 2 || ++digits > 8)
            return false;
        hundredths = hundredths * 10 + (*value - '0');
        decimals += decimals >= 0;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 2; i++)
        hundredths *= 10;
    if (negative)
        hundredths = -hundredths;
    if (digits == 0 || hundredths < option->least || hundredths > option->most)
        return false;
    *points = (int)hundredths;
    return true;
}

static bool read_number(const struct option *option, const char *value, int *number)
{
    long read = 0;
    const char *at = value;
    for (; *at >= '0' && *at <= '9' && at - value < 9; at++)
        read = read * 10 + (*at - '0');
    if (at == value || *at || read < option->least || read > option->most)
        return false;
    *number = (int)read;
    return true;
}

static bool find_word(const struct option_choice *words, const char *value, int *found)
{
    for (; words->name; words++)
        if (strcasecmp(words->name, value) == 0) {
            *found = words->value;
            return true;
        }
    return false;
}

/* A name that stays one folder below the Maildir: no slash, no empty part (".." among them), printable ASCII. */
static bool is_folder_name(const char *value)
{
    size_t length = strlen(value);
    if (length == 0 || length > LONGEST_FOLDER || value[0] == '.' || value[length - 1] == '.' || strstr(value, ".."))
        return false;
    for (const char *at = value; *at; at++)
        if (*at == '/' || *at < ' ' || *at > '~')
            return false;
    return true;
}

static bool is_mailbox(struct span mailbox)
{
    size_t at = span_find_byte(mailbox, '@');
    return at > 0 && domain_name_is_written(span_from(mailbox, at + 1));
}

static bool is_list_of(const char *value, bool (*is_sound)(struct span word))
{
    struct span rest = span_of(value);
    for (struct span word = span_take_word(&rest, OPTION_SEPARATORS); word.length;
         word = span_take_word(&rest, OPTION_SEPARATORS))
        if (!is_sound(word))
            return false;
    return true;
}

/* For the options whose field is a text. */
static bool is_sound_text(const struct option *option, const char *value)
{
    switch (option->type) {
    case OPTION_FOLDER:
        return is_folder_name(value);
    case OPTION_PATH:
        return *value != '\0';
    case OPTION_NETWORKS:
        return network_read_list(span_of(value), NULL);
    case OPTION_DOMAINS:
        return is_list_of(value, domain_name_is_written);
    case OPTION_MAILBOXES:
        return is_list_of(value, is_mailbox);
    case OPTION_DOMAIN:
        return domain_name_is_written(span_of(value));
    default:
        return option->is_sound(value);
    }
}

bool option_store(const struct option *option, const char *value, void *owner)
{
    union {
        int number;
        bool yes_no;
        const char *text;
    } unused;
    void *field = owner ? (char *)owner + option->offset : (char *)&unused;
    int number;
    switch (option->type) {
    case OPTION_POINTS:
        return option_read_points(option, value, field);
    case OPTION_NUMBER:
        return read_number(option, value, field);
    case OPTION_YES_NO:
        if (!find_word(yes_no_words, value, &number))
            return false;
        *(bool *)field = (number != 0) != option->negated;
        return true;
    case OPTION_CHOICE:
        return find_word(option->choices, value, field);
    default:
        if (!is_sound_text(option, value))
            return false;
        *(const char **)field = value;
        return true;
    }
}

/* "spamassassin, bogofilter or minimal" */
static void list_words(const struct option_choice *words, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; words[i].name && used < size; i++) {
        const char *before = i == 0 ? "" : words[i + 1].name ? ", " : translate_reason(N_(" or "));
        int length = snprintf(out + used, size - used, "%s%s", before, words[i].name);
        used += length < 0 ? 0 : (size_t)length;
    }
}

/* As snprintf(), in the language of reasons: what is accepted stands in the middle of one. */
__attribute__((format(printf, 3, 4)))
static void describe(char *out, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out, size, translate_reason(format), arguments);
    va_end(arguments);
}

void option_describe_accepted(const struct option *option, char *out, size_t size)
{
    switch (option->type) {
    case OPTION_POINTS:
        describe(out, size, N_("a number from %d to %d with at most two decimals"), option->least / 100,
                 option->most / 100);
        break;
    case OPTION_NUMBER:
        describe(out, size, N_("a whole number from %d to %d"), option->least, option->most);
        break;
    case OPTION_YES_NO:
        describe(out, size, N_("yes or no"));
        break;
    case OPTION_CHOICE:
        list_words(option->choices, out, size);
        break;
    case OPTION_PATH:
        describe(out, size,
                 N_("a path that begins with / or ~/, with %%u, %%n, %%d, %%h for user, name, domain, home"));
        break;
    case OPTION_NETWORKS:
        describe(out, size, N_("a list of at most %d networks (192.0.2.0/24, 2001:db8::/32) or addresses"),
                 NETWORK_LIST_MOST);
        break;
    case OPTION_DOMAINS:
        describe(out, size, N_("a list of domain names (example.org), apart by blanks"));
        break;
    case OPTION_MAILBOXES:
        describe(out, size, N_("a list of addresses (staff@example.org), apart by blanks"));
        break;
    case OPTION_DOMAIN:
        describe(out, size, N_("a domain name (example.org)"));
        break;
    case OPTION_TEXT:
        snprintf(out, size, "%s", translate_reason(option->accepted));
        break;
    case OPTION_FOLDER:
        describe(out, size,
                 N_("a folder name in printable ASCII (modified UTF-7) without its leading dot and without \"/\""));
        break;
    }
}
