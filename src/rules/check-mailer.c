/* check-mailer.c - does the message look like the work of the program it names?
 *
 * Spam is sent by programs that pass for honest ones, because messages of Outlook Express or Thunderbird are trusted.
 * They copy the name and get wrong what nobody sees: how the program makes its Message-IDs and boundaries, and which
 * fields it writes together.  What is said here of each program is seen in the messages it sends; shape.h explains the
 * notation.  Mail lists and servers replace some of it, which is excused.
 */
#include "rules/check.h"

#include "mail/parameter.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/shape.h"
#include "util/translate.h"

#define SHAPES 6

struct mailer {
    const char *name; /* what X-Mailer or User-Agent begins with */
    bool of_microsoft;
    const char *ids[SHAPES];        /* its Message-IDs, without brackets; none: not known */
    const char *boundaries[SHAPES]; /* of its multipart messages; none: not known */
};

#define OUTLOOK_ID "x12$x8$x8@*"
#define OUTLOOK_BOUNDARY "----=_NextPart_d3_X4_X8.X8"
#define UUID(hex) hex "8-" hex "4-" hex "4-" hex "4-" hex "12@*"

static const struct mailer mailers[] = {
    { "Microsoft Outlook Express",
      true,
      /* Windows Mail, its heir, keeps the name at times; the last three are its way of posting through Hotmail. */
      { OUTLOOK_ID, "X32@*", "DAVw10+@*", "BAYw1+-*", "OEw10+@*" },
      { OUTLOOK_BOUNDARY } },
    { "Microsoft Outlook IMO", true, { OUTLOOK_ID, "U28.*" }, { OUTLOOK_BOUNDARY } },
    { "Microsoft Outlook",
      true,
      { "h12$h8$h8@*", "h12$h8$h8$@*", "!~!*", "!&!*", "X32+@*", "U28.*" },
      { OUTLOOK_BOUNDARY, "_d3_*" } },
    { "Microsoft Office Outlook",
      true,
      { "h12$h8$h8@*", "h12$h8$h8$@*", "!~!*", "!&!*", "X32+@*", "U28.*" },
      { OUTLOOK_BOUNDARY, "_d3_*" } },
    { "Internet Mail Service", true, { "X20+@*" }, { "----_=_NextPart_d3_X8.X8" } },
    { "Mozilla 4", false, { "X8.X1-8@*" }, { "------------X24", "------------msX24" } },
    { "Mozilla", false, { "X8.d1-8@*", UUID("x") }, { "------------w24", "------------msd24" } },
    { "The Bat!", false, { "d6-14.d14@*" }, { "----------X6+" } },
    { "QUALCOMM",
      false,
      { "d1.d1.d1.d1-2.d1.d14.x8@*", "d1.d1.d1.d1-2.d14.x8@*", "d1.d1.d1.d14.x8@*", "d1.d1.d14.x8@*", "w16-26@*" },
      { "=====================_d1+==_*" } },
    { "Apple Mail", false, { UUID("X") }, { "Apple-Mail*" } },
    { "iPhone Mail", false, { UUID("X") }, { "Apple-Mail*" } },
    { "iPad Mail", false, { UUID("X") }, { "Apple-Mail*" } },
    { "AOL ", false, { "x1-4.x5-9.x8@'aol.com'" }, { "part1_*" } },
    /* One letter up to 1.3; base64 since 1.13; the last is what a popular patch of 2002 wrote. */
    { "Mutt/", false, { "d14.U1-2d1+@*", "b10-40@*", "X8.d7@*" }, { NULL } },
    { "Evolution ", false, { "d9-10.d1+.d1+.'camel'@*", "x40.'camel'@*" }, { "=-b10+" } },
    { "Ximian Evolution", false, { "d9-10.d1+.d1+.'camel'@*" }, { "=-b10+" } },
};

/* Message-IDs that servers give in place of the program's own: Exim, Lyris, Gmane. */
static const char *const server_ids[] = { "E1w5-w6-w2@*", "E1w5-w11-w4@*", "LYRIS-*", "w4-8$w2-4$d1@'main.gmane.org'" };

/* Boundaries of those who take a message apart and put it together again: Mailman and other work of Python's, iPlanet,
 * Exchange. */
static const char *const server_boundaries[] = { "===============d15-20==", "Boundary_(ID_*", "_d3_*" };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct span field(struct inspection *inspection, const char *name)
{
    return header_value(&inspection->message->header, name);
}

static struct span mailer_name(struct inspection *inspection)
{
    struct span name = field(inspection, "X-Mailer");
    return name.length ? name : field(inspection, "User-Agent");
}

static const struct mailer *find_mailer(struct inspection *inspection)
{
    struct span name = mailer_name(inspection);
    for (size_t i = 0; i < COUNT(mailers); i++)
        if (span_starts_nocase(name, mailers[i].name))
            return &mailers[i];
    return NULL;
}

/* The Message-ID without its brackets. */
static struct span message_id(struct inspection *inspection)
{
    struct span id = span_trim(field(inspection, "Message-ID"));
    if (id.length && id.data[0] == '<')
        id = span_from(id, 1);
    if (id.length && id.data[id.length - 1] == '>')
        id.length--;
    return id;
}

/* The boundary of the message as a whole; empty when it has none, or when it is signed: then another program than the
 * mailer has put it together. */
static struct span outer_boundary(struct inspection *inspection)
{
    const struct header_field *type = header_find(&inspection->message->header, "Content-Type");
    if (!type || !span_starts_nocase(type->value, "multipart/") || span_starts_nocase(type->value, "multipart/signed")
        || span_starts_nocase(type->value, "multipart/report"))
        return SPAN_EMPTY;
    struct parameter_list list;
    parameter_parse(type->raw, inspection->arena, &list);
    return parameter_bytes(&list, "boundary", inspection->arena);
}

static bool is_server_id(struct span id)
{
    static const char *const hosts[] = { "prod.outlook.com", "email.amazonses.com", "phx.gbl" };
    struct span host = span_from(id, span_find_byte(id, '@') + 1);
    return shape_matches_any(server_ids, COUNT(server_ids), id) || host_within_any(host, hosts, COUNT(hosts));
}

static enum outcome mailer_id(struct inspection *inspection, struct buffer *detail)
{
    const struct mailer *mailer = find_mailer(inspection);
    struct span id = message_id(inspection);
    if (!mailer || id.length == 0 || shape_matches_any(mailer->ids, SHAPES, id) || is_server_id(id))
        return OUTCOME_SILENT;
    detail_say(detail, "it names \"%s\" as its mail program, which does not make Message-IDs like <%s>",
               mailer_name(inspection), id);
    return OUTCOME_HIT;
}

const struct check check_mailer_id = {
    .name = "MAILER_ID",
    .description = N_("names a mail program that does not make such Message-IDs"),
    .points = 300, /* first 60 % of 2003: 0.05 % of ham, 17.29 % of spam; of 2022-26: 0.00 % of ham, 2.35 % of spam */
    .evaluate = mailer_id,
};

static enum outcome mailer_boundary(struct inspection *inspection, struct buffer *detail)
{
    const struct mailer *mailer = find_mailer(inspection);
    struct span boundary = mailer && mailer->boundaries[0] ? outer_boundary(inspection) : SPAN_EMPTY;
    if (boundary.length == 0 || shape_matches_any(mailer->boundaries, SHAPES, boundary)
        || shape_matches_any(server_boundaries, COUNT(server_boundaries), boundary))
        return OUTCOME_SILENT;
    detail_say(detail, "it names \"%s\" as its mail program, which does not part messages by \"%s\"",
               mailer_name(inspection), boundary);
    return OUTCOME_HIT;
}

const struct check check_mailer_boundary = {
    .name = "MAILER_BOUNDARY",
    .description = N_("names a mail program that does not part its messages that way"),
    .points = 205, /* first 60 % of 2003: 0.00 % of ham, 1.54 % of spam; of 2022-26: 0.00 % of ham, 0.19 % of spam */
    .evaluate = mailer_boundary,
};

/* Message-IDs that name a service as their maker, and are not made as it makes them. */
static enum outcome service_id(struct inspection *inspection, struct buffer *detail)
{
    static const struct {
        const char *host, *shapes[SHAPES];
    } services[] = {
        /* Since 2011; 2010; before. */
        { "mail.gmail.com", { "CAb40+@*", "AANLkb20+@*", "x20-40@*" } },
        /* "1492376160.1909708.1676708832546@mail.yahoo.com", "20020722155530.44611.qmail@web11.mail.yahoo.com" */
        { "mail.yahoo.com", { "d4+.d1+.*", "d4+.d1+@*" } },
    };
    struct span id = message_id(inspection);
    struct span host = span_from(id, span_find_byte(id, '@') + 1);
    for (size_t i = 0; i < COUNT(services); i++) {
        if (!host_within(host, span_of(services[i].host)) || shape_matches_any(services[i].shapes, SHAPES, id))
            continue;
        detail_say(detail, "the Message-ID <%s> is not made as %s makes them", id, span_of(services[i].host));
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_service_id = {
    .name = "SERVICE_ID",
    .description = N_("has a Message-ID that names a mail service and is not made as that service makes them"),
    .points = 275, /* first 60 % of 2003: 0.00 % of ham, 2.51 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = service_id,
};

/* The number at `at`: eight hexadecimal digits. */
static int64_t read_hex8(struct span text, size_t at)
{
    int64_t number = 0;
    for (size_t i = at; i < at + 8 && i < text.length; i++) {
        char byte = text.data[i], lower = (char)(byte | 0x20);
        number = number * 16 + (byte >= '0' && byte <= '9' ? byte - '0' : lower - 'a' + 10);
    }
    return number;
}

#define OUTLOOK_TIME_SLACK (30 * 86400) /* a draft may lie a while before it is sent */

/* Outlook and its kin write the upper half of a Windows FILETIME (tenths of microseconds since 1601, so one step is
 * 429 seconds) into Message-IDs, "0004 01c25b3a $...", and boundaries, "_0004_01C25B3A.".  Forgers write anything. */
static bool is_outlook_time(struct inspection *inspection, int64_t upper_half)
{
    const int64_t epoch = 11644473600; /* seconds from 1601 to 1970 */
    if (upper_half < 0 || upper_half > INT64_C(0x7FFFFFFF)) /* no number, or past what the product can hold */
        return false;
    int64_t time = upper_half * 4294967296LL / 10000000 - epoch;
    int64_t date = inspection->message->date;
    if (date == RELAY_NO_DATE)
        date = inspection->context->now > 0 ? inspection->context->now : time;
    return time - date < OUTLOOK_TIME_SLACK && date - time < OUTLOOK_TIME_SLACK;
}

static enum outcome outlook_time(struct inspection *inspection, struct buffer *detail)
{
    struct span id = message_id(inspection);
    if (shape_matches("h12$h8$*", id) && !is_outlook_time(inspection, read_hex8(id, 4))) {
        detail_say(detail, "the Message-ID <%s> is made like those of Outlook, with a time in it that is none", id,
                   SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    struct span boundary = outer_boundary(inspection);
    if (shape_matches(OUTLOOK_BOUNDARY, boundary)
        && !is_outlook_time(inspection, read_hex8(boundary, strlen("----=_NextPart_000_0000_")))) {
        detail_say(detail, "the boundary \"%s\" is made like those of Outlook, with a time in it that is none",
                   boundary, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_outlook_time = {
    .name = "OUTLOOK_TIME",
    .description = N_("has identifiers made to look like those of Outlook, with a false time in them"),
    .points = 300, /* 2003: 0.00 % of ham, 31.96 % of spam; 2022-26: 0.00 % of ham, 0.94 % of spam */
    .evaluate = outlook_time,
};

/* X-MSMail-Priority is written by Microsoft's programs and a few web mailers, none of which are in the table. */
static enum outcome mailer_fields(struct inspection *inspection, struct buffer *detail)
{
    if (!header_find(&inspection->message->header, "X-MSMail-Priority"))
        return OUTCOME_SILENT;
    const struct mailer *mailer = find_mailer(inspection);
    bool nameless = mailer_name(inspection).length == 0;
    if (!nameless && (!mailer || mailer->of_microsoft))
        return OUTCOME_SILENT;
    if (nameless)
        buffer_append_string(detail,
                             _("it has a field of Microsoft's mail programs (X-MSMail-Priority) and names none"));
    else
        detail_say(detail, "it names \"%s\" as its mail program and has a field of Microsoft's (X-MSMail-Priority)",
                   mailer_name(inspection), SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_mailer_fields = {
    .name = "MAILER_FIELDS",
    .description = N_("has fields of Microsoft's mail programs, and names none of them as its own"),
    .points = 150, /* 2003: 0.10 % of ham, 6.12 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = mailer_fields,
};

/* Outlook sends HTML beside a plain edition only. */
static enum outcome mailer_html_alone(struct inspection *inspection, struct buffer *detail)
{
    struct span name = mailer_name(inspection);
    bool is_outlook = span_starts_nocase(name, "Microsoft Outlook")
                   || span_starts_nocase(name, "Microsoft Office Outlook");
    if (!is_outlook || !span_starts_nocase(field(inspection, "Content-Type"), "text/html"))
        return OUTCOME_SILENT;
    detail_say(detail, "it names \"%s\" as its mail program, which never sends HTML alone", name, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_mailer_html_alone = {
    .name = "MAILER_HTML_ALONE",
    .description = N_("names Outlook as its mail program, which never sends HTML without a plain edition"),
    .points = 285, /* first 60 % of 2003: 0.00 % of ham, 10.15 % of spam; of 2022-26: 0.00 % of ham, 0.85 % of spam */
    .evaluate = mailer_html_alone,
};

#define LONGEST_RANDOM_MAILER 7

/* "yXInN", "wmw": a few letters that are neither word nor acronym: small ones before a last capital, or no vowel. */
static enum outcome random_mailer(struct inspection *inspection, struct buffer *detail)
{
    struct span name = field(inspection, "X-Mailer");
    bool vowel = false, lower = false, ends_upper = false;
    if (name.length == 0 || name.length > LONGEST_RANDOM_MAILER)
        return OUTCOME_SILENT;
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        bool is_lower = byte >= 'a' && byte <= 'z';
        if (!is_lower && !(byte >= 'A' && byte <= 'Z'))
            return OUTCOME_SILENT;
        vowel = vowel || strchr("aeiouyAEIOUY", byte);
        ends_upper = !is_lower;
        lower = lower || is_lower;
    }
    if (!lower || (vowel && !ends_upper))
        return OUTCOME_SILENT;
    detail_say(detail, "the mail program's name \"%s\" is no word", name, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_random_mailer = {
    .name = "RANDOM_MAILER",
    .description = N_("names a mail program whose name is a few letters at random"),
    .points = 220, /* first 60 % of 2003: 0.00 % of ham, 0.00 % of spam; of 2022-26: 0.00 % of ham, 1.98 % of spam */
    .evaluate = random_mailer,
};

/* PHPMailer wrote its name like that until 2009; who has sent with such a version since then found it on a server he
 * broke into, or in a kit. */
static enum outcome outdated_script(struct inspection *inspection, struct buffer *detail)
{
    struct span name = field(inspection, "X-Mailer");
    if (!span_starts_nocase(name, "PHPMailer [version"))
        return OUTCOME_SILENT;
    detail_say(detail, "it was sent with \"%s\", which nobody has used for long", name, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_outdated_script = {
    .name = "OUTDATED_SCRIPT",
    .description = N_("was sent with a version of PHPMailer that is many years old"),
    .points = 150, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 2.97 % of spam */
    .evaluate = outdated_script,
};

/* Names of programs that were sold for sending unasked mail, and what the forgers of Outlook Express got wrong. */
static enum outcome bulk_mailer(struct inspection *inspection, struct buffer *detail)
{
    static const char *const names[] = { "The Bat! (v1.52f) Business",
                                         "mPOP Web-Mail",
                                         "Group Mail",
                                         "MailWorkZ",
                                         "RoverBot",
                                         "diffondi",
                                         "Advanced Mass Sender",
                                         "StormPost",
                                         "Dynamic Opt-In Emailer",
                                         "Mass Sender",
                                         "SuperMail-2",
                                         "Avalanche",
                                         "Crescent Internet Tool",
                                         "DiffondiCool",
                                         "E-Broadcaster",
                                         "Emailer Platinum",
                                         "Floodgate",
                                         "GOTO Software Sarbacane",
                                         "jpfree Group Mail Express",
                                         "WorldMerge",
                                         "Leaf PHPMailer",
                                         "Leaf Mailer",
                                         "GOMAIL",
                                         "Mail Bomber",
                                         "DarkMailer",
                                         "Send-Safe",
                                         "Atomic Mail Sender" };
    struct span mailer = header_value(&inspection->message->header, "X-Mailer");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!span_starts_nocase(mailer, names[i]))
            continue;
        detail_say(detail, "it was sent with \"%s\"", mailer, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_bulk_mailer = {
    .name = "BULK_MAILER",
    .description = N_("was sent with a program made for unasked mass mail"),
    .points = 300, /* first 60 % of 2003: 0.00 % of ham, 2.06 % of spam; of 2022-26: 0.00 % of ham, 0.09 % of spam */
    .evaluate = bulk_mailer,
};
