# tamis-moved.sieve - tell tamis of a message that was moved, copied or uploaded
#
# Runs in the user's IMAP session after the move is done.  It decides nothing and
# changes nothing: tamis notes the move and learns from it in the background.
#
# vnd.dovecot.imapsieve is what knows the folder that a message came from: without it
# the name is empty, whatever the move.
require ["vnd.dovecot.pipe", "copy", "imapsieve", "vnd.dovecot.imapsieve", "environment",
    "vnd.dovecot.environment", "variables"];

set "from" "";
set "to" "";
# For an upload (APPEND) Dovecot names the folder itself as the one it came from.
if environment :is "imap.cause" "COPY" {
    if environment :matches "vnd.dovecot.mailbox-from" "*" { set "from" "${1}"; }
}
if environment :matches "imap.mailbox" "*" { set "to" "${1}"; }

# ":copy" is essential: without it Dovecot marks the message as deleted.
pipe :copy :try "tamis" ["moved", "--relearn", "${from}", "${to}"];
