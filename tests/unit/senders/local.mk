# tests/unit/senders/local.mk - unit tests of src/senders
UNIT_TESTS += tests/unit/senders/test-correspondents
tests_unit_senders_test_correspondents_SOURCES = tests/unit/senders/test-correspondents.c tests/unit/unit.h tests/unit/senders/scratch.h
tests_unit_senders_test_correspondents_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_senders_test_correspondents_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/senders/test-dated-list
tests_unit_senders_test_dated_list_SOURCES = tests/unit/senders/test-dated-list.c tests/unit/unit.h tests/unit/senders/scratch.h
tests_unit_senders_test_dated_list_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_senders_test_dated_list_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/senders/test-entry
tests_unit_senders_test_entry_SOURCES = tests/unit/senders/test-entry.c tests/unit/unit.h
tests_unit_senders_test_entry_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_senders_test_entry_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/senders/test-list-file
tests_unit_senders_test_list_file_SOURCES = tests/unit/senders/test-list-file.c tests/unit/unit.h tests/unit/senders/scratch.h
tests_unit_senders_test_list_file_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_senders_test_list_file_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/senders/test-ruling
tests_unit_senders_test_ruling_SOURCES = tests/unit/senders/test-ruling.c tests/unit/unit.h tests/unit/senders/scratch.h
tests_unit_senders_test_ruling_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_senders_test_ruling_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/senders/test-relay-policy
tests_unit_senders_test_relay_policy_SOURCES = tests/unit/senders/test-relay-policy.c tests/unit/unit.h
tests_unit_senders_test_relay_policy_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_senders_test_relay_policy_LDADD = $(UNIT_LIBS)
