/* entry.c - the lines of the list files: who is allowed, denied, a trap, or for people inside only */
#include "senders/entry.h"

#include "mail/url-host.h"
#include "util/domain-name.h"
#include "util/utf8.h"

#define LIST_PREFIX "list-id:"
#define ACCEPTED                                                                                                      \
    "an address (anna@example.org), a domain (@example.org, or @.example.org with all below it) or a mailing list "  \
    "(list-id:news.example.org)"

/* --- domains ---------------------------------------------------------------------------------------------------- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

struct span entry_domain(struct span domain, struct arena *arena)
{
    struct url_host host;
    if (!utf8_is_ascii(domain) && domain.length <= ENTRY_LONGEST && url_host_read(domain, arena, &host))
        domain = host.name;
    return domain_name_is_written(domain) ? domain : SPAN_EMPTY;
}

/* --- one line --------------------------------------------------------------------------------------------------- */

/* A '#' opens a comment at the start of a line and behind a blank: "a#b@example.org" is an address. */
static struct span without_comment(struct span line)
{
    for (size_t i = span_find_byte(line, '#'); i < line.length; i += 1 + span_find_byte(span_from(line, i + 1), '#'))
        if (i == 0 || is_blank(line.data[i - 1]))
            return span_trim(span_head(line, i));
    return span_trim(line);
}

static struct entry mistaken(struct span text)
{
    return (struct entry){ .kind = ENTRY_MISTAKEN, .text = text, .mistake = ACCEPTED };
}

static struct entry read_list_id(struct span text)
{
    struct span id = span_trim(span_from(text, strlen(LIST_PREFIX)));
    if (id.length > 1 && id.data[0] == '<' && id.data[id.length - 1] == '>')
        id = span_make(id.data + 1, id.length - 2);
    if (!domain_name_is_written(id))
        return mistaken(text);
    return (struct entry){ .kind = ENTRY_LIST_ID, .text = text, .domain = id };
}

/* No blank, no control, no star: patterns inside an address are not known, and must not look as if they were. */
static bool is_local_part(struct span local)
{
    for (size_t i = 0; i < local.length; i++) {
        unsigned char byte = (unsigned char)local.data[i];
        if (byte <= ' ' || byte == 0x7F || byte == '*' || byte == '<' || byte == '>' || byte == ',' || byte == ';')
            return false;
    }
    return true;
}

static size_t last_at(struct span text)
{
    size_t at = text.length;
    while (at > 0 && text.data[at - 1] != '@')
        at--;
    return at > 0 ? at - 1 : text.length;
}

static struct entry read_address(struct span text, struct arena *arena)
{
    size_t at = last_at(text);
    struct span local = span_head(text, at), domain = span_from(text, at + 1);
    enum entry_kind kind = ENTRY_ADDRESS;
    if (local.length == 0 || span_is(local, "*")) {
        bool below = domain.length && domain.data[0] == '.';
        kind = below ? ENTRY_DOMAIN_BELOW : ENTRY_DOMAIN;
        domain = span_from(domain, below);
        local = SPAN_EMPTY;
    }
    domain = entry_domain(domain, arena);
    if (domain.length == 0 || !is_local_part(local))
        return mistaken(text);
    return (struct entry){ .kind = kind, .text = text, .local = local, .domain = domain };
}

struct entry entry_read(struct span line, struct arena *arena)
{
    struct span text = without_comment(line);
    if (text.length == 0)
        return (struct entry){ .kind = ENTRY_NONE };
    if (text.length > ENTRY_LONGEST)
        return mistaken(text);
    return span_starts_nocase(text, LIST_PREFIX) ? read_list_id(text) : read_address(text, arena);
}

/* --- a text of lines -------------------------------------------------------------------------------------------- */

struct entry_reader entry_reader_new(struct span text, struct arena *arena)
{
    if (span_starts_nocase(text, "\xEF\xBB\xBF"))
        text = span_from(text, 3);
    return (struct entry_reader){ .rest = text, .arena = arena };
}

bool entry_next(struct entry_reader *reader, struct entry *entry)
{
    while (reader->rest.length) {
        size_t length = span_find_byte(reader->rest, '\n');
        struct span line = span_head(reader->rest, length);
        reader->rest = span_from(reader->rest, length + 1);
        reader->line++;
        *entry = entry_read(line, reader->arena);
        if (entry->kind != ENTRY_NONE)
            return true;
    }
    return false;
}

/* --- what an entry means ---------------------------------------------------------------------------------------- */

static bool is_within(struct span host, struct span domain)
{
    if (host.length <= domain.length)
        return span_equal_nocase(host, domain);
    size_t start = host.length - domain.length;
    return host.data[start - 1] == '.' && span_equal_nocase(span_from(host, start), domain);
}

bool entry_is_address(const struct entry *entry, struct span local, struct span domain)
{
    switch (entry->kind) {
    case ENTRY_ADDRESS:
        return span_equal_nocase(entry->domain, domain) && span_equal_nocase(entry->local, local);
    case ENTRY_DOMAIN:
        return span_equal_nocase(entry->domain, domain);
    case ENTRY_DOMAIN_BELOW:
        return is_within(domain, entry->domain);
    default:
        return false;
    }
}

bool entry_is_list(const struct entry *entry, struct span list_id)
{
    return entry->kind == ENTRY_LIST_ID && span_equal_nocase(entry->domain, list_id);
}

bool entry_same(const struct entry *a, const struct entry *b)
{
    return a->kind == b->kind && span_equal_nocase(a->local, b->local) && span_equal_nocase(a->domain, b->domain);
}
