#!/bin/sh
# stats.t - what delivery and learning leave in the record, and what `tamis stats` makes of it
. "$(dirname "$0")/lib.sh"
need python3
plan 37

deliver_as nobody
use_program sound
tamis() { as_mail_user "$program" "$@" 2>>"$scratch/stderr"; }

# What stands at a place of the JSON, such as messages.spam or rules.NO_DATE.spam; rules and relays by name.
figure() { # PLACE [ARGUMENTS]
    place=$1
    shift
    tamis stats --last week --json "$@" >"$scratch/json" || complain "stats failed" || return
    python3 - "$scratch/json" "$place" <<'END'
import json, sys
value = json.load(open(sys.argv[1]))
for name in sys.argv[2].split("/"):
    if isinstance(value, list):
        value = {one.get("name") or one.get("address"): one for one in value}
    value = value.get(name, "none")
    if value == "none":
        break
print(len(value) if isinstance(value, (list, dict)) else value)
END
}
is() { same "$(figure "$1")" "$2"; } # PLACE WANT

# A message with that number, from a relay.
message() { # NUMBER [ADDRESS]
    printf 'Received: from mail.example.org (mail.example.org [%s])\n\tby mx.example.net with ESMTP id 1; %s\n' \
        "${2:-203.0.113.9}" "$(date -u '+%a, %d %b %Y %H:%M:%S +0000')"
    printf 'From: Anna <anna@example.org>\nTo: user@example.net\nSubject: number %s\nMessage-ID: <%s@example.org>\n' \
        "$1" "$1"
    printf '\nShall we meet at number %s?\n' "$1"
}
spam() { message "$@" | tamis deliver --set required=-100 --set unsure=-100; }
ham() { message "$1" | tamis deliver --set required=100 --set unsure=100; }
unsure() { message "$1" | tamis deliver --set required=100 --set unsure=-100; }
daybook() { find "$home" -name daybook -type f; }
move() { # NUMBER FROM TO
    file=$(grep -l "^Message-ID: <$1@" "$maildir$2"/new/* "$maildir$2"/cur/* 2>/dev/null | head -1)
    [ -n "$file" ] || complain "message $1 is not in $2" || return
    as_mail_user mkdir -p "$maildir$3/cur" "$maildir$3/new" "$maildir$3/tmp"
    name=${file##*/}
    as_mail_user mv "$file" "$maildir$3/cur/${name%%:*}:2,S"
}

# --- delivery ---------------------------------------------------------------------------------------------------------

new_home ""
new_maildir
hand_over 2>/dev/null

nothing_yet() { tamis stats | grep -q "Nothing has been counted yet" && same "$(daybook)" ""; }
check "nothing has been counted yet, which is no failure" nothing_yet

for i in 1 2 3; do ham $i || echo "Bail out! delivery fails"; done
spam 4 && spam 5 && unsure 6
delivered() { is messages/ham 3 && is messages/spam 2 && is messages/unsure 1 && is messages/unchecked 0; }
check "what deliver finds is counted" delivered
private() { same "$(find "$home" -name daybook -type f -perm 600 | wc -l | tr -d ' ')" 1; }
check "in a file for its owner only" private
passed() { message 7 | tamis filter --set required=100 --set unsure=100 >/dev/null && is messages/ham 4; }
check "so is what filter passes on" passed
asked() {
    message 8 | tamis classify >/dev/null
    message 8 | tamis explain >/dev/null
    is messages/ham 4 && is messages/spam 2
}
check "classify and explain count nothing" asked
sorted() {
    message 9 | as_mail_user tee "$maildir/new/9.M1P1.host" >/dev/null || return
    tamis sort --dry-run --set required=100 --set unsure=100 >/dev/null && is messages/ham 4 || return
    tamis sort --set required=100 --set unsure=100 && is messages/ham 5 || return
    tamis sort --set required=100 --set unsure=100 && is messages/ham 5
}
check "what sort judges is counted, once, and not in a dry run" sorted
not_taken() {
    : >"$home/closed" && message 10 | tamis deliver --maildir "$home/closed" --set log=none
    same "$?" 75 && is messages/ham 5 && is messages/spam 2
}
check "what could not be delivered is not counted" not_taken
opted_out() {
    message 11 | tamis deliver --set statistics=no --set required=100 --set unsure=100 &&
        message 12 | tamis deliver --set filter=no && is messages/ham 5
}
check "nor with statistics = no, nor with filter = no" opted_out
check "the rules that hit are counted by verdict" is rules/NO_DATE/spam 2
check "and in ham" is rules/NO_DATE/ham 6
check "a relay that sent spam is named" is relays/203.0.113.9/spam 2
check "what lies in Junk is counted" is junk/messages 2
took() {
    figure messages >/dev/null &&
        python3 -c 'import json, sys; exit(json.load(open(sys.argv[1]))["cost"]["mean_ms"] <= 0)' "$scratch/json"
}
check "and how long messages took" took
says_no_more_than_the_slowest() { # the record knows steps of 1, 2, 5, ... ms; the slowest it knows exactly
    tamis stats | sed -n 's/.*the slowest \([0-9.]*\) ms.*/\1/p' >"$scratch/slowest"
    [ -s "$scratch/slowest" ] || complain "no slowest" || return
    tamis stats | grep -o 'at most [0-9]* ms' | tr -dc '0-9\n' | awk -v slowest="$(cat "$scratch/slowest")" '
        $1 >= slowest { print "# " $1 " and " slowest; bad = 1 }
        END { exit bad }'
}
check "in text no share of them took more than the slowest" says_no_more_than_the_slowest

# --- corrections ------------------------------------------------------------------------------------------------------

tamis relearn --quiet
wrongly_filtered() {
    move 4 /.Junk "" && tamis relearn --quiet && is corrected/spam_was_ham 1 && is lessons/ham_by_user 1
}
check "a message taken out of Junk is an error corrected" wrongly_filtered
missed() { move 1 "" /.Junk && tamis relearn --quiet && is corrected/ham_was_spam 1; }
check "one moved into Junk was missed" missed
unsure_was_spam() { move 6 "" /.Junk && tamis relearn --quiet && is corrected/unsure_was_spam 1; }
check "one that was unsure is told apart" unsure_was_spam
file_of() { find "$maildir" -type f -exec grep -l "^Message-ID: <$1@" {} + | head -1; }
once() {
    tamis relearn --quiet && tamis learn --quiet --ham "$(file_of 4)" && tamis learn --quiet --ham "$(file_of 4)" &&
        tamis learn --quiet --spam "$(file_of 1)" && is corrected/spam_was_ham 1 && is corrected/ham_was_spam 1 &&
        is lessons/ham_by_user 1
}
check "learned again, it counts once" once
rule_corrected() { is rules/NO_DATE/called_ham 1 && is rules/NO_DATE/called_spam 2 && is rules/NO_DATE/spam 3; }
check "the rules that hit it know" rule_corrected
taken_back() {
    tamis learn --quiet --spam "$(file_of 4)" && is corrected/spam_was_ham 0 &&
        tamis learn --quiet --forget "$(file_of 1)" && is corrected/ham_was_spam 0 && is lessons/forgotten 1
}
check "what the user takes back is taken back" taken_back

# --- damage -----------------------------------------------------------------------------------------------------------

damaged() {
    file=$(daybook)
    printf 'x' | dd of="$file" bs=1 seek=3 conv=notrunc 2>/dev/null
    : >"$scratch/stderr"
    tamis stats >"$scratch/out"
    same "$?" 75 || return
    grep -q "daybook is damaged" "$scratch/stderr" || complain "nobody says so" || return
    ham 20 && is messages/ham 1 && is messages/spam 0
}
check "a damaged record is said to be, and begun anew" damaged
of_newer_version() { # "nothing has been counted" would be a lie beside it; it is left alone
    file=$(daybook)
    as_mail_user cp "$file" "$home/kept" || return
    printf '\377' | dd of="$file" bs=1 seek=8 conv=notrunc 2>/dev/null
    for form in "" --html; do
        : >"$scratch/stderr"
        # shellcheck disable=SC2086
        tamis stats $form >"$scratch/out"
        same "$?" 75 || return
        grep -q "by a newer version" "$scratch/stderr" || complain "nobody says so" || return
        grep -q "What was counted cannot be read" "$scratch/out" &&
            ! grep -q "Nothing has been counted" "$scratch/out" ||
            complain "stats $form says otherwise" || return
    done
    tamis stats --json >"$scratch/out"
    same "$? $(grep -c '"unreadable": *true' "$scratch/out")" "75 1" || return
    for form in "--prometheus -" --lines; do # zeros would be read as counters that begin anew
        # shellcheck disable=SC2086
        same "$(tamis stats $form 2>/dev/null; echo $?)" 75 || complain "stats $form" || return
    done
    as_mail_user cp "$home/kept" "$file" && is messages/ham 1
}
check "one of a newer version is not taken for none" of_newer_version
no_room() {
    file=$(daybook)
    rm "$file" && mkdir "$file" && ham 21 && rmdir "$file" && ham 22 && is messages/ham 1
}
check "what is in its place keeps no mail from being delivered" no_room

# --- forms ------------------------------------------------------------------------------------------------------------

plain() {
    LC_ALL=C COLUMNS=50 tamis stats --last week -v >"$scratch/out" && ! LC_ALL=C grep -q '[^ -~]' "$scratch/out" &&
        grep -q '#' "$scratch/out" && same "$(awk 'length > 75' "$scratch/out" | grep -c '#')" 0
}
check "in ASCII where the locale is" plain
blocks() { LC_ALL=C.UTF-8 tamis stats --last week | grep -q "$(printf '\342\226\210')"; }
check "with blocks where it is UTF-8" blocks
page() {
    tamis stats --html >"$scratch/page" && head -1 "$scratch/page" | grep -qi '<!doctype html>' &&
        grep -q "Content-Security-Policy" "$scratch/page" && grep -q '<svg class="chart"' "$scratch/page" &&
        ! grep -qiE '<script|https?://[a-z0-9]*[^w]*\.(js|css|png)|<img|<link' "$scratch/page"
}
check "as a page that needs nothing" page
page_of_nothing() { # one lesson, and no message yet
    message 90 | tamis learn --quiet --ham --state-dir "$home/taught" || return
    grep -q '<h2>Reasons' "$scratch/page" || complain "the other page has none either" || return
    tamis stats --html --state-dir "$home/taught" >"$scratch/empty" && grep -q '<h2>' "$scratch/empty" &&
        ! grep -q 'Reasons' "$scratch/empty"
}
check "whose table of reasons is left out where there are none" page_of_nothing
of_somebody_else() { # and nothing was counted
    mkdir -p "$scratch/roots/cur" "$scratch/roots/new" "$scratch/roots/tmp" && chmod 755 "$scratch/roots" || return
    tamis stats --maildir "$scratch/roots" --state-dir "$home/none" >/dev/null
    same "$?" 77 && grep -q "Junk cannot be counted: Maildir $scratch/roots belongs to" "$scratch/stderr"
}
if [ "$(id -u)" = 0 ]; then
    check "a Maildir of somebody else is not one without Junk" of_somebody_else
else
    skip "a Maildir of somebody else is not one without Junk" "not root"
fi
usage() {
    tamis stats --last decade 2>/dev/null; same "$?" 64 || return
    tamis stats --html --json 2>/dev/null; same "$?" 64
}
check "a mistake in the command is said" usage

# Format 0.0.4 of Prometheus: each metric has its HELP and TYPE before it, once; names and values are sound.
cat >"$scratch/format.awk" <<'END'
/^# HELP [a-z_]+ ./ { if ($3 in help) exit bad = 1; help[$3] = 1; next }
/^# TYPE [a-z_]+ (counter|gauge|histogram)$/ { type[$3] = $4; next }
/^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9]+(\.[0-9]+)?$/ {
    name = $1; sub(/\{.*/, "", name)
    base = name; sub(/_(bucket|sum|count)$/, "", base)
    if (type[base] == "histogram") name = base
    if (!(name in help) || !(name in type)) exit bad = 1
    if (type[name] == "counter" && name !~ /_total$/) exit bad = 1
    lines++; next
}
{ bad = 1; exit }
END { exit bad || lines < 20 }
END
metrics() {
    tamis stats --prometheus "$home/tamis.prom" || return
    same "$(find "$home/tamis.prom" -perm 644)" "$home/tamis.prom" || return
    awk -f "$scratch/format.awk" "$home/tamis.prom" || complain "not as Prometheus reads it" || return
    grep -q '^tamis_messages_total{verdict="ham"} 1$' "$home/tamis.prom" || return
    ! command -v promtool >/dev/null || promtool check metrics <"$home/tamis.prom" >/dev/null 2>&1
}
check "for Prometheus, readable by node_exporter" metrics

# --- all users --------------------------------------------------------------------------------------------------------

# Five users get spam from one relay, one of them from another, and has a rule of his own.
as_mail_user mkdir -p "$home/mail"
for user in a b c d e; do
    as_mail_user mkdir -p "$home/mail/$user/Maildir/cur" "$home/mail/$user/Maildir/new" "$home/mail/$user/Maildir/tmp"
    [ $user != e ] || as_mail_user sh -c "mkdir -p '$home/mail/e/.config/tamis' && printf '%s\n' 'rule MY_SECRET' \
        '    describe is my own' '    points 1' '    header Subject /number/' >'$home/mail/e/.config/tamis/own.rules'"
    message 3$user 192.0.2.1 >"$scratch/one"
    as_mail_user env -i PATH="$PATH" TAMIS_RULES_DIR="${TAMIS_RULES_DIR:-}" HOME="$home/mail/$user" "$TAMIS" deliver \
        --set log=none --set required=-100 --set unsure=-100 <"$scratch/one"
done
message 39 198.51.100.1 >"$scratch/one"
as_mail_user env -i PATH="$PATH" TAMIS_RULES_DIR="${TAMIS_RULES_DIR:-}" HOME="$home/mail/e" "$TAMIS" deliver \
    --set log=none --set required=-100 --set unsure=-100 <"$scratch/one"
all_figures() { # PLACE
    "$TAMIS" stats --json --all-users "$home/mail/*/Maildir" --set log=stderr 2>>"$scratch/stderr" >"$scratch/json" ||
        return
    python3 - "$scratch/json" <<'END'
import json, sys
figures = json.load(open(sys.argv[1]))
print(figures["users"], figures["messages"]["spam"], figures["junk"]["messages"],
      [one["address"] for one in figures["relays"]],
      [one["spam"] for one in figures["rules"] if one["name"] in ("NO_DATE", "MY_SECRET")])
END
}
sums() { same "$(all_figures)" "5 6 6 ['192.0.2.1'] [6]"; }
check "sums over all users, without what only one of them met" sums
own_rule() {
    grep -q MY_SECRET "$home/mail/e/.local/state/tamis/daybook" || complain "the test's own rule did not hit"
}
check "which was there to be left out" own_rule
none() {
    "$TAMIS" stats --all-users "$home/nowhere/*" --prometheus "$scratch/none.prom" --set log=none
    same "$?" 66 && [ ! -e "$scratch/none.prom" ]
}
check "without a mailbox that can be read no counter begins anew" none
# As some supervisors start programs: whoever waits for a child is then told nothing of its end.
sums_for_a_deaf_caller() { (trap '' CHLD && sums); }
check "a caller that ignores SIGCHLD takes no user's exit status away" sums_for_a_deaf_caller
# The command of an example with the places of this test; with -f patterns are left alone, as systemd leaves them.
writes_figures() { # FLAG COMMAND
    rm -f "$scratch/tamis.prom"
    command=$(echo "$2" | sed "s|/usr/local/bin/tamis|'$TAMIS'|; s|/var/vmail|$home/mail|
        s|/var/lib/prometheus/node-exporter|$scratch|")
    sh "$1" -c "$command" 2>>"$scratch/stderr" && grep -q '^tamis_users 5$' "$scratch/tamis.prom"
}
examples=$TAMIS_SOURCE/examples/prometheus
of_cron() { writes_figures +f "$(sed -n 's|^\*/15 .* root *||p' "$examples/cron")"; }
check "the example for cron does it" of_cron
of_systemd() { writes_figures -f "$(sed -n 's/^ExecStart=//p' "$examples/tamis-stats.service")"; }
check "so does the one for systemd" of_systemd

# The program need not be where the example has it.
understood() {
    sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$examples/tamis-stats.service" >"$scratch/tamis-stats.service" &&
        cp "$examples/tamis-stats.timer" "$scratch" || return
    SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$scratch/tamis-stats.service" \
        "$scratch/tamis-stats.timer" >"$scratch/said" 2>&1 && [ ! -s "$scratch/said" ] ||
            complain "$(cat "$scratch/said")"
}
if command -v systemd-analyze >/dev/null; then
    check "systemd understands the unit and its timer" understood
else
    skip "systemd understands the unit and its timer" "systemd-analyze is not installed"
fi
