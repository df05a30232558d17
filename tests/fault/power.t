#!/bin/sh
# power.t - the power fails before every change of the disk: see power.py; a part of all cases, with `make check-long`
# all
command -v python3 >/dev/null || { echo "1..0 # SKIP python3 is not installed"; exit 0; }
exec python3 -B "$(dirname "$0")/power.py"
