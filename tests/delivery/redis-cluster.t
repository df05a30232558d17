#!/bin/sh
# redis-cluster.t - three nodes on loopback: redirections are followed, a node that is gone costs evidence only
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/redis.sh"
need python3 perl

use_program sound
USER=anna
export USER
new_home 'store = redis'
make_lessons

# A port that nobody uses now, nor the one 10,000 above for the bus of a cluster.
free_pair_of_ports() {
    python3 - <<'END'
import socket, random
while True:
    port = random.randrange(20000, 50000)
    try:
        for number in (port, port + 10000):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", number))
    except OSError:
        continue
    print(port)
    break
END
}

start_node() { # NUMBER PORT
    start_redis "node$1" --port "$2" --bind 127.0.0.1 --cluster-enabled yes --cluster-node-timeout 2000 \
        --cluster-require-full-coverage no
}
for node in 1 2 3; do
    port=$(free_pair_of_ports)
    eval "port$node=$port"
    start_node $node "$port"
    eval "process$node=$redis_process"
done
# shellcheck disable=SC2154
redis-cli --cluster create "127.0.0.1:$port1" "127.0.0.1:$port2" "127.0.0.1:$port3" --cluster-yes \
    >"$scratch/cluster" 2>&1 || { sed 's/^/# /' "$scratch/cluster"; skip_all "no cluster can be made here"; }
node() { number=$1; shift; redis-cli -s "$scratch/node$number/socket" "$@"; }
is_whole() {
    for node in 1 2 3; do
        redis-cli -s "$scratch/node$node/socket" cluster info | grep -q 'cluster_state:ok' || return
    done
}
wait_until is_whole
plan 8

slot=$(redis-cli -s "$scratch/node1/socket" cluster keyslot 'tamis:{anna}')
# The node that has the slot, of three equal parts.
home_node=$((slot * 3 / 16384 + 1))
other_node=$((home_node % 3 + 1))
eval "home_port=\$port$home_node home_process=\$process$home_node other_port=\$port$other_node"

# On a busy machine an answer may take its time.
settings 'store = redis' "redis_server = 127.0.0.1:$other_port" 'redis_timeout = 2000'
learned() { tamis learn -q --ham "$scratch/ham" --spam "$scratch/spam" && same "$(lessons)" "30 30"; }
check "a node that has not the slot says who has it, and that is followed" learned
check "also when judging" judged 'learned=(1.000|0.99)'
care() { tamis db check >/dev/null && tamis db compact && same "$(lessons)" "30 30"; }
check "check and compact work, all in one slot" care

traced() {
    mkdir "$scratch/traced"
    for i in 11 12 13; do arrived $i 192.0.2.1 hello >"$scratch/traced/$i"; done
    tamis learn -q --spam --state-dir "$scratch/one" "$scratch/traced" &&
        speaks RELAY_KNOWN_SPAM "$scratch/other" 14 192.0.2.7 hello || return
    for i in 21 22 23 24 25 26 27 28 29 30 31; do
        arrived $i 203.0.113.9 hello | tamis filter --state-dir "$scratch/one" >/dev/null || return
    done
    wait_until speaks RELAY_BURST "$scratch/other" 41 203.0.113.9 hello &&
        tamis learn -q --forget "$scratch/traced" && same "$(lessons)" "30 30"
}
check "relays learned and noted by one host are known to another" traced

correspondents() {
    printf 'From: Joe <joe@example.org>\nTo: ann@example.net\nMessage-ID: <1@example.org>\n\nHello\n' >"$scratch/sent"
    tamis senders import --state-dir "$scratch/one" --quiet "$scratch/sent" &&
        arrived 51 192.0.2.7 hello | tamis filter --state-dir "$scratch/other" >/dev/null &&
        wait_until cmp -s "$scratch/one/correspondents" "$scratch/other/correspondents"
}
check "and whom one has gathered" correspondents

# The slot on its way: the key has gone over already, and its old node says ASK.
on_the_way() {
    home_id=$(redis-cli -s "$scratch/node$home_node/socket" cluster myid)
    other_id=$(redis-cli -s "$scratch/node$other_node/socket" cluster myid)
    redis-cli -s "$scratch/node$other_node/socket" cluster setslot "$slot" importing "$home_id" >/dev/null &&
        redis-cli -s "$scratch/node$home_node/socket" cluster setslot "$slot" migrating "$other_id" >/dev/null &&
        redis-cli -s "$scratch/node$home_node/socket" migrate 127.0.0.1 "$other_port" 'tamis:{anna}' 0 5000 \
            >/dev/null || return
    same "$(redis-cli -s "$scratch/node$home_node/socket" hlen 'tamis:{anna}' 2>&1 | cut -c1-3)" ASK || return
    message x "$spam_words" >"$scratch/x"
    judged 'learned=(1.000|0.99)' && tamis learn -q --spam "$scratch/x" && same "$(lessons)" "30 31" || return
    for node in 1 2 3; do
        redis-cli -s "$scratch/node$node/socket" cluster setslot "$slot" node "$other_id" >/dev/null
    done
    judged 'learned=(1.000|0.99)' && same "$(lessons)" "30 31"
}
check "a slot on its way to another node: ASK is followed" on_the_way

eval "gone=\$process$other_node gone_port=\$port$other_node"
kill -KILL "$gone"
wait "$gone" 2>/dev/null
settings 'store = redis' "redis_server = 127.0.0.1:$gone_port 127.0.0.1:$home_port" 'redis_timeout = 2000'
check "its node gone: judged by rules alone, the others do not pretend" judged 'learned=none.*store=unreachable'
start_node "$other_node" "$gone_port"
learned_again() { judged 'learned=(1.000|0.99)' && same "$(lessons)" "30 31"; }
check "and back: all is there" wait_until learned_again
