# tests/unit/verdict/local.mk - unit tests of src/verdict
UNIT_TESTS += \
	tests/unit/verdict/test-explanation \
	tests/unit/verdict/test-explanation-page \
	tests/unit/verdict/test-header-fields \
	tests/unit/verdict/test-judgement \
	tests/unit/verdict/test-padding \
	tests/unit/verdict/test-page \
	tests/unit/verdict/test-report \
	tests/unit/verdict/test-terminal \
	tests/unit/verdict/test-uncovered \
	tests/unit/verdict/test-verdict
