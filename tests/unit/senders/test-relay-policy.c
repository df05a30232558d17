/* test-relay-policy.c - which relays are refused, and for how long */
#include "unit.h"

#include "senders/relay-policy.h"

#define NOON 1795348800 /* 22 November 2026 */
#define MINUTE 60
#define DAY 86400

static const struct {
    const char *name, *relay;
    unsigned called_spam, trapped, ham, users;
    int64_t ago, ham_ago; /* seconds */
    enum relay_standing want;
    int64_t refused;      /* seconds, from the last offence on */
} rows[] = {
    { "one message", "203.0.113.7", 1, 0, 0, 2, 0, 0, RELAY_TOO_FEW, 0 },
    { "the first time", "203.0.113.7", 2, 0, 0, 2, 0, 0, RELAY_REFUSED, 30 * MINUTE },
    { "one to a trap", "203.0.113.7", 0, 1, 0, 2, 0, 0, RELAY_REFUSED, 30 * MINUTE },
    { "again", "203.0.113.7", 3, 0, 0, 2, 0, 0, RELAY_REFUSED, 60 * MINUTE },
    { "and again", "203.0.113.7", 3, 1, 0, 2, 0, 0, RELAY_REFUSED, 240 * MINUTE },
    { "for ever", "203.0.113.7", 60000, 60000, 0, 2, 0, 0, RELAY_REFUSED, 7 * DAY },
    { "a moment before its end", "203.0.113.7", 2, 0, 0, 2, 30 * MINUTE - 1, 0, RELAY_REFUSED, 30 * MINUTE },
    { "at its end", "203.0.113.7", 2, 0, 0, 2, 30 * MINUTE, 0, RELAY_OVER, 30 * MINUTE },
    { "only one user", "203.0.113.7", 200, 0, 0, 1, 0, 0, RELAY_TOO_FEW_USERS, 0 },
    { "ham of today", "203.0.113.7", 19, 0, 1, 2, 0, 60, RELAY_SENT_HAM, 0 },
    { "little ham among much spam", "203.0.113.7", 20, 0, 1, 2, 0, 60, RELAY_REFUSED, 7 * DAY },
    { "more ham", "203.0.113.7", 20, 0, 2, 2, 0, 60, RELAY_SENT_HAM, 0 },
    { "ham of long ago", "203.0.113.7", 2, 0, 9, 2, 0, 31 * DAY, RELAY_REFUSED, 30 * MINUTE },
    { "a trusted host", "198.51.100.9", 99, 9, 0, 2, 0, 0, RELAY_OURS, 0 },
    { "a friend", "192.0.2.1", 99, 9, 0, 2, 0, 0, RELAY_OURS, 0 },
    { "a private address", "192.168.1.1", 99, 9, 0, 2, 0, 0, RELAY_OURS, 0 },
    { "this machine", "127.0.0.1", 99, 9, 0, 2, 0, 0, RELAY_OURS, 0 },
    { "this machine, IPv6", "::1", 99, 9, 0, 2, 0, 0, RELAY_OURS, 0 },
    { "a unique local address", "fd00::1", 99, 9, 0, 2, 0, 0, RELAY_OURS, 0 },
    { "an IPv6 network", "2a00:1::1", 2, 0, 0, 2, 0, 0, RELAY_REFUSED, 30 * MINUTE },
    { "a trusted host within its /64", "2a00:2::1", 99, 9, 0, 2, 0, 0, RELAY_OURS, 0 },
};

static void relays_are_judged(void **state)
{
    struct network_list trusted, friends;
    assert_true(network_read_list(span_of("198.51.100.0/24 2a00:2::25"), &trusted));
    assert_true(network_read_list(span_of("192.0.2.1"), &friends));
    const struct relay_policy policy = { .offences = 2, .minutes = 30, .days_most = 7, .spam_per_ham = 20, .users = 2,
                                         .trusted_networks = &trusted, .friend_networks = &friends };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct network_address address;
        assert_true(network_read_address(span_of(rows[i].relay), &address));
        struct relay_record record = { .network = relay_book_network(&address),
                                       .called_spam = rows[i].called_spam,
                                       .trapped = rows[i].trapped,
                                       .ham = rows[i].ham,
                                       .first_spam = NOON - rows[i].ago,
                                       .last_spam = NOON - rows[i].ago,
                                       .last_ham = rows[i].ham ? NOON - rows[i].ham_ago : 0 };
        struct relay_sentence got = relay_judge(&policy, &record, rows[i].users, NOON);
        int64_t refused = got.until ? got.until - record.last_spam : 0;
        if (got.standing != rows[i].want || refused != rows[i].refused)
            fail_msg("%s: got %d for %lld s", rows[i].name, (int)got.standing, (long long)refused);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relays_are_judged),
    };
    return cmocka_run_group_tests_name("relay policy", tests, NULL, NULL);
}
