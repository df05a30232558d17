# tamis.sieve - pass each message through tamis, and spam into the Junk folder
require ["vnd.dovecot.filter", "fileinto", "mailbox", "imap4flags"];

# "filter" is true when tamis ended well and its output became the message.  When
# it failed the message is as it was, and the X-Spam fields in it are not ours.
if filter "tamis" "filter" {
    if header :is "X-Spam-Flag" "YES" {
        # The keyword tells mail programs that the message is junk.
        addflag "$Junk";
        fileinto :create "Junk";
        stop;
    }
}
