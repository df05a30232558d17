# tests/unit/outside/local.mk - unit tests of src/outside
UNIT_TESTS += tests/unit/outside/test-questions
tests_unit_outside_test_questions_SOURCES = tests/unit/outside/test-questions.c tests/unit/unit.h
tests_unit_outside_test_questions_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_outside_test_questions_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/outside/test-answer
tests_unit_outside_test_answer_SOURCES = tests/unit/outside/test-answer.c tests/unit/unit.h
tests_unit_outside_test_answer_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_outside_test_answer_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/outside/test-dns-answers
tests_unit_outside_test_dns_answers_SOURCES = tests/unit/outside/test-dns-answers.c tests/unit/unit.h
tests_unit_outside_test_dns_answers_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_outside_test_dns_answers_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/outside/test-dns-cache
tests_unit_outside_test_dns_cache_SOURCES = tests/unit/outside/test-dns-cache.c tests/unit/unit.h
tests_unit_outside_test_dns_cache_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_outside_test_dns_cache_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/outside/test-words
tests_unit_outside_test_words_SOURCES = tests/unit/outside/test-words.c tests/unit/unit.h
tests_unit_outside_test_words_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_outside_test_words_LDADD = $(UNIT_LIBS)
