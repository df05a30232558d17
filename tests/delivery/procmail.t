#!/bin/sh
# procmail.t - examples/procmailrc and examples/procmailrc-deliver in the real procmail
. "$(dirname "$0")/lib.sh"
need procmail perl
plan 20

recipes=$TAMIS_SOURCE/examples/procmailrc

# What stands before the recipes on the command line holds unless they say otherwise.  ORGMAIL is where procmail goes
# when all else fails: never the mailbox of whoever runs this test.
call() { # MESSAGE
    (cd "$scratch" && exec procmail "HOME=$home" "TAMIS=$program" "ORGMAIL=$scratch/orgmail" "LOGFILE=$scratch/stderr" \
        "PATH=$PATH" "$recipes") <"$1"
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

passes_through new_maildir

# More than all_as_with_cat() asks: with "r" procmail itself changes nothing of them.
all_as_they_were() {
    new_home "$none_is_spam"
    for message in "$scratch/messages"/*; do
        goes_to 1 0 "$message" || complain "$message" || return
        same_but_for_our_fields "$(the_message)" "$message" || complain "$message" || return
        empty_maildir
    done
}
check "nasty messages arrive byte for byte, but for our fields" all_as_they_were

recipes=$TAMIS_SOURCE/examples/procmailrc-deliver
has_it_delivered

check "procmail never had to look for another mailbox" test ! -s "$scratch/orgmail"
