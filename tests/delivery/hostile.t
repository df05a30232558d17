#!/bin/sh
# hostile.t - messages made to break filters pass through whole, are judged, and take no more memory than promised
#
# CPU time and memory of each are printed.  Asserted are what must hold on any machine: that 10 s of CPU are never used
# up (RLIMIT_CPU), and that no process has more than 64 MB for a message of 50 MB.
. "$(dirname "$0")/lib.sh"
need python3 perl

MEMORY_AT_MOST=64
hostile=$TAMIS_SOURCE/tests/delivery/hostile.py
messages=$scratch/hostile

# Sanitizers keep books of memory in memory.
memory_counts=yes
grep -q '^#define TAMIS_SANITIZERS 1' "${TAMIS_BUILD:-$TAMIS_SOURCE/build}/config.h" 2>/dev/null && memory_counts=no

new_home "$none_is_spam"
use_program sound
mkdir "$messages"
count=$(python3 "$hostile" make "$messages") || exit 99
plan "$count"

# A judgement, or where there is no place for a field in such a message, the bytes as they were.
is_judged() {
    cmp -s "$scratch/output" "$1" && return
    head -c 100000 "$scratch/output" >"$scratch/top"
    ! grep -aq '^X-Spam-Status: Unchecked' "$scratch/top" && grep -aq '^X-Tamis: ' "$scratch/top" ||
        complain "not judged: $(grep -a 'unchecked' "$scratch/stderr" | head -1)"
}

passes() { # passes MESSAGE
    measured=$(python3 "$hostile" run "$1" "$scratch/output" "$program" filter 2>"$scratch/stderr") || return
    # shellcheck disable=SC2086
    set -- "$1" $measured
    echo "# $(basename "$1"): $(wc -c <"$1") bytes, CPU $3 s, at most $4 MB"
    same "exit status $2" "exit status 0" || return
    [ "$memory_counts" = no ] || [ "$4" -le "$MEMORY_AT_MOST" ] || complain "more than $MEMORY_AT_MOST MB" || return
    is_judged "$1" || return
    same_but_for_our_fields "$scratch/output" "$1"
}

for message in "$messages"/*; do
    check "$(basename "$message")" passes "$message"
    rm -f "$message"
done
