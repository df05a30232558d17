/* target-authentication.c - Authentication-Results and Received-SPF: nothing is believed that stands below our own */
#include "config.h"

#include "fuzz.h"

#include "mail/authentication.h"
#include "util/limits.h"

FUZZ_TARGET(authentication, "reports of our own servers about the sender are read")
{
    static const char *const servers[] = { "mx.example.net", NULL };
    struct header header;
    struct authentication result = { 0 };
    size_t own_hops = fuzz_take_byte(&input) & 3;
    header_parse(input, arena, &header);
    authentication_read(&header, own_hops, servers, &result);
    bool says_something = result.spf || result.dkim || result.dmarc || result.arc;
    fuzz_require(own_hops > 0 || !says_something);
    fuzz_require(result.spf_domain.length <= LIMIT_FIELD_BYTES && result.dkim_domain.length <= LIMIT_FIELD_BYTES);
}
