#!/bin/sh
# rsyslog.t - examples/rsyslog with a real rsyslogd: tamis's lines go into their own file, all others where they went
#
# The daemon is the test's own: it listens on a socket in the scratch folder, and reads nothing of the system's.
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
need rsyslogd logger
plan 4

daemon=
stop_servers() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null
    daemon=
}

# Before the example stands what Debian's rsyslog.conf has there, after it what sends all mail lines into mail.log.
write_configuration() {
    sed "s|/var/log|$scratch|" "$TAMIS_SOURCE/examples/rsyslog/10-tamis.conf" >"$scratch/10-tamis.conf"
    cat >"$scratch/rsyslog.conf" <<END
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="$scratch/socket")
include(file="$scratch/10-tamis.conf")
mail.* action(type="omfile" file="$scratch/mail.log")
END
}

understood() {
    rsyslogd -N1 -f "$scratch/rsyslog.conf" >"$scratch/said" 2>&1 ||
        complain "exit status $?: $(cat "$scratch/said")" || return
    ! grep -i 'error\|warning' "$scratch/said" | sed 's/^/# /' | grep .
}

log() { # PROGRAM TEXT
    logger --socket "$scratch/socket" --priority mail.info --tag "$1" --id=4711 -- "$2"
}
listens() { [ -S "$scratch/socket" ]; }
says() { grep -qF "$2" "$scratch/$1" 2>/dev/null; } # FILE TEXT

# What tamis says of a message, and after it somebody else's line: once that is there, so must be the one before.
ours_apart() {
    wait_until listens || return
    "$program" filter <"$scratch/plain" >"$scratch/passed" 2>"$scratch/line" || return
    line=$(sed -n 's/^tamis: \(id=.*\)/\1/p' "$scratch/line")
    [ -n "$line" ] || complain "tamis says nothing of a message" || return
    log tamis "$line" && log postfix/qmgr "A1B2C3: removed" && wait_until says mail.log "A1B2C3: removed" &&
        wait_until says tamis.log "$line" && ! says mail.log "$line"
}
others_stay() { ! says tamis.log "A1B2C3: removed"; }
not_for_everybody() { same "$(stat -c %a "$scratch/tamis.log")" 640; }

new_home "$none_is_spam"
use_program sound
write_plain "$scratch/plain"
write_configuration
umask 022
check "rsyslogd understands the example" understood
rsyslogd -n -f "$scratch/rsyslog.conf" -i "$scratch/pid" >"$scratch/stderr" 2>&1 &
daemon=$!
check "what tamis says of a message goes into its file, and not into mail.log" ours_apart
check "what others say does not" others_stay
check "the file is not for everybody" not_for_everybody
