#!/bin/sh
# opensmtpd.t - examples/opensmtpd in an OpenSMTPD of its own: its own settings, its own queue, no network
. "$(dirname "$0")/private-system.sh"
private_system /usr/sbin/smtpd
. "$(dirname "$0")/lib.sh"
need perl mount
plan 10

smtpd=$server_root/usr/sbin/smtpd
deliver_as nobody
own_libraries && own_users opensmtpd opensmtpq || skip_all "this system cannot be made to look like OpenSMTPD's"
# Its places are compiled in.
if [ -n "$server_root" ]; then
    mkdir "$scratch/libexec" && cp -a "$server_root/usr/libexec/opensmtpd" "$scratch/libexec/" &&
        own_folder /usr/libexec &&
        cp -a "$scratch/libexec/opensmtpd" /usr/libexec/ || skip_all "/usr/libexec cannot be mounted"
fi
own_folder /var/spool /var/lib /run || skip_all "folders of its own cannot be mounted"
mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd
chmod 711 /var/spool/smtpd

start_opensmtpd() {
    ip link set lo up 2>/dev/null
    sed "s|/usr/local/bin/tamis|$program|" "$TAMIS_SOURCE/examples/opensmtpd/smtpd.conf" >"$scratch/smtpd.conf"
    printf 'listen on socket\n' | cat - "$scratch/smtpd.conf" >"$scratch/whole.conf"
    chmod 644 "$scratch/whole.conf"
    "$smtpd" -d -F -f "$scratch/whole.conf" >>"$scratch/stderr" 2>&1 &
    server=$!
    wait_until test -S /run/smtpd.sock
}
stop_servers() {
    [ -n "${server:-}" ] || return 0
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    server=
}

# sendmail is smtpctl under another name; both want to be of this group.
ln -s "$server_root/usr/sbin/smtpctl" "$scratch/bin/sendmail"
send() { # MESSAGE
    said_before=$(wc -l <"$scratch/stderr")
    setpriv --regid=opensmtpq --clear-groups "$scratch/bin/sendmail" -i -f ann@example.com nobody <"$1" \
        2>>"$scratch/stderr"
}
queued() {
    find /var/spool/smtpd/incoming /var/spool/smtpd/queue -type f -name '????????????????' 2>/dev/null | wc -l |
        tr -d ' '
}
was_tried() { tail -n "+$((said_before + 1))" "$scratch/stderr" | grep -q 'result=TempFail'; }
try_again() {
    setpriv --regid=opensmtpq --clear-groups "$server_root/usr/sbin/smtpctl" schedule all >>"$scratch/stderr" 2>&1
}

write_nasty_messages "$scratch/messages"
# 500 Received fields are a loop to OpenSMTPD, whatever its settings; and its sendmail takes no NUL bytes.
rm "$scratch/messages/many-fields" "$scratch/messages/nul-bytes"
plain=$scratch/messages/plain
use_program sound
new_home "$none_is_spam"
check "OpenSMTPD starts with the example" start_opensmtpd
deliveries
