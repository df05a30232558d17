# tamis-execute.sieve - ask tamis for its verdict, and leave the message as it is
#
# Prefer tamis.sieve where you can: a message without the X-Tamis field cannot
# say later why it was taken for spam.
require ["vnd.dovecot.execute", "variables", "fileinto", "mailbox", "imap4flags"];

# The first word of the output is the verdict.  --exit-zero: Sieve throws the
# output away when the exit status is not 0.
if execute :pipe :output "verdict" "tamis" ["classify", "--exit-zero"] {
    if string :matches "${verdict}" "spam *" {
        addflag "$Junk";
        fileinto :create "Junk";
        stop;
    }
}
