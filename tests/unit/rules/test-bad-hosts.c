/* test-bad-hosts.c - hosts found in the local list, in every form a line may have */
#include "unit.h"

#include "rules/bad-hosts.h"
#include "util/limits.h"

/* Every case asks for the links of this message. */
static const char message_text[] = "Content-Type: text/plain; charset=utf-8\n\n"
                                   "http://www.shop.example/ http://203.0.113.7/x http://xn--bcher-kva.example/\n"
                                   "https://a.b.c.d.deep.example/\n";

static const struct {
    const char *name, *list, *want; /* the listed name; empty: none */
} cases[] = {
    { "empty", "", "" },
    { "the host", "www.shop.example\n", "www.shop.example" },
    { "a domain above", "shop.example\n", "shop.example" },
    { "a top-level domain", "example", "example" },
    { "a name below", "x.www.shop.example\n", "" },
    { "an end that is no domain", "hop.example\n", "" },
    { "an address", "203.0.113.7\n", "203.0.113.7" },
    { "the end of an address", "113.7\n", "" },
    { "upper case, blanks, CRLF", "  Shop.EXAMPLE \r\n", "shop.example" },
    { "behind others and comments", "# bad ones\n\nother.example # why\nshop.example # why\n", "shop.example" },
    { "commented out", "# shop.example\n", "" },
    { "a whole address", "https://www.Shop.example/login?a=b\n", "www.shop.example" },
    { "a host with a port", "http://shop.example:8080\n", "shop.example" },
    { "in its own letters", "b\xC3\xBC" "cher.example\n", "xn--bcher-kva.example" },
    { "in punycode", "XN--BCHER-KVA.example\n", "xn--bcher-kva.example" },
    { "far above", "deep.example", "deep.example" },
    { "the one met most often", "www.shop.example  # trap 2026-11-22 2\nshop.example  # trap 2026-11-22 9\n"
      "203.0.113.7  # trap 2026-11-22 3\n", "shop.example" },
    { "a person's word before any count", "shop.example  # trap 2026-11-22 9\n203.0.113.7\n", "203.0.113.7" },
    { "no host", "this is no host\n://\n/\n", "" },
};

static void listed_hosts_are_found(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        const struct message *message = message_parse(span_of(message_text), arena);
        const struct url *url = NULL;
        struct span listed = SPAN_EMPTY;
        unsigned sightings;
        bool found = bad_hosts_find(span_of(cases[i].list), message, arena, &url, &listed, &sightings);
        if (found != (cases[i].want[0] != '\0') || !span_is(listed, cases[i].want))
            fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].name, (int)listed.length,
                     listed.data ? listed.data : "", cases[i].want);
        arena_free(arena);
    }
}

static void a_message_without_links_is_not_looked_up(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct message *message = message_parse(span_of("Subject: hello\n\nshop.example\n"), arena);
    const struct url *url;
    struct span listed;
    unsigned sightings;
    assert_false(bad_hosts_find(span_of("shop.example\n"), message, arena, &url, &listed, &sightings));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listed_hosts_are_found),
        cmocka_unit_test(a_message_without_links_is_not_looked_up),
    };
    return cmocka_run_group_tests_name("bad-hosts", tests, NULL, NULL);
}
