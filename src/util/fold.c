/* fold.c - text brought to one form: for finding words that senders disguise, and for learning
 *
 * ASCII is lowered eight bytes at a time.  Only a word with a character beyond ASCII is taken apart into code points,
 * and only one with a character that NFKC would change is given to libunistring, which costs some 180 instructions a
 * byte.  The only file that includes libunistring.
 */
#include "config.h"

#include "util/fold.h"

#include <stdint.h>
#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

#include "util/utf8.h"

/* Longer words are folded piece by piece. */
#define WORD_MOST 64
/* NFKC makes at most 18 code points of one (UAX #15, "Maximum Expansion Factor", U+FDFA). */
#define NORMALIZED_MOST (18 * WORD_MOST)

/* Tables of these are in the order of the codes. */
struct pair {
    uint32_t code;
    char letter;
};

/* Letters of other scripts that look like Latin ones.  From confusables.txt of UTS #39 (single characters whose
 * skeleton is one ASCII letter, which NFKC leaves alone, of scripts somebody has fonts for; (c) Unicode, Inc.,
 * Unicode License v3), with 'I' for 'l' where the capital is meant, and with letters that UTS #39 finds unlike enough
 * but senders use all the same: these stand here with a capital, and count only in words that switch script more than
 * once. */
static const struct pair look_alikes[] = {
    { 0x037F, 'j' }, { 0x0391, 'a' }, { 0x0392, 'b' }, { 0x0395, 'e' }, { 0x0396, 'z' },
    { 0x0397, 'h' }, { 0x0399, 'i' }, { 0x039A, 'k' }, { 0x039C, 'm' }, { 0x039D, 'n' }, { 0x039F, 'o' },
    { 0x03A1, 'p' }, { 0x03A4, 't' }, { 0x03A5, 'y' }, { 0x03A7, 'x' }, { 0x03AC, 'a' }, { 0x03AF, 'i' },
    { 0x03B1, 'a' }, { 0x03B2, 'B' }, { 0x03B3, 'y' }, { 0x03B5, 'E' }, { 0x03B7, 'N' }, { 0x03B9, 'i' },
    { 0x03BA, 'K' }, { 0x03BC, 'U' }, { 0x03BD, 'v' }, { 0x03BF, 'o' }, { 0x03C1, 'p' }, { 0x03C3, 'o' },
    { 0x03C4, 'T' }, { 0x03C5, 'u' }, { 0x03C7, 'X' }, { 0x03C9, 'W' }, { 0x03CC, 'o' }, { 0x03CD, 'u' },
    { 0x03DC, 'f' }, { 0x03F3, 'j' }, { 0x03FA, 'm' }, { 0x0401, 'e' }, { 0x0405, 's' }, { 0x0406, 'i' },
    { 0x0407, 'i' }, { 0x0408, 'j' }, { 0x0410, 'a' }, { 0x0412, 'b' }, { 0x0415, 'e' }, { 0x041A, 'k' },
    { 0x041C, 'm' }, { 0x041D, 'h' }, { 0x041E, 'o' }, { 0x0420, 'p' }, { 0x0421, 'c' }, { 0x0422, 't' },
    { 0x0423, 'y' }, { 0x0425, 'x' }, { 0x042C, 'b' }, { 0x0430, 'a' }, { 0x0432, 'B' }, { 0x0433, 'r' },
    { 0x0435, 'e' }, { 0x0438, 'U' }, { 0x043A, 'K' }, { 0x043C, 'M' }, { 0x043D, 'H' }, { 0x043E, 'o' },
    { 0x043F, 'N' }, { 0x0440, 'p' }, { 0x0441, 'c' }, { 0x0442, 'T' }, { 0x0443, 'y' }, { 0x0445, 'x' },
    { 0x044F, 'R' }, { 0x0451, 'e' }, { 0x0455, 's' }, { 0x0456, 'i' }, { 0x0457, 'i' }, { 0x0458, 'j' },
    { 0x0461, 'w' }, { 0x0474, 'v' }, { 0x0475, 'v' }, { 0x0492, 'f' }, { 0x04AE, 'y' }, { 0x04AF, 'y' },
    { 0x04BB, 'h' }, { 0x04BD, 'e' }, { 0x04C0, 'i' }, { 0x04CF, 'l' }, { 0x0501, 'd' }, { 0x050C, 'g' },
    { 0x051B, 'q' }, { 0x051C, 'w' }, { 0x051D, 'w' }, { 0x054D, 'u' }, { 0x054F, 's' }, { 0x0555, 'o' },
    { 0x0561, 'w' }, { 0x0563, 'q' }, { 0x0566, 'q' }, { 0x0570, 'h' }, { 0x0578, 'n' }, { 0x057C, 'n' },
    { 0x057D, 'u' }, { 0x0581, 'g' }, { 0x0584, 'f' }, { 0x0585, 'o' }, { 0x13A0, 'd' }, { 0x13A1, 'r' },
    { 0x13A2, 't' }, { 0x13A5, 'i' }, { 0x13A9, 'y' }, { 0x13AA, 'a' }, { 0x13AB, 'j' }, { 0x13AC, 'e' },
    { 0x13B3, 'w' }, { 0x13B7, 'm' }, { 0x13BB, 'h' }, { 0x13BD, 'y' }, { 0x13C0, 'g' }, { 0x13C2, 'h' },
    { 0x13C3, 'z' }, { 0x13CF, 'b' }, { 0x13D2, 'r' }, { 0x13D4, 'w' }, { 0x13D5, 's' }, { 0x13D9, 'v' },
    { 0x13DA, 's' }, { 0x13DE, 'l' }, { 0x13DF, 'c' }, { 0x13E2, 'p' }, { 0x13E6, 'k' }, { 0x13E7, 'd' },
    { 0x13F3, 'g' }, { 0x13F4, 'b' }, { 0x142F, 'v' }, { 0x144C, 'u' }, { 0x146D, 'p' }, { 0x146F, 'd' },
    { 0x1472, 'b' }, { 0x148D, 'j' }, { 0x14AA, 'l' }, { 0x1541, 'x' }, { 0x157C, 'h' }, { 0x157D, 'x' },
    { 0x1587, 'r' }, { 0x15AF, 'b' }, { 0x15B4, 'f' }, { 0x15C5, 'a' }, { 0x15DE, 'd' }, { 0x15EA, 'd' },
    { 0x15F0, 'm' }, { 0x15F7, 'b' }, { 0x1D26, 'r' }, { 0x2C85, 'r' }, { 0x2C8E, 'h' }, { 0x2C92, 'i' },
    { 0x2C94, 'k' }, { 0x2C98, 'm' }, { 0x2C9A, 'n' }, { 0x2C9E, 'o' }, { 0x2C9F, 'o' }, { 0x2CA2, 'p' },
    { 0x2CA3, 'p' }, { 0x2CA4, 'c' }, { 0x2CA5, 'c' }, { 0x2CA6, 't' }, { 0x2CA8, 'y' }, { 0x2CAC, 'x' },
    { 0x2CD0, 'l' }, { 0x2D38, 'v' }, { 0x2D39, 'e' }, { 0x2D4F, 'l' }, { 0x2D54, 'o' }, { 0x2D55, 'q' },
    { 0x2D5D, 'x' }, { 0xA4D0, 'b' }, { 0xA4D1, 'p' }, { 0xA4D2, 'd' }, { 0xA4D3, 'd' }, { 0xA4D4, 't' },
    { 0xA4D6, 'g' }, { 0xA4D7, 'k' }, { 0xA4D9, 'j' }, { 0xA4DA, 'c' }, { 0xA4DC, 'z' }, { 0xA4DD, 'f' },
    { 0xA4DF, 'm' }, { 0xA4E0, 'n' }, { 0xA4E1, 'l' }, { 0xA4E2, 's' }, { 0xA4E3, 'r' }, { 0xA4E6, 'v' },
    { 0xA4E7, 'h' }, { 0xA4EA, 'w' }, { 0xA4EB, 'x' }, { 0xA4EC, 'y' }, { 0xA4EE, 'a' }, { 0xA4F0, 'e' },
    { 0xA4F2, 'l' }, { 0xA4F3, 'o' }, { 0xA4F4, 'u' }, { 0xA647, 'i' }, { 0xAB75, 'i' }, { 0xAB81, 'r' },
    { 0xAB83, 'w' }, { 0xAB93, 'z' }, { 0xABA9, 'v' }, { 0xABAA, 's' }, { 0xABAF, 'c' }, { 0x10282, 'b' },
    { 0x10286, 'e' }, { 0x10287, 'f' }, { 0x1028A, 'l' }, { 0x10290, 'x' }, { 0x10292, 'o' }, { 0x10295, 'p' },
    { 0x10296, 's' }, { 0x10297, 't' }, { 0x102A0, 'a' }, { 0x102A1, 'b' }, { 0x102A2, 'c' }, { 0x102A5, 'f' },
    { 0x102AB, 'o' }, { 0x102B0, 'm' }, { 0x102B1, 't' }, { 0x102B2, 'y' }, { 0x102B4, 'x' }, { 0x102CF, 'h' },
    { 0x10301, 'b' }, { 0x10302, 'c' }, { 0x10309, 'l' }, { 0x10311, 'm' }, { 0x10315, 't' }, { 0x10317, 'x' },
    { 0x10404, 'o' }, { 0x10415, 'c' }, { 0x1041B, 'l' }, { 0x10420, 's' }, { 0x1042C, 'o' }, { 0x1043D, 'c' },
    { 0x10448, 's' }, { 0x104B4, 'r' }, { 0x104C2, 'o' }, { 0x104CE, 'u' }, { 0x104EA, 'o' }, { 0x104F6, 'u' },
    { 0x10513, 'n' }, { 0x10516, 'o' }, { 0x10518, 'k' }, { 0x1051C, 'c' }, { 0x1051D, 'v' }, { 0x10525, 'f' },
    { 0x10526, 'l' }, { 0x10527, 'x' }, { 0x118A0, 'v' }, { 0x118A2, 'f' }, { 0x118A3, 'l' }, { 0x118A4, 'y' },
    { 0x118A6, 'e' }, { 0x118A9, 'z' }, { 0x118AE, 'e' }, { 0x118B2, 'l' }, { 0x118B5, 'o' }, { 0x118B8, 'u' },
    { 0x118BC, 't' }, { 0x118C0, 'v' }, { 0x118C1, 's' }, { 0x118C2, 'f' }, { 0x118C3, 'i' }, { 0x118C4, 'z' },
    { 0x118C8, 'o' }, { 0x118D7, 'o' }, { 0x118D8, 'u' }, { 0x118DC, 'y' },
};

/* Latin letters of phonetic writing that pass for plain ones: small capitals and their like. */
static const struct pair phonetic_letters[] = {
    { 0x0251, 'a' }, { 0x0261, 'g' }, { 0x0262, 'g' }, { 0x0269, 'i' }, { 0x026A, 'i' }, { 0x0274, 'n' },
    { 0x0280, 'r' }, { 0x028B, 'u' }, { 0x028F, 'y' }, { 0x0299, 'b' }, { 0x029C, 'h' }, { 0x029F, 'l' },
    { 0x1D00, 'a' }, { 0x1D04, 'c' }, { 0x1D05, 'd' }, { 0x1D07, 'e' }, { 0x1D0A, 'j' }, { 0x1D0B, 'k' },
    { 0x1D0D, 'm' }, { 0x1D0F, 'o' }, { 0x1D18, 'p' }, { 0x1D1B, 't' }, { 0x1D1C, 'u' }, { 0x1D20, 'v' },
    { 0x1D21, 'w' }, { 0x1D22, 'z' }, { 0xA730, 'f' }, { 0xA731, 's' }, { 0xA7AF, 'q' },
};

static char find_pair(const struct pair *pairs, size_t count, uint32_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pairs[middle].code == code)
            return pairs[middle].letter;
        if (pairs[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return '\0';
}

static char look_alike_of(uint32_t code)
{
    return find_pair(look_alikes, sizeof look_alikes / sizeof look_alikes[0], code);
}

static char phonetic_letter_of(uint32_t code)
{
    return find_pair(phonetic_letters, sizeof phonetic_letters / sizeof phonetic_letters[0], code);
}

/* --- what a character is ----------------------------------------------------------------------------------------- */

static bool is_ascii_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

static bool is_ascii_word(uint32_t code)
{
    return is_ascii_letter(code) || (code >= '0' && code <= '9');
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

#define IN_RANGES(ranges, code) in_ranges((ranges), sizeof(ranges) / sizeof(ranges)[0], (code))

enum script { SCRIPT_NONE, SCRIPT_LATIN, SCRIPT_GREEK, SCRIPT_CYRILLIC, SCRIPT_OTHER };

/* The letters that long texts consist of, which are as NFKC has them, to be seen, and of one script.  SCRIPT_NONE: look
 * closer. */
static enum script plain_script_of(uint32_t code)
{
    if (is_ascii_letter(code) || (code >= 0xC0 && code < 0x0132 && code != 0xD7 && code != 0xF7))
        return SCRIPT_LATIN;
    if (code >= 0x0400 && code < 0x0482)
        return SCRIPT_CYRILLIC;
    if (code >= 0x0388 && code < 0x03CF)
        return SCRIPT_GREEK;
    if ((code >= 0x4E00 && code < 0xA000) || (code >= 0x3041 && code < 0x3097) || (code >= 0x30A1 && code < 0x30FB) ||
        (code >= 0xAC00 && code < 0xD7A4) || (code >= 0x0620 && code < 0x064B))
        return SCRIPT_OTHER;
    return SCRIPT_NONE;
}

/* Of a letter; digits, marks and punctuation have none.  Blocks are near enough to Scripts.txt for telling words
 * apart. */
static enum script script_of(uint32_t code)
{
    static const struct range none[] = {
        { 0x80, 0xA9 },     { 0xAB, 0xB4 },     { 0xB6, 0xB9 },     { 0xBB, 0xBF },     { 0xD7, 0xD7 },
        { 0xF7, 0xF7 },     { 0x02B9, 0x036F }, { 0x0483, 0x0489 }, { 0x2000, 0x20FF }, { 0x2190, 0x24B5 },
        { 0x24EA, 0x2BFF }, { 0x2E00, 0x2FFF }, { 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0x30FB, 0x30FB },
        { 0xD800, 0xF8FF }, { 0xFE00, 0xFE6F }, { 0xFF00, 0xFF20 }, { 0xFF5B, 0xFF65 }, { 0xFFE0, 0xFFFF },
        { 0x1F000, 0x1F10F }, { 0x1F18A, 0x1FAFF }, { 0xE0000, 0x10FFFF },
    };
    enum script plain = plain_script_of(code);
    if (plain != SCRIPT_NONE || code < 0x80 || IN_RANGES(none, code))
        return plain;
    if (code <= 0x02B8 || (code >= 0x1D00 && code <= 0x1D25) || (code >= 0x1E00 && code <= 0x1EFF) ||
        (code >= 0x2C60 && code <= 0x2C7F) || (code >= 0xA722 && code <= 0xA7FF))
        return SCRIPT_LATIN;
    if (code <= 0x03FF || (code >= 0x1F00 && code <= 0x1FFF))
        return SCRIPT_GREEK;
    if (code <= 0x052F || (code >= 0xA640 && code <= 0xA69F))
        return SCRIPT_CYRILLIC;
    return SCRIPT_OTHER;
}

/* May NFKC change it, or what stands before it?  True is always right and costs time; false is right for the letters
 * of Latin (U+00C0 on), Cyrillic, Han, kana and Hangul as keyboards give them. */
static bool may_need_nfkc(uint32_t code)
{
    static const struct range ranges[] = {
        { 0x00A0, 0x00BF }, { 0x0132, 0x0133 }, { 0x013F, 0x0140 }, { 0x0149, 0x0149 }, { 0x017F, 0x017F },
        { 0x01C4, 0x01CC }, { 0x01F1, 0x01F3 }, { 0x02B0, 0x036F }, { 0x0374, 0x0387 }, { 0x03D0, 0x03D6 },
        { 0x03F0, 0x03F9 }, { 0x0587, 0x0587 }, { 0x0653, 0x0655 }, { 0x0675, 0x0678 }, { 0x0900, 0x11FF },
        { 0x1D2C, 0x1DFF }, { 0x1E9A, 0x1E9B }, { 0x1F00, 0x2FFF }, { 0x3000, 0x3000 }, { 0x3036, 0x303A },
        { 0x3099, 0x309F }, { 0x30FF, 0x30FF }, { 0x3130, 0x33FF }, { 0xA69C, 0xA69D }, { 0xA770, 0xA770 },
        { 0xA7F2, 0xA7F9 }, { 0xAB5C, 0xAB69 }, { 0xF900, 0xFFFF }, { 0x10780, 0x107BA }, { 0x11000, 0x119FF },
        { 0x1D100, 0x1D7FF }, { 0x1E030, 0x1E06D }, { 0x1EE00, 0x1EEFF }, { 0x1F100, 0x1F2FF }, { 0x1FBF0, 0x1FBF9 },
        { 0x2F800, 0x2FA1F },
    };
    return code >= 0xA0 && IN_RANGES(ranges, code);
}

/* Mathematical alphanumerics, circled, squared and parenthesized letters. */
static bool is_styled(uint32_t code)
{
    static const struct range ranges[] = {
        { 0x249C, 0x24E9 }, { 0x1D400, 0x1D7FF }, { 0x1F110, 0x1F149 }, { 0x1F150, 0x1F169 }, { 0x1F170, 0x1F189 },
    };
    return code >= 0x249C && IN_RANGES(ranges, code);
}

/* --- one word ---------------------------------------------------------------------------------------------------- */

struct word {
    size_t length;
    bool special;  /* holds something that may be invisible, styled, or other in NFKC */
    bool latin;    /* holds Latin letters */
    bool foreign;  /* holds letters of other scripts */
    uint32_t codes[NORMALIZED_MOST];
};

struct folder {
    struct span text; /* all of it, for judging whether a script is at home in it */
    struct buffer *out;
    struct fold_counts *counts;
    bool home_known[SCRIPT_OTHER], home[SCRIPT_OTHER];
};

/* Squared and negative circled letters, which Unicode gives no decomposition. */
static uint32_t plain_letter(uint32_t code)
{
    if (code >= 0x1F150 && code <= 0x1F169)
        return code - 0x1F150 + 'A';
    if (code >= 0x1F170 && code <= 0x1F189)
        return code - 0x1F170 + 'A';
    char letter = phonetic_letter_of(code);
    return letter ? (uint32_t)letter : code;
}

static void make_plain(struct word *word, struct fold_counts *counts)
{
    for (size_t i = 0; i < word->length; i++) {
        uint32_t plain = word->codes[i] < 0x0250 ? word->codes[i] : plain_letter(word->codes[i]);
        counts->styled += plain != word->codes[i] || is_styled(word->codes[i]);
        word->codes[i] = plain;
    }
}

static void normalize(struct word *word, uninorm_t form)
{
    size_t special = 0;
    while (special < word->length && !may_need_nfkc(word->codes[special]) && form == UNINORM_NFKC)
        special++;
    if (special == word->length)
        return;
    uint32_t result[NORMALIZED_MOST];
    size_t length = NORMALIZED_MOST;
    uint32_t *normal = u32_normalize(form, word->codes, word->length, result, &length);
    if (!normal)
        return;
    if (length <= NORMALIZED_MOST) {
        memcpy(word->codes, normal, length * sizeof *normal);
        word->length = length;
    }
    if (normal != result)
        free(normal);
}

/* Is there a letter of this script in the text that does not look Latin?  Or no Latin text around it?  Then its
 * look-alikes are what they are. */
static bool script_is_at_home(struct folder *folder, enum script script)
{
    if (script == SCRIPT_NONE || script == SCRIPT_OTHER)
        return script == SCRIPT_OTHER;
    if (folder->home_known[script])
        return folder->home[script];
    bool latin = false, honest = false;
    for (size_t at = 0, size; at < folder->text.length && !honest; at += size) {
        uint32_t code = utf8_decode(span_from(folder->text, at), &size);
        latin = latin || is_ascii_letter(code);
        honest = code >= 0x80 && script_of(code) == script && !look_alike_of(code);
    }
    folder->home_known[script] = true;
    folder->home[script] = honest || !latin;
    return folder->home[script];
}

/* What the letters of a word are. */
struct mixture {
    unsigned latin, foreign, unlike, weak, switches;
    enum script foreign_script;
    bool latin_capitals_only, last_is_small_greek;
};

static struct mixture mixture_of(const struct word *word)
{
    struct mixture mixture = { .latin_capitals_only = true };
    enum script last = SCRIPT_NONE;
    for (size_t i = 0; i < word->length; i++) {
        uint32_t code = word->codes[i];
        enum script script = script_of(code);
        if (script == SCRIPT_NONE)
            continue;
        mixture.switches += last != SCRIPT_NONE && (last == SCRIPT_LATIN) != (script == SCRIPT_LATIN);
        last = script;
        mixture.last_is_small_greek = script == SCRIPT_GREEK && code >= 0x03B1;
        if (script == SCRIPT_LATIN) {
            mixture.latin++;
            mixture.latin_capitals_only = mixture.latin_capitals_only && code >= 'A' && code <= 'Z';
            continue;
        }
        char letter = look_alike_of(code);
        mixture.foreign++;
        mixture.foreign_script = script;
        mixture.unlike += letter == '\0';
        mixture.weak += letter >= 'A' && letter <= 'Z';
    }
    return mixture;
}

/* Do the letters that are not Latin pose as Latin?  "TNF" with a Greek alpha behind it is science. */
static bool is_disguised(struct folder *folder, const struct word *word)
{
    if (!word->latin && !word->special && script_is_at_home(folder, script_of(word->codes[0])))
        return false; /* what honest text consists of */
    struct mixture mixture = mixture_of(word);
    if (mixture.foreign == 0 || mixture.unlike)
        return false;
    if (mixture.latin) {
        bool notation = mixture.latin_capitals_only && mixture.last_is_small_greek && mixture.switches == 1;
        return !notation && (mixture.weak == 0 || mixture.switches > 1);
    }
    bool whole = mixture.foreign >= 3 && mixture.weak == 0 && !script_is_at_home(folder, mixture.foreign_script);
    folder->counts->whole_words += whole;
    return whole;
}

static uint32_t lower(uint32_t code)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
    if (code >= 0x0430 && code < 0x0460) /* Cyrillic, small already */
        return code;
    if ((code >= 0x0410 && code < 0x0430) || (code >= 0xC0 && code < 0xDF && code != 0xD7))
        return code + 0x20;
    if (code >= 0x3041 && code < 0xA640) /* Han and kana have one case */
        return code;
    return code == 0x03C2 ? 0x03C3 : (uint32_t)uc_tolower(code); /* final sigma is a sigma */
}

/* Removes what cannot be seen. */
static void drop_invisible(struct word *word, struct fold_counts *counts)
{
    size_t kept = 0;
    for (size_t i = 0; i < word->length; i++) {
        uint32_t code = word->codes[i];
        if (!utf8_is_invisible(code))
            word->codes[kept++] = code;
    }
    counts->invisible += (unsigned)(word->length - kept);
    word->length = kept;
}

static void start_word(struct word *word)
{
    word->length = 0;
    word->special = word->latin = word->foreign = false;
}

static void add_to_word(struct word *word, uint32_t code)
{
    enum script script = plain_script_of(code);
    if (script == SCRIPT_NONE && code >= 0x80) {
        word->special = true;
        script = script_of(code);
    }
    word->latin = word->latin || script == SCRIPT_LATIN;
    word->foreign = word->foreign || (script != SCRIPT_LATIN && script != SCRIPT_NONE);
    word->codes[word->length++] = code;
}

static void fold_codes(struct folder *folder, struct word *word)
{
    if (word->special) {
        drop_invisible(word, folder->counts);
        make_plain(word, folder->counts);
        normalize(word, UNINORM_NFKC);
    }
    bool disguised = word->foreign && is_disguised(folder, word);
    for (size_t i = 0; i < word->length; i++) {
        char letter = disguised && word->codes[i] >= 0x80 ? look_alike_of(word->codes[i]) : '\0';
        folder->counts->look_alikes += letter != '\0';
        word->codes[i] = lower(letter ? (unsigned char)letter : word->codes[i]);
    }
}

static void append_codes(struct buffer *out, const struct word *word)
{
    char chunk[512];
    size_t used = 0;
    for (size_t i = 0; i < word->length; i++) {
        used += utf8_encode(word->codes[i], chunk + used);
        if (used + 4 > sizeof chunk || i + 1 == word->length) {
            utf8_append_valid(out, span_make(chunk, used));
            used = 0;
        }
    }
}

/* --- whole text -------------------------------------------------------------------------------------------------- */

/* Eight bytes of ASCII in lower case: adding 0x80 - 'A' carries into the high bit of bytes from 'A' on, adding
 * 0x80 - 'Z' - 1 into those behind 'Z'; where only the first does, 0x20 is added. */
static uint64_t lower_eight(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t from_a = bytes + ones * (0x80 - 'A'), behind_z = bytes + ones * (0x80 - 'Z' - 1);
    return bytes + (((from_a & ~behind_z) & ones * 0x80) >> 2);
}

static void append_lowered(struct buffer *out, struct span ascii)
{
    char chunk[512];
    while (ascii.length && !out->truncated) {
        struct span piece = span_head(ascii, sizeof chunk);
        size_t at = 0;
        for (; at + 8 <= piece.length; at += 8) {
            uint64_t eight;
            memcpy(&eight, piece.data + at, 8);
            eight = lower_eight(eight);
            memcpy(chunk + at, &eight, 8);
        }
        for (; at < piece.length; at++)
            chunk[at] = (char)lower((unsigned char)piece.data[at]);
        buffer_append(out, span_make(chunk, piece.length));
        ascii = span_from(ascii, piece.length);
    }
}

/* Is `code` part of a word, so that the letters around it are to be judged together with it? */
static bool joins_words(uint32_t code)
{
    if (code < 0x80)
        return is_ascii_word(code);
    if (plain_script_of(code) != SCRIPT_NONE)
        return true;
    return utf8_is_invisible(code) || script_of(code) != SCRIPT_NONE || (code >= 0x0300 && code <= 0x036F);
}

/* White space and quotation marks in their many forms; everything else as NFKC has it. */
static void append_other(struct folder *folder, uint32_t code)
{
    if (code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000) {
        buffer_append_byte(folder->out, ' ');
    } else if (code >= 0x2010 && code <= 0x2015) {
        buffer_append_byte(folder->out, '-');
    } else if (code == 0x2018 || code == 0x2019 || code == 0x02BC) {
        buffer_append_byte(folder->out, '\'');
    } else if (code == 0x201C || code == 0x201D) {
        buffer_append_byte(folder->out, '"');
    } else if (!may_need_nfkc(code)) {
        utf8_append(folder->out, code);
    } else {
        struct word word;
        word.length = 1;
        word.codes[0] = code;
        normalize(&word, UNINORM_NFKC);
        append_codes(folder->out, &word);
    }
}

/* Folds the word that starts at `at` (with a character beyond ASCII in it, or that character alone); gives where it
 * ends. */
static size_t fold_one(struct folder *folder, size_t at)
{
    struct word word;
    start_word(&word);
    size_t size;
    while (at < folder->text.length && word.length < WORD_MOST) {
        uint32_t code = utf8_decode(span_from(folder->text, at), &size);
        if (!joins_words(code)) {
            if (word.length)
                break;
            append_other(folder, code);
            return at + size;
        }
        add_to_word(&word, code);
        at += size;
    }
    fold_codes(folder, &word);
    append_codes(folder->out, &word);
    return at;
}

void fold_text(struct span text, struct buffer *out, struct fold_counts *counts)
{
    struct folder folder = { .text = text, .out = out, .counts = counts };
    size_t at = 0;
    while (at < text.length && !out->truncated) {
        size_t ascii = utf8_ascii_length(span_from(text, at)), end = at + ascii;
        if (end < text.length) /* the letters right before belong to the word */
            while (end > at && at + ascii - end < WORD_MOST / 2 && is_ascii_word((unsigned char)text.data[end - 1]))
                end--;
        append_lowered(out, span_make(text.data + at, end - at));
        at = end < text.length ? fold_one(&folder, end) : end;
    }
}

/* --- disguised words --------------------------------------------------------------------------------------------- */

/* The letter a digit or sign stands for, or 0; in the order of their codes. */
static char leet_letter(uint32_t code)
{
    static const struct pair letters[] = {
        { '!', 'i' }, { '$', 's' }, { '+', 't' }, { '0', 'o' }, { '1', 'i' }, { '3', 'e' }, { '4', 'a' }, { '5', 's' },
        { '7', 't' }, { '8', 'b' }, { '9', 'g' }, { '@', 'a' }, { '|', 'i' }, { 0xA2, 'c' }, { 0xA3, 'l' },
        { 0x20AC, 'e' },
    };
    return find_pair(letters, sizeof letters / sizeof letters[0], code);
}

static bool is_letter(uint32_t code)
{
    return script_of(code) != SCRIPT_NONE;
}

/* Drops the marks that NFKD set free from their letters. */
static void drop_marks(struct word *word)
{
    size_t kept = 0;
    normalize(word, UNINORM_NFKD);
    for (size_t i = 0; i < word->length; i++)
        if (word->codes[i] < 0x0300 || word->codes[i] > 0x036F)
            word->codes[kept++] = word->codes[i] == 0x0131 ? 'i' : word->codes[i]; /* dotless i has no mark to drop */
    word->length = kept;
}

static void trim_punctuation(struct word *word)
{
    size_t start = 0;
    while (word->length && word->codes[word->length - 1] < 0x80 && !is_ascii_word(word->codes[word->length - 1]))
        word->length--;
    while (start < word->length && !is_letter(word->codes[start]) && !leet_letter(word->codes[start]))
        start++;
    word->length -= start;
    if (start)
        memmove(word->codes, word->codes + start, word->length * sizeof word->codes[0]);
}

/* "v.i.a.g.r.a", "v--i--a": every letter or digit by itself.  Closes the gaps from three letters on ("e.g" is left
 * alone). */
static bool close_gaps(struct word *word, struct fold_counts *counts)
{
    size_t single = 0, kept = 0;
    bool last_is_letter = false;
    for (size_t i = 0; i < word->length; i++) {
        bool letter = is_letter(word->codes[i]) || is_ascii_word(word->codes[i]);
        if (letter && last_is_letter)
            return false;
        single += letter;
        last_is_letter = letter;
    }
    if (single < 3 || single == word->length)
        return false;
    for (size_t i = 0; i < word->length; i++)
        if (is_letter(word->codes[i]) || is_ascii_word(word->codes[i]))
            word->codes[kept++] = word->codes[i];
    word->length = kept;
    counts->apart += single >= 5;
    return true;
}

/* Reads digits and signs as letters, where letters are at least as many.  Digits before letters only ("10am",
 * "500mg") are a measure. */
static bool undo_leet(struct word *word, struct fold_counts *counts)
{
    size_t letters = 0, others = 0, switches = 0;
    for (size_t i = 0; i < word->length; i++) {
        bool letter = is_letter(word->codes[i]);
        letters += letter;
        others += !letter && leet_letter(word->codes[i]);
        switches += i > 0 && letter != is_letter(word->codes[i - 1]);
    }
    bool measure = switches == 1 && word->codes[0] >= '0' && word->codes[0] <= '9';
    if (others == 0 || letters < 2 || letters < others || measure)
        return false;
    for (size_t i = 0; i < word->length; i++) {
        char letter = leet_letter(word->codes[i]);
        counts->leet += letter != '\0';
        word->codes[i] = letter ? (unsigned char)letter : word->codes[i];
    }
    return true;
}

bool fold_word(struct span text, struct buffer *out, struct fold_counts *counts)
{
    struct folder folder = { .text = text, .out = out, .counts = counts };
    struct fold_counts before = *counts;
    struct word word;
    start_word(&word);
    for (size_t at = 0, size; at < text.length && word.length < WORD_MOST; at += size) {
        uint32_t code = utf8_decode(span_from(text, at), &size);
        add_to_word(&word, code);
    }
    if (!utf8_is_ascii(text)) {
        fold_codes(&folder, &word);
        drop_marks(&word);
    }
    for (size_t i = 0; i < word.length; i++)
        word.codes[i] = lower(word.codes[i]);
    trim_punctuation(&word);
    bool undone = close_gaps(&word, counts);
    undone |= undo_leet(&word, counts);
    append_codes(out, &word);
    return undone || memcmp(&before, counts, sizeof before) != 0;
}
