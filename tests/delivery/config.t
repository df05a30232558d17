#!/bin/sh
# config.t - `tamis config` from outside, and a program that finds no settings of the user's, nor even a home
. "$(dirname "$0")/lib.sh"
plan 18

use_program sound
write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain
own=$home/.config/tamis/tamis.conf

tamis() { "$program" "$@" 2>>"$scratch/stderr"; }

# --- the commented file

new_home
example_changes_nothing() {
    tamis config >"$own" || complain "exit status $?" || return
    same "$(tamis config check)" "no mistakes" && same "$(tamis config show --changed)" ""
}
check "the commented file is one that changes nothing" example_changes_nothing
check "so is the one by its name" eval 'tamis config example | cmp -s - "$own"'
every_setting_is_in_it() {
    tamis config show | sed 's/ = .*//' | while read -r name; do
        grep -q "^#$name = " "$own" || echo "$name"
    done >"$scratch/missing"
    same "$(cat "$scratch/missing")" ""
}
check "every setting stands in it" every_setting_is_in_it
check "and a kind of section" grep -q '^#\[dns_list ' "$own"

# --- what is shown

settings 'required = 6' '[dns_list mine]' 'zone = list.example'
check "only what was set, and where" same "$(tamis config show --changed --origin --set junk_days=3 | grep -v '^log')" \
    "required = 6                       # $own:2
junk_days = 3                      # --set
dns_list.mine.zone = list.example  # $own:4"
origins_in_one_column() {
    tamis config show --origin >"$scratch/shown"
    same "$(awk 'length($1 $3) < 40 && NF == 5 { print index($0, "  # ") }' "$scratch/shown" | sort -u | wc -l)" 1
}
check "origins stand in one column" origins_in_one_column

settings 'requierd = 6'
told_once() { # COMMAND...: the misspelt setting stands on stdout, and nothing on stderr
    "$program" "$@" >"$scratch/said" 2>"$scratch/complained"
    same "$(grep -c 'did you mean required?' "$scratch/said")" 1 && same "$(cat "$scratch/complained")" ""
}
each_mistake_once() { told_once config check && told_once doctor && told_once doctor --json; }
check "config check and doctor tell each mistake once" each_mistake_once

# --- no settings, no home

# Nothing but a message and what the machine has.
bare() { # bare NAME=VALUE... -- COMMAND...
    variables=
    while [ "$1" != -- ]; do variables="$variables $1"; shift; done
    shift
    (cd "$scratch" && env -i PATH="$PATH" TAMIS_RULES_DIR="${TAMIS_RULES_DIR:-}" $variables "$TAMIS" "$@")
}
passes_tagged() { # passes_tagged NAME=VALUE...
    bare "$@" -- filter --set log=none <"$plain" >"$scratch/passed" || complain "exit status $?" || return
    same_but_for_our_fields "$scratch/passed" "$plain" && has_field "$scratch/passed" '^X-Tamis: '
}
mkdir "$scratch/empty"
check "no file of the user's, and no folder for one" passes_tagged "HOME=$scratch/empty"
check "a home that is not there" passes_tagged HOME=/nonexistent
check "no HOME at all" passes_tagged
delivers_to_named() {
    mkdir -p "$maildir/cur" "$maildir/new" "$maildir/tmp"
    bare HOME=/nonexistent -- deliver --set log=none --maildir "$maildir" <"$plain" || complain "exit status $?" ||
        return
    holds 1 0
}
check "deliver needs a Maildir and nothing else" delivers_to_named
settings 'requierd = 1'
a_slip_stops_no_mail() {
    tamis filter <"$plain" >"$scratch/passed" && same_but_for_our_fields "$scratch/passed" "$plain" &&
        grep -q 'did you mean required?' "$scratch/stderr"
}
check "a misspelt setting is told with the right one, and mail passes" a_slip_stops_no_mail

# --- why a command failed, where standard error is no terminal

fails() { # fails STATUS ERROR-PATTERN COMMAND...: with nothing set; the pattern "" means that nothing may be said
    want=$1 pattern=$2
    shift 2
    bare "HOME=$scratch/empty" -- "$@" <"$plain" >/dev/null 2>"$scratch/said"
    same $? "$want" || complain "$*" || return
    if [ -n "$pattern" ]; then grep -q "^tamis: .*$pattern" "$scratch/said"; else [ ! -s "$scratch/said" ]; fi ||
        complain "$*: $(cat "$scratch/said")"
}
people_are_told() {
    fails 66 /nowhere/index evaluate /nowhere && fails 66 /nowhere learn --ham /nowhere &&
        fails 75 /nowhere explain /nowhere && fails 66 /nowhere starter build /nowhere "$scratch/none"
}
check "commands of people say it" people_are_told
in_the_journal() { # in_the_journal OFFSET: told that stderr is the journal, or for another OFFSET than 0 that a file is
    : >"$scratch/said"
    bare "HOME=$scratch/empty" "JOURNAL_STREAM=$(stat -c %d "$scratch/said"):$(($(stat -c %i "$scratch/said") + $1))" \
        -- evaluate /nowhere >/dev/null 2>>"$scratch/said"
    same $? 66
}
the_journal_is_told_once() {
    in_the_journal 0 && same "$(cat "$scratch/said")" "" && in_the_journal 1 && grep -q /nowhere/index "$scratch/said"
}
check "but not on the journal's stream, where syslog leads as well" the_journal_is_told_once
mail_servers_are_not() {
    fails 75 "" deliver --maildir /nowhere --set create_maildir=no && fails 75 "" classify /nowhere &&
        fails 66 "" evaluate --set log=syslog /nowhere && fails 66 "" evaluate --set log=none /nowhere &&
        fails 0 "" filter --set requierd=5 && fails 0 "" moved --set requierd=5 Junk INBOX
}
check "those of mail servers do not, nor any where it is to be silent" mail_servers_are_not

# --- more settings than there is room for

with_settings() { # with_settings NUMBER COMMAND...
    many=$1
    shift
    for i in $(seq "$many"); do set -- "$@" --set junk_days=3; done
    bare "HOME=$scratch/empty" -- "$@" <"$plain" >/dev/null 2>"$scratch/said"
}
none_is_dropped() {
    with_settings 64 config show && with_settings 65 config show
    same $? 64 && grep -q 'more than 64' "$scratch/said" || return
    with_settings 65 deliver
    same $? 75
}
check "settings that there is no room for are a mistake, and mail waits" none_is_dropped

# --- commands that judge nothing

rule_names_matter() { # rule_names_matter yes|no COMMAND...: is a name of a rule that is none told?
    want=$1
    shift
    bare "HOME=$scratch/empty" -- "$@" --set log=stderr --set score.NOBODY=1 <"$plain" >/dev/null 2>"$scratch/said"
    if grep -q 'score.NOBODY' "$scratch/said"; then told=yes; else told=no; fi
    same "$told" "$want" || complain "$*"
}
rules_stay_closed() {
    rule_names_matter yes filter && rule_names_matter yes learn --spam && rule_names_matter no moved Junk INBOX &&
        rule_names_matter no relays show && rule_names_matter no shared show
}
check "they leave the rule files closed, so they cannot know names of rules" rules_stay_closed

# --- words in the wrong order

help_is_found() {
    fails 75 'options stand behind the command: `tamis COMMAND --set ...`' --set required=4 filter &&
        fails 75 'there is no command "lern"' lern &&
        same "$(tamis help learn)" "$(tamis learn --help)" && same "$(tamis help)" "$(tamis --help)"
}
check "options before the command, a misspelt command, help on one" help_is_found
