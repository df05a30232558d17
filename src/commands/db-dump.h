/* db-dump.h - everything that has been learned as one text, and back: tamis-store(5), DUMP FORMAT
 *
 * Sections, each with a version and the number of its lines: what lies beside the store comes first, the store
 * itself last. So a load has read all of it before it changes anything, and a dump of the store alone, which is what
 * older versions wrote, is a dump.
 */
#ifndef TAMIS_COMMANDS_DB_DUMP_H
#define TAMIS_COMMANDS_DB_DUMP_H

#include <stdio.h>

#include "config/config.h"

bool dump_write(const struct settings *settings, FILE *out, struct failure *failure);

/* Reads all of it, or changes nothing.  `replace`: what has been learned here makes room; otherwise nothing may have
 * been. */
bool dump_load(const struct settings *settings, FILE *in, bool replace, struct failure *failure);

#endif
