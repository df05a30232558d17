# tests/unit/mailbox/local.mk - unit tests of src/mailbox
UNIT_TESTS += tests/unit/mailbox/test-pass-through
tests_unit_mailbox_test_pass_through_SOURCES = tests/unit/mailbox/test-pass-through.c tests/unit/unit.h
tests_unit_mailbox_test_pass_through_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mailbox_test_pass_through_LDADD = $(UNIT_LIBS)
