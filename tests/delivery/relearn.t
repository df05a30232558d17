#!/bin/sh
# relearn.t - Maildirs made by hand, as Courier and other programs leave them: what was moved is learned
. "$(dirname "$0")/lib.sh"
need perl
plan 29

use_program sound
tamis() { "$program" "$@" 2>>"$scratch/stderr"; }
relearn() { tamis relearn --quiet; }

write_message() { # FILE NUMBER
    cat >"$1" <<END
From: Ann <ann@example.net>
Subject: message $2
Date: Tue, 4 Jun 2024 09:59:58 +0200
Message-ID: <$2@example.net>

The text of number $2, with words$2 of its own.
END
}

# Delivers one message by tamis itself; the verdict is that of the settings.
deliver() { # NUMBER SETTING
    settings "$2"
    write_message "$scratch/message" "$1"
    tamis deliver <"$scratch/message"
}

learned() {
    tamis db dump 2>/dev/null | sed -n 's/^entry [0-9a-f]* \([a-z]*\) .*/\1/p' | sort | uniq -c |
        awk '{ n[$2] = $1 } END { printf "%d spam %d ham", n["spam"], n["ham"] }'
}
is_learned() { same "$(learned)" "$1"; }

the_file() { delivered_in "$1" | head -1; }

read_it() { mkdir -p "$maildir/cur" && mv "$(the_file "")" "$maildir/cur/1717488000.M1.host:2,S"; }

# Courier gives a copy a new name, with the time of the copy.
courier_move() { # FROM TO [FLAGS]
    courier_number=$((courier_number + 1))
    mkdir -p "$maildir/$2/cur" "$maildir/$2/new" "$maildir/$2/tmp"
    mv "$(the_file "$1")" "$maildir/$2/cur/$(($(date +%s) + 60)).M${courier_number}P9V08I00_0.host,S=300:2,${3:-S}"
}
courier_number=0

start() { # NUMBER SETTING
    new_home
    new_maildir
    deliver "$1" "$2" && relearn && is_learned "0 spam 0 ham"
}

into_junk() {
    start 1 "$none_is_spam" && courier_move "" .Spam && relearn && is_learned "1 spam 0 ham"
}
check "Courier: into a folder named Spam" into_junk

back_and_forth() {
    for word in ham spam ham spam; do
        if [ "$word" = ham ]; then courier_move .Spam ""; else courier_move "" .Spam; fi
        relearn
        is_learned "$([ $word = ham ] && echo '0 spam 1 ham' || echo '1 spam 0 ham')" || return
    done
    same "$(tamis db dump | sed -n 's/^lessons //p')" "0 1"
}
check "back and forth: the last word counts, once" back_and_forth

prefixed() {
    start 2 "$none_is_spam" && courier_move "" .INBOX.Junk && relearn && is_learned "1 spam 0 ham" || return
    courier_move .INBOX.Junk .INBOX.Deleted\ Items && relearn && is_learned "1 spam 0 ham"
}
check "folders with the prefix INBOX." prefixed

modified_utf7() { # "Indésirables", "Éléments supprimés"
    start 3 "$none_is_spam" && courier_move "" '.Ind&AOk-sirables' && relearn && is_learned "1 spam 0 ham" || return
    courier_move '.Ind&AOk-sirables' '.&AMk-l&AOk-ments supprim&AOk-s' && relearn && is_learned "1 spam 0 ham"
}
check "folder names in modified UTF-7" modified_utf7

nested() {
    start 4 "$none_is_spam" && courier_move "" "Lists/Junk" && relearn && is_learned "1 spam 0 ham"
}
check "nested folders" nested

junk_to_trash() {
    start 5 "$all_is_spam" && courier_move .Junk .Trash && relearn && is_learned "0 spam 0 ham" || return
    courier_move .Trash "" && relearn && is_learned "0 spam 1 ham"
}
check "Junk to Trash is nothing, from there to the inbox is ham" junk_to_trash

expunged() {
    start 6 "$all_is_spam" && rm "$(the_file .Junk)" && relearn && is_learned "0 spam 0 ham"
}
check "expunged is nothing" expunged

flagged_as_deleted() {
    start 7 "$none_is_spam" || return
    file=$(the_file "")
    cp "$file" "$maildir/.copy" && courier_move "" .Junk || return
    mv "$maildir/.copy" "$maildir/cur/1717488000.M1P1.host:2,ST" && relearn && is_learned "1 spam 0 ham"
}
check "a copy in Junk, the original flagged as deleted" flagged_as_deleted

same_name() { # as mv by hand, or Dovecot's MOVE
    start 8 "$all_is_spam" || return
    for to in cur .Junk/cur cur .Junk/cur cur; do
        mv "$(find "$maildir" -name '*.M*' -type f)" "$maildir/$to/" && relearn || return
    done
    is_learned "0 spam 1 ham"
}
check "moved with name and all" same_name

only_tagged() { # a filter that only tags leaves spam in the inbox: that is nobody's word
    new_home "$all_is_spam"
    new_maildir
    write_message "$scratch/message" 9
    tamis filter <"$scratch/message" >"$maildir/new/$(date +%s).M1P1.host" && relearn || return
    is_learned "0 spam 0 ham" || return
    courier_move "" .Archive && relearn && is_learned "0 spam 0 ham" || return
    "$1" .Archive .Junk && relearn && is_learned "1 spam 0 ham"
}
plain_move() { mkdir -p "$maildir/$2/cur" "$maildir/$2/new" && mv "$(the_file "$1")" "$maildir/$2/cur/"; }
check "tagged spam in the inbox is not ham, moved into Junk by its name it is spam" only_tagged plain_move
check "tagged spam in the inbox is not ham, moved into Junk it is spam" only_tagged courier_move

packed() { # as Dovecot's plugin zlib does: noise is nobody's word, and the same again teaches no more
    start 28 "$none_is_spam" || return
    file=$(the_file "")
    gzip -c <"$file" >"$scratch/packed" && rm "$file" && cp "$scratch/packed" "$maildir/cur/5.M1P1.host:2,S" &&
        relearn && courier_move "" .Junk && relearn && is_learned "0 spam 0 ham" || return
    same "$(grep -c 'is packed (gzip)' "$scratch/stderr")" 1 && relearn &&
        same "$(grep -c 'is packed (gzip)' "$scratch/stderr")" 1
}
check "a message that was compressed teaches nothing, and that is said once" packed

rescued_between_looks() {
    start 24 "$all_is_spam" && deliver 25 "$all_is_spam" && mv "$maildir"/.Junk/new/*.* "$maildir/cur/" || return
    relearn && is_learned "0 spam 2 ham"
}
check "out of Junk before it was ever seen there, with name and all" rescued_between_looks

no_longer_filed() { # whoever turns filing off gets spam into the inbox, which is not moved there
    new_home "$all_is_spam"
    new_maildir
    deliver 26 "$all_is_spam" && touch -d "5 days ago" "$(the_file .Junk)" && relearn || return
    write_message "$scratch/message" 27
    tamis filter <"$scratch/message" >"$maildir/new/$(date +%s).M1P1.host" && relearn && is_learned "0 spam 0 ham"
}
check "tagged spam in the inbox, after delivery ceased to file it" no_longer_filed

delivered_twice() { # the same message: once as ham into the inbox, once as spam into Junk
    start 10 "$none_is_spam" && deliver 10 "$all_is_spam" && relearn && is_learned "0 spam 0 ham" || return
    rm "$(the_file "")" && relearn && is_learned "0 spam 0 ham"
}
check "delivered twice, with two verdicts: nothing" delivered_twice

without_verdict() {
    new_home
    new_maildir
    mkdir -p "$maildir/.Junk/cur" "$maildir/.Junk/new"
    write_message "$maildir/cur/$(date +%s).M1P1.host:2,S" 11
    write_message "$maildir/.Junk/cur/$(date +%s).M2P1.host:2,S" 12
    relearn && is_learned "0 spam 0 ham" || return
    mv "$maildir"/cur/*.M1P1.* "$maildir/.Junk/new/" && mv "$maildir"/.Junk/cur/*.M2P1.* "$maildir/cur/" &&
        relearn && is_learned "1 spam 1 ham"
}
check "messages that tamis never saw: taken as they lie, moves count" without_verdict

forged() {
    new_home
    new_maildir
    write_message "$scratch/message" 13
    { echo "Received: from a by b; Tue, 4 Jun 2024 10:00:00 +0200"
      echo "X-Tamis: id=00000000000000000000000000000000, verdict=spam, probability=1.0000, version=1"
      cat "$scratch/message"; } >"$maildir/cur/$(($(date +%s) + 60)).M1P1.host:2,S"
    start_with_filed_spam && relearn && is_learned "0 spam 0 ham"
}
start_with_filed_spam() { deliver 14 "$all_is_spam"; }
check "a verdict that the sender wrote is not believed" forged

own_mail() {
    new_home
    mkdir -p "$maildir/cur" "$maildir/new" "$maildir/.Sent/cur" "$maildir/.Sent/new"
    write_message "$maildir/.Sent/cur/$(date +%s).M1P1.host:2,S" 15
    relearn && courier_move .Sent .Junk && relearn && is_learned "0 spam 0 ham"
}
check "what the user wrote himself is never learned" own_mail

remembers() { # what cannot be learned now is learned later
    start 16 "$none_is_spam" && courier_move "" .Junk || return
    chmod 0 "$(the_file .Junk)"
    relearn
    [ "$(id -u)" = 0 ] || is_learned "0 spam 0 ham" || return
    chmod 600 "$(the_file .Junk)"
    touch "$maildir/.Junk/cur" && relearn && is_learned "1 spam 0 ham"
}
check "what cannot be read now is learned later" remembers

# A folder in its place is what root cannot read either.
keywords_unread() {
    start 28 "$none_is_spam" && echo '0 $Junk' >"$maildir/dovecot-keywords" && read_it || return
    relearn && mv "$maildir/cur/1717488000.M1.host:2,S" "$maildir/cur/1717488000.M1.host:2,Sa" || return
    rm "$maildir/dovecot-keywords" && mkdir "$maildir/dovecot-keywords" && : >"$scratch/stderr"
    relearn && is_learned "0 spam 0 ham" && same "$(grep -c 'dovecot-keywords' "$scratch/stderr")" 1 || return
    rmdir "$maildir/dovecot-keywords" && echo '0 $Junk' >"$maildir/dovecot-keywords" && : >"$scratch/stderr"
    relearn && is_learned "1 spam 0 ham" && same "$(grep -c . "$scratch/stderr")" 0
}
check "marks that cannot be read now are learned later" keywords_unread

damaged_memory() {
    start 17 "$none_is_spam" && courier_move "" .Junk && relearn && is_learned "1 spam 0 ham" || return
    for damage in 's/^(.{40})./$1\xFF/s' 's/.{10}\z//s' 's/.*//s'; do
        perl -0777 -pi -e "$damage" "$home/.local/state/tamis/moves" && relearn || return
        is_learned "1 spam 0 ham" || return
    done
    courier_move .Junk "" && relearn && is_learned "0 spam 1 ham"
}
check "a damaged memory is made anew" damaged_memory

# Judging and learning never read the two while the tables can be trusted.
damaged_on_the_disk() {
    start 40 "$none_is_spam" && courier_move "" .Junk && relearn && is_learned "1 spam 0 ham" || return
    for file in snapshot journal; do
        flip_a_bit "$home/.local/state/tamis/$file"
        : >"$scratch/stderr"
        relearn && relearn || return
        same "$(grep -c 'written anew from the tables, nothing is lost' "$scratch/stderr")" 1 || return
        same "$(grep -c . "$scratch/stderr")" 1 || return
        tamis db check >/dev/null && is_learned "1 spam 0 ham" || return
        courier_move .Junk "" && relearn && courier_move "" .Junk && relearn || return
    done
}
check "what was learned is written anew where it is damaged on the disk, and that is said once" damaged_on_the_disk

thousand_hooks() {
    start 18 "$none_is_spam" || return
    for i in 1 2 3 4; do
        for j in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
            write_message "$scratch/m.$i" "$i-$j"
            tamis moved INBOX Junk <"$scratch/m.$i"
        done &
    done
    wait
    same "$(wc -l <"$home/.local/state/tamis/moved" | tr -d ' ')" 100 && relearn && is_learned "100 spam 0 ham"
}
check "hooks at once: no line is lost" thousand_hooks

dry_run() {
    start 19 "$none_is_spam" && courier_move "" .Junk || return
    write_message "$scratch/message" 20
    tamis moved Junk INBOX <"$scratch/message"
    same "$(tamis relearn --dry-run | sed 's/ .*//' | sort | tr '\n' ' ')" "ham spam " && is_learned "0 spam 0 ham" &&
        relearn && is_learned "1 spam 1 ham"
}
check "a dry run changes nothing" dry_run

bad_lines() {
    start 21 "$none_is_spam" || return
    { echo "rubbish"; echo "1 2 3 4 5 6"; echo "1 1717488000 0123456789abcdef0123456789abcdef 1 % Junk"; } \
        >"$home/.local/state/tamis/moved"
    write_message "$scratch/message" 22
    tamis moved "" "Junk" <"$scratch/message" && relearn && is_learned "1 spam 0 ham"
}
check "lines that are not understood are left out" bad_lines

learned_from() { tamis db dump | awk '$1 == "entry" { print $3, $4 }' | sort | uniq -c | xargs; }
left_alone_and_then_moved() {
    new_home && new_maildir && deliver 24 "$none_is_spam" || return
    settings "$none_is_spam" "implicit_ham_days = 0"
    relearn && is_learned "0 spam 0 ham" || return # nobody has read it
    read_it && relearn && relearn && same "$(learned_from)" "1 ham implicit" || return
    courier_move "" .Junk && relearn && same "$(learned_from)" "1 spam user"
}
check "ham that was read and left alone is learned once, and a move takes it back" left_alone_and_then_moved

left_alone_young() {
    new_home && new_maildir && deliver 25 "$none_is_spam" && read_it && relearn && is_learned "0 spam 0 ham"
}
check "what has not lain there long enough is not learned" left_alone_young

left_alone_off() {
    new_home && new_maildir && deliver 26 "$none_is_spam" && read_it || return
    settings "$none_is_spam" "implicit_ham_days = 0" "implicit = no"
    relearn && is_learned "0 spam 0 ham"
}
check "implicit = no learns from moves alone" left_alone_off

somebody_elses() {
    start 23 "$none_is_spam" && chown nobody "$home/.local/state/tamis" || return
    tamis relearn --quiet
    status=$?
    tamis moved INBOX Junk <"$scratch/message"
    same "$status $?" "77 77" && same "$(find "$home/.local/state/tamis" -user root -name 'moved*')" ""
}
if [ "$(id -u)" = 0 ]; then
    check "a state directory of somebody else's is refused" somebody_elses
else
    skip "a state directory of somebody else's is refused" "needs root"
fi
