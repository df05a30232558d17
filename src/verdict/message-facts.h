/* message-facts.h - what is told of links and attachments, in a terminal and on a page alike */
#ifndef TAMIS_VERDICT_MESSAGE_FACTS_H
#define TAMIS_VERDICT_MESSAGE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/message.h"

/* What stands for a link that has no words: "a picture". */
const char *link_without_words(const struct html_link *link);

/* Did the same link, with the same words, stand before in the list? */
bool link_stood_before(const struct html_link *links, size_t index);

/* Is the part a file that comes along, and not what the message says? */
bool part_is_attachment(const struct part *part);

/* What it does when opened that it should not, as it follows "It "; NULL: nothing known. */
const char *part_danger(const struct part *part);

#endif
