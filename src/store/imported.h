/* imported.h - word counts taken over from another filter: one small file beside the store, which fades away
 *
 * What another filter has learned is counts of words and no messages, so that nothing of it can be learned as
 * lessons are (learn/import.h says what is made of it).  Here it is kept apart from what the user has taught: it is
 * asked together with the user's own counts while these are few, weighs less with every lesson, nothing after
 * IMPORTED_LESSONS_UNTIL_GONE, and can be taken back whole at any time by removing the file.
 *
 * Promises
 *  - Where nothing was imported a delivery pays one failed open(2); once the user's own lessons are enough it is not
 *    opened either.
 *  - Bounded: IMPORTED_ROWS rows of 7 words.  Where a row is full, the words that tell least make room.
 *  - Replaced in one step.  Damage is noticed, never believed, never fatal: a row whose sum is wrong is empty, a
 *    file whose header is wrong, or that was made for another store, is not read.
 *
 * The file, mode 0600, in the machine's byte order; a foreign order has a wrong mark:
 *
 *     header, 128 bytes                              row, 64 bytes, IMPORTED_ROWS of them
 *       0  8  mark "tamis-im"                          as in pairs.tcf (record.h), of a table with so many; `day` is 0
 *       8  4  version, 1
 *      12  4  IMPORTED_ROWS
 *      16  8  key of the store
 *      24  8  ham messages, as the other filter said
 *      32  8  spam messages
 *      40  4  ham lessons that the counts stand for, at most IMPORTED_LESSONS_MOST
 *      44  4  spam lessons
 *      48 32  name of the other filter, zeros behind it
 *      80 40  0
 *     120  8  sum of bytes 0-119
 */
#ifndef TAMIS_STORE_IMPORTED_H
#define TAMIS_STORE_IMPORTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "store/store.h"
#include "util/failure.h"
#include "util/text-lines.h"

#define IMPORTED_FILE "imported"
#define IMPORTED_ROWS (1u << 13) /* 512 KB */
/* What another filter has seen counts for at most so many lessons of a class: enough to know words by, soon
 * outweighed. */
#define IMPORTED_LESSONS_MOST 1000u
/* With so many lessons of one's own nothing of it is left. */
#define IMPORTED_LESSONS_UNTIL_GONE 1000u

struct imported_about {
    char from[32];        /* "bogofilter" */
    uint64_t messages[2]; /* [label] */
    uint32_t lessons[2];  /* [label] */
};

struct imported;

/* Opens what was imported into the store of this key; NULL when there is nothing, which is no failure
 * (failure->kind stays FAILURE_NONE), or when it cannot be believed. */
struct imported *imported_open(const char *directory, uint64_t key, struct failure *failure);

/* NULL inside is allowed. */
void imported_close(struct imported **imported);

const struct imported_about *imported_about(const struct imported *imported);

/* Adds to the user's own counts, and to the number of lessons they come from, what was imported, as far as `own`
 * lessons (of both labels) leave anything of it.  NULL is allowed. */
void imported_add(const struct imported *imported, uint64_t own, const uint32_t *features, size_t count,
                  struct pair_counts *counts, uint64_t lessons[2]);

/* How many words are in it, and how many rows are damaged. */
void imported_count(const struct imported *imported, uint64_t *words, uint64_t *bad_rows);

/* --- making ------------------------------------------------------------------------------------------------------- */

/* An empty one in memory.  NULL without memory. */
struct imported *imported_new(uint64_t key, const struct imported_about *about);

/* Sets the counts of a feature, unless there is no room for it among such as tell more. */
void imported_put(struct imported *imported, uint32_t feature, struct pair_counts counts);

/* Replaces what was imported before. */
bool imported_save(const struct imported *imported, const char *directory, struct failure *failure);

/* Takes everything that was imported back.  True as well when there was nothing (`*was_there` says). */
bool imported_remove(const char *directory, bool *was_there, struct failure *failure);

/* --- text, for dump and load: tamis-store(5) ---------------------------------------------------------------------- */

/* Writes the section "tamis-imported". */
void imported_write_text(const struct imported *imported, FILE *file);

/* Reads what stands behind that word's line.  NULL and `failure`. */
struct imported *imported_read_text(struct text_lines *lines, struct failure *failure);

#endif
