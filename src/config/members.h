/* members.h - the sections of the settings files ([dns_list NAME]), as the arrays their parts take */
#ifndef TAMIS_CONFIG_MEMBERS_H
#define TAMIS_CONFIG_MEMBERS_H

#include "config/assignments.h"

/* Makes a member of each section, in the order in which they were first named, with defaults for what was not set.  One
 * that lacks what its family requires, or is one too many, is a mistake and left out. */
void members_settle(struct assignments *assignments, struct settings *settings);

#endif
