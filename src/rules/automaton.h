/* automaton.h - all literals of all rules found in one pass over a text
 *
 * The automaton of Aho and Corasick ("Efficient string matching: an aid to bibliographic search", CACM 18(6), 1975),
 * with failure links, its transitions in a double array (Aoe, "An efficient digital search algorithm by using a
 * double-array structure", IEEE TSE 15(9), 1989): 16 bytes a state, and two steps a byte at most over a whole text,
 * whatever text and literals are.  It is one flat piece of memory that can lie in a file.
 *
 *     from state s by byte c:  t = slots[s].base + c, when slots[t].parent is s; else on from slots[s].fail
 *
 * A literal is in it with its first AUTOMATON_PREFIX bytes only; whoever asked compares the rest.  Phrases differ
 * early: of 5,278 phrases in seven languages the automaton has 8,100 states so, 14,800 with 8 bytes, 58,000 with all:
 * each delivery takes the checksum of them.  At most 51 phrases begin alike, with 8 bytes 50.
 */
#ifndef TAMIS_RULES_AUTOMATON_H
#define TAMIS_RULES_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/span.h"

struct automaton_slot {
    uint32_t base;
    uint32_t parent; /* UINT32_MAX: nothing leads here */
    uint32_t fail;   /* the state of the longest proper suffix that is a state */
    uint32_t ending; /* 1 + index of the ending that is met here; 0: none */
};

#define AUTOMATON_PREFIX 6

/* The prefix of one literal ends here; `next` is 1 + index of the ending of another that ends here too, or 0. */
struct automaton_ending {
    uint32_t literal;
    uint32_t next;
};

struct automaton {
    const struct automaton_slot *slots;
    const struct automaton_ending *endings;
    uint32_t slot_count;
    uint32_t ending_count;
};

/* Bytes of all prefixes together at most: each may be a state. */
#define AUTOMATON_MOST_BYTES ((size_t)192 * 1024)

/* How much of a literal is in the automaton. */
static inline size_t automaton_prefix(size_t length)
{
    return length < AUTOMATON_PREFIX ? length : AUTOMATON_PREFIX;
}

/* The automaton for `literals`, which differ and are not empty, in `arena`.  False: too many bytes. */
bool automaton_build(const struct span *literals, size_t count, struct arena *arena, struct automaton *automaton);

/* Calls `found` for every place where the prefix of a literal ends: `end` is behind its last byte. */
typedef void automaton_found(void *context, uint32_t literal, size_t end);
void automaton_scan(const struct automaton *automaton, struct span text, automaton_found *found, void *context);

#endif
