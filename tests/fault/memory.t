#!/bin/sh
# memory.t - every allocation finds no memory in turn: see memory.py; a part of all cases, with `make check-long` all
command -v python3 >/dev/null || { echo "1..0 # SKIP python3 is not installed"; exit 0; }
exec python3 -B "$(dirname "$0")/memory.py"
