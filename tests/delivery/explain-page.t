#!/bin/sh
# explain-page.t - the page of `tamis explain --html` in a browser: it is ours alone, loads nothing, and shows what
# there is
#
# Every name leads to a server of this test, which notes who asks; a page that does load something proves that it would.
. "$(dirname "$0")/lib.sh"

need python3 chromium
plan 20

helper=$TAMIS_SOURCE/tests/delivery/explain-page.py
asked=$scratch/asked

stop_servers() { [ -z "${server:-}" ] || kill "$server" 2>/dev/null; }
: >"$asked"
python3 "$helper" serve "$scratch/port" "$asked" &
server=$!
wait_until test -s "$scratch/port" || exit 99
port=$(cat "$scratch/port")

# What the browser makes of a page.  It has a home of its own, and reaches nobody but the server above.
browse() { # browse PAGE
    HOME=$scratch/browser timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
        --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-default-apps \
        --disable-extensions \
        --user-data-dir="$scratch/browser" --host-resolver-rules="MAP * 127.0.0.1:$port" --window-size=400,800 \
        --virtual-time-budget=3000 --dump-dom "file://$1" 2>"$scratch/stderr"
}

asked_of() { grep -q "^$1" "$asked"; }
nobody_asked_of() { ! grep "$1" "$asked" | sed 's/^/# asked: /' | grep .; }
shows() { grep -qF "$2" "$scratch/$1.text" || complain "\"$2\" is not shown"; }

# explains MESSAGE: its page, that page in the browser, and the text of it
explains() {
    "$program" explain --html "$scratch/$1" >"$scratch/$1.html" 2>"$scratch/stderr"
    case $? in 0 | 1 | 2) ;; *) return 1 ;; esac
    browse "$scratch/$1.html" >"$scratch/$1.dom" && python3 "$helper" text "$scratch/$1.dom" >"$scratch/$1.text"
}

python3 "$helper" messages "$scratch" || exit 99
new_home
use_program sound

# Would we see it?
echo '<!DOCTYPE html><title>x</title><p id=a>a</p><img src="http://control.example/1">
<script>document.getElementById("a").textContent = "scripts run"</script>' >"$scratch/control.html"
browse "$scratch/control.html" >"$scratch/control.dom"
if ! grep -q '</html>' "$scratch/control.dom"; then
    skip_rest() {
        while [ "$number" -lt "$planned" ]; do skip "a page in the browser" "chromium does not start here"; done
    }
    skip_rest
    exit 0
fi
check "a page that loads something is seen to do so" asked_of control.example
check "a script that runs is seen to do so" grep -q 'scripts run' "$scratch/control.dom"
check "a page that is not ours is told from one that is" \
    sh -c "! python3 '$helper' check '$scratch/control.dom' >/dev/null"

for message in spam ham hostile long; do
    check "$message: it becomes a page that the browser reads" explains "$message"
    check "$message: every element and attribute is ours" python3 "$helper" check "$scratch/$message.dom"
done
check "no page made the browser ask anybody" nobody_asked_of \
    'evil\|track\|first-national\|203.0.113\|example.net\|owned'

check "spam: the verdict is shown" shows spam 'points, where 5.00 are'
check "spam: hidden text is uncovered" shows spam 'in the colour of its background garden compost'
check "spam: what a link says" shows spam 'https://www.first-national.example/secure but does not go there'
check "spam: where it goes" shows spam 'http://203.0.113.80/login'
check "ham: its text is shown" shows ham 'Shall we meet at noon?'
check "hostile: markup is text" shows hostile \
    'shown <script>document.title="owned"</script><img src=http://evil.example/1 onerror=alert(1)>'
check "hostile: what turns the line around is named" shows hostile 'U+202E'
check "long: the page is bounded" sh -c "[ \$(wc -c <'$scratch/long.html') -lt 3145728 ]"
