/* arena.h - memory that lives exactly as long as one message
 *
 * Everything parsed out of one message is allocated from that message's arena and dies with it in one call; nothing in
 * it is freed singly.  The arena has a ceiling, so that no message can make the process grow without bound: an
 * allocation that would pass it, or that the system refuses, does not return.  It calls the arena's `exhausted`
 * handler, or, where none is set, ends the process with exit status EX_TEMPFAIL (75).  Messages are read in an isolated
 * child (see child.h), so that end costs the message nothing but its judgement.
 *
 * Memory is aligned for any type, and zeroed where the name does not say otherwise.
 */
#ifndef TAMIS_UTIL_ARENA_H
#define TAMIS_UTIL_ARENA_H

#include <stddef.h>

#include "util/span.h"

struct arena;

/* A new arena that hands out at most `ceiling` bytes.  Never NULL. */
struct arena *arena_new(size_t ceiling);

/* Frees the arena and everything in it.  NULL is allowed. */
void arena_free(struct arena *arena);

/* Called instead of ending the process when the ceiling is met; must not return (_exit, longjmp). */
void arena_on_exhausted(struct arena *arena, void (*handler)(void *context), void *context);

/* `size` zeroed bytes; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` zeroed objects; the product is checked for overflow. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* The same, not zeroed: for a list that is filled from its start and read no further, with room for more than it mostly
 * gets.  A page of it that is not reached costs nothing. */
void *arena_alloc_unset(struct arena *arena, size_t count, size_t size);

/* Gives the array, whose `count` elements of `size` bytes may have moved, with room for one more; `*capacity`, 0 with
 * `items` NULL at first, is kept here.  It doubles, so that what is left behind in the arena is less than the array. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* A copy of `text` in the arena, followed by a NUL byte that the span does not count. */
struct span arena_copy(struct arena *arena, struct span text);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

#define arena_new_object(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_new_array(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))
#define arena_new_list(arena, type, most) ((type *)arena_alloc_unset((arena), (most), sizeof(type)))

#endif
