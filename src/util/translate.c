/* translate.c - what people read from a command, in their language
 *
 * The language is process-wide on purpose: libc's is.
 */
#include "config.h"

#include "util/translate.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

static bool is_translating;
static bool reasons_stay;

const char *translate(const char *text)
{
    /* gettext gives its own header for "". */
    return is_translating && *text ? gettext(text) : text;
}

const char *translate_count(const char *one, const char *many, size_t count)
{
    return is_translating ? ngettext(one, many, count) : count == 1 ? one : many;
}

const char *translate_language(void)
{
    return _("en");
}

const char *translate_reason(const char *text)
{
    return reasons_stay ? text : translate(text);
}

/* For a relative folder libc asks at each text where it is, which a process that may open no files is not told. */
static void bind_folder(void)
{
    const char *wanted = secure_getenv("TAMIS_LOCALE_DIR");
    char *folder = wanted && *wanted ? realpath(wanted, NULL) : NULL;
    bindtextdomain(PACKAGE, folder ? folder : LOCALEDIR);
    free(folder);
}

void translate_begin(void)
{
    if (!setlocale(LC_MESSAGES, ""))
        return;
    bind_folder();
    bind_textdomain_codeset(PACKAGE, "UTF-8");
    /* What strerror(3) and getopt_long(3) say. */
    bind_textdomain_codeset("libc", "UTF-8");
    textdomain(PACKAGE);
    /* The header of the messages: empty when there are none.  Asking reads them; libc's likewise. */
    is_translating = *gettext("") != '\0';
    dgettext("libc", "Success");
}

void translate_end(void)
{
    is_translating = false;
    setlocale(LC_MESSAGES, "C");
}

void translate_reasons(bool wanted)
{
    reasons_stay = !wanted;
}
