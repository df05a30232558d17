#!/bin/sh
# fetch.t - examples for programs that fetch mail: fdm, fetchmail, getmail, mbsync, from an IMAP server of our own
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
need dovecot /usr/lib/dovecot/imap perl python3
# sievec only compiles a script that the server here never runs.
need sievec
. "$(dirname "$0")/dovecot.sh"
plan 35

server_home=$scratch/server
server_maildir=$server_home/Maildir

start_dovecot() {
    mkdir -p "$server_maildir/cur" "$server_maildir/new" "$server_maildir/tmp" || return
    [ -z "$mail_user" ] || chown -R "$mail_user" "$server_home"
    write_dovecot_configuration || return
    serve_imap
    sed -i "s|home=$home |home=$server_home |; s|^mail_home = .*|mail_home = $server_home|" "$dovecot_conf"
    start_server
}

# The example with our server and program in the place of the reader's.
of_example() { # NAME: into $scratch/settings
    sed -e "s|/usr/local/bin/tamis|$program|; s|imap\.example\.org|127.0.0.1|" -e "s|joe|$me|" \
        "$TAMIS_SOURCE/examples/$1" |
        sed "$2" >"$scratch/settings"
    chmod 600 "$scratch/settings"
    [ -z "$mail_user" ] || chown "$mail_user" "$scratch/settings"
}
as_fetcher() { (cd "$home" && HOME=$home USER=$me LOGNAME=$me as_mail_user "$@") >>"$scratch/stderr" 2>&1; }

on_server() {
    find "$server_maildir$1/new" "$server_maildir$1/cur" -type f 2>/dev/null | wc -l | tr -d ' '
}
arrives_at_server() { # MESSAGE
    find "$server_maildir" -type f \( -path '*/new/*' -o -path '*/cur/*' \) -delete
    serial=$((${serial:-0} + 1))
    cp "$1" "$server_maildir/tmp/$serial.M1P1.server"
    [ -z "$mail_user" ] || chown "$mail_user" "$server_maildir/tmp/$serial.M1P1.server"
    mv "$server_maildir/tmp/$serial.M1P1.server" "$server_maildir/new/$serial.M1P1.server"
}

call() { # MESSAGE
    arrives_at_server "$1"
    fetch_mail
}

# What was not delivered stays on the server, and arrives when the program is well again.
stays_on_server() { # KIND
    new_home "$none_is_spam"
    prepare_home
    use_program "$1"
    arrives_at_server "$plain"
    fetch_mail
    same "$(on_server "") $(count_in "")" "1 0" || return
    use_program sound
    fetch_mail
    same "$(on_server "") $(count_in "")" "0 1"
}
prepare_home() { :; }

fetches() { # NAME HOW-MESSAGES-ARE-COMPARED
    new_home "$none_is_spam"
    prepare_home
    use_program sound
    check "$1: ham goes to the inbox" goes_to 1 0 "$plain"
    check "$1: it is tagged" has_field "$(the_message)" '^X-Spam-Status: No'
    check "$1: it has left the server" same "$(on_server "")" 0
    new_home "$all_is_spam"
    prepare_home
    check "$1: spam goes to Junk" goes_to 0 1 "$plain"
    new_home "$none_is_spam"
    prepare_home
    check "$1: nasty messages arrive unaltered" "$2"
    for kind in failing crashing killed missing; do
        check "$1, $kind: the message stays on the server" stays_on_server "$kind"
    done
}

skip_fetcher() { # NAME
    for i in 1 2 3 4 5 6 7 8 9; do skip "$1" "$1 is not installed"; done
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain
new_home "$none_is_spam"
use_program sound
check "an IMAP server starts" start_dovecot

# --- fdm
if command -v fdm >/dev/null; then
    of_example fdm/fdm.conf "s|imaps server \"127.0.0.1\"|imap server \"127.0.0.1\" port $port|; s|%h|$home|"
    fetch_mail() { as_fetcher fdm -q -h -m -f "$scratch/settings" -a home fetch; }
    fetches fdm all_as_with_cat
else
    skip_fetcher fdm
fi

# --- fetchmail
if command -v fetchmail >/dev/null; then
    of_example fetchmailrc "s|protocol imap|port $port protocol imap|; s|    mda|    sslproto \"\" mda|"
    fetch_mail() {
        as_fetcher fetchmail --silent --nosyslog --nodetach --pidfile "$home/fetchmail.pid" -f "$scratch/settings"
    }
    fetches fetchmail all_as_handed
else
    skip_fetcher fetchmail
fi

# --- getmail
if command -v getmail >/dev/null; then
    of_example getmailrc "s|IMAPSSL|IMAP|; s|^server = .*|&\nport = $port|"
    prepare_home() { as_mail_user mkdir -p "$home/getmail"; }
    fetch_mail() { as_fetcher getmail --quiet --getmaildir "$home/getmail" --rcfile "$scratch/settings"; }
    fetches getmail all_as_handed
    prepare_home() { :; }
else
    skip_fetcher getmail
fi

# --- mbsync and tamis sort
if command -v mbsync >/dev/null; then
    of_example mbsync/mbsyncrc "s|^SSLType.*|SSLType None\nAuthMechs LOGIN\nPort $port|; s|~|$home|"
    sed "s|/usr/local/bin/tamis|$program|; s|mbsync --quiet|mbsync --config $scratch/settings --quiet|" \
        "$TAMIS_SOURCE/examples/mbsync/fetch-mail" >"$scratch/fetch-mail"
    chmod 755 "$scratch/fetch-mail"
    use_program sound
    fetch_mail() { as_fetcher sh "$scratch/fetch-mail"; }
    prepare() { # SETTING
        new_home "$1"
        rm -rf "$server_maildir/.Junk"
        new_maildir
        [ -z "$mail_user" ] || hand_over
    }
    prepare "$none_is_spam"
    check "mbsync: ham stays in the inbox" goes_to 1 0 "$plain"
    check "mbsync: and on the server" same "$(on_server "") $(on_server /.Junk)" "1 0"
    prepare "$all_is_spam"
    check "mbsync: spam is moved to Junk" goes_to 0 1 "$plain"
    check "mbsync: also on the server" same "$(on_server "") $(on_server /.Junk)" "0 1"
    # mbsync itself writes the field X-TUID.
    byte_for_byte() { sed '/^X-TUID: /d' "$(the_message)" | cmp - "$plain"; }
    check "mbsync: byte for byte" byte_for_byte
    again() { fetch_mail && holds 0 1 && same "$(on_server "") $(on_server /.Junk)" "0 1"; }
    check "mbsync: and is there once, whatever runs again" again
    not_junk_after_all() {
        mv "$(the_message)" "$maildir/cur/2.back.host:2,S"
        fetch_mail && holds 1 0 && same "$(on_server "") $(on_server /.Junk)" "1 0" &&
            same "$(as_mail_user "$program" db dump 2>/dev/null | sed -n 's/^lessons //p')" "1 0"
    }
    check "mbsync: what the user moves back is learned, and moved on the server" not_junk_after_all

else
    for i in 1 2 3 4 5 6 7; do skip mbsync "mbsync is not installed"; done
fi
