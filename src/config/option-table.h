/* option-table.h - the one place that knows the settings, and how to add one
 *
 *   1. give it a field in the settings struct of the part that obeys it;
 *   2. add one entry to the table in option-table.c: name, kind (option.h), range, default, help, field;
 *   3. run `tests/unit/config/test-example --update` to renew data/tamis.conf, and describe it in doc/tamis.conf.5.
 * No default, range or name of a setting stands anywhere else.
 */
#ifndef TAMIS_CONFIG_OPTION_TABLE_H
#define TAMIS_CONFIG_OPTION_TABLE_H

#include <stddef.h>

#include "config/config.h"
#include "config/option.h"

/* What `log = auto` puts into the field; config_load() replaces it before anybody sees it. */
#define OPTION_LOG_AUTO (-1)

/* All settings but the score.NAME family, in the order they are listed. */
extern const struct option option_table[];
extern const size_t option_count;

/* The family score.NAME: `name` is "score.NAME", `offset` means nothing.  The names are those of the checks and rules.
 */
extern const struct option option_score;

/* The option of that name; NULL when there is none. */
const struct option *option_find(const char *name);

#endif
