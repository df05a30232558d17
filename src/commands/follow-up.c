/* follow-up.c - what a judgement asks for once the message is where it belongs */
#include "commands/follow-up.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/correspondents-run.h"
#include "commands/reading.h"
#include "commands/sharing.h"
#include "learn/learn.h"
#include "mail/decode.h"
#include "rules/hosts.h"
#include "rules/lists.h"
#include "senders/dated-list.h"
#include "senders/entry.h"
#include "store/daybook.h"
#include "util/background.h"
#include "util/child.h"
#include "util/complaints.h"
#include "util/limits.h"
#include "util/log.h"
#include "util/utf8.h"

/* Spam has some five links; whoever has hundreds wants to fill the list with other people's hosts. */
#define HOSTS_OF_ONE_MESSAGE 20
#define BAD_HOSTS_MOST 5000
#define BAD_RELAYS_MOST 5000
#define KNOWN_RELAYS_MOST 5000
#define TRAP_LOCK_WAIT_MILLISECONDS 2000
/* All of it together: less than the 10 s in which Dovecot wants an answer. */
#define FOLLOW_UP_MILLISECONDS 5000
#define ARRIVAL_AGE_SECONDS 86400
#define ARRIVAL_AHEAD_SECONDS 300 /* clocks of our own hosts */

/* What the child answers: lines of a letter and a key. */
#define LINE_RELAY 'R'
#define LINE_HOST 'H'
#define LINE_SENDER 'S'
#define LINE_KNOWN 'K'

/* --- in the child ----------------------------------------------------------------------------------------------- */

struct follow_up_work {
    struct span message;
    const struct settings *settings;
    struct converters converters;
};

static void prepare(struct child *child, void *context, struct sandbox_limits *sandbox)
{
    struct follow_up_work *work = context;
    (void)child, (void)sandbox;
    converters_open(&work->converters, work->message);
}

static void put_line(struct buffer *out, char letter, struct span key)
{
    if (key.length == 0)
        return;
    buffer_append_byte(out, letter);
    buffer_append(out, key);
    buffer_append_byte(out, '\n');
}

static bool is_own(struct span host, const struct settings *settings)
{
    const char *const *domains = settings->rule_context.own_domains;
    for (size_t i = 0; domains && domains[i]; i++)
        if (host_within(host, span_of(domains[i])))
            return true;
    return false;
}

/* Is the host the sender's side alone, so that it may be held against other mail that links to it? */
static bool is_blameable(struct span host, const struct settings *settings)
{
    bool is_name_or_address = span_find_byte(host, '.') < host.length || span_find_byte(host, ':') < host.length;
    return is_name_or_address && !is_own(host, settings) && !list_is_of_everybody(host);
}

static bool is_among(struct span host, const struct span *hosts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(host, hosts[i]))
            return true;
    return false;
}

static void put_hosts(const struct message *message, const struct settings *settings, struct buffer *out)
{
    struct span hosts[HOSTS_OF_ONE_MESSAGE];
    size_t count = 0;
    for (size_t i = 0; i < message->url_count && count < HOSTS_OF_ONE_MESSAGE; i++) {
        struct span host = message->urls[i].host;
        if (is_among(host, hosts, count) || !is_blameable(host, settings))
            continue;
        put_line(out, LINE_HOST, host);
        hosts[count++] = host;
    }
}

static int gather_in_child(struct child *child, void *context)
{
    const struct follow_up_work *work = context;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    const struct message *message = message_parse(work->message, arena);
    struct buffer out = buffer_new(arena, LIMIT_CHILD_ANSWER), sender = buffer_new(arena, ENTRY_LONGEST);
    struct origin origin;
    origin_find(message, &work->settings->senders.site, arena, &origin);
    if (origin.sender.domain.length) {
        buffer_append(&sender, origin.sender.local);
        buffer_append_byte(&sender, '@');
        buffer_append(&sender, origin.sender.domain);
    }
    put_line(&out, LINE_SENDER, buffer_span(&sender));
    put_line(&out, LINE_KNOWN, ruling_relay_key(&origin, arena));
    if (origin.outside && (origin.outside->reverse_name.length == 0 ||
                           is_blameable(origin.outside->reverse_name, work->settings)))
        put_line(&out, LINE_RELAY, origin.outside->ip);
    put_hosts(message, work->settings, &out);
    return child_write(child, out.data, out.length) ? 0 : 1;
}

/* --- in the parent ---------------------------------------------------------------------------------------------- */

struct gathered {
    struct span hosts[HOSTS_OF_ONE_MESSAGE];
    size_t host_count;
    struct span relay, sender, known;
};

static bool is_plain(struct span key)
{
    for (size_t i = 0; i < key.length; i++)
        if ((unsigned char)key.data[i] < ' ' || key.data[i] == 0x7F)
            return false;
    return key.length > 0 && key.length <= DATED_LIST_KEY && utf8_is_valid(key);
}

/* A host is a name or an address in ASCII, and nothing else. */
static bool is_host(struct span key)
{
    struct network_address address;
    for (size_t i = 0; i < key.length; i++) {
        char byte = key.data[i], lower = (char)(byte | 0x20);
        if (!((lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || (byte && strchr("-._", byte))))
            return network_read_address(key, &address);
    }
    return key.length > 0 && key.length < 254;
}

static void take_answer(struct span answer, struct gathered *gathered)
{
    *gathered = (struct gathered){ 0 };
    while (answer.length) {
        struct span line = span_head(answer, span_find_byte(answer, '\n'));
        answer = span_from(answer, line.length + 1);
        struct span key = span_from(line, 1);
        struct network_address address;
        if (!is_plain(key))
            continue;
        if (line.data[0] == LINE_HOST && gathered->host_count < HOSTS_OF_ONE_MESSAGE && is_host(key))
            gathered->hosts[gathered->host_count++] = key;
        else if (line.data[0] == LINE_RELAY && network_read_address(key, &address))
            gathered->relay = key;
        else if (line.data[0] == LINE_SENDER)
            gathered->sender = key;
        else if (line.data[0] == LINE_KNOWN)
            gathered->known = key;
    }
}

/* Reads the message in a child.  The answer is owned by the caller, and `gathered` points into it. */
static bool gather(struct span message, const struct settings *settings, struct child_answer *answer,
                   struct gathered *gathered)
{
    struct follow_up_work work = { .message = message, .settings = settings };
    *answer = child_run(prepare, gather_in_child, &work, NULL);
    if (answer->end != CHILD_ANSWERED) {
        log_line(LOG_SEVERITY_WARNING, "a message could not be read again: %s", answer->why.reason);
        return false;
    }
    take_answer(span_make(answer->bytes, answer->length), gathered);
    return true;
}

static bool note(const char *directory, const char *name, const char *mark, size_t most, const struct span *keys,
                 size_t count, struct failure *failure)
{
    struct dated_list list = { .directory = directory, .name = name, .mark = mark, .most = most };
    return count == 0 || !*directory || dated_list_note(&list, keys, count, (int64_t)time(NULL), failure);
}

bool follow_up_remember(struct span relay_key, const struct settings *settings, struct failure *failure)
{
    return note(settings->state_directory, LIST_KNOWN_RELAYS, MARK_KNOWN, KNOWN_RELAYS_MOST, &relay_key,
                relay_key.length > 0, failure);
}

bool follow_up_read_sender(struct span message, const struct settings *settings, struct arena *arena,
                           struct vouched *vouched)
{
    struct child_answer answer;
    struct gathered gathered;
    bool done = gather(message, settings, &answer, &gathered);
    if (done)
        *vouched = (struct vouched){ arena_copy(arena, gathered.sender), arena_copy(arena, gathered.known) };
    child_answer_free(&answer);
    return done;
}

/* --- a trap ----------------------------------------------------------------------------------------------------- */

struct trap_lesson {
    struct store *store;
    struct sharing *sharing; /* NULL: nothing is shared */
};

static bool learn_features(void *context, const struct batched_message *message, const struct features *features)
{
    const struct trap_lesson *lesson = context;
    struct failure failure = { 0 };
    (void)message;
    if (!features)
        return true;
    enum learn_result result =
        learn_message(lesson->store, features, LABEL_SPAM, SOURCE_TRAP, (int64_t)time(NULL), &failure);
    if (result == LEARN_FAILED)
        log_line(LOG_SEVERITY_WARNING, "mail to a trap was not learned: %s", failure.reason);
    sharing_add(lesson->sharing, features, LABEL_SPAM, SOURCE_TRAP, result);
    return true;
}

static void learn_trapped(struct span message, const struct settings *settings)
{
    struct store_options options = settings->store;
    enum store_state state;
    struct failure failure = { 0 };
    options.lock_wait_milliseconds = TRAP_LOCK_WAIT_MILLISECONDS;
    struct store *store = store_open(&options, STORE_WRITE, &state, &failure);
    if (!store) {
        log_line(LOG_SEVERITY_WARNING, "mail to a trap was not learned: %s", failure.reason);
        return;
    }
    struct trap_lesson lesson = { .store = store, .sharing = sharing_start(settings, store_key(store)) };
    struct reading *reading = reading_new(settings, store, learn_features, &lesson);
    struct source_message source = { .bytes = message, .name = "mail to a trap" };
    reading_take_prints(reading, sharing_key(lesson.sharing));
    reading_add(reading, &source, 0);
    reading_finish(reading);
    reading_free(&reading);
    store_close(&store);
    sharing_finish(&lesson.sharing);
}

static void note_trapped(const struct gathered *gathered, const struct settings *settings)
{
    struct failure failure = { 0 };
    const char *directory = settings->senders.directory;
    if (!note(directory, LIST_BAD_HOSTS, MARK_TRAP, BAD_HOSTS_MOST, gathered->hosts, gathered->host_count, &failure) ||
        !note(directory, LIST_BAD_RELAYS, MARK_TRAP, BAD_RELAYS_MOST, &gathered->relay, gathered->relay.length > 0,
              &failure))
        log_line(LOG_SEVERITY_WARNING, "the hosts of mail to a trap were not noted: %s", failure.reason);
}

static void do_follow_up(struct span message, uint8_t wanted, const struct settings *settings)
{
    bool trapped = wanted & FOLLOW_UP_TRAP;
    struct child_answer answer;
    struct gathered gathered;
    struct failure failure = { 0 };
    if (trapped)
        learn_trapped(message, settings);
    if (gather(message, settings, &answer, &gathered)) {
        if (trapped)
            note_trapped(&gathered, settings);
        if ((wanted & FOLLOW_UP_REMEMBER) && !follow_up_remember(gathered.known, settings, &failure))
            log_line(LOG_SEVERITY_WARNING, "the way of an allowed sender was not noted: %s", failure.reason);
    }
    child_answer_free(&answer);
}

/* --- an arrival ------------------------------------------------------------------------------------------------- */

struct arrival {
    const struct settings *settings;
    uint64_t relay;
    int64_t when;
};

static void note_arrival_now(void *context)
{
    const struct arrival *arrival = context;
    const struct settings *settings = arrival->settings;
    struct failure failure = { 0 };
    store_note_arrival(&settings->store, arrival->relay, arrival->when, &failure);
    if (failure.kind != FAILURE_NONE && failure.kind != FAILURE_PERMISSION)
        complain_daily(settings->state_directory, LOG_SEVERITY_WARNING, "the arrival of a message was not noted: %s",
                       failure.reason);
}

/* The time stands in a Received field of one of our hosts: mail that was fetched or judged late did not all come at
 * once.  What is older than a day, or not yet, is no arrival.  In a file it is noted here: it costs no process, and is
 * not written through memory.  Whom a server may let wait is waited for by nobody. */
static void note_arrival(const struct judgement *judgement, const struct settings *settings)
{
    int64_t now = (int64_t)time(NULL), arrived = judgement->arrived;
    struct arrival arrival = { settings, judgement->relay, arrived };
    if (!judgement->relay || arrived < now - ARRIVAL_AGE_SECONDS || arrived > now + ARRIVAL_AHEAD_SECONDS)
        return;
    if (store_is_remote(&settings->store))
        background_start(note_arrival_now, &arrival);
    else
        note_arrival_now(&arrival);
}

/* --- what other hosts have gathered ------------------------------------------------------------------------------- */

static void fetch_correspondents(void *context)
{
    const struct settings *settings = *(const struct settings *const *)context;
    struct failure failure = { 0 };
    if (!correspondents_run_fetch(settings, &failure))
        complain_daily(settings->state_directory, LOG_SEVERITY_WARNING,
                       "judging with correspondents that are not the newest: %s", failure.reason);
}

/* --- counting --------------------------------------------------------------------------------------------------- */

static enum daybook_verdict verdict_for_daybook(const struct judge_result *result)
{
    static const enum daybook_verdict verdicts[] = { [VERDICT_HAM] = DAYBOOK_HAM, [VERDICT_UNSURE] = DAYBOOK_UNSURE,
                                                     [VERDICT_SPAM] = DAYBOOK_SPAM };
    if (judge_is_infected(result))
        return DAYBOOK_INFECTED;
    return result->checked ? verdicts[result->judgement.verdict] : DAYBOOK_UNCHECKED;
}

/* What takes part in every judgement is no rule, and says nothing by being there. */
static bool is_rule(const struct reason *reason)
{
    static const char *const others[] = { "LEARNED", "RULES_LIMITED", "LIGHTER_REASONS", "STARTER", NULL };
    for (size_t i = 0; others[i]; i++)
        if (strcmp(reason->name, others[i]) == 0)
            return false;
    return true;
}

static void count_message(struct span message, const struct judge_result *result, const struct settings *settings)
{
    static const struct network_address nobody;
    struct daybook_hit hits[VERDICT_REASONS_MOST];
    struct daybook_message counted = { .now = (int64_t)time(NULL), .verdict = verdict_for_daybook(result),
                                       .bytes = message.length, .microseconds = judge_took(result), .hits = hits };
    for (size_t i = 0; result->checked && i < result->judgement.reason_count; i++) {
        const struct reason *reason = &result->judgement.reasons[i];
        if (is_rule(reason))
            hits[counted.hit_count++] = (struct daybook_hit){ reason->name, reason->points };
    }
    if (result->checked && memcmp(&result->judgement.from, &nobody, sizeof nobody) != 0)
        counted.relay = &result->judgement.from;
    struct failure failure = { 0 };
    struct daybook *daybook = daybook_open(settings->state_directory, &failure);
    if (daybook)
        daybook_note_message(daybook, &counted, &failure);
    daybook_close(&daybook);
    if (failure.kind != FAILURE_NONE && failure.kind != FAILURE_PERMISSION)
        complain_daily(settings->state_directory, LOG_SEVERITY_WARNING,
                       "a message was not counted for tamis stats: %s", failure.reason);
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

/* Not child_run(): this one writes files and has children of its own.  Each of its steps has a deadline, but not what a
 * disk takes, and the message is delivered already: who is told of that late may deliver it again. */
void follow_up(struct span message, const struct judge_result *result, const struct settings *settings)
{
    if (settings->enabled && settings->store.statistics)
        count_message(message, result, settings);
    if (result->checked)
        note_arrival(&result->judgement, settings);
    uint8_t wanted = result->checked ? result->judgement.follow_up : 0;
    if (wanted & FOLLOW_UP_FETCH)
        background_start(fetch_correspondents, &settings);
    wanted &= (uint8_t)~FOLLOW_UP_FETCH;
    if (!wanted)
        return;
    pid_t process = fork();
    if (process == 0) {
        do_follow_up(message, wanted, settings);
        _exit(EXIT_SUCCESS);
    }
    int error = errno, status = 0;
    bool in_time = process < 0 || child_await(process, FOLLOW_UP_MILLISECONDS, &status);
    if (process < 0 || !in_time || status != 0)
        log_line(LOG_SEVERITY_WARNING, "what a list asks for after delivery was not done: %s",
                 process < 0   ? strerror(error)
                 : in_time     ? "the process for it died"
                               : "it took too long");
}
