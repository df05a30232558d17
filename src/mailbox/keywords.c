/* keywords.c - what the name of a file in a Maildir says: flags and keywords, and what those say about junk */
#include "config.h"

#include "mailbox/keywords.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "mailbox/maildir-name.h"

/* 26 names of at most some 50 bytes each; a keyword has no limit in IMAP. */
#define KEYWORDS_FILE_AT_MOST ((size_t)64 * 1024)
#define LETTERS 26

static const char *const junk_names[] = { "$Junk", "Junk", NULL };
static const char *const not_junk_names[] = { "$NotJunk", "NonJunk", "NotJunk", "$NonJunk", NULL };

static bool is_one_of(struct span name, const char *const *names)
{
    for (; *names; names++)
        if (span_is_nocase(name, *names))
            return true;
    return false;
}

/* False when it is not understood. */
static bool split_line(struct span line, unsigned *letter, struct span *name)
{
    size_t digits = span_find_byte(line, ' ');
    unsigned index = 0;
    for (size_t i = 0; i < digits; i++) {
        if (line.data[i] < '0' || line.data[i] > '9' || index >= LETTERS)
            return false;
        index = index * 10 + (unsigned)(line.data[i] - '0');
    }
    if (digits == 0 || digits == line.length || index >= LETTERS)
        return false;
    *letter = index;
    *name = span_trim(span_from(line, digits + 1));
    return name->length > 0;
}

static bool read_line(struct span line, struct keyword_letters *letters)
{
    struct span name;
    unsigned letter;
    if (!split_line(line, &letter, &name))
        return false;
    if (is_one_of(name, junk_names))
        letters->junk |= 1u << letter;
    if (is_one_of(name, not_junk_names))
        letters->not_junk |= 1u << letter;
    return true;
}

struct span keywords_name(struct span text, unsigned letter)
{
    while (text.length) {
        size_t length = span_find_byte(text, '\n');
        struct span name;
        unsigned found;
        if (split_line(span_head(text, length), &found, &name) && found == letter)
            return name;
        text = span_from(text, length + 1);
    }
    return SPAN_EMPTY;
}

struct keyword_letters keywords_read(struct span text)
{
    struct keyword_letters letters = { 0 };
    for (size_t number = 1; text.length; number++) {
        size_t length = span_find_byte(text, '\n');
        if (!read_line(span_head(text, length), &letters) && !letters.bad_line)
            letters.bad_line = number;
        text = span_from(text, length + 1);
    }
    return letters;
}

/* A link to nowhere is there: what it led to may be back tomorrow. */
static bool is_missing(const char *file, int error)
{
    struct stat status;
    return error == ENOENT && lstat(file, &status) != 0 && errno == ENOENT;
}

bool keywords_text(const char *path, struct file_bytes *text, struct failure *failure)
{
    char file[PATH_MAX];
    struct failure why = { 0 };
    *text = (struct file_bytes){ 0 };
    if (!file_join(file, sizeof file, path, "dovecot-keywords"))
        return failure_set(failure, FAILURE_INPUT, "the path of %s is too long", "dovecot-keywords");
    if (file_read(file, KEYWORDS_FILE_AT_MOST, text, &why))
        return true;
    *text = (struct file_bytes){ 0 };
    if (is_missing(file, errno))
        return true;
    if (failure)
        *failure = why;
    return false;
}

struct keyword_letters keywords_of_folder(const char *path, struct failure *failure)
{
    struct file_bytes text;
    if (!keywords_text(path, &text, failure))
        return (struct keyword_letters){ .unknown = true };
    struct keyword_letters letters = keywords_read(span_make(text.data, text.length));
    file_bytes_free(&text);
    return letters;
}

struct file_flags keywords_of_file(const char *name, const struct keyword_letters *letters)
{
    struct maildir_name parts = maildir_name_read(name);
    struct file_flags flags = { .unique = parts.unique };
    bool junk = false, not_junk = false;
    for (size_t i = 0; i < parts.flags.length; i++) {
        char flag = parts.flags.data[i];
        flags.deleted = flags.deleted || flag == 'T';
        flags.seen = flags.seen || flag == 'S';
        flags.answered = flags.answered || flag == 'R';
        flags.flagged = flags.flagged || flag == 'F';
        if (flag < 'a' || flag > 'z')
            continue;
        flags.unclear = letters->unknown;
        junk = junk || (letters->junk >> (flag - 'a') & 1);
        not_junk = not_junk || (letters->not_junk >> (flag - 'a') & 1);
    }
    flags.keyword = (enum junk_keyword)((junk ? KEYWORD_JUNK : 0) | (not_junk ? KEYWORD_NOT_JUNK : 0));
    return flags;
}

enum junk_keyword keywords_say(enum junk_keyword marks, enum junk_keyword before, enum junk_keyword said)
{
    if (marks != KEYWORD_BOTH)
        return marks;
    switch (before) {
    case KEYWORD_JUNK:
        return KEYWORD_NOT_JUNK;
    case KEYWORD_NOT_JUNK:
        return KEYWORD_JUNK;
    case KEYWORD_BOTH:
        return said;
    case KEYWORD_NONE:
        break;
    }
    return KEYWORD_NONE;
}
