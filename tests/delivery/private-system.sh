# private-system.sh - for mail servers whose places and users are compiled into them: a system of the test's own
#
# A test sources this before lib.sh and calls `private_system PROGRAM`.  It then runs anew in namespaces of its own
# (unshare): what it mounts, which processes it starts and which ports it opens is seen by nobody else, and all of it is
# gone when the test ends, however it ends.  The server is the system's, or one of those that
# tests/delivery/fetch-mail-servers unpacked.  Without root, namespaces or the server the test is skipped.
# shellcheck shell=sh

mail_servers=${TAMIS_MAIL_SERVERS:-${TAMIS_BUILD:-/nonexistent}/mail-servers}

skip_test() {
    echo "1..0 # SKIP $*"
    exit 0
}

private_system() { # PROGRAM: sets $server_root to "" or the folder that the server lies in
    server_root=
    if [ ! -x "$1" ]; then
        server_root=$mail_servers
        [ -x "$server_root$1" ] ||
            skip_test "$1 is not installed, and tests/delivery/fetch-mail-servers has not fetched it"
    fi
    [ -z "${TAMIS_PRIVATE_SYSTEM:-}" ] || return 0
    [ "$(id -u)" = 0 ] || skip_test "mail servers can only be started by root"
    unshare --mount --pid --net --fork --mount-proc mount -t tmpfs tmpfs /run 2>/dev/null ||
        skip_test "this system allows no namespaces"
    export TAMIS_PRIVATE_SYSTEM=yes
    exec unshare --mount --pid --net --fork --kill-child --mount-proc sh "$0"
}

# Lets the loader find the libraries that were unpacked with the server; a variable would not do for programs with
# set-user-ID.
own_libraries() {
    [ -n "$server_root" ] || return 0
    cp /etc/ld.so.cache "$scratch/ld.so.cache" &&
        /sbin/ldconfig -C "$scratch/ld.so.cache" "$server_root"/usr/lib/*-linux-gnu 2>/dev/null &&
        chmod 644 "$scratch/ld.so.cache" && mount --bind "$scratch/ld.so.cache" /etc/ld.so.cache
}

# Makes a folder of the system an empty one, which is gone with the test.
own_folder() { # PATH...
    for path; do
        mkdir -p "$path" 2>/dev/null
        mount -t tmpfs -o mode=755 tmpfs "$path" || return
    done
}

# Adds users to the system as this test sees it, each with a group of its own; who gets the mail is at home in $home.
own_users() { # NAME...
    awk -F : -v OFS=: -v "user=$mail_user" -v "home=$home" '$1 == user { $6 = home } { print }' /etc/passwd \
        >"$scratch/passwd" && cp /etc/group "$scratch/group" || return
    id=990
    for user; do
        id=$((id - 1))
        getent passwd "$user" >/dev/null || echo "$user:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>"$scratch/passwd"
        getent group "$user" >/dev/null || echo "$user:x:$id:" >>"$scratch/group"
    done
    chmod 644 "$scratch/passwd" "$scratch/group"
    mount --bind "$scratch/passwd" /etc/passwd && mount --bind "$scratch/group" /etc/group
}

# The server's messages that are still on their way.
queue_is_empty() { [ "$(queued)" = 0 ]; }
queue_is_deferred() { [ "$(queued)" = 1 ] && was_tried; }

# Nothing is lost: the message waits in the queue, and arrives when the program is well again.
waits_in_queue() { # KIND
    new_home "$none_is_spam"
    use_program "$1"
    send "$plain" && wait_until queue_is_deferred && same "$(count_in "")" 0 || return
    use_program sound
    try_again && wait_until queue_is_empty && holds 1 0
}

call() { send "$1" && wait_until queue_is_empty; } # MESSAGE

# What is asked of a mail server that lets tamis deliver.
deliveries() {
    new_home "$none_is_spam"
    use_program sound
    check "ham goes to the inbox" goes_to 1 0 "$plain"
    check "it is tagged" has_field "$(the_message)" '^X-Spam-Status: No'
    check "it has no From line" lacks_field "$(the_message)" '^From '
    new_home "$all_is_spam"
    check "spam goes to Junk" goes_to 0 1 "$plain"
    new_home "$none_is_spam"
    check "nasty messages arrive as the server handed them over" all_as_handed
    for kind in failing crashing killed missing; do
        check "$kind: the message waits in the queue" waits_in_queue "$kind"
    done
}
