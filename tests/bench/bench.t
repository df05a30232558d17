#!/bin/sh
# bench.t - the unit tests of bench/, with Python's own unittest
if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP python3 is not installed: the bench is not tested"
    exit 0
fi
source=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
export BENCH_TAMIS="${TAMIS:-tamis}" BENCH_LAUNCH="${TAMIS_BUILD:-.}/bench/launch" TAMIS_RULES_DIR="$source/data/rules"
PYTHONPATH="$source/bench:$source/tests/bench" exec python3 -B "$source/tests/bench/tap.py" "$source/tests/bench"
