/* option-family.h - settings that come in sections with a name of the administrator's choice, as often as one likes
 *
 *     [dns_list spamhaus]
 *     zone = zen.spamhaus.org
 *     points = 3
 *
 * A family is such a kind of section: its keyword, its options, and the array in struct settings that its members go
 * to.  Elsewhere, on the command line and behind [locked], the same setting is called dns_list.spamhaus.zone.
 *
 * To add a family: a struct for its members that begins with struct outside_name, an array and a count in the settings
 * of the part that obeys it, its options and one entry here; to add an option to one: a field and an entry in its
 * table.  doc/tamis.conf.5 describes both.
 */
#ifndef TAMIS_CONFIG_OPTION_FAMILY_H
#define TAMIS_CONFIG_OPTION_FAMILY_H

#include "config/option.h"
#include "util/nearest.h"
#include "util/span.h"

/* Members of a family; each may mean a question about every message. */
#define FAMILY_MEMBERS_MOST 40
#define FAMILY_NAME_MOST 40

struct option_family {
    const char *keyword;          /* "dns_list" */
    const char *help;             /* sentences, for the example file and the manual */
    const char *example;          /* the name of the section in the example file */
    const struct option *options; /* their offsets are within a member */
    size_t option_count;
    size_t member_size;
    size_t members_offset; /* of the array, a pointer to members, in struct settings */
    size_t count_offset;   /* of its size_t */
    /* An option without which a member does nothing; such a member is a mistake, and left out. */
    const char *required_option;
};

extern const struct option_family option_families[];
extern const size_t option_family_count;

/* The family that `name` ("dns_list.spamhaus.zone") belongs to; NULL when its first part is no keyword. */
const struct option_family *option_family_of(const char *name);

/* Offers the keyword of each, for "did you mean". */
void option_family_offer(struct nearest *nearest);

/* The name of the member in it: lower-case letters, digits, '-' and '_', at most FAMILY_NAME_MOST.  Empty when it has
 * not that form. */
struct span option_family_member(const char *name);

/* The option in it; NULL when the family has none of that name. */
const struct option *option_family_option(const struct option_family *family, const char *name);

#endif
