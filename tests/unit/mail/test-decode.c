/* test-decode.c - transfer encodings and charsets, honest, broken and hostile */
#include "unit.h"

#include <iconv.h>
#include <stdlib.h>

#include "mail/charset.h"
#include "mail/decode.h"
#include "util/utf8.h"

typedef void decoder(struct span text, struct buffer *out);

struct decode_case {
    const char *name, *input, *want;
};

static void check(const struct decode_case *cases, size_t count, decoder *decode)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 4096);
        decode(span_of(cases[i].input), &out);
        if (!span_is(buffer_span(&out), cases[i].want))
            fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].name, (int)out.length, out.data, cases[i].want);
        arena_free(arena);
    }
}

#define CHECK(cases, decode) check((cases), sizeof(cases) / sizeof(cases)[0], (decode))

static void base64_goes_on_where_others_stop(void **state)
{
    static const struct decode_case cases[] = {
        { "RFC 4648 section 10, f", "Zg==", "f" },
        { "RFC 4648 section 10, fo", "Zm8=", "fo" },
        { "RFC 4648 section 10, foo", "Zm9v", "foo" },
        { "RFC 4648 section 10, foobar", "Zm9vYmFy", "foobar" },
        { "lines", "Zm9v\r\nYmFy\n", "foobar" },
        { "a line end inside a group", "Zm\r\n9vYmFy", "foobar" },
        { "missing padding", "Zm8", "fo" },
        { "missing padding, one byte", "Zg", "f" },
        { "a single digit is nothing", "Zm9vZ", "foo" },
        { "padding inside: joined texts", "Zm9vYg==\nYmFy", "foobbar" },
        { "padding inside, one '='", "Zm8=Zm8=", "fofo" },
        { "foreign bytes", "Z!m-9.v Y\tm F\xFFy", "foobar" },
        { "too much padding", "Zm9v====YmFy", "foobar" },
        { "nothing", "", "" },
        { "only padding", "====", "" },
        { "all bits", "////++++", "\xFF\xFF\xFF\xFB\xEF\xBE" },
    };
    CHECK(cases, decode_base64);
}

/* A message of every length comes back, in lines of every length: the fast groups and the slow ones meet everywhere. */
static void base64_of_every_shape_comes_back(void **state)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t length = 0; length < 1200; length += 7)
        for (size_t line = 1; line < 80; line += 13) {
            char input[1200], encoded[4000];
            size_t used = 0, digits = 0;
            for (size_t i = 0; i < length; i++)
                input[i] = (char)(i * 151 + length);
            for (size_t bit = 0; bit < length * 8; bit += 6) {
                unsigned value = 0;
                for (size_t i = bit; i < bit + 6; i++)
                    value = value << 1 | (i < length * 8 ? ((unsigned char)input[i / 8] >> (7 - i % 8) & 1U) : 0);
                encoded[used++] = alphabet[value];
                if (++digits % line == 0)
                    encoded[used++] = '\n';
            }
            struct arena *arena = arena_new(1 << 20);
            struct buffer out = buffer_new(arena, 4096);
            decode_base64(span_make(encoded, used), &out);
            assert_int_equal(out.length, length);
            assert_true(length == 0 || memcmp(out.data, input, length) == 0);
            arena_free(arena);
        }
}

static void quoted_printable_is_read_as_mail_programs_do(void **state)
{
    static const struct decode_case cases[] = {
        { "escapes", "caf=C3=A9", "caf\xC3\xA9" },
        { "lower case escapes", "caf=c3=a9", "caf\xC3\xA9" },
        { "soft line break", "foo=\nbar", "foobar" },
        { "soft line break, CRLF", "foo=\r\nbar", "foobar" },
        { "soft line break with blanks behind", "foo= \t\r\nbar", "foobar" },
        { "soft line break at the end", "foo=", "foo" },
        { "hard line breaks stay", "foo\r\nbar\n", "foo\r\nbar\n" },
        { "blanks at the end of a line go", "foo \t\nbar  \r\nbaz ", "foo\nbar\r\nbaz" },
        { "an escaped blank stays", "foo=20\nbar", "foo \nbar" },
        { "broken escape", "a=ZZb=4", "a=ZZb=4" },
        { "half an escape before a line end", "a=4\nb", "a=4\nb" },
        { "two equal signs", "a==41", "a=A" },
        { "a line of one equal sign", "a\n=\nb", "a\nb" },
        { "NUL escaped", "a=00b", "a" }, /* as far as a C string shows it; see below */
        { "bare 8-bit", "caf\xE9", "caf\xE9" },
        { "nothing", "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (strcmp(cases[i].name, "NUL escaped") != 0)
            check(&cases[i], 1, decode_quoted_printable);
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = buffer_new(arena, 100);
    decode_quoted_printable(span_of("a=00b"), &out);
    assert_int_equal(out.length, 3);
    assert_memory_equal(out.data, "a\0b", 3);
    arena_free(arena);
}

static void uuencode_is_read_with_and_without_its_frame(void **state)
{
    static const struct decode_case cases[] = {
        { "a file", "begin 644 a.txt\n#0V%T\n`\nend\n", "Cat" },
        { "a blank for zero", "begin 644 a\r\n#0V%T\r\n \r\nend\r\n", "Cat" },
        { "text before and behind", "Hello\nbegin 644 a\n#0V%T\n`\nend\nBye\n", "Cat" },
        { "the lines alone", "#0V%T\n`\n", "Cat" },
        { "no end", "begin 644 a\n#0V%T\n", "Cat" },
        { "two lines", "begin 644 a\n#0V%T\n#0V%T\n`\nend\n", "CatCat" },
        { "length not a multiple of three", "begin 644 a\n$0V%T<P``\n`\nend\n", "Cats" },
        { "nothing", "", "" },
    };
    CHECK(cases, decode_uuencode);
}

static void q_encoding_says_when_it_is_broken(void **state)
{
    static const struct {
        const char *input, *want;
        bool whole;
    } cases[] = {
        { "a_b", "a b", true },        { "=5F", "_", true },       { "caf=C3=a9", "caf\xC3\xA9", true },
        { "50%=", "50%=", false },     { "a=ZZ", "a=ZZ", false },  { "", "", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 100);
        assert_int_equal(decode_q_encoding(span_of(cases[i].input), &out), cases[i].whole);
        assert_span_is(buffer_span(&out), cases[i].want);
        arena_free(arena);
    }
}

/* Decoding stops soon after the buffer is full, and says that something is missing. */
static void decoders_stop_at_the_limit(void **state)
{
    decoder *const decoders[] = { decode_base64, decode_quoted_printable, decode_uuencode };
    size_t length = (size_t)10 << 20;
    char *text = malloc(length);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = i % 62 == 0 ? 'M' : i % 62 == 61 ? '\n' : 'B';
    for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 1000);
        decoders[i](span_make(text, length), &out);
        assert_int_equal(out.length, 1000);
        assert_true(out.truncated);
        assert_true(arena_used(arena) < 4096);
        arena_free(arena);
    }
    free(text);
}

struct charset_case {
    const char *charset;
    struct span bytes;
    const char *want;
    bool fits;
};

#define BYTES(literal) { (literal), sizeof(literal) - 1 }

static void charsets_become_utf8(void **state)
{
    static const struct charset_case cases[] = {
        { "utf-8", BYTES("caf\xC3\xA9"), "café", true },
        { "UTF8", BYTES("caf\xC3\xA9"), "café", true },
        { "utf-8", BYTES("caf\xE9"), "café", false },
        { "utf-8", BYTES("\xC3\xA9t\xE9 \xC3\xA0"), "été à", false },
        { "us-ascii", BYTES("plain"), "plain", true },
        { "us-ascii", BYTES("caf\xC3\xA9"), "café", false },
        { "", BYTES("caf\xC3\xA9"), "café", true },
        { "", BYTES("caf\xE9 \x93x\x94"), "café “x”", true },
        { "no-such-charset", BYTES("caf\xE9"), "café", false },
        { "", BYTES("\xCE\xD2\xC3\xC7\xD4\xDA\xD1\xA7\xD0\xA3"), "我们在学校", true }, /* looks like GB 2312 */
        { "us-ascii", BYTES("\xCE\xD2\xC3\xC7\xD4\xDA\xD1\xA7\xD0\xA3"), "我们在学校", false },
        { "iso-8859-1", BYTES("\xCE\xD2\xC3\xC7\xD4\xDA\xD1\xA7\xD0\xA3"), "我们在学校", true },
        { "iso-8859-2", BYTES("\xCE\xD2\xC3\xC7"), "ÎŇĂÇ", true },
        { "no-such-charset", BYTES("plain"), "plain", false },
        { "../../../tmp/evil", BYTES("plain"), "plain", false },
        { "iso-8859-1", BYTES("\x80 \x93x\x94 \xE9"), "€ “x” é", true },
        { "windows-1252", BYTES("\x81"), "\xC2\x81", true },
        { "\"ISO-8859-1\"", BYTES("\xE9"), "é", true },
        { "iso-8859-1*fr", BYTES("\xE9"), "é", true },
        { "iso-8859-15", BYTES("\xA4"), "€", true },
        { "iso-8859-2", BYTES("\xB3\xF3\xBC"), "łóź", true },
        { "iso-8859-9", BYTES("\xFD\xFE\xF0"), "ışğ", true },
        { "windows-1251", BYTES("\xCF\xF0\xE8\xE2\xE5\xF2"), "Привет", true },
        { "KOI8-R", BYTES("\xF0\xD2\xC9\xD7\xC5\xD4"), "Привет", true },
        { "windows-1253", BYTES("\xD2"), "\xEF\xBF\xBD", false }, /* no such letter */
        { "utf-7", BYTES("Hi +AOk- 1+-1 +ZeVnLIqe-"), "Hi é 1+1 日本語", true },
        { "unicode-1-1-utf-7", BYTES("+2D3eAA-"), "😀", true },
        { "utf-7", BYTES("+2D0-x"), "\xEF\xBF\xBDx", false }, /* half a pair */
        { "utf-16", BYTES("\xFE\xFF\0H\0i"), "Hi", true },
        { "utf-16", BYTES("\xFF\xFEH\0i\0"), "Hi", true },
        { "utf-16", BYTES("H\0i\0"), "Hi", true }, /* no mark: as it looks */
        { "utf-16", BYTES("\0H\0i"), "Hi", true },
        { "utf-16le", BYTES("=\xD8\0\xDE"), "😀", true },
        { "utf-16be", BYTES("\xDE\0\0a"), "\xEF\xBF\xBD" "a", false },
        { "utf-16be", BYTES("\0a\0"), "a", false },
        { "iso-2022-jp", BYTES("\x1B$BF|K\\8l\x1B(B ok"), "日本語 ok", true },
        { "shift_jis", BYTES("\x93\xFA\x96{\x8C\xEA"), "日本語", true },
        { "x-sjis", BYTES("\x93\xFA"), "日", true },
        { "euc-jp", BYTES("\xC6\xFC\xCB\xDC\xB8\xEC"), "日本語", true },
        { "gb2312", BYTES("\xD6\xD0\xCE\xC4"), "中文", true },
        { "gb2312", BYTES("\xE9\x46"), "镕", true }, /* not of GB 2312, but of GBK */
        { "big5", BYTES("\xA4\xA4\xA4\xE5"), "中文", true },
        { "ks_c_5601-1987", BYTES("\xC7\xD1\xB1\xDB"), "한글", true },
        { "euc-kr", BYTES("\x8C\x63"), "똠", true }, /* of CP949 */
        { "hz-gb-2312", BYTES("~{VPND~} ok ~~"), "中文 ok ~", true },
        { "gb2312", BYTES("\xD6\xD0\xFF\xCE\xC4"), "中\xEF\xBF\xBD文", false },
        { "big5", BYTES("\xA4\xA4\xA4"), "中\xEF\xBF\xBD", false },
        { "shift_jis", BYTES("caf\xC3\xA9"), "café", false }, /* UTF-8 under a false name */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, 4096);
        bool fits = decode_charset(cases[i].bytes, span_of(cases[i].charset), &out);
        if (!span_is(buffer_span(&out), cases[i].want) || fits != cases[i].fits)
            fail_msg("case %zu, %s: got \"%.*s\" (%d), want \"%s\" (%d)", i, cases[i].charset, (int)out.length,
                     out.data, fits, cases[i].want, cases[i].fits);
        arena_free(arena);
    }
}

/* Long enough that characters of two bytes are cut by every slice that goes to iconv. */
static void long_text_is_converted_whole(void **state)
{
    static char bytes[30001];
    bytes[0] = 'x';
    for (size_t i = 1; i < sizeof bytes; i += 2)
        memcpy(bytes + i, "\xA4\xA4", 2);
    struct arena *arena = arena_new(1 << 20);
    struct buffer out = buffer_new(arena, 1 << 17);
    assert_true(decode_charset(span_make(bytes, sizeof bytes), span_of("big5"), &out));
    assert_int_equal(out.length, 1 + 15000 * 3);
    for (size_t i = 1; i < out.length; i += 3)
        assert_memory_equal(out.data + i, "中", 3);
    arena_free(arena);
}

/* Our tables against the C library's converters. */
static void tables_agree_with_iconv(void **state)
{
    static const char *const names[] = {
        "ISO-8859-2",   "ISO-8859-3",   "ISO-8859-4",   "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",
        "ISO-8859-10",  "ISO-8859-13",  "ISO-8859-14",  "ISO-8859-15",  "ISO-8859-16",  "WINDOWS-1250", "WINDOWS-1251",
        "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "WINDOWS-874",
        "KOI8-R",       "KOI8-U",       "IBM437",       "IBM850",       "IBM852",       "IBM866",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        iconv_t converter = iconv_open("UTF-8", names[i]);
        if (converter == (iconv_t)-1)
            continue; /* this C library lacks it */
        struct charset charset = charset_find(span_of(names[i]));
        assert_int_equal(charset.kind, CHARSET_SINGLE_BYTE);
        for (int byte = 0x80; byte < 0x100; byte++) {
            char in = (char)byte, utf8[8], *from = &in, *to = utf8;
            size_t left = 1, room = sizeof utf8, size;
            iconv(converter, NULL, NULL, NULL, NULL);
            bool known = iconv(converter, &from, &left, &to, &room) != (size_t)-1;
            if (known && to == utf8) /* a letter kept back to be joined with a mark (windows-1258) */
                iconv(converter, NULL, NULL, &to, &room);
            uint32_t want = known ? utf8_decode(span_make(utf8, (size_t)(to - utf8)), &size) : UTF8_REPLACEMENT;
            uint32_t got = charset.high[byte - 0x80];
            if (got != want && !(got < 0xA0 && !known)) /* WHATWG: undefined bytes of windows-1252 are controls */
                fail_msg("%s 0x%02X: got U+%04X, want U+%04X", names[i], byte, got, want);
        }
        iconv_close(converter);
    }
}

static void output_is_valid_whatever_comes_in(void **state)
{
    static const char *const charsets[] = { "",      "utf-8",  "utf-7",       "utf-16",      "koi8-r", "iso-2022-jp",
                                            "gb2312", "euc-kr", "iso-2022-kr", "hz-gb-2312", "big5",   "shift_jis",
                                            "utf-32", "iso-2022-cn", "what" };
    uint32_t seed = 7;
    for (size_t round = 0; round < 600; round++) {
        char bytes[600];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = (char)(seed >> 24 & (round % 2 ? 0xFF : 0x7F));
            if (seed >> 16 & 1 && i % 5 == 0)
                bytes[i] = "\x1B+~{=\xC3"[seed >> 8 & 3];
        }
        struct arena *arena = arena_new(1 << 20);
        struct buffer out = buffer_new(arena, round % 700);
        decode_charset(span_make(bytes, sizeof bytes), span_of(charsets[round % 15]), &out);
        if (!utf8_is_valid(buffer_span(&out)))
            fail_msg("round %zu, %s: not UTF-8", round, charsets[round % 15]);
        assert_true(out.length <= round % 700);
        arena_free(arena);
    }
}

/* The last of the tests: from then on this process has no other converters. */
static void converters_are_opened_by_their_names(void **state)
{
    static const struct {
        const char *message, *want; /* the last name found; NULL: none */
    } cases[] = {
        { "Content-Type: text/plain; charset=utf-8\n\nx = 1\n", NULL },
        { "Content-Type: text/plain; charset=iso-2022-jp\n\n", "ISO-2022-JP-3" },
        { "Content-Type: text/plain; charset=\r\n\t\"gb18030\"\r\n\r\n", "GB18030" },
        { "Content-Type: text/plain; charset\n = big5\n\n", "BIG5-HKSCS" },
        { "Content-Type: text/plain; charset*0*=shift_jis''\n\n", "CP932" },
        { "Subject: =?euc-kr?B?x9E=?=\n\n", "CP949" },
        { "\n\n<meta content=3D\"text/html; charset=3Deuc-jp\">\n", "EUC-JP-MS" },
        { "\n\n(our charset)\n\n\n= iso-2022-kr\n", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct converters converters = { .count = 0 };
        converters_open(&converters, span_of(cases[i].message));
        const char *got = converters.count ? converters.names[converters.count - 1] : "none";
        if (strcmp(got, cases[i].want ? cases[i].want : "none") != 0)
            fail_msg("%s: got %s", cases[i].message, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_goes_on_where_others_stop),
        cmocka_unit_test(base64_of_every_shape_comes_back),
        cmocka_unit_test(quoted_printable_is_read_as_mail_programs_do),
        cmocka_unit_test(uuencode_is_read_with_and_without_its_frame),
        cmocka_unit_test(q_encoding_says_when_it_is_broken),
        cmocka_unit_test(decoders_stop_at_the_limit),
        cmocka_unit_test(charsets_become_utf8),
        cmocka_unit_test(long_text_is_converted_whole),
        cmocka_unit_test(tables_agree_with_iconv),
        cmocka_unit_test(output_is_valid_whatever_comes_in),
        cmocka_unit_test(converters_are_opened_by_their_names),
    };
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
