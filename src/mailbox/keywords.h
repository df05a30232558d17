/* keywords.h - what the name of a file in a Maildir says: flags and keywords, and what those say about junk
 *
 * Of the letters behind ":2," (maildir-name.h) the small ones are keywords, whose names stand in the folder's file
 * `dovecot-keywords`, a line each: "0 $Junk" names the letter a, "1 NonJunk" the letter b (Dovecot, maildir-
 * keywords.c).  That file is read without a lock: its writers replace it whole.
 *
 * Both spellings are read, without case: $Junk and $NotJunk (registered, RFC 9051 section 2.3.2), Junk and NonJunk
 * (Thunderbird), NotJunk.
 */
#ifndef TAMIS_MAILBOX_KEYWORDS_H
#define TAMIS_MAILBOX_KEYWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"
#include "util/file.h"
#include "util/span.h"

enum junk_keyword { KEYWORD_NONE, KEYWORD_JUNK, KEYWORD_NOT_JUNK, KEYWORD_BOTH };

/* Which letters mean junk and not junk in one folder: bit 0 is 'a'. */
struct keyword_letters {
    uint32_t junk, not_junk;
    bool unknown; /* what they mean could not be read: any may be either */
    size_t bad_line; /* the first that was not understood, counted from 1; 0: all were */
};

/* The text of the `dovecot-keywords` of the folder at `path`; empty where there is none.  False where there is one that
 * cannot be read (not allowed, no file, a link to nowhere, too large): nothing is known of the letters. */
bool keywords_text(const char *path, struct file_bytes *text, struct failure *failure);

/* The name that the text gives to this letter (0 is 'a'); empty when it has none. */
struct span keywords_name(struct span text, unsigned letter);

/* Reads the text of a `dovecot-keywords`; lines that are not understood (no number from 0 to 25, a blank and a name)
 * are passed over. */
struct keyword_letters keywords_read(struct span text);

/* Reads that of the folder at `path`.  Where there is none, no keyword has a name.  Where keywords_text() fails,
 * nothing is known of the letters, and failure says why. */
struct keyword_letters keywords_of_folder(const char *path, struct failure *failure);

struct file_flags {
    struct span unique;        /* the part of the name that stays when flags change */
    bool deleted;              /* T: marked for expunging */
    bool seen;                 /* S: read */
    bool answered, flagged;    /* R, F */
    enum junk_keyword keyword;
    bool unclear;              /* has keywords, and what they mean is unknown: `keyword` is no answer */
};

struct file_flags keywords_of_file(const char *name, const struct keyword_letters *letters);

/* What the marks say, given what they were.  Mail programs that know one spelling leave the other's mark standing, so
 * of both the one that was set later counts (`said` is what they said before); KEYWORD_NONE when nobody knows. */
enum junk_keyword keywords_say(enum junk_keyword marks, enum junk_keyword before, enum junk_keyword said);

#endif
