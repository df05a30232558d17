/* doctor.c - `tamis doctor`: does learning work, and what is to be done when it does not
 *
 * Learning that stopped makes no noise: the hook of a mail server that is not called, a timer that nobody started, a
 * state directory that belongs to root since somebody tried something.  Each check looks at what is there and at when
 * it last changed, changes nothing, and says what to do.  How to add one: a function and a line in the table.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/each-user.h"
#include "commands/last-run.h"
#include "learn/learn.h"
#include "mailbox/folders.h"
#include "mailbox/keywords.h"
#include "mailbox/moves-queue.h"
#include "mailbox/moves.h"
#include "mailbox/name-record.h"
#include "mailbox/opened-folder.h"
#include "store/store.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/sandbox.h"
#include "util/translate.h"
#include "verdict/json.h"
#include "verdict/report.h"

enum { OPTION_JSON, OPTION_QUIET, OPTION_ALL_USERS };

static const struct command_option options[] = {
    [OPTION_JSON] = { "json", 'j', NULL, N_("one JSON object") },
    [OPTION_QUIET] = { "quiet", 'q', NULL, N_("only problems; nothing when there is none") },
    [OPTION_ALL_USERS] = EACH_USER_OPTION,
    { NULL, 0, NULL, NULL },
};

#define STATUS_FINE 0
#define STATUS_SOMETHING_TO_DO 1

#define DAY_SECONDS ((int64_t)24 * 60 * 60)
/* What runs every night, with a random delay, and one night the machine was off. */
#define NIGHTLY_DAYS 3
/* A queue that is drained by a timer or at once. */
#define QUEUE_DAYS 2
#define FEW_LESSONS 10
#define TEXT_BYTES 400
#define FINDINGS_AT_MOST 64

enum state { STATE_FINE, STATE_NOTE, STATE_PROBLEM };
static const char *const state_names[] = { N_("ok"), N_("note"), N_("problem") };
#define STATE_COLUMNS 8

struct finding {
    enum state state;
    const char *subject;
    char text[TEXT_BYTES], remedy[TEXT_BYTES]; /* the remedy may be empty */
};

struct doctor {
    const struct settings *settings;
    const struct config *config;
    struct arena *arena;
    const char *subject; /* of the check that runs */
    int64_t now;
    struct finding findings[FINDINGS_AT_MOST];
    size_t count;
};

/* --- what checks say and ask -------------------------------------------------------------------------------------- */

static struct finding *find(struct doctor *doctor, enum state state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void advise(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));

static struct finding *find(struct doctor *doctor, enum state state, const char *format, ...)
{
    /* A table this long has been overrun by one check; its last line is then as good as another. */
    struct finding *finding = &doctor->findings[doctor->count];
    doctor->count += doctor->count + 1 < FINDINGS_AT_MOST;
    *finding = (struct finding){ .state = state, .subject = doctor->subject };
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, translate(format), arguments);
    va_end(arguments);
    return finding;
}

static void advise(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->remedy, sizeof finding->remedy, translate(format), arguments);
    va_end(arguments);
}

/* "3 days ago" */
static const char *ago(const struct doctor *doctor, int64_t when, char out[40])
{
    int64_t seconds = doctor->now - when;
    if (seconds < 2 * 60 * 60)
        snprintf(out, 40, _("%lld minutes ago"), (long long)(seconds < 0 ? 0 : seconds / 60));
    else if (seconds < 2 * DAY_SECONDS)
        snprintf(out, 40, _("%lld hours ago"), (long long)(seconds / 3600));
    else
        snprintf(out, 40, _("%lld days ago"), (long long)(seconds / DAY_SECONDS));
    return out;
}

static bool in_state(const struct doctor *doctor, const char *name, char path[PATH_MAX])
{
    return file_join(path, PATH_MAX, doctor->settings->state_directory, name);
}

/* When a file of the state directory last changed; 0: it is not there. */
static int64_t changed(const struct doctor *doctor, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    return in_state(doctor, name, path) && stat(path, &status) == 0 ? (int64_t)status.st_mtime : 0;
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

static void check_settings(struct doctor *doctor)
{
    const struct config_mistake *mistake = config_mistakes(doctor->config);
    if (!mistake)
        find(doctor, STATE_FINE, "no mistakes");
    for (; mistake; mistake = mistake->next)
        advise(find(doctor, STATE_PROBLEM, "%s", mistake->text), "correct that line");
    if (!doctor->settings->enabled)
        advise(find(doctor, STATE_NOTE, "filter = no: mail passes without being judged"),
               "remove the setting to have mail judged");
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* Whose a directory is, and who may write it; true when the rest can be looked at. */
static bool check_directory(struct doctor *doctor, const char *what, const char *path, mode_t forbidden)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        if (errno != ENOENT)
            advise(find(doctor, STATE_PROBLEM, "%s %s cannot be looked at: %s", what, path, strerror(errno)),
                   "let user %lu read it", (unsigned long)geteuid());
        return false;
    }
    if (status.st_uid != geteuid()) {
        advise(find(doctor, STATE_PROBLEM, "%s %s belongs to user %lu, and this is user %lu", what, path,
                    (unsigned long)status.st_uid, (unsigned long)geteuid()),
               "run tamis as the owner of the mail, or chown -R %lu %s", (unsigned long)geteuid(), path);
        return false;
    }
    if (status.st_mode & forbidden)
        advise(find(doctor, STATE_PROBLEM, "%s %s is open to others (mode %03o)", what, path,
                    (unsigned)(status.st_mode & 0777)),
               "chmod %s %s", forbidden & S_IRGRP ? "go-rwx" : "o-w", path);
    return true;
}

/* Files that belong to somebody else: what a run as root leaves behind, and the end of all learning. */
static void check_state_files(struct doctor *doctor, const char *path)
{
    DIR *directory = opendir(path);
    size_t foreign = 0;
    char example[NAME_MAX + 1] = "";
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        struct stat status;
        if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || entry->d_name[0] == '.')
            continue;
        if (status.st_uid == geteuid() && faccessat(dirfd(directory), entry->d_name, R_OK | W_OK, AT_EACCESS) == 0)
            continue;
        foreign++;
        snprintf(example, sizeof example, "%s", entry->d_name);
    }
    if (directory)
        closedir(directory);
    if (foreign)
        advise(find(doctor, STATE_PROBLEM, "%zu files in %s cannot be written by their user, such as %s", foreign, path,
                    example),
               "chown -R %lu %s; chmod -R u+rwX %s", (unsigned long)geteuid(), path, path);
}

static void check_state(struct doctor *doctor)
{
    const char *path = doctor->settings->state_directory;
    size_t before = doctor->count;
    if (!*path) {
        advise(find(doctor, STATE_PROBLEM, "this user has no home directory, so there is no place for what is learned"),
               "set state_dir, for example to /var/lib/tamis/%%u");
        return;
    }
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        find(doctor, STATE_NOTE, "%s does not exist yet; the first lesson makes it", path);
        return;
    }
    if (check_directory(doctor, _("the state directory"), path, S_IRWXG | S_IRWXO))
        check_state_files(doctor, path);
    if (doctor->count == before)
        find(doctor, STATE_FINE, "%s is the user's own", path);
}

static void check_maildir(struct doctor *doctor)
{
    const char *path = doctor->settings->maildir.path;
    size_t before = doctor->count;
    static const char *const needed[] = { "cur", "new", "tmp" };
    bool there = check_directory(doctor, "Maildir", path, S_IWOTH);
    if (!there && doctor->count == before)
        advise(find(doctor, STATE_PROBLEM, "there is no Maildir at \"%s\"", path),
               "set maildir to where the mail is, or give --maildir");
    for (size_t i = 0; there && i < sizeof needed / sizeof needed[0]; i++) {
        char inner[PATH_MAX];
        if (file_join(inner, sizeof inner, path, needed[i]) && access(inner, R_OK | W_OK | X_OK) != 0)
            advise(find(doctor, STATE_PROBLEM, "%s: %s", inner, strerror(errno)),
                   "is %s a Maildir? set maildir to where the mail is", path);
    }
    if (doctor->count == before)
        find(doctor, STATE_FINE, "%s is the user's own", path);
}

/* --- folders ------------------------------------------------------------------------------------------------------ */

static bool is_top_level(const char *name)
{
    const char *rest = span_starts_nocase(span_of(name), "INBOX.") ? name + 6 : name;
    return !strpbrk(rest, "./");
}

/* Several folders for spam: the mail program may use another one than tamis. */
static void check_other_junk(struct doctor *doctor, const struct folders *folders)
{
    const char *junk = doctor->settings->maildir.junk;
    for (size_t i = 0; i < folders->count; i++) {
        const struct folder *folder = &folders->list[i];
        if (folder->use == FOLDER_JUNK && is_top_level(folder->name) && strcmp(folder->name, junk) != 0)
            advise(find(doctor, STATE_NOTE,
                        "there is a folder %s beside junk_folder = %s; moves into both are learned, only %s is emptied "
                        "by tamis expire",
                        folder->name, junk, junk),
                   "if the mail program puts spam into %s, set junk_folder = %s", folder->name, folder->name);
    }
}

static void check_folders(struct doctor *doctor)
{
    const struct folder_names *names = &doctor->settings->folders;
    struct folders folders;
    struct failure failure = { 0 };
    if (!folders_find(doctor->settings->maildir.path, names, doctor->arena, &folders, &failure))
        return; /* check_maildir() has told */
    size_t uses[FOLDER_DRAFTS + 1] = { 0 };
    bool has_junk = false;
    for (size_t i = 0; i < folders.count; i++) {
        uses[folders.list[i].use]++;
        has_junk = has_junk || strcmp(folders.list[i].name, names->junk) == 0;
    }
    find(doctor, STATE_FINE, "%zu folders: %zu for junk, %zu trash, %zu sent, %zu drafts", folders.count,
         uses[FOLDER_JUNK], uses[FOLDER_TRASH], uses[FOLDER_SENT], uses[FOLDER_DRAFTS]);
    if (!has_junk)
        find(doctor, STATE_NOTE, "there is no folder %s yet; the first spam makes it", names->junk);
    if (!uses[FOLDER_TRASH])
        advise(find(doctor, STATE_NOTE, "no folder looks like trash: a move from Junk to it would be learned as ham"),
               "set trash_folder; tamis relearn --folders lists what each folder is taken for");
    if (folders.truncated)
        advise(find(doctor, STATE_PROBLEM, "there are more than %d folders", FOLDERS_AT_MOST), "remove some");
    check_other_junk(doctor, &folders);
}

static void check_keywords(struct doctor *doctor)
{
    char path[PATH_MAX];
    struct opened_folder folder;
    const struct maildir_settings *maildir = &doctor->settings->maildir;
    if (opened_folder_open(maildir->path, maildir->junk, &folder, NULL) != FOLDER_OPENED)
        return;
    if (!file_join(path, sizeof path, folder.path, "dovecot-keywords") || access(path, F_OK) != 0)
        find(doctor, STATE_NOTE, "no keywords in Junk: marks such as $NotJunk are not used, moves are");
    else if (access(path, R_OK) != 0)
        advise(find(doctor, STATE_PROBLEM, "%s cannot be read: marks such as $NotJunk are not seen", path),
               "let user %lu read it", (unsigned long)geteuid());
    else
        find(doctor, STATE_FINE, "keywords in Junk can be read");
    opened_folder_close(&folder);
}

/* --- what is learned ---------------------------------------------------------------------------------------------- */

static void check_classes(struct doctor *doctor, const struct totals *totals)
{
    uint64_t ham = totals->lessons[LABEL_HAM], spam = totals->lessons[LABEL_SPAM];
    static const char *const names[] = { [LABEL_HAM] = "ham", [LABEL_SPAM] = "spam" };
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        char when[40];
        uint64_t count = totals->lessons[label];
        if (count)
            find(doctor, count < FEW_LESSONS ? STATE_NOTE : STATE_FINE, "%llu messages learned as %s, the last %s",
                 (unsigned long long)count, names[label], ago(doctor, totals->last_lesson[label], when));
        else
            advise(find(doctor, STATE_PROBLEM, "nothing is learned as %s", names[label]),
                   "tamis learn --%s FOLDER, with a folder of your own that holds only such mail", names[label]);
    }
    if (ham && spam && (ham > spam * LEARN_LOPSIDED || spam > ham * LEARN_LOPSIDED))
        advise(find(doctor, STATE_PROBLEM, "the lessons are lopsided: %llu ham and %llu spam", (unsigned long long)ham,
                    (unsigned long long)spam),
               "learn more %s: tamis learn --%s FOLDER", ham > spam ? "spam" : "ham", ham > spam ? "spam" : "ham");
}

static void check_learning(struct doctor *doctor)
{
    struct store_options store_options = doctor->settings->store;
    enum store_state state;
    struct failure failure = { 0 };
    struct totals totals = { .sequence = 0 };
    store_options.lock_wait_milliseconds = LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS;
    struct store *store = store_open(&store_options, STORE_READ, &state, &failure);
    if (!store && state != STORE_EMPTY) {
        advise(find(doctor, STATE_PROBLEM, "the database is %s: %s", store_state_name(state), failure.reason), "%s",
               state == STORE_BUSY      ? _("see which tamis runs for so long")
               : state == STORE_NEWER   ? _("use the newer tamis that wrote it")
               : state == STORE_OLDER   ? _("carry it over: tamis db dump with the older tamis, tamis db load with this one")
               : state == STORE_DAMAGED ? "tamis db rebuild"
                                        : _("mend that, then tamis db check"));
        return;
    }
    if (store && !store_read_totals(store, &totals, &failure))
        advise(find(doctor, STATE_PROBLEM, "the database is damaged: %s", failure.reason), "tamis db rebuild");
    else
        check_classes(doctor, &totals);
    store_close(&store);
}

/* --- what runs by itself ------------------------------------------------------------------------------------------ */

static void check_nightly(struct doctor *doctor, const char *what)
{
    char when[40];
    int64_t last = last_run_time(doctor->settings->state_directory, what);
    if (!last)
        advise(find(doctor, STATE_PROBLEM, "tamis %s has never run", what),
               "run it every night: the examples for systemd and cron show how");
    else if (last > doctor->now + DAY_SECONDS)
        advise(find(doctor, STATE_PROBLEM, "tamis %s ran in the future: the clock was, or is, wrong", what),
               "set the clock, then run tamis %s", what);
    else if (doctor->now - last > NIGHTLY_DAYS * DAY_SECONDS)
        advise(find(doctor, STATE_PROBLEM, "tamis %s last ran %s", what, ago(doctor, last, when)),
               "see why its timer or cron line does not start it any more");
    else
        find(doctor, STATE_FINE, "tamis %s last ran %s", what, ago(doctor, last, when));
}

static void check_relearn(struct doctor *doctor)
{
    check_nightly(doctor, "relearn");
    char path[PATH_MAX];
    bool first;
    struct failure failure = { 0 };
    if (!in_state(doctor, "moves", path) || access(path, F_OK) != 0)
        return;
    struct moves *moves = moves_open(path, &first, &failure);
    if (failure.kind != FAILURE_NONE)
        find(doctor, STATE_NOTE, "%s", failure.reason);
    if (moves_lesson_count(moves))
        advise(find(doctor, STATE_PROBLEM, "%zu lessons wait to be learned: the last run failed",
                    moves_lesson_count(moves)),
               "tamis relearn -v says why");
    moves_close(&moves);
}

static void check_expire(struct doctor *doctor)
{
    struct opened_folder folder;
    const struct settings *settings = doctor->settings;
    if (!settings->expiry.days) {
        find(doctor, STATE_NOTE, "junk_days = 0: Junk grows without end");
        return;
    }
    if (opened_folder_open(settings->maildir.path, settings->maildir.junk, &folder, NULL) != FOLDER_OPENED)
        return;
    opened_folder_close(&folder);
    check_nightly(doctor, "expire");
}

/* The seconds in the first line of the queue, which is the oldest: "1 SECONDS ..." (moves-queue.h). */
static int64_t oldest_in_queue(const char *path, size_t *lines)
{
    struct file_bytes bytes;
    *lines = 0;
    if (!file_read(path, QUEUE_AT_MOST * 2, &bytes, NULL))
        return 0;
    for (size_t i = 0; i < bytes.length; i++)
        *lines += bytes.data[i] == '\n';
    int64_t seconds = bytes.length > 2 ? strtoll(bytes.data + 2, NULL, 10) : 0;
    file_bytes_free(&bytes);
    return seconds;
}

static void check_hook(struct doctor *doctor)
{
    char path[PATH_MAX], when[40];
    int64_t seen = changed(doctor, "moved.d");
    size_t lines;
    if (!seen) {
        advise(find(doctor, STATE_NOTE, "no mail server has ever reported a move; tamis relearn finds them at night"),
               "with Dovecot, examples/dovecot/tamis-imap.conf makes learning immediate");
        return;
    }
    int64_t oldest = in_state(doctor, "moved", path) ? oldest_in_queue(path, &lines) : 0;
    if (oldest && doctor->now - oldest > QUEUE_DAYS * DAY_SECONDS)
        advise(find(doctor, STATE_PROBLEM, "%zu reported moves wait, the oldest since %s", lines,
                    ago(doctor, oldest, when)),
               "tamis relearn -v, and see that it runs by itself");
    else
        find(doctor, STATE_FINE, "the mail server last reported a move %s; %zu wait", ago(doctor, seen, when),
             oldest ? lines : 0);
}

/* What systemctl says with its exit status; -1: it cannot be asked.  Started without a shell. */
static int ask_systemctl(char *const arguments[])
{
    int status;
    pid_t process = fork();
    if (process == 0) {
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execvp(arguments[0], arguments);
        _exit(EX_UNAVAILABLE);
    }
    while (process > 0 && waitpid(process, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return process > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool timer_is_active(void)
{
    char systemctl[] = "systemctl", user[] = "--user", is_active[] = "is-active", quiet[] = "--quiet";
    char nightly[] = "tamis-nightly.timer", for_all[] = "tamis-nightly-all.timer";
    char *const of_user[] = { systemctl, user, is_active, quiet, nightly, NULL };
    /* Of several units one that is active is enough for systemctl. */
    char *const of_system[] = { systemctl, is_active, quiet, nightly, for_all, NULL };
    return ask_systemctl(of_user) == 0 || ask_systemctl(of_system) == 0;
}

/* Only a note: cron, or the administrator's timer for all users, does as well, and check_nightly() sees what counts. */
static void check_timer(struct doctor *doctor)
{
    if (access("/run/systemd/system", F_OK) != 0)
        return;
    if (timer_is_active())
        find(doctor, STATE_FINE, "a timer of tamis is active");
    else
        advise(find(doctor, STATE_NOTE, "tamis-nightly.timer is not active"),
               "systemctl --user enable --now tamis-nightly.timer, unless cron does it");
}

/* Only a note where something is missing: mail is read on every kernel, and parsers are made to hold by themselves. */
static void check_sandbox(struct doctor *doctor)
{
    unsigned walls = sandbox_walls();
    find(doctor, walls == SANDBOX_ALL ? STATE_FINE : STATE_NOTE,
         "mail is read with limits %s, privileges %s, system calls %s, files %s",
         walls & SANDBOX_LIMITS ? _("set") : _("set in part"), walls & SANDBOX_PRIVILEGES ? _("given up") : _("kept"),
         walls & SANDBOX_SYSTEM_CALLS ? _("filtered") : _("not filtered"),
         walls & SANDBOX_FILES ? _("hidden (Landlock)") : _("not hidden (no Landlock)"));
}

static const struct {
    const char *subject;
    void (*run)(struct doctor *doctor);
} checks[] = {
    { "settings", check_settings }, { "state", check_state },       { "maildir", check_maildir },
    { "folders", check_folders },   { "keywords", check_keywords }, { "learning", check_learning },
    { "relearn", check_relearn },   { "hook", check_hook },         { "expire", check_expire },
    { "timer", check_timer },       { "sandbox", check_sandbox },
};

/* --- what is told ------------------------------------------------------------------------------------------------- */

/* printf counts bytes where letters of other languages have several. */
static void write_state(enum state state, struct buffer *out)
{
    const char *name = _(state_names[state]);
    int columns = 0;
    for (const char *at = name; *at; at++)
        columns += ((unsigned char)*at & 0xC0) != 0x80;
    buffer_append_format(out, "%s%*s", name, columns < STATE_COLUMNS ? STATE_COLUMNS - columns : 0, "");
}

static void write_text(const struct doctor *doctor, bool problems_only, struct buffer *out)
{
    if (problems_only) {
        report_escape(span_of(doctor->settings->maildir.path), out);
        buffer_append_string(out, ":\n");
    }
    for (size_t i = 0; i < doctor->count; i++) {
        const struct finding *finding = &doctor->findings[i];
        if (problems_only && finding->state != STATE_PROBLEM)
            continue;
        write_state(finding->state, out);
        buffer_append_format(out, " %-9s ", finding->subject);
        report_escape(span_of(finding->text), out);
        buffer_append_byte(out, '\n');
        if (finding->remedy[0]) {
            buffer_append_string(out, _("                   to do: "));
            report_escape(span_of(finding->remedy), out);
            buffer_append_byte(out, '\n');
        }
    }
}

static void write_json(const struct doctor *doctor, bool fine, struct buffer *out)
{
    struct json json = json_new(out);
    json_open_object(&json, NULL);
    json_boolean(&json, "fine", fine);
    json_text(&json, "maildir", span_of(doctor->settings->maildir.path));
    json_open_array(&json, "findings");
    for (size_t i = 0; i < doctor->count; i++) {
        const struct finding *finding = &doctor->findings[i];
        json_open_object(&json, NULL);
        json_text(&json, "subject", span_of(finding->subject));
        json_text(&json, "state", span_of(state_names[finding->state]));
        json_text(&json, "text", span_of(finding->text));
        if (finding->remedy[0])
            json_text(&json, "remedy", span_of(finding->remedy));
        json_close_object(&json);
    }
    json_close_array(&json);
    json_close_object(&json);
    buffer_append_byte(out, '\n');
}

static int run_doctor(const struct invocation *invocation)
{
    const char *const *given = invocation->option_values;
    if (given[OPTION_ALL_USERS])
        return each_user_run(invocation, given[OPTION_ALL_USERS]);
    if (invocation->operand_count) {
        fprintf(stderr, _("tamis: doctor takes no operands\n"));
        return EX_USAGE;
    }
    struct arena *arena = arena_new(NAME_RECORD_ARENA);
    struct doctor *doctor = arena_new_object(arena, struct doctor);
    *doctor = (struct doctor){ .settings = invocation->settings, .config = invocation->config, .arena = arena,
                               .now = (int64_t)time(NULL) };
    bool fine = true;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        doctor->subject = checks[i].subject;
        checks[i].run(doctor);
    }
    for (size_t i = 0; i < doctor->count; i++)
        fine = fine && doctor->findings[i].state != STATE_PROBLEM;
    struct buffer out = buffer_new(arena, (size_t)1024 * 1024);
    if (given[OPTION_JSON])
        write_json(doctor, fine, &out);
    else if (!fine || !given[OPTION_QUIET])
        write_text(doctor, given[OPTION_QUIET] != NULL, &out);
    fwrite(out.data, 1, out.length, stdout);
    arena_free(arena);
    return fine ? STATUS_FINE : STATUS_SOMETHING_TO_DO;
}

const struct command command_doctor = {
    .name = "doctor",
    .summary = N_("Say whether learning works, and what to do when it does not"),
    .operands = "",
    .details = N_("Looks and changes nothing.\n\n"
                  "Exit status: 0 all is well; 1 there is something to do, and the lines \"to do\" say what.\n"),
    .options = options,
    .run = run_doctor,
};
