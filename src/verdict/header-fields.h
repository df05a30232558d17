/* header-fields.h - the header fields that carry a verdict
 *
 *   X-Spam-Flag: YES                       only when spam
 *   X-Spam-Status: Yes, score=7.31 required=5.00 tests=HIDDEN_TEXT=2.10,... learned=0.998 version=...
 *   X-Spam-Level: *******                  one a point, at most 50
 *   X-Spam-Score: 7.31 / 5.00              for Sieve spamtest
 *   X-Tamis: id=..., verdict, probability, version
 * The LEARNED entry stands among the tests, so that they add up to the score; learned= is the learners' probability, or
 * none, with store= telling why when that is not for lack of lessons.  X-Tamis has the probability by all evidence.
 *
 * Styles: spamassassin (all of these), bogofilter (X-Bogosity: Spam, tests=bogofilter, spamicity=0.998000, version=...
 * and X-Tamis), minimal (X-Spam-Status and X-Tamis).  An unchecked message gets "X-Spam-Status: Unchecked, reason=..."
 * or "X-Bogosity: Unsure, ...", and X-Tamis.
 */
#ifndef TAMIS_VERDICT_HEADER_FIELDS_H
#define TAMIS_VERDICT_HEADER_FIELDS_H

#include "util/buffer.h"
#include "verdict/verdict.h"

enum header_style { HEADER_STYLE_SPAMASSASSIN, HEADER_STYLE_BOGOFILTER, HEADER_STYLE_MINIMAL };

/* Appends the fields with LF line ends, folded at 78 columns, in pure ASCII. */
void header_fields_write(const struct judgement *judgement, enum header_style style, struct buffer *out);

/* The fields of a message that could not be judged; `why` is one short word or phrase ("crashed", "late"). */
void header_fields_write_unchecked(const char *why, enum header_style style, struct buffer *out);

/* The field of a message in which the virus scanner found `name`, in any style, as SpamAssassin's ClamAV plugin writes
 * it:
 *   X-Spam-Virus: Yes (Eicar-Signature) */
void header_fields_write_infected(struct span name, struct buffer *out);

/* Is this the name of a field that we own and that must go when a sender wrote it?  (X-Spam-*, X-Tamis, X-Bogosity) */
bool header_fields_owned(struct span name);

#endif
