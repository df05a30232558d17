# tests/unit/store/local.mk - unit tests of src/store
UNIT_TESTS += \
	tests/unit/store/test-companion \
	tests/unit/store/test-crash \
	tests/unit/store/test-daybook \
	tests/unit/store/test-engine \
	tests/unit/store/test-history \
	tests/unit/store/test-history-place \
	tests/unit/store/test-imported \
	tests/unit/store/test-journal \
	tests/unit/store/test-packing \
	tests/unit/store/test-record \
	tests/unit/store/test-redis \
	tests/unit/store/test-relay-book \
	tests/unit/store/test-slot-file \
	tests/unit/store/test-store \
	tests/unit/store/test-text
EXTRA_DIST += tests/unit/store/scratch.h tests/unit/store/redis-server.h tests/unit/store/history-lessons.h
