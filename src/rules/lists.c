/* lists.c - known hosts: free mailboxes, free web space, shorteners, and the brands that phishing borrows
 *
 * The lists of data/lists are asked for a host and each domain above it, by binary search: some 200 instructions a
 * name.  They are short on purpose: what matters most to one user the learners pick up.
 */
#include "rules/lists.h"

#include "rules/host-table.h"
#include "rules/hosts.h"

/* From the top-level domain down; no list names deeper ones. */
#define NAMES_ASKED 5

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Compares as strcmp() would if `name` were lower case and ended with NUL. */
static int compare(struct span name, const char *entry)
{
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        int lower = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : (unsigned char)byte;
        if (lower != (unsigned char)entry[i]) /* the NUL at the end of `entry` differs as well */
            return lower - (unsigned char)entry[i];
    }
    return entry[name.length] ? -1 : 0;
}

static unsigned marks_of(struct span name)
{
    size_t low = 0, high = host_table_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, host_table[middle].name);
        if (order == 0)
            return host_table[middle].marks;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

unsigned list_marks(struct span host)
{
    unsigned marks = 0;
    size_t names = 0;
    for (size_t i = host.length; i > 0 && names < NAMES_ASKED; i--) {
        if (i > 1 && host.data[i - 2] != '.')
            continue;
        marks |= marks_of(span_from(host, i - 1));
        names++;
    }
    return marks;
}

bool list_is_redirector(struct span host, struct span path)
{
    for (size_t i = 0; i < redirector_count; i++)
        if (span_starts_nocase(path, redirector_table[i].path) && host_within(host, span_of(redirector_table[i].host)))
            return true;
    return false;
}

#define BRAND(name, ...) { .word = { name, sizeof name - 1 }, .domains = (const char *const[]){ __VA_ARGS__, NULL } }

#define SURNAME(name, ...) \
    { .word = { name, sizeof name - 1 }, .domains = (const char *const[]){ __VA_ARGS__, NULL }, .is_surname = true }

/* Words that are names of people, places or things as well ("orange", "apple", "chase") stand here only where the mail
 * of these firms is forged so often that it pays. */
static const struct brand brands[] = {
    BRAND("paypal", "paypal.com", "paypal-communication.com", "paypal-customerfeedback.com", "xoom.com"),
    BRAND("amazon", "amazon.com", "amazonses.com", "amazonaws.com", "amazonbusiness.com", "media-amazon.com",
          "amzn.to", "a.co"),
    BRAND("microsoft", "microsoft.com", "office.com", "live.com", "outlook.com", "microsoftonline.com",
          "office365.com", "azure.com", "msn.com", "windows.net", "microsoft365.com", "sharepoint.com", "aka.ms",
          "xbox.com", "skype.com", "linkedin.com", "github.com"),
    BRAND("office365", "microsoft.com", "office.com", "office365.com", "microsoftonline.com", "outlook.com"),
    BRAND("netflix", "netflix.com"),
    BRAND("facebook", "facebook.com", "facebookmail.com", "fb.com", "meta.com", "messenger.com", "fb.me"),
    BRAND("instagram", "instagram.com", "facebook.com", "facebookmail.com"),
    BRAND("whatsapp", "whatsapp.com", "whatsapp.net", "facebook.com", "wa.me"),
    BRAND("linkedin", "linkedin.com", "licdn.com", "lnkd.in"),
    BRAND("docusign", "docusign.com", "docusign.net"),
    BRAND("dropbox", "dropbox.com", "dropboxmail.com", "db.tt"),
    BRAND("dhl", "dhl.com", "dhl.de", "deutschepost.de", "dpdhl.com"),
    BRAND("fedex", "fedex.com"),
    BRAND("usps", "usps.com", "usps.gov"),
    BRAND("icloud", "apple.com", "icloud.com"),
    BRAND("itunes", "apple.com", "itunes.com"),
    BRAND("coinbase", "coinbase.com"),
    BRAND("binance", "binance.com", "binance.us"),
    BRAND("metamask", "metamask.io", "consensys.net", "consensys.io"),
    SURNAME("ledger", "ledger.com", "ledger.fr"),
    BRAND("trezor", "trezor.io"),
    BRAND("blockchain.com", "blockchain.com"),
    SURNAME("norton", "norton.com", "nortonlifelock.com", "gendigital.com", "symantec.com"),
    BRAND("mcafee", "mcafee.com"),
    BRAND("bitdefender", "bitdefender.com"),
    BRAND("geek squad", "bestbuy.com", "geeksquad.com"),
    BRAND("ebay", "ebay.com", "ebayinc.com"),
    BRAND("citibank", "citibank.com", "citi.com", "citicards.com"),
    BRAND("wells fargo", "wellsfargo.com"),
    BRAND("bank of america", "bankofamerica.com", "bofa.com"),
    BRAND("american express", "americanexpress.com", "aexp.com"),
    BRAND("capital one", "capitalone.com"),
    BRAND("hsbc", "hsbc.com"),
    SURNAME("santander", "santander.com", "santanderbank.com"),
    BRAND("spotify", "spotify.com"),
    BRAND("walmart", "walmart.com"),
    BRAND("costco", "costco.com"),
    BRAND("uniswap", "uniswap.org"),
    BRAND("trust wallet", "trustwallet.com"),
    BRAND("adobe", "adobe.com", "adobesign.com", "echosign.com"),
    BRAND("godaddy", "godaddy.com", "secureserver.net"),
    BRAND("mastercard", "mastercard.com"),
    SURNAME("ameli", "ameli.fr", "assurance-maladie.fr"),
    BRAND("la poste", "laposte.fr", "laposte.net", "colissimo.fr", "chronopost.fr"),
    BRAND("colissimo", "laposte.fr", "colissimo.fr", "laposte.net"),
    BRAND("chronopost", "chronopost.fr", "laposte.fr"),
    BRAND("mondial relay", "mondialrelay.fr", "mondialrelay.com"),
    BRAND("american airlines", "aa.com"),
    BRAND("mcdonald's", "mcdonalds.com"),
    BRAND("starbucks", "starbucks.com"),
    BRAND("home depot", "homedepot.com"),
    BRAND("state farm", "statefarm.com"),
    BRAND("harbor freight", "harborfreight.com"),
};

static bool is_word_byte(char byte)
{
    char lower = (char)(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

static bool starts_with(struct span text, struct span word)
{
    return span_equal_nocase(span_head(text, word.length), word);
}

/* Does `word` stand in `text` at `at`, with no letter before or behind it? */
static bool stands_at(struct span text, size_t at, struct span word)
{
    struct span rest = span_from(text, at);
    return starts_with(rest, word) && (word.length == rest.length || !is_word_byte(rest.data[word.length]));
}

const struct brand *list_brand_in(struct span text)
{
    for (size_t at = 0; at < text.length; at++) {
        if (!is_word_byte(text.data[at]) || (at > 0 && is_word_byte(text.data[at - 1])))
            continue;
        for (size_t i = 0; i < COUNT(brands); i++)
            if ((text.data[at] | 0x20) == brands[i].word.data[0] && stands_at(text, at, brands[i].word))
                return &brands[i];
    }
    return NULL;
}

/* "amazon" in "www.amazon.co.jp": the label itself, with only a public suffix of at most two short labels behind it. */
static bool is_national_domain(struct span host, struct span word)
{
    for (size_t start = 0; start + word.length < host.length; start++) {
        if (start > 0 && host.data[start - 1] != '.')
            continue;
        struct span rest = span_from(host, start);
        if (!starts_with(rest, word) || rest.data[word.length] != '.')
            continue;
        struct span suffix = span_from(rest, word.length + 1);
        size_t dot = span_find_byte(suffix, '.');
        bool one = suffix.length == 2;
        bool two = dot < suffix.length && dot <= 3 && suffix.length - dot - 1 == 2;
        if (one || two)
            return true;
    }
    return false;
}

bool list_brand_owns(const struct brand *brand, struct span host)
{
    for (size_t i = 0; brand->domains[i]; i++)
        if (host_within(host, span_of(brand->domains[i])))
            return true;
    return is_national_domain(host, brand->word);
}

/* Takes what looks like one letter off the front: "rn" is m, "vv" is w, "1" and "i" are l, "0" is o. */
static char take_look(struct span *text)
{
    char first = (char)(text->data[0] | 0x20), second = text->length > 1 ? (char)(text->data[1] | 0x20) : 0;
    bool is_pair = (first == 'r' && second == 'n') || (first == 'v' && second == 'v');
    *text = span_from(*text, is_pair ? 2 : 1);
    if (is_pair)
        return first == 'r' ? 'm' : 'w';
    switch (first) {
    case '0' | 0x20:
        return 'o';
    case '1':
    case 'i':
        return 'l';
    case '5':
        return 's';
    case '3':
        return 'e';
    default:
        return first;
    }
}

static bool looks_like(struct span word, struct span brand)
{
    while (word.length && brand.length)
        if (take_look(&word) != take_look(&brand))
            return false;
    return word.length == 0 && brand.length == 0;
}

/* Short names look like too much. */
#define LOOKS_SHORTEST 5

static bool is_like(struct span word, struct span brand)
{
    return brand.length >= LOOKS_SHORTEST && looks_like(word, brand) && !span_equal_nocase(word, brand);
}

const struct brand *list_brand_like(struct span host)
{
    for (size_t at = 0; at < host.length;) {
        size_t end = at;
        while (end < host.length && is_word_byte(host.data[end]))
            end++;
        struct span word = span_make(host.data + at, end - at);
        for (size_t i = 0; word.length >= LOOKS_SHORTEST && i < COUNT(brands); i++)
            if (is_like(word, brands[i].word))
                return &brands[i];
        at = end + 1;
    }
    return NULL;
}

/* --- hosts of everybody ----------------------------------------------------------------------------------------- */

/* Hosts that spam links to as everybody does, for its logos and its footer. */
static const char *const everyday_sites[] = {
    "w3.org", "schema.org", "google.com", "googleapis.com", "gstatic.com", "googleusercontent.com",
    "youtube.com", "youtu.be", "facebook.com", "fbcdn.net", "instagram.com", "twitter.com", "x.com",
    "twimg.com", "t.co", "linkedin.com", "licdn.com", "pinterest.com", "tiktok.com", "whatsapp.com", "t.me",
    "apple.com", "mzstatic.com", "microsoft.com", "office.com", "live.com", "windows.net", "adobe.com",
    "mozilla.org", "wikipedia.org", "wikimedia.org", "gravatar.com", "cloudfront.net", "amazonaws.com",
    "amazon.com", "akamaihd.net", "jsdelivr.net", "cloudflare.com", "github.com", "yahoo.com", "bing.com",
    "dropbox.com", "mailchimp.com", "mcsv.net", "amazonses.com", "outlook.com", "list-manage.com",
    "sendgrid.net", "paypal.com", "ebay.com", "spamhaus.org",
};

bool list_is_of_everybody(struct span host)
{
    unsigned marks = list_marks(host);
    if ((marks & (HOST_FREE_MAIL | HOST_SHORTENERS)) ||
        host_within_any(host, everyday_sites, sizeof everyday_sites / sizeof *everyday_sites))
        return true;
    /* The door of a service where everybody puts up pages; a name below it is one person's. */
    struct span above = span_from(host, span_find_byte(host, '.') + 1);
    if ((marks & HOST_FREE_HOSTING) && !(list_marks(above) & HOST_FREE_HOSTING))
        return true;
    const struct brand *brand = list_brand_in(host);
    return brand && list_brand_owns(brand, host);
}
