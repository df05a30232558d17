#!/bin/sh
# old-recipes.t - recipes that people have for SpamAssassin and bogofilter sort tamis's verdicts, unchanged
#
# They are those of the other filters' own documentation: bogofilter(1), "INTEGRATION WITH OTHER TOOLS"; SpamAssassin's
# procmailrc.example and its wiki (UsedViaProcmail); Dovecot's and RFC 5235's Sieve.
. "$(dirname "$0")/lib.sh"
need procmail

use_program sound
write_plain "$scratch/plain"
plan 16

by_procmail() { # by_procmail RECIPES MESSAGE: the folder it went to
    rm -rf "$home/Mail"
    mkdir -p "$home/Mail"
    (cd "$scratch" && exec procmail "HOME=$home" "MAILDIR=$home/Mail" "DEFAULT=$home/Mail/inbox" \
        "ORGMAIL=$scratch/orgmail" \
        "LOGFILE=$scratch/stderr" "LOCKFILE=" "SHELL=/bin/sh" "PATH=$scratch/bin:$PATH" "$1") <"$2" || return
    ls "$home/Mail"
}

# --- bogofilter in procmail: the name of the program is all that changes

cat >"$scratch/bogofilter.rc" <<'END'
:0fw
| tamis filter

:0e
{ EXITCODE=75 HOST }

:0:
* ^X-Bogosity: Spam, tests=bogofilter
spam-bogofilter

:0:
* ^X-Bogosity: Unsure, tests=bogofilter
unsure-bogofilter
END
goes() { # goes RECIPES WANT SETTING...
    recipes=$1 want=$2
    shift 2
    new_home "$@"
    same "$(by_procmail "$scratch/$recipes" "$scratch/plain")" "$want"
}
check "bogofilter(1)'s recipe: spam" goes bogofilter.rc spam-bogofilter 'headers = bogofilter' 'required = -100' \
    'unsure = -100'
check "unsure" goes bogofilter.rc unsure-bogofilter 'headers = bogofilter' 'required = 100' 'unsure = -100'
check "ham" goes bogofilter.rc inbox 'headers = bogofilter' 'required = 100' 'unsure = 100'

# --- lists of SpamAssassin

# The lines of code of step 4, as they stand.
taking_over_lists() {
    sed -n '/^4\. /,/^5\. /s/^       //p' "$TAMIS_SOURCE/doc/from-spamassassin.md"
}
lists_are_taken_over() {
    new_home 'required = 5'
    rm -rf "$home/.config/tamis" "$home/.spamassassin"
    mkdir "$home/.spamassassin"
    printf '%s\n' '# welcomelist_from no@example.org' 'welcomelist_from a@example.org  *@b.example' \
        "$(printf 'whitelist_from\tc@example.org\t# a friend')" '  blacklist_from d@example.org' \
        'blocklist_from *@e.example' 'required_score 4' >"$home/.spamassassin/user_prefs"
    taking_over_lists | HOME="$home" PATH="$scratch/bin:$PATH" sh -e >"$scratch/out" 2>"$scratch/stderr" ||
        complain "$(cat "$scratch/stderr")" || return
    same "$(cat "$home/.config/tamis/allow" "$home/.config/tamis/deny")" \
        "$(printf '%s\n' a@example.org @b.example c@example.org d@example.org @e.example)" || return
    same "$(cat "$scratch/stderr")" "" && [ -s "$scratch/out" ]
}
check "SpamAssassin's lists are taken over by the commands of the manual" lists_are_taken_over

# --- SpamAssassin in procmail

cat >"$scratch/spamassassin.rc" <<'END'
:0fw: spamassassin.lock
* < 512000
| tamis filter

# Mails with a score of 15 or higher are almost certainly spam (with 0.05%
# false positives according to rules/STATISTICS.txt).
:0:
* ^X-Spam-Level: \*\*\*\*\*\*\*\*\*\*\*\*\*\*\*
almost-certainly-spam

# All mail tagged as spam (eg. with a score higher than the set threshold)
# is moved to "probably-spam".
:0:
* ^X-Spam-Status: Yes
probably-spam
END
check "SpamAssassin's recipe: spam" goes spamassassin.rc probably-spam 'required = -100' 'unsure = -100'
check "ham" goes spamassassin.rc inbox 'required = 100'
many_points() {
    new_home
    # A sender who is denied has more points than any.
    mkdir -p "$home/.config/tamis" && sed -n 's/^From: .*<\(.*\)>.*/\1/p; s/^From: \([^<]*\)$/\1/p' "$scratch/plain" \
        >"$home/.config/tamis/deny"
    same "$(by_procmail "$scratch/spamassassin.rc" "$scratch/plain")" almost-certainly-spam
}
check "and by its stars" many_points

# --- Sieve

deliver_as nobody # Sieve stores nothing for root
use_program sound
mail_uid=$(id -u ${mail_user:+"$mail_user"})
mail_gid=$(id -g ${mail_user:+"$mail_user"})
printf 'mail_location = maildir:%s\nfirst_valid_uid = 1\nfirst_valid_gid = 1\n' "$maildir" >"$scratch/dovecot.conf"
chmod 644 "$scratch/dovecot.conf"
hand_over_if_root() { [ -z "$mail_user" ] || hand_over; }
need_sieve() { command -v sieve-test >/dev/null 2>&1; }
by_sieve() { # by_sieve SCRIPT SETTING...: what Sieve would do
    script=$1
    shift
    new_home "$@"
    new_maildir
    hand_over_if_root
    as_mail_user "$program" filter <"$scratch/plain" >"$scratch/filtered" 2>>"$scratch/stderr" || return
    cp "$scratch/$script" "$scratch/filtered" "$home/" && chmod 644 "$home/$script" "$home/filtered"
    as_mail_user sieve-test -c "$scratch/dovecot.conf" -o "mail_uid=$mail_uid" -o "mail_gid=$mail_gid" "$home/$script" \
        "$home/filtered" 2>>"$scratch/stderr" | sed -n 's/^ \* store message in folder: //p'
}
cat >"$scratch/flag.sieve" <<'END'
require ["fileinto"];
if header :contains "X-Spam-Flag" "YES" {
  fileinto "Junk";
}
END
cat >"$scratch/status.sieve" <<'END'
require ["fileinto"];
if header :matches "X-Spam-Status" "Yes*" {
  fileinto "Junk";
}
END
cat >"$scratch/level.sieve" <<'END'
require ["fileinto"];
if header :contains "X-Spam-Level" "***************" {
  fileinto "Junk";
}
END
cat >"$scratch/bogosity.sieve" <<'END'
require ["fileinto"];
if header :contains "X-Bogosity" "Spam," {
  fileinto "Junk";
} elsif header :contains "X-Bogosity" "Unsure," {
  fileinto "Unsure";
}
END
for row in \
    "Sieve by X-Spam-Flag: spam|Junk|flag.sieve|required = -100|headers = spamassassin" \
    "ham|INBOX|flag.sieve|required = 100|headers = spamassassin" \
    "Sieve by X-Spam-Status: spam|Junk|status.sieve|required = -100|headers = spamassassin" \
    "with few fields as well|Junk|status.sieve|required = -100|headers = minimal" \
    "ham|INBOX|status.sieve|required = 100|headers = spamassassin" \
    "Sieve by X-Spam-Level: ham has few stars|INBOX|level.sieve|required = 100|headers = spamassassin" \
    "Sieve by X-Bogosity: spam|Junk|bogosity.sieve|required = -100|headers = bogofilter" \
    "unsure|Unsure|bogosity.sieve|unsure = -100|headers = bogofilter" \
    "ham|INBOX|bogosity.sieve|unsure = 5|headers = bogofilter"; do
    IFS='|' read -r name want script first second <<END
$row
END
    if need_sieve; then
        check "$name" same "$(by_sieve "$script" "$first" "$second")" "$want"
    else
        skip "$name" "sieve-test is not installed"
    fi
done
