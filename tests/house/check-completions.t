#!/bin/bash
# check-completions.t - bash and zsh complete every command, option and setting that the program has
[ -n "${BASH_VERSION:-}" ] || exec bash "$0"
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
tamis=${TAMIS:?path of the built program}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" TAMIS_RULES_DIR="$source_folder/data/rules" LC_ALL=C
mkdir -p "$scratch/bin" "$scratch"/Maildir/{cur,new,tmp,.Junk/cur,.Junk/new,.Junk/tmp}
ln -s "$tamis" "$scratch/bin/tamis"
PATH=$scratch/bin:$PATH
cd "$scratch" || exit 99

. "$source_folder/tests/house/tap.sh"
differs() { # GOT WANT: complains about what is in one of them only
    comm -3 <(sort -u <<<"$1") <(sort -u <<<"$2") | sed 's/^\t/# not completed: /; t; s/^/# completed, and not there: /'
}
all_of() { # GOT WANT NAME
    local found
    found=$(differs "$1" "$2")
    [ -z "$found" ] || echo "$found"
    [ -z "$found" ] && [ -n "$2" ]
    report $? "$3"
}

commands=$(tamis --help | sed -n 's/^  \([a-z]\{2,\}\)  .*/\1/p')
settings=$(tamis config show | sed 's/ = .*/=/')
# As the source has them, not as the completions find them.
options_of() { tamis "$1" --help | awk '/^  (-.,|   ) --[a-z]/ { print $1 ~ /^--/ ? $1 : $2 }'; }

# --- bash
# shellcheck source=/dev/null
. "$source_folder/data/completions/tamis"
compopt() { :; } # works only while readline is completing
complete_in_bash() { # WORD... - the last is completed; gives the candidates
    COMP_WORDS=(tamis "$@")
    COMP_CWORD=$#
    _tamis tamis "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\n' "${COMPREPLY[@]}"
}
all_of "$(complete_in_bash '')" "$commands"$'\n--help\n--version' "bash: every command"
for command in $commands; do
    all_of "$(complete_in_bash "$command" --)" "$(options_of "$command")" "bash: every option of $command"
done
all_of "$(complete_in_bash filter --set '' | sed 's/\\//g')" "$settings" "bash: every setting"
all_of "$(complete_in_bash filter --set = head)" "headers=" "bash: --set=NAME"
all_of "$(complete_in_bash sort --folder '')" $'INBOX\nJunk' "bash: the folders"
actions_of() { sed -n 's/^\.It Cm \([a-z]*\).*/\1/p' "$source_folder/doc/tamis-$1.1"; }
all_of "$(complete_in_bash db '')" "$(actions_of db)" "bash: actions"
all_of "$(complete_in_bash senders '')" "$(actions_of senders)" "bash: actions that may be left out"
touch "$scratch/some-message"
all_of "$(complete_in_bash explain some)" "some-message" "bash: files"

# --- zsh, at a terminal of its own
complete_in_zsh() { # LINE: what zsh lists for it
    zsh -f -c '
        zmodload zsh/zpty
        zpty terminal "stty cols 500 rows 900 -echo; exec zsh -f -i"
        zpty -w terminal "PS1= LISTMAX=10000; fpath=($1 \$fpath)"
        zpty -w terminal "autoload -U compinit; compinit -u -D; print ready-\$((40+2))"
        zpty -r terminal text "*ready-42*"
        zpty -w terminal "zle_highlight=(none); bindkey \"^I\" list-choices"
        zpty -w terminal "function _asked_end { print -r -- ; print -r -- listed-all }"
        zpty -w terminal "zle -N _asked_end; bindkey \"^X\" _asked_end; print ready-\$((40+3))"
        zpty -r terminal text "*ready-43*"
        zpty -n -w terminal "$2"$'"'\\t\\x18'"'
        zpty -r terminal text "*listed-all*"
        print -r -- $text
        zpty -d terminal' zsh "$source_folder/data/completions" "$1" | tr -d '\r' | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g'
}
if command -v zsh >/dev/null; then
    all_of "$(complete_in_zsh 'tamis ' | sed -n 's/^\([a-z][a-z]*\)  *-- .*/\1/p')" "$commands" "zsh: every command"
    for command in $commands; do
        all_of "$(complete_in_zsh "tamis $command --" | grep -o -e '--[a-z][a-z-]*  ' | tr -d ' ')" \
            "$(options_of "$command")" "zsh: every option of $command"
    done
    settings_listed=$(complete_in_zsh 'tamis filter --set ' | sed 1d | tr ' ' '\n' |
        grep -x '[a-z_]\{3,\}' | grep -vx 't*tamis')
    all_of "$settings_listed" "$(tr -d = <<<"$settings")" "zsh: every setting"
else
    report 0 "zsh # SKIP zsh is not installed"
fi
echo "1..$number"
