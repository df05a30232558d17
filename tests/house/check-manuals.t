#!/bin/sh
# check-manuals.t - the manual pages say what the program says: commands, options, settings, defaults
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
tamis=${TAMIS:?path of the built program}
pages=$source_folder/doc
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch"

number=0
report() { # report STATUS NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# Long options a text names, one a line.
options_in_help() { sed -n 's/^  ...[ ]*--\([a-z-]*\).*/\1/p; s/^  -.,[ ]*--\([a-z-]*\).*/\1/p' | sort -u; }
options_in_page() { grep -o 'Fl Fl [a-z][a-z-]*' "$1" | sed 's/Fl Fl //' | sort -u; }

for command in $("$tamis" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p'); do
    page=$pages/tamis-$command.1
    [ -e "$page" ]; report $? "tamis $command has a manual page"
    [ -e "$page" ] || continue
    "$tamis" "$command" --help | options_in_help > "$scratch/help"
    options_in_page "$page" > "$scratch/page"
    diff "$scratch/help" "$scratch/page" > "$scratch/diff"
    status=$?
    sed 's/^/# /' "$scratch/diff"
    report $status "tamis $command: --help and the manual page name the same options"
    grep -q "Xr tamis-$command 1" "$pages/tamis.1"; report $? "tamis(1) names tamis-$command(1)"
done

"$tamis" config show | sed 's/ = .*//' | while read -r name; do
    case $name in score.*) continue ;; esac
    grep -q "^\.It Ic $name\$" "$pages/tamis.conf.5" || echo "$name is not in tamis.conf(5)"
done > "$scratch/missing"
sed 's/^/# /' "$scratch/missing"
[ ! -s "$scratch/missing" ]; report $? "tamis.conf(5) has every setting"

sed -n 's/^\.It Ic \([a-z_]*\)$/\1/p' "$pages/tamis.conf.5" | while read -r name; do
    "$tamis" config show | grep -q "^$name = " || echo "$name is in tamis.conf(5) and not in the program"
done > "$scratch/extra"
sed 's/^/# /' "$scratch/extra"
[ ! -s "$scratch/extra" ]; report $? "tamis.conf(5) has no setting that the program has not"

if command -v mandoc >/dev/null; then
    for page in "$pages"/*.[1-8]; do
        mandoc -Tlint -Wwarning "$page" > "$scratch/lint"
        status=$?
        sed 's/^/# /' "$scratch/lint"
        report $status "$(basename "$page") is clean mdoc"
    done
else
    number=$((number + 1))
    echo "ok $number # SKIP mandoc is not installed"
fi
echo "1..$number"
