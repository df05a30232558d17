#!/bin/sh
# grow.t - no family of inputs costs more than it grows: counted by the processor; or, where it may not be asked (or
# with COUNT_WITH=valgrind), by valgrind, which is slow: then the two smaller of three sizes, and, but in `make
# check-long`, one family in eight
set -u
TAMIS_SOURCE=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
grow=${TAMIS_BUILD:-$TAMIS_SOURCE/build}/tests/complexity/grow
rules=$TAMIS_SOURCE/data/rules

status=77
[ "${COUNT_WITH:-}" = valgrind ] || { "$grow" "$rules"; status=$?; }
[ "$status" = 77 ] || exit "$status"
command -v valgrind >/dev/null || {
    echo "1..0 # SKIP instructions can be counted neither by the processor nor by valgrind, which is not installed"
    exit 0
}
families=$(mktemp "${TMPDIR:-/tmp}/tamis-families.XXXXXX") || exit 99
trap 'rm -f "$families"' EXIT

# Of the process that is started; the children that some work has count for themselves, as with the processor's counter.
instructions() { # instructions NAME N
    sh -c 'echo "of $$"; exec valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@"' sh \
        "$grow" "$rules" "$1" "$2" 2>&1 |
        awk '/^of / { own = "==" $2 "==" } $1 == own && /Collected/ { print $NF }'
}

"$grow" --families >"$families"
number=0
while read -r count name; do
    number=$((number + 1))
    if [ -z "${TAMIS_LONG:-}" ] && [ $((number % 8)) != 1 ]; then
        echo "ok $number - $name # SKIP without a counter of the processor, in make check-long only"
        continue
    fi
    # The start of the program, the reading of the rules and what that kind of work begins with do not count.
    start=$(instructions "$name" 0)
    small=$(($(instructions "$name" "$count") - start))
    large=$(($(instructions "$name" "${count}0") - start))
    verdict=ok
    [ "$small" -gt 0 ] && [ "$large" -le $((small * 13)) ] || verdict="not ok"
    echo "$verdict $number - $name: $small, $large instructions"
done <"$families"
echo "1..$number"
