/* field-use.c - which header fields the learners read whole, which by name only, and which not at all */
#include "learn/field-use.h"

/* A name ending in '*' stands for every name that begins so. */
static const struct {
    const char *name;
    enum field_use use;
} fields[] = {
    { "Received", FIELD_RELAY },

    /* Verdicts: ours, and those of filters before us. */
    { "X-Tamis*", FIELD_LEFT_OUT },
    { "X-Spam*", FIELD_LEFT_OUT },
    { "X-Bogosity", FIELD_LEFT_OUT },
    { "X-Virus*", FIELD_LEFT_OUT },
    { "X-Rspamd*", FIELD_LEFT_OUT },
    { "X-Razor*", FIELD_LEFT_OUT },
    { "X-Pyzor*", FIELD_LEFT_OUT },
    { "X-DSPAM*", FIELD_LEFT_OUT },
    { "X-CRM114*", FIELD_LEFT_OUT },
    { "Authentication-Results", FIELD_LEFT_OUT }, /* the rules read it, of our own host only */

    /* Written by delivery, or by the reader's mail program. */
    { "Return-Path", FIELD_LEFT_OUT },
    { "Delivered-To", FIELD_LEFT_OUT },
    { "Envelope-To", FIELD_LEFT_OUT },
    { "X-Original-To", FIELD_LEFT_OUT },
    { "X-Apparently-To", FIELD_LEFT_OUT },
    { "Status", FIELD_LEFT_OUT },
    { "X-Status", FIELD_LEFT_OUT },
    { "X-UID*", FIELD_LEFT_OUT },
    { "X-Keywords", FIELD_LEFT_OUT },
    { "X-Mozilla*", FIELD_LEFT_OUT },
    { "X-Evolution*", FIELD_LEFT_OUT },
    { "X-Gmail-*", FIELD_LEFT_OUT },
    { "X-Folder", FIELD_LEFT_OUT },
    { "Lines", FIELD_LEFT_OUT },
    { "Content-Length", FIELD_LEFT_OUT },
    { "Resent-*", FIELD_LEFT_OUT },

    /* Which list or thread it is, and when it was. */
    { "List-*", FIELD_LEFT_OUT },
    { "Mailing-List", FIELD_LEFT_OUT },
    { "X-Mailing-List", FIELD_LEFT_OUT },
    { "X-List-*", FIELD_LEFT_OUT },
    { "X-Mailman-*", FIELD_LEFT_OUT },
    { "X-BeenThere", FIELD_LEFT_OUT },
    { "X-Been-There", FIELD_LEFT_OUT },
    { "X-eGroups*", FIELD_LEFT_OUT },
    { "X-Loop", FIELD_LEFT_OUT },
    { "X-RCPT-*", FIELD_LEFT_OUT },
    { "Errors-To", FIELD_LEFT_OUT },
    { "Precedence", FIELD_LEFT_OUT },
    { "Sender", FIELD_LEFT_OUT },
    { "Thread-*", FIELD_LEFT_OUT },
    { "Date", FIELD_LEFT_OUT },

    /* Long, and never the same twice: that they are there is all there is to learn. */
    { "DKIM-*", FIELD_NAME_ONLY },
    { "DomainKey-*", FIELD_NAME_ONLY },
    { "ARC-*", FIELD_NAME_ONLY },
    { "Autocrypt", FIELD_NAME_ONLY },
    { "X-MS-*", FIELD_NAME_ONLY },
    { "X-Forefront*", FIELD_NAME_ONLY },
    { "X-Microsoft*", FIELD_NAME_ONLY },
    { "X-Exchange*", FIELD_NAME_ONLY },
    { "X-EOP*", FIELD_NAME_ONLY },
    { "X-GM-*", FIELD_NAME_ONLY },
    { "X-Google-*", FIELD_NAME_ONLY },
};

static bool same_letter(char a, char b)
{
    return ((a ^ b) & ~0x20) == 0;
}

enum field_use field_use(struct span name)
{
    for (size_t i = 0; name.length && i < sizeof fields / sizeof *fields; i++) {
        const char *pattern = fields[i].name;
        if (!same_letter(pattern[0], name.data[0])) /* most end here, cheaply */
            continue;
        size_t length = strlen(pattern);
        bool prefix = pattern[length - 1] == '*';
        if (prefix ? name.length >= length - 1 && strncasecmp(name.data, pattern, length - 1) == 0
                   : span_is_nocase(name, pattern))
            return fields[i].use;
    }
    return FIELD_WHOLE;
}
