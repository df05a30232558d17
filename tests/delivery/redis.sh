# redis.sh - what the tests with Redis share: servers in the scratch folder, messages to learn
#
# A test sources lib.sh first.  Servers are started by start_redis and end with the test.
# shellcheck shell=sh
need redis-server redis-cli
TAMIS_MODULE_DIR=${TAMIS_MODULE_DIR:-${TAMIS_BUILD:-$(dirname "$TAMIS")}}
export TAMIS_MODULE_DIR
[ -e "$TAMIS_MODULE_DIR/tamis-store-redis.so" ] || skip_all "built without Redis"

servers=

stop_servers() {
    for server in $servers; do
        kill -CONT "$server" 2>/dev/null
        kill -KILL "$server" 2>/dev/null
    done
}

# start_redis NAME OPTION...: a server of that name in its own folder; its process is in $redis_process.  What it writes
# outlasts its death; for the machine's it need not wait, as it does for seconds where others keep the disk busy.
start_redis() {
    mkdir -p "$scratch/$1"
    redis_folder=$scratch/$1
    shift
    redis-server --dir "$redis_folder" --unixsocket "$redis_folder/socket" --appendonly yes --appendfsync no \
        --save '' "$@" >>"$redis_folder/log" 2>&1 &
    redis_process=$!
    servers="$servers $redis_process"
    wait_until is_up "$redis_folder"
}

is_up() { redis-cli -s "$1/socket" ping 2>/dev/null | grep -Eq 'PONG|NOAUTH'; }

kill_redis() {
    kill -KILL "$redis_process"
    wait "$redis_process" 2>/dev/null
    return 0
}

tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

message() { # NUMBER WORDS
    printf 'From: Ann <ann@example.net>\nTo: user@example.org\nSubject: message %s\n' "$1"
    printf 'Date: Tue, 4 Jun 2024 09:59:58 +0200\nMessage-ID: <%s@example.net>\n\n%s, number %s\n' "$1" "$2" "$1"
}

# A message of that number from that relay with that text, arrived just now.
arrived() { # NUMBER ADDRESS TEXT
    now=$(date -u '+%a, %d %b %Y %H:%M:%S +0000')
    printf 'Received: from mail.example.org (mail.example.org [%s])\n' "$2"
    printf '\tby mx.example.net with ESMTP id 1; %s\nFrom: Ann <ann@example.org>\nTo: user@example.net\n' "$now"
    printf 'Subject: message %s\nMessage-ID: <%s@example.org>\n' "$1" "$1"
    printf 'Date: %s\n\n%s, number %s\n' "$now" "$3" "$1"
}

# Does that reason speak for or against the message, on the host with this state directory?
speaks() { # REASON DIRECTORY ARGUMENTS OF arrived
    reason=$1
    on=$2
    shift 2
    arrived "$@" | tamis explain --state-dir "$on" - >"$scratch/explained"
    grep -q "$reason" "$scratch/explained" || complain "no $reason in $(cat "$scratch/explained")"
}
is_silent() { ! speaks "$@" >/dev/null; }

spam_words='buy cheap pills now and win a prize without delay'
ham_words='shall we meet at noon by the river and talk about the plan'

# Thirty of each, in folders.
make_lessons() {
    mkdir -p "$scratch/ham" "$scratch/spam"
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        message "h$i" "$ham_words" >"$scratch/ham/$i"
        message "s$i" "$spam_words" >"$scratch/spam/$i"
    done
}

lessons() { tamis db dump | sed -n 's/^lessons //p'; }

# The header says PATTERN of a message with those words, and the message has come through unharmed.
judged() { # PATTERN [WORDS]
    message judged "${2:-$spam_words}" >"$scratch/in"
    tamis filter <"$scratch/in" >"$scratch/out" || complain "filter failed" || return
    same_but_for_our_fields "$scratch/out" "$scratch/in" || return
    sed '/^$/q' "$scratch/out" | tr -d '\n' | grep -Eq "$1" ||
        complain "no $1 in $(sed -n '/^X-Spam-Status/,/^X-Spam-Level/p' "$scratch/out" | tr -d '\n')"
}
