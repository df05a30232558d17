/* test-arena.c - memory that ends with its message, and never passes its ceiling */
#include "unit.h"

#include <setjmp.h>

#include "util/arena.h"

static jmp_buf out_of_arena;

static void leave(void *context)
{
    (void)context;
    longjmp(out_of_arena, 1);
}

static void memory_is_zeroed_and_aligned(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    for (size_t size = 0; size < 300; size += 7) {
        char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
    }
    arena_free(arena);
}

/* In a block that others share, in one of its own, and where another list was freed. */
static void lists_are_writable_and_apart(void **state)
{
    static const size_t lengths[] = { 0, 1, 100, 4000, 30000, 7 };
    for (int round = 0; round < 2; round++) {
        struct arena *arena = arena_new(1 << 20);
        unsigned *lists[6], *zeroed = NULL;
        for (size_t i = 0; i < 6; i++) {
            lists[i] = arena_new_list(arena, unsigned, lengths[i]);
            assert_int_equal((uintptr_t)lists[i] % _Alignof(max_align_t), 0);
            memset(lists[i], 0xA0 + (int)i, lengths[i] * sizeof *lists[i]);
            zeroed = arena_new_array(arena, unsigned, 100);
            for (size_t j = 0; j < 100; j++)
                assert_int_equal(zeroed[j], 0);
        }
        for (size_t i = 0; i < 6; i++)
            for (size_t j = 0; j < lengths[i]; j++)
                assert_int_equal(lists[i][j], 0x01010101u * (0xA0 + i));
        arena_free(arena);
    }
}

static void arrays_grow(void **state)
{
    static const struct {
        size_t count, want; /* elements added one by one, and the room there is then */
    } cases[] = { { 0, 0 }, { 1, 16 }, { 16, 16 }, { 17, 32 }, { 32, 32 }, { 33, 64 }, { 1000, 1024 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        size_t capacity = 0;
        uint32_t *items = NULL;
        for (uint32_t count = 0; count < cases[i].count; count++) {
            items = arena_grow(arena, items, count, &capacity, sizeof *items);
            assert_int_equal(items[count], 0);
            items[count] = count + 1;
            memset(arena_alloc(arena, 100), 0xAA, 100); /* what comes behind it is not in its way */
        }
        for (uint32_t at = 0; at < cases[i].count; at++)
            assert_int_equal(items[at], at + 1);
        assert_int_equal(capacity, cases[i].want);
        arena_free(arena);
    }
}

static void ceiling_is_never_passed(void **state)
{
    struct arena *arena = arena_new(4096);
    arena_on_exhausted(arena, leave, NULL);
    volatile size_t handed_out = 0;
    if (setjmp(out_of_arena) == 0)
        for (;;) {
            arena_alloc(arena, 100);
            handed_out += 100;
        }
    assert_true(handed_out > 3000 && handed_out <= 4096);
    assert_true(arena_used(arena) <= 4096);
    arena_free(arena);
}

static void overflowing_product_is_refused(void **state)
{
    struct arena *arena = arena_new(4096);
    arena_on_exhausted(arena, leave, NULL);
    volatile int refused = 1;
    if (setjmp(out_of_arena) == 0) {
        arena_alloc_array(arena, SIZE_MAX / 2, 4);
        refused = 0;
    }
    assert_true(refused);
    if (setjmp(out_of_arena) == 0) {
        arena_alloc_unset(arena, SIZE_MAX / 2, 4);
        refused = 0;
    }
    assert_true(refused);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(lists_are_writable_and_apart),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(ceiling_is_never_passed),
        cmocka_unit_test(overflowing_product_is_refused),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
