/* html-token.h - HTML cut into text, tags and comments
 *
 * The tokenizer of the WHATWG HTML standard (section 13.2.5), pulled one token at a time.  Nothing is copied: tokens
 * point into the text, references in them are not yet decoded.  What browsers drop is dropped: a tag that the text ends
 * inside of, the second of two attributes of one name, "</>".  Each byte is looked at a bounded number of times,
 * whatever the text.
 *
 * Limits: of the attributes, only those in enum html_attribute are kept (there is no limit to how many others may stand
 * before them).
 */
#ifndef TAMIS_MAIL_HTML_TOKEN_H
#define TAMIS_MAIL_HTML_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/html-element.h"
#include "mail/html-name.h"
#include "util/span.h"

enum html_token_kind {
    HTML_TOKEN_TEXT,     /* `text`: as written */
    HTML_TOKEN_RAW_TEXT, /* `text`: inside <style>, <script>... : references in it are none */
    HTML_TOKEN_START,    /* a start tag: name, element, attributes */
    HTML_TOKEN_END,      /* an end tag: name, element */
    HTML_TOKEN_COMMENT,  /* `text`: its inside; bogus ones ("<!x>", "<?x>", "</3>") too */
    HTML_TOKEN_DOCTYPE
};

/* In the order of their names. */
enum html_attribute {
    HTML_ATTRIBUTE_ACTION, HTML_ATTRIBUTE_BACKGROUND, HTML_ATTRIBUTE_BGCOLOR, HTML_ATTRIBUTE_CLASS,
    HTML_ATTRIBUTE_COLOR, HTML_ATTRIBUTE_CONTENT, HTML_ATTRIBUTE_DATA, HTML_ATTRIBUTE_HEIGHT, HTML_ATTRIBUTE_HIDDEN,
    HTML_ATTRIBUTE_HREF, HTML_ATTRIBUTE_HTTP_EQUIV, HTML_ATTRIBUTE_ID, HTML_ATTRIBUTE_LINK, HTML_ATTRIBUTE_MEDIA,
    HTML_ATTRIBUTE_OPEN, HTML_ATTRIBUTE_REL, HTML_ATTRIBUTE_SIZE, HTML_ATTRIBUTE_SRC, HTML_ATTRIBUTE_STYLE,
    HTML_ATTRIBUTE_TEXT, HTML_ATTRIBUTE_TYPE, HTML_ATTRIBUTE_WIDTH, HTML_ATTRIBUTE_XLINK_HREF,
    HTML_ATTRIBUTE_COUNT
};

struct html_token {
    enum html_token_kind kind;
    struct span text;
    struct span name_text;     /* the name of a tag as written */
    enum html_element element;
    uint32_t attributes;       /* bit 1 << enum html_attribute: it is there */
    struct span value[HTML_ATTRIBUTE_COUNT]; /* meaningful where the bit is set */
    unsigned event_handlers;   /* attributes named on... */
    bool self_closing;         /* "/>" */
};

struct html_tokenizer {
    const char *at, *end;
    enum html_element raw;  /* the element whose raw text comes next, or HTML_ELEMENT_UNKNOWN */
    struct html_name_memo elements, attributes;
    unsigned foreign_depth; /* kept by the caller: in <svg> or <math> there is no raw text, and <![CDATA[ counts */
};

struct html_tokenizer html_tokenizer_start(struct span html);

/* The next token; false at the end. */
bool html_token_next(struct html_tokenizer *tokenizer, struct html_token *token);

static inline bool html_token_has(const struct html_token *token, enum html_attribute attribute)
{
    return (token->attributes >> attribute & 1) != 0;
}

/* The enum html_attribute of that name, or -1. */
int html_attribute_find(struct span name);

/* The value as written, empty when the attribute is missing. */
static inline struct span html_token_value(const struct html_token *token, enum html_attribute attribute)
{
    return html_token_has(token, attribute) ? token->value[attribute] : SPAN_EMPTY;
}

/* HTML's white space: TAB, LF, FF, CR and space. */
static inline bool html_is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
}

#endif
