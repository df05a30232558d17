#!/bin/sh
# explain-terminal.t - `tamis explain` in a terminal and in a pipe: colour where it is wanted, and never wider than the
# window
. "$(dirname "$0")/lib.sh"

need python3
plan 18

escape=$(printf '\033')
unset NO_COLOR COLUMNS
TERM=xterm
export TERM

new_home
use_program sound
python3 "$TAMIS_SOURCE/tests/delivery/explain-page.py" messages "$scratch" || exit 99

# What it writes into a terminal of so many columns.
in_terminal() { # in_terminal COLUMNS COMMAND...
    python3 -c '
import fcntl, os, pty, struct, sys, termios
process, terminal = pty.fork()
if process == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
try:
    while True:
        piece = os.read(terminal, 65536)
        if not piece:
            break
        sys.stdout.buffer.write(piece)
except OSError:
    pass
os.waitpid(process, 0)
' "$@"
}

coloured() { grep -q "$escape\[31m" "$scratch/out" || complain "no colour"; }
colourless() { if grep -q "$escape" "$scratch/out"; then complain "an escape"; fi; }
for_people() { grep -q 'Text, as its reader sees it' "$scratch/out" || complain "not the form for people"; }
within() { # within COLUMNS: no line is wider; all of it is ASCII here
    sed "s/$escape\[[0-9]*m//g" "$scratch/out" | tr -d '\r' |
        awk -v most="$1" 'length > most { print "# " length ": " $0; bad = 1 } END { exit bad }'
}
explain_to_pipe() { "$program" explain "$@" "$scratch/spam" >"$scratch/out" 2>"$scratch/stderr"; }

explain_to_pipe
check "in a pipe there is no escape" colourless
check "and each reason takes one line" grep \
    -q '^ *[0-9.]*  LINK_TO_STRANGER  *a link says www.first-national.example but goes to 203.0.113.80$' "$scratch/out"
explain_to_pipe --color=always
check "--color=always: colour in a pipe" coloured
explain_to_pipe --color=never
check "--color=never: none" colourless
another_word() {
    "$program" explain --color=sometimes "$scratch/spam" >/dev/null 2>"$scratch/err"
    same $? 64 && grep -q 'auto, always or never' "$scratch/err"
}
check "another word for --color is refused" another_word

{
    printf 'From: a@example.org\nSubject: b\nContent-Type: text/html\n\n<p style="display:none">On its way'
    for _ in $(seq 20); do printf '&#847;&zwnj;&nbsp; '; done
    printf '</p><p>Your order</p>\n'
} >"$scratch/padded"
counts_padding() { # counts_padding OPTION...
    "$program" explain "$@" "$scratch/padded" >"$scratch/out"
    grep -q 'On its way[^0-9a-z]*\[40 invisible characters\]' "$scratch/out" &&
        if grep -q 'u{200C}\|U+200C' "$scratch/out"; then complain "they are shown, too"; fi
}
check "invisible padding is counted" counts_padding
check "in the form for a terminal, too" counts_padding --color=always
check "and in the page" counts_padding --html

in_terminal 60 "$program" explain "$scratch/spam" >"$scratch/out"
check "in a terminal there is colour" coloured
check "and what is hidden is marked" grep -q 'in the colour of its background' "$scratch/out"
check "no line is wider than the window" within 60
NO_COLOR=1 in_terminal 60 "$program" explain "$scratch/spam" >"$scratch/out"
check "NO_COLOR: none" colourless
check "NO_COLOR: the form for people stays" for_people
COLUMNS=44 in_terminal 100 "$program" explain "$scratch/hostile" >"$scratch/out"
check "COLUMNS is stronger than the window, also for a hostile message" within 44
check "a hostile message brings no escape of its own" \
    sh -c "! sed 's/$escape\[[0-9]*m//g' '$scratch/out' | grep -q '$escape'"

# --- which message it is

named() { # named "NAME..." OPERAND...
    want=$1
    shift
    (cd "$scratch" && "$program" explain "$@" >"$scratch/out" 2>"$scratch/stderr" <"$scratch/spam")
    same "$(grep '^[a-z/]*:$' "$scratch/out" | tr '\n' ' ')" "$want"
}
mkdir "$scratch/folder"
cp "$scratch/spam" "$scratch/folder/a"
cp "$scratch/spam" "$scratch/folder/b"
check "one message has no name above it" eval 'named "" spam && named "" - && named ""'
check "several have" named "spam: folder/a: folder/b: " spam folder
check "in the form for people, too" named "folder/a: folder/b: " --color=always folder
