#!/bin/sh
# clamd.t - the virus scanner: a real clamd with a signature database of our own, alive, slow, dead, lying, too small
. "$(dirname "$0")/../delivery/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
need clamd perl
plan 21

use_program sound
socket=$scratch/clamd.ctl

# --- the scanner ---------------------------------------------------------------------------------------------------

# The EICAR test string (eicar.org), which every scanner calls infected, is put together here so that no scanner of the
# reader's takes this file for it.
eicar='X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-''FILE!$H+H*'

write_server() {
    mkdir -p "$scratch/signatures" "$scratch/clamd-tmp"
    printf 'Eicar-Test:0:*:%s\n' "$(printf %s "$eicar" | od -An -v -tx1 | tr -d ' \n')" >"$scratch/signatures/own.ndb"
    cat >"$scratch/clamd.conf" <<END
LocalSocket $socket
DatabaseDirectory $scratch/signatures
TemporaryDirectory $scratch/clamd-tmp
LogFile $scratch/clamd.log
PidFile $scratch/clamd.pid
Foreground yes
StreamMaxLength 2M
OfficialDatabaseOnly no
ConcurrentDatabaseReload no
Bytecode no
END
}

server=
start_server() {
    clamd -c "$scratch/clamd.conf" >"$scratch/clamd.out" 2>&1 &
    server=$!
    wait_until test -S "$socket"
}

stop_servers() {
    [ -z "$server" ] || {
        kill -CONT "$server" 2>/dev/null
        kill -KILL "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    }
    server=
    rm -f "$socket"
}

# --- messages ------------------------------------------------------------------------------------------------------

clean_message() {
    write_plain "$scratch/message"
}

# The test string in an attachment, as viruses come.
infected_message() {
    {
        printf 'From: Mallory <mallory@example.net>\nTo: joe@example.org\nSubject: the invoice\n'
        printf 'Date: Tue, 4 Jun 2024 09:59:58 +0200\nMessage-ID: <1@example.net>\nMIME-Version: 1.0\n'
        printf 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nas agreed\n--b\n'
        printf 'Content-Type: application/octet-stream; name="invoice.dat"\nContent-Transfer-Encoding: base64\n\n'
        printf %s "$eicar" | base64
        printf -- '--b--\n'
    } >"$scratch/message"
}

large_message() { # large_message MEGABYTES
    { write_plain /dev/stdout; perl -e 'print "0123456789abcdef" x 4, "\n" for 1 .. $ARGV[0] * 16384' "$1"; } \
        >"$scratch/message"
}

fresh() {
    new_home "$none_is_spam" "clamd = unix:$socket" 'clamd_timeout = 5000' "$@"
    new_maildir
}

deliver() {
    "$program" deliver <"$scratch/message" 2>"$scratch/stderr" || complain "exit status $?"
}

# lies_in FOLDER: the message, whole, and nowhere else.
lies_in() {
    same "$(find "$maildir" -type f \( -path '*/new/*' -o -path '*/cur/*' \) | sed "s|^$maildir/||; s|[^/]*\$||")" \
        "$1" || return
    same_but_for_our_fields "$(find "$maildir" -type f -path '*/new/*')" "$scratch/message"
}

tagged() { # tagged PATTERN: the delivered message has it in its header
    has_field "$(find "$maildir" -type f -path '*/new/*')" "$1"
}

untagged() {
    lacks_field "$(find "$maildir" -type f -path '*/new/*')" "$1"
}

# ------------------------------------------------------------------------------------------------------------------

write_server
start_server || { echo "Bail out! clamd does not start: $(cat "$scratch/clamd.out" "$scratch/clamd.log")"; exit 99; }

check "a clean message goes where it belongs" \
    eval 'fresh; clean_message; deliver && lies_in new/ && untagged X-Spam-Virus'
check "and nothing is said of the scanner" untagged NOT_SCANNED
check "an infected one goes to Quarantine, whole" eval 'fresh; infected_message; deliver && lies_in .Quarantine/new/'
check "with a note in its header" tagged '^X-Spam-Virus: Yes (Eicar-Test'
check "and as a reason of the verdict" tagged 'INFECTED=100.00'
check "another folder can be named" eval \
    'fresh "quarantine_folder = Lists.Virus"; infected_message; deliver && lies_in .Lists.Virus/new/'

allowed() {
    fresh 'authserv_id = mx.example.org'
    echo 'mallory@example.net' >"$home/.config/tamis/allow"
    infected_message
    {
        echo 'Authentication-Results: mx.example.org; dkim=pass header.d=example.net'
        echo 'Received: from mail.example.net (mail.example.net [203.0.113.7])'
        printf '\tby mx.example.org (Postfix) with ESMTPS id 1A2B; Tue, 4 Jun 2024 10:00:00 +0200\n'
        cat "$scratch/message"
    } >"$scratch/authenticated" && mv "$scratch/authenticated" "$scratch/message"
    deliver && lies_in .Quarantine/new/ && tagged ALLOWED_SENDER
}
check "a virus from a friend is one" allowed

filtered() {
    fresh
    infected_message
    "$program" filter <"$scratch/message" >"$scratch/output" 2>"$scratch/stderr" || complain "exit status $?" || return
    same_but_for_our_fields "$scratch/output" "$scratch/message" &&
        has_field "$scratch/output" '^X-Spam-Virus: Yes (Eicar-Test'
}
check "filter tags it for whoever delivers it" filtered

forged() {
    fresh
    clean_message
    sed -i '1i X-Spam-Virus: No' "$scratch/message"
    deliver && untagged X-Spam-Virus
}
check "what a sender says of viruses is taken out" forged

in_words() {
    fresh
    infected_message
    "$program" explain "$scratch/message" >"$scratch/said" 2>"$scratch/stderr"
    grep -q 'INFECTED .*Eicar-Test' "$scratch/said" || complain "$(cat "$scratch/said")"
}
check "explain names the virus" in_words

emptied() {
    fresh 'junk_days = 3'
    infected_message
    deliver || return
    touch -d '5 days ago' "$maildir"/.Quarantine/new/*
    "$program" expire 2>"$scratch/stderr" || complain "exit status $?" || return
    same "$(find "$maildir" -type f -path '*/new/*' | wc -l)" 1 || complain "it had just come" || return
    for days in 1 2 4; do at $days "$program" expire 2>"$scratch/stderr"; done
    same "$(find "$maildir" -type f -path '*/new/*' | wc -l)" 0 || return
    ! "$program" db check 2>&1 | grep -q '[1-9][0-9]* spam' || complain "something was learned from it"
}
if can_set_clock; then
    check "expire empties the quarantine, and learns nothing from it" emptied
else
    skip "expire empties the quarantine, and learns nothing from it" "nothing can be preloaded here"
fi

sorted() {
    fresh
    infected_message
    cp "$scratch/message" "$maildir/new/1717488000.M1P1.host"
    "$program" sort --dry-run >"$scratch/said" 2>"$scratch/stderr" &&
        grep -q '^infected, would be moved to Quarantine' "$scratch/said" ||
        complain "$(cat "$scratch/said")" || return
    "$program" sort 2>"$scratch/stderr" || complain "exit status $?" || return
    same "$(cd "$maildir" && find . -name '1717488000*')" ./.Quarantine/new/1717488000.M1P1.host
}
check "sort moves what is infected into the quarantine" sorted
check "and relearn learns nothing from it" eval \
    '"$program" relearn 2>"$scratch/stderr" && ! grep -q "[1-9][0-9]* learned" "$scratch/stderr"'

no_folder() {
    fresh
    infected_message
    : >"$maildir/.Quarantine"
    deliver && lies_in .Junk/new/ && tagged X-Spam-Virus
}
check "when there can be no Quarantine it goes to Junk" no_folder

# --- size ----------------------------------------------------------------------------------------------------------

check "more than clamd takes is not called clean" eval \
    'fresh; large_message 4; deliver && lies_in new/ && tagged NOT_SCANNED && grep -q "size limit" "$scratch/stderr"'
check "more than clamd_size is not sent" eval \
    'fresh "clamd_size = 1"; large_message 2; deliver && lies_in new/ && tagged NOT_SCANNED &&
        grep -q "larger than clamd_size" "$scratch/stderr"'

# --- a scanner that is not well -----------------------------------------------------------------------------------

slow() {
    kill -STOP "$server"
    (sleep 0.5; kill -CONT "$server") &
    continuer=$!
    fresh
    infected_message
    deliver && lies_in .Quarantine/new/
    result=$?
    wait "$continuer"
    return "$result"
}
check "a slow scanner within the deadline is heard" slow

mute() {
    kill -STOP "$server"
    fresh 'clamd_timeout = 300'
    infected_message
    deliver && lies_in new/ && tagged NOT_SCANNED && untagged X-Spam-Virus
    result=$?
    kill -CONT "$server"
    return "$result"
}
check "a mute scanner: the message goes on, and says so" mute

killed() {
    fresh
    large_message 1
    kill -STOP "$server"
    (sleep 0.3; kill -KILL "$server") &
    deliver && lies_in new/ && tagged NOT_SCANNED
}
check "a scanner that dies meanwhile: the message goes on, and says so" killed
stop_servers

check "a scanner that is not there: the message goes on, and says so" eval \
    'fresh; clean_message; deliver && lies_in new/ && tagged NOT_SCANNED &&
        grep -q "cannot connect to unix:" "$scratch/stderr"'

liar() {
    perl -MIO::Socket::UNIX -e '
        my $s = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $ARGV[0], Listen => 5) or die;
        while (my $c = $s->accept) { print $c "stream: \e[2J FO" . "UND" x 200000; close $c }' "$socket" &
    server=$!
    wait_until test -S "$socket"
    fresh
    clean_message
    deliver && lies_in new/ && tagged NOT_SCANNED && ! grep -q "$(printf '\033')" "$scratch/stderr"
}
check "a scanner that talks nonsense: the message goes on, and the terminal is safe" liar
