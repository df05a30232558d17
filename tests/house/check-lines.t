#!/bin/sh
# check-lines.t - lines of what is written here, tests and tools like the program, have at most 120 columns
set -u
cd "${TAMIS_SOURCE:-$(dirname "$0")/../..}" || exit 99
. tests/house/tap.sh

# Characters are counted, not bytes.
too_long() { LC_ALL=C.UTF-8 grep -Ea '.{121}' "$@"; }

# Not what make writes there when the source folder is built in, nor the fuzzers' inputs: these are read by nobody.
sources_in() { # sources_in FOLDER...
    find "$@" \( -name '*.[cht]' -o -name '*.py' -o -name '*.sh' \) \
        ! -path src/rules/host-table.c ! -path 'tests/fuzz/seeds/*' ! -path 'tests/fuzz/found/*' | sort
}
# Those that have no name of their kind.
scripts_in() { # scripts_in FOLDER...
    grep -rlI --exclude-dir=seeds --exclude-dir=found '^#!/' "$@" | sort
}
for folder in src tests bench; do
    [ "$(sources_in "$folder" | wc -l)" -ge 20 ]
    report $? "the source in $folder is found"
done

# shellcheck disable=SC2046
! too_long -Hn $(sources_in src tests bench) $(scripts_in tests bench examples data debian/tests po) \
    debian/rules quickstart autogen.sh | sed 's/^/# /' | grep .
report $? "no line of it is too long, nor of any script"

columns() { printf "%$1s\303\251\n" ''; }
! columns 119 | too_long >/dev/null && columns 120 | too_long >/dev/null
report $? "a line that is too long is noticed"
echo "1..$number"
