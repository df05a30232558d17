/* message.h - what a message says: the view every judge of it works from
 *
 * message_parse() reads the bytes once, and everything found is in one read-only structure: decoded header, relay
 * path, MIME parts, text in UTF-8 as the reader sees it, text the reader does not see, links, images, URLs,
 * attachments, and the oddities of its form. It never fails and never changes a byte; a message over a limit is
 * described as far as it was read. MIME structure comes from GMime (mime.h); transfer decoding, charsets, RFC 2047,
 * HTML and URLs are our own, for the reasons given in each header.
 *
 * Ownership: spans point into `bytes` (the caller's, which must outlive the view) or into the arena.
 */
#ifndef TAMIS_MAIL_MESSAGE_H
#define TAMIS_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/address.h"
#include "mail/header.h"
#include "mail/html.h"
#include "mail/relay.h"
#include "mail/url.h"
#include "util/arena.h"
#include "util/span.h"

/* Facts about the form of a message, as bits of message.oddities. */
enum oddity {
    ODDITY_HEADER_LIMIT = 1 << 0,      /* more header than limits.h allows */
    ODDITY_MIME_LIMIT = 1 << 1,        /* more parts, depth or bytes than limits.h allows */
    ODDITY_TEXT_LIMIT = 1 << 2,        /* more text than limits.h allows */
    ODDITY_BAD_HEADER_LINE = 1 << 3,   /* a header line that is no field */
    ODDITY_NO_BOUNDARY = 1 << 4,       /* multipart without boundary parameter */
    ODDITY_NO_PARTS = 1 << 5,          /* multipart whose boundary never appears */
    ODDITY_DUPLICATE_CONTENT_TYPE = 1 << 6,
    ODDITY_BAD_TRANSFER_ENCODING = 1 << 7, /* unknown encoding, or base64/quoted-printable that is none */
    ODDITY_BASE64_ASCII_TEXT = 1 << 8, /* a text part in base64 though it is plain ASCII */
    ODDITY_BAD_CHARSET = 1 << 9,       /* unknown charset, or bytes that contradict it */
    ODDITY_NUL_BYTES = 1 << 10,        /* NUL in header or text */
    ODDITY_INLINE_UUENCODE = 1 << 11,
    ODDITY_PARTIAL = 1 << 12,          /* message/partial */
    ODDITY_EXTERNAL_BODY = 1 << 13,    /* message/external-body */
    ODDITY_LONG_ADDRESSES = 1 << 14,   /* an address field over its limit */
    ODDITY_NO_HEADER = 1 << 15,        /* no field at all */
    ODDITY_NO_BODY = 1 << 16           /* ends with its header */
};

/* One leaf of the MIME tree (multiparts are counted, not listed), a message in the message (its parts follow one level
 * deeper), or, behind all others, a file uuencoded inside a text part (encoding "x-uuencode", type
 * "application/octet-stream"). */
struct part {
    struct span type;        /* "text/html", lower case */
    struct span charset;     /* as declared; may be empty */
    struct span encoding;    /* Content-Transfer-Encoding, lower case; may be empty */
    struct span disposition; /* "attachment", "inline" or empty, lower case */
    struct span file_name;   /* decoded UTF-8 out of filename= or name= (RFC 2231 and 2047 both tried); may be empty */
    struct span content_id;
    struct span raw;         /* the content as transferred */
    struct span head;        /* decoded start of the content: 512 bytes, of archives, documents and PDF up to
                              * LIMIT_ATTACHMENT_PEEK; empty for text parts and behind LIMIT_ATTACHMENTS */
    bool is_text;            /* shown to the reader: its text went into the view */
    bool is_html;
    bool file_names_differ;  /* Content-Type name= and Content-Disposition filename= disagree */
    bool file_name_stands_once;  /* in one of these fields, not in the other */
    bool file_name_is_ambiguous; /* written to be read differently: parameter_is_ambiguous() */
    unsigned depth;          /* 0: the message itself */
};

struct message {
    struct span bytes;
    struct header header;
    const struct relay *relays; /* topmost first */
    size_t relay_count;

    const struct part *parts; /* depth first, as they come */
    size_t part_count;
    unsigned multipart_count;
    unsigned alternative_count; /* of these: multipart/alternative */
    unsigned depth;           /* of the deepest part */

    /* All shown text in the order of the parts, which are apart by an empty line.  Of the editions inside a
     * multipart/alternative it has the one the reader sees: the last that shows HTML text, or all plain ones when none
     * does.  So the same words are not there twice, and a plain edition written for filters does not count as seen; it
     * is in plain_text. */
    struct span visible_text;
    struct span hidden_text;
    struct span plain_text; /* what the plain parts alone say, whether seen or not; with subjects of messages in the
                             * message */
    struct span html_text;  /* what the HTML parts alone show */

    const struct html_view *html; /* one view over all HTML parts together; its stretches stand in visible_text; NULL
                                   * when there is none */

    const struct url *urls; /* distinct: links, then those in text, then images; at most LIMIT_URLS */
    size_t url_count;

    struct address_list from, reply_to, to, cc;
    struct span subject, message_id;
    int64_t date; /* of the Date field, or RELAY_NO_DATE */

    uint32_t oddities; /* bits of enum oddity */
};

/* Sets GMime up now.  Needs no call: message_parse() does it for the first message that has a structure, and most have
 * none. */
void message_library_start(void);

/* Does it look as if the MIME library will be needed?  To be told without parsing: at most too often, or for a header
 * that no mail program writes not at all. */
bool message_may_have_structure(struct span bytes);

/* Reads a message.  `arena` should be made with LIMIT_MESSAGE_ARENA. */
const struct message *message_parse(struct span bytes, struct arena *arena);

static inline bool message_has(const struct message *message, enum oddity oddity)
{
    return (message->oddities & (uint32_t)oddity) != 0;
}

#endif
