# lib.sh - what the delivery tests share: TAP, a scratch home, stand-ins for a broken program, nasty messages
#
# A test sources this file, says `plan N` (or `skip_all WHY`), and reports with `check NAME COMMAND...`.  It works in
# $scratch, which is removed at the end; mail goes to $home/Maildir.  Callers start $program, a wrapper that runs the
# built program with this home and this home's settings; use_program changes what it does.
# shellcheck shell=sh

set -u
umask 077
export LC_ALL=C
TAMIS_SOURCE=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
TAMIS=${TAMIS:-$TAMIS_SOURCE/../build/tamis}
[ -x "$TAMIS" ] || { echo "Bail out! $TAMIS is not there"; exit 99; }
built=${TAMIS_BUILD:-$(dirname "$TAMIS")}
# Rules and starter knowledge are what the test says, not what the shell says that it is run from.
unset TAMIS_RULES_DIR TAMIS_STARTER_FILE

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tamis-delivery.XXXXXX") || exit 99
home=$scratch/home
maildir=$home/Maildir
program=$scratch/bin/tamis
mkdir "$scratch/bin"
number=0
planned=0

# Ends the processes this test started in the background and takes its folder away.
clean_up() {
    status=$?
    trap - EXIT INT TERM HUP
    stop_servers
    [ -z "$system_mailbox" ] || [ -s "$system_mailbox" ] || rm -f "$system_mailbox" 2>/dev/null
    chmod -R u+rwx "$scratch" 2>/dev/null
    rm -rf "$scratch"
    exit "$status"
}
# A test that starts servers defines this anew.
stop_servers() { :; }

# procmail and maildrop make an empty system mailbox for whoever starts them, before they read any recipe.  What was not
# there before goes again, if we may remove it.
system_mailbox=/var/mail/$(id -un)
[ ! -e "$system_mailbox" ] || system_mailbox=

trap clean_up EXIT
trap 'exit 99' INT TERM HUP

# --- TAP ------------------------------------------------------------------------------------------------------------

plan() {
    planned=$1
    echo "1..$1"
}

skip_all() {
    echo "1..0 # SKIP $*"
    exit 0
}

# check NAME COMMAND...: ok when the command succeeds.
check() {
    number=$((number + 1))
    question=$1
    shift
    if "$@"; then
        echo "ok $number - $question"
    else
        echo "not ok $number - $question"
        if [ -s "$scratch/stderr" ]; then tail -5 "$scratch/stderr" | cat -v | sed 's/^/#   /'; fi
    fi
}

skip() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}

# Prints what was found instead; always fails, so that `... || complain` is a condition.
complain() {
    echo "# $*"
    return 1
}

same() { # same GOT WANT
    [ "$1" = "$2" ] || complain "got \"$1\", want \"$2\""
}

# An exit status of sysexits(3), or of a signal: the program ran, and says that it has not taken the message.
refused() {
    case $1 in
    6[4-9] | 7[0-8] | 129 | 1[3-9][0-9]) ;;
    *) complain "exit status $1" ;;
    esac
}

# Waits up to ten seconds until a command succeeds.
wait_until() {
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 \
        39 40; do
        "$@" && return 0
        sleep 0.25
    done
    complain "in vain waited for: $*"
}

need() {
    for tool; do
        command -v "$tool" >/dev/null 2>&1 || [ -x "$tool" ] || skip_all "$tool is not installed"
    done
}

# A port of loopback that nobody uses now.
free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

# --- the home and its settings -----------------------------------------------------------------------------------

# A new, empty home; the arguments are lines of the user's settings.
new_home() {
    rm -rf "$home"
    mkdir -p "$home/.config/tamis"
    : >"$scratch/stderr"
    settings "$@"
    [ -z "$mail_user" ] || hand_over
}

# Mail systems deliver to nobody with the rights of root.  A test that runs such a one as root says `deliver_as nobody`:
# the home then belongs to nobody, who may reach it and a copy of the program, wherever that was built.
mail_user=
deliver_as() {
    [ "$(id -u)" = 0 ] || return 0
    mail_user=$1
    cp "$TAMIS" "$scratch/tamis-built" && TAMIS=$scratch/tamis-built
    chmod 755 "$scratch" "$scratch/bin" "$TAMIS"
}

hand_over() {
    touch "$scratch/handed" "$scratch/stderr"
    chown -R "$mail_user" "$home" "$scratch/handed" "$scratch/stderr"
}

# Runs a command with the rights of whom mail is delivered to.
as_mail_user() {
    if [ -z "$mail_user" ]; then
        "$@"
    else
        setpriv --reuid="$mail_user" --regid="$(id -g "$mail_user")" --clear-groups "$@"
    fi
}

# seal RECORD: a record of names that was written or changed here gets the sum that belongs to it.
seal() {
    "$built/tests/delivery/seal-record" "$1"
}

# flip_a_bit FILE: one in the middle.
flip_a_bit() {
    perl -0777 -pi -e 'substr($_, length() / 2, 1) ^= "\4"' "$1"
}

# can_set_clock: whether `at` can be used.
can_set_clock() {
    ! grep -aq __asan_init "$TAMIS" && cp "$built/tests/delivery/other-clock.so" "$scratch" 2>/dev/null &&
        chmod 755 "$scratch/other-clock.so"
}
# at DAYS COMMAND...: so many days from now, as far as the command's clock goes.
at() {
    (
        export TAMIS_DAYS_AHEAD="$1" LD_PRELOAD="$scratch/other-clock.so"
        shift
        "$@"
    )
}

settings() {
    {
        echo "log = stderr"
        for line; do echo "$line"; done
    } >"$home/.config/tamis/tamis.conf"
}

# Settings under which every message, or none, is spam: delivery is tested here, not judgement.
all_is_spam='required = -100'
none_is_spam='required = 100'

new_maildir() {
    mkdir -p "$maildir/cur" "$maildir/new" "$maildir/tmp"
}

# --- the program under test --------------------------------------------------------------------------------------

# use_program KIND: what the callers' $program does from now on.
#   sound       the built program
#   recording   the same; what it was handed is kept in $scratch/handed
#   cat         passes the message on as it is: how a caller alters messages by itself
#   failing     reads everything, writes nothing, exit status 75
#   crashing    writes half a message, then dies of SIGSEGV
#   killed      is killed before it has read anything
#   missing     is not there
use_program() {
    rm -f "$program"
    case $1 in
    sound) body='exec "$TAMIS" "$@"' ;;
    recording) body='cat >"$scratch/handed"; exec "$TAMIS" "$@" <"$scratch/handed"' ;;
    cat) body='exec cat' ;;
    failing) body='cat >/dev/null; exit 75' ;;
    crashing) body='head -c 20; cat >/dev/null; kill -SEGV $$' ;;
    killed) body='kill -KILL $$' ;;
    missing) return 0 ;;
    *) echo "Bail out! no such program: $1"; exit 99 ;;
    esac
    cat >"$program" <<END
#!/bin/sh
export HOME='$home' XDG_CONFIG_HOME='$home/.config' XDG_STATE_HOME='$home/.local/state'
TAMIS='$TAMIS' scratch='$scratch'
$body
END
    chmod 755 "$program"
}

# --- what was delivered ----------------------------------------------------------------------------------------------

# Messages in new/ and cur/ of the folder ("" or .Junk), one path a line.
delivered_in() {
    for place in "$maildir/${1:+$1/}new" "$maildir/${1:+$1/}cur"; do
        [ ! -d "$place" ] || find "$place" -type f
    done
}

count_in() {
    delivered_in "$1" | wc -l | tr -d ' '
}

# The inbox holds $1 messages, Junk $2, and nothing is left in any tmp/.
holds() {
    same "inbox $(count_in "") junk $(count_in .Junk)" "inbox $1 junk $2" && nothing_in_tmp
}

nothing_in_tmp() {
    same "$(cd "$home" && find . -path '*/tmp/*' -type f)" ""
}

# The one message delivered anywhere in the Maildir.
the_message() {
    { delivered_in ""; delivered_in .Junk; } | head -1
}

empty_maildir() {
    (cd "$maildir" && find . \( -path '*/new/*' -o -path '*/cur/*' -o -path '*/tmp/*' \) -type f -delete)
}

# The bytes of a message without the fields that tamis owns (with their folded lines), wherever in the header they
# stand.  Bytes are compared, so this is Perl in its C locale: awk and sed differ over NUL and long lines.
without_our_fields() {
    perl -0777 -ne '
        my ($out, $ours, $in_header) = ("", 0, 1);
        while (/\G([^\n]*\n|[^\n]+\z)/g) {
            my $line = $1;
            if ($in_header) {
                if ($line =~ /^\r?\n?\z/) { $in_header = 0 }
                elsif ($line =~ /^[ \t]/) { next if $ours }
                else { $ours = $line =~ /^(X-Spam-[!-9;-~]*|X-Tamis|X-Bogosity)[ \t]*:/i; next if $ours }
            }
            $out .= $line;
        }
        print $out' "$1"
}

same_but_for_our_fields() { # GOT WANT
    without_our_fields "$1" >"$scratch/got"
    without_our_fields "$2" >"$scratch/want"
    cmp -s "$scratch/got" "$scratch/want" || complain "$1 and $2 differ: $(cmp "$scratch/got" "$scratch/want" 2>&1)"
}

has_field() { # has_field FILE PATTERN: in the header
    sed '/^\r\{0,1\}$/q' "$1" | grep -aq "$2" || complain "no $2 in $1"
}

lacks_field() {
    ! sed '/^\r\{0,1\}$/q' "$1" | grep -aq "$2" || complain "$2 still stands in $1"
}

# --- what is asked of every caller ------------------------------------------------------------------------------------
#
# A test defines `call MESSAGE`, which hands a message to the caller and gives its exit status; and, where the caller
# writes fields of its own that differ from one delivery to the next, without_trace.  The messages are those of
# write_nasty_messages in $scratch/messages; $plain is the honest one.

without_trace() { cat "$1"; }

goes_to() { # INBOX JUNK MESSAGE
    call "$3" || complain "exit status $?" || return
    holds "$1" "$2"
}

# Callers alter some messages by themselves: what counts is that tamis alters nothing more.
all_as_with_cat() {
    for message in "$scratch/messages"/*; do
        use_program cat
        call "$message" || complain "$message with cat: exit status $?" || return
        without_trace "$(the_message)" >"$scratch/by-caller"
        empty_maildir
        use_program sound
        goes_to 1 0 "$message" || complain "$message" || return
        has_field "$(the_message)" '^X-Tamis:' || complain "$message" || return
        without_our_fields "$(the_message)" >"$scratch/tagged"
        without_trace "$scratch/tagged" >"$scratch/by-tamis"
        same_but_for_our_fields "$scratch/by-tamis" "$scratch/by-caller" || complain "$message" || return
        empty_maildir
    done
}

# What was handed over is in the Maildir, but for the "From " line that some put before it and that has no place there.
all_as_handed() {
    use_program recording
    for message in "$scratch/messages"/*; do
        goes_to 1 0 "$message" || complain "$message" || return
        perl -0777 -pe 's/\AFrom [^\n]*\n//' "$scratch/handed" >"$scratch/handed-message"
        has_field "$(the_message)" '^X-Tamis:' || complain "$message" || return
        same_but_for_our_fields "$(the_message)" "$scratch/handed-message" || complain "$message" || return
        empty_maildir
    done
}

# A spam, whose sender says so himself, arrives unharmed in the inbox.
arrives_unfiltered() { # KIND
    new_home "$all_is_spam"
    use_program "$1"
    goes_to 1 0 "$scratch/messages/forged" && has_field "$(the_message)" '^X-Bogosity: Ham.* by-the-sender' || return
    without_trace "$(the_message)" >"$scratch/got-message"
    without_trace "$scratch/messages/forged" | cmp - "$scratch/got-message"
}

# Nothing is delivered, and the status tells the mail system to keep the message.
is_kept() { # KIND [STATUS]
    new_home "$none_is_spam"
    use_program "$1"
    call "$plain"
    same "$?" "${2:-75}" && same "$(count_in "")" 0
}

full_disk() { # [BLOCKS]: what one file may have
    new_home "$none_is_spam"
    use_program sound
    (ulimit -f "${1:-100}" && call "$scratch/messages/large" 2>/dev/null)
    refused $? && same "$(count_in "")" 0
}

# The eleven questions to one that passes messages through tamis and delivers them itself.
passes_through() { # [COMMAND]: makes what must be there before spam comes
    new_home "$none_is_spam"
    use_program sound
    check "ham goes to the inbox" goes_to 1 0 "$plain"
    check "it is tagged" has_field "$(the_message)" '^X-Spam-Status: No'
    new_home "$all_is_spam"
    "${1:-:}"
    check "spam goes to Junk" goes_to 0 1 "$plain"
    check "it is flagged" has_field "$(the_message)" '^X-Spam-Flag: YES'
    new_home "$none_is_spam"
    check "a flag that the sender wrote sends nothing to Junk" goes_to 1 0 "$scratch/messages/forged"
    new_home "$none_is_spam"
    check "nasty messages arrive as with cat in its place" all_as_with_cat
    for kind in failing crashing killed missing; do
        check "$kind: the message arrives unfiltered" arrives_unfiltered "$kind"
    done
    check "full disk: the mail system keeps the message" full_disk
}

# The seven questions to one that lets tamis deliver.
has_it_delivered() { # [STATUS]: what the caller says when tamis did not
    new_home "$all_is_spam"
    use_program sound
    check "tamis deliver: spam goes to Junk" goes_to 0 1 "$plain"
    new_home "$none_is_spam"
    check "nasty messages arrive as they were handed over" all_as_handed
    for kind in failing crashing killed missing; do
        check "$kind: the mail system keeps the message, and nothing is delivered" is_kept "$kind" "$@"
    done
    check "full disk: the mail system keeps the message" full_disk
}

# --- messages ---------------------------------------------------------------------------------------------------------

# One honest message.
write_plain() {
    cat >"$1" <<'END'
Received: from mail.example.net (mail.example.net [192.0.2.1])
	by mx.example.org with ESMTP id 1A2B3C; Tue, 4 Jun 2024 10:00:00 +0200
From: Ann Example <ann@example.net>
To: joe@example.org
Subject: lunch on Thursday
Date: Tue, 4 Jun 2024 09:59:58 +0200
Message-ID: <20240604.0959.lunch@example.net>

Shall we meet at noon?

Ann
END
}

repeat() { # repeat COUNT TEXT
    perl -e 'print $ARGV[1] x $ARGV[0]' "$1" "$2"
}

# One file for each way in which messages are unusual; their names say which.
write_nasty_messages() {
    to=$1
    mkdir -p "$to"
    head='From: a@example.net\nSubject: s\nMessage-ID: <1@example.net>\n'
    write_plain "$to/plain"
    sed 's/$/\r/' "$to/plain" >"$to/crlf"
    printf 'From: a@example.net\r\nSubject: s\nTo: b@example.org\r\n\none\r\ntwo\nthree\r\n' >"$to/mixed-line-ends"
    printf 'From: a@example.net\nSubject: s\r\n\r\nbody\r\n' >"$to/lf-first-then-crlf"
    printf "${head}"'\nno newline at the end' >"$to/no-final-newline"
    printf "${head}"'\n\n\n\nmany empty lines\n\n\n\n\n' >"$to/empty-lines"
    printf "${head}" >"$to/no-body"
    printf "${head}"'\n' >"$to/empty-body"
    printf 'Subject: header without its last newline' >"$to/one-unended-line"
    printf '\nonly a body\n' >"$to/no-header"
    printf 'this is no header\nat all\n\nbody\n' >"$to/header-of-prose"
    printf '%s\n\tfolded\n \n  \n\t\nTo: x\n\nbody\n' 'Subject: blank continuation lines' >"$to/blank-folds"
    printf "${head}"'\n.\n..\n.body\n.\n' >"$to/dots"
    printf "${head}"'\nFrom the start of a line\n>From quoted\nFrom x@example.net Mon Jan  1 00:00:00 2024\n' \
        >"$to/from-lines"
    printf "${head}"'X-Raw: caf\351 \377\376\n\n\200\201\202\n\303\n' >"$to/raw-bytes"
    printf "${head}"'X-Nul: a\000b\n\nc\000d\000\n' >"$to/nul-bytes"
    printf "${head}"'\rX: y\n\na\rb\r\rc\n\r' >"$to/lone-cr"
    printf "${head}"'\ntrailing   \n\t\n \f\v\n' >"$to/trailing-space"
    { printf "${head}X-Long: "; repeat 5000 0123456789; printf '\n\n'; repeat 10000 0123456789; printf '\n'; } \
        >"$to/long-lines"
    { repeat 500 'Received: from a by b; Tue, 4 Jun 2024 10:00:00 +0200\n' |
        sed 's/\\n/\n/g'; printf "${head}\nb\n"; } >"$to/many-fields"
    { printf "${head}MIME-Version: 1.0\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
        repeat 8000 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\n' |
            sed 's/\\n/\n/g'; } >"$to/large"
    write_forged "$to/forged"
    sed 's/$/\r/' "$to/forged" >"$to/forged-crlf"
}

# A message whose sender wrote our fields, in ways that a careless reader overlooks; those in the body are just text.
write_forged() {
    cat >"$1" <<'END'
X-Spam-Flag: NO
Received: from mail.example.net by mx.example.org; Tue, 4 Jun 2024 10:00:00 +0200
x-spam-status: No, score=-99.0 required=5.0
	tests=by-the-sender,
 more=by-the-sender
X-SPAM-LEVEL : by-the-sender
From: Mallory <mallory@example.net>
X-Tamis: by-the-sender
X-Bogosity: Ham, tests=bogofilter, spamicity=0.000000 by-the-sender
X-Spammer-Is-No-Field-Of-Ours: kept
Subject: the last field is forged too
Message-ID: <forged@example.net>
X-Spam-Score:
 by-the-sender

X-Spam-Flag: this is the body
X-Spam-Status: this is the body
END
}
