#!/bin/sh
# grow.t - no family of inputs costs more than it grows: counted by the processor, or, where it may not be asked, by
# valgrind (slowly: then the two smaller of three sizes)
set -u
TAMIS_SOURCE=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
grow=${TAMIS_BUILD:-$TAMIS_SOURCE/build}/tests/complexity/grow
rules=$TAMIS_SOURCE/data/rules

"$grow" "$rules"
status=$?
[ "$status" = 77 ] || exit "$status"
command -v valgrind >/dev/null || {
    echo "1..0 # SKIP instructions can be counted neither by the processor nor by valgrind, which is not installed"
    exit 0
}

instructions() { # instructions NAME N
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$grow" "$rules" "$1" "$2" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

number=0
"$grow" --families >"${TMPDIR:-/tmp}/tamis-families.$$"
trap 'rm -f "${TMPDIR:-/tmp}/tamis-families.$$"' EXIT
while read -r count name; do
    number=$((number + 1))
    # What is there without any input, the start of the program and the reading of the rules, does not count.
    start=$(instructions "$name" 0)
    small=$(($(instructions "$name" "$count") - start))
    large=$(($(instructions "$name" "${count}0") - start))
    verdict=ok
    [ "$small" -gt 0 ] && [ "$large" -le $((small * 13 + 1000000)) ] || verdict="not ok"
    echo "$verdict $number - $name: $small, $large instructions"
done <"${TMPDIR:-/tmp}/tamis-families.$$"
echo "1..$number"
