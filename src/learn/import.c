/* import.c - what another filter has learned, read from its dump into word counts that ours can ask */
#include "config.h"

#include "learn/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "learn/tokens.h"
#include "util/array.h"
#include "util/sha1.h"

#define LINES_BETWEEN_PROGRESS 10000
/* Of fewer messages than this a word says nothing about the next. */
#define MESSAGES_LEAST 2
/* Of so many numbers none of a dump is larger. */
#define COUNT_MOST UINT32_MAX
/* SpamAssassin keeps the last 5 bytes of a word's SHA-1 (Mail::SpamAssassin::Plugin::Bayes, _tokenize). */
#define HASHED_BYTES 5

/* A feature with its counts; or, before words are known, a hash of SpamAssassin's. */
struct entry {
    uint64_t name;
    uint32_t spam, ham;
};

struct entries {
    struct entry *list;
    size_t count, capacity;
};

struct format;

struct import {
    const struct format *format;
    uint64_t key;
    struct entries words;  /* names are features */
    struct entries hashed; /* names are hashes; sorted when the dump has been read */
    uint64_t lines;
    uint64_t messages[2];
};

enum line_result { LINE_TAKEN, LINE_WRONG, LINE_NO_MEMORY };

struct format {
    const char *name;
    enum line_result (*take)(struct import *import, char *line);
};

/* --- entries ------------------------------------------------------------------------------------------------------ */

static bool add_entry(struct entries *entries, uint64_t name, uint64_t spam, uint64_t ham)
{
    if (entries->count == IMPORT_WORDS_MOST)
        return false;
    struct entry *list = array_grow(entries->list, entries->count, &entries->capacity, sizeof *list);
    if (!list)
        return false;
    entries->list = list;
    list[entries->count++] = (struct entry){ name, (uint32_t)spam, (uint32_t)ham };
    return true;
}

static int by_name(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return (a->name > b->name) - (a->name < b->name);
}

/* Sorts, and leaves of each name one entry with the largest counts. */
static void merge_entries(struct entries *entries)
{
    size_t kept = 0;
    if (entries->count)
        qsort(entries->list, entries->count, sizeof *entries->list, by_name);
    for (size_t i = 0; i < entries->count; i++) {
        struct entry *last = kept ? &entries->list[kept - 1] : NULL, *entry = &entries->list[i];
        if (!last || last->name != entry->name) {
            entries->list[kept++] = *entry;
            continue;
        }
        last->spam = entry->spam > last->spam ? entry->spam : last->spam;
        last->ham = entry->ham > last->ham ? entry->ham : last->ham;
    }
    entries->count = kept;
}

/* --- words to features -------------------------------------------------------------------------------------------- */

/* At most a pair; what falls into more words is none of ours. */
#define FEATURES_OF_TEXT 3

/* The one feature that stands for a word or for two words side by side; 0: they are cut otherwise here. */
static uint32_t feature_of(const struct import *import, struct span text, bool is_pair)
{
    uint32_t features[FEATURES_OF_TEXT + 1];
    struct token_sink sink = { .seed = tokens_seed(import->key), .features = features,
                               .capacity = FEATURES_OF_TEXT + 1 };
    struct canonical canonical = { .text = text };
    size_t at = 0;
    struct span word;
    uint64_t hash;
    token_words.draw(&canonical, NULL, &sink);
    if (sink.count != (is_pair ? FEATURES_OF_TEXT : 1u))
        return 0;
    /* Signs around a word that are no part of it here would make it another's. */
    bool whole = is_pair || (token_next(text, &at, &word, &hash) && word.length == text.length);
    return whole ? features[sink.count - 1] : 0;
}

static bool add_word(struct import *import, struct span text, bool is_pair, uint64_t spam, uint64_t ham)
{
    uint32_t feature = feature_of(import, text, is_pair);
    return feature == 0 || add_entry(&import->words, feature, spam, ham);
}

/* --- the formats -------------------------------------------------------------------------------------------------- */

/* Takes a number and what stands behind it off the text; false when it is none. */
static bool take_number(char **text, char end, uint64_t *number)
{
    char *behind;
    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    unsigned long long value = strtoull(*text, &behind, 10);
    if (errno || *behind != end || value > COUNT_MOST)
        return false;
    *number = value;
    *text = behind + (end != '\0');
    return true;
}

/* Takes the last word of a line off it when it is a number. */
static bool take_last_number(char *line, uint64_t *number)
{
    char *blank = strrchr(line, ' ');
    char *word = blank ? blank + 1 : NULL;
    if (!word || !take_number(&word, '\0', number))
        return false;
    *blank = '\0';
    return true;
}

/* "subj:viagra 12 3 20261122": WORD SPAM HAM DAY.  A word has no blanks, and may have any other sign.  What was learned
 * with timestamp=no has no day; a list may have lines of both kinds. */
static enum line_result take_bogofilter(struct import *import, char *line)
{
    static const char *const places[] = { "subj:", "from:", "to:", "rcvd:", "head:", "mime:", "url:" };
    uint64_t last[3];
    size_t count = 0;
    while (count < 3 && take_last_number(line, &last[count]))
        count++;
    if (count < 2 || !*line || (count == 2 && strchr(line, ' ')))
        return LINE_WRONG;
    uint64_t ham = last[count - 2], spam = last[count - 1];
    if (strcmp(line, ".MSG_COUNT") == 0) {
        import->messages[LABEL_SPAM] = spam;
        import->messages[LABEL_HAM] = ham;
        return LINE_TAKEN;
    }
    import->lines++;
    if (*line == '.' || strncmp(line, "rtrn:", 5) == 0 || spam + ham < MESSAGES_LEAST)
        return LINE_TAKEN;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strncmp(line, places[i], strlen(places[i])) == 0) {
            line += strlen(places[i]);
            break;
        }
    return add_word(import, span_of(line), false, spam, ham) ? LINE_TAKEN : LINE_NO_MEMORY;
}

/* The word with its first letter large: spamprobe has small letters only, our words are as written. */
static bool add_capitalised(struct import *import, struct span text, uint64_t spam, uint64_t ham)
{
    char large[64];
    if (text.length == 0 || text.length > sizeof large || text.data[0] < 'a' || text.data[0] > 'z')
        return true;
    memcpy(large, text.data, text.length);
    large[0] = (char)(large[0] - 'a' + 'A');
    return add_word(import, span_make(large, text.length), false, spam, ham);
}

/* 13,2,8868,"for free": HAM,SPAM,FLAGS,"WORDS", words of header fields as "Hsubject_free", of links as "U_free". */
static enum line_result take_spamprobe(struct import *import, char *line)
{
    uint64_t ham, spam, flags;
    size_t length;
    if (!take_number(&line, ',', &ham) || !take_number(&line, ',', &spam) || !take_number(&line, ',', &flags) ||
        *line != '"' || (length = strlen(line)) < 3 || line[length - 1] != '"')
        return LINE_WRONG;
    struct span text = span_make(line + 1, length - 2);
    if (span_is(text, "__COUNT__")) {
        import->messages[LABEL_HAM] = ham;
        import->messages[LABEL_SPAM] = spam;
        return LINE_TAKEN;
    }
    import->lines++;
    if (ham + spam < MESSAGES_LEAST || span_starts_nocase(text, "__"))
        return LINE_TAKEN;
    if (text.data[0] == 'H' || text.data[0] == 'U') {
        size_t mark = span_find_byte(text, '_');
        text = span_from(text, mark + 1 < text.length ? mark + 1 : 0);
    }
    bool is_pair = span_find_byte(text, ' ') < text.length;
    bool added = add_word(import, text, is_pair, spam, ham) &&
                 (is_pair || add_capitalised(import, text, spam, ham));
    return added ? LINE_TAKEN : LINE_NO_MEMORY;
}

static bool take_hash(const char *text, uint64_t *hash)
{
    if (strlen(text) != 2 * HASHED_BYTES || strspn(text, "0123456789abcdef") != 2 * HASHED_BYTES)
        return false;
    *hash = strtoull(text, NULL, 16);
    return true;
}

/* Lines with tabs: "v VALUE NAME", "t SPAM HAM TIME HASH", "s h|s MESSAGE". */
static enum line_result take_spamassassin(struct import *import, char *line)
{
    uint64_t spam, ham, when, hash;
    char *rest = line + 2;
    if (line[0] == '\0' || line[1] != '\t')
        return LINE_WRONG;
    if (line[0] == 's')
        return LINE_TAKEN;
    if (line[0] == 'v') {
        if (!take_number(&rest, '\t', &spam))
            return LINE_WRONG;
        if (strncmp(rest, "num_", 4) == 0)
            import->messages[strncmp(rest, "num_spam", 8) == 0 ? LABEL_SPAM : LABEL_HAM] = spam;
        return LINE_TAKEN;
    }
    if (line[0] != 't' || !take_number(&rest, '\t', &spam) || !take_number(&rest, '\t', &ham) ||
        !take_number(&rest, '\t', &when) || !take_hash(rest, &hash))
        return LINE_WRONG;
    import->lines++;
    bool dull = spam + ham < MESSAGES_LEAST;
    return dull || add_entry(&import->hashed, hash, spam, ham) ? LINE_TAKEN : LINE_NO_MEMORY;
}

static const struct format formats[] = {
    { "SpamAssassin", take_spamassassin },
    { "spamprobe", take_spamprobe },
    { "bogofilter", take_bogofilter }, /* last: a word may be nearly anything */
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

static enum line_result take_line(struct import *import, char *line)
{
    char copy[IMPORT_LINE_MOST];
    for (size_t i = 0; !import->format && i < sizeof formats / sizeof *formats; i++) {
        memcpy(copy, line, strlen(line) + 1);
        enum line_result result = formats[i].take(import, copy);
        if (result != LINE_WRONG)
            import->format = &formats[i];
        if (import->format)
            return result;
    }
    return import->format ? import->format->take(import, line) : LINE_WRONG;
}

static bool tell_wrong(const struct import *import, uint64_t number, enum line_result result, struct failure *failure)
{
    if (result == LINE_NO_MEMORY)
        return failure_set(failure, FAILURE_TEMPORARY, "line %" PRIu64 ": there is no memory for so many words",
                           number);
    if (!import->format)
        return failure_set(failure, FAILURE_INPUT,
                           "line %" PRIu64 ": not the output of `bogoutil -d`, `spamprobe export`, `sa-learn --backup`",
                           number);
    return failure_set(failure, FAILURE_INPUT, "line %" PRIu64 ": not a line of a dump of %s", number,
                       import->format->name);
}

static bool read_lines(FILE *file, struct import *import, import_progress *progress, void *context,
                       struct failure *failure)
{
    char line[IMPORT_LINE_MOST];
    for (uint64_t number = 1; fgets(line, sizeof line, file); number++) {
        size_t length = strlen(line);
        bool whole = length > 0 && line[length - 1] == '\n';
        enum line_result result = LINE_WRONG;
        if (whole || feof(file)) {
            line[length - whole] = '\0';
            result = take_line(import, line);
        }
        if (result != LINE_TAKEN)
            return tell_wrong(import, number, result, failure);
        if (progress && number % LINES_BETWEEN_PROGRESS == 0)
            progress(context, number);
    }
    if (ferror(file))
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read the dump");
    return import->format || failure_set(failure, FAILURE_INPUT, "the dump is empty");
}

struct import *import_read(FILE *file, uint64_t key, import_progress *progress, void *context,
                           struct failure *failure)
{
    struct import *import = calloc(1, sizeof *import);
    if (!import) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for an import");
        return NULL;
    }
    import->key = key;
    if (!read_lines(file, import, progress, context, failure))
        import_free(&import);
    else
        merge_entries(&import->hashed);
    return import;
}

bool import_wants_words(const struct import *import)
{
    return import->hashed.count > 0;
}

void import_free(struct import **import)
{
    if (!*import)
        return;
    free((*import)->words.list);
    free((*import)->hashed.list);
    free(*import);
    *import = NULL;
}

/* --- words for hashes --------------------------------------------------------------------------------------------- */

static const struct entry *find_hashed(const struct import *import, struct span word)
{
    uint8_t digest[20];
    struct entry wanted = { 0 };
    if (import->hashed.count == 0)
        return NULL;
    sha1(word, digest);
    for (size_t i = sizeof digest - HASHED_BYTES; i < sizeof digest; i++)
        wanted.name = wanted.name << 8 | digest[i];
    return bsearch(&wanted, import->hashed.list, import->hashed.count, sizeof wanted, by_name);
}

/* SpamAssassin writes words that begin with a large letter small (IGNORE_TITLE_CASE). */
static const struct entry *find_small(const struct import *import, struct span word)
{
    char small[64];
    if (word.length == 0 || word.length > sizeof small || word.data[0] < 'A' || word.data[0] > 'Z')
        return NULL;
    for (size_t i = 0; i < word.length; i++)
        small[i] = word.data[i] >= 'A' && word.data[i] <= 'Z' ? (char)(word.data[i] | 0x20) : word.data[i];
    return find_hashed(import, span_make(small, word.length));
}

void import_offer_words(struct import *import, struct span text)
{
    struct span word;
    uint64_t hash;
    for (size_t at = 0; token_next(text, &at, &word, &hash);) {
        const struct entry *entry = find_hashed(import, word);
        entry = entry ? entry : find_small(import, word);
        if (entry && !add_word(import, word, false, entry->spam, entry->ham))
            return;
        if (import->words.count > IMPORT_WORDS_MOST / 2)
            merge_entries(&import->words);
    }
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

/* Counts of occurrences are no more than counts of messages can be; and all are brought down to the lessons they stand
 * for, so that what another filter saw for years does not take years to be outweighed. */
static uint16_t scaled(uint32_t count, uint64_t messages, uint32_t lessons)
{
    uint64_t most = count < messages ? count : messages;
    return (uint16_t)(messages ? (most * lessons + messages / 2) / messages : 0);
}

struct imported *import_finish(struct import *import, struct import_summary *summary, struct failure *failure)
{
    struct imported_about about = { 0 };
    uint64_t bad_rows;
    snprintf(about.from, sizeof about.from, "%s", import->format->name);
    for (int label = LABEL_HAM; label <= LABEL_SPAM; label++) {
        uint64_t messages = import->messages[label];
        about.messages[label] = messages;
        about.lessons[label] = (uint32_t)(messages < IMPORTED_LESSONS_MOST ? messages : IMPORTED_LESSONS_MOST);
    }
    merge_entries(&import->words);
    *summary = (struct import_summary){ .from = import->format->name, .lines = import->lines,
                                        .words = import->words.count,
                                        .messages = { about.messages[0], about.messages[1] } };
    if (!about.messages[LABEL_HAM] || !about.messages[LABEL_SPAM] || !import->words.count) {
        failure_set(failure, FAILURE_INPUT,
                    "this dump of %s knows %" PRIu64 " ham, %" PRIu64 " spam and %zu of our words: too little",
                    about.from, about.messages[LABEL_HAM], about.messages[LABEL_SPAM], import->words.count);
        return NULL;
    }
    struct imported *imported = imported_new(import->key, &about);
    if (!imported) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for what is imported");
        return NULL;
    }
    for (size_t i = 0; i < import->words.count; i++) {
        const struct entry *entry = &import->words.list[i];
        struct pair_counts counts = {
            .spam = scaled(entry->spam, about.messages[LABEL_SPAM], about.lessons[LABEL_SPAM]),
            .ham = scaled(entry->ham, about.messages[LABEL_HAM], about.lessons[LABEL_HAM]),
        };
        imported_put(imported, (uint32_t)entry->name, counts);
    }
    imported_count(imported, &summary->kept, &bad_rows);
    return imported;
}
