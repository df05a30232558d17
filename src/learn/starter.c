/* starter.c - what mail of others teaches a user who has taught nothing yet */
#include "learn/starter.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "util/arithmetic.h"
#include "util/hash.h"
#include "util/utf8.h"
#include "util/wire.h"

#define HEADER_SUM_AT 32
#define WEIGHTS_SUM_AT 40

#define SHIFT 1.0
#define FACTOR_SPAM 2.0
#define FACTOR_HAM 0.3
#define BOUND 2.5
#define BEYOND_BOUND 0.3

#define SHORTEST 20.0 /* messages of few words are no more certain than those of so many */
#define SUBJECT_SEED UINT64_C(0x7375626a65637420) /* "subject ": its own name space */
#define SUBJECT_BYTES 300
#define BODY_BYTES 1500 /* as learner A; 4,000 were no better */
#define WORD_BYTES 20 /* as in tokens.c */

struct starter {
    const uint8_t *map;
    double unit;
    struct starter_facts facts;
};

/* --- the file ---------------------------------------------------------------------------------------------------- */

/* Reads the header; false when it is not one. */
static bool read_header(struct starter *starter)
{
    struct span header = span_make((const char *)starter->map, STARTER_HEADER_BYTES);
    struct wire_reader reader = wire_read(header);
    bool known = span_is(wire_take(&reader, strlen(STARTER_MARK)), STARTER_MARK);
    known = wire_take_number(&reader, 4) == STARTER_VERSION && known;
    known = wire_take_number(&reader, 4) == STARTER_SLOT_BITS && known;
    starter->unit = (double)wire_take_number(&reader, 4) / 1e6;
    starter->facts.ham = (uint32_t)wire_take_number(&reader, 4);
    starter->facts.spam = (uint32_t)wire_take_number(&reader, 4);
    starter->facts.words = (uint32_t)wire_take_number(&reader, 4);
    return known && wire_take_number(&reader, 8) == hash_bytes(starter->map, HEADER_SUM_AT, 0);
}

bool starter_is_sound(const struct starter *starter)
{
    struct wire_reader sum = wire_read(span_make((const char *)starter->map + WEIGHTS_SUM_AT, 8));
    return wire_take_number(&sum, 8) ==
           hash_bytes(starter->map + STARTER_HEADER_BYTES, STARTER_BYTES - STARTER_HEADER_BYTES, 0);
}

static const uint8_t *map_file(int fd, const char *path, struct failure *failure)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size != STARTER_BYTES) {
        failure_set(failure, FAILURE_INPUT, "%s: not starter knowledge of this version of tamis", path);
        return NULL;
    }
    void *map = mmap(NULL, STARTER_BYTES, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED) {
        failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot map %s", path);
        return NULL;
    }
    return map;
}

struct starter *starter_open(const char *path, struct failure *failure)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            failure_set_errno(failure, FAILURE_INPUT, errno, "cannot open %s", path);
        return NULL;
    }
    const uint8_t *map = map_file(fd, path, failure);
    close(fd);
    if (!map)
        return NULL;
    struct starter *starter = malloc(sizeof *starter);
    if (starter)
        *starter = (struct starter){ .map = map };
    if (starter && read_header(starter))
        return starter;
    failure_set(failure, FAILURE_INPUT, "%s: %s", path,
                starter ? "damaged, or not starter knowledge of this version of tamis" : "no memory for it");
    munmap((void *)map, STARTER_BYTES);
    free(starter);
    return NULL;
}

void starter_close(struct starter **starter)
{
    if (*starter)
        munmap((void *)(*starter)->map, STARTER_BYTES);
    free(*starter);
    *starter = NULL;
}

struct starter_facts starter_facts(const struct starter *starter)
{
    return starter->facts;
}

/* --- words ------------------------------------------------------------------------------------------------------- */

/* What a byte of a word is hashed as: case and the choice of digits say who writes and not what.  0: no part of a word.
 * Signs that stand inside addresses and host names part words, so that what is left of them are words. */
static const uint8_t folded[256] = {
    ['0' ... '9'] = '0', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g',
    ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p',
    ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y',
    ['z'] = 'z', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h',
    ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q',
    ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
    ['\''] = '\'', ['$'] = '$', ['%'] = '%', ['!'] = '!', ['-'] = '-', [0x80 ... 0xFF] = 0x80,
};

struct slots {
    uint64_t *seen; /* a bit for each slot */
    uint32_t *slots;
    size_t count;
};

static void add_slot(struct slots *slots, uint64_t hash)
{
    uint32_t slot = (uint32_t)(hash_mix(hash) >> (64 - STARTER_SLOT_BITS));
    uint64_t bit = UINT64_C(1) << slot % 64;
    if (slots->seen[slot / 64] & bit)
        return;
    slots->seen[slot / 64] |= bit;
    slots->slots[slots->count++] = slot;
}

/* The length of an invisible character at `at`, or 0: words are not parted by what nobody sees. */
static size_t invisible_at(struct span text, size_t at)
{
    size_t size = 1;
    return utf8_is_invisible(utf8_decode(span_from(text, at), &size)) ? size : 0;
}

static void add_words(struct slots *slots, struct span text, uint64_t seed)
{
    const uint8_t *bytes = (const uint8_t *)text.data;
    size_t i = 0;
    while (i < text.length) {
        uint64_t hash = HASH_WORD_START;
        size_t length = 0;
        while (i < text.length && folded[bytes[i]]) {
            size_t skipped = bytes[i] < 0x80 ? 0 : invisible_at(text, i);
            if (!skipped && length++ < WORD_BYTES)
                hash = hash_word_byte(hash, bytes[i] < 0x80 ? folded[bytes[i]] : bytes[i]);
            i += skipped ? skipped : 1;
        }
        if (length)
            add_slot(slots, hash ^ seed);
        i += i < text.length && !folded[bytes[i]];
    }
}

const uint32_t *starter_slots(const struct message *message, struct arena *arena, size_t *count)
{
    struct span subject = span_head(header_value(&message->header, "Subject"), SUBJECT_BYTES);
    struct span body = span_head(message->visible_text, BODY_BYTES);
    struct slots slots = {
        .seen = arena_new_array(arena, uint64_t, STARTER_SLOTS / 64),
        .slots = arena_new_array(arena, uint32_t, subject.length + body.length),
    };
    add_words(&slots, subject, SUBJECT_SEED);
    add_words(&slots, body, 0);
    *count = slots.count;
    return slots.slots;
}

/* --- the score --------------------------------------------------------------------------------------------------- */

double starter_norm(size_t count)
{
    return sqrt((double)count + SHORTEST);
}

/* 0 is stored for no weight: a disk gives zeros for what it has lost, and they say nothing. */
static int steps_of(const struct starter *starter, uint32_t slot)
{
    int stored = starter->map[STARTER_HEADER_BYTES + slot / 2] >> slot % 2 * 4 & 15;
    return stored ? stored - 8 : 0;
}

static double bounded(double log_odds)
{
    double size = fabs(log_odds);
    return size <= BOUND ? log_odds : copysign(BOUND + BEYOND_BOUND * real_log1p(size - BOUND), log_odds);
}

double starter_share(const uint64_t lessons[2])
{
    uint64_t rarer = lessons[LABEL_HAM] < lessons[LABEL_SPAM] ? lessons[LABEL_HAM] : lessons[LABEL_SPAM];
    return rarer < STARTER_LESSONS ? 1 - (double)rarer / STARTER_LESSONS : 0;
}

double starter_log_odds(const struct starter *starter, const struct message *message, struct arena *arena)
{
    size_t count;
    const uint32_t *slots = starter_slots(message, arena, &count);
    int64_t steps = 0;
    for (size_t i = 0; i < count; i++)
        steps += steps_of(starter, slots[i]);
    double raw = (double)steps * starter->unit / starter_norm(count) + SHIFT;
    return bounded(raw * (raw > 0 ? FACTOR_SPAM : FACTOR_HAM));
}
