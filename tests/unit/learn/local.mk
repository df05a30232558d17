# tests/unit/learn/local.mk - unit tests of src/learn
UNIT_TESTS += tests/unit/learn/test-canonical
tests_unit_learn_test_canonical_SOURCES = tests/unit/learn/test-canonical.c tests/unit/learn/message-fixture.h tests/unit/unit.h
tests_unit_learn_test_canonical_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_learn_test_canonical_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/learn/test-features
tests_unit_learn_test_features_SOURCES = tests/unit/learn/test-features.c tests/unit/learn/message-fixture.h tests/unit/unit.h
tests_unit_learn_test_features_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_learn_test_features_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/learn/test-learn
tests_unit_learn_test_learn_SOURCES = tests/unit/learn/test-learn.c tests/unit/learn/message-fixture.h tests/unit/unit.h
tests_unit_learn_test_learn_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_learn_test_learn_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/learn/test-measure
tests_unit_learn_test_measure_SOURCES = tests/unit/learn/test-measure.c tests/unit/unit.h
tests_unit_learn_test_measure_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_learn_test_measure_LDADD = $(UNIT_LIBS)
