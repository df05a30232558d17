#!/bin/sh
# maildrop.t - examples/mailfilter and examples/mailfilter-deliver in the real maildrop
. "$(dirname "$0")/lib.sh"
need maildrop maildirmake.maildrop perl
plan 18

# maildrop takes no filter file that others can read.
install_recipes() {
    cp "$TAMIS_SOURCE/examples/$1" "$scratch/recipes" && chmod 600 "$scratch/recipes"
}

# maildrop sets HOME from the user database whatever the environment says, so the Maildir is named.
call() { # MESSAGE
    (cd "$scratch" && MAILDIR=$maildir TAMIS=$program exec maildrop ./recipes) <"$1" >"$scratch/stderr" 2>&1
}

write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain

install_recipes mailfilter
passes_through

install_recipes mailfilter-deliver
has_it_delivered
