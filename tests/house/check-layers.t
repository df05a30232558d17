#!/bin/sh
# check-layers.t - includes point downwards only, and each library is included in one place only
#
# The layers, bottom first, are in the table below: a folder may include itself and the folders named behind it.  Every
# folder of src/ has its place there.
set -u
cd "${TAMIS_SOURCE:-$(dirname "$0")/../..}" || exit 99

allowed() {
    case $1 in
    util)     echo "util" ;;
    mail)     echo "mail util" ;;
    store)    echo "store util" ;;
    rules)    echo "rules mail store util" ;;
    learn)    echo "learn mail store util" ;;
    senders)  echo "senders mail store util" ;;
    verdict)  echo "verdict rules learn senders mail store util" ;;
    outside)  echo "outside rules mail store util" ;;
    mailbox)  echo "mailbox mail util" ;;
    config)   echo "config verdict outside rules learn senders mailbox store util" ;;
    commands) echo "commands config verdict outside rules learn senders mailbox mail store util" ;;
    esac
}

# library header (a pattern) -> the one place it may stand in
libraries='gmime/|src/mail/mime.c
glib\.h|src/util/sha1.c
tcutil\.h|tchdb\.h|tcfdb\.h|tcadb\.h|src/store/engine-tokyocabinet.c
hiredis/|src/store/redis-link.h
openssl/|src/store/redis-tls.c
pcre2\.h|src/rules/pattern.c
ares\.h|src/outside/dns-query.c
ini\.h|src/config/settings-file.c
zlib\.h|src/store/packing.c
idn2\.h|src/mail/url-host.c
libpsl\.h|src/mail/url-host.c
uninorm\.h|unicase\.h|src/util/fold.c
unictype\.h|src/util/letter.c
uniwidth\.h|src/util/columns.c
iconv\.h|src/mail/decode.c
xxhash\.h|src/util/hash.h'

. tests/house/tap.sh

for folder in $(cd src && find . -mindepth 1 -type d ! -name '.*' | sed 's|^\./||' | sort); do
    bad=$([ -n "$(allowed "$folder")" ] || echo "src/$folder is no layer"
    for file in src/"$folder"/*.[ch]; do
        sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file" | while read -r header; do
            case $header in
            config.h) continue ;;
            */*) ;;
            *) echo "$file: \"$header\" without its folder" ; continue ;;
            esac
            case " $(allowed "$folder") " in *" ${header%%/*} "*) ;; *) echo "$file includes $header" ;; esac
        done
    done)
    [ -z "$bad" ] || echo "$bad" | sed 's/^/# /'
    [ -z "$bad" ]; report $? "src/$folder includes only what lies below it"
done

while IFS= read -r line; do
    place=${line##*|}
    pattern=${line%|*}
    found=$(grep -rlE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<($pattern)" src --include='*.[ch]')
    [ "$found" = "$place" ] || echo "$found" | sed 's/^/# /'
    [ "$found" = "$place" ]; report $? "$pattern is included in $place only"
done <<END
$libraries
END

echo "1..$number"
