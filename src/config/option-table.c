/* option-table.c - the master copy of every setting: name, type, range, default, help, and the field it fills */
#include "config/option-table.h"

#include <string.h>

#include "outside/dns-query.h"
#include "outside/stream.h"
#include "store/redis-address.h"
#include "util/translate.h"

#define FIELD(field, c_type) OPTION_FIELD(struct settings, field, c_type)
#define CHOICE_FIELD(field, c_type) (FIELD(field, c_type) + 0 * sizeof(char[sizeof(c_type) == sizeof(int) ? 1 : -1]))

static const struct option_choice header_choices[] = {
    { "spamassassin", HEADER_STYLE_SPAMASSASSIN },
    { "bogofilter", HEADER_STYLE_BOGOFILTER },
    { "minimal", HEADER_STYLE_MINIMAL },
    { NULL, 0 },
};

static const struct option_choice digest_choices[] = {
    { "never", DIGEST_NEVER },
    { "daily", DIGEST_DAILY },
    { "weekly", DIGEST_WEEKLY },
    { NULL, 0 },
};

static const struct option_choice store_choices[] = {
    { "tokyocabinet", STORE_CHOICE_TOKYOCABINET },
    { "redis", STORE_CHOICE_REDIS },
    { NULL, 0 },
};

static const struct option_choice log_choices[] = {
    { "auto", OPTION_LOG_AUTO },
    { "syslog", LOG_TARGET_SYSLOG },
    { "stderr", LOG_TARGET_STDERR },
    { "none", LOG_TARGET_NONE },
    { NULL, 0 },
};

static const struct option_choice log_level_choices[] = {
    { "error", LOG_SEVERITY_ERROR },
    { "warning", LOG_SEVERITY_WARNING },
    { "info", LOG_SEVERITY_INFO },
    { "debug", LOG_SEVERITY_DEBUG },
    { NULL, 0 },
};

static bool is_server_list(const char *value)
{
    return *value == '\0' || redis_address_list_is_sound(value);
}

static bool is_path_or_empty(const char *value)
{
    return *value == '\0' || *value == '/' || strncmp(value, "~/", 2) == 0;
}

static bool is_absolute_or_empty(const char *value)
{
    return *value == '\0' || *value == '/';
}

/* What goes into a key or a question as it stands: printable ASCII without blanks. */
static bool is_word_or_empty(const char *value)
{
    for (const char *at = value; *at; at++)
        if (*at <= ' ' || *at > '~')
            return false;
    return strlen(value) <= 200;
}

const struct option option_table[] = {
    {
        .name = "filter",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = FIELD(enabled, bool),
        .help = "Judge mail at all. With \"no\" every message passes or is delivered untouched: the way for one user "
                "to opt out.",
    },
    {
        .name = "required",
        .type = OPTION_POINTS,
        .default_value = "5",
        .least = OPTION_POINTS_LEAST,
        .most = OPTION_POINTS_MOST,
        .offset = FIELD(verdict.required, int),
        .help =
            "A message with this many points or more is spam. Higher loses less good mail and lets more spam through.",
    },
    {
        .name = "unsure",
        .type = OPTION_POINTS,
        .default_value = "-1.1",
        .least = OPTION_POINTS_LEAST,
        .most = OPTION_POINTS_MOST,
        .offset = FIELD(verdict.unsure, int),
        .help = "From this many points up to \"required\" a message is called unsure: it is tagged and stays in the "
                "inbox. Below -1.1 points the odds are three to one and better that it is ham; above 0 it is rather "
                "spam. Never more than \"required\".",
    },
    {
        .name = "headers",
        .type = OPTION_CHOICE,
        .default_value = "spamassassin",
        .choices = header_choices,
        .offset = CHOICE_FIELD(header_style, enum header_style),
        .help = "Which header fields carry the verdict, so that recipes written for another filter go on working: "
                "\"spamassassin\" writes X-Spam-Flag, X-Spam-Status, X-Spam-Level and X-Spam-Score, \"bogofilter\" "
                "writes X-Bogosity, "
                "\"minimal\" writes X-Spam-Status alone. X-Tamis is written always: learning recognises the message "
                "by it.",
    },
    {
        .name = "maildir",
        .type = OPTION_PATH,
        .default_value = "~/Maildir",
        .offset = FIELD(maildir.path, const char *),
        .help = "The Maildir that \"tamis deliver\" delivers to and \"tamis relearn\" looks through. It may begin "
                "with ~/ and hold "
                "%u (the user), %n and %d (the user before and behind the @), %h (the home directory) and %% (a "
                "percent sign).",
    },
    {
        .name = "create_maildir",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = FIELD(maildir.create, bool),
        .help = "Make the Maildir when it is missing. With \"no\" a missing Maildir is a temporary failure, and the "
                "mail system keeps the "
                "message: right where a home directory may be on a file system that is not mounted yet.",
    },
    {
        .name = "junk_folder",
        .type = OPTION_FOLDER,
        .default_value = "Junk",
        .offset = FIELD(maildir.junk, const char *),
        .help = "The Maildir++ folder that spam is delivered to, without the leading dot; made when it is missing. A "
                "folder inside another "
                "is written with a dot between them: Lists.Junk.",
    },
    {
        .name = "junk_days",
        .type = OPTION_NUMBER,
        .default_value = "10",
        .least = 0,
        .most = 36500,
        .offset = FIELD(expiry.days, int),
        .help = "How many days a message stays in Junk before \"tamis expire\" deletes it, counted from its arrival in "
                "Junk. Flagged messages stay. 0 keeps everything.",
    },
    {
        .name = "expire_most",
        .type = OPTION_NUMBER,
        .default_value = "1000",
        .least = 1,
        .most = 10000000,
        .offset = FIELD(expiry.most, int),
        .help = "At most this many messages are deleted by one run of \"tamis expire\", the oldest; the others wait "
                "for the next run. So a clock or a setting that is wrong does no more harm than this before somebody "
                "sees it.",
    },
    {
        .name = "expire_learns",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = FIELD(expire_learns, bool),
        .help = "Learn a message as spam before it expires, when it lay in Junk while the user's mail program opened "
                "that folder, and what has been learned by then still calls it spam. What the user says about a "
                "message is always stronger, and takes this back.",
    },
    {
        .name = "implicit",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = FIELD(implicit.enabled, bool),
        .help = "Let \"tamis relearn\" learn, with half the weight, from messages that the user leaves where the "
                "verdict put them: ham that was read or used, spam in Junk that stayed there although the user has "
                "been in Junk. An unsure message counts as ham when by now it is less than half way to spam. What "
                "the user says about a message is always stronger, and takes this back.",
    },
    {
        .name = "implicit_ham_days",
        .type = OPTION_NUMBER,
        .default_value = "3",
        .least = 0,
        .most = 36500,
        .offset = FIELD(implicit.ham_days, int),
        .help = "For so many days ham must have been left alone before that is learned.",
    },
    {
        .name = "implicit_spam_days",
        .type = OPTION_NUMBER,
        .default_value = "7",
        .least = 0,
        .most = 36500,
        .offset = FIELD(implicit.spam_days, int),
        .help = "For so many days spam must have lain in Junk before that is learned. With junk_days at this or less "
                "\"tamis expire\" deletes it before; it has a setting of its own for learning, expire_learns.",
    },
    {
        .name = "digest",
        .type = OPTION_CHOICE,
        .default_value = "never",
        .choices = digest_choices,
        .offset = CHOICE_FIELD(digest, enum digest_interval),
        .help = "How often \"tamis digest\" delivers a list of what has arrived in Junk into the inbox: for people who "
                "never look into Junk. Nothing is delivered when nothing has arrived.",
    },
    {
        .name = "statistics",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = FIELD(store.statistics, bool),
        .help = "Keep a record, day by day, of how many messages were found to be what, how often that was corrected, "
                "which rules hit and which relays sent spam. It is a file of 350 KB that \"tamis stats\" shows; what "
                "messages say is not in it.",
    },
    {
        .name = "trash_folder",
        .type = OPTION_FOLDER,
        .default_value = "Trash",
        .offset = FIELD(folders.trash, const char *),
        .help = "What is moved from Junk into this folder teaches nothing. Folders with the names that mail programs "
                "give it in many languages count as well; \"tamis relearn --folders\" shows them.",
    },
    {
        .name = "sent_folder",
        .type = OPTION_FOLDER,
        .default_value = "Sent",
        .offset = FIELD(folders.sent, const char *),
        .help = "What lies in this folder is the user's own: \"tamis senders import\" finds in it whom the user knows, "
                "and moves into it or out of it teach nothing. Folders with the names that mail programs give it in "
                "many languages count as well; \"tamis relearn --folders\" shows them.",
    },
    {
        .name = "learn_sent",
        .type = OPTION_YES_NO,
        .default_value = "no",
        .offset = FIELD(learn_sent, bool),
        .help = "Learn what the user has sent as ham when \"tamis senders import\" reads it: for somebody who has few "
                "messages to learn from. It counts as weak evidence, which a word of the user's overrules.",
    },
    {
        .name = "drafts_folder",
        .type = OPTION_FOLDER,
        .default_value = "Drafts",
        .offset = FIELD(folders.drafts, const char *),
        .help = "What lies in this folder is the user's own and is never learned. Folders with the names that mail "
                "programs give it in many languages count as well; \"tamis relearn --folders\" shows them.",
    },
    {
        .name = "directory_sync",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .negated = true,
        .offset = FIELD(maildir.skip_directory_sync, bool),
        .help = "Wait until the directory entry of a delivered message is on the disk. \"no\" is faster, and a power "
                "failure may then lose "
                "a message that the mail system was told had been delivered.",
    },
    {
        .name = "state_dir",
        .type = OPTION_PATH,
        .default_value = "~/.local/state/tamis",
        .offset = FIELD(state_directory, const char *),
        .help = "Where the program keeps what it has learned from this user. By default it is $XDG_STATE_HOME/tamis "
                "when that variable is set. "
                "For users without a home directory: /var/lib/tamis/%u. The same letters as in \"maildir\".",
    },
    {
        .name = "store",
        .type = OPTION_CHOICE,
        .default_value = "tokyocabinet",
        .choices = store_choices,
        .offset = CHOICE_FIELD(store_choice, enum store_choice),
        .help = "What keeps the learned counts: \"tokyocabinet\", files in state_dir; or \"redis\", a Redis server or "
                "cluster that many hosts share. Lists and moves that wait stay in files either way. "
                "\"tamis db copy\" takes what was learned from one to the other.",
    },
    {
        .name = "redis_server",
        .type = OPTION_TEXT,
        .is_sound = is_server_list,
        .accepted = N_("a list of unix:/PATH, ADDRESS:PORT or tls://ADDRESS:PORT, addresses as numbers, apart by "
                       "blanks"),
        .default_value = "",
        .example = "unix:/run/redis/redis-server.sock",
        .offset = FIELD(store.remote.server, const char *),
        .help = "With \"store = redis\": where it listens. The first of several that takes the connection is asked; of "
                "a cluster any nodes will do, and it says which of them has the user's key.",
    },
    {
        .name = "redis_user",
        .type = OPTION_TEXT,
        .is_sound = is_word_or_empty,
        .accepted = N_("a name without blanks in it, or with %u, %n and %d as in \"maildir\""),
        .default_value = "",
        .example = "tamis",
        .offset = FIELD(store.remote.user, const char *),
        .help = "The name to log in with (Redis ACL). Empty: the server's default user.",
    },
    {
        .name = "redis_password_file",
        .type = OPTION_TEXT,
        .is_sound = is_path_or_empty,
        .accepted = N_("a path that begins with / or ~/"),
        .default_value = "",
        .example = "/etc/tamis/redis-password",
        .offset = FIELD(store.remote.password_file, const char *),
        .help = "A file whose first line is the password to log in with. It must be readable by whoever delivers, and "
                "by nobody else. The same letters as in \"maildir\".",
    },
    {
        .name = "redis_certificates",
        .type = OPTION_TEXT,
        .is_sound = is_path_or_empty,
        .accepted = N_("a path that begins with / or ~/"),
        .default_value = "",
        .example = "/etc/tamis/redis-ca.pem",
        .offset = FIELD(store.remote.certificates, const char *),
        .help = "A file (PEM) of the authorities that may sign the server's certificate, for tls://. Empty: the "
                "system's.",
    },
    {
        .name = "redis_tls_name",
        .type = OPTION_TEXT,
        .is_sound = is_word_or_empty,
        .accepted = N_("a host name"),
        .default_value = "",
        .example = "redis.example.org",
        .offset = FIELD(store.remote.tls_name, const char *),
        .help = "The name that the server's certificate must be for. Empty: the address in redis_server.",
    },
    {
        .name = "redis_prefix",
        .type = OPTION_TEXT,
        .is_sound = is_word_or_empty,
        .accepted = N_("at most 200 printable characters without blanks"),
        .default_value = "tamis:",
        .offset = FIELD(store.remote.prefix, const char *),
        .help = "What a user's key begins with; the user's name in braces follows: tamis:{anna}.",
    },
    {
        .name = "redis_timeout",
        .type = OPTION_NUMBER,
        .default_value = "300",
        .least = 10,
        .most = 2000,
        .offset = FIELD(store.remote.timeout_milliseconds, int),
        .help = "So many milliseconds a delivery waits for Redis to connect and answer, and once more for what has "
                "been learned about the message's words; then the message is judged by rules alone. Learning waits ten "
                "times as long.",
    },
    {
        .name = "redis_days",
        .type = OPTION_NUMBER,
        .default_value = "0",
        .least = 0,
        .most = 3650,
        .offset = FIELD(store.remote.days, int),
        .help = "What was learned from a user goes when for so many days nothing was learned and \"tamis expire\" was "
                "not run: users who are gone need no clearing up. 0 keeps it for ever.",
    },
    {
        .name = "rules_dir",
        .type = OPTION_PATH,
        .default_value = "/usr/local/share/tamis/rules",
        .offset = FIELD(rules_directory, const char *),
        .help = "The folder of the rules that came with the program. By default it is $TAMIS_RULES_DIR when that "
                "variable is set, else the folder the program was installed with. Rules of your own go into rules.d "
                "beside the system's file or, for one user, beside the user's file; see tamis-rules(5).",
    },
    {
        .name = "starter",
        .type = OPTION_YES_NO,
        .default_value = "yes",
        .offset = FIELD(starter, bool),
        .help = "Judge by words known from other people's mail as well, as the reason STARTER, while you have taught "
                "little: it fades with each lesson and is gone once 1,000 of ham and 1,000 of spam are learned.",
    },
    {
        .name = "starter_file",
        .type = OPTION_PATH,
        .default_value = "/usr/local/share/tamis/starter.words",
        .offset = FIELD(starter_file, const char *),
        .help = "Where the words of \"starter\" are, a file made by \"tamis starter build\". By default it is "
                "$TAMIS_STARTER_FILE when that variable is set, else the one the program was installed with.",
    },
    {
        .name = "lists_dir",
        .type = OPTION_PATH,
        .default_value = "~/.config/tamis",
        .offset = FIELD(senders.directory, const char *),
        .help = "Where the user's lists are: allow, deny, trap and internal_only (see tamis-senders(1)), and what mail "
                "to traps adds to bad_hosts and bad_relays. By default it is $XDG_CONFIG_HOME/tamis when that variable "
                "is set. The same letters as in \"maildir\".",
    },
    {
        .name = "trap_addresses",
        .type = OPTION_MAILBOXES,
        .default_value = "",
        .offset = FIELD(senders.trap_addresses, const char *),
        .help = "Addresses of this site that no honest person writes to, beside those in the lists called trap. Mail "
                "to one of them is spam and is learned as such.",
    },
    {
        .name = "own_domains",
        .type = OPTION_DOMAINS,
        .default_value = "",
        .offset = FIELD(own_domains, const char *),
        .help = "The mail domains of this site, subdomains included. A host outside that calls itself by one of them, "
                "or a sender's name "
                "that shows one, is a forger. Without them the domain of the user's own address is taken, when the "
                "user has one.",
    },
    {
        .name = "trusted_networks",
        .type = OPTION_NETWORKS,
        .default_value = "",
        .offset = FIELD(trusted_networks, const char *),
        .help = "Networks of this site's own mail servers, and of forwarding services it uses. What they write about "
                "the way of a message is "
                "believed, and the first host outside of them is the one that is judged. Private networks are always "
                "trusted.",
    },
    {
        .name = "friend_networks",
        .type = OPTION_NETWORKS,
        .default_value = "",
        .offset = FIELD(friend_networks, const char *),
        .help = "Networks of partners whose hosts send no spam: mail handed over from there is spared the questions "
                "about the sending host.",
    },
    {
        .name = "note_relays",
        .type = OPTION_YES_NO,
        .default_value = "no",
        .offset = FIELD(note_relays, bool),
        .help = "Note the addresses of hosts that sent what is learned as spam by a word of the user's, or came to a "
                "trap, and what is learned as ham, so that \"tamis relays\" can name them to the mail server.",
    },
    {
        .name = "relay_offences",
        .type = OPTION_NUMBER,
        .default_value = "2",
        .least = 1,
        .most = 1000,
        .offset = FIELD(relays.offences, int),
        .help = "A host is to be refused from so many messages of spam on; one that came to a trap counts as two.",
    },
    {
        .name = "relay_minutes",
        .type = OPTION_NUMBER,
        .default_value = "30",
        .least = 1,
        .most = 10080,
        .offset = FIELD(relays.minutes, int),
        .help = "How long it is refused then, from the last of them on. Each further one doubles the time.",
    },
    {
        .name = "relay_days_most",
        .type = OPTION_NUMBER,
        .default_value = "7",
        .least = 1,
        .most = 90,
        .offset = FIELD(relays.days_most, int),
        .help = "No host is refused for more than so many days after its last spam.",
    },
    {
        .name = "relay_spam_per_ham",
        .type = OPTION_NUMBER,
        .default_value = "20",
        .least = 1,
        .most = 10000,
        .offset = FIELD(relays.spam_per_ham, int),
        .help = "A host that sent ham within 30 days is refused only when it sent so many times as much spam.",
    },
    {
        .name = "relay_users",
        .type = OPTION_NUMBER,
        .default_value = "2",
        .least = 1,
        .most = 1000,
        .offset = FIELD(relays.users, int),
        .help = "With --all-users a host is refused only when so many users have had spam from it, so that nobody "
                "decides alone what all others get.",
    },
    {
        .name = "internal_addresses",
        .type = OPTION_MAILBOXES,
        .default_value = "",
        .offset = FIELD(internal_addresses, const char *),
        .help = "Addresses that only people inside write to, such as a list of all staff. That a message from outside "
                "names one is evidence of spam.",
    },
    {
        .name = "authserv_id",
        .type = OPTION_DOMAINS,
        .default_value = "",
        .offset = FIELD(authserv_id, const char *),
        .help = "The name that this site's mail server puts first into its Authentication-Results field (RFC 8601); "
                "its reports on SPF, DKIM and DMARC "
                "are then believed. The server must remove fields of that name from mail that comes in. Without it "
                "only reports that stand above the "
                "server's own Received field are believed.",
    },
    {
        .name = "clamd",
        .type = OPTION_TEXT,
        .default_value = "",
        .is_sound = stream_address_is_sound,
        .accepted = STREAM_ADDRESS_ACCEPTED,
        .offset = FIELD(outside.clamd, const char *),
        .help = "Where ClamAV's daemon listens; every message is then shown to it, and what it calls infected goes to "
                "quarantine_folder. Empty: no scanner is asked.",
    },
    {
        .name = "clamd_timeout",
        .type = OPTION_NUMBER,
        .default_value = "10000",
        .least = 10,
        .most = 60000,
        .offset = FIELD(outside.clamd_milliseconds, int),
        .help = "How many milliseconds the scanner may take; a message it has not answered for by then goes on "
                "unscanned.",
    },
    {
        .name = "clamd_size",
        .type = OPTION_NUMBER,
        .default_value = "25",
        .least = 1,
        .most = 4000,
        .offset = FIELD(outside.clamd_megabytes, int),
        .help = "Messages of more than so many megabytes are not scanned. More than StreamMaxLength of clamd.conf "
                "makes no sense.",
    },
    {
        .name = "shared_dir",
        .type = OPTION_TEXT,
        .default_value = "",
        .example = "/var/lib/tamis-shared",
        .is_sound = is_absolute_or_empty,
        .accepted = N_("a path that begins with /"),
        .offset = FIELD(outside.shared_directory, const char *),
        .help = "The folder in which users of this host share what they call spam, made by \"tamis shared setup\". "
                "What a user calls spam or ham, what comes to a trap, and ham that was left alone is reported there, "
                "as numbers and without any text or address; what several users reported adds points. Empty: nothing "
                "is reported, and nobody is asked.",
    },
    {
        .name = "shared_users",
        .type = OPTION_NUMBER,
        .default_value = "3",
        .least = 2,
        .most = 1000,
        .offset = FIELD(outside.shared_users, int),
        .help = "So many users must have called a text, a host or a relay spam before it adds points; each who "
                "called it ham takes away two of them, and each who read it and left it where it was takes away one.",
    },
    {
        .name = "shared_points",
        .type = OPTION_POINTS,
        .default_value = "3",
        .least = 0,
        .most = 1000,
        .offset = FIELD(outside.shared_points, int),
        .help = "The points of a text that so many users called spam; more of them add more, and so do traps, up to "
                "twice the points. A host adds a third as much, a relay a sixth.",
    },
    {
        .name = "shared_days",
        .type = OPTION_NUMBER,
        .default_value = "30",
        .least = 1,
        .most = 365,
        .offset = FIELD(outside.shared_days, int),
        .help = "For so many days a report counts.",
    },
    {
        .name = "shared_owner",
        .type = OPTION_TEXT,
        .default_value = "",
        .example = "vmail",
        .is_sound = is_word_or_empty,
        .accepted = N_("a name without blanks in it"),
        .offset = FIELD(outside.shared_owner, const char *),
        .help = "The system's user that virtual mailboxes belong to: \"tamis shared collate\" takes each of its files "
                "for a user's. All files of anybody else are one user's.",
    },
    {
        .name = "quarantine_folder",
        .type = OPTION_FOLDER,
        .default_value = "Quarantine",
        .offset = FIELD(folders.quarantine, const char *),
        .help = "The Maildir++ folder that infected messages are delivered to, without the leading dot; made when it "
                "is missing. Nothing is learned from it, and it is emptied as Junk is.",
    },
    {
        .name = "dns_timeout",
        .type = OPTION_NUMBER,
        .default_value = "400",
        .least = 10,
        .most = 10000,
        .offset = FIELD(outside.dns_milliseconds, int),
        .help = "How many milliseconds all DNS lists together may take for a message; what has not answered by then "
                "says nothing.",
    },
    {
        .name = "dns_server",
        .type = OPTION_TEXT,
        .default_value = "",
        .is_sound = dns_server_is_sound,
        .accepted = DNS_SERVER_ACCEPTED,
        .offset = FIELD(outside.dns_server, const char *),
        .help = "The resolver that DNS lists are asked through; empty: those of resolv.conf. Use one of your own: "
                "public ones are refused by most lists.",
    },
    {
        .name = "log",
        .type = OPTION_CHOICE,
        .default_value = "auto",
        .choices = log_choices,
        .offset = CHOICE_FIELD(log_target, enum log_target),
        .help = "Where log lines go. \"auto\" means stderr at a terminal and syslog (facility mail) otherwise: most "
                "delivery agents put what they find on stderr into a bounce or throw it away. Commands other than "
                "filter, deliver, classify and moved, which people and timers start, then say errors and warnings on "
                "stderr as well, unless that is systemd's journal, which syslog leads to.",
    },
    {
        .name = "log_level",
        .type = OPTION_CHOICE,
        .default_value = "info",
        .choices = log_level_choices,
        .offset = CHOICE_FIELD(log_severity, enum log_severity),
        .help = "How much is logged: \"error\" what a person must mend, \"warning\" also what went another way than "
                "it should, \"info\" also one "
                "line for each message, \"debug\" everything.",
    },
};

const size_t option_count = sizeof option_table / sizeof option_table[0];

const struct option option_score = {
    .name = "score.NAME",
    .type = OPTION_POINTS,
    .default_value = "",
    .least = OPTION_POINTS_LEAST,
    .most = OPTION_POINTS_MOST,
    .help = "The points that the check or rule NAME adds to a message's score, instead of its own; 0 turns it off. "
            "\"tamis rules list\" lists the "
            "names.",
};

const struct option *option_find(const char *name)
{
    for (size_t i = 0; i < option_count; i++)
        if (strcmp(option_table[i].name, name) == 0)
            return &option_table[i];
    return NULL;
}
