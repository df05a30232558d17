#!/bin/sh
# hostile-mail.t - hostile and malformed messages are delivered, judged, explained and learned: see hostile_mail.py; a
# part of all cases, with `make check-long` all
command -v python3 >/dev/null || { echo "1..0 # SKIP python3 is not installed"; exit 0; }
exec python3 -B "$(dirname "$0")/hostile_mail.py"
