# tests/unit/rules/local.mk - unit tests of src/rules
UNIT_TESTS += \
	tests/unit/rules/test-anchors \
	tests/unit/rules/test-automaton \
	tests/unit/rules/test-bad-hosts \
	tests/unit/rules/test-check-correspondents \
	tests/unit/rules/test-check-history \
	tests/unit/rules/test-check-text \
	tests/unit/rules/test-checks \
	tests/unit/rules/test-evaluate \
	tests/unit/rules/test-files \
	tests/unit/rules/test-hits \
	tests/unit/rules/test-hosts \
	tests/unit/rules/test-password \
	tests/unit/rules/test-pattern \
	tests/unit/rules/test-rule-cache \
	tests/unit/rules/test-rule-file \
	tests/unit/rules/test-rule-match \
	tests/unit/rules/test-shape \
	tests/unit/rules/test-sightings \
	tests/unit/rules/test-words \
	tests/unit/rules/test-worth
