#!/bin/sh
# expire-dovecot.t - `tamis expire` in a Maildir that Dovecot serves meanwhile: moves, flags, and what clients see
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
need dovecot /usr/lib/dovecot/imap /usr/lib/dovecot/lmtp sievec python3
. "$(dirname "$0")/dovecot.sh"
can_set_clock || skip_all "nothing can be preloaded here"
plan 6

start_dovecot() {
    write_dovecot_configuration || return
    serve_imap
    start_server
}

expire() { as_mail_user "$program" expire --set expire_learns=no 2>>"$scratch/stderr"; }

# Three messages, delivered long ago as far as their dates and files say.
deliver_old() {
    for i in 1 2 3; do
        write_plain "$scratch/plain"
        sed "s/^Message-ID: .*/Message-ID: <$i@example.net>/" "$scratch/plain" >"$maildir/new/100000000$i.M1P$i.host"
        touch -d '2001-09-09' "$maildir/new/100000000$i.M1P$i.host"
    done
    [ -z "$mail_user" ] || hand_over
}

use_program sound
new_home
new_maildir
deliver_old
if ! start_dovecot; then skip_all "dovecot does not start here"; fi

imap move INBOX Junk
expire
at 1 expire
check "messages of 2001 that were moved into Junk a moment ago stay" holds 0 3

at 8 expire
imap mark Junk '\Seen'
imap mark Junk 'Work'
at 9 expire
check "they stay for all of their days, whatever becomes of their flags" holds 0 3

imap mark Junk '\Flagged'
at 11 expire
check "flagged ones stay past that" holds 0 3

imap move Junk INBOX 1
imap unmark INBOX '\Flagged'
imap move INBOX Junk 1
imap unmark Junk '\Flagged'
at 12 expire
check "the rest goes, and what was taken out and put back begins anew" holds 0 1

gone_for_clients() {
    imap move Junk Archive
    same "$(find "$maildir/.Archive/new" "$maildir/.Archive/cur" -type f | wc -l | tr -d ' ') $(count_in .Junk)" "1 0"
}
check "mail programs go on as if it had been expunged" gone_for_clients
check "Dovecot does not complain" same "$(grep -ci 'error\|panic\|corrupt' "$scratch/stderr")" 0
