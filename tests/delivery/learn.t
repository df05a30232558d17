#!/bin/sh
# learn.t - `tamis learn` from outside: taken back exactly, whatever copy of the message is at hand, and whole after
# kill -9
. "$(dirname "$0")/lib.sh"
need perl
plan 24

use_program sound
write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain
forged=$scratch/messages/forged

tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

# What the learners know: the history beside them keeps when a relay was last seen.
dump() { tamis db dump | sed -n "/^tamis-store /,\$p" >"$1"; }

# A home whose database knows something of both kinds.
taught_home() {
    new_home "$none_is_spam"
    for i in 1 2 3 4 5 6 7 8 9; do
        sed "s/lunch/dinner $i/; s/noon/$i o'clock/" "$plain" | tamis learn -q --ham &&
            sed "s/lunch/money $i/; s/meet at noon/send you $i million/" "$plain" | tamis learn -q --spam
    done && dump "$scratch/before"
}

# Learning one copy and forgetting another leaves the database as it was, to the last number.
taken_back() { # LEARNED FORGOTTEN
    tamis learn -q --spam "$1" || complain "$1 was not learned" || return
    dump "$scratch/learned"
    ! cmp -s "$scratch/before" "$scratch/learned" || complain "learning changed nothing" || return
    same "$(tamis learn --forget "$2")" "1 forgotten, 0 were not known" || return
    dump "$scratch/after"
    cmp -s "$scratch/before" "$scratch/after" ||
        complain "the database differs in $(diff "$scratch/before" "$scratch/after" | grep -c '^[<>]') lines"
}

taught_home
check "forgetting what was learned leaves no trace" taken_back "$plain" "$plain"

changed_its_mind() {
    tamis learn -q --ham "$plain" && tamis learn -q --spam "$plain" && tamis learn -q --ham "$plain" &&
        taken_back "$plain" "$plain"
}
check "nor after ham, spam, ham, spam" changed_its_mind
check "a copy with CRLF will do" taken_back "$plain" "$scratch/messages/crlf"

filtered() { # MESSAGE [OPTION...]
    message=$1
    shift
    tamis filter "$@" <"$message" >"$scratch/filtered"
}
filtered "$plain" --set required=-100
check "so will one that was filtered" taken_back "$plain" "$scratch/filtered"
filtered "$scratch/messages/crlf" --set headers=bogofilter
check "and one with CRLF that was" taken_back "$scratch/filtered" "$plain"
filtered "$forged"
check "also when the sender had written a verdict that filtering took away" taken_back "$forged" "$scratch/filtered"

delivered() {
    tamis deliver <"$plain" && taken_back "$plain" "$(the_message)"
}
check "and one in the Maildir" delivered

in_an_mbox() {
    { echo 'From ann@example.net Tue Jun  4 10:00:00 2024'; cat "$plain"; echo; } >"$scratch/mbox"
    taken_back "$scratch/mbox" "$plain"
}
check "and one in an mbox" in_an_mbox

# 400 messages, killed again and again: what is learned is whole each time, and at last all are learned, none twice.
killed_while_learning() {
    rm -rf "$home/.local/state/tamis" "$scratch/many"
    mkdir "$scratch/many"
    perl -e 'for my $i (1 .. 400) {
        open my $file, ">", "$ARGV[0]/$i" or die;
        print $file "From: a\@example.net\nSubject: message $i\nMessage-ID: <$i\@example.net>\n\n",
            map { "word$i-$_ " } 1 .. 100;
    }' "$scratch/many"
    for delay in 0.01 0.02 0.03 0.05 0.08; do
        timeout -s KILL "$delay" "$program" learn -q --ham "$scratch/many" 2>>"$scratch/stderr"
        tamis filter <"$plain" >"$scratch/output" && same_but_for_our_fields "$scratch/output" "$plain" || return
        [ ! -e "$home/.local/state/tamis/snapshot" ] || tamis db check >"$scratch/check" || complain "after $delay s" ||
            return
    done 2>/dev/null
    tamis learn -q --ham "$scratch/many" && dump "$scratch/after" && same "$(grep -c '^entry ' "$scratch/after")" 400 &&
        same "$(grep '^lessons ' "$scratch/after")" "lessons 400 0"
}
check "kill -9 while 400 messages are learned: all counted once in the end" killed_while_learning

# A power failure can leave a file that nobody synced as long as it was, and empty: it is written again.
lock_of_zeros() {
    taught_home
    printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$home/.local/state/tamis/lock"
    tamis filter <"$plain" >"$scratch/output" && lacks_field "$scratch/output" 'learned=none' &&
        dump "$scratch/after" && cmp "$scratch/before" "$scratch/after"
}
check "a lock file of zeros takes nothing away" lock_of_zeros

lock_without_version() {
    taught_home
    echo 'of something else' >"$home/.local/state/tamis/lock"
    tamis filter <"$plain" >"$scratch/output" && has_field "$scratch/output" 'learned=none' || return
    tamis db rebuild >"$scratch/rebuilt" && dump "$scratch/after" && cmp "$scratch/before" "$scratch/after"
}
check "rebuild makes a damaged lock file again" lock_without_version

newer_version_stays() {
    taught_home
    echo 'tamis-store 99' >"$home/.local/state/tamis/lock"
    tamis db rebuild >"$scratch/rebuilt"
    same "$?" 75 && same "$(cat "$home/.local/state/tamis/lock")" 'tamis-store 99'
}
check "but leaves the lock file of a newer version alone" newer_version_stays

# --- standard input that takes its time -------------------------------------------------------------------------------

# Whoever writes it holds no lock of ours: a delivery meanwhile has its evidence, another lesson is learned.
slow_input_keeps_nobody_waiting() {
    taught_home
    mkfifo "$scratch/slow" || return
    tamis learn -q --spam <"$scratch/slow" &
    learner=$!
    exec 9>"$scratch/slow"
    head -c 100 "$forged" >&9
    wait_until reads_its_input || return
    "$program" filter <"$plain" 2>"$scratch/judged" >/dev/null
    tamis learn -q --ham "$plain"
    status=$?
    tail -c +101 "$forged" >&9
    exec 9>&-
    wait "$learner" || complain "exit status $?" || return
    same "$status" 0 && grep -q 'learned=ready' "$scratch/judged"
}
# Nothing is left in the pipe (FIONREAD).
reads_its_input() {
    perl -e 'my $bytes = pack "i", 0; ioctl(STDOUT, 0x541B, $bytes) or exit 1; exit unpack("i", $bytes) != 0' >&9
}
check "standard input that is slow to come locks nobody out" slow_input_keeps_nobody_waiting

is_learned_from_it() {
    cp "$forged" "$scratch/again" && tamis learn --spam <"$scratch/again" >"$scratch/output" &&
        grep -q '1 already known' "$scratch/output"
}
check "and is learned when it is there" is_learned_from_it

# --- which paths are which

new_home "$none_is_spam"
mkdir "$scratch/kinds"
for name in good fine bad; do
    sed "s/lunch/dinner $name/; s/noon/$name o'clock/" "$plain" >"$scratch/kinds/$name"
done
# "ham spam" as learned by one command in an empty state; or the exit status where that refuses.
taken_for() { # taken_for WANT OPERAND...
    want=$1
    shift
    rm -rf "$home/.local/state/tamis"
    (cd "$scratch/kinds" && tamis learn --quiet "$@" </dev/null) || { same "$?" "$want"; return; }
    same "$(tamis db dump | sed -n 's/^lessons //p')" "$want"
}
while IFS='|' read -r want operands; do
    # shellcheck disable=SC2086
    check "learn $operands" taken_for "$want" $operands
done <<'END'
2 1|--ham good fine --spam bad
2 1|--ham -q good -c /dev/null fine --spam -q bad
2 0|--ham good fine
0 1|bad --spam
2 0|--ham good -- fine
64|good --spam bad
64|good fine --ham fine --spam bad
64|good
END

# --- what is no message as it was sent

without_headers() { # texts of one paragraph each, with and without an empty line in front
    rm -rf "$home/.local/state/tamis" "$scratch/texts"
    mkdir "$scratch/texts" && printf '\nthe garden wall\n' >"$scratch/texts/a" &&
        printf 'the lottery\n' >"$scratch/texts/b" && printf 'the seaside\n' >"$scratch/texts/c" || return
    same "$(tamis learn --ham "$scratch/texts")" "3 learned as ham, 0 changed to it, 0 already known"
}
check "texts without a header" without_headers
compressed() {
    rm -rf "$home/.local/state/tamis"
    gzip -c <"$plain" >"$scratch/plain.gz"
    tamis learn --ham "$scratch/plain.gz" >"$scratch/output"
    same "$? $(cat "$scratch/output")" "66 0 learned as ham, 0 changed to it, 0 already known, 1 could not be read" &&
        same "$(gzip -dc "$scratch/plain.gz" | tamis learn --ham)" "1 learned as ham, 0 changed to it, 0 already known"
}
check "a compressed file is named, and learned when it is unpacked" compressed
