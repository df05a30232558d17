/* target-parameter.c - Content-Type and Content-Disposition with their parameters */
#include "config.h"

#include "fuzz.h"

#include "mail/mime-fields.h"
#include "mail/parameter.h"
#include "util/limits.h"
#include "util/utf8.h"

static const char *const names[] = { "boundary", "charset", "filename", "name" };

static bool is_lower(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] >= 'A' && text.data[i] <= 'Z')
            return false;
    return true;
}

FUZZ_TARGET(parameter, "a field's value is split into parameters, and these are decoded")
{
    struct parameter_list list;
    struct mime_fields fields;
    parameter_parse(input, arena, &list);
    fuzz_require(list.count <= PARAMETER_LIMIT);
    fuzz_require(is_lower(list.value));
    for (size_t i = 0; i < list.count; i++)
        fuzz_require(is_lower(list.items[i].name) && list.items[i].value.length <= input.length);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct span value = parameter_decode(&list, names[i], arena);
        fuzz_require(utf8_is_valid(value) && value.length <= LIMIT_FILE_NAME);
        fuzz_require(parameter_bytes(&list, names[i], arena).length <= input.length);
        parameter_is_ambiguous(&list, names[i], arena);
    }
    mime_fields_read(input, &fields);
    fuzz_require(fuzz_is_within(fields.type, input) && fuzz_is_within(fields.disposition, input));
}
