#!/bin/sh
# qmail.t - examples/qmail/dot-qmail, run as qmail-local does
#
# qmail is not part of Debian, so its part is played here after qmail-local(8) and qmail-command(8) of notqmail 1.08:
# the line without "|" goes to sh -c in the recipient's home directory, the message is standard input, seekable and at
# its start, SENDER, RECIPIENT, USER, HOME and others are in the environment, and the exit status means: 0 done, 99 done
# and stop, 100 a bounce, as are 64, 65, 70, 76, 77, 78 and 112 of sysexits.h, and 111 and all others another try.
. "$(dirname "$0")/lib.sh"
need perl
plan 9

call() { # MESSAGE: qmail's verdict on the delivery as exit status: 0, 111 deferred, 100 bounced
    command=$(sed -n 's/^|//p' "$TAMIS_SOURCE/examples/qmail/dot-qmail" | sed "s|/usr/local/bin/tamis|$program|")
    status=0
    (cd "$home" && exec env -i PATH="$PATH" HOME="$home" USER=joe LOCAL=joe HOST=example.org RECIPIENT=joe@example.org \
        EXT= EXT2= EXT3= EXT4= HOST2=example HOST3= HOST4= SENDER=ann@example.net NEWSENDER=ann@example.net \
        DTLINE='Delivered-To: joe@example.org
' RPLINE='Return-Path: <ann@example.net>
' UFLINE='From ann@example.net Tue Jun 04 08:00:00 2024
' sh -c "$command") <"$1" >>"$scratch/stderr" 2>&1 || status=$?
    case $status in
    0 | 99) return 0 ;;
    100 | 64 | 65 | 70 | 76 | 77 | 78 | 112) return 100 ;;
    *) return 111 ;;
    esac
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

new_home "$none_is_spam"
use_program sound
check "the line names a command" grep -q '^|' "$TAMIS_SOURCE/examples/qmail/dot-qmail"
check "ham goes to the inbox, and the Maildir is made" goes_to 1 0 "$plain"
full_disk() {
    new_home "$none_is_spam"
    use_program sound
    (ulimit -f 100 && call "$scratch/messages/large" 2>/dev/null)
    same "$?" 111 && same "$(count_in "")" 0
}
has_it_delivered 111
