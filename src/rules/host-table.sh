#!/bin/sh
# host-table.sh - makes host-table.c of the lists in data/lists: host-table.sh LIST... >host-table.c
#
# Each list gives its hosts the mark of its own name (free-mail: HOST_FREE_MAIL); a second word in a line is a path.
set -eu
LC_ALL=C
export LC_ALL

# "host MARK path" for every line that says something
entries() {
    for list in "$@"; do
        mark=HOST_$(basename "$list" | tr 'a-z-' 'A-Z_')
        awk -v mark="$mark" '{ sub(/#.*/, "") } NF { print tolower($1), mark, $2 }' "$list"
    done
}

echo "/* host-table.c - made by host-table.sh of the files in data/lists; changes belong there */"
echo '#include "rules/host-table.h"'
echo
entries "$@" | awk 'length($1) >= 36 { print "host-table.sh: longer than host-table.h has room for: " $1; found = 1 }
    END { exit found }' >&2
echo "const struct host_entry host_table[] = {"
entries "$@" | awk '{ print $1, $2 }' | sort -u | awk '
    $1 != host { if (host) printf "    { \"%s\", %s },\n", host, marks; host = $1; marks = $2; next }
    { marks = marks " | " $2 }
    END { printf "    { \"%s\", %s },\n", host, marks }'
echo "};"
echo "const size_t host_table_count = sizeof host_table / sizeof *host_table;"
echo
echo "const struct redirector redirector_table[] = {"
entries "$@" | awk 'NF == 3 { printf "    { \"%s\", \"%s\" },\n", $1, $3 }' | sort -u
echo "};"
echo "const size_t redirector_count = sizeof redirector_table / sizeof *redirector_table;"
