#!/bin/sh
# owner.t - started as root for somebody else's mail, the program becomes that user, for good, or stops with 75
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" = 0 ] || skip_all "only root can become somebody else"
need setpriv perl
plan 20

deliver_as nobody # the home is nobody's; the commands below run as root all the same
write_plain "$scratch/plain"
use_program sound
home_of_nobody() {
    new_home "$none_is_spam"
    new_maildir && chown -R nobody "$home"
}

tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

nothing_is_roots() {
    same "$(find "$home" -user 0 | head -n 1)" ""
}

each_leaves_nothing_of_roots() { # COMMAND...
    home_of_nobody
    tamis "$@" <"$scratch/plain" >"$scratch/output" || complain "exit status $?" || return
    nothing_is_roots
}
check "filter leaves nothing of root's" each_leaves_nothing_of_roots filter
check "deliver leaves nothing of root's" each_leaves_nothing_of_roots deliver

it_is_delivered_to_the_owner() {
    message=$(find "$maildir/new" -type f)
    same "$(stat -c '%U %a' "$message")" "nobody 600"
}
check "a message that root delivers is its owner's alone" it_is_delivered_to_the_owner

is_refused() { # COMMAND...
    home_of_nobody
    tamis "$@" <"$scratch/plain" >"$scratch/output"
    same $? 77 && nothing_is_roots && same "$(find "$home" -newer "$scratch/plain" -type f -path '*state*')" ""
}
for command in learn relearn expire sort digest doctor moved classify explain senders db; do
    check "$command: other work for somebody else is refused" is_refused "$command"
done

state_folder_tells() {
    home_of_nobody
    mkdir "$scratch/state" && chown nobody "$scratch/state" && chmod 700 "$scratch/state" || return
    HOME=/root tamis filter --state-dir "$scratch/state" <"$scratch/plain" >"$scratch/output" ||
        complain "exit status $?" || return
    same "$(find "$scratch/state" -user 0 | head -n 1)" ""
}
check "--state-dir says whose it is" state_folder_tells

# A link in the user's home leads root's process nowhere that the user may not go.
links_lead_nowhere() {
    home_of_nobody
    mkdir -p "$scratch/roots" "$home/.local/state" && chmod 700 "$scratch/roots" &&
        ln -s "$scratch/roots" "$home/.local/state/tamis" &&
        chown -hR nobody "$home" || return
    tamis filter <"$scratch/plain" >"$scratch/output" || complain "exit status $?" || return
    tamis deliver <"$scratch/plain" >"$scratch/output" || complain "exit status $?" || return
    same "$(ls "$scratch/roots")" ""
}
check "links in the home lead to nothing of root's" links_lead_nowhere

order_is_right() {
    home_of_nobody
    strace -qq -o "$scratch/trace" -e trace=setgroups,setgid,setuid,setresuid,openat "$TAMIS" filter <"$scratch/plain" \
        >"$scratch/output" 2>&1
    perl -ne 'push @calls, $1 if /^(setgroups|setgid|setuid)\(/; $early = 1 if !@calls && m{"\Q$ENV{HOME}\E};
              END { print "@calls[0 .. 2] ", $early ? "late" : "first" }' "$scratch/trace" >"$scratch/calls"
    same "$(cat "$scratch/calls")" "setgroups setgid setuid first"
}
if command -v strace >/dev/null 2>&1; then
    HOME=$home XDG_CONFIG_HOME=$home/.config check "groups, group, user, before anything of the user's is opened" \
        order_is_right
else
    skip "groups, group, user, before anything of the user's is opened" "strace is not installed"
fi

# Root of a container that may not change its user.
cannot_become() { # COMMAND...
    home_of_nobody
    setpriv --bounding-set -setuid,-setgid "$program" "$@" <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr"
    same $? 75 && [ ! -s "$scratch/output" ] && same "$(find "$maildir" -type f)" "" && nothing_is_roots
}
for command in filter deliver; do
    check "$command: where that is not possible the caller keeps the message" cannot_become "$command"
done

root_is_root() {
    new_home "$none_is_spam"
    chown -R 0 "$home"
    tamis learn --ham <"$scratch/plain" >"$scratch/output" && [ -d "$home/.local/state/tamis" ]
}
check "root's own mailbox is root's" root_is_root
