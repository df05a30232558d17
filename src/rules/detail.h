/* detail.h - the particulars of a hit, safe to show anywhere
 *
 * What goes into a detail is read in terminals, logs and reports, and the words quoted in it were chosen by a spammer.
 */
#ifndef TAMIS_RULES_DETAIL_H
#define TAMIS_RULES_DETAIL_H

#include "util/buffer.h"
#include "util/span.h"

#define DETAIL_BYTES 300 /* a whole detail */
#define DETAIL_QUOTE 80  /* one quotation out of the message */

/* Appends text of the message: controls and characters nobody sees or that turn the text around as \u{202E}, invalid
 * bytes as U+FFFD, cut with "..." past DETAIL_QUOTE bytes. */
void detail_quote(struct buffer *detail, struct span text);

/* "host `a' ..." in one call: each %s of `format` takes the next of the two quotations.  Nothing else is formatted.
 * The format is translated (util/translate.h). */
void detail_say(struct buffer *detail, const char *format, struct span first, struct span second);

#endif
