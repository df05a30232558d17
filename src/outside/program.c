/* program.c - other people's programs, run side by side on one message, each under a deadline */
#include "config.h"

#include "outside/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/buffer.h"
#include "util/clock.h"

/* How often we look whether a program that has closed its output has ended. */
#define LOOK_AGAIN_MILLISECONDS 5
#define EXIT_NOT_STARTED 127

struct running {
    struct program *program;
    pid_t process;
    int input_fd, output_fd; /* -1: closed */
    struct span rest;        /* of the input */
    struct buffer output;
    int64_t deadline;
    bool ended;
};

/* --- words ------------------------------------------------------------------------------------------------------ */

/* Takes the next word; false at the end, or where a quotation mark is not closed (`*sound` says). */
static bool take_word(struct span *rest, struct span *word, bool *sound)
{
    *rest = span_trim(*rest);
    if (rest->length == 0)
        return false;
    bool is_quoted = rest->data[0] == '"';
    if (is_quoted)
        *rest = span_from(*rest, 1);
    size_t end = 0;
    while (end < rest->length && (is_quoted ? rest->data[end] != '"' : !strchr(" \t", rest->data[end])))
        end++;
    *sound = !is_quoted || end < rest->length;
    *word = span_head(*rest, end);
    *rest = span_from(*rest, end + (is_quoted ? 1 : 0));
    return *sound;
}

bool program_command_is_sound(const char *command)
{
    struct span rest = span_of(command), word;
    size_t count = 0;
    bool sound = true;
    while (take_word(&rest, &word, &sound)) {
        if (count == 0 && (word.length < 2 || word.data[0] != '/'))
            return false;
        count++;
    }
    return sound && count > 0 && count <= PROGRAM_WORDS;
}

static char **words_of(const char *command, struct arena *arena)
{
    char **words = arena_new_array(arena, char *, PROGRAM_WORDS + 1);
    struct span rest = span_of(command), word;
    bool sound = true;
    for (size_t i = 0; i < PROGRAM_WORDS && take_word(&rest, &word, &sound); i++)
        words[i] = (char *)arena_copy(arena, word).data;
    return words;
}

/* --- in the new process ----------------------------------------------------------------------------------------- */

static _Noreturn void become(char **words, int input_fd, int output_fd, char **environment)
{
    int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct sigaction action = { .sa_handler = SIG_DFL };
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    sigaction(SIGPIPE, &action, NULL);
    if (null_fd < 0 || dup2(input_fd, STDIN_FILENO) < 0 || dup2(output_fd, STDOUT_FILENO) < 0 ||
        dup2(null_fd, STDERR_FILENO) < 0)
        _exit(EXIT_NOT_STARTED);
    close_range(STDERR_FILENO + 1, ~0u, 0);
    execve(words[0], words, environment);
    _exit(EXIT_NOT_STARTED);
}

static char **environment_in(struct arena *arena)
{
    char **environment = arena_new_array(arena, char *, 4);
    struct buffer home = buffer_new(arena, 4096);
    buffer_append_format(&home, "HOME=%s", getenv("HOME") ? getenv("HOME") : "/");
    buffer_append_byte(&home, '\0');
    environment[0] = (char *)arena_copy(arena, span_of("PATH=/usr/local/bin:/usr/bin:/bin")).data;
    environment[1] = (char *)arena_copy(arena, span_of("LANG=C")).data;
    environment[2] = home.data;
    return environment;
}

/* --- in this process -------------------------------------------------------------------------------------------- */

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* None of them is a standard stream: those of the child that runs programs are open. */
static bool open_pipes(int input[2], int output[2])
{
    input[0] = input[1] = output[0] = output[1] = -1;
    return pipe2(input, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0 &&
           fcntl(input[1], F_SETFL, O_NONBLOCK) == 0 && fcntl(output[0], F_SETFL, O_NONBLOCK) == 0;
}

static void close_pipes(struct running *running)
{
    close_end(&running->input_fd);
    close_end(&running->output_fd);
}

static void start(struct running *running, struct program *program, struct span input, struct arena *arena)
{
    int to[2], from[2];
    char **words = words_of(program->command, arena), **environment = environment_in(arena);
    *running = (struct running){ .program = program, .process = -1, .input_fd = -1, .output_fd = -1, .rest = input,
                                 .output = buffer_new(arena, PROGRAM_OUTPUT),
                                 .deadline = clock_milliseconds() + program->milliseconds };
    program->end = PROGRAM_NOT_STARTED;
    if (open_pipes(to, from))
        running->process = fork();
    if (running->process == 0)
        become(words, to[0], from[1], environment);
    program->status = errno;
    close_end(&to[0]);
    close_end(&from[1]);
    running->input_fd = to[1];
    running->output_fd = from[0];
    running->ended = running->process < 0;
    if (running->ended)
        close_pipes(running);
    else
        setpgid(running->process, running->process); /* whoever comes first */
}

/* The end of a program, and of whatever it has started. */
static void finish(struct running *running, enum program_end end, int status)
{
    kill(-running->process, SIGKILL);
    close_pipes(running);
    running->program->end = end;
    running->program->status = status;
    running->program->output = buffer_span(&running->output);
    running->ended = true;
}

static void give_input(struct running *running)
{
    ssize_t written = write(running->input_fd, running->rest.data, running->rest.length);
    if (written > 0)
        running->rest = span_from(running->rest, (size_t)written);
    if (running->rest.length == 0 || (written < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&running->input_fd); /* who does not want to read it all need not */
}

static void take_output(struct running *running)
{
    char bytes[4096];
    ssize_t count = read(running->output_fd, bytes, sizeof bytes);
    if (count > 0)
        buffer_append(&running->output, span_make(bytes, (size_t)count));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        close_end(&running->output_fd);
}

static void look_for_end(struct running *running)
{
    int status;
    pid_t ended = waitpid(running->process, &status, WNOHANG);
    if (ended == running->process) {
        /* What is left in the pipe, but not what others that it started go on writing. */
        while (running->output_fd >= 0 && !running->output.truncated &&
               poll(&(struct pollfd){ running->output_fd, POLLIN, 0 }, 1, 0) > 0)
            take_output(running);
        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_STARTED)
            finish(running, PROGRAM_NOT_STARTED, ENOENT);
        else if (WIFEXITED(status))
            finish(running, PROGRAM_EXITED, WEXITSTATUS(status));
        else
            finish(running, PROGRAM_DIED, WTERMSIG(status));
    } else if (clock_milliseconds() >= running->deadline) {
        finish(running, PROGRAM_LATE, 0);
        waitpid(running->process, &status, 0);
    }
}

/* One round for all: what can be given, what can be taken, who has ended.  False when all have. */
static bool attend(struct running *all, size_t count, struct pollfd *polled)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        polled[2 * i] = (struct pollfd){ all[i].ended ? -1 : all[i].input_fd, POLLOUT, 0 };
        polled[2 * i + 1] = (struct pollfd){ all[i].ended ? -1 : all[i].output_fd, POLLIN, 0 };
        any |= !all[i].ended;
    }
    if (any)
        poll(polled, 2 * count, LOOK_AGAIN_MILLISECONDS);
    for (size_t i = 0; i < count; i++) {
        if (all[i].ended)
            continue;
        if (polled[2 * i].revents)
            give_input(&all[i]);
        if (polled[2 * i + 1].revents)
            take_output(&all[i]);
        look_for_end(&all[i]);
    }
    return any;
}

void programs_run(struct program *programs, size_t count, struct span input, struct arena *arena)
{
    struct running *all = arena_new_array(arena, struct running, count);
    struct pollfd *polled = arena_new_array(arena, struct pollfd, 2 * count);
    for (size_t i = 0; i < count; i++)
        start(&all[i], &programs[i], input, arena);
    while (attend(all, count, polled))
        ;
}
