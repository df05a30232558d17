/* settings-file.h - one file of settings, line by line into the assignments; config.h says what it looks like */
#ifndef TAMIS_CONFIG_SETTINGS_FILE_H
#define TAMIS_CONFIG_SETTINGS_FILE_H

#include "config/assignments.h"

/* A file that need not exist is passed over in silence; whatever else keeps it from being read is a mistake.  So is one
 * that others may write: settings can name programs to run.  `may_lock`: its section [locked] counts. */
void settings_file_read(struct assignments *assignments, const char *path, bool must_exist, bool may_lock);

#endif
