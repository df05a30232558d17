# tests/unit/util/local.mk - unit tests of src/util
UNIT_TESTS += tests/unit/util/test-arena
tests_unit_util_test_arena_SOURCES = tests/unit/util/test-arena.c tests/unit/unit.h
tests_unit_util_test_arena_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_arena_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-child
tests_unit_util_test_child_SOURCES = tests/unit/util/test-child.c tests/unit/unit.h
tests_unit_util_test_child_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_child_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-file
tests_unit_util_test_file_SOURCES = tests/unit/util/test-file.c tests/unit/unit.h
tests_unit_util_test_file_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_file_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=writev,--wrap=fsync,--wrap=rename
tests_unit_util_test_file_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-utf8
tests_unit_util_test_utf8_SOURCES = tests/unit/util/test-utf8.c tests/unit/unit.h
tests_unit_util_test_utf8_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_utf8_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-fold
tests_unit_util_test_fold_SOURCES = tests/unit/util/test-fold.c tests/unit/unit.h
tests_unit_util_test_fold_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_fold_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-network
tests_unit_util_test_network_SOURCES = tests/unit/util/test-network.c tests/unit/unit.h
tests_unit_util_test_network_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_network_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-nearest
tests_unit_util_test_nearest_SOURCES = tests/unit/util/test-nearest.c tests/unit/unit.h
tests_unit_util_test_nearest_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_nearest_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-sum
tests_unit_util_test_sum_SOURCES = tests/unit/util/test-sum.c tests/unit/unit.h
tests_unit_util_test_sum_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_sum_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-complaints
tests_unit_util_test_complaints_SOURCES = tests/unit/util/test-complaints.c tests/unit/unit.h
tests_unit_util_test_complaints_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_complaints_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-sandbox
tests_unit_util_test_sandbox_SOURCES = tests/unit/util/test-sandbox.c tests/old-kernel.h tests/unit/unit.h
tests_unit_util_test_sandbox_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit -I$(top_srcdir)/tests
tests_unit_util_test_sandbox_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-log
tests_unit_util_test_log_SOURCES = tests/unit/util/test-log.c tests/unit/unit.h
tests_unit_util_test_log_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_log_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/util/test-translate
tests_unit_util_test_translate_SOURCES = tests/unit/util/test-translate.c tests/unit/unit.h
tests_unit_util_test_translate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_util_test_translate_LDADD = $(UNIT_LIBS)
