/* check-text.c - what the words of subject and text are made of, where lists of words (data/rules) cannot say it
 *
 * One walk over the words a check, linear.  A word is what stands between white space; addresses, encoded data and
 * other long runs are none.
 */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "util/fold.h"
#include "util/translate.h"
#include "util/utf8.h"

#define WORD_LONGEST 60 /* bytes; longer ones are no words */

/* Words that are folded one by one to see what they hide: more than any letter has. */
#define WORDS_UNFOLDED 2000

static bool is_ascii_letter(char byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

static struct span trim_punctuation(struct span word)
{
    while (word.length && strchr(".,;:!?\"'()<>", word.data[word.length - 1]))
        word.length--;
    while (word.length && strchr("\"'(<", word.data[0]))
        word = span_from(word, 1);
    return word;
}

/* --- DISGUISED_WORD ---------------------------------------------------------------------------------------------- */

/* What a byte may be in a disguised word; everything else, and bytes beyond ASCII, is of no kind. */
enum { SPACE = 1, LETTER = 2, MARK = 4 };
static const unsigned char kinds[256] = {
    ['\t' ... '\r'] = SPACE, [' '] = SPACE, ['a' ... 'z'] = LETTER, ['A' ... 'Z'] = LETTER, ['0' ... '9'] = MARK,
    ['!'] = MARK, ['$'] = MARK, ['*'] = MARK, ['+'] = MARK, ['-'] = MARK, ['.'] = MARK, ['@'] = MARK, ['_'] = MARK,
    ['|'] = MARK,
};

/* The next word with both letters and marks in it, from `*at` on; empty at the end.  Most words are passed over here,
 * at a few instructions a byte. */
static struct span next_marked_word(struct span text, size_t *at)
{
    size_t start = *at;
    unsigned seen = 0;
    for (size_t i = *at; i < text.length; i++) {
        unsigned kind = kinds[(unsigned char)text.data[i]];
        seen |= kind;
        if (kind != SPACE)
            continue;
        if (seen == (SPACE | LETTER | MARK)) {
            *at = i;
            return span_make(text.data + start, i - start);
        }
        seen = 0;
        start = i + 1;
    }
    *at = text.length;
    return (seen & (LETTER | MARK)) == (LETTER | MARK) ? span_from(text, start) : SPAN_EMPTY;
}

/* Digits or signs that are read as letters ("v1agra", "c@sh"), or letters each by itself ("L.O.A.N"); "e-mail" and
 * "it.is" are neither. */
static bool may_be_disguised(struct span word)
{
    if (word.length < 4 || word.length > 40)
        return false;
    size_t letters = 0, signs = 0;
    bool joined = false;
    for (size_t i = 0; i < word.length; i++) {
        bool letter = kinds[(unsigned char)word.data[i]] == LETTER;
        joined = joined || (letter && i > 0 && kinds[(unsigned char)word.data[i - 1]] == LETTER);
        signs += !letter && !strchr("-._*", word.data[i]);
        letters += letter;
    }
    return letters >= 2 && (signs ? letters >= signs : !joined);
}

/* What is sold under a disguise, as fold_word() writes it: 'l' may have become 'i'. */
static bool is_sold_in_disguise(struct span folded)
{
    static const char *const words[] = {
        "adderall", "ambien", "bitcoin", "casino", "cialis", "ciaiis", "ejaculation", "enlargement", "enlarge",
        "erection", "hydrocodone", "ioan", "ioans", "levitra", "loan", "loans", "lottery", "iottery", "masturbate",
        "masturbating", "masturbation", "medication", "medications", "medicine", "million", "miiiion",
        "mortgage", "mortgages", "oxycontin", "paypal", "payment", "penis", "pharmacy",
        "phentermine", "pills", "piils", "piiis", "porn", "porno", "prescription", "pussy", "refinance", "rolex",
        "roiex", "sex", "sexual", "sexuai", "sildenafil", "sildenafii", "siut", "sluts", "tadalafil", "tadaiafii",
        "tramadol", "tramadoi", "valium", "vaiium", "viagra", "vicodin", "xanax",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(folded, words[i]))
            return true;
    return false;
}

static bool is_disguised(struct span word, struct arena *arena)
{
    struct fold_counts counts = { 0 };
    struct buffer folded = buffer_new(arena, WORD_LONGEST);
    return fold_word(word, &folded, &counts) && counts.leet + counts.apart > 0
        && is_sold_in_disguise(buffer_span(&folded));
}

static struct span find_disguised(struct span text, struct arena *arena)
{
    size_t at = 0, unfolded = 0;
    while (at < text.length && unfolded < WORDS_UNFOLDED) {
        struct span word = trim_punctuation(next_marked_word(text, &at));
        if (!may_be_disguised(word))
            continue;
        unfolded++;
        if (is_disguised(word, arena))
            return word;
    }
    return SPAN_EMPTY;
}

static enum outcome disguised_word(struct inspection *inspection, struct buffer *detail)
{
    struct span word = find_disguised(inspection->message->subject, inspection->arena);
    if (word.length == 0)
        word = find_disguised(inspection->message->visible_text, inspection->arena);
    if (word.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "the word \"%s\" is written with digits or signs for letters", word, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_disguised_word = {
    .name = "DISGUISED_WORD",
    .description = N_("writes what it sells with digits or signs for letters"),
    .points = 150, /* not measured, judged: neither corpus has one, spam of 2004 to 2010 was full of them */
    .evaluate = disguised_word,
};

/* --- FOREIGN_LETTERS --------------------------------------------------------------------------------------------- */

/* Is there a letter that fold_text() could take for a Latin one?  Greek, Cyrillic and Armenian begin with bytes from
 * 0xCD to 0xD6 in UTF-8, Cherokee with 0xE1. */
static bool has_foreign_letter(struct span text)
{
    for (size_t at = utf8_ascii_length(text); at < text.length; at += 1 + utf8_ascii_length(span_from(text, at + 1))) {
        unsigned char byte = (unsigned char)text.data[at];
        if ((byte >= 0xCD && byte <= 0xD6) || byte == 0xE1)
            return true;
    }
    return false;
}

/* Words made of Cyrillic or Greek letters alone that all look Latin ("сасе"), in Latin text: words that mix the
 * alphabets are MIXED_ALPHABETS. */
static enum outcome foreign_letters(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    if (!has_foreign_letter(message->visible_text) && !has_foreign_letter(message->subject))
        return OUTCOME_SILENT;
    struct fold_counts counts = { 0 };
    struct buffer folded = buffer_new(inspection->arena, message->visible_text.length + message->subject.length + 64);
    fold_text(message->subject, &folded, &counts);
    buffer_append_byte(&folded, '\n');
    fold_text(message->visible_text, &folded, &counts);
    if (counts.whole_words == 0)
        return OUTCOME_SILENT;
    buffer_append_format(detail, _("%u words of Latin text are made of letters of another alphabet that look the same"),
                         counts.whole_words);
    return OUTCOME_HIT;
}

const struct check check_foreign_letters = {
    .name = "FOREIGN_LETTERS",
    .description = N_("has Latin words made of look-alike letters of another alphabet alone"),
    .points = 200, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.15 % of spam */
    .evaluate = foreign_letters,
};

/* --- RANDOM_WORD ------------------------------------------------------------------------------------------------- */

/* Does `second` hardly ever follow `first`?  Pairs of letters that fewer than three of the 4,532 words in data/rules
 * have (English, French, German, Spanish, Italian, Portuguese, Dutch), without those common in Slavic languages,
 * Hungarian and Turkish, which people write without their marks, and in transcriptions. */
static bool is_rare_pair(char first, char second)
{
    static const char *const rare[26] = {
        /* a */ "", /* b */ "fjmpqvwx", /* c */ "bdfgjpqwx", /* d */ "fqwx",
        /* e */ "", /* f */ "bchjmnpqvwxz", /* g */ "cfpqvwxz", /* h */ "bfghpqwx",
        /* i */ "", /* j */ "fhiqx", /* k */ "fqx", /* l */ "qrx",
        /* m */ "fgjqvwx", /* n */ "x", /* o */ "", /* p */ "bfjmqvwxz",
        /* q */ "abcdefghijklmnopqrstvwxyz", /* r */ "qx", /* s */ "x", /* t */ "qx",
        /* u */ "q", /* v */ "bfghqwx", /* w */ "fqvwx", /* x */ "bdfghjklmnqrsvwxz",
        /* y */ "jqvwx", /* z */ "fjqx",
    };
    return strchr(rare[first - 'a'], second) != NULL;
}

/* Letters alone, in small ones, in capitals or with a capital first; "SomeIdentifier" is none. */
static bool is_plain_word(struct span word)
{
    size_t capitals = 0;
    for (size_t i = 0; i < word.length; i++) {
        if (!is_ascii_letter(word.data[i]))
            return false;
        capitals += word.data[i] < 'a';
    }
    return capitals == 0 || capitals == word.length || (capitals == 1 && word.data[0] < 'a');
}

/* A sixth of the pairs is rare, and no letter fills it ("aaaaargh"). */
static bool is_random(struct span word)
{
    if (word.length < 14 || word.length > WORD_LONGEST || !is_plain_word(word))
        return false;
    uint32_t letters = 0;
    size_t rare = 0;
    for (size_t i = 0; i < word.length; i++) {
        char letter = (char)(word.data[i] | 0x20);
        letters |= UINT32_C(1) << (letter - 'a');
        rare += i > 0 && is_rare_pair((char)(word.data[i - 1] | 0x20), letter);
    }
    return rare * 6 >= word.length && __builtin_popcount(letters) >= 7;
}

/* The next word of `text` from `*at` on; empty at the end. */
static struct span next_word(struct span text, size_t *at)
{
    while (*at < text.length && kinds[(unsigned char)text.data[*at]] == SPACE)
        ++*at;
    size_t start = *at;
    while (*at < text.length && kinds[(unsigned char)text.data[*at]] != SPACE)
        ++*at;
    return span_make(text.data + start, *at - start);
}

static struct span find_random(struct span text)
{
    for (size_t at = 0; at < text.length;) {
        struct span word = next_word(text, &at);
        if (word.length >= 14 && is_random(trim_punctuation(word)))
            return trim_punctuation(word);
    }
    return SPAN_EMPTY;
}

static enum outcome random_word(struct inspection *inspection, struct buffer *detail)
{
    struct span word = find_random(inspection->message->subject);
    if (word.length == 0)
        word = find_random(inspection->message->visible_text);
    if (word.length == 0)
        return OUTCOME_SILENT;
    detail_say(detail, "\"%s\" is no word of any language", word, SPAN_EMPTY);
    return OUTCOME_HIT;
}

const struct check check_random_word = {
    .name = "RANDOM_WORD",
    .description = N_("has words made of random letters"),
    .points = 150, /* 2003: 0.02 % of ham, 2.27 % of spam; 2022-26: 0.00 % of ham, 0.05 % of spam */
    .evaluate = random_word,
};
