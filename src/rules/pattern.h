/* pattern.h - regular expressions of rules; the only place that includes pcre2
 *
 * Expressions are Perl's, as PCRE2 reads them (pcre2pattern(3)).  Messages choose the text they run on, so every run is
 * bounded, in four ways:
 *   - one attempt, from one place of the text: PATTERN_MATCH_LIMIT steps back, PATTERN_DEPTH_LIMIT of them open;
 *   - memory: PATTERN_HEAP_KIBIBYTES;
 *   - length: long text is looked at in windows of PATTERN_WINDOW bytes, each of which repeats the last PATTERN_OVERLAP
 *     of the one before, so that an expression that is quadratic in its text costs a message what is linear in it;
 *   - one message: PATTERN_MESSAGE_BYTES of text for all expressions together, and, for what no count of steps shows
 *     (PCRE2 counts them for each attempt anew), PATTERN_CPU_MILLISECONDS of processor time, looked at every few dozen
 *     attempts.
 * Who meets a bound gets OUTCOME_COULD_NOT_TELL, never "no match".
 *
 * Compiled expressions are kept in groups that are written and read back as one (pattern_encode, pattern_decode).  What
 * is read back is believed: bytes that were not written by the same PCRE2 on the same kind of machine (pattern_library)
 * crash the process.  The caller sees to that (rule-cache.h).
 */
#ifndef TAMIS_RULES_PATTERN_H
#define TAMIS_RULES_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/check.h"
#include "util/arena.h"
#include "util/failure.h"
#include "util/span.h"

#define PATTERN_MATCH_LIMIT 50000
#define PATTERN_DEPTH_LIMIT 5000
#define PATTERN_HEAP_KIBIBYTES 2000
#define PATTERN_WINDOW ((size_t)8 * 1024)
#define PATTERN_OVERLAP ((size_t)1024)
#define PATTERN_MESSAGE_BYTES ((size_t)16 * 1024 * 1024)
#define PATTERN_CPU_MILLISECONDS 250

/* Expressions that are written and read back together: a group repeats PCRE2's tables (1 KB), and reading it costs
 * memory for each of its members. */
#define PATTERN_GROUP 16

struct pattern; /* one compiled expression; on the heap: pattern_free() */

/* Compiles `expression` under `flags`, letters of PATTERN_FLAGS (tamis-rules(5)).  `bytes`: it will see bytes that need
 * not be UTF-8.  NULL with a reason that says what is wrong and behind which character. */
#define PATTERN_FLAGS "imsxu"
struct pattern *pattern_compile(struct span expression, const char *flags, bool bytes, struct failure *failure);
void pattern_free(struct pattern **pattern);

/* At most PATTERN_GROUP of them as bytes in `arena`; empty when PCRE2 cannot. */
struct span pattern_encode(struct pattern *const *patterns, size_t count, struct arena *arena);

/* And back.  False when the bytes do not hold `count` expressions.  Theirs is the heap. */
bool pattern_decode(struct span bytes, struct pattern **patterns, size_t count);

/* What must be the same where expressions are written and read: version of PCRE2, sizes, byte order. */
#define PATTERN_LIBRARY_SIZE 64
void pattern_library(char out[PATTERN_LIBRARY_SIZE]);

/* What the runs on one message share: memory and what is left of the bounds.  NULL when there is no memory. */
struct pattern_runs;
struct pattern_runs *pattern_runs_start(void);
void pattern_runs_end(struct pattern_runs **runs);

/* Looks for the expression in `subject` from `*from` on; on OUTCOME_HIT `*found` is the match, and `*from` is behind
 * it.  `subject` is valid UTF-8 unless the expression was compiled for bytes. */
enum outcome pattern_find(struct pattern_runs *runs, const struct pattern *pattern, struct span subject, size_t *from,
                          struct span *found);

#endif
