#!/bin/sh
# dns.t - DNS lists asked of a real name server (NSD) on loopback: listed, not listed, refused, lying, dead, slow, mute
. "$(dirname "$0")/../delivery/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
need nsd perl
plan 32

use_program sound
zones=$scratch/zones
state=$home/.local/state/tamis
mkdir "$zones"

# --- the name server ---------------------------------------------------------------------------------------------

zone() { # zone NAME RECORD...
    name=$1
    shift
    {
        printf '$ORIGIN %s.\n$TTL 300\n@ SOA ns.invalid. root.invalid. 1 3600 600 86400 300\n@ NS ns.invalid.\n' "$name"
        for record; do printf '%s\n' "$record"; done
    } >"$zones/$name"
    printf 'zone:\n  name: %s\n  zonefile: %s\n' "$name" "$name" >>"$scratch/nsd.conf"
}

write_server() {
    cat >"$scratch/nsd.conf" <<END
server:
  ip-address: 127.0.0.1
  port: $port
  username: "$(id -un)"
  zonesdir: "$zones"
  pidfile: "$scratch/nsd.pid"
  database: ""
  xfrdfile: ""
  xfrdir: "$scratch"
  zonelistfile: "$scratch/zone.list"
  logfile: "$scratch/nsd.log"
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
END
    # An entry of each kind, and what RFC 5782 asks for: 127.0.0.2 is listed, 127.0.0.1 is not.
    zone ip.example '2.0.0.127 A 127.0.0.2' '7.113.0.203 A 127.0.0.2' '8.113.0.203 A 127.0.0.4' \
        '9.113.0.203 A 127.255.255.254' '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 A 127.0.0.2' \
        '6.113.0.203 A 198.51.100.1' '5.113.0.203 A 127.0.0.1' '4.113.0.203 A 127.0.0.30'
    zone name.example 'test A 127.0.0.2' 'shop.example.com A 127.0.0.2' 'example.com A 127.0.0.2' \
        'bad.example.net A 127.0.0.10' \
        'invalid TXT "not listed"'
    zone everything.example '* A 127.0.0.2'
    zone parked.example '* A 198.51.100.1'
}

server=
start_server() {
    port=$(free_port)
    write_server
    nsd -d -c "$scratch/nsd.conf" >"$scratch/nsd.out" 2>&1 &
    server=$!
    wait_until answers
}

answers() {
    # A question of our own: the header of any reply will do.
    perl -MIO::Socket::INET -e '
        my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "127.0.0.1", PeerPort => $ARGV[0]) or exit 1;
        $s->send(pack("nnnnnn", 7, 0, 1, 0, 0, 0) . "\x02ip\x07example\x00" . pack("nn", 6, 1));
        $SIG{ALRM} = sub { exit 1 }; alarm 1; exit !defined $s->recv(my $reply, 512)' "$port"
}

every_server_process() { # every_server_process SIGNAL
    pkill "-$1" -P "$server" 2>/dev/null
    pkill "-$1" -f "nsd -d -c $scratch/nsd.conf" 2>/dev/null
    kill "-$1" "$server" 2>/dev/null
}

stop_servers() {
    [ -z "$server" ] || { every_server_process CONT; every_server_process KILL; wait "$server" 2>/dev/null; }
    server=
}

# --- messages ----------------------------------------------------------------------------------------------------

# message RELAY [TEXT]
message() {
    cat >"$scratch/message" <<END
Received: from mail.example.org (mail.example.org [$1])
	by mx.example.org (Postfix) with ESMTP id 1A2B; Tue, 4 Jun 2024 10:00:00 +0200
From: Ann <ann@bad.example.net>
To: joe@example.org
Subject: lunch on Thursday
Date: Tue, 4 Jun 2024 09:59:58 +0200
Message-ID: <20240604.1@example.net>

Shall we meet at noon? ${2:-}
END
}

list() { # list NAME ZONE LINE...: one more section of the settings
    {
        echo "[dns_list $1]"
        echo "zone = $2"
        shift 2
        for line; do echo "$line"; done
    } >>"$home/.config/tamis/tamis.conf"
}

# asked RELAY [TEXT]: the message goes through the filter; its tests into $scratch/tests.
asked() {
    message "$@"
    "$program" filter <"$scratch/message" >"$scratch/output" 2>"$scratch/stderr" || complain "exit status $?" || return
    same_but_for_our_fields "$scratch/output" "$scratch/message" || return
    perl -0777 -ne 's/,\n[ \t]+/,/g; print "$1\n" if /^X-Spam-Status:.*?tests=(\S*)/ms' "$scratch/output" \
        >"$scratch/tests"
}

found() { # found DNS-REASON...: these and no others, in any order
    got=$(tr ',' '\n' <"$scratch/tests" | grep '^DNS' | sort | tr '\n' ' ')
    same "$got" "$(for reason; do echo "$reason"; done | sort | tr '\n' ' ')"
}

fresh() { # fresh LINE...: a home with these settings, that asks our server
    new_home "dns_server = 127.0.0.1:$port" 'dns_timeout = 2000' "$@"
}

silent() { # silent PATTERN
    ! grep -q -- "$1" "$scratch/stderr" || complain "$(cat "$scratch/stderr")"
}

logged() {
    grep -q -- "$1" "$scratch/stderr" || complain "no \"$1\" in: $(cat "$scratch/stderr")"
}

# ------------------------------------------------------------------------------------------------------------------

trap clean_up EXIT
start_server || { echo "Bail out! nsd does not answer: $(cat "$scratch/nsd.out" "$scratch/nsd.log")"; exit 99; }

# RELAY|want, of a list of addresses with points for some answers
relays() {
    fresh
    list zen ip.example 'answers = 127.0.0.2=3 127.0.0.4-127.0.0.7=4.5 127.0.0.30=-1'
    while IFS='|' read -r relay want; do
        # shellcheck disable=SC2086
        check "relay $relay: ${want:-nothing}" eval "asked $relay && found $want"
    done <<END
203.0.113.7|DNS_ZEN=3.00
203.0.113.8|DNS_ZEN=4.50
203.0.113.4|DNS_ZEN=-1.00
203.0.113.1|
2001:db8::7|DNS_ZEN=3.00
IPv6:2001:db8::7|DNS_ZEN=3.00
IPv6:2001:db8::8|
10.0.0.1|
203.0.113.9|DNS_NOT_TOLD=0.00
203.0.113.6|DNS_NOT_TOLD=0.00
203.0.113.5|DNS_NOT_TOLD=0.00
END
}
relays

# ASK|ADDRESSES|TEXT|want
hosts() {
    while IFS='|' read -r ask addresses text want; do
        fresh
        list uri name.example "ask = $ask" "addresses = $addresses" 'points = 2'
        check "links, ask = $ask: $text" eval "asked 203.0.113.7 '$text' && found $want"
    done <<END
domain|no|see http://www.shop.example.com/x|DNS_URI=2.00
domain|no|see http://www.good.example.org/x|
host|no|see http://shop.example.com/x|DNS_URI=2.00
host|no|see http://www.shop.example.com/x|
sender|no|no link at all|
domain|yes|see http://203.0.113.7/|
END
}
hosts

# What is learned and remembered cannot be written either; the verdict needs none of that.
no_room_for_the_cache() {
    fresh
    list zen ip.example
    message 203.0.113.7
    (ulimit -f 0 && "$program" filter <"$scratch/message" 2>/dev/null) | cat >"$scratch/output"
    grep -q 'DNS_ZEN=' "$scratch/output" || complain "$(sed '/^$/q' "$scratch/output")"
}
check "answers count though the cache cannot be written" no_room_for_the_cache

in_words() {
    fresh
    list zen ip.example
    message 203.0.113.7
    "$program" explain "$scratch/message" >"$scratch/said" 2>"$scratch/stderr"
    grep -q 'DNS_ZEN  *203.0.113.7, which handed the message over, is on the list ip.example, which answers 127.0.0.2' \
        "$scratch/said" || complain "$(cat "$scratch/said")"
}
check "explain says which list and what it answers" in_words

user_leaves_out() {
    fresh
    list zen ip.example
    asked 203.0.113.7 && found DNS_ZEN=2.00 || return
    "$program" filter --set dns_list.zen.enabled=no <"$scratch/message" >"$scratch/output" 2>"$scratch/stderr"
    ! grep -q DNS "$scratch/output" || complain "asked all the same"
}
check "a user can be judged without a list" user_leaves_out

# --- lists that are not well ------------------------------------------------------------------------------------

given_up() {
    fresh
    list dead everything.example
    list zen ip.example
    asked 203.0.113.7 && found DNS_ZEN=2.00 && logged 'everything.example lists everything'
}
check "a list that lists everything is not believed, and the log says so" given_up
check "and the next message neither asks it nor says it again" \
    eval 'asked 203.0.113.7 && found DNS_ZEN=2.00 && silent everything'

parked() {
    fresh
    list sold parked.example
    asked 203.0.113.7 && found DNS_NOT_TOLD=0.00
}
check "answers that are none of a list say nothing" parked

no_such_zone() {
    fresh
    list gone gone.example
    asked 203.0.113.7 && found DNS_NOT_TOLD=0.00
}
check "a server that refuses says nothing" no_such_zone

allowed_is_not_asked() {
    fresh 'authserv_id = mx.example.org'
    list zen ip.example
    echo 'ann@bad.example.net' >"$home/.config/tamis/allow"
    message 203.0.113.7
    sed -i '1i Authentication-Results: mx.example.org; dkim=pass header.d=bad.example.net' "$scratch/message"
    "$program" filter <"$scratch/message" >"$scratch/output" 2>"$scratch/stderr"
    grep -q ALLOWED_SENDER "$scratch/output" || complain "not allowed: $(cat "$scratch/output")" || return
    ! grep -q DNS_ "$scratch/output" && [ ! -e "$state/dns_cache" ] || complain "asked about an allowed sender"
}
check "nobody is asked about a sender on the list of the allowed" allowed_is_not_asked

# --- a server that is not well ------------------------------------------------------------------------------------

cached() {
    fresh
    list zen ip.example
    asked 203.0.113.7 && found DNS_ZEN=2.00 || return
    every_server_process STOP
    asked 203.0.113.7 && found DNS_ZEN=2.00
}
check "what was answered holds while the server is silent" cached
mute() {
    asked 203.0.113.8 && found DNS_NOT_TOLD=0.00
}
settings "dns_server = 127.0.0.1:$port" 'dns_timeout = 300'
list zen ip.example
check "a mute server: the message goes on without" mute
many_lists_one_deadline() {
    for i in 1 2 3 4 5 6; do list "l$i" "l$i.example" 'ask = host'; done
    before=$(date +%s)
    asked 203.0.113.8 "$(for i in 1 2 3 4 5 6 7 8 9; do echo "http://h$i.example.com/"; done)" &&
        found DNS_NOT_TOLD=0.00 || return
    [ $(($(date +%s) - before)) -lt 5 ] || complain "seven lists and ten names took their time one after the other"
}
check "many questions have one deadline" many_lists_one_deadline
slow() {
    settings "dns_server = 127.0.0.1:$port" 'dns_timeout = 5000'
    list zen ip.example
    every_server_process STOP
    (sleep 0.5; every_server_process CONT) &
    continuer=$!
    asked 203.0.113.8 && found DNS_ZEN=2.00
    result=$?
    wait "$continuer"
    return "$result"
}
check "a slow server within the deadline is heard" slow
dead() {
    stop_servers
    fresh
    list zen ip.example
    asked 203.0.113.7 && found DNS_NOT_TOLD=0.00
}
check "a dead server: the message goes on without" dead
liar() {
    # Whatever is asked, bytes that are no answer come back.
    perl -MIO::Socket::INET -e '
        my $s = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1", LocalPort => $ARGV[0]) or die;
        while (my $from = $s->recv(my $q, 512)) {
            $s->send(substr($q, 0, 2) . "\x85\x80\x00\x01\xff\xff\x00\x00\x00\x00"
                . "\xc0\x0c" x 200, 0, $from) }' "$port" &
    server=$!
    fresh 'dns_timeout = 1000'
    list zen ip.example
    asked 203.0.113.7 && found DNS_NOT_TOLD=0.00
}
check "a server that answers nonsense: the message goes on without" liar
stop_servers

bad_settings() {
    fresh
    list zen ip.example 'answers = 127.0.0.2'
    "$program" config check >"$scratch/said" 2>&1
    grep -q 'tamis.conf:6: dns_list.zen.answers = 127.0.0.2: a list of answers and their points' "$scratch/said" ||
        complain "$(cat "$scratch/said")"
}
check "a mistake in the answers is named with file, line and what is accepted" bad_settings
