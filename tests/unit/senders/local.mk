# tests/unit/senders/local.mk - unit tests of src/senders
UNIT_TESTS += \
	tests/unit/senders/test-correspondents \
	tests/unit/senders/test-dated-list \
	tests/unit/senders/test-entry \
	tests/unit/senders/test-list-file \
	tests/unit/senders/test-relay-policy \
	tests/unit/senders/test-ruling
EXTRA_DIST += tests/unit/senders/scratch.h
