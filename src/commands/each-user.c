/* each-user.c - the same command for many mailboxes, each with the rights of its owner and nobody else's */
#include "config.h"

#include "commands/each-user.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/owner.h"
#include "config/places.h"
#include "util/arena.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/log.h"
#include "util/translate.h"

/* A list of a million users. */
#define LIST_AT_MOST ((size_t)128 * 1024 * 1024)
#define MAILBOX_ARENA ((size_t)1024 * 1024)
#define MOST_ARGUMENTS 256
/* What HOME is when the user has none: the settings must then say where the Maildir is. */
#define NO_HOME "/nonexistent"

struct mailbox {
    const char *user;    /* "" when the list does not say */
    const char *maildir; /* absolute */
    const char *home;
    uid_t uid;
    gid_t gid;
    struct arena *arena;
};

struct run {
    const struct invocation *invocation;
    size_t mailboxes, failed;
    int status;
    each_user_taker *take; /* NULL: what they write is not for us */
    void *context;
};

/* --- whose mailbox it is ------------------------------------------------------------------------------------------ */

static bool lies_in(const char *path, const char *directory)
{
    size_t length = strlen(directory);
    return length > 1 && strncmp(path, directory, length) == 0 && path[length] == '/';
}

static const char *directory_above(const char *path, struct arena *arena)
{
    struct span whole = span_of(path);
    while (whole.length > 1 && whole.data[whole.length - 1] == '/')
        whole.length--;
    while (whole.length > 1 && whole.data[whole.length - 1] != '/')
        whole.length--;
    if (whole.length > 1)
        whole.length--;
    return arena_copy(arena, whole).data;
}

/* The Maildir that the system's settings give this user; the user's own settings are not believed while we are root. */
static const char *maildir_of_settings(const struct invocation *invocation, struct mailbox *mailbox)
{
    const struct passwd *entry = getpwnam(mailbox->user);
    setenv("HOME", entry && entry->pw_dir[0] == '/' ? entry->pw_dir : NO_HOME, 1);
    struct config_sources sources = *invocation->sources;
    sources.user = mailbox->user;
    sources.user_file = "";
    struct config *config = config_load(&sources);
    const char *path = arena_copy(mailbox->arena, span_of(config_settings(config)->maildir.path)).data;
    config_free(&config);
    return lies_in(path, NO_HOME) ? "" : path;
}

/* Looks at the Maildir itself: a symbolic link in its place is refused. */
static bool find_owner(struct mailbox *mailbox, struct failure *failure)
{
    struct stat status;
    if (lstat(mailbox->maildir, &status) != 0)
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot look at Maildir %s", mailbox->maildir);
    if (!S_ISDIR(status.st_mode))
        return failure_set(failure, FAILURE_INPUT, "%s is no directory", mailbox->maildir);
    if (status.st_uid == 0 && geteuid() == 0)
        return failure_set(failure, FAILURE_PERMISSION, "Maildir %s belongs to root: give it to its user",
                           mailbox->maildir);
    mailbox->uid = status.st_uid;
    mailbox->gid = status.st_gid;
    return true;
}

static void find_home(struct mailbox *mailbox)
{
    const struct passwd *entry = *mailbox->user ? getpwnam(mailbox->user) : getpwuid(mailbox->uid);
    if (entry && entry->pw_uid == mailbox->uid && lies_in(mailbox->maildir, entry->pw_dir)) {
        mailbox->home = arena_copy(mailbox->arena, span_of(entry->pw_dir)).data;
        mailbox->gid = entry->pw_gid;
        if (!*mailbox->user)
            mailbox->user = arena_copy(mailbox->arena, span_of(entry->pw_name)).data;
        return;
    }
    mailbox->home = directory_above(mailbox->maildir, mailbox->arena);
    if (!*mailbox->user)
        mailbox->user = strrchr(mailbox->home, '/') + 1;
}

/* --- as the owner ------------------------------------------------------------------------------------------------- */

/* "--name=value"; without a value "--name". */
static char *argument(struct arena *arena, const char *dashes, const char *name, const char *value)
{
    struct buffer text = buffer_new(arena, MAILBOX_ARENA);
    buffer_append_format(&text, "%s%s%s%s", dashes, name, value ? "=" : "", value ? value : "");
    return (char *)arena_copy(arena, buffer_span(&text)).data;
}

/* The command again, with its options, for this mailbox. */
static void make_arguments(const struct invocation *invocation, const struct mailbox *mailbox, char **arguments)
{
    size_t count = 0, most = MOST_ARGUMENTS - 8;
    const struct command_option *options = invocation->command->options;
    const struct config_sources *sources = invocation->sources;
    arguments[count++] = argument(mailbox->arena, "", "tamis", NULL);
    arguments[count++] = argument(mailbox->arena, "", invocation->command->name, NULL);
    for (int i = 0; i < invocation->operand_count && count < most; i++)
        arguments[count++] = argument(mailbox->arena, "", invocation->operands[i], NULL);
    for (size_t i = 0; options[i].name && count < most; i++) {
        const char *value = invocation->option_values[i];
        if (!value || strcmp(options[i].name, "all-users") == 0)
            continue;
        arguments[count++] = argument(mailbox->arena, "--", options[i].name, options[i].argument ? value : NULL);
    }
    for (const char *const *set = sources->overrides; set && *set && count < most; set++)
        arguments[count++] = argument(mailbox->arena, "--", "set", *set);
    if (sources->user_file)
        arguments[count++] = argument(mailbox->arena, "--", "config", sources->user_file);
    for (int i = 0; i < invocation->verbose && i < 2; i++)
        arguments[count++] = argument(mailbox->arena, "--", "verbose", NULL);
    arguments[count++] = argument(mailbox->arena, "--", "maildir", places_quote(mailbox->arena, mailbox->maildir));
    arguments[count++] = argument(mailbox->arena, "--", "user", mailbox->user);
    arguments[count] = NULL;
}

/* Only what a program needs: nothing of root's environment reaches the user's. */
static void make_environment(const struct mailbox *mailbox, char **environment)
{
    static const char *const kept[] = { "PATH", "LANG", "LC_ALL", "TZ" };
    size_t count = 0;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (getenv(kept[i]))
            environment[count++] = argument(mailbox->arena, "", kept[i], getenv(kept[i]));
    environment[count++] = argument(mailbox->arena, "", "HOME", mailbox->home);
    environment[count++] = argument(mailbox->arena, "", "USER", mailbox->user);
    environment[count++] = argument(mailbox->arena, "", "LOGNAME", mailbox->user);
    environment[count] = NULL;
}

/* In the child; does not come back. */
static void run_as_owner(const struct invocation *invocation, const struct mailbox *mailbox)
{
    char *arguments[MOST_ARGUMENTS], *environment[16];
    make_arguments(invocation, mailbox, arguments);
    make_environment(mailbox, environment);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC); /* before we lose the right to look at it */
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || program < 0 || chdir("/") != 0)
        _exit(EX_OSERR);
    struct failure failure = { 0 };
    if (!owner_become(mailbox->uid, mailbox->gid, &failure)) {
        log_line(LOG_SEVERITY_ERROR, "%s: cannot be worked on as its owner: %s", mailbox->maildir, failure.reason);
        _exit(EX_NOPERM);
    }
    fexecve(program, arguments, environment);
    log_line(LOG_SEVERITY_ERROR, "%s: cannot run this program as user %lu: %s", mailbox->maildir,
             (unsigned long)mailbox->uid, strerror(errno));
    _exit(EX_OSERR);
}

static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return EX_OSERR;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EX_TEMPFAIL;
}

/* Gives the exit status. */
static int run_in_child(const struct run *run, const struct mailbox *mailbox)
{
    int ends[2] = { -1, -1 };
    struct file_bytes output = { 0 };
    struct failure failure = { 0 };
    if (run->take && pipe2(ends, O_CLOEXEC) != 0)
        return EX_OSERR;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (run->take && dup2(ends[1], STDOUT_FILENO) < 0)
            _exit(EX_OSERR);
        run_as_owner(run->invocation, mailbox);
    }
    if (!run->take)
        return child < 0 ? EX_OSERR : wait_for(child);
    close(ends[1]);
    bool whole = child > 0 && file_read_descriptor(ends[0], EACH_USER_OUTPUT, &output, &failure);
    close(ends[0]);
    int status = child < 0 ? EX_OSERR : wait_for(child);
    if (status == EX_OK && !whole)
        status = EX_DATAERR;
    if (status == EX_OK)
        run->take(run->context, span_make(output.data, output.length));
    file_bytes_free(&output);
    return status;
}

static void run_for(struct run *run, const char *user, const char *maildir)
{
    struct mailbox mailbox = { .user = user, .maildir = maildir, .arena = arena_new(MAILBOX_ARENA) };
    struct failure failure = { 0 };
    int status = EX_OK;
    run->mailboxes++;
    if (!*maildir)
        mailbox.maildir = maildir_of_settings(run->invocation, &mailbox);
    if (mailbox.maildir[0] != '/') {
        log_line(LOG_SEVERITY_ERROR, "user %s has no home directory, and the settings do not say where the Maildir is",
                 user);
        status = EX_CONFIG;
    } else if (!find_owner(&mailbox, &failure)) {
        log_line(LOG_SEVERITY_ERROR, "%s", failure.reason);
        status = failure_exit_status(failure.kind);
    } else {
        find_home(&mailbox);
        status = run_in_child(run, &mailbox);
    }
    if (status != EX_OK) {
        log_line(LOG_SEVERITY_WARNING, "tamis %s failed for %s with status %d", run->invocation->command->name,
                 *mailbox.maildir ? mailbox.maildir : user, status);
        run->failed++;
        run->status = status;
    }
    arena_free(mailbox.arena);
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

/* glob(3) takes no context along. */
static bool folder_unread;

/* What is gone, or no folder, has no mailbox; of any other that cannot be read nobody knows. */
static int note_unread(const char *path, int error)
{
    if (error == ENOENT || error == ENOTDIR)
        return 0;
    log_line(LOG_SEVERITY_ERROR, "mailboxes in %s are left out: %s", path, strerror(error));
    folder_unread = true;
    return 0;
}

static void *glob_open(const char *path)
{
    return opendir(path);
}

static struct dirent *glob_read(void *directory)
{
    return readdir(directory);
}

static void glob_close(void *directory)
{
    closedir(directory);
}

/* glob() lists folders only for what has a sign in it: of "/var/vmail/?/Maildir" the end is looked up, and so is where
 * links lead.  A look-up that fails is to glob() something that is not there. */
static int note_failed_look(const char *path)
{
    note_unread(path, errno);
    return -1;
}

static int glob_stat(const char *restrict path, struct stat *restrict status)
{
    return stat(path, status) == 0 ? 0 : note_failed_look(path);
}

static int glob_lstat(const char *restrict path, struct stat *restrict status)
{
    return lstat(path, status) == 0 ? 0 : note_failed_look(path);
}

static void run_for_pattern(struct run *run, const char *pattern)
{
    glob_t found = { .gl_opendir = glob_open, .gl_readdir = glob_read, .gl_closedir = glob_close,
                     .gl_stat = glob_stat, .gl_lstat = glob_lstat };
    folder_unread = false;
    int result = glob(pattern, GLOB_NOSORT | GLOB_ALTDIRFUNC, note_unread, &found);
    if (folder_unread)
        run->status = EX_TEMPFAIL;
    if (result == GLOB_NOMATCH && folder_unread)
        return;
    if (result != 0 && result != GLOB_NOMATCH) {
        log_line(LOG_SEVERITY_ERROR, "%s: mailboxes could not be looked for: %s", pattern,
                 result == GLOB_NOSPACE ? strerror(ENOMEM) : strerror(EIO));
        run->status = EX_TEMPFAIL;
        return;
    }
    if (result != 0) {
        log_line(LOG_SEVERITY_ERROR, "no mailbox matches %s", pattern);
        run->status = EX_NOINPUT;
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        run_for(run, "", found.gl_pathv[i]);
    globfree(&found);
}

static void run_for_line(struct run *run, char *line)
{
    line[strcspn(line, "\r")] = '\0';
    char *tab = strchr(line, '\t');
    if (tab)
        *tab = '\0';
    if (*line == '/')
        run_for(run, "", line);
    else if (*line)
        run_for(run, line, tab ? tab + 1 : "");
}

static void run_for_input(struct run *run)
{
    struct file_bytes bytes;
    struct failure failure = { 0 };
    if (!file_read_descriptor(STDIN_FILENO, LIST_AT_MOST, &bytes, &failure)) {
        log_line(LOG_SEVERITY_ERROR, "cannot read the list of users: %s", failure.reason);
        run->status = EX_NOINPUT;
        return;
    }
    for (char *line = bytes.data, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        run_for_line(run, line);
    }
    file_bytes_free(&bytes);
}

static int run_all(struct run *run, const char *list)
{
    const struct invocation *invocation = run->invocation;
    const struct config_sources *sources = invocation->sources;
    if (sources->maildir || sources->state_directory || sources->user) {
        fprintf(stderr, _("tamis: --maildir, --state-dir and --user name one mailbox, --all-users many\n"));
        return EX_USAGE;
    }
    if (strcmp(list, "-") != 0 && list[0] != '/') {
        fprintf(stderr, _("tamis: --all-users takes - or a pattern that begins with /\n"));
        return EX_USAGE;
    }
    if (list[0] == '-')
        run_for_input(run);
    else
        run_for_pattern(run, list);
    if (run->mailboxes && run->failed)
        log_line(LOG_SEVERITY_ERROR, "tamis %s: %zu of %zu mailboxes failed", invocation->command->name, run->failed,
                 run->mailboxes);
    else
        log_line(LOG_SEVERITY_INFO, "tamis %s: %zu mailboxes", invocation->command->name, run->mailboxes);
    return run->status;
}

int each_user_run(const struct invocation *invocation, const char *list)
{
    struct run run = { .invocation = invocation, .status = EX_OK };
    return run_all(&run, list);
}

int each_user_collect(const struct invocation *invocation, const char *list, each_user_taker *take, void *context,
                      size_t *read_r)
{
    struct run run = { .invocation = invocation, .status = EX_OK, .take = take, .context = context };
    int status = run_all(&run, list);
    *read_r = run.mailboxes - run.failed;
    return status;
}
