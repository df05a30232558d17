#!/bin/sh
# check-translation.t - every text that is marked for translation has one, and it takes the same arguments
set -u
cd "${TAMIS_SOURCE:-$(dirname "$0")/../..}" || exit 99
export LC_ALL=C
for tool in xgettext msgcmp msgfmt msgattrib; do
    command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed (Debian: gettext)"; exit 0; }
done
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
template=$scratch/tamis.pot

number=0
check() { # check NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        echo "ok $number - $name"
    else
        tail -20 "$scratch/said" | sed 's/^/# /'
        echo "not ok $number - $name"
    fi
}
refuses() { ! "$@"; }
is_empty() { [ ! -s "$1" ] || { cat "$1"; false; }; }

sh po/extract >"$template" 2>"$scratch/stderr"
check "the texts of the source are found" test "$(grep -c '^msgid' "$template")" -gt 1000
check "those of checks among them" grep -q '^msgid "has no Date field' "$template"
check "those of rules among them" grep -q '^msgid "Promises a share of somebody' "$template"

for catalogue in po/*.po; do
    check "$catalogue is sound, and its texts take the arguments of the English ones" \
        msgfmt --check -o "$scratch/catalogue.mo" "$catalogue"
    check "$catalogue translates every text; if not: make update-po" msgcmp "$catalogue" "$template"
    check "$catalogue has no text that the source has not; if it has: make update-po" \
        msgcmp --use-untranslated "$template" "$catalogue"
    msgattrib --only-fuzzy "$catalogue" >"$scratch/fuzzy"
    check "$catalogue guesses nothing (fuzzy)" is_empty "$scratch/fuzzy"
    # detail_say() takes its arguments in their order alone.
    grep '%[0-9][0-9]*\$' "$catalogue" >"$scratch/positions"
    check "$catalogue leaves arguments in their order" is_empty "$scratch/positions"
    # The check of checks: one text less, and it is noticed.
    msgattrib --no-obsolete --no-wrap "$catalogue" | sed 's/^msgstr "aucune erreur.*/msgstr ""/' >"$scratch/less.po"
    check "a text without a translation is noticed in $catalogue" refuses msgcmp "$scratch/less.po" "$template"
done
echo "1..$number"
