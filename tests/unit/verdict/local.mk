# tests/unit/verdict/local.mk - unit tests of src/verdict
UNIT_TESTS += tests/unit/verdict/test-verdict
tests_unit_verdict_test_verdict_SOURCES = tests/unit/verdict/test-verdict.c tests/unit/unit.h
tests_unit_verdict_test_verdict_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_verdict_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-judgement
tests_unit_verdict_test_judgement_SOURCES = tests/unit/verdict/test-judgement.c tests/unit/unit.h
tests_unit_verdict_test_judgement_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_judgement_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-header-fields
tests_unit_verdict_test_header_fields_SOURCES = tests/unit/verdict/test-header-fields.c tests/unit/unit.h
tests_unit_verdict_test_header_fields_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_header_fields_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-report
tests_unit_verdict_test_report_SOURCES = tests/unit/verdict/test-report.c tests/unit/unit.h
tests_unit_verdict_test_report_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_report_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-explanation
tests_unit_verdict_test_explanation_SOURCES = tests/unit/verdict/test-explanation.c tests/unit/unit.h
tests_unit_verdict_test_explanation_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_explanation_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-page
tests_unit_verdict_test_page_SOURCES = tests/unit/verdict/test-page.c tests/unit/unit.h
tests_unit_verdict_test_page_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_page_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-uncovered
tests_unit_verdict_test_uncovered_SOURCES = tests/unit/verdict/test-uncovered.c tests/unit/unit.h
tests_unit_verdict_test_uncovered_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_uncovered_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-explanation-page
tests_unit_verdict_test_explanation_page_SOURCES = tests/unit/verdict/test-explanation-page.c tests/unit/unit.h
tests_unit_verdict_test_explanation_page_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_explanation_page_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/verdict/test-terminal
tests_unit_verdict_test_terminal_SOURCES = tests/unit/verdict/test-terminal.c tests/unit/unit.h
tests_unit_verdict_test_terminal_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_verdict_test_terminal_LDADD = $(UNIT_LIBS)
