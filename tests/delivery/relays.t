#!/bin/sh
# relays.t - hosts that sent spam here: noted from what users say and from traps, exported, read by Postfix and nftables
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
plan 21

use_program sound
TAMIS_RULES_DIR=$TAMIS_SOURCE/data/rules
export TAMIS_RULES_DIR
tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

letter=0
# letter RELAY: a message that came from there just now, into $scratch/letter.
letter() {
    letter=$((letter + 1))
    cat >"$scratch/letter" <<END
Received: from mail.example.net (${2:-unknown} [$1])
	by mx.example.org (Postfix) with ESMTP id 1A2B; $(date -R)
From: Ann <ann@example.net>
To: ${3:-joe@example.org}
Subject: number $letter
Date: $(date -R)
Message-ID: <$letter@example.net>

Buy cheap pills now, says number $letter.
END
}

spam() { # spam RELAY [NAME]: learned as such
    letter "$@"
    tamis learn --quiet --spam "$scratch/letter"
}
ham() {
    letter "$@"
    tamis learn --quiet --ham "$scratch/letter"
}

refused() { # refused [RELAY...]: these and no others
    got=$(tamis relays --export plain | sed '/^#/d; s/  #.*//' | sort | tr '\n' ' ')
    same "$got" "$(for relay; do echo "$relay"; done | sort | tr '\n' ' ')"
}
shows() { # shows PATTERN
    tamis relays >"$scratch/shown"
    grep -Eq "$1" "$scratch/shown" || complain "no $1 in: $(cat "$scratch/shown")"
}

new_home
nothing_by_default() {
    spam 203.0.113.7 && spam 203.0.113.7 && [ ! -e "$home/.local/state/tamis/relays" ] && refused
}
check "nothing is noted unless it is asked for" nothing_by_default

new_home 'note_relays = yes' 'trusted_networks = 198.51.100.0/24' 'own_domains = example.org' \
    'trap_addresses = trap@example.org'
check "one message is not enough" eval 'spam 203.0.113.7 && refused && shows "203.0.113.7 .*fewer than 2"'
check "two are" eval 'spam 203.0.113.7 && refused 203.0.113.7'
again() { tamis learn --quiet --spam "$scratch/letter" && shows '203.0.113.7 +2 spam'; }
check "the same message counts once" again
check "and not when it is taken back" eval 'tamis learn --quiet --ham "$scratch/letter" && refused'
check "a host that sent ham is spared" eval 'spam 203.0.113.7 && refused && shows "203.0.113.7 .*sent ham"'
check "an IPv6 host stands for its /64" eval 'spam IPv6:2a00:1::7 && spam IPv6:2a00:1::8 && refused 2a00:1::/64'
ours() {
    spam 198.51.100.9 && spam 198.51.100.9 && spam 203.0.113.9 mail.example.org && spam 203.0.113.9 mail.example.org &&
        spam 203.0.113.10 mail-wr1-f41.google.com && spam 203.0.113.10 mail-wr1-f41.google.com && refused 2a00:1::/64
}
check "own, trusted and everybody's hosts are not" ours
verdict_alone() {
    new_maildir
    for i in 1 2 3; do
        letter 203.0.113.11
        tamis deliver --set required=-100 <"$scratch/letter" || return
    done
    same "$(count_in .Junk)" 3 && refused 2a00:1::/64
}
check "a verdict alone refuses nobody" verdict_alone
trapped() {
    letter 203.0.113.12 unknown trap@example.org && tamis deliver <"$scratch/letter" && refused 203.0.113.12 2a00:1::/64
}
check "one message to a trap is enough" trapped
moved() {
    tamis relearn --quiet || return
    for file in $(grep -l '203\.0\.113\.11' "$maildir"/.Junk/new/* | head -2); do
        mv "$file" "$maildir/cur/$(basename "$file"):2,S"
    done
    tamis relearn --quiet && refused 203.0.113.12 2a00:1::/64 || return
    for file in "$maildir"/cur/*; do mv "$file" "$maildir/.Junk/cur/"; done
    tamis relearn --quiet && refused 203.0.113.11 203.0.113.12 2a00:1::/64
}
check "what the user moves to Junk counts" moved
since() {
    same "$(tamis relays --since 5m | wc -l)" "$(tamis relays | wc -l)" || return
    "$program" relays --since yesterday >/dev/null 2>"$scratch/said"
    same "$?" 64 && grep -q 30m "$scratch/said"
}
check "--since takes an age" since

# --- who reads it ---------------------------------------------------------------------------------------------------

if command -v postmap >/dev/null; then
    postfix_reads() {
        mkdir -p "$scratch/no-settings" && : >"$scratch/no-settings/main.cf"
        tamis relays --export postfix >"$scratch/relays.cidr" &&
            ask() { postmap -c "$scratch/no-settings" -q "$1" "cidr:$scratch/relays.cidr"; }
        ask 203.0.113.12 | grep -q '^450 4.7.1 .*20[0-9][0-9]-' || complain "$(cat "$scratch/relays.cidr")" || return
        ask 2a00:1::99 | grep -q '^450 ' && same "$(ask 203.0.113.13)" "" && same "$(ask 2a00:1:0:1::99)" ""
    }
    check "Postfix takes the table" postfix_reads
    postscreen_reads() {
        tamis relays --export postscreen >"$scratch/relays.cidr" &&
            same "$(postmap -c "$scratch/no-settings" -q 203.0.113.12 "cidr:$scratch/relays.cidr")" reject
    }
    check "and postscreen its own" postscreen_reads
else
    skip "Postfix takes the table" "Postfix is not installed"
    skip "and postscreen its own" "Postfix is not installed"
fi

if command -v nft >/dev/null && [ "$(id -u)" = 0 ] && unshare --net nft list tables >/dev/null 2>&1; then
    # In a network of the test's own: the sets are filled, twice, beside the rule of the example.
    nft_takes() {
        tamis relays --export nft >"$scratch/relays.nft" || return
        unshare --net sh -c 'nft -f "$1" && nft -f "$2" && nft -f "$2" && nft -f "$1" && nft list table inet tamis' sh \
            "$TAMIS_SOURCE/examples/nftables/tamis.nft" "$scratch/relays.nft" >"$scratch/said" 2>&1
        grep -q '203.0.113.12 timeout' "$scratch/said" && grep -q '2a00:1::/64 timeout' "$scratch/said" &&
            same "$(grep -c 'dport 25' "$scratch/said")" 2 || complain "$(cat "$scratch/said")"
    }
    check "nftables takes the script" nft_takes
else
    skip "nftables takes the script" "nft is not installed, or this is not root with namespaces"
fi

# --- many users ---------------------------------------------------------------------------------------------------

# users_say RELAY USER...: each of them calls two messages of that host spam.
users_say() {
    relay=$1
    shift
    for user; do
        mkdir -p "$scratch/mail/$user/Maildir/cur" "$scratch/mail/$user/Maildir/new" "$scratch/mail/$user/Maildir/tmp"
        for i in 1 2; do
            letter "$relay"
            HOME=$scratch/mail/$user XDG_STATE_HOME='' XDG_CONFIG_HOME='' "$TAMIS" learn --quiet \
                --spam "$scratch/letter" --set note_relays=yes 2>>"$scratch/stderr" || return
        done
    done
}
hand_over_mail() { [ "$(id -u)" != 0 ] || { chmod 755 "$scratch" && chown -R nobody "$scratch/mail"; }; }
of_all() { tamis relays --all-users "$scratch/mail/*/Maildir" --set note_relays=yes "$@"; }

[ "$(id -u)" != 0 ] || deliver_as nobody
all_users() {
    users_say 203.0.113.20 anna bert && users_say 203.0.113.21 anna && hand_over_mail || return
    of_all --export plain | sed '/^#/d; s/  #.*//' >"$scratch/said"
    same "$(cat "$scratch/said")" 203.0.113.20
}
check "of many users two must say so" all_users
why() { of_all | grep -q '203.0.113.21 .* 1 users, not refused: fewer than 2 users'; }
check "and show says why" why
all_but_one() {
    mkdir -p "$scratch/mail/carl" && : >"$scratch/mail/carl/Maildir" && of_all --export plain | grep -q '^203.0.113.20 '
}
check "a mailbox that fails keeps the others' from nobody" all_but_one
none() {
    "$program" relays --all-users "$scratch/nowhere/*" --export plain >"$scratch/said" 2>>"$scratch/stderr"
    same "$?" 66 && [ ! -s "$scratch/said" ]
}
check "without any mailbox that can be read it fails" none
# A link to itself is an error that also root gets.
unread() {
    ln -s loop "$scratch/loop"
    "$program" relays --all-users "$scratch/loop/*" --set log=stderr >"$scratch/said" 2>"$scratch/why"
    same "$?" 75 && grep -q "$scratch/loop are left out" "$scratch/why" && ! grep -q 'no mailbox' "$scratch/why"
}
check "a folder that cannot be read is not one without mailboxes" unread
# Neither is one whose end is only looked up.
not_looked_up() {
    mkdir -p "$scratch/homes/a" && ln -s b "$scratch/homes/b"
    "$program" relays --all-users "$scratch/homes/*/Maildir" --set log=stderr >"$scratch/said" 2>"$scratch/why"
    same "$?" 75 && grep -q "$scratch/homes/b are left out" "$scratch/why" &&
        ! grep -q 'homes/a' "$scratch/why"
}
check "nor one in which a Maildir cannot be looked for" not_looked_up
