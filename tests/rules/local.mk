# tests/rules/local.mk - the rules that come with the program, against messages of their own
RULES_TESTS = tests/rules/check-words.t tests/rules/rules-command.t
TESTS += $(RULES_TESTS)
EXTRA_DIST += $(RULES_TESTS) tests/rules/words.cases
