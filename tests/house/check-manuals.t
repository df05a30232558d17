#!/bin/sh
# check-manuals.t - the manual pages say what the program says: commands, options, settings, exit codes, files, examples
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
tamis=${TAMIS:?path of the built program}
pages=$source_folder/doc
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" TAMIS_RULES_DIR="$source_folder/data/rules"
unset XDG_CONFIG_HOME XDG_STATE_HOME

. "$source_folder/tests/house/tap.sh"

# Long options a text names, one a line.
options_in_help() { sed -n 's/^  ...[ ]*--\([a-z-]*\).*/\1/p; s/^  -.,[ ]*--\([a-z-]*\).*/\1/p' | sort -u; }
options_in_page() { grep -o 'Fl Fl [a-z][a-z-]*' "$1" | sed 's/Fl Fl //' | sort -u; }

commands=$("$tamis" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')
"$tamis" config show | sed 's/ = .*//' | grep -v '^score\.' | sort > "$scratch/settings"
[ -n "$commands" ] && [ -s "$scratch/settings" ]; report $? "the program names its commands and settings"

for command in $commands; do
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

sed -n 's/^\.It Ic \([a-z_]*\)$/\1/p' "$pages/tamis.conf.5" | sort > "$scratch/page"
diff "$scratch/settings" "$scratch/page" > "$scratch/diff"
status=$?
sed 's/^/# /' "$scratch/diff"
report $status "tamis.conf(5) has the settings of the program, and no other"

# --- exit codes

codes_in_help() { "$tamis" "$1" --help | sed -n '/^Exit status/,$p' | grep -o '\b[0-9]\{1,3\}\b' | sort -u; }
codes_in_page() {
    sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/p' "$pages/tamis-$1.1" | sed -n 's/^\.It //p' |
        grep -o '[0-9]\{1,3\}' | sort -u
}
for command in $commands; do
    codes_in_page "$command" > "$scratch/page"
    codes_in_help "$command" | grep -vxFf "$scratch/page" > "$scratch/missing"
    sed "s/^/# $command: not in the manual page: /" "$scratch/missing"
    [ -s "$scratch/page" ] && [ ! -s "$scratch/missing" ]
    report $? "tamis $command: the manual page has the exit codes that --help has"
done

# A folder of mailboxes that cannot be read, by root neither: each page says which exit code that is.
ln -s loop "$scratch/loop"
all_users_in_page() { # COMMAND CODE
    sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/p' "$pages/tamis-$1.1" | tr '\n' ' ' |
        grep -q "Fl Fl all-users .* $2 where a folder that may hold mailboxes cannot be read"
}
for command in $commands; do
    "$tamis" "$command" --help | options_in_help | grep -qx all-users || continue
    action=
    [ "$command" != senders ] || action=import
    # shellcheck disable=SC2086
    "$tamis" "$command" $action --set log=none --all-users "$scratch/loop/*/Maildir" > "$scratch/output" 2>&1
    got=$?
    [ $got = 75 ] && all_users_in_page "$command" $got
    status=$?
    [ $status = 0 ] || echo "# got $got; $(tail -1 "$scratch/output")"
    report $status "tamis $command --all-users: a folder that cannot be read has an exit code, and the page says so"
done

# What is run here gives the exit code it says, and the page of the command has that code.
mkdir -p "$scratch/Maildir/new" "$scratch/Maildir/cur" "$scratch/Maildir/tmp" "$scratch/empty"
message="$scratch/message"
printf '%s\n' 'From: ann@example.net' 'To: joe@example.org' 'Subject: lunch' 'Message-ID: <1@example.net>' \
    '' 'At noon?' > "$message"
printf 'nonsense\n' > "$scratch/wrong.rules"
printf 'required = much\n' > "$scratch/wrong.conf"
printf '@@\n' > "$scratch/wrong.index"
: > "$scratch/no-directory"
mkdir "$scratch/open" && chmod 777 "$scratch/open"
# No place can be told for that user; and everybody could put another folder in the place of this one.
# shellcheck disable=SC2034
nowhere="--user ../x --state-dir $scratch/%u" others="--state-dir $scratch/open/state"
while read -r want command arguments; do
    case $want in '' | '#'*) continue ;; esac
    # The arguments may hold redirections and the names above.
    (eval "exec \"\$tamis\" $command --set log=none $arguments") > "$scratch/output" 2>&1 < "$message"
    got=$?
    [ "$got" = "$want" ] && codes_in_page "$command" | grep -qx "$want"
    status=$?
    [ $status = 0 ] || echo "# got $got; $(tail -1 "$scratch/output")"
    report $status "tamis $command $arguments: exit code $want, as its page says"
done <<'END'
0   filter
75  filter    --no-such-option
75  filter    > /dev/full
0   deliver
75  deliver   --maildir "$scratch/no-directory"
111 deliver   --qmail --maildir "$scratch/no-directory"
0   classify  --set required=100 --set unsure=100
1   classify  --set required=-100 --set unsure=-100
2   classify  --set required=100 --set unsure=-100
75  classify  "$scratch/nonexistent"
78  classify  $nowhere
0   explain   --set required=100 --set unsure=100
1   explain   --set required=-100 --set unsure=-100
2   explain   --set required=100 --set unsure=-100
75  explain   "$scratch/nonexistent"
78  explain   $nowhere
0   learn     --ham "$message"
64  learn     "$message"
66  learn     --ham "$scratch/nonexistent"
75  learn     --ham "$message" --state-dir "$scratch/no-directory"
77  learn     --ham $others
78  learn     --ham $nowhere
0   moved     INBOX Junk
64  moved     INBOX
75  moved     INBOX Junk --state-dir "$scratch/no-directory"
77  moved     INBOX Junk $others
78  moved     INBOX Junk $nowhere
0   relearn
66  relearn   --maildir "$scratch/nonexistent"
77  relearn   $others
78  relearn   $nowhere
0   expire
66  expire    --maildir "$scratch/nonexistent"
77  expire    $others
78  expire    $nowhere
0   sort
66  sort      --maildir "$scratch/nonexistent"
77  sort      $others
78  sort      $nowhere
0   digest
66  digest    --now --maildir "$scratch/nonexistent"
77  digest    --now $others
78  digest    --now $nowhere
64  evaluate
66  evaluate  "$scratch/empty"
0   rules     check
64  rules     no-such-action
78  rules     check "$scratch/wrong.rules"
0   shared
64  shared    no-such-action
78  shared    setup
0   stats
64  stats     --last eternity
77  stats     $others
78  stats     $nowhere
64  starter   no-such-action
66  starter   show "$scratch/nonexistent"
1   doctor    --maildir "$scratch/nonexistent"
0   relays    --export plain
64  relays    --export nonsense
77  relays    show $others
78  relays    show $nowhere
0   senders   list
64  senders   no-such-action
77  senders   list $others
78  senders   list $nowhere
0   db        check
64  db        no-such-action
66  db        load --state-dir "$scratch/loaded"
77  db        check $others
78  db        check $nowhere
0   config    show
64  config    no-such-action
78  config    check --config "$scratch/wrong.conf"
END

# --- files

# What the commands above and these have left behind is in tamis-store(5).
"$tamis" senders import --quiet > /dev/null 2>&1
"$tamis" sort > /dev/null 2>&1
"$tamis" relearn --quiet > /dev/null 2>&1
documented_files() {
    sed -n 's/^\.It Pa //p' "$pages/tamis-store.5" | sed 's/ Ns Ar [a-z]*/*/' | tr -s ' ,' '\n'
}
ls "$scratch/.local/state/tamis" > "$scratch/files"
documented_files > "$scratch/documented"
while read -r file; do
    while read -r pattern; do
        # shellcheck disable=SC2254
        case $file in $pattern) continue 2 ;; esac
    done < "$scratch/documented"
    echo "# $file"
done < "$scratch/files" > "$scratch/missing"
cat "$scratch/missing"
[ "$(wc -l < "$scratch/files")" -ge 10 ] && [ ! -s "$scratch/missing" ]
report $? "tamis-store(5) has every file of the state directory"

while read -r pattern; do
    name=${pattern%\*}
    grep -rqF -e "\"$name\"" -e "\"%s/${name%.}" -e "\"${name%.lock}\"" "$source_folder/src" || echo "# $pattern"
done < "$scratch/documented" > "$scratch/extra"
cat "$scratch/extra"
[ -s "$scratch/documented" ] && [ ! -s "$scratch/extra" ]
report $? "tamis-store(5) has no file that the program does not know"

# --- examples and references

# tamis-rules(5) has words of its own.
for page in "$pages"/tamis*.[157]; do
    case $page in *tamis-rules.5) ;; *) grep -ho '\bIc [a-z][a-z_]*' "$page" ;; esac
done | sed 's/^Ic //' | sort -u | grep -vxFf "$scratch/settings" | grep -vx -e score -e dns_list > "$scratch/extra"
sed 's/^/# no such setting: /' "$scratch/extra"
[ ! -s "$scratch/extra" ]; report $? "whatever a page calls a setting is one"

# The guides have theirs in lines of their own, and between ` and `.
commands_shown() {
    {
        sed -n 's/^\.Dl //p' "$pages"/tamis*.[157]
        cat "$pages"/from-*.md | sed -n 's/^       //p'
        cat "$pages"/from-*.md | grep -o '`tamis [^`]*`' | tr -d '`'
    } | grep -o 'tamis [a-z][a-z]* [^|;<>]*\|tamis [a-z][a-z]*$'
}
commands_shown > "$scratch/shown"
while read -r name command rest; do
    "$tamis" "$command" --help > "$scratch/help" 2>&1 || { echo "# tamis $command"; continue; }
    for word in $rest; do
        case $word in --*) grep -q -e " $word " "$scratch/help" || echo "# tamis $command $word" ;; esac
    done
done < "$scratch/shown" > "$scratch/extra"
cat "$scratch/extra"
[ "$(wc -l < "$scratch/shown")" -ge 30 ] && [ ! -s "$scratch/extra" ]
report $? "the commands in examples, and their options, are the program's"

grep -ho 'Xr tamis[a-z.-]* [0-9]' "$pages"/tamis*.[157] | sort -u | while read -r _ page section; do
    [ -e "$pages/$page.$section" ] || echo "# $page($section)"
done > "$scratch/extra"
cat "$scratch/extra"
[ ! -s "$scratch/extra" ]; report $? "pages that are named are there"

if command -v perl > /dev/null; then
    "$pages/embed-examples" "$pages/tamis-integration.7"
    report $? "tamis-integration(7) shows the examples as they are"
else
    report 0 "tamis-integration(7) shows the examples as they are # SKIP perl is not installed"
fi
cd "$source_folder/examples" || exit 99
find . -type f ! -path './mail/*' ! -path './lists/*' ! -name sample-run | sed 's|^\./||' > "$scratch/examples"
while read -r example; do
    grep -q "^\.\\\\\" example: $example\$" "$pages/tamis-integration.7" || echo "# $example"
done < "$scratch/examples" > "$scratch/missing"
cat "$scratch/missing"
[ -s "$scratch/examples" ] && [ ! -s "$scratch/missing" ]
report $? "tamis-integration(7) shows every example"

if command -v mandoc >/dev/null; then
    for page in "$pages"/*.[1-8]; do
        mandoc -Tlint -Wwarning "$page" > "$scratch/lint"
        status=$?
        sed 's/^/# /' "$scratch/lint"
        report $status "$(basename "$page") is clean mdoc"
    done
else
    report 0 "pages are clean mdoc # SKIP mandoc is not installed"
fi
echo "1..$number"
