/* test-dns-answers.c - what DNS lists' answers mean, and which words for them are accepted */
#include "unit.h"

#include "outside/dns-answers.h"

static const struct {
    const char *text;
    bool sound;
} texts[] = {
    { "", true },
    { "127.0.0.2=3", true },
    { " 127.0.0.2=3.25,\t127.0.0.4-127.0.0.7=-4 ", true },
    { "127.0.0.&8=0.5", true },
    { "127.0.0.2", false },
    { "127.0.0.2=", false },
    { "127.0.0.2=x", false },
    { "127.0.0.2=3x", false },
    { "127.0.0.2=3.", false },
    { "127.0.0.2=3.255", false },
    { "127.0.0.2=101", false },
    { "127.0.0.256=3", false },
    { "127.0.0=3", false },
    { "10.0.0.2=3", false },
    { "127.0.0.7-127.0.0.4=3", false },
    { "127.0.0.&8-127.0.0.9=3", false },
    { "127.0.0.&0=3", false },
    { "127.&1.0.2=3", false },
    { "3", false },
    { "zen=3", false },
};

static void texts_are_as_tabled(void **state)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (dns_answers_are_sound(texts[i].text) != texts[i].sound)
            fail_msg("\"%s\" is %s", texts[i].text, texts[i].sound ? "refused" : "accepted");
}

#define RANGES "127.0.0.2=3 127.0.0.4-127.0.0.7=4.5 127.0.0.10-127.0.0.11=0.5 127.0.0.30=-2"
#define BITS "127.0.0.&2=1 127.0.0.&8=3"

static const struct {
    const char *name, *answers;
    enum dns_outcome outcome;
    uint32_t addresses[4];
    enum dns_meaning want;
    int want_points;
    uint32_t want_address;
} cases[] = {
    { "no such name", "", DNS_NO_RECORD, { 0 }, DNS_MEANS_NOT_LISTED, 0, 0 },
    { "no answer", "", DNS_NOT_TOLD, { 0 }, DNS_MEANS_NOTHING, 0, 0 },
    { "any answer", "", DNS_RECORDS, { 0x7F000002 }, DNS_MEANS_LISTED, 200, 0x7F000002 },
    { "an answer by name", RANGES, DNS_RECORDS, { 0x7F000002 }, DNS_MEANS_LISTED, 300, 0x7F000002 },
    { "a range has both ends", RANGES, DNS_RECORDS, { 0x7F000004 }, DNS_MEANS_LISTED, 450, 0x7F000004 },
    { "a range has both ends", RANGES, DNS_RECORDS, { 0x7F000007 }, DNS_MEANS_LISTED, 450, 0x7F000007 },
    { "behind it nothing is said", RANGES, DNS_RECORDS, { 0x7F000008 }, DNS_MEANS_NOT_LISTED, 0, 0 },
    { "the greatest counts", RANGES, DNS_RECORDS, { 0x7F00000A, 0x7F000004, 0x7F000002 }, DNS_MEANS_LISTED, 450,
      0x7F000004 },
    { "a good word", RANGES, DNS_RECORDS, { 0x7F00001E }, DNS_MEANS_LISTED, -200, 0x7F00001E },
    { "a bit", BITS, DNS_RECORDS, { 0x7F00000A }, DNS_MEANS_LISTED, 300, 0x7F00000A },
    { "another bit", BITS, DNS_RECORDS, { 0x7F000002 }, DNS_MEANS_LISTED, 100, 0x7F000002 },
    { "a bit nobody names", BITS, DNS_RECORDS, { 0x7F000004 }, DNS_MEANS_NOT_LISTED, 0, 0 },
    { "you may not ask", "", DNS_RECORDS, { 0x7FFFFFFE }, DNS_MEANS_NOTHING, 0, 0 },
    { "too often", "127.255.255.255=9", DNS_RECORDS, { 0x7FFFFFFF }, DNS_MEANS_NOTHING, 0, 0 },
    { "refused beside a listing", "", DNS_RECORDS, { 0x7F000002, 0x7FFFFFFC }, DNS_MEANS_NOTHING, 0, 0 },
    { "URIBL's refusal", "127.0.0.&1=9", DNS_RECORDS, { 0x7F000001 }, DNS_MEANS_NOTHING, 0, 0 },
    { "a resolver that lies", "", DNS_RECORDS, { 0xC6336401 }, DNS_MEANS_NOTHING, 0, 0 },
};

static void meanings_are_as_tabled(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dns_query query = { .name = "x", .outcome = cases[i].outcome };
        for (; query.address_count < 4 && cases[i].addresses[query.address_count]; query.address_count++)
            query.addresses[query.address_count] = cases[i].addresses[query.address_count];
        int points;
        uint32_t address = 0;
        enum dns_meaning got = dns_answers_mean(&query, cases[i].answers, 200, &points, &address);
        if (got != cases[i].want || points != cases[i].want_points ||
            (got == DNS_MEANS_LISTED && address != cases[i].want_address))
            fail_msg("%s: got %d, %d points of %08x", cases[i].name, (int)got, points, (unsigned)address);
    }
}

static const struct {
    const char *text;
    bool sound;
} servers[] = {
    { "", true },          { "192.0.2.1", true },  { "127.0.0.1:5353", true }, { "2001:db8::1", true },
    { "[::1]:53", true },  { "[::1]", true },      { "localhost", false },     { "127.0.0.1:", false },
    { "127.0.0.1:x", false }, { "127.0.0.1:70000", false }, { "[::1]53", false }, { "127.0.0.1,127.0.0.2", false },
    { "[::1", false },     { "[::1]:x", false },   { "[::1]:", false },        { "127.0.0.1:0", false },
    { "[", false },        { ":53", false },       { "[::1]:65536", false },   { "[::1]:65535", true },
};

static void servers_are_as_tabled(void **state)
{
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
        if (dns_server_is_sound(servers[i].text) != servers[i].sound)
            fail_msg("\"%s\" is %s", servers[i].text, servers[i].sound ? "refused" : "accepted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_as_tabled),
        cmocka_unit_test(meanings_are_as_tabled),
        cmocka_unit_test(servers_are_as_tabled),
    };
    return cmocka_run_group_tests_name("answers of DNS lists", tests, NULL, NULL);
}
