# tests/package/local.mk - the Debian package
#
# Builds the whole program twice (a minute), so it is part of `make check-long` alone.
LONG_TESTS += tests/package/package.t
EXTRA_DIST += tests/package/package.t tests/package/in-chroot
