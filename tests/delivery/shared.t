#!/bin/sh
# shared.t - users of a host share what they call spam: three spare the fourth, one alone decides nothing, and neither
# hostile users nor a folder that is gone, full, slow or damaged cost anybody mail
#
# As root the users are users of the system; else all are virtual ones of whoever runs the test.
. "$(dirname "$0")/lib.sh"
plan 38

folder=$scratch/shared
as_root() { [ "$(id -u)" = 0 ]; }
chmod 755 "$scratch"
cp "$TAMIS" "$scratch/tamis-built" && cp -R "$TAMIS_SOURCE/data/rules" "$scratch/rules" || exit 99
chmod -R a+rX "$scratch/tamis-built" "$scratch/rules"
TAMIS=$scratch/tamis-built
TAMIS_RULES_DIR=$scratch/rules
export TAMIS_RULES_DIR
mkdir -m 755 "$scratch/homes"

# user N ARGUMENT...: tamis, run by that user.
user() {
    number_of_user=$1
    shift
    where=$scratch/homes/$number_of_user
    if [ ! -d "$where" ]; then
        mkdir -p "$where/.config/tamis"
        printf '%s\n' 'log = stderr' "shared_dir = $folder" 'starter = no' 'trap_addresses = trap@example.org' \
            >"$where/.config/tamis/tamis.conf"
        ! as_root || chown -R $((40000 + number_of_user)) "$where"
    fi
    set -- env HOME="$where" XDG_CONFIG_HOME="$where/.config" XDG_STATE_HOME="$where/.local/state" "$TAMIS" "$@"
    if as_root; then
        set -- setpriv --reuid=$((40000 + number_of_user)) --regid=$((40000 + number_of_user)) --clear-groups "$@"
    fi
    "$@" 2>>"$scratch/stderr"
}
admin() {
    env HOME="$home" XDG_CONFIG_HOME="$home/.config" "$TAMIS" "$@" --set log=stderr --set "shared_dir=$folder" \
        --set "shared_owner=$owner" 2>>"$scratch/stderr"
}
owner=$(id -un)
! as_root || owner=
collate() { admin shared collate --quiet; }

letter=0
# wave KIND [TO]: a copy of its own of the text of that kind, into $scratch/letter.  Name, number, link and some words
# are other ones each time.
wave() {
    letter=$((letter + 1))
    word=$(printf '%s' "$letter" | tr 0123456789 qwertyuiop)
    {
        printf 'Received: from mail.example.net (unknown [203.0.%s.7])\n\tby mx.example.org with ESMTP id 1A; %s\n' \
            $((letter % 250)) "$(date -R)"
        printf 'From: Ann <ann%s@site%s.example>\nTo: %s\nSubject: number %s\n' "$letter" "$letter" \
            "${2:-joe@example.org}" "$letter"
        printf 'Date: %s\nMessage-ID: <%s@site%s.example>\n\nDear %s Smith,\n\n' "$(date -R)" "$letter" "$letter" \
            "$word"
        cat "$scratch/text.$1"
        printf '\nhttp://www.site%s.example/?id=%s\n\n%s garden %s window %s paper %s\n' "$letter" "$letter" "$word" \
            "x$word" "y$word" "z$word"
    } >"$scratch/letter"
    chmod 644 "$scratch/letter"
}
cat >"$scratch/text.lottery" <<'END'
We have the pleasure to tell you that your name was drawn in our great lottery of the season, and that the prize waits
for you in our office.  Please send us your full name and your telephone so that we can pay out the whole sum before
the end of the month, and do not tell anybody about this letter until you have your money.
END
cat >"$scratch/text.paper" <<'END'
The paper of the week is out: what the town decided about the bridge, why the market moves to the other side of the
river for the summer, who won the chess game at the school, and where the next reading takes place.  You get this
because you asked for it on our pages, and you can end it there whenever you like.
END
cat >"$scratch/text.hostile" <<'END'
Dear members of the board, the minutes of our meeting are below, as every month.  We spoke about the roof, the new
kitchen and the money that is left for the party, and we found that there is enough of it for a band that plays until
midnight.  Please tell the secretary before Friday whether you can help with the tables.
END

cat >"$scratch/text.museum" <<'END'
The museum of old machines shows what was built here a hundred years ago.  A guide explains how water drove the wheels,
children may turn the handles themselves, and behind the hall there is bread from the mill.  On Sundays in winter the
house is closed, and whoever comes with a class should say so some days before.
END
cat >"$scratch/text.chess" <<'END'
Our club opens its doors again for all who like to play chess in the evening.  Bring a board if you have one, and a
friend if you have two.  The first games begin as soon as somebody has made tea, the last ones end when the caretaker
wants to go home, and beginners get a patient partner who shows them how the pieces move.
END

calls() { # calls N spam|ham KIND: user N gets a copy and says what it is
    wave "$3"
    user "$1" learn --quiet "--$2" "$scratch/letter"
}
reasons() { # reasons N KIND: what others say of a copy that user N gets
    wave "$2"
    user "$1" explain --json "$scratch/letter" >"$scratch/explained"
    grep -o '"name":"SHARED_[A-Z_]*","points":[-0-9.]*' "$scratch/explained" | sed 's/"name":"//; s/","points":/=/' |
        sort | tr '\n' ' '
}
says() { same "$(reasons "$1" "$2")" "$3"; }
mail_goes_on() {
    : >"$scratch/stderr"
    wave lottery
    user 9 filter <"$scratch/letter" >"$scratch/output" || complain "exit status $?" || return
    same_but_for_our_fields "$scratch/output" "$scratch/letter"
}
logged() { grep -q -- "$1" "$scratch/stderr" || complain "no \"$1\" in: $(cat "$scratch/stderr")"; }

new_home
if as_root; then chmod 755 "$home"; fi

# --- off until it is configured ------------------------------------------------------------------------------------

unconfigured() {
    same "$("$TAMIS" shared --set shared_dir=)" 'shared_dir is not set: nothing is shared' &&
        "$TAMIS" shared collate --quiet --set shared_dir= || return
    "$TAMIS" shared setup --set shared_dir= >/dev/null
    same $? 78
}
check "without a folder nothing is shared" unconfigured

not_set_up() {
    mail_goes_on && logged 'cannot open the shared folder' && calls 1 spam lottery && [ ! -e "$folder" ]
}
check "a folder that nobody has made is made by nobody, and mail goes on" not_set_up

# --- together --------------------------------------------------------------------------------------------------------

set_up() {
    (umask 077 && admin shared setup --quiet) || return
    modes=$(stat -c %a "$folder" "$folder/key" "$folder/reports" "$folder/table" | tr '\n' ' ')
    same "$modes" '755 644 1733 644 '
}
check "the folder is made for all, whatever the umask is" set_up
check "and may be made again" eval 'cp "$folder/key" "$scratch/key" && set_up && cmp "$folder/key" "$scratch/key"'
occupied() { # occupied COMMAND...: a folder that was there before, on which that was done
    rm -rf "$scratch/occupied" && mkdir -m 755 "$scratch/occupied" && "$@" "$scratch/occupied" || return
    (folder=$scratch/occupied && admin shared setup --quiet)
    same $? 77 && same "$(ls "$scratch/occupied")" ''
}
check "not in a folder that others may write to" eval 'occupied chmod 1777 && occupied chmod 775'
check "nobody has said anything" says 4 lottery ''

calls 1 spam lottery
calls 1 spam lottery
calls 1 spam lottery
collate
check "one user alone is not enough, however often" says 4 lottery ''
calls 2 spam lottery
collate
check "two are not" says 4 lottery ''
calls 3 spam lottery
collate
check "three users spare the fourth, who has taught nothing" says 4 lottery 'SHARED_TEXT=3.00 '
check "who sees how many said so" grep -q '3 users here called the same text spam' "$scratch/explained"
check "another text is not meant" says 4 paper ''
is_told() {
    wave lottery
    user 4 filter <"$scratch/letter" >"$scratch/output" && grep -q 'SHARED_TEXT=3.00' "$scratch/output" &&
        same_but_for_our_fields "$scratch/output" "$scratch/letter"
}
check "a delivery says so in the header" is_told
figures() {
    admin shared >"$scratch/output" && grep -q 'of 5 reports of 3 users' "$scratch/output" ||
        complain "$(cat "$scratch/output")"
}
check "the figures are shown" figures
more_say_so() {
    for n in 5 6 7 8; do calls $n spam lottery; done
    collate && says 4 lottery 'SHARED_TEXT=6.00 '
}
check "more users give more points, up to twice as many" more_say_so

taken_back() {
    for n in 11 12 13; do
        wave paper
        cp -p "$scratch/letter" "$scratch/letter.$n"
        user $n learn --quiet --spam "$scratch/letter.$n"
    done
    collate && says 4 paper 'SHARED_TEXT=3.00 ' || return
    user 13 learn --quiet --forget "$scratch/letter.13" && collate && says 4 paper '' || return
    user 12 db forget --quiet --dry-run --since 2020-01-01 "$scratch/letter.12" >/dev/null &&
        user 13 learn --quiet --spam "$scratch/letter.13" && collate && says 4 paper 'SHARED_TEXT=3.00 ' || return
    user 13 db forget --quiet --since 2020-01-01 "$scratch/letter.13" && collate && says 4 paper ''
}
check "what is taken back does not count" taken_back
# The first of more messages than a file of reports has places for.
among_many() {
    {
        echo 'From ann@example.org Sun Nov 22 10:00:00 2026'
        cat "$scratch/letter.13"
        for n in $(seq 600); do
            printf '\nFrom ann@example.org Sun Nov 22 10:00:00 2026\nMessage-ID: <%s@example.org>\n\nnumber %s\n' $n $n
        done
    } >"$scratch/many"
    chmod 644 "$scratch/many"
    user 13 learn --quiet --ham "$scratch/many" || return
    user 13 learn --quiet --spam "$scratch/letter.13" && collate && says 4 paper 'SHARED_TEXT=3.00 ' || return
    user 13 learn --quiet --forget "$scratch/many" && collate && says 4 paper ''
}
check "nor one that was taken back before hundreds of others" among_many
ham_counts() {
    user 13 learn --quiet --spam "$scratch/letter.13" && collate && says 4 paper 'SHARED_TEXT=3.00 ' || return
    calls 14 ham paper && collate && says 4 paper ''
}
check "a user who calls it ham is heard" ham_counts

left_alone() {
    for n in 51 52 53; do calls $n spam chess; done
    collate && says 4 chess 'SHARED_TEXT=3.00 ' || return
    wave chess
    user 54 config show >/dev/null
    mkdir -p "$scratch/homes/54/Maildir/cur" "$scratch/homes/54/Maildir/new" "$scratch/homes/54/Maildir/tmp"
    cp "$scratch/letter" "$scratch/homes/54/Maildir/cur/1.a:2,S"
    ! as_root || chown -R 40054 "$scratch/homes/54/Maildir"
    user 54 learn --quiet --maildir "$scratch/homes/54/Maildir" && collate && says 4 chess ''
}
check "so is one who has read it and left it where it was" left_alone

trapped() {
    for n in 21 22; do
        wave hostile trap@example.org
        user $n deliver <"$scratch/letter" || return
    done
    collate && says 4 hostile '' && calls 25 spam hostile && collate && says 4 hostile 'SHARED_TEXT=5.00 '
}
check "what came to traps is reported, weighs twice, and makes nobody two users" trapped
forget_traps() {
    calls 23 ham hostile && calls 24 ham hostile && collate && says 4 hostile ''
}
check "and is outvoted like all else" forget_traps

moved() {
    calls 61 spam museum && calls 62 spam museum && collate && says 4 museum '' || return
    box=$scratch/homes/63/Maildir
    user 63 relearn --quiet 2>/dev/null
    wave museum
    user 63 deliver <"$scratch/letter" && user 63 relearn --quiet || return
    mkdir -p "$box/.Junk/cur" "$box/.Junk/new" "$box/.Junk/tmp" && mv "$box"/new/* "$box/.Junk/cur/moved:2,S" || return
    ! as_root || chown -R 40063 "$box/.Junk"
    collate && says 4 museum '' && user 63 relearn --quiet && collate && says 4 museum 'SHARED_TEXT=3.00 '
}
check "what is moved into Junk is reported when it is learned" moved

reports() { admin shared collate | sed -n 's/.* of \([0-9]*\) reports.*/\1/p'; }
opted_out() {
    wave lottery
    user 15 learn --quiet --spam "$scratch/letter" --set shared_dir= || return
    before=$(reports)
    user 15 explain "$scratch/letter" --set shared_dir= >"$scratch/output"
    ! grep -q SHARED_ "$scratch/output" && calls 15 spam lottery && same "$(reports)" $((before + 1))
}
check "who does not take part neither reports nor asks" opted_out

nothing_readable() {
    ! grep -aqiE 'lottery|pleasure|example|Smith' "$folder/table" "$folder"/reports/* || complain "text in the folder"
}
check "no text and no address is in the folder" nothing_readable

# --- hostile users ---------------------------------------------------------------------------------------------------

only_as_root() { # NAME COMMAND...
    if as_root && setpriv --reuid=40001 --clear-groups true 2>/dev/null; then
        check "$@"
    else
        skip "$1" "needs to be root"
    fi
}
as_user() { # as_user N COMMAND...
    number_of_user=$1
    shift
    setpriv --reuid=$((40000 + number_of_user)) --regid=$((40000 + number_of_user)) --clear-groups "$@"
}
cannot_look() {
    ! as_user 30 ls "$folder/reports" 2>/dev/null && ! as_user 30 cat "$folder"/reports/* >/dev/null 2>&1 &&
        ! as_user 30 rm -f "$folder/table" 2>/dev/null && ! as_user 30 sh -c "echo >>'$folder/key'" 2>/dev/null
    one=$(find "$folder/reports" -user 40001)
    ! as_user 30 rm -f "$one" 2>/dev/null && [ -s "$one" ] && ! as_user 30 sh -c "echo >'$one'" 2>/dev/null
}
only_as_root "a folder that a user has made is not taken for the host's" occupied chown 40030
only_as_root "a user can neither list nor read, change or remove what others reported" cannot_look
many_files() {
    for name in a b c d e f; do
        wave hostile
        user 31 learn --quiet --spam "$scratch/letter" --state-dir "$scratch/homes/31/state-$name" || return
    done
    same "$(find "$folder/reports" -user 40031 | wc -l)" 6 && collate && says 4 hostile ''
}
only_as_root "nor be several by having several files" many_files
obstacles() {
    one=$(find "$folder/reports" -user 40001)
    zeros=0000000000000000000000000000000
    as_user 32 sh -c "cd '$folder/reports' && mkfifo ${zeros}1 && mkdir ${zeros}2 && ln -s '$one' ${zeros}3 &&
        head -c 200000 /dev/urandom >${zeros}4 && head -c 131072 /dev/urandom >${zeros}5 &&
        touch -d 2099-01-01 ${zeros}5"
    : >"$scratch/stderr"
    timeout 20 env HOME="$home" "$TAMIS" shared collate --quiet --set log=stderr --set "shared_dir=$folder" &&
        says 4 lottery 'SHARED_TEXT=6.00 '
}
only_as_root "FIFOs, links, garbage and files that are too large are passed over" obstacles

# --- the folder in other states --------------------------------------------------------------------------------------

# The next one stands for whatever else may be in the way of a report: the lesson stands, and one line a day says so.
in_the_way() { # in_the_way COMMAND...: before and after
    "$1"
    : >"$scratch/stderr"
    calls 41 spam paper && calls 41 spam paper
    learned=$?
    "$2"
    same $learned 0 && same "$(grep -c 'nothing is shared with other users' "$scratch/stderr")" 1 &&
        rm -rf "$scratch/homes/41"
}
hide() { mv "$folder/reports" "$folder/hidden"; }
unhide() { rm -rf "$folder/reports" && mv "$folder/hidden" "$folder/reports"; }
put_file() { hide && : >"$folder/reports"; }
put_fifo() { hide && mkfifo "$folder/reports"; }
lock_up() { chmod 0700 "$folder/reports"; }
unlock() { chmod 1733 "$folder/reports"; }
check "a folder of reports that is gone costs a line in the log" in_the_way hide unhide
check "so does a file in its place, and a FIFO" eval 'in_the_way put_file unhide && in_the_way put_fifo unhide'
only_as_root "and one that may not be written to" in_the_way lock_up unlock

damaged_key() {
    printf x | dd of="$folder/key" bs=1 seek=9 conv=notrunc 2>/dev/null
    mail_goes_on && logged 'the key of the shared folder is damaged' && calls 42 spam paper
    status=$?
    cp "$scratch/key" "$folder/key"
    same $status 0
}
check "a damaged key is neither believed nor made anew" damaged_key

slowly() { # slowly FILE COMMAND...: opening that file takes longer than anybody waits
    (
        export TAMIS_SLOW="$1" LD_PRELOAD="$scratch/slow-files.so"
        shift
        "$@"
    )
}
# slow_ask FILE: what mail meets when that file hangs
slow_ask() {
    slowly "$1" mail_goes_on && logged 'what users of this host share could not be asked' &&
        ! grep -q Unchecked "$scratch/output" && grep -q '^X-Spam-Status: ' "$scratch/output"
}
# slow_lesson FILE: and what a lesson does
slow_lesson() {
    : >"$scratch/stderr"
    rm -rf "$scratch/homes/43"
    slowly "$1" calls 43 spam paper && logged 'nothing is shared with other users: .*no answer' &&
        user 43 learn --spam "$scratch/letter" | grep -q '1 already known'
}
slow_administrator() {
    for verb in show collate setup; do
        : >"$scratch/stderr"
        slowly key admin shared $verb >"$scratch/shown"
        same $? 75 && same "$(cat "$scratch/shown")" '' && logged 'the shared folder .* does not answer' || return
    done
    slowly key user 43 doctor >"$scratch/shown"
    grep -q 'the shared folder .* does not answer' "$scratch/shown"
}
# Of a folder that answered before, and of which the key can still be read.
slow_table() {
    : >"$scratch/stderr"
    slowly table admin shared show >"$scratch/shown"
    same $? 75 && same "$(cat "$scratch/shown")" '' && logged 'the shared folder .* does not answer' || return
    slowly table user 43 doctor >"$scratch/shown"
    grep -q 'the shared folder .* does not answer' "$scratch/shown"
}
library=${TAMIS_BUILD:-$(dirname "$TAMIS")}/tests/delivery/slow-files.so
if [ -e "$library" ] && ! grep -aq __asan_init "$TAMIS"; then
    cp "$library" "$scratch/slow-files.so" && chmod 755 "$scratch/slow-files.so"
    check "a key or table that does not answer: mail goes on, judged without" eval 'slow_ask key && slow_ask table'
    check "nor does a lesson wait for key and report" eval 'slow_lesson key && slow_lesson reports'
    check "nor does who looks after the folder, or asks the doctor: they say so" slow_administrator
    check "nor when it stops answering before the table is read" slow_table
else
    skip "a key or table that does not answer: mail goes on, judged without" "nothing can be preloaded here"
    skip "nor does a lesson wait for key and report" "nothing can be preloaded here"
    skip "nor does who looks after the folder, or asks the doctor: they say so" "nothing can be preloaded here"
    skip "nor when it stops answering before the table is read" "nothing can be preloaded here"
fi

cp "$folder/table" "$scratch/table"
lying() { # lying COMMAND LINE: what mail meets
    eval "$1"
    rm -rf "$scratch/homes/9"
    mail_goes_on && grep -q SHARED_NOT_TOLD "$scratch/output" && logged "$2"
    status=$?
    rm -rf "$folder/table"
    cp "$scratch/table" "$folder/table"
    chmod 644 "$folder/table"
    same $status 0
}
tables() {
    lying 'rm "$folder/table"' 'cannot open the shared file' &&
        lying ': >"$folder/table"' 'the shared table is damaged' &&
        lying 'head -c 500 /dev/urandom >"$folder/table"' 'the shared table is damaged' &&
        lying 'rm "$folder/table" && mkfifo -m 644 "$folder/table"' 'no regular file' &&
        lying 'rm "$folder/table" && mkdir -m 755 "$folder/table"' 'no regular file' &&
        lying 'rm "$folder/table" && ln -s /dev/zero "$folder/table"' 'cannot open the shared file'
}
check "a table that is gone, cut off, garbage, a FIFO, a folder or a link: mail goes on, and cannot be told" tables
one_bit() {
    size=$(stat -c %s "$folder/table")
    bytes=64
    while [ $bytes -lt "$size" ]; do
        printf '\377' | dd of="$folder/table" bs=1 seek=$bytes conv=notrunc 2>/dev/null
        bytes=$((bytes + 256))
    done
    lying : . || return
    says 4 lottery 'SHARED_TEXT=6.00 '
}
check "a table that is damaged in every bucket is not believed in any" one_bit
check "a night mends it" eval 'rm -f "$folder/table" && collate && says 4 lottery "SHARED_TEXT=6.00 "'
