/* name-record.h - a time remembered for each message of a folder, under what stays of its file's name
 *
 * Mail servers rename a file whenever its flags change, and may add its sizes to the name; what stands before the first
 * ',' or ':' stays (cr.yp.to/proto/maildir.html: the part that makes it unique).  A record is a text file,
 *
 *     tamis-names 2 1732254000              version, and when the folder was last looked through
 *     doubted 1732340400                    or no such line: see `doubted` below
 *     began 1731999000                      or no such line: see `began` below
 *     1731999000 - 1731998999.M1P2V3I4.host a line a message: time, note, name
 *     sum 0123456789abcdef                  of all before this line (hash_bytes(), seed 0)
 *
 * replaced as a whole, mode 0600.  A file that is no record (damaged, another version's) counts as none and is replaced
 * with the next save; the log says so.  Times are seconds since 1970.  By these times mail is deleted (junk-age.h), and
 * one flipped bit of a digit is a decade: hence the sum.
 */
#ifndef TAMIS_MAILBOX_NAME_RECORD_H
#define TAMIS_MAILBOX_NAME_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/failure.h"
#include "util/span.h"

struct name_entry {
    struct span key;
    int64_t time;
    char note;    /* a printable character, '-' for none; its meaning is the caller's */
    bool present; /* of a loaded record: found again since; only these are saved */
};

struct name_record {
    struct arena *arena; /* borrowed; holds everything */
    struct name_entry *entries;
    size_t count, capacity;
    size_t sorted;       /* the first so many were loaded and are in order */
    int64_t scanned;     /* 0: never */
    int64_t doubted;     /* when a clock that does not fit `scanned` was last met; 0: it fitted */
    int64_t began;       /* when the folder was first looked through; 0: not known, or of no use to the caller */
    bool damaged;        /* there was a file, and what it said is not known */
};

/* Memory for a record and the list of a folder: 1,000,000 messages. */
#define NAME_RECORD_ARENA ((size_t)512 * 1024 * 1024)

/* What stays of a file's name. */
struct span name_record_key(const char *file_name);

/* No file is an empty record; false when it is there and cannot be read, or is a link or somebody else's. */
bool name_record_load(const char *path, struct arena *arena, struct name_record *record, struct failure *failure);

/* The entry that was loaded for this key, or NULL. */
struct name_entry *name_record_find(struct name_record *record, struct span key);

/* Adds an entry that is present.  A name that no line can hold is not recorded. */
void name_record_add(struct name_record *record, struct span key, int64_t time, char note);

/* Writes the entries that are present, making the directory (0700) when it is missing. */
bool name_record_save(struct name_record *record, const char *path, int64_t scanned, struct failure *failure);

#endif
