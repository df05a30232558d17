/* ruling.c - what the lists of the user and of the site decide about a message */
#include "senders/ruling.h"

#include <limits.h>
#include <string.h>

#include "senders/dated-list.h"
#include "senders/entry.h"
#include "senders/list-file.h"
#include "util/complaints.h"
#include "util/log.h"
#include "util/translate.h"
#include "util/utf8.h"

#define DETAIL_MOST 290
#define QUOTE_MOST 60
#define COMPLAINTS_MOST 5 /* of one file, each time it is read */
/* Known networks are noted again after this long, so that those still in use are not the oldest. */
#define REMEMBER_DAYS 30
#define SECONDS_A_DAY 86400

/* An entry that was found, and where. */
struct match {
    enum entry_kind kind; /* ENTRY_NONE: nothing */
    bool of_site;
    struct span text;
    const char *path;
    unsigned line;
};

/* What a search goes through the lists for. */
struct search {
    const struct ruling_lists *lists;
    const struct origin *origin;
    struct arena *arena;
    bool (*fits)(const struct search *search, const struct entry *entry);
    struct match best;
};

/* --- the files -------------------------------------------------------------------------------------------------- */

static const char *const list_names[RULING_LISTS] = { [RULING_LIST_ALLOW] = LIST_ALLOW,
                                                      [RULING_LIST_DENY] = LIST_DENY,
                                                      [RULING_LIST_TRAP] = LIST_TRAP,
                                                      [RULING_LIST_INTERNAL_ONLY] = LIST_INTERNAL_ONLY };

static void read_list(const char *directory, const char *name, struct file_bytes *bytes)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    if (!directory || !*directory || !file_join(path, sizeof path, directory, name))
        return;
    if (list_file_read(path, bytes, &failure))
        return;
    /* What a person writes is told of until it is mended; what the program writes nobody looks at, and a line with each
     * message would be noise. */
    if (strcmp(name, LIST_KNOWN_RELAYS) == 0)
        complain_daily(directory, LOG_SEVERITY_WARNING, "the list is ignored: %s", failure.reason);
    else
        log_line(LOG_SEVERITY_WARNING, "the list is ignored: %s", failure.reason);
}

void ruling_lists_read(const struct senders_settings *settings, struct ruling_lists *lists)
{
    *lists = (struct ruling_lists){ 0 };
    for (size_t i = 0; i < RULING_LISTS; i++) {
        read_list(settings->directory, list_names[i], &lists->own[i]);
        read_list(settings->system_directory, list_names[i], &lists->of_site[i]);
    }
    if (lists->own[RULING_LIST_ALLOW].length || lists->of_site[RULING_LIST_ALLOW].length)
        read_list(settings->state_directory, LIST_KNOWN_RELAYS, &lists->known_relays);
}

void ruling_lists_free(struct ruling_lists *lists)
{
    for (size_t i = 0; i < RULING_LISTS; i++) {
        file_bytes_free(&lists->own[i]);
        file_bytes_free(&lists->of_site[i]);
    }
    file_bytes_free(&lists->known_relays);
}

/* --- searching -------------------------------------------------------------------------------------------------- */

/* Does a match of this kind and place say more than that one? */
static bool outranks(enum entry_kind kind, bool of_site, const struct match *other)
{
    return kind != other->kind ? kind > other->kind : other->of_site && !of_site;
}

static void complain(const char *path, unsigned line, const struct entry *entry)
{
    char shown[QUOTE_MOST * 4 + 1];
    struct span head = span_head(entry->text, QUOTE_MOST);
    log_escape(head.data, head.length, shown, sizeof shown);
    log_line(LOG_SEVERITY_WARNING, "%s:%u: \"%s\" is ignored: %s is accepted", path, line, shown, entry->mistake);
}

static void search_text(struct span text, const char *path, bool of_site, struct search *search)
{
    struct entry_reader reader = entry_reader_new(text, search->arena);
    struct entry entry;
    unsigned complaints = 0;
    while (entry_next(&reader, &entry)) {
        if (entry.kind == ENTRY_MISTAKEN && complaints++ < COMPLAINTS_MOST)
            complain(path, reader.line, &entry);
        if (entry.kind == ENTRY_MISTAKEN || !outranks(entry.kind, of_site, &search->best) ||
            !search->fits(search, &entry))
            continue;
        search->best = (struct match){ .kind = entry.kind,
                                       .of_site = of_site,
                                       .text = arena_copy(search->arena, entry.text),
                                       .path = arena_copy(search->arena, span_of(path)).data,
                                       .line = reader.line };
    }
}

static void search_file(enum ruling_list list, const char *directory, bool of_site, struct search *search)
{
    char path[PATH_MAX];
    const struct file_bytes *bytes = of_site ? &search->lists->of_site[list] : &search->lists->own[list];
    if (bytes->length && file_join(path, sizeof path, directory, list_names[list]))
        search_text(span_make(bytes->data, bytes->length), path, of_site, search);
}

static void search_lists(const struct senders_settings *settings, enum ruling_list list, struct search *search)
{
    search->lists = settings->lists;
    search_file(list, settings->directory, false, search);
    search_file(list, settings->system_directory, true, search);
}

/* --- senders ---------------------------------------------------------------------------------------------------- */

static bool fits_sender(const struct search *search, const struct entry *entry)
{
    const struct origin *origin = search->origin;
    if (entry->kind == ENTRY_LIST_ID)
        return origin->list_id.length && entry_is_list(entry, origin->list_id);
    return origin->sender.domain.length && entry_is_address(entry, origin->sender.local, origin->sender.domain);
}

static bool is_any(const struct correspondents *mailboxes, const struct entry *entry)
{
    for (size_t i = 0; i < mailboxes->count; i++)
        if (entry_is_address(entry, mailboxes->items[i].local, mailboxes->items[i].domain))
            return true;
    return false;
}

static bool fits_any_sender(const struct search *search, const struct entry *entry)
{
    return fits_sender(search, entry) || is_any(&search->origin->senders, entry);
}

/* --- recipients ------------------------------------------------------------------------------------------------- */

static bool fits_recipient(const struct search *search, const struct entry *entry)
{
    return is_any(&search->origin->recorded, entry) || is_any(&search->origin->named, entry);
}

static void search_setting(const char *addresses, struct search *search)
{
    struct span rest = span_of(addresses);
    for (struct span word = span_take_word(&rest, " \t,"); word.length; word = span_take_word(&rest, " \t,")) {
        struct entry entry = entry_read(word, search->arena);
        if (outranks(entry.kind, false, &search->best) && fits_recipient(search, &entry))
            search->best = (struct match){ .kind = entry.kind, .text = word, .path = "trap_addresses" };
    }
}

/* The role among these mailboxes, and in `others` how many there are besides. */
static struct span role_among(const struct correspondents *mailboxes, size_t *others)
{
    struct span found = SPAN_EMPTY;
    for (size_t i = 0; i < mailboxes->count; i++) {
        struct span local = mailboxes->items[i].local;
        bool is_role = span_is_nocase(local, "postmaster") || span_is_nocase(local, "abuse");
        if (is_role && found.length == 0)
            found = span_is_nocase(local, "abuse") ? span_of("abuse") : span_of("postmaster");
        *others += !is_role;
    }
    return found;
}

/* A sender who writes "To: postmaster" must not get into every inbox by that: what our servers noted counts.  Where
 * they noted nothing, the message must name nobody else. */
static struct span find_role(const struct origin *origin)
{
    size_t others = 0;
    if (origin->recorded.count)
        return role_among(&origin->recorded, &others);
    struct span role = role_among(&origin->named, &others);
    return others ? SPAN_EMPTY : role;
}

/* --- what shows that an allowed sender is no forgery ------------------------------------------------------------ */

struct span ruling_relay_key(const struct origin *origin, struct arena *arena)
{
    struct span network = origin_network(origin, arena);
    if (network.length == 0 || origin->sender.domain.length == 0)
        return SPAN_EMPTY;
    struct buffer key = buffer_new(arena, DATED_LIST_KEY);
    buffer_append(&key, origin->sender.local);
    buffer_append_byte(&key, '@');
    buffer_append(&key, origin->sender.domain);
    buffer_append_byte(&key, ' ');
    buffer_append(&key, network);
    return key.truncated ? SPAN_EMPTY : buffer_span(&key);
}

/* Did mail of this sender come from this network before?  `day` gets when it did. */
static bool is_known_relay(struct span key, const struct ruling_lists *lists, int64_t *day)
{
    struct span known = span_make(lists->known_relays.data, lists->known_relays.length);
    return key.length && dated_list_has(known, MARK_KNOWN, key, day);
}

/* Text out of a message or a list, for people: cut, and without what moves a cursor. */
static void quote(struct span text, struct buffer *out)
{
    text = span_head(text, QUOTE_MOST);
    for (size_t at = 0, size; at < text.length; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        bool odd = utf8_is_control(code) || utf8_is_invisible(code);
        utf8_append(out, odd ? UTF8_REPLACEMENT : code);
    }
}

static void say_match(const struct match *match, struct buffer *out)
{
    const char *name = strrchr(match->path, '/');
    struct span path = span_of(match->path);
    /* The end of a long path says more than its start. */
    if (path.length > 2 * QUOTE_MOST)
        path = span_of(name ? name + 1 : match->path);
    quote(match->text, out);
    buffer_append_string(out, _(" is in "));
    utf8_append_repaired(out, span_head(path, 2 * QUOTE_MOST));
    if (match->line)
        buffer_append_format(out, ":%u", match->line);
}

static struct span match_sentence(const struct match *match, const char *behind, struct span shown, struct arena *arena)
{
    struct buffer out = buffer_new(arena, DETAIL_MOST);
    say_match(match, &out);
    buffer_append_string(&out, behind);
    quote(shown, &out);
    return buffer_span(&out);
}

static void refuse(const struct match *allow, const struct origin *origin, enum proof proof, struct ruling *ruling,
                   struct arena *arena)
{
    struct span network = origin_network(origin, arena);
    const char *why = proof == PROOF_FAILED ? _(", but our mail server found the sender forged (dmarc=fail)")
                    : network.length        ? _(", but nothing shows that this is the sender's own mail; it came from ")
                                            : _(", but nothing shows that this is the sender's own mail");
    ruling->allow_refused = match_sentence(allow, why, proof == PROOF_FAILED ? SPAN_EMPTY : network, arena);
}

/* Is the entry of allow to be applied?  Fills the ruling either way. */
static bool allow(const struct match *match, const struct origin *origin, const struct senders_settings *settings,
                  struct ruling *ruling, struct arena *arena)
{
    bool by_list = match->kind == ENTRY_LIST_ID;
    enum proof proof = origin_proof(origin, by_list ? origin->list_id : origin->sender.domain);
    struct span key = by_list ? SPAN_EMPTY : ruling_relay_key(origin, arena);
    int64_t day = 0, today = settings->now / SECONDS_A_DAY;
    bool known = proof != PROOF_FAILED && is_known_relay(key, settings->lists, &day);
    if ((proof == PROOF_NONE || proof == PROOF_FAILED) && !known) {
        refuse(match, origin, proof, ruling, arena);
        return false;
    }
    ruling->kind = RULING_ALLOWED;
    if (proof == PROOF_NONE)
        ruling->detail =
            match_sentence(match, _(", and has written before from "), origin_network(origin, arena), arena);
    else
        ruling->detail =
            match_sentence(match, _(", and it is the sender's own mail: "), span_of(_(proof_name(proof))), arena);
    bool authenticated = proof != PROOF_NONE && proof != PROOF_INSIDE;
    ruling->remember = key.length && ((authenticated && !known) || (known && day && today - day > REMEMBER_DAYS));
    return true;
}

/* --- whom the user knows ---------------------------------------------------------------------------------------- */

static void find_correspondent(const struct origin *origin, const struct senders_settings *settings,
                               struct ruling *ruling, struct arena *arena)
{
    const struct correspondent *sender = &origin->sender;
    unsigned times = settings->sent_mail && sender->domain.length
                         ? correspondents_written_to(settings->sent_mail, sender->local, sender->domain, arena)
                         : 0;
    enum proof proof = times ? origin_proof(origin, sender->domain) : PROOF_NONE;
    if (proof == PROOF_NONE || proof == PROOF_FAILED)
        return;
    struct buffer out = buffer_new(arena, DETAIL_MOST);
    buffer_append_string(&out, _("you have written to "));
    quote(sender->local, &out);
    buffer_append_string(&out, "@");
    quote(sender->domain, &out);
    buffer_append_format(&out, _(", and it is the sender's own mail: %s"), _(proof_name(proof)));
    ruling->correspondent = buffer_span(&out);
}

/* --- the ruling ------------------------------------------------------------------------------------------------- */

static bool find_senders(const struct origin *origin, const struct senders_settings *settings, struct match *deny,
                         struct ruling *ruling, struct arena *arena)
{
    struct search allowed = { .origin = origin, .arena = arena, .fits = fits_sender };
    struct search denied = { .origin = origin, .arena = arena, .fits = fits_any_sender };
    search_lists(settings, RULING_LIST_ALLOW, &allowed);
    search_lists(settings, RULING_LIST_DENY, &denied);
    *deny = denied.best;
    return allowed.best.kind != ENTRY_NONE && outranks(allowed.best.kind, allowed.best.of_site, deny) &&
           allow(&allowed.best, origin, settings, ruling, arena);
}

static bool find_trap(const struct origin *origin, const struct senders_settings *settings, struct ruling *ruling,
                      struct arena *arena)
{
    struct search traps = { .origin = origin, .arena = arena, .fits = fits_recipient };
    search_lists(settings, RULING_LIST_TRAP, &traps);
    if (settings->trap_addresses)
        search_setting(settings->trap_addresses, &traps);
    if (traps.best.kind == ENTRY_NONE)
        return false;
    ruling->kind = RULING_TRAP;
    ruling->detail = match_sentence(&traps.best, _(", a trap to which no honest person writes"), SPAN_EMPTY, arena);
    return true;
}

static bool find_internal_only(const struct origin *origin, const struct senders_settings *settings,
                               struct ruling *ruling, struct arena *arena)
{
    struct search internal = { .origin = origin, .arena = arena, .fits = fits_recipient };
    if (origin->way != WAY_OUTSIDE)
        return false;
    search_lists(settings, RULING_LIST_INTERNAL_ONLY, &internal);
    if (internal.best.kind == ENTRY_NONE)
        return false;
    struct span host = origin->outside ? origin->outside->ip : span_of("a host without an address");
    ruling->kind = RULING_INTERNAL_ONLY;
    ruling->detail = match_sentence(&internal.best, _(", and the message came from outside, from "), host, arena);
    return true;
}

static void find_ruling(const struct message *message, const struct senders_settings *settings, struct arena *arena,
                        struct ruling *ruling)
{
    struct origin origin;
    struct match deny;
    origin_find(message, &settings->site, arena, &origin);
    ruling->role = find_role(&origin);
    if (find_senders(&origin, settings, &deny, ruling, arena) || find_trap(&origin, settings, ruling, arena))
        return;
    if (deny.kind != ENTRY_NONE) {
        ruling->kind = RULING_DENIED;
        ruling->detail = match_sentence(&deny, "", SPAN_EMPTY, arena);
        return;
    }
    if (!find_internal_only(&origin, settings, ruling, arena))
        find_correspondent(&origin, settings, ruling, arena);
}

void ruling_find(const struct message *message, const struct senders_settings *settings, struct arena *arena,
                 struct ruling *ruling)
{
    struct senders_settings with_lists = *settings;
    struct ruling_lists lists = { 0 };
    *ruling = (struct ruling){ 0 };
    if (!settings->lists) {
        ruling_lists_read(settings, &lists);
        with_lists.lists = &lists;
    }
    find_ruling(message, &with_lists, arena, ruling);
    ruling_lists_free(&lists);
}
