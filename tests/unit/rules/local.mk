# tests/unit/rules/local.mk - unit tests of src/rules
UNIT_TESTS += tests/unit/rules/test-hosts
tests_unit_rules_test_hosts_SOURCES = tests/unit/rules/test-hosts.c tests/unit/unit.h
tests_unit_rules_test_hosts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_hosts_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-words
tests_unit_rules_test_words_SOURCES = tests/unit/rules/test-words.c tests/unit/unit.h
tests_unit_rules_test_words_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_words_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-files
tests_unit_rules_test_files_SOURCES = tests/unit/rules/test-files.c tests/unit/unit.h
tests_unit_rules_test_files_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_files_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-checks
tests_unit_rules_test_checks_SOURCES = tests/unit/rules/test-checks.c tests/unit/unit.h
tests_unit_rules_test_checks_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_checks_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-evaluate
tests_unit_rules_test_evaluate_SOURCES = tests/unit/rules/test-evaluate.c tests/unit/unit.h
tests_unit_rules_test_evaluate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_evaluate_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-password
tests_unit_rules_test_password_SOURCES = tests/unit/rules/test-password.c tests/unit/unit.h
tests_unit_rules_test_password_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_password_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-shape
tests_unit_rules_test_shape_SOURCES = tests/unit/rules/test-shape.c tests/unit/unit.h
tests_unit_rules_test_shape_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_shape_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-bad-hosts
tests_unit_rules_test_bad_hosts_SOURCES = tests/unit/rules/test-bad-hosts.c tests/unit/unit.h
tests_unit_rules_test_bad_hosts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_bad_hosts_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-check-text
tests_unit_rules_test_check_text_SOURCES = tests/unit/rules/test-check-text.c tests/unit/unit.h
tests_unit_rules_test_check_text_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_check_text_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-worth
tests_unit_rules_test_worth_SOURCES = tests/unit/rules/test-worth.c tests/unit/unit.h
tests_unit_rules_test_worth_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_worth_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-anchors
tests_unit_rules_test_anchors_SOURCES = tests/unit/rules/test-anchors.c tests/unit/unit.h
tests_unit_rules_test_anchors_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_anchors_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-automaton
tests_unit_rules_test_automaton_SOURCES = tests/unit/rules/test-automaton.c tests/unit/unit.h
tests_unit_rules_test_automaton_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_automaton_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-pattern
tests_unit_rules_test_pattern_SOURCES = tests/unit/rules/test-pattern.c tests/unit/unit.h
tests_unit_rules_test_pattern_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_pattern_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-rule-file
tests_unit_rules_test_rule_file_SOURCES = tests/unit/rules/test-rule-file.c tests/unit/unit.h
tests_unit_rules_test_rule_file_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_rule_file_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-rule-match
tests_unit_rules_test_rule_match_SOURCES = tests/unit/rules/test-rule-match.c tests/unit/unit.h
tests_unit_rules_test_rule_match_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_rule_match_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-rule-cache
tests_unit_rules_test_rule_cache_SOURCES = tests/unit/rules/test-rule-cache.c tests/unit/unit.h
tests_unit_rules_test_rule_cache_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_rule_cache_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-check-correspondents
tests_unit_rules_test_check_correspondents_SOURCES = tests/unit/rules/test-check-correspondents.c tests/unit/unit.h
tests_unit_rules_test_check_correspondents_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_check_correspondents_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-check-history
tests_unit_rules_test_check_history_SOURCES = tests/unit/rules/test-check-history.c tests/unit/unit.h
tests_unit_rules_test_check_history_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_check_history_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/rules/test-sightings
tests_unit_rules_test_sightings_SOURCES = tests/unit/rules/test-sightings.c tests/unit/unit.h
tests_unit_rules_test_sightings_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_rules_test_sightings_LDADD = $(UNIT_LIBS)
