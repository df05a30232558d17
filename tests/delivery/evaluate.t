#!/bin/sh
# evaluate.t - replaying labelled mail: the figures, wrong labels, what another directory has taught
. "$(dirname "$0")/lib.sh"
plan 16

use_program sound
new_home ""

# Two correspondences of 60 messages each, ham and spam by turns, with words of their own.
correspondence() { # DIR HAM-WORDS SPAM-WORDS
    mkdir -p "$scratch/$1/mail"
    i=0
    while [ $i -lt 60 ]; do
        if [ $((i % 2)) = 0 ]; then label=ham words=$2; else label=spam words=$3; fi
        echo "$label mail/$i" >>"$scratch/$1/index"
        printf 'From: %s%s@example.org\nSubject: %s %s\nMessage-ID: <%s.%s@example.org>\n\n%s %s\n' \
            "$label" $((i % 5)) "$words" $i "$i" "$1" "$words" $((i * 37)) >"$scratch/$1/mail/$i"
        i=$((i + 1))
    done
}
correspondence one "the meeting about the garden wall" "cheap watches and lottery prizes"
correspondence two "the meeting about the garden wall" "cheap watches and lottery prizes"

evaluate() { "$program" evaluate --learned "$@" >"$scratch/out" 2>"$scratch/stderr"; }
figure() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" "$scratch/out"; }
is_below() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

learns_along_the_way() {
    evaluate --json "$scratch/one" || complain "failed" || return
    same "$(figure ham) $(figure spam)" "30 30" && is_below "$(figure area_above_roc_percent)" 20
}
check "a stream is judged and learned" learns_along_the_way

is_json() {
    python3 -c 'import json, sys
one = json.load(sys.stdin)["calibration"]
bins = one["bins"]
off = sum(b["count"] * abs(b["claimed"] - b["observed"]) for b in bins) / sum(b["count"] for b in bins)
assert len(bins) == 15 and sum(b["count"] for b in bins) == 30, bins
assert abs(100 * off - one["error_percent"]) < 0.01, (off, one)' <"$scratch/out"
}
adds_up="the reliability of the second half is in the JSON, and adds up"
if command -v python3 >/dev/null; then check "$adds_up" is_json; else skip "$adds_up" "needs python3"; fi

says_it_in_text() {
    evaluate "$scratch/one" && grep -q 'expected calibration error' "$scratch/out" &&
        same "$(grep -c 'messages said to be spam with' "$scratch/out")" 15
}
check "and in the text" says_it_in_text

# Of 60 messages.
leaves_out() {
    evaluate --json --skip 59 "$scratch/one" && same "$(figure ham) $(figure spam)" "0 1" || return
    for skip in 60 61 18446744073709551615; do
        evaluate --json --skip $skip "$scratch/one"
        same "$?" 64 && same "$(cat "$scratch/out")" "" && grep -q "skip $skip leaves no figures" "$scratch/stderr" ||
            complain "$skip: $(cat "$scratch/stderr")" || return
    done
}
check "who skips all that there is gets no figures of all" leaves_out

wrong_labels_hurt() {
    evaluate --json "$scratch/one" || return
    right=$(figure log_loss)
    evaluate --json --noise 40 "$scratch/one" || return
    is_below "$right" "$(figure log_loss)" || complain "log-loss $right and $(figure log_loss) with noise"
}
check "wrong labels make it worse" wrong_labels_hurt

seed_decides() {
    evaluate --scores "$scratch/first" --noise 40 "$scratch/one" &&
        evaluate --scores "$scratch/again" --noise 40 "$scratch/one" &&
        evaluate --scores "$scratch/other" --noise 40 --seed 1 "$scratch/one" || return
    cut -d' ' -f1,4 "$scratch/first" | cmp -s - "$scratch/one/index" || complain "truth is not what is written" ||
        return
    ! cmp -s "$scratch/first" "$scratch/other" || complain "another seed changes nothing"
}
check "which labels are wrong follows from the seed, and the scores say the truth" seed_decides

taught_elsewhere() {
    evaluate --json --train never "$scratch/two" || return
    untaught=$(figure area_above_roc_percent)
    evaluate --json --train never --trained-on "$scratch/one" --scores "$scratch/scores" "$scratch/two" || return
    same "$(figure ham) $(figure spam)" "30 30" && same "$(wc -l <"$scratch/scores" | tr -d ' ')" 60 &&
        is_below "$(figure area_above_roc_percent)" "$untaught"
}
check "what another directory taught is used, and not counted" taught_elsewhere

moves_after_training() {
    evaluate --json --feedback implicit --delay 5 --trained-on "$scratch/one" "$scratch/two" && same "$(figure ham)" 30
}
check "also before a user who moves mail" moves_after_training

refused() { # ARGUMENTS
    evaluate "$@"
    same $? 64
}
refuses_nonsense() {
    refused --noise 101 "$scratch/one" && refused --noise x "$scratch/one" && refused --seed 1 "$scratch/one" &&
        refused --noise 5 --feedback moves "$scratch/one"
}
check "nonsense is refused" refuses_nonsense

unreadable() { # DIRECTORY
    evaluate --trained-on "$1" "$scratch/one"
    same $? 66 && grep -q "$1/index" "$scratch/stderr"
}
missing() {
    mkdir -p "$scratch/folder/index"
    unreadable "$scratch/nowhere" && unreadable "$scratch/folder"
}
check "a directory without an index is named, and one whose index is a folder" missing

# The same messages in the same order, named in all ways that there are.
names_of_all_kinds() {
    mkdir -p "$scratch/odd"
    cp "$scratch/one/mail/3" "$scratch/odd/$(printf 'caf\351 \f 3')"
    awk -v above="$scratch/one" '
        NR % 4 == 1 { print $1 "\t \t" above "/" $2; next }
        NR == 4 { printf "%s caf\351 \f 3\r\n", $1; next }
        NR % 4 == 2 { print ""; print " \t" }
        { print $1 " ../one/" $2 }
        END { print "" }' "$scratch/one/index" >"$scratch/odd/index"
    evaluate --json "$scratch/one" && cp "$scratch/out" "$scratch/want" || return
    evaluate --json --scores "$scratch/scores" "$scratch/odd" || complain "$(cat "$scratch/stderr")" || return
    cmp -s "$scratch/out" "$scratch/want" || complain "other figures" || return
    same "$(sed -n 1p "$scratch/scores" | cut -d' ' -f4-)" "$scratch/one/mail/0"
}
check "paths are absolute or relative, after blanks or tabs, of any bytes; blank lines are none" names_of_all_kinds

refuses_line() { # LINE
    printf 'ham mail/0\n\n%b\n' "$1" >"$scratch/one/wrong/index"
    evaluate "$scratch/one/wrong"
    same $? 66 && grep -q "wrong/index:3: .*ham PATH" "$scratch/stderr" || complain "line: $1"
}
wrong_lines() {
    mkdir -p "$scratch/one/wrong"
    refuses_line hammail/0 && refuses_line 'HAM mail/0' && refuses_line 'ham \t' && refuses_line ' ham mail/0' &&
        refuses_line 'spammer mail/0' && refuses_line ham
}
check "any other line is named, with what is accepted" wrong_lines

one_class() {
    sed -n 's|^ham |&../|p' "$scratch/one/index" >"$scratch/one/wrong/index"
    evaluate "$scratch/one/wrong" && grep -q '^(1-ROCA)%  *- \[-, -\]$' "$scratch/out" &&
        grep -q '^missed at 0.1 % lost  *- %$' "$scratch/out" && grep -q 'spam missed  *- %' "$scratch/out" || return
    evaluate --json "$scratch/one/wrong" || return
    nulls=$(grep -o '"[a-z_]*":null' "$scratch/out" | sort -u | tr -d '"\n')
    same "$nulls" "area_above_roc_high:nullarea_above_roc_low:nullarea_above_roc_percent:null$(
    )logistic_average_percent:nullmissed_at_per_mille_percent:nullspam_missed_percent:null"
}
check "what a class is missing for is no figure" one_class

# --- what is drawn

curve() { sed -n 's/^  to *\([0-9]*\)  .* %  *\(#*\)$/\1 \2/p' "$scratch/out"; }
few_messages() {
    head -3 "$scratch/one/index" | sed "s|mail/|$scratch/one/mail/|" >"$scratch/few" && mkdir -p "$scratch/small" &&
        mv "$scratch/few" "$scratch/small/index" && evaluate "$scratch/small" || return
    same "$(curve | sed 's/ .*//' | tr '\n' ' ')" "1 2 3 " && evaluate --json "$scratch/small" &&
        same "$(grep -o '"spam_missed_percent":[^,}]*}' "$scratch/out" | wc -l)" 3
}
check "the learning curve of few messages has as many points" few_messages
bars_fit() { # bars_fit FULL WANT SETTING: with all spam missed, or none
    evaluate --set "$3" "$scratch/one" && grep -q "full at $1 %" "$scratch/out" &&
        same "$(curve | sed -n '$s/.* //p' | tr -d '\n' | wc -c)" "$2"
}
check "its bars fit what is missed" eval 'bars_fit 100 24 required=100 && bars_fit 10 0 required=-100'
asks_for_a_directory() {
    "$program" evaluate --json 2>"$scratch/said" >"$scratch/out"
    same $? 64 && grep -q 'takes one DIR' "$scratch/said"
}
check "without a directory it says what it takes" asks_for_a_directory
