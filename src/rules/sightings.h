/* sightings.h - how often the program met what stands in a line of a local list of bad hosts or relays
 *
 * Mail to a trap adds lines to these lists (senders/dated-list.h): "evil.example  # trap 2026-11-22 3" was met in three
 * such messages, the last time on that day.  A line without that mark was written by a person.
 *
 * Anybody who knows or guesses the address of a trap can have one message sent there that names whatever host he
 * wants blamed, and what honest firms link to stands in spam too.  So one sighting is a hint, and only several are
 * worth what a person's word is.
 */
#ifndef TAMIS_RULES_SIGHTINGS_H
#define TAMIS_RULES_SIGHTINGS_H

#include "util/span.h"

/* More than any number of sightings: a person has written the line. */
#define SIGHTINGS_BY_HAND 1000000001u

/* From this many on a host is held to be bad for certain. */
#define SIGHTINGS_ENOUGH 4

/* Of one line of such a list, without its line end; SIGHTINGS_BY_HAND when it has no mark or a damaged one. */
unsigned sightings_of_line(struct span line);

/* How much of a check's points so many sightings are worth, in percent: from 30 for one to 100 for SIGHTINGS_ENOUGH. */
unsigned sightings_share(unsigned sightings);

#endif
