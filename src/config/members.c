/* members.c - the sections of the settings files ([dns_list NAME]), as the arrays their parts take */
#include "config/members.h"

#include <string.h>

/* The first assignment of the member that assignment `i` belongs to. */
static bool is_first_of_member(const struct assignments *assignments, size_t i)
{
    size_t length = (size_t)(strrchr(assignments->members[i].name, '.') - assignments->members[i].name) + 1;
    for (size_t before = 0; before < i; before++)
        if (strncmp(assignments->members[before].name, assignments->members[i].name, length) == 0)
            return false;
    return true;
}

/* Fills a member from what was set of it; true when what its family requires is there. */
static bool fill(const struct assignments *assignments, size_t first, const struct option_family *family, void *member)
{
    const char *name = assignments->members[first].name;
    size_t length = (size_t)(strrchr(name, '.') - name) + 1;
    bool has_required = !family->required_option;
    for (size_t i = 0; i < family->option_count; i++)
        option_store(&family->options[i], family->options[i].default_value, member);
    for (size_t i = first; i < assignments->member_count; i++) {
        const struct assignment *set = &assignments->members[i];
        if (!set->value || strncmp(set->name, name, length) != 0)
            continue;
        option_store(set->option, set->value, member);
        has_required |= family->required_option && strcmp(set->option->name, family->required_option) == 0;
    }
    ((struct outside_name *)member)->name = arena_copy(assignments->arena, option_family_member(name)).data;
    return has_required;
}

static void settle_family(struct assignments *assignments, const struct option_family *family,
                          struct settings *settings)
{
    char *members = arena_alloc_array(assignments->arena, FAMILY_MEMBERS_MOST, family->member_size);
    size_t count = 0;
    for (size_t i = 0; i < assignments->member_count; i++) {
        const struct assignment *set = &assignments->members[i];
        if (option_family_of(set->name) != family || !is_first_of_member(assignments, i))
            continue;
        if (count == FAMILY_MEMBERS_MOST)
            assignments_mistake(assignments, "%s: more than %d sections [%s ...]: it is ignored", set->origin,
                                FAMILY_MEMBERS_MOST, family->keyword);
        else if (!fill(assignments, i, family, members + count * family->member_size))
            assignments_mistake(assignments, "%s: the section [%s %.*s] does not say its \"%s\": it is ignored",
                                set->origin, family->keyword, (int)option_family_member(set->name).length,
                                option_family_member(set->name).data, family->required_option);
        else
            count++;
    }
    *(const void **)((char *)settings + family->members_offset) = count ? members : NULL;
    *(size_t *)((char *)settings + family->count_offset) = count;
}

void members_settle(struct assignments *assignments, struct settings *settings)
{
    for (size_t i = 0; assignments->member_count && i < option_family_count; i++)
        settle_family(assignments, &option_families[i], settings);
}
