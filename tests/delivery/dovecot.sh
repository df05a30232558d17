# dovecot.sh - a Dovecot of our own in the scratch folder, with the example's settings
#
# Everything it writes is below $scratch, nothing of /etc/dovecot is read, and it needs no privilege: mail goes to
# whoever runs the test, or to nobody when that is root.
# shellcheck shell=sh

deliver_as nobody
if [ -n "$mail_user" ]; then
    me=$mail_user
    servers="default_internal_user = dovecot"
else
    me=$(id -un)
    servers="default_internal_user = $me
default_internal_group = $(id -gn)
default_login_user = $me"
fi
dovecot_conf=$scratch/dovecot.conf
script=tamis

# Writes the configuration, with the example's file in the middle and our own paths behind it.
write_dovecot_configuration() {
    mkdir -p "$scratch/sieve" "$scratch/run"
    cp "$TAMIS_SOURCE"/examples/dovecot/*.sieve "$scratch/sieve/"
    cat >"$dovecot_conf" <<END
protocols = lmtp
base_dir = $scratch/run
state_dir = $scratch/run
log_path = $scratch/stderr
mail_location = maildir:~/Maildir
mail_home = $home
first_valid_uid = 1
first_valid_gid = 1
$servers
postmaster_address = postmaster@example.org
hostname = mx.example.org
ssl = no
# Nobody logs in here, but Dovecot wants to know how they would.
passdb {
  driver = static
  args = nologin
}
userdb {
  driver = static
  args = uid=$(id -u "$me") gid=$(id -g "$me") home=$home allow_all_users=yes
}
service auth {
  unix_listener auth-userdb {
    mode = 0600
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service lmtp {
  unix_listener lmtp {
    mode = 0600
  }
}
!include $TAMIS_SOURCE/examples/dovecot/tamis.conf
plugin {
  sieve_before = $scratch/sieve/$script.sieve
  sieve_filter_bin_dir = $scratch/bin
  sieve_execute_bin_dir = $scratch/bin
}
END
    chmod 755 "$scratch/sieve" "$scratch/run"
    # A build with sanitizers maps terabytes; any other must work within what Dovecot grants its services.
    if grep -q __asan_init "$TAMIS"; then echo "default_vsz_limit = 0" >>"$dovecot_conf"; fi
    chmod 644 "$dovecot_conf" "$scratch"/sieve/*
    sievec -c "$dovecot_conf" "$scratch/sieve/$script.sieve" 2>>"$scratch/stderr" && chmod 644 "$scratch"/sieve/*
}

# Adds an IMAP server on a port of its own to the configuration; the password is "secret".
serve_imap() {
    port=$(free_port)
    sed -i 's/^protocols = .*/protocols = lmtp imap/; s/args = nologin/args = password=secret/' "$dovecot_conf"
    cat >>"$dovecot_conf" <<END
disable_plaintext_auth = no
mail_max_userip_connections = 100
namespace inbox {
  inbox = yes
  separator = .
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = $port
  }
  inet_listener imaps {
    port = 0
  }
}
END
}

imap() { python3 "$TAMIS_SOURCE/tests/delivery/imap.py" "$port" "$me" "$@" 2>>"$scratch/stderr"; }

start_server() {
    dovecot -F -c "$dovecot_conf" >>"$scratch/stderr" 2>&1 &
    server=$!
    wait_until test -S "$scratch/run/lmtp"
}

stop_servers() {
    [ -n "${server:-}" ] || return 0
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    server=
}
