#!/bin/sh
# places.t - a place that cannot be told, or that others could change, is not used: mail waits, or passes
. "$(dirname "$0")/lib.sh"
need perl
plan 52

use_program sound
write_plain "$scratch/plain"
state=$home/.local/state/tamis

# Everything that is in the home and among the users' places, but the settings.
found_anywhere() {
    (cd "$scratch" && find home um us -type f ! -name tamis.conf 2>/dev/null | sort)
}

# new_users SETTING...: a home with mail and state of its own, and places for users beside it.
new_users() {
    new_home "$none_is_spam" "$@"
    rm -rf "$scratch/um" "$scratch/us"
    new_maildir
    mkdir -p "$scratch/um" "$scratch/us"
}

# --- a name that is no name for a directory ---------------------------------------------------------------------------

by_user() { # COMMAND...: for whom no place can be told
    case $way in
    setting) new_users "maildir = $scratch/um/%u" "state_dir = $scratch/us/%u" ;;
    option) new_users && set -- "$@" --maildir "$scratch/um/%u" --state-dir "$scratch/us/%u" ;;
    domain) new_users "maildir = $scratch/um/%d/%n" "state_dir = $scratch/us/%d/%n" ;;
    esac
    user=../x
    [ "$way" != domain ] || user=joe
    found_anywhere >"$scratch/before"
    "$program" "$@" --user "$user" <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr"
    status=$?
    found_anywhere | cmp -s - "$scratch/before" || complain "$* wrote $(found_anywhere | tr '\n' ' ')"
}

stops() { # STATUS COMMAND...
    want=$1
    shift
    by_user "$@" && same "$status" "$want" && grep -q "state_dir = .*for user \"$user\".* is accepted" "$scratch/stderr"
}

passes() {
    by_user filter && same "$status" 0 && same_but_for_our_fields "$scratch/output" "$scratch/plain" &&
        has_field "$scratch/output" '^X-Tamis:' && grep -q "for user \"$user\".* is accepted" "$scratch/stderr"
}

way=setting
check "deliver: mail for a name that leads elsewhere waits" stops 75 deliver
check "deliver --qmail: the same, in qmail's words" stops 111 deliver --qmail
for command in "learn --ham" relearn "moved INBOX Junk" expire sort digest stats "db check" "senders import"; do
    check "$command: stops, and leaves everybody's places alone" stops 78 $command
done
check "filter passes the message on, and writes nothing of anybody's" passes
way=option
check "--maildir and --state-dir with a name that leads elsewhere: deliver" stops 75 deliver
check "... learn" stops 78 learn --ham
check "... filter" passes
way=domain
check "a user without the domain that the settings ask for: deliver" stops 75 deliver
check "... learn" stops 78 learn --ham
check "... filter" passes

# With evidence in the default state, the judgement shows whether it was asked.
is_judged_by_nobodys_evidence() {
    way=setting
    new_users
    "$program" learn --quiet --spam "$scratch/plain" || return
    settings "$none_is_spam" "state_dir = $scratch/us/%u"
    "$program" filter --user ../x <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr" &&
        grep -q 'learned=empty' "$scratch/stderr" || return
    "$program" filter --user joe --set state_dir="$state" <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr" &&
        grep -q 'learned=ready' "$scratch/stderr"
}
check "filter asks nobody else's evidence" is_judged_by_nobodys_evidence

control_characters_are_escaped() {
    new_users "maildir = $scratch/um/%u"
    "$program" deliver --user "$(printf 'a\033[31m/b')" <"$scratch/plain" 2>"$scratch/stderr"
    same $? 75 && ! grep -q "$(printf '\033')" "$scratch/stderr" && grep -q 'a\\x1B\[31m/b' "$scratch/stderr"
}
check "the name is escaped in the log" control_characters_are_escaped

no_path_is_no_place() { # OPTION
    new_users
    "$program" deliver "$1" '' <"$scratch/plain" 2>"$scratch/stderr"
    same $? 75 && grep -q -- "$1.*no path is given" "$scratch/stderr" && same "$(found_anywhere)" ""
}
check "--maildir with nothing in it is not the default" no_path_is_no_place --maildir
check "--state-dir with nothing in it is not the default" no_path_is_no_place --state-dir

# --- options are expanded as settings are -----------------------------------------------------------------------------

option_is_expanded() {
    new_users
    "$program" deliver --user joe@example.org --maildir "$scratch/um/%d/%n" --state-dir "$scratch/us/%u" \
        <"$scratch/plain" || return
    same "$(find "$scratch/um/example.org/joe/new" -type f | wc -l)" 1 && [ -s "$scratch/us/joe@example.org/daybook" ]
}
check "--maildir and --state-dir hold %u and its like" option_is_expanded

percent_is_doubled() {
    new_users
    (cd "$scratch" && "$program" deliver --maildir 'um/50%%' --state-dir 'us/100%%' <"$scratch/plain") || return
    same "$(find "$scratch/um/50%/new" -type f | wc -l)" 1 && [ -s "$scratch/us/100%/daybook" ]
}
check "%% in them is a percent sign, below the current directory too" percent_is_doubled

moved_finds_its_way() {
    new_users
    mkdir -p "$scratch/um/50%/cur" "$scratch/um/50%/new" "$scratch/um/50%/tmp"
    "$program" moved --relearn --state-dir "$scratch/us/100%%" --maildir "$scratch/um/50%%" INBOX Junk \
        <"$scratch/plain" || return
    wait_until [ -e "$scratch/us/100%/snapshot" ] && [ ! -e "$scratch/us/100" ] && [ ! -e "$scratch/us/100%%" ]
}
check "moved hands on to relearn a path with a percent sign in it" moved_finds_its_way

# What was moved is learned only where relearn knows for whom and by which settings moved was started.
moved_hands_on() { # SETTING ARGUMENT...
    new_users "$1"
    shift
    cp "$home/.config/tamis/tamis.conf" "$scratch/other.conf" && echo 'junk_folder = Rubbish' >>"$scratch/other.conf"
    "$program" moved --relearn "$@" <"$scratch/plain" || return
    wait_until [ ! -e "$state/moved" ] && wait_until [ ! -e "$state/moved.taken" ] &&
        wait_until eval '"$program" db dump --user joe@example.org 2>/dev/null | grep -q "^entry .* spam user "'
}
check "and --user" moved_hands_on "lists_dir = $scratch/lists/%d" --user joe@example.org INBOX Junk
check "and --config" moved_hands_on '' --config "$scratch/other.conf" INBOX Rubbish
check "and --set" moved_hands_on '' --set junk_folder=Rubbish INBOX Rubbish

# --- no home, and no place ----------------------------------------------------------------

homeless() { # COMMAND...: a user that the system does not know, in a folder that it may write
    new_users
    rm -rf "$scratch/here"
    mkdir -p "$scratch/here/Md/cur" "$scratch/here/Md/new" "$scratch/here/Md/tmp" &&
        mkdir -p "$scratch/here/Md/.Junk/cur" "$scratch/here/Md/.Junk/new" "$scratch/here/Md/.Junk/tmp" || return
    chmod 755 "$scratch" && chown -R 54321 "$scratch/here" &&
        cp "$TAMIS" "$scratch/built" && chmod 755 "$scratch/built" || return
    (cd "$scratch/here" && setpriv --reuid=54321 --regid=54321 --clear-groups env -i "$scratch/built" "$@" \
        --maildir Md --set log=stderr </dev/null >"$scratch/output" 2>"$scratch/stderr")
    same $? 78 && grep -q 'there is no state directory: see the setting state_dir' "$scratch/stderr" &&
        same "$(cd "$scratch/here" && find . -type f)" ""
}
for command in expire sort digest; do
    question="$command without a place for state stops, and writes nothing where it is run"
    if [ "$(id -u)" = 0 ]; then
        check "$question" homeless "$command"
    else
        skip "$question" "only root can be a user that the system does not know"
    fi
done

# --- places that others could change ----------------------------------------------------------------------------------

# others_place HOW: the state folder, or the Maildir, at $place/it is so that somebody else could put another there.
others_place() {
    place=$scratch/others
    new_users
    rm -rf "$place" && mkdir -p "$place/it/cur" "$place/it/new" "$place/it/tmp" &&
        chmod 755 "$scratch" "$place" || return
    case $1 in
    folder) chown -R 54321 "$place/it" ;;
    above) chown 54321 "$place" ;;
    link) rm -rf "$place/it" && ln -s "$home/Maildir" "$place/it" && chown -h 54321 "$place/it" ;;
    open) chmod 777 "$place" ;;
    writable) chmod 777 "$place/it" ;;
    esac
}

in_place() { find "$place" "$home" -type f ! -name tamis.conf | sort; }

passes_without_state() { # HOW
    others_place "$1" || return
    before=$(in_place)
    "$program" filter --set state_dir="$place/it" <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr" &&
        same_but_for_our_fields "$scratch/output" "$scratch/plain" && same "$(in_place)" "$before" &&
        same "$(grep -c 'state_dir = .*/it: not used: ' "$scratch/stderr")" 1 || return
    # There is no place to note that it was said.
    "$program" filter --set state_dir="$place/it" <"$scratch/plain" 2>"$scratch/stderr" >"$scratch/output"
    same "$? $(grep -c 'state_dir = .*/it: not used: ' "$scratch/stderr")" "0 1"
}

delivers_without_state() {
    others_place "$1" || return
    "$program" deliver --set state_dir="$place/it" <"$scratch/plain" 2>"$scratch/stderr" && holds 1 0 &&
        same "$(find "$place" -type f)" ""
}

all_others_refuse() {
    others_place "$1" || return
    before=$(in_place)
    for command in "learn --ham" relearn "moved INBOX Junk" expire sort digest "db check" stats "senders list"; do
        "$program" $command --set state_dir="$place/it" <"$scratch/plain" >"$scratch/output" 2>"$scratch/stderr"
        same $? 77 && grep -q 'not used: ' "$scratch/stderr" || complain "$command" || return
    done
    same "$(in_place)" "$before"
}

# A message that is due in the Junk of $place/it.
fill_junk() {
    now=$(date +%s)
    mkdir -p "$place/it/.Junk/cur" "$place/it/.Junk/new" "$place/it/.Junk/tmp" "$state" &&
        cp "$scratch/plain" "$place/it/.Junk/cur/1.a.b:2,S" &&
        touch -d "@$((now - 20 * 86400))" "$place/it/.Junk/cur/1.a.b:2,S" || return
    echo "tamis-names 2 $((now - 86400))
$((now - 20 * 86400)) - 1.a.b" >"$state/junk-seen" && seal "$state/junk-seen"
}

mail() { find "$place" "$maildir" -type f | sort; }

waits_for_maildir() { # HOW
    others_place "$1" && fill_junk || return
    before=$(mail)
    "$program" deliver --set maildir="$place/it" <"$scratch/plain" 2>"$scratch/stderr"
    same $? 75 && same "$(mail)" "$before" || return
    "$program" expire --set maildir="$place/it" 2>"$scratch/stderr"
    same $? 77 && same "$(mail)" "$before"
}

has_its_way_in_ones_own() {
    others_place none && fill_junk || return
    "$program" deliver --set maildir="$place/it" <"$scratch/plain" 2>"$scratch/stderr" &&
        "$program" expire --set maildir="$place/it" --set expire_learns=no 2>"$scratch/stderr" || return
    same "$(find "$place/it/new" "$place/it/.Junk/cur" -type f | sed 's|/[^/]*$||')" "$place/it/new"
}

only_root() { # NAME COMMAND...
    if [ "$(id -u)" = 0 ]; then check "$@"; else skip "$1" "only root can make what belongs to others"; fi
}

for how in folder above link open writable; do
    only_root "state ($how): filter passes mail on without it" passes_without_state $how
    only_root "state ($how): deliver delivers without it" delivers_without_state $how
    only_root "state ($how): all else refuses it" all_others_refuse $how
done
for how in folder link open; do
    only_root "Maildir ($how): mail waits, and nothing is deleted" waits_for_maildir $how
done

check "in a Maildir of one's own it is delivered, and deleted" has_its_way_in_ones_own

own_link_is_followed() {
    new_users
    mkdir -p "$scratch/us/disk" "$home/.local/state" && ln -s "$scratch/us/disk" "$state" || return
    "$program" learn --quiet --ham "$scratch/plain" 2>"$scratch/stderr" && [ -e "$scratch/us/disk/snapshot" ]
}
check "a link of the user's own leads to the state folder" own_link_is_followed

record_is_no_link() {
    new_users
    mkdir -p "$maildir/.Junk/cur" "$maildir/.Junk/new" "$maildir/.Junk/tmp" "$state"
    cp "$scratch/plain" "$maildir/.Junk/cur/1.a.b:2,S"
    echo "tamis-names 2 0" >"$scratch/us/record" && seal "$scratch/us/record"
    ln -s "$scratch/us/record" "$state/junk-seen"
    "$program" expire >"$scratch/output" 2>"$scratch/stderr"
    same $? 66 && same "$(count_in .Junk)" 1 && grep -q 'junk-seen' "$scratch/stderr"
}
check "a link in the place of the record of Junk is refused" record_is_no_link
