#!/bin/sh
# procmail.t - examples/procmailrc and examples/procmailrc-deliver in the real procmail
. "$(dirname "$0")/lib.sh"
need procmail perl
plan 19

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

recipes=$TAMIS_SOURCE/examples/procmailrc-deliver
has_it_delivered

check "procmail never had to look for another mailbox" test ! -s "$scratch/orgmail"
