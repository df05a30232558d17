/* check-list.c - list mail that says so properly: weak evidence of honesty
 *
 * A list that names itself (RFC 2919), offers a way out that works by one click (RFC 8058), and sends from where it
 * says it is, can be left; spam rarely can.  Forgers write such fields too, hence the questions about the way, and the
 * few points.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "util/translate.h"

/* "Discussion of mail <discuss.lists.example.org>": the name in angle brackets; else the whole. */
static struct span list_name(struct inspection *inspection)
{
    struct span id = span_trim(header_value(&inspection->message->header, "List-Id"));
    size_t open = span_find_byte(id, '<');
    if (open < id.length)
        id = span_from(id, open + 1);
    return span_head(id, span_find_byte(id, '>'));
}

/* Did a host of the list's own site hand the message over, or sign it? */
static bool is_from_list_site(struct inspection *inspection, struct span list)
{
    const struct relay *border = inspection_border(inspection);
    const struct authentication *found = inspection_authentication(inspection);
    if (!border || border->reverse_name_forged)
        return false;
    return host_same_site(list, border->reverse_name)
        || (found->dkim == AUTHENTICATION_PASS && host_same_site(list, found->dkim_domain));
}

static enum outcome discussion_list(struct inspection *inspection, struct buffer *detail)
{
    const struct header *header = &inspection->message->header;
    struct span list = list_name(inspection);
    bool posts = header_find(header, "List-Post") || header_find(header, "Mailing-List");
    if (list.length == 0 || !posts || !is_from_list_site(inspection, list))
        return OUTCOME_SILENT;
    detail_say(detail, "it comes through the mail list %s, from the list's own host", list, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_discussion_list = {
    .name = "DISCUSSION_LIST",
    .description = N_("comes through a mail list that names itself and that people post to"),
    .points = -50, /* 2003: 15.52 % of ham, 1.48 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = discussion_list,
};

static enum outcome one_click_list(struct inspection *inspection, struct buffer *detail)
{
    const struct header *header = &inspection->message->header;
    struct span way_out = header_value(header, "List-Unsubscribe");
    struct span list = list_name(inspection);
    bool one_click = span_is_nocase(header_value(header, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    /* RFC 8058 section 3: an HTTPS address, and the signature of a DKIM domain over it. */
    bool https = false;
    for (size_t i = 0; i < way_out.length && !https; i++)
        https = span_starts_nocase(span_from(way_out, i), "<https://");
    if (!one_click || !https || inspection_authentication(inspection)->dkim != AUTHENTICATION_PASS)
        return OUTCOME_SILENT;
    detail_say(detail, "the list %s can be left with one click", list.length ? list : span_of("it comes from"),
               SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_one_click_list = {
    .name = "ONE_CLICK_LIST",
    .description = N_("comes from a signed list that can be left with one click"),
    .points = -30, /* in neither corpus: removed from the one, younger than the other */
    .evaluate = one_click_list,
};
