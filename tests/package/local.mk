# tests/package/local.mk - the Debian package
#
# Builds the whole program twice (a minute), so it is not part of `make check`.
EXTRA_DIST += tests/package/package.t tests/package/in-chroot
check-package:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/package/package.t check_PROGRAMS=
.PHONY: check-package
