#!/bin/sh
# soak.t - mail through Postfix, tamis and Dovecot while what tamis asks dies, hangs and comes back: every message once
#
# Half of the mail goes by LMTP to Dovecot, whose Sieve script passes it through `tamis filter`; half by a pipe to
# `tamis deliver`.  What is learned is in Redis, clamd scans, and DNS lists are asked of NSD; soak.py sends the mail,
# breaks these three at random, and counts.  A few seconds, 20 with `make check-long`; TAMIS_SOAK_SECONDS=1800 is the
# half hour of doc/SCALING.md, TAMIS_SEED repeats a run, TAMIS_SOAK_LOG keeps what Postfix and Dovecot said.
. "$(dirname "$0")/../delivery/lib.sh"
. "$TAMIS_SOURCE/tests/delivery/postfix.sh"
need_postfix
need python3 setpriv dovecot /usr/lib/dovecot/lmtp sievec redis-server clamd nsd
TAMIS_MODULE_DIR=${TAMIS_MODULE_DIR:-${TAMIS_BUILD:-$(dirname "$TAMIS")}}
[ -e "$TAMIS_MODULE_DIR/tamis-store-redis.so" ] || skip_all "built without Redis"
. "$TAMIS_SOURCE/tests/delivery/dovecot.sh"

seconds=${TAMIS_SOAK_SECONDS:-6}
[ -z "${TAMIS_LONG:-}" ] || seconds=${TAMIS_SOAK_SECONDS:-20}
# In a few seconds it is left to chance whether a message meets a fault.
[ "$seconds" -lt 20 ] && plan 8 || plan 9

# The user, who is nobody, may reach neither our build nor our source.
cp -r "$TAMIS_SOURCE/data/rules" "$scratch/rules" && mkdir "$scratch/modules" &&
    cp "$TAMIS_MODULE_DIR"/tamis-*.so "$scratch/modules/" && chmod -R a+rX "$scratch/rules" "$scratch/modules"

write_program() {
    cat >"$program" <<END
#!/bin/sh
export HOME='$home' USER=nobody XDG_CONFIG_HOME='$home/.config' XDG_STATE_HOME='$home/.local/state'
export TAMIS_MODULE_DIR='$scratch/modules' TAMIS_RULES_DIR='$scratch/rules'
exec '$TAMIS' "\$@"
END
    chmod 755 "$program"
}

write_user() {
    new_home 'store = redis' "redis_server = unix:$scratch/redis/socket" 'redis_timeout = 1000' \
        "clamd = unix:$scratch/clamd/socket" 'clamd_timeout = 2000' "dns_server = 127.0.0.1:$dns_port" \
        'dns_timeout = 400' \
        'own_domains = example.org' '[dns_list zen]' 'zone = ip.example' 'points = 1'
}

# The pattern of EICAR's test string (eicar.org), in hexadecimal.
eicar=58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d
eicar=${eicar}5354414e444152442d414e544956495255532d544553542d46494c452124482b482a

write_clamd() {
    mkdir -p "$scratch/clamd/signatures" "$scratch/clamd/tmp"
    echo "Eicar-Test:0:*:$eicar" >"$scratch/clamd/signatures/own.ndb"
    cat >"$scratch/clamd/conf" <<END
LocalSocket $scratch/clamd/socket
LocalSocketMode 666
FixStaleSocket yes
DatabaseDirectory $scratch/clamd/signatures
TemporaryDirectory $scratch/clamd/tmp
LogFile $scratch/clamd/log
LogFileMaxSize 0
Foreground yes
OfficialDatabaseOnly no
ConcurrentDatabaseReload no
Bytecode no
MaxThreads 4
END
    chmod 755 "$scratch/clamd"
}

write_nsd() {
    mkdir -p "$scratch/dns/zones"
    printf '%s\n' '$ORIGIN ip.example.' '$TTL 5' '@ SOA ns.invalid. root.invalid. 1 3600 600 86400 5' \
        '@ NS ns.invalid.' '2.0.0.127 A 127.0.0.2' '*.113.0.203 A 127.0.0.2' >"$scratch/dns/zones/ip.example"
    cat >"$scratch/dns/conf" <<END
server:
  ip-address: 127.0.0.1
  port: $dns_port
  username: "$(id -un)"
  zonesdir: "$scratch/dns/zones"
  pidfile: "$scratch/dns/pid"
  database: ""
  xfrdfile: ""
  xfrdir: "$scratch/dns"
  zonelistfile: "$scratch/dns/zone.list"
  logfile: "$scratch/dns/log"
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: ip.example
  zonefile: ip.example
END
}

write_mail_servers() {
    write_dovecot_configuration || return
    cat >>"$dovecot_conf" <<END
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp_port
  }
}
END
    # soak.py says by XCLIENT that it is a stranger outside: that is what Postfix writes into Received.
    write_postfix_main <<END
mydestination =
virtual_mailbox_domains = lmtp.example.org, pipe.example.org
transport_maps = inline:{ lmtp.example.org=lmtp:inet:127.0.0.1:$lmtp_port, pipe.example.org=tamis: }
tamis_destination_recipient_limit = 1
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
default_process_limit = 12
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
smtpd_client_connection_count_limit = 0
END
    write_postfix_master <<END
127.0.0.1:$smtp_port inet n - n - - smtpd
lmtp      unix  -  -  n  -  -  lmtp
tamis     unix  -  n  n  -  8  pipe
  flags=R user=nobody null_sender=
  argv=$program deliver
END
}

# The servers that soak.py has started end with it; those of the mail end here.
stop_servers() {
    [ -z "${driver:-}" ] || { kill "$driver" 2>/dev/null; wait "$driver" 2>/dev/null; driver=; }
    stop_postfix
    [ -n "${server:-}" ] || return 0
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    server=
}
keep_log() { [ -z "${TAMIS_SOAK_LOG:-}" ] || cp "$scratch/stderr" "$TAMIS_SOAK_LOG"; }

dns_port=$(free_port) && lmtp_port=$(free_port) && smtp_port=$(free_port)
write_program
write_user
write_clamd
write_nsd
check "Dovecot and Postfix start" eval 'write_mail_servers && start_server && start_postfix'

TAMIS="$TAMIS" python3 -B "$TAMIS_SOURCE/tests/fault/soak.py" --scratch "$scratch" --smtp "$smtp_port" \
    --seconds "$seconds" --seed "${TAMIS_SEED:-$(($(date +%s) / 86400))}" >"$scratch/result" &
driver=$!
wait "$driver"
status=$?
driver=
keep_log
sed 's/^/# /' "$scratch/result"

figure() { sed -n "s/^$1: //p" "$scratch/result"; }
some() { [ "$(figure "$1")" -gt 0 ] 2>/dev/null || complain "$1: \"$(figure "$1")\""; }

check "the run came to its end" same "$status" 0
check "messages were sent" some sent
check "faults were injected" some faults
check "none is lost" same "$(figure lost)" 0
check "none is doubled" same "$(figure doubled)" 0
check "none is altered but for fields added on the way" same "$(figure altered)" 0
check "tamis was at work: learned state, scanner and lists were heard" \
    eval 'some learned && some infected && some listed'
[ "$seconds" -lt 20 ] || check "and gone in between: mail was judged without one of them" some without
