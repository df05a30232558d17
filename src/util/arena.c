/* arena.c - memory that lives exactly as long as one message: a list of blocks, cut up front to back */
#include "config.h"

#include "util/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* Large enough that the median message (3 KB) needs one block, small enough to be cheap to zero. */
#define BLOCK_SIZE ((size_t)64 * 1024)
/* AddressSanitizer sees who reads past the end of an object only where that is the end of a block. */
#ifdef TAMIS_SANITIZERS
#define OWN_BLOCK_ABOVE ((size_t)0)
#define GRAIN ((size_t)1)
#else
#define OWN_BLOCK_ABOVE (BLOCK_SIZE / 4)
#define GRAIN (_Alignof(max_align_t))
#endif

/* How many elements an array that grows has room for at first. */
#define FIRST_CAPACITY 16

struct block {
    struct block *previous;
    size_t size;
    size_t used;
    _Alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *blocks;
    size_t ceiling;
    size_t used;
    void (*exhausted)(void *context);
    void *context;
};

struct arena *arena_new(size_t ceiling)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        _exit(EX_TEMPFAIL);
    arena->ceiling = ceiling;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks; block;) {
        struct block *previous = block->previous;
        free(block);
        block = previous;
    }
    free(arena);
}

void arena_on_exhausted(struct arena *arena, void (*handler)(void *context), void *context)
{
    arena->exhausted = handler;
    arena->context = context;
}

static _Noreturn void give_up(struct arena *arena)
{
    if (arena->exhausted)
        arena->exhausted(arena->context);
    _exit(EX_TEMPFAIL);
}

/* A block of its own for a large request goes behind the current one, which stays in use. */
static void *add_block(struct arena *arena, size_t size, bool zeroed)
{
    bool own = size > OWN_BLOCK_ABOVE;
    size_t block_size = own ? size : BLOCK_SIZE;
    bool is_zero = own && zeroed;
    struct block *block = is_zero ? calloc(1, sizeof *block + block_size) : malloc(sizeof *block + block_size);
    if (!block)
        give_up(arena);
    /* A shared block is zeroed as it is handed out: most of the last one never is. */
    if (zeroed && !is_zero)
        memset(block->bytes, 0, size);
    block->previous = NULL;
    block->size = block_size;
    block->used = size;
    if (own && arena->blocks) {
        block->previous = arena->blocks->previous;
        arena->blocks->previous = block;
    } else {
        block->previous = arena->blocks;
        arena->blocks = block;
    }
    return block->bytes;
}

static void *take(struct arena *arena, size_t size, bool zeroed)
{
    if (size > SIZE_MAX - GRAIN)
        give_up(arena);
    size = (size + GRAIN - 1) / GRAIN * GRAIN;
    if (size == 0)
        size = GRAIN;
    if (size > arena->ceiling - arena->used)
        give_up(arena);
    arena->used += size;
    struct block *block = arena->blocks;
    if (block && size <= block->size - block->used) {
        void *memory = block->bytes + block->used;
        block->used += size;
        return zeroed ? memset(memory, 0, size) : memory;
    }
    return add_block(arena, size, zeroed);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return take(arena, size, true);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        give_up(arena);
    return take(arena, count * size, true);
}

void *arena_alloc_unset(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        give_up(arena);
    return take(arena, count * size, false);
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *larger = arena_alloc_array(arena, *capacity, size);
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

struct span arena_copy(struct arena *arena, struct span text)
{
    char *copy = arena_alloc(arena, text.length + 1);
    if (text.length)
        memcpy(copy, text.data, text.length);
    return span_make(copy, text.length);
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
