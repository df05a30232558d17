# tests/complexity/local.mk - ten times the input costs ten times the instructions
check_PROGRAMS += tests/complexity/grow
tests_complexity_grow_SOURCES = tests/complexity/grow.c tests/complexity/families.c tests/complexity/families.h
tests_complexity_grow_LDADD = libtamis.a $(DEPENDENCY_LIBS)

COMPLEXITY_TESTS = tests/complexity/grow.t
TESTS += $(COMPLEXITY_TESTS)
LONG_TESTS += $(COMPLEXITY_TESTS)
EXTRA_DIST += $(COMPLEXITY_TESTS)
