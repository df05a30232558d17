/* correspondents.h - whom the user has written to, and which messages the user wrote: out of sent mail alone
 *
 * Gathered from the Sent folder (commands/sent-mail.h), never from mail that came in: nobody becomes known by writing.
 * Asked at delivery, where it is evidence that somebody writes whom the user knows, or answers the user.
 *
 * One file in the state directory, replaced in one step; drawn in correspondents-layout.h.  Asking maps it and looks at
 * some fifteen places of it, whatever its size; without the file it costs one failed open(2).  Nothing in it is
 * believed without a look at its bounds, and a file that is none is as good as no file.
 *
 * With a store on a server that file is a copy of what many hosts share.
 *
 * Addresses are compared in lower case (ASCII) and with their domain by IDNA.  An address that the user writes
 * from, and no more often to, is the user's own and no correspondent's.
 */
#ifndef TAMIS_SENDERS_CORRESPONDENTS_H
#define TAMIS_SENDERS_CORRESPONDENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "store/companion.h"
#include "util/arena.h"
#include "util/failure.h"
#include "util/span.h"
#include "util/text-lines.h"

#define CORRESPONDENTS_FILE "correspondents"

/* What is kept: those written to last, and the messages written last.  People who write for a living write to some
 * 3,000 others in ten years, and answers to a message of 20,000 ago are rare.  At most 1.7 MB, of names mostly. */
#define CORRESPONDENTS_MOST 20000
#define CORRESPONDENTS_MESSAGES_MOST 20000
/* Files of sent mail that need not be read again; more are read again, and known by their Message-ID. */
#define CORRESPONDENTS_FILES_MOST 200000
/* Who writes to more at once writes a circular: these are noted, the others are not. */
#define CORRESPONDENTS_OF_ONE_MESSAGE 100
/* The longest Message-ID that is noted. */
#define CORRESPONDENTS_IDENTIFIER 1000

/* --- asking ----------------------------------------------------------------------------------------------------- */

/* Opened by correspondents_open(), or by the first question. */
struct correspondents_book {
    const char *directory; /* the state directory; "" or NULL: nobody is known */
    bool opened;
    const char *bytes; /* of the file, mapped; NULL: there is none */
    size_t length;
    bool unusable; /* there is one, or may be, that cannot be read, or is damaged or of another version */
};

/* Before the process gives up opening files. */
void correspondents_open(struct correspondents_book *book);

void correspondents_close(struct correspondents_book *book);

/* How many messages the user has written to this mailbox; 0: none, or it is the user's own.  `arena` for domains
 * outside ASCII. */
unsigned correspondents_written_to(struct correspondents_book *book, struct span local, struct span domain,
                                   struct arena *arena);

/* Has the user written the message with this Message-ID (its angle brackets do not matter)? */
bool correspondents_wrote(struct correspondents_book *book, struct span message_id);

/* For people: all, in no order of meaning. */
struct correspondent_shown {
    struct span mailbox;
    unsigned sent_to; /* messages */
    bool is_own;      /* it is the user's */
    int64_t last;     /* the day of the last message to or from it, since 1970 */
};
void correspondents_visit(struct correspondents_book *book,
                          void (*visit)(void *context, const struct correspondent_shown *shown), void *context);

/* --- on many hosts ---------------------------------------------------------------------------------------------- */

/* With a store on a server the file goes with it (store/companion.h): each host has a copy, which it asks whether or
 * not the server answers, and fetches anew when what is read for a message says that there is another.  With a store in
 * files these do nothing. */

/* Is the open store's file another than this host's? */
bool correspondents_are_old(struct correspondents_book *book, struct store *store);

/* Makes the file what the server has; `*mark` says which that is.  Where it has none, the file is left.  The caller
 * holds the lock of gathering, here and there. */
bool correspondents_fetch(const struct store_options *options, struct companion_mark *mark, struct failure *failure);

/* Gives the file to the server, in the place of that with the mark.  FAILURE_TEMPORARY when another host was faster. */
bool correspondents_share(const struct store_options *options, const struct companion_mark *mark,
                          struct failure *failure);

/* --- gathering -------------------------------------------------------------------------------------------------- */

struct correspondents_gathering;

/* Reads what is known, to add to it.  One process at a time: the caller holds a lock.  Never NULL; when the file
 * is damaged all starts anew and `failure` (FAILURE_DAMAGED) says so; another failure: it cannot be read just now, and
 * must not be saved over.  Dies with EX_TEMPFAIL when there is no memory (arena.h). */
struct correspondents_gathering *correspondents_gather(const char *directory, struct failure *failure);

/* Was the file of this name read in an earlier run?  Its name in a Maildir, without the flags.  It is kept in mind for
 * the next. */
bool correspondents_file_is_known(struct correspondents_gathering *gathering, struct span name);

/* It has been read. */
void correspondents_file_done(struct correspondents_gathering *gathering, struct span name);

struct sent_message {
    struct span identity; /* its Message-ID, or what stands for it */
    int64_t time;         /* seconds since 1970 */
    const struct span *from, *to; /* mailboxes, domain by IDNA; each once */
    size_t from_count, to_count;
};

/* Adds a message; false when it is known already, or older than all that is remembered. */
bool correspondents_add(struct correspondents_gathering *gathering, const struct sent_message *message);

/* Writes the file when anything changed.  `forget_files`: files not asked for since the start are gone. */
bool correspondents_save(struct correspondents_gathering *gathering, bool forget_files, struct failure *failure);

/* Writes the section "tamis-correspondents" of a dump (tamis-store(5)): what is known, exactly. */
void correspondents_write_text(const struct correspondents_gathering *gathering, FILE *out);

/* What stands behind that word's line of a dump, for correspondents_save() in `directory`; NULL and `failure`. */
struct correspondents_gathering *correspondents_read_text(struct text_lines *lines, const char *directory,
                                                          struct failure *failure);

/* Is nothing known? */
bool correspondents_are_none(const struct correspondents_gathering *gathering);

/* Frees it and sets the caller's pointer to NULL. */
void correspondents_gather_end(struct correspondents_gathering **gathering);

#endif
