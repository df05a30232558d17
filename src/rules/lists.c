/* lists.c - known hosts: free mailboxes, free web space, shorteners, and the brands that phishing borrows
 *
 * Collected from the public documentation of the services themselves.  They are short on purpose: what matters most to
 * one user the learners pick up; local additions belong into rule files.
 */
#include "rules/lists.h"

#include "rules/hosts.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

bool list_is_free_mail(struct span domain)
{
    static const char *const domains[] = {
        "gmail.com",   "googlemail.com", "outlook.com",  "hotmail.com",    "hotmail.fr",     "hotmail.co.uk",
        "live.com",    "msn.com",        "yahoo.com",    "yahoo.fr",       "yahoo.co.uk",    "yahoo.co.jp",
        "ymail.com",   "rocketmail.com", "aol.com",      "aim.com",        "gmx.com",        "gmx.de",
        "gmx.net",     "web.de",         "mail.com",     "mail.ru",        "bk.ru",          "inbox.ru",
        "list.ru",     "yandex.ru",      "yandex.com",   "rambler.ru",     "protonmail.com", "proton.me",
        "pm.me",       "tutanota.com",   "icloud.com",   "me.com",         "zoho.com",       "zohomail.com",
        "laposte.net", "free.fr",        "orange.fr",    "qq.com",         "163.com",        "126.com",
        "sina.com",    "foxmail.com",    "naver.com",    "daum.net",       "hanmail.net",    "libero.it",
        "virgilio.it", "seznam.cz",      "wp.pl",        "o2.pl",          "excite.com",     "lycos.com",
        "juno.com",    "usa.net",        "netscape.net", "eudoramail.com", "mailinator.com", "guerrillamail.com",
        "yopmail.com", "rediffmail.com", "inbox.lv",     "fastmail.com",   "hush.com",
    };
    return host_within_any(domain, domains, COUNT(domains));
}

bool list_is_free_hosting(struct span host)
{
    static const char *const domains[] = {
        "web.app",
        "firebaseapp.com",
        "firebasestorage.googleapis.com",
        "storage.googleapis.com",
        "appspot.com",
        "blogspot.com",
        "sites.google.com",
        "docs.google.com",
        "forms.gle",
        "weebly.com",
        "weeblysite.com",
        "wixsite.com",
        "wixstudio.com",
        "wordpress.com",
        "000webhostapp.com",
        "herokuapp.com",
        "netlify.app",
        "vercel.app",
        "pages.dev",
        "workers.dev",
        "r2.dev",
        "glitch.me",
        "repl.co",
        "replit.app",
        "azurewebsites.net",
        "web.core.windows.net",
        "blob.core.windows.net",
        "azureedge.net",
        "azurefd.net",
        "amplifyapp.com",
        "s3.amazonaws.com",
        "cloudfront.net",
        "ipfs.io",
        "dweb.link",
        "notion.site",
        "webflow.io",
        "square.site",
        "godaddysites.com",
        "my.canva.site",
        "myshopify.com",
        "carrd.co",
        "strikingly.com",
        "jimdosite.com",
        "ngrok.io",
        "ngrok-free.app",
        "trycloudflare.com",
        "duckdns.org",
        "translate.goog",
        "tripod.com",
        "geocities.com",
        "angelfire.com",
        "formstack.com",
        "jotform.com",
        "typeform.com",
        "linktr.ee",
        "surge.sh",
        "fly.dev",
        "onrender.com",
        "github.io",
        "gitbook.io",
    };
    return host_within_any(host, domains, COUNT(domains));
}

bool list_is_shortener(struct span host)
{
    static const char *const domains[] = {
        "bit.ly",  "tinyurl.com", "goo.gl", "t.co",     "ow.ly",   "is.gd", "v.gd",         "buff.ly", "rebrand.ly",
        "cutt.ly", "shorturl.at", "rb.gy",  "tiny.cc",  "t.ly",    "s.id",  "urlz.fr",      "qrco.de", "bl.ink",
        "lnkd.in", "tr.im",       "soo.gd", "u.to",     "x.gd",    "t.me",  "short.gy",     "tny.im",  "adf.ly",
        "clck.ru", "vk.cc",       "q-r.to", "l.ead.me", "surl.li", "n9.cl", "acortar.link", "goo.su",
    };
    return host_within_any(host, domains, COUNT(domains));
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
