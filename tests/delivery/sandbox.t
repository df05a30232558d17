#!/bin/sh
# sandbox.t - reading mail in the sandbox: nothing is missing in it, and without one everything works as well
. "$(dirname "$0")/lib.sh"
need perl
plan 20

old_kernel=${TAMIS_BUILD:-$(dirname "$TAMIS")}/tests/delivery/old-kernel
use_program sound
write_plain "$scratch/plain"

tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

# What East Asia writes needs modules of the C library, which are opened before the sandbox is entered.
write_chinese() {
    {
        printf 'From: a@example.net\nSubject: =?%s?B?xOO6ww==?=\nMessage-ID: <c@example.net>\nMIME-Version: 1.0\n' "$1"
        printf 'Content-Type: text/plain; charset="%s"\nContent-Transfer-Encoding: 8bit\n\n\304\343\272\303\n' "$1"
    } >"$2"
}
write_chinese gb2312 "$scratch/chinese"

taught_home() {
    new_home "$none_is_spam"
    for i in 1 2 3 4 5 6 7 8 9; do
        sed "s/lunch/dinner $i/; s/noon/$i o'clock/" "$scratch/plain" | tamis learn -q --ham &&
            sed "s/lunch/money $i/; s/meet at noon/send you $i million/" "$scratch/plain" | tamis learn -q --spam
    done
}

# --- in the sandbox ---------------------------------------------------------------------------------------------------

is_read_in_chinese() {
    new_home
    new_maildir && mkdir -p "$maildir/.Junk/cur" "$maildir/.Junk/new" "$maildir/.Junk/tmp" &&
        cp "$scratch/chinese" "$maildir/.Junk/new/1.M1.host" || return
    tamis digest --print --now --maildir "$maildir" | grep -q '=E4=BD=A0=E5=A5=BD' ||
        complain "the subject of the message is not in the digest"
}
check "the charset of a message is known in the sandbox" is_read_in_chinese

# "We at school", in bytes of GB 2312 and without a word about it.
is_guessed() {
    printf 'From: a@example.net\nSubject: \316\322\303\307\324\332\321\247\320\243\nMessage-ID: <g@example.net>\n\n' \
        >"$maildir/.Junk/new/2.M2.host"
    tamis digest --print --now --maildir "$maildir" | grep -q '=E6=88=91=E4=BB=AC=E5=9C=A8=E5=AD=A6=E6=A0=A1' ||
        complain "the subject of the message is not in the digest"
}
check "and guessed where it is not named" is_guessed

taught_home
learned_is_asked() {
    tamis filter <"$scratch/plain" >"$scratch/output" &&
        grep -q 'learned=0\.' "$scratch/output" || complain "$(grep -A2 X-Spam-Status "$scratch/output")"
}
check "learned state is read in the sandbox" learned_is_asked

deny_list_decides() {
    echo ann@example.net >"$home/.config/tamis/deny"
    tamis classify --exit-zero "$scratch/plain" | grep -q spam
    found=$?
    rm "$home/.config/tamis/deny"
    return $found
}
check "the user's lists are read in the sandbox" deny_list_decides

# Rows are looked at when a message asks for them, which is in the sandbox; mending is done outside of it.
damaged_rows_are_mended() {
    state=$home/.local/state/tamis
    file=$(ls "$state"/pairs* | head -n 1)
    perl -e 'open F, "+<", $ARGV[0] or die; seek F, 8192, 0; print F "\xA5" x ((-s $ARGV[0]) - 8192); close F' \
        "$file" || return
    : >"$scratch/stderr"
    tamis filter <"$scratch/plain" >"$scratch/output" || complain "exit status $?" || return
    grep -q 'learned=0\.' "$scratch/output" || complain "$(grep -A2 X-Spam-Status "$scratch/output")" || return
    grep -q 'making the tables again' "$scratch/stderr" || complain "the log does not say so" || return
    : >"$scratch/stderr"
    tamis filter <"$scratch/plain" >"$scratch/output" && ! grep -q 'making the tables' "$scratch/stderr" ||
        complain "it was not mended for good"
}
check "damaged rows are mended outside, and the message is judged by them" damaged_rows_are_mended

# Whatever the sandbox refuses shows in a trace; so no command may ask for it.
refuses_nothing() { # COMMAND...: it reads $message in a sandbox
    rm -f "$scratch"/trace.*
    strace -ff -qq -o "$scratch/trace" "$program" "$@" <"$scratch/$message" >/dev/null 2>&1
    perl -ne '$in{$ARGV} = 1 if /^seccomp\(SECCOMP_SET_MODE_FILTER.* = 0|SECCOMP_MODE_STRICT\) = 0/;
              print if $in{$ARGV} && /= -1 EPERM|SIGSYS|killed by/; END { exit !%in }' "$scratch"/trace.* \
        >"$scratch/refusals" || complain "$*: no sandbox" || return
    [ ! -s "$scratch/refusals" ] || complain "$*, $message: $(head -n 3 "$scratch/refusals")"
}
nothing_is_refused() {
    for command in "filter" "classify --exit-zero" "explain" "learn --ham" "learn --forget"; do
        for message in plain chinese; do
            # shellcheck disable=SC2086
            refuses_nothing $command || return
        done
    done
}
# Labelled mail is strangers' mail as well.
nothing_of_many_is_refused() {
    printf 'ham plain\nspam chinese\n' >"$scratch/index"
    for command in "evaluate $scratch" "rules measure --index $scratch" "starter build $scratch $scratch/words" \
        "senders import $scratch/plain"; do
        # shellcheck disable=SC2086
        refuses_nothing $command || return
    done
}
# Most messages are judged by a process that computes only, which is cheaper; what that cannot do is left to one behind
# the filter.
judged_by() { # WANT FILE [STRACE-OPTION...]: WANT is the modes of seccomp(2), in order
    want=$1 message=$2
    shift 2
    strace -f -qq -o "$scratch/trace" -e trace=seccomp,prctl,exit "$@" "$program" filter <"$message" \
        >"$scratch/output" 2>>"$scratch/stderr"
    same "$(sed -n 's/.*SECCOMP_MODE_STRICT) = 0/strict/p; s/.*SECCOMP_SET_MODE_FILTER.* = 0/filter/p' \
        "$scratch/trace" |
        paste -s -d' ')" "$want" && grep -q '^X-Spam-Status: No, score' "$scratch/output" ||
        complain "$(head -n 2 "$scratch/output")"
}
computes_only() { judged_by strict "$scratch/plain"; }
# Only that one calls it a fourth time, to give up all else.
is_judged_again() { judged_by filter "$scratch/plain" -e inject=prctl:signal=KILL:when=4; }
large_is_filtered() {
    { cat "$scratch/plain" && perl -e 'print "Lunch is at noon.\n" x 20000'; } >"$scratch/large"
    judged_by filter "$scratch/large"
}
expressions_are_filtered() {
    mkdir -p "$home/.config/tamis" &&
        printf 'rule LETTERS\n    describe  Two letters\n    points 0.01\n    text /[a-z][a-z]/\n' \
        >"$home/.config/tamis/mine.rules"
    tamis rules compile >/dev/null && judged_by filter "$scratch/plain"
    found=$?
    rm "$home/.config/tamis/mine.rules"
    return $found
}
why=
command -v strace >/dev/null 2>&1 || why="strace is not installed"
[ -n "$why" ] || tamis doctor | grep -q 'system calls filtered' || why="this kernel or build has no filter"
for deed in nothing_is_refused nothing_of_many_is_refused; do
    name="nothing that reading a message asks for is refused"
    [ $deed = nothing_is_refused ] || name="nor what reading many asks for"
    if [ -n "$why" ]; then skip "$name" "$why"; else check "$name" $deed; fi
done
while read -r deed name; do
    if [ -n "$why" ]; then skip "$name" "$why"; else check "$name" "$deed"; fi
done <<'END'
computes_only a message is judged by a process that computes only
is_judged_again when that one dies, by one behind the filter
large_is_filtered a large one at once by that one
expressions_are_filtered and every one where a rule has an expression, which looks at the clock
END

# --- without one ------------------------------------------------------------------------------------------------------

without_sandbox() { # ERROR COMMAND...: as tamis, on an old kernel
    "$old_kernel" "$1" "$program" "$2" ${3+"$3"} ${4+"$4"} 2>>"$scratch/stderr"
}

same_without() { # ERROR
    for message in plain chinese; do
        tamis filter <"$scratch/$message" >"$scratch/with" || return
        without_sandbox "$1" filter <"$scratch/$message" >"$scratch/without" || complain "exit status $?" || return
        cmp -s "$scratch/with" "$scratch/without" || complain "$message: another verdict" || return
        tamis explain "$scratch/$message" >"$scratch/with"
        without_sandbox "$1" explain "$scratch/$message" >"$scratch/without"
        cmp -s "$scratch/with" "$scratch/without" || complain "$message: another explanation" || return
    done
}
# The history beside them keeps when a relay was last seen.
what_learners_know() { tamis db dump | sed -n '/^tamis-store /,$p'; }
trains_without() { # ERROR
    what_learners_know >"$scratch/with"
    without_sandbox "$1" learn --spam "$scratch/chinese" >/dev/null || complain "cannot learn" || return
    without_sandbox "$1" learn --forget "$scratch/chinese" >/dev/null || complain "cannot forget" || return
    what_learners_know >"$scratch/without"
    cmp -s "$scratch/with" "$scratch/without"
}
admits_it() { # ERROR
    without_sandbox "$1" doctor | grep -q 'system calls not filtered'
}
"$old_kernel" ENOSYS true
if [ $? = 77 ]; then
    for error in ENOSYS EPERM EINVAL; do
        for name in "the verdicts are the same" "training works" "doctor says so"; do
            skip "$name where the kernel says $error" "this kernel cannot play an old one"
        done
    done
else
    for error in ENOSYS EPERM EINVAL; do
        check "the verdicts are the same where the kernel says $error" same_without "$error"
        check "training works where the kernel says $error" trains_without "$error"
        check "doctor says so where the kernel says $error" admits_it "$error"
    done
fi
