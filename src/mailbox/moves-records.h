/* moves-records.h - what moves.c, moves-scan.c and moves-file.c share: the records, as they stand in memory and file
 *
 *     header      struct moves_header
 *     messages    struct moves_message, header.messages of them
 *     folders     for each: struct moves_folder_record, its name, its files (struct moves_file)
 *     checksum    of all before, 8 bytes (hash.h)
 * Numbers are in the machine's order; `order` in the header refuses a file from another machine.
 */
#ifndef TAMIS_MAILBOX_MOVES_RECORDS_H
#define TAMIS_MAILBOX_MOVES_RECORDS_H

#include "mailbox/moves.h"

#define MOVES_MAGIC "tamis-moves\n"
#define MOVES_VERSION 2
#define MOVES_ORDER 0x01020304u
/* Records of messages that are nowhere are kept this long, for mail programs that upload what they took away. */
#define MOVES_GONE_DAYS 30
/* A mailbox of ten million messages is another kind of thing; a count past this is damage. */
#define MOVES_RECORDS_AT_MOST 10000000u

struct moves_header {
    char magic[12];
    uint32_t order, version;
    uint32_t messages, folders;
    uint32_t junk_opened; /* day since 1970 on which a scan last saw that the user had been in Junk; 0: never */
    uint32_t filed_day; /* since 1970: the last on which delivery put spam into Junk; 0: it was never seen to */
};

struct moves_message {
    uint8_t fingerprint[16];
    uint8_t said;    /* enum said, at delivery */
    uint8_t belief;  /* enum belief: the last word, or where it was filed */
    uint8_t taught;  /* the belief is the user's word and not delivery's */
    uint8_t lesson;  /* enum belief: to be learned yet, or BELIEF_NONE */
    uint8_t place;   /* enum place: the last it was in of Junk and ordinary folders, or PLACE_NOWHERE */
    uint8_t keyword; /* enum junk_keyword, there */
    uint8_t own;     /* was in Sent or Drafts, and never delivered */
    uint8_t fresh : 1;    /* not seen by a scan yet */
    uint8_t implicit : 1; /* the lesson is what leaving it alone says, and not the user's word */
    uint8_t weighed : 1;  /* that has been learned, or found wanting, since it lies where it lies */
    uint32_t day;    /* since 1970, of the scan that first missed it; 0 while a file has it */
    uint32_t since;  /* since 1970, of the scan that first saw it where it lies; 0: the next one will */
};

struct moves_file {
    uint64_t name;    /* hash of the part of the name that stays */
    uint32_t message; /* index */
    uint8_t marks : 2;    /* enum junk_keyword: which are set */
    uint8_t keyword : 2;  /* enum junk_keyword: what they say */
    uint8_t marked : 1;   /* what they say is new; during a scan only */
    uint8_t deleted : 1;
    uint8_t put;      /* was put into the folder by somebody, after delivery */
    uint8_t as_filed; /* lies where delivery puts what has its verdict, and was not put there */
    uint8_t seen : 1;
    uint8_t used : 1; /* answered or flagged */
    uint8_t unclear : 1; /* came with keywords of unknown meaning: `marks` and `keyword` are no answer yet */
};

struct moves_folder_record {
    int64_t times[3]; /* of cur, new, dovecot-keywords, in ns; 0: look again */
    uint32_t name_length, files;
};

struct moves_folder {
    char *name;
    const char *path; /* borrowed from the last moves_scan(); NULL: not there any more */
    enum folder_use use;
    int64_t times[3];
    struct moves_file *files; /* sorted by name */
    size_t count;
};

struct moves {
    char *path;
    bool changed;
    uint32_t filed_day; /* as in the header */
    uint32_t junk_opened; /* likewise */
    bool first; /* nothing was remembered */
    struct moves_message *messages;
    size_t count, capacity;
    uint32_t *slots; /* hash table over messages: index + 1, 0 free */
    size_t slot_count;
    struct moves_folder *folders; /* sorted by name */
    size_t folder_count;
};

/* Allocation that cannot go on without memory: ends the process as the arena does, with EX_TEMPFAIL. */
void *moves_allocate(void *old, size_t count, size_t size);

/* Makes the table of messages anew, with room for `count` of them. */
void moves_make_slots(struct moves *moves, size_t count);

/* The message with this fingerprint, added when it is new; its index.  Pointers to messages do not outlive this. */
uint32_t moves_message_find(struct moves *moves, const struct fingerprint *fingerprint);

/* The folder of that name in a list sorted by name, or NULL. */
struct moves_folder *moves_folder_find(struct moves_folder *folders, size_t count, const char *name);

void moves_folders_free(struct moves_folder *folders, size_t count);

/* The hash of a file's name without its flags. */
uint64_t moves_name_hash(struct span unique);

/* moves-file.c */
bool moves_file_load(struct moves *moves, bool *absent_r, struct failure *failure);
bool moves_file_save(const struct moves *moves, struct failure *failure);

#endif
