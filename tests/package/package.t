#!/bin/sh
# package.t - the Debian package: it builds, lintian finds no error, and it holds what `make install` installs
#
# As root and with debootstrap and the network, the package is also installed, upgraded and purged in a Debian of its
# own (in-chroot).  Takes two minutes, so it is part of `make check-long` alone.
set -u
source_folder=${TAMIS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
export LC_ALL=C

number=0
check() { # check NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    if "$@"; then echo "ok $number - $name"; else echo "not ok $number - $name"; fi
}
skip() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}

for tool in dpkg-buildpackage dh autoreconf; do
    command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tamis-package.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' INT TERM HUP

# The files of the source, and nothing that was built among them.
mkdir "$scratch/tamis"
tracked_files() { cd "$source_folder" && git ls-files -z 2>/dev/null | tar cf - --null -T - 2>/dev/null; }
if ! (tracked_files) | tar xf - -C "$scratch/tamis" || [ ! -e "$scratch/tamis/configure.ac" ]; then
    cp -R "$source_folder/." "$scratch/tamis"
fi
cp -R "$scratch/tamis" "$scratch/source"

# What the build needs and is not there; versions are of no interest here.
missing=$(cd "$scratch/tamis" && DEB_BUILD_PROFILES=nocheck dpkg-checkbuilddeps -P nocheck 2>&1)
if [ -n "$missing" ]; then echo "1..0 # SKIP $missing"; exit 0; fi

show_end() { # FILE; not good
    tail -20 "$1" | sed 's/^/# /'
    return 1
}
build_package() {
    (cd "$scratch/tamis" && DEB_BUILD_PROFILES=nocheck DEB_BUILD_OPTIONS="nocheck parallel=2" \
        dpkg-buildpackage -us -uc -b >"$scratch/build.log" 2>&1) || show_end "$scratch/build.log"
}
check "the package builds" build_package
package=$(ls "$scratch"/tamis_*.deb 2>/dev/null)
[ -n "$package" ] || { echo "1..$number"; exit 1; }

no_complaint() {
    lintian --fail-on error,warning "$scratch"/tamis_*.changes >"$scratch/lintian" 2>&1 && return
    sed 's/^/# /' "$scratch/lintian"
    return 1
}
if command -v lintian >/dev/null; then
    check "lintian finds no error and warns of nothing" no_complaint
else
    skip "lintian finds no error and warns of nothing" "lintian is not installed"
fi

# --- the same as `make install` gives

# Paths as they are installed: manuals uncompressed, and without what only a package has.
installed_by_package() {
    dpkg-deb --fsys-tarfile "$package" | tar tf - | grep -v '/$' | sed 's|^\./|/|; /\/man\|\/doc/s|\.gz$||' |
        grep -v -e '/doc/tamis/changelog$' -e '/doc/tamis/copyright$' -e '/share/lintian/' | sort
}
files_below() { (cd "$1" 2>/dev/null && find . -type f | sed 's|^\.||' | sort); }

configure_for_debian() {
    mkdir "$scratch/build"
    ("$scratch/source/autogen.sh" && cd "$scratch/build" && "$scratch/source/configure" -q \
        --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
        --libdir="/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)" \
        --with-system-unit-dir=/lib/systemd/system --with-user-unit-dir=/usr/lib/systemd/user \
        --with-zsh-completion-dir=/usr/share/zsh/vendor-completions && make -s -j2) >"$scratch/make.log" 2>&1 ||
        show_end "$scratch/make.log"
}
make_in_build() { make -s -C "$scratch/build" "$@" >"$scratch/make.log" 2>&1 || show_end "$scratch/make.log"; }

installs_the_same() {
    make_in_build install DESTDIR="$scratch/root" || return
    installed_by_package >"$scratch/by-package"
    files_below "$scratch/root" >"$scratch/by-make"
    [ -s "$scratch/by-make" ] && diff "$scratch/by-package" "$scratch/by-make" >"$scratch/difference" && return
    sed 's/^/# /' "$scratch/difference"
    return 1
}
no_place_left_open() {
    [ -d "$scratch/root/etc" ] && ! grep -rn --exclude-dir=man '@[a-z]*dir@\|/usr/local/\(bin\|share\)/tamis' \
        "$scratch/root/etc" "$scratch/root/lib" "$scratch/root/usr/share" >"$scratch/open" && return
    sed 's/^/# /' "$scratch/open"
    return 1
}
edited_file_stays() {
    echo "required = 6" >>"$scratch/root/etc/tamis/tamis.conf"
    make_in_build install DESTDIR="$scratch/root" && grep -q '^required = 6' "$scratch/root/etc/tamis/tamis.conf"
}
uninstalls_all_but_edited() {
    make_in_build uninstall DESTDIR="$scratch/root" || return
    [ "$(files_below "$scratch/root")" = /etc/tamis/tamis.conf ] && return
    files_below "$scratch/root" | sed 's/^/# left: /'
    return 1
}
check "the source builds with Debian's places" configure_for_debian
check "make install gives the package's files" installs_the_same
check "the files name the places of this installation" no_place_left_open
check "make install leaves an edited tamis.conf alone" edited_file_stays
check "make uninstall removes all but what was edited" uninstalls_all_but_edited

# --- what it says to the system

valid_units() {
    make_in_build install DESTDIR="$scratch/root" || return
    # The program is not in its place here; everything else about the units is checked.
    sed -i 's|ExecStart=\(-*\)/usr/bin/tamis|ExecStart=\1/bin/true|' "$scratch"/root/lib/systemd/system/*.service \
        "$scratch"/root/usr/lib/systemd/user/*.service
    export SYSTEMD_LOG_LEVEL=warning
    systemd-analyze verify --man=no "$scratch"/root/lib/systemd/system/*.* >"$scratch/verify" 2>&1 &&
        XDG_RUNTIME_DIR=$scratch systemd-analyze verify --user --man=no "$scratch"/root/usr/lib/systemd/user/*.* \
            >>"$scratch/verify" 2>&1
    status=$?
    sed "s/^/# /" "$scratch/verify"
    [ "$status" = 0 ] && [ ! -s "$scratch/verify" ]
}
if command -v systemd-analyze >/dev/null; then
    check "systemd understands the units" valid_units
else
    skip "systemd understands the units" "systemd-analyze is not installed"
fi

# --- in a Debian of its own
if [ "${TAMIS_LONG:-}" != yes ]; then
    skip "installed, upgraded and purged in a clean Debian" "make check-long does it"
elif [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
    skip "installed, upgraded and purged in a clean Debian" "needs root and debootstrap"
else
    check "installed, upgraded and purged in a clean Debian" sh "$source_folder/tests/package/in-chroot" "$package"
fi
echo "1..$number"
