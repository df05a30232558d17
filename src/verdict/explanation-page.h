/* explanation-page.h - what lies behind a judgement, as a part of an HTML page
 *
 * One <article> a message, to stand between page_start() and page_end() (page.h).  Its sections: the verdict on a
 * scale, who wrote and what proves it, every reason with a bar, what others said, the words that spoke loudest, the
 * text with what it hides put back into its place, links as what they say against where they go, the path, the
 * attachments.  Written inside the child that has the message; nothing of the message becomes markup (page_escape()).
 */
#ifndef TAMIS_VERDICT_EXPLANATION_PAGE_H
#define TAMIS_VERDICT_EXPLANATION_PAGE_H

#include "util/buffer.h"
#include "verdict/explanation.h"

/* However hostile the message, an article takes no more than this. */
#define EXPLANATION_PAGE_MOST ((size_t)3 * 1024 * 1024)

void explanation_page(const struct explanation *explanation, struct buffer *out);

#endif
