/* fold.h - text brought to one form: for finding words that senders disguise, and for learning
 *
 * What is undone, and by whom:
 *                                                                  fold_text()   fold_word()
 *     case                    Viagra                                   yes           yes
 *     compatibility forms     full width, ligatures (NFKC)             yes           yes
 *     styled letters          mathematical, circled, small capitals    yes           yes
 *     invisible characters    soft hyphen, zero width                  yes           yes
 *     look-alike letters      Cyrillic 'a' in "paypal"                 yes           yes
 *     diacritics              acute, tilde...                          no            yes
 *     digits and signs        v14gr@                                   no            yes
 *     letters set apart       V.i.a.g.r.a                              no            yes
 *
 * A letter counts as a look-alike only where it poses as a Latin one: in a word that also has Latin letters and whose
 * other letters all look Latin, or in a word all of such letters within Latin text that has no other letter of that
 * script.  So honest Russian, Greek, Turkish, Chinese or Persian text gives counts of 0 for all but `invisible`, and
 * loses nothing.  Source of the look-alikes: Unicode Technical Standard #39, confusables.txt (see fold.c).
 *
 * All text in and out is valid UTF-8.  Linear; memory only from the arena of `out`.
 */
#ifndef TAMIS_UTIL_FOLD_H
#define TAMIS_UTIL_FOLD_H

#include <stdbool.h>

#include "util/buffer.h"
#include "util/span.h"

/* What folding undid.  Added to, never set: one struct may gather a whole message. */
struct fold_counts {
    unsigned invisible;   /* invisible characters removed, wherever they stood (honest mail has them as well) */
    unsigned styled;      /* styled letters made plain ones; full width is not counted, Japanese uses it */
    unsigned look_alikes; /* letters of other scripts that posed as Latin */
    unsigned whole_words; /* words that were made of them alone */
    unsigned leet;        /* fold_word(): digits and signs read as letters; "mp3" has one: no evidence alone */
    unsigned apart;       /* fold_word(): words whose letters were set apart (five letters or more) */
};

/* Appends `text` folded.  ASCII costs some two instructions a byte, and stays as long as it was. */
void fold_text(struct span text, struct buffer *out, struct fold_counts *counts);

/* Appends one word (no white space; punctuation at its ends is dropped) folded as far as it goes.  '1', '!' and '|'
 * become 'i', so a list of words that is matched against the result may have to know "ioan" for "loan".  Gives
 * whether anything was undone that honest writing does not have: false for case, diacritics and compatibility forms. */
bool fold_word(struct span word, struct buffer *out, struct fold_counts *counts);

#endif
