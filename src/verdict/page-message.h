/* page-message.h - what a message is made of, as sections of an HTML page
 *
 * One function a section; each shows a bounded part and says how much it left out.
 */
#ifndef TAMIS_VERDICT_PAGE_MESSAGE_H
#define TAMIS_VERDICT_PAGE_MESSAGE_H

#include "util/buffer.h"
#include "verdict/explanation.h"

/* Who wrote to whom about what, and what proves it. */
void page_sender(const struct explanation *explanation, struct buffer *out);

/* The text as its reader sees it, with what the reader does not see in its place. */
void page_message_text(const struct message *message, struct buffer *out);

/* Links as what they say against where they go; addresses in plain text behind them.  Nothing on the page can be
 * followed. */
void page_links(const struct explanation *explanation, struct buffer *out);

/* The hosts the message says it passed, from ours outwards, and what each says of the one before it. */
void page_path(const struct explanation *explanation, struct buffer *out);

/* Files that come along: what they are called, what they say they are, and what they are. */
void page_attachments(const struct message *message, struct buffer *out);

#endif
