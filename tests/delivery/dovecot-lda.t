#!/bin/sh
# dovecot-lda.t - examples/dovecot in the real dovecot-lda with Sieve
. "$(dirname "$0")/lib.sh"
lda=/usr/lib/dovecot/dovecot-lda
PATH=$PATH:/usr/sbin
need "$lda" sievec doveconf perl
. "$(dirname "$0")/dovecot.sh"
plan 21

call() { # MESSAGE
    HOME=$home USER=$me as_mail_user "$lda" -c "$dovecot_conf" -f ann@example.net ${options:-} <"$1" \
        2>>"$scratch/stderr"
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

# What Dovecot makes of a message by itself, without tamis.
arrives_unfiltered() { # KIND: a spam, whose sender says so himself, arrives unharmed in the inbox
    new_home "$all_is_spam"
    use_program "$1"
    goes_to 1 0 "$scratch/messages/forged" && has_field "$(the_message)" '^X-Bogosity: Ham.* by-the-sender' || return
    cat "$(the_message)" >"$scratch/got-message"
    empty_maildir
    options="-o plugin/sieve_before="
    call "$scratch/messages/forged"
    options=
    cmp "$(the_message)" "$scratch/got-message"
}

new_home "$none_is_spam"
use_program sound
check "the example is accepted, its script compiles" write_dovecot_configuration
passes_through
new_home "$all_is_spam"
use_program sound
call "$plain"
check "spam has the keyword \$Junk" grep -q '^0 \$Junk' "$maildir/.Junk/dovecot-keywords"

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
    check "execute, $kind: the message arrives unharmed" arrives_unfiltered "$kind"
done
