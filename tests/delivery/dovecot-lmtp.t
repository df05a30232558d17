#!/bin/sh
# dovecot-lmtp.t - examples/dovecot in a running Dovecot that takes mail by LMTP
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
need dovecot /usr/lib/dovecot/lmtp sievec perl
. "$(dirname "$0")/dovecot.sh"
plan 13

start_dovecot() {
    write_dovecot_configuration || return
    start_server
}

# Sends a message by LMTP (RFC 2033) and prints the server's last reply.
lmtp_send() { # MESSAGE
    perl -MIO::Socket::UNIX -e '
        my ($path, $file, $user) = @ARGV;
        $SIG{ALRM} = sub { print "no reply in time\n"; exit 1 }; alarm 60;
        my $s = IO::Socket::UNIX->new(Peer => $path) or die "$path: $!";
        my $reply = sub { my $line; do { $line = <$s> } while defined $line && $line =~ /^\d+-/; $line };
        my $say = sub { print $s @_; $s->flush; $reply->() };
        $reply->();
        for my $command ("LHLO test", "MAIL FROM:<ann\@example.net>", "RCPT TO:<$user\@example.org>", "DATA") {
            my $answer = $say->("$command\r\n") // "";
            if ($answer !~ /^[23]/) { print "$answer"; exit 1 }
        }
        open my $in, "<:raw", $file or die; local $/; my $m = <$in>;
        $m =~ s/\r?\n/\r\n/g; $m .= "\r\n" unless $m =~ /\r\n\z/; $m =~ s/^\./../mg;
        { local $/ = "\n"; print $say->("$m.\r\n"); $say->("QUIT\r\n") }' "$scratch/run/lmtp" "$1" "$me"
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

call() { # MESSAGE
    reply=$(lmtp_send "$1")
    case $reply in 2*) ;; *) complain "the server says $reply" ;; esac
}

# What LMTP and Dovecot alter by themselves is the same without tamis, but for dates and process numbers in their own
# fields.
without_trace() {
    perl -0777 -pe \
        's/\A(Return-Path: .*\n)?(Delivered-To: .*\n)?(Received: from test\n([ \t].*\n)*)?(Return-Path: .*\n)?//' "$1"
}

new_home "$none_is_spam"
use_program sound
check "Dovecot starts with the example" start_dovecot
check "ham goes to the inbox" goes_to 1 0 "$plain"
check "it is tagged" has_field "$(the_message)" '^X-Spam-Status: No'
new_home "$all_is_spam"
check "spam goes to Junk, and Junk is made" goes_to 0 1 "$plain"
check "it is flagged" has_field "$(the_message)" '^X-Spam-Flag: YES'
new_home "$none_is_spam"
check "a flag that the sender wrote sends nothing to Junk" goes_to 1 0 "$scratch/messages/forged"
new_home "$none_is_spam"
check "nasty messages arrive as with cat in its place" all_as_with_cat

ten_at_once() {
    new_home "$all_is_spam"
    pids=
    for i in 1 2 3 4 5 6 7 8 9 10; do
        lmtp_send "$plain" >"$scratch/reply.$i" &
        pids="$pids $!"
    done
    for pid in $pids; do wait "$pid"; done
    holds 0 10
}
use_program sound
check "ten at once" ten_at_once

for kind in failing crashing killed missing; do
    check "$kind: the message arrives unfiltered" arrives_unfiltered "$kind"
done

none_is_running() {
    for process in $processes; do
        ! kill -0 "$process" 2>/dev/null || return
    done
}

leaves_nothing_behind() {
    processes="$server $(cat "/proc/$server/task/$server/children")"
    stop_servers
    wait_until none_is_running
}
if [ -r "/proc/$$/task/$$/children" ]; then
    check "no process is left behind" leaves_nothing_behind
else
    skip "no process is left behind" "this system does not list a process's children"
fi
