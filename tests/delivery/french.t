#!/bin/sh
# french.t - people read their language, programs read the same bytes in every locale
. "$(dirname "$0")/lib.sh"
need localedef
[ -e "$TAMIS_SOURCE/po/fr.po" ] || skip_all "there is no French"

# The locale may not be installed: one is made here.
mkdir "$scratch/locales"
localedef -i fr_FR -f UTF-8 "$scratch/locales/fr_FR.UTF-8" >"$scratch/localedef" 2>&1
[ -e "$scratch/locales/fr_FR.UTF-8/LC_MESSAGES" ] || skip_all "localedef cannot make fr_FR.UTF-8"
plan 29

use_program sound
write_nasty_messages "$scratch/messages"
plain=$scratch/messages/plain
export TAMIS_RULES_DIR="$TAMIS_SOURCE/data/rules"
unset LANGUAGE LANG

in_french() {
    env LOCPATH="$scratch/locales" LC_ALL=fr_FR.UTF-8 TAMIS_LOCALE_DIR="${TAMIS_BUILD:-$(dirname "$TAMIS")}/po" "$@" \
        2>>"$scratch/stderr"
}
in_english() { env LC_ALL=C "$@" 2>>"$scratch/stderr"; }

# A message for which checks and rules of several kinds have something to say.
cat >"$scratch/lottery" <<'END'
Received: from localhost (unknown [203.0.113.9]) by mx.example.org; Mon, 2 Mar 2026 10:00:00 +0000
From: "Lottery" <claims@example.net>
Subject: YOU ARE THE WINNER!!!
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Congratulations, this is the winning notification of our lottery; your lucky number is 7.
<a href="http://203.0.113.9/x">www.bank.example</a>
<span style="display:none">nothing to see here at all, move along, dear reader of mail</span></p>
END

# --- what people read

new_home
in_french "$program" --help >"$scratch/help"
check "the list of commands" grep -q '^  explain    Pourquoi un message reçoit son verdict' "$scratch/help"
in_french "$program" filter --help >"$scratch/help"
check "the help of a command that mail goes through" grep -q "^Faire passer un message de l'entrée" "$scratch/help"
check "with its options" grep -q -- '--help  *afficher ce texte' "$scratch/help"

in_french "$program" explain "$scratch/lottery" >"$scratch/french"
french_status=$?
in_english "$program" explain "$scratch/lottery" >"$scratch/english"
check "the exit status is the same" same "$french_status" "$?"
check "the verdict is a sentence" grep -q "^C'est .*du spam : .* points" "$scratch/french"
check "checks say what they found" grep -q "  HELO_NO_DOT  .*l'hôte qui l'a envoyé s'est dit « localhost »" \
    "$scratch/french"
check "rules say what they mean" grep -q '  LOTTERY_WON  *Dit que le lecteur a gagné une loterie' "$scratch/french"
check "so do headings" grep -q '^Texte caché$' "$scratch/french"
words_of() { # words_of FILE: points and names, in their order
    sed -n 's/^ *\(-\{0,1\}[0-9]*\.[0-9][0-9]\)  \([A-Z_0-9]*\)  .*/\1 \2/p' "$1"
}
check "points and names are those of English" same "$(words_of "$scratch/french")" "$(words_of "$scratch/english")"
nothing_left_in_english() {
    words_of "$scratch/english" | sed 's/.* //' | while read -r name; do
        line=$(grep " $name  " "$scratch/french")
        ! grep -qF "$line" "$scratch/english" || complain "$line"
    done >"$scratch/left"
    same "$(cat "$scratch/left")" ""
}
check "and no reason is English" nothing_left_in_english

in_french "$program" learn --spam "$scratch/lottery" >"$scratch/french"
in_french "$program" explain "$scratch/lottery" >"$scratch/french"
check "colons stand as in French" grep -q "  LEARNED  *ce que vous avez appris à tamis .* : appris de" "$scratch/french"
new_home

# What a page says beside the message: its headings, notes and foot.
sentences_of() { grep -oE '<(h2|p class="note"|footer)>[^<]+' "$1" | sort -u; }
all_in_french() { # all_in_french PAGE ENGLISH_PAGE
    grep -q '<html lang="fr"' "$1" || complain "it says it is not French" || return
    [ "$(sentences_of "$2" | wc -l)" -ge 6 ] || complain "the English page says too little" || return
    sentences_of "$1" >"$scratch/said"
    sentences_of "$2" | grep -xF -f "$scratch/said" >"$scratch/left"
    same "$(cat "$scratch/left")" ""
}
in_french "$program" explain --html "$scratch/lottery" >"$scratch/french"
in_english "$program" explain --html "$scratch/lottery" >"$scratch/english"
check "the page of explain, all of it" all_in_french "$scratch/french" "$scratch/english"
check "which is English elsewhere" grep -q '<html lang="en"' "$scratch/english"

in_french "$program" filter <"$scratch/lottery" >"$scratch/output"
in_french "$program" stats --html >"$scratch/french"
in_english "$program" stats --html >"$scratch/english"
check "the page of stats" all_in_french "$scratch/french" "$scratch/english"
in_french "$program" stats >"$scratch/french"
check "and its text" grep -q '^Courrier du [0-9]* .* au ' "$scratch/french"

# Every rule hits ham and spam alike here, or nothing; the last messages are held out.
mkdir -p "$scratch/labelled/a"
for copy in 1 2 3 4 5; do
    for label in ham spam; do
        cp "$scratch/lottery" "$scratch/labelled/a/$label$copy"
        echo "$label a/$label$copy" >>"$scratch/labelled/index"
    done
done
measure() { "$1" "$program" rules measure --split 60 --suggest --index "$scratch/labelled"; }
measure in_french >"$scratch/french"
measure in_english >"$scratch/english"
rest_of() { sed 's|/.*||; s/[A-Z][A-Z_0-9]*  *//g; s/[-0-9. %#()]//g; s/ham\|spam//g' "$1" | sort -u | sed '/^$/d'; }
measured_in_french() {
    rest_of "$scratch/french" >"$scratch/said"
    grep -q 'DANGEREUX' "$scratch/french" && grep -q 'mis de côté' "$scratch/french" || complain "too little is said" ||
        return
    rest_of "$scratch/english" | grep -xF -f "$scratch/said" >"$scratch/left"
    same "$(cat "$scratch/left")" ""
}
check "what rules are worth, all of it" measured_in_french
figures_of() { grep -oE '[0-9]+\.[0-9]+' "$1"; }
check "with the same figures" same "$(figures_of "$scratch/french")" "$(figures_of "$scratch/english")"

in_french "$program" doctor --set log=none >"$scratch/french"
check "what doctor advises" grep -q '^ *à faire : ' "$scratch/french"

: >"$scratch/stderr"
in_french "$program" lern </dev/null
check "a command that is not there" grep -q "tamis : il n'y a pas de commande « lern »" "$scratch/stderr"
: >"$scratch/stderr"
in_french "$program" config check --set junk_days=soon >"$scratch/french"
check "a mistake in the settings, where it may go to a log: in one language" \
    same "$(cat "$scratch/french")" "--set: junk_days = soon: a whole number from 0 to 36500 is accepted"

# --- what programs read

same_filtered() {
    for message in "$scratch/lottery" "$scratch"/messages/*; do
        in_french "$program" filter <"$message" >"$scratch/french" || return
        in_english "$program" filter <"$message" >"$scratch/english" || return
        cmp -s "$scratch/french" "$scratch/english" || complain "$(basename "$message") differs" || return
    done
}
check "messages leave filter the same, byte for byte" same_filtered
delivered() { # delivered LANGUAGE: the message as it lies in the Maildir
    new_home
    new_maildir
    "$1" "$program" deliver <"$scratch/lottery" || return
    cat "$(the_message)"
}
check "and deliver" same "$(delivered in_french)" "$(delivered in_english)"
new_home
check "classify says the same" same "$(in_french "$program" classify "$scratch/lottery" "$plain")" \
    "$(in_english "$program" classify "$scratch/lottery" "$plain")"
check "explain --json" same "$(in_french "$program" explain --json "$scratch/lottery")" \
    "$(in_english "$program" explain --json "$scratch/lottery")"
check "stats --json" same "$(in_french "$program" stats --json)" "$(in_english "$program" stats --json)"
check "config show" same "$(in_french "$program" config show)" "$(in_english "$program" config show)"
check "config example" same "$(in_french "$program" config example)" "$(in_english "$program" config example)"

# --- another language

french_in() {
    env LOCPATH="$scratch/locales" TAMIS_LOCALE_DIR="${TAMIS_BUILD:-$(dirname "$TAMIS")}/po" "$@" "$program" --help
}
check "a language there are no messages for is English" same "$(french_in LC_ALL=xx_XX.UTF-8 | head -1)" \
    "Usage: tamis COMMAND [OPTION...] [OPERAND...]"
check "LANGUAGE names several, the first that is there counts" \
    same "$(french_in LC_ALL=fr_FR.UTF-8 LANGUAGE=tlh:fr | head -1)" "Usage : tamis COMMANDE [OPTION...] [OPÉRANDE...]"
