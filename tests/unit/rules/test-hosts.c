/* test-hosts.c - questions about host names and addresses, and the lists of known ones */
#include "unit.h"

#include "rules/hosts.h"
#include "rules/lists.h"

static void names_and_addresses_are_told_apart(void **state)
{
    static const struct {
        const char *text;
        bool name, ipv4, private;
    } cases[] = {
        { "www.example.com", true, false, false },
        { "example.co.uk", true, false, false },
        { "Example.COM", true, false, false },
        { "node.js", false, false, false },
        { "README.md", false, false, false },
        { "3.14", false, false, false },
        { "example", false, false, false },
        { "a..com", false, false, false },
        { ".com", false, false, false },
        { "a b.com", false, false, false },
        { "", false, false, false },
        { "192.0.2.1", false, true, false },
        { "10.1.2.3", false, true, true },
        { "127.0.0.1", false, true, true },
        { "172.16.0.1", false, true, true },
        { "172.32.0.1", false, true, false },
        { "100.64.0.1", false, true, true },
        { "192.168.1", false, false, false },
        { "256.1.1.1", false, false, false },
        { "1.2.3.4.5", false, false, false },
        { "::1", false, false, true },
        { "fe80::1", false, false, true },
        { "fd00::1", false, false, true },
        { "2001:db8::1", false, false, false },
        { "::ffff:10.0.0.1", false, false, true },
        { "fdic.gov", true, false, false },
        { "fcbank.com", true, false, false },
        { "1.2.3.", false, false, false },
        { "0001.2.3.4", false, false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span text = span_of(cases[i].text);
        if (host_looks_like_name(text) != cases[i].name || host_is_ipv4(text) != cases[i].ipv4
            || host_is_private_address(text) != cases[i].private)
            fail_msg("\"%s\": name %d, IPv4 %d, private %d", cases[i].text, host_looks_like_name(text),
                     host_is_ipv4(text), host_is_private_address(text));
    }
}

static void sites_are_compared_by_registrable_domain(void **state)
{
    static const struct {
        const char *a, *b;
        bool want;
    } cases[] = {
        { "www.example.com", "example.com", true },
        { "a.example.com", "b.example.com", true },
        { "example.com", "example.org", false },
        { "a.example.co.uk", "b.example.co.uk", true },
        { "one.co.uk", "two.co.uk", false },
        { "WWW.Example.com", "example.COM", true },
        { "badexample.com", "example.com", false },
        { "one.github.io", "two.github.io", false },
        { "", "example.com", false },
        { "", "", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (host_same_site(span_of(cases[i].a), span_of(cases[i].b)) != cases[i].want)
            fail_msg("%s and %s: want %d", cases[i].a, cases[i].b, cases[i].want);
}

static void brands_are_whole_words_and_own_their_domains(void **state)
{
    static const struct {
        const char *text, *want;
    } names[] = {
        { "PayPal Service", "paypal" }, { "Your Amazon.com order", "amazon" },
        { "Amazonas Reisen", "" },      { "paypal-secure.example", "paypal" },
        { "mypaypal", "" },             { "WELLS FARGO Alert", "wells fargo" },
        { "Wells Smith", "" },          { "", "" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct brand *brand = list_brand_in(span_of(names[i].text));
        struct span got = brand ? brand->word : SPAN_EMPTY;
        if (!span_is(got, names[i].want))
            fail_msg("\"%s\": got \"%.*s\", want \"%s\"", names[i].text, (int)got.length, got.data, names[i].want);
    }
    static const struct {
        const char *word, *host;
        bool want;
    } owned[] = {
        { "amazon", "www.amazon.com", true },      { "amazon", "amazon.de", true },
        { "amazon", "mail.amazon.co.jp", true },   { "amazon", "amazon.evil.com", false },
        { "amazon", "amazon-support.com", false }, { "paypal", "paypal.com.evil.net", false },
        { "paypal", "x.paypal.com", true },        { "amazon", "amazon.com.evil.de", false },
    };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (list_brand_owns(list_brand_in(span_of(owned[i].word)), span_of(owned[i].host)) != owned[i].want)
            fail_msg("%s and %s: want %d", owned[i].word, owned[i].host, owned[i].want);
}

static void lists_hold_hosts_below_theirs(void **state)
{
    assert_true(list_is_free_mail(span_of("GMail.com")));
    assert_false(list_is_free_mail(span_of("notgmail.com")));
    assert_true(list_marks(span_of("x-1.web.app")) & HOST_FREE_HOSTING);
    assert_false(list_marks(span_of("web.app.example.com")) & HOST_FREE_HOSTING);
    assert_true(list_marks(span_of("bit.ly")) & HOST_SHORTENERS);
    assert_false(list_marks(span_of("rabbit.ly")) & HOST_SHORTENERS);
}

/* What the binary search relies on, and what a slip in a list breaks. */
static void the_compiled_lists_are_in_order(void **state)
{
    for (size_t i = 0; i < host_table_count; i++) {
        const char *name = host_table[i].name;
        if (i > 0 && strcmp(host_table[i - 1].name, name) >= 0)
            fail_msg("%s is out of order", name);
        for (const char *at = name; *at; at++)
            if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", *at))
                fail_msg("%s is no host name", name);
        assert_int_not_equal(host_table[i].marks, 0);
        assert_int_equal(list_marks(span_of(name)) & host_table[i].marks, host_table[i].marks);
    }
    for (size_t i = 0; i < redirector_count; i++) {
        assert_true(list_marks(span_of(redirector_table[i].host)) & HOST_REDIRECTORS);
        assert_int_equal(redirector_table[i].path[0], '/');
    }
}

static void names_written_to_look_like_brands_are_known(void **state)
{
    static const struct {
        const char *host;
        bool want;
    } cases[] = {
        { "paypa1.example", true },      { "www.rnicrosoft.example", true },  { "login-arnazon.example", true },
        { "micr0soft.example", true },   { "netfIix.example", true },         { "paypal.com", false },
        { "microsoft.example", false },  { "normal.example", false },         { "dh1.example", false },
        { "spotty.example", false },     { "", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((list_brand_like(span_of(cases[i].host)) != NULL) != cases[i].want)
            fail_msg("%s: want %d", cases[i].host, cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_addresses_are_told_apart),
        cmocka_unit_test(sites_are_compared_by_registrable_domain),
        cmocka_unit_test(brands_are_whole_words_and_own_their_domains),
        cmocka_unit_test(lists_hold_hosts_below_theirs),
        cmocka_unit_test(the_compiled_lists_are_in_order),
        cmocka_unit_test(names_written_to_look_like_brands_are_known),
    };
    return cmocka_run_group_tests_name("hosts", tests, NULL, NULL);
}
