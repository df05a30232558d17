# tests/unit/commands/local.mk - unit tests of src/commands
UNIT_TESTS += tests/unit/commands/test-sent-header
tests_unit_commands_test_sent_header_SOURCES = tests/unit/commands/test-sent-header.c tests/unit/unit.h
tests_unit_commands_test_sent_header_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_commands_test_sent_header_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/commands/test-relays-gather
tests_unit_commands_test_relays_gather_SOURCES = tests/unit/commands/test-relays-gather.c tests/unit/unit.h
tests_unit_commands_test_relays_gather_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_commands_test_relays_gather_LDADD = $(UNIT_LIBS)
