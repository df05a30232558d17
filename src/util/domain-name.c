/* domain-name.c - what is written like the name of a domain or host */
#include "util/domain-name.h"

#include <stddef.h>

/* RFC 1035 section 2.3.4, without the final dot. */
#define LONGEST_NAME 253
#define LONGEST_LABEL 63

static bool is_of_label(char byte)
{
    char lower = (char)(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

bool domain_name_is_written(struct span name)
{
    size_t label = 0; /* where it begins */
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] == '.' ? i == label : !is_of_label(name.data[i]))
            return false;
        label = name.data[i] == '.' ? i + 1 : label;
    }
    return label < name.length && name.length <= LONGEST_NAME;
}

bool domain_name_is_askable(struct span name)
{
    size_t label = 0;
    for (size_t i = 0; i < name.length; i++) {
        label = name.data[i] == '.' ? 0 : label + 1;
        if (label > LONGEST_LABEL || (name.data[i] >= 'A' && name.data[i] <= 'Z'))
            return false;
    }
    return domain_name_is_written(name);
}
