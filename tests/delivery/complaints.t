#!/bin/sh
# complaints.t - a mistake in the settings is logged once a day, not with every message; people are told each time
. "$(dirname "$0")/lib.sh"
plan 5

deliver_as nobody
use_program sound
new_home 'requierd = 5'
mkdir -p "$home/.local/state/tamis"
chmod 700 "$home/.local/state/tamis"
[ -z "$mail_user" ] || hand_over
write_plain "$scratch/message"
chmod 644 "$scratch/message"

complaints_of() { # complaints_of COMMAND...: how many lines name the mistake
    as_mail_user "$program" "$@" <"$scratch/message" 2>"$scratch/stderr" >/dev/null
    grep -c 'there is no such setting; did you mean required' "$scratch/stderr"
}

check "the first message of the day tells of the mistake" eval 'same "$(complaints_of filter)" 1'
check "the next does not" eval 'same "$(complaints_of filter)" 0'
check "who asks for a reason is told again" eval 'same "$(complaints_of explain)" 1'

# Root with a mailbox of its own.
of_root() {
    "$program" filter --config "$scratch/root.conf" --state-dir "$scratch/of-root" <"$scratch/message" \
        2>"$scratch/stderr" >/dev/null
    grep -c 'there is no such setting; did you mean required' "$scratch/stderr"
}
first="root with a mailbox of its own is told" second="and not with each message"
if [ "$(id -u)" = 0 ]; then
    mkdir -m 700 "$scratch/of-root"
    printf 'requierd = 5\nlog = stderr\n' >"$scratch/root.conf"
    check "$first" eval 'same "$(of_root)" 1'
    check "$second" eval 'same "$(of_root)" 0'
else
    skip "$first" "not root"
    skip "$second" "not root"
fi
