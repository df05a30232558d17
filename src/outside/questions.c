/* questions.c - what others are asked about a message: its relay, its sender's domain, its hosts, its text */
#include "outside/questions.h"

#include "mail/url.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "rules/lists.h"
#include "util/buffer.h"
#include "util/domain-name.h"
#include "util/network.h"
#include "util/utf8.h"

/* Of links to more hosts than this only the first are looked at: deciding about one costs more than reading it. */
#define HOSTS_LOOKED_AT 60

/* --- what is well-formed ---------------------------------------------------------------------------------------- */

static bool is_address(struct span text)
{
    struct network_address address;
    return text.length && network_read_address(text, &address);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static void write_line(struct buffer *lines, const char *kind, struct span value, struct span second)
{
    buffer_append_string(lines, kind);
    buffer_append_byte(lines, ' ');
    buffer_append(lines, value);
    if (second.length) {
        buffer_append_byte(lines, ' ');
        buffer_append(lines, second);
    }
    buffer_append_byte(lines, '\n');
}

static bool is_written(const struct span *hosts, size_t count, struct span host)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(hosts[i], host))
            return true;
    return false;
}

static void write_hosts(struct inspection *inspection, struct buffer *lines)
{
    const struct message *message = inspection->message;
    struct span written[QUESTIONS_HOSTS], before = SPAN_EMPTY;
    size_t count = 0, looked_at = 0;
    for (size_t i = 0; i < message->url_count && looked_at < HOSTS_LOOKED_AT && count < QUESTIONS_HOSTS; i++) {
        const struct url *url = &message->urls[i];
        if (url->host.length == 0 || span_equal(url->host, before))
            continue;
        before = url->host;
        looked_at++;
        if (is_written(written, count, url->host) || list_is_of_everybody(url->host) ||
            inspection_is_own_domain(inspection, url->host) || host_is_private_address(url->host))
            continue;
        if (url->host_is_address ? !is_address(url->host) : !domain_name_is_askable(url->host))
            continue;
        struct span site = url->host_is_address ? url->host : url_registrable_domain(url->host);
        write_line(lines, "host", url->host, site.length ? site : url->host);
        written[count++] = url->host;
    }
}

struct span questions_write(const struct message *message, const struct rule_context *context, bool with_text,
                            struct arena *arena)
{
    struct inspection inspection;
    struct buffer lines = buffer_new(arena, QUESTIONS_BYTES);
    inspection_start(&inspection, message, context, arena);
    const struct relay *relay = inspection_stranger(&inspection);
    struct span from = inspection_from_site(&inspection);
    if (relay && is_address(relay->ip))
        write_line(&lines, "relay", relay->ip, SPAN_EMPTY);
    if (domain_name_is_askable(from))
        write_line(&lines, "from", from, SPAN_EMPTY);
    write_hosts(&inspection, &lines);
    if (with_text) {
        buffer_append_string(&lines, "text\n");
        buffer_append(&lines, utf8_head(message->visible_text, QUESTIONS_TEXT));
    }
    return buffer_span(&lines);
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static bool read_host(struct span rest, struct arena *arena, struct questions *questions)
{
    if (questions->host_count == QUESTIONS_HOSTS)
        return false;
    struct span host = span_take_word(&rest, " "), site = span_take_word(&rest, " ");
    struct question_host *read = &questions->hosts[questions->host_count++];
    *read = (struct question_host){ arena_copy(arena, host), arena_copy(arena, site), is_address(host) };
    bool is_sound = read->is_address ? is_address(site) : domain_name_is_askable(host) && domain_name_is_askable(site);
    return is_sound && rest.length == 0;
}

static bool read_text(struct span text, struct arena *arena, struct questions *questions)
{
    questions->text = arena_copy(arena, text);
    return text.length <= QUESTIONS_TEXT && utf8_is_valid(text);
}

static bool read_line(struct span line, struct arena *arena, struct questions *questions)
{
    struct span kind = span_take_word(&line, " ");
    if (span_is(kind, "host"))
        return read_host(line, arena, questions);
    struct span value = span_take_word(&line, " ");
    if (line.length)
        return false;
    if (span_is(kind, "relay") && questions->relay.length == 0 && is_address(value)) {
        questions->relay = arena_copy(arena, value);
        return true;
    }
    if (span_is(kind, "from") && questions->from.length == 0 && domain_name_is_askable(value)) {
        questions->from = arena_copy(arena, value);
        return true;
    }
    return false;
}

bool questions_read(struct span lines, struct arena *arena, struct questions *questions)
{
    *questions = (struct questions){ 0 };
    while (lines.length) {
        size_t end = span_find_byte(lines, '\n');
        struct span line = span_head(lines, end), behind = span_from(lines, end + 1);
        if (end == lines.length)
            return false;
        if (span_is(line, "text"))
            return read_text(behind, arena, questions);
        if (!read_line(line, arena, questions))
            return false;
        lines = behind;
    }
    return true;
}
