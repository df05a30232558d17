/* maildir-name.c - the parts of the name of a file in a Maildir */
#include "config.h"

#include "mailbox/maildir-name.h"

#include <stddef.h>
#include <string.h>

struct maildir_name maildir_name_read(const char *name)
{
    size_t length = strcspn(name, ":");
    struct maildir_name parts = { .unique = span_make(name, length) };
    if (strncmp(name + length, ":2,", 3) != 0)
        return parts;
    const char *flags = name + length + 3;
    parts.flags = span_make(flags, strcspn(flags, ","));
    parts.has_flags = true;
    return parts;
}

bool maildir_name_has_any(const char *name, const char *flags)
{
    struct span set = maildir_name_read(name).flags;
    for (; *flags; flags++)
        if (span_find_byte(set, *flags) < set.length)
            return true;
    return false;
}

int64_t maildir_name_time(const char *name)
{
    int64_t seconds = 0;
    size_t digits = 0;
    for (; name[digits] >= '0' && name[digits] <= '9' && digits < 12; digits++)
        seconds = seconds * 10 + (name[digits] - '0');
    return digits >= 9 && name[digits] == '.' ? seconds : 0;
}
