#!/bin/sh
# deliver.t - `tamis deliver` by itself: in the Maildir whole, or not at all and told so
. "$(dirname "$0")/lib.sh"
need perl
plan 22

use_program sound
write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

deliver() { # deliver MESSAGE [OPTION...]
    message=$1
    shift
    "$program" deliver "$@" <"$message" >"$scratch/output" 2>"$scratch/stderr"
}

all_are_delivered() {
    find "$1" -type f | sort >"$scratch/list"
    [ -s "$scratch/list" ] || complain "no message in $1" || return
    while IFS= read -r message; do
        deliver "$message" || complain "$message: exit status $?" || return
        holds 1 0 || return
        without_from_line "$message" >"$scratch/sent"
        same_but_for_our_fields "$(the_message)" "$scratch/sent" || return
        empty_maildir
    done <"$scratch/list"
}

# A "From " line belongs to mbox files: in a Maildir it would be a broken header line.
without_from_line() {
    perl -0777 -pe 's/\AFrom [^\n]*(\n|\z)//' "$1"
}

new_home "$none_is_spam"
new_maildir
check "nasty messages arrive byte for byte" all_are_delivered "$scratch/messages"

one_lands_in() { # SETTING WANT-INBOX WANT-JUNK [OPTION...]
    settings "$1"
    inbox=$2 junk=$3
    shift 3
    empty_maildir
    deliver "$plain" "$@" && holds "$inbox" "$junk"
}
check "ham goes to the inbox" one_lands_in "$none_is_spam" 1 0
check "spam goes to Junk" one_lands_in "$all_is_spam" 0 1
check "a Junk folder is a Maildir++ folder" test -f "$maildir/.Junk/maildirfolder"
check "filter = no delivers to the inbox" one_lands_in 'filter = no' 1 0

other_junk() {
    settings "$all_is_spam"
    deliver "$plain" --junk Spam && same "$(find "$maildir/.Spam/new" -type f | wc -l | tr -d ' ')" 1
}
check "--junk names another folder" other_junk

modes_are_private() {
    new_home "$all_is_spam"
    (umask 0 && deliver "$plain") && same "$(find "$maildir" \( -type f -o -type d \) -perm /077)" ""
}
check "nobody else can read what was made, whatever the umask" modes_are_private

missing_maildir_is_made() {
    new_home "$none_is_spam"
    deliver "$plain" && holds 1 0 && test -d "$maildir/cur"
}
check "a missing Maildir is made" missing_maildir_is_made

missing_maildir_is_kept_missing() {
    new_home 'create_maildir = no'
    deliver "$plain"
    same "$?" 75 && test ! -e "$maildir"
}
check "create_maildir = no gives 75 and makes nothing" missing_maildir_is_kept_missing

maildir_of_the_command_line() {
    new_home "$none_is_spam"
    deliver "$plain" --maildir "$home/other %%u dir" &&
        same "$(find "$home/other %u dir/new" -type f | wc -l | tr -d ' ')" 1
}
check "--maildir with %% in it is the path with a percent sign" maildir_of_the_command_line

file_in_the_way() {
    new_home "$none_is_spam"
    echo "not a Maildir" >"$maildir"
    deliver "$plain"
    refused $? && same "$(cat "$maildir")" "not a Maildir"
}
check "a file where the Maildir should be is left alone" file_in_the_way

junk_in_the_way() {
    new_home "$all_is_spam"
    new_maildir
    echo "not a folder" >"$maildir/.Junk"
    deliver "$plain" && holds 1 0
}
check "spam goes to the inbox when there can be no Junk folder" junk_in_the_way

unwritable_maildir() {
    new_home "$none_is_spam"
    new_maildir
    chmod 500 "$maildir/tmp" "$maildir/new"
    deliver "$plain"
    status=$?
    chmod 700 "$maildir/tmp" "$maildir/new"
    refused "$status" && holds 0 0
}
if [ "$(id -u)" = 0 ]; then
    skip "a Maildir that may not be written is a failure" "root may write anywhere"
else
    check "a Maildir that may not be written is a failure" unwritable_maildir
fi

full_disk() { # BLOCKS: what one file may have
    new_home "$none_is_spam"
    new_maildir
    # SIGXFSZ ignored, write() gives EFBIG: the nearest to a full disk that every user can make.
    (trap '' XFSZ && ulimit -f "$1" && exec "$program" deliver <"$scratch/messages/large" 2>/dev/null)
    same "$?" 75 && holds 0 0
}
check "no room for the first byte: 75, nothing left behind" full_disk 0
check "no room for the rest: 75, nothing left behind" full_disk 100

signal_of_full_disk() {
    new_home "$none_is_spam"
    new_maildir
    (ulimit -f 100 && exec "$program" deliver <"$scratch/messages/large" 2>/dev/null)
    same "$?" 75 && holds 0 0
}
check "the same when the limit comes with SIGXFSZ" signal_of_full_disk

# Killed at any moment: a message in new/ is whole; a file in tmp/ is no mail.
killed_at_any_moment() {
    new_home "$none_is_spam"
    new_maildir
    for delay in 0.001 0.002 0.003 0.004 0.005 0.006 0.008 0.01 0.012 0.015 0.02 0.03; do
        timeout -s KILL "$delay" "$program" deliver <"$scratch/messages/large" 2>/dev/null
        for path in $(delivered_in ""); do
            same_but_for_our_fields "$path" "$scratch/messages/large" || return
        done
        rm -f "$maildir"/new/*
    done 2>/dev/null
    deliver "$scratch/messages/large" && same "$(count_in "")" 1
}
check "kill -9 at any moment leaves no half message" killed_at_any_moment

# A signal that can be handled is put off while the message becomes mail: what is delivered is never called undelivered.
# (LeakSanitizer, which looks for leaks in a process of its own at the end, waits for ever when that one is killed.)
ended_at_any_moment() {
    new_home "$none_is_spam"
    new_maildir
    for delay in 0.002 0.003 0.004 0.005 0.006 0.007 0.008 0.009 0.01 0.011 0.012 0.014 0.016 0.02; do
        for signal in TERM HUP INT USR1 ALRM; do
            ASAN_OPTIONS=detect_leaks=0 timeout -k 5 --preserve-status -s "$signal" "$delay" \
                "$program" deliver <"$plain" 2>/dev/null
            status=$?
            delivered=$(count_in "")
            [ "$status$delivered" = 01 ] || [ "$status" != 0 -a "$delivered" = 0 ] ||
                complain "$signal after $delay s: exit status $status, $delivered messages" || return
            empty_maildir
        done
    done 2>/dev/null
    nothing_in_tmp
}
check "a signal at any moment: delivered with 0, or not at all" ended_at_any_moment

at_the_same_time() {
    new_home "$none_is_spam"
    pids=
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        "$program" deliver <"$plain" 2>>"$scratch/stderr" &
        pids="$pids $!"
    done
    for pid in $pids; do wait "$pid" || complain "a delivery gave $?" || return; done
    holds 20 0
}
check "20 deliveries at once, the first Maildir too" at_the_same_time

no_input() {
    new_home "$none_is_spam"
    new_maildir
    "$program" deliver <&- 2>"$scratch/stderr"
    same "$?" 75 && holds 0 0
}
check "a closed stdin gives 75 and delivers nothing" no_input

qmail_codes() {
    new_home 'create_maildir = no'
    deliver "$plain" --qmail
    same "$?" 111 || return
    settings "$none_is_spam"
    deliver "$plain" --qmail && holds 1 0
}
check "--qmail: 111 is try again, 0 delivered" qmail_codes

if [ -d "${TAMIS_CORPORA:-/nonexistent}/torture" ]; then
    new_home "$none_is_spam"
    new_maildir
    check "the torture corpus arrives byte for byte" all_are_delivered "$TAMIS_CORPORA/torture"
else
    skip "the torture corpus arrives byte for byte" "TAMIS_CORPORA is not set"
fi
