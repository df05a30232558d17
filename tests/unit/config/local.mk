# tests/unit/config/local.mk - unit tests of src/config
UNIT_TESTS += \
	tests/unit/config/test-config \
	tests/unit/config/test-example \
	tests/unit/config/test-option-table \
	tests/unit/config/test-places
EXTRA_DIST += tests/unit/config/fake-rules.h
