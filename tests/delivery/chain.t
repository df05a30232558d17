#!/bin/sh
# chain.t - examples/postfix/gateway as a whole: mail from the Internet through all of it to the user's folders and back
#
# It runs in namespaces of its own: its network has the addresses of strangers, its DNS their names.  The files are
# those of the examples but for paths, the grey list's time and postscreen's, and that one user is enough to have a host
# refused.
. "$(dirname "$0")/private-system.sh"
private_system /usr/lib/postfix/sbin/master
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postfix.sh"
PATH=$PATH:/usr/sbin:/sbin
need_postfix
need python3 openssl ip unbound opendkim opendmarc postgrey policyd-spf dovecot /usr/lib/dovecot/lmtp sievec
[ -r /usr/lib/postfix/sbin/postscreen ] || skip_all "Postfix has no postscreen"
for user in opendkim opendmarc postgrey policyd-spf; do
    getent passwd "$user" >/dev/null || skip_all "the user $user is needed"
done
. "$(dirname "$0")/dovecot.sh"
plan 17

gateway=$TAMIS_SOURCE/examples/postfix/gateway
sender=203.0.113.10 bulk=203.0.113.20 forger=203.0.113.30 nameless=203.0.113.40 hasty=203.0.113.50

# --- the Internet ---------------------------------------------------------------------------------------------------

make_network() {
    ip link set lo up && for address in 192.0.2.25 $sender $bulk $forger $nameless $hasty; do
        ip address add "$address/32" dev lo || return
    done
}

# host NAME ADDRESS: both ways.
host() {
    printf '  local-data: "%s. A %s"\n  local-data-ptr: "%s %s"\n' "$1" "$2" "$2" "$1"
}
# domain NAME ADDRESS DMARC: whose only mail server has that address.
domain() {
    host "mail.$1" "$2"
    printf '  local-data: "%s. A %s"\n  local-data: "%s. MX 10 mail.%s."\n' "$1" "$2" "$1" "$1"
    printf "  local-data: '%s. TXT \"v=spf1 ip4:%s -all\"'\n" "$1" "$2"
    printf "  local-data: '_dmarc.%s. TXT \"v=DMARC1; p=%s\"'\n" "$1" "$3"
}

start_dns() {
    key=$(openssl pkey -in "$scratch/key" -pubout -outform DER | base64 -w 0)
    {
        printf 'server:\n  interface: 127.0.0.1\n  username: ""\n  chroot: ""\n  pidfile: ""\n  use-syslog: no\n'
        printf '  directory: "%s"\n  logfile: "%s/dns.log"\n  module-config: "iterator"\n' "$scratch" "$scratch"
        printf '  local-zone: "." static\n'
        host mx.example.org 192.0.2.25
        printf '  local-data: "example.org. A 192.0.2.25"\n'
        domain sender.example "$sender" reject
        domain bulk.example "$bulk" none
        domain forger.example "$forger" none
        host mail.hasty.example "$hasty"
        printf "  local-data: 'k._domainkey.sender.example. TXT \"v=DKIM1; k=rsa; p=\" \"%s\" \"%s\"'\n" \
            "$(echo "$key" | cut -c 1-200)" "$(echo "$key" | cut -c 201-)"
        printf 'remote-control:\n  control-enable: no\n'
    } >"$scratch/unbound.conf"
    echo 'nameserver 127.0.0.1' >"$scratch/resolv.conf"
    chmod 644 "$scratch/resolv.conf"
    # Where the name server is looked for is a file of the system; this one is seen by the test alone.
    mount --bind "$scratch/resolv.conf" "$(readlink -f /etc/resolv.conf)" || return
    start unbound -d -c "$scratch/unbound.conf" && wait_until resolves
}
resolves() {
    same "$(python3 -c 'import socket; print(socket.gethostbyaddr("203.0.113.10")[0])' 2>&1)" mail.sender.example \
        >/dev/null
}

# --- the gateway ----------------------------------------------------------------------------------------------------

processes=
start() {
    "$@" >>"$scratch/stderr" 2>&1 &
    processes="$processes $!"
}

listens() { # listens PORT
    python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)' "$1" 2>/dev/null
}

start_milters() {
    install -d -o postgrey -g postgrey "$scratch/postgrey" || return
    start opendkim -f -x "$gateway/opendkim.conf" -P "$scratch/opendkim.pid"
    start opendmarc -f -c "$gateway/opendmarc.conf" -P "$scratch/opendmarc.pid"
    start postgrey --inet=127.0.0.1:10023 --dbdir="$scratch/postgrey" --delay=2 --user=postgrey --group=postgrey
    for port in 8891 8893 10023; do wait_until listens "$port" || return; done
}

start_users() {
    write_dovecot_configuration || return
    # Two users, who are one: what is asked is whether others are refused.
    sed -i '/^userdb {/,/^}/d' "$dovecot_conf"
    echo "$me::$(id -u "$me"):$(id -g "$me")::$home::" | sed "p; s/^[^:]*/joe/" >"$scratch/users"
    cat >>"$dovecot_conf" <<END
userdb {
  driver = passwd-file
  args = username_format=%n $scratch/users
}
service lmtp {
  unix_listener $queue/private/dovecot-lmtp {
    user = postfix
    mode = 0600
  }
}
END
    chmod 644 "$scratch/users"
    start_server
}

of_example() {
    sed -e "s|/etc/postfix/relays|$settings_of_postfix/relays|; s|/etc/postfix$|$settings_of_postfix|" \
        -e "s|/etc/postfix/header_checks|$gateway/header_checks|" \
        -e "s|relays --export|relays --set relay_users=1 --export|" \
        -e "s|/etc/postfix-policyd-spf-python|$gateway|; s|/var/vmail/\*/Maildir|$maildir|" \
        -e "s|postfix reload|postfix -c $settings_of_postfix reload|; s|^tamis |$program |" "$gateway/$1"
}

start_gateway() {
    {
        of_example main.cf
        printf \
            'inet_interfaces = 192.0.2.25\nmynetworks = 127.0.0.1\npostscreen_greet_wait = 1s\ninet_protocols = ipv4\n'
    } | write_postfix_main
    of_example master.cf | write_postfix_master
    : >"$settings_of_postfix/relays.cidr"
    chmod 644 "$settings_of_postfix/relays.cidr"
    start_postfix
}

stop_servers() {
    stop_postfix
    for process in $processes ${server:-}; do kill "$process" 2>/dev/null; done
}

# --- what strangers say ---------------------------------------------------------------------------------------------

# say FROM-ADDRESS HELO ENVELOPE-SENDER RECIPIENT FILE: the last reply of the server, of each who is in the way.
say() {
    python3 - "$@" <<'END'
import smtplib, sys
address, helo, sender, recipient, path = sys.argv[1:]
with open(path, "rb") as file:
    text = file.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
try:
    with smtplib.SMTP("192.0.2.25", 25, local_hostname=helo, timeout=60, source_address=(address, 0)) as link:
        for command in (lambda: link.ehlo(), lambda: link.mail(sender), lambda: link.rcpt(recipient),
                        lambda: link.data(text)):
            code, said = command()
            if code >= 400:
                break
        print(code, said.decode("utf-8", "replace").replace("\n", " "))
except smtplib.SMTPException as error:
    print(error)
END
}

replies() { # replies PATTERN SAY-ARGUMENTS...
    pattern=$1
    shift
    said=$(say "$@")
    echo "$said" | grep -Eq "$pattern" || complain "$said"
}

# comes ... : accepted once the grey list knows who it is.
comes() {
    replies '^450 .*[Gg]reylist' "$@" && sleep 3 && replies '^250 ' "$@" && wait_until queue_is_empty
}

letter() { # letter NUMBER FROM [FIELD]
    {
        printf 'From: %s\nTo: joe@example.org\nSubject: number %s\nDate: %s\n' "$2" "$1" "$(date -R)"
        printf 'Message-ID: <%s@%s>\n%s\nSee you at noon, says number %s.\n' "$1" "${2#*@}" "${3:+$3
}" "$1"
    } >"$scratch/letter.$1"
    echo "$scratch/letter.$1"
}

# Signs as sender.example does, by OpenDKIM itself.
sign() { # FILE
    cat >"$scratch/sign.conf" <<END
Mode s
Domain sender.example
Selector k
KeyFile $scratch/key
RequireSafeKeys no
Canonicalization relaxed/relaxed
Socket local:$scratch/sign
END
    sed 's/$/\r/' "$1" >"$1.crlf"
    opendkim -x "$scratch/sign.conf" -t "$1.crlf" -vvv 2>>"$scratch/stderr" |
        perl -0777 -ne "print qq(DKIM-Signature: \$1\n) if /hname='DKIM-Signature' hvalue='([^']*)'/" >"$1.signed"
    cat "$1" >>"$1.signed"
    echo "$1.signed"
}

# ------------------------------------------------------------------------------------------------------------------

use_program sound
openssl genrsa -out "$scratch/key" 2048 2>/dev/null
new_home "authserv_id = mx.example.org" 'own_domains = example.org' 'note_relays = yes'
echo 'ann@sender.example' >"$home/.config/tamis/allow"
echo '@bulk.example' >"$home/.config/tamis/deny"
hand_over
check "the network, its names, and the milters are there" eval 'make_network && start_dns && start_milters'
check "Dovecot and Postfix start with the examples" eval 'start_gateway && start_users'

inbox_has() { grep -lq "$1" $(delivered_in "") /dev/null || complain "not in the inbox: $1"; }
the_one() { grep -l "$1" $(delivered_in ""; delivered_in .Junk) /dev/null; }
unfolded() { perl -0777 -pe 's/\n\n.*//s; s/\n[ \t]+/ /g' "$(the_one "$1")"; }

signed=$(sign "$(letter 1 ann@sender.example)")
check "the test's letter is signed" grep -q '^DKIM-Signature: ' "$signed"
# Whoever forges a result in our name is not believed, nor left in.
sed -i '1i Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example' "$signed"
check "a stranger waits once on the grey list, and is let in" \
    comes "$sender" mail.sender.example ann@sender.example joe@example.org "$signed"
check "ham is in the inbox" inbox_has 'says number 1[.]'
authenticated() {
    unfolded 'says number 1[.]' >"$scratch/header"
    for result in spf=pass dkim=pass dmarc=pass; do
        grep -q "^Authentication-Results: mx.example.org;.*$result" "$scratch/header" ||
            complain "no $result: $(grep -i authentication "$scratch/header")" || return
    done
    ! grep -q bank.example "$scratch/header" || complain "the forged result is still there"
}
check "SPF, DKIM and DMARC were checked, and a forged result removed" authenticated
check "tamis believes them: an allowed sender is one" eval 'unfolded "says number 1[.]" | grep -q ALLOWED_SENDER'

check "spam comes in" comes "$bulk" mail.bulk.example x@bulk.example joe@example.org "$(letter 2 x@bulk.example)"
check "and lies in Junk" eval 'same "$(count_in .Junk)" 1 && grep -q "says number 2" $(delivered_in .Junk)'

check "a forged envelope is refused, for SPF" \
    replies '^550 .*(SPF|spf)' "$forger" mail.forger.example ann@sender.example joe@example.org \
        "$(letter 3 ann@sender.example)"
forged_from() {
    say "$forger" mail.forger.example x@forger.example joe@example.org "$(letter 4 ann@sender.example)" >/dev/null
    sleep 3
    replies '^550 .*DMARC' "$forger" mail.forger.example x@forger.example joe@example.org "$scratch/letter.4"
}
check "a forged From is refused, for DMARC" forged_from
bad_helo() {
    for helo in localhost mx.example.org example.org 'a b' '-x-'; do
        replies '^5[05][0-9] ' "$bulk" "$helo" x@bulk.example joe@example.org "$scratch/letter.2" || return
    done
}
check "a HELO that is none, or ours, is refused" bad_helo
check "a host without a name waits" \
    replies '^450 .*reverse' "$nameless" mail.nameless.example x@bulk.example joe@example.org "$scratch/letter.2"
check "an unknown recipient is refused, and not bounced" \
    replies '^550 .*' "$sender" mail.sender.example ann@sender.example nobody-here@example.org "$scratch/letter.1"
hasty() {
    said=$(python3 -c '
import socket, sys
link = socket.create_connection(("192.0.2.25", 25), 30, (sys.argv[1], 0))
replies = link.makefile("rb")
link.sendall(b"EHLO mail.hasty.example\r\n")
for command in (b"", b"MAIL FROM:<x@bulk.example>\r\n", b"RCPT TO:<joe@example.org>\r\n"):
    link.sendall(command)
    line = replies.readline()
    while line[3:4] == b"-" or line[:3] == b"220":
        line = replies.readline()
print(line.decode())' "$hasty" 2>&1)
    echo "$said" | grep -q '^5[0-9][0-9] 5.5.1 Protocol error' || complain "$said"
}
check "who speaks before the greeting is refused by postscreen" hasty

exported() {
    comes_again() {
        replies '^250 ' "$bulk" mail.bulk.example x@bulk.example joe@example.org "$1" && wait_until queue_is_empty
    }
    comes_again "$(letter 5 x@bulk.example)" || return
    for file in $(delivered_in .Junk); do as_mail_user "$program" learn --quiet --spam "$file" || return; done
    of_example refuse-relays >"$scratch/refuse-relays" &&
        PATH=/usr/bin:/bin sh "$scratch/refuse-relays" || return # as cron starts it
    grep -q "^$bulk 450" "$settings_of_postfix/relays.cidr" || complain "$("$program" relays --all-users "$maildir")"
}
check "what the user calls spam makes its host one to refuse" exported
refused() {
    replies '^450 .*Spam came from your host' "$bulk" mail.bulk.example x@bulk.example joe@example.org \
        "$scratch/letter.5" &&
        replies '^250 ' "$sender" mail.sender.example ann@sender.example joe@example.org \
            "$(sign "$(letter 6 ann@sender.example)")"
}
check "and Postfix refuses it, and nobody else" refused
