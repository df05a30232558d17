/* report.h - a judgement in words, for people, and in JSON, for programs
 *
 * For `classify` and `explain`.  Nothing out of a message is ever written raw: controls, invisible and direction
 * characters are escaped, so that no message can move a terminal's cursor or turn a line around.
 */
#ifndef TAMIS_VERDICT_REPORT_H
#define TAMIS_VERDICT_REPORT_H

#include "util/buffer.h"
#include "verdict/json.h"
#include "verdict/verdict.h"

/* One line, for `classify`: "spam     7.31  0.998  cur/1234.host\n".  `source` is the file's name, or empty for
 * standard input. */
void report_line(const struct judgement *judgement, struct span source, struct buffer *out);

/* The sentence the verdict can be said in: "This is spam: 7.31 points, where 5.00 are enough." */
void report_sentence(const struct judgement *judgement, struct buffer *out);

/* What a reason says, not yet escaped: its particulars when they are a sentence of their own, as those of rules are;
 * those of LEARNED and the like are added to what it means in general. */
struct span report_reason(const struct reason *reason, struct arena *arena);

/* The sentence, then one line a reason, heaviest first, then their sum:
 *
 *     This is spam: 7.31 points, where 5.00 are enough (probability 0.9993).
 *
 *         5.00  PROGRAM_ATTACHED  the attachment "invoice.pdf.exe" would run when opened
 *         2.31  LEARNED           what you have taught tamis about such mail: learned from 120 ham and 80 spam
 *       ------
 *         7.31  sum
 */
void report_text(const struct judgement *judgement, struct buffer *out);

/* The members of a judgement into an object that the caller has opened and closes, so that commands can add their
 * own. */
void report_json_members(const struct judgement *judgement, struct json *json);

/* One object and a newline; `source` as above, null when empty. */
void report_json(const struct judgement *judgement, struct span source, struct buffer *out);

/* Appends text out of a message for a terminal: controls, invisible and direction characters as \u{202E}, ill-formed
 * bytes as U+FFFD. */
void report_escape(struct span text, struct buffer *out);

#endif
