/* test-array.c - arrays that grow keep what they hold, and what they were when there is no memory */
#include "unit.h"

#include <stdlib.h>

#include "util/array.h"

static bool no_memory;

void *__real_reallocarray(void *items, size_t count, size_t size);
void *__wrap_reallocarray(void *items, size_t count, size_t size);

void *__wrap_reallocarray(void *items, size_t count, size_t size)
{
    return no_memory ? NULL : __real_reallocarray(items, count, size);
}

static void elements_stay_while_it_grows(void **state)
{
    size_t *numbers = NULL, capacity = 0;
    for (size_t count = 0; count < 5 * ARRAY_FIRST; count++) {
        numbers = array_grow(numbers, count, &capacity, sizeof *numbers);
        assert_non_null(numbers);
        assert_true(capacity > count);
        numbers[count] = count;
    }
    for (size_t i = 0; i < 5 * ARRAY_FIRST; i++)
        assert_int_equal(numbers[i], i);
    assert_int_equal(capacity, 8 * ARRAY_FIRST);
    free(numbers);
}

static void without_memory_it_stays_as_it_was(void **state)
{
    size_t capacity = 0;
    char *bytes = array_grow(NULL, 0, &capacity, 1);
    assert_non_null(bytes);
    bytes[0] = 'x';
    no_memory = true;
    assert_null(array_grow(bytes, capacity, &capacity, 1));
    no_memory = false;
    assert_int_equal(capacity, ARRAY_FIRST);
    assert_int_equal(bytes[0], 'x');
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_stay_while_it_grows),
        cmocka_unit_test(without_memory_it_stays_as_it_was),
    };
    return cmocka_run_group_tests_name("array", tests, NULL, NULL);
}
