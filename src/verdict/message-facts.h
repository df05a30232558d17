/* message-facts.h - what is told of sender, links and attachments, in a terminal and on a page alike */
#ifndef TAMIS_VERDICT_MESSAGE_FACTS_H
#define TAMIS_VERDICT_MESSAGE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/message.h"
#include "rules/inspection.h"

/* What proves where the message is from, to be followed by the sender's domain; there must be a sender. */
const char *sender_proof(struct inspection *inspection);

/* How well the sender is known to the user, who has sent him so many messages. */
struct span sender_acquaintance(unsigned written_to, struct arena *arena);

/* What stands for a link that has no words: "a picture". */
const char *link_without_words(const struct html_link *link);

/* Did the same link, with the same words, stand before in the list? */
bool link_stood_before(const struct html_link *links, size_t index);

/* Is the part a file that comes along, and not what the message says? */
bool part_is_attachment(const struct part *part);

/* What it does when opened that it should not, as a verb and what belongs to it; NULL: nothing known. */
const char *part_danger(const struct part *part);

#endif
