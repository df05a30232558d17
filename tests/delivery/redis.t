#!/bin/sh
# redis.t - learned state in a real Redis: used, gone, slow, full, locked, lying, with TLS; mail always comes through
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/redis.sh"
need openssl python3 perl
plan 36

use_program sound
USER=anna
export USER
start_redis first --port 0
first=$redis_process
unix="redis_server = unix:$scratch/first/socket"
cli() { redis-cli -s "$scratch/first/socket" "$@"; }
# On a busy machine an answer may take its time; where none will come it is waited for only shortly.
both() { settings 'store = redis' "redis_timeout = ${patience:-2000}" "$@"; }
new_home
both "$unix"
make_lessons

empty() { judged 'learned=none version' && same "$(cli exists 'tamis:{anna}')" 0; }
check "nothing learned: nothing kept, and mail is judged" empty

learned() { tamis learn -q --ham "$scratch/ham" --spam "$scratch/spam" && same "$(lessons)" "30 30"; }
check "lessons are learned" learned
check "and used" judged 'LEARNED=.* learned=(1.000|0.99)'
check "for ham as well" judged 'learned=0.0' "$ham_words"
apart() { USER=bert judged 'learned=none version'; }
check "each user has a state of their own" apart
again() { learned && same "$(cli keys '*' | wc -l | tr -d ' ')" 1; }
check "learning again changes nothing" again
no_files() { same "$(find "$home" -name '*.tcf' -o -name journal -o -name snapshot)" ""; }
check "and no tables are in files" no_files

# The history beside them keeps when a relay was last seen.
what_learners_know() { tamis db dump | sed -n '/^tamis-store /,$p'; }
taken_back() {
    message x "$spam_words" >"$scratch/x"
    before=$(what_learners_know | cksum)
    tamis learn -q --spam "$scratch/x" && ! same "$before" "$(what_learners_know | cksum)" >/dev/null || return
    tamis learn -q --forget "$scratch/x" && same "$before" "$(what_learners_know | cksum)"
}
check "a lesson can be taken back" taken_back

copied() {
    tamis db dump >"$scratch/before" && tamis db copy tokyocabinet || return
    settings "$unix"
    tamis db dump >"$scratch/files" && cmp "$scratch/before" "$scratch/files" || complain "the copy differs" || return
    judged 'learned=(1.000|0.99)' || return
    USER=carl
    tamis db copy redis || return
    both "$unix"
    tamis db dump >"$scratch/redis"
    cmp "$scratch/before" "$scratch/redis" || complain "the copy back differs" || return
    tamis db check >/dev/null || return
    USER=anna
}
check "db copy is exact, there and back" copied
USER=anna
both "$unix"

dumped() {
    tamis db dump >"$scratch/before" && cli del 'tamis:{anna}' >/dev/null && tamis db load <"$scratch/before" || return
    tamis db dump >"$scratch/after" && cmp "$scratch/before" "$scratch/after" && tamis db compact || return
    tamis db dump >"$scratch/after" && cmp "$scratch/before" "$scratch/after"
}
check "dump, load and compact are exact" dumped

# --- two hosts ------------------------------------------------------------------------------------------------------

# Each has files of its own; what is known of relays and hosts is with what was learned.
one=$scratch/one other=$scratch/other
traces() {
    mkdir "$scratch/traced"
    for i in 11 12 13; do arrived $i 192.0.2.1 "see http://www.pills.example/" >"$scratch/traced/$i"; done
    tamis learn -q --state-dir "$one" --spam "$scratch/traced" &&
        speaks RELAY_KNOWN_SPAM "$one" 14 192.0.2.77 hello && speaks RELAY_KNOWN_SPAM "$other" 14 192.0.2.77 hello &&
        speaks HOST_KNOWN_SPAM "$other" 15 198.51.100.1 "see http://cheap.pills.example/" &&
        is_silent KNOWN_SPAM "$other" 16 198.51.100.1 "see http://www.sails.example/" &&
        same "$(find "$one" "$other" -name history 2>/dev/null)" ""
}
check "what one host learned of relays and sites, another knows" traces

burst() {
    for i in 21 22 23 24 25 26 27 28 29; do
        arrived $i 203.0.113.9 hello >"$scratch/in"
        tamis filter --state-dir "$one" <"$scratch/in" >/dev/null &&
            tamis filter --state-dir "$other" <"$scratch/in" >/dev/null || return
    done
    wait_until speaks RELAY_BURST "$other" 41 203.0.113.9 hello
}
check "arrivals at any of them count together" burst

traced_dump() {
    tamis db dump >"$scratch/before" && grep -q '^tamis-history 1$' "$scratch/before" || complain "no history" || return
    tamis db load --replace <"$scratch/before" && tamis db dump >"$scratch/after" &&
        cmp "$scratch/before" "$scratch/after" && speaks RELAY_KNOWN_SPAM "$other" 17 192.0.2.77 hello
}
check "dump and load carry it" traced_dump

traces_kept() {
    sed -n '/^tamis-store /,$p' "$scratch/before" >"$scratch/alone"
    tamis db load --replace <"$scratch/alone" && speaks RELAY_KNOWN_SPAM "$one" 18 192.0.2.77 hello
}
check "a dump of the store alone leaves it as it is" traces_kept

traces_forgotten() {
    tamis learn -q --state-dir "$other" --forget "$scratch/traced" && is_silent KNOWN_SPAM "$one" 19 192.0.2.77 hello
}
check "forgotten on the other, forgotten on the one" traces_forgotten

# A message that the user wrote, of that number, to that address; and what the host with that directory lists.
wrote() { # NUMBER ADDRESS
    printf 'From: Joe <joe@example.org>\nTo: %s\nMessage-ID: <mine.%s@example.org>\n' "$2" "$1"
    printf 'Date: Tue, 4 Jun 2024 09:00:00 +0200\nSubject: the kitchen\n\nWhen do you bring the cupboards?\n'
}
knows() { # DIRECTORY ADDRESS
    tamis senders list --state-dir "$1" | grep -q "^correspondent  *$2 " || complain "no $2 on $1"
}
# One delivery says that there is another file, and whoever comes later has it.
heard() { # DIRECTORY ADDRESS
    arrived 61 198.51.100.9 hello | tamis filter --state-dir "$1" >/dev/null && knows "$1" "$2" 2>/dev/null
}
correspondents() {
    wrote 1 ann@example.net >"$scratch/sent1"
    tamis senders import --state-dir "$one" --quiet "$scratch/sent1" && knows "$one" ann@example.net &&
        wait_until heard "$other" ann@example.net &&
        cmp "$one/correspondents" "$other/correspondents"
}
check "whom one host has gathered, another knows" correspondents

gathered_there() {
    wrote 2 bob@example.net >"$scratch/sent2"
    tamis senders import --state-dir "$other" --quiet "$scratch/sent2" && knows "$other" ann@example.net &&
        knows "$other" bob@example.net || return
    wrote 3 eve@example.net >"$scratch/sent3"
    tamis senders import --state-dir "$scratch/third" --quiet "$scratch/sent3" &&
        knows "$scratch/third" ann@example.net && knows "$scratch/third" bob@example.net &&
        wait_until heard "$one" eve@example.net
}
check "each goes on with what the others have gathered" gathered_there

shared_dump() {
    tamis db dump --state-dir "$scratch/fourth" >"$scratch/before" &&
        grep -q '^person eve@example.net ' "$scratch/before" || complain "eve is not in the dump" || return
    tamis db load --replace --state-dir "$one" <"$scratch/before" &&
        tamis db dump --state-dir "$scratch/fifth" >"$scratch/after" && cmp "$scratch/before" "$scratch/after"
}
check "dump and load carry it, whichever the host" shared_dump

alone() {
    kill -STOP "$first"
    patience=50
    both "$unix"
    wrote 4 dan@example.net >"$scratch/sent4"
    tamis senders import --state-dir "$one" --quiet "$scratch/sent4"
    status=$?
    patience=
    both "$unix"
    kill -CONT "$first"
    wait_until is_up "$scratch/first"
    same $status 0 && knows "$one" dan@example.net && knows "$one" ann@example.net
}
check "without the server each host knows whom it knew, and gathers for itself" alone

# --- the doctor -----------------------------------------------------------------------------------------------------

finds() { # DIRECTORY STATE SUBJECT PATTERN
    tamis doctor --state-dir "$1" >"$scratch/found"
    grep -q "^$2 *$3 .*$4" "$scratch/found" || complain "no $2 $3 $4 in $(tr "\n" ";" <"$scratch/found")"
}
history_of_hosts() {
    finds "$one" ok history 'are known' || return
    : >"$one/history"
    finds "$one" note history "$one/history is not asked any more" && rm "$one/history"
}
check "the doctor asks the server for the history, and sees a file left behind" history_of_hosts

old_copy() {
    wrote 5 fay@example.net >"$scratch/sent5"
    tamis senders import --state-dir "$one" --quiet "$scratch/sent5" && finds "$one" ok senders 'it is known' &&
        finds "$scratch/sixth" note senders 'another host has gathered'
}
check "and says whether another host knows more of whom the user writes to" old_copy

# --- slow and gone --------------------------------------------------------------------------------------------------

patience=200
both "$unix"
kill -STOP "$first"
check "stopped: judged by rules alone, and said so" judged 'learned=none.*store=unreachable'
stopped_delivery() {
    message once "$spam_words" | tamis deliver && holds 1 0
}
new_maildir
check "stopped: delivered once" stopped_delivery
kill -CONT "$first"
patience=

moves() {
    both "$unix" "$none_is_spam"
    empty_maildir
    message moved "a message of its own" | tamis deliver && tamis relearn -q || return
    mkdir -p "$maildir/.Junk/cur" "$maildir/.Junk/new" "$maildir/.Junk/tmp"
    mv "$(the_message)" "$maildir/.Junk/cur/$(date +%s).M1P9.host:2,S"
    kill -STOP "$first"
    patience=50
    both "$unix" "$none_is_spam"
    tamis relearn -q
    status=$?
    patience=
    both "$unix" "$none_is_spam"
    kill -CONT "$first"
    refused $status || return
    wait_until is_up "$scratch/first"
    same "$(lessons)" "30 30" || return
    tamis relearn -q && same "$(lessons)" "30 31"
}
check "a move while it is stopped is learned later, once" moves

both "$unix"
redis_process=$first
tamis db dump >"$scratch/before"
kill_redis
check "killed: judged by rules alone, and said so" judged 'learned=none.*store=unreachable'
killed_learning() { tamis learn -q --spam "$scratch/x"; refused $?; }
check "killed: learning says that it could not" killed_learning
start_redis first --port 0
back() { tamis db dump >"$scratch/after" && cmp "$scratch/before" "$scratch/after" && judged 'learned=(1.000|0.99)'; }
check "and back: all is there" back

# --- full -----------------------------------------------------------------------------------------------------------

full() {
    spam=$(lessons | cut -d ' ' -f 2)
    cli config set maxmemory 1 >/dev/null
    tamis learn -q --spam "$scratch/x"
    refused $? && judged 'learned=(1.000|0.99)' || return
    cli config set maxmemory 0 >/dev/null
    tamis learn -q --spam "$scratch/x" && same "$(lessons)" "30 $((spam + 1))"
}
check "full: what is there is read, nothing is learned by halves, and later it is" full

# --- spoiled --------------------------------------------------------------------------------------------------------

spoiled() {
    cli rename 'tamis:{anna}' kept >/dev/null && cli set 'tamis:{anna}' nonsense >/dev/null || return
    judged 'learned=none.*store=damaged' || return
    tamis learn -q --spam "$scratch/x"
    refused $? && same "$(cli get 'tamis:{anna}')" nonsense || return
    cli rename kept 'tamis:{anna}' >/dev/null
}
check "another's data under the key: not believed, not touched" spoiled
field_lost() {
    # Which fields there are depends on the key, which is random.
    field=$(cli hkeys 'tamis:{anna}' | grep '^w[0-9]' | head -1)
    same "$(cli hdel 'tamis:{anna}' "$field")" 1 || return
    judged 'learned=none.*store=damaged' || return
    cli del 'tamis:{anna}' >/dev/null && tamis db load <"$scratch/after"
}
check "a field lost: not believed" field_lost

# What it says is no Redis: words, endless words, an answer drop by drop, a length that nobody has.
liar() { # KIND
    rm -f "$scratch/liar"
    python3 - "$scratch/liar" "$1" <<'END' &
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen(5)
said = {"words": b"SSH-2.0-OpenSSH\r\n", "endless": b"+" + b"a" * 65536, "drops": b"*",
        "huge": b"$2000000000\r\n", "many": b"*2000000000\r\n", "deep": b"*1\r\n" * 1000, "ok": b"+OK\r\n" * 5,
        "zeros": b":136\r\n*136\r\n" + b"$0\r\n\r\n" * 136, "nothing": b""}[sys.argv[2]]
end = time.time() + 20
while time.time() < end:
    peer = server.accept()[0]
    try:
        peer.recv(1)
        peer.sendall(said)
        while said and sys.argv[2] in ("endless", "drops"):
            peer.sendall(said if sys.argv[2] == "endless" else b"1")
            if sys.argv[2] == "drops":
                time.sleep(0.02)
        if sys.argv[2] != "nothing":
            time.sleep(1)
    except OSError:
        pass
    peer.close()
END
    liar_process=$!
    servers="$servers $liar_process"
    wait_until test -S "$scratch/liar"
}
lied_to() {
    patience=300
    both "redis_server = unix:$scratch/liar"
    for kind in words endless drops huge many deep ok zeros nothing; do
        liar $kind
        judged 'learned=none.*store=(unreachable|damaged)' || complain "to $kind" || return
        kill -KILL "$liar_process"
        wait "$liar_process" 2>/dev/null
    done
    patience=
    both "$unix"
}
check "whatever something else answers, mail is judged by rules" lied_to

# --- who may --------------------------------------------------------------------------------------------------------

cli acl setuser tamis on '>right' 'resetkeys' '~tamis:*' '+@all' >/dev/null
cli acl setuser default on '>secret' >/dev/null
check "without a password: refused" judged 'learned=none.*store=forbidden'
password() {
    echo wrong >"$scratch/password"
    both "$unix" 'redis_user = tamis' "redis_password_file = $scratch/password"
    judged 'learned=none.*store=forbidden' || return
    echo right >"$scratch/password"
    judged 'learned=(1.000|0.99)'
}
check "a wrong password is refused, the right one is taken" password
kill_redis

# --- TLS ------------------------------------------------------------------------------------------------------------

certify() { # NAME ALTERNATIVE: an authority, and a server's certificate by it
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=authority $1" -keyout "$scratch/$1-ca.key" \
        -out "$scratch/$1-ca.pem" 2>/dev/null &&
        openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$scratch/$1.key" \
            -out "$scratch/$1.csr" 2>/dev/null &&
        printf 'subjectAltName = %s\n' "$2" >"$scratch/$1.ext" &&
        openssl x509 -req -days 2 -in "$scratch/$1.csr" -CA "$scratch/$1-ca.pem" -CAkey "$scratch/$1-ca.key" \
            -CAcreateserial -extfile "$scratch/$1.ext" -out "$scratch/$1.pem" 2>/dev/null
}
certify own 'DNS:redis.example.org,IP:127.0.0.1' && certify other 'IP:127.0.0.1'
port=$(free_port)
start_redis secure --port 0 --tls-port "$port" --bind 127.0.0.1 --tls-auth-clients no \
    --tls-cert-file "$scratch/own.pem" --tls-key-file "$scratch/own.key" --tls-ca-cert-file "$scratch/own-ca.pem"
secure="redis_server = tls://127.0.0.1:$port"
encrypted() {
    both "$secure" "redis_certificates = $scratch/own-ca.pem"
    tamis learn -q --ham "$scratch/ham" --spam "$scratch/spam" && same "$(lessons)" "30 30" &&
        judged 'learned=(1.000|0.99)' || return
    both "$secure" "redis_certificates = $scratch/own-ca.pem" 'redis_tls_name = redis.example.org'
    judged 'learned=(1.000|0.99)'
}
check "TLS: learned and judged" encrypted
wrong_authority() {
    both "$secure" "redis_certificates = $scratch/other-ca.pem"
    judged 'learned=none.*store=forbidden' || return
    both "$secure"
    judged 'learned=none.*store=forbidden'
}
check "TLS: another authority's certificate is refused" wrong_authority
wrong_name() {
    both "$secure" "redis_certificates = $scratch/own-ca.pem" 'redis_tls_name = another.example.org'
    judged 'learned=none.*store=forbidden'
}
check "TLS: a certificate for another name is refused" wrong_name
