/* test-url.c - hosts as a browser finds them, and URLs in text as mail programs link them
 *
 * The host cases follow the questions that the Web Platform Tests ask (url/resources/urltestdata.json): number forms of
 * IPv4, percent-encoding, full-width letters, TAB and line ends, backslashes, userinfo, ports, IDN, missing slashes.
 */
#include "unit.h"

#include <stdio.h>

#include "mail/url.h"
#include "util/limits.h"

struct host_case {
    const char *name;
    const char *input;
    const char *host; /* NULL: no URL */
    const char *marks; /* a address, o obfuscated, i international */
};

static const struct host_case host_cases[] = {
    { "plain", "http://example.com/a", "example.com", "" },
    { "upper case", "HTTP://EXAMPLE.COM", "example.com", "" },
    { "final dot", "http://example.com./", "example.com", "" },
    { "no slashes", "https:evil.com", "evil.com", "" },
    { "one slash", "https:/evil.com/x", "evil.com", "" },
    { "four slashes", "https:////evil.com", "evil.com", "" },
    { "backslashes", "http:\\\\evil.com\\@good.com/", "evil.com", "" },
    { "backslash ends host", "http://evil.com\\.good.com/", "evil.com", "" },
    { "userinfo", "http://good.com@evil.com/", "evil.com", "" },
    { "two at signs", "http://good.com@x@evil.com/", "evil.com", "" },
    { "at sign in path", "http://good.com/@evil.com", "good.com", "" },
    { "at sign in query", "http://good.com?@evil.com", "good.com", "" },
    { "at sign in fragment", "http://good.com#@evil.com", "good.com", "" },
    { "tab in host", "http://ev\til.com", "evil.com", "" },
    { "line end in scheme", "ht\ntp://evil.com", "evil.com", "" },
    { "CR LF in host", "http://evil\r\n.com", "evil.com", "" },
    { "leading control characters", "\x01 http://evil.com \x02", "evil.com", "" },
    { "port", "http://evil.com:8080/", "evil.com", "" },
    { "empty port", "http://evil.com:/", "evil.com", "" },
    { "port too large", "http://evil.com:65536/", NULL, "" },
    { "port of letters", "http://evil.com:a/", NULL, "" },
    { "no host", "http://", NULL, "" },
    { "userinfo without host", "http://a@/", NULL, "" },
    { "space in host", "http://a b.com/", NULL, "" },
    { "angle bracket in host", "http://a<b.com/", NULL, "" },
    { "encoded slash in host", "http://a%2fb.com/", NULL, "" },
    { "encoded NUL in host", "http://a%00b.com/", NULL, "" },
    { "bare percent in host", "http://a%zzb.com/", NULL, "" },
    { "percent-encoded host", "http://%65vil.c%6Fm/", "evil.com", "o" },
    { "percent-encoded dot", "http://evil%2Ecom/", "evil.com", "o" },
    { "full-width letters", "http://\xEF\xBD\x85\xEF\xBD\x96\xEF\xBD\x89\xEF\xBD\x8C.com/", "evil.com", "o" },
    { "ideographic full stop", "http://evil\xE3\x80\x82" "com/", "evil.com", "o" },
    { "soft hyphen", "http://ev\xC2\xADil.com/", "evil.com", "o" },
    { "percent-encoded full-width", "http://%EF%BD%85vil.com/", "evil.com", "o" },
    { "umlaut", "http://b\xC3\xBC" "cher.example/", "xn--bcher-kva.example", "i" },
    { "upper-case umlaut", "http://B\xC3\x9C" "CHER.example/", "xn--bcher-kva.example", "i" },
    { "sharp s is not ss", "http://fa\xC3\x9F.example/", "xn--fa-hia.example", "i" },
    { "cyrillic a", "http://p\xD0\xB0ypal.com/", "xn--pypal-4ve.com", "i" },
    { "punycode as written", "http://XN--BCHER-KVA.example/", "xn--bcher-kva.example", "i" },
    { "invalid UTF-8", "http://a\xFF.com/", NULL, "" },
    { "underscore", "http://a_b.example.com/", "a_b.example.com", "" },
    { "hyphens in third and fourth place", "http://r3---sn.example.com/", "r3---sn.example.com", "" },
    { "dotted decimal", "http://192.0.2.1/", "192.0.2.1", "a" },
    { "one number", "http://3221225985/", "192.0.2.1", "ao" },
    { "hex number", "http://0xC0000201/", "192.0.2.1", "ao" },
    { "octal parts", "http://0300.0.02.01/", "192.0.2.1", "ao" },
    { "two parts", "http://127.1/", "127.0.0.1", "ao" },
    { "three parts", "http://192.0.513/", "192.0.2.1", "ao" },
    { "mixed forms", "http://0x7f.1/", "127.0.0.1", "ao" },
    { "full-width digits", "http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1/", "127.0.0.1", "ao" },
    { "percent-encoded digits", "http://%31%32%37.0.0.1/", "127.0.0.1", "ao" },
    { "address with final dot", "http://192.0.2.1./", "192.0.2.1", "a" },
    { "number too large", "http://4294967296/", NULL, "" },
    { "part too large", "http://256.0.0.1/", NULL, "" },
    { "five parts", "http://1.2.3.4.5/", NULL, "" },
    { "octal with a 9", "http://09.0.0.1/", NULL, "" },
    { "number as last label", "http://foo.1/", NULL, "" },
    { "hex as last label", "http://foo.0x4/", NULL, "" },
    { "number in front of a name", "http://1.2.3.foo/", "1.2.3.foo", "" },
    { "IPv6", "http://[2001:DB8::1]:80/", "2001:db8::1", "a" },
    { "IPv6 with IPv4", "http://[::ffff:192.0.2.1]/", "::ffff:192.0.2.1", "a" },
    { "broken IPv6", "http://[2001:db8/", NULL, "" },
    { "IPv6 with zone", "http://[fe80::1%25eth0]/", NULL, "" },
    { "IPv6 all zero", "http://[::]/", "::", "a" },
    { "IPv6 with userinfo and port", "http://good.com@[2001:db8::2]:81/", "2001:db8::2", "a" },
    { "IPv6 without brackets", "http://2001:db8::1/", NULL, "" },
    { "text behind the bracket", "http://[::1]x/", NULL, "" },
    { "empty brackets", "http://[]/", NULL, "" },
    { "hex without digits is zero", "http://0x/", "0.0.0.0", "ao" },
    { "hex parts", "http://0xC0.0x00.0x02.0x01/", "192.0.2.1", "ao" },
    { "leading zeros", "http://192.000.002.001/", "192.0.2.1", "ao" },
    { "last part takes the rest", "http://192.0.0x0201/", "192.0.2.1", "ao" },
    { "largest number", "http://4294967295/", "255.255.255.255", "ao" },
    { "number with final dot", "http://3221225985./", "192.0.2.1", "ao" },
    { "letters in a number", "http://192.0.2.1a/", "192.0.2.1a", "" },
    { "full-width dots in an address", "http://192\xEF\xBC\x8E" "0.2.1/", "192.0.2.1", "ao" },
    { "percent-encoded hex", "http://%30%78%63%30%2e%30%32%35%30.01/", "192.168.0.1", "ao" },
    { "circled digits", "http://\xE2\x91\xA0\xE2\x91\xA1\xE2\x91\xA6.0.0.1/", "127.0.0.1", "ao" },
    { "twice percent-encoded", "http://%2565vil.com/", NULL, "" },
    { "percent-encoded at sign", "http://good.com%40evil.com/", NULL, "" },
    { "at sign behind userinfo with port", "http://good.com:80@evil.com:8080/", "evil.com", "" },
    { "slash in userinfo ends the host", "http://good.com/x@evil.com/", "good.com", "" },
    { "question mark ends the host", "http://evil.com?.good.com/", "evil.com", "" },
    { "fragment ends the host", "http://evil.com#.good.com/", "evil.com", "" },
    { "zero-width joiner", "http://ev\xE2\x80\x8Dil.com/", NULL, "" },
    { "zero-width space", "http://ev\xE2\x80\x8Bil.com/", "evil.com", "o" },
    { "word joiner", "http://ev\xE2\x81\xA0il.com/", "evil.com", "o" },
    { "mathematical letters",
      "http://\xF0\x9D\x90\x9E\xF0\x9D\x90\xAF\xF0\x9D\x90\xA2\xF0\x9D\x90\xA5.com/", "evil.com", "o" },
    { "right-to-left override", "http://evil\xE2\x80\xAEmoc.com/", NULL, "" },
    { "no-break space", "http://ev\xC2\xA0il.com/", NULL, "" },
    { "port of zeros", "http://evil.com:00080/", "evil.com", "" },
    { "two ports", "http://evil.com:80:81/", NULL, "" },
    { "space before the scheme's slashes", "http: //evil.com/", NULL, "" },
    { "mixed slashes", "https:/\\evil.com/", "evil.com", "" },
    { "blank userinfo", "http://@evil.com/", "evil.com", "" },
    { "vertical bar", "http://a|b.com/", NULL, "" },
    { "caret", "http://a^b.com/", NULL, "" },
    { "DEL", "http://a\x7F" "b.com/", NULL, "" },
    { "websocket", "wss://evil.com/", "evil.com", "" },
    { "no scheme", "example.com/x", NULL, "" },
    { "digit in front of scheme", "1http://example.com", NULL, "" },
    { "other scheme with host", "foo://example.com/x", "example.com", "" },
    { "data", "data:text/html,<b>", "", "" },
    { "javascript", "javascript:alert(1)", "", "" },
    { "mailto", "mailto:a@example.com", "", "" },
    { "empty", "", NULL, "" },
};

static void hosts_are_those_of_a_browser(void **state)
{
    for (size_t i = 0; i < sizeof host_cases / sizeof host_cases[0]; i++) {
        const struct host_case *test = &host_cases[i];
        struct arena *arena = arena_new(1 << 20);
        struct url url;
        bool is_url = url_parse(span_of(test->input), arena, &url);
        if (is_url != (test->host != NULL))
            fail_msg("%s: got %d", test->name, is_url);
        if (is_url) {
            char marks[4];
            snprintf(marks, sizeof marks, "%s%s%s", url.host_is_address ? "a" : "", url.host_was_obfuscated ? "o" : "",
                     url.host_is_international ? "i" : "");
            if (!span_is(url.host, test->host) || strcmp(marks, test->marks) != 0)
                fail_msg("%s: got %.*s (%s), want %s (%s)", test->name, (int)url.host.length, url.host.data, marks,
                         test->host, test->marks);
        }
        arena_free(arena);
    }
}

static void parts_of_a_url_are_told_apart(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct url url;
    assert_true(url_parse(span_of("HtTp://us\ner:pw@Ex.com:8080/a/b?c=d#e"), arena, &url));
    assert_span_is(url.text, "HtTp://user:pw@Ex.com:8080/a/b?c=d#e");
    assert_span_is(url.scheme, "http");
    assert_span_is(url.userinfo, "user:pw");
    assert_span_is(url.host, "ex.com");
    assert_int_equal(url.port, 8080);
    assert_span_is(url.path, "/a/b?c=d#e");
    assert_true(url_parse(span_of("http://ex.com?q"), arena, &url));
    assert_int_equal(url.port, -1);
    assert_span_is(url.path, "?q");
    assert_span_is(url.userinfo, "");
    assert_true(url_parse(span_of("javascript:alert('//x')"), arena, &url));
    assert_span_is(url.path, "alert('//x')");
    arena_free(arena);
}

struct text_case {
    const char *name;
    const char *input;
    const char *want; /* texts found, each behind a blank */
};

static const struct text_case text_cases[] = {
    { "in a sentence", "See http://a.com/x, or https://b.org.", " http://a.com/x https://b.org" },
    { "in angle brackets", "<http://a.com/x>", " http://a.com/x" },
    { "in parentheses", "(see http://a.com/x)", " http://a.com/x" },
    { "parentheses of its own", "http://a.com/x_(y)", " http://a.com/x_(y)" },
    { "in quotes", "\"http://a.com/x\"", " http://a.com/x" },
    { "two without blank", "http://a.com/<http://b.com/", " http://a.com/ http://b.com/" },
    { "twice the same", "http://a.com http://a.com", " http://a.com" },
    { "ftp", "ftp://a.com/x", " ftp://a.com/x" },
    { "upper case", "HTTP://A.COM/X", " HTTP://A.COM/X" },
    { "other schemes", "foo://a.com xhttp://b.com", "" },
    { "www", "www.a.com and WWW.b.com/x.", " www.a.com WWW.b.com/x" },
    { "no www", "awww.x wwww.a.com www. x", "" },
    { "www in a mail address", "me@www.a.com", "" },
    { "host and path", "go to a.com/x now", " a.com/x" },
    { "host under unknown top-level name", "see file.xyzzy/x", "" },
    { "path of a file", "src/mail/url.c:12 and/or 1.2/3.4", "" },
    { "mail address and slash", "me@a.com/x", "" },
    { "no slash", "a.com", "" },
    { "chinese around", "\xE8\xAF\xB7http://a.com/x\xE3\x80\x82\xE8\xB0\xA2", " http://a.com/x" },
    { "chinese behind a host and a full stop", "www.a.edu.看看", " www.a.edu" },
    { "chinese at a host", "http://a.com看看", " http://a.com" },
    { "and a path behind that", "http://a.com看看/x", " http://a.com" },
    { "a chinese host", "www.看看.com/x http://a.看看.中国", " http://a.看看.中国" },
    { "a name of ASCII in a chinese domain",
      "http://a.com.看看.中国/x http://a.com看.org", " http://a.com.看看.中国/x http://a.com看.org" },
    { "top-level domain in capitals, with a dot behind it", "http://a.com看.ORG./x", " http://a.com看.ORG./x" },
    { "top-level domain behind another full stop", "http://a.com看｡org/x", " http://a.com看｡org/x" },
    { "letters outside ASCII in front of the host", "http://a.com看@b.org/x", " http://a.com看@b.org/x" },
    { "no-break space behind", "http://a.com/x\xC2\xA0y", " http://a.com/x" },
    { "no host", "http:// x", "" },
    { "inside a query", "http://a.com/?u=http://b.com/", " http://a.com/?u=http://b.com/" },
    { "end of text", "http:", "" },
    { "slashes at the end", "x://", "" },
    { "mail scheme", "mailto:a@b.com", "" },
};

static void text_gives_what_mail_programs_link(void **state)
{
    for (size_t i = 0; i < sizeof text_cases / sizeof text_cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct url_set *set = url_set_new(arena);
        url_set_find(set, span_of(text_cases[i].input));
        size_t count;
        const struct url *urls = url_set_items(set, &count);
        char got[512] = "";
        for (size_t k = 0; k < count; k++)
            snprintf(got + strlen(got), sizeof got - strlen(got), " %.*s", (int)urls[k].text.length, urls[k].text.data);
        if (strcmp(got, text_cases[i].want) != 0)
            fail_msg("%s: got \"%s\", want \"%s\"", text_cases[i].name, got, text_cases[i].want);
        arena_free(arena);
    }
}

static void a_set_keeps_distinct_links_up_to_its_limit(void **state)
{
    struct arena *arena = arena_new(1 << 22);
    struct url_set *set = url_set_new(arena);
    url_set_add(set, span_of("cid:picture"));
    url_set_add(set, span_of("mailto:a@b.c"));
    url_set_add(set, span_of("no url"));
    url_set_add(set, span_of("http://a.com"));
    url_set_add(set, span_of(" http://a.\ncom"));
    url_set_add(set, span_of("data:text/html,x"));
    size_t count;
    const struct url *urls = url_set_items(set, &count);
    assert_int_equal(count, 2);
    assert_span_is(urls[0].text, "http://a.com");
    assert_span_is(urls[1].scheme, "data");
    for (unsigned i = 0; i < 2 * LIMIT_URLS; i++) {
        char text[40];
        snprintf(text, sizeof text, "http://host-%u.example/", i);
        url_set_add(set, arena_copy(arena, span_of(text)));
    }
    urls = url_set_items(set, &count);
    assert_int_equal(count, LIMIT_URLS);
    assert_span_is(urls[LIMIT_URLS - 1].host, "host-497.example");
    arena_free(arena);
}

static void registrable_domains_follow_the_public_suffix_list(void **state)
{
    static const struct {
        const char *host, *want;
    } cases[] = {
        { "a.b.example.co.uk", "example.co.uk" }, { "www.example.com", "example.com" },
        { "example.com", "example.com" },
        { "co.uk", "co.uk" }, { "localhost", "localhost" }, { "192.0.2.1", "192.0.2.1" },
        { "2001:db8::1", "2001:db8::1" },
        { "a.b.c.unknown-top", "c.unknown-top" }, { "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_span_is(url_registrable_domain(span_of(cases[i].host)), cases[i].want);
}

static void hosts_are_shown_in_their_own_letters(void **state)
{
    static const struct {
        const char *host, *want;
    } cases[] = {
        { "www.example.com", "www.example.com" },
        { "xn--bcher-kva.example", "b\xC3\xBC" "cher.example" },
        { "www.xn--pypal-4ve.com", "www.p\xD0\xB0ypal.com" },
        { "xn--", "xn--" },
        { "xn--99999999.example", "xn--99999999.example" },
        { "192.0.2.1", "192.0.2.1" },
        { "", "" },
    };
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_span_is(url_host_unicode(span_of(cases[i].host), arena), cases[i].want);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_those_of_a_browser),
        cmocka_unit_test(parts_of_a_url_are_told_apart),
        cmocka_unit_test(text_gives_what_mail_programs_link),
        cmocka_unit_test(a_set_keeps_distinct_links_up_to_its_limit),
        cmocka_unit_test(registrable_domains_follow_the_public_suffix_list),
        cmocka_unit_test(hosts_are_shown_in_their_own_letters),
    };
    return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
