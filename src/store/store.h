/* store.h - what is remembered of one user's mail, and the promises about it
 *
 * A store is a directory (mode 0700).  It keeps what the two learners have learned, the scales that calibrate them, and
 * the ledger of which message was learned as what.  All access is in batches: one read for a message, one atomic change
 * for a lesson.
 *
 * Promises
 *  - A killed process never leaves a torn state; power loss loses at most the lesson in progress.  The journal is the
 *    truth: a lesson counts when its journal record is on the disk (one write, one fdatasync).  The tables are what the
 *    snapshot plus the journal say; whenever they cannot be trusted (a writer died in them, the machine restarted
 *    since, a checksum is wrong) they are made again from those two.  Where one of those two is damaged, trusted tables
 *    stand in for both, and store_look_after() writes them anew in time.  So do, at once, tables that are whole but for
 *    a journal of which not even the header is left.
 *  - Readers never wait longer than they said, and go on without learned evidence instead.  Many readers, or one
 *    writer.
 *  - Damage, a foreign file, another version: noticed, named, never believed, never fatal.
 *  - Bounded size: a fixed number of slots; rare old tokens, and the oldest of 65,536 ledger entries, make room
 *    (see record.h).
 *  - A reader that meets damage makes the tables again, when no one else is at work, and reads once more.
 *  - Dump and load are exact.
 *
 * Or it is in a Redis server that many hosts share; then "the disk" is that server's, and what differs is said in
 * remote.h.
 *
 * Files, layout and versions are drawn in record.h.  Tokyo Cabinet is known only to engine-tokyocabinet.c; an engine is
 * one file that fills in a struct store_engine (engine.h) plus one line in the table in engine.c, or a module.
 */
#ifndef TAMIS_STORE_STORE_H
#define TAMIS_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/failure.h"

struct store;

enum store_access {
    STORE_READ, /* shared; changes nothing, but may rebuild tables that cannot be trusted when no one else is at work */
    STORE_WRITE /* exclusive; creates what is missing */
};

/* A server that keeps the learned state of many users.  Texts must outlive the store; they may be NULL or "" where
 * nothing is to be said. */
struct store_remote {
    const char *server;        /* one or several, as redis-address.h reads them; the first that answers is asked */
    const char *user;          /* as the server knows us; "": its default user */
    const char *password_file; /* whose first line is the password; "": none is asked for */
    const char *certificates;  /* file of those that may sign the server's; "": the system's */
    const char *tls_name;      /* name in the server's certificate; "": its address */
    const char *prefix, *name; /* the key is PREFIX{NAME}; NAME is the user's */
    int timeout_milliseconds;  /* for a reader; writers have STORE_REMOTE_WRITER_PATIENCE times that */
    int days;                  /* a state that nothing was learned into for so long goes; 0: none goes */
};

#define STORE_REMOTE_WRITER_PATIENCE 10

struct store_options {
    const char *directory;
    const char *engine;      /* NULL: "tokyocabinet"; "redis"; "memory" keeps nothing (tests, evaluate) */
    struct store_remote remote; /* of "redis" */
    int lock_wait_milliseconds; /* how long opening waits for others at most, in all */
    bool statistics;        /* lessons are counted in the daybook (daybook.h) */
    bool not_durable;       /* no fdatasync per lesson: for scratch stores and within bulk training, see store_sync() */
};

/* Why there is no store to read from: each is said in X-Spam-Status and the log. */
enum store_state {
    STORE_READY,
    STORE_EMPTY,       /* nothing learned yet, or no directory: not an error */
    STORE_BUSY,        /* the lock was not free in time */
    STORE_DAMAGED,     /* and could not be rebuilt just now */
    STORE_NEWER,       /* written by a newer version of this program */
    STORE_OLDER,       /* written by an older one, in a form this one does not know any more: a dump carries it over */
    STORE_FORBIDDEN,   /* owner or permissions do not allow it */
    STORE_UNREACHABLE, /* the server does not answer, or not in time */
    STORE_UNUSABLE     /* anything else: I/O error, disk full */
};

/* Opens, at most once at a time for one directory in one process.  NULL with `*state` and `failure` set when there is
 * nothing to use; for STORE_READ an absent store is NULL and STORE_EMPTY. */
struct store *store_open(const struct store_options *options, enum store_access access, enum store_state *state,
                         struct failure *failure);

/* Opens every file that reading weights, scales and pairs needs, so that a process which may open nothing any more can
 * still read.  Damage that shows after that is told and not mended; the caller sees to store_mend() elsewhere. */
bool store_make_ready(struct store *store, struct failure *failure);

/* What it asks a server on, which must then still be usable; -1: it needs no descriptor. */
int store_descriptor(const struct store *store);

/* Makes the tables of a store that is open again, since something read from them was damaged. */
bool store_mend(struct store *store, struct failure *failure);

/* Closes and clears the caller's pointer.  NULL inside is allowed. */
void store_close(struct store **store);

/* Why nothing can be read from a store, given why a read or an opening of it failed: damage only where damage was seen,
 * not where memory, descriptors or an answer were lacking. */
enum store_state store_state_after(const struct store *store, const struct failure *failure);

/* One word for a state: "ready", "empty", "locked", "damaged", "newer", "older", "forbidden", "unreachable",
 * "unusable". */
const char *store_state_name(enum store_state state);

/* --- what is stored ----------------------------------------------------------------------------------------------- */

/* Learner A: one weight for each slot of hashed byte 5-grams, in units of STORE_WEIGHT_UNIT. */
#define STORE_WEIGHT_SLOTS (1u << 17) /* 2^16 loses 2 % of accuracy, 2^18 gains nothing (measured on 6,000 messages) */

/* Learner B: a 32-bit feature hash names a row and a check within it (record.h).  How many spam and ham lessons held
 * it. */
struct pair_counts {
    uint16_t spam, ham;
};

/* The scales: for each learner and label, how many lessons had their score in which bin, before they were learned. */
#define STORE_LEARNERS 4    /* room for more members of the fusion */
#define STORE_SCALE_BINS 256

struct scales {
    uint32_t counts[STORE_LEARNERS][2][STORE_SCALE_BINS]; /* [learner][label][bin] */
};

enum label { LABEL_HAM, LABEL_SPAM };

/* Who said so.  A user's word replaces any other source's; an implicit one never replaces a user's. */
enum label_source { SOURCE_USER, SOURCE_IMPLICIT, SOURCE_TRAP, SOURCE_IMPORT };

struct totals {
    uint64_t lessons[2];       /* [label], learned and not taken back (also those whose ledger entry was evicted) */
    uint64_t pair_lessons[2];  /* [label], those that stepped learner B */
    uint64_t sequence;         /* of the last journal record applied */
    int64_t last_lesson[2];    /* [label], the latest when of a lesson, seconds since 1970; taking back leaves it */
    uint32_t run;              /* how many lessons in a row had the label run_label, up to the last; taking back */
    enum label run_label;      /* leaves it, and it is not in a dump */
};

/* What was done for one message: enough to undo it exactly, given its features again. */
struct ledger_entry {
    enum label label;
    enum label_source source;
    int16_t weight_step;     /* what was added to each of its weights */
    uint8_t pair_step;       /* what was added to each of its pair counts, 0 or 1 */
    uint8_t bins[STORE_LEARNERS]; /* where its scores fell */
    uint8_t canon_version;   /* of the canonical text its features came from */
    uint32_t feature_check;  /* checksum over its features: they must be the same when it is undone */
    int64_t when;            /* seconds since 1970 */
};

/* Where the user's other files are, beside the learned state: "" for a store that is kept nowhere. */
const char *store_directory(const struct store *store);

/* Which relays, hosts and scripts mail had before (history.h): in the directory of the store, or with it on a server.
 * Lives as long as the store; NULL when there is none, or it cannot be used, which `failure` then says. */
struct history;
struct history *store_history(struct store *store, struct failure *failure);

/* The same as it is now, whatever is learned afterwards; history_close() it.  NULL: none. */
struct history *store_history_as_it_is(struct store *store);

/* The whole of it, wherever it is kept; free() it.  NULL: there is none, or `failure`. */
struct history_text;
struct history_text *store_read_history(const struct store_options *options, struct failure *failure);

/* Puts it in the place of what is there.  The store must have been made. */
bool store_write_history(const struct store_options *options, const struct history_text *text,
                         struct failure *failure);

/* Is it on a server, where what takes a while need not be waited for at a delivery? */
bool store_is_remote(const struct store_options *options);

/* Notes in the history, where there is one, that a message of that relay arrived at `when`.  Best effort: where others
 * are at it all the time it is left, which is no failure. */
bool store_note_arrival(const struct store_options *options, uint64_t relay, int64_t when, struct failure *failure);

/* What was imported from another filter, for readers, while the user's own lessons are few (imported.h); NULL: nothing.
 * Lives as long as the store. */
struct imported;
const struct imported *store_imported(const struct store *store);

/* The record of what was learned when (daybook.h), in the directory of the store; NULL for one that keeps nothing, and
 * NULL and `failure` when it cannot be used.  Of a store on a server it is of this host alone. */
struct daybook;
struct daybook *store_daybook(struct store *store, struct failure *failure);

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* All reads return false on damage found on the way (failure says what): then none of the result is to be believed. */
bool store_read_totals(struct store *store, struct totals *totals, struct failure *failure);
bool store_read_scales(struct store *store, struct scales *scales, struct failure *failure);

/* The weights of `count` slots, in their order; each row of the table is read once where they are sorted. */
bool store_read_weights(struct store *store, const uint32_t *slots, size_t count, int16_t *weights,
                        struct failure *failure);

/* Counts for `count` feature hashes, in their order; unknown ones are 0/0. */
bool store_read_pairs(struct store *store, const uint32_t *pairs, size_t count, struct pair_counts *counts,
                      struct failure *failure);

/* 1 found, 0 not in the ledger, -1 could not tell. */
int store_read_ledger(struct store *store, const uint8_t identity[16], struct ledger_entry *entry,
                      struct failure *failure);

/* The key that keeps this user's token hashes apart from others'; made at random with the store. */
uint64_t store_key(const struct store *store);

/* --- changing ----------------------------------------------------------------------------------------------------- */

struct trace; /* history.h */

/* One step on the features of one message.  With `retract` it takes back what its entry says instead, and removes the
 * entry. */
struct lesson {
    uint8_t identity[16];
    bool retract;
    struct ledger_entry entry;
    const uint32_t *grams; /* distinct slots below STORE_WEIGHT_SLOTS; sorted ones are not copied */
    size_t gram_count;
    const uint32_t *pairs; /* distinct feature hashes */
    size_t pair_count;
    const struct trace *trace; /* what the message had of relays and hosts; NULL: the history has it already */
};

/* Applies one to four lessons as one atomic, durable change (a flip is a retraction and a lesson).  Their traces are
 * counted in the history: on a server in the same step, elsewhere after it; when that fails it costs some evidence, no
 * lesson, and a line in the log. */
bool store_apply(struct store *store, const struct lesson *lessons, size_t count, struct failure *failure);

/* Makes everything applied so far durable (after work with not_durable). */
bool store_sync(struct store *store, struct failure *failure);

/* --- care --------------------------------------------------------------------------------------------------------- */

struct store_check_result {
    enum store_state state;
    uint64_t rows, bad_rows;
    uint64_t ledger_entries;
    uint64_t pairs_used, pair_slots;
    uint64_t journal_records, journal_bytes;
    bool rebuild_needed;
    uint64_t bytes; /* on disk, all files */
};

/* Reads every row and record and says what is wrong; changes nothing. */
bool store_check(const struct store_options *options, struct store_check_result *result, struct failure *failure);

/* Reads snapshot and journal through, which nothing else does while the tables can be trusted, so that damage to them
 * is not found when it is too late (nightly).  Where they are damaged and the tables are whole, both are written anew
 * from these, and `damage` says what was wrong; its kind is FAILURE_NONE otherwise.  False and `failure` when nothing
 * whole is left, or it cannot be told.  Where nothing was learned, and on a server, there is nothing to look after. */
bool store_look_after(const struct store_options *options, struct failure *damage, struct failure *failure);

/* Makes the tables again from snapshot and journal. `lost_r` gets how many journal records could not be used.  On a
 * server, which has neither, rows that are damaged are emptied, and counted there. */
bool store_rebuild(const struct store_options *options, uint64_t *lost_r, struct failure *failure);

/* Writes the whole state as text, one line a record (format: tamis-store(5)).  Where records of the journal are damaged
 * that the tables do not have, writes all that is sound, says how many are not in it, and is false. */
bool store_dump(const struct store_options *options, int fd, struct failure *failure);

/* Reads it back exactly, from the next line on, into an empty store.  `replace`: it may have something in it, which
 * goes when all has been read. */
struct text_lines;
bool store_load(const struct store_options *options, struct text_lines *lines, bool replace, struct failure *failure);

/* Snapshot now and empty the journal (nightly, or by itself when the journal is long).  On a server: fits the ledger to
 * what is in it, and writes the whole store anew.  A journal with damaged records that the tables do not have stays as
 * it is: emptying it is for store_rebuild(), and so it is with store_copy(). */
bool store_compact(const struct store_options *options, struct failure *failure);

/* Puts off the end that store_remote.days sets to a state nothing is learned into; nothing to do for files. */
bool store_keep(const struct store_options *options, struct failure *failure);

/* Copies the whole state, exactly, into an empty store of another engine. */
bool store_copy(const struct store_options *from, const struct store_options *to, struct failure *failure);

/* Calls `visit` for every ledger entry, of whose identity 8 bytes are kept; stops when it returns false. */
bool store_scan_ledger(struct store *store, bool (*visit)(void *context, const uint8_t identity[8],
                       const struct ledger_entry *entry), void *context, struct failure *failure);

#endif
