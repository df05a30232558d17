/* host-table.h - the lists of data/lists, compiled into the program
 *
 * host-table.c is made by host-table.sh when a list changes.  A list read at delivery would cost every message more
 * than all checks of its links together.
 */
#ifndef TAMIS_RULES_HOST_TABLE_H
#define TAMIS_RULES_HOST_TABLE_H

#include <stddef.h>

#define HOST_NAME_ROOM 36 /* with a NUL; host-table.sh stops at a longer one */

/* What is known of a host; each stands for the file of data/lists of that name. */
enum host_mark {
    HOST_FREE_MAIL = 1 << 0,
    HOST_FREE_HOSTING = 1 << 1,
    HOST_SHORTENERS = 1 << 2,
    HOST_CHEAP_DOMAINS = 1 << 3,
    HOST_REDIRECTORS = 1 << 4
};

/* The name lies in the table: a pointer for each would have to be set whenever the program starts. */
struct host_entry {
    char name[HOST_NAME_ROOM]; /* lower case */
    unsigned marks;            /* bits of enum host_mark */
};

/* Ascending by name, as strcmp() orders. */
extern const struct host_entry host_table[];
extern const size_t host_table_count;

/* The paths of hosts marked HOST_REDIRECTORS. */
struct redirector {
    const char *host, *path;
};
extern const struct redirector redirector_table[];
extern const size_t redirector_count;

#endif
