#!/bin/sh
# maildrop.t - examples/mailfilter and examples/mailfilter-deliver in the real maildrop
. "$(dirname "$0")/lib.sh"
need_command filter
need maildrop maildirmake.maildrop perl
plan 18

# maildrop takes no filter file that others can read.
install_recipes() {
    cp "$TAMIS_SOURCE/examples/$1" "$scratch/recipes" && chmod 600 "$scratch/recipes"
}

# maildrop sets HOME from the user database whatever the environment says, so the Maildir is named.
run_maildrop() { # MESSAGE: gives maildrop's exit status
    (cd "$scratch" && MAILDIR=$maildir TAMIS=$program exec maildrop ./recipes) <"$1" >"$scratch/stderr" 2>&1
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

goes_to() { # INBOX JUNK MESSAGE
    run_maildrop "$3" || complain "exit status $?" || return
    holds "$1" "$2"
}

# maildrop alters some messages by itself: what counts is that tamis alters nothing more.
all_as_with_cat() {
    for message in "$scratch/messages"/*; do
        use_program cat
        run_maildrop "$message" || complain "$message with cat: exit status $?" || return
        cat "$(the_message)" >"$scratch/by-maildrop"
        empty_maildir
        use_program sound
        goes_to 1 0 "$message" || complain "$message" || return
        has_field "$(the_message)" '^X-Tamis:' || complain "$message" || return
        same_but_for_our_fields "$(the_message)" "$scratch/by-maildrop" || complain "$message" || return
        empty_maildir
    done
}

survives() { # KIND: a spam, whose sender says so himself, arrives unharmed in the inbox
    new_home "$all_is_spam"
    use_program "$1"
    goes_to 1 0 "$scratch/messages/forged" && has_field "$(the_message)" '^X-Bogosity: Ham.* by-the-sender' &&
        cmp "$(the_message)" "$scratch/messages/forged"
}

full_disk() {
    new_home "$none_is_spam"
    use_program sound
    (ulimit -f 100 && run_maildrop "$scratch/messages/large" 2>/dev/null)
    refused $? && same "$(count_in "")" 0
}

# --- as a filter
install_recipes mailfilter
new_home "$none_is_spam"
use_program sound
check "ham goes to the inbox, and the Maildir is made" goes_to 1 0 "$plain"
check "it is tagged" has_field "$(the_message)" '^X-Spam-Status: No'
new_home "$all_is_spam"
check "spam goes to Junk, and Junk is made" goes_to 0 1 "$plain"
check "it is flagged" has_field "$(the_message)" '^X-Spam-Flag: YES'
new_home "$none_is_spam"
check "a flag that the sender wrote sends nothing to Junk" goes_to 1 0 "$scratch/messages/forged"
new_home "$none_is_spam"
check "nasty messages arrive as with cat in its place" all_as_with_cat
for kind in failing crashing killed missing; do
    check "$kind: the message arrives unfiltered" survives "$kind"
done
check "full disk: the mail system keeps the message" full_disk

# --- delivering
install_recipes mailfilter-deliver

all_as_handed() {
    use_program recording
    for message in "$scratch/messages"/*; do
        goes_to 1 0 "$message" || complain "$message" || return
        perl -0777 -pe 's/\AFrom [^\n]*\n//' "$scratch/handed" >"$scratch/handed-message"
        same_but_for_our_fields "$(the_message)" "$scratch/handed-message" || complain "$message" || return
        empty_maildir
    done
}

is_kept() { # KIND: nothing is delivered, and the status says so
    new_home "$none_is_spam"
    use_program "$1"
    run_maildrop "$plain"
    same "$?" 75 && same "$(count_in "")" 0
}

new_home "$all_is_spam"
use_program sound
check "tamis deliver: spam goes to Junk" goes_to 0 1 "$plain"
new_home "$none_is_spam"
check "nasty messages arrive as maildrop handed them over" all_as_handed
for kind in failing crashing killed missing; do
    check "$kind: 75, and nothing is delivered" is_kept "$kind"
done
check "full disk: the mail system keeps the message" full_disk
