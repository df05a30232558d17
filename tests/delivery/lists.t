#!/bin/sh
# lists.t - lists that decide: allowed and denied senders, traps, internal addresses, postmaster; and `tamis senders`
. "$(dirname "$0")/lib.sh"
plan 32

lists=$home/.config/tamis
state=$home/.local/state/tamis
use_program sound

# message FOR FROM [FIELD...]: one that came from outside, for FOR, into $scratch/message; "-" leaves the "for" out.
message() {
    for_whom="for <$1>"
    [ "$1" != - ] || for_whom=
    from=$2
    shift 2
    {
        printf 'Received: from mail.example.net (mail.example.net [203.0.113.7])\n'
        printf '\tby mx.example.org (Postfix) with ESMTPS id 1A2B %s; Tue, 4 Jun 2024 10:00:00 +0200\n' "$for_whom"
        for field; do printf '%s\n' "$field"; done
        printf 'From: %s\nSubject: lunch on Thursday\nDate: Tue, 4 Jun 2024 09:59:58 +0200\n' "$from"
        printf 'Message-ID: <20240604.%s@example.net>\n\n' "$number"
        printf 'Shall we meet at noon?  See http://pills.example.com/menu and\n'
        printf 'http://www.w3.org/TR and http://pills.example.com/order .\n'
    } >"$scratch/message"
}
to_joe='To: joe@example.org'
signed='Authentication-Results: mx.example.org; dkim=pass header.d=example.net'
own_server='authserv_id = mx.example.org'

deliver() {
    "$program" deliver "$@" <"$scratch/message" 2>"$scratch/stderr"
}

filter() {
    "$program" filter "$@" <"$scratch/message" >"$scratch/output" 2>"$scratch/stderr"
}

senders() {
    "$program" senders "$@" >"$scratch/said" 2>"$scratch/stderr"
}

explained() { # explained PATTERN: `tamis explain` says so of the message, and its points add up
    "$program" explain "$scratch/message" >"$scratch/explained" 2>>"$scratch/stderr"
    grep -q -- "$1" "$scratch/explained" || complain "no $1 in: $(cat "$scratch/explained")" || return
    awk '/^ *------$/ { done = 1; next } done { exit !(($1 - sum)^2 < 0.00001) } NR > 2 { sum += $1 }' \
        "$scratch/explained" || complain "does not add up: $(cat "$scratch/explained")"
}

says() { # says PATTERN: the last command did, on stdout or stderr
    grep -q -- "$1" "$scratch/said" "$scratch/stderr" ||
        complain "no \"$1\" in: $(cat "$scratch/said" "$scratch/stderr")"
}

# --- allowed ------------------------------------------------------------------------------------------------------

allowed() {
    new_home "$own_server" 'required = -50' 'unsure = -60'
    echo 'ann@example.net # my aunt' >"$lists/allow"
    message joe@example.org 'Ann <ann@example.net>' "$signed" "$to_joe"
    deliver && holds 1 0 && has_field "$(the_message)" 'ALLOWED_SENDER=-100.00' && explained 'allow:1, .*dkim=pass'
}
check "an allowed sender who signed goes to the inbox, whatever the filter thinks" allowed

refused_unless_shown() {
    new_home "$own_server" "$all_is_spam"
    echo '@example.net' >"$lists/allow"
    message joe@example.org ann@example.net "$to_joe"
    deliver && holds 0 1 && has_field "$(the_message)" 'ALLOW_NOT_APPLIED=0.00' &&
        explained 'nothing shows .* came from 203.0.113.0/24'
}
check "a forged allowed sender is judged as any other" refused_unless_shown

known_network() {
    new_home "$own_server"
    echo 'ann@example.net' >"$lists/allow"
    message joe@example.org ann@example.net "$signed" "$to_joe"
    deliver && same "$(sed 's/ [0-9-]* / DATE /3' "$state/known_relays" | cut -d' ' -f1,2)" \
        'ann@example.net 203.0.113.0/24' || return
    message joe@example.org ann@example.net "$to_joe"
    filter && has_field "$scratch/output" 'ALLOWED_SENDER' && explained 'written before from 203.0.113.0/24'
}
check "once authenticated, a sender is known by the network" known_network

noted_once() {
    cp "$state/known_relays" "$scratch/before"
    message joe@example.org ann@example.net "$signed" "$to_joe"
    filter && cmp -s "$state/known_relays" "$scratch/before"
}
check "which is not written again with every message" noted_once

# Rules are compiled, and kept, by whoever needs them first.
files_of_home() { find "$home" -type f ! -name rules.cache | sort; }
judging_changes_nothing() {
    new_home "$own_server"
    echo 'ann@example.net' >"$lists/allow"
    echo 'bait@example.org' >"$lists/trap"
    before=$(files_of_home)
    message joe@example.org ann@example.net "$signed" "$to_joe"
    "$program" classify "$scratch/message" >/dev/null && "$program" explain "$scratch/message" >/dev/null || return
    message bait@example.org eve@example.com
    "$program" classify --exit-zero "$scratch/message" >/dev/null
    same "$(files_of_home)" "$before"
}
check "classify and explain write nothing" judging_changes_nothing

# --- denied -------------------------------------------------------------------------------------------------------

denied() {
    new_home "$own_server" "$none_is_spam"
    echo '@.example.net' >"$lists/deny"
    message joe@example.org ann@mail.example.net "$to_joe"
    deliver && holds 0 1 && has_field "$(the_message)" '^X-Spam-Flag: YES' && explained 'DENIED_SENDER .*deny:1'
}
check "a denied sender goes to Junk, whatever the filter thinks" denied

mistaken_line() {
    new_home
    printf 'spammers!\neve@example.com\n' >"$lists/deny"
    message joe@example.org eve@example.com "$to_joe"
    filter && has_field "$scratch/output" 'DENIED_SENDER' && grep -q "$lists/deny:1: \"spammers!\"" "$scratch/stderr"
}
check "a mistaken line is named with file and number, the others hold" mistaken_line

unreadable_list() {
    new_home "$none_is_spam"
    mkdir "$lists/deny"
    message joe@example.org eve@example.com "$to_joe"
    deliver && holds 1 0 && has_field "$(the_message)" '^X-Tamis: id=' && grep -q 'list is ignored' "$scratch/stderr"
}
check "a list that cannot be read stops nothing" unreadable_list

# --- traps --------------------------------------------------------------------------------------------------------

trapped() {
    new_home
    echo 'bait@example.org' >"$lists/trap"
    message bait@example.org 'Eve <eve@example.com>'
    deliver && holds 0 1 && has_field "$(the_message)" 'TRAP_ADDRESS=100.00'
}
check "mail to a trap is spam" trapped

learned_from_trap() {
    "$program" db dump | grep -q '^entry [0-9a-f]* spam trap ' || complain "not in the ledger" || return
    "$program" learn --spam "$(the_message)" >"$scratch/said" && says '^0 learned .* 1 already known'
}
check "and is learned as such, by the trap" learned_from_trap

today=$(date -u +%Y-%m-%d)
hosts_noted() {
    same "$(cat "$lists/bad_hosts")" "pills.example.com  # trap $today 1" &&
        same "$(cat "$lists/bad_relays")" "203.0.113.7  # trap $today 1"
}
check "its relay and hosts are noted, those everybody links to are not" hosts_noted

hosts_counted() {
    echo 'mine.example # by hand' >>"$lists/bad_hosts"
    message bait@example.org eve@example.com
    filter && has_field "$scratch/output" 'TRAP_ADDRESS' && same "$(cat "$lists/bad_hosts")" \
        "pills.example.com  # trap $today 2
mine.example # by hand"
}
check "and counted, between lines that a person wrote" hosts_counted

held_against_others() {
    message joe@example.org eve@example.com "$to_joe"
    filter && has_field "$scratch/output" 'BAD_RELAY' && has_field "$scratch/output" 'BAD_HOST'
}
check "and are held against other mail" held_against_others

trap_of_settings() {
    new_home 'trap_addresses = bait@example.org, second@example.org'
    message joe@example.org eve@example.com 'To: second@example.org'
    deliver && holds 0 1
}
check "trap_addresses names traps too" trap_of_settings

trap_without_state() {
    new_home
    echo 'bait@example.org' >"$lists/trap"
    mkdir -p "$home/.local/state" && : >"$state"
    message bait@example.org eve@example.com
    deliver && holds 0 1 && grep -q 'was not learned' "$scratch/stderr"
}
check "where nothing can be learned the mail is delivered all the same" trap_without_state

# While learning waits for the lock, the process that learns is killed.
trap_learner_dies() {
    new_home
    echo 'bait@example.org' >"$lists/trap"
    message bait@example.org someone@example.net
    deliver && holds 0 1 || return
    empty_maildir
    (flock 9 && sleep 5) 9<>"$state/lock" &
    lock_holder=$!
    sleep 0.1
    "$program" deliver <"$scratch/message" 2>"$scratch/stderr" &
    delivery=$!
    wait_until mail_is_there && wait_until learner_is_there || return
    killed=
    for child in $(children_of_delivery); do kill -BUS "$child" && killed=yes; done
    wait "$delivery"
    status=$?
    kill "$lock_holder" 2>/dev/null
    same "$status$killed" 0yes && holds 0 1
}
mail_is_there() { test "$(count_in .Junk)" = 1; }
# The process that learns is started only behind the mail.
children_of_delivery() { cat "/proc/$delivery/task/$delivery/children"; }
learner_is_there() { test -n "$(children_of_delivery)"; }
if [ -r "/proc/$$/task/$$/children" ] && command -v flock >/dev/null; then
    check "and when learning dies half-way, it is delivered once and for all" trap_learner_dies
else
    skip "and when learning dies half-way, it is delivered once and for all" "no list of children, or no flock(1)"
fi

# --- internal addresses, postmaster ---------------------------------------------------------------------------

internal() { # internal WANT-INBOX WANT-JUNK [SETTING]
    new_home "$none_is_spam" ${3:+"$3"}
    echo 'staff@example.org' >"$lists/internal_only"
    message - boss@example.net 'To: staff@example.org'
    deliver && holds "$1" "$2"
}
check "mail from outside to an internal address is spam" internal 0 1
check "from a trusted network it is not" internal 1 0 'trusted_networks = 203.0.113.0/24'

postmaster() {
    new_home "$all_is_spam" 'unsure = -101'
    message "$1" eve@example.com "$to_joe"
    deliver && holds "$2" "$3"
}
postmaster_is_unsure() {
    new_home 'trap_addresses = postmaster@example.org'
    message postmaster@example.org eve@example.com 'To: postmaster@example.org'
    deliver && holds 1 0 && has_field "$(the_message)" 'score=4.99' && has_field "$(the_message)" 'verdict=unsure' &&
        explained 'never junked'
}
check "mail to postmaster is not junked" postmaster postmaster@example.org 1 0
check "nor to abuse" postmaster Abuse@example.org 1 0
check "but to another" postmaster joe@example.org 0 1
check "not even from a list: it is unsure at most" postmaster_is_unsure

# --- tamis senders ------------------------------------------------------------------------------------------------

allow_and_deny() {
    new_home
    senders allow ann@example.net '@example.com' && same "$(cat "$lists/allow")" 'ann@example.net
@example.com' || return
    senders deny ann@example.net && same "$(cat "$lists/allow"):$(cat "$lists/deny")" '@example.com:ann@example.net' &&
        says 'removed from allow'
}
check "allow and deny write one line, and take the other away" allow_and_deny

comments_stay() {
    new_home
    printf '# friends\nbob@example.net   # Bob\n\nann@example.net' >"$lists/allow"
    senders remove ann@example.net && senders allow eve@example.net && same "$(cat "$lists/allow")" '# friends
bob@example.net   # Bob

eve@example.net'
}
check "other lines stay as they are" comments_stay

list_says_where() {
    senders list && says "^allow  *bob@example.net  *$lists/allow:2$" && same "$(wc -l <"$scratch/said" | tr -d ' ')" 2
}
check "list says what stands where" list_says_where

list_complains() {
    echo 'nonsense' >"$lists/deny"
    senders list
    same $? 78 && says "$lists/deny:1: \"nonsense\""
}
check "list complains about mistaken lines" list_complains

nonsense_is_refused() {
    new_home
    senders allow nonsense
    same $? 64 && [ ! -e "$lists/allow" ] || return
    senders allow
    same $? 64 || return
    senders admit ann@example.net
    same $? 64
}
check "what is no address is refused" nonsense_is_refused

by_message() {
    new_home "$all_is_spam"
    message joe@example.org 'Ann <ann@example.net>' "$to_joe"
    senders allow --message "$scratch/message" && says '203.0.113.0/24' &&
        same "$(cat "$lists/allow")" ann@example.net && deliver && holds 1 0
}
check "allow --message trusts sender and network of a message" by_message

by_message_without_sender() {
    new_home
    message joe@example.org 'ann@example.net, eve@example.com' "$to_joe"
    senders deny --message "$scratch/message"
    same $? 66 && [ ! -e "$lists/deny" ]
}
check "a message of two senders names none" by_message_without_sender

examples_are_sound() {
    new_home
    cp "$TAMIS_SOURCE"/examples/lists/* "$lists/"
    senders && same "$(wc -l <"$scratch/said" | tr -d ' ')" 9 && says '^internal_only  *all-staff@example.org'
}
check "the example lists have no mistaken line" examples_are_sound

# Killed at any moment: the list is the old one or the new one, never half of one.
killed_at_any_moment() {
    new_home
    seq -f 'friend%.0f@example.net' 2000 >"$lists/allow"
    for delay in 0.001 0.002 0.003 0.004 0.005 0.006 0.008 0.01; do
        cp "$lists/allow" "$scratch/before"
        timeout -s KILL "$delay" "$program" senders allow "late$delay@example.net" >/dev/null 2>&1
        head -n "$(wc -l <"$scratch/before")" "$lists/allow" | cmp -s - "$scratch/before" || return
        ! tail -n +"$(($(wc -l <"$scratch/before") + 1))" "$lists/allow" | grep -v "^late$delay@example.net\$" || return
    done 2>/dev/null
}
check "kill -9 at any moment leaves no half list" killed_at_any_moment

at_the_same_time() {
    new_home
    pids=
    for i in 1 2 3 4 5 6 7 8; do
        "$program" senders allow "friend$i@example.net" >/dev/null 2>>"$scratch/stderr" &
        pids="$pids $!"
    done
    for pid in $pids; do wait "$pid" || return; done
    same "$(wc -l <"$lists/allow" | tr -d ' ')" 8
}
check "several at once lose nothing" at_the_same_time
