/* translate.h - what people read from a command, in their language (gettext, po/)
 *
 * English until translate_begin() has found another language that there are messages for; so commands that programs
 * start for mail (command.h: for_programs) never ask for one, pay nothing, and write the same bytes for everybody.
 * What other programs read stays English always: header fields, JSON, syslog, names of verdicts, rules and settings.
 *
 * How to mark:  _("text") where it is used, N_("text") where it only stands in a table and is translated when shown.
 * failure_set(), log_line(), complain_daily(), detail_say(), doctor_find() and doctor_advise() translate their format
 * themselves.  Then `make update-po` in the build folder, and fill in po/fr.po; tests/house/check-translation.t says
 * what is missing.
 *
 * Of the locale only LC_MESSAGES is taken: points keep their decimal point, and what bytes of a message mean does not
 * depend on who asks.  Text is UTF-8 whatever the locale says, as all that is printed.
 */
#ifndef TAMIS_UTIL_TRANSLATE_H
#define TAMIS_UTIL_TRANSLATE_H

#include <stdbool.h>
#include <stddef.h>

/* The text in the reader's language, or itself.  Lives as long as the program. */
const char *translate(const char *text) __attribute__((format_arg(1)));

/* One of two texts by a count, by the rules of the reader's language. */
const char *translate_count(const char *one, const char *many, size_t count)
    __attribute__((format_arg(1), format_arg(2)));

/* The language that texts come out in, as HTML names it: "en", "fr". */
const char *translate_language(void);

/* As translate(), for what may go to a log. */
const char *translate_reason(const char *text) __attribute__((format_arg(1)));

#define _(text) translate(text)
#define N_(text) text

/* Takes the language of the environment (locale(7)).  The messages are in memory afterwards: a process that may open no
 * files (sandbox.h) goes on in the same language. */
void translate_begin(void);

/* Back to English: what follows is for a program. */
void translate_end(void);

/* Are reasons and log lines translated?  They are from the start, and must not be where they go to syslog: patterns
 * look for them there. */
void translate_reasons(bool wanted);

#endif
