#!/bin/sh
# check-lines.t - lines of the source have at most 120 columns
set -u
cd "${TAMIS_SOURCE:-$(dirname "$0")/../..}" || exit 99
. tests/house/tap.sh

# Characters are counted, not bytes.
too_long() { LC_ALL=C.UTF-8 grep -Ea '.{121}' "$@"; }

# What make writes there when the source folder is built in is read by nobody.
sources=$(find src -name '*.[ch]' ! -path src/rules/host-table.c | sort)
[ "$(echo "$sources" | wc -l)" -gt 100 ]
report $? "the source is found"

# shellcheck disable=SC2086
! too_long -Hn $sources | sed 's/^/# /' | grep .
report $? "no line of it is too long"

columns() { printf "%$1s\303\251\n" ''; }
! columns 119 | too_long >/dev/null && columns 120 | too_long >/dev/null
report $? "a line that is too long is noticed"
echo "1..$number"
