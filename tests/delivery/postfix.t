#!/bin/sh
# postfix.t - examples/postfix and examples/forward in a Postfix of its own: its own settings, its own queue, no network
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postfix.sh"
need_postfix
need perl
plan 33

deliver_as nobody

# The paths are the only thing of the examples that is changed.
of_example() {
    sed -e "s|/usr/local/bin/tamis|$program|" -e 's|user=vmail|user=nobody|' "$TAMIS_SOURCE/examples/postfix/$1"
}

write_postfix_configuration() {
    {
        cat - <<END
mydestination = mx.example.org, localhost
virtual_mailbox_domains = example.net
local_recipient_maps =
forward_path = $scratch/forward/.forward
default_transport = discard
# One of the nasty messages has 500 Received fields; Postfix takes 50 for a loop.
hopcount_limit = 1000
minimal_backoff_time = 600s
queue_run_delay = 600s
END
        of_example main.cf
        echo 'virtual_transport = tamis'
    } | write_postfix_main
    of_example master.cf | write_postfix_master
}

stop_servers() { stop_postfix; }

send() { # RECIPIENT MESSAGE
    sendmail -C "$settings_of_postfix" -i -f ann@example.com "$1" <"$2" 2>>"$scratch/stderr"
}

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
check "Postfix starts with the example" eval 'write_postfix_configuration && start_postfix'

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
    postconf -c "$settings_of_postfix" mailbox_command=/bin/false &&
        postfix -c "$settings_of_postfix" reload >/dev/null 2>&1
}
check "Postfix takes the .forward" by_forward_alone
deliveries .forward nobody@mx.example.org check

check "no process is left behind" leaves_nothing_behind
