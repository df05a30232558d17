/* db-forget.h - `tamis db forget`: what was imported, or what was learned from a day on */
#ifndef TAMIS_COMMANDS_DB_FORGET_H
#define TAMIS_COMMANDS_DB_FORGET_H

#include "config/config.h"

struct forget_order {
    const char *since;  /* "2026-11-22", or with a time "2026-11-22 14:30"; local time */
    char *const *paths; /* of messages, NULL-terminated; none: all folders of the Maildir */
    bool dry_run, quiet;
};

/* Removes what `tamis db import` has made. */
bool forget_imported(const struct settings *settings, const struct forget_order *order, struct failure *failure);

/* Takes back every lesson taught since then whose message is found.  A lesson is taken back exactly only with its
 * message at hand: the ledger knows that and when it was, not of which words.  So the messages are read, each that
 * was learned since then is forgotten, and how many lessons since then remain is told. */
bool forget_since(const struct settings *settings, const struct forget_order *order, struct failure *failure);

#endif
