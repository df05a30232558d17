#!/bin/sh
# rules-command.t - `tamis rules`, and rule files from all three places in a judgement
set -u
tamis=${TAMIS:?path of the built program}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch/home" XDG_CONFIG_HOME="$scratch/config" XDG_STATE_HOME="$scratch/state"
export TAMIS_RULES_DIR="$scratch/shipped"
mkdir -p "$HOME" "$XDG_CONFIG_HOME/tamis" "$TAMIS_RULES_DIR"

number=0
report() { # report STATUS NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

cat > "$TAMIS_RULES_DIR/a.rules" <<'END'
rule LUNCH
    describe  Asks to lunch
    points    1.5
    folded words lunch
rule DINNER
    describe  Asks to dinner
    points    1.5
    folded words dinner
rule _PART
    folded words lunch
END
cat > "$XDG_CONFIG_HOME/tamis/own.rules" <<'END'
rule LUNCH
    describe  Asks me to lunch
    points    2.25
    folded words lunch
END
printf 'From: Anna <anna@example.org>\nTo: user@example.net\nSubject: lunch?\n\nOr dinner?\n' > "$scratch/message"

explain() { "$tamis" explain --set log=stderr --state-dir "$scratch/state/tamis" "$@" "$scratch/message"; }

explain > "$scratch/out" 2> "$scratch/err"
grep -q ' 2\.25  LUNCH .*Asks me to lunch: "lunch"' "$scratch/out"
report $? "the user's rule takes the shipped one's place"
grep -q ' 1\.50  DINNER ' "$scratch/out"; report $? "the other shipped rules work on"
[ ! -s "$scratch/err" ]; report $? "nothing is complained of"
[ -s "$scratch/state/tamis/rules.cache" ]; report $? "the compiled rules are kept in the state folder"

explain --set score.DINNER=0.75 > "$scratch/out"
grep -q ' 0\.75  DINNER ' "$scratch/out"; report $? "score.NAME works for rules"
explain --set score.DINER=0.75 > /dev/null 2> "$scratch/err"
grep -q 'did you mean score.DINNER?' "$scratch/err"
report $? "a slip in score.NAME is told, with the rule that was meant"

"$tamis" rules list > "$scratch/out"
grep -q ' 2\.25  LUNCH .*own.rules:1)' "$scratch/out"; report $? "rules list: points, name, file and line"
grep -q ' HIDDEN_TEXT .*(check)' "$scratch/out"; report $? "rules list: checks"
! grep -q ' _PART ' "$scratch/out"; report $? "rules list: no parts"
"$tamis" rules list --parts | grep -q ' _PART '; report $? "rules list --parts: parts"

"$tamis" rules check > "$scratch/out"; report $? "rules check: all files"
grep -q '^4 rules, no mistakes$' "$scratch/out"; report $? "rules check: says so"
printf 'rule A\n    describe d\n    points 1\n    foldet words a\n' > "$scratch/bad.rules"
"$tamis" rules check "$scratch/bad.rules" > "$scratch/out"
[ $? = 78 ]; report $? "rules check: exit status 78 for a mistake"
grep -q 'bad.rules:4: "foldet": .*did you mean "folded"' "$scratch/out"
report $? "rules check: file, line, and what was meant"

cp "$scratch/bad.rules" "$XDG_CONFIG_HOME/tamis/"
explain > "$scratch/out" 2> "$scratch/err"
grep -q ' 2\.25  LUNCH ' "$scratch/out"; report $? "a broken rule leaves the others alone"
grep -q 'bad.rules:4: ' "$scratch/err"; report $? "and is told in the log"
explain > /dev/null 2> "$scratch/err"
[ ! -s "$scratch/err" ]; report $? "once"

rm -r "$scratch/state"
"$tamis" rules compile > "$scratch/out" 2> /dev/null; report $? "rules compile"
grep -q "^3 rules compiled into $scratch/state/tamis/rules.cache\$" "$scratch/out"
report $? "rules compile: says where"
: > "$scratch/no-folder"
XDG_STATE_HOME="$scratch/no-folder" "$tamis" rules compile > /dev/null 2>&1
[ $? != 0 ]; report $? "rules compile: fails where it cannot write"
# Ten messages: lunch is spam, dinner is ham; the last two are the other way round.
mkdir "$scratch/corpus"
for i in 1 2 3 4 5 6 7 8 9 10; do
    label=spam word=lunch
    [ $((i % 2)) = 0 ] || { label=ham word=dinner; }
    [ $i -lt 9 ] || case $word in lunch) word=dinner ;; dinner) word=lunch ;; esac
    printf 'From: a@example.org\nSubject: %s\n\nhello\n' "$word" > "$scratch/corpus/$i"
    echo "$label $i"
done > "$scratch/corpus/index"
measure() {
    "$tamis" rules measure --set log=stderr --set score.LUNCH=20 --set score.DINNER=-20 "$@" \
        > "$scratch/out" 2> "$scratch/err"
}
measure --split 80 --index "$scratch/corpus"; report $? "rules measure: a folder with an index"
grep -q ' LUNCH  *ham  *0\.00 %  spam 100\.00 %' "$scratch/out"
report $? "rules measure: what is held out is not counted"
grep -q '^points as they are  *ham lost 0\.00 % (0 of 4), spam caught 100\.00 % (4 of 4)$' "$scratch/out"
report $? "rules measure: how points do on the rest"
sed -n '/^held out of /,$p' "$scratch/out" > "$scratch/held"
grep -q '^points as they are  *ham lost 100\.00 % (1 of 1), spam caught 0\.00 % (0 of 1)$' "$scratch/held"
report $? "rules measure: and on what is held out"
measure --suggest --index "$scratch/corpus" --judge "$scratch/corpus" && grep -q '^proposed  .* of 5), ' "$scratch/out"
report $? "rules measure --judge: a folder that is held out whole"
measure --index "$scratch"; [ $? = 66 ] && grep -q "$scratch/index" "$scratch/err"
report $? "rules measure: a folder without an index is named, exit status 66"
for split in 0 101 -1 x 5x ''; do
    measure --split "$split" --index "$scratch/corpus"
    [ $? = 64 ] || echo "# $split"
done > "$scratch/said"
[ ! -s "$scratch/said" ]; report $? "rules measure: a percentage that is none, exit status 64"
measure --ham "$scratch/corpus"; [ $? = 64 ]; report $? "rules measure: ham alone, exit status 64"

"$tamis" rules no-such-action > /dev/null 2>&1
[ $? = 64 ]; report $? "no such action: exit status 64"
echo "1..$number"
