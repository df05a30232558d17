/* check-mime.c - the form of the MIME structure: built by hand, or to be read differently by a filter than by the
 * reader */
#include "mail/parameter.h"
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/editions.h"
#include "rules/inspection.h"
#include "util/translate.h"

static enum outcome no_boundary(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_NO_BOUNDARY));
}

const struct check check_no_boundary = {
    .name = "NO_BOUNDARY",
    .description = N_("is in several parts, but does not say what parts them"),
    .points = 150, /* in neither corpus */
    .evaluate = no_boundary,
};

static enum outcome no_parts(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_NO_PARTS));
}

const struct check check_no_parts = {
    .name = "NO_PARTS",
    .description = N_("says it is in several parts, and has none"),
    .points = 100, /* 2003: 0.00 % of ham, 0.11 % of spam; 2022-26: 0.06 % of ham, 0.00 % of spam */
    .evaluate = no_parts,
};

static enum outcome duplicate_content_type(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_DUPLICATE_CONTENT_TYPE));
}

const struct check check_duplicate_content_type = {
    .name = "DUPLICATE_CONTENT_TYPE",
    .description = N_("says twice what type of content it is"),
    .points = 150, /* in neither corpus */
    .evaluate = duplicate_content_type,
};

static enum outcome bad_transfer_encoding(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_BAD_TRANSFER_ENCODING));
}

const struct check check_bad_transfer_encoding = {
    .name = "BAD_TRANSFER_ENCODING",
    .description = N_("has content in a transfer encoding that is unknown or broken"),
    .points = 100, /* 2003: 0.02 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 0.45 % of spam */
    .evaluate = bad_transfer_encoding,
};

static enum outcome base64_ascii_text(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_BASE64_ASCII_TEXT));
}

const struct check check_base64_ascii_text = {
    .name = "BASE64_ASCII_TEXT",
    .description = N_("has plain ASCII text wrapped in base64, which only hides it"),
    .points = 10, /* first 60 % of 2003: 0.00 % of ham, 3.21 % of spam; of 2022-26: 7.39 % of ham, 3.57 % of spam */
    .evaluate = base64_ascii_text,
};

static enum outcome bad_charset(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_BAD_CHARSET));
}

const struct check check_bad_charset = {
    .name = "BAD_CHARSET",
    .description = N_("has text whose character set is unknown or contradicted by its bytes"),
    .points = 80, /* 2003: 0.19 % of ham, 3.11 % of spam; 2022-26: 0.17 % of ham, 0.20 % of spam */
    .evaluate = bad_charset,
};

static enum outcome nul_bytes(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_NUL_BYTES));
}

const struct check check_nul_bytes = {
    .name = "NUL_BYTES",
    .description = N_("has NUL bytes in its header or text"),
    .points = 60, /* 2003: 0.00 % of ham, 0.05 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = nul_bytes,
};

static enum outcome partial_message(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_PARTIAL));
}

const struct check check_partial_message = {
    .name = "PARTIAL_MESSAGE",
    .description = N_("is a fragment (message/partial) that is whole only when put together by the reader's program"),
    .points = 300, /* in neither corpus */
    .evaluate = partial_message,
};

static enum outcome external_body(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_EXTERNAL_BODY));
}

const struct check check_external_body = {
    .name = "EXTERNAL_BODY",
    .description = N_("keeps its content elsewhere (message/external-body)"),
    .points = 150, /* in neither corpus */
    .evaluate = external_body,
};

static enum outcome html_only(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    const struct message *message = inspection->message;
    bool has_html = false, has_plain = false;
    for (size_t i = 0; i < message->part_count; i++) {
        has_html = has_html || (message->parts[i].is_text && message->parts[i].is_html);
        has_plain = has_plain || (message->parts[i].is_text && !message->parts[i].is_html);
    }
    return hit_if(has_html && !has_plain);
}

const struct check check_html_only = {
    .name = "HTML_ONLY",
    .description = N_("has HTML text and no plain text beside it"),
    .points = 50, /* first 60 % of 2003: 5.50 % of ham, 45.37 % of spam; of 2022-26: 0.00 % of ham, 71.03 % of spam;
                     held back (doc/WEIGHTS.md) */
    .evaluate = html_only,
};

/* Programs of honest firms leave room for attachments (JavaMail and what is built on it: mixed, or related in mixed)
 * where there are none.  An alternative to nothing has no such reason.  In percent. */
#define SHARE_OF_ROOM 40

/* A multipart with one part: what tools make that build mail from templates. */
static enum outcome lone_part(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    const struct message *message = inspection->message;
    if (message->multipart_count == 0 || message->part_count != 1 || !message->parts[0].is_html)
        return OUTCOME_SILENT;
    struct span type = header_value(&message->header, "Content-Type");
    bool is_mixed = span_starts_nocase(type, "multipart/mixed") || span_starts_nocase(type, "multipart/related");
    if (message->alternative_count == 0 && is_mixed)
        inspection->share = SHARE_OF_ROOM;
    return OUTCOME_HIT;
}

const struct check check_lone_part = {
    .name = "LONE_PART",
    .description = N_("is built for several parts, and the only one is HTML"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 3.47 % of spam; of 2022-26: 0.00 % of ham, 16.65 % of spam */
    .evaluate = lone_part,
};

/* Nothing to read, and nothing attached that could be meant instead. */
static enum outcome no_text(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    const struct message *message = inspection->message;
    bool has_images = message->html && message->html->image_count > 0;
    for (size_t i = 0; i < message->part_count; i++)
        if (!message->parts[i].is_text && message->parts[i].raw.length)
            return OUTCOME_SILENT;
    return hit_if(!has_images && span_trim(message->visible_text).length < 3);
}

const struct check check_no_text = {
    .name = "NO_TEXT",
    .description = N_("says nothing at all"),
    .points = 80, /* 2003: 0.00 % of ham, 0.11 % of spam; 2022-26: 0.00 % of ham, 1.04 % of spam */
    .evaluate = no_text,
};

/* The reader sees the HTML; the plain text beside it was written for somebody else.  "Your program cannot show HTML" is
 * honest, and short. */
static enum outcome editions_differ(struct inspection *inspection, struct buffer *detail)
{
    enum { WORDS_NEEDED = 10 };
    struct editions editions;
    editions_compare(inspection->message, &editions);
    if (editions.words < WORDS_NEEDED || editions.shared * 5 >= editions.words)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("of %u words in its plain text %u stand in the HTML that the reader sees"),
                         editions.words, editions.shared);
    return OUTCOME_HIT;
}

const struct check check_editions_differ = {
    .name = "EDITIONS_DIFFER",
    .description = N_("says in plain text something else than in HTML"),
    .points = 150, /* 2003: 0.02 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 1.24 % of spam */
    .evaluate = editions_differ,
};

static bool is_multipart(const struct header *header)
{
    return span_starts_nocase(header_value(header, "Content-Type"), "multipart/");
}

/* RFC 2045 section 6.4 forbids it: parts are encoded, not what holds them together. */
static enum outcome multipart_encoded(struct inspection *inspection, struct buffer *detail)
{
    const struct header *header = &inspection->message->header;
    struct span encoding = header_value(header, "Content-Transfer-Encoding");
    bool encodes = span_starts_nocase(encoding, "base64") || span_starts_nocase(encoding, "quoted-printable");
    if (!encodes || !is_multipart(header))
        return OUTCOME_SILENT;
    detail_say(detail, "the whole of several parts is said to be encoded (%s)", encoding, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_multipart_encoded = {
    .name = "MULTIPART_ENCODED",
    .description = N_("says of the whole of its parts that it is encoded, which it cannot be"),
    .points = 150, /* first 60 % of 2003: 0.00 % of ham, 0.77 % of spam; of 2022-26: 0.00 % of ham, 0.85 % of spam */
    .evaluate = multipart_encoded,
};

/* RFC 2046 section 5.1.4: the editions stand in the order of their worth, the plain one first. */
static enum outcome html_before_plain(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    const struct message *message = inspection->message;
    struct span type = header_value(&message->header, "Content-Type");
    return hit_if(span_starts_nocase(type, "multipart/alternative") && message->part_count == 2
                  && message->parts[0].is_html && span_is(message->parts[1].type, "text/plain"));
}

const struct check check_html_before_plain = {
    .name = "HTML_BEFORE_PLAIN",
    .description = N_("offers its HTML before its plain text, the wrong way round"),
    .points = 100, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.84 % of spam */
    .evaluate = html_before_plain,
};

/* The line that ends the last part; looked for in the last 64 KB. */
static enum outcome no_end_boundary(struct inspection *inspection, struct buffer *detail)
{
    enum { LOOKED_AT = 64 * 1024 };
    const struct message *message = inspection->message;
    const struct header_field *type = header_find(&message->header, "Content-Type");
    struct parameter_list list;
    if (!type || !is_multipart(&message->header) || message_has(message, ODDITY_NO_PARTS))
        return OUTCOME_SILENT;
    parameter_parse(type->raw, inspection->arena, &list);
    struct span boundary = parameter_bytes(&list, "boundary", inspection->arena), body = message->header.body;
    struct buffer end = buffer_new(inspection->arena, boundary.length + 4);
    buffer_append_string(&end, "--");
    buffer_append(&end, boundary);
    buffer_append_string(&end, "--");
    body = span_from(body, body.length > LOOKED_AT ? body.length - LOOKED_AT : 0);
    if (boundary.length == 0 || body.length == 0 || span_contains(body, buffer_span(&end)))
        return OUTCOME_SILENT;
    detail_say(detail, "the last of its parts has no end (--%s--)", boundary, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_no_end_boundary = {
    .name = "NO_END_BOUNDARY",
    .description = N_("is in several parts, the last of which does not end"),
    .points = 100, /* first 60 % of 2003: 0.05 % of ham, 2.38 % of spam; of 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = no_end_boundary,
};

/* UTF-7 writes any letter in ASCII, for gateways of 1990; browsers gave it up because it smuggled tags past filters. */
static enum outcome smuggling_charset(struct inspection *inspection, struct buffer *detail)
{
    static const char *const charsets[] = { "utf-7", "unicode-1-1-utf-7", "utf-16", "utf-32", "hz-gb-2312", "ebcdic" };
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++)
        for (size_t c = 0; message->parts[i].is_text && c < sizeof charsets / sizeof *charsets; c++) {
            if (!span_starts_nocase(message->parts[i].charset, charsets[c]))
                continue;
            detail_say(detail, "its text is in %s, which no mail program writes", message->parts[i].charset,
                       SPAN_EMPTY);
            return OUTCOME_HIT;
        }
    return OUTCOME_SILENT;
}

const struct check check_smuggling_charset = {
    .name = "SMUGGLING_CHARSET",
    .description = N_("has text in a character set that serves to smuggle it past filters"),
    .points = 150, /* in neither corpus */
    .evaluate = smuggling_charset,
};

static enum outcome inline_uuencode(struct inspection *inspection, struct buffer *detail)
{
    (void)detail;
    return hit_if(message_has(inspection->message, ODDITY_INLINE_UUENCODE));
}

const struct check check_inline_uuencode = {
    .name = "INLINE_UUENCODE",
    .description = N_("has a file written into its text (uuencode) instead of attached"),
    .points = 20, /* 2003: 0.02 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = inline_uuencode,
};
