/* check-authentication.c - what our own servers found out about the sender (mail/authentication.h says which reports
 * count)
 *
 * Neither corpus can measure these: the one is older than the methods, the other had its reports removed.  The points
 * are therefore small, but for what the domain's owner himself asks for (DMARC), and honest mail breaks some of them:
 * forwarders SPF, mail lists DKIM.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "util/translate.h"

static bool is_list(struct inspection *inspection)
{
    return header_find(&inspection->message->header, "List-Id") != NULL;
}

static enum outcome dmarc_fail(struct inspection *inspection, struct buffer *detail)
{
    const struct authentication *found = inspection_authentication(inspection);
    const struct address *sender = inspection_sender(inspection);
    if (found->dmarc != AUTHENTICATION_FAIL || found->arc == AUTHENTICATION_PASS || is_list(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "it was not sent by whom %s lets send for it (DMARC, says %s)",
               sender ? sender->domain : found->dmarc_domain, found->server);
    return OUTCOME_HIT;
}

const struct check check_dmarc_fail = {
    .name = "DMARC_FAIL",
    .description = N_("fails the test that the sender's domain asks for (DMARC)"),
    .points = 180, /* in neither corpus */
    .evaluate = dmarc_fail,
};

static enum outcome spf_fail(struct inspection *inspection, struct buffer *detail)
{
    const struct authentication *found = inspection_authentication(inspection);
    if (found->spf != AUTHENTICATION_FAIL || found->dmarc == AUTHENTICATION_PASS || !inspection_stranger(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "the host that sent it may not send for %s (SPF)",
               found->spf_domain.length ? found->spf_domain : span_of("its domain"), SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_spf_fail = {
    .name = "SPF_FAIL",
    .description = N_("was sent by a host that may not send for the domain (SPF)"),
    .points = 120, /* in neither corpus */
    .evaluate = spf_fail,
};

static enum outcome spf_softfail(struct inspection *inspection, struct buffer *detail)
{
    const struct authentication *found = inspection_authentication(inspection);
    if (found->spf != AUTHENTICATION_SOFTFAIL || found->dmarc == AUTHENTICATION_PASS
        || !inspection_stranger(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "the host that sent it should not send for %s (SPF)",
               found->spf_domain.length ? found->spf_domain : span_of("its domain"), SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_spf_softfail = {
    .name = "SPF_SOFTFAIL",
    .description = N_("was sent by a host that should not send for the domain (SPF)"),
    .points = 50, /* in neither corpus */
    .evaluate = spf_softfail,
};

static enum outcome dkim_fail(struct inspection *inspection, struct buffer *detail)
{
    const struct authentication *found = inspection_authentication(inspection);
    if (found->dkim != AUTHENTICATION_FAIL || found->arc == AUTHENTICATION_PASS || is_list(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "the signature of %s does not hold (DKIM): it was changed on the way or forged",
               found->dkim_domain.length ? found->dkim_domain : span_of("its domain"), SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_dkim_fail = {
    .name = "DKIM_FAIL",
    .description = N_("bears a signature that does not hold (DKIM)"),
    .points = 60, /* in neither corpus */
    .evaluate = dkim_fail,
};

/* The large free mailbox services sign all they send, so mail from there without a signature that holds is not. */
static enum outcome free_mail_unsigned(struct inspection *inspection, struct buffer *detail)
{
    static const char *const signers[] = { "gmail.com",  "googlemail.com", "yahoo.com",   "outlook.com", "hotmail.com",
                                           "icloud.com", "aol.com",        "gmx.net",     "gmx.de",      "web.de",
                                           "proton.me",  "mail.ru",        "fastmail.com" };
    const struct authentication *found = inspection_authentication(inspection);
    const struct address *sender = inspection_sender(inspection);
    if (!sender || !host_within_any(sender->domain, signers, sizeof signers / sizeof *signers) || is_list(inspection))
        return OUTCOME_SILENT;
    bool asked = found->dkim == AUTHENTICATION_NONE || found->dkim == AUTHENTICATION_FAIL;
    if (!asked || inspection_is_authenticated(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "%s signs all it sends, and this bears no signature of it that holds", sender->domain,
               SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_free_mail_unsigned = {
    .name = "FREE_MAIL_UNSIGNED",
    .description = N_("names a sender at a free mailbox service and lacks that service's signature"),
    .points = 200, /* in neither corpus */
    .evaluate = free_mail_unsigned,
};

/* Our servers asked by every method, and nobody answers for the sender. */
static enum outcome unauthenticated(struct inspection *inspection, struct buffer *detail)
{
    const struct authentication *found = inspection_authentication(inspection);
    if (found->spf != AUTHENTICATION_NONE || found->dkim != AUTHENTICATION_NONE || !inspection_stranger(inspection))
        return OUTCOME_SILENT;
    (void)detail;
    return OUTCOME_HIT;
}

const struct check check_unauthenticated = {
    .name = "UNAUTHENTICATED",
    .description = N_("comes from a domain that neither signs its mail nor says who may send it"),
    .points = 60, /* in neither corpus */
    .evaluate = unauthenticated,
};

/* Anybody can sign for a domain of his own: this says who the sender is, not that he is honest. */
static enum outcome authenticated(struct inspection *inspection, struct buffer *detail)
{
    const struct address *sender = inspection_sender(inspection);
    if (!inspection_is_authenticated(inspection))
        return OUTCOME_SILENT;
    detail_say(detail, "it truly comes from %s, says %s", sender->domain,
               inspection_authentication(inspection)->server);
    return OUTCOME_HIT;
}

const struct check check_authenticated = {
    .name = "AUTHENTICATED",
    .description = N_("truly comes from the domain it names"),
    .points = -20, /* in neither corpus */
    .evaluate = authenticated,
};
