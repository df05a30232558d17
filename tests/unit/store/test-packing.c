/* test-packing.c - what was packed comes back, and nothing else does */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "store/packing.h"
#include "util/hash.h"

static void fill(unsigned char *bytes, size_t length, int kind)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = kind == 0 || (kind == 1 && i % 8 != 0) ? 0 : (unsigned char)hash_mix(i);
}

static const struct {
    size_t length, record;
    int kind; /* zeros, records of 8 bytes with 7 zeros, noise */
} cases[] = {
    { 0, 8, 0 }, { 1, 8, 2 }, { 7, 8, 2 }, { 8, 8, 2 }, { 1000, 24, 1 }, { 1001, 24, 2 },
    { PACKING_BYTES_MOST, 2, 0 }, { PACKING_BYTES_MOST, 8, 1 }, { PACKING_BYTES_MOST, 8, 2 },
    { PACKING_BYTES_MOST - 1, 24, 2 },
};

static void what_was_packed_comes_back(void **state)
{
    unsigned char *bytes = malloc(PACKING_BYTES_MOST), *back = malloc(PACKING_BYTES_MOST);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = cases[i].length, room = packing_room(length);
        unsigned char *packed = malloc(room);
        fill(bytes, length, cases[i].kind);
        size_t packed_length = packing_pack(bytes, length, cases[i].record, packed, room);
        assert_in_range(packed_length, 1, room);
        memset(back, 0x55, PACKING_BYTES_MOST);
        assert_true(packing_unpack(packed, packed_length, cases[i].record, back, length));
        assert_memory_equal(back, bytes, length);
        assert_false(packing_unpack(packed, packed_length, cases[i].record, back, length + 1));
        assert_false(packing_unpack(packed, packed_length - 1, cases[i].record, back, length));
        assert_false(length > 0 && packing_unpack(packed, packed_length, cases[i].record, back, length - 1));
        free(packed);
    }
    free(bytes);
    free(back);
}

static void alike_records_become_small_and_too_much_is_refused(void **state)
{
    unsigned char *bytes = malloc(PACKING_BYTES_MOST + 1);
    size_t room = packing_room(PACKING_BYTES_MOST + 1);
    unsigned char *packed = malloc(room);
    fill(bytes, PACKING_BYTES_MOST + 1, 1);
    assert_in_range(packing_pack(bytes, PACKING_BYTES_MOST, 8, packed, room), 1, PACKING_BYTES_MOST / 4);
    assert_int_equal(packing_pack(bytes, PACKING_BYTES_MOST + 1, 8, packed, room), 0);
    assert_int_equal(packing_pack(bytes, PACKING_BYTES_MOST, 8, packed, 10), 0);
    assert_false(packing_unpack(packed, 0, 8, bytes, 8));
    assert_false(packing_unpack((const unsigned char *)"\xff\xff\xff", 3, 8, bytes, 8));
    free(bytes);
    free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_back),
        cmocka_unit_test(alike_records_become_small_and_too_much_is_refused),
    };
    return cmocka_run_group_tests_name("packing", tests, NULL, NULL);
}
