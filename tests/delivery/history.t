#!/bin/sh
# history.t - what earlier mail says of a relay, a host and a script: learned, taken back, noted at delivery
. "$(dirname "$0")/lib.sh"
plan 8

use_program sound
new_home ""
tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

# A message of that number from that relay with that text, arrived just now.
message() { # NUMBER ADDRESS TEXT
    printf 'Received: from mail.example.org (mail.example.org [%s])\n\tby mx.example.net with ESMTP id 1; %s\n' \
        "$2" "$(date -u '+%a, %d %b %Y %H:%M:%S +0000')"
    printf 'From: Anna <anna@example.org>\nTo: user@example.net\nSubject: number %s\nMessage-ID: <%s@example.org>\n' \
        "$1" "$1"
    printf 'Date: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n' \
        "$(date -u '+%a, %d %b %Y %H:%M:%S +0000')"
    printf 'Content-Transfer-Encoding: 8bit\n\n%s %s\n' "$3" "$1"
}

fires() { # NAME ARGUMENTS OF message
    reason=$1
    shift
    message "$@" | tamis filter >"$scratch/out" || complain "filter failed" || return
    grep -q "$reason" "$scratch/out" ||
        complain "no $reason in: $(sed -n '/^X-Spam-Status/,/^[A-Z]/p' "$scratch/out" | head -4)"
}
silent() { ! fires "$@" >/dev/null; }

history_file() { find "$home" -name history -type f; }

no_file_without_lessons() {
    message 1 192.0.2.1 hello | tamis filter >/dev/null && same "$(history_file)" ""
}
check "delivery alone makes no history" no_file_without_lessons

mkdir "$scratch/spam"
for i in 11 12 13; do message $i 192.0.2.1 "buy http://www.pills.example/" >"$scratch/spam/$i"; done
tamis learn -q --spam "$scratch/spam"
private() { same "$(find "$home" -name history -type f -perm 600 | wc -l | tr -d ' ')" 1; }
check "lessons make one, readable by its owner only" private
check "the relay is known" fires RELAY_KNOWN_SPAM 14 192.0.2.77 hello
check "and so is the host" fires HOST_KNOWN_SPAM 15 198.51.100.1 "see http://cheap.pills.example/"

burst() {
    for i in 21 22 23 24 25 26 27 28 29 30; do
        message $i 203.0.113.9 hello | tamis classify >/dev/null
    done
    silent RELAY_BURST 31 203.0.113.9 hello || complain "classify was taken for an arrival" || return
    for i in 32 33 34 35 36 37 38 39 40; do
        message $i 203.0.113.9 hello | tamis filter >/dev/null || return
    done
    fires RELAY_BURST 41 203.0.113.9 hello
}
check "ten arrivals within ten minutes are a burst, ten questions are none" burst

taken_back() {
    tamis learn -q --forget "$scratch/spam" || return
    silent HOST_KNOWN_SPAM 51 198.51.100.1 "see http://cheap.pills.example/" &&
        silent RELAY_KNOWN_SPAM 52 192.0.2.1 hello
}
check "what is forgotten is forgotten here too" taken_back

script() {
    mkdir "$scratch/ham"
    i=100
    while [ $i -lt 150 ]; do
        message $i 198.51.100.200 "Shall we meet at noon on Sunday, or rather later" >"$scratch/ham/$i"
        i=$((i + 1))
    done
    tamis learn -q --ham "$scratch/ham" || return
    fires NEW_SCRIPT 160 192.0.2.9 "$(printf '\320\224\320\276\320\261\321\200\321\213\320\271 %.0s' 1 2 3 4 5 6 7)"
}
check "a script that no ham was ever in" script

damaged() {
    file=$(history_file)
    printf 'x' | dd of="$file" bs=1 seek=3 conv=notrunc 2>/dev/null
    : >"$scratch/stderr"
    silent NEW_SCRIPT 161 192.0.2.9 "$(printf '\320\224\320\276\320\261\321\200\321\213\320\271 %.0s' 1 2 3 4 5 6 7)" ||
        return
    grep -q '^X-Spam-Status' "$scratch/out" || complain "the message was not judged" || return
    message 170 192.0.2.1 hello | tamis learn -q --ham || complain "nothing was learned" || return
    same "$(find "$home" -name history -type f -size +100k | wc -l | tr -d ' ')" 1
}
check "a damaged history is not believed, and costs nothing else" damaged
