#!/bin/sh
# sent.t - whom the user knows, out of the Sent folder: gathered, asked at delivery, shown
. "$(dirname "$0")/lib.sh"
plan 22

state=$home/.local/state/tamis
use_program sound

# sent NUMBER TO [FIELD...]: a message in the folder $sent.
sent=$maildir/.Sent
sent() {
    mkdir -p "$sent/cur" "$sent/new" "$sent/tmp"
    file=$sent/cur/17000000$1.M1P$1.host:2,S
    to=$2
    identity="<mine.$1@example.org>"
    shift 2
    {
        for field; do printf '%s\n' "$field"; done
        printf 'From: Joe <joe@example.org>\nTo: %s\nMessage-ID: %s\n' "$to" "$identity"
        printf 'Date: Tue, 4 Jun 2024 09:00:00 +0200\nSubject: the kitchen\n\nWhen do you bring the cupboards?\n'
    } >"$file"
}

# received FROM [FIELD...]: one that came from outside, into $scratch/message.
received() {
    from=$1
    shift
    {
        for field; do printf '%s\n' "$field"; done
        printf 'Received: from mail.example.net (mail.example.net [203.0.113.7])\n'
        printf '\tby mx.example.org (Postfix) with ESMTPS id 1A2B for <joe@example.org>;\n'
        printf '\tTue, 4 Jun 2024 10:00:00 +0200\n'
        printf 'From: %s\nTo: joe@example.org\nSubject: the kitchen\n' "$from"
        printf 'Date: Tue, 4 Jun 2024 09:59:58 +0200\nMessage-ID: <20240604.%s@example.net>\n\nOn Thursday.\n' "$number"
    } >"$scratch/message"
}
signed='Authentication-Results: mx.example.org; dkim=pass header.d=example.net'
forged='Authentication-Results: mx.example.org; dmarc=fail header.from=example.net'
own_server='authserv_id = mx.example.org'

import() {
    "$program" senders import "$@" >"$scratch/said" 2>"$scratch/stderr"
}

says() {
    grep -q -- "$1" "$scratch/said" "$scratch/stderr" ||
        complain "no \"$1\" in: $(cat "$scratch/said" "$scratch/stderr")"
}

lists() { # lists PATTERN: `senders list` has such a line
    "$program" senders list >"$scratch/said" 2>"$scratch/stderr" && says "$1"
}

explained() {
    "$program" explain "$scratch/message" >"$scratch/explained" 2>"$scratch/stderr"
    grep -q -- "$1" "$scratch/explained" || complain "no $1 in: $(cat "$scratch/explained")"
}

not_explained() {
    "$program" explain "$scratch/message" >"$scratch/explained" 2>"$scratch/stderr"
    ! grep -q -- "$1" "$scratch/explained" || complain "$1 in: $(cat "$scratch/explained")"
}

# --- gathering ----------------------------------------------------------------------------------------------------

gathered() {
    new_home "$own_server"
    new_maildir
    sent 1 'Ann <Ann@example.net>, bob@example.com'
    sent 2 'ann@example.net' 'Cc: carl@example.com'
    import && says '^2 sent messages read, 0 known before, 0 not written by the user$'
}
check "the Sent folder is found and read" gathered

shown() {
    lists '^yourself  *joe@example.org$' && says '^correspondent  *ann@example.net  *2, last on 2024-06-04$' &&
        says '^correspondent  *carl@example.com  *1, '
}
check "list shows who is known, and how often" shown

incremental() {
    import && says '^0 sent messages read, 0 known before' || return
    mv "$sent/cur/170000001.M1P1.host:2,S" "$sent/cur/170000001.M1P1.host:2,RS"
    sent 3 'dora@example.com'
    chmod 0 "$sent/cur/170000002.M1P2.host:2,S"
    import && says '^1 sent messages read, 0 known before' && lists '^correspondent  *dora@example.com  *1,' &&
        says '^correspondent  *ann@example.net  *2,' || return
    chmod 600 "$sent/cur/170000002.M1P2.host:2,S"
}
check "a later run opens new files only, whatever their flags" incremental

copied() {
    cp "$sent/cur/170000002.M1P2.host:2,S" "$sent/cur/170000009.M9P9.host:2,S"
    import && says '^0 sent messages read, 1 known before' && lists '^correspondent  *ann@example.net  *2,'
}
check "a message under a new name is not counted again" copied

by_path() {
    {
        echo 'From joe@example.org Tue Jun  4 09:00:00 2024'
        sed 's/mine.1@/box.1@/' "$sent"/cur/170000001.*
        echo
        echo 'From joe@example.org Tue Jun  4 09:00:00 2024'
        sed 's/mine.1@/box.2@/' "$sent"/cur/170000001.*
    } >"$scratch/sent.mbox"
    import "$scratch/sent.mbox" && says '^2 sent messages read' && import "$scratch/sent.mbox" &&
        says '^0 sent messages read, 2 known before' && lists '^correspondent  *bob@example.com  *3,'
}
check "sent mail in an mbox is read by path, and counted once" by_path

not_received() {
    new_home "$own_server"
    new_maildir
    sent 1 'ann@example.net' 'X-Tamis: id=0 verdict=ham'
    sent 2 'bob@example.net' 'Return-Path: <eve@example.com>'
    sent 3 'carl@example.net' 'Delivered-To: joe@example.org'
    sent 4 'dora@example.net' 'Auto-Submitted: auto-replied'
    sent 5 'emil@example.net' 'Return-Path: <joe@example.org>'
    import && says '^1 sent messages read, 0 known before, 4 not written by the user$' && lists 'emil@' &&
        ! grep -q 'ann@\|bob@\|carl@\|dora@' "$scratch/said"
}
check "mail that was delivered or sent by a program makes nobody known" not_received

inbox_alone() {
    new_home
    new_maildir
    printf 'From: eve@example.com\nTo: joe@example.org\nMessage-ID: <1@x>\n\nhello\n' >"$maildir/cur/1.M1P1.host:2,S"
    import && says '^0 sent messages read' && says 'has no folder for sent mail' && [ ! -e "$state/correspondents" ]
}
check "the inbox is not looked at" inbox_alone

hostile() {
    new_home
    new_maildir
    sent 1 'ann@example.net'
    sent 2 '(((((((((((((((((((((((((((((((((( "'
    head -c 100000 /dev/urandom >"$sent/cur/170000003.M1P3.host:2,S"
    : >"$sent/cur/170000004.M1P4.host:2,S"
    mkfifo "$sent/cur/170000005.M1P5.host:2,S"
    import && says '^2 sent messages read' && lists 'ann@example.net'
}
check "odd files are passed over" hostile

private() {
    same "$(stat -c %a "$state/correspondents")" 600
}
check "the file is the user's alone" private

damaged() {
    printf 'this is no such file' >"$state/correspondents"
    received ann@example.net
    not_explained KNOWN_CORRESPONDENT && import && says 'damaged or of another version' &&
        explained KNOWN_CORRESPONDENT
}
check "a damaged file is nobody, and is made anew" damaged

not_listed() {
    mv "$state/correspondents" "$scratch/whole"
    "$program" senders list >"$scratch/said" 2>"$scratch/stderr" || complain "without: $?" || return
    printf 'this is no such file' >"$state/correspondents"
    "$program" senders list >"$scratch/said" 2>"$scratch/stderr"
    status=$?
    ln -sf correspondents "$state/correspondents"
    "$program" senders list >"$scratch/said" 2>>"$scratch/stderr"
    status="$status $?"
    mv -f "$scratch/whole" "$state/correspondents"
    same "$status $(grep -c 'correspondents cannot be read, or is damaged' "$scratch/stderr")" "75 75 2"
}
check "and not listed as if there were nobody" not_listed

no_maildir() {
    new_home
    import
    same $? 66
}
check "without a Maildir it fails" no_maildir

bad_usage() {
    "$program" senders import --all-users - here </dev/null 2>/dev/null
    same $? 64
}
check "--all-users takes no paths" bad_usage

# --- asking -------------------------------------------------------------------------------------------------------

known() {
    new_home "$own_server"
    new_maildir
    sent 1 'ann@example.net'
    import || return
    received 'Ann <ann@example.net>' "$signed"
    explained 'KNOWN_CORRESPONDENT.*you have written to ann@example.net once' && explained CORRESPONDENT_AUTHENTICATED
}
check "somebody the user has written to is known" known

unproven() {
    received ann@example.net
    explained KNOWN_CORRESPONDENT && not_explained CORRESPONDENT_AUTHENTICATED
}
check "less so when nothing proves it" unproven

spoofed() {
    received ann@example.net "$forged"
    not_explained 'CORRESPONDENT' || return
    received joe@example.org
    not_explained 'CORRESPONDENT' || return
    received '"ann@example.net" <eve@example.com>'
    not_explained 'CORRESPONDENT'
}
check "not at all when it is forged, or the user's own address" spoofed

answered() {
    received eve@example.com 'In-Reply-To: <mine.1@example.org>'
    explained 'ANSWERS_YOU.*mine.1@example.org' || return
    received eve@example.com 'In-Reply-To: <mine.2@example.org>'
    not_explained ANSWERS_YOU
}
check "an answer to the user is known" answered

kept() { # kept WANT-SPAM FIELD...
    want=$1
    shift
    settings "$own_server" 'required = -20' 'unsure = -30'
    received ann@example.net "$@"
    "$program" classify "$scratch/message" >"$scratch/said" 2>"$scratch/stderr"
    same "$(sed -n 's/^\(spam\|unsure\|ham\).*/\1/p' "$scratch/said")" "$want"
}
check "rules alone do not junk a proven correspondent" kept unsure "$signed"
check "but one that is not proven" kept spam

denied() {
    echo 'ann@example.net' >"$home/.config/tamis/deny"
    kept spam "$signed"
}
check "what the user denies is denied all the same" denied

# --- words --------------------------------------------------------------------------------------------------------

words() {
    new_home 'learn_sent = yes'
    new_maildir
    sent 1 'ann@example.net'
    import && says '1 learned as ham' && "$program" db dump | grep -q '^entry [0-9a-f]* ham implicit ' || return
    import && ! grep -q learned "$scratch/said"
}
check "with learn_sent the words are learned as ham, once" words

known_words() {
    new_home 'learn_sent = yes'
    new_maildir
    sent 1 'ann@example.net'
    sent 2 'bob@example.net'
    sent 3 'eve@example.net'
    "$program" learn -q --ham "$sent/cur/170000001.M1P1.host:2,S" || complain "exit status $?" || return
    "$program" learn -q --spam "$sent/cur/170000002.M1P2.host:2,S" || complain "exit status $?" || return
    import && says '^3 sent messages read.*, 1 learned as ham'
}
check "what the user had taught is not counted as learned" known_words
