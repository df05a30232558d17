# tests/unit/mailbox/local.mk - unit tests of src/mailbox
UNIT_TESTS += \
	tests/unit/mailbox/test-decision \
	tests/unit/mailbox/test-expiry \
	tests/unit/mailbox/test-fingerprint \
	tests/unit/mailbox/test-folders \
	tests/unit/mailbox/test-left-alone \
	tests/unit/mailbox/test-maildir \
	tests/unit/mailbox/test-maildir-name \
	tests/unit/mailbox/test-moves \
	tests/unit/mailbox/test-other-store \
	tests/unit/mailbox/test-pass-through \
	tests/unit/mailbox/test-sorting \
	tests/unit/mailbox/test-source
tests_unit_mailbox_test_expiry_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=fstatat
tests_unit_mailbox_test_maildir_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=openat,--wrap=writev,--wrap=fsync,--wrap=linkat,--wrap=renameat2,--wrap=readdir
