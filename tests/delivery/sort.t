#!/bin/sh
# sort.t - `tamis sort`: spam that came past the filter goes into Junk, once, unchanged, and the user's word stands
. "$(dirname "$0")/lib.sh"
need perl
plan 21

use_program sound
junk=$maildir/.Junk
state=$home/.local/state/tamis

sort_mail() {
    "$program" sort "$@" >"$scratch/output" 2>"$scratch/stderr"
}

# Every message has a Message-ID of its own, so that it is one message to `tamis relearn`.
waits() { # waits PLACE
    mkdir -p "$(dirname "$maildir/$1")"
    write_plain "$scratch/plain"
    id=$(basename "$1" | tr -cd a-zA-Z0-9)
    sed "s/^Message-ID: .*/Message-ID: <$id@example.net>/" "$scratch/plain" >"$maildir/$1"
}

# The messages, by folder.
where() {
    (cd "$maildir" && find . -type f \( -path '*/new/*' -o -path '*/cur/*' \)) |
        sed 's|^\./||' | LC_ALL=C sort | tr '\n' ' '
}

judged() {
    grep -c 'verdict=' "$scratch/stderr"
}

lessons() {
    "$program" db dump 2>/dev/null | sed -n 's/^lessons //p' | grep . || echo "0 0"
}

fresh() { # fresh SETTING...
    new_home "$@"
    new_maildir
}

fresh "$all_is_spam"
waits new/1.a.host
sum=$(cksum <"$maildir/new/1.a.host")
sort_mail --dry-run
check "a dry run says what would be moved" grep -q "would be moved to Junk: $maildir/new/1.a.host" "$scratch/output"
check "and moves nothing" same "$(where)" "new/1.a.host "
sort_mail
check "spam is moved into Junk" same "$? $(where)" "0 .Junk/new/1.a.host "
check "not a byte of it changes" same "$(cksum <"$junk/new/1.a.host")" "$sum"
check "a Junk folder that was missing is a Maildir++ folder" test -f "$junk/maildirfolder"

who_waits() {
    fresh "$all_is_spam"
    for flags in '' F R S T D P; do waits "cur/1.c$flags.host:2,$flags"; done
    sort_mail || return
    same "$(where)" ".Junk/cur/1.cP.host:2,P .Junk/new/1.c.host cur/1.cD.host:2,D cur/1.cF.host:2,F cur/1.cR.host:2,R \
cur/1.cS.host:2,S cur/1.cT.host:2,T "
}
check "what the user has seen, flagged, answered or deleted stays; other flags are kept" who_waits

both_copies() {
    fresh "$all_is_spam"
    waits new/1.a.host
    cp "$maildir/new/1.a.host" "$maildir/new/2.b.host"
    sort_mail && same "$(where)" ".Junk/new/1.a.host .Junk/new/2.b.host "
}
check "of a message that came twice both copies are moved" both_copies

keywords() {
    fresh "$all_is_spam"
    mkdir -p "$junk/new" "$junk/cur"
    printf '0 Work\n1 $Forwarded\n2 Same\n' >"$maildir/dovecot-keywords"
    printf '0 $Junk\n2 Same\n' >"$junk/dovecot-keywords"
    waits cur/1.k.host:2,abc
    sort_mail && same "$(where)" ".Junk/cur/1.k.host:2,c "
}
check "a keyword's letter goes along only where it means the same" keywords

# A link to itself is an error that also root gets.
unread_keywords() {
    fresh "$all_is_spam"
    waits cur/1.a.host:2,a
    waits cur/2.b.host:2,
    waits new/3.c.host
    ln -s dovecot-keywords "$maildir/dovecot-keywords"
    sort_mail
    same "$? $(where)" "66 .Junk/new/2.b.host .Junk/new/3.c.host cur/1.a.host:2,a " || return
    rm "$maildir/dovecot-keywords"
    sort_mail
    same "$? $(where)" "0 .Junk/new/1.a.host .Junk/new/2.b.host .Junk/new/3.c.host "
}
check "where keywords cannot be read, what has any stays for the next run, and nothing else" unread_keywords

once() {
    fresh "$none_is_spam"
    waits new/1.a.host
    waits cur/2.b.host:2,
    sort_mail && same "$(judged)" 2 || return
    mv "$maildir/new/1.a.host" "$maildir/cur/1.a.host,S=500:2,"
    sort_mail && same "$(judged)" 0 || return
    waits new/3.c.host
    sort_mail && same "$(judged)" 1
}
check "a message is judged once, also when its name changes" once
forgets() {
    rm "$maildir/cur/2.b.host:2,"
    mv "$maildir/cur/1.a.host,S=500:2," "$maildir/cur/1.a.host,S=500:2,S"
    sort_mail && same "$(grep -c host "$state/sorted")" 1
}
check "the record holds what still waits, and no more" forgets

at_delivery() {
    fresh "$none_is_spam"
    "$program" deliver <"$scratch/plain" 2>/dev/null
    settings "$all_is_spam"
    sort_mail && same "$(judged) $(count_in "")" "0 1"
}
check "what was judged at delivery is not judged again" at_delivery
forged() {
    fresh "$all_is_spam"
    mkdir -p "$maildir/new"
    sed '/^From:/i X-Tamis: id=00, verdict=ham, probability=0.0000, version=1' "$scratch/plain" >"$maildir/new/1.f.host"
    sort_mail && same "$(where)" ".Junk/new/1.f.host "
}
check "a verdict that the sender wrote does not help" forged

not_learned() {
    fresh "$none_is_spam"
    waits new/1.a.host
    "$program" relearn --quiet 2>/dev/null
    rm -f "$state/sorted"
    settings "$all_is_spam"
    sort_mail && same "$(where)" ".Junk/new/1.a.host " || return
    "$program" relearn --quiet 2>/dev/null
    same "$(lessons)" "0 0"
}
check "tamis relearn does not take the move for the user's" not_learned
taken_back() {
    mkdir -p "$maildir/cur"
    mv "$junk/new/1.a.host" "$maildir/cur/9.again.host:2,"
    sort_mail && same "$(where)" "cur/9.again.host:2, " || return
    "$program" relearn --quiet 2>/dev/null
    same "$(lessons)" "1 0" && sort_mail && same "$(where)" "cur/9.again.host:2, "
}
check "what the user takes out of Junk stays out, and is learned as ham" taken_back

another_folder() {
    fresh "$all_is_spam"
    waits .Lists/new/1.l.host
    waits new/1.a.host
    mkdir -p "$maildir/.Lists/cur"
    sort_mail --folder Lists && same "$(where)" ".Junk/new/1.l.host new/1.a.host "
}
check "--folder sorts another folder" another_folder
junk_itself() {
    sort_mail --folder Junk
    same $? 64
}
check "Junk itself is not sorted" junk_itself
opted_out() {
    fresh "$all_is_spam" "filter = no"
    waits new/1.a.host
    sort_mail && same "$(where)" "new/1.a.host "
}
check "filter = no leaves everything where it is" opted_out
unusable() {
    fresh "$all_is_spam"
    waits new/1.a.host
    mkdir -p "$state/sorted"
    sort_mail
    [ $? != 0 ] && same "$(where)" "new/1.a.host "
}
check "a record that cannot be read is told, and nothing moves" unusable

too_long() {
    fresh "$all_is_spam"
    name=$(printf '%0200d' 0)
    deep=$scratch/deep
    while [ ${#deep} -lt 3900 ]; do deep=$deep/$(printf "%0100d" 0); done
    mkdir -p "$deep/new" "$deep/cur" "$deep/tmp" && write_plain "$scratch/plain" || return
    (cd "$deep/new" && cp "$scratch/plain" "$name")
    sort_mail --maildir "$deep"
    grep -q "left where it is: cannot open $name: File name too long" "$scratch/stderr" && [ -e "$deep/new" ] &&
        (cd "$deep/new" && cmp "$scratch/plain" "$name") || complain "$(cut -c 1-300 "$scratch/stderr")"
}
check "a message whose path is too long is named, with the reason" too_long

follows_up() {
    fresh "$none_is_spam" "trap_addresses = bait@example.org"
    waits new/1.a.host
    sed 's/^To: .*/To: bait@example.org/' "$maildir/new/1.a.host" >"$scratch/bait"
    mv "$scratch/bait" "$maildir/new/1.a.host"
    sort_mail --dry-run
    ! "$program" db dump 2>/dev/null | grep -q '^entry' || complain "a dry run has learned" || return
    sort_mail && "$program" db dump | grep -q '^entry [0-9a-f]* spam trap '
}
check "mail to a trap teaches as at delivery, but not in a dry run" follows_up
