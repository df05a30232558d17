/* test-sandbox.c - what a process in the sandbox may still do, and that everything else is refused */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/old-kernel.h"
#include "util/sandbox.h"

#ifndef TAMIS_SANITIZERS
/* What a deed finds: made before the sandbox is entered, in a folder of its own. */
struct scene {
    char folder[PATH_MAX], file[PATH_MAX + 16], other[PATH_MAX + 16];
    int folder_fd, file_fd;
    int answer[2]; /* a pipe; the writing end is allowed */
    int data_fd;   /* allowed for reading */
    pid_t parent;
    void *mapped;  /* of the file, for reading */
};

/* Every deed gives 0 when it could be done, else errno. */
typedef int deed(const struct scene *scene);

#define TRY(call) ((call) < 0 ? errno : 0)

/* --- forbidden ---------------------------------------------------------------------------------------------------- */

static int open_to_read(const struct scene *scene) { return TRY(open(scene->file, O_RDONLY)); }
static int open_to_write(const struct scene *scene) { return TRY(open(scene->file, O_WRONLY)); }
static int make_file(const struct scene *scene) { return TRY(open(scene->other, O_WRONLY | O_CREAT, 0600)); }
static int open_in_folder(const struct scene *scene) { return TRY(openat(scene->folder_fd, "file", O_RDONLY)); }
static int open_old_way(const struct scene *scene)
{
#ifdef SYS_open
    return TRY(syscall(SYS_open, scene->file, O_RDONLY));
#else
    return TRY(syscall(SYS_openat, AT_FDCWD, scene->file, O_RDONLY));
#endif
}
static int open_new_way(const struct scene *scene)
{
    uint64_t how[3] = { O_RDONLY };
    return TRY(syscall(437 /* openat2 */, AT_FDCWD, scene->file, how, sizeof how));
}
static int read_the_file(const struct scene *scene)
{
    char byte;
    return TRY(read(scene->file_fd, &byte, 1));
}
static int read_standard_input(const struct scene *scene)
{
    char byte;
    return TRY(read(STDIN_FILENO, &byte, 1));
}
static int write_the_file(const struct scene *scene) { return TRY(write(scene->file_fd, "x", 1)); }
static int write_at_a_place(const struct scene *scene) { return TRY(pwrite(scene->file_fd, "x", 1, 0)); }
static int write_vector(const struct scene *scene)
{
    struct iovec part = { (char[]){ 'x' }, 1 };
    return TRY(writev(scene->file_fd, &part, 1));
}
static int write_standard_error(const struct scene *scene) { return TRY(write(STDERR_FILENO, "#\n", 2)); }
static int write_what_is_for_reading(const struct scene *scene) { return TRY(write(scene->data_fd, "x", 1)); }
static int copy_between_files(const struct scene *scene)
{
    return TRY(syscall(SYS_sendfile, scene->file_fd, scene->data_fd, NULL, 1));
}
static int lock_file(const struct scene *scene)
{
    struct flock lock = { .l_type = F_WRLCK };
    return TRY(fcntl(scene->file_fd, F_SETLK, &lock));
}
static int copy_descriptor(const struct scene *scene) { return TRY(dup2(scene->file_fd, scene->answer[1])); }
static int cut_file(const struct scene *scene) { return TRY(ftruncate(scene->file_fd, 0)); }
static int map_file(const struct scene *scene)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, scene->file_fd, 0);
    return at == MAP_FAILED ? errno : 0;
}
static int map_code(const struct scene *scene)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? errno : 0;
}
static int make_code(const struct scene *scene)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? 0 : TRY(mprotect(at, 4096, PROT_READ | PROT_EXEC));
}
static int write_through_mapping(const struct scene *scene)
{
    return TRY(mprotect(scene->mapped, 4096, PROT_READ | PROT_WRITE));
}
static int change_mode(const struct scene *scene) { return TRY(chmod(scene->file, 0777)); }
static int change_mode_of_open(const struct scene *scene) { return TRY(fchmod(scene->file_fd, 0777)); }
static int change_owner(const struct scene *scene) { return TRY(chown(scene->file, getuid(), getgid())); }
static int remove_file(const struct scene *scene) { return TRY(unlink(scene->file)); }
static int rename_file(const struct scene *scene) { return TRY(rename(scene->file, scene->other)); }
static int link_file(const struct scene *scene) { return TRY(link(scene->file, scene->other)); }
static int link_softly(const struct scene *scene) { return TRY(symlink(scene->file, scene->other)); }
static int make_folder(const struct scene *scene) { return TRY(mkdir(scene->other, 0700)); }
static int look_at_file(const struct scene *scene)
{
    struct stat status;
    return TRY(stat(scene->file, &status));
}
static int read_folder(const struct scene *scene)
{
    char entries[1024];
    return TRY(syscall(SYS_getdents64, scene->folder_fd, entries, sizeof entries));
}
static int change_folder(const struct scene *scene) { return TRY(chdir("/")); }
static int kill_parent(const struct scene *scene) { return TRY(kill(scene->parent, SIGKILL)); }
static int signal_parent(const struct scene *scene)
{
    return TRY(syscall(SYS_tgkill, scene->parent, scene->parent, SIGTERM));
}
static int raise_limits(const struct scene *scene)
{
    struct rlimit limit = { 100, 100 };
    return TRY(setrlimit(RLIMIT_NOFILE, &limit));
}
static int limit_parent(const struct scene *scene)
{
    struct rlimit limit = { 0, 0 };
    return TRY(prlimit(scene->parent, RLIMIT_CPU, &limit, NULL));
}
static int name_thread(const struct scene *scene) { return TRY(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static int take_identity(const struct scene *scene) { return TRY(setuid(getuid())); }
static int make_pipe(const struct scene *scene)
{
    int ends[2];
    return TRY(pipe(ends));
}
static int make_memory_file(const struct scene *scene) { return TRY(syscall(SYS_memfd_create, "x", 0)); }
static int send_to_server(const struct scene *scene) { return TRY(send(scene->file_fd, "x", 1, 0)); }
static int ring_for_system_calls(const struct scene *scene)
{
    char parameters[120] = { 0 };
    return TRY(syscall(425 /* io_uring_setup */, 1, parameters));
}
static int call_of_the_future(const struct scene *scene) { return TRY(syscall(9999)); }

static int execute(const struct scene *scene)
{
    char *arguments[] = { (char[]){ "true" }, NULL };
    return TRY(execv("/bin/true", arguments));
}
static int fork_process(const struct scene *scene)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return TRY(child);
}
static int start_thread(const struct scene *scene) { return TRY(syscall(SYS_clone, CLONE_VM | SIGCHLD, 0, 0, 0, 0)); }
static int open_socket(const struct scene *scene) { return TRY(socket(AF_INET, SOCK_STREAM, 0)); }
static int connect_to_server(const struct scene *scene)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
    return TRY(connect(scene->file_fd, (struct sockaddr *)&address, sizeof address));
}
static int trace_parent(const struct scene *scene) { return TRY(ptrace(PTRACE_ATTACH, scene->parent, NULL, NULL)); }
static int write_into_parent(const struct scene *scene)
{
    char byte = 0;
    struct iovec here = { &byte, 1 }, there = { &byte, 1 };
    return TRY(process_vm_writev(scene->parent, &here, 1, &there, 1, 0));
}

/* What a library has no use for either, by its number: with arguments that would do no harm. */
#define BY_NUMBER(name, ...)                    \
    static int name(const struct scene *scene)  \
    {                                           \
        (void)scene;                            \
        return TRY(syscall(__VA_ARGS__));       \
    }

static int execute_open(const struct scene *scene)
{
    char *arguments[] = { (char[]){ "true" }, NULL };
    return TRY(syscall(SYS_execveat, scene->file_fd, "", arguments, NULL, 0x1000 /* AT_EMPTY_PATH */));
}
static int start_new_way(const struct scene *scene)
{
    uint64_t how[11] = { [4] = SIGCHLD }; /* exit_signal */
    return TRY(syscall(435 /* clone3 */, how, sizeof how));
}
static int read_from_parent(const struct scene *scene)
{
    char byte;
    struct iovec here = { &byte, 1 }, there = { (void *)(uintptr_t)scene, 1 };
    return TRY(process_vm_readv(scene->parent, &here, 1, &there, 1, 0));
}
static int receive_a_descriptor(const struct scene *scene)
{
    struct msghdr message = { 0 };
    return TRY(recvmsg(scene->file_fd, &message, 0));
}
static int send_a_message(const struct scene *scene)
{
    struct msghdr message = { 0 };
    return TRY(sendmsg(scene->answer[1], &message, 0));
}
static int receive_from_what_is_not_allowed(const struct scene *scene)
{
    char byte;
    return TRY(recv(scene->file_fd, &byte, 1, 0));
}
static int map_what_is_for_reading(const struct scene *scene)
{
    void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, scene->data_fd, 0);
    return at == MAP_FAILED ? errno : 0;
}
static int write_vector_at_a_place(const struct scene *scene)
{
    struct iovec part = { (char[]){ 'x' }, 1 };
    return TRY(pwritev(scene->file_fd, &part, 1, 0));
}
static int watch_parent(const struct scene *scene) { return TRY(syscall(434 /* pidfd_open */, scene->parent, 0)); }
static int queue_signal(const struct scene *scene)
{
    siginfo_t info = { .si_code = SI_QUEUE };
    return TRY(syscall(SYS_rt_sigqueueinfo, scene->parent, SIGUSR1, &info));
}
static int type_into_terminal(const struct scene *scene)
{
    return TRY(syscall(SYS_ioctl, STDIN_FILENO, 0x5412 /* TIOCSTI */, "x"));
}
static int copy_range(const struct scene *scene)
{
    return TRY(syscall(SYS_copy_file_range, scene->data_fd, NULL, scene->file_fd, NULL, 1, 0));
}
static int make_room(const struct scene *scene) { return TRY(syscall(SYS_fallocate, scene->file_fd, 0, 0, 8192)); }
static int name_an_attribute(const struct scene *scene)
{
    return TRY(syscall(SYS_fsetxattr, scene->file_fd, "user.x", "x", 1, 0));
}
static int make_executable_anew(const struct scene *scene)
{
    return TRY(syscall(SYS_pkey_mprotect, scene->mapped, 4096, PROT_READ | PROT_EXEC, -1));
}
BY_NUMBER(kill_all, SYS_kill, -1, 0)
BY_NUMBER(make_socket_pair, SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, NULL)
BY_NUMBER(take_connection, SYS_accept4, 0, NULL, NULL, 0)
BY_NUMBER(listen_for_others, SYS_listen, 0, 1)
BY_NUMBER(leave_namespaces, SYS_unshare, CLONE_NEWUSER)
BY_NUMBER(enter_namespace, SYS_setns, 0, 0)
BY_NUMBER(mount_something, SYS_mount, "none", "/nowhere", "tmpfs", 0, NULL)
BY_NUMBER(change_root, SYS_chroot, "/")
BY_NUMBER(load_into_kernel, SYS_bpf, 0, NULL, 0)
BY_NUMBER(count_events, SYS_perf_event_open, NULL, 0, -1, -1, 0)
BY_NUMBER(handle_own_faults, SYS_userfaultfd, 0)
BY_NUMBER(keep_a_key, SYS_add_key, "user", "x", "x", 1, -3)
BY_NUMBER(share_memory, SYS_shmget, 0x7461, 4096, 01600)
BY_NUMBER(send_to_queue, SYS_msgget, 0x7461, 01600)
BY_NUMBER(be_another_system, SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */)
BY_NUMBER(filter_anew, SYS_seccomp, 1, 0, NULL)
BY_NUMBER(leave_session, SYS_setsid)
BY_NUMBER(open_by_handle, SYS_open_by_handle_at, 0, NULL, 0)
#ifdef __x86_64__
BY_NUMBER(open_as_x32, 0x40000000 | SYS_open, "/etc/passwd", O_RDONLY)
#endif

/* --- allowed ------------------------------------------------------------------------------------------------------ */

static int answer(const struct scene *scene) { return TRY(write(scene->answer[1], "x", 1)); }
static int read_data(const struct scene *scene)
{
    char bytes[4];
    return pread(scene->data_fd, bytes, 4, 0) == 4 && memcmp(bytes, "data", 4) == 0 ? 0 : errno ? errno : EIO;
}
static int read_mapping(const struct scene *scene) { return memcmp(scene->mapped, "file", 4) == 0 ? 0 : EIO; }
static int use_memory(const struct scene *scene)
{
    for (size_t size = 16; size <= (size_t)8 << 20; size *= 8) {
        char *memory = malloc(size);
        if (!memory)
            return ENOMEM;
        memset(memory, 1, size);
        memory = realloc(memory, size * 2);
        free(memory);
    }
    return 0;
}
static int ask_the_time(const struct scene *scene)
{
    struct timespec now;
    return TRY(syscall(SYS_clock_gettime, CLOCK_REALTIME, &now)) || time(NULL) == (time_t)-1;
}
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int sort_much(const struct scene *scene)
{
    int count = 100000, *numbers = malloc((size_t)count * sizeof *numbers);
    for (int i = 0; numbers && i < count; i++)
        numbers[i] = count - i;
    if (numbers)
        qsort(numbers, (size_t)count, sizeof *numbers, compare);
    return numbers && numbers[0] == 1 ? 0 : ENOMEM;
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

enum {
    FREELY,
    ALWAYS,  /* also by a process that computes only */
    REFUSED, /* EPERM; EACCES where the call itself is allowed */
    DEADLY   /* SIGSYS */
};

static const struct {
    const char *name;
    deed *deed;
    int want;
    bool by_limits_alone; /* refused also where the kernel has neither filter nor Landlock */
} deeds[] = {
    { "open to read", open_to_read, REFUSED, true },
    { "open to write", open_to_write, REFUSED, true },
    { "make a file", make_file, REFUSED, true },
    { "openat in an open folder", open_in_folder, REFUSED, true },
    { "open(2)", open_old_way, REFUSED, true },
    { "openat2(2)", open_new_way, REFUSED, true },
    { "read an open file", read_the_file, REFUSED, false },
    { "read the message that waits", read_standard_input, REFUSED, false },
    { "write into an open file", write_the_file, REFUSED, true },
    { "pwrite into it", write_at_a_place, REFUSED, true },
    { "writev into it", write_vector, REFUSED, true },
    { "write to stderr", write_standard_error, REFUSED, false },
    { "write what is for reading", write_what_is_for_reading, REFUSED, false },
    { "sendfile", copy_between_files, REFUSED, false },
    { "lock a file", lock_file, REFUSED, false },
    { "another file as the answer", copy_descriptor, REFUSED, true },
    { "ftruncate", cut_file, REFUSED, false },
    { "map a file to write", map_file, REFUSED, false },
    { "map code", map_code, REFUSED, false },
    { "make data code", make_code, REFUSED, false },
    { "make a mapped file writable", write_through_mapping, REFUSED, true },
    { "chmod", change_mode, REFUSED, false },
    { "fchmod", change_mode_of_open, REFUSED, false },
    { "chown", change_owner, REFUSED, false },
    { "unlink", remove_file, REFUSED, false },
    { "rename", rename_file, REFUSED, false },
    { "link", link_file, REFUSED, false },
    { "symlink", link_softly, REFUSED, false },
    { "mkdir", make_folder, REFUSED, false },
    { "stat", look_at_file, REFUSED, false },
    { "read a folder", read_folder, REFUSED, false },
    { "chdir", change_folder, REFUSED, false },
    { "kill the parent", kill_parent, REFUSED, false },
    { "another signal to the parent", signal_parent, REFUSED, false },
    { "raise a limit", raise_limits, REFUSED, false },
    { "limit the parent", limit_parent, REFUSED, false },
    { "be dumped again", name_thread, REFUSED, false },
    { "setuid", take_identity, REFUSED, false },
    { "make a pipe", make_pipe, REFUSED, true },
    { "make a file in memory", make_memory_file, REFUSED, true },
    { "send on what is not allowed", send_to_server, REFUSED, false },
    { "io_uring", ring_for_system_calls, REFUSED, true },
    { "a system call that nobody knows", call_of_the_future, REFUSED, true },
    { "execve", execute, DEADLY, false },
    { "fork", fork_process, DEADLY, false },
    { "clone", start_thread, DEADLY, false },
    { "socket", open_socket, DEADLY, true },
    { "connect", connect_to_server, DEADLY, false },
    { "ptrace the parent", trace_parent, DEADLY, false },
    { "write into the parent's memory", write_into_parent, DEADLY, false },
    { "execveat", execute_open, DEADLY, false },
    { "clone3", start_new_way, DEADLY, false },
    { "read the parent's memory", read_from_parent, REFUSED, false },
    { "recvmsg, which brings descriptors", receive_a_descriptor, REFUSED, false },
    { "sendmsg, which gives them away", send_a_message, REFUSED, false },
    { "receive from what is not allowed", receive_from_what_is_not_allowed, REFUSED, false },
    { "map what is for reading", map_what_is_for_reading, REFUSED, false },
    { "pwritev", write_vector_at_a_place, REFUSED, false },
    { "pidfd_open", watch_parent, REFUSED, true },
    { "rt_sigqueueinfo", queue_signal, REFUSED, false },
    { "type into the terminal", type_into_terminal, REFUSED, false },
    { "copy_file_range", copy_range, REFUSED, false },
    { "fallocate", make_room, REFUSED, false },
    { "fsetxattr", name_an_attribute, REFUSED, false },
    { "pkey_mprotect", make_executable_anew, REFUSED, false },
    { "a signal to all", kill_all, REFUSED, false },
    { "socketpair", make_socket_pair, REFUSED, false },
    { "accept", take_connection, REFUSED, false },
    { "listen", listen_for_others, REFUSED, false },
    { "unshare", leave_namespaces, REFUSED, false },
    { "setns", enter_namespace, REFUSED, false },
    { "mount", mount_something, REFUSED, false },
    { "chroot", change_root, REFUSED, false },
    { "bpf", load_into_kernel, REFUSED, false },
    { "perf_event_open", count_events, REFUSED, false },
    { "userfaultfd", handle_own_faults, REFUSED, false },
    { "add_key", keep_a_key, REFUSED, false },
    { "shmget", share_memory, REFUSED, false },
    { "msgget", send_to_queue, REFUSED, false },
    { "personality", be_another_system, REFUSED, false },
    { "another filter", filter_anew, REFUSED, false },
    { "setsid", leave_session, REFUSED, false },
    { "open_by_handle_at", open_by_handle, REFUSED, false },
#ifdef __x86_64__
    { "open(2) as x32 has it", open_as_x32, REFUSED, false },
#endif
    { "answer", answer, ALWAYS, false },
    { "read what is allowed", read_data, FREELY, false },
    { "read what is mapped", read_mapping, ALWAYS, false },
    { "memory", use_memory, ALWAYS, false },
    { "the time", ask_the_time, FREELY, false },
    { "sorting, which asks for the size of the memory", sort_much, ALWAYS, false },
};

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static int set_scene(void **state)
{
    static struct scene scene;
    snprintf(scene.folder, sizeof scene.folder, "/tmp/tamis-test-sandbox.XXXXXX");
    assert_non_null(mkdtemp(scene.folder));
    snprintf(scene.file, sizeof scene.file, "%s/file", scene.folder);
    snprintf(scene.other, sizeof scene.other, "%s/other", scene.folder);
    char data[PATH_MAX + 16];
    snprintf(data, sizeof data, "%s/data", scene.folder);
    write_file(data, "data");
    write_file(scene.file, "file");
    scene.folder_fd = open(scene.folder, O_RDONLY | O_DIRECTORY);
    scene.file_fd = open(scene.file, O_RDWR);
    scene.data_fd = open(data, O_RDONLY);
    assert_int_equal(pipe(scene.answer), 0);
    scene.parent = getpid();
    int read_only = open(scene.file, O_RDONLY);
    scene.mapped = mmap(NULL, 4096, PROT_READ, MAP_SHARED, read_only, 0);
    close(read_only);
    *state = &scene;
    return scene.mapped == MAP_FAILED || scene.data_fd < 0;
}

static int clear_scene(void **state)
{
    struct scene *scene = *state;
    char data[PATH_MAX + 16];
    snprintf(data, sizeof data, "%s/data", scene->folder);
    close(scene->folder_fd), close(scene->file_fd), close(scene->data_fd);
    unlink(scene->file), unlink(scene->other), rmdir(scene->other), unlink(data);
    return rmdir(scene->folder);
}

static unsigned enter(const struct scene *scene, bool computes_only)
{
    struct sandbox_limits limits = { .cpu_seconds = 5, .memory_bytes = (size_t)64 << 20,
                                     .computes_only = computes_only };
    sandbox_allow(&limits, scene->answer[1], SANDBOX_WRITE);
    sandbox_allow(&limits, computes_only ? -1 : scene->data_fd, SANDBOX_READ);
    sandbox_limit(&limits);
    return sandbox_enter(&limits);
}

/* Does the deed in a process of its own; gives its wait status. */
static int status_of(deed *doing, const struct scene *scene, int old_kernel, bool computes_only)
{
    int status;
    fflush(stdout);
    pid_t process = fork();
    if (process == 0) {
        signal(SIGXFSZ, SIG_IGN);
        if (old_kernel && !play_old_kernel(old_kernel))
            _exit(254);
        enter(scene, computes_only);
        errno = 0;
        sandbox_end(doing(scene));
    }
    assert_int_equal(waitpid(process, &status, 0), process);
    return status;
}

static bool is_refused(int status)
{
    int error = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return error != 0 && error != 254;
}

static void what_may_be_done_and_what_not(void **state)
{
    struct scene *scene = *state;
    if (!(sandbox_walls() & SANDBOX_SYSTEM_CALLS)) {
        print_message("# this machine or kernel has no filter\n");
        skip();
    }
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        int status = status_of(deeds[i].deed, scene, 0, false);
        bool good = deeds[i].want <= ALWAYS    ? WIFEXITED(status) && WEXITSTATUS(status) == 0
                    : deeds[i].want == REFUSED ? WIFEXITED(status) &&
                        (WEXITSTATUS(status) == EPERM || WEXITSTATUS(status) == EACCES)
                                               : WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
        if (!good)
            fail_msg("%s: got status %#x, want %s", deeds[i].name, status,
                     (const char *[]){ "0", "0", "EPERM", "SIGSYS" }[deeds[i].want]);
    }
    struct stat status;
    assert_int_equal(stat(scene->file, &status), 0);
    assert_int_equal(status.st_size, 4);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(access(scene->other, F_OK), -1);
}

/* Descriptors are closed, and every system call but those on the answer is the end. */
static void who_computes_only_may_do_nothing_else(void **state)
{
    if (!(sandbox_walls() & SANDBOX_SYSTEM_CALLS))
        skip();
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        int status = status_of(deeds[i].deed, *state, 0, true);
        bool done = status == 0;
        bool stopped = (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ||
                       (WIFEXITED(status) && WEXITSTATUS(status) == EBADF);
        if (deeds[i].want == ALWAYS ? !done : !stopped)
            fail_msg("%s: got status %#x, want %s", deeds[i].name, status,
                     deeds[i].want == ALWAYS ? "0" : "SIGKILL or EBADF");
    }
}

static int use_all_memory(const struct scene *scene)
{
    while (malloc((size_t)1 << 20))
        ;
    return 0;
}

#ifdef __x86_64__
/* By the gate of 32-bit programs, where numbers mean other calls: 20 is getpid(2). */
static int ask_as_i386(const struct scene *scene)
{
    long result = 20;
    (void)scene;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result > 0 ? 0 : EPERM;
}

static void no_call_of_another_machine_is_let_through(void **state)
{
    if (!(sandbox_walls() & SANDBOX_SYSTEM_CALLS))
        skip();
    for (int computes_only = 0; computes_only < 2; computes_only++) {
        int status = status_of(ask_as_i386, *state, 0, computes_only);
        /* SIGSEGV: of a kernel without that gate. */
        int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        if (signal != (computes_only ? SIGKILL : SIGSYS) && signal != SIGSEGV)
            fail_msg("got status %#x", status);
    }
}
#endif

/* Nobody is there who could be asked for more. */
static void memory_that_is_used_up_is_the_end(void **state)
{
    if (!(sandbox_walls() & SANDBOX_SYSTEM_CALLS))
        skip();
    int status = status_of(use_all_memory, *state, 0, true);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

/* Whoever judges one message after the other has free memory from those before. */
static void free_memory_is_no_obstacle(void **state)
{
    if (!(sandbox_walls() & SANDBOX_SYSTEM_CALLS))
        skip();
    char *pieces[64], *behind;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        assert_non_null(pieces[i] = malloc((size_t)64 * 1024));
    assert_non_null(behind = malloc(1000));
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        free(pieces[i]);
    int status = status_of(ask_the_time, *state, 0, true);
    free(behind);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

/* Where a kernel has no such mode, the other walls stand. */
static void computing_only_may_not_be_offered(void **state)
{
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        if (deeds[i].want != ALWAYS && !deeds[i].by_limits_alone)
            continue;
        int status = status_of(deeds[i].deed, *state, ENOSYS, true);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 254)
            skip();
        if (deeds[i].want == ALWAYS ? status != 0 : !is_refused(status))
            fail_msg("%s: got status %#x", deeds[i].name, status);
    }
}

/* The limits alone still keep a process from files and servers. */
static void without_the_kernel_the_limits_stand(void **state)
{
    static const int errors[] = { ENOSYS, EPERM, EINVAL };
    for (size_t kind = 0; kind < sizeof errors / sizeof errors[0]; kind++)
        for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
            if (deeds[i].want > ALWAYS && !deeds[i].by_limits_alone)
                continue;
            int status = status_of(deeds[i].deed, *state, errors[kind], false);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 254)
                skip();
            if (deeds[i].want <= ALWAYS ? status != 0 : !is_refused(status))
                fail_msg("%s, kernel says %s: got status %#x", deeds[i].name, strerror(errors[kind]), status);
        }
}

static int look_at_limits(const struct scene *scene)
{
    static const struct {
        int resource;
        rlim_t want;
    } limits[] = { { RLIMIT_CORE, 0 }, { RLIMIT_NPROC, 0 }, { RLIMIT_NOFILE, 0 }, { RLIMIT_FSIZE, 0 },
                   { RLIMIT_CPU, 6 } };
    struct rlimit limit;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (getrlimit(limits[i].resource, &limit) != 0 || limit.rlim_max != limits[i].want)
            return (int)i + 1;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur != (rlim_t)8 << 20)
        return 20;
    return getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_max == RLIM_INFINITY ? 21 : 0;
}

static void limits_are_as_told(void **state)
{
    struct rlimit stack, small_stack;
    getrlimit(RLIMIT_STACK, &stack);
    small_stack = (struct rlimit){ .rlim_cur = 1 << 20, .rlim_max = stack.rlim_max };
    setrlimit(RLIMIT_STACK, &small_stack);
    int status = status_of(look_at_limits, *state, ENOSYS, false);
    setrlimit(RLIMIT_STACK, &stack);
    assert_int_equal(status, 0);
}
#endif

/* Which walls stand is told as it is. */
static void walls_are_told(void **state)
{
    unsigned offered = sandbox_walls(), want = SANDBOX_LIMITS;
    int status;
    pid_t process = fork();
    if (process == 0)
        _exit(play_old_kernel(ENOSYS) ? (int)sandbox_walls() : 254);
    assert_int_equal(waitpid(process, &status, 0), process);
#ifdef TAMIS_SANITIZERS
    want = 0;
    assert_int_equal(offered & ~(unsigned)SANDBOX_PRIVILEGES, 0);
#else
    assert_true(offered & SANDBOX_LIMITS);
#endif
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) != 254)
        assert_int_equal(WEXITSTATUS(status), want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifndef TAMIS_SANITIZERS
        cmocka_unit_test_setup_teardown(what_may_be_done_and_what_not, set_scene, clear_scene),
        cmocka_unit_test_setup_teardown(who_computes_only_may_do_nothing_else, set_scene, clear_scene),
#ifdef __x86_64__
        cmocka_unit_test_setup_teardown(no_call_of_another_machine_is_let_through, set_scene, clear_scene),
#endif
        cmocka_unit_test_setup_teardown(memory_that_is_used_up_is_the_end, set_scene, clear_scene),
        cmocka_unit_test_setup_teardown(free_memory_is_no_obstacle, set_scene, clear_scene),
        cmocka_unit_test_setup_teardown(computing_only_may_not_be_offered, set_scene, clear_scene),
        cmocka_unit_test_setup_teardown(without_the_kernel_the_limits_stand, set_scene, clear_scene),
        cmocka_unit_test_setup_teardown(limits_are_as_told, set_scene, clear_scene),
#endif
        cmocka_unit_test(walls_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
