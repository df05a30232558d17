#!/bin/sh
# libfuzzer.t - each fuzz target for a second or so, always with the same inputs; in `make check-long` for FUZZ_MINUTES
# (30) minutes, as many targets at a time as there are processors or FUZZ_JOBS says: nine hours for all of them with two
how="--runs 1000"
[ -z "${TAMIS_LONG:-}" ] || how="--minutes ${FUZZ_MINUTES:-30}"
# shellcheck disable=SC2086
exec sh "$(dirname "$0")/run" $how
