/* target-clamd.c - what a virus scanner answers, or who listens in its place: a reason, and one that can be shown
 *
 * The input is all that is said, on a socket; who is asked takes the message, and closes.
 */
#include "config.h"

#include "fuzz.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "outside/outside.h"

extern const struct outside_part part_clamd;

struct scanner {
    int listener;
    struct span says;
};

static void *answer_once(void *context)
{
    const struct scanner *scanner = context;
    struct span rest = scanner->says;
    char taken[256];
    int fd = accept(scanner->listener, NULL, NULL);
    fuzz_require(fd >= 0);
    while (rest.length) {
        ssize_t written = send(fd, rest.data, rest.length, MSG_NOSIGNAL);
        if (written <= 0)
            break;
        rest = span_from(rest, (size_t)written);
    }
    shutdown(fd, SHUT_WR);
    while (read(fd, taken, sizeof taken) > 0)
        ;
    close(fd);
    return NULL;
}

static int listen_at(struct sockaddr_un *address)
{
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address->sun_family = AF_UNIX;
    snprintf(address->sun_path, sizeof address->sun_path, "%s/clamd", fuzz_scratch());
    unlink(address->sun_path);
    fuzz_require(listener >= 0 && bind(listener, (struct sockaddr *)address, sizeof *address) == 0 &&
                 listen(listener, 1) == 0);
    return listener;
}

FUZZ_TARGET(clamd, "what a virus scanner answers")
{
    struct sockaddr_un address = { 0 };
    struct scanner scanner = { listen_at(&address), input };
    const struct outside_settings settings = { .clamd = address.sun_path, .clamd_milliseconds = 10000,
                                               .clamd_megabytes = 1 };
    const struct outside_case asked = { .message = span_of("Subject: a\n\nbody\n"), .settings = &settings,
                                        .arena = arena };
    struct outside_answer answer = { .arena = arena };
    pthread_t thread;
    fuzz_require(pthread_create(&thread, NULL, answer_once, &scanner) == 0);
    part_clamd.ask(&asked, &answer);
    pthread_join(thread, NULL);
    close(scanner.listener);
    struct span said = span_head(input, span_find_byte(input, '\0'));
    fuzz_require((answer.count == 0) == span_is(said, "stream: OK") || said.length >= 500);
    fuzz_require(!answer.infected || answer.count == 1);
    struct outside_answer believed = { .arena = arena };
    struct buffer bytes = buffer_new(arena, 4096);
    outside_answer_encode(&answer, &bytes);
    fuzz_require(outside_answer_decode(buffer_span(&bytes), &believed) && believed.count == answer.count);
}
