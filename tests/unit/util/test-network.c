/* test-network.c - addresses and networks in CIDR notation */
#include "unit.h"

#include <stdio.h>

#include "util/network.h"

static const struct {
    const char *network, *address;
    bool want;
} members[] = {
    { "192.0.2.0/24", "192.0.2.255", true },
    { "192.0.2.0/24", "192.0.3.0", false },
    { "192.0.2.7/24", "192.0.2.1", true },
    { "192.0.2.128/25", "192.0.2.127", false },
    { "192.0.2.128/25", "192.0.2.128", true },
    { "192.0.2.1", "192.0.2.1", true },
    { "192.0.2.1", "192.0.2.2", false },
    { "192.0.2.1/32", "::ffff:192.0.2.1", true },
    { "0.0.0.0/0", "203.0.113.9", true },
    { "0.0.0.0/0", "2001:db8::1", false },
    { "::/0", "203.0.113.9", true },
    { "2001:db8::/32", "2001:db8:ffff::1", true },
    { "2001:db8::/32", "2001:db9::1", false },
    { "2001:db8::/29", "2001:dbf::1", true },
    { "2001:db8::/29", "2001:dc0::1", false },
    { "2001:db8::1", "2001:DB8:0:0::1", true },
    { "192.0.2.0/24", "mail.example.org", false },
    { "192.0.2.0/24", "", false },
    { "192.0.2.0/24", "[192.0.2.1]", false },
};

static void networks_have_their_addresses(void **state)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct network_list list;
        assert_true(network_read_list(span_of(members[i].network), &list));
        if (network_list_has(&list, span_of(members[i].address)) != members[i].want)
            fail_msg("%s in %s: want %d", members[i].address, members[i].network, members[i].want);
    }
}

static const struct {
    const char *address;
    bool ipv4, private;
} addresses[] = {
    { "0.0.0.0", true, true },          { "9.255.255.255", true, false },   { "10.0.0.1", true, true },
    { "100.63.255.255", true, false },  { "100.64.0.0", true, true },       { "100.127.255.255", true, true },
    { "100.128.0.0", true, false },     { "127.255.0.1", true, true },      { "169.254.1.1", true, true },
    { "172.15.255.255", true, false },  { "172.16.0.0", true, true },       { "172.31.255.255", true, true },
    { "172.32.0.0", true, false },      { "192.168.255.1", true, true },    { "192.169.0.1", true, false },
    { "::ffff:10.0.0.1", true, true },  { "203.0.113.9", true, false },     { "::1", false, true },
    { "::2", false, false },            { "2001:db8::1", false, false },    { "fbff::1", false, false },
    { "fc00::1", false, true },         { "fdff::1", false, true },         { "fe80::1", false, true },
    { "febf::1", false, true },         { "fec0::1", false, false },
};

static void addresses_are_of_their_kind(void **state)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct network_address address;
        assert_true(network_read_address(span_of(addresses[i].address), &address));
        if (network_address_is_ipv4(&address) != addresses[i].ipv4 ||
            network_address_is_private(&address) != addresses[i].private)
            fail_msg("%s is taken for another kind", addresses[i].address);
    }
}

static const char *const wrong[] = {
    "192.0.2.0/33",    "192.0.2.0/",
    "192.0.2.0/-1",    "192.0.2.0/024",
    "192.0.2/24",      "192.0.2.0/24/24",
    "2001:db8::/129",  "2001:db8:::/32",
    "2001:db8::%eth0", "example.org",
    "192.0.2.1 x",     "[192.0.2.1]",
    "192.0.2.256",     "/24",
    "192.0.2.1;",
};

static void what_is_none_is_refused(void **state)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct network_list list = { .count = 1 };
        if (network_read_list(span_of(wrong[i]), &list))
            fail_msg("\"%s\" is taken", wrong[i]);
        assert_int_equal(list.count, 0);
        assert_false(network_read_list(span_of(wrong[i]), NULL));
    }
    assert_false(network_read_list(span_make("192.0.2.1\0", 10), NULL));
}

static void lists_are_apart_by_blanks_or_commas(void **state)
{
    struct network_list list;
    assert_true(network_read_list(span_of(" 192.0.2.0/24,2001:db8::/32\t, 203.0.113.9 "), &list));
    assert_int_equal(list.count, 3);
    assert_int_equal(list.items[0].bits, 120);
    assert_int_equal(list.items[1].bits, 32);
    assert_int_equal(list.items[2].bits, 128);
    assert_true(network_read_list(SPAN_EMPTY, &list));
    assert_int_equal(list.count, 0);
}

static void lists_have_a_limit(void **state)
{
    char text[(NETWORK_LIST_MOST + 1) * 16] = "";
    struct network_list list;
    for (size_t i = 0, used = 0; i <= NETWORK_LIST_MOST; i++) {
        assert_int_equal(network_read_list(span_of(text), &list), i <= NETWORK_LIST_MOST);
        assert_int_equal(list.count, i);
        used += (size_t)snprintf(text + used, sizeof text - used, "192.0.2.%zu ", i);
    }
    assert_false(network_read_list(span_of(text), &list));
}

static void networks_are_written(void **state)
{
    static const struct {
        const char *network, *want;
        bool ipv4;
    } rows[] = {
        { "192.0.2.1", "192.0.2.1", true },           { "192.0.2.7/24", "192.0.2.0/24", true },
        { "::ffff:192.0.2.1", "192.0.2.1", true },    { "0.0.0.0/0", "0.0.0.0/0", true },
        { "2001:DB8:0::1", "2001:db8::1", false },    { "2001:db8:1:2:3::/64", "2001:db8:1:2::/64", false },
        { "::/0", "::/0", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct network network;
        char text[NETWORK_TEXT];
        assert_true(network_read(span_of(rows[i].network), &network));
        assert_string_equal(network_write(&network, text), rows[i].want);
        assert_int_equal(network_is_ipv4(&network), rows[i].ipv4);
    }
}

static const struct {
    const char *text, *address; /* NULL: is refused */
    unsigned port;
} endpoints[] = {
    { "192.0.2.1", "192.0.2.1", 0 },
    { "192.0.2.1:53", "192.0.2.1", 53 },
    { "2001:db8::1", "2001:db8::1", 0 },
    { "[2001:db8::1]", "2001:db8::1", 0 },
    { "[2001:db8::1]:65535", "2001:db8::1", 65535 },
    { "[2001:db8::1]:65536", NULL, 0 },
    { "[2001:db8::1]53", NULL, 0 },
    { "[2001:db8::1", NULL, 0 },
    { "192.0.2.1:", NULL, 0 },
    { "192.0.2.1:0", NULL, 0 },
    { "192.0.2.1:-1", NULL, 0 },
    { "192.0.2.1:99999999999999999999", NULL, 0 },
    { "localhost:53", NULL, 0 },
    { "[", NULL, 0 },
    { "[]", NULL, 0 },
    { ":53", NULL, 0 },
    { "", NULL, 0 },
};

static void endpoints_have_an_address_and_a_port(void **state)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        struct network_address got, want;
        unsigned port;
        bool is_read = network_read_endpoint(span_of(endpoints[i].text), &got, &port);
        if (is_read != (endpoints[i].address != NULL))
            fail_msg("\"%s\" is %s", endpoints[i].text, is_read ? "accepted" : "refused");
        if (!is_read)
            continue;
        assert_true(network_read_address(span_of(endpoints[i].address), &want));
        assert_memory_equal(&got, &want, sizeof got);
        assert_int_equal(port, endpoints[i].port);
    }
}

static void an_address_is_in_its_network(void **state)
{
    static const struct {
        const char *address;
        unsigned ipv4_bits, ipv6_bits;
        const char *want;
    } rows[] = {
        { "192.0.2.199", 24, 48, "192.0.2.0/24" },
        { "192.0.2.199", 32, 64, "192.0.2.199" },
        { "192.0.2.199", 0, 64, "0.0.0.0/0" },
        { "::ffff:192.0.2.199", 25, 64, "192.0.2.128/25" },
        { "2001:db8:1:2:3:4:5:6", 24, 48, "2001:db8:1::/48" },
        { "2001:db8:1:2:3:4:5:6", 32, 64, "2001:db8:1:2::/64" },
        { "2001:db8:1:2:3:4:5:6", 32, 128, "2001:db8:1:2:3:4:5:6" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct network_address address;
        char text[NETWORK_TEXT];
        assert_true(network_read_address(span_of(rows[i].address), &address));
        struct network network = network_of(&address, rows[i].ipv4_bits, rows[i].ipv6_bits);
        assert_string_equal(network_write(&network, text), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_have_their_addresses),
        cmocka_unit_test(addresses_are_of_their_kind),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(lists_are_apart_by_blanks_or_commas),
        cmocka_unit_test(lists_have_a_limit),
        cmocka_unit_test(networks_are_written),
        cmocka_unit_test(an_address_is_in_its_network),
        cmocka_unit_test(endpoints_have_an_address_and_a_port),
    };
    return cmocka_run_group_tests_name("networks", tests, NULL, NULL);
}
