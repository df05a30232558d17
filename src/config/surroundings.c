/* surroundings.c - what the settings say about this site, as the checks take it: networks, domains, addresses */
#include "config/surroundings.h"

#include <string.h>

#include "config/option-table.h"

static size_t count_words(struct span text)
{
    size_t count = 0;
    while (span_take_word(&text, OPTION_SEPARATORS).length)
        count++;
    return count;
}

/* The words of a list, NULL behind the last; NULL when there is none. */
static const char *const *words_of(const char *value, struct arena *arena)
{
    struct span text = span_of(value);
    size_t count = count_words(text);
    if (count == 0)
        return NULL;
    const char **words = arena_new_array(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        words[i] = arena_copy(arena, span_take_word(&text, OPTION_SEPARATORS)).data;
    return words;
}

static const struct network_list *networks_of(const char *value, struct arena *arena)
{
    if (count_words(span_of(value)) == 0)
        return NULL;
    struct network_list *list = arena_new_object(arena, struct network_list);
    network_read_list(span_of(value), list);
    return list;
}

static const char *address_of(const char *user, const char *const *own_domains, struct arena *arena)
{
    if (!user || !*user || strchr(user, '@'))
        return user && *user ? user : NULL;
    if (!own_domains)
        return NULL;
    size_t length = strlen(user) + strlen(own_domains[0]) + 1;
    struct buffer address = buffer_new(arena, length + 1);
    buffer_append_format(&address, "%s@%s", user, own_domains[0]);
    return arena_copy(arena, buffer_span(&address)).data;
}

void surroundings_settle(struct settings *settings, const char *user, struct arena *arena)
{
    const char *const *own_domains = words_of(settings->own_domains, arena);
    settings->rule_context = (struct rule_context){
        .user = address_of(user, own_domains, arena),
        .own_domains = own_domains,
        .trusted_networks = networks_of(settings->trusted_networks, arena),
        .friend_networks = networks_of(settings->friend_networks, arena),
        .internal_addresses = words_of(settings->internal_addresses, arena),
        .authserv_ids = words_of(settings->authserv_id, arena),
        .note_relays = settings->note_relays,
    };
    settings->relays.trusted_networks = settings->rule_context.trusted_networks;
    settings->relays.friend_networks = settings->rule_context.friend_networks;
}
