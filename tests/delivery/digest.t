#!/bin/sh
# digest.t - `tamis digest`: what arrived in Junk, told once, and safely whatever the spam says
. "$(dirname "$0")/lib.sh"
need perl
plan 15

use_program sound
junk=$maildir/.Junk
state=$home/.local/state/tamis
now=$(date +%s)

digest() {
    "$program" digest "$@" >"$scratch/output" 2>"$scratch/stderr"
}

in_junk() { # NAME SUBJECT [FROM]
    mkdir -p "$junk/new" "$junk/cur" "$junk/tmp"
    printf 'From: %s\nSubject: %s\nMessage-ID: <%s@example.net>\n\nbody\n' "${3:-a@example.net}" "$2" "$1" \
        >"$junk/new/$1.host"
}

# The text of one edition ("plain" or "html") of the message on stdin, decoded.
edition() {
    perl -MMIME::QuotedPrint -0777 -ne '
        my ($boundary) = /boundary="([^"]+)"/ or die;
        for (split /\n--\Q$boundary\E(?:--)?\n/) { print decode_qp($1) if /^Content-Type: text\/'"$1"'.*?\n\n(.*)/s }'
}

fresh() {
    new_home "$none_is_spam" "$@"
    new_maildir
}

fresh
in_junk 1 "cheap watches"
digest
check "nobody gets a digest without asking for one" same "$? $(count_in "")" "0 0"
settings "digest = daily"
digest
check "a digest is delivered into the inbox" same "$? $(count_in "") $(count_in .Junk)" "0 1 1"
check "it names the message" grep -q "cheap watches" "$(the_message)"
check "it is judged already, as far as tamis sort cares" has_field "$(the_message)" '^X-Tamis: .*verdict=ham'
digest
check "the same day there is no second one" same "$? $(count_in "")" "0 1"
sed -i '1s/.*/tamis-names 2 '$((now - 100000))'/' "$state/digest" && seal "$state/digest"
in_junk 2 "more watches"
echo "tamis-names 2 $now
$((now - 200000)) - 1.host" >"$state/junk-seen"
seal "$state/junk-seen"
touch -d "@$((now - 200000))" "$junk/new/1.host"
rm "$(the_message)"
digest
check "the next one tells of what is new, and of nothing else" \
    same "$(grep -c 'cheap watches' "$(the_message)") $(grep -c 'more watches' "$(the_message)")" "0 2"
empty_maildir
sed -i '1s/.*/tamis-names 2 '$((now - 100000))'/' "$state/digest" && seal "$state/digest"
digest
check "nothing is delivered when nothing has arrived" same "$? $(count_in "")" "0 0"

# The last digest was sent so many seconds from now, by the record; so many are delivered, and no more by a second run.
ahead() { # SECONDS WANT
    fresh "digest = daily"
    in_junk 1 "cheap watches"
    mkdir -p "$state"
    echo "tamis-names 2 $((now + $1))" >"$state/digest" && seal "$state/digest"
    digest || complain "exit status $?" || return
    same "$1: $(count_in "")" "$1: $2" || return
    digest && same "$1, again: $(count_in "")" "$1, again: $2"
}
sent_ahead() { ahead 1800 0 && ahead 7200 1 && ahead $((75 * 365 * 86400)) 1; }
check "a digest that was sent by a clock ahead stops no other" sent_ahead

hostile() {
    fresh
    in_junk 1 '<script>alert(1)</script> &amp; http://evil.example/?a="b"'
    turned=$(printf 'turn \342\200\256 around\033[2J\nFrom: x' | base64)
    in_junk 2 "=?utf-8?B?$turned?=" '"<img src=x>" <b@example.net>'
    in_junk 3 "=?utf-8?Q?=FF=FE_ill=00formed?= $(printf '\377\001')"
    digest --print || return
    for kind in plain html; do edition $kind <"$scratch/output" >"$scratch/$kind"; done
    perl -ne 'exit 1 if /[^\x20-\x7e\n]/ || length > 80' "$scratch/output" ||
        complain "raw bytes or long lines" || return
    perl -ne 'exit 1 if /[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae/' "$scratch/plain" "$scratch/html" ||
        complain "controls" || return
    ! grep -q '://' "$scratch/plain" "$scratch/html" || complain "a link" || return
    ! grep -q '<script\|<img\|href\|src=x>' "$scratch/html" || complain "markup"
}
check "hostile subjects and senders are shown, not obeyed" hostile
check "and nothing of them is lost" grep -q 'turn \\u{202E} around' "$scratch/plain"
check "the HTML edition has markup escaped" grep -q '&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;' "$scratch/html"

ordered() {
    fresh "score.NO_SUCH = 1"
    in_junk 1 "an honest subject"
    in_junk 2 "VIAGRA cheap CIALIS!!! \$\$\$ click here now" "Vi@gra <1234567@dialup.example>"
    digest --print && edition plain <"$scratch/output" >"$scratch/plain"
    same "$(sed -n 's/^ *-\{0,1\}[0-9]*\.[0-9]*  //p' "$scratch/plain" | head -1)" "an honest subject"
}
check "the least certain come first" ordered
bounded() {
    fresh
    for i in 1 2 3 4 5 6 7 8 9; do
        for j in 1 2 3 4 5 6 7 8 9 0 a b c d e f g h i j k l m n o; do in_junk $i$j "s $i$j"; done
    done
    digest --print && edition plain <"$scratch/output" >"$scratch/plain"
    same "$(grep -c 'from a@example.net' "$scratch/plain")" 200 && grep -q 'and 25 more' "$scratch/plain" \
        && has_field "$scratch/output" '^Subject: 225 messages in Junk'
}
check "a long digest ends with a count" bounded
not_spam_itself() {
    fresh
    settings "$all_is_spam"
    in_junk 1 "cheap watches"
    digest --now && "$program" sort 2>/dev/null
    same "$(count_in "")" 1
}
check "tamis sort leaves the digest in the inbox" not_spam_itself
over_quota() {
    fresh "digest = daily"
    in_junk 1 "cheap watches"
    printf '10S\n100 1\n' >"$maildir/maildirsize"
    digest
    same "$? $(count_in "")" "75 0" && [ ! -e "$state/digest" ]
}
check "what could not be delivered is delivered another time" over_quota
