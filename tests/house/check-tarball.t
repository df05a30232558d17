#!/bin/sh
# check-tarball.t - `make dist` ships every file of the source, so that README holds for who unpacks it as well
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build_folder=${TAMIS_BUILD:?the build folder}
skip_all() {
    echo "1..0 # SKIP $*"
    exit 0
}
command -v git >/dev/null || skip_all "git is not installed"
tracked=$(cd "$source_folder" && git ls-files 2>/dev/null | sort)
[ -n "$tracked" ] || skip_all "this is no checkout"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Not the flags of the make that runs this test: its TESTS and its jobs are not ours.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$build_folder" distdir distdir="$scratch/tamis" \
    >"$scratch/log" 2>&1 || sed 's/^/# /' "$scratch/log"
(cd "$scratch/tamis" && find . -type f | sed 's|^\./||' | sort) >"$scratch/shipped"

# What is of use in a checkout alone.
missing=$(echo "$tracked" | grep -vxFf "$scratch/shipped" | grep -v -e '\.gitignore$' -e '^\.ci/')
echo 1..2
if [ -s "$scratch/shipped" ] && [ -z "$missing" ]; then
    echo "ok 1 - every file is shipped"
else
    echo "$missing" | sed 's/^/# not shipped: /'
    echo "not ok 1 - every file is shipped"
fi
not_runnable=$(cd "$source_folder" && git ls-files -s | sed -n 's/^100755 [^	]*	//p' | while read -r file; do
    [ -x "$scratch/tamis/$file" ] || case $file in .ci/*) ;; *) echo "$file" ;; esac
done)
if [ -z "$not_runnable" ]; then
    echo "ok 2 - scripts can be run"
else
    echo "$not_runnable" | sed 's/^/# not executable: /'
    echo "not ok 2 - scripts can be run"
fi
