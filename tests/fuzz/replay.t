#!/bin/sh
# replay.t - every input that once broke something, and the seeds, given to their fuzz targets in this build
set -u
TAMIS_SOURCE=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/tamis-replay.XXXXXX") || exit 99
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 99' INT TERM HUP
"${TAMIS_BUILD:-$TAMIS_SOURCE/build}/tests/fuzz/replay" "$TAMIS_SOURCE/tests/fuzz"
