# tests/unit/util/local.mk - unit tests of src/util
UNIT_TESTS += tests/unit/util/test-arena
tests_unit_util_test_arena_SOURCES = tests/unit/util/test-arena.c tests/unit/unit.h
tests_unit_util_test_arena_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_arena_LDADD = $(UNIT_LIBS)
