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
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(ceiling_is_never_passed),
        cmocka_unit_test(overflowing_product_is_refused),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
