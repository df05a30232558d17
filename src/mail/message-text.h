/* message-text.h - the text of a message: what its parts say, put together as its reader sees it
 *
 * What goes into which text is said in message.h.  Where all text is of one kind and all of it is seen, visible_text
 * is the same bytes as plain_text or html_text.
 */
#ifndef TAMIS_MAIL_MESSAGE_TEXT_H
#define TAMIS_MAIL_MESSAGE_TEXT_H

#include "mail/message.h"

/* Reads the MIME structure, the parts and their text into `message`, whose header is already there. */
void message_text_read(struct message *message, struct arena *arena);

#endif
