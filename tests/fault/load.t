#!/bin/sh
# load.t - many deliveries and everything else at once: see load.py; ten seconds, with `make check-long` ten minutes
command -v python3 >/dev/null || { echo "1..0 # SKIP python3 is not installed"; exit 0; }
exec python3 -B "$(dirname "$0")/load.py"
