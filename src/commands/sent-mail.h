/* sent-mail.h - gathers from the user's sent mail whom the user knows
 *
 * What `tamis senders import` does, by hand and every night.  Cost follows what is new: a file of a Maildir folder is
 * opened once, by its name, and of it the header alone is read (all of it when learn_sent asks for its words).
 * Messages in other forms are read again each time and known by their Message-ID.
 *
 * Headers are read in batches (batches.h), and what is said of them is checked.  A message that was delivered to
 * somebody, or sent by a program, is not the user's writing and tells nothing: it has X-Tamis or Delivered-To, a
 * Return-Path that is not its From, or Auto-Submitted (RFC 3834).
 */
#ifndef TAMIS_COMMANDS_SENT_MAIL_H
#define TAMIS_COMMANDS_SENT_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "util/failure.h"

struct sent_mail_result {
    size_t folders;    /* looked through */
    size_t added;      /* messages that were not known */
    size_t known;      /* under another file name, or older than all that is remembered */
    size_t foreign;    /* not the user's writing */
    size_t unreadable;
    size_t learned;    /* as ham, for learn_sent: not what the user taught before, either way */
    bool partly;       /* a folder could not be read to its end */
    bool busy;         /* another run is at work: nothing was done */
};

/* From the Sent folders of the user's Maildir, or from `count` paths.  What cannot be read is counted and logged; false
 * when nothing could be kept, and `failure` says why. */
bool sent_mail_import(const struct settings *settings, char *const *paths, size_t count,
                      struct sent_mail_result *result, struct failure *failure);

#endif
