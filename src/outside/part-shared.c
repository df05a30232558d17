/* part-shared.c - what users of this host have reported of late: the same text, the same relay, the same hosts
 *
 * Looked up in the table that is made of their reports each night (shared-table.h).  The child opens it before it goes
 * into the sandbox, and reads it there.  So many users as shared_users asks for give shared_points for the text, each
 * further voice as much as one of theirs, up to twice the points; a relay gives a sixth of that and a host a third.  A
 * text is the same when TEXT_PRINTS_ALIKE of its prints have those voices.
 */
#include <inttypes.h>
#include <time.h>

#include "mail/text-prints.h"
#include "outside/outside.h"
#include "outside/shared-place.h"
#include "outside/shared-table.h"
#include "rules/trace.h"
#include "store/history.h"
#include "util/buffer.h"
#include "util/complaints.h"
#include "util/network.h"
#include "util/translate.h"

#define PATIENCE_MILLISECONDS 1000
#define TIMES_MOST 2 /* the points, however many say so */
#define DAY_SECONDS 86400

static bool is_configured(const struct outside_settings *settings)
{
    return *settings->shared_directory != '\0';
}

static int patience(const struct outside_settings *settings)
{
    (void)settings;
    return PATIENCE_MILLISECONDS;
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

/* A table that nobody has made anew for so long holds what nobody has said of late. */
static bool is_of_late(const struct shared_table *table, const struct outside_settings *settings,
                       struct failure *failure)
{
    int64_t age = (int64_t)time(NULL) - table->facts.made;
    return (age >= -DAY_SECONDS && age <= (int64_t)settings->shared_days * DAY_SECONDS) ||
           failure_set(failure, FAILURE_DAMAGED,
                       "the shared table was made %" PRId64 " days ago: run `tamis shared collate`", age / DAY_SECONDS);
}

static void *prepare(const struct outside_case *asked, struct sandbox_limits *sandbox)
{
    const struct outside_settings *settings = asked->settings;
    struct shared_table *table = arena_new_object(asked->arena, struct shared_table);
    struct failure failure = { 0 };
    if (shared_table_open(settings->shared_directory, table, &failure) && is_of_late(table, settings, &failure)) {
        sandbox_allow(sandbox, table->fd, SANDBOX_READ);
        return table;
    }
    shared_table_close(table);
    complain_daily(settings->state_directory, LOG_SEVERITY_WARNING, "judging without what others reported: %s",
                   failure.reason);
    return NULL;
}

/* --- asking ----------------------------------------------------------------------------------------------------- */

struct asking {
    const struct outside_settings *settings;
    const struct shared_table *table;
    struct outside_answer *answer;
    bool cannot_tell; /* something */
};

/* The voices against a name, and how many users they are. */
struct voices {
    unsigned count, users;
};

static struct voices ask_about(struct asking *asking, enum shared_kind kind, uint64_t name)
{
    struct shared_entry entry;
    enum shared_found found = shared_table_find(asking->table, kind, name, &entry);
    asking->cannot_tell = asking->cannot_tell || found == SHARED_CANNOT_TELL;
    if (found != SHARED_FOUND)
        return (struct voices){ 0 };
    return (struct voices){ shared_entry_voices(&entry, (unsigned)asking->settings->shared_users), entry.spam };
}

/* What is found, in the words of the reason. */
struct finding {
    const char *name, *description;
    const char *said; /* by so many users */
    int share;        /* of the points */
};

static void say(struct asking *asking, const struct finding *finding, struct voices voices, struct span about)
{
    const struct outside_settings *settings = asking->settings;
    unsigned least = (unsigned)settings->shared_users;
    struct buffer detail = buffer_new(asking->answer->arena, OUTSIDE_TEXT_MOST);
    if (voices.count == 0)
        return;
    unsigned counted = voices.count < TIMES_MOST * least ? voices.count : TIMES_MOST * least;
    int points = (int)((int64_t)settings->shared_points * counted / least / finding->share);
    buffer_append_format(&detail, _("%u users here %s"), voices.users, _(finding->said));
    if (about.length) {
        buffer_append_string(&detail, ": ");
        buffer_append(&detail, about);
    }
    outside_answer_add(asking->answer, finding->name, finding->description, buffer_span(&detail), points, false);
}

/* The voices that TEXT_PRINTS_ALIKE prints have: those of the print that is at that place when they are ranked. */
static struct voices against_text(struct asking *asking, struct span text)
{
    uint64_t prints[TEXT_PRINTS];
    struct voices ranked[TEXT_PRINTS_ALIKE] = { 0 };
    size_t count = text_prints(text, asking->table->key, asking->answer->arena, prints);
    for (size_t i = 0; i < count; i++) {
        struct voices voices = ask_about(asking, SHARED_TEXT, prints[i]);
        for (size_t place = 0; place < TEXT_PRINTS_ALIKE; place++)
            if (voices.count > ranked[place].count) {
                struct voices lower = ranked[place];
                ranked[place] = voices;
                voices = lower;
            }
    }
    return ranked[TEXT_PRINTS_ALIKE - 1];
}

/* Of a host its site is known, or the host itself where everybody can have one below the site (trace.h). */
static struct voices against_host(struct asking *asking, const struct question_host *host)
{
    uint64_t key = asking->table->key;
    uint64_t of_host = shared_place_name(key, 'H', history_name('H', host->host));
    uint64_t of_site = shared_place_name(key, 'H', history_name('H', host->site));
    struct voices one = ask_about(asking, SHARED_HOST, of_host);
    struct voices all = ask_about(asking, SHARED_HOST, of_site);
    return one.count > all.count ? one : all;
}

static void ask_about_text(struct asking *asking, const struct questions *questions)
{
    static const struct finding finding = { "SHARED_TEXT", N_("users of this host called the same text spam"),
                                            N_("called the same text spam"), 1 };
    say(asking, &finding, against_text(asking, questions->text), SPAN_EMPTY);
}

static void ask_about_hosts(struct asking *asking, const struct questions *questions)
{
    static const struct finding finding = { "SHARED_HOST", N_("users of this host called mail spam that links there"),
                                            N_("called mail spam that links to the same host"), 3 };
    struct voices most = { 0 };
    struct span worst = SPAN_EMPTY;
    for (size_t i = 0; i < questions->host_count; i++) {
        struct voices voices = against_host(asking, &questions->hosts[i]);
        if (voices.count > most.count) {
            most = voices;
            worst = questions->hosts[i].site;
        }
    }
    say(asking, &finding, most, worst);
}

static void ask_about_relay(struct asking *asking, const struct questions *questions)
{
    static const struct finding finding = { "SHARED_RELAY", N_("users of this host called mail from there spam"),
                                            N_("called mail from the same network spam"), 6 };
    struct network_address address;
    if (!network_read_address(questions->relay, &address))
        return;
    uint64_t name = shared_place_name(asking->table->key, 'R', trace_relay_name(&address));
    say(asking, &finding, ask_about(asking, SHARED_RELAY, name), questions->relay);
}

static void ask(const struct outside_case *asked, struct outside_answer *answer)
{
    struct asking asking = { .settings = asked->settings, .table = asked->prepared, .answer = answer };
    if (asking.table) {
        ask_about_text(&asking, asked->questions);
        ask_about_hosts(&asking, asked->questions);
        ask_about_relay(&asking, asked->questions);
    }
    if (!asking.table || asking.cannot_tell)
        outside_answer_add(answer, "SHARED_NOT_TOLD", N_("what users of this host reported cannot be read"), SPAN_EMPTY,
                           0, false);
}

const struct outside_part part_shared = {
    .name = "what users of this host share",
    .is_configured = is_configured,
    .patience = patience,
    .prepare = prepare,
    .ask = ask,
};
