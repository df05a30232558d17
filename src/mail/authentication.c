/* authentication.c - what our own servers found out about the sender: SPF, DKIM, DMARC, ARC */
#include "config.h" /* memrchr */

#include "mail/authentication.h"

/* What a domain may stand behind: "@example.org", "anna@example.org", "<anna@example.org>". */
static struct span domain_of(struct span value)
{
    const char *at = value.length ? memrchr(value.data, '@', value.length) : NULL;
    if (at)
        value = span_from(value, (size_t)(at - value.data) + 1);
    while (value.length && strchr(">.\"", value.data[value.length - 1]))
        value.length--;
    return value;
}

static enum authentication_result result_of(struct span word)
{
    static const struct {
        const char *word;
        enum authentication_result result;
    } results[] = {
        { "pass", AUTHENTICATION_PASS },          { "fail", AUTHENTICATION_FAIL },
        { "hardfail", AUTHENTICATION_FAIL },      { "softfail", AUTHENTICATION_SOFTFAIL },
        { "none", AUTHENTICATION_NONE },          { "nxdomain", AUTHENTICATION_NONE },
        { "temperror", AUTHENTICATION_ERROR },    { "permerror", AUTHENTICATION_ERROR },
        { "bestguesspass", AUTHENTICATION_NONE }, /* Microsoft, for domains without a record */
    };
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (span_is_nocase(word, results[i].word))
            return results[i].result;
    return AUTHENTICATION_NEUTRAL;
}

/* --- words ------------------------------------------------------------------------------------------------------- */

/* The field cut into words: comments and blanks part them and are left out, ';' is a word of its own, quotes are taken
 * off.  Blanks around '=' are allowed (RFC 8601 section 2.2) and glued. */
struct reader {
    struct span rest;
};

static void skip_blanks_and_comments(struct reader *reader)
{
    size_t depth = 0, i = 0;
    for (; i < reader->rest.length; i++) {
        char byte = reader->rest.data[i];
        if (depth && byte == '\\')
            i++;
        else if (byte == '(')
            depth++;
        else if (depth && byte == ')')
            depth--;
        else if (!depth && byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')
            break;
    }
    reader->rest = span_from(reader->rest, i);
}

#define WORD_ENDS " \t\r\n;("

static struct span take_word(struct reader *reader, const char *ends)
{
    skip_blanks_and_comments(reader);
    struct span rest = reader->rest;
    size_t end = 0;
    if (rest.length && rest.data[0] == '"') {
        struct span inside = span_from(rest, 1);
        end = span_find_byte(inside, '"');
        reader->rest = span_from(inside, end + 1);
        return span_head(inside, end);
    }
    while (end < rest.length && !(rest.data[end] && strchr(ends, rest.data[end])))
        end++;
    if (end == 0 && rest.length)
        end = 1;
    reader->rest = span_from(rest, end);
    return span_head(rest, end);
}

/* "name=value" or a word alone, then with an empty value.  False at the end of the field. */
static bool take_pair(struct reader *reader, struct span *name, struct span *value)
{
    *name = take_word(reader, WORD_ENDS "=");
    *value = SPAN_EMPTY;
    skip_blanks_and_comments(reader);
    if (name->length && !span_is(*name, ";") && reader->rest.length && reader->rest.data[0] == '=') {
        reader->rest = span_from(reader->rest, 1);
        *value = take_word(reader, WORD_ENDS);
    }
    return name->length > 0;
}

/* --- one report --------------------------------------------------------------------------------------------------- */

/* One method's result with the properties it was found by. */
struct finding {
    struct span method;
    enum authentication_result result;
    struct span mail_from, helo, signer, identity, from;
};

static void note_property(struct finding *finding, struct span name, struct span value)
{
    const struct {
        const char *name;
        struct span *place;
    } properties[] = {
        { "smtp.mailfrom", &finding->mail_from }, { "smtp.mail", &finding->mail_from },
        { "smtp.helo", &finding->helo },          { "header.d", &finding->signer },
        { "header.i", &finding->identity },       { "header.from", &finding->from },
    };
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (span_is_nocase(name, properties[i].name))
            *properties[i].place = domain_of(value);
}

static void take_finding(struct authentication *result, const struct finding *finding)
{
    if (span_is_nocase(finding->method, "spf") && result->spf == AUTHENTICATION_UNKNOWN) {
        result->spf = finding->result;
        result->spf_domain = finding->mail_from.length ? finding->mail_from : finding->helo;
    } else if (span_is_nocase(finding->method, "dkim")
               && (result->dkim == AUTHENTICATION_UNKNOWN
                   || (finding->result == AUTHENTICATION_PASS && result->dkim != AUTHENTICATION_PASS))) {
        result->dkim = finding->result;
        result->dkim_domain = finding->signer.length ? finding->signer : finding->identity;
    } else if (span_is_nocase(finding->method, "dmarc") && result->dmarc == AUTHENTICATION_UNKNOWN) {
        result->dmarc = finding->result;
        result->dmarc_domain = finding->from;
    } else if (span_is_nocase(finding->method, "arc") && result->arc == AUTHENTICATION_UNKNOWN) {
        result->arc = finding->result;
    }
}

/* What stands behind the authserv-id: "; method=result property=value ...", as often as the server likes. */
static void read_findings(struct reader *reader, struct authentication *result)
{
    struct finding finding = { 0 };
    struct span name, value;
    while (take_pair(reader, &name, &value)) {
        if (span_is(name, ";")) {
            take_finding(result, &finding);
            finding = (struct finding){ 0 };
        } else if (finding.method.length == 0 && value.length) {
            finding.method = span_head(name, span_find_byte(name, '/')); /* "dkim/1": with a version */
            finding.result = result_of(value);
        } else {
            note_property(&finding, name, value);
        }
    }
    take_finding(result, &finding);
}

static bool is_named(struct span server, const char *const *servers)
{
    for (size_t i = 0; servers && servers[i]; i++)
        if (span_is_nocase(server, servers[i]))
            return true;
    return false;
}

/* `forgeable`: the field stands where a stranger could have put it. */
static void read_report(struct span value, bool forgeable, const char *const *servers, struct authentication *result)
{
    struct reader reader = { value };
    struct span server = take_word(&reader, WORD_ENDS);
    /* With names of our own set, no other server's report counts, wherever it stands: a forwarder's among them. */
    if ((forgeable || servers) && !is_named(server, servers))
        return;
    if (result->server.length == 0)
        result->server = server;
    read_findings(&reader, result);
}

/* "fail (domain of x does not designate ...) client-ip=...; envelope-from=...;" */
static void read_received_spf(struct span value, struct authentication *result)
{
    struct reader reader = { value };
    struct finding finding = { .method = span_of("spf") };
    finding.result = result_of(take_word(&reader, WORD_ENDS));
    struct span name, found;
    while (take_pair(&reader, &name, &found))
        if (span_is_nocase(name, "envelope-from"))
            finding.mail_from = domain_of(found);
        else if (span_is_nocase(name, "helo"))
            finding.helo = domain_of(found);
    take_finding(result, &finding);
}

void authentication_read(const struct header *header, size_t own_hops, const char *const *servers,
                         struct authentication *result)
{
    *result = (struct authentication){ 0 };
    size_t hops = 0;
    for (size_t i = 0; i < header->count && own_hops && hops <= own_hops; i++) {
        const struct header_field *field = &header->fields[i];
        bool forgeable = hops >= own_hops;
        if (span_is_nocase(field->name, "Received"))
            hops++;
        else if (span_is_nocase(field->name, "Authentication-Results"))
            read_report(field->value, forgeable, servers, result);
        else if (span_is_nocase(field->name, "Received-SPF") && !forgeable)
            read_received_spf(field->value, result);
    }
}
