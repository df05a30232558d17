/* redis-tls.c - TLS to a Redis server with OpenSSL; the only place that knows it
 *
 * OpenSSL works on two buffers in memory, and the bytes between these and the socket go through redis-channel.c: so
 * every wait has the one deadline, and only send(), recv() and poll() touch the socket.  OpenSSL, because Debian's
 * hiredis (0.14) has no TLS and Redis's own is OpenSSL's.
 */
#include "config.h"

#include "store/redis-channel.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

struct redis_tls {
    int fd;
    SSL_CTX *context;
    SSL *session;
    BIO *arriving, *leaving; /* belong to the session */
};

static bool fail(struct redis_tls *tls, const char *what, struct failure *failure)
{
    char reason[200] = "no reason given";
    long verdict = tls->session ? SSL_get_verify_result(tls->session) : X509_V_OK;
    unsigned long error = ERR_get_error();
    if (verdict != X509_V_OK)
        snprintf(reason, sizeof reason, "%s", X509_verify_cert_error_string(verdict));
    else if (error)
        ERR_error_string_n(error, reason, sizeof reason);
    ERR_clear_error();
    return failure_set(failure, verdict != X509_V_OK ? FAILURE_PERMISSION : FAILURE_TEMPORARY, "TLS: %s: %s", what,
                       reason);
}

void redis_tls_free(struct redis_tls *tls)
{
    if (!tls)
        return;
    SSL_free(tls->session);
    SSL_CTX_free(tls->context);
    free(tls);
}

/* --- between the buffers and the socket --------------------------------------------------------------------------- */

static bool send_leaving(struct redis_tls *tls, int64_t deadline, struct failure *failure)
{
    char *bytes;
    long length = BIO_get_mem_data(tls->leaving, &bytes);
    if (length > 0 && !channel_send(tls->fd, bytes, (size_t)length, deadline, failure))
        return false;
    (void)BIO_reset(tls->leaving);
    return true;
}

static bool receive_arriving(struct redis_tls *tls, int64_t deadline, struct failure *failure)
{
    char bytes[16 * 1024];
    size_t length = channel_receive(tls->fd, bytes, sizeof bytes, deadline, failure);
    if (length == 0)
        return false;
    return BIO_write(tls->arriving, bytes, (int)length) == (int)length || fail(tls, "no memory", failure);
}

/* After an operation that gave `result`: moves what it needs, and says whether it may be tried again. */
static bool carry_on(struct redis_tls *tls, int result, const char *what, int64_t deadline, struct failure *failure)
{
    int error = SSL_get_error(tls->session, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        struct failure unsent;
        send_leaving(tls, deadline, &unsent); /* the alert that tells the server why */
        if (error == SSL_ERROR_ZERO_RETURN)
            return failure_set(failure, FAILURE_TEMPORARY, "the server closed the connection");
        return fail(tls, what, failure);
    }
    return send_leaving(tls, deadline, failure) &&
           (error == SSL_ERROR_WANT_WRITE || receive_arriving(tls, deadline, failure));
}

/* --- starting ----------------------------------------------------------------------------------------------------- */

static bool set_trust(struct redis_tls *tls, const struct redis_address *address, const struct store_remote *remote,
                      struct failure *failure)
{
    bool own = remote->certificates && *remote->certificates;
    bool named = remote->tls_name && *remote->tls_name;
    X509_VERIFY_PARAM *wanted = SSL_get0_param(tls->session);
    if (own ? SSL_CTX_load_verify_file(tls->context, remote->certificates) != 1
            : SSL_CTX_set_default_verify_paths(tls->context) != 1)
        return failure_set(failure, FAILURE_CONFIGURATION, "cannot read the certificates in %s",
                           own ? remote->certificates : "the system's folder");
    SSL_set_verify(tls->session, SSL_VERIFY_PEER, NULL);
    if (named && SSL_set_tlsext_host_name(tls->session, remote->tls_name) != 1)
        return fail(tls, "the server's name", failure);
    return (named ? X509_VERIFY_PARAM_set1_host(wanted, remote->tls_name, 0)
                  : X509_VERIFY_PARAM_set1_ip_asc(wanted, address->host)) == 1 ||
           fail(tls, "the server's name", failure);
}

static bool make_session(struct redis_tls *tls, struct failure *failure)
{
    tls->context = SSL_CTX_new(TLS_client_method());
    if (!tls->context || SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) != 1)
        return fail(tls, "cannot start", failure);
    tls->session = SSL_new(tls->context);
    tls->arriving = BIO_new(BIO_s_mem());
    tls->leaving = BIO_new(BIO_s_mem());
    if (!tls->session || !tls->arriving || !tls->leaving) {
        BIO_free(tls->arriving);
        BIO_free(tls->leaving);
        return fail(tls, "no memory", failure);
    }
    SSL_set_bio(tls->session, tls->arriving, tls->leaving);
    SSL_set_connect_state(tls->session);
    return true;
}

static bool shake_hands(struct redis_tls *tls, int64_t deadline, struct failure *failure)
{
    for (int result; (result = SSL_do_handshake(tls->session)) != 1;)
        if (!carry_on(tls, result, "no handshake", deadline, failure))
            return false;
    return send_leaving(tls, deadline, failure);
}

struct redis_tls *redis_tls_start(int fd, const struct redis_address *address, const struct store_remote *remote,
                                  int64_t deadline, struct failure *failure)
{
    struct redis_tls *tls = calloc(1, sizeof *tls);
    if (!tls) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for TLS");
        return NULL;
    }
    tls->fd = fd;
    if (make_session(tls, failure) && set_trust(tls, address, remote, failure) && shake_hands(tls, deadline, failure))
        return tls;
    redis_tls_free(tls);
    return NULL;
}

/* --- talking ------------------------------------------------------------------------------------------------------ */

bool redis_tls_send(struct redis_tls *tls, const void *bytes, size_t length, int64_t deadline, struct failure *failure)
{
    size_t sent = 0, done = 0;
    while (done < length) {
        int result = SSL_write_ex(tls->session, (const char *)bytes + done, length - done, &sent);
        if (result == 1)
            done += sent;
        else if (!carry_on(tls, result, "cannot send", deadline, failure))
            return false;
        if (!send_leaving(tls, deadline, failure))
            return false;
    }
    return true;
}

size_t redis_tls_receive(struct redis_tls *tls, void *bytes, size_t room, int64_t deadline, struct failure *failure)
{
    size_t got = 0;
    for (int result; (result = SSL_read_ex(tls->session, bytes, room, &got)) != 1;)
        if (!carry_on(tls, result, "cannot receive", deadline, failure))
            return 0;
    return got;
}
