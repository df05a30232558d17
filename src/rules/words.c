/* words.c - how the words of a text are written
 *
 * Honest cases told apart: U+00AD, the soft hyphen, is how newsletters break long words; U+200C and U+200D belong into
 * Persian, Indic scripts and emoji, but not between two ASCII letters; Cyrillic and Greek words that are Cyrillic or
 * Greek throughout; "10 μm", "Ωm"; Latin words with the ending of another language ("SMSка").  Told apart, too, but
 * not for sure honest: one wrong letter in a Cyrillic word (the Latin c is on the key of the Cyrillic one), and an
 * ending that looks Latin altogether ("iPhoneа").
 */
#include "rules/words.h"

#include "rules/inspection.h"
#include "util/utf8.h"

/* The word at hand, as far as it has been read. */
struct word {
    size_t start, letters, styled;
    size_t latin;         /* letters of ASCII */
    unsigned changes;     /* from Latin to Greek or Cyrillic letters, or back */
    bool starts_in_latin, is_in_latin;
    bool has_look_alike;
    bool has_own;         /* a Greek or Cyrillic letter that does not look like a Latin one */
    bool has_capital;     /* a Greek or Cyrillic one: endings have none */
    bool after_ascii;  /* the last visible character was an ASCII letter */
    bool after_hidden; /* ...and an invisible one stood behind it */
    bool is_split;
};

static bool is_ascii_letter(uint32_t code)
{
    return (code | 0x20) >= 'a' && (code | 0x20) <= 'z' && code < 0x80;
}

/* Cyrillic and Greek letters that look like ASCII ones (Unicode UTS 39, confusables), without those that stand for
 * units and variables. */
static bool is_look_alike(uint32_t code)
{
    static const uint16_t letters[] = {
        0x0391, 0x0392, 0x0395, 0x0396, 0x0397, 0x0399, 0x039A,
        0x039C, 0x039D, 0x039F, 0x03A1, 0x03A4, 0x03A5, 0x03A7, /* Greek */
        0x03BF, 0x0405, 0x0406, 0x0408, 0x0410, 0x0412, 0x0415,
        0x041A, 0x041C, 0x041D, 0x041E, 0x0420, 0x0421, 0x0422, /* capitals */
        0x0425, 0x0430, 0x0435, 0x043E, 0x0440, 0x0441, 0x0443,
        0x0445, 0x0455, 0x0456, 0x0458, 0x04BB, 0x04CF, 0x0501, /* small */
    };
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i] == code)
            return true;
    return false;
}

/* Latin letters that Unicode has for formulas (U+1D400 to U+1D6A5) and for signs (circled, squared): bold or script
 * type without HTML. Single ones are formulas; who writes whole words in them does not want them read by a filter. */
static bool is_styled(uint32_t code)
{
    return (code >= 0x1D400 && code <= 0x1D6A5) || (code >= 0x24B6 && code <= 0x24E9)
        || (code >= 0x1F130 && code <= 0x1F189);
}

/* Letters as far as words go: everything from U+00C0 on that is not punctuation, a symbol or a space. */
static bool is_letter(uint32_t code)
{
    return is_ascii_letter(code) || is_styled(code)
        || (code >= 0xC0 && code != 0xD7 && code != 0xF7 && !(code >= 0x2000 && code < 0x2C00)
            && !(code >= 0x3000 && code < 0x3040) && code < 0xFE00);
}

/* Notes a word in which Latin letters stand beside others that look like them. */
static void mark_mixed(const struct word *word, struct span written, struct word_marks *marks)
{
    bool has_ending = word->starts_in_latin && word->latin > 1 && word->changes == 1 && !word->has_capital;
    bool may_be_slip = has_ending || (word->has_own && word->latin == 1);
    if (has_ending && word->has_own)
        return;
    if (may_be_slip && marks->slips++ == 0)
        marks->first_slip = written;
    if (!may_be_slip && marks->mixed++ == 0)
        marks->first_mixed = written;
}

static void end_word(struct word *word, struct span text, size_t end, struct word_marks *marks)
{
    struct span written = span_make(text.data + word->start, end - word->start);
    if (word->letters >= 3) {
        if (word->is_split && marks->split++ == 0)
            marks->first_split = written;
        if (word->latin && word->has_look_alike)
            mark_mixed(word, written, marks);
        if (word->styled >= 3 && marks->styled++ == 0)
            marks->first_styled = written;
    }
    *word = (struct word){ 0 };
}

/* Of letters of a third alphabet nothing is noted. */
static void note_alphabet(struct word *word, uint32_t code)
{
    bool ascii = is_ascii_letter(code), other = code >= 0x0370 && code <= 0x052F;
    if (!ascii && !other)
        return;
    bool is_first = word->latin == 0 && !word->has_look_alike && !word->has_own;
    if (is_first)
        word->starts_in_latin = ascii;
    else
        word->changes += ascii != word->is_in_latin;
    word->is_in_latin = ascii;
    word->latin += ascii;
    bool looks_latin = other && is_look_alike(code);
    word->has_look_alike = word->has_look_alike || looks_latin;
    word->has_own = word->has_own || (other && !looks_latin);
    word->has_capital = word->has_capital || (code >= 0x0386 && code <= 0x03AB) || (code >= 0x0400 && code <= 0x042F);
}

static void add_letter(struct word *word, uint32_t code, size_t at)
{
    bool ascii = is_ascii_letter(code);
    if (word->letters++ == 0)
        word->start = at;
    if (word->after_hidden && ascii)
        word->is_split = true;
    word->styled += is_styled(code);
    note_alphabet(word, code);
    word->after_ascii = ascii;
    word->after_hidden = false;
}

/* Words of ASCII letters alone show nothing: from `at`, between two words, the start of the next one that has another
 * character in it, or the end. */
static size_t next_word_of_interest(struct span text, size_t at)
{
    size_t other = at + utf8_ascii_length(span_from(text, at)), start = other;
    while (start > at && other < text.length && is_ascii_letter((unsigned char)text.data[start - 1]))
        start--;
    return start;
}

void words_mark(struct span text, struct word_marks *marks)
{
    struct word word = { 0 };
    size_t size;
    for (size_t at = next_word_of_interest(text, 0); at < text.length; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        if (code >= 0x80 && utf8_is_invisible(code))
            word.after_hidden = word.after_ascii && code != 0xAD;
        else if (is_letter(code))
            add_letter(&word, code, at);
        else {
            if (word.letters)
                end_word(&word, text, at, marks);
            at = next_word_of_interest(text, at + size) - size;
        }
    }
    if (word.letters)
        end_word(&word, text, text.length, marks);
}
