/* test-relays-gather.c - relay books of many users, as text: read with distrust, put together */
#include "unit.h"

#include <stdlib.h>

#include "commands/relays-gather.h"

#define NOON 1795348800 /* 22 November 2026 */

static void lines_are_read_with_distrust(void **state)
{
    static const struct {
        const char *text, *network; /* NULL: refused */
        unsigned called_spam, trapped, ham;
        int64_t first, last, ham_last;
    } rows[] = {
        { "192.0.2.7 1 2 3 4 5 6\n", "192.0.2.7", 1, 2, 3, 4, 5, 6 },
        { "192.0.2.7 1 2 3 4 5 6", "192.0.2.7", 1, 2, 3, 4, 5, 6 },
        { "2001:db8::/64 1 0 0 4 5 0", "2001:db8::/64", 1, 0, 0, 4, 5, 0 },
        { "a network as one host: 0.0.0.0/0 9 0 0 4 5 0", NULL, 0, 0, 0, 0, 0, 0 },
        { "203.0.113.0/24 9 0 0 4 5 0", "203.0.113.0", 9, 0, 0, 4, 5, 0 },
        { "2001::/16 9 0 0 4 5 0", "2001::/64", 9, 0, 0, 4, 5, 0 },
        { "192.0.2.7 99999999999999999999999999 0 0 1 99999999999999999999 0", "192.0.2.7", 65535, 0, 0, 1, NOON, 0 },
        { "192.0.2.7 -1 2 3 4 5 6", NULL, 0, 0, 0, 0, 0, 0 },
        { "192.0.2.7 1 2 3 4 5", NULL, 0, 0, 0, 0, 0, 0 },
        { "192.0.2.7 1 2 3 4 5 6 7", NULL, 0, 0, 0, 0, 0, 0 },
        { "", NULL, 0, 0, 0, 0, 0, 0 },
        { "\n\n \n", NULL, 0, 0, 0, 0, 0, 0 },
        { "example.org 1 2 3 4 5 6\n", NULL, 0, 0, 0, 0, 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gathering gathering = { .now = NOON };
        char network[NETWORK_TEXT];
        relays_gather_text(&gathering, span_of(rows[i].text));
        if (gathering.count != (rows[i].network != NULL))
            fail_msg("\"%s\": %zu relays", rows[i].text, gathering.count);
        if (rows[i].network) {
            const struct relay_record *got = &gathering.relays[0].record;
            assert_string_equal(network_write(&got->network, network), rows[i].network);
            assert_int_equal(got->called_spam, rows[i].called_spam);
            assert_int_equal(got->trapped, rows[i].trapped);
            assert_int_equal(got->ham, rows[i].ham);
            assert_int_equal(got->first_spam, rows[i].first);
            assert_int_equal(got->last_spam, rows[i].last);
            assert_int_equal(got->last_ham, rows[i].ham_last);
        }
        free(gathering.relays);
    }
}

static void users_are_counted_once(void **state)
{
    struct gathering gathering = { .now = NOON };
    relays_gather_text(&gathering, span_of("192.0.2.7 1 0 0 30 40 0\n192.0.2.7 1 0 0 30 40 0\n"
                                           "192.0.2.8 1 0 0 9 9 0\n"));
    relays_gather_text(&gathering, span_of("192.0.2.7 1 1 0 20 50 0\n"));
    relays_gather_text(&gathering, span_of("192.0.2.7 0 0 4 0 0 60\n"));
    relays_merge(&gathering);
    assert_int_equal(gathering.count, 2);
    const struct gathered_relay *got = &gathering.relays[0];
    assert_int_equal(got->users, 2);
    assert_int_equal(got->record.called_spam, 3);
    assert_int_equal(got->record.trapped, 1);
    assert_int_equal(got->record.ham, 4);
    assert_int_equal(got->record.first_spam, 20);
    assert_int_equal(got->record.last_spam, 50);
    assert_int_equal(got->record.last_ham, 60);
    assert_int_equal(gathering.relays[1].users, 1);
    free(gathering.relays);
}

/* Many users with the same relays take no more room than one. */
static void the_same_relays_take_no_more_room(void **state)
{
    struct gathering gathering = { .now = NOON };
    for (unsigned user = 0; user < 200; user++)
        for (unsigned i = 0; i < 500; i++) {
            struct relay_record record = { .called_spam = 1, .first_spam = 1, .last_spam = 1 };
            record.network.address.bytes[14] = (unsigned char)(i / 256);
            record.network.address.bytes[15] = (unsigned char)i;
            relays_gather(&gathering, &record);
        }
    relays_merge(&gathering);
    assert_int_equal(gathering.count, 500);
    assert_int_equal(gathering.relays[499].users, 200);
    assert_true(gathering.room <= 2048);
    assert_false(gathering.full);
    free(gathering.relays);
}

/* More relays than fit are soon done with: sorting all that is there for each of them would take hours. */
static void more_than_fit_are_left_out(void **state)
{
    struct gathering gathering = { .now = NOON };
    for (uint32_t i = 0; i < 2 * GATHERED_RELAYS_MOST; i++) {
        struct relay_record record = { .called_spam = 1, .first_spam = 1, .last_spam = 1 };
        for (int k = 0; k < 4; k++)
            record.network.address.bytes[12 + k] = (unsigned char)(i >> (8 * k));
        relays_gather(&gathering, &record);
    }
    relays_merge(&gathering);
    assert_true(gathering.full);
    assert_int_equal(gathering.count, GATHERED_RELAYS_MOST);
    free(gathering.relays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read_with_distrust),
        cmocka_unit_test(users_are_counted_once),
        cmocka_unit_test(the_same_relays_take_no_more_room),
        cmocka_unit_test(more_than_fit_are_left_out),
    };
    return cmocka_run_group_tests_name("relays of many users", tests, NULL, NULL);
}
