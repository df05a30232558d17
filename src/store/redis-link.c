/* redis-link.c - questions to a Redis server or cluster, and its answers */
#include "config.h"

#include "store/redis-link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "store/redis-channel.h"
#include "util/clock.h"

/* Redirections of one question: MOVED, ASK, and once more each while slots move. */
#define REDIRECTIONS_MOST 5
#define PASSWORD_MOST 512
#define QUESTIONS_MOST 4

/* Elements of an array that is taken for an answer; hiredis makes room for as many as a server announces. */
#define ELEMENTS_MOST 100000

struct redis_link {
    const struct store_remote *remote;
    int milliseconds;
    int64_t deadline;    /* of connecting and the first answer; 0 behind it */
    struct redis_address address;
    int fd;              /* -1: not connected */
    bool asking;         /* this node has the key while its slot moves: each question begins with ASKING */
    struct redis_tls *tls;
    redisReader *reader;
    redisReplyObjectFunctions functions; /* of the reader, with arrays bounded */
    void *(*create_array)(const redisReadTask *task, int elements); /* hiredis's own */
    size_t received;     /* for this question */
    bool greeted;        /* name and password were sent on this connection */
    char *pending;       /* questions, in the protocol's form */
    size_t length, room;
    size_t ends[QUESTIONS_MOST], question_count; /* of each in them */
};

/* --- connecting --------------------------------------------------------------------------------------------------- */

static void disconnect(struct redis_link *link)
{
    redis_tls_free(link->tls);
    link->tls = NULL;
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
    if (link->reader)
        redisReaderFree(link->reader);
    link->reader = NULL;
    link->greeted = false;
}

/* "SERVER: what went wrong", whatever the layer below called it. */
static bool fail_at(const struct redis_link *link, const struct failure *why, struct failure *failure)
{
    return failure_set(failure, why->kind, "Redis at %s: %s", link->address.text, why->reason);
}

static void *create_bounded_array(const redisReadTask *task, int elements)
{
    const struct redis_link *link = task->privdata;
    return elements <= ELEMENTS_MOST ? link->create_array(task, elements) : NULL;
}

static bool start_reader(struct redis_link *link, struct failure *failure)
{
    link->reader = redisReaderCreate();
    if (!link->reader)
        return failure_set(failure, FAILURE_TEMPORARY, "no memory for a connection");
    link->functions = *link->reader->fn;
    link->create_array = link->functions.createArray;
    link->functions.createArray = create_bounded_array;
    link->reader->fn = &link->functions;
    link->reader->privdata = link; /* hiredis has a macro for it, which casts the pointer to int */
    return true;
}

static bool connect_to(struct redis_link *link, const struct redis_address *address, int64_t deadline,
                       struct failure *failure)
{
    struct failure why = { 0 };
    disconnect(link);
    link->address = *address;
    link->fd = channel_connect(address, deadline, &why);
    if (link->fd >= 0 && address->tls)
        link->tls = redis_tls_start(link->fd, address, link->remote, deadline, &why);
    if (link->fd < 0 || (address->tls && !link->tls)) {
        disconnect(link);
        return fail_at(link, &why, failure);
    }
    return start_reader(link, failure);
}

static size_t count_servers(const char *list)
{
    struct redis_address address;
    size_t count = 0;
    while (redis_address_next(&list, &address) > 0)
        count++;
    return count;
}

/* One that does not answer gets its share of the time only. */
static bool connect_to_any(struct redis_link *link, struct failure *failure)
{
    const char *list = link->remote->server ? link->remote->server : "";
    size_t left = count_servers(list);
    struct redis_address address;
    if (!redis_address_list_is_sound(list))
        return failure_set(failure, FAILURE_CONFIGURATION, "redis_server = %.100s: no address of a server", list);
    while (redis_address_next(&list, &address) > 0) {
        int64_t now = clock_milliseconds();
        if (connect_to(link, &address, now + (link->deadline - now) / (int64_t)left--, failure))
            return true;
    }
    return false;
}

struct redis_link *redis_link_open(const struct store_remote *remote, int milliseconds, struct failure *failure)
{
    struct redis_link *link = calloc(1, sizeof *link);
    if (!link) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for a connection");
        return NULL;
    }
    *link = (struct redis_link){ .remote = remote, .milliseconds = milliseconds, .fd = -1,
                                 .deadline = clock_milliseconds() + milliseconds };
    if (!connect_to_any(link, failure))
        redis_link_close(&link);
    return link;
}

void redis_link_close(struct redis_link **link)
{
    if (!*link)
        return;
    disconnect(*link);
    free((*link)->pending);
    free(*link);
    *link = NULL;
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static bool add_bytes(char **bytes, size_t *length, size_t *room, const char *more, size_t count)
{
    if (*room - *length < count) {
        size_t wanted = (*length + count) * 2;
        char *grown = realloc(*bytes, wanted);
        if (!grown)
            return false;
        *bytes = grown;
        *room = wanted;
    }
    memcpy(*bytes + *length, more, count);
    *length += count;
    return true;
}

bool redis_link_add(struct redis_link *link, size_t count, const char *const *words, const size_t *lengths,
                    struct failure *failure)
{
    char *command = NULL;
    if (link->question_count == QUESTIONS_MOST)
        return failure_set(failure, FAILURE_DEFECT, "too many questions at once");
    /* hiredis takes them as not constant, and leaves them alone. */
    int length = redisFormatCommandArgv(&command, (int)count, (const char **)words, lengths);
    bool added = length >= 0 && add_bytes(&link->pending, &link->length, &link->room, command, (size_t)length);
    redisFreeCommand(command);
    if (added)
        link->ends[link->question_count++] = link->length;
    return added || failure_set(failure, FAILURE_TEMPORARY, "no memory for a question to Redis");
}

/* The first line of the file; readable by its owner only, unless the administrator shares it with a group. */
static bool read_password(const char *path, char password[PASSWORD_MOST], size_t *length, struct failure *failure)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = fd < 0 ? -1 : read(fd, password, PASSWORD_MOST);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return failure_set_errno(failure, FAILURE_PERMISSION, error, "redis_password_file: cannot read %s", path);
    const char *end = memchr(password, '\n', (size_t)got);
    *length = end ? (size_t)(end - password) : (size_t)got;
    if (*length == 0 || got == PASSWORD_MOST)
        return failure_set(failure, FAILURE_CONFIGURATION, "redis_password_file: the first line of %s is no password",
                           path);
    return true;
}

static bool send_bytes(struct redis_link *link, const char *bytes, size_t length, int64_t deadline,
                       struct failure *failure)
{
    return link->tls ? redis_tls_send(link->tls, bytes, length, deadline, failure)
                     : channel_send(link->fd, bytes, length, deadline, failure);
}

/* Who we are, sent before the first question of a connection.  One answer more is then to come: `*greeting`. */
static bool greet(struct redis_link *link, int64_t deadline, bool *greeting, struct failure *failure)
{
    const struct store_remote *remote = link->remote;
    bool named = remote->user && *remote->user;
    char password[PASSWORD_MOST], *command = NULL;
    size_t length = 0;
    if (link->greeted || !remote->password_file || !*remote->password_file)
        return true;
    if (!read_password(remote->password_file, password, &length, failure))
        return false;
    const char *words[] = { "AUTH", named ? remote->user : password, password };
    size_t lengths[] = { 4, named ? strlen(remote->user) : length, length };
    int bytes = redisFormatCommandArgv(&command, named ? 3 : 2, words, lengths);
    bool sent = bytes >= 0 && send_bytes(link, command, (size_t)bytes, deadline, failure);
    if (bytes >= 0)
        explicit_bzero(command, (size_t)bytes);
    explicit_bzero(password, sizeof password);
    redisFreeCommand(command);
    link->greeted = sent;
    *greeting = true;
    return sent;
}

/* ASKING holds for the one question behind it. */
static bool send_questions(struct redis_link *link, bool asking, int64_t deadline, struct failure *failure)
{
    static const char ask[] = "*1\r\n$6\r\nASKING\r\n";
    if (!asking)
        return send_bytes(link, link->pending, link->length, deadline, failure);
    for (size_t i = 0, start = 0; i < link->question_count; start = link->ends[i++])
        if (!send_bytes(link, ask, sizeof ask - 1, deadline, failure) ||
            !send_bytes(link, link->pending + start, link->ends[i] - start, deadline, failure))
            return false;
    return true;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* NULL and `failure`. */
static redisReply *read_answer(struct redis_link *link, int64_t deadline, struct failure *failure)
{
    char bytes[64 * 1024];
    void *answer = NULL;
    for (;;) {
        if (redisReaderGetReply(link->reader, &answer) != REDIS_OK) {
            failure_set(failure, FAILURE_TEMPORARY, "no Redis: %s", link->reader->errstr);
            return NULL;
        }
        if (answer)
            return answer;
        size_t got = link->tls ? redis_tls_receive(link->tls, bytes, sizeof bytes, deadline, failure)
                               : channel_receive(link->fd, bytes, sizeof bytes, deadline, failure);
        link->received += got;
        if (got == 0)
            return NULL;
        if (link->received > LINK_ANSWER_MOST || redisReaderFeed(link->reader, bytes, got) != REDIS_OK) {
            failure_set(failure, FAILURE_TEMPORARY, "an answer without end");
            return NULL;
        }
    }
}

static void free_answers(redisReply **answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        freeReplyObject(answers[i]);
        answers[i] = NULL;
    }
}

static bool is_error(const redisReply *answer, const char *word)
{
    size_t length = strlen(word);
    return answer->type == REDIS_REPLY_ERROR && answer->len >= length && memcmp(answer->str, word, length) == 0;
}

bool redis_link_fail(const struct redis_link *link, const redisReply *answer, struct failure *failure)
{
    static const struct {
        const char *word;
        enum failure_kind kind;
    } kinds[] = {
        { "NOAUTH", FAILURE_PERMISSION },   { "WRONGPASS", FAILURE_PERMISSION },
        { "NOPERM", FAILURE_PERMISSION },   { "WRONGTYPE", FAILURE_DAMAGED },
        { "ERR AUTH", FAILURE_PERMISSION }, { "ERR invalid password", FAILURE_PERMISSION },
    };
    enum failure_kind kind = FAILURE_TEMPORARY;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (is_error(answer, kinds[i].word))
            kind = kinds[i].kind;
    bool said = answer->type == REDIS_REPLY_ERROR;
    return failure_set(failure, kind, "Redis at %s: %.200s", link->address.text,
                       said ? answer->str : "an answer of another kind than was asked for");
}

/* To AUTH and ASKING, "OK" is the answer. */
static bool expect_ok(struct redis_link *link, int64_t deadline, struct failure *failure)
{
    struct failure why = { 0 };
    redisReply *answer = read_answer(link, deadline, &why);
    bool welcome = answer && answer->type == REDIS_REPLY_STATUS;
    if (!answer)
        fail_at(link, &why, failure);
    else if (!welcome)
        redis_link_fail(link, answer, failure);
    freeReplyObject(answer);
    return welcome;
}

static bool expect_answers(struct redis_link *link, bool greeting, bool asking, redisReply **answers, size_t count,
                           int64_t deadline, struct failure *failure)
{
    struct failure why = { 0 };
    if (greeting && !expect_ok(link, deadline, failure))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (asking && !expect_ok(link, deadline, failure))
            return false;
        if (!(answers[i] = read_answer(link, deadline, &why)))
            return fail_at(link, &why, failure);
        if (is_error(answers[i], "NOAUTH"))
            return redis_link_fail(link, answers[i], failure); /* it may say no more */
    }
    return true;
}

/* --- redirections ------------------------------------------------------------------------------------------------- */

/* "MOVED 3999 127.0.0.1:6381": the new address, of the same kind as the old one; an empty host is the one we asked. */
static bool read_redirection(const struct redis_link *link, const redisReply *answer, struct redis_address *address)
{
    const char *place = strrchr(answer->str, ' ');
    char text[sizeof address->text];
    if (!place || link->address.of_unix)
        return false;
    place++;
    int length = snprintf(text, sizeof text, "%s%s%s", link->address.tls ? "tls://" : "",
                          *place == ':' ? link->address.host : "", place);
    return length > 0 && (size_t)length < sizeof text && redis_address_read(text, (size_t)length, address);
}

/* The answer that redirects, if one does. */
static const redisReply *find_redirection(redisReply *const *answers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_error(answers[i], "MOVED ") || is_error(answers[i], "ASK "))
            return answers[i];
    return NULL;
}

static bool ask_once(struct redis_link *link, bool asking, redisReply **answers, size_t count, int64_t deadline,
                     struct failure *failure)
{
    bool greeting = false;
    struct failure why = { 0 };
    link->received = 0;
    if (link->fd < 0)
        return failure_set(failure, FAILURE_TEMPORARY, "the connection to Redis was lost before");
    if (!greet(link, deadline, &greeting, &why) || !send_questions(link, asking, deadline, &why))
        return why.kind == FAILURE_TEMPORARY ? fail_at(link, &why, failure)
                                             : failure_set(failure, why.kind, "%s", why.reason);
    return expect_answers(link, greeting, asking, answers, count, deadline, failure);
}

static bool follow_redirections(struct redis_link *link, redisReply **answers, size_t count, int64_t deadline,
                                struct failure *failure)
{
    for (int i = 0; i <= REDIRECTIONS_MOST; i++) {
        struct redis_address address;
        if (!ask_once(link, link->asking, answers, count, deadline, failure))
            return false;
        const redisReply *redirection = find_redirection(answers, count);
        if (!redirection)
            return true;
        bool asking = is_error(redirection, "ASK ");
        bool known = read_redirection(link, redirection, &address);
        if (!known)
            failure_set(failure, FAILURE_TEMPORARY, "Redis at %s: \"%.100s\" names no address", link->address.text,
                        redirection->str);
        free_answers(answers, count);
        if (!known || !connect_to(link, &address, deadline, failure))
            return false;
        /* Kept for what is asked next: a reader in the sandbox can ask, but connect no more. */
        link->asking = asking;
    }
    return failure_set(failure, FAILURE_TEMPORARY, "Redis: a cluster that redirects in circles");
}

int redis_link_descriptor(const struct redis_link *link)
{
    return link->fd;
}

bool redis_link_ask(struct redis_link *link, redisReply **answers, size_t count, struct failure *failure)
{
    int64_t deadline = link->deadline ? link->deadline : clock_milliseconds() + link->milliseconds;
    memset(answers, 0, count * sizeof *answers);
    bool answered = follow_redirections(link, answers, count, deadline, failure);
    link->length = link->question_count = 0;
    link->deadline = 0;
    if (!answered) {
        /* What is still to come would be taken for the answer to something else. */
        free_answers(answers, count);
        disconnect(link);
    }
    return answered;
}
