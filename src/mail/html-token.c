/* html-token.c - HTML cut into text, tags and comments: the states of the WHATWG tokenizer, one function for each group
 *
 * Section numbers are those of the HTML standard.  Where the standard goes on byte by byte, memchr() jumps to the next
 * byte that can leave the state.
 */
#include "mail/html-token.h"

static const struct {
    char name[HTML_NAME_BYTES];
} attribute_names[HTML_ATTRIBUTE_COUNT] = {
    { "action" }, { "background" }, { "bgcolor" }, { "class" }, { "color" }, { "content" }, { "data" }, { "height" },
    { "hidden" }, { "href" }, { "http-equiv" }, { "id" }, { "link" }, { "media" }, { "open" }, { "rel" }, { "size" },
    { "src" }, { "style" }, { "text" }, { "type" }, { "width" }, { "xlink:href" },
};

static const html_name_index first_attributes = {
    0, 1, 3, 6, 7, 7, 7, 7, 11, 12, 12, 12, 13, 14, 14, 15, 15, 15, 16, 19, 21, 21, 21, 22, 23, 23, 23,
};

static bool is_letter(char byte)
{
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'z';
}

struct html_tokenizer html_tokenizer_start(struct span html)
{
    const char *at = html.length ? html.data : "";
    return (struct html_tokenizer){ .at = at, .end = at + html.length };
}

static bool starts_with(const struct html_tokenizer *tokenizer, const char *prefix)
{
    return span_starts_nocase(span_make(tokenizer->at, (size_t)(tokenizer->end - tokenizer->at)), prefix);
}

/* `byte` at or behind `from`, or the end of the text. */
static const char *find_byte(const struct html_tokenizer *tokenizer, const char *from, char byte)
{
    const char *found = from < tokenizer->end ? memchr(from, byte, (size_t)(tokenizer->end - from)) : NULL;
    return found ? found : tokenizer->end;
}

/* --- 13.2.5.2 to 13.2.5.5 and their like: text that ends at a certain end tag -------------------------------- */

/* Does "</name" stand at `at`, and end there? */
static bool is_end_tag_of(const struct html_tokenizer *tokenizer, const char *at, struct span name)
{
    size_t left = (size_t)(tokenizer->end - at);
    if (left < name.length + 3 || at[1] != '/' || strncasecmp(at + 2, name.data, name.length) != 0)
        return false;
    char after = at[2 + name.length];
    return html_is_space(after) || after == '/' || after == '>';
}

static bool is_start_of_script(const struct html_tokenizer *tokenizer, const char *at)
{
    if (tokenizer->end - at < 8 || strncasecmp(at + 1, "script", 6) != 0)
        return false;
    return html_is_space(at[7]) || at[7] == '/' || at[7] == '>';
}

/* Where the end tag of the script stands.  13.2.5.15 to 13.2.5.31, the script data escaped states: between "<!--" and
 * "-->", a "<script" hides one "</script" from the tokenizer. */
static const char *find_end_of_script(const struct html_tokenizer *tokenizer)
{
    const char *end = tokenizer->end;
    bool escaped = false, doubly = false;
    for (const char *at = tokenizer->at; at < end; at++) {
        if (!escaped && *at != '<') {
            at = find_byte(tokenizer, at, '<');
            if (at == end)
                break;
        }
        if (*at == '-' && escaped && end - at >= 3 && at[1] == '-' && at[2] == '>')
            escaped = doubly = false;
        if (*at != '<')
            continue;
        if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
            escaped = true;
            at++; /* "<!-->" ends the escape at once */
        } else if (escaped && !doubly && is_start_of_script(tokenizer, at)) {
            doubly = true;
        } else if (is_end_tag_of(tokenizer, at, span_of("script"))) {
            if (!doubly)
                return at;
            doubly = false;
        }
    }
    return end;
}

static const char *find_end_of_raw_text(const struct html_tokenizer *tokenizer, struct span name)
{
    const char *at = find_byte(tokenizer, tokenizer->at, '<');
    while (at < tokenizer->end && !is_end_tag_of(tokenizer, at, name))
        at = find_byte(tokenizer, at + 1, '<');
    return at;
}

static struct span raw_element_name(enum html_element element)
{
    switch (element) {
    case HTML_ELEMENT_TITLE: return span_of("title");
    case HTML_ELEMENT_TEXTAREA: return span_of("textarea");
    case HTML_ELEMENT_STYLE: return span_of("style");
    case HTML_ELEMENT_XMP: return span_of("xmp");
    case HTML_ELEMENT_IFRAME: return span_of("iframe");
    case HTML_ELEMENT_NOEMBED: return span_of("noembed");
    default: return span_of("noframes");
    }
}

/* RCDATA, RAWTEXT, script data and PLAINTEXT states. */
static void read_raw_text(struct html_tokenizer *tokenizer, struct html_token *token)
{
    enum html_element element = tokenizer->raw;
    const char *stop = element == HTML_ELEMENT_PLAINTEXT ? tokenizer->end
                     : element == HTML_ELEMENT_SCRIPT    ? find_end_of_script(tokenizer)
                     : find_end_of_raw_text(tokenizer, raw_element_name(element));
    bool escapable = (html_element_flags(element) & HTML_ESCAPABLE) != 0;
    token->kind = escapable ? HTML_TOKEN_TEXT : HTML_TOKEN_RAW_TEXT;
    token->text = span_make(tokenizer->at, (size_t)(stop - tokenizer->at));
    tokenizer->raw = HTML_ELEMENT_UNKNOWN;
    tokenizer->at = stop;
}

/* --- 13.2.5.42 to 13.2.5.52: comments, doctype, CDATA --------------------------------------------------------- */

static void give_comment(struct html_tokenizer *tokenizer, struct html_token *token, const char *from, const char *to,
                         size_t closing)
{
    token->kind = HTML_TOKEN_COMMENT;
    token->text = span_make(from, (size_t)(to - from));
    tokenizer->at = (size_t)(tokenizer->end - to) < closing ? tokenizer->end : to + closing;
}

/* "<!--": ends at "-->" or "--!>", "<!-->" and "<!--->" are whole comments, an unclosed one takes the rest. */
static void read_comment(struct html_tokenizer *tokenizer, struct html_token *token)
{
    const char *from = tokenizer->at + 4, *end = tokenizer->end;
    if (from < end && *from == '>') {
        give_comment(tokenizer, token, from, from, 1);
        return;
    }
    if (end - from >= 2 && from[0] == '-' && from[1] == '>') {
        give_comment(tokenizer, token, from, from, 2);
        return;
    }
    for (const char *at = find_byte(tokenizer, from, '>'); at < end; at = find_byte(tokenizer, at + 1, '>')) {
        if (at - from >= 2 && at[-1] == '-' && at[-2] == '-') {
            give_comment(tokenizer, token, from, at - 2, 3);
            return;
        }
        if (at - from >= 3 && at[-1] == '!' && at[-2] == '-' && at[-3] == '-') {
            give_comment(tokenizer, token, from, at - 3, 4);
            return;
        }
    }
    give_comment(tokenizer, token, from, end, 0);
}

/* The bogus comment state: everything up to '>'. */
static void read_bogus_comment(struct html_tokenizer *tokenizer, struct html_token *token, size_t opening)
{
    const char *from = tokenizer->at + opening;
    give_comment(tokenizer, token, from, find_byte(tokenizer, from, '>'), 1);
}

/* "<![CDATA[", text as it stands up to "]]>"; only in SVG and MathML. */
static void read_cdata(struct html_tokenizer *tokenizer, struct html_token *token)
{
    const char *from = tokenizer->at + 9, *end = tokenizer->end;
    const char *to = find_byte(tokenizer, from, '>');
    while (to < end && !(to - from >= 2 && to[-1] == ']' && to[-2] == ']'))
        to = find_byte(tokenizer, to + 1, '>');
    token->kind = HTML_TOKEN_RAW_TEXT;
    token->text = span_make(from, (size_t)((to < end ? to - 2 : end) - from));
    tokenizer->at = to < end ? to + 1 : end;
}

static void read_markup_declaration(struct html_tokenizer *tokenizer, struct html_token *token)
{
    if (starts_with(tokenizer, "<!--")) {
        read_comment(tokenizer, token);
    } else if (tokenizer->foreign_depth && starts_with(tokenizer, "<![CDATA[")) {
        read_cdata(tokenizer, token);
    } else {
        bool doctype = starts_with(tokenizer, "<!doctype");
        read_bogus_comment(tokenizer, token, 2);
        if (doctype)
            token->kind = HTML_TOKEN_DOCTYPE;
    }
}

/* --- 13.2.5.32 to 13.2.5.40: attributes ------------------------------------------------------------------------ */

int html_attribute_find(struct span name)
{
    return html_name_find(name, attribute_names, sizeof attribute_names[0], first_attributes);
}

static void keep_attribute(struct html_tokenizer *tokenizer, struct html_token *token, struct span name,
                           struct span value)
{
    if (name.length > 2 && (name.data[0] | 0x20) == 'o' && (name.data[1] | 0x20) == 'n')
        token->event_handlers++;
    int attribute = html_name_recall(&tokenizer->attributes, name, attribute_names, sizeof attribute_names[0],
                                     first_attributes);
    if (attribute < 0 || html_token_has(token, (enum html_attribute)attribute))
        return;
    token->attributes |= 1u << attribute;
    token->value[attribute] = value;
}

/* Before attribute value state and the three value states. `at` stands behind the '='. */
static const char *read_attribute_value(const struct html_tokenizer *tokenizer, const char *at, struct span *value)
{
    const char *end = tokenizer->end;
    while (at < end && html_is_space(*at))
        at++;
    if (at == end)
        return end;
    if (*at == '"' || *at == '\'') {
        const char *close = find_byte(tokenizer, at + 1, *at);
        *value = span_make(at + 1, (size_t)(close - at - 1));
        return close < end ? close + 1 : end;
    }
    const char *from = at;
    while (at < end && !html_is_space(*at) && *at != '>')
        at++;
    *value = span_make(from, (size_t)(at - from));
    return at;
}

/* Attribute name state and after attribute name state. */
static const char *read_attribute(struct html_tokenizer *tokenizer, const char *at, struct html_token *token)
{
    const char *from = at, *end = tokenizer->end;
    at++; /* even a '=' starts a name */
    while (at < end && !html_is_space(*at) && *at != '/' && *at != '>' && *at != '=')
        at++;
    struct span name = span_make(from, (size_t)(at - from)), value = SPAN_EMPTY;
    while (at < end && html_is_space(*at))
        at++;
    if (at < end && *at == '=')
        at = read_attribute_value(tokenizer, at + 1, &value);
    keep_attribute(tokenizer, token, name, value);
    return at;
}

/* Before attribute name state and self-closing start tag state: up to and including the '>'. */
static const char *read_attributes(struct html_tokenizer *tokenizer, const char *at, struct html_token *token)
{
    const char *end = tokenizer->end;
    while (at < end && *at != '>') {
        if (html_is_space(*at)) {
            at++;
        } else if (*at == '/') {
            at++;
            token->self_closing = at < end && *at == '>';
        } else {
            at = read_attribute(tokenizer, at, token);
        }
    }
    return at;
}

/* --- 13.2.5.1, 13.2.5.6 to 13.2.5.8: text and tags --------------------------------------------------------------- */

/* Tag name state and what follows; false when the text ends inside of the tag, which then is none. */
static bool read_tag(struct html_tokenizer *tokenizer, struct html_token *token, const char *name)
{
    const char *end = tokenizer->end, *at = name;
    while (at < end && !html_is_space(*at) && *at != '/' && *at != '>')
        at++;
    token->name_text = span_make(name, (size_t)(at - name));
    token->element = html_element_find(token->name_text, &tokenizer->elements);
    token->attributes = 0;
    token->event_handlers = 0;
    token->self_closing = false;
    at = read_attributes(tokenizer, at, token);
    if (at == end) {
        tokenizer->at = end;
        return false;
    }
    tokenizer->at = at + 1;
    if (token->kind == HTML_TOKEN_START && !tokenizer->foreign_depth &&
        (html_element_flags(token->element) & (HTML_RAW | HTML_ESCAPABLE)) != 0)
        tokenizer->raw = token->element;
    return true;
}

/* Does the '<' at `at` open markup?  Else it is text. */
static bool opens_markup(const struct html_tokenizer *tokenizer, const char *at)
{
    if (tokenizer->end - at < 2)
        return false;
    return is_letter(at[1]) || at[1] == '!' || at[1] == '?' || (at[1] == '/' && tokenizer->end - at > 2);
}

/* The data state. */
static void read_text(struct html_tokenizer *tokenizer, struct html_token *token)
{
    const char *from = tokenizer->at;
    const char *at = find_byte(tokenizer, from + 1, '<');
    while (at < tokenizer->end && !opens_markup(tokenizer, at))
        at = find_byte(tokenizer, at + 1, '<');
    token->kind = HTML_TOKEN_TEXT;
    token->text = span_make(from, (size_t)(at - from));
    tokenizer->at = at;
}

/* The tag open and end tag open states; false when what stands here gives no token. */
static bool read_markup(struct html_tokenizer *tokenizer, struct html_token *token)
{
    const char *at = tokenizer->at;
    if (at[1] == '!') {
        read_markup_declaration(tokenizer, token);
    } else if (at[1] == '?') {
        read_bogus_comment(tokenizer, token, 1);
    } else if (at[1] != '/') {
        token->kind = HTML_TOKEN_START;
        return read_tag(tokenizer, token, at + 1);
    } else if (is_letter(at[2])) {
        token->kind = HTML_TOKEN_END;
        return read_tag(tokenizer, token, at + 2);
    } else if (at[2] == '>') {
        tokenizer->at += 3;
        return false;
    } else {
        read_bogus_comment(tokenizer, token, 2);
    }
    return true;
}

bool html_token_next(struct html_tokenizer *tokenizer, struct html_token *token)
{
    if (tokenizer->raw != HTML_ELEMENT_UNKNOWN) {
        read_raw_text(tokenizer, token);
        if (token->text.length)
            return true;
    }
    while (tokenizer->at < tokenizer->end) {
        if (*tokenizer->at != '<' || !opens_markup(tokenizer, tokenizer->at)) {
            read_text(tokenizer, token);
            return true;
        }
        if (read_markup(tokenizer, token))
            return true;
    }
    return false;
}
