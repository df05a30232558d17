/* relay.c - the path a message says it took: its Received fields
 *
 * RFC 5321 section 4.4 fixes the clauses (from, by, via, with, id, for) but hardly what stands in the comments, and
 * there every program writes its own form.  What each form means is decided in one place, settle_names().
 */
#include "config.h"

#include "mail/relay.h"

#include <arpa/inet.h>

#include "util/limits.h"

enum clause { CLAUSE_NONE, CLAUSE_FROM, CLAUSE_BY, CLAUSE_VIA, CLAUSE_WITH, CLAUSE_ID, CLAUSE_FOR };

/* What the comments behind the name in the from clause looked like. */
enum from_form {
    FORM_BARE,    /* from NAME                  nothing, or nothing we know */
    FORM_PAIR,    /* from HELO (REVERSE [IP])   Postfix, sendmail, Gmail, Courier */
    FORM_BRACKET, /* from NAME ([IP])           sendmail without reverse name, Gmail; Exim, where both names agree */
    FORM_ADDRESS, /* from NAME (IP)             qmail where both names agree; Exchange, PowerMTA */
    FORM_NAMED    /* from REVERSE (HELO HELO) (IP), from REVERSE ([IP] helo=HELO)   qmail, Exim */
};

struct reader {
    struct relay *relay;
    struct span name;    /* the first word of the from clause */
    unsigned from_words; /* how many words it has */
    unsigned words;      /* words in the clause so far */
    enum from_form form;
    bool exim;
    bool qmail;          /* no id clause, as qmail and its kin write it */
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* --- addresses and names ----------------------------------------------------------------------------------------- */

/* The IP address that `text` is, as text: without "[...]" and "IPv6:", zone and port; an IPv4 address mapped into
 * IPv6 as IPv4.  Empty when it is none. */
static struct span read_ip(struct span text)
{
    if (text.length && text.data[0] == '[')
        text = span_head(span_from(text, 1), span_find_byte(span_from(text, 1), ']'));
    if (span_starts_nocase(text, "IPv6:"))
        text = span_from(text, 5);
    if (span_starts_nocase(text, "::ffff:") && span_find_byte(text, '.') < text.length)
        text = span_from(text, 7);
    text = span_head(text, span_find_byte(text, '%'));
    bool is_v4 = span_find_byte(text, '.') < text.length;
    if (is_v4)
        text = span_head(text, span_find_byte(text, ':'));
    char string[INET6_ADDRSTRLEN];
    unsigned char address[sizeof(struct in6_addr)];
    if (text.length == 0 || text.length >= sizeof string)
        return SPAN_EMPTY;
    memcpy(string, text.data, text.length);
    string[text.length] = '\0';
    return inet_pton(is_v4 ? AF_INET : AF_INET6, string, address) == 1 ? text : SPAN_EMPTY;
}

/* A reverse name out of "name", "name.", "user@name", "IDENT:user@name"; empty for "unknown", "unverified" (Windows
 * servers) and for an address. */
static struct span read_reverse_name(struct span text)
{
    const char *sign = text.length ? memrchr(text.data, '@', text.length) : NULL;
    if (sign)
        text = span_from(text, (size_t)(sign - text.data) + 1);
    while (text.length && text.data[text.length - 1] == '.')
        text.length--;
    if (span_is_nocase(text, "unknown") || span_is_nocase(text, "unverified") || read_ip(text).length)
        return SPAN_EMPTY;
    return text;
}

/* --- the comments of the from clause ----------------------------------------------------------------------------- */

/* Takes the next word off `text`; empty at its end. */
static struct span take_word(struct span *text)
{
    if (!text->length)
        return SPAN_EMPTY;
    size_t start = 0;
    while (start < text->length && is_blank(text->data[start]))
        start++;
    size_t end = start;
    while (end < text->length && !is_blank(text->data[end]))
        end++;
    struct span word = span_make(text->data + start, end - start);
    *text = span_from(*text, end);
    return word;
}

/* A word with '[': "[IP]", "[IP]:port", "name[IP]", "user@[IP]"; `before` is the word in front of it. */
static void read_bracketed(struct reader *reader, struct span word, struct span before)
{
    size_t bracket = span_find_byte(word, '[');
    struct span ip = read_ip(span_from(word, bracket));
    if (!ip.length || reader->relay->ip.length)
        return;
    struct span name = bracket ? span_head(word, bracket) : before;
    reader->relay->ip = ip;
    reader->relay->reverse_name = read_reverse_name(name);
    if (reader->form != FORM_NAMED)
        reader->form = name.length && name.data[name.length - 1] != '@' ? FORM_PAIR : FORM_BRACKET;
}

/* A word by itself: "192.0.2.1", "user@192.0.2.1" (Yahoo puts "with login" behind it), "host.example.com". */
static void read_lone_word(struct reader *reader, struct span word)
{
    const char *sign = word.length ? memrchr(word.data, '@', word.length) : NULL;
    struct span ip = read_ip(sign ? span_from(word, (size_t)(sign - word.data) + 1) : word);
    if (ip.length) {
        if (!reader->relay->ip.length)
            reader->relay->ip = ip;
        if (reader->form == FORM_BARE)
            reader->form = FORM_ADDRESS;
    } else if (!sign && span_find_byte(word, '.') < word.length) {
        reader->relay->reverse_name = read_reverse_name(word);
    }
}

static void set_named_helo(struct reader *reader, struct span helo)
{
    if (!helo.length || reader->form == FORM_NAMED)
        return;
    reader->relay->helo = helo;
    reader->form = FORM_NAMED;
}

static void read_from_comment(struct reader *reader, struct span comment)
{
    if (span_contains(comment, span_of("may be forged")))
        reader->relay->reverse_name_forged = true;
    struct span rest = span_trim(comment), before = SPAN_EMPTY;
    for (struct span word = take_word(&rest); word.length; word = take_word(&rest)) {
        struct span next = rest;
        bool first = !before.length, last = !span_trim(rest).length;
        if (span_is_nocase(word, "HELO") || span_is_nocase(word, "EHLO"))
            set_named_helo(reader, take_word(&next));
        else if (span_starts_nocase(word, "helo="))
            set_named_helo(reader, span_from(word, 5));
        else if (span_find_byte(word, '[') < word.length && !span_is_nocase(before, "HELO"))
            read_bracketed(reader, word, before);
        else if (first && (last || span_find_byte(word, '@') < word.length))
            read_lone_word(reader, word);
        before = word;
    }
}

/* --- the clauses ------------------------------------------------------------------------------------------------- */

static enum clause clause_of(struct span word, enum clause now)
{
    static const struct {
        const char *word;
        enum clause clause;
    } clauses[] = {
        { "by", CLAUSE_BY }, { "via", CLAUSE_VIA }, { "with", CLAUSE_WITH }, { "id", CLAUSE_ID }, { "for", CLAUSE_FOR },
    };
    if (now == CLAUSE_NONE && span_is_nocase(word, "from"))
        return CLAUSE_FROM;
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
        if (span_is_nocase(word, clauses[i].word))
            return clauses[i].clause;
    return CLAUSE_NONE;
}

/* The second word of a from clause may be "[IP]" without a comment: fetchmail, MDaemon. */
static void read_from_word(struct reader *reader, struct span word)
{
    reader->from_words++;
    if (reader->from_words == 1) {
        reader->name = word;
    } else if (word.data[0] == '[' && !reader->relay->ip.length) {
        reader->relay->ip = read_ip(word);
        reader->from_words--;
    }
}

static struct span strip_angle(struct span mailbox)
{
    if (mailbox.length && mailbox.data[0] == '<')
        mailbox = span_head(span_from(mailbox, 1), span_find_byte(span_from(mailbox, 1), '>'));
    return mailbox;
}

static void read_clause_word(struct reader *reader, enum clause clause, struct span word)
{
    bool first = reader->words++ == 0;
    if (clause == CLAUSE_FROM)
        read_from_word(reader, word);
    else if (clause == CLAUSE_BY && first)
        reader->relay->by = word;
    else if (clause == CLAUSE_WITH && first)
        reader->relay->with = word;
    else if (clause == CLAUSE_FOR && first && span_find_byte(word, '@') < word.length)
        reader->relay->for_mailbox = strip_angle(word);
    else if (clause == CLAUSE_ID)
        reader->qmail = false;
}

static void read_comment(struct reader *reader, enum clause clause, struct span comment)
{
    if (clause == CLAUSE_FROM)
        read_from_comment(reader, comment);
    else if (span_starts_nocase(comment, "Exim "))
        reader->exim = true;
}

/* The size of the comment at the start of `text`, parentheses included; 0 when it is never closed. */
static size_t comment_size(struct span text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.length; i++) {
        depth += text.data[i] == '(';
        depth -= text.data[i] == ')';
        if (depth == 0)
            return i + 1;
    }
    return 0;
}

static bool is_word_end(char byte)
{
    return byte == ';' || byte == '(';
}

/* Reads the clauses; gives what stands behind the ';' that ends them. */
static struct span read_clauses(struct reader *reader, struct span value)
{
    enum clause clause = CLAUSE_NONE;
    bool comments_close = true;
    while (value.length) {
        char byte = value.data[0];
        size_t size = 1;
        if (byte == ';')
            return span_from(value, 1);
        if (byte == '(' && comments_close) {
            size = comment_size(value);
            comments_close = size > 0;
            if (size)
                read_comment(reader, clause, span_make(value.data + 1, size - 2));
        } else if (!is_blank(byte)) {
            while (size < value.length && !is_blank(value.data[size]) && !is_word_end(value.data[size]))
                size++;
            struct span word = span_head(value, size);
            enum clause next = clause_of(word, clause);
            if (next == CLAUSE_NONE) {
                read_clause_word(reader, clause, word);
            } else {
                clause = next;
                reader->words = 0;
            }
        }
        value = span_from(value, size);
    }
    return SPAN_EMPTY;
}

/* --- what it all means ------------------------------------------------------------------------------------------- */

static bool is_host_name(struct span name)
{
    return name.length && !span_is_nocase(name, "unknown") && !read_ip(name).length;
}

/* Tells the HELO from the reverse name, by the form of the field. */
static void settle_names(struct reader *reader)
{
    struct relay *relay = reader->relay;
    bool agreeing = (reader->form == FORM_BRACKET && reader->exim) || (reader->form == FORM_ADDRESS && reader->qmail);
    if (reader->form == FORM_NAMED) {
        if (!relay->reverse_name.length && is_host_name(reader->name))
            relay->reverse_name = read_reverse_name(reader->name);
    } else if (agreeing) {
        relay->reverse_name = is_host_name(reader->name) ? reader->name : SPAN_EMPTY;
        relay->helo = span_is_nocase(reader->name, "unknown") ? SPAN_EMPTY : reader->name;
    } else if (reader->from_words == 1 && span_find_byte(reader->name, '@') == reader->name.length &&
               !span_is_nocase(relay->with, "local")) {
        relay->helo = reader->name;
    }
    relay->helo_given = relay->helo.length && reader->form != FORM_BARE;
    if (!relay->ip.length && reader->from_words == 1)
        relay->ip = read_ip(reader->name);
}

static void read_relay(struct span value, struct relay *relay)
{
    struct reader reader = { .relay = relay, .qmail = true };
    *relay = (struct relay){ .date = RELAY_NO_DATE };
    struct span date = read_clauses(&reader, value);
    if (span_starts_nocase(relay->with, "Microsoft") || span_starts_nocase(relay->with, "mapi"))
        reader.qmail = false;
    settle_names(&reader);
    relay->date = relay_parse_date(date);
}

const struct relay *relay_parse(const struct header *header, struct arena *arena, size_t *count_r)
{
    size_t count = header_count(header, "Received");
    if (count > LIMIT_RELAYS)
        count = LIMIT_RELAYS;
    struct relay *relays = arena_new_array(arena, struct relay, count);
    size_t used = 0;
    for (size_t i = 0; i < header->count && used < count; i++)
        if (span_is_nocase(header->fields[i].name, "Received"))
            read_relay(header->fields[i].value, &relays[used++]);
    *count_r = used;
    return relays;
}

/* --- dates ------------------------------------------------------------------------------------------------------- */

/* A date while it is being read; -1: not seen yet. */
struct date {
    int64_t year;
    int month, day, hour, minute, second; /* month 0 to 11 */
    int zone_minutes;
    bool wrong;
};

/* Days from 1970-01-01 in the Gregorian calendar, month 0 to 11 (H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", days_from_civil). */
static int64_t days_since_1970(int64_t year, int month, int day)
{
    int64_t shifted_year = month < 2 ? year - 1 : year;
    int64_t era = (shifted_year >= 0 ? shifted_year : shifted_year - 399) / 400;
    int64_t year_of_era = shifted_year - era * 400;
    int64_t day_of_year = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month] + (month == 1 && leap);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Takes up to nine digits off `text`; gives how many there were. */
static size_t take_number(struct span *text, int *number)
{
    size_t digits = 0;
    *number = 0;
    while (digits < text->length && digits < 9 && is_digit(text->data[digits]))
        *number = *number * 10 + (text->data[digits++] - '0');
    *text = span_from(*text, digits);
    return digits;
}

/* "12:36:23", "12:36", behind its hour. */
static void read_time(struct date *date, struct span *text, int hour)
{
    date->hour = hour;
    date->second = 0;
    *text = span_from(*text, 1);
    date->wrong |= take_number(text, &date->minute) == 0;
    if (text->length && text->data[0] == ':') {
        *text = span_from(*text, 1);
        date->wrong |= take_number(text, &date->second) == 0;
    }
    if (text->length && text->data[0] == '.') { /* fractions of a second */
        int fraction;
        *text = span_from(*text, 1);
        take_number(text, &fraction);
    }
}

/* RFC 5322 section 4.3: two digits under 50 are of this century, the others and three digits of the last. */
static void read_number(struct date *date, struct span *text)
{
    int number;
    size_t digits = take_number(text, &number);
    if (text->length && text->data[0] == ':' && date->hour < 0) {
        read_time(date, text, number);
    } else if (date->day < 0 && digits <= 2) {
        date->day = number;
    } else if (date->year < 0) {
        date->year = digits == 2 && number < 50 ? 2000 + number : digits <= 3 ? 1900 + number : number;
    } else {
        date->wrong = true;
    }
}

/* "+0200", "-07:00", "+2". */
static void read_offset(struct date *date, struct span *text)
{
    int sign = text->data[0] == '-' ? -1 : 1, hours, minutes = 0;
    *text = span_from(*text, 1);
    size_t digits = take_number(text, &hours);
    if (text->length && text->data[0] == ':') {
        *text = span_from(*text, 1);
        take_number(text, &minutes);
    } else if (digits > 2) {
        minutes = hours % 100;
        hours /= 100;
    }
    if (digits <= 4 && minutes < 60)
        date->zone_minutes = sign * (hours * 60 + minutes);
}

/* RFC 5322 section 4.3, and what else programs write out; any other name means "not known" (-0000). */
static int zone_minutes_of(struct span name)
{
    static const struct {
        char name[5];
        signed char hours;
    } zones[] = {
        { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 }, { "MST", -7 }, { "MDT", -6 }, { "PST", -8 },
        { "PDT", -7 }, { "BST", 1 },  { "MET", 1 },  { "MEST", 2 }, { "CET", 1 },  { "CEST", 2 }, { "EET", 2 },
        { "EEST", 3 }, { "MSK", 3 },  { "MSD", 4 },  { "JST", 9 },  { "KST", 9 },  { "HKT", 8 },  { "AEST", 10 },
        { "AEDT", 11 }, { "NZST", 12 }, { "NZDT", 13 },
    };
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (span_is_nocase(name, zones[i].name))
            return zones[i].hours * 60;
    return 0;
}

/* A month, a zone, or something without weight (a weekday, "at"). */
static void read_name(struct date *date, struct span *text)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    size_t length = 0;
    while (length < text->length && is_letter(text->data[length]))
        length++;
    struct span name = span_head(*text, length);
    *text = span_from(*text, length);
    for (int i = 0; i < 12 && length >= 3 && date->month < 0; i++)
        if (span_equal_nocase(span_head(name, 3), span_make(months + 3 * i, 3))) {
            date->month = i;
            return;
        }
    if (date->hour >= 0 && date->zone_minutes == 0)
        date->zone_minutes = zone_minutes_of(name);
}

int64_t relay_parse_date(struct span text)
{
    struct date date = { .year = -1, .month = -1, .day = -1, .hour = -1, .minute = 0, .second = 0 };
    text = span_head(text, 128);
    while (text.length && !date.wrong) {
        char byte = text.data[0];
        bool offset = (byte == '+' || byte == '-') && text.length > 1 && is_digit(text.data[1]) && date.hour >= 0;
        if (byte == '(')
            text = span_from(text, comment_size(text) ? comment_size(text) : text.length);
        else if (offset)
            read_offset(&date, &text);
        else if (is_digit(byte))
            read_number(&date, &text);
        else if (is_letter(byte))
            read_name(&date, &text);
        else if (byte == '/')
            date.wrong = true;
        else
            text = span_from(text, 1);
    }
    if (date.wrong || date.year < 0 || date.year > 9999 || date.month < 0 || date.hour < 0 || date.hour > 23 ||
        date.minute > 59 || date.second > 60 || date.day < 1 || date.day > days_in_month(date.year, date.month))
        return RELAY_NO_DATE;
    int64_t days = days_since_1970(date.year, date.month, date.day);
    return days * 86400 + date.hour * 3600 + date.minute * 60 + date.second - date.zone_minutes * 60;
}
