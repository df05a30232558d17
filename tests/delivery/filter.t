#!/bin/sh
# filter.t - `tamis filter` by itself: the message goes through whole, whatever it is and whatever happens
. "$(dirname "$0")/lib.sh"
need perl
plan 28

new_home "$none_is_spam"
use_program sound
write_nasty_messages "$scratch/messages"

filter() { # filter MESSAGE [OPTION...]: gives the exit status; the output is $scratch/output
    message=$1
    shift
    "$program" filter "$@" <"$message" >"$scratch/output" 2>"$scratch/stderr"
}

# All messages of a folder pass byte for byte but for our fields, and every one could be judged: at once, which is told
# at level debug.
all_pass() {
    find "$1" -type f | sort >"$scratch/list"
    [ -s "$scratch/list" ] || complain "no message in $1" || return
    while IFS= read -r message; do
        filter "$message" -v -v || complain "$message: exit status $?" || return
        ! grep 'judged again' "$scratch/stderr" || complain "$message" || return
        same_but_for_our_fields "$scratch/output" "$message" || return
        has_field "$scratch/output" '^X-Tamis:' && lacks_field "$scratch/output" '^X-Spam-Status: Unchecked' ||
            complain "$message" || return
    done <"$scratch/list"
}
check "nasty messages pass byte for byte" all_pass "$scratch/messages"

empty_passes() {
    : >"$scratch/empty"
    filter "$scratch/empty"
}
check "an empty message passes" empty_passes

verdict_is_written() { # SETTING WANTED-FIELD UNWANTED-FIELD [OPTION...]
    settings "$1"
    wanted=$2 unwanted=$3
    shift 3
    filter "$scratch/messages/plain" "$@" && has_field "$scratch/output" "$wanted" &&
        lacks_field "$scratch/output" "$unwanted"
}
check "spam is flagged" verdict_is_written "$all_is_spam" '^X-Spam-Flag: YES' '^X-Bogosity'
check "ham is not" verdict_is_written "$none_is_spam" '^X-Spam-Status: No' '^X-Spam-Flag'
check "headers = bogofilter" verdict_is_written "$all_is_spam" '^X-Bogosity: Spam' '^X-Spam-' --set headers=bogofilter
check "headers = minimal" verdict_is_written "$all_is_spam" '^X-Spam-Status: Yes' '^X-Spam-Flag' --set headers=minimal
settings "$none_is_spam"

forged_fields_go() {
    filter "$1" || return
    lacks_field "$scratch/output" by-the-sender && lacks_field "$scratch/output" '^X-Spam-Flag: NO' &&
        has_field "$scratch/output" '^X-Spammer-Is-No-Field-Of-Ours: kept' &&
        same "$(grep -c '^X-Spam-Status: this is the body' "$scratch/output")" 1
}
check "fields that the sender forged are gone" forged_fields_go "$scratch/messages/forged"
check "with CRLF too" forged_fields_go "$scratch/messages/forged-crlf"

crlf_stays_crlf() {
    filter "$scratch/messages/crlf" &&
        same "$(perl -ne '$n++ unless /\r\n\z/; END { print $n || 0 }' "$scratch/output")" 0
}
check "a message with CRLF has no other line end afterwards" crlf_stays_crlf

filtering_again_replaces_the_fields() {
    filter "$scratch/messages/plain" && cp "$scratch/output" "$scratch/once" && filter "$scratch/once" &&
        same_but_for_our_fields "$scratch/output" "$scratch/messages/plain" &&
        same "$(grep -c '^X-Tamis:' "$scratch/output")" 1 &&
        same "$(grep -c '^X-Spam-Status:' "$scratch/output")" 1
}
check "filtering a filtered message again replaces the fields" filtering_again_replaces_the_fields

from_line_stays_first() {
    { echo 'From ann@example.net Tue Jun  4 10:00:00 2024'; cat "$scratch/messages/plain"; } >"$scratch/mbox"
    filter "$scratch/mbox" && same "$(sed 1q "$scratch/output")" "$(sed 1q "$scratch/mbox")" &&
        same_but_for_our_fields "$scratch/output" "$scratch/mbox"
}
check "a From line stays first" from_line_stays_first

opted_out() {
    settings 'filter = no'
    filter "$scratch/messages/forged" && cmp -s "$scratch/output" "$scratch/messages/forged"
    result=$?
    settings "$none_is_spam"
    return "$result"
}
check "with filter = no nothing at all is changed" opted_out

input_is_read_to_its_end() {
    { cat "$scratch/messages/plain"; repeat 400000 'filling the pipe\n'; } >"$scratch/big"
    { cat "$scratch/big" && echo whole >"$scratch/writer"; } |
        "$program" filter >"$scratch/output" 2>"$scratch/stderr" &&
        same "$(cat "$scratch/writer")" whole && same_but_for_our_fields "$scratch/output" "$scratch/big"
}
check "7 MB are read to their end and written whole" input_is_read_to_its_end

slow_input_is_waited_for() {
    { head -c 100 "$scratch/messages/plain"; sleep 1; tail -c +101 "$scratch/messages/plain"; } |
        "$program" filter >"$scratch/output" 2>"$scratch/stderr" &&
        same_but_for_our_fields "$scratch/output" "$scratch/messages/plain"
}
check "input that comes in pieces is waited for" slow_input_is_waited_for

full_disk_is_temporary() {
    [ -w /dev/full ] || return 0
    "$program" filter <"$scratch/messages/plain" >/dev/full 2>"$scratch/stderr"
    same "$?" 75
}
check "a full disk behind stdout gives 75" full_disk_is_temporary

answers_on_a_full_disk() {
    [ -w /dev/full ] || return 0
    for command in classify explain; do
        "$program" "$command" "$scratch/messages/plain" >/dev/full 2>"$scratch/stderr"
        same "$command $?" "$command 75" || return
    done
}
check "classify and explain say 75 there too" answers_on_a_full_disk

# /proc/self/mem is a regular file that cannot be read at its beginning.
goes_on_behind_the_unreadable() {
    mkdir "$scratch/three"
    write_plain "$scratch/three/1" && ln -s /proc/self/mem "$scratch/three/2" && write_plain "$scratch/three/3"
    for command in classify explain; do
        "$program" "$command" "$scratch/three" "$scratch/three/1" >"$scratch/said" 2>"$scratch/stderr"
        same "$? $(grep -ci 'unsure \|may be spam:' "$scratch/said")" "75 3" || return
    done
}
check "classify and explain go on behind what cannot be read, and end with 75" goes_on_behind_the_unreadable

file_limit_is_temporary() {
    (ulimit -f 1 && exec "$program" filter <"$scratch/messages/large" >"$scratch/output" 2>/dev/null)
    same "$?" 75
}
check "a file limit for stdout gives 75, not a signal" file_limit_is_temporary

no_output_is_temporary() {
    "$program" filter <"$scratch/messages/plain" >&- 2>"$scratch/stderr"
    same "$?" 75
}
check "a closed stdout gives 75" no_output_is_temporary

no_input_is_temporary() {
    "$program" filter <&- >"$scratch/output" 2>"$scratch/stderr"
    same "$?" 75
}
check "a closed stdin gives 75" no_input_is_temporary

broken_pipe_is_temporary() {
    { "$program" filter <"$scratch/messages/large"; echo $? >"$scratch/status"; } 2>"$scratch/stderr" |
        head -c 10 >/dev/null
    case $(cat "$scratch/status") in 75 | 141) ;; *) complain "exit status $(cat "$scratch/status")" ;; esac
}
check "a reader that goes away is no success" broken_pipe_is_temporary

broken_settings_pass_mail() {
    printf 'required = lots\n[[[\n\000\377' >"$home/.config/tamis/tamis.conf"
    filter "$scratch/messages/plain" && same_but_for_our_fields "$scratch/output" "$scratch/messages/plain" || return
    rm "$home/.config/tamis/tamis.conf" && mkfifo "$home/.config/tamis/tamis.conf"
    filter "$scratch/messages/plain" && same_but_for_our_fields "$scratch/output" "$scratch/messages/plain"
    result=$?
    rm "$home/.config/tamis/tamis.conf"
    settings "$none_is_spam"
    return "$result"
}
check "broken settings do not stop mail" broken_settings_pass_mail

without_home_mail_passes() {
    env -i TAMIS="$TAMIS" sh -c '"$TAMIS" filter' <"$scratch/messages/plain" >"$scratch/output" 2>"$scratch/stderr" &&
        same_but_for_our_fields "$scratch/output" "$scratch/messages/plain"
}
check "an empty environment does not stop mail" without_home_mail_passes

# Whatever memory there is: either the message comes out whole with status 0, or the status says that it does not.
starved_of_memory() {
    for kilobytes in 4000 6000 7000 8000 10000 12000 16000 30000 60000 200000; do
        (ulimit -v "$kilobytes" && exec "$TAMIS" filter) <"$scratch/messages/plain" >"$scratch/output" \
            2>"$scratch/stderr"
        status=$?
        [ "$status" != 0 ] || same_but_for_our_fields "$scratch/output" "$scratch/messages/plain" || return
    done 2>/dev/null
}
if grep -qa __asan_init "$TAMIS"; then
    skip "short of memory it tells or passes the message whole" "AddressSanitizer needs all address space"
else
    check "short of memory it tells or passes the message whole" starved_of_memory
fi

# The message is read in a child of the program; it is found while it works on something large, and gets SIGNAL.
child_gets() { # SIGNAL
    { printf 'From: a@example.net\nSubject: s\nContent-Type: text/html\n\n'
        repeat 60000 '<p style="color:red">one <b>two</b> three <a href="http://example.net/">four</a></p>\n'; } \
            >"$scratch/html"
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        "$program" filter <"$scratch/html" >"$scratch/output" 2>"$scratch/stderr" &
        filter=$!
        while kill -0 "$filter" 2>/dev/null; do
            child=$(cat "/proc/$filter/task/$filter/children" 2>/dev/null)
            [ -n "$child" ] && kill -"$1" $child 2>/dev/null && break
        done
        wait "$filter" || complain "exit status $?" || return
        same_but_for_our_fields "$scratch/output" "$scratch/html" || return
        if has_field "$scratch/output" '^X-Spam-Status: Unchecked' >/dev/null; then return 0; fi
    done
    complain "the child could not be caught in ten attempts"
}
if [ -r "/proc/$$/task/$$/children" ]; then
    check "the reading child killed: the message passes unchecked" child_gets KILL
    check "the reading child stopped: the message passes unchecked" child_gets STOP
else
    skip "the reading child killed: the message passes unchecked" "this system does not list a process's children"
    skip "the reading child stopped: the message passes unchecked" "this system does not list a process's children"
fi

if [ -d "${TAMIS_CORPORA:-/nonexistent}/torture" ]; then
    check "the torture corpus passes byte for byte" all_pass "$TAMIS_CORPORA/torture"
else
    skip "the torture corpus passes byte for byte" "TAMIS_CORPORA is not set"
fi

# What can be had again in a minute is no damage, and nothing is made again for it.
little_memory() {
    new_home "$none_is_spam"
    write_plain "$scratch/plain"
    "$program" learn --quiet --spam <"$scratch/plain" 2>>"$scratch/stderr" || return
    judged=0 lacked=0
    for kilobytes in 6000 7000 7500 8000 8250 8500 8750 9000 9500 10000 10500 11000 12000 13000 14000 100000; do
        (ulimit -v $kilobytes && filter "$scratch/plain")
        if has_field "$scratch/output" 'learned=[0-9]' >/dev/null; then
            judged=$((judged + 1))
        else
            lacked=$((lacked + 1))
        fi
        ! grep -h 'learned=damaged\|making the tables again\|is damaged' "$scratch/output" "$scratch/stderr" ||
            complain "with $kilobytes KB" || return
    done
    [ $judged -gt 0 ] && [ $lacked -gt 0 ] || complain "judged $judged times, lacked memory $lacked times"
}
if grep -q __asan_init "$TAMIS"; then
    skip "memory that lacks is no damage" "sanitizers need more than can be lacking"
else
    check "memory that lacks is no damage" little_memory
fi
