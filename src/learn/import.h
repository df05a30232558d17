/* import.h - what another filter has learned, read from its dump into word counts that ours can ask (store/imported.h)
 *
 *     bogofilter     bogoutil -d wordlist.db                 WORD SPAM HAM [DAY]          counts of messages
 *     spamprobe      spamprobe export                        HAM,SPAM,FLAGS,"WORDS"       counts of occurrences
 *     SpamAssassin   sa-learn --backup                       v/t/s lines with tabs        counts of messages
 *
 * What these hold are counts of words, and no messages: nothing of it can be learned as lessons are, which need all
 * features of a message and its place in the order of time.  But counts of words are what learner B weighs.  So each
 * word that is cut as ours are becomes the feature it would be in a message, its counts brought down to
 * IMPORTED_LESSONS_MOST messages of a class.  Of a word that stands in several places (bogofilter's "subj:", "head:")
 * the largest counts are taken: at least so many messages had it.  Words of fewer than two messages are left out.
 * bogofilter's "rtrn:" (the envelope) and SpamAssassin's header tokens are of fields or forms that our words have not.
 *
 * SpamAssassin keeps no words either, but five bytes of their SHA-1.  They are found again by hashing words from
 * elsewhere: those in mail the user still has, or any list of words (import_offer_words()).  A word nobody offers is
 * lost.
 *
 * Measured in doc/MEASUREMENTS.md.
 */
#ifndef TAMIS_LEARN_IMPORT_H
#define TAMIS_LEARN_IMPORT_H

#include <stdint.h>
#include <stdio.h>

#include "store/imported.h"
#include "util/failure.h"
#include "util/span.h"

/* Words of one dump; the largest seen (a site-wide spamprobe) has 3 million lines. */
#define IMPORT_WORDS_MOST ((size_t)8 * 1000 * 1000)
/* The longest line; the longest token of these filters has some 100 bytes. */
#define IMPORT_LINE_MOST 4096

struct import;

/* Called now and then with the lines read so far. */
typedef void import_progress(void *context, uint64_t lines);

/* Reads a dump, whose kind its first lines say.  NULL and `failure`, with the number of the line, when it is none.
 * `key`: of the store. */
struct import *import_read(FILE *file, uint64_t key, import_progress *progress, void *context,
                           struct failure *failure);

/* Does it need words (SpamAssassin)? */
bool import_wants_words(const struct import *import);

/* Offers the words of a text. */
void import_offer_words(struct import *import, struct span text);

struct import_summary {
    const char *from;      /* "bogofilter" */
    uint64_t lines, words; /* lines of words in the dump, and features that came of them */
    uint64_t kept;         /* of these, for which there was room */
    uint64_t messages[2];  /* [label] */
};

/* What came of it, to be saved.  NULL and `failure` when it says too little: no ham, no spam, no words. */
struct imported *import_finish(struct import *import, struct import_summary *summary, struct failure *failure);

/* NULL inside is allowed. */
void import_free(struct import **import);

#endif
