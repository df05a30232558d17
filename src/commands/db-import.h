/* db-import.h - `tamis db import`: words from another filter's dump, and taking them back */
#ifndef TAMIS_COMMANDS_DB_IMPORT_H
#define TAMIS_COMMANDS_DB_IMPORT_H

#include "config/config.h"

struct import_order {
    const char *path;  /* of the dump; "-": stdin */
    const char *words; /* whose words are looked for among hashes: a file or mailbox; NULL: the Maildir */
    bool dry_run, quiet;
};

/* Replaces what was imported before.  Says on stdout what came of it. */
bool import_dump(const struct settings *settings, const struct import_order *order, struct failure *failure);

#endif
