#!/bin/sh
# starter.t - starter knowledge: made from labelled mail, asked for a new user, faded by lessons, never in the way
. "$(dirname "$0")/lib.sh"
plan 13

use_program sound
words=$scratch/words
new_home "starter_file = $words"

# Labelled mail of four sites: ham about a garden wall, spam about watches.
write_labelled() { # DIR COUNT
    mkdir -p "$1/mail"
    i=0
    while [ $i -lt "$2" ]; do
        if [ $((i % 2)) = 0 ]; then label=ham text="the garden wall"; else label=spam text="cheap watches"; fi
        echo "$label mail/$label-$i" >>"$1/index"
        printf 'From: writer%s@site%s.example\nSubject: news\nMessage-ID: <%s.%s@site.example>\n\n%s, we tell you\n' \
            $i $((i / 2 % 4)) "$i" "${1##*/}" "$text" >"$1/mail/$label-$i"
        i=$((i + 1))
    done
}
write_labelled "$scratch/labelled" 64
printf 'From: someone@other.example\nSubject: offer\nMessage-ID: <1@other.example>\n\ncheap watches for everybody\n' \
    >"$scratch/spam"
printf 'From: someone@other.example\nSubject: plans\nMessage-ID: <2@other.example>\n\nthe garden wall is ready\n' \
    >"$scratch/ham"

starter() { "$program" starter "$@" >"$scratch/out" 2>"$scratch/stderr"; }
explain() { "$program" explain "$@" >"$scratch/explained" 2>"$scratch/stderr"; }
points() { sed -n "s/^ *\(-*[0-9.]*\)  $1 .*/\1/p" "$scratch/explained"; }
is_below() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

is_built() {
    starter build "$scratch/labelled" "$words" && starter show && grep -q 'made from 32 ham, 32 spam' "$scratch/out" &&
        same "$(wc -c <"$words" | tr -d ' ')" 65600
}
check "it is made from labelled mail, and says from how much" is_built

holds_no_text() {
    ! grep -a -i -q -e watch -e garden -e writer -e site "$words" || complain "there is text in the file"
}
check "no text and no address is in the file" holds_no_text

new_user_is_told() {
    explain "$scratch/spam"
    spam=$(points STARTER)
    explain "$scratch/ham"
    ham=$(points STARTER)
    [ -n "$spam" ] && [ -n "$ham" ] && is_below 0 "$spam" && is_below "$ham" "$spam" || complain "spam $spam, ham $ham"
}
check "a new user's messages have it as a reason, for and against" new_user_is_told

filter_writes_it() {
    "$program" filter <"$scratch/spam" 2>"$scratch/stderr" | grep -q '^X-Spam-Status:.*STARTER='
}
check "and so has the header field" filter_writes_it

can_be_turned_off() {
    explain --set starter=no "$scratch/spam"
    same "$(points STARTER)" ""
}
check "starter = no turns it off" can_be_turned_off

fades() {
    write_labelled "$scratch/own" 200
    "$program" learn --quiet --ham "$scratch"/own/mail/ham-* --spam "$scratch"/own/mail/spam-* 2>"$scratch/stderr" ||
        return
    explain "$scratch/spam"
    grep -q 'STARTER  *90 % of what mail of others says' "$scratch/explained" ||
        complain "$(grep STARTER "$scratch/explained")"
}
check "with 100 lessons of each label nine tenths are left" fades

is_gone() {
    write_labelled "$scratch/more" 2000
    "$program" learn --quiet --ham "$scratch"/more/mail/ham-* --spam "$scratch"/more/mail/spam-* 2>"$scratch/stderr" ||
        return
    explain "$scratch/spam"
    same "$(points STARTER)" "" && rm -rf "$home/.local/state/tamis"
}
check "with more than 1,000 it is gone" is_gone

# Whatever is in the way of the file, mail is judged as without it.
judged_without() {
    "$program" filter <"$scratch/spam" >"$scratch/filtered" 2>"$scratch/stderr" &&
        grep -q '^X-Spam-Status:' "$scratch/filtered" &&
        ! grep -q STARTER= "$scratch/filtered"
}
survives_anything() {
    cp "$words" "$scratch/keep"
    for damage in 'rm -f' 'truncate -s 100' 'truncate -s 0' 'printf x | dd conv=notrunc status=none of='; do
        cp "$scratch/keep" "$words"
        case $damage in *=) eval "$damage'$words'" ;; *) $damage "$words" ;; esac
        judged_without || complain "after $damage" || return
    done
    rm -f "$words" && mkdir "$words" && judged_without || complain "a folder" || return
    rmdir "$words" && mkfifo "$words" && judged_without || complain "a FIFO" || return
    rm -f "$words" && cp "$scratch/keep" "$words"
}
check "no file, a damaged one, a folder or a FIFO in its place: mail is judged without it" survives_anything

is_measured() {
    "$program" evaluate --scores "$scratch/without" "$scratch/labelled" >"$scratch/out" 2>"$scratch/stderr" &&
        "$program" evaluate --starter none --scores "$scratch/none" "$scratch/labelled" >"$scratch/out" \
        2>"$scratch/stderr" &&
        "$program" evaluate --starter "$words" --scores "$scratch/with" "$scratch/labelled" >"$scratch/out" \
        2>"$scratch/stderr" || return
    cmp "$scratch/without" "$scratch/none" || return
    ! cmp -s "$scratch/without" "$scratch/with" || complain "it changes no score" || return
    printf x | dd conv=notrunc status=none bs=1 seek=3000 of="$words"
    "$program" evaluate --starter "$words" "$scratch/labelled" >"$scratch/out" 2>"$scratch/stderr"
    same $? 66 || return
    starter show
    same $? 75
}
check "evaluate begins with it when told to, and never with a damaged one" is_measured

refuses() { # STATUS ARGUMENTS
    want=$1
    shift
    starter "$@"
    same $? "$want"
}
# Four users; of the last nobody else has the words.  Paths begin with the folder of a user.
share() {
    for user in ann bob cid; do
        write_labelled "$scratch/host/$user" 16
        sed "s|mail/|$user/mail/|" "$scratch/host/$user/index" >>"$scratch/host/index"
    done
    mkdir -p "$scratch/host/eve"
    i=0
    while [ $i -lt 40 ]; do
        echo "spam eve/$i" >>"$scratch/host/index"
        printf 'From: x@site%s.example\nSubject: news\nMessage-ID: <%s@eve.example>\n\nthe garden wall swordfish\n' \
            $((i % 5)) "$i" >"$scratch/host/eve/$i"
        i=$((i + 1))
    done
    echo "ham ann/mail/moved-away" >>"$scratch/host/index"
    refuses 66 build "$scratch/host" "$scratch/new" && starter build --users 3 "$scratch/host" "$words"
}
others_words_are_shared() {
    share || return
    explain "$scratch/spam"
    spam=$(points STARTER)
    explain "$scratch/ham"
    is_below "$(points STARTER)" "$spam"
}
check "users of a host share what several of them have" others_words_are_shared

word_of_one_is_not() {
    printf 'From: a@other.example\nSubject: s\nMessage-ID: <3@other.example>\n\nswordfish\n' >"$scratch/one"
    printf 'From: a@other.example\nSubject: s\nMessage-ID: <3@other.example>\n\nunheard\n' >"$scratch/none-known"
    explain "$scratch/one"
    one=$(points STARTER)
    explain "$scratch/none-known"
    same "$one" "$(points STARTER)" && refuses 64 build --users 1 "$scratch/host" "$scratch/new" &&
        refuses 64 build --users 9 "$scratch/host" "$scratch/new" && [ ! -e "$scratch/new" ]
}
check "and nothing that one user alone has, however often" word_of_one_is_not

shipped_is_sound() {
    starter show "$TAMIS_SOURCE/data/starter.words" &&
        same "$(sed -n 's/^made from //p' "$scratch/out")" "4150 ham, 1896 spam"
}
check "what is shipped is sound" shipped_is_sound

refuses_nonsense() {
    refuses 64 build "$scratch/labelled" && refuses 64 mend && refuses 66 build "$scratch/nowhere" "$scratch/new" &&
        refuses 66 show "$scratch/nowhere" && [ ! -e "$scratch/new" ]
}
check "nonsense is refused" refuses_nonsense
