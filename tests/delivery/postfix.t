#!/bin/sh
# postfix.t - examples/postfix and examples/forward in a Postfix of its own: its own settings, its own queue, no network
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
need_command deliver
need postfix postmap sendmail perl
[ "$(id -u)" = 0 ] || skip_all "Postfix can only be started by root"
[ -r /usr/lib/postfix/sbin/master ] || skip_all "Postfix is not where Debian puts it"
getent passwd postfix nobody >/dev/null || skip_all "the users postfix and nobody are needed"
plan 33

deliver_as nobody
settings_of_postfix=$scratch/postfix
queue=$scratch/queue

# The paths are the only thing of the examples that is changed.
of_example() {
    sed -e "s|/usr/local/bin/tamis|$program|" -e 's|user=vmail|user=nobody|' "$TAMIS_SOURCE/examples/postfix/$1"
}

write_postfix_configuration() {
    mkdir -p "$settings_of_postfix" "$queue" "$scratch/data"
    chown postfix "$scratch/data"
    chmod 755 "$settings_of_postfix" "$queue"
    cat - >"$settings_of_postfix/main.cf" <<END
compatibility_level = 3.6
queue_directory = $queue
data_directory = $scratch/data
maillog_file = $scratch/stderr
maillog_file_prefixes = $scratch
myhostname = mx.example.org
mydestination = mx.example.org, localhost
virtual_mailbox_domains = example.net
inet_interfaces = loopback-only
alias_maps =
alias_database =
local_recipient_maps =
forward_path = $scratch/forward/.forward
biff = no
default_transport = discard
# One of the nasty messages has 500 Received fields; Postfix takes 50 for a loop.
hopcount_limit = 1000
minimal_backoff_time = 600s
queue_run_delay = 600s
END
    of_example main.cf >>"$settings_of_postfix/main.cf"
    echo 'virtual_transport = tamis' >>"$settings_of_postfix/main.cf"
    cat - >"$settings_of_postfix/master.cf" <<END
pickup    unix  n  -  n  60  1  pickup
cleanup   unix  n  -  n  -   0  cleanup
qmgr      unix  n  -  n  300 1  qmgr
rewrite   unix  -  -  n  -   -  trivial-rewrite
bounce    unix  -  -  n  -   0  bounce
defer     unix  -  -  n  -   0  bounce
trace     unix  -  -  n  -   0  bounce
flush     unix  n  -  n  1000? 0 flush
proxymap  unix  -  -  n  -   -  proxymap
showq     unix  n  -  n  -   -  showq
error     unix  -  -  n  -   -  error
retry     unix  -  -  n  -   -  error
discard   unix  -  -  n  -   -  discard
local     unix  -  n  n  -   -  local
postlog   unix-dgram n - n - 1 postlogd
END
    of_example master.cf >>"$settings_of_postfix/master.cf"
    chmod 644 "$settings_of_postfix"/*.cf
}

start_postfix() {
    write_postfix_configuration
    postfix -c "$settings_of_postfix" start >"$scratch/start" 2>&1 || { sed 's/^/# /' "$scratch/start"; return 1; }
    wait_until test -S "$queue/public/pickup"
}

stop_servers() {
    [ ! -e "$queue/pid/master.pid" ] || postfix -c "$settings_of_postfix" stop >/dev/null 2>&1
}

send() { # RECIPIENT MESSAGE
    sendmail -C "$settings_of_postfix" -i -f ann@example.com "$1" <"$2" 2>>"$scratch/stderr"
}

queued() {
    (cd "$queue" && find maildrop incoming active deferred -type f 2>/dev/null)
}

queue_is_empty() { [ -z "$(queued)" ]; }
queue_is_deferred() { [ -n "$(cd "$queue" && find deferred -type f 2>/dev/null)" ] && ! queued | grep -qv ^deferred; }

call() { # MESSAGE
    send "$recipient" "$1" && wait_until queue_is_empty
}

# Nothing is lost: the message waits in the queue, and arrives when the program is well again.
waits_in_queue() { # KIND
    new_home "$none_is_spam"
    use_program "$1"
    send "$recipient" "$plain" && wait_until queue_is_deferred && same "$(count_in "")" 0 || return
    use_program sound
    postqueue -c "$settings_of_postfix" -f && wait_until queue_is_empty && holds 1 0
}

waits_for_maildir() {
    new_home 'create_maildir = no'
    use_program sound
    send "$recipient" "$plain" && wait_until queue_is_deferred && same "$(count_in "")" 0 || return
    settings "$none_is_spam"
    postqueue -c "$settings_of_postfix" -f && wait_until queue_is_empty && holds 1 0
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain
use_program sound
new_home "$none_is_spam"
check "Postfix starts with the example" start_postfix

deliveries() { # WAY RECIPIENT CHECK...: how to check what Postfix puts a "From " line before
    way=$1
    recipient=$2
    shift 2
    new_home "$none_is_spam"
    use_program sound
    check "$way: ham goes to the inbox" goes_to 1 0 "$plain"
    check "$way: it is tagged" has_field "$(the_message)" '^X-Spam-Status: No'
    "$@" "$way: it has no From line" lacks_field "$(the_message)" '^From '
    new_home "$all_is_spam"
    check "$way: spam goes to Junk" goes_to 0 1 "$plain"
    new_home "$none_is_spam"
    "$@" "$way: nasty messages arrive as Postfix handed them over" all_as_handed
    for kind in failing crashing killed missing; do
        check "$way, $kind: the message waits in the queue" waits_in_queue "$kind"
    done
    check "$way, a missing Maildir: the message waits in the queue" waits_for_maildir
}

leaves_nothing_behind() {
    master=$(tr -d ' ' <"$queue/pid/master.pid")
    processes="$master $(cat "/proc/$master/task/$master/children")"
    stop_servers
    wait_until none_is_running
}

none_is_running() {
    for process in $processes; do
        ! kill -0 "$process" 2>/dev/null || return
    done
}

deliveries mailbox_command nobody@mx.example.org check
deliveries transport joe@example.net check

# From now on delivery to a local user works by its .forward alone.
by_forward_alone() {
    mkdir "$scratch/forward" && chmod 755 "$scratch/forward"
    sed "s|/usr/local/bin/tamis|$program|" "$TAMIS_SOURCE/examples/forward" >"$scratch/forward/.forward"
    chmod 644 "$scratch/forward/.forward"
    postconf -c "$settings_of_postfix" mailbox_command=/bin/false && postfix -c "$settings_of_postfix" reload >/dev/null 2>&1
}
check "Postfix takes the .forward" by_forward_alone
deliveries .forward nobody@mx.example.org check

check "no process is left behind" leaves_nothing_behind
