#!/bin/sh
# check.t - other people's programs: points by exit status and output, side by side, late, dying, absent, hostile
. "$(dirname "$0")/../delivery/lib.sh"
need perl
plan 26

use_program sound
export TEST_OF_TAMIS=1

# script NAME: a program from standard input, into $scratch/NAME.
script() {
    { echo '#!/bin/sh'; cat; } >"$scratch/$1"
    chmod 755 "$scratch/$1"
}

section() { # section NAME LINE...
    {
        echo "[check $1]"
        shift
        for line; do echo "$line"; done
    } >>"$home/.config/tamis/tamis.conf"
}

filter() {
    "$program" filter <"$scratch/message" >"$scratch/output" 2>"$scratch/stderr" || complain "exit status $?" || return
    same_but_for_our_fields "$scratch/output" "$scratch/message" || return
    perl -0777 -ne 's/,\n[ \t]+/,/g; print "$1\n" if /^X-Spam-Status:.*?tests=(\S*)/ms' "$scratch/output" \
        >"$scratch/tests"
}

found() { # found CHECK-REASON...: these and no others
    filter || return
    same "$(tr ',' '\n' <"$scratch/tests" | grep '^CHECK' | sort | tr '\n' ' ')" \
        "$(for reason; do echo "$reason"; done | sort | tr '\n' ' ')"
}

logged() {
    grep -q -- "$1" "$scratch/stderr" || complain "no \"$1\" in: $(cat "$scratch/stderr")"
}

write_plain "$scratch/message"

# --- what it says ----------------------------------------------------------------------------------------------------

# exit status@what it prints@lines of the section, apart by ;@want
while IFS='@' read -r status says lines want; do
    script answering <<END
cat >/dev/null
printf '%s\n' '$says'
exit $status
END
    new_home
    section one "command = $scratch/answering" "$(echo "$lines" | tr ';' '\n')"
    # shellcheck disable=SC2086
    check "status $status, says \"$says\", $lines: ${want:-nothing}" found $want
done <<'END'
0@@exits = 0=3 1=-1@CHECK_ONE=3.00
1@@exits = 0=3 1=-1@CHECK_ONE=-1.00
2@@exits = 0=3 1=-1@
0@spam: yes@pattern = ^spam: (yes|certainly);points = 1.5@CHECK_ONE=1.50
0@spam: no@pattern = ^spam: (yes|certainly);points = 1.5@
0@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab@pattern = ^(a|aa)+$;points = 1.5@CHECK_NOT_TOLD=0.00
1@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab@pattern = ^(a|aa)+$;exits = 1=3@CHECK_ONE=3.00 CHECK_NOT_TOLD=0.00
7@spam: yes@pattern = yes;points = 1.5;exits = 7=2@CHECK_ONE=3.50
0@@command = /nonexistent/program@CHECK_NOT_TOLD=0.00
END

# --- what it gets ----------------------------------------------------------------------------------------------------

script curious <<'END'
cat >"$HOME/got"
env | sort >"$HOME/environment"
ls -l /proc/self/fd | sed -n 's/.* \([0-9]*\) -> .*/\1/p' >"$HOME/descriptors"
printf '%s\n' "$@" >"$HOME/words"
ulimit -c >"$HOME/core"
sed -n "s/^NoNewPrivs:[[:blank:]]*//p" /proc/self/status >"$HOME/no-new-rights"
END
new_home
section curious "command = $scratch/curious one \"two words\" \$(touch $scratch/shell) &&three|"
check "a program gets the message, byte for byte" eval 'found && cmp "$home/got" "$scratch/message"'
check "its words without a shell" eval \
    'same "$(cat "$home/words")" "$(printf "%s\n" one "two words" "\$(touch" "$scratch/shell)" "&&three|")" &&
        [ ! -e "$scratch/shell" ]'
check "an environment of three variables" eval \
    'same "$(sed "s/=.*//; /^PWD\$/d; /^_\$/d; /^SHLVL\$/d; /^OLDPWD\$/d" "$home/environment" | tr "\n" " ")" \
        "HOME LANG PATH "'
# ls has opened the folder that it lists.
check "no descriptor but its own" same "$(tr '\n' ' ' <"$home/descriptors")" "0 1 2 3 "
check "no core files" same "$(cat "$home/core")" 0
check "no rights by set-ID bits" same "$(cat "$home/no-new-rights")" 1

# --- when it is not well ---------------------------------------------------------------------------------------------

script slow <<END
echo spam
sleep 60 &
echo \$! >$scratch/left-behind
sleep 60
END
late() {
    new_home
    section slow "command = $scratch/slow" 'timeout = 500' 'pattern = spam'
    found CHECK_NOT_TOLD=0.00 && logged 'slow took too long' || return
    wait_until eval '! kill -0 "$(cat "$scratch/left-behind")" 2>/dev/null'
}
check "one that is late says nothing, and leaves nothing behind" late

script leaving <<END
cat >/dev/null
(sleep 60; touch $scratch/woke) >/dev/null 2>&1 </dev/null &
echo \$! >$scratch/left-behind
echo spam
END
leaving() {
    new_home
    section leaving "command = $scratch/leaving" 'pattern = spam'
    found CHECK_LEAVING=2.00 || return
    wait_until eval '! kill -0 "$(cat "$scratch/left-behind")" 2>/dev/null'
}
check "what it leaves running ends with it" leaving

printf 'cat >/dev/null\necho spam\nyes more &\nexit 0\n' | script flooding
check "what it leaves writing does not hold up the answer" eval \
    'new_home; section flooding "command = $scratch/flooding" "pattern = spam"; found CHECK_FLOODING=2.00'

echo 'kill -SEGV $$' | script dying
check "one that dies says nothing, and the log says how" eval \
    'new_home; section dying "command = $scratch/dying"; found CHECK_NOT_TOLD=0.00 &&
        logged "dying was killed by signal 11"'

echo 'exec <&-; echo spam' | script deaf
large() {
    perl -e 'print "From: a\@example.net\nSubject: s\n\n", "0123456789\n" x 300000' >"$scratch/message"
    new_home
    section deaf "command = $scratch/deaf" 'pattern = spam'
    found CHECK_DEAF=2.00
}
check "one that does not read what it is given is heard" large

echo 'perl -e "print qq(spam and more spam\n) x 200000"; perl -e "print qq(\e[2J\0\n) x 1000"' | script talking
talking() {
    new_home
    section talking "command = $scratch/talking" 'pattern = spam.*'
    found CHECK_TALKING=2.00 || return
    "$program" explain "$scratch/message" >"$scratch/said" 2>"$scratch/stderr"
    grep -q 'CHECK_TALKING  *talking said "spam and more spam"' "$scratch/said" ||
        complain "$(head -20 "$scratch/said")"
}
check "one that talks without end is cut short" talking

echo 'printf "\033[2Jspam\n"' | script rude
rude() {
    new_home
    section rude "command = $scratch/rude" 'pattern = (?s).*spam'
    found CHECK_RUDE=2.00 || return
    "$program" explain "$scratch/message" >"$scratch/said" 2>"$scratch/stderr"
    ! grep -q "$(printf '\033')" "$scratch/said" "$scratch/output" "$scratch/stderr" ||
        complain "it reached the terminal"
}
check "control characters of it reach no terminal" rude

many() {
    write_plain "$scratch/message"
    echo 'sleep 0.7; exit 1' | script sleeping
    new_home
    for i in 1 2 3 4 5 6 7 8; do section "s$i" "command = $scratch/sleeping" 'timeout = 4000' 'exits = 1=0.1'; done
    before=$(date +%s%N)
    found $(for i in 1 2 3 4 5 6 7 8; do echo "CHECK_S$i=0.10"; done) || return
    # One after the other they would take 5.6 seconds.
    [ $((($(date +%s%N) - before) / 1000000)) -lt 4500 ] || complain "one after the other"
}
check "several run side by side" many

# --- settings ----------------------------------------------------------------------------------------------------

# line|what config check says
while IFS='|' read -r line want; do
    new_home
    section one 'command = /bin/true' "$line"
    "$program" config check >"$scratch/said" 2>&1
    check "config check: $line" eval 'grep -q -- "$want" "$scratch/said" || complain "$(cat "$scratch/said")"'
done <<'END'
command = razor-check|tamis.conf:4: check.one.command = razor-check: a program by its absolute path
exits = yes|tamis.conf:4: check.one.exits = yes: a list of exit statuses and their points
pattern = (|tamis.conf:4: check.one.pattern = (: a regular expression
END
