# tests/unit/learn/local.mk - unit tests of src/learn
UNIT_TESTS += \
	tests/unit/learn/test-calibration \
	tests/unit/learn/test-canonical \
	tests/unit/learn/test-confirm \
	tests/unit/learn/test-features \
	tests/unit/learn/test-feedback \
	tests/unit/learn/test-import \
	tests/unit/learn/test-learn \
	tests/unit/learn/test-measure \
	tests/unit/learn/test-starter
EXTRA_DIST += tests/unit/learn/message-fixture.h
