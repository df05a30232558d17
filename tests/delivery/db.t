#!/bin/sh
# db.t - `tamis db` from outside: all that was learned leaves and comes back exactly, words of other filters come in and
# go again
. "$(dirname "$0")/lib.sh"
need perl
plan 33

use_program sound
write_plain "$scratch/plain"
state=$home/.local/state/tamis

tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

# A message of its own, from a network and with a link that the history keeps.
message() { # message NUMBER WORDS
    printf 'Received: from mail%s.example.net (mail%s.example.net [198.51.100.%s])\n' "$1" "$1" "$1"
    printf '\tby mx.example.org; Sun, 22 Nov 2026 08:00:00 +0000\n'
    sed "s/^Message-ID: .*/Message-ID: <$1@example.net>/" "$scratch/plain"
    printf '%s http://site%s.example.com/\n' "$2" "$1"
}

# Knows something of everything that a dump carries.
taught_home() {
    new_home "$none_is_spam" 'trusted_networks = 192.0.2.1'
    mkdir -p "$maildir/cur" "$maildir/new" "$maildir/tmp" "$maildir/.Sent/cur" "$maildir/.Sent/new" "$maildir/.Sent/tmp"
    for i in 1 2 3 4 5 6; do
        message "$i" "lunch at noon $i" | tamis learn -q --ham || return
        message "1$i" "million money $i" | tamis learn -q --spam || return
    done
    printf '%s\n' 'From: joe@example.org' 'To: "O Neill" <"o neill"@example.net>, anna@example.com' \
        'Date: Sun, 22 Nov 2026 08:00:00 +0000' 'Message-ID: <sent@example.org>' '' Hello \
        >"$maildir/.Sent/cur/1.a.host:2,S"
    tamis senders import --quiet || return
    echo 'anna@example.org 192.0.2.0/24  # mail 2026-11-22 14' >"$state/known_relays"
    words_of_bogofilter >"$scratch/bogofilter"
    tamis db import --quiet "$scratch/bogofilter"
}

words_of_bogofilter() {
    echo ".MSG_COUNT 3000 2000 20261122"
    for i in 1 2 3 4 5 6 7 8 9; do
        echo "subj:lottery$i 900 1 20261122"
        echo "meeting$i 2 800 20261122"
    done
    echo "once 1 0 20261122"
    echo "rtrn:example.net 500 500 20261122"
}

# --- dump and load

check "a home that knows something of everything" taught_home
tamis db dump >"$scratch/dump"
for section in imported history correspondents known-relays store; do
    check "the dump has a section tamis-$section" grep -q "^tamis-$section [1-9][0-9]*\$" "$scratch/dump"
done
# What learns has the store for longer than a delivery waits.
while_somebody_learns() {
    perl -MFcntl=:flock -e 'open my $lock, "+<", shift or die; flock $lock, LOCK_EX or die; print "held\n";
        close STDOUT; select undef, undef, undef, 1' "$state/lock" | {
        read -r held && same "$held" held || return
        tamis db dump >"$scratch/meanwhile"
    } || return
    cmp "$scratch/dump" "$scratch/meanwhile"
}
check "it has all of it while somebody learns, too" while_somebody_learns

# Loads the dump here and looks whether that gives the same dump.
comes_back() { # comes_back OPTION...
    tamis db load "$@" <"$scratch/dump" || complain "exit status $?" || return
    tamis db dump >"$scratch/again"
    cmp "$scratch/dump" "$scratch/again"
}
check "it comes back into an empty home to the last byte" eval 'rm -rf "$state"; comes_back'
check "the same people are known there" eval \
    'tamis senders list 2>/dev/null | grep -q anna@example.com || grep -aq anna@example.com "$state/correspondents"'
check "and the state is sound" eval \
    'tamis db check >"$scratch/checked" && grep -q "imported  *18 words of bogofilter, 0 rows bad" "$scratch/checked"'
# A link to itself is an error that also root gets.
unlooked() {
    mv "$state/imported" "$scratch/imported" && ln -s imported "$state/imported" || return
    tamis db check >"$scratch/checked"
    status=$?
    mv -f "$scratch/imported" "$state/imported"
    same $status 66
}
check "imported words that cannot be looked at are not sound" unlooked
not_over() {
    tamis db load <"$scratch/dump"
    same $? 64 && grep -q 'not an empty store' "$scratch/stderr"
}
check "not over what has been learned" not_over
in_its_place() {
    message 99 'something else' | tamis learn -q --ham && ! tamis db dump | cmp -s - "$scratch/dump" &&
        comes_back --replace
}
check "but in its place, when that is asked for" in_its_place
learns_on() {
    message 99 'something else' | tamis learn -q --ham && tamis db rebuild >/dev/null &&
        same "$(tamis db dump | sed -n 's/^lessons //p')" "7 6"
}
check "what was loaded goes on learning, and is rebuilt with that" learns_on
as_before() {
    sed -n '/^tamis-store /,$p' "$scratch/dump" >"$scratch/store-only"
    tamis db load --replace <"$scratch/store-only" &&
        tamis db dump | sed -n '/^tamis-store /,$p' | cmp - "$scratch/store-only" || return
    [ -s "$state/correspondents" ] || complain "it took the correspondents away"
}
check "a dump of the store alone, as older versions wrote it, is one of that alone" as_before

keeps_what_it_cannot_replace() {
    rm -f "$state/history" && mkdir "$state/history" || return
    tamis db load --replace <"$scratch/dump" && { complain "it says that all is well" || return; }
    [ -s "$state/known_relays" ] && [ -s "$state/correspondents" ] || complain "what came behind it is gone" || return
    rmdir "$state/history"
}
check "where one part cannot be put in place the others stay" keeps_what_it_cannot_replace

refused_whole() {
    rm -rf "$state"
    sed "$1" "$scratch/dump" >"$scratch/wrong"
    ! cmp -s "$scratch/dump" "$scratch/wrong" || complain "$1 changes nothing" || return
    tamis db load <"$scratch/wrong"
    same $? 66 || return
    same "$(tamis db dump 2>/dev/null | grep -c '^entry')" 0 || return
    same "$(ls "$state" 2>/dev/null | grep -c -e history -e correspondents -e imported -e known)" 0
}
for change in '1s/1/2/' '2s/imported/exported/' '/^tamis-history/,/^end/s/^slot 0*/slot 9/' \
    '/^person/s/^person/people/' \
    '/^tamis-known-relays/,/^end/s/^end .*/end 7/' '/^entry/s/user/nobody/' '$d' '/^tamis-store/,$d'; do
    check "refused whole: $change" refused_whole "$change"
done

# --- import and forget

judged_as() { # judged_as WORDS: the points
    message 77 "$1" | tamis classify --set log=none - | awk '{ print $2 }'
}
is_more() { awk "BEGIN { exit !($1 > $2) }" || complain "$1 is not more than $2"; }

new_home "$none_is_spam"
spam_words='lottery1 lottery2 lottery3 lottery4 lottery5 lottery6 lottery7 lottery8 lottery9'
before=$(judged_as "$spam_words")
check "a dry run says what it would keep" \
    same "$(tamis db import --dry-run "$scratch/bogofilter")" \
    "bogofilter: 18 words from 2000 ham and 3000 spam in 20 lines; would keep 18"
check "and leaves nothing" eval '[ ! -e "$state/imported" ]'
words_of_bogofilter | tamis db import --quiet
check "imported spam words make spam" is_more "$(judged_as "$spam_words")" "$before"
check "explain says where that comes from" eval 'message 77 "$spam_words" | tamis explain - | grep -q "imported words"'
outgrown() {
    mkdir -p "$scratch/many"
    perl -e 'for my $i (1 .. 1000) {
        open my $file, ">", "$ARGV[0]/$i" or die;
        print $file "From: a\@example.net\nSubject: message $i\nMessage-ID: <$i\@example.net>\n\nword$i\n";
    }' "$scratch/many"
    tamis db dump | sed -n '/^tamis-store /,$p' >"$scratch/kept"
    tamis learn -q --ham "$scratch/many" && ! { message 77 "$spam_words" | tamis explain - | grep -q "imported words"; }
}
check "it is not asked once the user has taught enough" outgrown
check "it can be taken back" same "$(tamis db forget --imported)" "what was imported is forgotten"
check "to the last byte" eval '[ ! -e "$state/imported" ]'

nonsense() {
    { words_of_bogofilter; echo "lottery 5 many 20261122"; } | tamis db import
    same $? 66 && grep -q 'line 22: not a line of a dump of bogofilter' "$scratch/stderr"
}
check "nonsense is refused with its line" nonsense

# --- forget since a day

new_home "$none_is_spam"
new_maildir
since() {
    message 1 "lunch" >"$maildir/cur/1.a.host:2,S"
    message 2 "dinner" >"$maildir/cur/2.a.host:2,S"
    tamis learn -q --ham "$maildir" && message 3 "gone" | tamis learn -q --ham || return
    same "$(tamis db forget --since 2099-01-01)" "0 forgotten; 0 learned since then were not found" || return
    same "$(tamis db forget --dry-run --since 2020-01-01 | tail -1)" \
        "2 would be forgotten; 1 learned since then were not found: name the folders where they are" || return
    same "$(tamis db forget --since 2020-01-01)" \
        "2 forgotten; 1 learned since then were not found: name the folders where they are" || return
    same "$(tamis db dump | sed -n 's/^lessons //p')" "1 0"
}
check "what was learned since a day is taken back from the messages" since
