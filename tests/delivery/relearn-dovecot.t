#!/bin/sh
# relearn-dovecot.t - what the user does by IMAP is learned: by the hook in Dovecot, by looking at the folders, by both
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
need dovecot /usr/lib/dovecot/lmtp /usr/lib/dovecot/imap sievec perl python3 flock
[ -e /usr/lib/dovecot/modules/lib95_imap_sieve_plugin.so ] || skip_all "imapsieve is not installed"
. "$(dirname "$0")/dovecot.sh"
plan 36

start_dovecot() { # [HOOK [COMPRESSION]]
    write_dovecot_configuration || return
    serve_imap
    [ -z "${2:-}" ] || sed -i "1i mail_plugins = zlib\nplugin {\n  zlib_save = $2\n}" "$dovecot_conf"
    if [ -n "${1:-}" ]; then
        cat >>"$dovecot_conf" <<END
!include $TAMIS_SOURCE/examples/dovecot/tamis-imap.conf
plugin {
  sieve_pipe_bin_dir = $scratch/bin
  imapsieve_mailbox1_before = file:$scratch/sieve/tamis-moved.sieve
}
END
        sievec -c "$dovecot_conf" "$scratch/sieve/tamis-moved.sieve" 2>>"$scratch/stderr" || return
        chmod 644 "$scratch"/sieve/*
    fi
    start_server
}

# Delivers COUNT different messages by LMTP in one session; the verdict is that of the settings.
deliver() { # COUNT
    perl -MIO::Socket::UNIX -e '
        my ($path, $user, $count, $base) = @ARGV;
        $SIG{ALRM} = sub { die "no reply in time\n" }; alarm 120;
        my $s = IO::Socket::UNIX->new(Peer => $path) or die "$path: $!";
        my $reply = sub { my $line; do { $line = <$s> } while defined $line && $line =~ /^\d+-/; $line };
        my $say = sub { print $s @_; $s->flush; my $answer = $reply->() // ""; $answer =~ /^[23]/ or die $answer };
        $reply->();
        $say->("LHLO test\r\n");
        for my $i (1 .. $count) {
            my $id = $base + $i;
            my $words = join " ", map { chr(97 + ($id * $_) % 26) . "word" . ($id * $_ % 97) } 1 .. 20;
            $say->("MAIL FROM:<ann\@example.net>\r\n"); $say->("RCPT TO:<$user\@example.org>\r\n"); $say->("DATA\r\n");
            $say->("From: Ann <ann\@example.net>\r\nTo: joe\@example.org\r\nSubject: message $id\r\n"
                . "Date: Tue, 4 Jun 2024 10:00:00 +0200\r\nMessage-ID: <$id\@example.net>\r\n\r\n$words\r\n.\r\n");
        }
        $say->("QUIT\r\n")' "$scratch/run/lmtp" "$me" "$1" "$delivered" 2>>"$scratch/stderr" || return
    delivered=$((delivered + $1))
}
delivered=0

tamis() { as_mail_user "$program" "$@" 2>>"$scratch/stderr"; }
relearn() { tamis relearn --quiet; }

# "2 spam 1 ham": what is learned.
learned() {
    tamis db dump 2>/dev/null | sed -n 's/^entry [0-9a-f]* \([a-z]*\) .*/\1/p' | sort | uniq -c \
        | awk '{ n[$2] = $1 } END { printf "%d spam %d ham", n["spam"], n["ham"] }'
}

is_learned() { same "$(learned)" "$1"; }
is_learned_soon() { wait_until is_learned_quietly "$1" || same "$(learned)" "$1"; }
is_learned_quietly() { [ "$(learned)" = "$1" ]; }

# Each message learned and its label, by the id in X-Tamis: from the database; from where messages lie.
lessons() { tamis db dump "$@" | sed -n 's/^lessons //p'; }
labels_in_database() { tamis db dump "$@" | sed -n 's/^entry \([0-9a-f]*\) \([a-z]*\) .*/\1 \2/p' | sort; }
# The ledger keeps the first half of a message's identity.
labels_in_folder() { # FOLDER LABEL
    delivered_in "$1" | while read -r file; do sed -n "s/^X-Tamis: id=\([0-9a-f]\{16\}\).*/\1 $2/p" "$file"; done
}

fresh() { # VERDICT [COUNT]: a new mailbox with messages of that verdict, looked through once
    stop_sessions
    if [ "$1" = spam ]; then new_home "$all_is_spam"; else new_home "$none_is_spam"; fi
    deliver "${2:-1}"
    relearn
}

# Learning that the hook started in the background belongs to the last test.
stop_sessions() { wait_until no_relearn_runs; }
no_relearn_runs() {
    for lock in relearn.lock moved.lock; do
        [ ! -e "$home/.local/state/tamis/$lock" ] || flock -n "$home/.local/state/tamis/$lock" true || return
    done
}

# --- every row of the table, by HOW: move, copy (COPY, STORE, EXPUNGE) ---------------------------------------------

row() { # VERDICT WANT FOLDER...: moves the message through the folders, looking after each
    verdict=$1 want=$2 from=$3
    shift 3
    fresh "$verdict"
    is_learned "0 spam 0 ham" || complain "a verdict was learned" || return
    for to; do
        imap "$how" "$from" "$to" || return
        after_each
        from=$to
    done
    at_the_end
    is_learned "$want"
}

rows() {
    check "$1: into Junk is spam" row ham "1 spam 0 ham" INBOX Junk
    check "$1: out of Junk is ham" row spam "0 spam 1 ham" Junk Archive
    check "$1: Junk to Trash is nothing" row spam "0 spam 0 ham" Junk Trash
    check "$1: Junk to a folder below is nothing" row spam "0 spam 0 ham" Junk Junk.Old
    check "$1: Junk, Trash, inbox is ham" row spam "0 spam 1 ham" Junk Trash INBOX
    check "$1: what is moved into Junk and then to Trash stays spam" row ham "1 spam 0 ham" INBOX Junk Trash
    check "$1: the last word is ham" row ham "0 spam 1 ham" INBOX Junk INBOX Junk INBOX
    check "$1: the last word is spam" row spam "1 spam 0 ham" Junk INBOX Junk Archive Junk
    check "$1: from one folder to another is nothing" row ham "0 spam 0 ham" INBOX Archive Trash INBOX
}

use_program sound
check "Dovecot starts, without the hook" start_dovecot
after_each() { relearn; }
at_the_end() { relearn; }
how=move rows "scan, MOVE"
how=copy
check "scan, COPY and EXPUNGE: the last word is ham" row ham "0 spam 1 ham" INBOX Junk INBOX
how=leave
check "scan, COPY without EXPUNGE: into Junk is spam" row ham "1 spam 0 ham" INBOX Junk

marked() { # VERDICT FOLDER KEYWORD WANT [WANT-AFTER-UNMARK]
    fresh "$1"
    imap mark "$2" "$3"
    relearn
    is_learned "$4" || return
    [ -n "${5:-}" ] || return 0
    imap unmark "$2" "$3"
    relearn
    is_learned "$5"
}
check "scan: a message marked \$Junk in the inbox is spam, unmarked it is ham" \
    marked ham INBOX '$Junk' "1 spam 0 ham" "0 spam 1 ham"
check "scan: a message marked NonJunk in Junk is ham" marked spam Junk NonJunk "0 spam 1 ham"

late_first_look() {
    new_home "$all_is_spam"
    deliver 3
    imap move Junk INBOX 2
    relearn
    is_learned "0 spam 1 ham"
}
check "scan: what was taken out of Junk before the first look is ham" late_first_look

bulk_by_scan() {
    fresh ham 200
    imap move INBOX Junk 1:150 && imap copy INBOX Archive 1:20 && relearn && is_learned "150 spam 0 ham" || return
    imap move Junk Trash 1:50 && imap move Junk INBOX 1:30 && relearn && is_learned "120 spam 30 ham"
}
check "scan: 200 messages" bulk_by_scan
stop_servers

check "Dovecot starts, with the hook" start_dovecot hook

# Of a mailbox that nobody has looked through only the server knows where a message was.
first_word() { # VERDICT FROM TO WANT
    new_home "$1"
    deliver 1
    imap "$how" "$2" "$3" 1 && is_learned_soon "$4"
}
for how in move copy; do
    check "hook, $how: out of Junk, before tamis has ever seen the mailbox" first_word "$all_is_spam" Junk INBOX \
        "0 spam 1 ham"
    check "hook, $how: into Junk, likewise" first_word "$none_is_spam" INBOX Junk "1 spam 0 ham"
done
after_each() { :; }
# What a hook started may be about to begin, at work, or done: then a run of ours has something to do, stands back, or
# has nothing left.
queue_is_taken() { tamis relearn --queue --quiet && [ ! -e "$home/.local/state/tamis/moved" ] && no_relearn_runs; }
at_the_end() { wait_until queue_is_taken; }
how=move
check "hook: into Junk is spam" row ham "1 spam 0 ham" INBOX Junk
check "hook: out of Junk is ham" row spam "0 spam 1 ham" Junk Archive
check "hook: Junk to Trash is nothing" row spam "0 spam 0 ham" Junk Trash
check "hook: the last word is ham" row ham "0 spam 1 ham" INBOX Junk INBOX Junk INBOX
how=copy
check "hook, COPY and EXPUNGE: the last word is spam" row spam "1 spam 0 ham" Junk INBOX Junk Archive Junk

by_itself() {
    fresh ham
    imap move INBOX Junk
    is_learned_soon "1 spam 0 ham"
}
check "hook: a move is learned without anybody's help" by_itself

expunged_at_once() {
    fresh ham
    imap move INBOX Junk && imap expunge Junk && is_learned_soon "1 spam 0 ham"
}
check "hook: what is expunged at once is learned" expunged_at_once

uploaded() {
    fresh ham
    write_plain "$scratch/plain"
    imap append Junk "$scratch/plain" && is_learned_soon "1 spam 0 ham" || return
    tamis relearn --quiet
    is_learned "1 spam 0 ham"
}
check "hook: an upload into Junk is spam, and the scan agrees" uploaded

# The hook and the scan see the same moves; nothing is learned twice.
both() {
    fresh ham 20
    imap move INBOX Junk 1:10 && relearn && imap move Junk INBOX 1:5 || return
    for i in 1 2 3 4; do relearn & done
    wait_for_jobs
    wait_until no_relearn_runs
    relearn
    is_learned "5 spam 5 ham" || return
    same "$(lessons)" "5 5"
}
wait_for_jobs() { for pid in $(jobs -p); do [ "$pid" = "$server" ] || wait "$pid"; done; }
check "hook and scan at once: learned once" both

bulk_by_hook() {
    fresh ham 200
    imap each INBOX Junk 100 && imap move INBOX Junk || return
    wait_until is_learned_quietly "200 spam 0 ham" || complain "$(learned)" || return
    imap move Junk Archive 1:60 && imap each Archive Junk 10 && relearn
    is_learned_soon "150 spam 50 ham" || return
    { labels_in_folder .Junk spam; labels_in_folder .Archive ham; } | sort >"$scratch/want"
    labels_in_database >"$scratch/got"
    cmp "$scratch/got" "$scratch/want"
}
check "hook: 200 messages, one by one and at once" bulk_by_hook

# Moves, deliveries, and a relearn that is killed again and again.  Each round goes a little further.
killed_in_the_middle() {
    fresh ham 60
    imap move INBOX Junk 1:40
    for milliseconds in 5 10 20 30 40 50 70 90 120 160; do
        as_mail_user "$program" relearn --quiet 2>>"$scratch/stderr" &
        victim=$!
        perl -e "select undef, undef, undef, $milliseconds / 1000"
        kill -KILL "$victim" 2>/dev/null
        wait "$victim" 2>/dev/null
        imap move Junk INBOX 1 && deliver 1 || return
    done 2>/dev/null
    wait_until no_relearn_runs
    relearn
    labels_in_folder .Junk spam | sort >"$scratch/want"
    labels_in_database >"$scratch/all"
    grep ' spam$' "$scratch/all" >"$scratch/got"
    cmp "$scratch/got" "$scratch/want" && is_learned "30 spam 10 ham" || return
    tamis db check >"$scratch/db" && grep -q ' 0 of them bad' "$scratch/db"
}
check "killed in the middle, with moves and deliveries between" killed_in_the_middle

final_state() {
    # The same messages learned by hand from where they lie give the same counts.
    delivered_in .Junk >"$scratch/spam-files"
    labels_in_database | sed -n 's/ ham$//p' >"$scratch/ham-ids"
    delivered_in "" | while read -r file; do
        grep -qFf "$scratch/ham-ids" "$file" && echo "$file"
    done >"$scratch/ham-files"
    rm -rf "$scratch/other"
    mkdir "$scratch/other"
    [ -z "$mail_user" ] || chown "$mail_user" "$scratch/other"
    # shellcheck disable=SC2046 # Maildir names have no blanks
    tamis learn --quiet --state-dir "$scratch/other" --spam $(cat "$scratch/spam-files") &&
        tamis learn --quiet --state-dir "$scratch/other" --ham $(cat "$scratch/ham-files") || return
    labels_in_database --state-dir "$scratch/other" >"$scratch/want"
    labels_in_database >"$scratch/got"
    cmp "$scratch/got" "$scratch/want" &&
        same "$(lessons)" "$(lessons --state-dir "$scratch/other")"
}
check "the database is that of the folders' final state" final_state

queue_is_left_empty() {
    [ ! -e "$home/.local/state/tamis/moved" ] && same "$(find "$home/.local/state/tamis/moved.d" -type f)" ""
}
check "nothing is left in the queue" queue_is_left_empty
stop_servers

# --- files that only Dovecot can read

compressed() { # what the server reports is learned; the files are noise, and nobody's word
    new_home "$none_is_spam"
    deliver 2
    same "$(head -c 2 "$(delivered_in | head -1)" | od -An -tx1)" " 1f 8b" || return
    relearn
    imap move INBOX Junk 1 && is_learned_soon "1 spam 0 ham" && wait_until queue_is_taken || return
    relearn
    is_learned "1 spam 0 ham"
}
if [ -e /usr/lib/dovecot/modules/lib20_zlib_plugin.so ]; then
    check "Dovecot starts, with the hook and compression" start_dovecot hook gz
    check "of compressed files the hook's word is learned, and nothing else" compressed
else
    skip "Dovecot starts, with the hook and compression" "its plugin zlib is not installed"
    skip "of compressed files the hook's word is learned, and nothing else" "its plugin zlib is not installed"
fi
