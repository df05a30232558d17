/* relays.c - `tamis relays`: the hosts that send spam to this user, or to this host's, for the mail server to refuse */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/relays-export.h"
#include "commands/relays-gather.h"
#include "senders/relay-policy.h"
#include "util/log.h"
#include "util/translate.h"

enum { OPTION_EXPORT, OPTION_SINCE, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_EXPORT] = { "export", 'e', "FORMAT",
                        N_("write those to be refused now: postfix, postscreen, nft or plain") },
    [OPTION_SINCE] = { "since", 0, "AGE", N_("only those whose last spam is no older: 30m, 12h, 7d") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

enum verb { VERB_SHOW, VERB_DUMP, VERB_UNKNOWN };

/* What one run works with. */
struct work {
    const struct invocation *invocation;
    const struct relays_format *format; /* NULL: show */
    struct relay_policy policy;
    struct gathering gathering;
    int64_t now, since; /* seconds since 1970 */
};

/* --- what is asked for ------------------------------------------------------------------------------------------ */

/* "90m", "12h", "7d" in seconds; 0: it is none. */
static int64_t read_age(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);
    int64_t unit = *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? 86400 : 0;
    return number > 0 && number <= 100000 && unit && end[1] == '\0' ? number * unit : 0;
}

static int usage(const char *mistake)
{
    fprintf(stderr, _("tamis: relays takes %s; `tamis relays --help` explains it\n"), mistake);
    return EX_USAGE;
}

/* Gives the exit status, EX_OK when all can be understood. */
static int read_options(struct work *work, enum verb verb)
{
    const char *const *given = work->invocation->option_values;
    work->format = given[OPTION_EXPORT] ? relays_format_find(given[OPTION_EXPORT]) : NULL;
    if (given[OPTION_EXPORT] && !work->format)
        return usage(_("postfix, postscreen, nft or plain behind --export"));
    int64_t age = given[OPTION_SINCE] ? read_age(given[OPTION_SINCE]) : 0;
    if (given[OPTION_SINCE] && age == 0)
        return usage(_("a number with m, h or d behind --since: 30m, 12h, 7d"));
    work->since = age ? work->now - age : 0;
    if (verb == VERB_DUMP && (given[OPTION_EXPORT] || given[OPTION_SINCE] || given[OPTION_ALL_USERS]))
        return usage(_("no options with dump"));
    return EX_OK;
}

/* --- gathering -------------------------------------------------------------------------------------------------- */

static void gather_record(void *context, const struct relay_record *record)
{
    relays_gather(context, record);
}

static void gather_text(void *context, struct span text)
{
    relays_gather_text(context, text);
}

/* As each user's `tamis relays dump`.  A mailbox that fails keeps the others' relays from nobody, and has been
 * logged. */
static int gather_all(struct work *work, const char *list)
{
    static char dump[] = "dump";
    char *operands[] = { dump, NULL };
    const char *no_values[sizeof options / sizeof *options] = { NULL };
    struct invocation invocation = *work->invocation;
    size_t read = 0;
    invocation.operands = operands;
    invocation.operand_count = 1;
    invocation.option_values = no_values;
    int status = each_user_collect(&invocation, list, gather_text, &work->gathering, &read);
    return read ? EX_OK : status;
}

static int gather_own(struct work *work)
{
    struct failure failure = { 0 };
    work->policy.users = 1;
    if (relay_book_visit(work->invocation->settings->state_directory, gather_record, &work->gathering, &failure))
        return EX_OK;
    fprintf(stderr, "tamis: %s\n", failure.reason);
    return failure_exit_status(failure.kind);
}

/* --- showing ---------------------------------------------------------------------------------------------------- */

static void print_standing(const struct work *work, const struct relay_sentence *sentence)
{
    char until[RELAYS_TIME_TEXT];
    switch (sentence->standing) {
    case RELAY_REFUSED:
        printf(_("refused until %s\n"), relays_time(sentence->until, until));
        break;
    case RELAY_TOO_FEW:
        printf(_("not refused: fewer than %d offences\n"), work->policy.offences);
        break;
    case RELAY_TOO_FEW_USERS:
        printf(_("not refused: fewer than %d users\n"), work->policy.users);
        break;
    case RELAY_SENT_HAM:
        puts(_("not refused: it sent ham of late"));
        break;
    case RELAY_OURS:
        puts(_("not refused: own, trusted, friend or private"));
        break;
    case RELAY_OVER:
        printf(_("no longer refused since %s\n"), relays_time(sentence->until, until));
        break;
    }
}

static void show(const struct work *work, const struct gathered_relay *relay, const struct relay_sentence *sentence)
{
    char network[NETWORK_TEXT], last[RELAYS_TIME_TEXT];
    const struct relay_record *record = &relay->record;
    printf(_("%-24s %4u spam %4u to traps %5u ham, last spam %s, "), network_write(&record->network, network),
           record->called_spam, record->trapped, record->ham, relays_time(record->last_spam, last));
    if (work->invocation->option_values[OPTION_ALL_USERS])
        printf(_("%u users, "), relay->users);
    print_standing(work, sentence);
}

static void write_all(struct work *work)
{
    if (work->format)
        work->format->begin(stdout);
    for (size_t i = 0; i < work->gathering.count; i++) {
        const struct gathered_relay *relay = &work->gathering.relays[i];
        const struct relay_record *record = &relay->record;
        struct relay_sentence sentence = relay_judge(&work->policy, record, relay->users, work->now);
        if (sentence.offences == 0 || record->last_spam < work->since)
            continue;
        struct refused_relay refused = { record->network,   sentence.offences, record->first_spam,
                                         record->last_spam, sentence.until,    work->now };
        if (!work->format)
            show(work, relay, &sentence);
        else if (sentence.standing == RELAY_REFUSED)
            work->format->relay(&refused, stdout);
    }
}

/* --- the command ------------------------------------------------------------------------------------------------ */

static void dump_record(void *context, const struct relay_record *record)
{
    (void)context;
    relays_write_line(record, stdout);
}

static int dump(const struct invocation *invocation)
{
    struct failure failure = { 0 };
    if (relay_book_visit(invocation->settings->state_directory, dump_record, NULL, &failure))
        return EX_OK;
    fprintf(stderr, "tamis: %s\n", failure.reason);
    return failure_exit_status(failure.kind);
}

static int show_or_export(struct work *work)
{
    const char *all_users = work->invocation->option_values[OPTION_ALL_USERS];
    int status = all_users ? gather_all(work, all_users) : gather_own(work);
    if (status == EX_OK) {
        relays_merge(&work->gathering);
        write_all(work);
    }
    if (work->gathering.full)
        log_line(LOG_SEVERITY_WARNING, "more relays than fit: some are left out");
    free(work->gathering.relays);
    return status;
}

static int run_relays(const struct invocation *invocation)
{
    const char *word = invocation->operand_count ? invocation->operands[0] : "show";
    enum verb verb = strcmp(word, "show") == 0 ? VERB_SHOW : strcmp(word, "dump") == 0 ? VERB_DUMP : VERB_UNKNOWN;
    if (verb == VERB_UNKNOWN || invocation->operand_count > 1)
        return usage(_("one of show and dump"));
    struct work work = { .invocation = invocation,
                         .policy = invocation->settings->relays,
                         .now = (int64_t)time(NULL) };
    work.gathering.now = work.now;
    int status = read_options(&work, verb);
    if (status != EX_OK)
        return status;
    return verb == VERB_DUMP ? dump(invocation) : show_or_export(&work);
}

const struct command command_relays = {
    .name = "relays",
    .summary = N_("List the hosts that send spam here, for the mail server to refuse"),
    .operands = "[show|dump]",
    .details = N_("  show      every host that sent spam: how much, when, whether it is to be refused (the default)\n"
                  "  dump      the record as it is, a host a line, ham as well\n\n"
                  "Hosts are noted where the setting note_relays says so, when the user calls their mail spam and\n"
                  "when it comes to a trap.\n\n"
                  "Exit status: 0 done; 64 usage; 75 try again; 77 somebody else's mailbox. With --all-users: 0 when\n"
                  "the record of at least one mailbox could be read.\n"),
    .options = options,
    .without_rules = true,
    .run = run_relays,
};
