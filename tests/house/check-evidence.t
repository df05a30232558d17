#!/bin/sh
# check-evidence.t - each name in evidence-table exists, fires on a message of the tests and is silent on another; and
# no check or rule is missing there
#
# A check's messages stand in the tables of tests/unit/rules ({ "NAME", true, ... }), a rule's in tests/rules/*.cases
# ("rule NAME", + and -), a list's reason in the tests of verdict and delivery.
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
tamis=${TAMIS:?path of the built program}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch"
unset XDG_CONFIG_HOME XDG_STATE_HOME
export TAMIS_RULES_DIR="$source_folder/data/rules"
cd "$source_folder" || exit 99

# "NAME true" or "NAME false" for every message that some test judges.
{
    cat tests/unit/rules/*.c | tr '\n' ' ' | grep -oE '\{ *"[A-Z0-9_]+", *(true|false)' | sed 's/[{",]/ /g'
    # Messages too long for the tables: assert_true(fires(..., "NAME", ...)), or compared with what is wanted.
    cat tests/unit/rules/*.c | sed -n 's/^\(.*\)fires([^"]*"\([A-Z0-9_]*\)".*/\2 \1/p' | awk '
        { print $1, $0 ~ /assert_false/ ? "false" : "true" }
        !/assert_/ { print $1, "false" }'
    awk '/^rule / { name = $2 } /^\+/ { print name, "true" } /^-/ { print name, "false" }' tests/rules/*.cases
} > "$scratch/judged"
"$tamis" rules list | awk '{ print $2 }' > "$scratch/listed"
cat src/verdict/*.c | grep -oE '"[A-Z]+(_[A-Z]+)+"' | tr -d '"' | sort -u > "$scratch/reasons"
cat tests/unit/verdict/*.c tests/unit/senders/*.c tests/delivery/*.t | grep -oE '[A-Z]+(_[A-Z]+)+' |
    sed 's/^RULING_//' | sort -u > "$scratch/named"

awk -v scratch="$scratch" '
    function say(ok, text) { print (ok ? "ok " : "not ok ") ++number " - " text }
    function load(file, into,   line) { while ((getline line < (scratch "/" file)) > 0) into[line] = 1 }
    # What is wrong with a name of the table; "" when nothing is.
    function fault(name,   known, stem, found) {
        if (name ~ /^=/) {
            sub(/^=/, "", name)
            if (!(name in reasons)) return name " is no reason"
            return name in named ? "" : name " has no test"
        }
        stem = name
        sub(/\*$/, "", stem)
        for (known in listed)
            if (known == name || (stem != name && index(known, stem) == 1)) {
                found = placed[known] = 1
                if (!((known " true") in judged)) return known " never fires in a test"
                if (!((known " false") in judged)) return known " is never silent in a test"
            }
        return found ? "" : name " does not exist"
    }
    BEGIN {
        FS = "|"
        load("listed", listed); load("reasons", reasons); load("named", named)
        while ((getline line < (scratch "/judged")) > 0) { split(line, word, " "); judged[word[1] " " word[2]] = 1 }
    }
    /^(#|$)/ { next }
    {
        sub(/ +$/, "", $1)
        count = split($2, names, " ")
        wrong = ""
        for (i = 1; i <= count; i++) {
            this = fault(names[i])
            if (this) wrong = wrong "; " this
        }
        if (count == 0) print "not ok " ++number " - " $1 " # TODO not written yet"
        else say(wrong == "", $1 wrong)
    }
    END {
        for (name in listed) if (!(name in placed)) missing = missing " " name
        say(missing == "", "every check and rule has its place in evidence-table" (missing ? ", but not" missing : ""))
        print "1.." number
    }' tests/house/evidence-table
