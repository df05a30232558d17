#!/bin/sh
# check-logcheck.t - the rules for logcheck know every line that tamis writes when all is well, and no other
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
tamis=${TAMIS:?path of the built program}
rules=$source_folder/data/system/logcheck
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" TAMIS_RULES_DIR="$source_folder/data/rules" LC_ALL=C
unset XDG_CONFIG_HOME XDG_STATE_HOME
. "$source_folder/tests/house/tap.sh"

# As the two usual formats of rsyslog have it.
as_logged() {
    sed 's/^tamis: /Nov  2 07:12:14 mx.example.org tamis[4711]: /p
        s/^Nov  2 07:12:14/2026-11-02T07:12:14.123456+01:00/'
}
unknown() { as_logged <"$1" | grep -v '^tamis: ' | grep -Evf "$rules"; }
mkdir -p "$scratch/Maildir/cur" "$scratch/Maildir/new" "$scratch/Maildir/tmp"
run() { "$tamis" "$@" --set log=stderr --set log_level=info 2>>"$scratch/log" >/dev/null; }

printf '%s\n' 'From: ann@example.net' 'Subject: lunch' 'Message-ID: <1@example.net>' '' 'Shall we meet at noon?' \
    >"$scratch/message"
run filter <"$scratch/message"
run deliver <"$scratch/message"
run deliver --set required=-100 --set unsure=-100 <"$scratch/message"
run sort --set required=-100 --set unsure=-100
run digest --now
run expire --set junk_days=1 # the first
printf 'tamis-names 2 %s\n' "$(date +%s)" >"$HOME/.local/state/tamis/junk-seen"
"${TAMIS_BUILD:-$(dirname "$tamis")}/tests/delivery/seal-record" "$HOME/.local/state/tamis/junk-seen"
run expire --set junk_days=1
[ "$(wc -l <"$scratch/log")" -ge 5 ]
report $? "there is something to compare"
found=$(unknown "$scratch/log")
[ -z "$found" ] || echo "$found" | sed 's/^/# unknown: /'
[ -z "$found" ]
report $? "what is written when all is well is known"

# What somebody must see.
cat >"$scratch/trouble" <<'END'
tamis: unchecked (the reading process was killed by signal 11) to inbox
tamis: /home/joe/.local/state/tamis: the lock is not free
tamis: the Junk folder cannot be made: Permission denied
END
! as_logged <"$scratch/trouble" | grep -v '^tamis: ' | grep -Ef "$rules" | sed 's/^/# hidden: /' | grep .
report $? "what is wrong is not hidden"
echo "1..$number"
