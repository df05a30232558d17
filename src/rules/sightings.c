/* sightings.c - how often the program met what stands in a line of a local list of bad hosts or relays */
#include "rules/sightings.h"

#define DATE_BYTES 10 /* "2026-11-22" */
#define COUNT_DIGITS 10

unsigned sightings_of_line(struct span line)
{
    struct span comment = span_from(line, span_find_byte(line, '#') + 1);
    if (!span_is(span_take_word(&comment, " \t\r"), "trap") ||
        span_take_word(&comment, " \t\r").length != DATE_BYTES)
        return SIGHTINGS_BY_HAND;
    struct span digits = span_take_word(&comment, " \t\r");
    unsigned count = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9' || i >= COUNT_DIGITS - 1)
            return SIGHTINGS_BY_HAND;
        count = count * 10 + (unsigned)(digits.data[i] - '0');
    }
    return count && span_trim(comment).length == 0 ? count : SIGHTINGS_BY_HAND;
}

unsigned sightings_share(unsigned sightings)
{
    static const unsigned shares[SIGHTINGS_ENOUGH] = { 30, 30, 50, 75 };
    return sightings < SIGHTINGS_ENOUGH ? shares[sightings] : 100;
}
