#!/bin/sh
# expire.t - `tamis expire`: what was in Junk too long goes, learned from, and nothing else does
. "$(dirname "$0")/lib.sh"
need perl
plan 32

use_program sound
state=$home/.local/state/tamis
junk=$maildir/.Junk
day=86400
now=$(date +%s)

expire() {
    "$program" expire "$@" >"$scratch/output" 2>"$scratch/stderr"
}

# in_junk PLACE NAME DAYS: a message that has been in Junk for DAYS days, by the record.
in_junk() {
    mkdir -p "$junk/new" "$junk/cur" "$junk/tmp" "$state"
    write_spam "$2" >"$junk/$1"
    touch -d "@$((now - $3 * day))" "$junk/$1"
    [ -s "$state/junk-seen" ] || echo "tamis-names 2 $((now - day))" >"$state/junk-seen"
    echo "$((now - $3 * day)) - $2" >>"$state/junk-seen"
    seal "$state/junk-seen"
}

write_spam() {
    cat <<END
Received: from mail.example.net (mail.example.net [192.0.2.1])
	by mx.example.org with ESMTP id 1A2B3C; Tue, 4 Jun 2024 10:00:00 +0200
From: Best Offers <offers-$1@example.net>
To: joe@example.org
Subject: cheap watches number $1
Date: Tue, 4 Jun 2024 09:59:58 +0200
Message-ID: <$1@example.net>

Cheap watches, order now, number $1. Best price guaranteed.
END
}

# The files left in Junk, one after another.
left() {
    (cd "$junk" && find new cur -type f | sort | tr '\n' ' ')
}

lessons() {
    "$program" db dump 2>/dev/null | sed -n 's/^lessons 0 //p' | grep . || echo 0
}

fill() {
    new_home "required = -100" "$@"
    new_maildir
    in_junk cur/old-seen:2,S old-seen 12
    in_junk new/old-unseen old-unseen 12
    in_junk cur/young:2,S young 9
    in_junk cur/flagged:2,FS flagged 40
}

fill
expire --dry-run
check "a dry run says what would go" \
    grep -q "12 days in Junk, would be deleted: $junk/cur/old-seen:2,S" "$scratch/output"
check "and deletes nothing" same "$(left)" "cur/flagged:2,FS cur/old-seen:2,S cur/young:2,S new/old-unseen "
expire
check "what was there too long is gone, what is flagged or young stays" \
    same "$? $(left)" "0 cur/flagged:2,FS cur/young:2,S "
check "what was seen is learned, what was not is not" same "$(lessons)" 1
expire
check "a second run finds nothing to do" same "$? $(left) $(lessons)" "0 cur/flagged:2,FS cur/young:2,S  1"

fill "expire_learns = no"
expire
check "expire_learns = no learns nothing" same "$? $(lessons)" "0 0"

fill "junk_days = 0"
expire
check "junk_days = 0 keeps everything" same "$(left)" "cur/flagged:2,FS cur/old-seen:2,S cur/young:2,S new/old-unseen "

# What the learners would not call spam is no confirmation of anything.
fill
settings "required = 50"
expire
check "what is no spam by now goes unlearned" same "$(left) $(lessons)" "cur/flagged:2,FS cur/young:2,S  0"

moved_today_stays() {
    new_home
    new_maildir
    mkdir -p "$junk/new" "$junk/cur"
    write_spam 1 >"$junk/cur/1000000000.M1P1.host:2,S"
    touch -d '2001-01-01' "$junk/cur/1000000000.M1P1.host:2,S"
    expire && same "$(left)" "cur/1000000000.M1P1.host:2,S "
}
check "an old message that was moved into Junk today stays" moved_today_stays

flags_do_not_rejuvenate() {
    fill
    mv "$junk/cur/old-seen:2,S" "$junk/cur/old-seen,S=400:2,RS"
    expire && same "$(left)" "cur/flagged:2,FS cur/young:2,S "
}
check "a change of flags does not make a message younger" flags_do_not_rejuvenate

limit() {
    new_home 'expire_most = 2' "expire_learns = no"
    new_maildir
    for days in 11 14 13 12 15; do in_junk "cur/d$days:2," "d$days" $days; done
    expire
    same "$(left)" "cur/d11:2, cur/d12:2, cur/d13:2, " && grep -q '3 more messages' "$scratch/stderr"
}
check "one run deletes the oldest, and no more than expire_most" limit
forced() {
    expire --force && same "$(left)" ""
}
check "--force deletes all that is due" forced

not_junk_stays() {
    for marks in a ab; do
        fill
        printf '0 NonJunk\n1 $Junk\n' >"$junk/dovecot-keywords"
        mv "$junk/cur/old-seen:2,S" "$junk/cur/old-seen:2,S$marks"
        in_junk cur/junk:2,Sb junk 12
        expire && same "$(left)" "cur/flagged:2,FS cur/old-seen:2,S$marks cur/young:2,S " || return
    done
}
check "what the user marked as no junk stays, marked as junk as well or not" not_junk_stays

# A folder in its place is what root cannot read either.
keywords_unread() {
    fill
    mkdir "$junk/dovecot-keywords"
    mv "$junk/cur/old-seen:2,S" "$junk/cur/old-seen:2,Sa"
    in_junk cur/unmarked,S=400:2,S unmarked 12
    expire && same "$(left)" "cur/flagged:2,FS cur/old-seen:2,Sa cur/young:2,S " &&
        same "$(grep -c 'dovecot-keywords' "$scratch/stderr")" 1 || return
    rmdir "$junk/dovecot-keywords"
    expire && same "$(left)" "cur/flagged:2,FS cur/young:2,S " &&
        same "$(grep -c 'dovecot-keywords' "$scratch/stderr")" 0
}
check "while keywords cannot be read, what has any stays" keywords_unread

quota() {
    fill "expire_learns = no"
    printf '1000000S\n5000 9\n' >"$maildir/maildirsize"
    size=$(($(wc -c <"$junk/cur/old-seen:2,S") + $(wc -c <"$junk/new/old-unseen")))
    expire && same "$(tail -1 "$maildir/maildirsize" | tr -s ' ')" " -$size -2"
}
check "the quota file is kept right" quota

# The finding that gave records their sum: one bit of the first digit, and mail of today is 32 years old.
flipped_bit() {
    fill
    in_junk cur/today:2,S today 0
    sed -i 's/^1\([0-9]* - today\)/0\1/' "$state/junk-seen"
    for run in first second; do
        expire || complain "exit status $?" || return
        same "$(left)" "cur/flagged:2,FS cur/old-seen:2,S cur/today:2,S cur/young:2,S new/old-unseen " || return
        [ $run = second ] || same "$(grep -c 'junk-seen is damaged' "$scratch/stderr")" 1 || return
    done
    same "$(grep -c 'junk-seen is damaged' "$scratch/stderr")" 0
}
check "a record with one bit flipped is begun anew: days count from now" flipped_bit

# --- clocks -----------------------------------------------------------------------------------------------------------

# nights NAME DAYS WANT: a message comes today, with no record yet (its own, or an old one that was moved); expire runs
# when the clock stands so many days from now each time; so many messages are left after each, for both kinds.
nights() {
    for kind in delivered moved; do
        new_home "expire_learns = no"
        new_maildir
        mkdir -p "$junk/new" "$junk/cur"
        name=1000000000.M1P1.host
        [ $kind = moved ] || name=$now.M1P1.host
        write_spam 1 >"$junk/cur/$name:2,S"
        [ $kind = delivered ] || touch -d 2001-09-09 "$junk/cur/$name:2,S"
        got=
        for days in $2; do
            at "$days" expire || complain "$1: exit status $?" || return
            same "$(grep -c 'nothing is deleted\|expired' "$scratch/stderr")" 1 || return
            got="$got $(count_in .Junk)"
        done
        same "$1, $kind:$got" "$1, $kind: $3" || return
    done
}
wrong_clocks() {
    start=$((-now / day))
    century=$((-start * 2))
    nights "no clock is wrong" "0 1 8 9 11 12" "1 1 1 1 0 0" &&
        nights "1970 at first" "$start 1 2 9 11" "1 1 1 1 0" &&
        nights "1970 between" "0 1 $start 2 9 11" "1 1 1 1 1 0" &&
        nights "2082 at first" "$century 1 2 9 11 13" "1 1 1 1 1 0" &&
        nights "2082 between" "0 1 $century 2 9 11" "1 1 1 1 1 0" &&
        nights "20 days ahead at first" "20 1 2 9 11 13" "1 1 1 1 1 0" &&
        nights "20 days ahead between" "0 1 20 2 9 11" "1 1 1 1 1 0" &&
        nights "20 days behind at first" "-20 1 2 9 12" "1 1 1 1 0" &&
        nights "20 days behind between" "0 1 -20 2 9 11" "1 1 1 1 1 0" &&
        nights "off for months" "0 1 100 101 108 110" "1 1 1 1 1 0" &&
        nights "2082 from then on" "0 1 $century $((century + 1)) $((century + 8)) $((century + 10))" "1 1 1 1 1 0" &&
        nights "2082 from the first run on" "$century $((century + 1)) $((century + 8)) $((century + 11))" "1 1 1 0" &&
        nights "20 days ahead from the first run on" "20 21 22 29 31" "1 1 1 1 0" &&
        nights "2082, and right again" "0 1 $century $((century + 1)) 4 5 12 16" "1 1 1 1 1 1 1 0"
}
if can_set_clock; then
    check "a clock that is wrong for a night deletes nothing that is fresh, and expiry goes on" wrong_clocks
    same_night() {
        nights "twice in a night" "0 1 100 100 101 108 110" "1 1 1 1 1 1 0" || return
        fill
        at 100 expire --dry-run && grep -q '^0 messages would be deleted' "$scratch/output" &&
            grep -q 'nothing is deleted' "$scratch/stderr" && at 100 expire --force &&
            same "$(left)" "cur/flagged:2,FS cur/old-seen:2,S cur/young:2,S new/old-unseen "
    }
    check "a second run of the night, --dry-run and --force believe it no more" same_night
else
    skip "a clock that is wrong for a night deletes nothing that is fresh" "nothing can be preloaded here"
    skip "a second run of the night believes it no more" "nothing can be preloaded here"
fi

unusable_record() {
    fill
    rm "$state/junk-seen"
    mkdir "$state/junk-seen"
    expire
    [ $? != 0 ] && same "$(left)" "cur/flagged:2,FS cur/old-seen:2,S cur/young:2,S new/old-unseen "
}
check "a record that cannot be read is told, and nothing is deleted" unusable_record

killed() {
    fill
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do in_junk "cur/k$i:2,S" "k$i" 12; done
    for delay in 0.005 0.01 0.02 0.03 0.04 0.06; do
        "$program" expire 2>/dev/null &
        victim=$!
        sleep "$delay"
        kill -KILL "$victim" 2>/dev/null
        wait "$victim" 2>/dev/null
    done
    expire && same "$(left) $(lessons)" "cur/flagged:2,FS cur/young:2,S  13"
}
check "killed in the middle and run again: each learned once, all gone" killed

broken_database() {
    fill
    echo "this is no database" >"$state/lock"
    mkdir "$state/journal"
    expire
    status=$?
    [ $status != 0 ] && same "$(left)" "cur/flagged:2,FS cur/young:2,S "
}
check "a database that cannot be used is told, and Junk is emptied all the same" broken_database

# The commands of a unit or a crontab, one a line, with the program and the mailboxes of this test.
commands_of() {
    sed -n "s/^ExecStart=-*//p; s/^[0-9* ]* sleep [^;]*;//p" "$1" |
        sed "s|@bindir@/||g; s|\btamis |$program |g; s|[$]{TAMIS_MAILBOXES}|$scratch/*/Maildir|g"
}
run_example() { # FILE COMMANDS
    fill "digest = daily"
    in_junk new/today today 0
    commands_of "$TAMIS_SOURCE/$1" >"$scratch/commands"
    same "$(grep -o 'relearn\|digest\|expire' "$scratch/commands" | tr '\n' ' ')" "relearn digest expire " || return
    chown_home
    sh -ef "$scratch/commands" >"$scratch/output" 2>"$scratch/stderr" || complain "exit status $?" || return
    same "$(left) $(count_in "")" "cur/flagged:2,FS cur/young:2,S new/today  1"
}
chown_home() { :; }
check "the commands of the user's unit do it" run_example data/system/tamis-nightly.service.in
check "the commands of the cron example do it" run_example examples/cron/tamis
# cron itself looks in /usr/bin and /bin only; `make install` puts the program into /usr/local/bin.
is_found_by_cron() {
    for crontab in examples/cron/tamis README; do
        sed -n 's/^ *PATH=//p' "$TAMIS_SOURCE/$crontab" | grep -q '^/usr/local/bin:' || complain "$crontab" || return
    done
}
check "crontabs name where the program is installed" is_found_by_cron

no_folder() {
    new_home
    new_maildir
    expire && same "$(ls -A "$maildir" | tr '\n' ' ')" "cur new tmp "
}
check "without a Junk folder there is nothing to do, and none is made" no_folder
no_maildir() {
    new_home
    expire
    same $? 66
}
check "without a Maildir the exit status says so" no_maildir

# --- as root, for many -------------------------------------------------------------------------------------------

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    deliver_as nobody
    use_program sound
    others_mail() {
        fill
        hand_over
        expire
        same "$?" 77 && grep -q -e '--all-users' "$scratch/stderr" \
            && same "$(left)" "cur/flagged:2,FS cur/old-seen:2,S cur/young:2,S new/old-unseen "
    }
    check "root does not touch other people's mail" others_mail
    all_users() {
        expire --all-users "$scratch/*/Maildir" --set log=stderr
        same "$? $(left)" "0 cur/flagged:2,FS cur/young:2,S " || return
        same "$(find "$home" ! -user nobody | tr '\n' ' ')" ""
    }
    check "--all-users does it with the rights of the owner" all_users
    listed() {
        fill
        hand_over
        printf 'joe@example.org\t%s\n/nonexistent/Maildir\n' "$maildir" | expire --all-users - --set log=stderr
        same "$? $(left)" "66 cur/flagged:2,FS cur/young:2,S "
    }
    check "a list is taken from standard input, and one that fails does not stop the others" listed
    chown_home() { hand_over; }
    check "the commands of the unit for all do it" run_example data/system/tamis-nightly-all.service.in
    # The script that cron starts, with a folder of defaults of our own.
    nightly() { # SWITCH
        mkdir -p "$scratch/etc/default"
        sed "s|@sysconfdir@|$scratch/etc|; s|@bindir@|$scratch/bin|" "$TAMIS_SOURCE/data/system/nightly.in" \
            >"$scratch/nightly"
        printf '%s\n' "TAMIS_CRON=$1 TAMIS_DELAY_SECONDS=0 TAMIS_MAILBOXES='$scratch/*/Maildir'" \
            >"$scratch/etc/default/tamis"
        fill "digest = daily"
        in_junk new/today today 0
        chown_home
        sh "$scratch/nightly" >"$scratch/output" 2>"$scratch/stderr" || complain "exit status $?"
    }
    nightly_on() { nightly yes && same "$(left) $(count_in "")" "cur/flagged:2,FS cur/young:2,S new/today  1"; }
    nightly_off() { nightly no && same "$(count_in "")" 0 && test -e "$maildir/.Junk/new/old-unseen"; }
    check "cron does it for all when it is switched on" nightly_on
    check "cron does nothing before" nightly_off
else
    skip "the commands of the unit for all do it" "needs root"
    skip "cron does it for all when it is switched on" "needs root"
    skip "cron does nothing before" "needs root"
    skip "root does not touch other people's mail" "needs root"
    skip "--all-users does it with the rights of the owner" "needs root"
    skip "a list is taken from standard input" "needs root"
fi
