#!/bin/sh
# check-words.t - every rule of data/rules fires on its message of words.cases and on no honest one there
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
tamis=${TAMIS:?path of the built program}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch"
unset XDG_CONFIG_HOME XDG_STATE_HOME
export TAMIS_RULES_DIR="$source_folder/data/rules"
mkdir "$scratch/mail"

# Each case becomes a message; "LINE KIND NAME + or -" of it goes to the list, in the same order.
awk -v folder="$scratch/mail" '
    function finish() { if (file) close(file) }
    /^(#|$)/ { next }
    /^(rule|honest) / { kind = $1; name = $2; next }
    /^[-+] / {
        finish()
        file = sprintf("%s/%05d", folder, FNR)
        print FNR, kind, name, substr($0, 1, 1)
        print "From: Anna Berg <anna@example.org>\nTo: user@example.net\nSubject: lunch" > file
        print "Date: Sun, 22 Nov 2026 09:59:00 +0000\nMessage-ID: <20261122.1@example.org>\nMIME-Version: 1.0" > file
        print "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n" > file
    }
    { print substr($0, 3) > file }' "$source_folder/tests/rules/words.cases" > "$scratch/cases"

"$tamis" rules list | awk '!/\(check\)$/ { print $2 }' > "$scratch/rules"
"$tamis" explain --json "$scratch"/mail/* > "$scratch/answers"

awk -v rules_file="$scratch/rules" -v answers="$scratch/answers" '
    function say(ok, text) { print (ok ? "ok " : "not ok ") ++number " - " text }
    function hits(json,   found) { # the rules among the reasons, with a blank around each
        found = " "
        while (match(json, /"name":"[A-Z0-9_]+"/)) {
            name = substr(json, RSTART + 8, RLENGTH - 9)
            if (name in rules) found = found name " "
            json = substr(json, RSTART + RLENGTH)
        }
        return found
    }
    BEGIN { while ((getline rule < rules_file) > 0) rules[rule] = 1 }
    {
        if ((getline json < answers) <= 0) json = ""
        found = hits(json)
        if ($4 == "+") {
            say(index(found, " " $3 " ") > 0, "line " $1 ": " $3 " fires")
            fires[$3] = 1
        } else {
            but = found == " " ? "" : ", but" found
            say(json != "" && found == " ", "line " $1 ": honest mail about " $3 " fires no rule" but)
            silent[$3] = 1
        }
    }
    END {
        for (rule in rules) say(rule in fires && rule in silent, rule " has a message that fires it and an honest one")
        print "1.." number
    }' "$scratch/cases"
