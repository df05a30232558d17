#!/bin/sh
# check-packages.t - quickstart and the Debian package ask for the same libraries
set -u
cd "${TAMIS_SOURCE:-$(dirname "$0")/../..}" || exit 99
# Tools that every Debian build has by debhelper are not named there.
by_quickstart=$(sed -n '/^build_packages=/,/"$/p' quickstart | tr -d '"' | sed 's/^build_packages=//' |
    tr -s ' ' '\n' | grep -e '-dev$' | sort)
by_package=$(sed -n '/^Build-Depends:/,/^[A-Z][a-z]*-/p' debian/control | grep -v nocheck |
    grep -o '[a-z0-9.-]*-dev' | sort)
echo 1..1
if [ -n "$by_quickstart" ] && [ "$by_quickstart" = "$by_package" ]; then
    echo "ok 1 - debian/control and quickstart name the same -dev packages"
else
    printf '%s\n' "$by_quickstart" "-- debian/control:" "$by_package" | sed 's/^/# /'
    echo "not ok 1 - debian/control and quickstart name the same -dev packages"
fi
