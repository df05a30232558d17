#!/bin/sh
# doctor.t - `tamis doctor`: everything that ends learning is a problem with a remedy, and nothing else is
. "$(dirname "$0")/lib.sh"
need perl
plan 40

use_program sound
state=$home/.local/state/tamis
junk=$maildir/.Junk

doctor() {
    "$program" doctor "$@" >"$scratch/output" 2>"$scratch/stderr"
}

# A mailbox in which everything is as it should be.
healthy() {
    new_home "$@"
    new_maildir
    mkdir -p "$junk/new" "$junk/cur" "$maildir/.Trash/new" "$maildir/.Trash/cur"
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        write_plain "$scratch/plain"
        sed "s/^Message-ID: .*/Message-ID: <$i@example.net>/; s/noon/$i o'clock/" "$scratch/plain" >"$scratch/ham.$i"
        sed "s/^Message-ID: .*/Message-ID: <s$i@example.net>/; s/noon/$i watches cheap/" "$scratch/plain" \
            >"$scratch/spam.$i"
    done
    chmod 644 "$scratch"/ham.* "$scratch"/spam.*
    [ -z "$mail_user" ] || hand_over
    {
        as_mail_user "$program" learn --quiet --ham "$scratch"/ham.*
        as_mail_user "$program" learn --quiet --spam "$scratch"/spam.*
        as_mail_user "$program" relearn --quiet
        as_mail_user "$program" expire
    } 2>>"$scratch/stderr"
}

# finds SUBJECT PATTERN: a problem that has a remedy, and exit status 1.
finds() {
    doctor
    same $? 1 && grep -A1 "^problem  $1 .*$2" "$scratch/output" | grep -q 'to do: ' ||
        { sed 's/^/# /' "$scratch/output"; return 1; }
}

healthy
doctor
check "a healthy mailbox gets exit status 0" same $? 0
check "and no problem" same "$(grep -c '^problem' "$scratch/output")" 0
check "it says how much was learned, and when" \
    grep -q '12 messages learned as ham, the last 0 minutes ago' "$scratch/output"
doctor --json
check "--json is one object" perl -MJSON::PP -e \
    'my $d = decode_json(join "", <>); exit !($d->{fine} && @{$d->{findings}} > 5 && $d->{findings}[0]{subject})' \
    "$scratch/output"

doctor --quiet
check "--quiet has nothing to say of it" same "$(cat "$scratch/output")" ""

changes_nothing() {
    before=$(cd "$home" && find . -type f -exec cksum {} + | sort)
    doctor && same "$(cd "$home" && find . -type f -exec cksum {} + | sort)" "$before"
}
check "looking changes nothing" changes_nothing

healthy "requird = 5"
check "a mistake in the settings" finds settings 'tamis.conf:2: requird'
healthy
chmod 755 "$state"
check "a state directory that is open to others" finds state 'open to others'
healthy
chmod 1777 "$maildir" && chmod o+w "$maildir"
check "a Maildir that everybody may write to" finds maildir 'open to others'
healthy
rm -r "$maildir/new"
check "a Maildir that is none" finds maildir 'new: No such file'
rm -r "$maildir"
check "no Maildir" finds maildir 'there is no Maildir'

healthy
rm -r "$state"
check "nothing learned" finds learning 'nothing is learned as spam'
lopsided() {
    healthy
    "$program" learn --quiet --forget "$scratch"/spam.* 2>>"$scratch/stderr"
    finds learning 'nothing is learned as spam'
}
check "one class forgotten" lopsided
damaged() {
    healthy
    for file in "$state"/*; do
        [ ! -f "$file" ] || perl -0777 -pi -e 's/./\xff/gs' "$file"
    done
    doctor
    same $? 1
}
check "a database that is damaged" damaged

# finds_on_the_disk FILE: one bit of it, which nothing but the remedy reads before the machine starts again.
finds_on_the_disk() {
    healthy
    flip_a_bit "$state/$1"
    finds learning "not whole on the disk: .*$1" && grep -q 'to do: tamis db compact' "$scratch/output" &&
        "$program" db compact 2>>"$scratch/stderr" && doctor
}
check "a snapshot that is damaged while the tables are whole" finds_on_the_disk snapshot
check "and such a journal" finds_on_the_disk journal

healthy
rm "$state/last-run.relearn"
check "relearn that never ran" finds relearn 'has never run'
touch -d '121 hours ago' "$state/last-run.relearn" # never a moment less than five days, whichever clock touch reads
check "relearn that stopped" finds relearn 'last ran 5 days ago'
healthy
touch -d '121 hours ago' "$state/last-run.expire"
check "expire that stopped" finds expire 'last ran 5 days ago'
touch -d '+5 days' "$state/last-run.expire"
check "a clock that was wrong" finds expire 'in the future'
healthy
"$program" moved INBOX Junk <"$scratch/ham.1" 2>>"$scratch/stderr"
doctor
check "the hook was seen" grep -q '^ok .*hook .*last reported a move 0 minutes ago; 1 wait' "$scratch/output"
perl -pi -e 's/^1 \d+/"1 " . (time - 3 * 86400)/e' "$state/moved"
check "reported moves that nobody learns from" finds hook '1 reported moves wait, the oldest since 3 days'

mkdir -p "$maildir/.Spam/cur" "$maildir/.Spam/new"
doctor
check "a second folder for spam is noted" \
    grep -q '^note .*folders .*a folder Spam beside junk_folder = Junk' "$scratch/output"

healthy
echo '0 $Junk' >"$junk/dovecot-keywords" && cp "$junk/dovecot-keywords" "$maildir/"
doctor
check "keywords that can be read" grep -q '^ok .*keywords .*keywords in Junk can be read' "$scratch/output"
rm "$junk/dovecot-keywords" && mkdir "$junk/dovecot-keywords" # which root cannot read either
check "and that cannot" finds keywords 'Junk/dovecot-keywords: .* not a regular file'
rmdir "$junk/dovecot-keywords" && ln -s nowhere "$junk/dovecot-keywords"
check "a link to nowhere" finds keywords 'Junk/dovecot-keywords: No such file'
rm "$junk/dovecot-keywords" && echo '$Forwarded' >>"$maildir/dovecot-keywords"
check "a line that is wrong, in any folder" finds keywords 'line 2 of .*/Maildir/dovecot-keywords is not understood'

# Ten messages in the inbox, the newest of which Dovecot's plugin zlib wrote.
packed() {
    for i in 1 2 3 4 5 6 7 8 9; do cp "$scratch/ham.$i" "$maildir/cur/171748800$i.M1P1.host:2,S"; done
    gzip -c <"$scratch/ham.10" >"$maildir/cur/1717488010.M1P1.host:2,S"
    [ -z "$mail_user" ] || hand_over
}
healthy && packed
check "messages that the server compresses" finds packing 'gzip in INBOX.*nothing is learned'
"$program" moved INBOX Junk <"$scratch/ham.1" 2>>"$scratch/stderr"
hooked() {
    doctor && grep -q '^note .*packing .*only moves that it reports' "$scratch/output" ||
        { sed 's/^/# /' "$scratch/output"; return 1; }
}
check "are a note where it reports moves" hooked
unpacked() { # one that is older than those that are looked into
    mv "$maildir/cur/1717488010.M1P1.host:2,S" "$maildir/cur/1717488000.M1P1.host:2,S" || return
    doctor && ! grep -q packing "$scratch/output"
}
check "and nothing where the newest are none" unpacked

healthy
printf 'no such thing' >"$state/correspondents"
check "correspondents that are damaged" finds senders 'is damaged'
printf 'no such thing' >"$state/history"
doctor
check "a history that is damaged is noted, for the next lesson mends it" \
    grep -q '^note .*history .*damaged; the next lesson begins it anew' "$scratch/output"

shared=$scratch/shared
healthy "shared_dir = $shared"
check "a shared folder that nobody made" finds shared 'No such file'
set_up() {
    "$program" shared setup --quiet && doctor || complain "$(tr "\n" ";" <"$scratch/output")" || return
    grep -q '^ok .*shared .*last counted 0 minutes ago' "$scratch/output"
}
check "and one that is as it should be" set_up

# What a subject is about is for the manual to say.
explained() {
    subjects=$(sed -n 's/^    { "\([a-z]*\)", doctor_check_.*/\1/p' "$TAMIS_SOURCE/src/commands/doctor.c")
    same "$subjects" "$(sed -n '/^or$/,/^The options/s/^\.It \([a-z]*\)$/\1/p' "$TAMIS_SOURCE/doc/tamis-doctor.1")"
}
check "the manual has all subjects, in their order" explained

if [ "$(id -u)" = 0 ]; then
    cannot_report() {
        deliver_as nobody
        use_program sound
        healthy "shared_dir = $shared"
        hand_over
        chmod 755 "$shared" && chmod 1700 "$shared/reports"
        as_mail_user "$program" doctor >"$scratch/output" 2>"$scratch/stderr"
        same $? 1 && grep -A1 '^problem  shared .*cannot report anything in' "$scratch/output" | grep -q 'chmod 1733'
    }
    check "a shared folder that this user may not write to" cannot_report
    left_by_root() {
        deliver_as nobody
        use_program sound
        healthy
        hand_over
        chown root "$state"/journal* "$state"/*
        as_mail_user "$program" doctor >"$scratch/output" 2>"$scratch/stderr"
        same $? 1 && grep -A1 '^problem  state .*cannot be written by their user' "$scratch/output" | grep -q 'chown -R'
    }
    check "files that a run as root left behind" left_by_root
    cannot_list() { # cannot_list DIRECTORY SUBJECT: what its user may enter and not read
        deliver_as nobody
        use_program sound
        healthy
        hand_over
        chmod 300 "$1"
        as_mail_user "$program" doctor >"$scratch/output" 2>"$scratch/stderr"
        same $? 1 && grep -A1 "^problem  $2 .*Permission denied" "$scratch/output" | grep -q 'to do: '
    }
    check "a state directory that cannot be listed" cannot_list "$state" state
    check "a Maildir that cannot be listed" cannot_list "$maildir" folders
    all_users() {
        healthy "requird = 5"
        hand_over
        doctor --quiet --all-users "$scratch/*/Maildir"
        same "$? $(grep -c '^problem ' "$scratch/output") $(head -1 "$scratch/output")" "1 1 $maildir:"
    }
    check "--all-users looks at each mailbox as its owner" all_users
else
    skip "a shared folder that this user may not write to" "needs root"
    skip "files that a run as root left behind" "needs root"
    skip "a state directory that cannot be listed" "needs root"
    skip "a Maildir that cannot be listed" "needs root"
    skip "--all-users looks at each mailbox as its owner" "needs root"
fi
