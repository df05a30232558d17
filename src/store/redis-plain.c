/* redis-plain.c - what stands in the place of redis-tls.c in the module without TLS */
#include "store/redis-channel.h"

struct redis_tls *redis_tls_start(int fd, const struct redis_address *address, const struct store_remote *remote,
                                  int64_t deadline, struct failure *failure)
{
    (void)fd;
    (void)remote;
    (void)deadline;
    failure_set(failure, FAILURE_DEFECT, "the module without TLS was asked for %s", address->text);
    return NULL;
}

bool redis_tls_send(struct redis_tls *tls, const void *bytes, size_t length, int64_t deadline, struct failure *failure)
{
    (void)tls;
    (void)bytes;
    (void)length;
    (void)deadline;
    return failure_set(failure, FAILURE_DEFECT, "no TLS in this module");
}

size_t redis_tls_receive(struct redis_tls *tls, void *bytes, size_t room, int64_t deadline, struct failure *failure)
{
    (void)tls;
    (void)bytes;
    (void)room;
    (void)deadline;
    failure_set(failure, FAILURE_DEFECT, "no TLS in this module");
    return 0;
}

void redis_tls_free(struct redis_tls *tls)
{
    (void)tls;
}
