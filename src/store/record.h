/* record.h - every byte that a store keeps on disk, drawn
 *
 * A store is a directory (0700) of six files (0600), all in the byte order of the machine (the mark in each header
 * tells; a dump is the way to another machine):
 *
 *   lock          "tamis-store 2\n": the version of all that follows.  Its lock (flock: shared by readers, exclusive
 *                 for the writer) guards the rest.  Another version is STORE_NEWER or STORE_OLDER: nothing is touched,
 *                 not even to repair it.  (Version 1 had ledger entries of 40 bytes, and its snapshot was not packed.)
 *   snapshot      all rows that are not empty, as they were after lesson number `sequence`, packed
 *   journal       the lessons since then: with the snapshot, the truth
 *   weights.tcf   |
 *   pairs.tcf     | tables of rows in Tokyo Cabinet's fixed-length format (row n is its record n + 1), there to be
 *   ledger.tcf    | read at once; whenever they are in doubt they are made anew from snapshot and journal
 *
 * --- Rows ------------------------------------------------------------------------------------------------------------
 *
 * Every row starts with a checksum over the rest of it, seeded with the user's key, the table and the row's number, so
 * that a row that was damaged, zeroed, copied to another place or taken from another user's store is noticed.  Every
 * row of a table is written when the table is made: there are no absent rows, and a row of zeros is a damaged one.
 *
 * weights.tcf, from row 0         bytes  what                              2,056 bytes a row
 *                                0      u64 checksum
 *                                8      i16 weights[1024]                 slot s is in row s / 1024 (128 rows)
 *
 * weights.tcf, then the meta     0      u64 checksum                      seed: the key taken as 0, since it is in here
 *                                8      char magic[8] "tamismet"
 *                                16     u32 version, 20 u32 byte order mark 0x01020304
 *                                24     u64 key
 *                                32     u64 sequence                      of the last lesson applied
 *                                40     u64 applying                      sequence of the lesson being applied, or 0
 *                                48     u64 journal_bytes                 length of the journal they agree with
 *                                56     u8  boot[16]                      boot id when the last writer wrote
 *                                72     u32 pair_rows, 76 u32 ledger_rows
 *                                80     u64 ledger_used                   entries in the ledger
 *                                88     u64 lessons[2], 104 u64 pair_lessons[2]   [ham, spam]
 *                                120    i64 last_lesson[2]
 *                                136    u32 run_label, 140 u32 run      how many lessons in a row had that label
 *                                144    zeros
 *
 * weights.tcf, last 4 rows       0      u64 checksum                      scales, a row for each learner
 *                                8      u32 counts[2][256]                [ham, spam][bin]
 *
 * pairs.tcf                      0      u64 checksum                      64 bytes a row, 2^16 rows
 *                                8      7 slots of { u16 check, u16 spam, u16 ham, u16 day }
 *   The upper bits of a 32-bit feature hash name the row, its lower 16 bits are the check (with 2^16 rows no two hashes
 *   are ever taken for each other).  Used slots stand first, sorted by check, no check twice; unused slots are zeros;
 *   spam and ham are not both 0 in a used one.  `day` is the day (since 1970, modulo 2^16: until 2149) on which the
 *   slot was taken.
 *
 *   Worked example: hash 0xABCD1234 seen in one spam on 1 January 2026 (day 20454 = 0x4FE6), alone in its row 0xABCD
 *   (file offset 256 + 0xABCD * 65; 65 because Tokyo Cabinet keeps the length, 0x40, before each value):
 *     40 | cc cc cc cc cc cc cc cc | 34 12 01 00 00 00 e6 4f | 00 ... 00  (6 unused slots)
 *
 * ledger.tcf                     0      u64 checksum                      776 bytes a row, 2^8 to 2^11 rows
 *                                8      32 entries of 24 bytes            struct ledger_slot below
 *   Of a message's identity its first 8 bytes are kept: that two of 65,536 messages have them in common happens in one
 *   of ten billion stores, and the second is then taken for known.  Row: these 8 bytes, xor the key, mixed (hash_mix()
 *   of util/hash.h), modulo the rows.  Used entries stand first, sorted by identity.  Times are seconds since 1970
 *   (from 0 to 2^32 - 1: until 2106).  The ledger doubles behind the lesson with which more than three eighths of it
 *   are used.
 *
 * On a server alone              0      u64 checksum                      264 bytes a row, 1,025 rows
 *                                8      u8 bytes[256]                     of the file that history.h draws: a row for
 *                                                                         each bucket, behind them one for the header
 *                                0      u64 checksum                      2,056 bytes a row, at most 4,096 rows
 *                                8      u8 bytes[2048]                    row 0: u64 length, u8 mark[64]; then the
 *                                                                         bytes of companion.h's file
 *
 * --- What a bounded store means for undoing --------------------------------------------------------------------------
 *
 * Taking a lesson back restores every bit, with these exceptions, which are the price of the bounds:
 *   - a weight that met +-32767 in between stays off by what was cut;
 *   - a count that reached 65535 stays there until its slot is evicted: nobody knows how far it would have gone;
 *   - a full pair row evicts its slot with the lowest sum of counts, among these the oldest day, then the lowest check.
 *     Evicted counts do not come back, and taking back a lesson passes over the slots that are gone;
 *   - a full ledger row evicts its oldest entry: that lesson can no longer be taken back, and is learned anew if it
 *     comes again.
 *
 * --- snapshot --------------------------------------------------------------------------------------------------------
 *
 *   0   char magic[8] "tamissnp", 8 u32 version, 12 u32 byte order mark
 *   16  u64 key, 24 u64 sequence, 32 u32 pair_rows, 36 u32 ledger_rows, 40 u64 count of rows, 48 u64 length of the file
 *   56  u64 checksum of bytes 0-55
 *   64  blocks:   0  u32 magic 0x424E5354 ("TSNB" on disk), 4 u32 length of the packed rows
 *                 8  u32 table << 28 | number of the first row, 12 u32 how many rows, those between that are empty too
 *                 16 u64 checksum of bytes 0-15 and the packed rows, seeded with the key
 *                 24 the rows as above without their checksums, packed (packing.h)
 *   A block of which nothing is left but empty rows is left out.  `count of rows` counts those that are not empty.
 *
 * --- How large all this gets -----------------------------------------------------------------------------------------
 *
 *   In bytes, once 458,752 pairs and 65,536 entries are taken (measured after 120,000 lessons that have nothing in
 *   common): weights 0.3 M, pairs 4.3 M, ledger 1.6 M, snapshot 3.7 M, journal at most 1 M and a lesson; with the
 *   history and the user's rules compiled 11.7 M.  While learning in bulk the journal has up to 16 M.
 *
 * --- journal ---------------------------------------------------------------------------------------------------------
 *
 *   0   char magic[8] "tamisjnl", 8 u32 version, 12 u32 byte order mark, 16 u64 key
 *   24  u64 sequence before the first record, 32 u64 checksum of bytes 0-31
 *   40  records:  0  u32 magic 0x4C53534E ("NSSL" on disk), 4 u32 length of the body
 *                 8  u64 sequence
 *                 16 u64 checksum of bytes 0-15 and the body, seeded with the key
 *                 24 body: u8 count of lessons (1-4), then for each: u8 retract, 24 bytes entry (struct ledger_slot),
 *                    grams, pairs
 *   Grams and pairs are sorted numbers, as a count and then the differences, all LEB128 (7 bits a byte, low bits first,
 *   the upper bit says that more follow): some 9 KB for a lesson of 3,000 grams and 1,500 pairs.
 *   A record that is cut short at the end of the file was never promised to anybody and is dropped.
 */
#ifndef TAMIS_STORE_RECORD_H
#define TAMIS_STORE_RECORD_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/engine.h"
#include "store/store.h"

#define RECORD_VERSION 2u
#define RECORD_BYTE_ORDER 0x01020304u

/* What a new store is made with: 2^16 rows take 4.3 MB, of which a reader maps nearly all. */
#define PAIR_ROWS (1u << 16)
#define LEDGER_ROWS_FIRST (1u << 8)
#define LEDGER_ROWS_MOST (1u << 11)

#define WEIGHTS_PER_ROW 1024u
#define WEIGHT_ROWS (STORE_WEIGHT_SLOTS / WEIGHTS_PER_ROW)
#define META_ROW WEIGHT_ROWS
#define SCALE_ROW (META_ROW + 1)
#define WEIGHT_TABLE_ROWS (SCALE_ROW + STORE_LEARNERS)

#define PAIR_SLOTS 7
#define LEDGER_SLOTS 32

#define HISTORY_ROW_BYTES 256u
#define HISTORY_HEADER_ROW 1024u
#define HISTORY_ROWS (HISTORY_HEADER_ROW + 1)

#define COMPANION_ROW_BYTES 2048u
#define COMPANION_ROWS 4096u

struct weight_row {
    uint64_t checksum;
    int16_t weights[WEIGHTS_PER_ROW];
};

struct meta_row {
    uint64_t checksum;
    char magic[8];
    uint32_t version, byte_order;
    uint64_t key;
    uint64_t sequence, applying, journal_bytes;
    uint8_t boot[16];
    uint32_t pair_rows, ledger_rows;
    uint64_t ledger_used;
    uint64_t lessons[2], pair_lessons[2];
    int64_t last_lesson[2];
    uint32_t run_label, run;
    uint8_t zeros[1912];
};

struct scale_row {
    uint64_t checksum;
    uint32_t counts[2][STORE_SCALE_BINS];
};

struct pair_slot {
    uint16_t check, spam, ham, day;
};

struct pair_row {
    uint64_t checksum;
    struct pair_slot slots[PAIR_SLOTS];
};

enum { LEDGER_USED = 1, LEDGER_SPAM = 2, LEDGER_STEPPED_PAIRS = 4, LEDGER_SOURCE_SHIFT = 4 };

#define LEDGER_IDENTITY 8

struct ledger_slot {
    uint8_t identity[LEDGER_IDENTITY];
    uint32_t when;
    uint32_t feature_check;
    int16_t weight_step;
    uint8_t bins[STORE_LEARNERS];
    uint8_t flags; /* bits above */
    uint8_t canon_version;
};

struct ledger_row {
    uint64_t checksum;
    struct ledger_slot slots[LEDGER_SLOTS];
};

struct history_row {
    uint64_t checksum;
    uint8_t bytes[HISTORY_ROW_BYTES];
};

struct companion_row {
    uint64_t checksum;
    uint8_t bytes[COMPANION_ROW_BYTES];
};

static_assert(sizeof(struct weight_row) == 2056, "drawn above");
static_assert(sizeof(struct meta_row) == 2056 && offsetof(struct meta_row, zeros) == 144, "drawn above");
static_assert(sizeof(struct scale_row) == 2056, "drawn above");
static_assert(sizeof(struct pair_row) == 64, "drawn above");
static_assert(sizeof(struct ledger_slot) == 24, "drawn above");
static_assert(sizeof(struct ledger_row) == 776, "drawn above");
static_assert(sizeof(struct history_row) == 264, "drawn above");
static_assert(sizeof(struct companion_row) == 2056, "drawn above");

/* The largest row, for buffers. */
#define ROW_BYTES_MOST 2056

/* --- checksums ---------------------------------------------------------------------------------------------------- */

/* Writes the checksum into row `number` of `table`. */
void record_seal(void *row, enum table table, uint32_t number, uint64_t key);

/* Is the row what was sealed at this place? */
bool record_is_sound(const void *row, enum table table, uint32_t number, uint64_t key);

/* Is nothing in it besides the checksum? */
bool record_is_empty(const void *row, enum table table);

/* --- rows and slots ----------------------------------------------------------------------------------------------- */

/* Where a feature hash lives in a table of `rows` rows (a power of two; below 2^16, hashes share rows and checks). */
static inline uint32_t pair_row_of(uint32_t hash, uint32_t rows)
{
    return (uint32_t)(((uint64_t)hash * rows) >> 32);
}

static inline uint16_t pair_check_of(uint32_t hash)
{
    return (uint16_t)hash;
}

static inline bool pair_slot_used(const struct pair_slot *slot)
{
    return slot->spam || slot->ham;
}

/* The slot with this check, or NULL. */
const struct pair_slot *pair_find(const struct pair_row *row, uint16_t check);

/* Counts one lesson; evicts when the row is full. */
void pair_add(struct pair_row *row, uint16_t check, enum label label, uint16_t day);

/* Takes one lesson back; a slot that is gone is passed over. */
void pair_take(struct pair_row *row, uint16_t check, enum label label);

/* Adds with saturation. */
int16_t weight_add(int16_t weight, int step);

/* The key is in it, so that no sender can aim many messages at one row. */
uint32_t ledger_row_of(const uint8_t identity[LEDGER_IDENTITY], uint64_t key, uint32_t rows);

/* The entry in its row, or NULL. */
const struct ledger_slot *ledger_find(const struct ledger_row *row, const uint8_t identity[LEDGER_IDENTITY]);

/* Adds an entry that is not there yet; evicts when the row is full. True: nothing was evicted. */
bool ledger_add(struct ledger_row *row, const struct ledger_slot *slot);

/* Removes an entry; false when it is not there. */
bool ledger_remove(struct ledger_row *row, const uint8_t identity[LEDGER_IDENTITY]);

/* The time as an entry keeps it. */
int64_t ledger_seconds(int64_t when);

void ledger_pack(const uint8_t identity[LEDGER_IDENTITY], const struct ledger_entry *entry, struct ledger_slot *slot);
void ledger_unpack(const struct ledger_slot *slot, struct ledger_entry *entry);

/* A meta row for a store in which nothing has been learned. */
void record_new_meta(struct meta_row *meta, uint64_t key, uint32_t pair_rows, uint32_t ledger_rows);

/* Is it one of ours and of this version and byte order, with row counts within their bounds? (Its checksum is checked
 * apart.) */
bool record_meta_is_ours(const struct meta_row *meta);

/* Refuses `what`, which is of another version than ours: `state` and `failure` say which way, and what to do. */
bool record_refuse_version(const char *what, uint32_t version, enum store_state *state, struct failure *failure);

/* Are they powers of two within bounds? */
bool record_rows_are_possible(uint32_t pair_rows, uint32_t ledger_rows);

#endif
