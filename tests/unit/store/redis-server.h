/* redis-server.h - a Redis server of the test's own on a Unix socket, and ways to spoil it */
#ifndef TAMIS_TESTS_UNIT_STORE_REDIS_SERVER_H
#define TAMIS_TESTS_UNIT_STORE_REDIS_SERVER_H

#include "scratch.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "store/engine.h"
#include "util/log.h"

/* That of the test program. */
static struct {
    pid_t process; /* 0: there is none */
    char directory[64], address[96];
} server;

/* Is there a server to start, and a module to speak to it with? */
static inline bool redis_server_can_be(void)
{
    const struct store_options options = { .engine = "redis" };
    if (getenv("TAMIS_BUILD"))
        setenv("TAMIS_MODULE_DIR", getenv("TAMIS_BUILD"), 0);
    return system("command -v redis-server redis-cli >/dev/null 2>&1") == 0 && store_engine_of(&options, NULL) != NULL;
}

/* Runs redis-cli with these words, which the shell reads; gives its exit status. */
static inline int redis_cli(const char *words)
{
    char command[1024];
    snprintf(command, sizeof command, "{ redis-cli -s %s/socket %s; } >/dev/null 2>&1", server.directory, words);
    return system(command);
}

static inline void redis_server_start(void)
{
    char socket[96];
    snprintf(socket, sizeof socket, "%s/socket", server.directory);
    server.process = fork();
    if (server.process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket, "--dir", server.directory,
               "--appendonly", "yes", "--appendfsync", "no", "--save", "", (char *)NULL);
        _exit(127);
    }
    /* PING is refused while it reads what it had before. */
    for (int i = 0; i < 200 && redis_cli("ping | grep -q PONG") != 0; i++)
        usleep(50000);
    assert_int_equal(redis_cli("ping | grep -q PONG"), 0);
}

static inline void redis_server_stop(void)
{
    if (server.process > 0) {
        kill(server.process, SIGKILL);
        waitpid(server.process, NULL, 0);
    }
    server.process = 0;
}

static inline void redis_server_make(void)
{
    strcpy(server.directory, "/tmp/tamis-redis-XXXXXX");
    assert_non_null(mkdtemp(server.directory));
    snprintf(server.address, sizeof server.address, "unix:%s/socket", server.directory);
    redis_server_start();
}

/* Set-up and teardown of a group of tests.  Where Redis cannot be had, `server` stays without a process. */
static inline int redis_server_begin(void **state)
{
    (void)state;
    if (redis_server_can_be())
        redis_server_make();
    else
        print_message("# not tried on Redis: no redis-server, redis-cli or module\n");
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    return 0;
}

static inline int redis_server_end(void **state)
{
    char command[128];
    (void)state;
    if (server.process == 0)
        return 0;
    redis_server_stop();
    snprintf(command, sizeof command, "rm -rf '%s'", server.directory);
    return system(command);
}

static inline struct store_options redis_options(const char *user)
{
    return (struct store_options){ .engine = "redis", .lock_wait_milliseconds = 20000,
                                   .remote = { .server = server.address, .prefix = "t:", .name = user,
                                               .timeout_milliseconds = 2000 } };
}

#endif
