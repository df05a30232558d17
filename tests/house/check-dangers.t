#!/bin/sh
# check-dangers.t - what SECURITY.md promises of the source itself: no shell, no names of temporary files that can be
# guessed, no unbounded copies, one place that starts processes which read mail; and nothing of libm, of whose names
# some end the program (src/store/tokyocabinet-without-libm.c)
set -u
cd "${TAMIS_SOURCE:-$(dirname "$0")/../..}" || exit 99

number=0
unless= # a line that has this is good
# never WHAT PATTERN [FILE THAT MAY...]: no line of the source but comments matches.
never() {
    number=$((number + 1))
    what=$1 pattern=$2
    shift 2
    found=$(find src -name '*.[ch]' -exec grep -nE "$pattern" {} + | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)')
    [ -z "$unless" ] || found=$(printf '%s\n' "$found" | grep -vE "$unless")
    for allowed; do found=$(printf '%s\n' "$found" | grep -v "^$allowed:"); done
    if [ -z "$found" ]; then
        echo "ok $number - $what"
    else
        echo "not ok $number - $what"
        printf '%s\n' "$found" | sed 's/^/# /'
    fi
}

echo 1..8
never "no shell" '[^a-z_](system|popen|wordexp)\(|/bin/sh'
never "no guessable temporary file" '[^a-z_](tmpnam|tempnam|mktemp|tmpfile)\('
never "no unbounded copy" '[^a-z_](strcat|sprintf|vsprintf|gets|stpcpy)\(' src/commands/command-line.c
unless='O_NOFOLLOW|O_EXCL'
never "a file that is made follows no link" '[^a-z_]open(at)?\(.*O_CREAT'
unless=
never "the sandbox is entered in one place" 'sandbox_enter\(' src/util/sandbox.c src/util/sandbox.h src/util/child.c
never "user and group are given up in one place" \
    '[^a-z_](setuid|setgid|setgroups|seteuid|setresuid|initgroups)\(' src/commands/owner.c
of_libm='a?(sin|cos|tan)h?|atan2|exp2?|expm1|log(2|10|1p)?|pow|cbrt|hypot|l?lround|l?lrint|fmod|fmin|fmax|remainder'
never "no function of libm: util/arithmetic.h" "[^a-z0-9_]($of_libm)[fl]?\\(" src/store/tokyocabinet-without-libm.c
never "a format is never text from outside" '[^a-z_](printf|log_line|syslog)\((LOG_[A-Z_]+, )?[a-z_>.-]+\)'
