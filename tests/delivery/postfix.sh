# postfix.sh - a Postfix of our own in the scratch folder: its own settings, its own queue, no network but loopback
#
# A test sources lib.sh first, calls need_postfix, then writes its own part of main.cf and master.cf to the streams of
# write_postfix_main and write_postfix_master.  Nothing of /etc/postfix is read.
# shellcheck shell=sh
PATH=$PATH:/usr/sbin

settings_of_postfix=$scratch/postfix
queue=$scratch/queue

need_postfix() {
    need postfix postmap postqueue sendmail
    [ "$(id -u)" = 0 ] || skip_all "Postfix can only be started by root"
    [ -r /usr/lib/postfix/sbin/master ] || skip_all "Postfix is not where Debian puts it"
    getent passwd postfix nobody >/dev/null || skip_all "the users postfix and nobody are needed"
}

# What every Postfix needs that is kept apart from the system's; the test's settings come from stdin.
write_postfix_main() {
    mkdir -p "$settings_of_postfix" "$queue" "$scratch/data"
    chown postfix "$scratch/data"
    chmod 755 "$settings_of_postfix" "$queue"
    {
        cat - <<END
compatibility_level = 3.6
queue_directory = $queue
data_directory = $scratch/data
maillog_file = $scratch/stderr
maillog_file_prefixes = $scratch
myhostname = mx.example.org
inet_interfaces = loopback-only
alias_maps =
alias_database =
biff = no
END
        cat
    } >"$settings_of_postfix/main.cf"
    chmod 644 "$settings_of_postfix/main.cf"
}

# The services that mail needs on its way from the queue; those that let it in, and the test's own, come from stdin.
write_postfix_master() {
    {
        cat - <<END
pickup    unix  n  -  n  60  1  pickup
cleanup   unix  n  -  n  -   0  cleanup
qmgr      unix  n  -  n  300 1  qmgr
rewrite   unix  -  -  n  -   -  trivial-rewrite
bounce    unix  -  -  n  -   0  bounce
defer     unix  -  -  n  -   0  bounce
trace     unix  -  -  n  -   0  bounce
flush     unix  n  -  n  1000? 0 flush
proxymap  unix  -  -  n  -   -  proxymap
showq     unix  n  -  n  -   -  showq
error     unix  -  -  n  -   -  error
retry     unix  -  -  n  -   -  error
discard   unix  -  -  n  -   -  discard
local     unix  -  n  n  -   -  local
postlog   unix-dgram n - n - 1 postlogd
END
        cat
    } >"$settings_of_postfix/master.cf"
    chmod 644 "$settings_of_postfix/master.cf"
}

start_postfix() {
    postfix -c "$settings_of_postfix" start >"$scratch/start" 2>&1 || { sed 's/^/# /' "$scratch/start"; return 1; }
    wait_until test -S "$queue/public/pickup"
}

stop_postfix() {
    [ ! -e "$queue/pid/master.pid" ] || postfix -c "$settings_of_postfix" stop >/dev/null 2>&1
}

queued() {
    (cd "$queue" && find maildrop incoming active deferred -type f 2>/dev/null)
}

queue_is_empty() { [ -z "$(queued)" ]; }
queue_is_deferred() { [ -n "$(cd "$queue" && find deferred -type f 2>/dev/null)" ] && ! queued | grep -qv ^deferred; }
