# tests/unit/outside/local.mk - unit tests of src/outside
UNIT_TESTS += tests/unit/outside/test-questions
tests_unit_outside_test_questions_SOURCES = tests/unit/outside/test-questions.c tests/unit/unit.h
tests_unit_outside_test_questions_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_outside_test_questions_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/outside/test-answer
tests_unit_outside_test_answer_SOURCES = tests/unit/outside/test-answer.c tests/unit/unit.h
tests_unit_outside_test_answer_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_outside_test_answer_LDADD = $(UNIT_LIBS)
