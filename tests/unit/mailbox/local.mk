# tests/unit/mailbox/local.mk - unit tests of src/mailbox
UNIT_TESTS += tests/unit/mailbox/test-pass-through
tests_unit_mailbox_test_pass_through_SOURCES = tests/unit/mailbox/test-pass-through.c tests/unit/unit.h
tests_unit_mailbox_test_pass_through_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_pass_through_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-maildir
tests_unit_mailbox_test_maildir_SOURCES = tests/unit/mailbox/test-maildir.c tests/unit/unit.h
tests_unit_mailbox_test_maildir_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_maildir_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=openat,--wrap=writev,--wrap=fsync,--wrap=linkat,--wrap=renameat2
tests_unit_mailbox_test_maildir_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-source
tests_unit_mailbox_test_source_SOURCES = tests/unit/mailbox/test-source.c tests/unit/unit.h
tests_unit_mailbox_test_source_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_source_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-expiry
tests_unit_mailbox_test_expiry_SOURCES = tests/unit/mailbox/test-expiry.c tests/unit/unit.h
tests_unit_mailbox_test_expiry_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_expiry_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-decision
tests_unit_mailbox_test_decision_SOURCES = tests/unit/mailbox/test-decision.c tests/unit/unit.h
tests_unit_mailbox_test_decision_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_decision_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-fingerprint
tests_unit_mailbox_test_fingerprint_SOURCES = tests/unit/mailbox/test-fingerprint.c tests/unit/unit.h
tests_unit_mailbox_test_fingerprint_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_fingerprint_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-folders
tests_unit_mailbox_test_folders_SOURCES = tests/unit/mailbox/test-folders.c tests/unit/unit.h
tests_unit_mailbox_test_folders_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_folders_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-moves
tests_unit_mailbox_test_moves_SOURCES = tests/unit/mailbox/test-moves.c tests/unit/unit.h
tests_unit_mailbox_test_moves_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_moves_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/mailbox/test-sorting
tests_unit_mailbox_test_sorting_SOURCES = tests/unit/mailbox/test-sorting.c tests/unit/unit.h
tests_unit_mailbox_test_sorting_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_sorting_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/mailbox/test-left-alone
tests_unit_mailbox_test_left_alone_SOURCES = tests/unit/mailbox/test-left-alone.c tests/unit/unit.h
tests_unit_mailbox_test_left_alone_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_left_alone_LDADD = $(UNIT_LIBS)
