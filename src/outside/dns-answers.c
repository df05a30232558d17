/* dns-answers.c - what the answers of a DNS list mean, as its section says it */
#include "outside/dns-answers.h"

#include <stdlib.h>

#include "outside/points-text.h"

#define SEPARATORS " \t,"

struct answer_rule {
    uint32_t first, last;
    uint32_t bit; /* of the last number; 0: none is asked for */
    int points;
};

/* "127.0.0.2", or "127.0.0.&8", which sets `*bit`. */
static bool take_address(struct span *text, uint32_t *address, uint32_t *bit)
{
    *address = 0;
    for (int i = 0; i < 4; i++) {
        unsigned number;
        if (i > 0 && !points_take_byte(text, '.'))
            return false;
        bool is_bit = i == 3 && bit && points_take_byte(text, '&');
        if (!points_take_number(text, 255, &number) || (is_bit && number == 0))
            return false;
        if (is_bit)
            *bit = number;
        *address = *address << 8 | (is_bit ? 0 : number);
    }
    return *address >> 24 == 127;
}

static bool read_rule(struct span word, struct answer_rule *rule)
{
    *rule = (struct answer_rule){ 0 };
    if (!take_address(&word, &rule->first, &rule->bit))
        return false;
    rule->last = rule->bit ? rule->first | 0xFF : rule->first;
    if (points_take_byte(&word, '-') &&
        (rule->bit || !take_address(&word, &rule->last, NULL) || rule->last < rule->first))
        return false;
    return points_take_byte(&word, '=') && points_take(&word, &rule->points) && word.length == 0;
}

bool dns_answers_are_sound(const char *text)
{
    struct span rest = span_of(text);
    struct answer_rule rule;
    for (struct span word = span_take_word(&rest, SEPARATORS); word.length; word = span_take_word(&rest, SEPARATORS))
        if (!read_rule(word, &rule))
            return false;
    return true;
}

static bool fits(const struct answer_rule *rule, uint32_t address)
{
    return address >= rule->first && address <= rule->last && (!rule->bit || (address & rule->bit));
}

/* The points of one address of a list; false when it says nothing. */
static bool points_of(uint32_t address, const char *answers, int points_of_any, int *points)
{
    struct span rest = span_of(answers);
    bool has_rules = false, found = false;
    struct answer_rule rule;
    for (struct span word = span_take_word(&rest, SEPARATORS); word.length; word = span_take_word(&rest, SEPARATORS)) {
        has_rules = true;
        if (!read_rule(word, &rule) || !fits(&rule, address) || (found && abs(rule.points) <= abs(*points)))
            continue;
        *points = rule.points;
        found = true;
    }
    if (!has_rules)
        *points = points_of_any;
    return found || !has_rules;
}

static bool is_of_a_list(uint32_t address)
{
    return address >> 24 == 127 && address >> 8 != 0x7FFFFF && address != 0x7F000001;
}

enum dns_meaning dns_answers_mean(const struct dns_query *query, const char *answers, int points_of_any, int *points,
                                  uint32_t *address)
{
    enum dns_meaning meaning = DNS_MEANS_NOT_LISTED;
    *points = 0;
    if (query->outcome != DNS_RECORDS)
        return query->outcome == DNS_NO_RECORD ? DNS_MEANS_NOT_LISTED : DNS_MEANS_NOTHING;
    for (size_t i = 0; i < query->address_count; i++) {
        int own = 0;
        if (!is_of_a_list(query->addresses[i])) {
            *points = 0;
            return DNS_MEANS_NOTHING;
        }
        if (!points_of(query->addresses[i], answers, points_of_any, &own))
            continue;
        if (meaning == DNS_MEANS_LISTED && abs(own) <= abs(*points))
            continue;
        meaning = DNS_MEANS_LISTED;
        *points = own;
        *address = query->addresses[i];
    }
    return meaning;
}
