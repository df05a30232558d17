#!/bin/sh
# autogen.sh - makes ./configure out of configure.ac in a fresh checkout
set -eu
cd "$(dirname "$0")"
mkdir -p build-aux m4
# AM_ICONV wants this script of gettext's beside the others.
cp /usr/share/gettext/config.rpath build-aux/
autoreconf --force --install
