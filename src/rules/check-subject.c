/* check-subject.c - tricks in the subject line */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/translate.h"
#include "util/utf8.h"

static bool is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool is_lower(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

static enum outcome no_subject(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    const struct header_field *subject = header_find(&inspection->message->header, "Subject");
    return subject && subject->value.length ? OUTCOME_SILENT : OUTCOME_HIT;
}

const struct check check_no_subject = {
    .name = "NO_SUBJECT",
    .description = N_("has no subject"),
    .points = 50, /* first 60 % of 2003: 0.29 % of ham, 0.77 % of spam; of 2022-26: 0.17 % of ham, 0.85 % of spam */
    .evaluate = no_subject,
};

/* At least three words in capitals; a list's tag in brackets and "RE:" do not count.  Only for subjects in Latin
 * letters. */
static enum outcome subject_in_capitals(struct inspection *inspection, struct buffer *detail)
{
    struct span subject = inspection->message->subject;
    size_t capitals = 0, words = 0, depth = 0;
    for (size_t i = 0; i < subject.length; i++) {
        char byte = subject.data[i];
        depth += byte == '[';
        depth -= byte == ']' && depth > 0;
        if (depth)
            continue;
        if (is_lower(byte) || (unsigned char)byte >= 0x80)
            return OUTCOME_SILENT;
        bool starts = is_upper(byte) && (i == 0 || !is_upper(subject.data[i - 1]));
        words += starts && i + 2 < subject.length && is_upper(subject.data[i + 1]) && is_upper(subject.data[i + 2]);
        capitals += is_upper(byte);
    }
    if (words < 2 || capitals < 10)
        return OUTCOME_SILENT;
    detail_say(detail, "the subject \"%s\" is all capitals", subject, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_subject_in_capitals = {
    .name = "SUBJECT_IN_CAPITALS",
    .description = N_("has a subject in capitals only"),
    .points = 150, /* 2003: 0.05 % of ham, 7.23 % of spam; 2022-26: 0.06 % of ham, 1.64 % of spam */
    .evaluate = subject_in_capitals,
};

static bool is_letter_at(struct span text, size_t at)
{
    return at < text.length && (is_upper(text.data[at]) || is_lower(text.data[at]));
}

#define LETTERS_SPACED 5 /* "I B M" and "A.C.M.E" are no disguise */

/* "V I A G R A", "L.O.A.N.S": does a run of single letters with one and the same byte between them start at `start`? */
static bool is_spaced_out(struct span text, size_t start)
{
    if (start > 0 && is_letter_at(text, start - 1))
        return false;
    for (size_t letter = 0; letter < LETTERS_SPACED; letter++) {
        size_t at = start + 2 * letter;
        if (!is_letter_at(text, at))
            return false;
        if (letter + 1 < LETTERS_SPACED
            && (at + 1 >= text.length || !strchr(" .-_*", text.data[at + 1])
                || text.data[at + 1] != text.data[start + 1]))
            return false;
    }
    return !is_letter_at(text, start + 2 * LETTERS_SPACED - 1);
}

static enum outcome subject_spaced_out(struct inspection *inspection, struct buffer *detail)
{
    struct span subject = inspection->message->subject;
    for (size_t i = 0; i < subject.length; i++) {
        if (!is_spaced_out(subject, i))
            continue;
        detail_say(detail, "the subject \"%s\" has a word spread letter by letter", subject, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_subject_spaced_out = {
    .name = "SUBJECT_SPACED_OUT",
    .description = N_("has a word in its subject spread letter by letter"),
    .points = 200, /* 2003: 0.00 % of ham, 0.26 % of spam; 2022-26: 0.00 % of ham, 0.10 % of spam */
    .evaluate = subject_spaced_out,
};

/* "You have won            khqwe7612": an identifier behind at least six blanks, which mail lists do not show. */
static enum outcome subject_tail(struct inspection *inspection, struct buffer *detail)
{
    struct span subject = inspection->message->subject;
    size_t blanks = 0;
    for (size_t i = 0; i < subject.length; i++) {
        if (subject.data[i] == ' ' || subject.data[i] == '\t') {
            blanks++;
        } else if (blanks >= 6 && i > blanks) {
            detail_say(detail, "the subject has \"%s\" far to the right, behind blanks", span_from(subject, i),
                       SPAN_EMPTY);
            return OUTCOME_HIT;
        } else {
            blanks = 0;
        }
    }
    return OUTCOME_SILENT;
}

const struct check check_subject_tail = {
    .name = "SUBJECT_TAIL",
    .description = N_("has something in its subject behind so many blanks that nobody sees it"),
    .points = 300, /* 2003: 0.00 % of ham, 14.93 % of spam; 2022-26: 0.00 % of ham, 0.35 % of spam */
    .evaluate = subject_tail,
};

static enum outcome subject_shouts(struct inspection *inspection, struct buffer *detail)
{
    struct span subject = inspection->message->subject;
    unsigned run = 0, marks = 0;
    for (size_t i = 0; i < subject.length; i++) {
        bool mark = subject.data[i] == '!' || subject.data[i] == '$';
        run = mark ? run + 1 : 0;
        marks += mark;
        if (run < 3 && marks < 4)
            continue;
        detail_say(detail, "the subject \"%s\" shouts", subject, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_subject_shouts = {
    .name = "SUBJECT_SHOUTS",
    .description = N_("has a run of exclamation or dollar marks in its subject"),
    .points = 150, /* first 60 % of 2003: 0.05 % of ham, 3.41 % of spam; of 2022-26: 0.00 % of ham, 0.38 % of spam */
    .evaluate = subject_shouts,
};

/* "Invitation: Lunch @ Tue 4 Jun 2024 (anna@example.org)" is how calendars name whose it is. */
static bool is_of_calendar(const struct message *message, size_t at)
{
    if (at == 0 || message->subject.data[at - 1] != '(' || !span_ends_nocase(message->subject, ")"))
        return false;
    for (size_t i = 0; i < message->part_count; i++)
        if (span_is(message->parts[i].type, "text/calendar"))
            return true;
    return false;
}

/* The recipient's own address, or the part before its '@', in the subject: "anna, your parcel". */
static enum outcome subject_names_recipient(struct inspection *inspection, struct buffer *detail)
{
    const struct address_list *to = &inspection->message->to;
    struct span subject = inspection->message->subject;
    struct span mailbox = to->count == 1 ? to->items[0].mailbox : SPAN_EMPTY;
    if (mailbox.length < 6)
        return OUTCOME_SILENT;
    for (size_t i = 0; i + mailbox.length <= subject.length; i++) {
        if (!span_equal_nocase(span_make(subject.data + i, mailbox.length), mailbox) ||
            is_of_calendar(inspection->message, i))
            continue;
        detail_say(detail, "the subject has the recipient's address \"%s\" in it", mailbox, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_subject_names_recipient = {
    .name = "SUBJECT_NAMES_RECIPIENT",
    .description = N_("has the recipient's address in its subject"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 0.64 % of spam; of 2022-26: 0.00 % of ham, 10.82 % of spam;
                      held back (doc/WEIGHTS.md) */
    .evaluate = subject_names_recipient,
};

/* Pictographs (U+1F300 and up, dingbats, warning and letter signs) in front of or behind the words, to stand out in the
 * list of messages. */
static enum outcome subject_pictures(struct inspection *inspection, struct buffer *detail)
{
    struct span subject = inspection->message->subject;
    (void)detail;
    if (utf8_is_ascii(subject))
        return OUTCOME_SILENT;
    for (size_t at = 0, size; at < subject.length; at += size) {
        uint32_t code = utf8_decode(span_from(subject, at), &size);
        if ((code >= 0x1F300 && code < 0x1FB00) || (code >= 0x2600 && code < 0x27C0))
            return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_subject_pictures = {
    .name = "SUBJECT_PICTURES",
    .description = N_("has pictographs in its subject"),
    .points = 50, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 13.28 % of spam */
    .evaluate = subject_pictures,
};

static bool has_answer_mark(struct span subject)
{
    static const char *const marks[] = { "re:", "aw:", "sv:", "antw:", "odp:", "fwd:", "fw:", "tr:", "wg:" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts_nocase(subject, marks[i]))
            return true;
    return false;
}

/* Does the line start as a quotation does, or as the heading over one? */
static bool quotes_here(struct span line)
{
    static const char *const headings[] = {
        "-----", "_____", "From:", "On ", "De :", "Von:", "Le ", "Am ", "Begin forw"
    };
    if (line.length && strchr(">|}", line.data[0]))
        return true;
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (line.length && (line.data[0] | 0x20) == (headings[i][0] | 0x20) && span_starts_nocase(line, headings[i]))
            return true;
    return false;
}

static bool quotes(struct span text)
{
    while (text.length) {
        size_t end = span_find_byte(text, '\n');
        if (quotes_here(span_trim(span_head(text, end))))
            return true;
        text = span_from(text, end + 1);
    }
    return false;
}

/* An answer names the message it answers, or at least quotes it. */
static enum outcome subject_fakes_reply(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    if (!has_answer_mark(message->subject) || header_find(&message->header, "In-Reply-To")
        || header_find(&message->header, "References") || header_find(&message->header, "Thread-Index")
        || quotes(message->visible_text) || message->multipart_count)
        return OUTCOME_SILENT;
    detail_say(detail, "the subject \"%s\" is that of an answer, but it answers nothing", message->subject, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_subject_fakes_reply = {
    .name = "SUBJECT_FAKES_REPLY",
    .description = N_("has the subject of an answer or a forwarded message, and is neither"),
    .points = 40, /* 2003: 0.22 % of ham, 3.74 % of spam; 2022-26: 2.68 % of ham, 1.19 % of spam */
    .evaluate = subject_fakes_reply,
};

static bool is_vowel(char byte)
{
    return strchr("aeiouy", byte) != NULL && byte;
}

#define LEAST_RANDOM_WORD 5

/* "hmmmm", "pfffff". */
static bool is_drawn_out(struct span word)
{
    for (size_t i = 2; i < word.length; i++)
        if (word.data[i] == word.data[i - 1] && word.data[i] == word.data[i - 2])
            return true;
    return false;
}

/* Names of programs, file systems, protocols and formats that go without a vowel. */
static bool is_technical(struct span word)
{
    static const char *const ends[] = { "tpd", "hcpd", "fs", "tml", "https" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (span_ends_nocase(word, ends[i]))
            return true;
    return false;
}

/* "Lose weight now khwqd": a last word of small letters without a vowel.  What the subject or the text says again was
 * not drawn at random for this subject. */
static enum outcome subject_random_word(struct inspection *inspection, struct buffer *detail)
{
    struct span subject = inspection->message->subject;
    size_t start = subject.length;
    while (start > 0 && is_lower(subject.data[start - 1])) {
        start--;
        if (is_vowel(subject.data[start]))
            return OUTCOME_SILENT;
    }
    struct span word = span_from(subject, start);
    if (word.length < LEAST_RANDOM_WORD || start == 0 || subject.data[start - 1] != ' ')
        return OUTCOME_SILENT;
    if (is_drawn_out(word) || is_technical(word) || span_contains(span_head(subject, start), word)
        || span_contains(inspection->message->visible_text, word))
        return OUTCOME_SILENT;
    detail_say(detail, "the subject ends in \"%s\", which is no word", word, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_subject_random_word = {
    .name = "SUBJECT_RANDOM_WORD",
    .description = N_("has a subject that ends in letters at random"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 1.35 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = subject_random_word,
};
