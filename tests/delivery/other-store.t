#!/bin/sh
# other-store.t - a directory that holds mail in another format than Maildir is named, and left as it is
. "$(dirname "$0")/lib.sh"
need perl
plan 27

use_program sound
write_plain "$scratch/plain"

mdbox() {
    mkdir -p "$maildir/storage" "$maildir/mailboxes/INBOX/dbox-Mails" "$maildir/mailboxes/Junk/dbox-Mails" &&
        touch "$maildir/storage/dovecot.map.index.log" "$maildir/storage/m.1" "$maildir/subscriptions"
}
sdbox() {
    mkdir -p "$maildir/mailboxes/INBOX/dbox-Mails" && touch "$maildir/mailboxes/INBOX/dbox-Mails/u.1"
}
mh() {
    mkdir -p "$maildir/inbox" && touch "$maildir/inbox/.mh_sequences" "$maildir/inbox/1"
}

# refuses FORMAT STATUS COMMAND...: it says what the directory is, and makes nothing there.
refuses() {
    new_home "$none_is_spam" "digest = daily"
    "$1" || return
    want=$1 wanted_status=$2
    shift 2
    before=$(find "$maildir" | sort)
    "$program" "$@" <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr"
    same $? "$wanted_status" && grep -qi "no Maildir but holds mail in the format $want" "$scratch/stderr" &&
        same "$(find "$maildir" | sort)" "$before"
}

for format in mdbox sdbox mh; do
    check "deliver keeps the message out of $format" refuses "$format" 75 deliver
    check "relearn on $format" refuses "$format" 66 relearn
    check "relearn --folders on $format" refuses "$format" 66 relearn --folders
    check "expire on $format" refuses "$format" 66 expire
    check "digest on $format" refuses "$format" 66 digest --now
    check "senders import on $format" refuses "$format" 66 senders import
    check "sort on $format" refuses "$format" 66 sort
    check "stats on $format" refuses "$format" 66 stats --json
done

doctor_names_it() {
    new_home "$none_is_spam"
    mdbox
    "$program" doctor >"$scratch/output" 2>"$scratch/stderr"
    same $? 1 && grep -A1 '^problem  maildir .*mdbox' "$scratch/output" | grep -q 'to do: '
}
check "doctor names the format and says what to do" doctor_names_it

# Where the mail server delivers, filters and reports moves, its format is its own affair.
reported_moves_are_learned() {
    new_home "$none_is_spam"
    mdbox
    as_mail_user "$program" moved INBOX Junk <"$scratch/plain" 2>"$scratch/stderr" || return
    as_mail_user "$program" relearn >"$scratch/output" 2>"$scratch/stderr"
    same $? 66 || return
    as_mail_user "$program" learn --forget "$scratch/plain" >"$scratch/output" 2>"$scratch/stderr" &&
        grep -q '^1 ' "$scratch/output" || { sed 's/^/# /' "$scratch/output"; return 1; }
}
check "what the mail server reported is learned all the same" reported_moves_are_learned

figures_of_a_filter() {
    new_home "$none_is_spam"
    mdbox
    "$program" filter <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr" || return
    "$program" stats --json >"$scratch/output" 2>"$scratch/stderr" &&
        perl -MJSON::PP -0777 -ne 'my $d = decode_json($_); my $sum = 0; $sum += $_ for values %{$d->{messages}};
            exit !($sum == 1 && !$d->{junk})' "$scratch/output" &&
        grep -q 'Junk cannot be counted: .*mdbox' "$scratch/stderr"
}
check "stats has the figures of a filter, and says what it cannot count" figures_of_a_filter
