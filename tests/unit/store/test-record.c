/* test-record.c - checksums notice what happens to disks, and full rows make room in the order that is written down */
#include "unit.h"

#include "store/record.h"

#define KEY UINT64_C(0x1122334455667788)

static const struct {
    const char *name;
    enum table table;
    uint32_t number;
} sealed_rows[] = {
    { "weights", TABLE_WEIGHTS, 3 },
    { "meta", TABLE_WEIGHTS, META_ROW },
    { "pairs", TABLE_PAIRS, 0xABCD },
    { "ledger", TABLE_LEDGER, 17 },
};

static void each_flipped_bit_is_noticed(void **state)
{
    for (size_t i = 0; i < sizeof sealed_rows / sizeof sealed_rows[0]; i++) {
        uint64_t row[ROW_BYTES_MOST / 8];
        unsigned char *bytes = (unsigned char *)row;
        uint32_t size = table_row_bytes[sealed_rows[i].table];
        for (uint32_t at = 0; at < size; at++)
            bytes[at] = (unsigned char)(at * 7 + at / 256);
        record_seal(row, sealed_rows[i].table, sealed_rows[i].number, KEY);
        assert_true(record_is_sound(row, sealed_rows[i].table, sealed_rows[i].number, KEY));
        for (uint32_t bit = 0; bit < size * 8; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
            if (record_is_sound(row, sealed_rows[i].table, sealed_rows[i].number, KEY))
                fail_msg("%s: bit %u flipped and not noticed", sealed_rows[i].name, bit);
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
    }
}

static void a_row_belongs_to_its_place_and_user(void **state)
{
    uint64_t row[ROW_BYTES_MOST / 8] = { 0 };
    pair_add((struct pair_row *)row, 5, LABEL_SPAM, 1);
    record_seal(row, TABLE_PAIRS, 9, KEY);
    assert_true(record_is_sound(row, TABLE_PAIRS, 9, KEY));
    assert_false(record_is_sound(row, TABLE_PAIRS, 10, KEY));
    assert_false(record_is_sound(row, TABLE_PAIRS, 9, KEY + 1));
    assert_false(record_is_sound(row, TABLE_LEDGER, 9, KEY));
}

static void zeroed_and_swapped_halves_are_noticed(void **state)
{
    struct weight_row row = { 0 }, damaged;
    assert_false(record_is_sound(&row, TABLE_WEIGHTS, 0, KEY));
    for (size_t i = 0; i < WEIGHTS_PER_ROW; i++)
        row.weights[i] = (int16_t)(i * 37);
    record_seal(&row, TABLE_WEIGHTS, 0, KEY);
    assert_true(record_is_sound(&row, TABLE_WEIGHTS, 0, KEY));
    damaged = row;
    memset(damaged.weights + 256, 0, 512);
    assert_false(record_is_sound(&damaged, TABLE_WEIGHTS, 0, KEY));
    damaged = row;
    memcpy(damaged.weights, row.weights + 512, 1024);
    memcpy(damaged.weights + 512, row.weights, 1024);
    assert_false(record_is_sound(&damaged, TABLE_WEIGHTS, 0, KEY));
}

static void rows_of_zeros_are_empty(void **state)
{
    struct pair_row row = { 0 };
    record_seal(&row, TABLE_PAIRS, 1, KEY);
    assert_true(record_is_empty(&row, TABLE_PAIRS));
    row.slots[6].day = 1;
    assert_false(record_is_empty(&row, TABLE_PAIRS));
}

static void the_worked_example_holds(void **state)
{
    const uint8_t want[8] = { 0x34, 0x12, 0x01, 0x00, 0x00, 0x00, 0xE6, 0x4F };
    struct pair_row row = { 0 };
    uint16_t one = 1;
    if (*(const uint8_t *)&one != 1)
        skip();
    assert_int_equal(pair_row_of(0xABCD1234, 1u << 16), 0xABCD);
    pair_add(&row, pair_check_of(0xABCD1234), LABEL_SPAM, 20454);
    assert_memory_equal(&row.slots[0], want, sizeof want);
}

static void pair_slots_stay_sorted_and_come_back_to_nothing(void **state)
{
    const uint16_t checks[] = { 500, 3, 65535, 0, 77, 1000, 42 };
    struct pair_row row = { 0 }, empty = { 0 };
    for (size_t i = 0; i < PAIR_SLOTS; i++)
        pair_add(&row, checks[i], i % 2 ? LABEL_HAM : LABEL_SPAM, 9);
    for (int i = 1; i < PAIR_SLOTS; i++)
        assert_true(row.slots[i - 1].check < row.slots[i].check);
    assert_int_equal(pair_find(&row, 0)->ham, 1);
    assert_int_equal(pair_find(&row, 65535)->spam, 1);
    assert_null(pair_find(&row, 4));
    for (size_t i = 0; i < PAIR_SLOTS; i++)
        pair_take(&row, checks[i], i % 2 ? LABEL_HAM : LABEL_SPAM);
    assert_memory_equal(&row, &empty, sizeof row);
}

static void a_full_pair_row_evicts_the_lowest_then_the_oldest(void **state)
{
    struct pair_row row = { 0 };
    for (uint16_t check = 0; check < PAIR_SLOTS; check++)
        pair_add(&row, check, LABEL_HAM, (uint16_t)(check == 4 ? 10 : 20));
    pair_add(&row, 4, LABEL_SPAM, 30); /* oldest, but seen twice */
    row.slots[2].day = 15;
    pair_add(&row, 100, LABEL_SPAM, 40);
    assert_null(pair_find(&row, 2));
    assert_non_null(pair_find(&row, 4));
    assert_int_equal(pair_find(&row, 100)->spam, 1);
}

static void days_wrap_around(void **state)
{
    struct pair_row row = { 0 };
    for (uint16_t check = 0; check < PAIR_SLOTS; check++)
        pair_add(&row, check, LABEL_HAM, (uint16_t)(65530 + check)); /* the last of them is day 0 */
    pair_add(&row, 100, LABEL_HAM, 5);
    assert_null(pair_find(&row, 0));
    assert_non_null(pair_find(&row, 6));
}

static void counts_saturate_and_stay(void **state)
{
    struct pair_row row = { .slots = { { .check = 1, .spam = UINT16_MAX - 1 } } };
    pair_add(&row, 1, LABEL_SPAM, 0);
    pair_add(&row, 1, LABEL_SPAM, 0);
    assert_int_equal(row.slots[0].spam, UINT16_MAX);
    pair_take(&row, 1, LABEL_SPAM);
    assert_int_equal(row.slots[0].spam, UINT16_MAX);
    pair_take(&row, 2, LABEL_SPAM); /* not there */
    assert_int_equal(row.slots[0].spam, UINT16_MAX);
    pair_take(&row, 1, LABEL_HAM);
    assert_int_equal(row.slots[0].ham, 0);
}

static const struct {
    int weight, step, want;
} weight_sums[] = {
    { 0, 5, 5 }, { 5, -5, 0 }, { 32767, 1, 32767 }, { 32760, 100, 32767 }, { -32760, -100, -32767 }, { -5, 32767,
                                                                                                      32762 },
};

static void weights_saturate(void **state)
{
    for (size_t i = 0; i < sizeof weight_sums / sizeof weight_sums[0]; i++)
        assert_int_equal(weight_add((int16_t)weight_sums[i].weight, weight_sums[i].step), weight_sums[i].want);
}

static void ledger_entries_survive_packing(void **state)
{
    const uint8_t identity[16] = { 1, 2, 3 };
    for (int i = 0; i < 16; i++) {
        struct ledger_entry entry = { .label = (enum label)(i & 1), .source = (enum label_source)(i >> 2 & 3),
                                      .weight_step = (int16_t)(-300 + i), .pair_step = i >> 1 & 1, .bins = { 1, 255, 0,
                                                                                                            7 },
                                      .canon_version = 200, .feature_check = 0xDEADBEEF, .when = 4294967280 + i }, back;
        struct ledger_slot slot;
        ledger_pack(identity, &entry, &slot);
        ledger_unpack(&slot, &back);
        assert_int_equal(back.label, entry.label);
        assert_int_equal(back.source, entry.source);
        assert_int_equal(back.weight_step, entry.weight_step);
        assert_int_equal(back.pair_step, entry.pair_step);
        assert_memory_equal(back.bins, entry.bins, sizeof back.bins);
        assert_int_equal(back.canon_version, entry.canon_version);
        assert_int_equal(back.feature_check, entry.feature_check);
        assert_int_equal(back.when, entry.when);
    }
}

static void times_beyond_the_ledger_are_cut(void **state)
{
    static const struct {
        int64_t when, want;
    } times[] = { { -1, 0 }, { 0, 0 }, { 4294967295, 4294967295 }, { 4294967296, 4294967295 }, { INT64_MIN, 0 } };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        assert_int_equal(ledger_seconds(times[i].when), times[i].want);
}

static void a_full_ledger_row_evicts_the_oldest(void **state)
{
    struct ledger_row row = { 0 };
    struct ledger_slot slot;
    for (uint8_t i = 0; i < LEDGER_SLOTS; i++) {
        const uint8_t identity[16] = { (uint8_t)(i * 37) };
        struct ledger_entry entry = { .when = 1000 - i };
        ledger_pack(identity, &entry, &slot);
        assert_true(ledger_add(&row, &slot));
    }
    const uint8_t oldest[16] = { (uint8_t)((LEDGER_SLOTS - 1) * 37) }, new_one[16] = { 255 };
    ledger_pack(new_one, &(struct ledger_entry){ .when = 5000 }, &slot);
    assert_false(ledger_add(&row, &slot));
    assert_null(ledger_find(&row, oldest));
    assert_int_equal(ledger_find(&row, new_one)->when, 5000);
    assert_true(ledger_remove(&row, new_one));
    assert_false(ledger_remove(&row, new_one));
    for (int i = 1; i < LEDGER_SLOTS - 1; i++)
        assert_true(memcmp(row.slots[i - 1].identity, row.slots[i].identity, LEDGER_IDENTITY) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_flipped_bit_is_noticed),
        cmocka_unit_test(a_row_belongs_to_its_place_and_user),
        cmocka_unit_test(zeroed_and_swapped_halves_are_noticed),
        cmocka_unit_test(rows_of_zeros_are_empty),
        cmocka_unit_test(the_worked_example_holds),
        cmocka_unit_test(pair_slots_stay_sorted_and_come_back_to_nothing),
        cmocka_unit_test(a_full_pair_row_evicts_the_lowest_then_the_oldest),
        cmocka_unit_test(days_wrap_around),
        cmocka_unit_test(counts_saturate_and_stay),
        cmocka_unit_test(weights_saturate),
        cmocka_unit_test(ledger_entries_survive_packing),
        cmocka_unit_test(times_beyond_the_ledger_are_cut),
        cmocka_unit_test(a_full_ledger_row_evicts_the_oldest),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
