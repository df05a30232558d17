#!/bin/sh
# dovecot-lda.t - examples/dovecot in the real dovecot-lda with Sieve
. "$(dirname "$0")/lib.sh"
lda=/usr/lib/dovecot/dovecot-lda
PATH=$PATH:/usr/sbin
need_command filter
need "$lda" sievec doveconf perl
. "$(dirname "$0")/dovecot.sh"
plan 21

run_lda() { # MESSAGE: gives dovecot-lda's exit status
    HOME=$home USER=$me as_mail_user "$lda" -c "$dovecot_conf" -f ann@example.net <"$1" 2>>"$scratch/stderr"
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

goes_to() { # INBOX JUNK MESSAGE
    run_lda "$3" || complain "exit status $?" || return
    holds "$1" "$2"
}

# Dovecot takes CR away, puts Return-Path before the message and so on: what counts is that tamis alters nothing more.
all_as_with_cat() {
    for message in "$scratch/messages"/*; do
        use_program cat
        run_lda "$message" || complain "$message with cat: exit status $?" || return
        cat "$(the_message)" >"$scratch/by-dovecot"
        empty_maildir
        use_program sound
        goes_to 1 0 "$message" || complain "$message" || return
        has_field "$(the_message)" '^X-Tamis:' || complain "$message" || return
        same_but_for_our_fields "$(the_message)" "$scratch/by-dovecot" || complain "$message" || return
        empty_maildir
    done
}

survives() { # KIND: a spam, whose sender says so himself, arrives unharmed in the inbox
    new_home "$all_is_spam"
    use_program "$1"
    goes_to 1 0 "$scratch/messages/forged" && has_field "$(the_message)" '^X-Bogosity: Ham.* by-the-sender' || return
    cat "$(the_message)" >"$scratch/got-message"
    empty_maildir
    HOME=$home USER=$me as_mail_user "$lda" -c "$dovecot_conf" -o plugin/sieve_before= -f ann@example.net <"$scratch/messages/forged"
    cmp "$(the_message)" "$scratch/got-message"
}

full_disk() {
    new_home "$none_is_spam"
    use_program sound
    (ulimit -f 300 && run_lda "$scratch/messages/large" 2>/dev/null)
    refused $? && same "$(count_in "")" 0
}

new_home "$none_is_spam"
use_program sound
check "the example is accepted, its script compiles" write_dovecot_configuration
check "ham goes to the inbox" goes_to 1 0 "$plain"
check "it is tagged" has_field "$(the_message)" '^X-Spam-Status: No'
new_home "$all_is_spam"
check "spam goes to Junk, and Junk is made" goes_to 0 1 "$plain"
check "it is flagged" has_field "$(the_message)" '^X-Spam-Flag: YES'
check "it has the keyword \$Junk" grep -q '^0 \$Junk' "$maildir/.Junk/dovecot-keywords"
new_home "$none_is_spam"
check "a flag that the sender wrote sends nothing to Junk" goes_to 1 0 "$scratch/messages/forged"
new_home "$none_is_spam"
check "nasty messages arrive as with cat in its place" all_as_with_cat
for kind in failing crashing killed missing; do
    check "$kind: the message arrives unfiltered" survives "$kind"
done
check "full disk: the mail system keeps the message" full_disk

# --- asking for the verdict only
script=tamis-execute
new_home "$none_is_spam"
use_program sound
check "the second script compiles" write_dovecot_configuration
check "execute: ham goes to the inbox" goes_to 1 0 "$plain"
check "execute: it is not altered" lacks_field "$(the_message)" '^X-Spam-'
new_home "$all_is_spam"
check "execute: spam goes to Junk" goes_to 0 1 "$plain"
for kind in failing crashing killed missing; do
    check "execute, $kind: the message arrives unharmed" survives "$kind"
done
