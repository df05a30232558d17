/* test-checks.c - for every check a message that fires it and an honest near-miss that does not */
#include "unit.h"

#include "rules/evaluate.h"
#include "util/limits.h"

/* The pieces of an honest message; rows leave out or replace what they are about. */
#define FROM "From: Anna Berg <anna@example.org>\n"
#define TO "To: user@example.net\n"
#define SUBJECT "Subject: lunch on Sunday\n"
#define DATE "Date: Sun, 22 Nov 2026 09:59:00 +0000\n"
#define ID "Message-ID: <20261122.1@example.org>\n"
#define BODY "\nShall we meet at noon?\n"
#define VIA(helo, name, ip)                                                                          \
    "Received: from " helo " (" name " [" ip "])\n\tby mx.example.net (Postfix) with ESMTP id 4F1\n" \
    "\tfor <user@example.net>; Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\n"
#define RELAY VIA("mail.example.org", "mail.example.org", "192.0.2.25")
#define HEAD RELAY FROM TO SUBJECT DATE ID
#define MIME "MIME-Version: 1.0\n"
#define HTML(html) HEAD MIME "Content-Type: text/html; charset=utf-8\n\n<html><body>" html "</body></html>\n"
#define OWN_PAGE(html) \
    RELAY "From: Anna <me@anna.web.app>\n" TO SUBJECT DATE ID MIME "Content-Type: text/html\n\n<html><body>" html \
          "</body></html>\n"
#define IN_UTF8 "From: Anna Berg <anna@b\xC3\xBC" "cher.example>\n" /* RFC 6532 */
#define UTF8_PAGE(html) \
    RELAY IN_UTF8 TO SUBJECT DATE ID MIME "Content-Type: text/html; charset=utf-8\n\n<html><body>" html \
                                          "</body></html>\n"
#define UTF8_TEXT(text) \
    HEAD MIME "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" text "\n"
#define EDITIONS(plain, html)                                                                              \
    HEAD MIME "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n" plain \
              "\n--b\nContent-Type: text/html\n\n" html "\n--b--\n"
#define ATTACHED_AS(type, name, base64)                                                                           \
    HEAD MIME "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSee the file.\n" \
              "--b\nContent-Type: " type "\nContent-Disposition: attachment; filename=\"" name                    \
              "\"\nContent-Transfer-Encoding: base64\n\n" base64 "\n--b--\n"
#define ATTACHED(name) ATTACHED_AS("application/octet-stream", name, "aGVsbG8gd29ybGQ=")
#define TEXT_AND(text, disposition, base64)                                                                  \
    HEAD MIME "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\n" text      \
              "\n--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; " disposition \
              "\nContent-Transfer-Encoding: base64\n\n" base64 "\n--b--\n"
/* More than 30 letters of one script. */
#define RUSSIAN \
    "\xD0\x9D\xD0\xB0\xD1\x88 \xD1\x81\xD0\xB0\xD0\xB9\xD1\x82 \xD1\x81 \xD0\xBD\xD0\xBE\xD0\xB2\xD0\xBE" \
    "\xD1\x81\xD1\x82\xD1\x8F\xD0\xBC\xD0\xB8 \xD0\xB8 \xD0\xBF\xD1\x80\xD0\xBE\xD0\xB3\xD1\x80\xD0\xB0" \
    "\xD0\xBC\xD0\xBC\xD0\xBE\xD0\xB9 \xD0\xB2\xD1\x81\xD1\x82\xD1\x80\xD0\xB5\xD1\x87\xD0\xB8 \xD0\xBE" \
    "\xD1\x82\xD0\xBA\xD1\x80\xD1\x8B\xD1\x82 \xD1\x81\xD0\xBE \xD0\xB2\xD1\x87\xD0\xB5\xD1\x80\xD0\xB0: "
#define JAPANESE \
    "\xE3\x82\x8F\xE3\x81\x9F\xE3\x81\x97\xE3\x81\x9F\xE3\x81\xA1\xE3\x81\xAE\xE3\x81\x82\xE3\x81\x9F\xE3" \
    "\x82\x89\xE3\x81\x97\xE3\x81\x84\xE3\x81\xBB\xE3\x83\xBC\xE3\x82\x80\xE3\x81\xBA\xE3\x83\xBC\xE3\x81" \
    "\x98\xE3\x81\x8C\xE3\x81\xA7\xE3\x81\x8D\xE3\x81\xBE\xE3\x81\x97\xE3\x81\x9F\xE3\x81\xAE\xE3\x81\xA7" \
    "\xE3\x81\x94\xE3\x82\x89\xE3\x82\x93\xE3\x81\x8F\xE3\x81\xA0\xE3\x81\x95\xE3\x81\x84"
#define CHINESE \
    "\xE6\x9D\xA5\xE9\x80\xB1\xE3\x81\xAE\xE4\xBC\x9A\xE8\xAD\xB0\xE8\xB3\x87\xE6\x96\x99\xE5\x85\xAC\xE9" \
    "\x96\x8B\xE5\xA0\xB4\xE6\x89\x80\xE5\xA4\x89\xE6\x9B\xB4\xE9\x80\xA3\xE7\xB5\xA1\xE5\x85\x88\xE4\xB8" \
    "\x80\xE8\xA6\xA7\xE8\xA1\xA8\xE6\x9D\xB1\xE4\xBA\xAC\xE5\xA4\xA7\xE9\x98\xAA\xE4\xBA\xAC\xE9\x83\xBD" \
    "\xE7\xA5\x9E\xE6\x88\xB8\xE6\xA8\xAA\xE6\xB5\x9C\xE7\xA6\x8F\xE5\xB2\xA1\xE6\x9C\xAD\xE5\xB9\x8C"
#define NOTHING_BUT(headers) RELAY headers BODY
#define OUTLOOK_EXPRESS "X-Mailer: Microsoft Outlook Express 6.00.2900.2180\n"
#define OUTLOOK_ID_OF(time) "Message-ID: <0004" time "$53bdebe0$fb39c3a0@pc>\n"
#define MULTIPART(boundary)                                                              \
    MIME "Content-Type: multipart/alternative; boundary=\"" boundary "\"\n\n--" boundary \
         "\nContent-Type: text/plain\n\nhello\n--" boundary "--\n"
#define RESULTS(text) "Authentication-Results: " text "\n"
#define HOP_AT(date) "Received: from pc.example.org ([192.0.2.9]) by mail.example.org with ESMTP id 3; " date "\n"

/* "MZ", a stub, "PE": the start of a program. */
#define PROGRAM "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAAFBFAABMAQ=="
/* A ZIP archive with "b.exe", one with "b.txt", one with an encrypted "b.txt". */
#define ZIP_PROGRAM "UEsDBBQAAAAAAAAAAAAAAAAAAgAAAAIAAAAFAAAAYi5leGVoaVBLAQI="
#define ZIP_TEXT "UEsDBBQAAAAAAAAAAAAAAAAAAgAAAAIAAAAFAAAAYi50eHRoaVBLAQI="
#define ZIP_ENCRYPTED "UEsDBBQAAQAAAAAAAAAAAAAAAgAAAAIAAAAFAAAAYi50eHRoaVBLAQI="
#define ZIP_IMAGE                                                                                          \
    "UEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIAAAAFAAAAYi5pc29oaVBLAQIUAxQAAAAAAAAAIQCsKpPYAgAAAAIAAAAFAAAAAAAAAAAA" \
    "AACAAQAAAABiLmlzb1BLBQYAAAAAAQABADMAAAAlAAAAAAA="
/* The local header names b.txt, the directory b.exe. */
#define ZIP_TWO_FACED                                                                                      \
    "UEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIAAAAFAAAAYi50eHRoaVBLAQIUAxQAAAAAAAAAIQCsKpPYAgAAAAIAAAAFAAAAAAAAAAAA" \
    "AACAAQAAAABiLmV4ZVBLBQYAAAAAAQABADMAAAAlAAAAAAA="
/* Documents with word/vbaProject.bin and with word/o.bin. */
#define DOCUMENT_MACROS                                                                                    \
    "UEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbGhpUEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIA" \
    "AAATAAAAd29yZC92YmFQcm9qZWN0LmJpbmhpUEsBAg=="
#define DOCUMENT_PLAIN                                                                                     \
    "UEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbGhpUEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIA" \
    "AAAKAAAAd29yZC9vLmJpbmhpUEsBAg=="
/* "a.exe" and the files "0" to "9". */
#define ZIP_MANY                                                                               \
    "UEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIAAAAFAAAAYS5leGVoaVBL"                                     \
    "AwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADBoaVBL"                                             \
    "AwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADFoaVBLAwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADJoaVBL" \
    "AwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADNoaVBLAwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADRoaVBL" \
    "AwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADVoaVBLAwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADZoaVBL" \
    "AwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADdoaVBLAwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADhoaVBL" \
    "AwQUAAAAAAAAACEArCqT2AIAAAACAAAAAQAAADloaVBLAQI="
#define LINES_10 "\n\n\n\n\n\n\n\n\n\n"
#define SENTENCE "These words belong to another message and are here to mislead whoever counts words. "

static const struct {
    const char *check;
    bool fires;
    const char *message;
} rows[] = {
    /* the form of the header */
    { "NO_DATE", true, NOTHING_BUT(FROM TO SUBJECT ID) },
    { "NO_DATE", false, HEAD BODY },
    { "NO_DATE", false, FROM TO SUBJECT ID BODY },
    { "BAD_DATE", true, NOTHING_BUT(FROM TO SUBJECT ID "Date: next week\n") },
    { "BAD_DATE", false, NOTHING_BUT(FROM TO SUBJECT ID "Date: 22 Nov 26 9:59 GMT\n") },
    { "DATE_IN_FUTURE", true, NOTHING_BUT(FROM TO SUBJECT ID "Date: Tue, 24 Nov 2026 10:00:00 +0000\n") },
    { "DATE_IN_FUTURE", false, NOTHING_BUT(FROM TO SUBJECT ID "Date: Sun, 22 Nov 2026 19:00:00 +0000\n") },
    { "DATE_IN_PAST", true, NOTHING_BUT(FROM TO SUBJECT ID "Date: Tue, 10 Nov 2026 10:00:00 +0000\n") },
    { "DATE_IN_PAST", false, NOTHING_BUT(FROM TO SUBJECT ID "Date: Thu, 19 Nov 2026 10:00:00 +0000\n") },
    { "DATE_IN_PAST", false, FROM TO SUBJECT ID "Date: Tue, 10 Nov 2026 10:00:00 +0000\n" BODY },
    { "NO_MESSAGE_ID", true, NOTHING_BUT(FROM TO SUBJECT DATE) },
    { "NO_MESSAGE_ID", false, NOTHING_BUT(FROM TO SUBJECT DATE "message-id: <a@b>\n") },
    { "NO_MESSAGE_ID", false, FROM TO SUBJECT DATE BODY },
    { "BAD_MESSAGE_ID", true, NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <12345>\n") },
    { "BAD_MESSAGE_ID", false, NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID:\n <12345@host.example.org>\n") },
    { "DUPLICATE_FIELDS", true, HEAD "Subject: again\n" BODY },
    { "DUPLICATE_FIELDS", false, HEAD "Received: from a by b; Sun, 22 Nov 2026 09:59:30 +0000\n" BODY },
    { "MESSAGE_ID_FORGED", true, NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <CAGm0s=T7@mail.gmail.com>\n") },
    { "MESSAGE_ID_FORGED", false,
      VIA("mx1.example.org", "mx1.example.org", "192.0.2.9")
          VIA("mail-oi1-f1.google.com", "mail-oi1-f1.google.com", "192.0.2.8") FROM TO SUBJECT DATE
      "Message-ID: <CAGm0s=T7@mail.gmail.com>\n" BODY },
    { "RAW_8BIT_HEADER", true, NOTHING_BUT(FROM TO DATE ID "Subject: d\xE9j\xE0 vu\n") },
    { "RAW_8BIT_HEADER", false, NOTHING_BUT(FROM TO DATE ID "Subject: d\xC3\xA9j\xC3\xA0 vu\n") },
    { "BROKEN_ENCODED_WORD", true, NOTHING_BUT(FROM TO DATE ID "Subject: =?utf-8?Z?abc?= lunch\n") },
    { "BROKEN_ENCODED_WORD", false, NOTHING_BUT(FROM TO DATE ID "Subject: =?utf-8?Q?d=C3=A9j=C3=A0?= vu\n") },
    { "BAD_HEADER_LINE", true, NOTHING_BUT(FROM TO SUBJECT DATE "this is no field\n" ID) },
    { "BAD_HEADER_LINE", false, "Shall we meet at noon?\n\nAnna\n" },
    { "BAD_HEADER_LINE", false, NOTHING_BUT(FROM TO SUBJECT DATE "X-Long: a\n\tb: c\n" ID) },
    { "FORGED_VERDICT", true, HEAD "X-Spam-Status: No, score=-10\n" BODY },
    { "FORGED_VERDICT", false, HEAD "X-Spam-Status: Yes, score=10\n" BODY },
    { "FORGED_VERDICT", false, "X-Spam-Status: No, score=-10\nX-Tamis: id=0, verdict=ham\n" HEAD BODY },
    { "WEB_FORM_SCRIPT", true, HEAD "X-PHP-Originating-Script: 33:mailer.php\n" BODY },
    { "WEB_FORM_SCRIPT", false, HEAD "X-Mailer: PHPMailer 6.8\n" BODY },
    { "BULK_MAILER", true, HEAD "X-Mailer: Leaf PHPMailer 2.8\n" BODY },
    { "BULK_MAILER", false, HEAD "X-Mailer: Evolution 3.46\n" BODY },

    { "NO_MIME_VERSION", true, HEAD "Content-Type: text/html\n\n<p>hello</p>\n" },
    { "NO_MIME_VERSION", false, HEAD "Content-Type: text/plain; charset=us-ascii\n" BODY },
    { "BAD_TIME_ZONE", true, NOTHING_BUT(FROM TO SUBJECT ID "Date: Sun, 22 Nov 2026 09:59:00 -1900\n") },
    { "BAD_TIME_ZONE", true, NOTHING_BUT(FROM TO SUBJECT ID "Date: Sun, 22 Nov 2026 09:59:00 +0275\n") },
    { "BAD_TIME_ZONE", false, NOTHING_BUT(FROM TO SUBJECT ID "Date: Sun, 22 Nov 2026 23:59:00 +1400\n") },
    { "DATE_WITHOUT_ZONE", true, NOTHING_BUT(FROM TO SUBJECT ID "Date: Sun, 22 Nov 2026 09:59:00\n") },
    { "DATE_WITHOUT_ZONE", true, NOTHING_BUT(FROM TO SUBJECT ID "Date: Nov 22 09:59:00 2026\n") },
    { "DATE_WITHOUT_ZONE", false, NOTHING_BUT(FROM TO SUBJECT ID "Date: Sun, 22 Nov 2026 09:59:00 GMT\n") },
    { "DATE_WITHOUT_ZONE", false, NOTHING_BUT(FROM TO SUBJECT ID "Date: Sun, 22 Nov 2026 09:59:00+0000\n") },
    { "ENCODED_ASCII", true, NOTHING_BUT(FROM TO DATE ID "Subject: =?utf-8?B?bHVuY2g=?=\n") },
    { "ENCODED_ASCII", false, NOTHING_BUT(FROM TO DATE ID "Subject: =?utf-8?B?ZMOpasOg?=\n") },
    { "ENCODED_ASCII", false, NOTHING_BUT(FROM TO DATE ID "Subject: =?utf-8?Q?lunch?=\n") },
    { "URGENT", true, HEAD "X-Priority: 1 (Highest)\n" BODY },
    { "URGENT", true, HEAD "Importance: High\n" BODY },
    { "URGENT", false, HEAD "X-Priority: 3\nImportance: Normal\n" BODY },
    { "OUTDATED_SCRIPT", true, HEAD "X-Mailer: PHPMailer [version 1.73]\n" BODY },
    { "OUTDATED_SCRIPT", false, HEAD "X-Mailer: PHPMailer 6.8.0 (https://github.com/PHPMailer/PHPMailer)\n" BODY },
    { "SERVICE_ID", true, NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <0029780929767.3388@mail.gmail.com>\n") },
    { "SERVICE_ID", true,
      NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <000077e30900$0000142e$0000282b@mx2.mail.yahoo.com>\n") },
    { "SERVICE_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE
                  "Message-ID: <CAKgT0UdMGLsvc=8Yb9zSXXsZQ8nRWQHMJUc01-sFzMTwQJy1Bw@mail.gmail.com>\n") },
    { "SERVICE_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <20261122095900.44611.qmail@web11.mail.yahoo.com>\n") },
    { "MESSAGE_ID_ADDED", true,
      NOTHING_BUT(FROM TO SUBJECT DATE
                  "Message-ID: <b5b9c99d-857b-4dbe-b4b2-b9ab64c6b268@BL6PE4D.namprd04.prod.outlook.com>\n") },
    { "MESSAGE_ID_ADDED", false,
      NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <DB8P19AB4D0C7B@DB8P19.EURP194.PROD.OUTLOOK.COM>\n") },
    { "MESSAGE_ID_ADDED", true, NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <4F1.2026@mx.example.net>\n") },
    { "MESSAGE_ID_ADDED", false, NOTHING_BUT(FROM TO SUBJECT DATE "Message-ID: <4F1.2026@mail.example.net>\n") },

    /* the mail program */
    { "MAILER_ID", true, NOTHING_BUT(FROM TO SUBJECT DATE OUTLOOK_EXPRESS "Message-ID: <4v125n.suao8n1@x.example>\n") },
    { "MAILER_ID", true, HEAD "X-Mailer: The Bat! (v1.61)\n" BODY },
    { "MAILER_ID", true,
      NOTHING_BUT(FROM TO SUBJECT DATE
                  "User-Agent: Mozilla Thunderbird\nMessage-ID: <852DC03C.34520D91@a.example>\n") },
    { "MAILER_ID", true, HEAD "X-Mailer: iPhone Mail (20A362)\n" BODY },
    { "MAILER_ID", true, HEAD "X-Mailer: Evolution 3.46.4\n" BODY },
    { "MAILER_ID", true, HEAD "User-Agent: Mutt/1.5.21\n" BODY },
    { "MAILER_ID", false, NOTHING_BUT(FROM TO SUBJECT DATE OUTLOOK_EXPRESS OUTLOOK_ID_OF("01dd7a60")) },
    { "MAILER_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE OUTLOOK_EXPRESS "Message-ID: <E17k2hm-00016W-00@mail.example.org>\n") },
    { "MAILER_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE
                  "X-Mailer: The Bat! (v1.61)\nMessage-ID: <6211547852.20261122095900@a.example>\n") },
    { "MAILER_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE "User-Agent: Mozilla Thunderbird\n"
                                       "Message-ID: <7b1c8c5e-0a31-4a5c-9b0e-2f64d1a3c0de@example.org>\n") },
    { "MAILER_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE "X-Mailer: iPhone Mail (20A362)\n"
                                       "Message-ID: <7B1C8C5E-0A31-4A5C-9B0E-2F64D1A3C0DE@example.org>\n") },
    { "MAILER_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE "X-Mailer: Evolution 3.46.4\n"
                                       "Message-ID: <0123456789abcdef0123456789abcdef01234567.camel@example.org>\n") },
    { "MAILER_ID", false,
      NOTHING_BUT(FROM TO SUBJECT DATE "User-Agent: Mutt/1.5.21\nMessage-ID: <20261122095900.GA4711@example.org>\n") },
    { "MAILER_BOUNDARY", true, HEAD OUTLOOK_EXPRESS MULTIPART("NS_Boundary_0713") },
    { "MAILER_BOUNDARY", true, HEAD "X-Mailer: Apple Mail (2.3731)\n" MULTIPART("b1_4711") },
    { "MAILER_BOUNDARY", false, HEAD OUTLOOK_EXPRESS MULTIPART("----=_NextPart_000_0004_01DD7A60.1B2C3D40") },
    { "MAILER_BOUNDARY", false, HEAD "X-Mailer: Apple Mail (2.3731)\n" MULTIPART("Apple-Mail=_7B1C8C5E-0A31") },
    { "MAILER_BOUNDARY", false, HEAD OUTLOOK_EXPRESS MULTIPART("===============8278407137942368212==") },
    { "MAILER_FIELDS", true, HEAD "X-MSMail-Priority: Normal\nX-Mailer: QUALCOMM Windows Eudora 5.1\n" BODY },
    { "MAILER_FIELDS", true, HEAD "X-MSMail-Priority: Normal\n" BODY },
    { "MAILER_FIELDS", false, HEAD "X-MSMail-Priority: Normal\nX-Mailer: SquirrelMail (version 1.2.6)\n" BODY },
    { "MAILER_FIELDS", false, HEAD "X-MSMail-Priority: Normal\n" OUTLOOK_EXPRESS BODY },
    { "MAILER_HTML_ALONE", true, HEAD MIME OUTLOOK_EXPRESS "Content-Type: text/html\n\n<p>hello</p>\n" },
    { "MAILER_HTML_ALONE", false, HEAD MIME OUTLOOK_EXPRESS "Content-Type: text/plain\n" BODY },
    { "OUTLOOK_TIME", true, NOTHING_BUT(FROM TO SUBJECT DATE OUTLOOK_ID_OF("3a04d84c")) },
    { "OUTLOOK_TIME", true, NOTHING_BUT(FROM TO SUBJECT DATE OUTLOOK_ID_OF("01dd5a0e")) },
    { "OUTLOOK_TIME", true, HEAD MULTIPART("----=_NextPart_000_00D1_42B32C7D.B8655D52") },
    { "OUTLOOK_TIME", false, NOTHING_BUT(FROM TO SUBJECT DATE OUTLOOK_ID_OF("01dd7a60")) },
    { "OUTLOOK_TIME", false, HEAD MULTIPART("----=_NextPart_000_0004_01DD7A60.1B2C3D40") },
    { "RANDOM_MAILER", true, HEAD "X-Mailer: yXInN\n" BODY },
    { "RANDOM_MAILER", true, HEAD "X-Mailer: wmw\n" BODY },
    { "RANDOM_MAILER", false, HEAD "X-Mailer: exmh\n" BODY },
    { "RANDOM_MAILER", false, HEAD "X-Mailer: VM\n" BODY },

    /* web servers */
    { "INTRUDER_SCRIPT", true, HEAD "X-PHP-Originating-Script: 33:x.php(1) : eval()'d code\n" BODY },
    { "INTRUDER_SCRIPT", true, HEAD "X-Source-Dir: example.org:/public_html/wp-content/uploads/2026\n" BODY },
    { "INTRUDER_SCRIPT", false, HEAD "X-PHP-Script: example.org/shop/order.php for 192.0.2.1\n" BODY },
    { "WEB_SERVER_USER", true,
      HEAD "Received: by www.example.org (Postfix, from userid 33)\n\tid 4F2; Sun, 22 Nov 2026 09:59:30 +0000\n" BODY },
    { "WEB_SERVER_USER", true, HEAD "X-AntiAbuse: Originator/Caller UID/GID - [99 500] / [47 12]\n" BODY },
    { "WEB_SERVER_USER", false,
      HEAD
      "X-AntiAbuse: Originator/Caller UID/GID - [47 12] / [47 12]\n"
      "Received: by pc.example.org (Postfix, from userid 1000)\n\tid 4F2; Sun, 22 Nov 2026 09:59:30 +0000\n" BODY },

    /* authentication: the context names mx.example.net as our own server */
    { "DMARC_FAIL", true, RESULTS("mx.example.net; dmarc=fail (p=REJECT) header.from=example.org") HEAD BODY },
    { "DMARC_FAIL", false, HEAD RESULTS("mx.example.com; dmarc=fail header.from=example.org") BODY },
    { "DMARC_FAIL", false, RESULTS("mx.example.net; dmarc=pass header.from=example.org") HEAD BODY },
    { "SPF_FAIL", true, RESULTS("mx.example.net; spf=fail smtp.mailfrom=anna@example.org") HEAD BODY },
    { "SPF_FAIL", false, RESULTS("mx.example.net; spf=pass (fail) smtp.mailfrom=example.org") HEAD BODY },
    { "SPF_SOFTFAIL", true, HEAD RESULTS("mx.example.net; spf=softfail smtp.mailfrom=example.org") BODY },
    { "SPF_SOFTFAIL", false, RESULTS("mx.example.net; spf=neutral smtp.mailfrom=example.org") HEAD BODY },
    { "DKIM_FAIL", true, RESULTS("mx.example.net; dkim=fail header.d=example.org") HEAD BODY },
    { "DKIM_FAIL", false,
      RESULTS("mx.example.net; dkim=fail header.d=x.example; dkim=pass header.d=example.org") HEAD BODY },
    { "FREE_MAIL_UNSIGNED", true,
      RESULTS("mx.example.net; dkim=none") NOTHING_BUT("From: <anna@gmail.com>\n" TO SUBJECT DATE ID) },
    { "FREE_MAIL_UNSIGNED", false,
      RESULTS("mx.example.net; dkim=pass header.d=gmail.com")
          NOTHING_BUT("From: <anna@gmail.com>\n" TO SUBJECT DATE ID) },
    { "UNAUTHENTICATED", true, RESULTS("mx.example.net; spf=none; dkim=none") HEAD BODY },
    { "UNAUTHENTICATED", false, RESULTS("mx.example.net; spf=none; dkim=pass header.d=a.example") HEAD BODY },
    { "AUTHENTICATED", true, RESULTS("mx.example.net; dkim=pass header.d=mail.example.org") HEAD BODY },
    { "AUTHENTICATED", false, RESULTS("mx.example.net; dkim=pass header.d=x.example") HEAD BODY },

    /* lists */
    { "DISCUSSION_LIST", true,
      HEAD "List-Id: Lunch <lunch.lists.example.org>\nList-Post: <mailto:lunch@lists.example.org>\n" BODY },
    { "DISCUSSION_LIST", false,
      HEAD "List-Id: Lunch <lunch.lists.example.com>\nList-Post: <mailto:lunch@lists.example.com>\n" BODY },
    { "ONE_CLICK_LIST", true,
      RESULTS("mx.example.net; dkim=pass header.d=example.org") HEAD
      "List-Unsubscribe: <mailto:off@example.org>, <https://example.org/off?u=1>\n"
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n" BODY },
    { "ONE_CLICK_LIST", false,
      HEAD
      "List-Unsubscribe: <https://example.org/off?u=1>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" BODY },

    /* the subject */
    { "SUBJECT_FAKES_REPLY", true, NOTHING_BUT(FROM TO DATE ID "Subject: Re: your account\n") },
    { "SUBJECT_FAKES_REPLY", false, NOTHING_BUT(FROM TO DATE ID "Subject: Re: lunch\nIn-Reply-To: <a@b>\n") },
    { "SUBJECT_FAKES_REPLY", false, RELAY FROM TO DATE ID "Subject: Re: lunch\n\n> Shall we?\nYes.\n" },
    { "SUBJECT_RANDOM_WORD", true, NOTHING_BUT(FROM TO DATE ID "Subject: lose weight now khwqd\n") },
    { "SUBJECT_RANDOM_WORD", false, NOTHING_BUT(FROM TO DATE ID "Subject: how to use the nth mutex\n") },
    { "SUBJECT_RANDOM_WORD", false, NOTHING_BUT(FROM TO DATE ID "Subject: noon on Sunday? hmmmm\n") },
    { "SUBJECT_RANDOM_WORD", false, NOTHING_BUT(FROM TO DATE ID "Subject: how to restart httpd\n") },
    { "SUBJECT_RANDOM_WORD", false, NOTHING_BUT(FROM TO DATE ID "Subject: [PATCH] docs: on tmpfs\n") },
    { "SUBJECT_RANDOM_WORD", false, NOTHING_BUT(FROM TO DATE ID "Subject: lwjgl: new release of lwjgl\n") },
    { "SUBJECT_RANDOM_WORD", false,
      RELAY FROM TO DATE ID "Subject: build of lwjgl\n\nPackage lwjgl failed to build.\n" },
    { "NO_SUBJECT", true, NOTHING_BUT(FROM TO DATE ID "Subject: \n") },
    { "NO_SUBJECT", false, HEAD BODY },
    { "SUBJECT_IN_CAPITALS", true, NOTHING_BUT(FROM TO DATE ID "Subject: URGENT BUSINESS PROPOSAL\n") },
    { "SUBJECT_IN_CAPITALS", false, NOTHING_BUT(FROM TO DATE ID "Subject: RE: [ILUG] RFC 5322\n") },
    { "SUBJECT_SPACED_OUT", true, NOTHING_BUT(FROM TO DATE ID "Subject: Cheap L.O.A.N.S today\n") },
    { "SUBJECT_SPACED_OUT", false, NOTHING_BUT(FROM TO DATE ID "Subject: The U.S.A. and the A C M E law\n") },
    { "SUBJECT_TAIL", true, NOTHING_BUT(FROM TO DATE ID "Subject: You have won                 qhw7623\n") },
    { "SUBJECT_TAIL", false, NOTHING_BUT(FROM TO DATE ID "Subject: lunch    on    Sunday        \n") },
    { "SUBJECT_SHOUTS", true, NOTHING_BUT(FROM TO DATE ID "Subject: Earn $$$ now\n") },
    { "SUBJECT_SHOUTS", false, NOTHING_BUT(FROM TO DATE ID "Subject: lunch! costs $5!\n") },
    { "SUBJECT_NAMES_RECIPIENT", true, NOTHING_BUT(FROM TO DATE ID "Subject: User@example.net, your parcel waits\n") },
    { "SUBJECT_NAMES_RECIPIENT", true,
      NOTHING_BUT(FROM TO DATE ID "Subject: Your parcel (user@example.net)\n" MIME "Content-Type: text/plain\n") },
    { "SUBJECT_NAMES_RECIPIENT", false, /* an invitation of Google's */
      NOTHING_BUT(FROM TO DATE ID "Subject: Invitation: Lunch @ Tue 4 Jun 2024 (user@example.net)\n" MIME
                  "Content-Type: text/calendar\n") },
    { "SUBJECT_NAMES_RECIPIENT", false, NOTHING_BUT(FROM TO DATE ID "Subject: what is user@example.com?\n") },
    { "SUBJECT_PICTURES", true, NOTHING_BUT(FROM TO DATE ID "Subject: =?utf-8?Q?=F0=9F=94=94_new_message?=\n") },
    { "SUBJECT_PICTURES", false,
      NOTHING_BUT(FROM TO DATE ID "Subject: =?utf-8?Q?d=C3=A9j=C3=A0_=E2=80=93_vu_=E2=82=AC5?=\n") },

    /* the addresses */
    { "NO_FROM", true, NOTHING_BUT(TO SUBJECT DATE ID) },
    { "NO_FROM", false, HEAD BODY },
    { "NO_FROM", false, SUBJECT BODY },
    { "BAD_FROM", true, NOTHING_BUT("From: Customer Service\n" TO SUBJECT DATE ID) },
    { "BAD_FROM", false, NOTHING_BUT("From: anna@example.org (Anna)\n" TO SUBJECT DATE ID) },
    { "BAD_FROM", false, NOTHING_BUT("From: Team, Support <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_STRAY_TEXT", true, NOTHING_BUT("From: Team, Support <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_STRAY_TEXT", false, NOTHING_BUT("From: \"Team, Support\" <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_OTHER_ADDRESS", true,
      NOTHING_BUT("From: \"chief@bank.example.com\" <x9@mail.example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_OTHER_ADDRESS", false,
      NOTHING_BUT("From: \"anna@example.org\" <anna@mail.example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_OWN_DOMAIN", true,
      NOTHING_BUT("From: \"example.net Support\" <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_OWN_DOMAIN", false,
      NOTHING_BUT("From: \"example.net Support\" <help@desk.example.net>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", true, NOTHING_BUT("From: PayPal Service <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", false, NOTHING_BUT("From: PayPal <service@intl.paypal.com>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", true, NOTHING_BUT("From: Norton Billing <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", true, NOTHING_BUT("From: Ledger <ledger@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", true,
      NOTHING_BUT("From: Support Ledger <support@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", true, NOTHING_BUT("From: Ann Norton <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", true,
      NOTHING_BUT("From: Katie From Ledger <katie@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", true, NOTHING_BUT("From: Ann Paypal <ann@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", false, NOTHING_BUT("From: Ann Norton <ann@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", false,
      NOTHING_BUT("From: \"Norton, Ann B.\" <abnorton@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", false,
      NOTHING_BUT("From: =?utf-8?Q?Zo=C3=AB_Norton?= <zoe.norton@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_BORROWS_BRAND", false,
      NOTHING_BUT("From: Heath A. Ledger <h.ledger@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_DOMAIN_BORROWS_BRAND", true, NOTHING_BUT("From: Service <x9@paypal-check.example>\n" TO SUBJECT DATE ID) },
    { "FROM_DOMAIN_BORROWS_BRAND", false,
      NOTHING_BUT("From: Service <x9@marketplace.amazon.co.uk>\n" TO SUBJECT DATE ID) },
    { "REPLY_TO_FREE_MAIL", true, HEAD "Reply-To: lawyer77@gmail.com\n" BODY },
    { "REPLY_TO_FREE_MAIL", false,
      NOTHING_BUT("From: Anna <anna@gmail.com>\nReply-To: anna.berg@gmail.com\n" TO SUBJECT DATE ID) },
    { "FROM_IS_RECIPIENT", true, NOTHING_BUT("From: user@example.net\n" TO SUBJECT DATE ID) },
    { "FROM_IS_RECIPIENT", false,
      VIA("pc", "pc.lan", "192.168.1.5") "From: user@example.net\n" TO SUBJECT DATE ID BODY },
    { "NO_RECIPIENT", true, NOTHING_BUT(FROM SUBJECT DATE ID) },
    { "NO_RECIPIENT", false, NOTHING_BUT(FROM "Cc: user@example.net\n" SUBJECT DATE ID) },
    { "FROM_RANDOM_NAME", true, NOTHING_BUT("From: <a8k2jd93x@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_RANDOM_NAME", false, NOTHING_BUT("From: <annaberg1987@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_FREE_HOST", true, NOTHING_BUT("From: Support <it@kx77.onmicrosoft.com>\n" TO SUBJECT DATE ID) },
    { "FROM_FREE_HOST", false, NOTHING_BUT("From: Support <it@notonmicrosoft.com>\n" TO SUBJECT DATE ID) },

    { "FROM_DOMAIN_NO_DOT", true, NOTHING_BUT("From: Toll <debt@toll258563578>\n" TO SUBJECT DATE ID) },
    { "FROM_DOMAIN_NO_DOT", false, VIA("pc", "pc.lan", "192.168.1.5") "From: root@pc\n" TO SUBJECT DATE ID BODY },
    { "FROM_DOMAIN_NO_DOT", false, NOTHING_BUT("From: <anna@[192.0.2.25]>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_ODD_START", true, NOTHING_BUT("From: :Pharmacy <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "FROM_NAME_ODD_START", false, NOTHING_BUT("From: \"(Anna) 'B'\" <x9@example.org>\n" TO SUBJECT DATE ID) },
    { "REPLY_TO_ELSEWHERE", true, HEAD "Reply-To: office@x.example\n" BODY },
    { "REPLY_TO_ELSEWHERE", false, HEAD "Reply-To: office@mail.example.org\n" BODY },
    { "REPLY_TO_ELSEWHERE", false, HEAD "Reply-To: lunch@x.example\nList-Id: <lunch.x.example>\n" BODY },
    { "SENDER_LEAVES_NO_TRACE", true,
      VIA("a.example", "a.example", "203.0.113.9") FROM TO SUBJECT DATE "Message-ID: <1@b.example>\n" BODY },
    { "SENDER_LEAVES_NO_TRACE", false,
      VIA("a.example", "a.example", "203.0.113.9") FROM TO SUBJECT DATE "Message-ID: <1@mail.example.org>\n" BODY },
    { "SENDER_LEAVES_NO_TRACE", false,
      VIA("a.example", "a.example", "203.0.113.9") FROM TO SUBJECT DATE
      "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x\nMessage-ID: <1@b.example>\n" BODY },
    { "SENDER_LEAVES_NO_TRACE", false,
      VIA("mail.xn--bcher-kva.example", "a.example", "203.0.113.9") IN_UTF8 TO SUBJECT DATE BODY },
    { "SENDER_LEAVES_NO_TRACE", false,
      VIA("a.example", "a.example", "203.0.113.9") IN_UTF8 TO SUBJECT DATE
      "DKIM-Signature: v=1; a=rsa-sha256; d=xn--bcher-kva.example; s=x\n" BODY },
    { "SENDER_LEAVES_NO_TRACE", false,
      VIA("a.example", "a.example", "203.0.113.9") IN_UTF8 TO SUBJECT DATE
      "Message-ID: <1@b\xC3\xBC" "cher.example>\n" BODY },
    { "SENDER_LEAVES_NO_TRACE", true,
      VIA("a.example", "a.example", "203.0.113.9") IN_UTF8 TO SUBJECT DATE "Message-ID: <1@bucher.example>\n" BODY },
    { "EMPTY_RECIPIENT", true, NOTHING_BUT(FROM "To: <>\n" SUBJECT DATE ID) },
    { "EMPTY_RECIPIENT", false, NOTHING_BUT(FROM "To: undisclosed-recipients:;\n" SUBJECT DATE ID) },
    { "GENERIC_RECIPIENT", true, NOTHING_BUT(FROM "To: friend@public.example\n" SUBJECT DATE ID) },
    { "GENERIC_RECIPIENT", false, NOTHING_BUT(FROM "To: friends-of-tamis@lists.example.org\n" SUBJECT DATE ID) },
    { "FROM_SERVICE_ELSEWHERE", true, NOTHING_BUT("From: <anna@gmail.com>\n" TO SUBJECT DATE ID) },
    { "FROM_SERVICE_ELSEWHERE", false,
      VIA("mail-oi1-f1.google.com", "mail-oi1-f1.google.com",
          "192.0.2.8") "From: <anna@gmail.com>\n" TO SUBJECT DATE ID BODY },
    { "FROM_SERVICE_ELSEWHERE", false,
      NOTHING_BUT("From: <anna@gmail.com>\nList-Id: <lunch.example.org>\n" TO SUBJECT DATE ID) },

    /* the relay path: the context trusts 198.51.100.0/24 and has friends in 203.0.113.128/25 */
    { "HELO_NO_DOT", true,
      VIA("relay.example.com", "relay.example.com", "198.51.100.1") VIA("pc", "unknown", "203.0.113.9")
          FROM TO SUBJECT DATE ID BODY },
    { "HELO_NO_DOT", false, VIA("labo-pc4231", "unknown", "203.0.113.200") FROM TO SUBJECT DATE ID BODY },
    { "HELO_NO_DOT", false, VIA("labo-pc4231", "labo-pc4231.example.net", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_NO_DOT", false,
      "Received: from pc (dsl-9.example.com [203.0.113.9])\n\tby mx.example.net (Postfix) with ESMTPSA id 4F1;\n"
      "\tSun, 22 Nov 2026 10:00:00 +0000\n" FROM TO SUBJECT DATE ID BODY },
    { "HELO_DIFFERS", true, VIA("mail.example.org", "vm9.example.com", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_DIFFERS", false, VIA("mail.example.org", "vm9.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_FORGES_SERVICE", true, VIA("mx1.hotmail.com", "vm9.example.com", "203.0.113.9") HEAD BODY },
    { "HELO_FORGES_SERVICE", true, VIA("yahoo.com", "unknown", "203.0.113.9") HEAD BODY },
    { "HELO_FORGES_SERVICE", false, VIA("mx1.hotmail.com", "unknown", "203.0.113.9") HEAD BODY },
    { "HELO_FORGES_SERVICE", false, VIA("mx1.hotmail.com", "bay9.hotmail.com", "203.0.113.9") HEAD BODY },
    { "DATES_GO_BACKWARDS", true, HEAD HOP_AT("Sun, 22 Nov 2026 17:00:00 +0000") BODY },
    { "DATES_GO_BACKWARDS", false, HEAD HOP_AT("Sun, 22 Nov 2026 11:00:00 +0000") BODY },
    { "DATES_GO_BACKWARDS", false, HEAD HOP_AT("Sat, 21 Nov 2026 11:00:00 +0000") BODY },
    { "DATES_GO_FAR_BACKWARDS", true, HEAD HOP_AT("Mon, 23 Nov 2026 03:00:00 +0000") BODY },
    { "DATES_GO_FAR_BACKWARDS", false, HEAD HOP_AT("Sun, 22 Nov 2026 17:00:00 +0000") BODY },
    { "RELAY_IN_FUTURE", true, HEAD HOP_AT("Tue, 24 Nov 2026 03:00:00 +0000") BODY },
    { "RELAY_IN_FUTURE", false, HEAD HOP_AT("Sun, 22 Nov 2026 11:00:00 +0000") BODY },
    { "NO_RECEIVED", true, FROM TO SUBJECT DATE ID BODY },
    { "NO_RECEIVED", false, HEAD BODY },
    { "FROM_FRIEND", true, VIA("mail.example.com", "mail.example.com", "203.0.113.200") FROM TO SUBJECT DATE ID BODY },
    { "FROM_FRIEND", false, VIA("mail.example.com", "mail.example.com", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "INTERNAL_RECIPIENT", true, NOTHING_BUT(FROM "To: Staff <staff@example.net>\n" SUBJECT DATE ID) },
    { "INTERNAL_RECIPIENT", false,
      VIA("pc9.example.net", "pc9.example.net", "203.0.113.9") FROM
      "To: Staff <staff@example.net>\n" SUBJECT DATE ID BODY },
    { "HELO_IS_ADDRESS", true, VIA("203.0.113.9", "unknown", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_IS_ADDRESS", false, VIA("[203.0.113.9]", "unknown", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_IS_ADDRESS", false, VIA("127.0.1.1", "host.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_IS_ADDRESS", true, VIA("127.0.0.1", "host.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_IS_LITERAL", true, VIA("[203.0.113.9]", "unknown", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_IS_LITERAL", false, HEAD BODY },
    { "HELO_NO_DOT", true, VIA("labo-pc4231", "host.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_NO_DOT", false, VIA("localhost", "localhost", "127.0.0.1") HEAD BODY },
    { "HELO_IS_OURS", true, VIA("mx.example.net", "host.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "HELO_IS_OURS", false, VIA("mx.example.org", "mx.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "NO_REVERSE_NAME", true, VIA("mail.example.org", "unknown", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "NO_REVERSE_NAME", false, HEAD BODY },
    { "NO_REVERSE_NAME", true,
      "Received: from mx.example.net\n\tby mx.example.net with LMTP\n\tid x; Sun, 22 Nov 2026 10:00:00 GMT\n"
      VIA("mail.example.org", "unknown", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "NO_REVERSE_NAME", false, /* somebody without an address who does not speak LMTP may have written the rest */
      "Received: from mx.example.net\n\tby mx.example.net with ESMTP\n\tid x; Sun, 22 Nov 2026 10:00:00 GMT\n"
      VIA("mail.example.org", "unknown", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "REVERSE_NAME_FORGED", true,
      "Received: from a.example.org (b.example.org [203.0.113.9] (may be forged))\n\tby mx.example.net (8.15.2/8.15.2)"
      " with ESMTP id x;\n\tSun, 22 Nov 2026 10:00:00 GMT\n" FROM TO SUBJECT DATE ID BODY },
    { "REVERSE_NAME_FORGED", false,
      "Received: from a.example.org (b.example.org [203.0.113.9])\n\tby mx.example.net (8.15.2/8.15.2)"
      " with ESMTP id x;\n\tSun, 22 Nov 2026 10:00:00 GMT\n" FROM TO SUBJECT DATE ID BODY },
    { "DYNAMIC_REVERSE_NAME", true,
      VIA("pc", "203-0-113-9.dsl.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },
    { "DYNAMIC_REVERSE_NAME", false,
      VIA("o9", "o9.users.sendgrid.example.org", "203.0.113.9") FROM TO SUBJECT DATE ID BODY },

    /* the MIME structure */
    { "NO_BOUNDARY", true, HEAD MIME "Content-Type: multipart/mixed\n" BODY },
    { "NO_BOUNDARY", false, ATTACHED("a.txt") },
    { "NO_PARTS", true, HEAD MIME "Content-Type: multipart/mixed; boundary=\"b\"\n" BODY },
    { "NO_PARTS", false, ATTACHED("a.txt") },
    { "DUPLICATE_CONTENT_TYPE", true, HEAD MIME "Content-Type: text/plain\nContent-Type: text/html\n" BODY },
    { "DUPLICATE_CONTENT_TYPE", false, HEAD MIME "Content-Type: text/plain\nContent-Language: en\n" BODY },
    { "BAD_TRANSFER_ENCODING", true, HEAD MIME "Content-Type: text/plain\nContent-Transfer-Encoding: secret\n" BODY },
    { "BAD_TRANSFER_ENCODING", false, HEAD MIME "Content-Type: text/plain\nContent-Transfer-Encoding: 7BIT\n" BODY },
    { "BASE64_ASCII_TEXT", true,
      HEAD MIME
      "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
      "U2hhbGwgd2UgbWVldCBhdCBub29uIGF0IHRoZSB1c3VhbCBwbGFjZT8gSSBhbSBpbiB0b3duIG9u\nbHkgdGhpcyBzdW5kYXkuIEFubmEK\n" },
    { "BASE64_ASCII_TEXT", false,
      HEAD MIME
      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
      "RMOpasOgIHZ1LCBtYWlzIG/DuSA/IE9uIHNlIHZvaXQgw6AgbWlkaSDDoCBsJ2VuZHJvaXQgaGFi\naXR1ZWwgPyBBbm5hCg==\n" },
    { "BAD_CHARSET", true,
      HEAD MIME "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nd\xE9j\xE0 vu\n" },
    { "BAD_CHARSET", false,
      HEAD MIME "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nd\xE9j\xE0 vu\n" },
    { "PARTIAL_MESSAGE", true, HEAD MIME "Content-Type: message/partial; id=\"a@b\"; number=1; total=2\n" BODY },
    { "PARTIAL_MESSAGE", false, HEAD MIME "Content-Type: message/rfc822\n\nSubject: inner\n" BODY },
    { "EXTERNAL_BODY", true,
      HEAD MIME "Content-Type: message/external-body; access-type=URL; URL=\"http://x.example/\"\n\n"
                "Content-Type: text/html\n\n" },
    { "EXTERNAL_BODY", false, HEAD MIME "Content-Type: message/rfc822\n\nSubject: inner\n" BODY },
    { "HTML_ONLY", true, HTML("<p>hello</p>") },
    { "HTML_ONLY", false,
      HEAD MIME "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n"
                "--b\nContent-Type: text/html\n\n<p>hello</p>\n--b--\n" },
    { "LONE_PART", true,
      HEAD MIME
      "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>hello</p>\n--b--\n" },
    { "LONE_PART", false, HTML("<p>hello</p>") },
    { "NO_TEXT", true, HEAD MIME "Content-Type: text/plain\n\n \n\n" },
    { "EDITIONS_DIFFER", true,
      EDITIONS("The garden club meets every second Thursday evening behind the village church hall",
               "Verify your account immediately, otherwise access ends today: click here below") },
    { "EDITIONS_DIFFER", false,
      EDITIONS("The garden club meets every second Thursday evening behind the village church hall",
               "<b>The garden club</b> meets every second <i>Thursday</i> evening behind the village church hall") },
    { "EDITIONS_DIFFER", false,
      EDITIONS("Your mail program cannot show HTML messages.", "The garden club meets every second Thursday") },
    { "MULTIPART_ENCODED", true,
      HEAD MIME "Content-Transfer-Encoding: base64\n"
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b--\n" },
    { "MULTIPART_ENCODED", false,
      HEAD MIME "Content-Transfer-Encoding: 8bit\n"
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b--\n" },
    { "HTML_BEFORE_PLAIN", true,
      HEAD MIME "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>hello</p>\n"
                "--b\nContent-Type: text/plain\n\nhello\n--b--\n" },
    { "HTML_BEFORE_PLAIN", false, EDITIONS("hello", "<p>hello</p>") },
    { "NO_END_BOUNDARY", true,
      HEAD MIME "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n" },
    { "NO_END_BOUNDARY", false, EDITIONS("hello", "<p>hello</p>") },
    { "SMUGGLING_CHARSET", true, HEAD MIME "Content-Type: text/html; charset=UTF-7\n\n+ADw-script+AD4-\n" },
    { "SMUGGLING_CHARSET", false, UTF8_TEXT("UTF-7 was a bad idea") },
    { "INLINE_UUENCODE", true, HEAD "\nhere it is\n\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\n" },
    { "INLINE_UUENCODE", false, HEAD "\nbegin 644 times, and end\n" },
    { "NO_TEXT", false, ATTACHED_AS("application/pdf", "a.pdf", "JVBERi0xLjc=") },

    /* attachments */
    { "PROGRAM_ATTACHED", true, ATTACHED("invoice.SCR") },
    { "PROGRAM_ATTACHED", false, ATTACHED("exe.txt") },
    { "UNSAFE_ATTACHMENT", true, ATTACHED("offer.url") },
    { "UNSAFE_ATTACHMENT", false, ATTACHED("url.pdf") },
    { "MACRO_DOCUMENT", true, ATTACHED("offer.xlsm") },
    { "MACRO_DOCUMENT", false, ATTACHED("offer.xlsx") },
    { "DISK_IMAGE", true, ATTACHED("payment.iso") },
    { "DISK_IMAGE", false, ATTACHED("iso-9001.pdf") },
    { "PAGE_ATTACHED", true, ATTACHED("voicemail.htm") },
    { "PAGE_ATTACHED", false, HTML("<p>hello</p>") },
    { "DOUBLE_EXTENSION", true, ATTACHED("invoice.pdf.js") },
    { "DOUBLE_EXTENSION", false, ATTACHED("tamis-1.2.tar.gz") },
    { "FILE_NAME_REVERSED", true,
      ATTACHED("annexe\xE2\x80\xAE"
               "fdp.exe") },
    { "FILE_NAME_REVERSED", false, ATTACHED("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D.pdf") },
    { "FILE_NAME_PADDED", true, ATTACHED("photo.jpg                         .exe") },
    { "FILE_NAME_PADDED", false, ATTACHED("a photo  of us.jpg") },
    { "FILE_NAME_PADDED", false, ATTACHED("______________.pdf") },
    { "FILE_NAME_PADDED", true, ATTACHED("contract.pdf______________.html") },
    { "PROGRAM_BY_CONTENT", true, ATTACHED_AS("application/octet-stream", "data", PROGRAM) },
    { "PROGRAM_BY_CONTENT", false, ATTACHED_AS("application/octet-stream", "data", "TVogaXMgdGhlIG1hcmsgb2YgRE9T") },
    { "TYPE_CONTRADICTS_CONTENT", true, ATTACHED_AS("image/png", "a.png", PROGRAM) },
    { "TYPE_CONTRADICTS_CONTENT", false, ATTACHED_AS("application/octet-stream", "a.zip", ZIP_TEXT) },
    { "PROGRAM_IN_ARCHIVE", true, ATTACHED_AS("application/zip", "a.zip", ZIP_PROGRAM) },
    { "PROGRAM_IN_ARCHIVE", false, ATTACHED_AS("application/zip", "a.zip", ZIP_TEXT) },
    { "ENCRYPTED_ARCHIVE", true, ATTACHED_AS("application/zip", "a.zip", ZIP_ENCRYPTED) },
    { "ENCRYPTED_ARCHIVE", false, ATTACHED_AS("application/zip", "a.zip", ZIP_TEXT) },
    { "PROGRAM_AMONG_FILES", true, ATTACHED_AS("application/zip", "a.zip", ZIP_MANY) },
    { "PROGRAM_AMONG_FILES", false, ATTACHED_AS("application/zip", "a.zip", ZIP_PROGRAM) },
    { "PROGRAM_IN_ARCHIVE", false, ATTACHED_AS("application/zip", "a.zip", ZIP_MANY) },
    { "PROGRAM_IN_ARCHIVE", true,
      ATTACHED_AS("application/octet-stream", "a.rar",
                  "UmFyIRoHAQAAAAAAAwEAAAAAAAASAgIFBAUgAQIDBAAABWEudHh0aGVsbG8AAAAAEgICBQQFIAECAwQAAAViLmV4"
                  "ZWhlbGxvAAAAAAMFAAA=") },
    { "PROGRAM_IN_ARCHIVE", true, ATTACHED_AS("application/gzip", "a.gz", "H4sICAAAAAAAA2IuZXhlAAMA") },
    { "PROGRAM_IN_ARCHIVE", false, ATTACHED_AS("application/gzip", "a.gz", "H4sICAAAAAAAA2IudGFyAAMA") },
    { "CONTAINER_IN_ARCHIVE", true, ATTACHED_AS("application/zip", "a.zip", ZIP_IMAGE) },
    { "CONTAINER_IN_ARCHIVE", false, ATTACHED_AS("application/zip", "a.docx", DOCUMENT_PLAIN) },
    { "MACROS_INSIDE", true, ATTACHED_AS("application/octet-stream", "a.doc", DOCUMENT_MACROS) },
    { "MACROS_INSIDE", false, ATTACHED_AS("application/octet-stream", "a.docx", DOCUMENT_PLAIN) },
    { "TWO_FACED_ARCHIVE", true, ATTACHED_AS("application/zip", "a.zip", ZIP_TWO_FACED) },
    { "TWO_FACED_ARCHIVE", false, ATTACHED_AS("application/zip", "a.zip", ZIP_IMAGE) },
    { "ARCHIVE_PASSWORD", true, TEXT_AND("The password is 4711", "filename=a.zip", ZIP_ENCRYPTED) },
    { "ARCHIVE_PASSWORD", false, TEXT_AND("The password is 4711", "filename=a.zip", ZIP_TEXT) },
    { "ARCHIVE_PASSWORD", false, TEXT_AND("You know the password.", "filename=a.zip", ZIP_ENCRYPTED) },
    { "FILE_NAME_AMBIGUOUS", true, TEXT_AND("hi", "filename=a.pdf; filename*=utf-8''a.exe", "aGVsbG8=") },
    { "FILE_NAME_AMBIGUOUS", false,
      TEXT_AND("hi", "filename=resume.pdf; filename*=utf-8''r%C3%A9sum%C3%A9.pdf", "aGVsbG8=") },
    { "FILE_NAME_ONCE", true, ATTACHED_AS("application/pdf", "a.pdf", "aGVsbG8=") },
    { "FILE_NAME_ONCE", false, ATTACHED_AS("application/pdf; name=\"a.pdf\"", "a.pdf", "aGVsbG8=") },
    { "FILE_NAMES_DIFFER", true, ATTACHED_AS("application/pdf; name=\"a.pdf\"", "a.exe", "aGVsbG8=") },
    { "FILE_NAMES_DIFFER", false, ATTACHED_AS("application/pdf; name=\"a.pdf\"", "a.pdf", "aGVsbG8=") },

    { "ACTIVE_PAGE_ATTACHED", true,
      ATTACHED_AS("text/html", "a.html", "PGZvcm0gYWN0aW9uPSJodHRwczovL3guZXhhbXBsZS8iPjwvZm9ybT4=") },
    { "ACTIVE_PAGE_ATTACHED", true,
      ATTACHED_AS("image/svg+xml", "a.svg", "PHN2Zz48c2NyaXB0PmdvKCk8L3NjcmlwdD48L3N2Zz4=") },
    { "ACTIVE_PAGE_ATTACHED", false, ATTACHED_AS("text/html", "a.html", "PHA+aGVsbG88L3A+") },
    { "CALENDAR_LINK", true,
      HEAD MIME "Content-Type: text/calendar\n\n"
                "BEGIN:VCALENDAR\nSUMMARY:see https://prize.example/1\nEND:VCALENDAR\n" },
    { "CALENDAR_LINK", false,
      HEAD MIME "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nURL:https://us02web.zoom.us/j/1\nEND:VCALENDAR\n" },
    { "CALENDAR_LINK", false, UTF8_TEXT("see https://prize.example/1") },
    { "ACTIVE_DOCUMENT", true,
      ATTACHED_AS("application/pdf", "a.pdf", "JVBERi0xLjcKMSAwIG9iajw8L1MvSmF2YVNjcmlwdD4+") },
    { "ACTIVE_DOCUMENT", false, ATTACHED_AS("application/pdf", "a.pdf", "JVBERi0xLjcKMSAwIG9iajw8Pj4=") },
    { "OBJECT_IN_RTF", true,
      ATTACHED_AS("application/msword", "a.doc", "e1xydGYxe1xvYmplY3R7XCpcb2JqZGF0YSAwMX19fQ==") },
    { "OBJECT_IN_RTF", false, ATTACHED_AS("application/msword", "a.doc", "e1xydGYxIGhlbGxvfQ==") },

    /* HTML */
    { "EXTERNAL_IMAGES", true, HTML("<img src='https://x.example/logo.png' width=60 height=80>" SENTENCE) },
    { "EXTERNAL_IMAGES", false, HTML("<img src='cid:logo' width=60 height=80>" SENTENCE) },
    { "FORM_TO_STRANGER", true, HTML("<form action='https://x.example/'><input name=q></form>") },
    { "FORM_TO_STRANGER", false, HTML("<form action='https://www.example.org/'><input name=q></form>") },
    { "LINK_IN_DRAWING", true,
      ATTACHED_AS("image/svg+xml", "a.svg", /* <svg><a xlink:href="http://203.0.113.12/att"> */
                  "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxhIHhsaW5rOmhyZWY9Imh0dHA6Ly8yMDMu"
                  "MC4xMTMuMTIvYXR0Ij48dGV4dD5vcGVuPC90ZXh0PjwvYT48L3N2Zz4=") },
    { "NUMERIC_HOST", true, HTML("<svg><a xlink:href='http://203.0.113.12/'><text>open</text></a></svg>") },
    { "LINK_IN_DRAWING", true, HTML("<svg><a href='https://x.example/'><text>open</text></a></svg>") },
    { "LINK_IN_DRAWING", false, HTML("<svg><a href='https://www.example.org/'><text>open</text></a></svg>") },
    { "LINK_IN_DRAWING", false, HTML("<a href='https://x.example/'><svg><use xlink:href='#icon'/></svg>open</a>") },
    { "MOVED_BASE", true, HTML("<base href='https://x.example/'><a href='1'>open</a>") },
    { "MOVED_BASE", false, HTML("<a href='https://x.example/1'>open the base</a>") },
    { "EXTERNAL_STYLE", true, HTML("<link rel=stylesheet href='https://x.example/1.css'><p>hello</p>") },
    { "EXTERNAL_STYLE", false, HTML("<style>p { color: black }</style><p>hello</p>") },
    { "HTML_SCRIPT", true, HTML("<script>go()</script><p>hello</p>") },
    { "HTML_SCRIPT", false, HTML("<p>hello</p><script type='application/ld+json'>{\"@type\":\"Order\"}</script>") },
    { "HTML_SCRIPT", false, HTML("<p>a &lt;script&gt; is a tag</p>") },
    { "HTML_EVENTS", true, HTML("<img src='x' onerror='go()'>hello") },
    { "HTML_EVENTS", false, HTML("<p title='onerror'>hello</p>") },
    { "HTML_FRAME", true, HTML("<iframe src='https://x.example/'></iframe>") },
    { "HTML_FRAME", false, HTML("<p>an iframe</p>") },
    { "HTML_OBJECT", true, HTML("<object data='x.swf'></object>") },
    { "HTML_OBJECT", false, HTML("<p>an object</p>") },
    { "HTML_FORM", true, HTML("<form action='https://x.example/'><input name='q'></form>") },
    { "HTML_FORM", false, HTML("<p>fill in the form</p>") },
    { "ASKS_PASSWORD", true, HTML("<form action='https://x.example/'><input type='password'></form>") },
    { "ASKS_PASSWORD", false, HTML("<form action='https://x.example/'><input type='text'></form> password") },
    { "META_REFRESH", true,
      HEAD MIME "Content-Type: text/html\n\n<html><head>"
                "<meta http-equiv='refresh' content='0;url=https://x.example/'></head></html>\n" },
    { "META_REFRESH", false,
      HEAD MIME
      "Content-Type: text/html\n\n<html><head><meta http-equiv='content-type' content='text/html'></head></html>\n" },
    { "COUNTING_PIXEL", true, HTML("<p>hello</p><img src='https://count.example/1.gif' width=1 height=1>") },
    { "COUNTING_PIXEL", false, HTML("<p>hello</p><img src='cid:spacer' width=1 height=1>") },
    { "IMAGE_ONLY", true,
      HTML("<a href='https://x.example/'><img src='https://x.example/all.jpg' width=600 height=800></a>") },
    { "IMAGE_ONLY", false,
      HTML("<img src='https://x.example/logo.png' width=60 height=80>" SENTENCE SENTENCE SENTENCE) },
    { "WORDS_SPLIT_BY_TAGS", true, HTML("<p>Buy Via<!-- x -->gra, le<q4x></q4x>vitra, cia<!--y-->lis</p>") },
    { "WORDS_SPLIT_BY_TAGS", false, HTML("<p>Buy <!-- x -->green apples, <b>red</b> ones<!-- y --> too</p>") },
    { "WORDS_SPLIT_BY_TAGS", true, HTML("<p>Buy V<!-- -->i<!-- -->a<!-- -->gra") },
    { "WORDS_SPLIT_BY_TAGS", true, HTML("<p>Buy \xC3\xA9<!-- -->\xC3\xA9<!-- -->\xC3\xA9<!-- -->gra") },
    { "WORDS_SPLIT_BY_TAGS", false, /* as React joins texts */
      HTML("<p>3<!-- --> <!-- -->item<!-- -->s, 2<!-- --> <!-- -->box<!-- -->es from Ann<!-- -->a</p>"
           "<p>file<!-- -->s") },
    { "UNKNOWN_TAGS", true, HTML("<qx>a</qx><qy>b</qy><qz>c</qz><qa>d</qa><qb>e</qb><qc>f</qc>") },
    { "UNKNOWN_TAGS", false, HTML("<p>a</p><div>b</div><o:p>c</o:p><span>d</span>") },

    /* what the reader does not see */
    { "HIDDEN_TEXT", true,
      HTML("<p>hello</p><div style='display:none'>" SENTENCE SENTENCE SENTENCE SENTENCE SENTENCE "</div>") },
    { "HIDDEN_TEXT", false, /* for wide and for small screens */
      HTML("<p>" SENTENCE SENTENCE "</p><div style='display:none'>" SENTENCE SENTENCE SENTENCE SENTENCE SENTENCE
           "</div>") },
    { "HIDDEN_TEXT", false, HTML("<div style='display:none'>News of the week</div><p>" SENTENCE "</p>") },
    { "CAMOUFLAGED_TEXT", true, HTML("<p>hello</p><font color='#ffffff'>" SENTENCE SENTENCE "</font>") },
    { "CAMOUFLAGED_TEXT", false,
      HTML("<table bgcolor='#000080'><tr><td><font color='#ffffff'>" SENTENCE SENTENCE "</font></td></tr></table>") },
    { "TEXT_AFTER_END", true,
      HEAD MIME "Content-Type: text/html\n\n<html><body><p>hello</p></body></html>\n" SENTENCE SENTENCE "\n" },
    { "TEXT_AFTER_END", false, HTML("<p>" SENTENCE SENTENCE "</p>") },
    { "SPLIT_WORDS", true, UTF8_TEXT("Your pass\xE2\x80\x8Bword has ex\xE2\x80\x8Bpired") },
    { "SPLIT_WORDS", false, UTF8_TEXT("News\xC2\xADletter, r\xC3\xA9sum\xC3\xA9 \xE2\x80\x8C \xE2\x80\x8C end") },
    { "MIXED_ALPHABETS", true, UTF8_TEXT("Your P\xD0\xB0yPal account") },
    { "MIXED_ALPHABETS", true, UTF8_TEXT("C\xD0\xBF\xD0\xB0\xD1\x81\xD0\xB8\xD0\xB1\xD0\xBE, Anna") },
    { "MIXED_ALPHABETS", false, UTF8_TEXT("Anna, SMS\xD0\xBA\xD0\xB0") },
    { "MIXED_ALPHABETS", false, UTF8_TEXT("\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82, Anna") },
    { "STYLED_LETTERS", true, UTF8_TEXT("\xF0\x9D\x98\x84\xF0\x9D\x97\xAE\xF0\x9D\x97\xB8\xF0\x9D\x97\xB2 up") },
    { "STYLED_LETTERS", false, UTF8_TEXT("where \xF0\x9D\x91\xA5 + \xF0\x9D\x91\xA6 = 1") },
    { "TEXT_FAR_BELOW", true, HEAD "\nhello\n" LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 SENTENCE SENTENCE "\n" },
    { "TEXT_FAR_BELOW", false, HEAD "\nhello\n" LINES_10 SENTENCE SENTENCE LINES_10 LINES_10 LINES_10 LINES_10 "\n" },
    { "TAG_CHARACTERS", true, UTF8_TEXT("hello\xF3\xA0\x81\xA8\xF3\xA0\x81\xA9 there") },
    { "TAG_CHARACTERS", false,
      UTF8_TEXT("from \xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xBF with love \xF3\xB0\x80\x80") },
    { "REVERSED_TEXT", true, UTF8_TEXT("log in at \xE2\x80\xAEmoc.lapyap") },
    { "REVERSED_TEXT", false, UTF8_TEXT("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\xAB\xD7\xA9\xE2\x80\xAC Anna") },

    /* links */
    { "HOST_LOOKS_LIKE_BRAND", true, HTML("<a href='https://paypa1.example/'>open</a>") },
    { "HOST_LOOKS_LIKE_BRAND", true, HTML("<a href='https://login.rnicrosoft.example/'>open</a>") },
    { "HOST_LOOKS_LIKE_BRAND", true, HTML("<a href='https://xn--pypal-4ve.example/'>open</a>") },
    { "HOST_LOOKS_LIKE_BRAND", false,
      HTML("<a href='https://www.paypal.com/'>open</a> <a href='https://xn--bcher-kva.example/'>books</a>") },
    { "MIXED_HOST", true, HTML("<a href='https://xn--pypal-4ve.example/'>open</a>") },
    { "MIXED_HOST", false, HTML("<a href='https://xn--bcher-kva.example/'>books</a>") },
    { "DOMAIN_IN_HOST", true, HTML("<a href='https://www.bank.com.verify.example/'>open</a>") },
    { "DOMAIN_IN_HOST", false, HTML("<a href='https://www.bank.com.br/'>open</a> <a href='https://a.com/'>a</a>") },
    { "RANDOM_HOST", true, HTML("<a href='https://a8k2jd93x.example/'>open</a>") },
    { "RANDOM_HOST", true, HTML("<a href='https://bcxzkqrtw.example/'>open</a>") },
    { "RANDOM_HOST", false, HTML("<a href='https://d3k81ch9hvuctc.host.example/'>open</a>") },
    { "ADDRESS_IN_LINK", true, HTML("<a href='https://x.example/?u=https%3A%2F%2Fwww.bank.com%2F'>open</a>") },
    { "ADDRESS_IN_LINK", false, HTML("<a href='https://x.example/?u=https'>open</a>") },
    { "LINK_NAMES_RECIPIENT", true, HTML("<a href='https://x.example/?m=user%40example.net'>open</a>") },
    { "LINK_NAMES_RECIPIENT", true, HTML("<a href='https://x.example/dXNlckBleGFtcGxlLm5ldA=='>open</a>") },
    { "ENCODED_LINK", true, HTML("<a href='http://&#119;ww.&#x62;ank.example/'>open</a>") },
    { "ENCODED_LINK", false,
      HTML("<a href='https://x.example/?a=1&amp;b=2&#x3D;&#47;&#64;'>open</a> "
           "<a href='mailto:&#97;&#64;b.example'>A</a>") },
    { "BAD_HOST", true, HTML("<a href='https://www.listed.example/'>open</a>") },
    { "BAD_HOST", false, HTML("<a href='https://unlisted.example/'>open</a>") },
    { "BAD_RELAY", true, VIA("a.example.org", "a.example.org", "203.0.113.66") FROM TO SUBJECT DATE ID BODY },
    { "BAD_RELAY", true, VIA("a.example.org", "a.example.org", "203.0.113.130") FROM TO SUBJECT DATE ID BODY },
    { "BAD_RELAY", false, VIA("a.example.org", "a.example.org", "203.0.113.6") FROM TO SUBJECT DATE ID BODY },
    { "BAD_RELAY", false, HEAD VIA("a.example.org", "a.example.org", "203.0.113.66") BODY },
    { "UNSUBSCRIBE_ELSEWHERE", true, HTML("<a href='https://x.example/?u=1'>Unsubscribe</a>") },
    { "UNSUBSCRIBE_ELSEWHERE", false, HTML("<a href='https://www.example.org/?u=1'>Unsubscribe</a>") },
    { "UNSUBSCRIBE_ELSEWHERE", false,
      HEAD MIME "List-Unsubscribe: <https://bounce.x.example/1>\nContent-Type: text/html\n\n"
                "<a href='https://x.example/?u=1'>Unsubscribe</a>\n" },
    { "LINK_TO_STRANGER", true, HTML("<a href='https://x.example/login'>https://www.bank.com/login</a>") },
    { "LINK_TO_STRANGER", false,
      HTML("<a href='https://safe.example/?u=https%3A%2F%2Fwww.bank.com%2F'>www.bank.com</a>, "
           "<a href='https://x.example/'>Node.js</a>") },
    { "LINK_TO_STRANGER", false, HTML("<a href='https://x.example/'>Dilbert.com</a>") },
    { "LINK_TO_STRANGER", true, HTML("<a href='http://203.0.113.80/login'>https://www.bank.example/login</a>") },
    { "LINK_TO_STRANGER", false, HTML("<a href='https://x.example/'>https://localhost/</a>") },
    { "NAME_TO_STRANGER", true, HTML("<a href='https://x.example/'>Dilbert.com</a>") },
    { "NAME_TO_STRANGER", false,
      HTML("<a href='https://www.dilbert.com/'>Dilbert.com</a> <a href='https://x.example/'>buy at Dilbert.com</a>") },
    { "LINK_PAST_SENDER", true, HTML("<a href='https://count.example/1'>www.example.org</a>") },
    { "LINK_PAST_SENDER", false, HTML("<a href='https://www.example.org/1'>example.org</a>") },
    { "NUMERIC_HOST", true, HTML("<a href='http://203.0.113.7/login'>login</a>") },
    { "NUMERIC_HOST", false, HTML("<a href='http://192.168.1.1/'>your router</a>") },
    { "DISGUISED_HOST", true, HTML("<a href='http://3405803783/'>login</a>") },
    { "DISGUISED_HOST", false, HTML("<a href='http://203.0.113.7/'>login</a>") },
    { "HOST_FOR_USER", true, HTML("<a href='http://www.bank.com@203.0.113.7/'>login</a>") },
    { "HOST_FOR_USER", false, HTML("<a href='http://anna@svn.example.org/'>our code</a>") },
    { "ODD_PORT", true, HTML("<a href='http://x.example.org:8734/'>login</a>") },
    { "ODD_PORT", false, HTML("<a href='http://x.example.org:80/'>login</a>") },
    { "INTERNATIONAL_HOST", true, HTML("<a href='https://xn--pypal-4ve.example.org/'>login</a>") },
    { "INTERNATIONAL_HOST", false, HTML("<a href='https://x.example.org/xn--a'>login</a>") },
    { "INTERNATIONAL_HOST", true, UTF8_TEXT("Our news are at http://xn--e1afmkfd.xn--p1ai/ since yesterday.") },
    { "INTERNATIONAL_HOST", false, UTF8_TEXT(RUSSIAN "http://xn--e1afmkfd.xn--p1ai/") },
    { "INTERNATIONAL_HOST", true, UTF8_TEXT(RUSSIAN "http://xn--80ak6aa92e.com/") },
    { "INTERNATIONAL_HOST", true, UTF8_TEXT(RUSSIAN "http://xn--wgv71a119e.xn--p1ai/") },
    { "INTERNATIONAL_HOST", false, UTF8_TEXT(JAPANESE " http://xn--wgv71a119e.example.com/") },
    { "INTERNATIONAL_HOST", false, UTF8_TEXT(CHINESE " http://xn--fiq228c.example.com/") },
    { "INTERNATIONAL_HOST", true, UTF8_TEXT(CHINESE " http://xn--99999999.example.com/") }, /* in no script at all */
    { "INTERNATIONAL_HOST", true, UTF8_TEXT(RUSSIAN "http://xn--99999999.xn--p1ai/") },
    { "ACTIVE_LINK", true, HTML("<a href='data:text/html;base64,PHA+'>open</a>") },
    { "ACTIVE_LINK", false, HTML("<a href='javascript:void(0)'>menu</a> <a href='https://x.example/'>open</a>") },
    { "DEEP_HOST", true, HTML("<a href='https://a.b.c.d.e.f.example/'>open</a>") },
    { "DEEP_HOST", false, HTML("<a href='https://www.a.co.uk/'>open</a>") },
    { "SHORTENED_LINK", true, HTML("<a href='https://bit.ly/3abc'>open</a>") },
    { "SHORTENED_LINK", false, HTML("<a href='https://rabbit.ly/3abc'>open</a>") },
    { "FREE_HOSTING", true, HTML("<a href='https://login-1.web.app/'>open</a>") },
    { "FREE_HOSTING", false, HTML("<a href='https://web.app.example.com/'>open</a>") },
    { "FREE_HOSTING", false, OWN_PAGE("<a href='https://anna.web.app/'>my page</a>") },
    { "FREE_HOSTING", true,
      OWN_PAGE("<a href='https://anna.web.app/'>my page</a> <a href='https://x.web.app/'>open</a>") },
    { "HOST_BORROWS_BRAND", true, HTML("<a href='https://paypal.secure-login.example/'>open</a>") },
    { "HOST_BORROWS_BRAND", false, HTML("<a href='https://www.amazon.co.uk/'>open</a>") },
    { "OPEN_REDIRECT", true, HTML("<a href='https://www.google.com/url?q=https://x.example/'>open</a>") },
    { "OPEN_REDIRECT", false, HTML("<a href='https://www.google.com/search?q=url'>open</a>") },
    { "LINK_NAMES_RECIPIENT", true, HTML("<a href='https://x.example/?m=user@example.net'>open</a>") },
    { "LINK_NAMES_RECIPIENT", false, HTML("<a href='https://x.example/?m=user@example.com'>open</a>") },
    { "NO_LINK_HOME", true, HTML("<a href='https://x.example/1'>open</a>") },
    { "NO_LINK_HOME", false,
      HTML("<a href='https://x.example/1'>open</a> <a href='https://www.example.org/'>imprint</a>") },
    { "NO_LINK_HOME", false, UTF8_TEXT("see https://x.example/1") },
    { "NO_LINK_HOME", false, UTF8_PAGE("<a href='https://www.b\xC3\xBC" "cher.example/'>open</a>") },
    { "NO_LINK_HOME", false, UTF8_PAGE("<a href='https://xn--bcher-kva.example/'>open</a>") },
    { "NO_LINK_HOME", true, UTF8_PAGE("<a href='https://bucher.example/'>open</a>") },
    { "CHEAP_DOMAIN", true, HTML("<a href='https://prize-77.top/'>open</a>") },
    { "CHEAP_DOMAIN", false, HTML("<a href='https://top.example/'>open</a>") },
    { "ONE_TARGET", true,
      HTML("<a href='https://x.example/1'>open</a> <a href='https://x.example/1'>no more mail</a> "
           "<a href='https://x.example/1'>legal notice</a>") },
    { "ONE_TARGET", false,
      HTML("<a href='https://x.example/1'>open</a> <a href='https://x.example/1'>again</a> "
           "<a href='https://x.example/1'>and again</a> <a href='https://x.example/2'>legal notice</a>") },
};

/* Checks whose message is too large or too strange for a row of text, each with a function below; and those of
 * check-text.c, check-history.c and check-correspondents.c, which have their rows in tests of their own. */
static const char *const apart[] = {
    "NUL_BYTES",           "LONG_DATA_URL",               "STYLE_OVERLOAD", "DISGUISED_WORD",   "FOREIGN_LETTERS",
    "KNOWN_CORRESPONDENT", "CORRESPONDENT_AUTHENTICATED", "ANSWERS_YOU",    "RELAY_KNOWN_SPAM", "RELAY_KNOWN_HAM",
    "RELAY_BURST",         "HOST_KNOWN_SPAM",             "HOST_KNOWN_HAM", "NEW_SCRIPT",       "RANDOM_WORD",
};

static const char *const own_domains[] = { "example.net", NULL };
static const char *const internal_addresses[] = { "staff@example.net", NULL };
static const char *const authserv_ids[] = { "mx.example.net", NULL };
static const char bad_relays[] = "# 203.0.113.6\n203.0.113.66  # trap 2026-11-22 1\n203.0.113.128/28\n";
static struct network_list trusted_networks, friend_networks;
static const struct rule_context context = { .now = 1795341600,
                                             .user = "user@example.net",
                                             .own_domains = own_domains,
                                             .bad_hosts = { "listed.example\n", 15 },
                                             .bad_relays = { bad_relays, sizeof bad_relays - 1 },
                                             .trusted_networks = &trusted_networks,
                                             .friend_networks = &friend_networks,
                                             .internal_addresses = internal_addresses,
                                             .authserv_ids = authserv_ids };

static bool fires(struct span message, const char *name, struct arena *arena)
{
    struct hits hits;
    rules_evaluate(message_parse(message, arena), &context, NULL, arena, &hits);
    for (size_t i = 0; i < hits.count; i++)
        if (strcmp(hits.items[i].name, name) == 0)
            return true;
    return false;
}

static void each_row_fires_or_does_not(void **state)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        if (fires(span_of(rows[i].message), rows[i].check, arena) != rows[i].fires) {
            print_message("# %s should%s fire on:\n%s\n", rows[i].check, rows[i].fires ? "" : " not", rows[i].message);
            wrong++;
        }
        arena_free(arena);
    }
    assert_int_equal(wrong, 0);
}

static bool has_row(const char *check, bool fires_wanted)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].fires == fires_wanted && strcmp(rows[i].check, check) == 0)
            return true;
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        if (strcmp(apart[i], check) == 0)
            return true;
    return false;
}

static void every_check_has_both_rows(void **state)
{
    for (size_t i = 0; i < check_count; i++) {
        if (!has_row(check_table[i]->name, true))
            fail_msg("no message fires %s", check_table[i]->name);
        if (!has_row(check_table[i]->name, false))
            fail_msg("%s has no near-miss", check_table[i]->name);
    }
}

static void nul_bytes_are_seen(void **state)
{
    static const char text[] = HEAD "\nShall we\0 meet?\n";
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    assert_true(fires(span_make(text, sizeof text - 1), "NUL_BYTES", arena));
    assert_false(fires(span_of(HEAD BODY), "NUL_BYTES", arena));
    arena_free(arena);
}

static void long_data_urls_are_measured(void **state)
{
    static const struct {
        size_t length;
        bool want;
    } cases[] = { { 1000, false }, { 60000, true } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct buffer text = buffer_new(arena, 1 << 20);
        buffer_append_string(&text,
                             HEAD MIME "Content-Type: text/html\n\n<p>hello</p><img src=\"data:image/png;base64,\n");
        for (size_t line = 0; line < cases[i].length / 70; line++)
            buffer_append_string(&text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        buffer_append_string(&text, "\">\n");
        if (fires(buffer_span(&text), "LONG_DATA_URL", arena) != cases[i].want)
            fail_msg("%zu bytes: want %d", cases[i].length, cases[i].want);
        arena_free(arena);
    }
}

static void append_times(struct buffer *text, unsigned times, const char *piece)
{
    for (unsigned i = 0; i < times; i++)
        buffer_append_string(text, piece);
}

static void style_beyond_its_limits_is_seen(void **state)
{
    static const struct {
        unsigned rules, elements;
        bool want;
    } cases[] = { { 1000, 10, false }, { 100, 100, false }, { 1000, 1000, true }, { 1100, 1, true } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        struct buffer text = buffer_new(arena, 1 << 20);
        buffer_append_string(&text, HEAD MIME "Content-Type: text/html\n\n<style>\n");
        append_times(&text, cases[i].rules, "p { top: 0 }\n");
        buffer_append_string(&text, ".x { display: none }\n</style>\n");
        append_times(&text, cases[i].elements, "<p>hello</p>\n");
        buffer_append_string(&text, "<p class=x>salad</p>\n");
        if (fires(buffer_span(&text), "STYLE_OVERLOAD", arena) != cases[i].want)
            fail_msg("%u rules, %u elements: want %d", cases[i].rules, cases[i].elements, cases[i].want);
        arena_free(arena);
    }
}

static int points_of(struct span text, const char *check, struct arena *arena)
{
    struct hits hits;
    rules_evaluate(message_parse(text, arena), &context, NULL, arena, &hits);
    for (size_t i = 0; i < hits.count; i++)
        if (strcmp(hits.items[i].name, check) == 0)
            return hits.items[i].points;
    return 0;
}

#define SLIP "C\xD0\xBF\xD0\xB0\xD1\x81\xD0\xB8\xD0\xB1\xD0\xBE " /* the first letter is Latin */

#define ONE_HTML(type) \
    HEAD MIME "Content-Type: multipart/" type "; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>hello</p>\n--b--\n"

/* Checks that say less of some messages than of others. */
static void some_count_for_less(void **state)
{
    static const struct {
        const char *check, *message;
        int want;
    } cases[] = {
        { "MIXED_ALPHABETS", UTF8_TEXT(SLIP), 60 },
        { "MIXED_ALPHABETS", UTF8_TEXT(SLIP SLIP SLIP SLIP), 240 },
        { "MIXED_ALPHABETS", UTF8_TEXT(SLIP SLIP SLIP SLIP SLIP SLIP), 300 },
        { "MIXED_ALPHABETS", UTF8_TEXT(SLIP "P\xD0\xB0yPal"), 300 },
        { "LONE_PART", ONE_HTML("mixed"), 60 },
        { "LONE_PART", ONE_HTML("Related"), 60 },
        { "LONE_PART", ONE_HTML("alternative"), 150 },
        { "LONE_PART", ONE_HTML("digest"), 150 },
        { "LONE_PART",
          HEAD MIME "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\n"
                    "--b\nContent-Type: text/html\n\n<p>hello</p>\n--b--\n--a--\n", 60 },
        { "LONE_PART",
          HEAD MIME "Content-Type: multipart/related; boundary=a\n\n--a\n"
                    "Content-Type: multipart/alternative; boundary=b\n\n"
                    "--b\nContent-Type: text/html\n\n<p>hello</p>\n--b--\n--a--\n", 150 },
        { "IMAGE_ONLY", HTML("<img src='https://x.example/1.png'>"), 150 },
        { "IMAGE_ONLY", HTML("<img src='//x.example/1.png'><img src='cid:1@x.example'>"), 150 },
        { "IMAGE_ONLY", HTML("<img src='cid:1@x.example'>sent from my telephone"), 60 },
        { "IMAGE_ONLY", HTML("<img src='cid:1@x.example'><img width=1 height=1 src='https://x.example/1.png'>"), 60 },
        { "FROM_FREE_HOST", NOTHING_BUT("From: <it@kx77.onmicrosoft.com>\n" TO SUBJECT DATE ID), 150 },
        { "FROM_FREE_HOST", NOTHING_BUT("From: <jira@firm.atlassian.net>\n" TO SUBJECT DATE ID), 30 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
        int got = points_of(span_of(cases[i].message), cases[i].check, arena);
        if (got != cases[i].want)
            fail_msg("case %zu: got %d, want %d", i, got, cases[i].want);
        arena_free(arena);
    }
}

/* An honest message fires nothing at all. */
static void an_honest_message_fires_nothing(void **state)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct hits hits;
    rules_evaluate(message_parse(span_of(HEAD BODY), arena), &context, NULL, arena, &hits);
    for (size_t i = 0; i < hits.count; i++)
        fail_msg("%s fires", hits.items[i].name);
    arena_free(arena);
}

static int start(void **state)
{
    message_library_start();
    network_read_list(span_of("198.51.100.0/24"), &trusted_networks);
    network_read_list(span_of("203.0.113.128/25"), &friend_networks);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_fires_or_does_not),
        cmocka_unit_test(every_check_has_both_rows),
        cmocka_unit_test(nul_bytes_are_seen),
        cmocka_unit_test(long_data_urls_are_measured),
        cmocka_unit_test(style_beyond_its_limits_is_seen),
        cmocka_unit_test(some_count_for_less),
        cmocka_unit_test(an_honest_message_fires_nothing),
    };
    return cmocka_run_group_tests_name("checks", tests, start, NULL);
}
