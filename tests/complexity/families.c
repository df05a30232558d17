/* families.c - inputs that grow, one family for each way a parser might come to cost more than it was given */
#include "config.h"

#include "families.h"

#include <stdio.h>
#include <stdlib.h>

/* NUL bytes may be in it. */
#define TEXT(text) { text, sizeof(text) - 1 }
#define NONE { NULL, 0 }

#define HTML "Subject: a\nContent-Type: text/html; charset=utf-8\n\n"
#define PLAIN "Subject: a\nContent-Type: text/plain; charset=utf-8\n\n"
#define MIXED "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n"
#define ZIP_MEMBER "PK\x03\x04\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0%"
#define RAR_4 "Rar!\x1A\7\0"
#define RAR_4_FILE "\0\0t\0\x80\x26\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\0\0%"
#define RAR_5 "Rar!\x1A\7\1\0"
#define RAR_5_FILE "\0\0\0\0\x0F\2\0\0\0\0\0\0\x06%"
#define RULE "    describe Says so\n    points 1\n"

#define MESSAGE(name, count, head, piece, tail) \
    { name, WORK_MESSAGE, count, TEXT(head), TEXT(piece), NONE, NONE, TEXT(tail) }
#define MESSAGE_OF_TWO(name, count, head, piece, middle, second, tail) \
    { name, WORK_MESSAGE, count, TEXT(head), TEXT(piece), TEXT(middle), TEXT(second), TEXT(tail) }
#define OTHER(name, work, count, head, piece, tail) \
    { name, work, count, TEXT(head), TEXT(piece), NONE, NONE, TEXT(tail) }

const struct family families[] = {
    /* header */
    MESSAGE("header fields", 1000, "", "X-A%: b\n", "\nbody\n"),
    MESSAGE("folded lines of one field", 1000, "Subject: a\n", " folded line\n", "\nbody\n"),
    MESSAGE("lines that are no fields", 1000, "Subject: a\n", "garbage %\n", "\nbody\n"),
    MESSAGE("addresses", 300, "To: ", "Anna <a%@example.org>, ", "b@example.org\n\nbody\n"),
    MESSAGE("comments in comments", 600, "To: a@b.example ", "(", "\n\nbody\n"),
    MESSAGE("groups in groups", 600, "To: ", "g:", "a@b.example\n\nbody\n"),
    MESSAGE("angle brackets", 600, "To: ", "<a@b", "\n\nbody\n"),
    MESSAGE("quotes and backslashes", 600, "To: ", "\"\\\\\" ", "a@b.example\n\nbody\n"),
    MESSAGE("encoded-words", 300, "Subject: ", "=?utf-8?q?a%?= ", "\n\nbody\n"),
    MESSAGE("encoded-words that never end", 600, "Subject: ", "=?utf-8?q?", "\n\nbody\n"),
    MESSAGE("encoded-words of many charsets", 300, "Subject: ", "=?iso-8859-1?q?a?= =?utf-8?q?b?= ", "\n\nbody\n"),
    MESSAGE("Received fields", 200, "",
            "Received: from a% (b%.example [192.0.2.1]) by c.example; Mon, 2 Mar 2026 10:11:12 +0100\n", "\nbody\n"),
    MESSAGE("a Received field of parentheses", 500, "Received: from a ", "(a [1.2.3.4] ", "\n\nbody\n"),
    MESSAGE("results of authentication", 200, "Authentication-Results: mx.example.net",
            "; dkim=pass header.d=a%.example",
            "\n\nbody\n"),
    MESSAGE("references", 300, "References: ", "<a%@example.org> ", "\n\nbody\n"),
    MESSAGE("parameters", 300, "Content-Type: text/plain", "; name*%=a", "\n\nbody\n"),
    MESSAGE("Content-Type fields", 300, "", "Content-Type: multipart/mixed; boundary=%\n", "\nbody\n"),
    /* structure */
    MESSAGE("multiparts in multiparts", 100, "Subject: a\n", "Content-Type: multipart/mixed; boundary=b%\n\n--b%\n",
            "\nbody\n"),
    MESSAGE("messages in messages", 100, "Subject: a\n", "Content-Type: message/rfc822\n\n", "\nbody\n"),
    MESSAGE("messages in messages, said to be base64", 100, "Subject: a\n",
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n", "\nbody\n"),
    MESSAGE("messages in base64", 100, MIXED,
            "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCnRleHQK\n",
            "--b--\n"),
    MESSAGE("parts", 300, MIXED, "--b\nContent-Type: text/plain\n\na%\n", "--b--\n"),
    MESSAGE("attachments", 200, MIXED, "--b\nContent-Type: application/zip; name=a%.zip\n\nPK\x03\x04\n", "--b--\n"),
    MESSAGE("lines that are nearly boundaries", 1000, "Content-Type: multipart/mixed; boundary=boundary\n\n",
            "--boundar\n", "--boundary--\n"),
    MESSAGE("boundaries that begin like others", 100, "Subject: a\n",
            "Content-Type: multipart/mixed; boundary=bbbbbbbb%\n\n--bbbbbbbb%\n\n--bbbbbbbb\n", "\n"),
    MESSAGE("members of a ZIP archive", 300, "Content-Type: application/zip; name=a.zip\n\n", ZIP_MEMBER, ""),
    MESSAGE("members of a RAR archive", 300, "Content-Type: application/x-rar; name=a.rar\n\n" RAR_4, RAR_4_FILE, ""),
    MESSAGE("members of a RAR 5 archive", 300, "Content-Type: application/x-rar; name=a.rar\n\n" RAR_5, RAR_5_FILE, ""),
    MESSAGE("lines of base64", 300, "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n",
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n", ""),
    MESSAGE("padding of base64", 1000, "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n", "QQ==", ""),
    MESSAGE("quoted-printable", 1000, "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n",
            "=C3=A9 =\n", ""),
    MESSAGE("blanks before line ends", 1000,
            "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n",
            "  \t  \t  \t", "x\n"),
    MESSAGE("uuencoded files", 300, PLAIN, "begin 644 a%\n#86)C\n`\nend\n", ""),
    MESSAGE("files that begin and never end", 1000, PLAIN, "begin 644 a\n#86)C\n", ""),
    MESSAGE("shifts of ISO-2022-JP", 500, "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\x1b$B$3\x1b(Ba", ""),
    MESSAGE("shifts of UTF-7", 500, "Content-Type: text/plain; charset=utf-7\n\n", "+AOQ-a", ""),
    MESSAGE("lines of a calendar", 500, "Content-Type: text/calendar\n\n", "SUMMARY:a\n b\n", ""),
    /* HTML */
    MESSAGE("elements in elements", 1000, HTML, "<div>", "text"),
    MESSAGE("formatting elements", 1000, HTML, "<b>", "text"),
    MESSAGE("links in links", 600, HTML, "<a href=http://a%.example>x", ""),
    MESSAGE("tables in tables", 500, HTML, "<table><tr><td>", "text"),
    MESSAGE("attributes", 600, HTML "<p ", "a%=b ", ">text"),
    MESSAGE("comments", 600, HTML, "a<!-- b -->", ""),
    MESSAGE("comments that never end", 1000, HTML, "<!--<!-", ""),
    MESSAGE("tags that never end", 1000, HTML, "<a <b ", ""),
    MESSAGE("quotes that never end", 1000, HTML, "<a b='\">", ""),
    MESSAGE("end tags", 1000, HTML "<p>", "</q%>", ""),
    MESSAGE("sections of raw text", 600, HTML, "<script><!--<script>", ""),
    MESSAGE("CDATA", 600, HTML "<svg>", "<![CDATA[", ""),
    MESSAGE("references", 1000, HTML, "&notin;&#x41;&amp", ""),
    MESSAGE("references that are none", 1000, HTML, "&aaaaaaaaaaaaaaaaaaaa&#", ""),
    MESSAGE("images", 300, HTML, "<img src=http://a%.example/ width=1 height=1>", ""),
    MESSAGE("hidden stretches", 300, HTML, "<i style=display:none>a%</i>b ", ""),
    MESSAGE_OF_TWO("rules and elements", 400, HTML "<style>", "div.c%{color:red}div{top:1px}", "</style>",
                   "<div class=c%>x",
                   ""),
    MESSAGE_OF_TWO("selectors that nearly match", 400, HTML "<style>", "p div div div div div{color:red}", "</style>",
                   "<div>x", ""),
    MESSAGE("parts of a selector", 500, HTML "<style>", "a ", "{color:red}</style>text"),
    MESSAGE("selectors of one rule", 500, HTML "<style>", "a.b%,", "i{color:red}</style><i>text"),
    MESSAGE("declarations", 500, HTML "<p style='", "color:#fff;top:0;", "'>text"),
    MESSAGE("blocks of a style sheet", 1000, HTML "<style>", "@media a{", "</style>text"),
    MESSAGE("comments of a style sheet", 1000, HTML "<style>", "/*", "</style>text"),
    MESSAGE("classes", 500, HTML "<style>.a{top:0}</style><p class='", "a% ", "'>text"),
    /* text */
    MESSAGE("a long line", 1000, PLAIN, "word% ", ""),
    MESSAGE("a word without end", 5000, PLAIN, "ab", ""),
    MESSAGE("addresses of the web", 300, PLAIN, "http://a%.example/ ", ""),
    MESSAGE("addresses of the web without a blank", 500, PLAIN, "http://a@", ""),
    MESSAGE("dots", 1000, PLAIN, "www.a.b.", ""),
    MESSAGE("slashes", 1000, PLAIN, "a.com/a.com/", ""),
    MESSAGE("hosts with words behind them", 1000, PLAIN, "http://a.com\xE7\x9C\x8B ", ""),
    MESSAGE("labels of a host", 500, PLAIN "http://", "xn--a.", "example/"),
    MESSAGE("punycode", 1000, PLAIN "http://xn--", "9999", ".example/"),
    MESSAGE("percent signs", 1000, PLAIN "http://", "%25", ".example/"),
    MESSAGE("invisible characters", 1000, PLAIN, "v\xE2\x80\x8Bi", ""),
    MESSAGE("marks on one letter", 1000, PLAIN "a", "\xCC\x81\xCC\xA3", ""),
    MESSAGE("letters set apart", 1000, PLAIN, "v.i.a.g.r.a ", ""),
    MESSAGE("letters that look alike", 1000, PLAIN, "p\xD0\xB0yp\xD0\xB0l ", ""),
    MESSAGE("words of the rules", 500, PLAIN, "account will be suspended next of kin million dollars ", ""),
    MESSAGE("words that nearly are of the rules", 500, PLAIN, "account will be account has been next of next of ", ""),
    MESSAGE("figures", 1000, PLAIN, "$1,000,000.00 ", ""),
    MESSAGE("NUL bytes", 5000, PLAIN, "\0\0", ""),
    MESSAGE("bytes of no charset", 2000, PLAIN, "\xFF\xC3\xE2\x82", ""),
    /* written out again */
    OTHER("forged fields", WORK_PASS_THROUGH, 1000, "", "X-Spam-A: b\n c\n", "\nbody\n"),
    OTHER("fields of others", WORK_PASS_THROUGH, 1000, "", "X-Spa%: b\n", "\nbody\n"),
    OTHER("lines of blanks", WORK_PASS_THROUGH, 1000, "From a\n", " \n", "\nbody\n"),
    OTHER("names without a colon", WORK_PASS_THROUGH, 2000, "", "aaaa \t", "\n\nbody\n"),
    /* what people write */
    OTHER("rules", WORK_RULES, 40, "", "rule A%\n" RULE "    text words a%\n", ""),
    OTHER("words of a rule", WORK_RULES, 100, "rule A\n" RULE "    text words", " a%", "\n"),
    OTHER("expressions", WORK_RULES, 20, "", "rule A%\n" RULE "    text /v[i1]agra% (now|here)/i\n", ""),
    OTHER("mistakes in rules", WORK_RULES, 300, "", "    nonsense %\n", ""),
    OTHER("rules that refer to others", WORK_RULES, 40, "rule A000000\n" RULE "    text words a\n",
          "rule B%\n" RULE "    hit A000000\n", ""),
    OTHER("entries of a list", WORK_LIST, 300, "", "a%@example.org\n", ""),
    OTHER("mistaken entries", WORK_LIST, 300, "", "a b c %\n", ""),
    OTHER("keywords", WORK_MAILBOX, 1000, "", "1 $Junk%\n", ""),
    OTHER("names of files", WORK_MAILBOX, 1000, "", "1767225600.M%.host:2,Sab\n", ""),
    /* files of settings and of state */
    OTHER("settings", WORK_CONFIGURATION, 100, "", "required = 5\n", ""),
    OTHER("mistakes in settings", WORK_CONFIGURATION, 100, "", "nonsense% = a\n", ""),
    /* Of names that differ each is looked for among all before it, of which there are so many at most
     * (config/assignments.h); here it is the lines that grow. */
    OTHER("scores of rules", WORK_CONFIGURATION, 100, "", "score.RULE = 1\n", ""),
    OTHER("sections of settings", WORK_CONFIGURATION, 30, "", "[dns_list l]\nzone = a.example\n", ""),
    OTHER("networks of one setting", WORK_CONFIGURATION, 30, "trusted_networks = ", "192.0.2.0/24, ", "\n"),
    OTHER("messages of an mbox", WORK_MBOX, 300, "",
          "From a@b.example Mon Mar  2 10:11:12 2026\nSubject: %\n\nbody\n\n", ""),
    OTHER("lines that nearly begin a message", WORK_MBOX, 1000, "From a Mon Mar  2 10:11:12 2026\n",
          "\nFrom a\n>From ", ""),
    OTHER("names of a record", WORK_NAMES, 300, "tamis-names 2 1767225600\n", "1767225600 - 1767225600.M%.host\n", ""),
    OTHER("moves of a queue", WORK_MOVES_QUEUE, 300, "",
          "1 1767225600 0123456789abcdef0123%% 3 Junk INBOX\n", ""),
    OTHER("mistakes in a queue", WORK_MOVES_QUEUE, 300, "", "1 % zz\n", ""),
    OTHER("entries of a dump", WORK_DUMP, 300,
          "tamis-store 2\nkey 0123456789abcdef\ntables 65536\nlessons 0 0\npair-lessons 0 0\n",
          "entry 0001020304% ham user -2 1 1 2 3 4 1 0000abcd 1767225600\n", ""),
    OTHER("words of bogofilter", WORK_IMPORT, 300, ".MSG_COUNT 30 20 1\n", "word% 9 1 20261122\n", ""),
    OTHER("tokens of SpamAssassin", WORK_IMPORT, 300, "v\t3\tdb_version\nv\t100\tnum_spam\nv\t200\tnum_nonspam\n",
          "t\t9\t2\t1028402349\tabcd%\n", ""),
    OTHER("messages in the memory of moves", WORK_MOVES, 300, "", "Message-ID: <%@a.example>\n", ""),
    OTHER("messages that were sent", WORK_CORRESPONDENTS, 100, "", "a%@b%.example\n", ""),
    OTHER("messages to one person", WORK_CORRESPONDENTS, 100, "", "anna@example.org\n", ""),
    OTHER("hosts of traps", WORK_DATED_LIST, 300, "", "a%.example  # trap 2026-11-22 3\n", ""),
    OTHER("hosts that a person wrote", WORK_DATED_LIST, 300, "", "a%.example\n", ""),
    OTHER("ranges of numbers that were granted", WORK_SUBORDINATES, 300, "", "anna:1%00:50\n", ""),
    OTHER("ranges that overlap", WORK_SUBORDINATES, 300, "", "anna:%:90000\n", ""),
    /* what a child sends to its parent */
    OTHER("records of an answer", WORK_ANSWER, 300, "", "as many bytes as a reason may have %\n", ""),
    OTHER("one record of an answer", WORK_ANSWER, 300, "", "as many bytes as a reason may have % ", ""),
    OTHER("reasons of a judgement", WORK_JUDGEMENT, 10, "", "The text says % and \xC3\xA9\n", ""),
    OTHER("more reasons than there may be", WORK_JUDGEMENT, 101, "", "%\n", ""),
    OTHER("the detail of a reason", WORK_JUDGEMENT, 1, "", "\xC3\xA9t\xC3\xA9 % \xE2\x82\xAC, ", ""),
    OTHER("hosts to ask about", WORK_QUESTIONS, 2, "relay 192.0.2.1\nfrom example.org\n",
          "host w%.example.com example.com\n", ""),
    OTHER("text to ask about", WORK_QUESTIONS, 30, "relay 192.0.2.1\ntext\n", "word% \xC3\xA9 ", ""),
    /* what mail of others teaches */
    OTHER("a file of starter knowledge that has grown", WORK_STARTER_FILE, 300, "tamis-st", "%bytes behind it", ""),
    OTHER("words to ask starter knowledge about", WORK_STARTER_WORDS, 20, "Subject: a\n\n", "word% ", ""),
    OTHER("messages that starter knowledge is made of", WORK_STARTER_BUILDING, 300, "", "a%.example % b c d e\n", ""),
    OTHER("messages of one sender", WORK_STARTER_BUILDING, 300, "", "a.example % b c d e\n", ""),
    OTHER("words of such a message", WORK_STARTER_BUILDING, 300, "a.example", " %", "\nb.example b\n"),
    /* what users share */
    OTHER("users who report what others do not", WORK_SHARED, 30, "", "% %\n", ""),
    OTHER("users who report the same", WORK_SHARED, 30, "", "% same\n", ""),
    OTHER("reports of one user", WORK_SHARED, 30, "", "anna %\n", ""),
    { "reports of the same by two users", WORK_SHARED, 30, TEXT(""), TEXT("anna %\n"), NONE, TEXT("bert %\n"), NONE },
    { "users who agree in twos", WORK_SHARED, 15, TEXT(""), TEXT("a% %\n"), NONE, TEXT("b% %\n"), NONE },
    OTHER("lessons of a journal and a snapshot", WORK_STORE, 100, "", "%\n", ""),
};

const size_t family_count = sizeof families / sizeof families[0];

static char *put_piece(char *at, struct span piece, size_t number)
{
    for (size_t i = 0; i < piece.length; i++) {
        if (piece.data[i] == '%')
            at += sprintf(at, "%06zu", number);
        else
            *at++ = piece.data[i];
    }
    return at;
}

static char *put(char *at, struct span text)
{
    if (text.length)
        memcpy(at, text.data, text.length);
    return at + text.length;
}

struct span family_input(const struct family *family, size_t count)
{
    size_t pieces = 6 * (family->piece.length + family->second.length);
    char *bytes = malloc(family->head.length + family->middle.length + family->tail.length + count * pieces + 1);
    if (!bytes)
        abort();
    char *at = put(bytes, family->head);
    for (size_t i = 0; i < count; i++)
        at = put_piece(at, family->piece, i);
    at = put(at, family->middle);
    for (size_t i = 0; i < count; i++)
        at = put_piece(at, family->second, i);
    at = put(at, family->tail);
    return span_make(bytes, (size_t)(at - bytes));
}
