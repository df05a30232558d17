/* entry.h - the lines of the list files: who is allowed, denied, a trap, or for people inside only
 *
 * A list is plain text, one entry a line, written by people:
 *
 *     anna@example.org             one address; ASCII case does not matter, before the @ either
 *     @example.org                 every address at that domain ("*@example.org" is the same)
 *     @.example.org                at that domain and at all below it
 *     list-id:news.example.org     a mailing list, by its List-Id field (RFC 2919)
 *     # a comment, on a line of its own or behind an entry and a blank
 *
 * Domains may be written in any script; they are compared in the ASCII form (IDNA) in which mail carries them.  A line
 * that is none of these changes nothing, and is complained about with file and line.
 *
 * Reading is linear, keeps nothing, and needs no memory but for domains outside ASCII.
 */
#ifndef TAMIS_SENDERS_ENTRY_H
#define TAMIS_SENDERS_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

/* In order of how much an entry says: the later is the more specific. */
enum entry_kind {
    ENTRY_NONE, /* an empty line or a comment */
    ENTRY_MISTAKEN,
    ENTRY_DOMAIN_BELOW, /* @.example.org */
    ENTRY_DOMAIN,       /* @example.org */
    ENTRY_LIST_ID,
    ENTRY_ADDRESS
};

struct entry {
    enum entry_kind kind;
    struct span text;    /* as it stands in the file, without comment */
    struct span local;   /* before the '@' of an address */
    struct span domain;  /* of an address or domain, or the identifier of a mailing list */
    const char *mistake; /* ENTRY_MISTAKEN: what is accepted instead */
};

/* The longest address mail can carry (RFC 5321 section 4.5.3.1: 64 + 1 + 255). */
#define ENTRY_LONGEST 320

/* Reads one line, without its line end. */
struct entry entry_read(struct span line, struct arena *arena);

/* The text of a file, line by line. */
struct entry_reader {
    struct span rest;
    unsigned line; /* of the entry that was read last, from 1 */
    struct arena *arena;
};

struct entry_reader entry_reader_new(struct span text, struct arena *arena);

/* The next line that is not empty and no comment; false behind the last. */
bool entry_next(struct entry_reader *reader, struct entry *entry);

/* A domain as it is compared: outside ASCII by IDNA, else as it is; empty when it is no domain. */
struct span entry_domain(struct span domain, struct arena *arena);

/* Does the entry mean this address?  `domain` as entry_domain() gives it. */
bool entry_is_address(const struct entry *entry, struct span local, struct span domain);

/* Does it mean this mailing list?  `list_id` without its angle brackets. */
bool entry_is_list(const struct entry *entry, struct span list_id);

/* Do both mean the same? */
bool entry_same(const struct entry *a, const struct entry *b);

#endif
