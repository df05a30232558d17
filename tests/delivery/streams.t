#!/bin/sh
# streams.t - standard streams that are closed or full: what was printed in vain is no success, and never lands in a
# file of ours
. "$(dirname "$0")/lib.sh"
plan 9

use_program sound
write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain
spam=$scratch/messages/forged

# Without the shell of $program between, which would have streams of its own.
tamis() { HOME=$home XDG_CONFIG_HOME=$home/.config XDG_STATE_HOME=$home/.local/state "$TAMIS" "$@"; }

taught_home() {
    new_home "$none_is_spam" && new_maildir &&
        mkdir -p "$maildir/.Junk/cur" "$maildir/.Junk/new" "$maildir/.Junk/tmp" &&
        cp "$spam" "$maildir/.Junk/new/1717488000.M1P1.host" && tamis learn -q --ham "$plain"
}

# --- full ---------------------------------------------------------------------------------------------------------

fails_when_full() { # COMMAND...
    tamis "$@" >/dev/full 2>"$scratch/stderr"
    same "$* $?" "$* 75" && { grep -q 'No space left' "$scratch/stderr" || complain "$*: does not say why"; }
}

every_command_fails_when_full() {
    taught_home && tamis senders allow anna@example.org >"$scratch/said" || return
    for command in "classify $plain" "explain $plain" "learn --spam $spam" "relearn" "expire --dry-run" \
        "sort --dry-run" \
        "stats" "stats --prometheus -" "digest --print" "doctor" "rules list" "senders list" "db dump" "db check" \
        "config" "config show" "learn --help" "--help" "--version"; do
        # shellcheck disable=SC2086
        fails_when_full $command || return
    done
}
if [ -w /dev/full ]; then
    check "every command that prints gives 75 when that is lost, and says why" every_command_fails_when_full
else
    skip "every command that prints gives 75 when that is lost" "there is no /dev/full"
fi

quiet_commands_print_nothing() {
    taught_home && tamis learn -q --spam "$spam" >/dev/full && tamis relearn --quiet >/dev/full &&
        tamis expire >/dev/full 2>>"$scratch/stderr"
}
check "one that prints nothing loses nothing" quiet_commands_print_nothing

# --- closed -------------------------------------------------------------------------------------------------------

# What the learners know, of a store that is sound.
store() { tamis db check >/dev/null && tamis db dump | sed -n '/^tamis-store /,$p'; }

lessons_count() {
    taught_home && store >"$scratch/before" || return
    tamis learn --spam "$spam" <&- >&- 2>&-
    same "$? $(tamis learn --forget "$spam")" "75 1 forgotten, 0 were not known" || return
    store >"$scratch/after" && cmp "$scratch/before" "$scratch/after"
}
check "learn with all streams closed: the lesson counts, the summary is lost and lands nowhere" lessons_count

complaints_land_nowhere() {
    taught_home && store >"$scratch/before" || return
    tamis learn --spam "$scratch/is-not-there" <&- >&- 2>&-
    same "$?" 66 && store >"$scratch/after" && cmp "$scratch/before" "$scratch/after"
}
check "nor does a complaint with stderr closed" complaints_land_nowhere

delivers_without_output() {
    new_home "$none_is_spam" && new_maildir && tamis deliver <"$plain" >&- 2>&- || complain "exit status $?" || return
    holds 1 0 && same_but_for_our_fields "$(the_message)" "$plain"
}
check "deliver needs neither stdout nor stderr" delivers_without_output

delivers_nothing() {
    new_home "$none_is_spam" && new_maildir
    tamis deliver <&- >&- 2>&-
    same "$?" 75 && holds 0 0
}
check "deliver with all streams closed gives 75 and delivers nothing" delivers_nothing

# --- what stands in their place -----------------------------------------------------------------------------------

stands_for() { # DESCRIPTOR ACCESS: what open(2) was asked for, 0 to read and 1 to write
    flags=$(sed -n 's/^flags:[[:space:]]*//p' "/proc/$reader/fdinfo/$1") &&
        same "$1 $(readlink "/proc/$reader/fd/$1") $((0$flags & 3))" "$1 /dev/null $2"
}

# A program that waits for the end of a message, seen from outside.
runs_tamis() {
    same "$(readlink "/proc/$reader/exe")" "$(readlink -f "$TAMIS")" >/dev/null && [ -e "/proc/$reader/fd/2" ]
}

occupies_closed_streams() {
    mkfifo "$scratch/pipe" || return
    (HOME=$home exec "$TAMIS" filter <"$scratch/pipe" >&- 2>&-) &
    reader=$!
    exec 9>"$scratch/pipe"
    wait_until runs_tamis && stands_for 1 0 && stands_for 2 1
    seen=$?
    cat "$plain" >&9
    exec 9>&-
    wait "$reader"
    same "$seen $?" "0 75"
}
if [ -e /proc/self/fdinfo ]; then
    check "stdout is taken by what cannot be written to, stderr by what swallows" occupies_closed_streams
else
    skip "stdout is taken by what cannot be written to, stderr by what swallows" "there is no /proc"
fi

# The descriptors that a program is left with when it was started with none.
no_input_no_answer() {
    tamis classify <&- >"$scratch/said" 2>"$scratch/stderr"
    same "$? $(cat "$scratch/said")" "75 "
}
check "classify with a closed stdin says nothing of any message" no_input_no_answer

# A folder opens, and cannot be read.
unread_move() {
    tamis moved INBOX Junk <"$scratch" 2>/dev/null
    same $? 66 && grep -q '^\.It 66$' "$TAMIS_SOURCE/doc/tamis-moved.1" && tamis moved --help | grep -q ' 66 '
}
check "a move whose message cannot be read is 66, as its manual and its help say" unread_move
