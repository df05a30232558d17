/* test-sum.c - a checksum that notices, at every length */
#include "unit.h"

#include "util/sum.h"

static void every_changed_byte_is_noticed(void **state)
{
    unsigned char bytes[200];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7);
    for (size_t length = 0; length <= sizeof bytes; length++) {
        uint64_t want = sum_bytes(bytes, length, 1);
        assert_true(sum_bytes(bytes, length, 1) == want);
        assert_true(sum_bytes(bytes, length, 2) != want);
        for (size_t i = 0; i < length; i++) {
            bytes[i] ^= 0x10;
            if (sum_bytes(bytes, length, 1) == want)
                fail_msg("byte %zu of %zu changed and not noticed", i, length);
            bytes[i] ^= 0x10;
        }
    }
}

static void order_and_length_matter(void **state)
{
    unsigned char bytes[96] = { 0 };
    uint64_t zeros = sum_bytes(bytes, sizeof bytes, 0);
    assert_true(sum_bytes(bytes, 64, 0) != zeros || sum_bytes(bytes, 65, 0) != zeros);
    bytes[0] = 1;
    uint64_t first = sum_bytes(bytes, sizeof bytes, 0);
    bytes[0] = 0;
    bytes[32] = 1; /* the same lane, one step later */
    assert_true(sum_bytes(bytes, sizeof bytes, 0) != first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(order_and_length_matter),
    };
    return cmocka_run_group_tests_name("sum", tests, NULL, NULL);
}
