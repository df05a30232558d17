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

#define DOMAINS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Words that are names of people, places or things as well ("orange", "apple", "chase") stand here only where the mail
 * of these firms is forged so often that it pays. */
static const struct brand brands[] = {
    { "paypal", DOMAINS("paypal.com", "paypal-communication.com", "paypal-customerfeedback.com", "xoom.com") },
    { "amazon", DOMAINS("amazon.com", "amazonses.com", "amazonaws.com", "amazonbusiness.com", "media-amazon.com",
                        "amzn.to", "a.co") },
    { "microsoft", DOMAINS("microsoft.com", "office.com", "live.com", "outlook.com", "microsoftonline.com",
                           "office365.com", "azure.com", "msn.com", "windows.net", "microsoft365.com", "sharepoint.com",
                           "aka.ms", "xbox.com", "skype.com", "linkedin.com", "github.com") },
    { "office365", DOMAINS("microsoft.com", "office.com", "office365.com", "microsoftonline.com", "outlook.com") },
    { "netflix", DOMAINS("netflix.com") },
    { "facebook", DOMAINS("facebook.com", "facebookmail.com", "fb.com", "meta.com", "messenger.com", "fb.me") },
    { "instagram", DOMAINS("instagram.com", "facebook.com", "facebookmail.com") },
    { "whatsapp", DOMAINS("whatsapp.com", "whatsapp.net", "facebook.com", "wa.me") },
    { "linkedin", DOMAINS("linkedin.com", "licdn.com", "lnkd.in") },
    { "docusign", DOMAINS("docusign.com", "docusign.net") },
    { "dropbox", DOMAINS("dropbox.com", "dropboxmail.com", "db.tt") },
    { "dhl", DOMAINS("dhl.com", "dhl.de", "deutschepost.de", "dpdhl.com") },
    { "fedex", DOMAINS("fedex.com") },
    { "usps", DOMAINS("usps.com", "usps.gov") },
    { "icloud", DOMAINS("apple.com", "icloud.com") },
    { "itunes", DOMAINS("apple.com", "itunes.com") },
    { "coinbase", DOMAINS("coinbase.com") },
    { "binance", DOMAINS("binance.com", "binance.us") },
    { "metamask", DOMAINS("metamask.io", "consensys.net", "consensys.io") },
    { "ledger", DOMAINS("ledger.com", "ledger.fr") },
    { "trezor", DOMAINS("trezor.io") },
    { "blockchain.com", DOMAINS("blockchain.com") },
    { "norton", DOMAINS("norton.com", "nortonlifelock.com", "gendigital.com", "symantec.com") },
    { "mcafee", DOMAINS("mcafee.com") },
    { "bitdefender", DOMAINS("bitdefender.com") },
    { "geek squad", DOMAINS("bestbuy.com", "geeksquad.com") },
    { "ebay", DOMAINS("ebay.com", "ebayinc.com") },
    { "citibank", DOMAINS("citibank.com", "citi.com", "citicards.com") },
    { "wells fargo", DOMAINS("wellsfargo.com") },
    { "bank of america", DOMAINS("bankofamerica.com", "bofa.com") },
    { "american express", DOMAINS("americanexpress.com", "aexp.com") },
    { "capital one", DOMAINS("capitalone.com") },
    { "hsbc", DOMAINS("hsbc.com") },
    { "santander", DOMAINS("santander.com", "santanderbank.com") },
    { "spotify", DOMAINS("spotify.com") },
    { "walmart", DOMAINS("walmart.com") },
    { "costco", DOMAINS("costco.com") },
    { "uniswap", DOMAINS("uniswap.org") },
    { "trust wallet", DOMAINS("trustwallet.com") },
    { "adobe", DOMAINS("adobe.com", "adobesign.com", "echosign.com") },
    { "godaddy", DOMAINS("godaddy.com", "secureserver.net") },
    { "mastercard", DOMAINS("mastercard.com") },
    { "ameli", DOMAINS("ameli.fr", "assurance-maladie.fr") },
    { "la poste", DOMAINS("laposte.fr", "laposte.net", "colissimo.fr", "chronopost.fr") },
    { "colissimo", DOMAINS("laposte.fr", "colissimo.fr", "laposte.net") },
    { "chronopost", DOMAINS("chronopost.fr", "laposte.fr") },
    { "mondial relay", DOMAINS("mondialrelay.fr", "mondialrelay.com") },
    { "american airlines", DOMAINS("aa.com") },
    { "mcdonald's", DOMAINS("mcdonalds.com") },
    { "starbucks", DOMAINS("starbucks.com") },
    { "home depot", DOMAINS("homedepot.com") },
    { "state farm", DOMAINS("statefarm.com") },
    { "harbor freight", DOMAINS("harborfreight.com") },
};

static bool is_word_byte(char byte)
{
    char lower = (char)(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

/* Does `word` stand in `text` at `at`, with no letter before or behind it? */
static bool stands_at(struct span text, size_t at, const char *word)
{
    struct span rest = span_from(text, at);
    size_t length = strlen(word);
    return span_starts_nocase(rest, word) && (length == rest.length || !is_word_byte(rest.data[length]));
}

const struct brand *list_brand_in(struct span text)
{
    for (size_t at = 0; at < text.length; at++) {
        if (!is_word_byte(text.data[at]) || (at > 0 && is_word_byte(text.data[at - 1])))
            continue;
        for (size_t i = 0; i < COUNT(brands); i++)
            if ((text.data[at] | 0x20) == brands[i].word[0] && stands_at(text, at, brands[i].word))
                return &brands[i];
    }
    return NULL;
}

/* "amazon" in "www.amazon.co.jp": the label itself, with only a public suffix of at most two short labels behind it. */
static bool is_national_domain(struct span host, const char *word)
{
    size_t length = strlen(word);
    for (size_t start = 0; start + length < host.length; start++) {
        if (start > 0 && host.data[start - 1] != '.')
            continue;
        struct span rest = span_from(host, start);
        if (!span_starts_nocase(rest, word) || rest.data[length] != '.')
            continue;
        struct span suffix = span_from(rest, length + 1);
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

/* Do they look like the same letter first?  Most names need not be looked at, nor measured, any further. */
static bool begin_alike(struct span word, const char *brand)
{
    struct span start = span_make(brand, 2); /* of one letter: its NUL, which is no part of a pair */
    return take_look(&word) == take_look(&start);
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
            if (begin_alike(word, brands[i].word) && is_like(word, span_of(brands[i].word)))
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
